"""My desk: what I must do, what I wait for, how far this month's collection is; and the counts of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.assessment.models import RunUnit
from kaohe.web.assessment.stored import from_text
from kaohe.web.dashboard.reminders import ToDo, appeals, due_text, objections, task_reminders
from kaohe.web.ledger.choices import MessageKind, State
from kaohe.web.ledger.deadlines import Deadlines, deadlines_of
from kaohe.web.ledger.models import Message, Observation, ReportingDuty
from kaohe.web.ui.templatetags.kaohe import month_text

Item = TypeVar("Item")
_OPEN = (State.DRAFT, State.RETURNED)
_FEW = 4
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """What I wait for from somebody else."""

    title: str
    who: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on a person's desk in a month."""

    due: date | None
    days: int
    now: tuple[ToDo, ...]
    later: tuple[ToDo, ...]
    waiting: tuple[Waiting, ...]
    states: tuple[tuple[str, int], ...]
    absent: int

    @property
    def number(self) -> int:
        """How many things there are to do."""
        return len(self.now) + len(self.later)

    @property
    def collected(self) -> int:
        """How many figures the collection is of."""
        return sum(count for _state, count in self.states) + self.absent


def to_do_counts(permits: Permits, month: str) -> dict[str, int]:
    """How many figures wait for the person, by the page where they are dealt with; one query.

    ``entry`` are figures sent back, drafts and cells that are due and empty.
    """
    held = Observation.objects.filter(unit=OuterRef("unit"), indicator=OuterRef("indicator"), month=month)
    due = _duties(permits, month).annotate(
        state=Subquery(held.values("state")[:1]), by=Subquery(held.values("entered_by")[:1])
    )
    waiting = {
        "entry": (Verb.ENTER, Q(state__isnull=True) | (Q(state__in=_OPEN) & _own(permits))),
        "review": (Verb.REVIEW, Q(state=State.SUBMITTED)),
        "verify": (Verb.VERIFY, Q(state=State.REVIEWED)),
    }
    # A condition that nothing can meet empties the whole aggregate: only verbs that the person has are asked.
    asked = {
        name: Count("pk", filter=permits.figures(verb) & state)
        for name, (verb, state) in waiting.items()
        if _has(permits, verb)
    }
    counts: dict[str, int] = due.aggregate(**asked) if asked else {}
    return counts


def desk(permits: Permits, month: str) -> Desk:
    """A person's desk; nine queries at most, whatever their unit's size."""
    rows = list(_mine(permits, month)) if _acts(permits) else []
    absent = list(_absent(permits, month))
    when = deadlines_of(month, [permit.path for permit in permits.all])
    due = _own_due(permits, when)
    mine = [row for row in rows if row.state in _OPEN and _is_mine(permits, row)]
    theirs = [row for row in rows if row.state in _OPEN and not _is_mine(permits, row)]
    to_do = [*_returned(mine, month), *_empty(permits, absent, month, when), *_drafts(mine, month, when)]
    to_do += [*_to_review(permits, rows, month, when), *_to_verify(permits, rows, month, when)]
    to_do += [*objections(permits), *appeals(permits), *task_reminders(permits, when.calendar)]
    to_do += [*_to_collect(permits, absent, month, when), *_gaps(permits, month)]
    groups = _grouped(permits, month)
    return Desk(
        due=None if due is None else timezone.localtime(due).date(),
        days=0 if due is None else when.days_until(due),
        now=tuple(each for each in to_do if each.overdue or each.tone == "red"),
        later=tuple(each for each in to_do if not (each.overdue or each.tone == "red")),
        waiting=(*_with_others(theirs), *_waited_for(permits, groups)),
        states=_states(groups),
        absent=len(absent),
    )


# --- rows -----------------------------------------------------------------------------------------


def _acts(permits: Permits) -> bool:
    return any(_has(permits, verb) for verb in (Verb.ENTER, Verb.REVIEW, Verb.VERIFY))


def _own(permits: Permits) -> Q:
    """Cells that the person typed, or that they do not review either: see ``_is_mine``."""
    mine = Q(by=permits.person.pk) | Q(by__isnull=True)
    return mine | ~permits.figures(Verb.REVIEW) if _has(permits, Verb.REVIEW) else Q()


def _has(permits: Permits, verb: Verb) -> bool:
    return next(permits.having(verb), None) is not None


