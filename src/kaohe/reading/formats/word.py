"""Word documents (.docx): paragraphs and tables in order, each with its place in the file."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from kaohe.facts.errors import DataError
from kaohe.reading.formats.extracted import Builder, CellText, Extracted

BODY_PART = "word/document.xml"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = f"{{{MAIN}}}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LARGEST_PART = 80_000_000
_MOST_PACKED = 300
_SKIPPED = frozenset(
    {_FALLBACK, *(f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "txbxContent"))}
)
Element: TypeAlias = Any


def extracted(data: bytes, name: str, most: int) -> Extracted:
    """The text of a .docx. Raises ``DataError`` on damaged files and zip bombs."""
    root = parsed(body_part(data, name), name)
    body = root.find(f"{_W}body")
    if body is None:
        raise DataError(f"{name}:Word 文件里没有正文")
    numbers = {paragraph: index for index, paragraph in enumerate(root.iter(f"{_W}p"))}
    builder = Builder(name, most)
    _blocks(body, builder, numbers)
    return builder.extracted()


def body_part(data: bytes, name: str) -> bytes:
    """The XML of the body, unpacked within bounds."""
    return part_of(data, BODY_PART, name)


def part_of(data: bytes, path: str, name: str) -> bytes:
    """A part of the package, unpacked within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo(path)
            packed = part.file_size > _MOST_PACKED * max(part.compress_size, 4096)
            if part.file_size > _LARGEST_PART or packed:
                raise DataError(f"{name}:解压后异常庞大(疑似压缩炸弹),已拒绝读取")
            return _bounded(archive, part, name)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as error:
        raise damaged(name) from error
    except KeyError as error:
        raise DataError(f"{name}:不是 Word 文件(缺少 {path})") from error
    except (RuntimeError, NotImplementedError) as error:
        raise DataError(f"{name}:文件已加密或用了少见的压缩方式;请先解除密码再读") from error


def _bounded(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bytes:
    """A header may lie about the size, so no more than it says is ever unpacked."""
    with archive.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise damaged(name)
    return content


def damaged(name: str) -> DataError:
    """The fault of a file that was cut off."""
    return DataError(f"{name}:文件不完整或已损坏(可能没有下载完);请重新取得后再读")


def parsed(content: bytes, name: str) -> Element:
    """The tree of the body; a strict file is read under the names of the usual one."""
    content = content.replace(STRICT.encode(), MAIN.encode(), 1)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(name) from error
    if root.getroottree().docinfo.doctype:
        raise DataError(f"{name}:文件里有外部定义,已拒绝读取")
    return root


def _blocks(parent: Element, builder: Builder, numbers: dict[Element, int]) -> None:
    for child in parent:
        if child.tag == f"{_W}p":
            builder.paragraph(_text(child), numbers[child])
            for box in child.iter(f"{_W}txbxContent"):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    _blocks(box, builder, numbers)
        elif child.tag == f"{_W}tbl":
            builder.table(list(_cells(child, numbers)))
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
            _blocks(child, builder, numbers)


def _text(paragraph: Element) -> str:
    return "".join(text for text, _ in pieces(paragraph))


def pieces(element: Element) -> Iterator[tuple[str, Element]]:
    """The text of a paragraph piece by piece, each with the element of the file that it comes from."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            yield child.text or "", child
        elif child.tag == f"{_W}tab":
            yield "\t", child
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n", child
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-", child
        elif isinstance(child.tag, str):
            yield from pieces(child)


def _cells(table: Element, numbers: dict[Element, int]) -> Iterator[CellText]:
    """The cells of a table; a cell merged downwards stands in its first row."""
    grid = [list(_row_cells(row)) for row in table.iterchildren(f"{_W}tr")]
    for row, cells in enumerate(grid):
        for column, width, merged, cell in cells:
            if merged == "continue":
                continue
            height = _height(grid, row, column) if merged == "restart" else 1
            lines = tuple((_text(line), numbers[line]) for line in cell.iter(f"{_W}p"))
            yield CellText(row, column, lines, height, width)


def _row_cells(row: Element) -> Iterator[tuple[int, int, str, Element]]:
    column = 0
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr")) is not row:
            continue
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = int(span.get(f"{_W}val", "1")) if span is not None else 1
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        merged = "" if merge is None else merge.get(f"{_W}val", "continue")
        yield column, width, merged, cell
        column += width


def _height(grid: list[list[tuple[int, int, str, Element]]], row: int, column: int) -> int:
    height = 1
    for below in grid[row + 1 :]:
        if not any(at == column and merged == "continue" for at, _, merged, _ in below):
            break
        height += 1
    return height
