"""What a person may see of targets: lists by line, and one target with its shares, tasks and versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from kaohe.facts import model as facts
from kaohe.outlook.cascade import Cascade, Outcome, adds_up, falls, left_uncovered
from kaohe.outlook.lights import Light
from kaohe.outlook.model import Progress, Row
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.assessment.snapshot import indicator_fact
from kaohe.web.dashboard.places import Place
from kaohe.web.ledger.life import valid_in
from kaohe.web.ledger.models import Line, ReportingUnit, SchedulePoint, Target
from kaohe.web.supervision.gaps import board_rows
from kaohe.web.supervision.models import Adjustment, Breakdown, Decision, Task, TaskState
from kaohe.web.supervision.permissions import may_answer, may_ask
from kaohe.web.supervision.queries import TaskRow, with_days
from kaohe.web.supervision.standing import light_of, points_of, standings

_RELATED = (
    "unit__parent",
    "lead_unit",
    "parent_target",
    "indicator__line",
    "indicator__numerator__line",
    "indicator__denominator__line",
)
Chain = tuple[int, int, str, str, str]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in a list: where it stands, how many versions, open tasks and shares it has."""

    target: Target
    progress: Progress | None
    light: Light | None
    versions: int = 1
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class TargetList:
    """The targets of a unit by line; ``units`` are those below it, with how many targets each has."""

    groups: tuple[tuple[Line, tuple[TargetRow, ...]], ...]
    stored: bool
    units: tuple[tuple[ReportingUnit, int], ...]
    may_set: bool

    @property
    def number(self) -> int:
        """How many targets there are."""
        return sum(len(rows) for _line, rows in self.groups)


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What was said when a target was last broken down."""

    reserved: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A target with its versions, the newest first, its parent, and the shares of the units below."""

    target: Target
    versions: Sequence[Target]
    parent: Target | None
    shares: Sequence[Target]
    handed_on: HandedOn

    @property
    def newest(self) -> bool:
        """Whether it is the version in force."""
        return self.versions[0].pk == self.target.pk


@dataclass(frozen=True, slots=True)
class Closing:
    """Gap → tasks → what they close → what is left, in the indicator's measure; None where not known."""

    missing: Fraction | None
    closed: Fraction
    uncovered: Fraction | None
    unmeasured: int


@dataclass(frozen=True, slots=True)
class TargetPage:
    """One target: versions with where the unit stands against each, shares, tasks, requests to adjust it."""

    target: Target
    row: TargetRow
    versions: tuple[TargetRow, ...]
    parent: Target | None
    shares: tuple[TargetRow, ...]
    cascade: Cascade | None
    handed_on: HandedOn
    points: Sequence[SchedulePoint]
    tasks: tuple[TaskRow, ...]
    closing: Closing
    adjustments: Sequence[Adjustment]
    may_assign: bool
    may_task: bool
    may_ask: bool
    may_answer: bool

    @property
    def newest(self) -> bool:
        """Whether this is the version in force."""
        return bool(self.versions) and self.versions[0].target.pk == self.target.pk

    @property
    def pending(self) -> Adjustment | None:
        """The request that waits for an answer."""
        return next((each for each in self.adjustments if each.decision == Decision.PENDING), None)

    @property
    def outcome(self) -> Outcome | None:
        """How the shares compare with the target."""
        return self.cascade.outcome if self.cascade is not None else None


def targets_seen(permits: Permits) -> QuerySet[Target]:
    """The targets that the person may see, with all that progress needs."""
    return Target.objects.filter(permits.figures()).select_related(*_RELATED)


def target(permits: Permits, pk: int) -> Target:
    """One target that the person may see; raises ``Unknown`` for any other."""
    found = targets_seen(permits).filter(pk=pk).first()
    if found is None:
        raise Unknown
    return found


def target_list(place: Place) -> TargetList:
    """A unit's targets of the year by line, the versions in force."""
    told = targets_seen(place.permits).filter(unit=place.unit, period__startswith=place.year)
    ordered = told.order_by("indicator__line__order", "indicator__order", "pk").annotate(
        open_tasks=Count(
            "unit__tasks",
            filter=Q(unit__tasks__indicator=F("indicator"), unit__tasks__state=TaskState.OPEN),
        )
    )
    chains = chained(ordered)
    board = board_rows(place.permits, place.unit, place.month) if chains else {}
    current = [versions[0] for versions in chains.values()]
    unscored = [told for told in current if _scored(board, told) is None]
    computed = standings(unscored, place.month)
    groups: dict[Line, list[TargetRow]] = {}
    for versions in chains.values():
        newest = versions[0]
        scored = _scored(board, newest)
        progress = scored.progress if scored is not None else computed[newest.pk]
        light = (scored.light if scored is not None else None) or light_of(progress)
        row = TargetRow(newest, progress, light, len(versions), newest.open_tasks)
        groups.setdefault(newest.indicator.line, []).append(row)
    return TargetList(
        groups=tuple((line, tuple(rows)) for line, rows in groups.items()),
        stored=bool(board),
        units=tuple(_below(place)),
        may_set=place.permits.may(Verb.ASSIGN, place.unit),
    )


