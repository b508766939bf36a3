"""Where an indicator stands against its target, and what the rest of the year must bring."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.facts.cells import MISSING, Cell, Presence
from kaohe.facts.derived import (
    Derived,
    attainment,
    difference_in_points,
    gap,
    needed_per_remaining_month,
    pace_gap,
    turn,
    year_on_year,
)
from kaohe.facts.errors import DataError
from kaohe.facts.model import Form, Indicator, IndicatorKind, Target
from kaohe.facts.schedules import LEVEL, LEVEL_KINDS
from kaohe.outlook.figures import Figure, computed_decimals, decimals_of, is_demo
from kaohe.outlook.model import Progress
from kaohe.outlook.observed import WORDS, Choice, UnitFacts
from kaohe.quantities.periods import Period

NOT_PRINTED = "目标未列"
_PLAIN_FORMS = frozenset({Form.ABSOLUTE, Form.GROWTH, Form.POINTS})


def progress_of(
    facts: UnitFacts, indicator: str, choice: Choice | None = None, period: Period | None = None
) -> Progress:
    """Where the unit stands on ``indicator`` against the target that ``choice`` picks.

    ``period`` is the indicator's own when it is not the one asked for (去冬今春); no schedule is then
    followed. Raises ``DataError`` when the indicator is not in the data.
    """
    return _Reading(facts, indicator, choice or {}, period).progress()


class _Reading:
    """One indicator of one unit, read once."""

    def __init__(self, facts: UnitFacts, indicator: str, choice: Choice, period: Period | None) -> None:
        self.facts, self.name, self.choice, self.period = facts, indicator, choice, period
        self.definition = facts.data.indicator(indicator) or Indicator(indicator, name=indicator)
        self.cell = facts.cell(indicator, period)
        self.actual = facts.figure(indicator, period)
        self.disputed = ""
        self.row = self._target_row()
        self.wanted = self._target_cell()

    def progress(self) -> Progress:
        target, reached = self._target(), self._attainment()
        missing = self._missing(target)
        needed, average = self._needed(missing), self._average()
        return Progress(
            indicator=self.name,
            name=self.definition.name or self.name,
            measure=self.definition.measure,
            actual=self.actual,
            growth=self._growth(),
            target=target,
            attainment=reached,
            pace=self._pace(reached),
            gap=self._gap(reached),
            missing=missing,
            needed=needed,
            average=average,
            times=_times(needed, average),
            issuer=self.row.issuer if self.row else "",
            piles_up=self._piles_up,
            due=self._due(),
            presence=self.cell.presence.value,
            lead=self.facts.unit_name(self.row.lead_unit) if self.row else "",
            owner=self.row.owner if self.row else "",
            leader=self.row.accountable_leader if self.row else "",
        )

    # --- target ---------------------------------------------------------------------------------

    def _target_row(self) -> Target | None:
        try:
            return self.facts.target_row(self.name, self.choice)
        except DataError:
            self.disputed = "几个目标并存"
            return None

    def _target_cell(self) -> Cell:
        try:
            return self.facts.target_cell(self.name, self.choice)
        except DataError:
            return MISSING

    @property
    def _form(self) -> Form:
        return self.row.form if self.row else Form.ABSOLUTE

    @property
    def _piles_up(self) -> bool:
        if self.row is not None and self.row.schedule == LEVEL:
            return False
        return self.definition.kind not in LEVEL_KINDS and self._form not in (Form.RANK, Form.AT_MOST)

    @property
    def _has_target(self) -> bool:
        return self.period is None and (self.row is not None or self.wanted.present)

    def _target(self) -> Figure:
        if self.disputed or not self._has_target:
            return Figure(words=self.disputed)
        source = self.row.document if self.row else self.wanted.source
        value = self.wanted.number
        if value is None and self.row and self._form in _PLAIN_FORMS and self.row.value is None:
            return Figure(words=NOT_PRINTED, demo=is_demo(source), source=source)
        if value is None:
            return Figure(words=WORDS.get(self.wanted.presence, ""), demo=is_demo(source), source=source)
        mark = "≈" if self.row and self.row.approx else ""
        return Figure(value, decimals_of(value), mark=mark, demo=is_demo(source), source=source)

    # --- attainment and pace --------------------------------------------------------------------

    def _attainment(self) -> Figure:
        if not self._has_target:
            return Figure()
        stated = self._stated_attainment()
        if stated is not None:
            return stated
        reached = self._reached()
        if reached.value is None:
            return Figure(words=reached.text)
        return self._derived(reached, 100, 1)

    def _stated_attainment(self) -> Figure | None:
        """The printed rate, when the target was derived from it: to compute it again would be a circle."""
        printed = self.facts.published_attainment(self.name)
        if printed is None or self.row is None or not self.row.approx:
            return None
        figure = self.facts.figure(printed.indicator)
        return replace(figure, stated=True, estimated=_within(figure)) if figure.present else None

    def _reached(self) -> Derived:
        unknown = self.row is not None and self.row.value is None and self._form is Form.ABSOLUTE
        if unknown and self.cell.number == 0:
            return Derived(Fraction(0))  # nothing of any target is nothing
        return attainment(self.cell, self.wanted, self._form)

    def _share(self) -> Fraction:
        return self.facts.pace(self.name, self.choice)

    def _pace(self, reached: Figure) -> Figure:
        if not self._has_target or self._form is Form.BY_DATE or not self._piles_up:
            return Figure(words="不按时序" if reached.present else "")
        return Figure(self._share() * 100, 1)

    def _gap(self, reached: Figure) -> Figure:
        if reached.value is None or not self._has_target:
            return Figure()
        behind = pace_gap(Derived(reached.value / 100), self._share())
        figure = self._derived(behind, 100, 1)
        return replace(figure, signed=True, demo=figure.demo or reached.demo)

    def _due(self) -> str:
        if not self._has_target or self._share() > 0:
            return ""
        month = self.facts.due_month(self.name, self.choice)
        return f"{month}月到期" if month else ""

    # --- growth ---------------------------------------------------------------------------------

    def _growth(self) -> Figure:
        if self.period is not None or self.definition.kind is IndicatorKind.GROWTH:
            return Figure()
        base = self._baseline()
        if base.present and self.cell.present:
            return self._computed_growth(base)
        printed = self.facts.published_growth(self.name)
        if printed is None:
            return Figure()
        figure = self.facts.figure(printed.indicator)
        measure = "百分点" if printed.measure == "百分点" else ""
        if not figure.present:
            return Figure()
        return replace(figure, stated=True, signed=True, measure=measure, estimated=_within(figure))

    def _baseline(self) -> Cell:
        try:
            return self.facts.baseline(self.name)
        except DataError:
            return MISSING

    def _computed_growth(self, base: Cell) -> Figure:
        if self.definition.kind is IndicatorKind.RATIO or self.definition.measure == "%":
            assert self.cell.number is not None and base.number is not None
            change = difference_in_points(Derived(self.cell.number / 100), Derived(base.number / 100))
            return replace(self._derived(change, 1, 1), signed=True, measure="百分点")
        growth = year_on_year(self.cell, base)
        if growth.value is None or (self.cell.number or 0) < 0:
            assert self.cell.number is not None and base.number is not None
            return Figure(words=turn(self.cell.number, base.number).value)
        return replace(self._derived(growth, 100, 1), signed=True)

    # --- what is left ---------------------------------------------------------------------------

    def _missing(self, target: Figure) -> Figure:
        if target.value is None or self.actual.value is None or self._form not in _PLAIN_FORMS:
            return Figure(words=target.words if target.words == NOT_PRINTED else "")
        left = gap(self.cell, self.wanted)
        if left.value is None or left.value <= 0:
            return Figure()
        coarse = min if target.mark else max
        decimals = coarse(self.actual.decimals, target.decimals)
        return replace(self._derived(left, 1, decimals), mark=target.mark)

    def _needed(self, missing: Figure) -> Figure:
        if missing.value is None or not self._piles_up:
            return Figure(words=missing.words)
        monthly = needed_per_remaining_month(self.cell, self.wanted, self.facts.period.end_month)
        if monthly.value is None:
            return Figure(words=monthly.text)
        return replace(self._derived(monthly, 1, computed_decimals(monthly.value)), mark=missing.mark)

    def _average(self) -> Figure:
        monthly = self._piles_up and self.definition.kind in (IndicatorKind.FLOW, IndicatorKind.COUNT)
        if self.actual.value is None or self.period is not None or not monthly:
            return Figure()
        value = self.actual.value / self.facts.period.months
        decimals = computed_decimals(value) if value else 0
        return Figure(value, decimals, estimated=self.actual.estimated, demo=self.actual.demo)

    def _derived(self, derived: Derived, factor: int, decimals: int) -> Figure:
        """A computed figure carries the marks of what it was computed from."""
        if derived.value is None:
            return Figure(words=derived.text)
        target_source = self.row.document if self.row else ""
        return Figure(
            derived.value * factor,
            decimals,
            estimated="含预计" if derived.estimated else "",
            demo=self.actual.demo or is_demo(target_source),
        )


def _within(figure: Figure) -> str:
    """A rate made of an estimate contains one."""
    return "含预计" if figure.estimated else ""


def _times(needed: Figure, average: Figure) -> Figure:
    if needed.value is None or average.value is None:
        return Figure()
    if average.value <= 0:
        return Figure(words="从零起步")
    return Figure(needed.value / average.value, 2, mark=needed.mark, demo=needed.demo or average.demo)


def nothing_measured(name: str, words: str = "", presence: Presence = Presence.NOT_APPLICABLE) -> Progress:
    """The progress of a criterion that has no indicator of its own."""
    none = Figure()
    return Progress(
        indicator="",
        name=name,
        measure="",
        actual=Figure(words=words),
        growth=none,
        target=none,
        attainment=none,
        pace=none,
        gap=none,
        missing=none,
        needed=none,
        average=none,
        times=none,
        piles_up=False,
        presence=presence.value,
    )
