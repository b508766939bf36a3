"""Conditions over the raw rows of a table, needed to write a scheme out (``for: {rows: …}``)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from kaohe.facts.errors import SchemeError
from kaohe.schemes.expressions import Binary, Call, Expression, ListOf, Literal, Name, Unary

Value = Fraction | str | bool | None

# Of values of one kind only: a text is never below a number.
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def row_holds(condition: Expression, row: Mapping[str, str]) -> bool:
    """Whether the row satisfies the condition; unknown counts as no.

    >>> from kaohe.schemes.parser import parse_text
    >>> row_holds(parse_text('Level = 2 and missing(Parent)'), {"Level": "2.0", "Parent": ""})
    True
    """
    return _value(condition, row) is True


def _value(expression: Expression, row: Mapping[str, str]) -> Value:
    match expression:
        case Literal():
            return expression.value
        case Name():
            if expression.text not in row:
                raise SchemeError(f"{expression.at} 表中没有列 {expression.text}(有:{'、'.join(row)})")
            return _cell(row[expression.text])
        case Unary("not"):
            inner = _value(expression.operand, row)
            return None if inner is None else not inner
        case Unary():
            number = _value(expression.operand, row)
            return -number if isinstance(number, Fraction) else None
        case Call("missing"):
            return _value(expression.arguments[0], row) is None
        case Call("contains" | "starts_with"):
            text, part = (_value(argument, row) for argument in expression.arguments)
            if not isinstance(text, str) or not isinstance(part, str):
                return None
            return text.startswith(part) if expression.function == "starts_with" else part in text
        case Binary():
            return _binary(expression, row)
    raise SchemeError(f"{expression.at} 筛选表行的条件里不能用这种写法")


def _binary(expression: Binary, row: Mapping[str, str]) -> Value:
    left = _value(expression.left, row)
    if expression.operator == "in":
        assert isinstance(expression.right, ListOf)
        return (
            None if left is None else any(_equal(left, _value(item, row)) for item in expression.right.items)
        )
    right = _value(expression.right, row)
    if expression.operator in ("and", "or"):
        decisive = expression.operator == "or"
        if decisive in (left, right):
            return decisive
        return None if None in (left, right) else not decisive
    if left is None or right is None:
        return None
    if expression.operator == "=":
        return _equal(left, right)
    if expression.operator == "!=":
        return not _equal(left, right)
    if expression.operator in _COMPARE:
        if isinstance(left, str) != isinstance(right, str):
            raise SchemeError(f"{expression.at} 文字与数不能比较({left} 与 {right})")
        return _COMPARE[expression.operator](left, right)
    raise SchemeError(f"{expression.at} 筛选表行的条件里不能用“{expression.operator}”")


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        return str(left) == str(right)
    return left == right


def _cell(text: str) -> Value:
    if text == "":
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
