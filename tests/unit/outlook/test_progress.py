"""Undefined cases: no attainment or growth on a base that has none, words in their place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.facts.ledger import Ledger
from kaohe.facts.ledger_dataset import LedgerDataset
from kaohe.facts.model import Form, Indicator, Observation, ReportingUnit, Target
from kaohe.outlook.model import Progress
from kaohe.outlook.observed import UnitFacts
from kaohe.outlook.progress import progress_of
from kaohe.quantities.periods import Period

NOW, BEFORE, YEAR = Period.parse("2005-01/2005-09"), Period.parse("2004-01/2004-09"), Period.parse("2005")


def progress(
    now: str | None, before: str | None = None, target: str | None = None, form: Form = Form.ABSOLUTE
) -> Progress:
    observed = [
        Observation("jia", "i", period, Fraction(value))
        for period, value in ((NOW, now), (BEFORE, before))
        if value is not None
    ]
    targets = () if target is None else (Target("t", "jia", "i", YEAR, form, Fraction(target)),)
    ledger = Ledger(
        reporting_units=(ReportingUnit("jia"),),
        indicators=(Indicator("i", "利润", measure="万元"),),
        observations=tuple(observed),
        targets=targets,
    )
    return progress_of(UnitFacts(LedgerDataset(ledger, NOW), "jia"), "i")


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [("-596", "100", "盈转亏"), ("-5", "-9", "减亏"), ("5", "0", "上年同期为0"), ("3", "2", "+50.0")],
)
def test_growth_on_a_bad_base_is_a_word(now: str, before: str, said: str) -> None:
    assert progress(now, before).growth.text == said


def test_a_zero_target_has_no_attainment() -> None:
    found = progress("5", target="0")
    assert found.attainment.text == "目标为0"
    assert not found.gap.present


def test_a_control_number_follows_no_schedule_and_needs_nothing() -> None:
    found = progress("80", target="100", form=Form.AT_MOST)
    assert found.attainment.text == "100.0"
    assert not found.needed.present


def test_a_reached_target_misses_nothing() -> None:
    found = progress("120", target="100")
    assert not found.missing.present
    assert found.gap.text == "+45.0"


def test_nothing_reported_is_not_zero() -> None:
    found = progress(None, target="100")
    assert found.actual.text == "缺报"
    assert not found.gap.present


def test_from_nothing_the_rest_starts_at_zero() -> None:
    found = progress("0", target="90")
    assert (found.needed.text, found.times.text) == ("30.0", "从零起步")
