"""What a person may see of the ledger, already limited to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.queries import HistoryEntry, history_of
from kaohe.web.config.clock import today
from kaohe.web.ledger.choices import State
from kaohe.web.ledger.grid import GridCell, entry_grid, grid_cells_of
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
from kaohe.web.ledger.workdays import working_days_left

_WAITING = {Verb.REVIEW: State.SUBMITTED, Verb.VERIFY: State.REVIEWED}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a month is due, and how many working days are left; negative when overdue."""

    due: datetime
    days: int

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


def units_to_enter(permits: Permits) -> QuerySet[ReportingUnit]:
    """The units for which the person enters figures and that report any, in official order."""
    return ReportingUnit.objects.filter(permits.units(Verb.ENTER), duties__isnull=False).distinct()


def observations(permits: Permits) -> QuerySet[Observation]:
    """The figures that the person may see, with their unit, indicator and line."""
    rows = Observation.objects.filter(permits.figures())
    return rows.select_related("unit", "indicator__line", "entered_by", "verified__by")


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


def deadline(due: datetime | None) -> Deadline | None:
    """A due time with the working days that are left."""
    if due is None:
        return None
    return Deadline(due, working_days_left(today(), timezone.localtime(due).date()))


def last_save(person: Person, where: ReportingUnit, month: str) -> Submission | None:
    """The person's last acknowledged pressing of a button."""
    return Submission.objects.filter(person=person).order_by("-at").first()


def collections(permits: Permits) -> list[dict[str, Any]]:
    """The collections that the person sees, newest first, with how far each is."""
    rows = Collection.objects.filter(unit__in=ReportingUnit.objects.filter(permits.units()))
    made = list(rows.select_related("unit").order_by("-month", "unit__order")[:36])
    return [
        {"collection": row, "counts": counts(permits, row), "may_close": permits.may(Verb.CLOSE, row.unit)}
        for row in made
    ]


def collection(permits: Permits, pk: int) -> Collection:
    """A collection that the person may see."""
    rows = Collection.objects.filter(unit__in=ReportingUnit.objects.filter(permits.units()), pk=pk)
    return _found(rows.select_related("unit"))


def counts(permits: Permits, row: Collection) -> dict[str, int]:
    """How many figures of a collection are in each state, and how many are due and not there."""
    figures = Observation.objects.filter(
        permits.figures(), unit__path__startswith=row.unit.path, month=row.month
    )
    found = dict(figures.values_list("state").annotate(Count("id")))
    due = ReportingDuty.objects.filter(
        permits.figures(),
        Q(last_month="") | Q(last_month__gte=row.month),
        unit__path__startswith=row.unit.path,
        first_month__lte=row.month,
        indicator__numerator__isnull=True,
    ).count()
    unfinished = found.get(State.DRAFT, 0) + found.get(State.RETURNED, 0)
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
