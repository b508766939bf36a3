"""Statistics against sums worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.scoring import statistics as s
from kaohe.scoring.numbers import Inexact, Null, sort_classes

FIVE = [Fraction(number) for number in (2, 4, 4, 5, 10)]


def test_mean_median_and_quantiles() -> None:
    assert s.mean(FIVE) == 5
    assert s.median(FIVE) == 4
    assert s.quantile(FIVE, Fraction(9, 10)) == 8  # position 3.6: 5 + 0.6 × (10 − 5)


def test_deviations_of_sample_and_population() -> None:
    # squares of the distances: 9 + 1 + 1 + 0 + 25 = 36
    assert s.deviation(FIVE) == 3
    population = s.deviation(FIVE, sample=False)
    assert isinstance(population, Inexact)
    assert float(population.decimal) == pytest.approx(7.2**0.5, abs=1e-15)


def test_one_value_has_no_sample_deviation() -> None:
    assert s.deviation([Fraction(1)]) is Null.UNDEFINED


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("min", [1, 2, 2, 4]), ("max", [1, 3, 3, 4]), ("mean", [1, 2.5, 2.5, 4]), ("dense", [1, 2, 2, 3])],
)
def test_places_of_ties(ties: str, expected: list[float]) -> None:
    values = [Fraction(9), Fraction(7), Fraction(7), Fraction(1)]
    places = s.places(sort_classes(values), ties)
    assert [places[row] for row in range(4)] == expected


def test_percent_ranks() -> None:
    values = [Fraction(1), Fraction(3), Fraction(3), Fraction(8)]
    assert s.percent_ranks(values, "exclusive") == [0, Fraction(1, 3), Fraction(1, 3), 1]
    assert s.percent_ranks(values, "max") == [Fraction(1, 4), Fraction(3, 4), Fraction(3, 4), 1]
    assert s.percent_ranks(values, "mean")[1] == Fraction(1, 2)  # (2.5 − 0.5) / 4


def test_winsorising_draws_in_the_far_end_only() -> None:
    values = [Fraction(number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 1000)]
    drawn = s.winsorised(values, Fraction(2), Fraction(7, 2), 5)
    assert drawn == [*values[:9], Fraction(9)]


def test_winsorising_leaves_calm_values_alone() -> None:
    assert s.winsorised(FIVE, Fraction(2), Fraction(7, 2), 5) == FIVE
