"""What a person is reminded of beside this month's figures: tasks that come due, objections to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.assessment.appeals import waiting_appeals
from kaohe.web.ledger.choices import MessageKind
from kaohe.web.ledger.deadlines import Calendar, Deadlines
from kaohe.web.ledger.models import Message, Observation
from kaohe.web.supervision.models import Task, TaskState

_FEW = 4


@dataclass(frozen=True, slots=True)
class ToDo:
    """A thing to do: its mark, what it is, why it matters in a line, and one button straight to the place.

    ``plain`` is the title without figures, where that differs: what a digest file says.
    """

    tone: str
    mark: str
    title: str
    why: str
    button: str
    address: str
    overdue: bool = False
    plain: str = ""


def due_text(due: datetime | None, when: Deadlines) -> str:
    """By which day figures are due, and how many working days are left."""
    if due is None:
        return _("没有规定截止日")
    day = timezone.localtime(due).date()
    return days_text(day, when.calendar.days_left(day))


def days_text(day: date, days: int) -> str:
    """A due day with the working days that are left, or that have passed."""
    told = {"day": f"{day:%m-%d}", "days": abs(days)}
    if days < 0:
        return _("%(day)s 到期，已过 %(days)s 个工作日") % told
    if days == 0:
        return _("%(day)s 到期，就是今天") % told
    return _("%(day)s 到期，还有 %(days)s 个工作日") % told


def task_reminders(permits: Permits, calendar: Calendar) -> Iterator[ToDo]:
    """Open tasks that are late or come due soon, for who works on them and who supervises; one query.

    One by one while they are few, else those that are late and those that come due in a line each.
    """
    concerned = permits.figures(Verb.ENTER) | permits.figures(Verb.SUPERVISE)
    horizon = calendar.ahead(settings.SITE.remind_days)
    found = Task.objects.filter(concerned, state=TaskState.OPEN, due__lte=horizon)
    tasks = list(found.select_related("unit", "indicator__line").order_by("due", "order"))
    if len(tasks) <= _FEW:
        yield from (_task(permits, task, calendar) for task in tasks)
        return
    late = [task for task in tasks if _due(task) < calendar.today]
    soon = [task for task in tasks if _due(task) >= calendar.today]
    yield from (_tasks(some, is_late) for some, is_late in ((late, True), (soon, False)) if some)


def objections(permits: Permits) -> Iterator[ToDo]:
    """Objections that the person has to answer, oldest first; one query, none for who verifies nothing."""
    if next(permits.having(Verb.VERIFY), None) is None:
        return
    later = Message.objects.filter(
        observation=OuterRef("observation"), kind=MessageKind.ANSWER, at__gte=OuterRef("at")
    )
    rows = Message.objects.filter(~Exists(later), _of_figures(permits), kind=MessageKind.OBJECTION)
    for row in rows.select_related("observation__unit", "observation__indicator").order_by("at")[:_FEW]:
        about = row.observation
        address = reverse("cell", args=(about.unit.code, about.indicator.code, about.month))
        title = _("答复异议 %(unit)s %(name)s") % {"unit": about.unit, "name": about.indicator.name}
        yield ToDo("blue", _("异议"), title, row.text[:60], _("去答复"), address)


def appeals(permits: Permits) -> Iterator[ToDo]:
    """Appeals against points that the person has to answer; one query, none for who publishes nothing."""
    if next(permits.having(Verb.PUBLISH), None) is None:
        return
    for row in waiting_appeals(permits)[:_FEW]:
        address = reverse("working", args=(row.unit.code, row.criterion))
        query = f"?unit={row.unit.code}&month={row.run.month}#appeals"
        title = _("答复申诉 %(unit)s %(name)s") % {"unit": row.unit, "name": row.name}
        yield ToDo("blue", _("申诉"), title, row.grounds[:60], _("去答复"), f"{address}{query}")


def _of_figures(permits: Permits) -> Q:
    return Q(observation__in=Observation.objects.filter(permits.figures(Verb.VERIFY)))


def _task(permits: Permits, task: Task, calendar: Calendar) -> ToDo:
    days = calendar.days_left(_due(task))
    line = task.indicator.line.code if task.indicator is not None else None
    supervises = permits.may(Verb.SUPERVISE, task.unit, line)
    title = _("催办 %(unit)s 措施：%(task)s") if supervises else _("办理 %(unit)s 措施：%(task)s")
    late = days < 0
    return ToDo(
        "red" if late else "amber",
        _("逾期") if late else _("临期"),
        title % {"unit": task.unit, "task": task.deliverable},
        days_text(_due(task), days),
        _("看措施") if supervises else _("报进展"),
        reverse("task", args=(task.pk,)),
        late,
        title % {"unit": task.unit, "task": task.code},
    )


def _tasks(tasks: Sequence[Task], late: bool) -> ToDo:
    title = _("%(number)s 项措施逾期未办结") if late else _("%(number)s 项措施快到期")
    names = "、".join(dict.fromkeys(str(task.unit) for task in tasks[:3]))
    address = f"{reverse('tasks')}?state={'overdue' if late else 'open'}"
    return ToDo(
        "red" if late else "amber", _("逾期") if late else _("临期"), title % {"number": len(tasks)},
        names, _("看清单"), address, late,
    )  # fmt: skip


def _due(task: Task) -> date:
    assert task.due is not None
    return task.due
