"""The table of measures and conversion between them."""

from fractions import Fraction

import pytest

from kaohe.quantities import MeasureError, comparable, convert, measure_of
from kaohe.quantities.measures import known_measures

CONVERTED = [
    ("6.25", "亿元", "万元", "62500"), ("1", "万亿元", "亿元", "10000"), ("3", "千元", "元", "3000"),
    ("1", "百万元", "万元", "100"), ("15", "亩", "公顷", "1"), ("1", "平方公里", "亩", "1500"),
    ("1.5", "千公顷", "万亩", "2.25"), ("2", "万平方米", "公顷", "2"), ("4500", "斤", "公斤", "2250"),
    ("1", "担", "斤", "100"), ("1", "万吨", "公斤", "10000000"), ("1", "公里", "里", "2"),
    ("1", "千米", "米", "1000"),
    ("1", "万千瓦时", "度", "10000"), ("1", "兆瓦", "千瓦", "1000"), ("1", "㎡", "平方米", "1"),
    ("50", "元/月", "元/年", "600"), ("500", "公斤/亩", "吨/公顷", "7.5"),
    ("1", "万人/平方公里", "人/公顷", "100"),
    ("35", "μg/m³", "毫克/立方米", "0.035"), ("41", "%", "‰", "410"), ("2", "倍", "%", "200"),
    ("3", "成", "％", "30"),
    ("1", "小时", "分钟", "60"), ("1", "年", "月", "12"), ("1", "季度", "个月", "3"), ("1", "名", "人", "1"),
    ("1", "万 元", "元", "10000"), ("1", "元/人·月", "元/年·人", "12"), ("1", "角", "元", "0.1"),
    ("2", "万个", "个", "20000"), ("9", "个亿元", "万元", "90000"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "source", "target", "expected"), CONVERTED)
def test_conversion_is_exact_and_goes_back(value: str, source: str, target: str, expected: str) -> None:
    assert convert(Fraction(value), source, target) == Fraction(expected)
    assert convert(Fraction(expected), target, source) == Fraction(value)


@pytest.mark.parametrize(
    ("first", "second"),
    [("万元", "亩"), ("万元", "万美元"), ("美元", "欧元"), ("人", "人次"), ("户", "家"), ("%",
    "百分点"), ("天", "月"),
     ("千瓦", "千瓦时"), ("元/月", "元"), ("吨", "吨标准煤"), ("筐", "篓")],
)  # fmt: skip
def test_other_dimensions_are_refused_in_words(first: str, second: str) -> None:
    assert not comparable(first, second)
    with pytest.raises(MeasureError, match="不能换算"):
        convert(Fraction(1), first, second)


def test_an_unknown_measure_is_kept_as_it_is() -> None:
    measure = measure_of("筐")
    assert (measure.name, measure.dimension, measure.factor) == ("筐", "筐", 1)
    assert convert(Fraction(2), "万筐", "筐") == 20000


def test_prefixes_and_ratios_split_off() -> None:
    assert (measure_of("亿元").multiplier, measure_of("亿元").plain) == (10**8, "元")
    assert (measure_of("%").multiplier, measure_of("%").plain) == (Fraction(1, 100), "1")
    assert (measure_of("万元/人").multiplier, measure_of("万元/人").plain) == (10**4, "元/人")
    assert measure_of("人").kind == "discrete"


def test_the_table_is_large_and_whole() -> None:
    table = known_measures()
    assert len(table) > 300
    assert all(entry.measure.factor > 0 for entry in table.values())
