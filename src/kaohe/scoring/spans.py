"""Spans: what a value can still become; interval arithmetic over expressions and steps.

A span is closed; an end that is None is unbounded. Every operation gives an outer bound: the true result
lies inside whatever the unknown figures turn out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Binary, ByTable, Call, Current, Expression, Literal, Unary, walk
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Inexact, Null, Number, Value
from kaohe.scoring.oracle.evaluate import column

if TYPE_CHECKING:
    from kaohe.scoring.oracle.run import Run


@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` to ``high``; None is unbounded."""

    low: Number | None
    high: Number | None

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.high is not None and n.compare(self.low, self.high) == 0

    @property
    def is_bounded(self) -> bool:
        return self.low is not None and self.high is not None


EVERYTHING = Span(None, None)


def point(value: Number) -> Span:
    return Span(value, value)


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all of them.

    >>> hull([point(Fraction(1)), Span(Fraction(3), None)])
    Span(low=Fraction(1, 1), high=None)
    """
    listed = list(spans)
    if not listed:
        return EVERYTHING
    lows, highs = [span.low for span in listed], [span.high for span in listed]
    return Span(_least(lows), _greatest(highs))


def meet(left: Span, right: Span) -> Span:
    """What lies in both; ``left`` when nothing does (a value outside its declared range is a finding)."""
    low = (
        left.low if right.low is None else right.low if left.low is None else _greatest([left.low, right.low])
    )
    high = (
        left.high
        if right.high is None
        else right.high
        if left.high is None
        else _least([left.high, right.high])
    )
    if low is not None and high is not None and n.compare(low, high) > 0:
        return left
    return Span(low, high)


def _least(ends: Sequence[Number | None]) -> Number | None:
    if any(end is None for end in ends):
        return None
    found = ends[0]
    for end in ends[1:]:
        found = end if n.compare(end, found) < 0 else found  # type: ignore[arg-type]
    return found


def _greatest(ends: Sequence[Number | None]) -> Number | None:
    if any(end is None for end in ends):
        return None
    found = ends[0]
    for end in ends[1:]:
        found = end if n.compare(end, found) > 0 else found  # type: ignore[arg-type]
    return found


def add(left: Span, right: Span) -> Span:
    return Span(
        None if left.low is None or right.low is None else n.add(left.low, right.low),
        None if left.high is None or right.high is None else n.add(left.high, right.high),
    )


def negate(span: Span) -> Span:
    return Span(
        None if span.high is None else n.negate(span.high), None if span.low is None else n.negate(span.low)
    )


def multiply(left: Span, right: Span) -> Span:
    if left.is_bounded and right.is_bounded:
        ends = [n.multiply(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]  # type: ignore[arg-type]
        return Span(_least(ends), _greatest(ends))
    for fixed, other in ((left, right), (right, left)):
        if fixed.is_point:
            return _scaled(other, fixed.low)  # type: ignore[arg-type]
    if is_positive(left) and is_positive(right):
        return Span(n.multiply(left.low, right.low), None)  # type: ignore[arg-type]
    return EVERYTHING


def is_positive(span: Span) -> bool:
    return span.low is not None and n.compare(span.low, Fraction(0)) >= 0


def _scaled(span: Span, factor: Number) -> Span:
    sign = n.compare(factor, Fraction(0))
    if sign == 0:
        return point(Fraction(0))
    ends = [None if end is None else n.multiply(end, factor) for end in (span.low, span.high)]
    return Span(ends[0], ends[1]) if sign > 0 else Span(ends[1], ends[0])


def divide(left: Span, right: Span) -> Span:
    if right.low is None or right.high is None:
        return EVERYTHING
    if n.compare(right.low, Fraction(0)) <= 0 <= n.compare(right.high, Fraction(0)):
        return EVERYTHING
    inverse = [n.divide(Fraction(1), end) for end in (right.high, right.low)]
    return multiply(left, Span(inverse[0], inverse[1]))  # type: ignore[arg-type]


def monotone(function: Callable[[Number], Number], span: Span) -> Span:
    """A function that never falls, applied to both ends."""
    return Span(
        None if span.low is None else function(span.low), None if span.high is None else function(span.high)
    )


class Spanner:
    """Spans of one unit's expressions and steps; ``certain`` tells columns that can no longer change."""

    def __init__(self, run: Run, row: int, certain: Callable[[Expression], bool]) -> None:
        self._run, self._row, self._certain = run, row, certain

    def value(self, expression: Expression, x: Span) -> Span:
        """What the expression can come to while ``x`` lies in its span."""
        if not _uses_x(expression) and self._certain(expression):
            found = column(self._run, expression, self._run.base)[self._row]
            return point(_number(found)) if _is_number(found) else EVERYTHING
        match expression:
            case Literal() if isinstance(expression.value, Fraction):
                return point(expression.value)
            case Current("x"):
                return x
            case Unary("-"):
                return negate(self.value(expression.operand, x))
            case Binary():
                return self._binary(expression, x)
            case ByTable():
                rows = [value for _, value in expression.rows]
                rows += [expression.otherwise] if expression.otherwise is not None else []
                return hull(self.value(row, x) for row in rows)
            case Call():
                return self._call(expression, x)
        return EVERYTHING

    def _binary(self, expression: Binary, x: Span) -> Span:
        if expression.operator in ("=", "!=", "<", "<=", ">", ">=", "and", "or", "in"):
            return Span(Fraction(0), Fraction(1))
        left, right = self.value(expression.left, x), self.value(expression.right, x)
        match expression.operator:
            case "+":
                return add(left, right)
            case "-":
                return add(left, negate(right))
            case "*":
                return multiply(left, right)
            case "/":
                return divide(left, right)
        return EVERYTHING

    def _call(self, call: Call, x: Span) -> Span:
        parts = [self.value(argument, x) for argument in call.arguments]
        match call.function:
            case "if":
                return hull(parts[1:])
            case "case":
                return hull([*parts[1:-1:2], parts[-1]])
            case "first" | "nullif":
                return hull(parts)
            case "min" | "max":
                ends = _least if call.function == "min" else _greatest
                return Span(
                    _bound(ends, [p.low for p in parts], call.function == "min"),
                    _bound(ends, [p.high for p in parts], call.function == "max"),
                )
            case "floor":
                return monotone(n.floor, parts[0])
            case "ceil":
                return monotone(n.ceil, parts[0])
            case "round":
                decimals = parts[1].low if len(parts) > 1 and parts[1].is_point else Fraction(0)
                return monotone(lambda v: n.rounded(v, int(n.floor(decimals))), parts[0])  # type: ignore[arg-type]
            case "every":
                return self._every(parts[0], parts[1])
            case "abs":
                return (
                    hull([parts[0], negate(parts[0]), point(Fraction(0))])
                    if not is_positive(parts[0])
                    else parts[0]
                )
            case "count" | "streak" | "days_late" | "months_late":
                return Span(Fraction(0), None)
            case "growth_over":
                return add(divide(parts[0], parts[1]), point(Fraction(-1)))
            case "share_of":
                return divide(parts[0], parts[1])
        return EVERYTHING

    def _every(self, value: Span, unit: Span) -> Span:
        if not unit.is_point or not is_positive(unit):
            return Span(Fraction(0), None)
        size: Number = unit.low  # type: ignore[assignment]

        def whole(v: Number) -> Number:
            share = n.divide(v, size)
            if isinstance(share, Null) or n.compare(share, Fraction(0)) <= 0:
                return Fraction(0)
            return n.floor(share)

        found = monotone(whole, value)
        return Span(found.low if found.low is not None else Fraction(0), found.high)

    # --- steps ----------------------------------------------------------------------------------

    def after(self, steps: Sequence[m.Step], x: Span) -> Span:
        """What the value can be after all steps, when before them it lies in ``x``."""
        for step in steps:
            x = self._step(step, x)
        return x

    def _step(self, step: m.Step, x: Span) -> Span:
        match step:
            case m.Cap():
                return capped(x, self.value(step.limit, x))
            case m.Floor():
                return floored(x, self.value(step.limit, x))
            case m.Clamp():
                return capped(floored(x, self.value(step.low, x)), self.value(step.high, x))
            case m.Scale():
                return multiply(x, self.value(step.by, x))
            case m.Add():
                return add(x, self.value(step.amount, x))
            case m.Calc():
                return self.value(step.expression, x)
            case m.Bonus():
                return add(x, self._limited(step.points, step.cap, x))
            case m.Deduct():
                left = add(x, negate(self._limited(step.points, step.cap, x)))
                return left if step.floor is None else floored(left, self.value(step.floor, x))
            case m.Curve():
                return self._curve(step, x)
            case m.Bands():
                return hull(self._band(band, x) for band in step.rows)
            case m.Stop():
                return hull([self.value(step.points, x), x])
            case m.Round():
                return self._rounded(step, x)
            case m.MapText():
                return hull(self.value(points, x) for _, points in step.rows)
            case m.PlacePoints():
                return hull([point(Fraction(0)), *(self.value(points, x) for points in step.points)])
            case m.Rank():
                return Span(Fraction(1), Fraction(max(self._run.base.size, 1)))
            case m.PercentRank():
                outside = self.value(step.outside, x) if step.outside is not None else point(Fraction(0))
                return hull([Span(Fraction(0), Fraction(1)), outside])
            case m.PerUnit():
                return self._per_unit(step, x)
            case m.Goalposts():
                return self._goalposts(step, x)
            case m.Impute():
                return hull([x, self.value(step.value, x)])
            case m.Expect():
                return x
        return EVERYTHING

    def _limited(self, points: Expression, cap: Expression | None, x: Span) -> Span:
        found = self.value(points, x)
        return found if cap is None else capped(found, self.value(cap, x))

    def _band(self, band: m.Band, x: Span) -> Span:
        if band.steps is not None:
            return self.after(band.steps, x)
        return self.value(band.points, x) if band.points is not None else x

    def _rounded(self, step: m.Round, x: Span) -> Span:
        if step.to is None:
            return monotone(lambda v: n.rounded(v, step.decimals, step.mode), x)
        unit = self.value(step.to, x)
        if not unit.is_point:
            return EVERYTHING
        size = n.snapped(unit.low)  # type: ignore[arg-type]
        return monotone(lambda v: n.rounded(v, mode=step.mode, to=size), x)

    def _curve(self, step: m.Curve, x: Span) -> Span:
        knots = [(self.value(a, x), self.value(b, x)) for a, b in step.knots]
        if not all(a.is_point and b.is_point for a, b in knots):
            return EVERYTHING
        xs, ys = [a.low for a, _ in knots], [b.low for _, b in knots]
        reached = [point(y) for a, y in zip(xs, ys, strict=True) if _holds(x, a)]  # type: ignore[arg-type]
        ends = [self._curve_end(step, x, xs, ys, low=True), self._curve_end(step, x, xs, ys, low=False)]  # type: ignore[arg-type]
        tails = [
            self.value(tail, x)
            for tail, beyond in ((step.left, _below(x, xs[0])), (step.right, _above(x, xs[-1])))  # type: ignore[arg-type]
            if not isinstance(tail, str) and beyond
        ]
        return hull([*reached, *ends, *tails])

    def _curve_end(self, step: m.Curve, x: Span, xs: list[Number], ys: list[Number], *, low: bool) -> Span:
        from kaohe.scoring.oracle.steps import _interpolated

        end = x.low if low else x.high
        if end is not None:
            return point(_interpolated(end, xs, ys, step))
        tail, y = (step.left, ys[0]) if low else (step.right, ys[-1])
        if tail != "extend" or len(xs) == 1:
            return point(y)
        rise = n.subtract(ys[1], ys[0]) if low else n.subtract(ys[-1], ys[-2])
        sign = n.compare(rise, Fraction(0)) * (-1 if low else 1)
        return point(y) if sign == 0 else Span(y, None) if sign > 0 else Span(None, y)

    def _per_unit(self, step: m.PerUnit, x: Span) -> Span:
        base, origin, every = (self.value(e, x) for e in (step.base, step.origin, step.every))
        if not (base.is_point and origin.is_point and every.is_point):
            return EVERYTHING
        zero = point(Fraction(0))
        above = self.value(step.above, x) if step.above is not None else zero
        below = self.value(step.below, x) if step.below is not None else zero
        distance = add(x, negate(origin))
        up = self._units(step, floored(distance, zero), every.low)  # type: ignore[arg-type]
        down = self._units(step, floored(negate(distance), zero), every.low)  # type: ignore[arg-type]
        return add(base, hull([zero, multiply(up, above), multiply(down, below)]))

    def _units(self, step: m.PerUnit, distance: Span, every: Number) -> Span:
        share = divide(distance, point(every))
        return share if step.exact else monotone(n.floor, share)

    def _goalposts(self, step: m.Goalposts, x: Span) -> Span:
        low, high, start, end = (self.value(e, x) for e in (step.low, step.high, step.to_low, step.to_high))
        share = divide(add(x, negate(low)), add(high, negate(low)))
        found = add(start, multiply(share, add(end, negate(start))))
        return found if step.equal is None else hull([found, self.value(step.equal, x)])


