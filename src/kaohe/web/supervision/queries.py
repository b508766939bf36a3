"""What a person may see of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from django.db.models import Count, Prefetch, Q, QuerySet

from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.config.clock import today
from kaohe.web.dashboard.places import Place
from kaohe.web.ledger.life import valid_in
from kaohe.web.ledger.models import Indicator, ReportingUnit
from kaohe.web.ledger.workdays import exceptions_between, is_worked
from kaohe.web.supervision.gaps import Behind, behind_without_task, board_rows
from kaohe.web.supervision.models import Task, TaskNote, TaskState
from kaohe.web.supervision.permissions import may_task


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with the working days that are left; none without a due day or once it is closed."""

    task: Task
    days: int | None

    @property
    def overdue(self) -> bool:
        """Whether its due day has passed while it is open."""
        return self.days is not None and self.days < 0

    @property
    def late_by(self) -> int:
        """How many working days it is overdue."""
        return -(self.days or 0)

    @property
    def last_note(self) -> TaskNote | None:
        """The last thing said about it."""
        notes = list(self.task.notes.all())
        return notes[-1] if notes else None


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks of a unit and of all below it, and what is behind without one."""

    gaps: tuple[Behind, ...]
    rows: tuple[TaskRow, ...]
    counts: dict[str, int]
    chosen: str
    scored: bool
    units: tuple[tuple[ReportingUnit, int], ...]
    may_assign: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task, and what the person may do with it."""

    row: TaskRow
    notes: Sequence[TaskNote]
    may_report: bool
    may_supervise: bool


def tasks_seen(permits: Permits) -> QuerySet[Task]:
    """The tasks that the person may see, with their unit, indicator and line."""
    return Task.objects.filter(permits.figures()).select_related("unit", "indicator__line")


def task(permits: Permits, pk: int) -> Task:
    """One task that the person may see; raises ``Unknown`` for any other."""
    found = tasks_seen(permits).filter(pk=pk).first()
    if found is None:
        raise Unknown
    return found


def task_list(place: Place, chosen: str) -> TaskList:
    """The page of tasks; ``chosen`` is overdue, open, closed or blank for all."""
    kept = tasks_seen(place.permits).filter(unit__path__startswith=place.unit.path)
    notes = TaskNote.objects.select_related("by")
    rows = with_days(kept.prefetch_related(Prefetch("notes", notes)))
    board = board_rows(place.permits, place.unit, place.month)
    open_here = [r.task for r in rows if r.task.state == TaskState.OPEN and r.task.unit_id == place.unit.pk]
    tasked = [task.indicator.code for task in open_here if task.indicator is not None]
    groups = {name: [row for row in rows if _is(row, name)] for name in ("overdue", "open", "closed")}
    return TaskList(
        gaps=tuple(behind_without_task(place.permits, place.unit, board.values(), tasked)),
        rows=tuple(groups.get(chosen, rows)),
        counts={name: len(found) for name, found in groups.items()},
        chosen=chosen if chosen in groups else "",
        scored=bool(board),
        units=tuple(_below(place)) if not board else (),
        may_assign=place.permits.may(Verb.SUPERVISE, place.unit),
    )


def task_page(permits: Permits, pk: int) -> TaskPage:
    """One task with all that was said about it."""
    found = task(permits, pk)
    (row,) = with_days([found])
    return TaskPage(
        row=row,
        notes=list(found.notes.select_related("by")),
        may_report=may_task(permits, Verb.ENTER, found) and found.state == TaskState.OPEN,
        may_supervise=may_task(permits, Verb.SUPERVISE, found),
    )


def with_days(tasks: Iterable[Task]) -> list[TaskRow]:
    """Tasks with the working days left, overdue first, then by due day; one query for the holidays."""
    found, now = list(tasks), today()
    dues = [task.due for task in found if task.due and task.state == TaskState.OPEN]
    holidays = exceptions_between(min([now, *dues]), max([now, *dues])) if dues else {}
    rows = [
        TaskRow(task, _days(now, task.due, holidays) if task.due and task.state == TaskState.OPEN else None)
        for task in found
    ]
    return sorted(rows, key=lambda row: (row.task.state != TaskState.OPEN, row.task.due or date.max))


def indicators_of(permits: Permits, unit: ReportingUnit) -> QuerySet[Indicator]:
    """The indicators of a unit for which the person may give it a task."""
    reported = Indicator.objects.filter(duties__unit=unit).select_related("line")
    lines = [permit.lines for permit in permits.having(Verb.SUPERVISE) if unit.path.startswith(permit.path)]
    if not lines:
        return reported.none()
    if all(lines):
        reported = reported.filter(line__code__in=frozenset().union(*lines))
    return reported.order_by("line__order", "order", "pk")


def refuse_indicator(permits: Permits, unit: ReportingUnit, code: str) -> NoReturn:
    """Refuses a task on an indicator: ``Forbidden`` where it is seen, else ``Unknown``."""
    found = Indicator.objects.filter(code=code, duties__unit=unit).select_related("line").first()
    if found is not None:
        permits.need(Verb.SUPERVISE, unit, found.line.code)
    raise Unknown


def _below(place: Place) -> Iterable[tuple[ReportingUnit, int]]:
    units = ReportingUnit.objects.filter(place.permits.units(), valid_in(place.month), parent=place.unit)
    counted = Count("tasks", filter=Q(tasks__in=tasks_seen(place.permits).values("pk")))
    return ((unit, unit.number) for unit in units.annotate(number=counted))


def _is(row: TaskRow, name: str) -> bool:
    if name == "overdue":
        return row.overdue
    return (row.task.state == TaskState.OPEN) is (name == "open")


def _days(now: date, due: date, holidays: dict[date, bool]) -> int:
    first, last = min(now, due), max(now, due)
    span = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    count = sum(is_worked(day, holidays) for day in span)
    return count if due >= now else -count
