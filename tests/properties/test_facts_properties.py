"""Laws of facts: what is written reads back, sums are sums, curves rise to 1."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.facts.cells import Presence, parse_number
from kaohe.facts.codec import decimal_text
from kaohe.facts.figures import Figures
from kaohe.facts.ledger import Ledger, facts_hash
from kaohe.facts.ledger_dataset import LedgerDataset
from kaohe.facts.model import (
    Basis,
    Event,
    Form,
    Indicator,
    IndicatorKind,
    Observation,
    ReportingUnit,
    Role,
    Target,
)
from kaohe.facts.package import read_ledger, write_ledger
from kaohe.facts.schedules import share_due
from kaohe.quantities.periods import Period

few = settings(max_examples=60, deadline=None)
decimals = st.builds(
    lambda digits, places: Fraction(digits, 10**places), st.integers(-(10**12), 10**12), st.integers(0, 6)
)
words = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)
months = st.integers(2004 * 12, 2006 * 12 - 1)
periods = st.builds(lambda first, length: Period(first, first + length), months, st.integers(0, 11))
INDICATORS = (
    Indicator("output", measure="万元"),
    Indicator("big", measure="万元"),
    Indicator("ratio", measure="%", kind=IndicatorKind.RATIO, numerator="big", denominator="output"),
)
UNITS = (ReportingUnit("a", extra=(("size", "大"),)), ReportingUnit("b", parent="a", order=1))


def absent(presence: Presence, unit: str, period: Period) -> Observation:
    return Observation(unit, "big", period, presence=presence)


present = st.builds(
    Observation,
    unit=st.sampled_from(["a", "b"]),
    indicator=st.just("output"),
    period=periods,
    value=decimals,
    basis=st.sampled_from(Basis),
    approx=st.booleans(),
    decimals=st.none() | st.integers(0, 4),
    role=st.sampled_from(Role),
    source=words,
    author=st.just("统计局"),
    note=words,
)
missing = st.builds(
    absent,
    st.sampled_from([p for p in Presence if p is not Presence.PRESENT]),
    st.sampled_from(["a", "b"]),
    periods,
)
events = st.builds(Event, event=st.just("e"), unit=st.just("a"), kind=words, quantity=st.none() | decimals)
ledgers = st.builds(
    lambda observations, happened: Ledger(
        UNITS, (), INDICATORS, tuple(observations), events=tuple(happened), title="账"
    ),
    st.lists(present | missing, max_size=6, unique_by=lambda row: row.key),
    st.lists(events, max_size=3),
)


@few
@given(ledgers)
def test_what_is_written_reads_back(ledger: Ledger) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_ledger(ledger, Path(folder) / "ledger")
        back = read_ledger(Path(folder) / "ledger")
    assert (back.reporting_units, back.indicators, back.events) == (
        ledger.reporting_units,
        ledger.indicators,
        ledger.events,
    )
    assert back.observations == ledger.observations
    assert facts_hash(back) == facts_hash(ledger)


@few
@given(ledgers, st.randoms())
def test_the_hash_ignores_the_order_of_rows_but_no_value(ledger: Ledger, random: object) -> None:
    rows = list(ledger.observations)
    random.shuffle(rows)  # type: ignore[attr-defined]
    shuffled = Ledger(UNITS, (), INDICATORS, tuple(rows), events=ledger.events)
    assert facts_hash(shuffled) == facts_hash(ledger)
    added = Observation("a", "big", Period(1, 1), Fraction(1))
    assert facts_hash(ledger.with_observations([added])) != facts_hash(ledger)


@given(decimals)
def test_decimals_read_back(value: Fraction) -> None:
    assert parse_number(decimal_text(value)) == value


@few
@given(st.lists(decimals, min_size=12, max_size=12), st.integers(1, 12))
def test_year_to_date_is_the_sum_of_its_months(values: list[Fraction], month: int) -> None:
    rows = tuple(
        Observation("a", "output", Period.of(2005, number), value)
        for number, value in enumerate(values, start=1)
    )
    figures = Figures(Ledger(UNITS, (), INDICATORS, rows))
    assert figures.cell("a", "output", Period.of(2005, 1, 2005, month)).number == sum(values[:month])


@few
@given(
    st.lists(decimals, min_size=12, max_size=12), periods.filter(lambda p: p.first // 12 == p.year == 2005)
)
def test_cumulatives_give_the_same_as_months(values: list[Fraction], period: Period) -> None:
    rows = tuple(
        Observation("a", "output", Period.of(2005, 1, 2005, month), sum(values[:month], Fraction(0)))
        for month in range(1, 13)
    )
    figures = Figures(Ledger(UNITS, (), INDICATORS, rows))
    start = period.first % 12
    expected = sum(values[start : start + period.months])
    assert figures.cell("a", "output", period).number == expected


@few
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True), st.integers(0, 61), st.integers(0, 61)
)
def test_later_knowledge_only_adds(days: list[int], early: int, late: int) -> None:
    start = datetime(2005, 1, 1)
    times = [start + timedelta(days=day) for day in sorted(days)]
    rows = tuple(
        Observation("a", "output", Period.of(2005, 1), Fraction(number), recorded_at=time, supersedes=before)
        for number, (time, before) in enumerate(zip(times, [None, *times], strict=False))
    )
    ledger = Ledger(UNITS, (), INDICATORS, rows)
    first, second = sorted((early, late))
    before = ledger.as_of(start + timedelta(days=first))
    after = ledger.as_of(start + timedelta(days=second))
    assert set(before.observations) <= set(after.observations)
    newest = Figures(after).cell("a", "output", Period.of(2005, 1)).number
    assert newest == (len(after.observations) - 1 if after.observations else None)


schedules = st.sampled_from(["", "linear", "level"]) | st.builds(
    lambda kind, weights: f"{kind}:" + "/".join(str(weight) for weight in weights),
    st.sampled_from("qs"),
    st.lists(st.integers(1, 99), min_size=2, max_size=12),
)


@few
@given(schedules, st.sampled_from(Form), st.sampled_from(IndicatorKind), periods)
def test_schedules_rise_to_one(schedule: str, form: Form, kind: IndicatorKind, period: Period) -> None:
    target = Target("t", "a", "output", period, form=form, value=Fraction(1), schedule=schedule)
    shares = [share_due(target, kind, Period(m, m)) for m in range(period.first - 1, period.last + 2)]
    assert shares == sorted(shares)
    assert shares[0] == 0 and shares[-2:] == [1, 1]


parts = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: (min(pair), max(pair)))


@few
@given(st.lists(parts, min_size=1, max_size=4))
def test_a_ratio_does_not_depend_on_how_a_unit_was_split(splits: list[tuple[int, int]]) -> None:
    from datetime import date

    last_year = Period.of(2004, 1, 2004, 9)
    old = tuple(
        ReportingUnit(f"old{n}", valid_to=date(2004, 12, 31), successor="a") for n in range(len(splits))
    )
    new = (ReportingUnit("a", valid_from=date(2005, 1, 1)),)
    rows = [
        Observation(f"old{n}", name, last_year, Fraction(value))
        for n, pair in enumerate(splits)
        for name, value in zip(("big", "output"), pair, strict=True)
    ]
    data = LedgerDataset(Ledger(new + old, (), INDICATORS, tuple(rows)), Period.of(2005, 9))
    whole = Fraction(sum(big for big, _ in splits), sum(output for _, output in splits))
    assert data.units == ("a",)
    assert data.baseline("ratio")[0].number == 100 * whole