def _duties(permits: Permits, month: str) -> QuerySet[ReportingDuty]:
    """What is to be reported for a month by whom the person sees; what is worked out is never typed."""
    still = Q(last_month="") | Q(last_month__gte=month)
    return ReportingDuty.objects.filter(
        permits.figures(), still, first_month__lte=month, indicator__numerator__isnull=True
    )


def _mine(permits: Permits, month: str) -> QuerySet[Observation]:
    """The month's figures with which the person has something to do."""
    to_enter = Q(state__in=(State.DRAFT, State.RETURNED)) & permits.figures(Verb.ENTER)
    to_review = Q(state=State.SUBMITTED) & permits.figures(Verb.REVIEW)
    to_verify = Q(state=State.REVIEWED) & permits.figures(Verb.VERIFY)
    # What was sent back is to be repaired whatever month it is of.
    waiting = (State.DRAFT, State.SUBMITTED, State.REVIEWED)
    now = Q(month=month, state__in=waiting) | Q(state=State.RETURNED)
    # As a set of its own: a database that began with the person's lines would go through every month of them.
    looked_at = Observation.objects.filter(now).order_by().values("pk")
    rows = Observation.objects.filter(to_enter | to_review | to_verify, pk__in=looked_at)
    said = Message.objects.filter(observation=OuterRef("pk"), kind=MessageKind.RETURN).order_by("-at", "-pk")
    told = rows.annotate(
        said=Subquery(said.values("text")[:1]), said_by=Subquery(said.values("by__name")[:1])
    )
    return told.select_related("unit", "indicator__line", "entered_by").order_by(
        "unit__order", "indicator__line__order", "indicator__order"
    )


def _absent(permits: Permits, month: str) -> QuerySet[ReportingDuty]:
    held = Observation.objects.filter(unit=OuterRef("unit"), indicator=OuterRef("indicator"), month=month)
    rows = _duties(permits, month).filter(~Exists(held))
    return rows.select_related("unit", "indicator__line").order_by("unit__order", "indicator__order")


def _own_due(permits: Permits, when: Deadlines) -> datetime | None:
    """When the person's own figures are due: the first of the lines of their highest unit."""
    top = min((permit.path for permit in permits.all), key=len, default="")
    lines = [permit.lines for permit in permits.all if permit.path == top]
    asked = frozenset().union(*lines) if lines and all(lines) else frozenset({""})
    return min(filter(None, (when.due(top, line) for line in asked)), default=None) if top else None


def _grouped(permits: Permits, month: str) -> list[dict[str, object]]:
    """The month's figures counted by line and state."""
    rows = Observation.objects.filter(permits.figures(), month=month)
    return list(
        rows.order_by("indicator__line__order")
        .values("state", "indicator__line__code", "indicator__line__name")
        .annotate(number=Count("pk"))
    )


def _states(groups: Sequence[dict[str, object]]) -> tuple[tuple[str, int], ...]:
    order = (State.VERIFIED, State.REVIEWED, State.SUBMITTED, State.DRAFT, State.RETURNED)
    totals = {state.value: 0 for state in order}
    for group in groups:
        totals[str(group["state"])] += int(str(group["number"]))
    return tuple((state, number) for state, number in totals.items() if number)


def _is_mine(permits: Permits, row: Observation) -> bool:
    """Whether an open figure is the person's to deal with: a reviewer leaves it to who typed it."""
    reviews = permits.may_cell(Verb.REVIEW, row.unit, row.indicator)
    return not reviews or row.entered_by_id in (None, permits.person.pk)


# --- things to do ---------------------------------------------------------------------------------


def _returned(rows: Iterable[Observation], month: str) -> Iterator[ToDo]:
    for row in rows:
        if row.state == State.RETURNED:
            said, by = getattr(row, "said", None), getattr(row, "said_by", None)
            why = f"{by}：{said}" if said else _("请核对后再报")
            told = _named(row) | {"month": "" if row.month == month else f"{month_text(row.month)} "}
            title = _("改正 %(unit)s%(month)s%(name)s %(value)s") % told
            plain = _("改正 %(unit)s%(month)s%(name)s %(value)s") % (told | {"value": ""})
            place = (row.unit.code, row.indicator.code, row.month)
            address = reverse("cell", args=place)
            yield ToDo("red", _("退回"), title, why, _("去改"), address, True, plain.strip())


def _named(row: Observation) -> dict[str, str]:
    value = f"{row.value} {row.indicator.measure}" if row.value else ""
    return {"unit": f"{row.unit} ", "name": row.indicator.name, "value": value}


