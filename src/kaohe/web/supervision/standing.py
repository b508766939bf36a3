"""Where units stand against targets: by the stored board, else as the library reads the figures now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Q

from kaohe.facts import model as facts
from kaohe.facts.ledger import Ledger
from kaohe.facts.ledger_dataset import LedgerDataset
from kaohe.outlook.lights import Light, usual_lights
from kaohe.outlook.model import Progress
from kaohe.outlook.observed import UnitFacts
from kaohe.outlook.progress import progress_of
from kaohe.quantities.periods import Period
from kaohe.web.assessment.snapshot import (
    indicator_fact,
    line_fact,
    observation_facts,
    schedule_fact,
    target_fact,
    unit_fact,
)
from kaohe.web.ledger.models import ACCUMULATING, Indicator, Observation, ReportingUnit, SchedulePoint, Target

_BUILT_IN = frozenset({"", "linear", "level"})
_OF_ONE_MONTH = ACCUMULATING | {"stock"}
_RELATED = ("unit", "indicator__line", "indicator__numerator", "indicator__denominator")


def standings(
    targets: Sequence[Target], month: str, points: Sequence[SchedulePoint] | None = None
) -> dict[int, Progress]:
    """Where each target's unit stands at the end of a month, by the target's key; two queries at most.

    The targets have been read with ``unit``, ``lead_unit``, ``parent_target`` and ``indicator`` with its line
    and parts; ``points`` are those of their curves, when they have been read.
    """
    if not targets:
        return {}
    curves = points_of(targets) if points is None else points
    ledger = LedgerDataset(_ledger(targets, month, curves), None)
    data = ledger.at(Period.parse(month).year_to_date())
    known = {code: UnitFacts(data, code) for code in {target.unit.code for target in targets}}
    return {
        target.pk: progress_of(known[target.unit.code], target.indicator.code, choice_of(target))
        for target in targets
    }


def points_of(targets: Sequence[Target]) -> list[SchedulePoint]:
    """The points of the stored curves that targets follow."""
    names = {target.schedule for target in targets} - _BUILT_IN
    if not names:
        return []
    return list(SchedulePoint.objects.filter(schedule__in=names).order_by("schedule", "month"))


def choice_of(target: Target) -> dict[str, str]:
    """What tells a target from others of its unit and indicator."""
    choice = {"issuer": target.issuer, "document": target.document, "version": target.edition}
    return {name: text for name, text in choice.items() if text}


def light_of(progress: Progress) -> Light | None:
    """The light of a target without points of its own; None where nothing is due or known."""
    lights = usual_lights()
    if progress.presence in ("not_due", "missing"):
        return lights[progress.presence]
    reached, gap = progress.attainment.value, progress.gap.value
    if reached is None or gap is None:
        return None
    return lights.by_schedule(reached / 100, gap, progress.piles_up)


def _ledger(targets: Sequence[Target], month: str, points: Iterable[SchedulePoint]) -> Ledger:
    indicators = _with_parts(target.indicator for target in targets)
    units = {target.unit.code: target.unit for target in targets}
    leads = {t.lead_unit.code: t.lead_unit for t in targets if t.lead_unit is not None}
    lines = {row.line.code: row.line for row in indicators.values()}
    rows = _observations(units, indicators, month)
    # Versions come into force by month; each is looked at by itself here, whenever it was adopted.
    told = (replace(target_fact(target), valid_from=None) for target in targets)
    return Ledger(
        # A unit that was closed since still has its targets' pages.
        reporting_units=tuple(
            replace(unit_fact(unit), valid_from=None, valid_to=None, successor="")
            for unit in {**leads, **units}.values()
        ),
        lines=tuple(map(line_fact, lines.values())),
        indicators=tuple(_closed(row, indicators) for row in indicators.values()),
        observations=tuple(fact for row in rows for fact in observation_facts(row)),
        targets=tuple(replace(fact, parent_target="") for fact in told),
        schedules=tuple(map(schedule_fact, points)),
    )


def _with_parts(asked: Iterable[Indicator]) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for indicator in asked:
        found[indicator.code] = indicator
        for part in (indicator.numerator, indicator.denominator):
            if part is not None:
                found.setdefault(part.code, part)
    return found


def _closed(indicator: Indicator, known: Mapping[str, Indicator]) -> facts.Indicator:
    fact = indicator_fact(indicator)
    whole = {fact.numerator, fact.denominator} <= {*known, ""}
    return fact if whole else replace(fact, numerator="", denominator="", kind=facts.IndicatorKind.RATIO)


def _observations(
    units: Mapping[str, ReportingUnit], indicators: Mapping[str, Indicator], month: str
) -> Iterable[Observation]:
    """The figures of the month, of the month a year before, and of that year's end.

    Of what lasts until it is said anew (a rank, a milestone) every month of both years.
    """
    before = int(month[:4]) - 1
    looked_at = Q(month__in=(month, f"{before}{month[4:]}", f"{before}-12"))
    lasting = [row.pk for row in indicators.values() if row.kind not in _OF_ONE_MONTH]
    kept = Observation.objects.filter(
        looked_at | Q(indicator__in=lasting), unit__in=units.values(), indicator__in=indicators.values()
    )
    rows = kept.filter(month__gte=f"{before}-01", month__lte=month)
    return rows.select_related(*_RELATED, "entered_by", "verified__by").order_by("month", "pk")
