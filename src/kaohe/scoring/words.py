"""Numbers, reasons, combinations and expressions of a scheme in the words of an official."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.schemes.expressions import (
    Binary,
    ByTable,
    Call,
    Current,
    Expression,
    Field,
    ImportedValue,
    Input,
    ListOf,
    Literal,
    NodeValue,
    PeriodLiteral,
    Unary,
)
from kaohe.scoring.numbers import Inexact, Null, Number, Value, decimal_of, number_text

REASONS = {
    Null.MISSING: "未报",
    Null.NOT_DUE: "未到期",
    Null.UNDEFINED: "无法计算",
    Null.NOT_APPLICABLE: "不适用",
    Null.EXCLUDED: "不计",
}
_STATISTICS = {
    "min": "最小值", "max": "最大值", "mean": "平均值", "median": "中位数", "sum": "合计", "sd": "标准差",
    "count": "个数", "quantile": "分位数",
}  # fmt: skip
_AMONG = {"peer": "同类", "all": "全体", "others": "其他同类单位"}
_OPERATORS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − ", "^": "^", "<=": " ≤ ", ">=": " ≥ ", "!=": " ≠ ",
              "and": " 且 ", "or": " 或 ", "in": " 属于 "}  # fmt: skip
_STRENGTH = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "+": 4, "-": 4,
             "*": 5, "/": 5, "^": 6}  # fmt: skip
_ATOM = 9
_ALIKE = frozenset({"<", "<=", ">", ">=", "=", "!=", "+", "-"})
_SHORT_FRACTION = 13


def value_text(value: Value, *, percent: bool = False) -> str:
    """A value as the working shows it: decimals in full, other fractions with ≈, a null by its reason.

    >>> value_text(Fraction("7.880")), value_text(Fraction(25, 36)), value_text(Null.MISSING)
    ('7.88', '25/36 ≈ 0.6944444444', '未报')
    >>> value_text(Fraction(4, 5), percent=True), value_text(Fraction(25, 36), percent=True)
    ('80%', '25/36 ≈ 69.44444444%')
    """
    if isinstance(value, Null):
        return REASONS[value]
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return _number_text(value, percent)


def _number_text(value: Number, percent: bool) -> str:
    shown: Number = value
    if percent:
        shown = value * 100 if isinstance(value, Fraction) else Inexact(value.decimal * 100)
    sign = "%" if percent else ""
    if isinstance(shown, Fraction) and is_finite(shown):
        return number_text(shown) + sign
    about = f"≈ {short_text(shown)}{sign}"
    if isinstance(value, Fraction) and len(str(value)) <= _SHORT_FRACTION:
        return f"{value} {about}"
    return about


def short_text(value: Number, digits: int = 10) -> str:
    """A number at ``digits`` significant digits, for reading only."""
    rounded = Context(prec=digits).plus(decimal_of(value))
    text = format(rounded, "f") if -7 < rounded.adjusted() < 18 else str(rounded)
    return (text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text) or "0"


def is_finite(value: Fraction) -> bool:
    """Whether a fraction is a decimal of reasonable length."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 and len(str(value.denominator)) <= 25


def combine_words(combine: m.Combine) -> str:
    """How members become one value: 加权之和, 最好3个之和 …"""
    kinds = {
        "sum": "各项按权重相加", "mean": "按权重平均", "geometric": "几何平均", "harmonic": "调和平均",
        "power": "幂平均", "product": "相乘", "min": "取最小", "max": "取最大", "median": "取中位数",
        "count": "计个数",
    }  # fmt: skip
    then = kinds.get(combine.then if combine.kind in ("keep", "drop") else combine.kind, combine.kind)
    if combine.kind not in ("keep", "drop"):
        return then
    verb = "取" if combine.kind == "keep" else "去掉"
    ends = [f"{n}个{word}" for n, word in ((combine.best, "最高"), (combine.worst, "最低")) if n]
    return f"{verb}{'、'.join(ends)}后{then}"


Leaf = Callable[[Expression], "str | None"]


def formula(expression: Expression, leaf: Leaf, x_share: bool = False) -> str:
    """The expression in words; ``leaf`` gives the text of a part, or None to have it written out.

    Constants beside a share are in per cent; ``x_share`` tells that the value so far is one.
    """
    return _written(expression, leaf, x_share)[0]


def _written(expression: Expression, leaf: Leaf, x_share: bool) -> tuple[str, int]:
    found = leaf(expression)
    if found is not None:
        return found, _ATOM
    match expression:
        case Unary():
            text = _bracketed(expression.operand, leaf, 5, x_share)
            return (f"−{text}" if expression.operator == "-" else f"不是({text})"), 5
        case Binary():
            return _binary(expression.operator, expression.left, expression.right, leaf, x_share)
        case Call():
            return _called(expression, leaf, x_share)
        case ByTable():
            rows = [f"{key} {formula(value, leaf, x_share)}" for key, value in expression.rows]
            rest = (
                [f"其余 {formula(expression.otherwise, leaf, x_share)}"]
                if expression.otherwise is not None
                else []
            )
            return f"按{formula(expression.key, leaf, x_share)}取值({'、'.join([*rows, *rest])})", _ATOM
        case ListOf():
            return f"[{'、'.join(formula(item, leaf, x_share) for item in expression.items)}]", _ATOM
        case Literal():
            return literal_text(expression), _ATOM
        case PeriodLiteral():
            return str(expression.period), _ATOM
    return plain_name(expression), _ATOM


