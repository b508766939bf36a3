"""Reading a document: text → view → figures → drafts → claims; tables beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kaohe.quantities import find_periods
from kaohe.reading.claims import Claim, Direction, Number, Printed, Role
from kaohe.reading.context import Context, contexts_of, usual_scope
from kaohe.reading.documents import Document
from kaohe.reading.drafts import Draft
from kaohe.reading.figures import figures_of
from kaohe.reading.files import open_document, text_document
from kaohe.reading.formats.extracted import MOST_CHARACTERS
from kaohe.reading.frames import drafts_of
from kaohe.reading.tables import table_claims
from kaohe.reading.view import View, normalised


def read(source: str | Path, year: int | None = None, max_chars: int = MOST_CHARACTERS) -> list[Claim]:
    """The claims of a document: a ``Path`` names a file, a ``str`` is the text, or a path on one line.

    Claims stand in the order of the text; offsets are those of ``open_document(path).text``, or of the text
    given. ``year`` is the year of writing, which gives 今年 and 1—9月 their months; without it they stay
    relative. Raises ``DataError`` on a file that cannot be read and on a text past ``max_chars``.

    >>> claims = read("全镇实现工业产值6.25亿元,增长41%。", year=2005)
    >>> [(claim.text, claim.kind, claim.indicator, claim.relation_to) for claim in claims]
    [('6.25亿元', 'amount', '工业产值', None), ('41%', 'growth', '工业产值', 0)]
    """
    if isinstance(source, Path) or _names_file(source):
        return read_document(open_document(source, max_chars), year)
    return read_document(text_document(source, max_chars=max_chars), year)


def _names_file(source: str) -> bool:
    """A text that is one line and names a file, or ends as a file's name does."""
    if "\n" in source or len(source) > 1000 or "\0" in source:
        return False
    return Path(source).suffix.lower() in _SUFFIXES or Path(source).is_file()


_SUFFIXES = frozenset({".txt", ".docx", ".pdf", ".html", ".htm", ".doc", ".wps", ".rtf"})


def read_text(text: str, year: int | None = None) -> list[Claim]:
    """The claims of a plain text, whatever it looks like; offsets are those of ``text``."""
    return read_document(text_document(text), year) if text.strip() else []


def read_document(document: Document, year: int | None = None) -> list[Claim]:
    """The claims of a document, in the order of its text, boilerplate left out."""
    claims = _prose_claims(document, year)
    if not document.tables:
        return claims
    scope = usual_scope(document.text)
    for table in document.tables:
        claims += table_claims(document, table, len(claims), scope, year)
    return _in_order(claims)


def _prose_claims(document: Document, year: int | None) -> list[Claim]:
    view = normalised(document.text)
    periods = find_periods(view.text, year)
    drafts = drafts_of(view.text, figures_of(view.text, periods))
    kept = [draft for draft in drafts if not _apart(document, view, draft)]
    contexts = contexts_of(document, view, periods, kept)
    ids = {id(draft): number for number, draft in enumerate(kept)}
    return [
        _claim(document.text, view, draft, ids, context)
        for draft, context in zip(kept, contexts, strict=True)
    ]


def _in_order(claims: list[Claim]) -> list[Claim]:
    """Claims by place, ids and links renumbered."""
    ordered = sorted(claims, key=lambda claim: claim.start)
    ids: dict[int | None, int] = {claim.id: number for number, claim in enumerate(ordered)}
    return [
        replace(
            claim, id=ids[claim.id], relation_to=ids.get(claim.relation_to),
            whole=ids.get(claim.whole), part_of=ids.get(claim.part_of),
        )
        for claim in ordered
    ]  # fmt: skip


def _apart(document: Document, view: View, draft: Draft) -> bool:
    quantity = draft.figure.quantity
    start, _ = view.source(quantity.start, quantity.end)
    return document.in_table(start) or document.is_boilerplate(start)


def _claim(text: str, view: View, draft: Draft, ids: Mapping[int, int], context: Context) -> Claim:
    quantity = draft.figure.quantity
    start, end = view.source(quantity.start, quantity.end)
    value, direction = _magnitude(draft)
    role: Role = draft.role or context.role or ("forecast" if quantity.approx == "预计" else "")
    return Claim(
        id=ids[id(draft)], start=start, end=end, text=text[start:end], kind=draft.kind, value=value,
        unit="" if quantity.measure == "比" else quantity.measure, indicator=draft.indicator,
        scope=context.scope, period=context.period, months=context.months, cumulative=context.cumulative,
        relation_to=_id(draft.relation, ids), whole=_id(draft.whole, ids), part_of=_id(draft.part_of, ids),
        approx=quantity.approx, direction=direction, role=role, confidence=draft.confidence,
        decimals=quantity.decimals,
    )  # fmt: skip


def _magnitude(draft: Draft) -> tuple[Printed, Direction]:
    """The printed value without its sign, which becomes the direction."""
    quantity, direction = draft.figure.quantity, draft.direction
    if quantity.parts:
        parts: tuple[Number, ...] = quantity.parts
        return tuple(part if part >= 0 else -part for part in parts), direction
    if quantity.value >= 0:
        return quantity.value, direction
    return -quantity.value, direction or ("loss" if draft.kind == "amount" else "down")


def _id(draft: Draft | None, ids: Mapping[int, int]) -> int | None:
    return None if draft is None else ids.get(id(draft))