def family(permits: Permits, pk: int) -> Family:
    """A target with those that belong to it; raises ``Unknown`` for one not seen. One query."""
    own = Target.objects.filter(permits.figures(), pk=pk)
    unit = Subquery(own.values("unit")[:1])
    last = Breakdown.objects.filter(target=OuterRef("pk")).order_by("-at", "-pk")
    rows = targets_seen(permits).filter(
        Q(unit=unit) | Q(unit__parent=unit) | Q(pk=Subquery(own.values("parent_target")[:1])),
        indicator=Subquery(own.values("indicator")[:1]),
        period=Subquery(own.values("period")[:1]),
    )
    told = rows.annotate(
        reserved=Subquery(last.values("reserved")[:1]), reason=Subquery(last.values("reason")[:1])
    )
    known = list(told.order_by("unit__order", "unit_id", "pk"))
    found = next((each for each in known if each.pk == pk), None)
    if found is None:
        raise Unknown
    chains = chained(known)
    versions = chains[chain_of(found)]
    keys = {version.pk for version in versions}
    below = [each[0] for each in chains.values() if each[0].unit.parent_id == found.unit_id]
    handed = next(
        (HandedOn(bool(v.reserved), v.reason or "") for v in versions if v.reason is not None), None
    )
    return Family(
        target=found,
        versions=versions,
        parent=next((each for each in known if each.pk == found.parent_target_id), None),
        shares=[each for each in below if _is_share(each, keys)],
        handed_on=handed or HandedOn(),
    )


def target_page(permits: Permits, pk: int, month: str) -> TargetPage:
    """One target. A constant number of queries, whatever the number of its shares."""
    known = family(permits, pk)
    found, versions, shares = known.target, known.versions, known.shares
    unit, indicator = found.unit, found.indicator
    points = points_of([*versions, *shares])
    stands = standings([*versions, *shares], month, points)

    def row(each: Target) -> TargetRow:
        return TargetRow(each, stands[each.pk], light_of(stands[each.pk]))

    tasks = with_days(Task.objects.filter(unit=unit, indicator=indicator).select_related("unit", "indicator"))
    line = indicator.line.code
    return TargetPage(
        target=found,
        row=row(found),
        versions=tuple(map(row, versions)),
        parent=known.parent,
        shares=tuple(map(row, shares)),
        cascade=cascade_of(found, shares),
        handed_on=known.handed_on,
        points=[point for point in points if point.schedule == found.schedule],
        tasks=tuple(tasks),
        closing=closing_of(stands[found.pk], [each.task for each in tasks]),
        adjustments=list(
            Adjustment.objects.filter(target__in=versions).select_related(
                "asked_by", "answered_by", "granted"
            )
        ),
        may_assign=permits.may(Verb.ASSIGN, unit, line),
        may_task=permits.may(Verb.SUPERVISE, unit, line),
        may_ask=may_ask(permits, found),
        may_answer=may_answer(permits, found),
    )


def cascade_of(told: Target, shares: Sequence[Target]) -> Cascade | None:
    """The arithmetic of a target and its shares; None while there are none, or a value is not known."""
    values = [Fraction(share.value) for share in shares if share.value]
    if not told.value or not values:
        return None
    fact, form = indicator_fact(told.indicator), facts.Form(told.form)
    return Cascade(Fraction(told.value), tuple(values), adds_up(fact, form), falls(fact, form))


def closing_of(progress: Progress, tasks: Sequence[Task]) -> Closing:
    """What open tasks close of the gap; what settled ones brought is in the figures already."""
    open_ = [task for task in tasks if task.state == TaskState.OPEN]
    told = [Fraction(task.contribution) for task in open_ if task.contribution]
    missing = progress.missing.value
    left = left_uncovered(missing, told) if missing is not None else None
    return Closing(missing, sum(told, Fraction(0)), left, len(open_) - len(told))


def chain_of(told: Target) -> Chain:
    """What the versions of one target have in common."""
    return told.unit_id, told.indicator_id, told.period, told.issuer, told.document


def chained(targets: Iterable[Target]) -> dict[Chain, list[Target]]:
    """Targets by what their versions have in common, the newest version first."""
    chains: dict[Chain, list[Target]] = {}
    for each in targets:
        chains.setdefault(chain_of(each), []).append(each)
    return {key: sorted(rows, key=_age, reverse=True) for key, rows in chains.items()}


def _age(told: Target) -> tuple[date, list[int], int]:
    numbers = [int(digits) for digits in re.findall(r"\d+", told.edition)]
    return told.valid_from or date.min, numbers, told.pk or 0


def _is_share(told: Target, parents: set[int]) -> bool:
    """A target of a unit below that was handed on from this one, or from none that is known."""
    return told.parent_target_id is None or told.parent_target_id in parents


def _scored(board: Mapping[str, Row], told: Target) -> Row | None:
    """The row of the board that was scored against this target."""
    row = board.get(told.indicator.code)
    return row if row is not None and row.progress.issuer == told.issuer else None


def _below(place: Place) -> Iterable[tuple[ReportingUnit, int]]:
    below = ReportingUnit.objects.filter(place.permits.units(), valid_in(place.month), parent=place.unit)
    of_year = Count(
        "targets",
        filter=Q(
            targets__period__startswith=place.year, targets__in=targets_seen(place.permits).values("pk")
        ),
    )
    return ((unit, unit.number) for unit in below.annotate(number=of_year).filter(number__gt=0))
