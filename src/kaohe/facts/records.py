"""Record tables: many rows a unit (projects, events, judged items, rounds)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kaohe.facts.cells import Cell
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.tables import Kind, Table
from kaohe.quantities.periods import Period

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*\d{1,2}(?:\D.*)?|月)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class RecordTable:
    """Rows of cells, each with the unit it belongs to.

    ``unit_of`` holds, for each row, the place of its unit in the data set's ``units``; ``None`` when that
    unit is not among those assessed. ``row_numbers`` are the file's own. ``where`` and ``reported`` are
    the scheme's conditions, carried along unread.
    """

    name: str
    columns: tuple[str, ...]
    unit_of: tuple[int | None, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_numbers: tuple[int, ...]
    label: str = ""
    kinds: tuple[Kind, ...] = ()
    where: str | None = None
    reported: str | None = None

    def position(self, column: str) -> int:
        """Where the column stands; ``DataError`` with the nearest name when there is none."""
        if column not in self.columns:
            raise DataError(f"{self.label or self.name}:找不到列 {column}{nearest(column, self.columns)}")
        return self.columns.index(column)

    def column(self, name: str) -> tuple[Cell, ...]:
        """One column, a cell a row."""
        place = self.position(name)
        return tuple(row[place] for row in self.rows)

    def column_errors(self, name: str) -> tuple[str, ...]:
        """A message for each cell of a number column that is not a number."""
        place = self.position(name)
        if not self.kinds or self.kinds[place] == "text":
            return ()
        return tuple(
            f"{self.label} 第 {number} 行 {name} 列:应为数字,实为“{row[place].raw}”"
            for number, row in zip(self.row_numbers, self.rows, strict=True)
            if isinstance(row[place].value, str)
        )

    def reindexed(self, places: Mapping[int, int]) -> RecordTable:
        """The same rows after the units were renumbered; units without a new place become ``None``."""
        owners = tuple(None if old is None else places.get(old) for old in self.unit_of)
        return replace(self, unit_of=owners)

    def within(self, period: Period, date_column: str) -> RecordTable:
        """Only the rows dated in ``period``. Raises ``DataError`` naming every row without a date."""
        dates = self._months(date_column)
        return self.kept([period.first <= month <= period.last for month in dates])

    def kept(self, keep: Sequence[bool]) -> RecordTable:
        """Only the rows whose flag is true."""
        chosen = [place for place, flag in enumerate(keep) if flag]
        return replace(
            self,
            unit_of=tuple(self.unit_of[place] for place in chosen),
            rows=tuple(self.rows[place] for place in chosen),
            row_numbers=tuple(self.row_numbers[place] for place in chosen),
        )

    def _months(self, column: str) -> list[int]:
        months = [month_of(cell.raw) for cell in self.column(column)]
        wrong = [
            f"{self.label or self.name} 第 {number} 行 {column} 列:应为日期,实为“{cell.raw}”"
            for number, month, cell in zip(self.row_numbers, months, self.column(column), strict=True)
            if month is None
        ]
        if wrong:
            raise DataError(wrong)
        return [month for month in months if month is not None]


def month_of(date: str) -> int | None:
    """The month that a written date lies in, as months since year 0; ``None`` when it is not a date.

    >>> month_of("2005-07-23") == month_of("2005年7月23日") == month_of("20050723") == 2005 * 12 + 6
    True
    """
    match = _COMPACT_DATE.fullmatch(date) or _DATE.fullmatch(date)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return int(match[1]) * 12 + int(match[2]) - 1


@dataclass(frozen=True)
class Records:
    """A table read as records only when asked; ``owners`` is the place of each row's unit."""

    source: Table
    name: str
    owners: tuple[int | None, ...]
    where: str | None = None
    reported: str | None = None

    @cached_property
    def table(self) -> RecordTable:
        """Its rows as typed cells."""
        source = self.source
        columns = [source.cells(column) for column in source.columns]
        kinds = tuple(source.kind(column) for column in source.columns)
        return RecordTable(
            self.name,
            source.columns,
            self.owners,
            tuple(zip(*columns, strict=True)),
            source.row_numbers,
            source.label,
            kinds,
            self.where,
            self.reported,
        )
