"""Tables out: a header and typed rows as CSV, JSON or xlsx."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from kaohe.facts.cells import Cell
from kaohe.facts.codec import decimal_text
from kaohe.facts.errors import DataError

Item = str | int | bool | Fraction | Decimal | date | datetime | Cell | None
"""What a cell of an exported table may hold; ``None`` is blank."""

SUFFIXES = {".csv": "csv", ".json": "json", ".xlsx": "xlsx"}
_INEXACT_DIGITS = 17


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to export: its columns and rows, all of the same width."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Item, ...], ...]
    title: str = ""

    def __post_init__(self) -> None:
        wrong = [n for n, row in enumerate(self.rows, start=1) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(
                f"第 {wrong[0]} 行应有 {len(self.columns)} 格,实有 {len(self.rows[wrong[0] - 1])} 格"
            )


def export(sheet: Sheet, path: str | Path) -> None:
    """Writes ``sheet`` to ``path`` in the form that its suffix names, whole or not at all.

    Raises ``DataError`` on a suffix other than .csv, .json and .xlsx.
    """
    target = Path(path)
    form = SUFFIXES.get(target.suffix.lower())
    if form is None:
        raise DataError(f"{target.name}:后缀应为 {'、'.join(SUFFIXES)} 之一")
    content = {"csv": _csv_bytes, "json": _json_bytes, "xlsx": to_xlsx}[form](sheet)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def to_csv(sheet: Sheet) -> str:
    """The sheet as CSV; blank for what is not there, numbers in full.

    >>> to_csv(Sheet(("unit", "output"), (("甲镇", Fraction("6.25")), ("乙镇", None))))
    'unit,output\\n甲镇,6.25\\n乙镇,\\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([_text(item) for item in row] for row in sheet.rows)
    return text.getvalue()


def to_json(sheet: Sheet) -> str:
    """The sheet as a JSON list of objects; numbers as JSON numbers, ``null`` for what is not there.

    >>> print(to_json(Sheet(("unit", "output"), (("甲镇", Fraction("6.25")),))).strip())
    [
      {"unit": "甲镇", "output": 6.25}
    ]
    """
    lines = ",\n".join(f"  {_object(sheet.columns, row)}" for row in sheet.rows)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def to_xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook: bold frozen header, numbers as numbers, text never as a formula."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    page = book.add_worksheet((sheet.title or "Sheet1")[:31])
    page.write_row(0, 0, sheet.columns, book.add_format({"bold": True}))
    page.freeze_panes(1, 1)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(sheet.rows, start=1):
        for place, item in enumerate(row):
            _write_item(page, number, place, _plain(item), day)
    page.autofit()
    book.close()
    return stream.getvalue()


def number_text(value: Fraction) -> str:
    """The exact decimal of a value, or 17 significant digits when it has none.

    >>> number_text(Fraction(25, 4)), number_text(Fraction(1, 3))
    ('6.25', '0.33333333333333333')
    """
    try:
        return decimal_text(value)
    except DataError:
        return _rounded(value)


def _rounded(value: Fraction) -> str:

    with localcontext() as context:
        context.prec = _INEXACT_DIGITS
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")


def _plain(item: Item) -> str | int | bool | Fraction | date | datetime | None:
    if isinstance(item, Cell):
        return item.value
    return Fraction(item) if isinstance(item, Decimal) else item


def _text(item: Item) -> str:
    value = _plain(item)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return number_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _object(columns: Sequence[str], row: Sequence[Item]) -> str:
    pairs = (f"{json.dumps(c, ensure_ascii=False)}: {_json(i)}" for c, i in zip(columns, row, strict=True))
    return "{" + ", ".join(pairs) + "}"


def _json(item: Item) -> str:
    value = _plain(item)
    # A JSON number may have any number of digits: the exact decimal goes in, not a float.
    if isinstance(value, Fraction):
        return number_text(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    return json.dumps(_text(value), ensure_ascii=False)


def _csv_bytes(sheet: Sheet) -> bytes:
    # Excel takes a CSV without this mark for the local code page.
    return b"\xef\xbb\xbf" + to_csv(sheet).encode()


def _json_bytes(sheet: Sheet) -> bytes:
    return to_json(sheet).encode()


def _write_item(page: Any, row: int, column: int, value: object, day: Any) -> None:
    if value is None:
        page.write_blank(row, column, None)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, Fraction | int):
        page.write_number(row, column, float(value))
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, day)
    else:
        page.write_string(row, column, str(value))
