"""Exact where it can be, fifty digits where it cannot, equal within 1e-12 only there."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Inexact, Null


def test_the_quotient_at_a_threshold_is_exact() -> None:
    quotient = n.divide(Fraction("281.96"), Fraction("352.45"))
    assert quotient == Fraction(4, 5)


def test_division_by_zero_is_undefined() -> None:
    assert n.divide(Fraction(1), Fraction(0)) is Null.UNDEFINED
    assert n.divide(Fraction(1), Inexact(Decimal(0))) is Null.UNDEFINED


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (Fraction(2), Fraction(10), Fraction(1024)),
        (Fraction(1, 2), Fraction(-2), Fraction(4)),
        (Fraction(0), Fraction(1, 2), Fraction(0)),
        (Fraction(0), Fraction(-1), Null.UNDEFINED),
        (Fraction(-8), Fraction(1, 3), Null.UNDEFINED),
    ],
)
def test_powers(base: Fraction, exponent: Fraction, expected: object) -> None:
    assert n.power(base, exponent) == expected


def test_roots_of_squares_are_exact_and_others_carry_fifty_digits() -> None:
    assert n.root(Fraction(9, 4)) == Fraction(3, 2)
    root = n.root(Fraction(2))
    assert isinstance(root, Inexact)
    assert str(root.decimal).startswith("1.4142135623730950488016887242096980785696718753769")


def test_inexact_numbers_are_equal_within_a_trillionth_exact_ones_are_not() -> None:
    one, near = Fraction(1), Fraction(1) + Fraction(1, 10**13)
    assert n.compare(one, near) == -1
    assert n.compare(Inexact(Decimal(1)), near) == 0
    assert n.floor(Inexact(Decimal("2.9999999999999999"))) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2.345", "2.35"), ("-2.345", "-2.35"), ("2.344999", "2.34"), ("1.005", "1.01"), ("0.125", "0.13")],
)
def test_half_up_goes_away_from_zero(value: str, expected: str) -> None:
    assert n.rounded(Fraction(value), 2) == Fraction(expected)


def test_the_strongest_reason_wins() -> None:
    assert n.strongest([Null.NOT_APPLICABLE, Null.UNDEFINED, Fraction(0)]) is Null.UNDEFINED
    assert n.strongest([Fraction(0)]) is None


def test_ties_are_classes_in_order() -> None:
    values = [Fraction("80"), Fraction("281.96") / Fraction("352.45") * 100, Fraction(79), Fraction(81)]
    assert n.sort_classes(values) == [[3], [0, 1], [2]]
    assert n.sort_classes(values, high_first=False) == [[2], [0, 1], [3]]


def test_text_is_the_shortest_that_reads_back() -> None:
    assert n.number_text(Fraction("13.8900")) == "13.89"
    assert n.number_text(Fraction(2, 3)) == "0.66666666666666667"
    assert n.number_text(Fraction(-0)) == "0"


def test_a_negative_inexact_number_has_whole_powers() -> None:
    assert n.compare(n.power(Inexact(Decimal("-1.5")), Fraction(2)), Fraction("2.25")) == 0  # type: ignore[arg-type]
    assert n.power(Inexact(Decimal("-1.5")), Fraction(1, 2)) is Null.UNDEFINED
