"""What the page of an indicator shows: the year's curve, last year's, the targets by issuer, parts, history.

Every derived figure is the library's: the unit's rows of two years become a small ledger, and
``kaohe.outlook.progress`` reads it month by month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from django.db.models import Q

from kaohe.facts import model as facts
from kaohe.facts.ledger import Ledger
from kaohe.facts.ledger_dataset import LedgerDataset
from kaohe.outlook.figures import Figure
from kaohe.outlook.lights import Light, usual_lights
from kaohe.outlook.model import Progress, Row
from kaohe.outlook.observed import UnitFacts
from kaohe.outlook.progress import progress_of
from kaohe.quantities.periods import Period
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.assessment.models import Run, RunUnit
from kaohe.web.assessment.snapshot import (
    COUNTED,
    indicator_fact,
    line_fact,
    observation_facts,
    schedule_fact,
    target_fact,
    unit_fact,
)
from kaohe.web.assessment.stored import from_text
from kaohe.web.assessment.tracing import Deed, deeds_of
from kaohe.web.dashboard.chart import Chart, drawn_chart
from kaohe.web.dashboard.places import Place, seen_unit
from kaohe.web.ledger.models import (
    Indicator,
    Observation,
    ReportingDuty,
    ReportingUnit,
    SchedulePoint,
    Target,
)
from kaohe.web.ui.period import month_alone, span_text

_BUILT_IN = frozenset({"", "linear", "level"})


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A month of the year: the figures of the table under the chart."""

    month: str
    number: int
    progress: Progress | None
    observation: Observation | None
    alone: Figure
    last_year: Figure
    scheduled: Figure
    future: bool
    due: bool

    @property
    def hidden(self) -> bool:
        """Whether a figure is there that still belongs to its writer."""
        return self.observation is not None and self.observation.state not in COUNTED


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with where the unit stands against it; ``counts`` when it is the one that is scored."""

    target: Target
    progress: Progress
    light: Light | None
    counts: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the indicator, its figure and its share of the whole in per cent."""

    indicator: Indicator
    progress: Progress
    share: Figure


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history: what was done with the figure of a month, before → after."""

    deed: Deed
    month: str
    before: str
    after: str


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator of a unit in a month."""

    place: Place
    indicator: Indicator
    now: Progress
    light: Light | None
    columns: list[MonthColumn]
    chart: Chart
    targets: list[TargetRow]
    parts: list[PartRow]
    history: list[Change]
    row: Row | None
    run: Run | None
    may_enter: bool

    @cached_property
    def month_column(self) -> MonthColumn:
        """The column of the month asked for."""
        return next(column for column in self.columns if column.month == self.place.month)

    @property
    def span_text(self) -> str:
        """The period of the main figure: 1—9月累计, 9月."""
        return span_text(self.place.month) if self.indicator.accumulates else month_alone(self.place.month)


def indicator_page(permits: Permits, code: str, unit_code: str, month: str) -> IndicatorPage:
    """The page; raises ``Unknown`` for a unit or a line that the person may not see."""
    unit, indicator = _subject(permits, unit_code, code)
    permits.need(Verb.VIEW, unit, indicator.line.code)
    place = Place(permits, unit, month)
    rows = _rows(unit, indicator, month)
    targets = list(
        Target.objects.filter(unit=unit, indicator=indicator, period=month[:4])
        .select_related("unit", "indicator", "lead_unit")
        .order_by("pk")
    )
    year = _Year(place, indicator, rows, targets)
    scored, row = _scored(place, indicator)
    light = row.light if row is not None else _light(year.now)
    columns = year.columns()
    return IndicatorPage(
        place=place,
        indicator=indicator,
        now=year.now,
        light=light,
        columns=columns,
        chart=drawn_chart(columns, year.now, indicator.accumulates),
        targets=year.targets(row),
        parts=year.parts(),
        history=_history(permits, unit, indicator, year.own, month[:4]),
        row=row,
        run=scored,
        may_enter=permits.may(Verb.ENTER, unit, indicator.line.code),
    )


