"""What moved from one month's board to the next: total, place, lights, points."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.outlook.figures import Span, fixed
from kaohe.outlook.lights import Light
from kaohe.outlook.model import Board, Row


@dataclass(frozen=True, slots=True)
class Moved:
    """A target that moved; texts are signed differences, blank where they say nothing."""

    row: Row
    before: Light | None
    after: Light | None
    points_before: str
    points_after: str
    gap_before: str
    gap_after: str
    change: str
    worse: bool


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved between two boards, the largest movements first."""

    month: str
    total_before: Span
    total_after: Span
    rank_before: Span
    rank_after: Span
    rows: tuple[Moved, ...]

    @property
    def turned(self) -> int:
        """How many targets changed their light."""
        return sum(1 for row in self.rows if row.before != row.after)


def moved(before: Board, after: Board) -> Movement:
    """The rows whose light or gap to their schedule changed."""
    known = {row.id: row for row in before.rows}
    rows = [
        _moved(known[row.id], row) for row in after.rows if row.id in known and _differs(known[row.id], row)
    ]
    rows.sort(key=lambda each: (each.before == each.after, -abs(_gap_change(known[each.row.id], each.row))))
    return Movement(before.period_text, before.total, after.total, before.rank, after.rank, tuple(rows))


def _differs(before: Row, after: Row) -> bool:
    return before.light != after.light or before.points != after.points or _gap_change(before, after) != 0


def _gap_change(before: Row, after: Row) -> Fraction:
    old, new = before.progress.gap.value, after.progress.gap.value
    return Fraction(0) if old is None or new is None else new - old


def _moved(before: Row, after: Row) -> Moved:
    change = _gap_change(before, after)
    return Moved(
        row=after,
        before=before.light,
        after=after.light,
        points_before=before.points.text(2) if before.full is not None else "",
        points_after=after.points.text(2) if after.full is not None else "",
        gap_before=before.progress.gap.text,
        gap_after=after.progress.gap.text,
        change=fixed(change, 1, signed=True) if change else "",
        worse=change < 0,
    )
