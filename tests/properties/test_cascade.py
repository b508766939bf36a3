"""Laws of breaking a target down: sums, 加码, same or stricter, curves."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kaohe.facts.model import Direction, Form, Indicator, IndicatorKind
from kaohe.outlook.cascade import (
    Cascade,
    Outcome,
    adds_up,
    curve_fault,
    falls,
    left_uncovered,
    same_or_stricter,
)

amounts = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
shares = st.lists(amounts, min_size=1, max_size=12).map(tuple)


@given(amounts, shares, st.booleans())
def test_the_order_of_the_units_never_matters(target: Fraction, parts: tuple[Fraction, ...], falling: bool):
    there = Cascade(target, parts, falling=falling)
    back = Cascade(target, tuple(reversed(parts)), falling=falling)
    assert (there.total, there.outcome, there.beyond_percent) == (
        back.total,
        back.outcome,
        back.beyond_percent,
    )


@given(amounts, shares, st.booleans())
def test_the_sum_is_the_target_and_the_difference(target, parts, falling):
    cascade = Cascade(target, parts, falling=falling)
    assert cascade.total == target + cascade.difference
    assert (cascade.outcome is Outcome.EXACT) == (cascade.difference == 0)


@given(amounts, shares, st.booleans())
def test_no_percentage_on_a_target_of_nothing_or_less(target, parts, falling):
    percent = Cascade(target, parts, falling=falling).beyond_percent
    assert (percent is None) == (target <= 0)
    if percent is not None:
        assert (percent > 0) == (Cascade(target, parts, falling=falling).outcome is Outcome.MORE)


@given(shares)
def test_what_is_handed_on_whole_is_exact(parts):
    assert Cascade(sum(parts, Fraction(0)), parts).outcome is Outcome.EXACT


@given(amounts, shares, st.booleans())
def test_a_rate_is_looser_exactly_where_one_share_is(target, parts, falling):
    cascade = Cascade(target, parts, adds_up=False, falling=falling)
    looser = [place for place, share in enumerate(parts) if not same_or_stricter(share, target, falling)]
    assert list(cascade.looser) == looser
    assert (cascade.outcome is Outcome.LOOSER) == bool(looser)


@given(st.lists(st.integers(0, 50), min_size=12, max_size=12).filter(any))
def test_amounts_of_months_are_a_curve(months):
    total = sum(months)
    curve = [Fraction(sum(months[: number + 1]), total) for number in range(12)]
    assert curve_fault(curve) == ""
    assert "12月" in curve_fault([*curve[:-1], Fraction(2)])


@given(st.fractions(0, 1000), st.lists(st.fractions(0, 1000), max_size=5), st.fractions(0, 100))
def test_another_task_never_leaves_more_uncovered(missing, contributions, another):
    left = left_uncovered(missing, contributions)
    assert 0 <= left_uncovered(missing, [*contributions, another]) <= left <= missing


def test_what_adds_up_and_what_falls():
    output = Indicator("output")
    share = Indicator("share", kind=IndicatorKind.RATIO, additive=False)
    deaths = Indicator("deaths", direction=Direction.DOWN)
    assert adds_up(output, Form.ABSOLUTE) and not adds_up(share, Form.ABSOLUTE)
    assert not adds_up(output, Form.RANK)
    assert falls(output, Form.RANK) and falls(deaths, Form.ABSOLUTE) and not falls(output, Form.ABSOLUTE)