def capped(x: Span, limit: Span) -> Span:
    high = limit.high if x.high is None else x.high if limit.high is None else _least([x.high, limit.high])
    return Span(_least([x.low, limit.low]), high)


def floored(x: Span, limit: Span) -> Span:
    low = limit.low if x.low is None else x.low if limit.low is None else _greatest([x.low, limit.low])
    return Span(low, _greatest([x.high, limit.high]))


def _bound(
    pick: Callable[..., Number | None], ends: list[Number | None], unbounded_wins: bool
) -> Number | None:
    known = [end for end in ends if end is not None]
    if len(known) < len(ends) and (unbounded_wins or not known):
        return None
    return pick(known)


def _holds(x: Span, value: Number) -> bool:
    return not (_is_above(x, value) or _is_below(x, value))


def _is_above(x: Span, value: Number) -> bool:
    return x.low is not None and n.compare(x.low, value) > 0


def _is_below(x: Span, value: Number) -> bool:
    return x.high is not None and n.compare(x.high, value) < 0


def _below(x: Span, value: Number) -> bool:
    return x.low is None or n.compare(x.low, value) < 0


def _above(x: Span, value: Number) -> bool:
    return x.high is None or n.compare(x.high, value) > 0


def _uses_x(expression: Expression) -> bool:
    return any(isinstance(part, Current) for part in walk(expression))


def _is_number(value: Value) -> bool:
    return isinstance(value, Fraction | Inexact | bool)


def _number(value: Value) -> Number:
    assert isinstance(value, Fraction | Inexact | bool)
    return Fraction(value) if isinstance(value, bool) else value
