"""A checked .docx with its findings as Word comments: the user's own file, nothing else in it changed."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kaohe.checking import CheckedReport
from kaohe.facts.errors import DataError
from kaohe.messages import text
from kaohe.reading.formats import word
from kaohe.reading.formats.word_places import WordPlaces
from kaohe.writing.word_comments import parts
from kaohe.writing.word_comments.anchors import Anchor, Body, Point
from kaohe.writing.word_comments.archive import rewritten
from kaohe.writing.word_comments.remarks import Remark, remarks_of
from kaohe.writing.word_comments.tags import decoded, inserted

__all__ = ["commented", "is_macro_enabled"]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A comment with its number in the file and its place there."""

    number: int
    remark: Remark
    anchor: Anchor


def commented(data: bytes, report: CheckedReport, when: datetime) -> bytes:
    """The .docx ``data``, from which ``report`` was made, with a comment at each of its findings.

    Taking the comments out, and joining the runs that were cut for them, gives the body back; every other
    part but the comments, the relations of the body and the content types stays byte for byte. Comments of
    the user stay. Raises ``DataError`` for another format and for a file with a digital signature, which
    any change would break.
    """
    name = report.document.source
    if report.document.form != "docx":
        raise DataError(text("error.comments_format", file=name))
    if parts.is_signed(_names(data)):
        raise DataError(text("error.comments_signed", file=name))
    changed = _changed(data, report, when)
    try:
        return rewritten(data, changed) if changed else data
    except ValueError as error:
        raise DataError(text("error.comments_package", file=name)) from error


def is_macro_enabled(data: bytes, name: str) -> bool:
    """Whether a file is of the kind that may hold macros, which Word opens under the suffix .docm only."""
    return parts.is_macro_enabled(word.part_of(data, parts.TYPES, name))


def _names(data: bytes) -> dict[str, None]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return dict.fromkeys(archive.namelist())


def _changed(data: bytes, report: CheckedReport, when: datetime) -> dict[str, bytes]:
    """The parts that the comments change, with their new content; none when there is nothing to say."""
    name, names = report.document.source, _names(data)
    relations = word.part_of(data, parts.RELATIONS, name) if parts.RELATIONS in names else None
    place = parts.comments_part(relations)
    existing = word.part_of(data, place, name) if place in names and place else None
    xml, codec = _decoded(word.body_part(data, name), name)
    body = Body(xml, WordPlaces(data, report.document))
    placed = list(_placed(body, remarks_of(report.document, report.findings), existing))
    if not placed:
        return {}
    strict = word.STRICT in xml[:5000]
    comments = [parts.Comment(one.number, one.remark.lines) for one in placed]
    changed = {word.BODY_PART: _marked(xml, placed, strict).encode(codec)}
    changed[place or parts.COMMENTS] = parts.with_comments(existing, comments, when, strict)
    if place is None:
        changed[parts.RELATIONS] = parts.with_relation(relations, strict)
        changed[parts.TYPES] = parts.with_type(word.part_of(data, parts.TYPES, name))
    return changed


def _decoded(body: bytes, name: str) -> tuple[str, str]:
    try:
        return decoded(body)
    except (ValueError, LookupError) as error:
        raise DataError(text("error.comments_package", file=name)) from error


def _placed(body: Body, remarks: Sequence[Remark], existing: bytes | None) -> Iterator[_Placed]:
    opening = body.places.document.paragraphs[0]
    ranges = [(remark.start, remark.end) for remark in remarks]
    *anchors, first = body.anchors([*ranges, (opening.start, opening.end)])
    numbers = parts.free_numbers(existing, body.places.root)
    for remark, found in zip(remarks, anchors, strict=True):
        # Where the file has no room for a comment, it stands at the head of the text and quotes its place.
        anchor = found or first
        if anchor is not None:
            yield _Placed(next(numbers), remark, anchor)


def _marked(xml: str, placed: Sequence[_Placed], strict: bool) -> str:
    """The body with the marks of all comments; comments that meet in one place share one cut."""
    ends: dict[int, list[tuple[Point, str]]] = defaultdict(list)
    starts: dict[int, list[tuple[Point, str]]] = defaultdict(list)
    for one in placed:
        begun, ended = one.anchor.start, one.anchor.end
        ends[ended.place].append((ended, _end(ended, one.number, strict)))
        starts[begun.place].append((begun, _tag(begun, "commentRangeStart", one.number, strict)))
    additions = {}
    for place in {*ends, *starts}:
        # What ends here ends before the next begins, so that neighbours do not cross.
        here = [*ends[place], *starts[place]]
        point = here[0][0]
        additions[place] = point.before + "".join(mark for _, mark in here) + point.after
    return inserted(xml, additions)


def _end(point: Point, number: int, strict: bool) -> str:
    reference = _tag(point, "commentReference", number, strict)
    prefix = point.prefix or "w:"
    declared = "" if point.prefix else _declared(strict)
    run = f"<{prefix}r{declared}>{reference}</{prefix}r>"
    return _tag(point, "commentRangeEnd", number, strict) + run


def _tag(point: Point, name: str, number: int, strict: bool) -> str:
    prefix = point.prefix or "w:"
    declared = "" if point.prefix else _declared(strict)
    return f'<{prefix}{name}{declared} {prefix}id="{number}"/>'


def _declared(strict: bool) -> str:
    return f' xmlns:w="{word.STRICT if strict else word.MAIN}"'
