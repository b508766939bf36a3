"""Periods in running text."""

import pytest

from kaohe.quantities import find_periods

# text, months, from January on (True), part of a year (False), a point or unknown (None), relative
PERIODS: list[tuple[str, str, bool | None, str | None]] = [
    ("2005-09", "2005-09", False, None), ("2005年9月", "2005-09", False, None),
    ("9月", "2005-09", False, None),
    ("1—9月", "2005-01/2005-09", True, None), ("1-9月份", "2005-01/2005-09", True, None),
    ("1至9月", "2005-01/2005-09", True, None), ("元至7月", "2005-01/2005-07", True, None),
    ("元月", "2005-01", False, None), ("一至九月份", "2005-01/2005-09", True, None),
    ("１—９月", "2005-01/2005-09", True, None), ("2005 年 1 — 9 月", "2005-01/2005-09", True, None),
    ("4—6月", "2005-04/2005-06", False, None), ("1—2月", "2005-01/2005-02", True, None),
    ("前三季度", "2005-01/2005-09", True, None), ("一季度", "2005-01/2005-03", True, None),
    ("第三季度", "2005-07/2005-09", False, None), ("一至三季度", "2005-01/2005-09", True, None),
    ("二季度末", "2005-06", None, None), ("上半年", "2005-01/2005-06", True, None),
    ("下半年", "2005-07/2005-12", False, None), ("全年", "2005", True, None), ("2004年", "2004", True, None),
    ("2005年度", "2005", True, None), ("二〇〇五年九月", "2005-09", False, None),
    ("前9个月", "2005-01/2005-09", True, None),
    ("05年1—9月", "2005-01/2005-09", True, None), ("2004年前三季度", "2004-01/2004-09", True, None),
    ("今年", "2005", True, "this_year"), ("去年", "2004", True, "last_year"), ("明年", "2006", True,
    "next_year"),
    ("去年上半年", "2004-01/2004-06", True, "last_year"), ("今年1—9月", "2005-01/2005-09", True, "this_year"),
    ("今年最后一个季度", "2005-10/2005-12", False, "this_year"), ("上年末", "2004-12", None, "last_year"),
    ("上年同期", "None", None, "same_period_last_year"), ("去年同期", "None", None, "same_period_last_year"),
    ("今年以来", "None", True, "year_to_date"), ("截至9月底", "2005-01/2005-09", True, None),
    ("截至2005年底", "2005", True, None), ("9月末", "2005-09", None, None),
    ("去冬今春", "2004-11/2005-04", None, None),
    ("今冬明春", "2005-11/2006-04", None, None), ("十五期间", "2001-01/2005-12", None, None),
    ("“十一五”期间", "2006-01/2010-12", None, None), ("2001—2005年", "2001-01/2005-12", None, None),
    ("2005年1月至2006年3月", "2005-01/2006-03", None, None), ("11月至次年3月", "2005-11/2006-03", None, None),
    ("本月", "None", None, "this_month"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "months", "cumulative", "relative"), PERIODS)
def test_a_period_has_its_months(
    text: str, months: str, cumulative: bool | None, relative: str | None
) -> None:
    (found,) = find_periods(f"会上,{text},全镇", year=2005)
    assert (found.text, str(found.period)) == (text, months)
    assert (found.cumulative, found.relative) == (cumulative, relative)


@pytest.mark.parametrize(
    "text",
    [
        "7月23日",
        "2005年9月23日",
        "2022-06-13 05:25:00",
        "50元/月",
        "3个月",
        "90年代",
        "第三年",
        "每月",
        "五年来年均",
    ],
)
def test_days_and_lengths_of_time_are_no_periods(text: str) -> None:
    assert find_periods(text, 2005) == []


def test_without_a_year_only_printed_years_have_months() -> None:
    found = find_periods("2004年增长,1—9月增长,比去年")
    assert [str(period.period) for period in found] == ["2004", "None", "None"]
    assert [period.cumulative for period in found] == [True, True, True]
