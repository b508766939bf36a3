"""Nodes of a scheme file → texts, numbers, words, expressions; faults gathered, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from fractions import Fraction
from typing import TypeVar

from kaohe.facts.errors import SchemeError
from kaohe.schemes.documents import Mapping, Node, Scalar, Sequence
from kaohe.schemes.expressions import ByTable, Expression, Literal, Unary
from kaohe.schemes.parser import parse_expression

_T = TypeVar("_T")
_N = TypeVar("_N")
_D = TypeVar("_D")


class Faults:
    """Collects messages while reading goes on.

    >>> faults = Faults()
    >>> faults.attempt(lambda: int("1"), 0), faults.messages
    (1, [])
    """

    def __init__(self) -> None:
        self.messages: list[str] = []

    def attempt(self, read: Callable[[], _T], otherwise: _D) -> _T | _D:
        """What ``read`` gives, or ``otherwise`` with the fault noted."""
        try:
            return read()
        except SchemeError as error:
            self.messages.extend(error.messages)
            return otherwise

    def keys(self, node: Mapping, allowed: frozenset[str], what: str) -> None:
        """Notes every key that is not ``allowed``."""
        self.messages.extend(unknown_keys(node, allowed, what))

    def done(self) -> None:
        """Raises ``SchemeError`` with all that was noted."""
        if self.messages:
            raise SchemeError(dict.fromkeys(self.messages))


def each_of(items: Iterable[_N], read: Callable[[_N], _T]) -> tuple[_T, ...]:
    """``read`` of every item. Raises ``SchemeError`` with the faults of all of them."""
    faults = Faults()
    found: list[_T] = []
    for item in items:
        faults.attempt(lambda item=item: found.append(read(item)), None)  # type: ignore[misc]
    faults.done()
    return tuple(found)


def expression_of(node: Node) -> Expression:
    """An expression, or a table by class, wherever an expression may stand."""
    if isinstance(node, Scalar):
        return parse_expression(node)
    if isinstance(node, Mapping) and "by" in node:
        return _by_table(node)
    raise SchemeError(f"{node.at} 这里应为算式,或按类取值 {{by: 属性, 类: 值}}")


def _by_table(node: Mapping) -> ByTable:
    otherwise = node.get("else")
    key, last, *values = each_of(
        (node.entries["by"], otherwise, *(v for k, v in node.entries.items() if k not in ("by", "else"))),
        lambda part: None if part is None else expression_of(part),
    )
    assert key is not None
    classes = [name for name in node.entries if name not in ("by", "else")]
    rows = tuple((name, value) for name, value in zip(classes, values, strict=True) if value is not None)
    return ByTable(key, rows, last, node.at)


def expressions_in(node: Node, what: str) -> tuple[Expression, ...]:
    """The expressions of a list."""
    return each_of(sequence_of(node, what), expression_of)


def pair_of(node: Node, what: str, form: str) -> tuple[Expression, Expression]:
    """A list of exactly two expressions."""
    pair = sequence_of(node, what)
    if len(pair.items) != 2:
        raise SchemeError(f"{pair.at} {what}应写成 {form},实有 {len(pair.items)} 个值")
    first, second = each_of(pair, expression_of)
    return first, second


def text_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    raise SchemeError(f"{node.at} 这里应为一段文字")


def optional_text(node: Mapping, key: str) -> str:
    """The text under ``key``; empty when it is not written."""
    value = node.get(key)
    return "" if value is None else text_of(value)


def integer_of(node: Node) -> int:
    value = text_of(node)
    try:
        return int(value)
    except ValueError:
        raise SchemeError(f"{node.at} 这里应为整数,实为“{value}”") from None


def flag_of(node: Node) -> bool:
    value = text_of(node)
    if value not in ("true", "false"):
        raise SchemeError(f"{node.at} 这里应为 true 或 false,实为“{value}”")
    return value == "true"


def word_of(node: Node, allowed: frozenset[str] | tuple[str, ...]) -> str:
    value = text_of(node)
    if value not in allowed:
        raise SchemeError(
            f"{node.at} 这里应为 {'、'.join(sorted(allowed))} 之一,实为“{value}”{_guess(value, allowed)}"
        )
    return value


def mapping_of(node: Node, allowed: frozenset[str], what: str) -> Mapping:
    """``node`` as a mapping whose keys are all ``allowed``."""
    mapping = plain_mapping(node, what)
    messages = unknown_keys(mapping, allowed, what)
    if messages:
        raise SchemeError(messages)
    return mapping


def plain_mapping(node: Node, what: str) -> Mapping:
    """``node`` as a mapping, whatever its keys."""
    if isinstance(node, Mapping):
        return node
    found = f",实为“{node.text}”" if isinstance(node, Scalar) else ",实为列表"
    raise SchemeError(f"{node.at} {what}应写成“键: 值”{found}")


def unknown_keys(node: Mapping, allowed: frozenset[str], what: str) -> list[str]:
    """A message for every key that the language does not know here."""
    return [
        f"{node.keys[key]} {what}没有键 {key}{nearest(key, allowed)}"
        for key in node.entries
        if key not in allowed
    ]


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or all of them: the tail of a message."""
    words = sorted(known)
    return _guess(word, words) or (f"(可用:{'、'.join(words)})" if words else "(一个也没有定义)")


def _guess(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f",是否 {near[0]}?" if near else ""


def sequence_of(node: Node, what: str) -> Sequence:
    if not isinstance(node, Sequence):
        raise SchemeError(f"{node.at} {what}应为列表")
    return node


def optional(node: Mapping, key: str) -> Expression | None:
    value = node.get(key)
    return None if value is None else expression_of(value)


def required(node: Mapping, key: str, what: str) -> Expression:
    value = node.get(key)
    if value is None:
        raise SchemeError(f"{node.at} {what}缺少 {key}")
    return expression_of(value)


def constant(expression: Expression) -> Fraction | None:
    """The number that the expression is, when it is written as one."""
    if isinstance(expression, Literal) and isinstance(expression.value, Fraction):
        return expression.value
    if isinstance(expression, Unary) and expression.operator == "-":
        inner = constant(expression.operand)
        return None if inner is None else -inner
    return None
