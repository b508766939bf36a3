"""What a written number is worth, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kaohe.quantities import NumberError, read_number, show_number
from kaohe.quantities.numbers import decimals_of, write_chinese

READ = {
    "三十余万": "300000", "一百零几万": "1000000", "60多亿": "6000000000", "半百": "50", "俩": "2",
    "12,345.6": "12345.6", "１２３": "123", "１２,３４５.６": "12345.6", "１２，３４５．６": "12345.6",
    "1,234,567.89": "1234567.89", "1 234.5": "1234.5", "007": "7", ".5": "0.5", "0": "0",
    "九万四": "94000", "九万四千": "94000", "一千零五": "1005", "两百五": "250", "二百五十": "250",
    "十五": "15", "廿三": "23", "卅": "30", "〇": "0", "零": "0", "十": "10", "一百一十": "110",
    "壹佰贰拾叁万肆仟": "1234000", "伍拾萬": "500000", "貳拾億": "2000000000", "壹拾": "10",
    "10万": "100000", "1.5亿": "150000000", "3千": "3000", "3百万": "3000000", "9个亿": "900000000",
    "3亿5千万": "350000000", "3亿5000万": "350000000", "1万2千": "12000", "3万5": "35000",
    "负四十五亿零四百零四万": "-4504040000", "−12": "-12", "-12": "-12", "－12": "-12", "+3": "3",
    "－8百万": "-8000000",
    "两成": "0.2", "三成半": "0.35", "九成五": "0.95", "一半": "0.5", "半": "0.5", "三个半": "3.5",
    "二〇〇五": "2005", "二○一五": "2015", "一二三": "123",
    "三点一四": "3.14", "零点五": "0.5", "三点五万": "35000", "一百二十三点四五": "123.45",
    "一点五亿": "150000000",
    "12.5%": "0.125", "12.5％": "0.125", "5‰": "0.005", "1e5": "100000", "1.5×10^4": "15000",
    "一亿亿": str(10**16), "三万亿五千亿": "3500000000000", "三万五千亿": "3500000000000", "百万": "1000000",
    "一亿零五": "100000005", "三百万零七": "3000007",
}  # fmt: skip

FRACTIONS = {
    "三分之一": Fraction(1, 3), "百分之二十五": Fraction(1, 4), "千分之三": Fraction(3, 1000),
    "万分之五": Fraction(1, 2000), "负三分之一": Fraction(-1, 3), "百分之负五": Fraction(-1, 20),
    "五又三分之二": Fraction(17, 3), "1/3": Fraction(1, 3), "２／３": Fraction(2, 3), "2 1/2": Fraction(5, 2),
    "百分之十二点五": Fraction(1, 8), "百分之百": Fraction(1), "五 分之 一": Fraction(1, 5),
}  # fmt: skip


@pytest.mark.parametrize(("written", "value"), READ.items())
def test_a_decimal_is_read_exactly(written: str, value: str) -> None:
    found = read_number(written)
    assert isinstance(found, Decimal)
    assert found == Decimal(value)


@pytest.mark.parametrize(("written", "value"), FRACTIONS.items())
def test_a_fraction_stays_a_fraction(written: str, value: Fraction) -> None:
    found = read_number(written)
    assert isinstance(found, Fraction)
    assert found == value


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("", 1), ("  ", 3), ("12,34", 1), ("十几", 2), ("二三十", 2), ("一万二三百", 4), ("abc", 1),
        ("1/0", 3),
        ("万", 1), ("五又", 2), ("1.5万2千", 5), ("一 二 三 个", 7), ("点五", 3), ("十十", 1), ("12元", 1),
    ],
)  # fmt: skip
def test_a_text_that_is_no_number_names_itself_and_the_place(written: str, position: int) -> None:
    with pytest.raises(NumberError) as raised:
        read_number(written)
    assert repr(written) in str(raised.value)
    assert raised.value.position == position


def test_percent_and_accounting_are_choices() -> None:
    assert read_number("(1,234.5)", accounting=True) == Decimal("-1234.5")
    assert read_number("（12）", accounting=True) == -12
    with pytest.raises(NumberError):
        read_number("(12)")
    with pytest.raises(NumberError):
        read_number("12%", percent=False)


def test_nothing_is_rounded_however_long() -> None:
    long = "1" * 60 + ".5"
    assert str(read_number("-" + long)) == "-" + long
    with pytest.raises(NumberError, match="数字过长"):
        read_number("-" + "1" * 300)
    with pytest.raises(NumberError, match="数字过长"):
        read_number("一" + "万" * 5000)


@pytest.mark.parametrize(
    ("written", "decimals"), [("6.25", 2), ("6.250", 3), ("三点一四", 2), ("9", 0), ("1.5亿", 1)]
)
def test_printed_decimals(written: str, decimals: int) -> None:
    assert decimals_of(written) == decimals


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "零"), (10, "十"), (110, "一百一十"), (1001, "一千零一"), (10_000, "一万"), (10_010, "一万零一十"),
     (100_000_001, "一亿零一"), (12_0000, "十二万"), (10**16, "一亿亿"), (-5, "负五")],
)  # fmt: skip
def test_chinese_numerals_are_written(number: int, written: str) -> None:
    assert write_chinese(number) == written


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Decimal("9361"), None, "9361"), (Decimal("12000"), None, "12,000"), (Decimal("6.250"), None,
        "6.250"),
        (Decimal("-3.5"), None, "−3.5"), (Fraction(1, 3), None, "0.333333"), (Fraction(7, 2), None, "3.5"),
        (Fraction(2345, 1000), 2, "2.35"), (Decimal("-0.004"), 2, "0.00"), (12345, None, "12,345"),
        (Decimal("1E+5"), None, "100,000"),
    ],
)  # fmt: skip
def test_numbers_are_shown_as_the_screens_want_them(value: Decimal, decimals: int | None, shown: str) -> None:
    assert show_number(value, decimals) == shown
    assert show_number(value, decimals, comma=False) == shown.replace(",", "")
