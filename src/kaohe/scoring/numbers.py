"""Numbers of a score: exact fractions, inexact ones at 50 digits, and the reasons for having none.

``+ − × ÷``, whole powers and rounding of fractions are exact. ``ln``, ``exp``, ``sqrt``, fractional powers
and geometric means give :class:`Inexact`. Comparison, ties, floor, ceil and rounding of inexact numbers
treat a relative distance ≤ 1e-12 as equal; of exact ones, none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation, Overflow
from decimal import Inexact as DecimalInexact
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import ceil as _ceil
from math import floor as _floor
from math import lcm

from kaohe.quantities.rounding import Mode, round_exact

DIGITS = 50
_CONTEXT = Context(prec=DIGITS + 10)
_CONTEXT.traps[DecimalInexact] = False
TOLERANCE = Decimal("1e-12")
_TOLERANCE = Fraction(1, 10**12)
_KEY_BITS = 4096


class Null(Enum):
    """Why there is no number; the strongest wins when reasons mix."""

    MISSING = "missing"
    NOT_DUE = "not_due"
    UNDEFINED = "undefined"
    NOT_APPLICABLE = "not_applicable"
    EXCLUDED = "excluded"

    @property
    def strength(self) -> int:
        return _STRENGTH[self]


_STRENGTH = {
    Null.MISSING: 5,
    Null.NOT_DUE: 4,
    Null.UNDEFINED: 3,
    Null.NOT_APPLICABLE: 2,
    Null.EXCLUDED: 1,
}


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number known to 50 digits."""

    decimal: Decimal


Number = Fraction | Inexact
Value = Fraction | Inexact | str | bool | Null


def decimal_of(value: Number) -> Decimal:
    """The number to 60 digits."""
    if isinstance(value, Inexact):
        return value.decimal
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def strongest(values: Iterable[object]) -> Null | None:
    """The strongest reason among the nulls of ``values``; None when there is no null.

    >>> strongest([Null.NOT_APPLICABLE, Fraction(1), Null.MISSING])
    <Null.MISSING: 'missing'>
    """
    found = [value for value in values if isinstance(value, Null)]
    return max(found, key=lambda null: null.strength) if found else None


def add(left: Number, right: Number) -> Number:
    if type(left) is Fraction and type(right) is Fraction:
        return left + right
    return Inexact(_CONTEXT.add(decimal_of(left), decimal_of(right)))


def subtract(left: Number, right: Number) -> Number:
    if type(left) is Fraction and type(right) is Fraction:
        return left - right
    return Inexact(_CONTEXT.subtract(decimal_of(left), decimal_of(right)))


def multiply(left: Number, right: Number) -> Number:
    if type(left) is Fraction and type(right) is Fraction:
        return left * right
    return Inexact(_CONTEXT.multiply(decimal_of(left), decimal_of(right)))


def divide(left: Number, right: Number) -> Number | Null:
    """The quotient; undefined on a zero divisor."""
    if not (right if type(right) is Fraction else decimal_of(right)):
        return Null.UNDEFINED
    if type(left) is Fraction and type(right) is Fraction:
        return left / right
    return Inexact(_CONTEXT.divide(decimal_of(left), decimal_of(right)))


def negate(value: Number) -> Number:
    return -value if type(value) is Fraction else Inexact(-decimal_of(value))


def power(base: Number, exponent: Number) -> Number | Null:
    """Exact for whole exponents of exact numbers; undefined for a root of a negative or 0 to a negative."""
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        if base == 0 and exponent < 0:
            return Null.UNDEFINED
        if abs(exponent) <= 1024:
            return Fraction(base**exponent.numerator)
    low = compare(base, Fraction(0))
    if low == 0:
        return Fraction(0) if compare(exponent, Fraction(0)) > 0 else Null.UNDEFINED
    is_whole = isinstance(exponent, Fraction) and exponent.denominator == 1
    if low < 0 and not is_whole:
        return Null.UNDEFINED
    return _guarded(lambda: _CONTEXT.power(decimal_of(base), decimal_of(exponent)))


def logarithm(value: Number, base10: bool = False) -> Number | Null:
    """Natural (or decimal) logarithm; undefined of numbers ≤ 0."""
    if compare(value, Fraction(0)) <= 0:
        return Null.UNDEFINED
    decimal = decimal_of(value)
    return Inexact(_CONTEXT.log10(decimal) if base10 else _CONTEXT.ln(decimal))


def exponential(value: Number) -> Number | Null:
    return _guarded(lambda: _CONTEXT.exp(decimal_of(value)))


def root(value: Number) -> Number | Null:
    """Square root, exact for squares of fractions; undefined of negatives."""
    if compare(value, Fraction(0)) < 0:
        return Null.UNDEFINED
    found = _CONTEXT.sqrt(decimal_of(value) if not _is_zero(value) else Decimal(0))
    if isinstance(value, Fraction):
        exact = Fraction(found)
        if exact * exact == value:
            return exact
    return Inexact(found)


def _is_zero(value: Number) -> bool:
    return (value if isinstance(value, Fraction) else value.decimal) == 0


def _guarded(compute: Callable[[], Decimal]) -> Number | Null:
    try:
        return Inexact(compute())
    except (InvalidOperation, Overflow):
        return Null.UNDEFINED


def compare(left: Number, right: Number) -> int:
    """−1, 0 or 1; inexact numbers within a relative 1e-12 are equal.

    >>> compare(Fraction("281.96") / Fraction("352.45"), Fraction(8, 10))
    0
    """
    if type(left) is Fraction and type(right) is Fraction:
        cross, other = left.numerator * right.denominator, right.numerator * left.denominator
        return (cross > other) - (cross < other)
    a, b = decimal_of(left), decimal_of(right)
    distance = abs(_CONTEXT.subtract(a, b))
    if distance <= _CONTEXT.multiply(TOLERANCE, max(abs(a), abs(b))):
        return 0
    return 1 if a > b else -1


