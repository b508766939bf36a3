"""Workbooks altered so that they mean the same, or say less: then nothing may be read that is not there.

Each function takes the sheets of a workbook and what is expected of them, and gives both, altered.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from scorer import place_of

from kaohe.reading.sheets.raw import RawCell, RawSheet, cell_name

Sheets = Sequence[RawSheet]
Expected = list[dict[str, Any]]
Altered = tuple[Sheets, Expected]
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def moved(sheets: Sheets, expected: Expected, chance: random.Random) -> Altered:
    """Two rows down, one column to the right: the same figures."""
    new = [
        replace(
            sheet,
            cells=tuple(replace(c, row=c.row + 2, column=c.column + 1) for c in sheet.cells),
            merged=tuple(
                (top + 2, left + 1, bottom + 2, right + 1) for top, left, bottom, right in sheet.merged
            ),
            hidden_rows=frozenset(row + 2 for row in sheet.hidden_rows),
            hidden_columns=frozenset(column + 1 for column in sheet.hidden_columns),
        )
        for sheet in sheets
    ]
    return new, [_at(each, 2, 1) for each in expected]


def _at(each: dict[str, Any], down: int, right: int) -> dict[str, Any]:
    row, column = place_of(each["cell"])
    return {**each, "cell": cell_name(row - 1 + down, column - 1 + right)}


def in_wide_text(sheets: Sheets, expected: Expected, chance: random.Random) -> Altered:
    """Some numbers as full-width text: the same figures."""

    def typed(cell: RawCell) -> RawCell:
        number = cell.kind == "number" and cell.format in ("", "General")
        wide = number and chance.random() < 0.4
        return replace(cell, kind="text", text=cell.text.translate(_WIDE)) if wide else cell

    return [replace(sheet, cells=tuple(map(typed, sheet.cells))) for sheet in sheets], expected


def unmerged(sheets: Sheets, expected: Expected, chance: random.Random) -> Altered:
    """No merged areas: the same figures, or questions."""
    return [replace(sheet, merged=()) for sheet in sheets], expected


def turned(sheets: Sheets, expected: Expected, chance: random.Random) -> Altered:
    """Rows as columns: the same figures, or questions."""
    new = [
        replace(
            sheet,
            cells=tuple(
                sorted(
                    (replace(c, row=c.column, column=c.row) for c in sheet.cells),
                    key=lambda c: (c.row, c.column),
                )
            ),
            merged=tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged),
            hidden_rows=sheet.hidden_columns,
            hidden_columns=sheet.hidden_rows,
        )
        for sheet in sheets
    ]
    return new, [_turned(each) for each in expected]


def _turned(each: dict[str, Any]) -> dict[str, Any]:
    row, column = place_of(each["cell"])
    return {**each, "cell": cell_name(column - 1, row - 1)}


def without_a_heading(sheets: Sheets, expected: Expected, chance: random.Random) -> Altered:
    """One cell of each header is blank: what it said must not be made up."""
    new = []
    for sheet in sheets:
        top = min((place_of(e["cell"])[0] - 1 for e in expected if e["sheet"] == sheet.name), default=0)
        crowd = Counter(cell.row for cell in sheet.cells)
        heads = [c for c in sheet.cells if c.row < top and crowd[c.row] > 1 and c.kind == "text"]
        lost = chance.choice(heads) if heads else None
        new.append(replace(sheet, cells=tuple(cell for cell in sheet.cells if cell is not lost)))
    return new, expected


ALTERATIONS: tuple[Callable[[Sheets, Expected, random.Random], Altered], ...] = (
    moved, in_wide_text, unmerged, turned, without_a_heading,
)  # fmt: skip
