"""Sums as an official writes them: ``25 + 0.2 × 30 + 0.1 × 5 = 31.5``.

The checker of the rule cases. It shares nothing with kaohe on purpose: a mistake in the library cannot
repeat itself here. Numbers are exact fractions; ``round`` is half up, away from zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

_SAME = str.maketrans({"×": "*", "÷": "/", "−": "-", "－": "-", "＋": "+", "＝": "=",
                       "（": "(", "）": ")", "，": ",", "[": "(", "]": ")"})  # fmt: skip
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z]+)|([-+*/^(),%]))")


class WrongSum(ValueError):
    """A text that is no sum, or whose sides differ."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


def check(text: str) -> Fraction:
    """The common value of all sides of ``text``; raises ``WrongSum`` when there is one side or they differ.

    >>> check("25 + 0.2 × 30 + 0.1 × 5 = 31.5")
    Fraction(63, 2)
    """
    sides = [evaluate(side) for side in text.translate(_SAME).split("=")]
    if len(sides) < 2:
        raise WrongSum(f"{text!r} has no '='")
    if len(set(sides)) > 1:
        raise WrongSum(f"{text!r}: the sides are {', '.join(shown(side) for side in sides)}")
    return sides[0]


def evaluate(text: str) -> Fraction:
    """The exact value of one side.

    >>> evaluate("round(1.005, 2)"), evaluate("7 × 2%")
    (Fraction(101, 100), Fraction(7, 50))
    """
    reader = _Reader(_tokens(text.translate(_SAME)), text)
    value = reader.sum()
    reader.finish()
    return value


def half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """``value`` rounded to ``decimals``, a half away from zero.

    >>> half_up(Fraction("-2.5")), half_up(Fraction("2.675"), 2)
    (Fraction(-3, 1), Fraction(67, 25))
    """
    unit = Fraction(1, 10) ** decimals
    whole = math.floor(abs(value) / unit + Fraction(1, 2)) * unit
    return whole if value >= 0 else -whole


def shown(value: Fraction) -> str:
    """A fraction as a decimal when it ends, else as a quotient."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return f"{float(value):g}" if rest == 1 else str(value)


def _tokens(text: str) -> list[Token]:
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise WrongSum(f"{text!r}: cannot read {text[place:].strip()!r}")
        number, word, sign = match.groups()
        tokens.append(Token("number" if number else "word" if word else "sign", number or word or sign))
        place = match.end()
    return tokens


class _Reader:
    """Recursive descent: sum > product > sign > power > percent > atom."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens, self.text, self.place = tokens, text, 0

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.taken("+", "-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Fraction:
        value = self.signed()
        while sign := self.taken("*", "/"):
            other = self.signed()
            if sign == "/" and other == 0:
                raise WrongSum(f"{self.text!r} divides by zero")
            value = value * other if sign == "*" else value / other
        return value

    def signed(self) -> Fraction:
        if self.taken("-"):
            return -self.signed()
        return self.power()

    def power(self) -> Fraction:
        base = self.percent()
        return _power(base, self.signed()) if self.taken("^") else base

    def percent(self) -> Fraction:
        value = self.atom()
        while self.taken("%"):
            value /= 100
        return value

    def atom(self) -> Fraction:
        if self.taken("("):
            value = self.sum()
            self.expect(")")
            return value
        token = self.next()
        if token.kind == "number":
            return Fraction(token.text)
        if token.kind == "word":
            return self.call(token.text)
        raise WrongSum(f"{self.text!r}: a number was expected, not {token.text!r}")

    def call(self, name: str) -> Fraction:
        if name not in _FUNCTIONS:
            raise WrongSum(f"{self.text!r}: {name!r} is none of {', '.join(_FUNCTIONS)}")
        self.expect("(")
        arguments = [self.sum()]
        while self.taken(","):
            arguments.append(self.sum())
        self.expect(")")
        return _FUNCTIONS[name](*arguments)

    def taken(self, *signs: str) -> str:
        if self.place < len(self.tokens) and self.tokens[self.place].text in signs:
            self.place += 1
            return self.tokens[self.place - 1].text
        return ""

    def expect(self, sign: str) -> None:
        if not self.taken(sign):
            raise WrongSum(f"{self.text!r}: {sign!r} is missing")

    def next(self) -> Token:
        if self.place == len(self.tokens):
            raise WrongSum(f"{self.text!r} ends too early")
        self.place += 1
        return self.tokens[self.place - 1]

    def finish(self) -> None:
        if self.place < len(self.tokens):
            raise WrongSum(f"{self.text!r}: {self.tokens[self.place].text!r} is too much")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise WrongSum(f"only whole powers are exact, not {exponent}")
    return Fraction(base**exponent.numerator)


_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "round": lambda value, decimals=Fraction(0): half_up(value, int(decimals)),
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
    "min": min,
    "max": max,
    "abs": abs,
}