def _empty(permits: Permits, absent: Sequence[ReportingDuty], month: str, when: Deadlines) -> Iterator[ToDo]:
    """Cells that are due and empty: one by one while they are few, else unit by unit."""
    mine = [d for d in absent if permits.may(Verb.ENTER, d.unit, d.indicator.line.code)]
    if len(mine) <= _FEW:
        for duty in mine:
            yield _fill(permits, [duty], month, when)
        return
    for duties in _by(mine, lambda duty: duty.unit.code).values():
        yield _fill(permits, duties, month, when)


def _fill(permits: Permits, duties: Sequence[ReportingDuty], month: str, when: Deadlines) -> ToDo:
    unit, names = duties[0].unit, _names([duty.indicator.name for duty in duties])
    chases = any(permits.may(Verb.REVIEW, duty.unit, duty.indicator.line.code) for duty in duties)
    title = _("催报 %(unit)s %(names)s") if chases else _("填报 %(unit)s %(names)s")
    due = _first_due(duties, when)
    overdue = due is not None and when.days_until(due) < 0
    why = due_text(due, when)
    if overdue:
        why += "；" + _("缺报的数不算零，分也定不下来")
    row = f"#row-{duties[0].indicator.code}" if len(duties) == 1 else ""
    tone, mark = ("missing", _("缺报")) if overdue else ("", _("待填"))
    address = f"{reverse('entry', args=(unit.code,))}?month={month}{row}"
    return ToDo(tone, mark, title % {"unit": unit, "names": names}, why, _("去填报"), address, overdue)


def _first_due(rows: Iterable[ReportingDuty | Observation], when: Deadlines) -> datetime | None:
    dues = (when.due(row.unit.path, row.indicator.line.code) for row in rows)
    return min(filter(None, dues), default=None)


def _late(rows: Iterable[ReportingDuty | Observation], when: Deadlines) -> bool:
    due = _first_due(rows, when)
    return due is not None and when.days_until(due) < 0


def _drafts(rows: Iterable[Observation], month: str, when: Deadlines) -> Iterator[ToDo]:
    drafts = [row for row in rows if row.state == State.DRAFT]
    for code, own in _by(drafts, lambda row: row.unit.code).items():
        number, unit = len(own), str(own[0].unit)
        told = {"unit": unit, "month": _month(month), "number": number}
        title = _("上报 %(unit)s %(month)s的草稿 %(number)s 项") % told
        why = _names([row.indicator.name for row in own])
        address = f"{reverse('entry', args=(code,))}?month={month}"
        yield ToDo("", _("草稿"), title, why, _("去上报"), address, _late(own, when))


def _to_review(permits: Permits, rows: Iterable[Observation], month: str, when: Deadlines) -> Iterator[ToDo]:
    waiting = [
        row
        for row in rows
        if row.state == State.SUBMITTED and permits.may_cell(Verb.REVIEW, row.unit, row.indicator)
    ]
    yield from _steps(waiting, month, Verb.REVIEW, when)


def _to_verify(permits: Permits, rows: Iterable[Observation], month: str, when: Deadlines) -> Iterator[ToDo]:
    waiting = [
        row
        for row in rows
        if row.state == State.REVIEWED and permits.may_cell(Verb.VERIFY, row.unit, row.indicator)
    ]
    yield from _steps(waiting, month, Verb.VERIFY, when)


def _to_collect(
    permits: Permits, absent: Sequence[ReportingDuty], month: str, when: Deadlines
) -> Iterator[ToDo]:
    """For who closes the month: what is still not there, before it can be closed."""
    if not _has(permits, Verb.CLOSE) or not absent:
        return
    units = list(dict.fromkeys(str(duty.unit) for duty in absent))
    told = {"month": _month(month), "number": len(absent)}
    title = _("催齐 %(month)s的数，还缺 %(number)s 项") % told
    address = f"{reverse('collections')}?month={month}"
    late = _late(absent, when)
    tone, mark = ("missing", _("缺报")) if late else ("", _("待填"))
    why = _("还没有报的单位：%(units)s") % {"units": _names(units)}
    yield ToDo(tone, mark, title, why, _("去催"), address, late)