def literal_text(literal: Literal) -> str:
    """A constant as written: “市级”, 0.6, 500 亿元."""
    if isinstance(literal.value, str):
        return f"“{literal.value}”"
    return value_text(literal.value) + (literal.measure or "")


def _binary(operator: str, left: Expression, right: Expression, leaf: Leaf, x_share: bool) -> tuple[str, int]:
    strength = _STRENGTH[operator]
    if operator in _ALIKE:
        leaf = _with_per_cent(left, right, leaf, x_share)
    # a − (b − c) and a ÷ (b ÷ c) need their brackets; a + (b + c) does not
    after = strength + 1 if operator in ("-", "/", "^") else strength
    text = _bracketed(left, leaf, strength, x_share) + _OPERATORS.get(operator, f" {operator} ")
    return text + _bracketed(right, leaf, after, x_share), strength


def _with_per_cent(left: Expression, right: Expression, leaf: Leaf, x_share: bool) -> Leaf:
    """``leaf`` that writes a constant beside a share in per cent."""
    if not any(is_share(side, x_share) for side in (left, right)):
        return leaf

    def shown(part: Expression) -> str | None:
        if part in (left, right) and isinstance(part, Literal) and isinstance(part.value, Fraction):
            return value_text(part.value, percent=True)
        return leaf(part)

    return shown


def _bracketed(expression: Expression, leaf: Leaf, needed: int, x_share: bool) -> str:
    text, strength = _written(expression, leaf, x_share)
    return text if strength >= needed else f"({text})"


def _called(call: Call, leaf: Leaf, x_share: bool) -> tuple[str, int]:
    arguments = call.arguments
    match call.function:
        case "share_of":
            return _binary("/", arguments[0], arguments[1], leaf, x_share)
        case "growth_over":
            value, base = arguments
            above = _binary("-", value, base, leaf, x_share)[0]
            return f"({above}) ÷ {_bracketed(base, leaf, 6, x_share)}", 5
        case "every":
            leaf = _with_per_cent(arguments[0], arguments[1], leaf, x_share)
            above, unit = (_bracketed(argument, leaf, 4, x_share) for argument in arguments)
            return f"⌊max({above}, 0) ÷ {unit}⌋", _ATOM
        case "if":
            condition, yes, no = (formula(argument, leaf, x_share) for argument in arguments)
            return f"(若 {condition} 则 {yes},否则 {no})", _ATOM
        case "count" | "total" | "highest" | "lowest":
            return _of_records(call, leaf, x_share), _ATOM
        case "mark":
            return "评定分", _ATOM
        case "missing":
            return f"({formula(arguments[0], leaf, x_share)} 未报)", _ATOM
    prefix, _, statistic = call.function.partition("_")
    if prefix in _AMONG and statistic in _STATISTICS:
        inside = ",".join(formula(argument, leaf, x_share) for argument in arguments)
        return f"{_AMONG[prefix]}{_STATISTICS[statistic]}({inside})", _ATOM
    texts = [formula(argument, leaf, x_share) for argument in arguments]
    texts += [f"{key}={formula(value, leaf, x_share)}" for key, value in call.options]
    return f"{call.function}({', '.join(texts)})", _ATOM


def _of_records(call: Call, leaf: Leaf, x_share: bool) -> str:
    table = call.arguments[0]
    name = table.value if isinstance(table, Literal) else ""
    what = {"count": "条数", "total": "合计", "highest": "最大值", "lowest": "最小值"}[call.function]
    inside = [f"{formula(argument, leaf, x_share)} 的" for argument in call.arguments[1:]]
    where = [f"(其中 {formula(value, leaf, x_share)})" for key, value in call.options if key == "where"]
    return f"{name}{''.join(where)}的{''.join(inside)}{what}"


_WHICH = {"score": "得分", "published": "公布分", "place": "名次", "grade": "等次", "fired": "是否触发"}


def plain_name(expression: Expression) -> str:
    """A leaf by its own name."""
    match expression:
        case Input() | Field():
            return expression.name
        case Current():
            return "x" if expression.which == "x" else "本格"
        case NodeValue():
            return f"{expression.node}的{_WHICH[expression.which]}"
        case ImportedValue():
            return f"{expression.alias}.{expression.node}的{_WHICH.get(expression.which, expression.which)}"
    return type(expression).__name__


def is_share(expression: Expression, x_share: bool = False) -> bool:
    """Whether an expression is a share or a rate, which reads best in per cent."""
    match expression:
        case Call("share_of" | "growth_over"):
            return True
        case Current():
            return x_share and expression.which == "x"
        case Call("min" | "max" | "first" | "abs" | "round"):
            return is_share(expression.arguments[0], x_share)
        case Call("if"):
            return all(is_share(argument, x_share) for argument in expression.arguments[1:])
        case Input():
            return expression.numeric and (expression.role == "pace" or expression.scale != 1)
        case Binary("+" | "-"):
            return all(
                is_share(side, x_share) or isinstance(side, Literal)
                for side in (expression.left, expression.right)
            ) and not (isinstance(expression.left, Literal) and isinstance(expression.right, Literal))
        case Binary("/"):
            return _same_kind(expression.left, expression.right)
        case ByTable():
            return all(is_share(value, x_share) for _, value in expression.rows)
    return False


def _same_kind(left: Expression, right: Expression) -> bool:
    """A quotient of two figures in one measure, or of two numbers of records."""
    if isinstance(left, Call) and isinstance(right, Call):
        return left.function == right.function == "count"
    measures = [part.measure for part in (left, right) if isinstance(part, Input)]
    return len(measures) == 2 and measures[0] is not None and measures[0] == measures[1]
