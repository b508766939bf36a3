"""Expressions: what is read, with which precedence, and what is said when it cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.facts.errors import SchemeError
from kaohe.schemes.documents import Position, Scalar
from kaohe.schemes.expressions import Binary, Call, ListOf, Literal, Name, PeriodLiteral, Unary
from kaohe.schemes.parser import parse_expression, parse_text


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("0.1", Fraction(1, 10), None),
        ("80%", Fraction(4, 5), None),
        ("3‰", Fraction(3, 1000), None),
        ("0.5个百分点", Fraction(1, 200), None),
        ("500亿元", Fraction(500), "亿元"),
        ("5000万", Fraction(50_000_000), None),
    ],
)
def test_numbers_are_exact_and_keep_how_they_were_written(
    text: str, value: Fraction, measure: str | None
) -> None:
    number = parse_text(text)
    assert isinstance(number, Literal)
    assert (number.value, number.measure, number.written) == (value, measure, text)


def test_precedence() -> None:
    assert shape("1 + 2 * 3 ^ 2") == "(1 + (2 * (3 ^ 2)))"
    assert shape("2 ^ 3 ^ 2") == "(2 ^ (3 ^ 2))"
    assert shape("-x ^ 2") == "-(x ^ 2)"
    assert shape("a - b - c") == "((a - b) - c)"
    assert shape("not a = 1 and b = 2 or c") == "((not(a = 1) and (b = 2)) or c)"


def shape(text: str) -> str:
    return written(parse_text(text))


def written(part: object) -> str:
    match part:
        case Binary():
            return f"({written(part.left)} {part.operator} {written(part.right)})"
        case Unary():
            return f"{part.operator}{written(part.operand)}"
        case Literal():
            return str(part.value)
        case Name():
            return part.text
    raise AssertionError(part)


def test_full_width_signs_are_read_as_plain_ones() -> None:
    assert parse_text("if(x≥1,2×3,4÷5)") == parse_text("if(x >= 1, 2 * 3, 4 / 5)")


def test_options_lists_scopes_and_periods() -> None:
    call = parse_text('count(t, where=level in ["省", "市"])')
    assert isinstance(call, Call)
    where = call.option("where")
    assert isinstance(where, Binary) and isinstance(where.right, ListOf)
    assert parse_text("record.level") == Name("level", "record")
    assert parse_text("output.target") == Name("output.target")
    assert parse_text("`110m`") == Name("110m")
    assert isinstance(parse_text("at(x, 2005-01/2005-06)").arguments[1], PeriodLiteral)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "这里应有一个算式或数,实际是空的"),
        ("1 +", 4, "没有写完"),
        ("(1 + 2", 7, "没有写完"),
        ("1 2", 3, "多出“2”"),
        ("iff(a, b, c)", 1, "没有函数 iff,是否 if?"),
        ("if(a, b)", 1, "函数 if 应有3 个参数,实有 2 个"),
        ("round(a, 1, 2)", 1, "函数 round 应有1 到 2 个参数,实有 3 个"),
        ("case(a, b)", 1, "函数 case 应有至少 3 个参数,实有 2 个"),
        ("a && b", 3, "不认识的字符“&”:并且请写 and"),
        ('kind = "市级', 8, "引号没有配对"),
        ("60 <= x < 80", 9, "比较不能连写,请用 and 分开"),
        ("x in 3", 6, "这里应为“[”,实为“3”"),
        ("at(x, 2005-13)", 7, "“2005-13”不是期别"),
        ("{x}", 1, "花括号只在 for 之下使用"),
        ("a = = b", 5, "这里应为数、名称或括号,实为“=”"),
    ],
)
def test_faults_name_the_column(text: str, column: int, said: str) -> None:
    with pytest.raises(SchemeError) as caught:
        parse_expression(Scalar(text, Position("s.yaml", 7, 1)))
    (message,) = caught.value.messages
    assert message.startswith(f"s.yaml:7:{column} ")
    assert said in message