def _gaps(permits: Permits, month: str) -> Iterator[ToDo]:
    """For a leader: targets behind their schedule, those without a task first; for a deputy the ones they
    answer for."""
    if not _has(permits, Verb.SUPERVISE) or _has(permits, Verb.ENTER):
        return
    path = min((permit.path for permit in permits.having(Verb.SUPERVISE)), key=len)
    found = RunUnit.objects.filter(unit__path=path, run__month=month).select_related("unit")
    newest = found.order_by("-run__created", "-run_id").first()
    behind = from_text(newest.board).behind if newest is not None else ()
    if all(permit.lines for permit in permits.having(Verb.SUPERVISE)):
        behind = tuple(row for row in behind if row.progress.leader == permits.person.name)
    if newest is None or not behind:
        return
    bare = [row.name for row in behind if not row.task]
    why = (
        _("还没有措施：%(names)s") % {"names": _names(bare)} if bare else _names([row.name for row in behind])
    )
    address = f"{reverse('board')}?unit={newest.unit.code}&month={month}"
    title = _("看差距清单：%(number)s 项滞后") % {"number": len(behind)}
    yield ToDo("red", _("滞后"), title, why, _("看差距"), address)


def _steps(rows: Sequence[Observation], month: str, verb: Verb, when: Deadlines) -> Iterator[ToDo]:
    """Figures that wait for a step, by who reports them; by unit when they are many."""
    by_line = _by(rows, lambda row: f"{row.unit.code} {row.indicator.line.code}")
    by_unit = _by(rows, lambda row: row.unit.code)
    by_group = _by(rows, lambda row: row.unit.peer_group or row.unit.code)
    groups = next((each for each in (by_line, by_unit) if len(each) <= 2 * _FEW), by_group)
    review = verb is Verb.REVIEW
    for own in groups.values():
        units = {row.unit.code for row in own}
        line = f"{own[0].indicator.line}" if groups is by_line else ""
        group = _("%(group)s %(number)s 个单位") % {"group": own[0].unit.peer_group, "number": len(units)}
        whose = group if len(units) > 1 else f"{own[0].unit} {line}".strip()
        told = {"unit": whose, "month": _month(month), "number": len(own)}
        to_verify = _("认定 %(unit)s %(month)s数 %(number)s 项")
        title = _("审核 %(unit)s %(month)s数 %(number)s 项") if review else to_verify
        why = "、".join(_figure(row) for row in own[:_NAMED]) + ("…" if len(own) > _NAMED else "")
        route, button = ("review", _("审核")) if review else ("verify", _("认定"))
        mark = _("待审核") if review else _("待认定")
        address = f"{reverse(route)}?month={month}"
        yield ToDo("blue", mark, title % told, why, button, address, _late(own, when))


def _figure(row: Observation) -> str:
    estimated = _("（预计）") if row.estimated else ""
    return f"{row.indicator.name} {row.value or '—'} {row.indicator.measure}{estimated}"


# --- what I wait for ------------------------------------------------------------------------------


def _waited_for(permits: Permits, groups: Sequence[dict[str, object]]) -> Iterator[Waiting]:
    """Figures of mine that others have not yet dealt with, by line."""
    reviews, enters = _has(permits, Verb.REVIEW), _has(permits, Verb.ENTER)
    for group in groups:
        told = {"line": group["indicator__line__name"], "number": group["number"]}
        if group["state"] == State.REVIEWED and (reviews or enters):
            yield Waiting(_("%(line)s %(number)s 项待认定") % told, _("归口部门"))
        elif group["state"] == State.SUBMITTED and enters and not reviews:
            yield Waiting(_("%(line)s %(number)s 项待审核") % told, _("文书和分管领导"))


def _with_others(rows: Sequence[Observation]) -> Iterator[Waiting]:
    """Drafts and figures sent back that their writers have in hand, by writer."""
    for who, own in _by(rows, lambda row: f"{row.entered_by}").items():
        back = [row.indicator.name for row in own if row.state == State.RETURNED]
        drafts = [row.indicator.name for row in own if row.state == State.DRAFT]
        if back:
            yield Waiting(_("改正退回的 %(names)s") % {"names": _names(back)}, who)
        if drafts:
            yield Waiting(_("上报草稿 %(names)s") % {"names": _names(drafts)}, who)


# --- words ----------------------------------------------------------------------------------------


def _by(rows: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    if len(names) <= _NAMED:
        return shown
    return _("%(names)s等 %(number)s 项") % {"names": shown, "number": len(names)}


def _month(month: str) -> str:
    return _("%(number)s月") % {"number": int(month[5:])}
