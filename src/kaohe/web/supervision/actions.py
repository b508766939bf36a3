"""What people do with tasks: assign, report progress, settle, cancel, take up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.recording import Entry, recorded
from kaohe.web.config import clock
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.importing import open_workbook
from kaohe.web.ledger.life import is_closed
from kaohe.web.ledger.models import ImportedSheet, Indicator, ReportingUnit
from kaohe.web.supervision.figures import read_figure
from kaohe.web.supervision.models import NoteKind, Task, TaskNote, TaskState
from kaohe.web.supervision.permissions import need_task
from kaohe.web.supervision.task_importing import ArrivingTask, preview_tasks


@dataclass(frozen=True, slots=True)
class TaskInput:
    """A task as somebody wrote it; ``contribution`` as typed, in the indicator's measure."""

    cause: str
    deliverable: str
    owner: str
    supporting: str = ""
    start: date | None = None
    due: date | None = None
    contribution: str = ""
    note: str = ""


def assign_task(*, permits: Permits, unit: ReportingUnit, indicator: Indicator, told: TaskInput) -> Task:
    """Gives a unit a task against the gap of an indicator (交办). ``Refused`` for one not whole."""
    permits.need(Verb.SUPERVISE, unit, indicator.line.code)
    if is_closed(unit):
        raise Refused(_("%(unit)s已撤并，不能再交办") % {"unit": unit})
    _refuse_gaps(told)
    figure = read_figure(told.contribution, indicator.measure, _("预计补足"))
    if figure.startswith("-"):
        raise Refused(_("预计补足应是正数"))
    with recorded("task.assign", by=permits.person) as entry:
        before = Task.objects.filter(unit=unit).count()
        task = Task(
            code=_code(unit, before + 1),
            unit=unit,
            indicator=indicator,
            cause=told.cause.strip(),
            owner=told.owner.strip(),
            supporting=told.supporting.strip(),
            start=told.start or clock.today(),
            due=told.due,
            deliverable=told.deliverable.strip(),
            contribution=figure,
            measure=indicator.measure if figure else "",
            approx=told.contribution.strip().startswith("≈"),
            note=told.note.strip(),
            order=before + 1,
        )
        entry.create(task)
    return task


def report_progress(*, permits: Permits, task: Task, text: str) -> TaskNote:
    """Says how far a task is (反馈进展), by whoever reports the unit's line."""
    need_task(permits, Verb.ENTER, task)
    if task.state != TaskState.OPEN:
        raise Refused(_("这项措施已办结或取消，不再报进展"))
    with recorded("task.report", by=permits.person) as entry:
        note = _note(permits, task, NoteKind.PROGRESS, text, _("请写明进展"))
        entry.create(note)
    return note


def settle_task(*, permits: Permits, task: Task, evidence: str) -> Task:
    """Strikes an open task off the list (办结), with what shows that it is done."""
    wanted = _("请写明办结的依据")
    return _move(
        "task.settle", permits, task, TaskState.OPEN, TaskState.DONE, NoteKind.SETTLED, evidence, wanted
    )  # fmt: skip


def cancel_task(*, permits: Permits, task: Task, reason: str) -> Task:
    """Gives an open task up, with the reason."""
    wanted = _("请写明取消的原因")
    return _move(
        "task.cancel", permits, task, TaskState.OPEN, TaskState.CANCELLED, NoteKind.CANCELLED, reason, wanted
    )  # fmt: skip


def reopen_task(*, permits: Permits, task: Task, reason: str) -> Task:
    """Takes a settled or cancelled task up again (重办), with the reason."""
    if task.state == TaskState.OPEN:
        need_task(permits, Verb.SUPERVISE, task)
        raise Refused(_("这项措施还在办理"))
    wanted = _("请写明重办的原因")
    return _move(
        "task.reopen", permits, task, TaskState(task.state), TaskState.OPEN, NoteKind.REOPENED, reason, wanted
    )  # fmt: skip


