"""Lists: the indicators of a unit, the units that a person sees, a unit with what is below it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from kaohe.web.accounts.models import Holding
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.assessment.models import Record
from kaohe.web.assessment.permissions import lines_seen
from kaohe.web.assessment.snapshot import COUNTED
from kaohe.web.dashboard.places import Place
from kaohe.web.ledger.life import valid_in
from kaohe.web.ledger.models import Indicator, Line, Observation, ReportingDuty, ReportingUnit


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator with this month's figure; a draft is shown only to those who enter it."""

    indicator: Indicator
    observation: Observation | None
    value: str
    state: str

    @property
    def decimals(self) -> int:
        """How many decimals the figure has."""
        return len(self.value.partition(".")[2])


@dataclass(frozen=True, slots=True)
class IndicatorList:
    """The indicators of a unit in groups by line; ``chosen`` is the line that they are limited to."""

    lines: tuple[Line, ...]
    chosen: str
    groups: tuple[tuple[Line, tuple[FigureRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its depth in the tree and how many of its figures of the month are where."""

    unit: ReportingUnit
    depth: int
    due: int
    states: dict[str, int]

    @property
    def absent(self) -> int:
        """How many are due and not there."""
        return max(0, self.due - sum(self.states.values()))

    @property
    def counted(self) -> int:
        """How many were reported."""
        return sum(number for state, number in self.states.items() if state in COUNTED)


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit: its children, its figures by line, who holds its posts, its registers."""

    place: Place
    row: UnitRow
    children: tuple[UnitRow, ...]
    figures: tuple[tuple[Line, tuple[FigureRow, ...]], ...]
    holdings: tuple[Holding, ...]
    registers: tuple[tuple[str, int], ...]


def indicator_list(place: Place, line: str) -> IndicatorList:
    """Every indicator that the unit reports and the person sees."""
    groups = _figures(place)
    lines = tuple(each for each, _rows in groups)
    kept = tuple((each, rows) for each, rows in groups if not line or each.code == line)
    return IndicatorList(lines, line, kept)


def _figures(place: Place) -> tuple[tuple[Line, tuple[FigureRow, ...]], ...]:
    still = Q(last_month="") | Q(last_month__gte=place.month)
    duties = ReportingDuty.objects.filter(
        place.permits.figures(), still, unit=place.unit, first_month__lte=place.month
    )
    ordered = duties.select_related("indicator__line").order_by("indicator__line__order", "indicator__order")
    held = Observation.objects.filter(place.permits.figures(), unit=place.unit, month=place.month)
    by_indicator = {row.indicator_id: row for row in held.select_related("verified", "entered_by")}
    groups: dict[Line, list[FigureRow]] = {}
    for duty in ordered:
        observation = by_indicator.get(duty.indicator_id)
        groups.setdefault(duty.indicator.line, []).append(_figure(place, duty.indicator, observation))
    return tuple((line, tuple(rows)) for line, rows in groups.items())


def _figure(place: Place, indicator: Indicator, row: Observation | None) -> FigureRow:
    if row is None:
        return FigureRow(indicator, None, "", "missing")
    enters = place.permits.may(Verb.ENTER, place.unit, indicator.line.code)
    if row.state not in COUNTED and not enters:
        return FigureRow(indicator, None, "", row.state)
    verified = getattr(row, "verified", None)
    return FigureRow(indicator, row, verified.value if verified is not None else row.value, row.state)


def unit_list(permits: Permits, month: str) -> list[UnitRow]:
    """The units that the person sees and that were there in the month, each under the one above it.

    In official order; two queries.
    """
    units = list(ReportingUnit.objects.filter(permits.units(), valid_in(month)))
    return _tree(_rows(permits, month, units))


def unit_page(permits: Permits, code: str, month: str) -> UnitPage:
    """One unit with all that is known of it in the month; raises ``Unknown`` when it may not be seen."""
    above = ReportingUnit.objects.filter(permits.units(), code=code).values("path")[:1]
    below = ReportingUnit.objects.filter(permits.units(), path__startswith=Subquery(above))
    below = below.filter(Q(code=code) | valid_in(month))
    rows = _rows(permits, month, list(below))
    own = next((row for row in rows if row.unit.code == code), None)
    if own is None:
        raise Unknown
    place = Place(permits, own.unit, month)
    people = Holding.objects.filter(post__unit=own.unit, until__isnull=True)
    return UnitPage(
        place=place,
        row=own,
        children=tuple(row for row in rows if row.unit.parent_id == own.unit.pk),
        figures=_figures(place),
        holdings=tuple(people.select_related("post", "person").order_by("post__order")),
        registers=_registers(place),
    )


def _registers(place: Place) -> tuple[tuple[str, int], ...]:
    if lines_seen(place.permits, place.unit) is not None:
        return ()
    kept = (
        Record.objects.filter(unit=place.unit).order_by("table").values("table").annotate(number=Count("pk"))
    )
    return tuple((row["table"], row["number"]) for row in kept)


def _rows(permits: Permits, month: str, units: list[ReportingUnit]) -> list[UnitRow]:
    """The units with how many of their figures are due and in which state; one query."""
    still = Q(last_month="") | Q(last_month__gte=month)
    held = Observation.objects.filter(unit=OuterRef("unit"), indicator=OuterRef("indicator"), month=month)
    duties = ReportingDuty.objects.filter(
        permits.figures(), still, first_month__lte=month, indicator__numerator__isnull=True
    )
    counted = duties.order_by().annotate(state=Subquery(held.values("state")[:1]))
    due: Counter[int] = Counter()
    states: dict[int, dict[str, int]] = {}
    for unit, state, number in counted.values_list("unit", "state").annotate(Count("pk")):
        due[unit] += number
        if state:
            states.setdefault(unit, {})[state] = number
    shallow = min((unit.path.count("/") for unit in units), default=0)
    return [
        UnitRow(unit, unit.path.count("/") - shallow, due[unit.pk], states.get(unit.pk, {})) for unit in units
    ]


def _tree(rows: list[UnitRow]) -> list[UnitRow]:
    """Parents before their children, siblings in official order."""
    order = {row.unit.code: row.unit.order for row in rows}
    return sorted(rows, key=lambda row: [(order.get(code, 0), code) for code in row.unit.path.split("/")])
