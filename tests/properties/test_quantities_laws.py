"""Laws that hold for every number, measure, interval and period."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from kaohe.quantities import (
    Interval,
    Period,
    convert,
    find_periods,
    find_quantities,
    measure_of,
    read_number,
    show_number,
)
from kaohe.quantities.measures import known_measures
from kaohe.quantities.numbers import write_chinese

whole = some.integers(-(10**16), 10**16)
decimal = some.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=3)
fraction = some.fractions(-1000, 1000, max_denominator=50)
bound = some.none() | fraction


@some.composite
def intervals(draw: some.DrawFn) -> Interval:
    low, high = draw(bound), draw(bound)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Interval(low, high)


def inside(interval: Interval, share: Fraction) -> Fraction:
    """Some number of an interval; open ends are cut off a way out."""
    low = interval.low if interval.low is not None else (interval.high or Fraction(0)) - 50
    high = interval.high if interval.high is not None else low + 100
    return low + (max(high, low) - low) * share


@given(whole)
def test_a_whole_number_written_in_chinese_reads_back(number: int) -> None:
    assert read_number(write_chinese(number)) == number


@given(decimal)
def test_a_shown_number_reads_back(value: Decimal) -> None:
    assert read_number(show_number(value)) == value
    assert read_number(show_number(value, comma=False)) == value


@given(
    some.text(
        "0123456789０１,，.．点零〇一二两三五九十百千万亿廿壹拾%‰分之成半个负-+(（）)/ 又兆e", max_size=12
    )
)
@settings(max_examples=400)
def test_reading_gives_a_number_or_says_where_it_fails(text: str) -> None:
    try:
        assert isinstance(read_number(text), Decimal | Fraction)
    except ValueError as problem:
        assert repr(text) in str(problem)


@given(fraction, some.sampled_from(sorted(known_measures())), some.sampled_from(["", "万", "亿", "千"]))
def test_conversion_goes_there_and_back(value: Fraction, name: str, prefix: str) -> None:
    assert convert(convert(value, name, prefix + name), prefix + name, name) == value
    assert measure_of(prefix + name).dimension == measure_of(name).dimension


@given(intervals(), intervals(), some.fractions(0, 1), some.fractions(0, 1))
def test_interval_results_hold_every_possible_result(
    first: Interval, second: Interval, one: Fraction, other: Fraction
) -> None:
    left, right = inside(first, one), inside(second, other)
    assert (first + second).contains(left + right)
    assert (first - second).contains(left - right)
    assert (first * second).contains(left * right)
    quotient = first / second
    assert quotient is None or quotient.contains(left / right)
    assert first.meets(second) == second.meets(first) == (first.common(second) is not None)


@given(
    some.decimals(0, 10**6, places=2),
    some.sampled_from(["亿元", "万元", "%", "个百分点", "亩", "公里", "吨", "元/月"]),
)
def test_a_written_figure_is_found_whole(value: Decimal, measure: str) -> None:
    written = f"{show_number(value)}{measure}"
    (found,) = find_quantities(f"全镇完成{written},")
    assert (found.text, found.value, found.decimals) == (written, value, 2)
    assert found.interval.contains(value)


@given(
    some.text(
        "今去上年1290—-一三十月日季度元万亿个百分点%家人项第“”、,。 \n余多约以上翻番成半:.", max_size=40
    )
)
@settings(max_examples=400)
def test_any_text_gives_ordered_spans_of_itself(text: str) -> None:
    for found in (find_quantities(text, durations=True), find_periods(text, 2005)):
        spans = [(item.start, item.end) for item in found]
        assert all(text[item.start : item.end] == item.text for item in found)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(some.integers(2000, 2030), some.integers(1, 12), some.integers(1, 12))
def test_written_months_are_found(year: int, first: int, last: int) -> None:
    first, last = sorted((first, last))
    (found,) = find_periods(f"{year}年{first}—{last}月")
    assert found.period == Period.of(year, first, year, last)


@given(some.integers(2000, 2029), some.integers(1, 12), some.integers(1, 12))
def test_an_interval_may_cross_a_year(year: int, first: int, last: int) -> None:
    (found,) = find_periods(f"{year}年{first}月至{year + 1}年{last}月")
    assert found.period == Period.of(year, first, year + 1, last)
