"""Statistics of a list of numbers: means, deviations, quantiles, places; exact where they can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from kaohe.scoring.numbers import (
    Inexact,
    Null,
    Number,
    add,
    compare,
    divide,
    floor,
    multiply,
    negate,
    power,
    root,
    sort_classes,
    subtract,
    total,
)


def mean(values: Sequence[Number]) -> Number | Null:
    return divide(total(values), Fraction(len(values))) if values else Null.NOT_APPLICABLE


def in_order(values: Sequence[Number]) -> list[Number]:
    """The values, lowest first."""
    return [values[place] for members in sort_classes(values, high_first=False) for place in members]


def median(values: Sequence[Number]) -> Number | Null:
    return quantile(values, Fraction(1, 2))


def quantile(values: Sequence[Number], share: Number) -> Number | Null:
    """The quantile by linear interpolation between order statistics (type 7).

    >>> quantile([Fraction(1), Fraction(2), Fraction(4)], Fraction(3, 4))
    Fraction(3, 1)
    """
    if not values:
        return Null.NOT_APPLICABLE
    ordered = in_order(values)
    position = multiply(Fraction(len(ordered) - 1), share)
    below = int(floor(position))
    if below < 0 or compare(position, Fraction(len(ordered) - 1)) > 0:
        return Null.UNDEFINED
    if below == len(ordered) - 1:
        return ordered[below]
    rest = subtract(position, Fraction(below))
    return add(ordered[below], multiply(rest, subtract(ordered[below + 1], ordered[below])))


def moment(values: Sequence[Number], order: int) -> Number:
    """Σ (v − mean)^order."""
    centre = mean(values)
    assert not isinstance(centre, Null)
    return total([_whole_power(subtract(value, centre), order) for value in values])


def _whole_power(value: Number, order: int) -> Number:
    raised = power(value, Fraction(order)) if isinstance(value, Fraction) else _repeated(value, order)
    assert not isinstance(raised, Null)
    return raised


def _repeated(value: Inexact, order: int) -> Number:
    result: Number = Fraction(1)
    for _ in range(order):
        result = multiply(result, value)
    return result


def deviation(values: Sequence[Number], *, sample: bool = True) -> Number | Null:
    """Standard deviation; undefined for fewer than two values of a sample."""
    divisor = len(values) - 1 if sample else len(values)
    if divisor <= 0:
        return Null.UNDEFINED
    variance = divide(moment(values, 2), Fraction(divisor))
    return variance if isinstance(variance, Null) else root(variance)


def skewness(values: Sequence[Number]) -> Number | Null:
    """Sample-adjusted skewness G1; undefined for fewer than three values or no spread."""
    n = len(values)
    if n < 3:
        return Null.UNDEFINED
    second, third = moment(values, 2), moment(values, 3)
    spread = divide(second, Fraction(n))
    if isinstance(spread, Null) or compare(spread, Fraction(0)) == 0:
        return Null.UNDEFINED
    cubed = power(spread, Fraction(3, 2))
    adjust = root(Fraction(n * (n - 1)))
    assert not isinstance(cubed, Null) and not isinstance(adjust, Null)
    plain = divide(divide_or(third, Fraction(n)), cubed)
    assert not isinstance(plain, Null)
    return divide(multiply(plain, adjust), Fraction(n - 2))


def divide_or(left: Number, right: Number) -> Number:
    """The quotient by a divisor known not to be zero."""
    result = divide(left, right)
    assert not isinstance(result, Null)
    return result


def excess_kurtosis(values: Sequence[Number]) -> Number | Null:
    """Sample-adjusted excess kurtosis G2; undefined for fewer than four values or no spread."""
    n = len(values)
    if n < 4:
        return Null.UNDEFINED
    second, fourth = moment(values, 2), moment(values, 4)
    if compare(second, Fraction(0)) == 0:
        return Null.UNDEFINED
    variance = divide_or(second, Fraction(n - 1))
    ratio = divide_or(fourth, multiply(variance, variance))
    first = multiply(Fraction(n * (n + 1), (n - 1) * (n - 2) * (n - 3)), ratio)
    return subtract(first, Fraction(3 * (n - 1) ** 2, (n - 2) * (n - 3)))


STATISTICS: dict[str, Callable[[Sequence[Number]], Number | Null]] = {
    "min": lambda values: in_order(values)[0] if values else Null.NOT_APPLICABLE,
    "max": lambda values: in_order(values)[-1] if values else Null.NOT_APPLICABLE,
    "mean": mean,
    "median": median,
    "sum": lambda values: total(values),
    "sd": deviation,
    "count": lambda values: Fraction(len(values)),
}


def places(classes: Sequence[Sequence[int]], ties: str) -> dict[int, Fraction]:
    """The place of each member of the tie classes, best class first.

    >>> places([[4], [0, 2], [1]], "min")
    {4: Fraction(1, 1), 0: Fraction(2, 1), 2: Fraction(2, 1), 1: Fraction(4, 1)}
    """
    found: dict[int, Fraction] = {}
    before = 0
    for number, members in enumerate(classes, start=1):
        place = {
            "min": Fraction(before + 1),
            "max": Fraction(before + len(members)),
            "mean": Fraction(2 * before + len(members) + 1, 2),
            "dense": Fraction(number),
        }[ties]
        found.update(dict.fromkeys(members, place))
        before += len(members)
    return found


def percent_ranks(values: Sequence[Number], method: str) -> list[Number | Null]:
    """Places counted upwards over n: ``exclusive`` (min−1)/(n−1), ``max``, ``min``, ``mean`` (mean−½)/n."""
    classes = sort_classes(values, high_first=False)
    n = len(values)
    if method == "exclusive":
        lowest = places(classes, "min")
        return [divide(lowest[i] - 1, Fraction(n - 1)) for i in range(n)]
    chosen = places(classes, method)
    shift = Fraction(1, 2) if method == "mean" else Fraction(0)
    return [(chosen[i] - shift) / n for i in range(n)]


def winsorised(
    values: list[Number], skew_below: Number, kurtosis_below: Number | None, at_most: int
) -> list[Number]:
    """The values with extremes drawn in one by one until they are no longer skewed.

    While not (|skewness| < ``skew_below`` or excess kurtosis < ``kurtosis_below``), the next extreme, with
    those before it, is set to the value that follows; the side is fixed by the first skewness.
    """
    ordered = [place for members in sort_classes(values) for place in members]
    current = values
    first = skewness(values)
    if isinstance(first, Null):
        return values
    if compare(first, Fraction(0)) < 0:
        ordered = ordered[::-1]
    for count in range(1, at_most + 1):
        if _is_calm(current, skew_below, kurtosis_below) or count >= len(values):
            break
        follower = values[ordered[count]]
        drawn = set(ordered[:count])
        current = [follower if place in drawn else value for place, value in enumerate(values)]
    return current


def _is_calm(values: Sequence[Number], skew_below: Number, kurtosis_below: Number | None) -> bool:
    skew = skewness(values)
    if isinstance(skew, Null):
        return True
    size = negate(skew) if compare(skew, Fraction(0)) < 0 else skew
    if compare(size, skew_below) < 0:
        return True
    if kurtosis_below is None:
        return False
    kurtosis = excess_kurtosis(values)
    return isinstance(kurtosis, Null) or compare(kurtosis, kurtosis_below) < 0
