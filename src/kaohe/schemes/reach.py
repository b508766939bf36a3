"""Which values an expression or a list of steps can reach, as far as the scheme alone tells."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.schemes.expressions import Binary, ByTable, Call, Expression, Literal, Name, Unary, walk

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Reach:
    """From ``low`` to ``high``; None where the scheme sets no limit.

    ``free_low`` and ``free_high`` tell a value that surely grows without limit (完成率, 件数) from a figure
    of which nothing is known. ``loose`` means that the range may be wider than what can occur.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    free_low: bool = False
    free_high: bool = False
    loose: bool = False

    @property
    def point(self) -> Fraction | None:
        """The one value there is, if there is only one."""
        return self.low if self.low is not None and self.low == self.high else None


UNKNOWN = Reach()
FLAG = Reach(_ZERO, _ONE)
FROM_ZERO = Reach(_ZERO, None, free_high=True)


def exactly(value: Fraction | int) -> Reach:
    return Reach(Fraction(value), Fraction(value))


def negated(a: Reach) -> Reach:
    return Reach(
        None if a.high is None else -a.high,
        None if a.low is None else -a.low,
        a.free_high,
        a.free_low,
        a.loose,
    )


def added(a: Reach, b: Reach) -> Reach:
    """Lowest with lowest, highest with highest; what is unknown on one side stays unknown.

    >>> added(Reach(Fraction(0), Fraction(12)), Reach(Fraction(0), Fraction(2))).high
    Fraction(14, 1)
    """
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Reach(
        low,
        high,
        low is None and _known_low(a) and _known_low(b),
        high is None and _known_high(a) and _known_high(b),
        a.loose or b.loose,
    )


def _known_low(a: Reach) -> bool:
    return a.low is not None or a.free_low


def _known_high(a: Reach) -> bool:
    return a.high is not None or a.free_high


def multiplied(a: Reach, b: Reach) -> Reach:
    """The product; of two ranges with an open end only when one is a number or neither is negative."""
    for factor, other in ((a.point, b), (b.point, a)):
        if factor is not None:
            return _times(other, factor)
    ends = (a.low, a.high, b.low, b.high)
    loose = a.loose or b.loose
    if None not in ends:
        products = [
            x * y for x in (a.low, a.high) for y in (b.low, b.high) if x is not None and y is not None
        ]
        return Reach(min(products), max(products), loose=loose)
    if a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0:
        free = _known_high(a) and _known_high(b)
        return Reach(a.low * b.low, None, free_high=free, loose=loose)
    return replace(UNKNOWN, loose=loose)


def _times(a: Reach, factor: Fraction) -> Reach:
    if factor == 0:
        return exactly(0)
    turned = negated(a) if factor < 0 else a
    size = abs(factor)
    return replace(
        turned,
        low=None if turned.low is None else turned.low * size,
        high=None if turned.high is None else turned.high * size,
    )


def at_most(a: Reach, limit: Reach) -> Reach:
    """min(a, limit)."""
    high = _least(a.high, limit.high)
    low = None if a.low is None or limit.low is None else min(a.low, limit.low)
    free_low = low is None and (a.free_low or limit.free_low)
    return Reach(
        low, high, free_low, high is None and a.free_high and limit.free_high, a.loose or limit.loose
    )


def at_least(a: Reach, limit: Reach) -> Reach:
    """max(a, limit)."""
    return negated(at_most(negated(a), negated(limit)))


