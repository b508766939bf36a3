"""Reading .xls and the .et of WPS, which is the same inside.

xlrd, because calamine gives no number formats (12 % would be read as 0.12) and does not say what is hidden.
What xlrd leaves out, formulas and whether their results were saved, is taken from the records themselves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc

from kaohe.facts.errors import DataError
from kaohe.reading.sheets.raw import Kind, RawCell, RawSheet, fifteen_digits
from kaohe.reading.sheets.xlsx import MOST_CELLS

_FORMULA, _BOUND_SHEET, _SUP_BOOK, _FILE_PASS, _OBJECT_PROJECT = 0x0006, 0x0085, 0x01AE, 0x002F, 0x00D3
_CALCULATE_ON_LOAD = 0x0002
_EMPTY, _EMPTY_TEXT = 3, b"\x17\x00"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_Formulas = dict[tuple[int, int], bool]


def read_xls(path: Path) -> tuple[RawSheet, ...]:
    """The sheets of an .xls file. Raises ``DataError`` when it is damaged, encrypted or holds macros."""
    data = path.read_bytes()
    formulas = _checked_formulas(data, path.name)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=StringIO(), on_demand=False
        )
        return tuple(_sheet(book, sheet, formulas.get(sheet.name, {}), path.name) for sheet in book.sheets())
    except DataError:
        raise
    except Exception as error:  # xlrd raises whatever its parser meets
        raise DataError(f"{path.name}:文件已损坏,读不出来({error})") from error


def _sheet(book: Any, sheet: Any, formulas: _Formulas, name: str) -> RawSheet:
    cells: list[RawCell] = []
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet, row, column, formulas)
            if cell is not None:
                cells.append(cell)
        if len(cells) > MOST_CELLS:
            raise DataError(f"{name}:有数据的格超过 {MOST_CELLS} 个的上限")
    merged = tuple((top, left, below - 1, beyond - 1) for top, below, left, beyond in sheet.merged_cells)
    rows = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
    columns = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden)
    return RawSheet(sheet.name, tuple(cells), merged, bool(sheet.visibility), rows, columns)


def _cell(book: Any, sheet: Any, row: int, column: int, formulas: _Formulas) -> RawCell | None:
    cell = sheet.cell(row, column)
    formula, saved = (row, column) in formulas, formulas.get((row, column), True)
    style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    code = book.format_map[style.format_key].format_str if style else "General"
    indent = style.alignment.indent_level if style else 0
    found = _value(cell)
    if formula and not saved and (found is None or found[1] in ("0", "")):
        return RawCell(row, column, "blank", "", code, formula=True, cached=False)
    return RawCell(row, column, *found, code, formula, True, indent) if found else None


def _value(cell: Any) -> tuple[Kind, str] | None:
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return "number", fifteen_digits(cell.value)
    if cell.ctype == xlrd.XL_CELL_TEXT and cell.value.strip():
        return "text", cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "flag", "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "error", _ERRORS.get(cell.value, "#ERR")
    return None


def _checked_formulas(data: bytes, name: str) -> dict[str, _Formulas]:
    """The formulas of each sheet, with whether a result was saved; macros and links are refused here."""
    try:
        document = CompDoc(data, logfile=StringIO())
    except Exception as error:
        raise DataError(f"{name}:文件已损坏,打不开({error})") from error
    stored = {entry.name for entry in document.dirlist}
    if any("_VBA" in entry or entry == "VBA" for entry in stored):
        raise DataError(f"{name}:工作簿里有宏;请另存为不含宏的 .xlsx")
    if "EncryptedPackage" in stored:
        raise DataError(f"{name}:文件加了密码,请去掉密码后再存")
    memory, start, length = next(
        (found for found in map(document.locate_named_stream, ("Workbook", "Book")) if found[0] is not None),
        (None, 0, 0),
    )
    if memory is None:
        raise DataError(f"{name}:是旧式 Office 文件,但不是工作簿")
    return _scanned(memory, start, start + length, name)


def _scanned(memory: Any, start: int, end: int, name: str) -> dict[str, _Formulas]:
    sheets: list[tuple[int, str]] = []
    found: dict[int, _Formulas] = {}
    current = 0
    for at, code, body in _records(memory, start, end):
        if code == 0x0809:
            current = at - start
        elif code == _FILE_PASS:
            raise DataError(f"{name}:文件加了密码,请去掉密码后再存")
        elif code == _OBJECT_PROJECT:
            raise DataError(f"{name}:工作簿里有宏;请另存为不含宏的 .xlsx")
        elif code == _SUP_BOOK and len(body) > 4 and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            raise DataError(f"{name}:工作簿链接了别的文件;请断开链接后再存")
        elif code == _BOUND_SHEET and len(body) > 8:
            sheets.append((struct.unpack_from("<I", body)[0], _sheet_name(body)))
        elif code == _FORMULA and len(body) >= 16:
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(current, {})[row, column] = _is_saved(body)
    return {title: found.get(place, {}) for place, title in sheets}


def _is_saved(body: bytes) -> bool:
    """An empty result is one only of a formula that can give an empty text, such as IF(…,"")."""
    if struct.unpack_from("<H", body, 14)[0] & _CALCULATE_ON_LOAD:
        return False
    empty = body[6] == _EMPTY and body[12:14] == b"\xff\xff"
    return not empty or _EMPTY_TEXT in body[22:]


def _records(memory: Any, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    at = start
    while at + 4 <= end:
        code, length = struct.unpack_from("<HH", memory, at)
        yield at, code, bytes(memory[at + 4 : at + 4 + length])
        at += 4 + length


def _sheet_name(body: bytes) -> str:
    count, wide = body[6], body[7] & 1
    return body[8 : 8 + count * 2].decode("utf-16-le") if wide else body[8 : 8 + count].decode("latin-1")
