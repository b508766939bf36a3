"""A data set seen for some of its units only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kaohe.facts.cells import Cell, Column, Origin
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.model import Indicator
from kaohe.facts.records import RecordTable
from kaohe.quantities.periods import Period


@dataclass(frozen=True)
class RestrictedDataset(Dataset):
    """``whole`` seen for ``chosen`` units; records of the others stay, belonging to nobody."""

    whole: Dataset
    chosen: tuple[str, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return self.chosen

    @property
    def period(self) -> Period | None:
        return self.whole.period

    @cached_property
    def _places(self) -> tuple[int, ...]:
        places = {unit: place for place, unit in enumerate(self.whole.units)}
        return tuple(places[unit] for unit in self.chosen)

    def _chosen(self, column: Column) -> Column:
        return tuple(column[place] for place in self._places)

    def names(self) -> frozenset[str]:
        return self.whole.names()

    def indicator(self, name: str) -> Indicator | None:
        return self.whole.indicator(name)

    def column_kind(self, name: str) -> ColumnKind:
        return self.whole.column_kind(name)

    def attribute(self, name: str) -> Column:
        return self._chosen(self.whole.attribute(name))

    def figure(self, name: str, period: Period | None = None) -> Column:
        return self._chosen(self.whole.figure(name, period))

    def target(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._chosen(self.whole.target(name, issuer=issuer, document=document, version=version))

    def pace(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._chosen(self.whole.pace(name, issuer=issuer, document=document, version=version))

    def due(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._chosen(self.whole.due(name, issuer=issuer, document=document, version=version))

    def baseline(self, name: str) -> Column:
        return self._chosen(self.whole.baseline(name))

    def due_months(self, name: str) -> tuple[int | None, ...]:
        months = self.whole.due_months(name)
        return tuple(months[place] for place in self._places)

    def at(self, period: Period) -> RestrictedDataset:
        return RestrictedDataset(self.whole.at(period), self.chosen)

    def tables(self) -> frozenset[str]:
        return self.whole.tables()

    def table(self, name: str, period: Period | None = None) -> RecordTable:
        new_places = {old: new for new, old in enumerate(self._places)}
        return self.whole.table(name, period).reindexed(new_places)

    def origin(
        self,
        role: str,
        name: str,
        unit: int,
        period: Period | None = None,
        choice: Mapping[str, str] | None = None,
    ) -> Origin:
        return self.whole.origin(role, name, self._places[unit], period, choice)

    def reference(self, table: str | None, key: str, column: str) -> Cell:
        return self.whole.reference(table, key, column)
