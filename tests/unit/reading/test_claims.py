"""Claims as values: signs, bases, intervals, and the way to JSON and back."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from kaohe.facts.errors import DataError
from kaohe.quantities import Interval, Period
from kaohe.reading import Claim, Milestone, claims_from_lines, claims_to_lines


def claim(**fields: object) -> Claim:
    usual = {
        "id": 0,
        "start": 0,
        "end": 2,
        "text": "一二",
        "kind": "amount",
        "value": Decimal(5),
        "unit": "万元",
    }
    return Claim(**(usual | fields))  # type: ignore[arg-type]


def test_a_loss_is_negative_in_the_base_only() -> None:
    lost = claim(value=Decimal(596), direction="loss")
    assert (lost.value, lost.base_value, lost.base_unit) == (Decimal(596), Decimal(-5960000), "元")


def test_percent_and_times_have_base_unit_one() -> None:
    assert (claim(unit="%", kind="growth").base_value, claim(unit="%").base_unit) == (Decimal("0.05"), "1")
    assert claim(unit="倍", kind="growth").base_unit == "1"
    assert claim(unit="百分点", kind="delta_pp").base_unit == "百分点"


def test_the_interval_is_half_a_printed_digit_each_way() -> None:
    printed = claim(value=Decimal("6.25"), unit="亿元", decimals=2)
    assert printed.interval == Interval(Fraction("6.245"), Fraction("6.255"))
    assert printed.base_interval == Interval(Fraction(624500000), Fraction(625500000))


def test_a_fall_turns_the_base_interval() -> None:
    fallen = claim(value=Decimal(3), unit="%", kind="growth", direction="down")
    assert fallen.base_interval == Interval(Fraction(-35, 1000), Fraction(-25, 1000))


def test_a_range_joins_its_ends() -> None:
    assert claim(value=(Decimal(3), Decimal(5))).interval == Interval(Fraction("2.5"), Fraction("5.5"))


def test_json_has_exact_numbers() -> None:
    (line,) = claims_to_lines([claim(value=Decimal("31.40"), unit="万美元")]).splitlines()
    assert '"value": 31.40,' in line
    assert json.loads(line)["base_value"] == 314000


def test_lines_give_the_claims_back() -> None:
    claims = [
        claim(months=Period.parse("2005-01/2005-09"), period="1—9月", cumulative=True, decimals=1),
        claim(
            id=1,
            kind="share",
            value=Fraction(1, 3),
            unit="1",
            relation_to=0,
            whole=0,
            confidence=Decimal("0.5"),
        ),
        claim(id=2, kind="structure", value=(Decimal("20.8"), Decimal("43.6"), Decimal("35.6")), unit=""),
    ]
    assert claims_from_lines(claims_to_lines(claims)) == claims


def test_milestones_are_passed_over() -> None:
    stage = Milestone(0, 2, "竣工", "水厂")
    assert claims_from_lines(claims_to_lines([stage])) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"kind": "amount"}', '{"kind": "sum"}', "3"])
def test_a_bad_line_is_named(line: str) -> None:
    good = claims_to_lines([claim()])
    with pytest.raises(DataError, match="第 2 行"):
        claims_from_lines(good + line + "\n")
