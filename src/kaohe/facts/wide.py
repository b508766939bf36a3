"""Wide tables (a unit a row, or a unit a column), record tables and reference tables as one data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kaohe.facts.cells import MISSING, Cell, Column, Origin, Presence, number_cell
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.derived import product, share_of_year
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.model import Indicator
from kaohe.facts.records import Records, RecordTable
from kaohe.facts.tables import Table, Typed, texts_only, typed
from kaohe.quantities.periods import Period

SUFFIXES = (".target", ".last_year", ".due", ".pace")


@dataclass(frozen=True)
class WideColumn:
    """The texts of one column in the order of the units; ``place`` says where the n-th was written."""

    texts: tuple[str, ...]
    place: Callable[[int], str]
    is_key: bool = False

    @cached_property
    def _typed(self) -> Typed:
        return texts_only(self.texts) if self.is_key else typed(self.texts)

    @property
    def kind(self) -> ColumnKind:
        """``number`` or ``text``."""
        return self._typed.kind

    @property
    def cells(self) -> Column:
        """The typed cells."""
        return self._typed.cells

    def numbers(self) -> Column:
        """The cells when all are numbers or blank; ``DataError`` naming each that is not."""
        if self.kind == "number" and not self._typed.mistakes:
            return self.cells
        wrong = [
            f"{self.place(row)}:应为数字,实为“{text}”"
            for row, text in enumerate(self.texts)
            if number_cell(text) is None
        ]
        if wrong:
            raise DataError(wrong)
        return tuple(number_cell(text) or MISSING for text in self.texts)


@dataclass(frozen=True)
class ReferenceTable:
    """A table read by key."""

    table: Table
    keys: tuple[str, ...]

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {key: row for row, key in enumerate(self.keys)}

    def has(self, key: str) -> bool:
        """Whether a row has this key."""
        return key in self._rows

    def cell(self, key: str, column: str) -> Cell:
        """The cell in the row of ``key``; ``DataError`` with the nearest known key or column."""
        if key not in self._rows:
            raise DataError(f"{self.table.label}:找不到 {key}{nearest(key, self.keys)}")
        return self.table.cells(column)[self._rows[key]]


@dataclass(frozen=True)
class WideDataset(Dataset):
    """Tables as they come from an office, read as facts.

    A column ``x.target``, ``x.last_year``, ``x.due`` or ``x.pace`` feeds the function of that name;
    ``x.2004`` or ``x.2005-01/2005-06`` is x in another period.
    """

    wide_units: tuple[str, ...]
    asked: Period | None
    columns: Mapping[str, WideColumn]
    records: Mapping[str, Records]
    dates: Mapping[str, str]
    references: Mapping[str, ReferenceTable]
    across: tuple[ReferenceTable, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return self.wide_units

    @property
    def period(self) -> Period | None:
        return self.asked

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(_bare(name) for name in self.columns)

    def names(self) -> frozenset[str]:
        return self._names

    def indicator(self, name: str) -> Indicator | None:
        return None

    def column_kind(self, name: str) -> ColumnKind:
        if name in self._names and name not in self.columns:
            return "number"
        return self._column(name).kind

    def attribute(self, name: str) -> Column:
        return self._column(name).cells

    def figure(self, name: str, period: Period | None = None) -> Column:
        column = self._in_period(name, period)
        return column.cells if column.kind == "text" else column.numbers()

    def target(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        _no_choice(name, issuer, document, version)
        return self._companion(name, ".target", "目标值")

    def pace(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        _no_choice(name, issuer, document, version)
        self._require(name)
        if f"{name}.pace" in self.columns:
            return self._column(f"{name}.pace").numbers()
        if self.asked is None:
            raise DataError(f"没有说明考核时期,算不出 {name} 的时序进度;请用 --period 或写明 period")
        share = Cell(share_of_year(self.asked.end_month), Presence.PRESENT)
        return (share,) * len(self.wide_units)

    def due(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        _no_choice(name, issuer, document, version)
        if f"{name}.due" in self.columns:
            return self._column(f"{name}.due").numbers()
        return tuple(product(t, p) for t, p in zip(self.target(name), self.pace(name), strict=True))

    def baseline(self, name: str) -> Column:
        return self._companion(name, ".last_year", "上年同期数")

    def at(self, period: Period) -> WideDataset:
        columns = {**self.columns}
        for name in self._names:
            if f"{name}.{period}" in self.columns:
                columns[name] = self.columns[f"{name}.{period}"]
        return replace(self, asked=period, columns=columns)

    def tables(self) -> frozenset[str]:
        return frozenset(self.records)

    def table(self, name: str, period: Period | None = None) -> RecordTable:
        if name not in self.records:
            raise DataError(f"找不到表 {name}{nearest(name, self.records)}")
        wanted = period or (self.asked.year_to_date() if self.asked else None)
        if wanted is None or name not in self.dates:
            return self.records[name].table
        return self.records[name].table.within(wanted, self.dates[name])

    def reference(self, table: str | None, key: str, column: str) -> Cell:
        if table is None:
            return self._across_with(key).cell(key, column)
        if table not in self.references:
            raise DataError(f"找不到按键查的表 {table}{nearest(table, self.references)}")
        return self.references[table].cell(key, column)

    def origin(
        self,
        role: str,
        name: str,
        unit: int,
        period: Period | None = None,
        choice: Mapping[str, str] | None = None,
    ) -> Origin:
        suffix = {"target": ".target", "due": ".due", "pace": ".pace", "baseline": ".last_year"}.get(role, "")
        moved = f"{name}.{period}"
        written = moved if role == "figure" and moved in self.columns else name + suffix
        return Origin(self.columns[written].place(unit)) if written in self.columns else Origin()

    def _across_with(self, key: str) -> ReferenceTable:
        if not self.across:
            raise DataError("reference() 只用于单位横排的表(layout: units_across),这里没有")
        return next((table for table in self.across if table.has(key)), self.across[0])

    def _require(self, name: str) -> None:
        if name not in self._names:
            raise DataError(f"找不到指标 {name}{nearest(name, self._names)}")

    def _column(self, name: str) -> WideColumn:
        if name not in self.columns:
            self._require(name)
            raise DataError(f"表里没有 {name} 列")
        return self.columns[name]

    def _in_period(self, name: str, period: Period | None) -> WideColumn:
        if period is None or self.asked is None or period == self.asked:
            return self._column(name)
        if period == self.asked.year_to_date() or f"{name}.{period}" not in self.columns:
            return self._this_or_last_year(name, period)
        return self.columns[f"{name}.{period}"]

    def _this_or_last_year(self, name: str, period: Period) -> WideColumn:
        assert self.asked is not None
        now = (self.asked, self.asked.year_to_date())
        if period in now:
            return self._column(name)
        if period in tuple(each.last_year() for each in now) and f"{name}.last_year" in self.columns:
            return self.columns[f"{name}.last_year"]
        self._require(name)
        raise DataError(f"宽表里没有 {name} 在 {period} 的数,应有列 {name}.{period}")

    def _companion(self, name: str, suffix: str, meaning: str) -> Column:
        self._require(name)
        if name + suffix not in self.columns:
            raise DataError(f"找不到 {name} 的{meaning}:宽表里应有列 {name}{suffix}")
        return self._column(name + suffix).numbers()


def _no_choice(name: str, *choices: str | None) -> None:
    choice = next((word for word in choices if word is not None), None)
    if choice is not None:
        raise DataError(f"宽表的目标值没有下达单位、文件和版本,不能按“{choice}”选择 {name} 的目标")


def wide_columns(table: Table, order: Sequence[int], keys: Sequence[str]) -> dict[str, WideColumn]:
    """The columns of a table with a unit a row; ``order`` is the row of each unit,
    ``keys`` the columns that name it."""

    def placed(name: str) -> Callable[[int], str]:
        return lambda unit: f"{table.label} 第 {table.row_numbers[order[unit]]} 行 {name} 列"

    columns = {}
    for name in table.columns:
        texts = table.texts_of(name)
        columns[name] = WideColumn(tuple(texts[row] for row in order), placed(name), name in keys)
    return columns


def across_columns(table: Table, keys: Sequence[str], units: Sequence[str]) -> dict[str, WideColumn]:
    """The rows of a table with a unit a column, each row an indicator or attribute."""

    def placed(row: int) -> Callable[[int], str]:
        return lambda unit: f"{table.label} 第 {table.row_numbers[row]} 行 {units[unit]} 列"

    places = [table.position(unit) for unit in units]
    return {
        key: WideColumn(tuple(table.texts[row][place] for place in places), placed(row))
        for row, key in enumerate(keys)
    }


def _bare(name: str) -> str:
    for suffix in SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    return name
