"""A ledger seen as a data set for one period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from kaohe.facts.cells import Cell, Column, Origin, Presence, text_cell
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.derived import product
from kaohe.facts.errors import DataError
from kaohe.facts.figures import Figures
from kaohe.facts.files import nearest
from kaohe.facts.ledger import CODECS, Ledger
from kaohe.facts.model import Indicator, ReportingUnit, Target
from kaohe.facts.records import Records, RecordTable
from kaohe.facts.schedules import Curve, curves_of, share_due
from kaohe.facts.tables import Table, TableSpec, key_columns, typed
from kaohe.facts.targets import Choice, Targets, target_cell
from kaohe.facts.wide import ReferenceTable
from kaohe.quantities.periods import Period

_ATTRIBUTES = tuple(each.name for each in fields(ReportingUnit) if each.name != "extra")
_OWN_TABLES = ("events", "marks", "tasks")
_EVENT_DATE = "date"
UNITS = "units"


@dataclass(frozen=True)
class LedgerDataset(Dataset):
    """``ledger`` for the period ``asked``; ``added`` are further tables that a scheme names.

    Units that did not exist in the period are left out. ``figure`` without a period is the figure for the
    period asked for, flows from January; with one it is the figure of exactly that period.
    """

    ledger: Ledger
    asked: Period | None
    specs: Mapping[str, TableSpec] = field(default_factory=dict)
    added: Mapping[str, Table] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> tuple[ReportingUnit, ...]:
        living = [row for row in self.ledger.reporting_units if self._lives(row)]
        unordered = len(living)
        return tuple(sorted(living, key=lambda row: unordered if row.order is None else row.order))

    def _lives(self, row: ReportingUnit) -> bool:
        if self.asked is None:
            return True
        born = row.valid_from is None or _month(row.valid_from) <= self.asked.last
        return born and (row.valid_to is None or _month(row.valid_to) >= self.asked.last)

    @cached_property
    def units(self) -> tuple[str, ...]:
        return tuple(row.unit for row in self._rows)

    @property
    def period(self) -> Period | None:
        return self.asked

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {row.indicator: row for row in self.ledger.indicators}

    @cached_property
    def _attributes(self) -> Mapping[str, tuple[str, ...]]:
        further = dict.fromkeys(name for row in self._rows for name, _ in row.extra)
        columns = {name: tuple(_attribute_text(row, name) for row in self._rows) for name in _ATTRIBUTES}
        for name in further:
            columns[name] = tuple(dict(row.extra).get(name, "") for row in self._rows)
        return columns

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self.ledger)

    @cached_property
    def _targets(self) -> Targets:
        return Targets(self.ledger)

    @cached_property
    def _curves(self) -> Mapping[str, Curve]:
        return curves_of(self.ledger.schedules)

    def names(self) -> frozenset[str]:
        return frozenset(self._indicators) | frozenset(self._attributes)

    def indicator(self, name: str) -> Indicator | None:
        return self._indicators.get(name)

    def column_kind(self, name: str) -> ColumnKind:
        if name in self._indicators:
            return "indicator"
        self._attribute_texts(name)
        return "attribute"

    def attribute(self, name: str) -> Column:
        texts = self._attribute_texts(name)
        if name in _ATTRIBUTES and name != "order":
            return tuple(text_cell(text) for text in texts)
        return typed(texts).cells

    def figure(self, name: str, period: Period | None = None) -> Column:
        definition = self._definition(name)
        wanted = period or self._period().year_to_date()
        return tuple(self._figures.cell(unit, definition.indicator, wanted) for unit in self.units)

    def targets_in_force(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> tuple[Target | None, ...]:
        """Each unit's target as it stands in the ledger, ``None`` where there is none."""
        choice = Choice(issuer, document, version)
        indicator = self._definition(name).indicator
        return self._targets.in_force(self.units, indicator, self._period(), choice)

    def target(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        chosen = self.targets_in_force(name, issuer=issuer, document=document, version=version)
        return tuple(self._target_cell(name, target) for target in chosen)

    def pace(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        chosen = self.targets_in_force(name, issuer=issuer, document=document, version=version)
        return tuple(Cell(self._share(name, target), Presence.PRESENT) for target in chosen)

    def due(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        targets = self.target(name, issuer=issuer, document=document, version=version)
        shares = self.pace(name, issuer=issuer, document=document, version=version)
        return tuple(product(target, share) for target, share in zip(targets, shares, strict=True))

    def baseline(self, name: str) -> Column:
        return self.figure(name, self._period().year_to_date().last_year())

    def due_months(self, name: str) -> tuple[int | None, ...]:
        return tuple(None if target is None else target.period.last for target in self.targets_in_force(name))

    def origin(
        self,
        role: str,
        name: str,
        unit: int,
        period: Period | None = None,
        choice: Mapping[str, str] | None = None,
    ) -> Origin:
        if name not in self._indicators:
            return Origin()
        if role in ("target", "due", "pace"):
            return self._target_origin(name, unit, choice or {})
        wanted = period or self._period().year_to_date()
        wanted = wanted.last_year() if role == "baseline" else wanted
        row = self._figures.observation(self.units[unit], name, wanted)
        if row is None:
            return Origin()
        recorded = "" if row.recorded_at is None else row.recorded_at.isoformat()
        return Origin(row.source, row.author, recorded)

    def _target_origin(self, name: str, unit: int, choice: Mapping[str, str]) -> Origin:
        target = self.targets_in_force(name, **choice)[unit]
        return Origin() if target is None else Origin(target.document, target.issuer)

    def at(self, period: Period) -> LedgerDataset:
        return replace(self, asked=period)

    def tables(self) -> frozenset[str]:
        own = {name for name in _OWN_TABLES if name not in self.ledger.records}
        return frozenset({UNITS, *own, *self.ledger.records, *self.added})

    def table(self, name: str, period: Period | None = None) -> RecordTable:
        if name not in self.tables():
            raise DataError(f"找不到表 {name}{nearest(name, self.tables())}")
        records = self._records(name)
        date_column = self._date_column(name)
        wanted = period or (self.asked.year_to_date() if self.asked else None)
        if wanted is None or date_column is None:
            return records
        return records.within(wanted, date_column)

    def reference(self, table: str | None, key: str, column: str) -> Cell:
        if table is None:
            raise DataError("reference() 只用于单位横排的表(layout: units_across),台账里没有")
        return self._reference_table(table).cell(key, column)

    def _definition(self, name: str) -> Indicator:
        if name not in self._indicators:
            raise DataError(f"找不到指标 {name}{nearest(name, self._indicators)}")
        return self._indicators[name]

    def _period(self) -> Period:
        if self.asked is None:
            raise DataError("没有说明考核时期;请用 --period(如 2005-09)或在考核办法里写 period")
        return self.asked

    def _attribute_texts(self, name: str) -> tuple[str, ...]:
        if name not in self._attributes:
            raise DataError(f"找不到指标或属性 {name}{nearest(name, self.names())}")
        return self._attributes[name]

    def _target_cell(self, name: str, target: Target | None) -> Cell:
        definition = self._definition(name)
        if target is not None and self._share(name, target) == 0:
            return Cell(None, Presence.NOT_DUE, source=target.document)
        last_year = self._last_year(definition)
        return target_cell(target, definition, last_year)

    def _last_year(self, definition: Indicator) -> Callable[[str, Period], Cell]:
        return lambda unit, period: self._figures.cell(unit, definition.indicator, period)

    def _share(self, name: str, target: Target | None) -> Fraction:
        at, definition = self._period(), self._definition(name)
        plain = Target("(无)", "(无)", name, at.whole_year()) if target is None else target
        return share_due(plain, definition.kind, at, self._curves)

    @cached_property
    def _loaded(self) -> dict[str, RecordTable]:
        return {}

    def _records(self, name: str) -> RecordTable:
        if name not in self._loaded:
            self._loaded[name] = self._made_records(name)
        return self._loaded[name]

    def _made_records(self, name: str) -> RecordTable:
        spec = self.specs.get(name, TableSpec())
        table = self._source(name)
        of_nobody = (spec.key and name != UNITS) or not (spec.unit or "unit" in table.columns)
        owners = (None,) * len(table.texts) if of_nobody else self._owners(table, spec)
        return Records(table, name, owners, spec.where, spec.reported).table

    def _source(self, name: str) -> Table:
        if name in self.added:
            return self.added[name]
        if name in self.ledger.records:
            return self.ledger.records[name]
        return _as_table("reporting_units" if name == UNITS else name, self.ledger)

    def _owners(self, table: Table, spec: TableSpec) -> tuple[int | None, ...]:
        keys = table.keys(key_columns(table, spec.unit or "unit"))
        known = {row.unit for row in self.ledger.reporting_units}
        unknown = [
            f"{table.label} 第 {number} 行:找不到单位“{key}”{nearest(key, known)}"
            for number, key in zip(table.row_numbers, keys, strict=True)
            if key not in known
        ]
        if unknown:
            raise DataError(unknown)
        places = {unit: place for place, unit in enumerate(self.units)}
        return tuple(places.get(key) for key in keys)

    def _date_column(self, name: str) -> str | None:
        spec = self.specs.get(name)
        if spec and spec.date:
            return spec.date
        return _EVENT_DATE if name == "events" and "events" not in self.ledger.records else None

    def _reference_table(self, name: str) -> ReferenceTable:
        spec = self.specs.get(name)
        if spec is None or not spec.key:
            raise DataError(f"找不到按键查的表 {name}:tables 里应写明它的 key")
        table = self._source(name)
        return ReferenceTable(table, table.unique_keys(key_columns(table, spec.key)))


def with_checked_records(dataset: LedgerDataset) -> LedgerDataset:
    """The same data set after every record table was read once. Raises ``DataError`` with all faults."""
    messages: list[str] = []
    for name in sorted(dataset.tables()):
        try:
            dataset.table(name)
        except DataError as error:
            messages += error.messages
    if messages:
        raise DataError(messages)
    return dataset


def _as_table(name: str, ledger: Ledger) -> Table:
    codec, rows = CODECS[name], ledger.rows(name)
    header = codec.header(rows)
    texts = tuple(codec.write(row, header) for row in rows)
    return Table(f"{name}.csv", header, texts, tuple(range(2, len(rows) + 2)))


def _attribute_text(row: ReportingUnit, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
