"""Fills an Excel template: formats, widths, merged cells and formulas stay; a row with fields is repeated.

A cell that holds one field and nothing else becomes a number, so that the sheet can go on reckoning; its
mark (预计, ≈) goes into the number format. Formulas that speak of rows below, or of the repeated row, follow.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import Any

from kaohe.writing.packages import check_package, packed
from kaohe.writing.templates.fields import (
    MOST_UNPACKED,
    TAG,
    Paper,
    Row,
    TemplateError,
    Value,
    filled,
    problems_in,
    refuse,
    scope_of,
    value_of,
)
from kaohe.writing.templates.shifting import Shift, stretch

_MOST_CELLS = 20_000
_LAST_ROW, _LAST_COLUMN = 2_000, 256
_MOST_DIGITS = 15
_CELL = re.compile(rb"<c\b[^>]*?\br=\"([A-Z]{1,4})(\d{1,8})\"")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_LOST = (("xl/charts/", "图表"), ("xl/drawings/", "图片或图形"), ("xl/pivot", "数据透视表"))


def check_workbook(content: bytes) -> None:
    """Raises ``TemplateError`` with every place of a template that cannot be filled."""
    refuse(_problems(_opened(content)))


def fill_workbook(content: bytes, paper: Paper) -> bytes:
    """The template filled, as an .xlsx of the same bytes for the same paper. Raises ``TemplateError``."""
    book = _opened(content)
    refuse(_problems(book))
    for sheet in book.worksheets:
        _fill(sheet, book, paper)
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    # The program that opens the file works the formulas out; openpyxl keeps no results.
    book.calculation.fullCalcOnLoad = True
    made = io.BytesIO()
    book.save(made)
    return _without_time(made.getvalue())


def _opened(content: bytes) -> Any:
    from openpyxl import load_workbook

    check_package(content, "xl/workbook.xml", most_unpacked=MOST_UNPACKED)
    _check_shape(content)
    try:
        return load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl lets through whatever its parsers raise
        raise TemplateError("模板打不开:不是完整的 .xlsx;请用 Excel 或 WPS 另存一次") from error


def _check_shape(content: bytes) -> None:
    """A template is a page, not a data base: openpyxl would take hours over what a bomb unpacks to."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            refuse(f"模板里有{what},填表后保不住,请先删去" for sign, what in _LOST if name.startswith(sign))
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _check_sheet(package.read(name))


def _check_sheet(xml: bytes) -> None:
    from openpyxl.utils import column_index_from_string

    cells = _CELL.findall(xml)
    if len(_ANY_CELL.findall(xml)) > _MOST_CELLS:
        raise TemplateError(f"模板的一张表有 {len(cells)} 格,超过 {_MOST_CELLS} 格的上限;请删去用不到的行列")
    for column, row in cells:
        if (
            int(row) > _LAST_ROW
            or len(column) > 3
            or column_index_from_string(column.decode()) > _LAST_COLUMN
        ):
            place = f"{column.decode()}{row.decode()}"
            raise TemplateError(
                f"模板用到了 {place},超出前 {_LAST_ROW} 行、{_LAST_COLUMN} 列;请删去用不到的行列"
            )


# --- what a template holds -------------------------------------------------------------------------------


def _texts(sheet: Any) -> Iterator[tuple[Any, str]]:
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                yield cell, cell.value


def _problems(book: Any) -> Iterator[str]:
    for sheet in book.worksheets:
        scopes: dict[int, set[str]] = {}
        for cell, text in _texts(sheet):
            found = list(problems_in(text, f"工作表“{sheet.title}”{cell.coordinate}"))
            yield from found
            if text.startswith("=") and TAG.search(text):
                yield f"工作表“{sheet.title}”{cell.coordinate}:公式里不能写字段"
            if not found and scope_of(text):
                scopes.setdefault(cell.row, set()).add(scope_of(text))
        for row, names in scopes.items():
            if len(names) > 1:
                told = "、".join(sorted(names))
                yield f"工作表“{sheet.title}”第 {row} 行:同一行里只能用一类重复的字段,实有 {told}"
        for place, text in _margins(sheet):
            yield from problems_in(text, f"工作表“{sheet.title}”{place}")
            if scope_of(text):
                yield f"工作表“{sheet.title}”{place}:这里不能用重复的字段"


def _margins(sheet: Any) -> Iterator[tuple[str, str]]:
    for _item, text in _margin_items(sheet):
        if text:
            yield "页眉页脚", text


def _margin_items(sheet: Any) -> Iterator[tuple[Any, str]]:
    for group in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter):
        for item in (group.left, group.center, group.right):
            yield item, item.text or ""


# --- filling ---------------------------------------------------------------------------------------------


def _fill(sheet: Any, book: Any, paper: Paper) -> None:
    scopes = {cell.row: scope_of(text) for cell, text in _texts(sheet) if scope_of(text)}
    for row in sorted(scopes, reverse=True):
        rows = paper.rows.get(scopes[row], ()) or ({},)
        stretch(book, sheet, Shift(sheet.title, row, len(rows)))
        for offset, each in enumerate(rows):
            _fill_row(sheet, row + offset, paper, each)
    for cell, text in list(_texts(sheet)):
        if TAG.search(text):
            _fill_cell(cell, text, paper, None)
    for item, text in _margin_items(sheet):
        if TAG.search(text):
            # In headers and footers & begins a code: an ampersand of a name is written twice.
            item.text = TAG.sub(lambda found: value_of(found[1], paper, None).text.replace("&", "&&"), text)


def _fill_row(sheet: Any, number: int, paper: Paper, row: Row) -> None:
    for cell in sheet[number]:
        if isinstance(cell.value, str) and TAG.search(cell.value):
            _fill_cell(cell, cell.value, paper, row)


def _fill_cell(cell: Any, text: str, paper: Paper, row: Row | None) -> None:
    alone = TAG.fullmatch(text.strip())
    value = value_of(alone[1], paper, row) if alone else None
    if value is not None and value.number is not None and _fits(value):
        _put_number(cell, value)
        return
    cell.value = filled(text, paper, row)
    # A text that begins with = is a text: openpyxl would make it a formula.
    cell.data_type = "s"


def _fits(value: Value) -> bool:
    """Whether Excel holds the number exactly: it keeps 15 digits."""
    assert value.number is not None
    scaled = value.number * 10**value.decimals
    return scaled.denominator == 1 and len(str(abs(scaled.numerator))) <= _MOST_DIGITS


def _put_number(cell: Any, value: Value) -> None:
    assert value.number is not None
    told = copy(cell.number_format)
    number = value.number / 100 if "%" in told else value.number
    places = value.decimals + (2 if "%" in told else 0)
    scaled = number * 10**places
    cell.value = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
    if told == "General":
        grouped = "#,##0" if abs(value.number) >= 10_000 else "0"
        told = grouped + ("." + "0" * value.decimals if value.decimals else "")
        told = f"+{told};-{told};{told}" if value.signed else told
    cell.number_format = ";".join(f'"{value.mark}"{part}' for part in told.split(";")) if value.mark else told


def _without_time(content: bytes) -> bytes:
    """openpyxl writes the time of saving into the properties, whatever it was told."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return packed(
            (each.filename, _timeless(each.filename, package.read(each))) for each in package.infolist()
        )


def _timeless(name: str, data: bytes) -> bytes:
    if name != "docProps/core.xml":
        return data
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", data)
