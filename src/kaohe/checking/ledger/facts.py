"""What a ledger holds, as intervals with marks and sources: figures, targets, and the ratios of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from kaohe.facts.cells import Cell, Presence
from kaohe.facts.derived import Derived, attainment, year_on_year
from kaohe.facts.errors import DataError
from kaohe.facts.figures import Figures, in_measure
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Assurance, Basis, Form, Indicator, Observation, Target
from kaohe.facts.schedules import Curve, curves_of, share_due
from kaohe.facts.targets import Choice, Targets, target_cell
from kaohe.quantities import Interval, Period, printed_interval

_PRINTED = {
    "余": "余", "多": "多", "以上": "≥", "不少于": "≥", "至少": "≥", "以下": "≤", "不超过": "≤",
    "近": "近", "超": "超",
}  # fmt: skip
_PLAIN = (Form.ABSOLUTE, Form.GROWTH, Form.POINTS)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of a ledger: the values in ``measure`` that it may stand for, its marks and its source.

    ``marks`` is the id of the message that tells basis and assurance. A ``soft`` fact (estimated, a draft,
    derived) never proves a report wrong.
    """

    value: Fraction
    measure: str
    interval: Interval
    name: str
    period: Period
    marks: str
    source: str
    soft: bool = False
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """A target that is behind its schedule: attainment and the share due, 0 to 1."""

    indicator: Indicator
    reached: Fraction
    due: Fraction


