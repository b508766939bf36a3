"""What scoring may ask of facts, whatever they are kept in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Literal

from kaohe.facts.cells import Cell, Column, Origin
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.model import Indicator
from kaohe.facts.records import RecordTable
from kaohe.quantities.periods import Period

ColumnKind = Literal["indicator", "attribute", "number", "text"]


class Dataset(ABC):
    """Figures, targets and records of some reporting units; every column is aligned to ``units``."""

    @property
    @abstractmethod
    def units(self) -> tuple[str, ...]:
        """The reporting units, in official or file order."""

    @property
    @abstractmethod
    def period(self) -> Period | None:
        """The period asked for, from January (or from its own start when it crosses a year) to its end;
        ``None`` for a wide table without one."""

    @abstractmethod
    def names(self) -> frozenset[str]:
        """Indicators and attributes that a scheme may use bare."""

    @abstractmethod
    def indicator(self, name: str) -> Indicator | None:
        """The indicator's definition when there is one."""

    @abstractmethod
    def column_kind(self, name: str) -> ColumnKind:
        """``indicator`` or ``attribute`` in a ledger, ``number`` or ``text`` in a wide table."""

    @abstractmethod
    def attribute(self, name: str) -> Column:
        """An attribute of the units (peer_group, kind, parent …) or a column of a wide table."""

    @abstractmethod
    def figure(self, name: str, period: Period | None = None) -> Column:
        """The effective value, verified if any, otherwise reported, in the indicator's own measure.

        Without ``period`` it is the figure for the period asked; with one, of exactly that period (for
        stocks, ranks and milestones: at its end).
        """

    @abstractmethod
    def target(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        """The year's target in force, in the indicator's own measure; not due while its schedule asks for
        nothing. ``DataError`` when two are in force and none is chosen."""

    @abstractmethod
    def pace(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        """The share of the target that the schedule asks for by the end of the period, 0 to 1."""

    @abstractmethod
    def due(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        """Target × pace: what should have been reached by now."""

    @abstractmethod
    def baseline(self, name: str) -> Column:
        """The same period last year (上年同期)."""

    @abstractmethod
    def tables(self) -> frozenset[str]:
        """The names of record and reference tables."""

    @abstractmethod
    def table(self, name: str, period: Period | None = None) -> RecordTable:
        """A record or reference table; dated rows only of ``period`` (default: year to date)."""

    @abstractmethod
    def reference(self, table: str | None, key: str, column: str) -> Cell:
        """One cell of a reference table, or of the one that has the units across when ``table`` is
        ``None``; ``DataError`` when there is no such key or column."""

    def due_months(self, name: str) -> tuple[int | None, ...]:
        """The month in which each unit's milestone is due, as months since year 0; None without a target."""
        raise DataError(f"{name} 的到期月份只有台账里有")

    @abstractmethod
    def at(self, period: Period) -> Dataset:
        """The same facts asked about another period."""

    def origin(
        self,
        role: str,
        name: str,
        unit: int,
        period: Period | None = None,
        choice: Mapping[str, str] | None = None,
    ) -> Origin:
        """Where the figure of the ``unit``-th unit comes from; ``role`` is figure, target, due, pace,
        baseline or attribute. Blank when the facts do not say."""
        return Origin()

    def restrict(self, units: Sequence[str]) -> Dataset:
        """The same facts for only these units, in the order given. Raises ``DataError`` on unknown ones."""
        from kaohe.facts.restricted import RestrictedDataset

        unknown = [unit for unit in units if unit not in set(self.units)]
        if unknown:
            raise DataError([f"找不到单位 {unit}{nearest(unit, self.units)}" for unit in unknown])
        return RestrictedDataset(self, tuple(units))
