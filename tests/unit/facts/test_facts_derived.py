"""Derived figures with their undefined cases, schedules, and tables out."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.facts import derived
from kaohe.facts.cells import MISSING, Cell, Presence, parse_number
from kaohe.facts.dataset import open_dataset
from kaohe.facts.derived import Derived, Reason, Turn
from kaohe.facts.errors import DataError
from kaohe.facts.export import Sheet, export, to_csv
from kaohe.facts.files import read_grid
from kaohe.facts.model import Form, IndicatorKind, Target
from kaohe.facts.schedules import share_due
from kaohe.quantities.periods import Period


def there(value: str, estimated: bool = False) -> Cell:
    return Cell(Fraction(value), Presence.PRESENT, estimated)


@pytest.mark.parametrize(
    ("form", "actual", "target", "expected"),
    [
        (Form.ABSOLUTE, "281.96", "352.45", Fraction(4, 5)),
        (Form.ABSOLUTE, "1", "0", Reason.ZERO_TARGET),
        (Form.ABSOLUTE, "1", "-2", Reason.NEGATIVE_TARGET),
        (Form.AT_MOST, "3", "5", Fraction(1)),
        (Form.AT_MOST, "10", "5", Fraction(1, 2)),
        (Form.AT_MOST, "0", "0", Fraction(1)),
        (Form.AT_MOST, "1", "0", Fraction(0)),
        (Form.RANK, "6", "3", Fraction(1, 2)),
        (Form.RANK, "1", "3", Fraction(1)),
        (Form.BY_DATE, "0.95", "1", Fraction(19, 20)),
    ],
)
def test_attainment(form: Form, actual: str, target: str, expected: Fraction | Reason) -> None:
    found = derived.attainment(there(actual), there(target), form)
    assert (found.value if found.reason is None else found.reason) == expected


def test_absence_and_estimates_are_carried() -> None:
    not_due = Cell(None, Presence.NOT_DUE)
    assert derived.attainment(MISSING, there("1")).reason is Reason.MISSING
    assert derived.attainment(there("1"), MISSING).reason is Reason.NO_TARGET
    assert derived.attainment(there("1"), not_due).text == "未到期"
    assert derived.attainment(there("1", estimated=True), there("2")).estimated
    assert derived.share(there("1", estimated=True), there("0")).reason is Reason.ZERO_WHOLE
    assert derived.product(there("1"), not_due).presence is Presence.NOT_DUE
    assert derived.quotient(there("1"), there("0")).undefined
    assert derived.added([there("1"), Cell(None, Presence.NOT_APPLICABLE)]).number == 1
    assert derived.added([there("1"), MISSING]).presence is Presence.MISSING
    with pytest.raises(ValueError):
        Derived()


@pytest.mark.parametrize(
    ("actual", "base", "word"),
    [
        ("5", "0", Turn.FROM_ZERO),
        ("-5", "3", Turn.PROFIT_TO_LOSS),
        ("5", "-3", Turn.LOSS_TO_PROFIT),
        ("-1", "-3", Turn.SMALLER_LOSS),
        ("-5", "-3", Turn.LARGER_LOSS),
        ("-3", "-3", Turn.SAME_LOSS),
        ("5", "3", Turn.ORDINARY),
    ],
)
def test_turns(actual: str, base: str, word: Turn) -> None:
    assert derived.turn(Fraction(actual), Fraction(base)) is word


def test_growth_gap_and_what_is_needed() -> None:
    assert derived.year_on_year(there("1"), there("0")).reason is Reason.BASE_ZERO
    assert derived.year_on_year(there("1"), there("-1")).reason is Reason.BASE_NEGATIVE
    assert derived.gap(there("6.25"), there("9")).value == Fraction("2.75")
    assert derived.needed_per_remaining_month(there("9"), there("9"), 12).value == 0
    assert derived.needed_per_remaining_month(there("8"), there("9"), 12).reason is Reason.YEAR_OVER
    assert derived.implied_base(derived.printed_bounds(Fraction(1), 0), Fraction(-100), 0) is None
    low, high = derived.Bounds(Fraction(0), Fraction(1)), derived.Bounds(Fraction(1), Fraction(2))
    assert low.meets(high)


@pytest.mark.parametrize(
    ("schedule", "month", "expected"),
    [
        ("", 9, Fraction(3, 4)),
        ("linear", 11, Fraction(11, 12)),
        ("q:15/25/25/35", 6, Fraction(2, 5)),
        ("q:15/25/25/35", 7, Fraction(2, 5) + Fraction(25, 300)),
        ("s:4/3/3", 4, Fraction(2, 5)),
        ("s:4/3/3", 8, Fraction(7, 10)),
        ("level", 1, Fraction(1)),
    ],
)
def test_schedules(schedule: str, month: int, expected: Fraction) -> None:
    target = Target("t", "u", "i", Period.of(2005, 1, 2005, 12), value=Fraction(1), schedule=schedule)
    assert share_due(target, IndicatorKind.FLOW, Period.of(2005, month)) == expected


def test_a_campaign_counts_its_own_months() -> None:
    target = Target("t", "u", "i", Period.parse("2004-11/2005-02"), value=Fraction(1))
    assert share_due(target, IndicatorKind.FLOW, Period.parse("2004-10")) == 0
    assert share_due(target, IndicatorKind.FLOW, Period.parse("2005-01")) == Fraction(3, 4)
    assert share_due(target, IndicatorKind.FLOW, Period.parse("2005-09")) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１２，３４５．６", "12345.6"),
        ("-0.5", "-0.5"),
        ("−3", "-3"),
        (".5", "0.5"),
        ("1e-05", "0.00001"),
        ("65.7%", "0.657"),
        ("1 234", "1234"),
    ],
)
def test_plain_numbers(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize("text", ["", "约12", "12万", "1,23", "1.2.3", "1e5", "--1", "inf", "nan"])
def test_what_is_not_a_plain_number(text: str) -> None:
    assert parse_number(text) is None


SHEET = Sheet(
    ("unit", "output", "day", "ok"),
    (("=甲镇", Fraction("6.25"), date(2005, 9, 29), True), ("乙镇", None, None, None)),
)


def test_export_reads_back(tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx"):
        export(SHEET, tmp_path / f"t.{suffix}")
        data = open_dataset(tmp_path / f"t.{suffix}")
        assert data.units == ("=甲镇", "乙镇") and data.figure("output")[0].number == Fraction("6.25")
        assert read_grid(tmp_path / f"t.{suffix}").rows[1][2] == "2005-09-29"
    export(SHEET, tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))[0]["output"] == 6.25
    with pytest.raises(DataError, match=r"后缀应为"):
        export(SHEET, tmp_path / "t.pdf")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["t.csv", "t.json", "t.xlsx"]


def test_a_sheet_is_a_rectangle() -> None:
    with pytest.raises(ValueError, match="应有 2 格,实有 1 格"):
        Sheet(("a", "b"), (("x",),))
    assert to_csv(Sheet(("a",), ((Fraction(1, 3),),))) == "a\n0.33333333333333333\n"
