"""A workbook as it lies in its file: cells with their number formats, merged areas, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["number", "text", "flag", "error", "blank"]
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, all included."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that is not empty. ``text`` is the text, or the decimal of a number; ``format`` its number
    format. A formula that was saved without its result has ``cached`` false."""

    row: int
    column: int
    kind: Kind
    text: str
    format: str = ""
    formula: bool = False
    cached: bool = True
    indent: int = 0


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet of a workbook, or a text file of rows."""

    name: str
    cells: tuple[RawCell, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)


def fifteen_digits(value: float | str) -> str:
    """The decimal of a spreadsheet's number: 15 digits are the clerk's, what follows the binary form's.

    >>> fifteen_digits("0.30000000000000004"), fifteen_digits(1e20), fifteen_digits(12.0)
    ('0.3', '100000000000000000000', '12')
    """
    number = Decimal(format(float(value), ".15g"))
    plain = format(number.normalize(), "f")
    return "0" if plain in ("-0", "0") else plain


def column_name(column: int) -> str:
    """The letters of a column, from 0.

    >>> column_name(0), column_name(25), column_name(26), column_name(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The address of a cell, both from 0.

    >>> cell_name(0, 0), cell_name(11, 27)
    ('A1', 'AB12')
    """
    return f"{column_name(column)}{row + 1}"


def area_name(area: Area) -> str:
    """The address of an area; of one cell when it is no larger.

    >>> area_name((9, 1, 9, 3)), area_name((0, 0, 0, 0))
    ('B10:D10', 'A1')
    """
    top, left, bottom, right = area
    first, last = cell_name(top, left), cell_name(bottom, right)
    return first if first == last else f"{first}:{last}"


def sheets_to_plain(sheets: Iterable[RawSheet]) -> list[dict[str, Any]]:
    """The sheets as lists and numbers that JSON can carry."""
    return [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "merged": [list(area) for area in sheet.merged],
            "rows": sorted(sheet.hidden_rows),
            "columns": sorted(sheet.hidden_columns),
            "cells": [
                [c.row, c.column, c.kind, c.text, c.format, c.formula, c.cached, c.indent]
                for c in sheet.cells
            ],
        }
        for sheet in sheets
    ]


def sheets_from_plain(plain: Iterable[dict[str, Any]]) -> tuple[RawSheet, ...]:
    """The sheets that ``sheets_to_plain`` wrote."""
    return tuple(
        RawSheet(
            each["name"],
            tuple(RawCell(*cell) for cell in each["cells"]),
            tuple((a[0], a[1], a[2], a[3]) for a in each["merged"]),
            each["hidden"],
            frozenset(each["rows"]),
            frozenset(each["columns"]),
        )
        for each in plain
    )
