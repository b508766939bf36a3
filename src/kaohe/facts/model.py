"""The tables of a ledger as values; what cannot be so cannot be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from kaohe.facts.cells import Presence
from kaohe.facts.errors import DataError
from kaohe.quantities.periods import Period

Extra = tuple[tuple[str, str], ...]
"""Further columns of a row, by name: attributes that a scheme may use."""


POINTS = frozenset({"百分点", "个百分点"})
"""Measures of a difference of two percentages."""


class IndicatorKind(Enum):
    """How an indicator's figures behave over time."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    OUTSIDE = "outside"
    RANK = "rank"
    MILESTONE = "milestone"
    COUNT = "count"
    INDEX = "index"
    GROWTH = "growth"


class Direction(Enum):
    """Whether more is better."""

    UP = "up"
    DOWN = "down"


class Frequency(Enum):
    """How often an indicator is reported."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class Basis(Enum):
    """Whether a figure was counted or is an estimate (预计)."""

    ACTUAL = "actual"
    ESTIMATED = "estimated"


class Assurance(Enum):
    """Who vouches for a figure."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    VERIFIED = "verified"


class Role(Enum):
    """Whether a figure is the unit's own or the verifier's, which stands beside it."""

    REPORTED = "reported"
    VERIFIED = "verified"


class Form(Enum):
    """What a target asks for."""

    ABSOLUTE = "absolute"
    GROWTH = "growth"
    POINTS = "points"
    RANK = "rank"
    AT_MOST = "at_most"
    BY_DATE = "by_date"


