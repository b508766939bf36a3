"""Closed intervals of exact numbers: what a printed figure stands for, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

Bound = Fraction | None
_ABOUT = frozenset({"约", "近", "预计", "左右", "上下"})
_MORE = frozenset({"余", "多", "超", "几"})


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``, both included; None is an open end without limit.

    >>> Interval(Fraction(1), Fraction(2)) * Interval(Fraction(-3), Fraction(4))
    Interval(low=Fraction(-6, 1), high=Fraction(8, 1))
    >>> Interval.at_least(Fraction(5)).meets(Interval.point(4)), Interval.point(3).contains(Fraction(3))
    (False, True)
    """

    low: Bound
    high: Bound

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"interval ends ({self.high}) before it starts ({self.low})")

    @classmethod
    def point(cls, value: Fraction | Decimal | int) -> Interval:
        """The one number ``value``."""
        return cls(Fraction(value), Fraction(value))

    @classmethod
    def at_least(cls, value: Fraction | Decimal | int) -> Interval:
        """Every number from ``value`` up."""
        return cls(Fraction(value), None)

    @classmethod
    def at_most(cls, value: Fraction | Decimal | int) -> Interval:
        """Every number up to ``value``."""
        return cls(None, Fraction(value))

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only."""
        return self.low is not None and self.low == self.high

    def __neg__(self) -> Interval:
        return Interval(_negated(self.high), _negated(self.low))

    def __add__(self, other: Interval | Fraction | int) -> Interval:
        right = _interval(other)
        return Interval(_sum(self.low, right.low), _sum(self.high, right.high))

    def __sub__(self, other: Interval | Fraction | int) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        ends = [_times(left, right) for left, right in product(_ends(self), _ends(_interval(other)))]
        return Interval(_bound(min(ends)), _bound(max(ends)))

    def __truediv__(self, other: Interval | Fraction | int) -> Interval | None:
        """The quotient; None where the divisor may be zero, since then it may be anything."""
        right = _interval(other)
        if right.contains(Fraction(0)):
            return None
        return self * Interval(_inverse(right.high), _inverse(right.low))

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return not (_before(self, other) or _before(other, self))

    def contains(self, other: Interval | Fraction | Decimal | int) -> bool:
        """Whether the number, or all of the other interval, lies inside."""
        right = other if isinstance(other, Interval) else Interval.point(other)
        above = self.low is None or (right.low is not None and self.low <= right.low)
        return above and (self.high is None or (right.high is not None and right.high <= self.high))

    def joined(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Interval(low, high)

    def common(self, other: Interval) -> Interval | None:
        """What lies in both; None when they do not meet."""
        if not self.meets(other):
            return None
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Interval(max(lows, default=None), min(highs, default=None))


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals; the point 0 when there are none.

    >>> total([Interval.point(1), Interval(Fraction(1), Fraction(2))])
    Interval(low=Fraction(2, 1), high=Fraction(3, 1))
    """
    whole = Interval.point(0)
    for interval in intervals:
        whole += interval
    return whole


def printed_interval(value: Fraction | Decimal, decimals: int = 0, approx: str = "") -> Interval:
    """The true values, in the measure printed, that a printed figure may stand for.

    Exact print: ± half of the last printed digit; trailing zeros of an integer count as printed.
    约, 近, 左右, 预计: ± one twentieth, at least half a digit; 近 lies below. 余, 多, 超: from the value up
    by one unit of its last digit that is not zero (70余 is 70—80, 100余 is 100—200, 9.5亿多 9.5—9.6亿).
    ≥ and ≤ (以上, 以下, 不超过) leave one side open.

    >>> printed_interval(Decimal("6.25"), 2)
    Interval(low=Fraction(1249, 200), high=Fraction(1251, 200))
    >>> printed_interval(Decimal(70), 0, "余"), printed_interval(Decimal(95), 0, "≥").high
    (Interval(low=Fraction(70, 1), high=Fraction(80, 1)), None)
    """
    exact, half = Fraction(value), Fraction(1, 2 * 10**decimals)
    if approx in _MORE:
        return _widened(exact, last_step(exact, decimals))
    if approx == "≥":
        return Interval(exact, None)
    if approx == "≤":
        return Interval(None, exact)
    if approx in _ABOUT:
        half = max(half, abs(exact) / 20)
    return Interval(exact - half, exact + (0 if approx == "近" else half))


def last_step(value: Fraction, decimals: int) -> Fraction:
    """One unit of the last digit of a printed number that is not zero.

    >>> last_step(Fraction(3000), 0), last_step(Fraction(120), 0), last_step(Fraction("9.5"), 1)
    (Fraction(1000, 1), Fraction(10, 1), Fraction(1, 10))
    """
    step = Fraction(1, 10**decimals)
    while value and (value / (step * 10)).denominator == 1:
        step *= 10
    return step


def _widened(value: Fraction, step: Fraction) -> Interval:
    return Interval(value, value + step) if value >= 0 else Interval(value - step, value)


def _interval(value: Interval | Fraction | int) -> Interval:
    return value if isinstance(value, Interval) else Interval.point(value)


def _negated(bound: Bound) -> Bound:
    return None if bound is None else -bound


def _sum(left: Bound, right: Bound) -> Bound:
    return None if left is None or right is None else left + right


def _before(first: Interval, second: Interval) -> bool:
    return first.high is not None and second.low is not None and first.high < second.low


def _inverse(bound: Bound) -> Fraction:
    return Fraction(0) if bound is None else 1 / bound


# An end of an interval as (infinity's sign, number), which orders as the number line does.
_End = tuple[int, Fraction]


def _ends(interval: Interval) -> tuple[_End, _End]:
    low = (-1, Fraction(0)) if interval.low is None else (0, interval.low)
    high = (1, Fraction(0)) if interval.high is None else (0, interval.high)
    return low, high


def _times(left: _End, right: _End) -> _End:
    if not left[0] and not right[0]:
        return 0, left[1] * right[1]
    sign = _sign(left) * _sign(right)
    return sign, Fraction(0)


def _sign(end: _End) -> int:
    return end[0] or (end[1] > 0) - (end[1] < 0)


def _bound(end: _End) -> Bound:
    return None if end[0] else end[1]
