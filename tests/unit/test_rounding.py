from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.quantities.rounding import MODES, Mode, round_exact


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", (3, 3, -3, -3, 2, -2)),
        ("half_even", (2, 3, -2, -3, 2, -2)),
        ("half_down", (2, 3, -2, -3, 2, -2)),
        ("up", (3, 3, -3, -3, 3, -3)),
        ("down", (2, 2, -2, -2, 2, -2)),
        ("floor", (2, 2, -3, -3, 2, -3)),
        ("ceil", (3, 3, -2, -2, 3, -2)),
    ],
)
def test_each_mode_on_halves_and_beside_them(mode: Mode, expected: tuple[int, ...]) -> None:
    values = ("2.5", "2.51", "-2.5", "-2.51", "2.49", "-2.49")
    assert tuple(round_exact(Fraction(value), mode=mode) for value in values) == expected


def test_every_mode_has_a_case_above() -> None:
    assert set(MODES) == {"half_up", "half_even", "half_down", "up", "down", "floor", "ceil"}


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("2.345", 2, "2.35"),
        ("1.005", 2, "1.01"),  # a binary float would give 1.00
        ("-0.005", 2, "-0.01"),
        ("0.004999", 2, "0"),
        ("1250", -2, "1300"),
        ("13.885", 2, "13.89"),
    ],
)
def test_decimals(value: str, decimals: int, expected: str) -> None:
    assert round_exact(Fraction(value), decimals) == Fraction(expected)


def test_multiples_of_a_step() -> None:
    assert round_exact(Fraction("7.3"), to=Fraction(1, 2)) == Fraction("7.5")
    assert round_exact(Fraction("7.25"), to=Fraction(1, 2)) == Fraction("7.5")
    assert round_exact(Fraction(7), to=Fraction(3), mode="floor") == 6


@pytest.mark.parametrize("step", [Fraction(0), Fraction(-1, 2)])
def test_a_step_is_positive(step: Fraction) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        round_exact(Fraction(1), to=step)


def test_an_unknown_mode_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="unknown rounding mode 'bankers', expected one of half_up"):
        round_exact(Fraction("2.5"), mode="bankers")  # type: ignore[arg-type]