def _subject(permits: Permits, unit_code: str, code: str) -> tuple[ReportingUnit, Indicator]:
    """The unit and the indicator in one query, where the unit reports it."""
    duties = ReportingDuty.objects.filter(unit__code=unit_code, indicator__code=code)
    known = duties.select_related(
        "unit", "indicator__line", "indicator__whole", "indicator__numerator", "indicator__denominator"
    ).first()
    if known is not None:
        return known.unit, known.indicator
    rows = Indicator.objects.select_related("line", "whole", "numerator", "denominator")
    indicator = rows.filter(code=code).first()
    if indicator is None:
        raise Unknown
    return seen_unit(permits, unit_code), indicator


def _rows(unit: ReportingUnit, indicator: Indicator, month: str) -> list[Observation]:
    """The unit's figures of two years, of the indicator, of its parts and of what it is worked out from."""
    year = int(month[:4])
    own = Q(indicator=indicator) | Q(indicator__whole=indicator)
    for part in (indicator.numerator_id, indicator.denominator_id):
        if part is not None:
            own |= Q(indicator_id=part)
    rows = Observation.objects.filter(own, unit=unit, month__gte=f"{year - 1}-01", month__lte=f"{year}-12")
    related = ("unit", "indicator__line", "indicator__whole", "indicator__numerator")
    return list(
        rows.select_related(*related, "indicator__denominator", "entered_by", "verified__by").order_by(
            "month"
        )
    )


def _scored(place: Place, indicator: Indicator) -> tuple[Run | None, Row | None]:
    """The row of the stored board that this indicator stands for, and its run."""
    found = (
        RunUnit.objects.filter(unit=place.unit, run__month=place.month)
        .select_related("run__scheme")
        .order_by("-run__created", "-run_id")
        .first()
    )
    if found is None:
        return None, None
    board = from_text(found.board)
    rows = [row for group in board.groups for row in group.rows]
    own = [row for row in rows if row.progress.indicator == indicator.code]
    return found.run, next(iter(sorted(own, key=lambda row: not row.scored)), None)


def _light(now: Progress) -> Light | None:
    lights = usual_lights()
    if now.presence in ("not_due", "missing"):
        return lights[now.presence]
    reached, gap = now.attainment.value, now.gap.value
    if reached is None or gap is None:
        return None
    return lights.by_schedule(reached / 100, gap, now.piles_up)


