"""Text of an expression → expression tree; exact numbers, positions kept for messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from kaohe.facts.errors import SchemeError
from kaohe.quantities.periods import Period
from kaohe.schemes.documents import Position, Scalar
from kaohe.schemes.expressions import (
    Binary,
    Call,
    Expression,
    ListOf,
    Literal,
    Name,
    PeriodLiteral,
    Unary,
)
from kaohe.schemes.vocabulary import FUNCTIONS, SIGNATURES

_WORD = r"[^\W\d][\w]*"
_TOKEN = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<period>\d{{4}}-\d{{2}}/\d{{4}}-\d{{2}}|\d{{4}}-\d{{2}}(?![\d.])|\d{{4}}-[QH]\d)
    | (?P<number>\d+(?:\.\d+)?(?P<suffix>%|‰|[^\W\d_a-zA-Z]+)?)
    | (?P<text>"[^"]*"|'[^']*'|“[^”]*”)
    | (?P<quoted>`[^`]+`)
    | (?P<word>{_WORD}(?:\.(?:{_WORD}|`[^`]+`))?)
    | (?P<operator><=|>=|!=|≤|≥|≠|[-+*/^=<>()\[\],−×÷,()])
    """,
    re.VERBOSE,
)
_ALIASES = {"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "×": "*", "÷": "/", ",": ",", "(": "(", ")": ")"}
_SCALES = {"万": Fraction(10**4), "亿": Fraction(10**8), "万亿": Fraction(10**12), "千": Fraction(1000)}
_FACTORS = {
    **_SCALES,
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "个百分点": Fraction(1, 100),
    "百分点": Fraction(1, 100),
}
_BINDING = {
    "or": 1, "and": 2, "in": 4, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "^": 8,
}  # fmt: skip
_NOT_BINDING, _MINUS_BINDING = 3, 7
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORD_OPERATORS = {"and", "or", "not", "in"}
_SCOPES = {"record", "parameter", "unit"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: Position
    suffix: str = ""


def parse_expression(scalar: Scalar) -> Expression:
    """The expression written in ``scalar``.

    Raises ``SchemeError`` with file, line, column, what was found and what was expected.

    >>> parse_text("attainment(local_tax) - 100%").operator
    '-'
    """
    return _Parser(scalar).whole()


def parse_text(text: str) -> Expression:
    """The expression in a plain text, for tests and programs."""
    return parse_expression(Scalar(text, Position("<expression>", 1, 1)))


_ADVICE = {
    "&": ":并且请写 and",
    "|": ":或者请写 or",
    "!": ":不等于请写 !=,否定请写 not",
    '"': ":引号没有配对",
    "'": ":引号没有配对",
    "“": ":引号没有配对",
    "`": ":反引号没有配对",
    "{": ":花括号只在 for 之下使用",
}


class _Parser:
    """Precedence climbing over the tokens of one scalar."""

    def __init__(self, scalar: Scalar) -> None:
        self._scalar = scalar
        self._tokens = _tokens(scalar)
        self._next = 0

    def whole(self) -> Expression:
        if not self._tokens:
            raise SchemeError(f"{self._scalar.at} 这里应有一个算式或数,实际是空的")
        expression = self._expression(0)
        if self._peek() is not None:
            token = self._take()
            raise SchemeError(f"{token.at} 多出“{token.text}”,算式“{self._scalar.text}”到这里应已结束")
        return expression

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> _Token:
        token = self._peek()
        if token is None:
            raise self._unfinished()
        self._next += 1
        return token

    def _unfinished(self) -> SchemeError:
        end = self._scalar.at.moved(len(self._scalar.text))
        opened = sum(self._scalar.text.count(mark) for mark in "([") - sum(
            self._scalar.text.count(mark) for mark in ")]"
        )
        if self._scalar.in_flow and not self._scalar.quoted and opened > 0:
            return SchemeError(f"{end} 表达式在逗号处被截断,请给它加引号:“{self._scalar.text}”")
        return SchemeError(f"{end} 算式“{self._scalar.text}”没有写完")

    def _is(self, text: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == "operator" and token.text == text

    def _expect(self, text: str) -> _Token:
        token = self._peek()
        if token is None:
            raise self._unfinished()
        if not self._is(text):
            raise SchemeError(f"{token.at} 这里应为“{text}”,实为“{token.text}”")
        return self._take()

    def _expression(self, least: int) -> Expression:
        left = self._prefix()
        chained: Expression | None = None
        while (operator := self._operator()) is not None and _BINDING[operator] >= least:
            token = self._take()
            if operator in _COMPARISONS and isinstance(left, Binary) and left is chained:
                raise SchemeError(f"{token.at} 比较不能连写,请用 and 分开,例如 60 <= x and x < 80")
            if operator == "in":
                left = Binary("in", left, self._list(), token.at)
                continue
            binding = _BINDING[operator]
            right = self._expression(binding if operator == "^" else binding + 1)
            left = Binary(operator, left, right, token.at)
            chained = left if operator in _COMPARISONS else None
        return left

    def _operator(self) -> str | None:
        token = self._peek()
        if token is None:
            return None
        if token.kind == "operator" or token.text in _WORD_OPERATORS:
            return token.text if token.text in _BINDING else None
        return None

    def _prefix(self) -> Expression:
        token = self._take()
        match token.kind:
            case "number":
                return _number(token)
            case "period":
                return _period(token)
            case "text":
                return Literal(token.text[1:-1], at=token.at)
            case "quoted":
                return Name(token.text[1:-1], at=token.at)
            case "word":
                return self._word(token)
        if token.text == "-":
            return Unary("-", self._expression(_MINUS_BINDING), token.at)
        if token.text == "(":
            inner = self._expression(0)
            self._expect(")")
            return inner
        raise SchemeError(f"{token.at} 这里应为数、名称或括号,实为“{token.text}”")

    def _word(self, token: _Token) -> Expression:
        if token.text == "not":
            return Unary("not", self._expression(_NOT_BINDING), token.at)
        if token.text in ("true", "false"):
            return Literal(token.text == "true", at=token.at)
        scope, _, name = token.text.rpartition(".")
        name = name.strip("`")
        if self._is("("):
            return self._call(token, name, scope or None)
        if scope and scope not in _SCOPES:
            # output.target: a column of a wide table
            return Name(token.text.replace("`", ""), at=token.at)
        return Name(name, scope or None, token.at)

    def _call(self, token: _Token, name: str, scope: str | None) -> Expression:
        if name not in FUNCTIONS:
            raise SchemeError(f"{token.at} 没有函数 {name}{_nearest(name)}")
        self._expect("(")
        arguments: list[Expression] = []
        options: list[tuple[str, Expression]] = []
        while not self._is(")"):
            option = self._option(name)
            if option is not None:
                options.append((option, self._expression(0)))
            else:
                arguments.append(self._expression(0))
            if not self._is(")"):
                self._expect(",")
        self._expect(")")
        _check_arity(token, name, len(arguments))
        return Call(name, tuple(arguments), tuple(options), scope, token.at)

    def _option(self, function: str) -> str | None:
        token = self._peek()
        following = self._tokens[self._next + 1] if self._next + 1 < len(self._tokens) else None
        if token is None or following is None or following.text != "=" or token.kind != "word":
            return None
        if token.text not in SIGNATURES[function].options:
            return None
        self._next += 2
        return token.text

    def _list(self) -> Expression:
        start = self._expect("[")
        items: list[Expression] = []
        while not self._is("]"):
            items.append(self._expression(0))
            if not self._is("]"):
                self._expect(",")
        self._expect("]")
        return ListOf(tuple(items), start.at)


def _tokens(scalar: Scalar) -> list[_Token]:
    tokens: list[_Token] = []
    index = 0
    while index < len(scalar.text):
        match = _TOKEN.match(scalar.text, index)
        at = scalar.at.moved(index)
        if match is None:
            sign = scalar.text[index]
            raise SchemeError(f"{at} 算式中不认识的字符“{sign}”{_ADVICE.get(sign, '')}")
        kind = match.lastgroup or "suffix"
        kind = "number" if match.group("number") else kind
        if kind != "space":
            text = match.group(0)
            text = _ALIASES.get(text, text) if kind == "operator" else text
            tokens.append(_Token(kind, text, at, match.group("suffix") or ""))
        index = match.end()
    return tokens


def _number(token: _Token) -> Literal:
    value, suffix = Fraction(token.text.removesuffix(token.suffix)), token.suffix
    factor = _FACTORS.get(suffix)
    if factor is not None:
        return Literal(value * factor, scaled=suffix in _SCALES, at=token.at, written=token.text)
    return Literal(value, suffix or None, at=token.at, written=token.text)


def _period(token: _Token) -> PeriodLiteral:
    try:
        return PeriodLiteral(Period.parse(token.text), token.at)
    except ValueError:
        raise SchemeError(
            f"{token.at} “{token.text}”不是期别,应如 2005-09、2005-Q3、2005-01/2005-06"
        ) from None


def _check_arity(token: _Token, name: str, count: int) -> None:
    signature = SIGNATURES[name]
    if count < signature.least or (signature.most is not None and count > signature.most):
        expected = f"{signature.least} 个"
        if signature.most is None:
            expected = f"至少 {signature.least} 个"
        elif signature.most != signature.least:
            expected = f"{signature.least} 到 {signature.most} 个"
        raise SchemeError(f"{token.at} 函数 {name} 应有{expected}参数,实有 {count} 个")


def _nearest(name: str) -> str:
    near = get_close_matches(name, FUNCTIONS, n=1)
    return f",是否 {near[0]}?" if near else ""
