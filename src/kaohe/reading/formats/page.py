"""Web pages: blocks of text in order; navigation, link lists and notes of the site kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree, html

from kaohe.facts.errors import DataError
from kaohe.reading.formats.extracted import Builder, CellText, Extracted
from kaohe.reading.formats.plain import decoded
from kaohe.reading.lexicon import any_of

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DROPPED = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "select", "svg"})
_APART = frozenset({"nav", "header", "footer", "aside", "form", "menu"})
_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
    "h5", "h6", "blockquote", "pre", "center", "figure", "figcaption", "td", "th", "tr", "table", "tbody",
    "thead", "body", "html", "address", "fieldset", *_APART,
})  # fmt: skip
_NAMED_APART = re.compile(rf"(?:^|[-_\s]){any_of('page_apart')}(?:$|[-_\s\d])", re.IGNORECASE)
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|meta|div|p|table)\b", re.IGNORECASE
)
_MOST_LINKED = 0.5
_DEEPEST = 400
Element: TypeAlias = Any


def looks_like_page(data: bytes) -> bool:
    """Whether bytes begin as a web page does."""
    return bool(_HTML.match(data.lstrip(b"\xef\xbb\xbf")[:2000]))


def extracted(data: bytes, name: str, most: int) -> Extracted:
    """The text of a page. Raises ``DataError`` when it holds none."""
    builder = Builder(name, most)
    try:
        root = html.document_fromstring(_decoded(data, name))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DataError(f"{name}:网页里没有文字") from error
    _walk(root, builder, "", 0)
    result = builder.extracted()
    if not result.paragraphs:
        raise DataError(f"{name}:网页里没有文字")
    return result


def _decoded(data: bytes, name: str) -> str:
    stated = _CHARSET.search(data[:4096])
    encoding = stated[1].decode("ascii", "replace").lower() if stated else ""
    if encoding in ("gb2312", "gbk", "gb18030"):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    text = decoded(data, name)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _walk(element: Element, builder: Builder, apart: str, depth: int) -> None:
    """Depth first: runs of inline content become paragraphs, tables tables."""
    if depth > _DEEPEST:
        return
    apart = apart or _apart(element)
    if element.tag == "table" and _is_data(element):
        builder.table(list(_cells(element)))
        return
    line: list[str] = [element.text or ""]
    linked = 0
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _DROPPED:
            line.append(child.tail or "")
            continue
        if child.tag == "br":
            linked = _flush(builder, line, linked, apart)
        elif child.tag in _BLOCKS or _has_block(child):
            linked = _flush(builder, line, linked, apart)
            _walk(child, builder, apart, depth + 1)
        else:
            inner = _inline(child)
            linked += len(inner.strip()) if child.tag == "a" or child.find(".//a") is not None else 0
            line.append(inner)
        line.append(child.tail or "")
    _flush(builder, line, linked, apart)


def _flush(builder: Builder, line: list[str], linked: int, apart: str) -> int:
    text = re.sub(r"\s+", " ", "".join(line)).strip()
    line.clear()
    if text:
        mostly_links = linked > _MOST_LINKED * len(text)
        builder.paragraph(text, apart=apart or ("links" if mostly_links else ""))
    return 0


def _inline(element: Element) -> str:
    return "".join(_inline_pieces(element))


def _inline_pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            yield "\n" if child.tag == "br" else _inline(child)
        yield child.tail or ""


def _has_block(element: Element) -> bool:
    return any(isinstance(inner.tag, str) and inner.tag in _BLOCKS for inner in element.iterdescendants())


def _apart(element: Element) -> str:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return "site" if element.tag in _APART or _NAMED_APART.search(named) else ""


def _is_data(table: Element) -> bool:
    """A table that holds other tables or long prose lays out the page."""
    if table.find(".//table") is not None or len(table.findall(".//tr")) < 2:
        return False
    cells = table.xpath(".//td|.//th")
    return len(cells) >= 4 and all(len(cell.text_content()) < 300 for cell in cells)


def _cells(table: Element) -> Iterator[CellText]:
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.findall(".//tr")):
        column = 0
        for cell in line.xpath("./td|./th"):
            while (row, column) in taken:
                column += 1
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            taken.update((row + down, column + right) for down in range(rows) for right in range(columns))
            yield CellText(row, column, ((re.sub(r"\s+", " ", cell.text_content()), None),), rows, columns)
            column += columns


def _span(cell: Element, name: str) -> int:
    written = cell.get(name) or "1"
    return min(max(int(written), 1), 200) if written.isdecimal() else 1
