"""The list of rectification (整改清单) read back: a row a task, as ``writing.supervision_xlsx`` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kaohe.reading.sheets.raw import RawCell, RawSheet, cell_name

HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("编号", "措施编号", "任务编号"),
    "unit": ("单位", "责任单位", "整改单位"),
    "indicator": ("指标", "指标名称"),
    "cause": ("存在问题(原因)", "存在问题", "原因", "问题", "滞后原因"),
    "task": ("整改措施", "措施", "工作措施"),
    "contribution": ("预计补足",),
    "supporting": ("配合单位",),
    "owner": ("责任人",),
    "start": ("开始", "开始时间"),
    "due": ("完成时限", "整改时限", "期限", "时限"),
    "state": ("状态", "办理状态"),
    "progress": ("进展", "进展情况", "整改进展"),
}
_NEEDED = ("unit", "task", "owner", "due")
_FIRST_ROWS = 12
# Day 0 of a spreadsheet's calendar, whose years before 1900 nobody means.
_EPOCH, _LATEST = date(1899, 12, 30), 80_000
_DAY = re.compile(r"(?:(\d{4})\s*[-./年]\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A row of the list; ``texts`` are its cells by what they are about, ``row`` the number a clerk sees."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    columns: Mapping[str, int]

    def __getitem__(self, name: str) -> str:
        """The text of a cell by what it is about, one of ``HEADS``; blank without such a column."""
        if name not in HEADS:
            raise KeyError(name)
        return self.texts.get(name, "")

    def place(self, name: str) -> str:
        """The address of a cell of the row: 整改清单!E4."""
        column = self.columns.get(name)
        where = f"{self.row}" if column is None else cell_name(self.row - 1, column)
        return f"{self.sheet}!{where}"


def read_task_list(sheets: Iterable[RawSheet]) -> tuple[ListedTask, ...] | None:
    """The rows of the first sheet that is a list of rectification; None when no sheet is one.

    A row without a unit and without a task is none: totals, notes, and who filled it in.
    """
    for sheet in sheets:
        rows = _by_row(sheet.cells)
        for number in sorted(rows)[:_FIRST_ROWS]:
            columns = _columns(rows[number])
            if all(name in columns for name in _NEEDED):
                return tuple(_rows(sheet.name, rows, number, columns))
    return None


def read_day(text: str, year: int | None) -> date | None:
    """A day as people write it, or as a spreadsheet keeps it; ``year`` where the text has none.

    Raises ``ValueError`` for what is no day.

    >>> read_day("2005年10月31日", None), read_day("10.31", 2005), read_day("38656", None), read_day("", None)
    (datetime.date(2005, 10, 31), datetime.date(2005, 10, 31), datetime.date(2005, 10, 31), None)
    """
    plain = text.strip()
    if not plain:
        return None
    if plain.isdigit() and 20_000 < int(plain) < _LATEST:
        return _EPOCH + timedelta(days=int(plain))
    found = _DAY.fullmatch(plain.removesuffix(" 00:00:00").removesuffix("前"))
    if found is None or not (found[1] or year):
        raise ValueError(text)
    return date(int(found[1] or year or 0), int(found[2]), int(found[3]))


def _by_row(cells: Iterable[RawCell]) -> dict[int, list[RawCell]]:
    rows: dict[int, list[RawCell]] = {}
    for cell in cells:
        if cell.kind != "blank":
            rows.setdefault(cell.row, []).append(cell)
    return rows


def _columns(cells: Iterable[RawCell]) -> dict[str, int]:
    """Which column is about what, by the heads of a row."""
    heads = {_head(cell.text): cell.column for cell in cells}
    found = {
        name: next((heads[head] for head in known if head in heads), None) for name, known in HEADS.items()
    }
    return {name: column for name, column in found.items() if column is not None}


def _head(text: str) -> str:
    return re.sub(r"\s", "", text).replace("（", "(").replace("）", ")")


def _rows(
    sheet: str, rows: Mapping[int, list[RawCell]], head: int, columns: Mapping[str, int]
) -> Iterator[ListedTask]:
    for number in sorted(rows):
        texts = {cell.column: cell.text.strip() for cell in rows[number]}
        told = {name: texts.get(column, "") for name, column in columns.items()}
        if number > head and (told.get("code") or told["task"] or (told["unit"] and told.get("indicator"))):
            yield ListedTask(sheet, number + 1, told, columns)
