from __future__ import annotations

import pytest

from kaohe.quantities.periods import Period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2005", "2005-01", "2005-12"),
        ("2005-09", "2005-09", "2005-09"),
        ("2005-Q3", "2005-07", "2005-09"),
        ("2005-H2", "2005-07", "2005-12"),
        ("2004-12/2005-02", "2004-12", "2005-02"),
        (" 2005-09 ", "2005-09", "2005-09"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_month(text: str, first: str, last: str) -> None:
    months = Period.parse(text).month_list()
    assert (str(months[0]), str(months[-1])) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "2005年", "2005-9", "05-09", "2005-Q5", "2005-H3", "2005-01-01", "2005-01/"]
)
def test_what_is_not_a_period_is_named_in_the_error(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        Period.parse(text)


def test_a_month_lies_between_1_and_12() -> None:
    with pytest.raises(ValueError, match="month 13"):
        Period.parse("2005-13")


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match=r"ends \(2005-01\) before it starts \(2005-09\)"):
        Period.parse("2005-09/2005-01")


@pytest.mark.parametrize(
    ("text", "printed"),
    [("2005-01/2005-12", "2005"), ("2005-Q3", "2005-07/2005-09"), ("2005-07/2006-06", "2005-07/2006-06")],
)
def test_a_period_prints_in_its_shortest_form(text: str, printed: str) -> None:
    assert str(Period.parse(text)) == printed


def test_the_neighbours_of_a_period() -> None:
    third_quarter = Period.parse("2005-Q3")
    assert str(third_quarter.year_to_date()) == "2005-01/2005-09"
    assert str(third_quarter.last_year()) == "2004-07/2004-09"
    assert str(third_quarter.previous()) == "2005-04/2005-06"
    assert str(third_quarter.whole_year()) == "2005"
    assert (third_quarter.months, third_quarter.year, third_quarter.end_month) == (3, 2005, 9)


def test_a_campaign_across_two_years_belongs_to_the_year_it_ends_in() -> None:
    winter_works = Period.parse("2004-11/2005-03")
    assert winter_works.year == 2005
    assert str(winter_works.year_to_date()) == "2005-01/2005-03"


def test_a_period_contains_its_months_and_no_others() -> None:
    half = Period.parse("2005-H1")
    assert all(half.contains(month) for month in half.month_list())
    assert not half.contains(Period.parse("2005-06/2005-07"))


def test_from_calendar_months() -> None:
    assert Period.of(2005, 9) == Period.parse("2005-09")
    assert Period.of(2005, 1, 2005, 9) == Period.of(2005, 1, end_month=9) == Period.parse("2005-01/2005-09")
