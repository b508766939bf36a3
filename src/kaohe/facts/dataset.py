"""Opens facts: one wide table, the tables that a scheme names, or a ledger folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kaohe.facts.cells import Cell, Column, Presence, Value
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest, read_grid, table_files
from kaohe.facts.ledger import CODECS
from kaohe.facts.ledger_dataset import LedgerDataset, with_checked_records
from kaohe.facts.package import is_ledger, read_ledger
from kaohe.facts.records import Records, RecordTable
from kaohe.facts.tables import Table, TableSpec, key_columns, read_table, unit_column
from kaohe.facts.wide import ReferenceTable, WideColumn, WideDataset, across_columns, wide_columns
from kaohe.quantities.periods import Period

__all__ = [
    "Cell",
    "Column",
    "ColumnKind",
    "Dataset",
    "Presence",
    "RecordTable",
    "TableSpec",
    "Value",
    "open_dataset",
]

UNITS = "units"


def open_dataset(
    path: str | Path,
    tables: Mapping[str, TableSpec] | None = None,
    period: Period | None = None,
    as_of: datetime | None = None,
) -> Dataset:
    """The facts at ``path``: one file (a wide table), or a folder.

    ``tables`` are a scheme's entries, their file names relative to ``path``. ``period`` is taken to the
    date: 2005-09 and 2005-Q3 both mean January to September, unless it crosses a year. ``as_of`` gives a
    ledger as it stood at that time. Raises ``DataError`` with every fault found; nothing is half-loaded.
    """
    where = Path(path)
    period = _to_date(period)
    if not where.exists() and "#" not in where.name:
        read_grid(where)
    if where.is_dir() and is_ledger(where):
        return _ledger_dataset(where, dict(tables or {}), period, as_of)
    base, specs = _placed(where, dict(tables or {}))
    return _Assembly(specs, _all_loaded(base, specs)).dataset(period)


def _to_date(period: Period | None) -> Period | None:
    if period is None or not period.whole_year().contains(period):
        return period
    return period.year_to_date()


def _ledger_dataset(
    folder: Path, specs: dict[str, TableSpec], period: Period | None, as_of: datetime | None
) -> Dataset:
    ledger = read_ledger(folder, as_of)
    own = {*CODECS, *ledger.records, UNITS}
    absent = [name for name, spec in specs.items() if not spec.file and name not in own]
    if absent:
        raise DataError([f"tables 里的 {name}:台账没有这张表{nearest(name, own)}" for name in absent])
    # The ledger knows its own tables; a file beside them is read as the scheme says.
    files = {name: spec for name, spec in specs.items() if spec.file and name not in own}
    added = _all_loaded(folder, files)
    return with_checked_records(LedgerDataset(ledger, period, specs, added))


def _placed(path: Path, specs: dict[str, TableSpec]) -> tuple[Path, dict[str, TableSpec]]:
    if path.is_dir():
        return path, specs or _tables_of(path)
    if not specs:
        return path.parent, {UNITS: TableSpec(file=path.name)}
    if len(specs) == 1:
        return path.parent, {name: replace(spec, file=path.name) for name, spec in specs.items()}
    return path.parent, {name: replace(s, file=s.file or path.name) for name, s in specs.items()}


def _tables_of(folder: Path) -> dict[str, TableSpec]:
    """The tables of a folder by the names of their files, when nobody says which is which.

    One table is the wide one. Of several, ``units`` is; the others are records when they have its unit
    column, and else reference tables by their first column.
    """
    files = table_files(folder)
    if len(files) == 1:
        return {UNITS: TableSpec(file=files[0].name)}
    wide = next((file for file in files if file.stem == UNITS), None)
    if wide is None:
        found = "、".join(file.name for file in files) or "没有表格"
        raise DataError(
            f"{folder}:应只有一张表、有一张 units 表,或是台账文件夹,实有 {found};请在考核办法的 tables 里说明"
        )
    key = unit_column(read_table(folder, TableSpec(file=wide.name)))
    return {file.stem: _spec_of(folder, file, key) for file in (wide, *(f for f in files if f != wide))}


def _spec_of(folder: Path, file: Path, key: str) -> TableSpec:
    table = read_table(folder, TableSpec(file=file.name))
    if file.stem == UNITS:
        return TableSpec(file=file.name, key=key)
    if key in table.columns:
        return TableSpec(file=file.name, unit=key)
    return TableSpec(file=file.name, key=unit_column(table))


def _all_loaded(base: Path, specs: Mapping[str, TableSpec]) -> dict[str, Table]:
    loaded: dict[str, Table] = {}
    messages: list[str] = []
    for name, spec in specs.items():
        try:
            loaded[name] = read_table(base, spec)
        except DataError as error:
            messages += error.messages
    if messages:
        raise DataError(messages)
    return loaded


class _Assembly:
    """Puts loaded tables together: first who the units are, then what each table says of them."""

    def __init__(self, specs: Mapping[str, TableSpec], loaded: Mapping[str, Table]) -> None:
        self.specs = specs
        self.loaded = loaded
        self.messages: list[str] = []

    def dataset(self, period: Period | None) -> Dataset:
        units = self._units()
        places = {unit: place for place, unit in enumerate(units)}
        columns = self._columns(places)
        records = {name: self._records(name, places) for name in self.specs}
        references = {n: self._reference(n) for n, spec in self.specs.items() if spec.key or self._across(n)}
        dates = self._dates()
        if self.messages:
            raise DataError(self.messages)
        across = tuple(references[name] for name in self.specs if self._across(name))
        return WideDataset(units, period, columns, records, dates, references, across)

    def _across(self, name: str) -> bool:
        return self.specs[name].layout == "units_across"

    def _unit_columns(self, name: str) -> tuple[str, ...]:
        spec, table = self.specs[name], self.loaded[name]
        named = spec.unit or (spec.key if name == UNITS else ())
        return key_columns(table, named) if named else (unit_column(table),)

    def _units(self) -> tuple[str, ...]:
        if UNITS in self.specs and not self._across(UNITS):
            return self._units_of_table()
        occurring = [name for name, spec in self.specs.items() if spec.units is True]
        if occurring:
            keys = (key for name in occurring for key in self.loaded[name].keys(self._unit_columns(name)))
            return tuple(dict.fromkeys(keys))
        for spec in self.specs.values():
            if isinstance(spec.units, tuple):
                return spec.units
        raise DataError("tables 没有说明单位从哪里来:应有一张名为 units 的表,或在记录表上写 units: true")

    def _units_of_table(self) -> tuple[str, ...]:
        table, names = self.loaded[UNITS], self._unit_columns(UNITS)
        if self.specs[UNITS].units is True:
            return tuple(dict.fromkeys(table.keys(names)))
        return table.unique_keys(names)

    def _columns(self, places: Mapping[str, int]) -> dict[str, WideColumn]:
        columns: dict[str, WideColumn] = {}
        if UNITS in self.specs and self.specs[UNITS].units is False:
            columns |= wide_columns(self.loaded[UNITS], range(len(places)), self._unit_columns(UNITS))
        for name, spec in self.specs.items():
            if spec.units is True:
                columns |= self._identity(name, places)
            if isinstance(spec.units, tuple):
                columns |= self._across_columns(name, spec.units, places)
        return columns

    def _identity(self, name: str, places: Mapping[str, int]) -> dict[str, WideColumn]:
        names = self._unit_columns(name)
        parts = [unit.split("|") if len(names) > 1 else [unit] for unit in places]
        label = self.loaded[name].label
        return {
            column: WideColumn(tuple(part[place] for part in parts), lambda _: f"{label} 单位列", True)
            for place, column in enumerate(names)
        }

    def _across_columns(
        self, name: str, listed: tuple[str, ...], places: Mapping[str, int]
    ) -> dict[str, WideColumn]:
        table = self.loaded[name]
        absent = [unit for unit in places if unit not in listed or unit not in table.columns]
        if absent:
            self.messages += [f"{table.label}:没有单位 {unit} 的列" for unit in absent]
            return {}
        return across_columns(table, self._row_keys(name), tuple(places))

    def _row_keys(self, name: str) -> tuple[str, ...]:
        spec, table = self.specs[name], self.loaded[name]
        return table.unique_keys(key_columns(table, spec.key) if spec.key else (unit_column(table),))

    def _reference(self, name: str) -> ReferenceTable:
        return ReferenceTable(self.loaded[name], self._row_keys(name))

    def _records(self, name: str, places: Mapping[str, int]) -> Records:
        spec, table = self.specs[name], self.loaded[name]
        return Records(table, name, self._owners(name, places), spec.where, spec.reported)

    def _owners(self, name: str, places: Mapping[str, int]) -> tuple[int | None, ...]:
        spec, table = self.specs[name], self.loaded[name]
        if self._across(name) or (spec.key and not spec.unit and name != UNITS):
            return (None,) * len(table.texts)
        try:
            keys = table.keys(self._unit_columns(name))
        except DataError as error:
            self.messages += error.messages
            return ()
        self._note_unknown(table, keys, places)
        return tuple(places.get(key) for key in keys)

    def _note_unknown(self, table: Table, keys: tuple[str, ...], places: Mapping[str, int]) -> None:
        self.messages += [
            f"{table.label} 第 {number} 行:找不到单位“{key}”{nearest(key, places)}"
            for number, key in zip(table.row_numbers, keys, strict=True)
            if key not in places
        ]

    def _dates(self) -> dict[str, str]:
        dates = {name: spec.date for name, spec in self.specs.items() if spec.date}
        for name, column in dates.items():
            self.loaded[name].position(column)
        return dates
