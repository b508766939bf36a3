"""What the comments say: one for each finding at its first place, and one that refers to it at its second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaohe.checking import Finding, Mark
from kaohe.checking.judging import range_text
from kaohe.checking.wording import wording
from kaohe.messages import text
from kaohe.reading.documents import Document

# Both places of these are equally doubtful, however near they stand.
_BOTH_PLACES = frozenset({"contradiction", "same-thing-twice"})
_LONGEST_QUOTE = 30
_INNER_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on ``start`` to ``end`` of the text; ``quote`` is what stands there."""

    start: int
    end: int
    lines: tuple[str, ...]
    quote: str = ""


def remarks_of(document: Document, findings: Sequence[Finding]) -> list[Remark]:
    """The comments on the findings that question something, numbered as on the page and in the table."""
    questioned = [finding for finding in findings if finding.verdict != "holds"]
    return [
        remark
        for number, finding in enumerate(questioned, 1)
        for remark in _remarks(document, number, finding)
    ]


def _remarks(document: Document, number: int, finding: Finding) -> Iterator[Remark]:
    severity = wording(f"severity.{finding.severity}", {})
    head = text("comment.head", number=number, severity=severity, message=finding.message)
    if not finding.marks:
        opening = document.paragraphs[0]
        yield Remark(opening.start, opening.end, (head,))
        return
    first, others = finding.marks[0], list(_second_places(document, finding))
    yield _remark(first, (head, *_computed(finding), *_beside(finding)))
    for other in others:
        inner = _quote(first).translate(_INNER_QUOTES)
        referring = text("comment.second", number=number, severity=severity, quote=inner)
        yield _remark(other, (referring, finding.message))


def _remark(mark: Mark, lines: tuple[str, ...]) -> Remark:
    return Remark(mark.start, mark.end, lines, mark.text)


def _second_places(document: Document, finding: Finding) -> Iterator[Mark]:
    """The places that get a comment of their own: all of a contradiction, else the nearest elsewhere."""
    first, *others = finding.marks
    if finding.check in _BOTH_PLACES and finding.severity != "info":
        yield from others
        return
    here = document.paragraph_at(first.start)
    elsewhere = (mark for mark in others if document.paragraph_at(mark.start) != here)
    yield from (mark for mark in [next(elsewhere, None)] if mark is not None)


def _computed(finding: Finding) -> Iterator[str]:
    if finding.computed is None:
        return
    computed = range_text(finding.computed, finding.measure)
    if computed not in finding.message:
        yield text("comment.computed", computed=computed)


def _beside(finding: Finding) -> Iterator[str]:
    """The other figures that the judgement rests on."""
    quotes = [_quote(mark) for mark in finding.marks[1:]]
    if quotes:
        yield text("comment.beside", quotes=" · ".join(quotes))


def _quote(mark: Mark) -> str:
    flat = " ".join(mark.text.split())
    return flat if len(flat) <= _LONGEST_QUOTE else flat[: _LONGEST_QUOTE - 1] + "…"
