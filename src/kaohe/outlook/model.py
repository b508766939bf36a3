"""What a board says, as frozen values: rows, groups, hidden parts, doubts, difficulties."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.outlook.figures import Figure, Span
from kaohe.outlook.lights import Light
from kaohe.quantities.periods import Period
from kaohe.scoring.working import Working


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an indicator of a unit stands against its target.

    ``actual`` and ``target`` are in the indicator's ``measure``; ``attainment`` and ``pace`` in per cent;
    ``gap`` in percentage points against the target's own curve, negative when behind; ``missing`` is what
    the target still lacks, ``needed`` each remaining month beside the ``average`` of the months gone by,
    ``times`` the one over the other. ``piles_up``: the figure grows over the year.
    """

    indicator: str
    name: str
    measure: str
    actual: Figure
    growth: Figure
    target: Figure
    attainment: Figure
    pace: Figure
    gap: Figure
    missing: Figure
    needed: Figure
    average: Figure
    times: Figure
    issuer: str = ""
    piles_up: bool = True
    due: str = ""
    presence: str = "present"
    lead: str = ""
    owner: str = ""
    leader: str = ""

    @property
    def is_behind(self) -> bool:
        """Whether it is behind its own schedule."""
        return self.gap.value is not None and self.gap.value < 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board: a scored criterion with its main indicator, or a part of a total.

    ``depth`` 1 is a part of the row above; ``counted`` whether it is one of the targets that the counts by
    status count; ``heading`` a criterion whose parts follow. ``doubts`` are the places in ``Board.doubts``.
    """

    id: str
    name: str
    progress: Progress
    light: Light | None
    full: Fraction | None = None
    points: Span = field(default_factory=Span)
    scored: bool = True
    depth: int = 0
    counted: bool = True
    heading: bool = False
    lead: str = ""
    owner: str = ""
    clause: str = ""
    cause: str = ""
    cause_demo: bool = False
    task: str = ""
    task_due: str = ""
    note: str = ""
    doubts: tuple[int, ...] = ()

    @property
    def at_stake(self) -> Span:
        """The points that may be lost: from full − highest to full − lowest."""
        if self.full is None or self.points.low is None or self.points.high is None:
            return Span()
        least, most = self.full - self.points.high, self.full - self.points.low
        return Span(max(least, Fraction(0)), max(most, Fraction(0)))

    @property
    def lost(self) -> Fraction:
        """The most points that may be lost; all of them while nothing is known."""
        stake = self.at_stake.high
        return stake if stake is not None else self.full or Fraction(0)


@dataclass(frozen=True, slots=True)
class Group:
    """A block of the scheme with its rows in the scheme's order."""

    id: str
    name: str
    full: Fraction | None
    points: Span
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class HiddenPart:
    """A total that is on schedule while a part of it is behind (总量掩盖)."""

    total: Progress
    parts: tuple[Progress, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two statements about an indicator that do not agree, neither of which was chosen."""

    indicator: str
    name: str
    first: str
    second: str
    note: str
    owner: str = ""
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A difficulty that was named without a figure of its progress."""

    name: str
    task: str
    owner: str
    due: str
    light: Light | None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Undecided:
    """A criterion whose points are still open, and how many."""

    name: str
    points: Fraction
    why: str


@dataclass(frozen=True, slots=True)
class Board:
    """Where a unit stands: total and place, counts by status, rows behind schedule first.

    ``pace`` is the share of the year gone by in per cent, ``behind_limit`` how many percentage points behind
    are still not 滞后; ``rows`` all rows, behind schedule first, by
    percentage points behind each target's own curve; ``groups`` the same in the scheme's order; ``working``
    is that of the worst criterion.
    """

    unit: str
    name: str
    period: Period
    scheme: str
    version: str
    issuer: str
    as_of: str
    pace: Fraction
    remaining_months: int
    behind_limit: Fraction
    full: Fraction | None
    total: Span
    rank: Span
    peers: int
    peer_group: str
    grade: str
    undecided: tuple[Undecided, ...]
    counts: tuple[tuple[str, str, int], ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    hidden: tuple[HiddenPart, ...]
    doubts: tuple[Doubt, ...]
    difficulties: tuple[Difficulty, ...]
    working: Working | None
    has_demo: bool
    points_demo: bool

    @property
    def behind(self) -> tuple[Row, ...]:
        """The rows behind their own schedule by more than the limit (滞后), the farthest behind first."""
        return tuple(row for row in self.rows if row.light is not None and row.light.key == "behind")

    @property
    def counted(self) -> int:
        """How many targets the counts by status count."""
        return sum(number for _, _, number in self.counts)

    @property
    def period_text(self) -> str:
        """The period as a title writes it: 2005年1—9月."""
        first, last = self.period.first % 12 + 1, self.period.end_month
        months = f"{first}月" if first == last else f"{first}—{last}月"
        return f"{self.period.year}年{months}"
