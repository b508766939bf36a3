"""A list of rectification (整改清单) that came back: what taking it in would do to the tasks, row by row.

A row is matched by the task's number; one without a number is a new task. All that is wrong is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kaohe.facts.errors import KaoheError
from kaohe.reading.sheets.task_list import ListedTask, read_day, read_task_list
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.importing import Opened, open_workbook
from kaohe.web.ledger.life import still_there
from kaohe.web.ledger.models import ImportedSheet, ReportingDuty, ReportingUnit
from kaohe.web.supervision.figures import read_figure
from kaohe.web.supervision.models import Task, TaskNote, TaskState
from kaohe.web.supervision.permissions import may_task
from kaohe.web.supervision.queries import tasks_seen

_STATES = {"": TaskState.OPEN, "办理中": TaskState.OPEN, "已逾期": TaskState.OPEN, "逾期": TaskState.OPEN,
           "已办结": TaskState.DONE, "办结": TaskState.DONE, "已取消": TaskState.CANCELLED,
           "取消": TaskState.CANCELLED}  # fmt: skip
_LONGEST = {"cause": 300, "task": 300, "owner": 60, "supporting": 200, "progress": 2000}
_NAMES = {"cause": "原因", "task": "措施", "owner": "责任人", "supporting": "配合单位", "progress": "进展"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell: where it stands and why it cannot be taken in."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class ArrivingTask:
    """A row as it would be taken in: the task as it is to be, what is to be said of it, what changes.

    ``fate`` is new, changes, same or refused; ``closes`` is the state that it is brought to, when another.
    """

    row: ListedTask
    task: Task
    fate: str
    changes: tuple[str, ...] = ()
    progress: str = ""
    closes: TaskState | None = None
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskPreview:
    """What taking a list in would do; ``faults`` are of the file as a whole."""

    rows: tuple[ArrivingTask, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Everything that is wrong, in the order of the file."""
        return tuple(each for row in self.rows for each in row.wrong)

    def count(self, fate: str) -> int:
        """How many rows have a fate."""
        return sum(row.fate == fate for row in self.rows)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changes")

    @property
    def same(self) -> int:
        return self.count("same")

    @property
    def ready(self) -> bool:
        """Whether it can be taken in."""
        return not (self.wrong or self.faults) and bool(self.new or self.changed)


def preview_tasks(permits: Permits, sheet: ImportedSheet, opened: Opened | None = None) -> TaskPreview:
    """What taking a list in would do for this person; nothing is written. Four queries.

    ``opened`` is what ``open_workbook`` gave, for who must not wait for it here.
    """
    opened = opened or open_workbook(sheet)
    if opened.faults:
        return TaskPreview(faults=opened.faults)
    try:
        rows = read_task_list(opened.sheets)
    except KaoheError as error:
        return TaskPreview(faults=error.messages)
    if not rows:
        return TaskPreview(faults=(_("表里没有读到措施：应有“单位”“整改措施”“责任人”“完成时限”各栏"),))
    return TaskPreview(tuple(_Arrivals(permits, sheet.year).of(rows)))


