"""Fills a Word template: fields become text in the format that they were written in.

A table row with ``{{行.…}}`` is copied once for each row of the paper, a paragraph outside a table likewise.
No template language runs: what is not a known field is refused before anything is written.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from kaohe.writing.packages import check_package, repacked
from kaohe.writing.templates.fields import (
    MOST_UNPACKED,
    TAG,
    Paper,
    Row,
    TemplateError,
    filled,
    problems_in,
    refuse,
    scope_of,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PART_NAMES = (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注"))


def check_document(content: bytes) -> None:
    """Raises ``TemplateError`` with every place of a template that cannot be filled."""
    refuse(problem for name, part in _parts(_opened(content)) for problem in _problems(name, part))


def fill_document(content: bytes, paper: Paper) -> bytes:
    """The template filled, as a .docx of the same bytes for the same paper. Raises ``TemplateError``."""
    document = _opened(content)
    parts = list(_parts(document))
    refuse(problem for name, part in parts for problem in _problems(name, part))
    for _name, part in parts:
        _fill(part, paper)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _opened(content: bytes) -> Any:
    from docx import Document

    check_package(content, "word/document.xml", most_unpacked=MOST_UNPACKED)
    try:
        return Document(io.BytesIO(content))
    except Exception as error:  # python-docx lets through whatever its parsers raise
        raise TemplateError("模板打不开:不是完整的 .docx;请用 Word 或 WPS 另存一次") from error


def _parts(document: Any) -> Iterator[tuple[str, Any]]:
    """The roots of all texts of a document: the body, then headers, footers and notes."""
    yield "", document.element.body
    for part in document.part.package.iter_parts():
        name = str(part.partname).rpartition("/")[2]
        shown = next((word for stem, word in _PART_NAMES if name.startswith(stem)), "")
        if shown and hasattr(part, "element"):
            yield shown, part.element


# --- what a template holds -------------------------------------------------------------------------------


def _problems(name: str, root: Any) -> Iterator[str]:
    for number, paragraph in enumerate(root.iter(f"{_W}p"), 1):
        place = _place(name, root, paragraph, number)
        yield from problems_in(_text(paragraph), place)
    for number, row in enumerate(root.iter(f"{_W}tr"), 1):
        texts = [_text(paragraph) for paragraph in row.iter(f"{_W}p")]
        scopes = {scope_of(text) for text in texts if not any(problems_in(text, ""))} - {""}
        if len(scopes) > 1:
            yield f"{name}第 {number} 个表格行:同一行里只能用一类重复的字段,实有 {'、'.join(sorted(scopes))}"


def _place(name: str, root: Any, paragraph: Any, number: int) -> str:
    cell = next(paragraph.iterancestors(f"{_W}tc"), None)
    if cell is None:
        return f"{name}第 {number} 段"
    row = next(cell.iterancestors(f"{_W}tr"))
    table = next(row.iterancestors(f"{_W}tbl"))
    tables = list(root.iter(f"{_W}tbl"))
    at = (tables.index(table), list(table.iter(f"{_W}tr")).index(row), list(row.iter(f"{_W}tc")).index(cell))
    return "{}第 {} 个表第 {} 行第 {} 格".format(name, *(each + 1 for each in at))


def _texts(paragraph: Any) -> list[Any]:
    """The text nodes of a paragraph, without those of text boxes in it, which have paragraphs of their own."""
    return [
        node for node in paragraph.iter(f"{_W}t") if next(node.iterancestors(f"{_W}p"), None) is paragraph
    ]


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in _texts(paragraph))


# --- filling ---------------------------------------------------------------------------------------------


def _fill(root: Any, paper: Paper) -> None:
    for row in list(root.iter(f"{_W}tr")):
        scope = next(filter(None, (scope_of(_text(each)) for each in row.iter(f"{_W}p"))), "")
        if scope:
            _repeat(row, paper, paper.rows.get(scope, ()))
    for paragraph in list(root.iter(f"{_W}p")):
        scope = scope_of(_text(paragraph))
        if scope:
            _repeat(paragraph, paper, paper.rows.get(scope, ()))
    for paragraph in root.iter(f"{_W}p"):
        _fill_paragraph(paragraph, paper, None)


def _repeat(element: Any, paper: Paper, rows: Sequence[Row]) -> None:
    """Copies of a row or paragraph, one for each row; one with empty fields where there is none."""
    for row in rows or ({},):
        copy = deepcopy(element)
        element.addprevious(copy)
        for paragraph in [copy] if copy.tag == f"{_W}p" else list(copy.iter(f"{_W}p")):
            _fill_paragraph(paragraph, paper, row)
    element.getparent().remove(element)


def _fill_paragraph(paragraph: Any, paper: Paper, row: Row | None) -> None:
    """Replaces the fields; one that Word has split over several runs takes the format of its first."""
    nodes = _texts(paragraph)
    whole = "".join(node.text or "" for node in nodes)
    for found in reversed(list(TAG.finditer(whole))):
        _replace(nodes, found.start(), found.end(), filled(found[0], paper, row))


def _replace(nodes: Sequence[Any], start: int, end: int, told: str) -> None:
    """Puts ``told`` for the characters from ``start`` to ``end`` of the nodes' joined text."""
    at = 0
    for node in nodes:
        own = node.text or ""
        low, high = max(start - at, 0), min(end - at, len(own))
        if low < high:
            node.text = own[:low] + told + own[high:]
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            told = ""
        at += len(own)
