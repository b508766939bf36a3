"""Every number on a sheet is accounted for: read as a figure, or plainly none, or asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kaohe.reading.sheets.asking import Asker
from kaohe.reading.sheets.grid import Grid, Place
from kaohe.reading.sheets.values import Written

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

_CHOICES = ("不导入",)


def account_for(grid: Grid, tables: Sequence[Table], read: set[Place], asker: Asker) -> None:
    """Asks about the numbers that no table took, by column; without any table, the sheet."""
    left = [place for place, cell in grid.cells.items() if place not in read and _is_number(cell)]
    left = [place for place in left if not _is_plainly_none(grid, tables, place)]
    if not left:
        return
    if not tables:
        asker.ask_sheet("figure", "没有认出表头和数据行:这张表怎样读?", _CHOICES)
        return
    for places in runs_of(left):
        text = "这里的数没有归到任何指标:是什么数,要不要导入?"
        asker.ask("figure", places, text, _CHOICES, "unread")


def _is_number(cell: Written) -> bool:
    quotient = cell.sort == "text" and re.fullmatch(r"\d+(?:\.\d+)?[:：]\d+(?:\.\d+)?", cell.text)
    return (cell.sort == "number" and not cell.wordy) or bool(quotient)


def _is_plainly_none(grid: Grid, tables: Sequence[Table], place: Place) -> bool:
    """Serial numbers, periods, years and months in headings, the numbers of columns, phones, codes."""
    row, column = place
    text = grid.at(row, column).text
    if re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?", text) or re.fullmatch(r"1\d{10}|\d{12,}", text):
        return True
    for table in tables:
        kind = next((c.kind for c in table.columns if c.index == column), "")
        if row in table.block.header or (row in table.block.body and kind in ("serial", "period", "label")):
            return True
        if row in table.block.body and kind == "info":
            return _is_told(table, column)
    numbers = [grid.at(row, c) for c in grid.by_row[row]]
    return _count_up(numbers)


def _is_told(table: Table, column: int) -> bool:
    """A column whose header says that it holds no figures."""
    return any(c.index == column and c.headed("info", "note", "serial") for c in table.columns)


def _count_up(cells: Sequence[Written]) -> bool:
    """1, 2, 3 … below a header: the numbers of its columns."""
    values = [cell.value for cell in cells if cell.sort == "number" and cell.value is not None]
    return len(values) > 1 and values == [values[0] + step for step in range(len(values))] and values[0] <= 2


def runs_of(places: Iterable[Place]) -> list[list[Place]]:
    """Places of one column that lie below each other."""
    runs: list[list[Place]] = []
    for place in sorted(places, key=lambda each: (each[1], each[0])):
        if runs and runs[-1][-1][1] == place[1] and place[0] - runs[-1][-1][0] == 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs
