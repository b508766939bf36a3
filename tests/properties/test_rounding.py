from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.quantities.rounding import MODES, Mode, round_exact

values = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
decimals = st.integers(min_value=-3, max_value=6)
modes = st.sampled_from(MODES)
nearest = st.sampled_from(("half_up", "half_even", "half_down"))


@given(values, decimals, modes)
def test_the_result_is_a_multiple_less_than_a_step_away(value: Fraction, places: int, mode: Mode) -> None:
    step = Fraction(10) ** -places
    result = round_exact(value, places, mode)
    assert (result / step).denominator == 1
    assert abs(result - value) < step


@given(values, decimals, nearest)
def test_the_nearest_modes_stay_within_half_a_step(value: Fraction, places: int, mode: Mode) -> None:
    assert abs(round_exact(value, places, mode) - value) <= Fraction(10) ** -places / 2


@given(values, decimals, modes)
def test_rounding_twice_is_rounding_once(value: Fraction, places: int, mode: Mode) -> None:
    once = round_exact(value, places, mode)
    assert round_exact(once, places, mode) == once


@given(values, values, decimals, modes)
def test_more_never_rounds_to_less(one: Fraction, other: Fraction, places: int, mode: Mode) -> None:
    low, high = sorted((one, other))
    assert round_exact(low, places, mode) <= round_exact(high, places, mode)


@given(values, decimals, st.sampled_from(("half_up", "half_even", "half_down", "up", "down")))
def test_a_loss_rounds_as_the_same_gain_does(value: Fraction, places: int, mode: Mode) -> None:
    assert round_exact(-value, places, mode) == -round_exact(value, places, mode)


@given(values, decimals)
def test_floor_and_ceil_mirror_each_other(value: Fraction, places: int) -> None:
    assert round_exact(-value, places, "floor") == -round_exact(value, places, "ceil")


@pytest.mark.parametrize(
    ("mode", "reference"),
    [("half_up", ROUND_HALF_UP), ("half_even", ROUND_HALF_EVEN), ("half_down", ROUND_HALF_DOWN)],
)
@given(thousandths=st.integers(min_value=-(10**9), max_value=10**9))
def test_decimals_of_the_standard_library_agree(mode: Mode, reference: str, thousandths: int) -> None:
    written = Decimal(thousandths).scaleb(-3)
    expected = written.quantize(Decimal("0.01"), rounding=reference)
    assert round_exact(Fraction(written), 2, mode) == Fraction(expected)
