"""What a person may see of the ledger, already limited to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.queries import HistoryEntry, history_of
from kaohe.web.ledger.choices import State
from kaohe.web.ledger.deadlines import deadlines_of
from kaohe.web.ledger.grid import EntryGrid, GridCell, entry_grid, grid_cells_of
from kaohe.web.ledger.life import valid_in
from kaohe.web.ledger.models import (
    Collection,
    Indicator,
    Message,
    Observation,
    ReportingDuty,
    ReportingUnit,
    Submission,
    Target,
)
from kaohe.web.ledger.rows import GridRow, row_of

_UNFINISHED = (State.DRAFT, State.RETURNED)
_WAITING = {Verb.REVIEW: State.SUBMITTED, Verb.VERIFY: State.REVIEWED}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a month is due, and how many working days are left; negative when overdue.

    ``line`` names the line that it is about; blank for the unit as a whole.
    """

    due: datetime
    days: int
    line: str = ""

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.days < 0

    @property
    def late_by(self) -> int:
        """How many working days it is overdue."""
        return -self.days


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure that waits for somebody's step, beside what it is compared with."""

    observation: Observation
    row: GridRow


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection with how many of its figures are in each state, due and absent."""

    collection: Collection
    counts: Mapping[str, int]
    may_close: bool

    @property
    def lacks(self) -> bool:
        """Whether a figure is not there, or there and not submitted."""
        return bool(self.counts["absent"] or self.counts["unfinished"])


@dataclass(frozen=True, slots=True)
class Missing:
    """What a unit still owes a collection: figures that are not there, and drafts and returned ones."""

    unit: ReportingUnit
    absent: list[Indicator]
    unfinished: list[Indicator]


@dataclass(frozen=True, slots=True)
class CellPage:
    """Everything about one figure."""

    observation: Observation | None
    unit: ReportingUnit
    indicator: Indicator
    month: str
    row: GridRow
    messages: Sequence[Message]
    history: Sequence[HistoryEntry]
    targets: Sequence[Target]
    may_return: bool
    may_review: bool
    may_verify: bool
    may_withdraw: bool
    may_object: bool
    may_answer: bool


def unit(permits: Permits, code: str) -> ReportingUnit:
    """A unit that the person may see; raises ``Unknown`` for any other."""
    return _found(ReportingUnit.objects.filter(permits.units(), code=code))


def units_to_enter(permits: Permits, month: str) -> QuerySet[ReportingUnit]:
    """The units for which the person enters figures and that reported any in the month, in official order."""
    rows = ReportingUnit.objects.filter(permits.units(Verb.ENTER), valid_in(month), duties__isnull=False)
    return rows.distinct()


def observations(permits: Permits) -> QuerySet[Observation]:
    """The figures that the person may see, with their unit, indicator and line."""
    rows = Observation.objects.filter(permits.figures())
    return rows.select_related(
        "unit", "indicator__line", "indicator__whole__line", "entered_by", "verified__by"
    )


def observation(permits: Permits, unit_code: str, indicator_code: str, month: str) -> Observation:
    """One figure that the person may see; raises ``Unknown`` for any other."""
    rows = observations(permits)
    return _found(rows.filter(unit__code=unit_code, indicator__code=indicator_code, month=month))


def waiting_for(permits: Permits, verb: Verb, month: str) -> list[tuple[ReportingUnit, list[Waiting]]]:
    """The month's figures that wait for a verb of the person, by unit; a constant number of queries."""
    mine = observations(permits).filter(permits.figures(verb), month=month, state=_WAITING[verb])
    rows = list(mine.order_by("unit__order", "unit_id", "indicator__line__order", "indicator__order"))
    compared = {row.pk: row_of(cell) for row, cell in grid_cells_of(permits, rows, month)}
    by_unit: dict[ReportingUnit, list[Waiting]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(Waiting(row, compared[row.pk]))
    return list(by_unit.items())


def count_waiting(permits: Permits, verb: Verb, month: str) -> int:
    """How many figures of the month wait for a verb of the person."""
    return Observation.objects.filter(permits.figures(verb), month=month, state=_WAITING[verb]).count()


def cell_page(permits: Permits, unit_code: str, indicator_code: str, month: str) -> CellPage:
    """Everything about one figure that the unit reports, or has reported."""
    where = unit(permits, unit_code)
    indicator = _found(Indicator.objects.select_related("line", "whole").filter(code=indicator_code))
    permits.need(Verb.VIEW, where, indicator.line.code)
    cell = entry_grid(permits, where, month, (indicator_code,)).by_code().get(indicator_code)
    if cell is None:
        raise Unknown
    held = observations(permits).filter(unit=where, indicator=indicator, month=month).first()
    return _page(permits, where, indicator, month, cell, held)


def unit_deadlines(grid: EntryGrid) -> tuple[Deadline | None, ...]:
    """When a grid is due: the unit as a whole, then the lines that are due at another time; two queries."""
    opened = [] if grid.collection is None else [(grid.collection.unit.path, grid.collection.due)]
    deadlines, path = deadlines_of(grid.month, [grid.unit.path], opened), grid.unit.path
    usual = deadlines.due(path)
    own = [(group.line, deadlines.due(path, group.code)) for group in grid.groups]
    others = [(line, due) for line, due in own if due is not None and due != usual]
    return (
        None if usual is None else Deadline(usual, deadlines.days_until(usual)),
        *(Deadline(due, deadlines.days_until(due), line) for line, due in others),
    )


def last_save(person: Person, where: ReportingUnit, month: str) -> Submission | None:
    """The person's last acknowledged pressing of a button."""
    return Submission.objects.filter(person=person).order_by("-at").first()


def collections(permits: Permits) -> list[CollectionRow]:
    """The collections that the person sees, newest first, with how far each is; three queries."""
    rows = Collection.objects.filter(unit__in=ReportingUnit.objects.filter(permits.units()))
    made = list(rows.select_related("unit").order_by("-month", "unit__order")[:36])
    counts = _counts(permits, made)
    return [CollectionRow(row, counts[row.pk], permits.may(Verb.CLOSE, row.unit)) for row in made]


def to_open(permits: Permits, month: str) -> list[ReportingUnit]:
    """The units whose collection of a month the person may open, and that have none of their own yet."""
    rows = ReportingUnit.objects.filter(permits.units(Verb.CLOSE), valid_in(month))
    return list(rows.exclude(collections__month=month).exclude(kind__in=("office", "village")))


def collection(permits: Permits, pk: int) -> Collection:
    """A collection that the person may see."""
    rows = Collection.objects.filter(unit__in=ReportingUnit.objects.filter(permits.units()), pk=pk)
    return _found(rows.select_related("unit"))


def missing_of(permits: Permits, row: Collection) -> list[Missing]:
    """What a collection still lacks, by unit: figures that are not there or not submitted; one query."""
    held = Observation.objects.filter(unit=OuterRef("unit"), indicator=OuterRef("indicator"), month=row.month)
    due = _due(permits).filter(
        Q(last_month="") | Q(last_month__gte=row.month),
        unit__path__startswith=row.unit.path,
        first_month__lte=row.month,
    )
    lacking = due.annotate(state=Subquery(held.values("state")[:1])).filter(
        Q(state__isnull=True) | Q(state__in=_UNFINISHED)
    )
    found: dict[ReportingUnit, Missing] = {}
    for duty in lacking.select_related("unit", "indicator").order_by("unit__order", "indicator__order"):
        of_unit = found.setdefault(duty.unit, Missing(duty.unit, [], []))
        (of_unit.absent if duty.state is None else of_unit.unfinished).append(duty.indicator)
    return list(found.values())


def _due(permits: Permits) -> QuerySet[ReportingDuty]:
    """What is to be reported by whom the person sees; what is worked out is never typed."""
    return ReportingDuty.objects.filter(permits.figures(), indicator__numerator__isnull=True)


def _counts(permits: Permits, rows: Sequence[Collection]) -> dict[int, dict[str, int]]:
    """Of each collection, how many figures are in each state, and how many are due and not there."""
    months = {row.month for row in rows}
    figures = Observation.objects.filter(permits.figures(), month__in=months)
    states = list(figures.order_by().values_list("unit__path", "month", "state").annotate(Count("id")))
    spans = _due(permits).order_by().values_list("unit__path", "first_month", "last_month")
    duties = list(spans.annotate(Count("id")))
    return {row.pk: _count(row, states, duties) for row in rows}


def _count(
    row: Collection, states: Sequence[tuple[str, str, str, int]], duties: Sequence[tuple[str, str, str, int]]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for path, month, state, number in states:
        if month == row.month and path.startswith(row.unit.path):
            found[state] = found.get(state, 0) + number
    due = sum(
        number
        for path, first, last, number in duties
        if path.startswith(row.unit.path) and first <= row.month and (not last or last >= row.month)
    )
    unfinished = sum(found.get(state, 0) for state in _UNFINISHED)
    return {**found, "due": due, "absent": max(0, due - sum(found.values())), "unfinished": unfinished}


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Unknown
    return row


def _page(
    permits: Permits,
    where: ReportingUnit,
    indicator: Indicator,
    month: str,
    cell: GridCell,
    held: Observation | None,
) -> CellPage:
    state = held.state if held else ""
    said = list(held.messages.select_related("by")) if held else []

    def may(verb: Verb) -> bool:
        return permits.may_cell(verb, where, indicator)

    returned = (State.SUBMITTED, State.REVIEWED, State.VERIFIED)
    own = held is not None and held.entered_by_id == permits.person.pk
    return CellPage(
        observation=held,
        unit=where,
        indicator=indicator,
        month=month,
        row=row_of(cell),
        messages=said,
        history=history_of(held) if held else [],
        targets=list(Target.objects.filter(unit=where, indicator=indicator, period=month[:4])),
        may_return=(may(Verb.VERIFY) and state in returned)
        or (may(Verb.REVIEW) and state == State.SUBMITTED),
        may_review=may(Verb.REVIEW) and state == State.SUBMITTED,
        may_verify=may(Verb.VERIFY) and state in (State.REVIEWED, State.VERIFIED) and not own,
        may_withdraw=may(Verb.SUBMIT) and state == State.SUBMITTED,
        may_object=may(Verb.SUBMIT) and state in (State.RETURNED, State.VERIFIED),
        may_answer=may(Verb.VERIFY) and any(message.kind == "objection" for message in said),
    )