def _refuse_gaps(told: TaskInput) -> None:
    wanted = ((told.cause, _("原因")), (told.deliverable, _("措施")), (told.owner, _("责任人")))
    absent = [name for text, name in wanted if not text.strip()]
    absent += [] if told.due else [_("期限")]
    if absent:
        raise Refused(_("请写明%(names)s") % {"names": "、".join(absent)})
    if told.due and told.due < (told.start or clock.today()):
        raise Refused(_("期限早于开始的日子"))


def import_tasks(*, permits: Permits, sheet: ImportedSheet) -> ImportedSheet:
    """Takes a list of rectification in (导入整改清单): new tasks, changed ones, progress; all or nothing.

    Raises ``Refused`` while a row cannot be taken in, ``Conflict`` when a task was changed meanwhile.
    """
    if sheet.by_id != permits.person.pk or sheet.kind != "tasks":
        raise Unknown
    if sheet.done:
        raise Refused(_("这个表已经导入过"))
    # Before the transaction: nobody else could write while a workbook is being read.
    opened = open_workbook(sheet)
    with recorded("task.import", by=permits.person) as entry:
        seen = preview_tasks(permits, sheet, opened)
        if not seen.ready:
            raise Refused(
                _("有 %(number)s 处不能导入，什么都没有导入") % {"number": len(seen.wrong) + len(seen.faults)}
            )
        for arriving in seen.rows:
            if arriving.fate != "same":
                _take_in(entry, permits, arriving)
        sheet.done = True
        sheet.outcome = _("新增 %(new)s 项，改动 %(changed)s 项，相同 %(same)s 项") % {
            "new": seen.new, "changed": seen.changed, "same": seen.same,
        }  # fmt: skip
        entry.update(sheet, where={"done": False})
    return sheet


def _take_in(entry: Entry, permits: Permits, arriving: ArrivingTask) -> None:
    task, seen = arriving.task, arriving.task.version
    if arriving.fate == "new":
        number = Task.objects.filter(unit=task.unit).count() + 1
        task.code, task.order, task.version = _code(task.unit, number), number, 1
        task.start = task.start or clock.today()
        entry.create(task)
    elif arriving.changes or arriving.closes:
        task.state, task.version = arriving.closes or task.state, seen + 1
        entry.update(task, where={"version": seen})
    if arriving.progress:
        closing = {TaskState.DONE: NoteKind.SETTLED, TaskState.CANCELLED: NoteKind.CANCELLED}
        kind = closing.get(arriving.closes, NoteKind.PROGRESS) if arriving.closes else NoteKind.PROGRESS
        entry.create(_note(permits, task, kind, arriving.progress, _("请写明进展")))


def _code(unit: ReportingUnit, number: int) -> str:
    return f"{unit.code[:30]}-{clock.today().year}-{number:03}"


def _move(
    action: str,
    permits: Permits,
    task: Task,
    was: TaskState,
    state: TaskState,
    kind: NoteKind,
    text: str,
    wanted: str,
) -> Task:
    """The task in its new state and what was said about it; ``Conflict`` when somebody was faster."""
    need_task(permits, Verb.SUPERVISE, task)
    if task.state != was:
        raise Refused(_("这项措施是“%(state)s”，不能这样办理") % {"state": TaskState(task.state).label})
    with recorded(action, by=permits.person, reason=text.strip()) as entry:
        seen = task.version
        task.state, task.version = state, seen + 1
        note = _note(permits, task, kind, text, wanted)
        entry.update(task, where={"version": seen})
        entry.create(note)
    return task


def _note(permits: Permits, task: Task, kind: NoteKind, text: str, wanted: str) -> TaskNote:
    if not text.strip():
        raise Refused(wanted)
    return TaskNote(task=task, kind=kind, text=text.strip(), by=permits.person, at=clock.now())
