"""Intervals with open ends and with zero in the divisor."""

from fractions import Fraction

import pytest

from kaohe.quantities import Interval, printed_interval
from kaohe.quantities.intervals import total


def between(low: int | None, high: int | None) -> Interval:
    return Interval(None if low is None else Fraction(low), None if high is None else Fraction(high))


def test_division_by_what_may_be_zero_is_undefined() -> None:
    assert between(1, 2) / between(-1, 1) is None
    assert between(1, 2) / between(0, 1) is None
    assert between(2, 4) / between(1, 2) == between(1, 4)
    assert between(2, 4) / between(-2, -1) == between(-4, -1)


def test_open_ends_carry_through() -> None:
    assert between(1, None) + between(2, 3) == between(3, None)
    assert between(1, 2) - between(0, None) == between(None, 2)
    assert between(2, None) * between(-1, 1) == between(None, None)
    assert between(0, 0) * between(1, None) == between(0, 0)
    assert between(1, 2) / between(2, None) == Interval(Fraction(0), Fraction(1))


def test_meeting_and_holding() -> None:
    assert between(1, 2).meets(between(2, 3))
    assert not between(1, 2).meets(between(3, None))
    assert between(None, 5).contains(between(1, 2))
    assert not between(1, 2).contains(between(1, None))
    assert between(1, 3).common(between(2, None)) == between(2, 3)
    assert between(1, 2).common(between(3, 4)) is None
    assert between(1, 2).joined(between(3, 4)) == between(1, 4)
    assert total([]) == between(0, 0)


def test_an_interval_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        between(2, 1)


def test_the_plan_of_the_seed_holds_its_nine_hundred_million() -> None:
    plan = printed_interval(Fraction("6.25"), 2) / printed_interval(Fraction(69), 0)
    assert plan is not None
    assert (plan * 100).contains(Fraction(9))


def test_two_parts_of_revenue_meet_their_total() -> None:
    local, national = printed_interval(Fraction("597.46"), 2), printed_interval(Fraction(2150), 0)
    assert (local + national).meets(printed_interval(Fraction("2747.46"), 2))