class TaskState(Enum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A town, village, office or other body that reports and is assessed; part of a tree.

    A unit that merged into another has the last day of its life and its successor.
    """

    unit: str
    name: str = ""
    short_name: str = ""
    kind: str = ""
    parent: str = ""
    peer_group: str = ""
    order: int | None = None
    code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    extra: Extra = ()

    def __post_init__(self) -> None:
        _need(self.unit, "填报单位缺少 unit")
        if self.successor and self.valid_to is None:
            raise DataError(f"单位 {self.unit} 有继任单位 {self.successor},应写明 valid_to")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise DataError(
                f"单位 {self.unit} 的 valid_to({self.valid_to})早于 valid_from({self.valid_from})"
            )
        if self.unit in (self.parent, self.successor):
            raise DataError(f"单位 {self.unit} 的上级或继任单位不能是它自己")


@dataclass(frozen=True, slots=True)
class Line:
    """A line (条线) that cuts across offices and villages; lines may be parts of lines."""

    line: str
    name: str = ""
    parent: str = ""

    def __post_init__(self) -> None:
        _need(self.line, "条线缺少 line")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured: its measure, how it behaves over time, and which way is better.

    A ratio with a numerator and a denominator is always recomputed from them, never averaged.
    """

    indicator: str
    name: str = ""
    line: str = ""
    measure: str = ""
    kind: IndicatorKind = IndicatorKind.FLOW
    additive: bool = True
    direction: Direction = Direction.UP
    frequency: Frequency = Frequency.MONTHLY
    decimals: int | None = None
    numerator: str = ""
    denominator: str = ""
    definition: str = ""
    definition_version: str = ""
    official: bool = False

    def __post_init__(self) -> None:
        _need(self.indicator, "指标缺少 indicator")
        _check_decimals(f"指标 {self.indicator}", self.decimals)
        if bool(self.numerator) != bool(self.denominator):
            raise DataError(f"指标 {self.indicator} 的分子和分母应同时写明或同时空着")
        if self.numerator and self.kind is not IndicatorKind.RATIO:
            raise DataError(f"指标 {self.indicator} 有分子分母,kind 应为 ratio,实为 {self.kind.value}")


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of a unit for an indicator and a period, with its marks and where it comes from.

    Revisions share unit, indicator, period and role; the later row names in ``supersedes`` the
    ``recorded_at`` of the row that it replaces. A verified value names its author.
    """

    unit: str
    indicator: str
    period: Period
    value: Fraction | None = None
    measure: str = ""
    presence: Presence = Presence.PRESENT
    basis: Basis = Basis.ACTUAL
    assurance: Assurance | None = None
    approx: bool = False
    decimals: int | None = None
    role: Role = Role.REPORTED
    source: str = ""
    recorded_at: datetime | None = None
    supersedes: datetime | None = None
    author: str = ""
    reason: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _need(self.unit, "实际数缺少 unit")
        _need(self.indicator, "实际数缺少 indicator")
        self._check_presence()
        _check_decimals(self._label, self.decimals)
        if self.role is Role.VERIFIED and not self.author:
            raise DataError(f"{self._label} 是认定数,应写明认定人(author)")
        if self.supersedes and (self.recorded_at is None or self.recorded_at <= self.supersedes):
            raise DataError(f"{self._label} 更正了 {self.supersedes} 的数,recorded_at 应晚于它")
        if self.assurance is None:
            usual = Assurance.VERIFIED if self.role is Role.VERIFIED else Assurance.SUBMITTED
            object.__setattr__(self, "assurance", usual)

    @property
    def key(self) -> tuple[str, str, Period, Role]:
        """What a revision has in common with the row it replaces."""
        return self.unit, self.indicator, self.period, self.role

    @property
    def _label(self) -> str:
        return f"{self.unit} {self.indicator} {self.period}"

    def _check_presence(self) -> None:
        if self.presence is Presence.PRESENT and self.value is None:
            raise DataError(f"{self._label} 标为有数(present)却没有 value;空白是未报(missing),不是 0")
        if self.presence is not Presence.PRESENT and self.value is not None:
            raise DataError(f"{self._label} 标为 {self.presence.value},不应再有 value")


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit is asked to reach in a period, by whom, in which document and version.

    ``value`` is empty when the target is known to exist but its figure is not; ``approx`` marks a figure
    that was derived (推算), not read. ``schedule`` names a curve (see ``kaohe.facts.schedules``).
    """

    target: str
    unit: str
    indicator: str
    period: Period
    form: Form = Form.ABSOLUTE
    value: Fraction | None = None
    measure: str = ""
    issuer: str = ""
    document: str = ""
    version: str = ""
    valid_from: date | None = None
    parent_target: str = ""
    schedule: str = ""
    lead_unit: str = ""
    accountable_leader: str = ""
    owner: str = ""
    approx: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        _need(self.target, "目标缺少 target")
        _need(self.unit, f"目标 {self.target} 缺少 unit")
        _need(self.indicator, f"目标 {self.target} 缺少 indicator")
        if self.form is Form.BY_DATE and self.value is None:
            object.__setattr__(self, "value", Fraction(1))
        if self.form is Form.RANK and not _is_place(self.value):
            raise DataError(f"目标 {self.target} 是位次目标,value 应为 1 以上的整数,实为 {self.value}")
        if self.form is Form.AT_MOST and self.value is not None and self.value < 0:
            raise DataError(f"目标 {self.target} 是控制数,value 不应为负,实为 {self.value}")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One point of a cumulative curve: by the end of the calendar ``month``, ``share`` of the target."""

    schedule: str
    month: int
    share: Fraction

    def __post_init__(self) -> None:
        _need(self.schedule, "进度表缺少 schedule")
        if not 1 <= self.month <= 12:
            raise DataError(f"进度表 {self.schedule} 的 month 应为 1 到 12,实为 {self.month}")
        if not 0 <= self.share <= 1:
            raise DataError(
                f"进度表 {self.schedule} {self.month} 月的 share 应在 0 到 1 之间,实为 {self.share}"
            )


@dataclass(frozen=True, slots=True)
class Task:
    """A measure taken to close a gap: cause, owner, who supports, due day, deliverable."""

    task: str
    unit: str
    indicator: str = ""
    cause: str = ""
    owner: str = ""
    supporting: str = ""
    start: date | None = None
    due: date | None = None
    deliverable: str = ""
    contribution: str = ""
    state: TaskState = TaskState.OPEN
    note: str = ""

    def __post_init__(self) -> None:
        _need(self.task, "工作措施缺少 task")
        _need(self.unit, f"工作措施 {self.task} 缺少 unit")
        if self.start and self.due and self.due < self.start:
            raise DataError(f"工作措施 {self.task} 的 due({self.due})早于 start({self.start})")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a unit: accident, award, acceptance; a row for each unit it concerns."""

    event: str
    unit: str
    role: str = ""
    share: Fraction = field(default=Fraction(1))
    kind: str = ""
    date: date | None = None
    level: str = ""
    quantity: Fraction | None = None
    key: str = ""
    note: str = ""
    extra: Extra = ()

    def __post_init__(self) -> None:
        _need(self.event, "事件缺少 event")
        _need(self.unit, f"事件 {self.event} 缺少 unit")
        if not 0 <= self.share <= 1:
            raise DataError(f"事件 {self.event} 的 share 应在 0 到 1 之间,实为 {self.share}")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one rater gave one unit for one criterion: a number or a word (满意)."""

    unit: str
    criterion: str
    rater_group: str = ""
    rater: str = ""
    mark: str = ""
    extra: Extra = ()

    def __post_init__(self) -> None:
        _need(self.unit, "评分缺少 unit")
        _need(self.criterion, f"对 {self.unit} 的评分缺少 criterion")


def _need(text: str, message: str) -> None:
    if not text:
        raise DataError(message)


def _check_decimals(label: str, decimals: int | None) -> None:
    if decimals is not None and decimals < 0:
        raise DataError(f"{label} 的 decimals 应为 0 以上的整数,实为 {decimals}")


def _is_place(value: Fraction | None) -> bool:
    return value is None or (value.denominator == 1 and value >= 1)