class _Arrivals:
    """Matches rows with the tasks, units and indicators that the person sees; read once."""

    def __init__(self, permits: Permits, year: int | None) -> None:
        self.permits, self.year = permits, year
        self.tasks = {task.code: task for task in tasks_seen(permits).prefetch_related("notes")}
        self.units = _by_name(ReportingUnit.objects.filter(permits.units(), still_there()))
        duties = ReportingDuty.objects.filter(permits.figures()).select_related("indicator__line")
        self.indicators = {(duty.unit_id, duty.indicator.name): duty.indicator for duty in duties}
        self.seen: set[str] = set()
        self.wrong: list[Wrong] = []

    def of(self, rows: Iterable[ListedTask]) -> Iterator[ArrivingTask]:
        for row in rows:
            if not (row["code"] or row["task"]):
                continue
            self.wrong = []
            yield self._known(row) if row["code"] else self._new(row)

    def _known(self, row: ListedTask) -> ArrivingTask:
        found = self.tasks.get(row["code"])
        if found is None:
            self._tell(row, "code", _("没有编号为“%(text)s”的措施") % {"text": row["code"]})
            for name in ("start", "due"):
                self._day(row, name)
            return self._arriving(row, Task(code=row["code"], deliverable=row["task"]), "refused")
        if found.code in self.seen:
            self._tell(row, "code", _("编号“%(text)s”在表里出现两次") % {"text": found.code})
        self.seen.add(found.code)
        self._same_place(row, found)
        changes = tuple(self._changes(row, found))
        progress, closes = self._progress(row, found), self._closes(row, found)
        if changes or closes:
            self._may(row, Verb.SUPERVISE, found)
        elif progress:
            self._may(row, Verb.ENTER, found, Verb.SUPERVISE)
        if changes and found.state != TaskState.OPEN:
            state = TaskState(found.state).label
            self._tell(row, "state", _("这项措施%(state)s，要改请先在措施页上重办") % {"state": state})
        fate = "changes" if changes or progress or closes else "same"
        return self._arriving(row, found, fate, changes, progress, closes)

    def _new(self, row: ListedTask) -> ArrivingTask:
        unit = self._unit(row)
        task = Task(unit=unit, deliverable="", state=TaskState.OPEN, version=0)
        if unit is not None and row["indicator"]:
            task.indicator = self.indicators.get((unit.pk, row["indicator"]))
            if task.indicator is None:
                told = {"unit": unit, "text": row["indicator"]}
                self._tell(row, "indicator", _("%(unit)s没有指标“%(text)s”") % told)
        changes = tuple(self._changes(row, task))
        for name in ("cause", "task", "owner", "due"):
            if not row[name]:
                self._tell(row, name, _("空着；新措施要写明原因、措施、责任人和期限"))
        if unit is not None:
            self._may(row, Verb.SUPERVISE, task)
            self._not_twice(row, task)
        if _STATES.get(row["state"]) is not TaskState.OPEN:
            self._tell(row, "state", _("新措施应是“办理中”，表里是“%(text)s”") % {"text": row["state"]})
        return self._arriving(row, task, "new", changes, row["progress"])

    def _unit(self, row: ListedTask) -> ReportingUnit | None:
        found = self.units.get(row["unit"], [])
        if len(found) == 1:
            return found[0]
        several = _("有 %(number)s 个单位叫“%(text)s”，请写全称") % {
            "number": len(found),
            "text": row["unit"],
        }
        self._tell(row, "unit", several if found else _("没有单位“%(text)s”") % {"text": row["unit"]})
        return None

    def _same_place(self, row: ListedTask, task: Task) -> None:
        """A number belongs to one unit and indicator: another one beside it means that a row slipped."""
        names = (task.unit.name, task.unit.short_name)
        if row["unit"] and row["unit"] not in names:
            told = {"code": task.code, "unit": task.unit.name, "text": row["unit"]}
            self._tell(row, "unit", _("%(code)s 是 %(unit)s 的措施，表里是“%(text)s”") % told)
        indicator = task.indicator.name if task.indicator is not None else ""
        if row["indicator"] and row["indicator"] != indicator:
            told = {"code": task.code, "name": indicator, "text": row["indicator"]}
            self._tell(row, "indicator", _("%(code)s 的指标是“%(name)s”，表里是“%(text)s”") % told)

    def _changes(self, row: ListedTask, task: Task) -> Iterator[str]:
        """Writes what the row says into the task; names what is another than before."""
        fields = {"cause": "cause", "task": "deliverable", "owner": "owner", "supporting": "supporting"}
        for name, attribute in fields.items():
            text = self._short(row, name)
            if name in row.columns and text and text != getattr(task, attribute):
                setattr(task, attribute, text)
                yield _NAMES[name]
        for name, label in (("start", _("开始")), ("due", _("期限"))):
            day = self._day(row, name)
            if day is not None and day != getattr(task, name):
                setattr(task, name, day)
                yield label
        if task.start and task.due and task.due < task.start:
            self._tell(row, "due", _("期限早于开始的日子"))
        known = task.unit_id is not None  # Without its unit, nobody knows in which measure.
        if known and row["contribution"] and row["contribution"] != task.contribution_text:
            yield from self._contribution(row, task)

    def _contribution(self, row: ListedTask, task: Task) -> Iterator[str]:
        measure = task.indicator.measure if task.indicator is not None else task.measure
        try:
            figure = read_figure(row["contribution"], measure, _("预计补足"))
        except Refused as refusal:
            return self._tell(row, "contribution", str(refusal))
        if figure.startswith("-"):
            return self._tell(row, "contribution", _("预计补足应是正数"))
        approx = row["contribution"].startswith("≈")
        if (figure, approx) != (task.contribution, task.approx):
            task.contribution, task.approx, task.measure = figure, approx, measure
            yield _("预计补足")

    def _progress(self, row: ListedTask, task: Task) -> str:
        notes: Sequence[TaskNote] = list(task.notes.all())
        text = self._short(row, "progress")
        return "" if text == (notes[-1].text if notes else "") else text

    def _closes(self, row: ListedTask, task: Task) -> TaskState | None:
        state = _STATES.get(row["state"]) if "state" in row.columns else TaskState(task.state)
        if state is None:
            told = {"text": row["state"]}
            self._tell(row, "state", _("状态应是办理中、已办结或已取消，表里是“%(text)s”") % told)
        if state is None or state == task.state:
            return None
        if state is TaskState.OPEN:
            self._tell(row, "state", _("已办结或取消的措施，请在措施页上重办"))
        elif not self._progress(row, task):
            self._tell(row, "progress", _("办结要写明依据，取消要写明原因"))
        return state

    def _short(self, row: ListedTask, name: str) -> str:
        if len(row[name]) > _LONGEST[name]:
            told = {"most": _LONGEST[name], "number": len(row[name])}
            self._tell(row, name, _("最多 %(most)s 个字，表里有 %(number)s 个") % told)
        return row[name][: _LONGEST[name]]

    def _day(self, row: ListedTask, name: str) -> date | None:
        try:
            return read_day(row[name], self.year)
        except ValueError:
            self._tell(row, name, _("应是 2005-10-31 这样的日期，表里是“%(text)s”") % {"text": row[name]})
            return None

    def _may(self, row: ListedTask, verb: Verb, task: Task, other: Verb | None = None) -> None:
        if not any(may_task(self.permits, each, task) for each in (verb, other) if each is not None):
            self._tell(row, "task", _("您不能改这项措施"))

    def _not_twice(self, row: ListedTask, task: Task) -> None:
        for known in self.tasks.values():
            same = known.unit_id == task.unit_id and known.indicator_id == task.indicator_id
            if same and known.deliverable == task.deliverable and known.state == TaskState.OPEN:
                self._tell(row, "code", _("与措施 %(code)s 相同，请填编号") % {"code": known.code})

    def _tell(self, row: ListedTask, name: str, why: str) -> None:
        self.wrong.append(Wrong(row.place(name), why))

    def _arriving(
        self,
        row: ListedTask,
        task: Task,
        fate: str,
        changes: tuple[str, ...] = (),
        progress: str = "",
        closes: TaskState | None = None,
    ) -> ArrivingTask:
        wrong = tuple(self.wrong)
        return ArrivingTask(row, task, "refused" if wrong else fate, changes, progress, closes, wrong)


def _by_name(units: Iterable[Any]) -> dict[str, list[ReportingUnit]]:
    found: dict[str, list[ReportingUnit]] = {}
    for unit in units:
        for name in {unit.name, unit.short_name} - {""}:
            found.setdefault(name, []).append(unit)
    return found
