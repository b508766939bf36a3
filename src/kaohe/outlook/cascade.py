"""Breaking a target down: what the shares come to, how that compares with it, and months as a curve.

What adds up (产值, 人数) shows its sum and the difference to the target: more than assigned is 加码, less
leaves part of it to nobody. A ratio, a rate or a place is handed on the same or stricter. For a control
number (not more than) the directions change places: a smaller sum is the stricter one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from kaohe.facts.model import Direction, Form, Indicator

_AMOUNTS = frozenset({Form.ABSOLUTE, Form.AT_MOST})


class Outcome(Enum):
    """How a breakdown compares with its target."""

    EXACT = "exact"
    MORE = "more"
    LESS = "less"
    LOOSER = "looser"


@dataclass(frozen=True, slots=True)
class Cascade:
    """A target with the shares given to those below, all in one measure.

    ``adds_up`` whether shares are parts of the target; ``falling`` whether a smaller figure is the stricter
    one.

    >>> Cascade(Fraction(9), (Fraction(5), Fraction(5))).outcome.value
    'more'
    """

    target: Fraction
    shares: tuple[Fraction, ...]
    adds_up: bool = True
    falling: bool = False

    @property
    def total(self) -> Fraction:
        """The sum of the shares."""
        return sum(self.shares, Fraction(0))

    @property
    def difference(self) -> Fraction:
        """The sum of the shares less the target; positive when they come to more.

        >>> Cascade(Fraction(9), (Fraction(5), Fraction("3.5"))).difference
        Fraction(-1, 2)
        """
        return self.total - self.target

    @property
    def beyond_percent(self) -> Fraction | None:
        """By how many per cent the shares are stricter than the target (加码); 0 when they are not.

        ``None`` on a target ≤ 0, of which nothing is a percentage.

        >>> Cascade(Fraction(9), (Fraction(5), Fraction(5))).beyond_percent
        Fraction(100, 9)
        >>> Cascade(Fraction(-596), (Fraction(-500),)).beyond_percent is None
        True
        """
        if self.target <= 0:
            return None
        beyond = -self.difference if self.falling else self.difference
        return max(beyond, Fraction(0)) / self.target * 100

    @property
    def looser(self) -> tuple[int, ...]:
        """The places of the shares that are less strict than the target; none for what adds up.

        >>> Cascade(Fraction(95), (Fraction(96), Fraction(90)), adds_up=False).looser
        (1,)
        """
        if self.adds_up:
            return ()
        return tuple(
            place
            for place, share in enumerate(self.shares)
            if not same_or_stricter(share, self.target, self.falling)
        )

    @property
    def outcome(self) -> Outcome:
        """Whether the shares meet the target, go beyond it (加码), or leave some of it to nobody."""
        if not self.adds_up:
            return Outcome.LOOSER if self.looser else Outcome.EXACT
        if self.difference == 0:
            return Outcome.EXACT
        return Outcome.MORE if (self.difference > 0) is not self.falling else Outcome.LESS


def same_or_stricter(share: Fraction, target: Fraction, falling: bool) -> bool:
    """Whether a ratio, rate or place is not looser than the one it comes from.

    >>> same_or_stricter(Fraction(3), Fraction(4), falling=True)  # the third place is better than the fourth
    True
    """
    return share <= target if falling else share >= target


def adds_up(indicator: Indicator, form: Form) -> bool:
    """Whether shares of a target of this form are parts of it, to be summed.

    >>> adds_up(Indicator("output"), Form.ABSOLUTE), adds_up(Indicator("output"), Form.GROWTH)
    (True, False)
    """
    return indicator.additive and form in _AMOUNTS


def falls(indicator: Indicator, form: Form) -> bool:
    """Whether a smaller figure is the stricter one: control numbers, places, and what should go down."""
    return form in (Form.AT_MOST, Form.RANK) or indicator.direction is Direction.DOWN


def curve_fault(shares: Sequence[Fraction]) -> str:
    """What is wrong with a cumulative curve of twelve months, in words; blank when nothing is.

    >>> curve_fault([Fraction(month, 12) for month in range(1, 13)])
    ''
    >>> curve_fault([Fraction(1, 2)] * 11 + [Fraction(9, 10)])
    '12月的累计应为 100%,实为 90%'
    """
    if len(shares) != 12:
        return f"应有 12 个月,实有 {len(shares)} 个月"
    for month, (before, now) in enumerate(zip((Fraction(0), *shares), shares, strict=False), start=1):
        if now < before:
            return f"{month}月的累计 {_percent(now)} 小于上月的 {_percent(before)}"
    if shares[-1] != 1:
        return f"12月的累计应为 100%,实为 {_percent(shares[-1])}"
    return ""


def left_uncovered(missing: Fraction, contributions: Sequence[Fraction]) -> Fraction:
    """What tasks leave of a gap: the gap less what they are expected to bring, never below 0.

    >>> left_uncovered(Fraction("2.75"), [Fraction(2), Fraction("0.5")])
    Fraction(1, 4)
    """
    return max(missing - sum(contributions, Fraction(0)), Fraction(0))


def _percent(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{float(percent):.2f}%"
