"""Schedules: which share of a target is due by when (时序进度)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.facts.errors import DataError
from kaohe.facts.model import Form, IndicatorKind, Schedule, Target
from kaohe.quantities.periods import Period

LINEAR = "linear"
LEVEL = "level"
_WEIGHTS = re.compile(r"[qs]:(\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)+)")

LEVEL_KINDS = frozenset(
    {
        IndicatorKind.RATIO,
        IndicatorKind.OUTSIDE,
        IndicatorKind.RANK,
        IndicatorKind.INDEX,
        IndicatorKind.GROWTH,
    }
)
"""Kinds whose figure does not pile up over the year: the whole target is due at any time."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A stored cumulative curve by calendar month; a month without a point keeps the last one before."""

    name: str
    points: tuple[tuple[int, Fraction], ...]

    def __post_init__(self) -> None:
        shares = [share for _, share in self.points]
        months = [month for month, _ in self.points]
        if not shares or shares[-1] != 1:
            raise DataError(
                f"进度表 {self.name} 最后一个月的 share 应为 1,实为 {shares[-1] if shares else '空'}"
            )
        if months != sorted(set(months)):
            raise DataError(f"进度表 {self.name} 的月份重复")
        if shares != sorted(shares):
            raise DataError(f"进度表 {self.name} 的 share 是累计数,不应减少")

    def share(self, month: int) -> Fraction:
        """The cumulative share by the end of a calendar month; 0 before the first point.

        >>> Curve("c", ((6, Fraction(2, 5)), (12, Fraction(1)))).share(8)
        Fraction(2, 5)
        """
        reached = [share for point, share in self.points if point <= month]
        return reached[-1] if reached else Fraction(0)


def curves_of(rows: Iterable[Schedule]) -> dict[str, Curve]:
    """The stored curves by name. Raises ``DataError`` on one that falls or does not end at 1."""
    points: dict[str, list[tuple[int, Fraction]]] = {}
    for row in rows:
        points.setdefault(row.schedule, []).append((row.month, row.share))
    return {name: Curve(name, tuple(sorted(each))) for name, each in points.items()}


def is_known(schedule: str, curves: Mapping[str, Curve]) -> bool:
    """Whether a schedule's name is blank, built in or stored."""
    built_in = schedule in ("", LINEAR, LEVEL) or _WEIGHTS.fullmatch(schedule) is not None
    return built_in or schedule in curves


def share_due(
    target: Target, kind: IndicatorKind, at: Period, curves: Mapping[str, Curve] | None = None
) -> Fraction:
    """The share of ``target`` that is due at the end of ``at``, 0 to 1.

    ``linear`` counts months of the target's own period; ``q:15/25/25/35`` and ``s:4/3/3`` weigh equal
    parts of it, straight within a part; ``level`` asks for all of it at any time; a stored curve goes by
    calendar month. A by-date target is due whole in the last month of its period, not before. Without a
    schedule ratios, ranks, indices and growth rates are level, everything else linear.
    """
    stored = (curves or {}).get(target.schedule)
    if stored is not None:
        return _by_calendar(stored, target.period, at)
    if not target.schedule and target.form is Form.BY_DATE:
        return Fraction(at.last >= target.period.last)
    name = target.schedule or _usual(target.form, kind)
    if name == LEVEL:
        return Fraction(at.last >= target.period.first)
    return weighted_share(_weights(name), _elapsed(target.period, at))


def weighted_share(weights: Sequence[Fraction], elapsed: Fraction) -> Fraction:
    """The cumulative share when ``elapsed`` (0–1) of the time is over and equal parts weigh ``weights``.

    >>> weighted_share([Fraction(15), Fraction(25), Fraction(25), Fraction(35)], Fraction(3, 4))
    Fraction(13, 20)
    """
    position = elapsed * len(weights)
    whole = int(position)
    rest = weights[whole] * (position - whole) if whole < len(weights) else Fraction(0)
    return (sum(weights[:whole], Fraction(0)) + rest) / sum(weights)


def _usual(form: Form, kind: IndicatorKind) -> str:
    return LEVEL if kind in LEVEL_KINDS or form is Form.RANK else LINEAR


def _weights(name: str) -> list[Fraction]:
    if name == LINEAR:
        return [Fraction(1)]
    match = _WEIGHTS.fullmatch(name)
    weights = [Fraction(part) for part in match[1].split("/")] if match else []
    if not weights or not sum(weights):
        raise DataError(
            f"找不到进度表 {name};应为 linear、level、q:15/25/25/35、s:4/3/3 或 schedules 里的名称"
        )
    return weights


def _elapsed(period: Period, at: Period) -> Fraction:
    months = min(max(at.last - period.first + 1, 0), period.months)
    return Fraction(months, period.months)


def _by_calendar(curve: Curve, period: Period, at: Period) -> Fraction:
    if at.year != period.year:
        return Fraction(at.year > period.year)
    return curve.share(at.end_month)