def _least(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    if a is None or b is None:
        return a if b is None else b
    return min(a, b)


def union(reaches: Iterable[Reach]) -> Reach:
    """From the lowest of all to the highest of all."""
    listed = list(reaches)
    if not listed:
        return UNKNOWN
    lows, highs = [a.low for a in listed], [a.high for a in listed]
    low = None if None in lows else min(value for value in lows if value is not None)
    high = None if None in highs else max(value for value in highs if value is not None)
    return Reach(
        low,
        high,
        low is None and any(a.free_low for a in listed),
        high is None and any(a.free_high for a in listed),
        any(a.loose for a in listed),
    )


def clipped(a: Reach, low: Fraction | None, high: Fraction | None) -> Reach:
    """The part of the range between ``low`` and ``high``."""
    floor = a.low if low is None else low if a.low is None else max(a.low, low)
    top = a.high if high is None else high if a.high is None else min(a.high, high)
    if floor is not None and top is not None and floor > top:
        floor = top = low if low is not None else high
    return Reach(floor, top, floor is None and a.free_low, top is None and a.free_high, a.loose)


# How low and how high what a function gives can be; functions not named here: unknown.
_OF_FUNCTION: Mapping[str, Reach] = {
    "attainment": FROM_ZERO,
    "progress": FROM_ZERO,
    "pace": FLAG,
    "yoy": Reach(Fraction(-1), None, free_high=True),
    "count": FROM_ZERO,
    "events": FROM_ZERO,
    "streak": FROM_ZERO,
    "days_late": FROM_ZERO,
    "months_late": FROM_ZERO,
    "peer_count": Reach(_ZERO),
    "all_count": Reach(_ZERO),
    "others_count": Reach(_ZERO),
    "peer_sd": Reach(_ZERO),
    "all_sd": Reach(_ZERO),
    "others_sd": Reach(_ZERO),
    "place": Reach(_ONE),
    "nth": Reach(_ONE),
    "fired": FLAG,
    "missing": FLAG,
    "contains": FLAG,
    "starts_with": FLAG,
}
_SAME_AS_ARGUMENT = frozenset(
    f"{who}_{what}"
    for who in ("peer", "all", "others")
    for what in ("min", "max", "mean", "median", "quantile")
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "and", "or", "in"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What names mean: ``x``, the parameters of the scheme, the range of a mark."""

    x: Reach = UNKNOWN
    parameters: Mapping[str, Expression] | None = None
    mark: Reach = UNKNOWN

    def reach(self, expression: Expression) -> Reach:
        """Which values the expression can take."""
        match expression:
            case Literal():
                value = expression.value
                return exactly(value) if isinstance(value, Fraction) else FLAG
            case Name():
                return self._name(expression)
            case Unary("-"):
                return negated(self.reach(expression.operand))
            case Unary():
                return FLAG
            case Binary():
                return self._binary(expression)
            case ByTable():
                parts = [value for _, value in expression.rows]
                parts += [] if expression.otherwise is None else [expression.otherwise]
                return union(self.reach(part) for part in parts)
            case Call():
                return self._call(expression)
        return UNKNOWN

    def _name(self, name: Name) -> Reach:
        if name.text == "x" and name.scope is None:
            return self.x
        if name.text == "mark" and name.scope is None:
            return self.mark
        parameters = self.parameters or {}
        if name.text in parameters and name.scope in (None, "parameter"):
            return replace(self, x=UNKNOWN).reach(parameters[name.text])
        return UNKNOWN

    def _binary(self, binary: Binary) -> Reach:
        if binary.operator in _COMPARISONS:
            return FLAG
        if binary.operator == "/" and _is_share(binary):
            return FLAG
        left, right = self.reach(binary.left), self.reach(binary.right)
        found = UNKNOWN
        if binary.operator == "+":
            found = added(left, right)
        elif binary.operator == "-":
            found = added(left, negated(right))
        elif binary.operator == "*":
            found = multiplied(left, right)
        elif binary.operator == "/" and right.point:
            found = _times(left, 1 / right.point)
        # The same figure on both sides: its two ends do not come together.
        return replace(found, loose=found.loose or _share_a_name(binary))

    def _call(self, call: Call) -> Reach:
        name = call.function
        if name in _OF_FUNCTION and call.scope is None:
            return _OF_FUNCTION[name]
        parts = [self.reach(argument) for argument in call.arguments]
        if name in _SAME_AS_ARGUMENT or name in ("nullif", "round", "floor", "ceil"):
            return parts[0]
        if name == "min":
            return _folded(at_most, parts)
        if name == "max":
            return _folded(at_least, parts)
        if name == "every":
            return _whole_units(parts[0], parts[1].point)
        if name == "abs":
            return replace(union([parts[0], negated(parts[0])]), low=_ZERO, free_low=False, loose=True)
        if name in ("if", "case", "first"):
            return self._choice(call, parts)
        return UNKNOWN

    def _choice(self, call: Call, parts: list[Reach]) -> Reach:
        """The values to choose from; of ``if`` and ``case`` every second argument and the last."""
        values = parts if call.function == "first" else [*parts[1::2], parts[-1]]
        found = union(values)
        return replace(found, loose=found.loose or any(value.point is None for value in values))

    def narrowed(self, condition: Expression, *, holds: bool = True) -> Surroundings:
        """The same where a condition on ``x`` holds, or does not."""
        limits = limits_of(condition, self, holds=holds)
        return self if limits is None else replace(self, x=clipped(self.x, *limits))


def _folded(join: Callable[[Reach, Reach], Reach], parts: list[Reach]) -> Reach:
    found = parts[0]
    for part in parts[1:]:
        found = join(found, part)
    return found


def _whole_units(amount: Reach, unit: Fraction | None) -> Reach:
    if unit is None or unit <= 0:
        return Reach(_ZERO)
    low, high = (
        None if end is None else Fraction(max(0, math.floor(end / unit))) for end in (amount.low, amount.high)
    )
    return Reach(low or _ZERO, high, free_high=high is None and amount.free_high, loose=amount.loose)


def _is_share(division: Binary) -> bool:
    """Whether a quotient is a part of its whole: e / peer_max(e), count(t, where=…) / count(t)."""
    part, whole = division.left, division.right
    if not isinstance(whole, Call):
        return False
    if whole.function in ("peer_max", "all_max", "peer_sum", "all_sum"):
        return whole.arguments[0] == part
    return (
        whole.function == "count"
        and not whole.options
        and isinstance(part, Call)
        and part.function == "count"
        and part.arguments == whole.arguments
    )


def _share_a_name(binary: Binary) -> bool:
    left, right = (
        {part for part in walk(side) if isinstance(part, Name)} for side in (binary.left, binary.right)
    )
    return bool(left & right)


Limits = tuple[Fraction | None, Fraction | None]


def limits_of(condition: Expression, around: Surroundings, *, holds: bool = True) -> Limits | None:
    """The range of ``x`` that a condition asks for; None when it speaks of something else as well."""
    if isinstance(condition, Binary) and condition.operator == "and" and holds:
        left, right = limits_of(condition.left, around), limits_of(condition.right, around)
        if left is None or right is None:
            return left or right
        return _greatest(left[0], right[0]), _least(left[1], right[1])
    if (
        not isinstance(condition, Binary)
        or not isinstance(condition.left, Name)
        or condition.left.text != "x"
    ):
        return None
    value = around.reach(condition.right).point
    if value is None:
        return None
    below = condition.operator in ("<", "<=")
    if below or condition.operator in (">", ">="):
        return (None, value) if below is holds else (value, None)
    return (value, value) if condition.operator == "=" and holds else None


def _greatest(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    if a is None or b is None:
        return a if b is None else b
    return max(a, b)
