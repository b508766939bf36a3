"""PDF: text line by line and tables in their place; page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kaohe.facts.errors import DataError
from kaohe.reading.formats.extracted import Builder, CellText, Extracted
from kaohe.reading.formats.word import damaged
from kaohe.reading.tabbed import tabbed_tables

_PAGE_NUMBER = re.compile(r"^\s*[-—–－·第\s]*\d{1,4}[-—–－·页\s]*(?:/\s*\d{1,4})?\s*$")
_MOST_PAGES = 3000
# In sizes of the type; a blank between words takes a quarter to one.
_WIDEST_BLANK = 1.5


def extracted(data: bytes, name: str, most: int) -> Extracted:
    """The text of a PDF. Raises ``DataError`` on encrypted, damaged and scanned files."""
    if b"%%EOF" not in data[-4096:]:
        raise damaged(name)
    _check_password(data, name)
    builder = Builder(name, most)
    import pdfplumber

    from kaohe.reading.formats.pdf_limits import limited, set_layout, too_much

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with limited(), pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise DataError(f"{name}:超过 {_MOST_PAGES} 页的上限")
            for page in pdf.pages:
                set_layout(page)
                _page(page, builder)
                page.close()
    except DataError:
        raise
    except Exception as error:
        # pdfminer raises whatever the broken object leads it to: KeyError, struct.error, its own classes.
        if too_much(error):
            raise DataError(f"{name}:PDF 里的内容异常庞大,已停止读取;请拆分或重新导出") from error
        raise damaged(name) from error
    result = builder.extracted()
    if not result.text.strip():
        raise DataError(f"{name}:PDF 里没有文字(可能是扫描件);请先识别成文字")
    return result


def _check_password(data: bytes, name: str) -> None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(name) from error
    except Exception as error:
        raise DataError(f"{name}:PDF 用了读不了的加密方式;请先解除密码再读") from error
    if locked:
        raise DataError(f"{name}:PDF 有密码;请先解除密码再读")


def _page(page: Any, builder: Builder) -> None:
    tables = [table for table in page.find_tables() if len(table.rows) > 1]
    lines = list(_lines(page, tables))
    placed: list[tuple[float, str, Any]] = [(line["top"], "line", line["text"]) for line in lines]
    placed += [(table.bbox[1], "table", table) for table in tables]
    waiting: list[str] = []
    for _, sort, content in sorted(placed, key=lambda item: item[0]):
        if sort == "line":
            waiting.append(content)
            continue
        _written(waiting, builder)
        waiting = []
        builder.table(list(_cells(content)))
    _written(waiting, builder)


def _written(lines: list[str], builder: Builder) -> None:
    """Lines as paragraphs, and neighbouring lines of cells that no rule borders as a table."""
    text = "\n".join(line for line in lines if not _PAGE_NUMBER.match(line))
    place = 0
    for table in tabbed_tables(text):
        _paragraphs(text[place : table.start], builder)
        cells = ((cell.row, cell.column, text[cell.start : cell.end]) for cell in table.cells)
        builder.table([CellText(row, column, ((written, None),)) for row, column, written in cells])
        place = table.end
    _paragraphs(text[place:], builder)


def _paragraphs(text: str, builder: Builder) -> None:
    for line in text.splitlines():
        if line:
            builder.paragraph(line.replace("\t", " "))


def _lines(page: Any, tables: list[Any]) -> Iterator[dict[str, Any]]:
    for line in page.extract_text_lines():
        middle = (line["top"] + line["bottom"]) / 2
        inside = any(
            table.bbox[1] <= middle <= table.bbox[3] and table.bbox[0] - 1 <= line["x0"] <= table.bbox[2] + 1
            for table in tables
        )
        if not inside:
            yield {"top": line["top"], "text": _with_gaps(line["chars"], line["text"])}


def _with_gaps(characters: list[Any], text: str) -> str:
    """The line with a tab where its characters stand further apart than any two words."""
    gaps = [right["x0"] - left["x1"] > _WIDEST_BLANK * left["size"] for left, right in pairwise(characters)]
    if not any(gaps):
        return text
    parts = [characters[0]["text"]]
    for wide, character in zip(gaps, characters[1:], strict=True):
        parts += ("\t" if wide else "", character["text"])
    return re.sub(r" *\t *", "\t", "".join(parts)).strip()


def _cells(table: Any) -> Iterator[CellText]:
    for row, cells in enumerate(table.extract()):
        for column, text in enumerate(cells):
            if text is not None:
                # A line break inside a Chinese cell only wraps it.
                yield CellText(row, column, ((text.replace("\n", ""), None),))