class _Year:
    """The indicator's year as the library reads it."""

    def __init__(
        self, place: Place, indicator: Indicator, rows: Sequence[Observation], targets: Sequence[Target]
    ) -> None:
        self.place, self.indicator, self.rows, self.told = place, indicator, rows, targets
        self.own = {row.month: row for row in rows if row.indicator_id == indicator.pk}
        self.dataset = LedgerDataset(self._ledger(), None)

    def _ledger(self) -> Ledger:
        indicators = {row.indicator.code: row.indicator for row in self.rows}
        indicators[self.indicator.code] = self.indicator
        for part in (self.indicator.numerator, self.indicator.denominator):
            if part is not None:
                indicators.setdefault(part.code, part)
        kept = [indicator_fact(indicator) for indicator in indicators.values()]
        names = {fact.indicator for fact in kept}
        lines = {row.line.code: row.line for row in indicators.values()}
        leads = {t.lead_unit.code: t.lead_unit for t in self.told if t.lead_unit is not None}
        units = {**leads, self.place.unit.code: self.place.unit}
        return Ledger(
            reporting_units=tuple(unit_fact(unit) for unit in units.values()),
            lines=tuple(line_fact(line) for line in lines.values()),
            indicators=tuple(_closed(fact, names) for fact in kept),
            observations=tuple(fact for row in self.rows for fact in observation_facts(row)),
            # The target it was handed down from is not among these.
            targets=tuple(replace(target_fact(target), parent_target="") for target in self.told),
            schedules=tuple(self._curves()),
        )

    def _curves(self) -> Iterable[facts.Schedule]:
        names = {target.schedule for target in self.told} - _BUILT_IN
        if not names:
            return ()
        return map(schedule_fact, SchedulePoint.objects.filter(schedule__in=names))

    def _facts(self, month: str) -> UnitFacts:
        to_date = Period.parse(month).year_to_date()
        return UnitFacts(self.dataset.at(to_date), self.place.unit.code)

    def progress(self, month: str, indicator: str = "", choice: dict[str, str] | None = None) -> Progress:
        """Where the unit stood at the end of a month."""
        return progress_of(self._facts(month), indicator or self.indicator.code, choice or self._choice)

    @cached_property
    def _choice(self) -> dict[str, str]:
        """Of several targets the last one that was set is the one shown in the head."""
        return _choice_of(self.told[-1]) if len(self.told) > 1 else {}

    @cached_property
    def now(self) -> Progress:
        """Where it stands in the month asked for."""
        return self.progress(self.place.month)

    def columns(self) -> list[MonthColumn]:
        """The twelve months."""
        year = self.place.year
        return [self._column(f"{year}-{number:02}", number) for number in range(1, 13)]

    def _column(self, month: str, number: int) -> MonthColumn:
        future = month > self.place.month
        progress = self.progress(month)
        return MonthColumn(
            month=month,
            number=number,
            progress=None if future else progress,
            observation=None if future else self.own.get(month),
            alone=Figure() if future else self._alone(month, number),
            last_year=self._facts(month).figure(self.indicator.code, self._period(month).last_year()),
            scheduled=_scheduled(progress),
            future=future,
            due=not future,
        )

    def _period(self, month: str) -> Period:
        return self.indicator.period(month)

    def _alone(self, month: str, number: int) -> Figure:
        """The month's own share of what accumulates."""
        if not self.indicator.accumulates:
            return Figure()
        facts = self._facts(month)
        now = facts.figure(self.indicator.code)
        if now.value is None or number == 1:
            return now
        before = facts.figure(self.indicator.code, self._period(f"{month[:4]}-{number - 1:02}"))
        if before.value is None:
            return Figure()
        return Figure(now.value - before.value, max(now.decimals, before.decimals))

    def targets(self, row: Row | None) -> list[TargetRow]:
        """Each target by itself: targets of different issuers are never mixed."""
        scored = row.progress.issuer if row is not None else ""
        found = [(target, self.progress(self.place.month, choice=_choice_of(target))) for target in self.told]
        return [
            TargetRow(target, progress, _light(progress), bool(scored) and target.issuer == scored)
            for target, progress in found
        ]

    def parts(self) -> list[PartRow]:
        """The parts (其中) of the indicator that the unit reports."""
        read = {row.indicator.code: row.indicator for row in self.rows}
        return [self._part(part) for part in read.values() if part.whole_id == self.indicator.pk]

    def _part(self, part: Indicator) -> PartRow:
        progress = self.progress(self.place.month, part.code)
        value, whole = progress.actual.value, self.now.actual.value
        known = value is not None and whole is not None and whole > 0
        share = Figure(Fraction(value or 0) / Fraction(whole or 1) * 100, 1) if known else Figure()
        return PartRow(part, progress, share)


def _choice_of(target: Target) -> dict[str, str]:
    choice = {"issuer": target.issuer, "document": target.document, "version": target.edition}
    return {name: text for name, text in choice.items() if text}


def _closed(fact: facts.Indicator, names: set[str]) -> facts.Indicator:
    """The indicator, without parts that are not read for this page."""
    known = {fact.numerator, fact.denominator} <= names | {""}
    return fact if known else replace(fact, numerator="", denominator="")


def _scheduled(progress: Progress) -> Figure:
    """What the schedule asks for by then, in the indicator's measure."""
    target, pace = progress.target, progress.pace.value
    if target.value is None or pace is None:
        return Figure()
    return Figure(target.value * pace / 100, max(target.decimals, 2 if target.value < 100 else 0))


def _history(
    permits: Permits, unit: ReportingUnit, indicator: Indicator, own: dict[str, Observation], year: str
) -> list[Change]:
    """What was done with the year's figures, newest first. Drafts are told to those who enter them only."""
    enters = permits.may(Verb.ENTER, unit, indicator.line.code)
    kept = [row for month, row in own.items() if month.startswith(year)]
    rows = {str(row.pk): row for row in kept if enters or row.state in COUNTED}
    deeds = deeds_of(rows.values())
    single = Counter(deed.key for deed in deeds)
    return [_change(deed, rows[deed.key[1]], single[deed.key] == 1) for deed in reversed(deeds)]


def _change(deed: Deed, row: Observation, only: bool) -> Change:
    """What an event did with a figure; one that nobody touched since it came is still what it was."""
    return Change(deed, row.month, deed.before, deed.after or (row.value if only else ""))