class LedgerFacts:
    """The facts of a ledger, asked for by unit, indicator and period."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.indicators: Mapping[str, Indicator] = {row.indicator: row for row in ledger.indicators}
        self._figures = Figures(ledger)
        self._targets = Targets(ledger)

    @cached_property
    def latest(self) -> Period | None:
        """The latest period of which something that piles up is known, from January."""
        ends = [row.period for row in self.ledger.observations if row.value is not None]
        last = max((period.last for period in ends if period.first % 12 == 0), default=None)
        return None if last is None else Period(last, last).year_to_date()

    @cached_property
    def _curves(self) -> Mapping[str, Curve]:
        return curves_of(self.ledger.schedules)

    @cached_property
    def _drafts(self) -> Mapping[tuple[str, str, Period], Observation]:
        drafts = [row for row in self.ledger.observations if row.assurance is Assurance.DRAFT]
        return {(row.unit, row.indicator, row.period): row for row in drafts if row.value is not None}

    def figure(self, unit: str, indicator: str, period: Period) -> Fact | None:
        """The effective figure, or the draft where there is nothing better; None when it is not there."""
        definition = self.indicators[indicator]
        cell = self._figures.cell(unit, indicator, period)
        row = self._figures.observation(unit, indicator, period)
        if cell.number is None:
            row = self._drafts.get((unit, indicator, period))
            if row is None or row.value is None:
                return None
            cell = Cell(in_measure(row.value, row.measure, definition.measure), row.presence, raw="≈")
        assert cell.number is not None
        draft = row is not None and row.assurance is Assurance.DRAFT
        assurance = "draft" if draft else cell.assurance or "submitted"
        estimated = cell.estimated or (row is not None and row.basis is Basis.ESTIMATED)
        marks = f"mark.{'estimated' if estimated else 'actual'}.{assurance}"
        return Fact(
            cell.number, definition.measure, _interval(cell, row, definition), definition.name or indicator,
            period, marks, cell.source or (row.source if row else ""), estimated or draft,
            computed=row is None and bool(definition.numerator),
        )  # fmt: skip

    def targets(self, unit: str, indicator: str, period: Period) -> list[Target]:
        """The targets of a unit for the year of ``period`` that have a figure, of every issuer."""
        year = period.whole_year()
        return [
            row
            for row in self.ledger.targets
            if (row.unit, row.indicator) == (unit, indicator) and row.value is not None
            and row.period in (year, period)
        ]  # fmt: skip

    def asked(self, target: Target) -> Cell:
        """What a target asks for, in the measure of its indicator."""
        definition = self.indicators[target.indicator]
        return target_cell(
            target, definition, lambda unit, period: self._figures.cell(unit, target.indicator, period)
        )

    def completion(self, unit: str, indicator: str, period: Period) -> list[Fact]:
        """The share of each target reached, in per cent, computed from figure and target."""
        actual = self.figure(unit, indicator, period)
        if actual is None:
            return []
        return [fact for row in self.targets(unit, indicator, period) if (fact := self._reached(actual, row))]

    def _reached(self, actual: Fact, target: Target) -> Fact | None:
        asked = self.asked(target).number
        if asked is None or asked <= 0 or target.form not in _PLAIN:
            return None
        share = actual.interval * (100 / asked)
        source = "; ".join(filter(None, (actual.source, target.document)))
        return Fact(
            actual.value / asked * 100, "%", share, actual.name, actual.period, actual.marks, source,
            actual.soft or target.approx, computed=True,
        )  # fmt: skip

    def growth(self, unit: str, indicator: str, period: Period) -> Fact | Derived | None:
        """The growth over the same period last year, in per cent; why there is none on a base ≤ 0."""
        actual = self.figure(unit, indicator, period)
        base = self.figure(unit, indicator, period.last_year())
        if actual is None or base is None:
            return None
        if base.value <= 0:
            return _no_growth(actual, base)
        quotient = actual.interval / base.interval
        if quotient is None:
            return None
        return Fact(
            (actual.value / base.value - 1) * 100, "%", (quotient - 1) * 100, actual.name, period,
            actual.marks, "; ".join(dict.fromkeys((actual.source, base.source))), actual.soft or base.soft,
            computed=True,
        )  # fmt: skip

    def change(self, unit: str, indicator: str, period: Period) -> Fact | None:
        """The increase over the same period last year; of a percentage in 百分点."""
        actual = self.figure(unit, indicator, period)
        base = self.figure(unit, indicator, period.last_year())
        if actual is None or base is None:
            return None
        return replace(
            actual,
            value=actual.value - base.value,
            measure="百分点" if actual.measure == "%" else actual.measure,
            interval=actual.interval - base.interval,
            source="; ".join(dict.fromkeys((actual.source, base.source))),
            soft=actual.soft or base.soft,
            computed=True,
        )

    def behind(self, unit: str, period: Period, limit: Fraction) -> list[Behind]:
        """The targets of a unit that are more than ``limit`` behind their schedule, the worst first."""
        found = [self._behind(unit, indicator, period) for indicator in self.indicators]
        lagging = [one for one in found if one and one.due - one.reached > limit]
        return sorted(lagging, key=lambda one: one.reached - one.due)

    def _behind(self, unit: str, indicator: str, period: Period) -> Behind | None:
        try:
            target = self._targets.in_force([unit], indicator, period, Choice())[0]
        except DataError:
            # Two issuers ask for different things: which of them counts is not the report's business.
            return None
        if target is None:
            return None
        definition = self.indicators[indicator]
        due = share_due(target, definition.kind, period, self._curves)
        cell = self._figures.cell(unit, indicator, period)
        reached = attainment(cell, self.asked(target), target.form)
        return Behind(definition, reached.value, due) if due and reached.value is not None else None

    def totals_of(self, indicator: str) -> list[str]:
        """The totals of which an indicator is a part, by the ratios that the ledger defines."""
        return [row.denominator for row in self.ledger.indicators if row.numerator == indicator]


def _interval(cell: Cell, row: Observation | None, definition: Indicator) -> Interval:
    """What the figure stands for: exact where it was put together, as printed where it was recorded."""
    assert cell.number is not None
    if row is None or row.value is None:
        return Interval.point(cell.number)
    approx = _approx(row)
    if row.decimals is None and not approx:
        return Interval.point(cell.number)
    printed = printed_interval(row.value, row.decimals or 0, approx)
    return printed * in_measure(Fraction(1), row.measure, definition.measure)


def _approx(row: Observation) -> str:
    if row.basis is Basis.ESTIMATED:
        return "预计"
    if not row.approx:
        return ""
    return next((mark for word, mark in _PRINTED.items() if row.note.startswith(word)), "约")


def _no_growth(actual: Fact, base: Fact) -> Derived:
    return year_on_year(Cell(actual.value, Presence.PRESENT), Cell(base.value, Presence.PRESENT))