def equal(left: Value, right: Value) -> bool:
    """Whether two present values are the same; a number is never a text."""
    if isinstance(left, Fraction | Inexact) and isinstance(right, Fraction | Inexact):
        return compare(left, right) == 0
    if isinstance(left, bool) and isinstance(right, Fraction):
        return Fraction(left) == right
    if isinstance(right, bool) and isinstance(left, Fraction):
        return Fraction(right) == left
    return left == right


def snapped(value: Number, step: Fraction = Fraction(1)) -> Fraction:
    """``value / step`` as an exact number; an inexact one within 1e-12 of a half is that half."""
    if isinstance(value, Fraction):
        return value / step
    exact = Fraction(value.decimal) / step
    doubled = exact * 2
    near = Fraction(_floor(doubled + Fraction(1, 2)))
    if abs(doubled - near) <= _TOLERANCE * max(abs(doubled), Fraction(1)):
        return near / 2
    return exact


def floor(value: Number) -> Fraction:
    return Fraction(_floor(snapped(value)))


def ceil(value: Number) -> Fraction:
    return Fraction(_ceil(snapped(value)))


def rounded(value: Number, decimals: int = 0, mode: str = "half_up", to: Fraction | None = None) -> Fraction:
    """The number at ``decimals`` (or to multiples of ``to``), exact from here on."""
    if mode == "half_up" and to is None and type(value) is Fraction and decimals >= 0:
        return _half_up(value, 10**decimals)
    step = to if to is not None else Fraction(10) ** -decimals
    whole: Mode = mode  # type: ignore[assignment]
    return round_exact(snapped(value, step), 0, whole) * step


def _half_up(value: Fraction, scale: int) -> Fraction:
    """Halves away from zero, on integers: the mode of nearly every rule, and ten times as fast."""
    top, bottom = value.numerator * scale, value.denominator
    whole = (2 * abs(top) + bottom) // (2 * bottom)
    return Fraction(whole if top >= 0 else -whole, scale)


def total(values: Sequence[Number]) -> Number:
    """The sum; of exact numbers over one common denominator, which is much faster than one by one."""
    exact = [value for value in values if isinstance(value, Fraction)]
    if len(exact) < len(values):
        return Inexact(_sum_decimals(values))
    denominator = lcm(*(value.denominator for value in exact))
    if denominator.bit_length() > _KEY_BITS:
        return sum(exact, Fraction(0))
    return Fraction(sum(value.numerator * (denominator // value.denominator) for value in exact), denominator)


def _sum_decimals(values: Sequence[Number]) -> Decimal:
    result = Decimal(0)
    for value in values:
        result = _CONTEXT.add(result, decimal_of(value))
    return result


def sort_classes(values: Sequence[Number], *, high_first: bool = True) -> list[list[int]]:
    """The places of ``values`` in order, ties together.

    >>> sort_classes([Fraction(1), Fraction(3), Fraction(1)])
    [[1], [0, 2]]
    """
    if not values:
        return []
    exact = [value for value in values if isinstance(value, Fraction)]
    if len(exact) == len(values):
        keys = _exact_keys(exact)
        same = [False, *_equal_neighbours(order := _ordered(keys, high_first), keys)]
    else:
        decimals = [decimal_of(value) for value in values]
        order = sorted(range(len(values)), key=decimals.__getitem__)
        order = order[::-1] if high_first else order
        same = [False] + [compare(values[i], values[j]) == 0 for i, j in pairwise(order)]
    classes: list[list[int]] = []
    for place, tied in zip(order, same, strict=True):
        if tied:
            classes[-1].append(place)
        else:
            classes.append([place])
    return [sorted(members) for members in classes]


def _ordered(keys: Sequence[Fraction | int], high_first: bool) -> list[int]:
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=high_first)


def _equal_neighbours(order: list[int], keys: Sequence[Fraction | int]) -> list[bool]:
    return [keys[i] == keys[j] for i, j in pairwise(order)]


def _exact_keys(values: Sequence[Fraction]) -> Sequence[Fraction | int]:
    """Integers over the common denominator when that is of reasonable size, else the fractions."""
    denominator = lcm(*{value.denominator for value in values})
    if denominator.bit_length() > _KEY_BITS:
        return list(values)
    return [value.numerator * (denominator // value.denominator) for value in values]


def number_text(value: Number) -> str:
    """The shortest text that reads back: decimals when finite, else 17 significant digits.

    >>> number_text(Fraction("7.880")), number_text(Fraction(1, 3)), number_text(Fraction(-5))
    ('7.88', '0.33333333333333333', '-5')
    """
    if isinstance(value, Fraction):
        finite = _finite_decimal(value)
        if finite is not None:
            return finite
    digits = Context(prec=17).plus(decimal_of(value))
    text = format(digits.normalize(), "f") if -7 < digits.adjusted() < 18 else str(digits.normalize())
    return text if text != "-0" else "0"


def _finite_decimal(value: Fraction) -> str | None:
    denominator, decimals = value.denominator, 0
    while denominator % 10 == 0:
        denominator //= 10
        decimals += 1
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    decimals += max(twos, fives)
    if denominator != 1 or decimals > 25:
        return None
    scaled = value.numerator * 10**decimals // value.denominator
    if decimals == 0:
        return str(scaled)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")
