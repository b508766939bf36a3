"""The checker of the rule cases is itself checked: it must not agree with everything."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from arithmetic import WrongSum, check, evaluate, half_up


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25 + 0.2 × 30 + 0.1 × 5", "31.5"),
        ("20 − 3 × (2 + 1)", "11"),
        ("-2 ^ 2", "-4"),
        ("2 ^ 3 ^ 2", "512"),
        ("12 ÷ 4 ÷ 3", "1"),
        ("10 - 4 - 3", "3"),
        ("65.7%", "0.657"),
        ("200 × 15%", "30"),
        ("min(30, max(1, 31.5))", "30"),
        ("floor(3.7) + ceil(3.2) + abs(-1)", "8"),
        ("round(2.675, 2)", "2.68"),
        ("round(-2.5)", "-3"),
        ("281.96 ÷ 352.45", "0.8"),
        ("（1 ＋ 2）× 3", "9"),
    ],
)
def test_value(text: str, value: str) -> None:
    assert evaluate(text) == Fraction(value)


def test_a_chain_of_equals_has_one_value() -> None:
    assert check("20 × 0.9 + 1.5 = 18 + 1.5 = 19.5") == Fraction("19.5")


@pytest.mark.parametrize("text", ["1 + 1 = 3", "1 ÷ 3 = 0.33", "1 + 1", "0.1 + 0.2 = 0.3 = 0.31"])
def test_sides_that_differ_are_refused(text: str) -> None:
    with pytest.raises(WrongSum):
        check(text)


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1 2", "sin(1)", "1 ÷ 0", "2 ^ 0.5", "甲 + 1", "min 3", "1)"]
)
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(WrongSum):
        evaluate(text)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"), [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("15", -1, "20")]
)
def test_half_up_goes_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert half_up(Fraction(value), decimals) == Fraction(rounded)
