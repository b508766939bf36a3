"""Steps: the value before → the value after, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.oracle.evaluate import (
    column,
    conditions,
    group_keys,
    key_text,
    number,
    peer_members,
    same,
    truth,
)
from kaohe.scoring.oracle.frames import Column, Frame, lifted
from kaohe.scoring.oracle.ranking import ranked
from kaohe.scoring.statistics import deviation, mean, percent_ranks, quantile, winsorised

if TYPE_CHECKING:
    from kaohe.scoring.oracle.run import Run


@dataclass
class StepTrace:
    """One operation as it was done: the parameters as evaluated, before, after.

    ``frame`` are the rows as the step saw them. Of ``bands``: ``chosen`` is the row of bands that took each
    value, ``inner`` the steps inside a band with the rows they were applied to.
    """

    step: m.Step
    before: Column
    after: Column
    parameters: list[tuple[str, Column]] = field(default_factory=list)
    frame: Frame | None = field(default=None, repr=False)
    stopped: list[bool] = field(default_factory=list)
    chosen: list[int | None] = field(default_factory=list)
    inner: list[tuple[list[int], list[StepTrace]]] = field(default_factory=list, repr=False)


@dataclass
class Working:
    """Where a value stands between its steps; ``stopped`` rows skip what is left."""

    x: Column
    stopped: list[bool]
    traces: list[StepTrace] = field(default_factory=list)


def apply_steps(run: Run, steps: Sequence[m.Step], frame: Frame, x: Column) -> Working:
    """The column after all steps, with the trace of each."""
    working = Working(list(x), [False] * frame.size)
    for step in steps:
        before, skipped = list(working.x), list(working.stopped)
        seen = [Null.NOT_APPLICABLE if off else v for v, off in zip(before, working.stopped, strict=True)]
        context = _Context(run, frame.seeing(seen), working)
        after = _APPLY[type(step)](context, step, seen)
        working.x = [
            old if off else new for old, new, off in zip(before, after, working.stopped, strict=True)
        ]
        if isinstance(step, m.Stop):
            working.stopped = [a or b for a, b in zip(working.stopped, context.stops, strict=True)]
        working.traces.append(context.trace(step, before, list(working.x), skipped))
    return working


class _Context:
    """What a step needs: the run, the rows with ``x``, and a place to note its parameters."""

    def __init__(self, run: Run, frame: Frame, working: Working) -> None:
        self.run, self.frame, self.working = run, frame, working
        self.parameters: list[tuple[str, Column]] = []
        self.stops: list[bool] = [False] * frame.size
        self.chosen: list[int | None] = []
        self.inner: list[tuple[list[int], list[StepTrace]]] = []

    def trace(self, step: m.Step, before: Column, after: Column, stopped: list[bool]) -> StepTrace:
        return StepTrace(step, before, after, self.parameters, self.frame, stopped, self.chosen, self.inner)

    def value(self, name: str, expression: Expression) -> Column:
        found = column(self.run, expression, self.frame)
        self.parameters.append((name, found))
        return found

    def optional(self, name: str, expression: Expression | None) -> Column | None:
        return None if expression is None else self.value(name, expression)


def _curve(context: _Context, step: m.Curve, x: Column) -> Column:
    xs = [context.value(f"x{i}", knot) for i, (knot, _) in enumerate(step.knots)]
    ys = [context.value(f"y{i}", knot) for i, (_, knot) in enumerate(step.knots)]
    left = _tail(context, "left", step.left)
    right = _tail(context, "right", step.right)

    def at(value: Value, *rest: Value) -> Value:
        half = len(xs)
        numbers = [number(item, step_at) for item in rest[: 2 * half]]
        return _interpolated(number(value, step_at), numbers[:half], numbers[half:], step)

    step_at = step.knots[0][0]
    inside = lifted(at, x, *xs, *ys)
    return [
        _with_tails(value, result, row, xs, left, right)
        for row, (value, result) in enumerate(zip(x, inside, strict=True))
    ]


def _tail(context: _Context, name: str, tail: m.Tail) -> Column | None:
    return None if isinstance(tail, str) else context.value(name, tail)


def _with_tails(
    value: Value, result: Value, row: int, xs: list[Column], left: Column | None, right: Column | None
) -> Value:
    if isinstance(result, Null) or isinstance(value, Null):
        return result
    first, last = xs[0][row], xs[-1][row]
    if left is not None and n.compare(value, first) < 0:  # type: ignore[arg-type]
        return left[row]
    if right is not None and n.compare(value, last) > 0:  # type: ignore[arg-type]
        return right[row]
    return result


def _interpolated(x: Number, xs: list[Number], ys: list[Number], step: m.Curve) -> Number:
    for before, after in pairwise(xs):
        if n.compare(after, before) <= 0:
            raise SchemeError(
                f"{step.at} curve 的横坐标应逐个增大,实有 {n.number_text(before)} 之后 {n.number_text(after)}"
            )
    if n.compare(x, xs[0]) <= 0:
        return _line(x, xs, ys, 0) if step.left == "extend" and len(xs) > 1 else ys[0]
    if n.compare(x, xs[-1]) >= 0:
        return _line(x, xs, ys, len(xs) - 2) if step.right == "extend" and len(xs) > 1 else ys[-1]
    place = next(i for i in range(len(xs) - 1) if n.compare(x, xs[i + 1]) < 0)
    return _line(x, xs, ys, place)


def _line(x: Number, xs: list[Number], ys: list[Number], place: int) -> Number:
    run, rise = n.subtract(xs[place + 1], xs[place]), n.subtract(ys[place + 1], ys[place])
    share = n.divide(n.subtract(x, xs[place]), run)
    assert not isinstance(share, Null)
    return n.add(ys[place], n.multiply(share, rise))


def _bands(context: _Context, step: m.Bands, x: Column) -> Column:
    result: Column = [Null.MISSING if not isinstance(v, Null) else v for v in x]
    open_rows = [not isinstance(value, Null) for value in x]
    context.chosen = [None] * len(x)
    for place, band in enumerate(step.rows):
        holds = _band_holds(context, band, x, place)
        taken = [is_open and hold is True for is_open, hold in zip(open_rows, holds, strict=True)]
        values = _band_values(context, band, x, taken, place)
        for row, hold in enumerate(holds):
            if not open_rows[row]:
                continue
            if isinstance(hold, Null):
                result[row], open_rows[row] = hold, False
            elif hold:
                result[row], open_rows[row] = values[row], False
                context.chosen[row] = place
    _check_covered(context, step, x, open_rows)
    return result


def _band_holds(context: _Context, band: m.Band, x: Column, place: int) -> list[bool | Null]:
    holds: list[bool | Null] = [True] * len(x)
    for word, expression in band.tests:
        if word == "when":
            tested = conditions(context.run, expression, context.frame)
        else:
            limit = context.value(f"{word}{place}", expression)
            tested = [_test(word, value, bound) for value, bound in zip(x, limit, strict=True)]
        holds = [_both(a, b) for a, b in zip(holds, tested, strict=True)]
    return holds


def _both(left: bool | Null, right: bool | Null) -> bool | Null:
    if left is False or right is False:
        return False
    return left if isinstance(left, Null) else right


def _test(word: str, value: Value, bound: Value) -> bool | Null:
    unknown = n.strongest((value, bound))
    if unknown is not None:
        return unknown
    if word == "equals":
        return same(value, bound)
    sign = n.compare(value, bound)  # type: ignore[arg-type]
    return {"below": sign < 0, "up_to": sign <= 0, "above": sign > 0, "at_least": sign >= 0}[word]


def _band_values(context: _Context, band: m.Band, x: Column, taken: list[bool], place: int) -> Column:
    if band.steps is not None:
        rows = [row for row, flag in enumerate(taken) if flag]
        inner = apply_steps(context.run, band.steps, context.frame.taken(rows), [x[row] for row in rows])
        context.inner.append((rows, inner.traces))
        spread: Column = list(x)
        for row, value in zip(rows, inner.x, strict=True):
            spread[row] = value
        return spread
    return context.value(f"points{place}", band.points) if band.points is not None else list(x)


def _check_covered(context: _Context, step: m.Bands, x: Column, open_rows: list[bool]) -> None:
    for row, is_open in enumerate(open_rows):
        if is_open:
            shown = x[row] if isinstance(x[row], str) else n.number_text(x[row])  # type: ignore[arg-type]
            raise SchemeError(f"{step.at} 分段没有覆盖 {shown}({context.run.row_name(context.frame, row)})")


def _stop(context: _Context, step: m.Stop, x: Column) -> Column:
    points = context.value("points", step.points)
    holds = conditions(context.run, step.when, context.frame)
    result: Column = []
    for row, (value, hold) in enumerate(zip(x, holds, strict=True)):
        if isinstance(value, Null):
            result.append(value)
        elif isinstance(hold, Null):
            result.append(hold)
        else:
            context.stops[row] = hold
            result.append(points[row] if hold else value)
    return result


def _cap(context: _Context, step: m.Cap, x: Column) -> Column:
    return lifted(_smaller, x, context.value("cap", step.limit))


def _floor(context: _Context, step: m.Floor, x: Column) -> Column:
    return lifted(_larger, x, context.value("floor", step.limit))


def _smaller(left: Value, right: Value) -> Value:
    return right if n.compare(left, right) > 0 else left  # type: ignore[arg-type]


def _larger(left: Value, right: Value) -> Value:
    return right if n.compare(left, right) < 0 else left  # type: ignore[arg-type]


def _clamp(context: _Context, step: m.Clamp, x: Column) -> Column:
    low, high = context.value("low", step.low), context.value("high", step.high)
    return lifted(lambda value, a, b: _smaller(_larger(value, a), b), x, low, high)


def _arithmetic(name: str, part: str, compute: Callable[[Number, Number], Value]) -> Callable[..., Column]:
    def apply(context: _Context, step: m.Step, x: Column) -> Column:
        expression: Expression = getattr(step, part)
        other = context.value(name, expression)
        return lifted(lambda a, b: compute(number(a, expression), number(b, expression)), x, other)

    return apply


def _calc(context: _Context, step: m.Calc, x: Column) -> Column:
    found = column(context.run, step.expression, context.frame)
    return [
        old if isinstance(old, Null) else Fraction(new) if isinstance(new, bool) else new
        for old, new in zip(x, found, strict=True)
    ]


def _bonus(context: _Context, step: m.Bonus, x: Column) -> Column:
    added = context.value("points", step.points)
    cap = context.optional("cap", step.cap)
    if cap is not None:
        added = lifted(_smaller, added, cap)
    return lifted(lambda a, b: n.add(number(a, step.points), number(b, step.points)), x, added)


def _deduct(context: _Context, step: m.Deduct, x: Column) -> Column:
    taken = context.value("points", step.points)
    cap, floor = context.optional("cap", step.cap), context.optional("floor", step.floor)
    if cap is not None:
        taken = lifted(_smaller, taken, cap)
    left = lifted(lambda a, b: n.subtract(number(a, step.points), number(b, step.points)), x, taken)
    return lifted(_larger, left, floor) if floor is not None else left


def _per_unit(context: _Context, step: m.PerUnit, x: Column) -> Column:
    zero: Column = [Fraction(0)] * len(x)
    base, origin, every = (
        context.value(name, expression)
        for name, expression in (("base", step.base), ("from", step.origin), ("every", step.every))
    )
    above = context.optional("above", step.above) or zero
    below = context.optional("below", step.below) or zero

    def scored(*values: Value) -> Value:
        v, b, o, e, up, down = (number(value, step.base) for value in values)
        distance = n.subtract(v, o)
        sign = n.compare(distance, Fraction(0))
        units = n.divide(n.negate(distance) if sign < 0 else distance, e)
        if isinstance(units, Null):
            return units
        units = units if step.exact else n.floor(units)
        return n.add(b, n.multiply(units, up if sign > 0 else down))

    return lifted(scored, x, base, origin, every, above, below)


def _goalposts(context: _Context, step: m.Goalposts, x: Column) -> Column:
    low, high = context.value("low", step.low), context.value("high", step.high)
    start, end = context.value("to_low", step.to_low), context.value("to_high", step.to_high)
    equal = context.optional("equal", step.equal) or [Null.UNDEFINED] * len(x)
    result: Column = []
    for value, a, b, s, e, same_value in zip(x, low, high, start, end, equal, strict=True):
        unknown = value if isinstance(value, Null) else n.strongest((a, b, s, e))
        if unknown is not None:
            result.append(unknown)
            continue
        v, a, b, s, e = (number(item, step.low) for item in (value, a, b, s, e))
        if n.compare(a, b) == 0:
            result.append(same_value)
            continue
        share = n.divide(n.subtract(v, a), n.subtract(b, a))
        assert not isinstance(share, Null)
        result.append(n.add(s, n.multiply(share, n.subtract(e, s))))
    return result


def _standardise(context: _Context, step: m.Standardise, x: Column) -> Column:
    centre, spread = context.value("mean", step.mean), context.value("sd", step.sd)
    keys = group_keys(context.run, context.frame, None)
    members = peer_members(context.run, context.frame, x, keys)
    statistics: dict[str, tuple[Value, Value]] = {}
    for key, rows in members.items():
        values = [number(x[row], step.mean) for row in rows]
        statistics[key] = (mean(values), deviation(values, sample=step.sample))

    def scored(row: int) -> Value:
        value = x[row]
        if isinstance(value, Null):
            return value
        average, sd = statistics.get(keys[row], (Null.NOT_APPLICABLE, Null.NOT_APPLICABLE))
        unknown = n.strongest((average, sd, centre[row], spread[row]))
        if unknown is not None:
            return unknown
        distance = n.subtract(number(value, step.mean), average)  # type: ignore[arg-type]
        z = n.divide(distance, sd)  # type: ignore[arg-type]
        if isinstance(z, Null):
            return z
        return n.add(number(centre[row], step.mean), n.multiply(z, number(spread[row], step.sd)))

    return [scored(row) for row in range(len(x))]


def _round(context: _Context, step: m.Round, x: Column) -> Column:
    if step.to is None:
        return lifted(lambda v: n.rounded(number(v, _at(step)), step.decimals, step.mode), x)
    to = context.value("to", step.to)

    def at_multiple(value: Value, unit: Value) -> Value:
        size = n.snapped(number(unit, _at(step)))
        return n.rounded(number(value, _at(step)), mode=step.mode, to=size) if size else Null.UNDEFINED

    return lifted(at_multiple, x, to)


def _at(step: m.Step) -> Expression:
    from kaohe.schemes.expressions import Literal

    return Literal(Fraction(0), at=step.at)


def _map(context: _Context, step: m.MapText, x: Column) -> Column:
    rows = {text: context.value(text, points) for text, points in step.rows}
    result: Column = []
    for row, value in enumerate(x):
        text = value if isinstance(value, Null) else key_text(value)
        if isinstance(text, Null):
            result.append(text)
        elif text in step.excluded:
            result.append(Null.EXCLUDED)
        elif text in rows:
            result.append(rows[text][row])
        else:
            raise SchemeError(f"{step.at} map 里没有“{text}”(有:{'、'.join([*rows, *step.excluded])})")
    return result


def _rank(context: _Context, step: m.Rank, x: Column) -> Column:
    return ranked(context.run, step.ranking, context.frame, x)


def _place_points(context: _Context, step: m.PlacePoints, x: Column) -> Column:
    points = [context.value(f"place{i}", expression) for i, expression in enumerate(step.points, start=1)]

    def scored(row: int) -> Value:
        place = x[row]
        if isinstance(place, Null):
            return place
        exact = n.snapped(number(place, _at(step)))
        below = int(exact)
        if exact < 1 or (2 * exact).denominator != 1:
            shown = f"{n.number_text(exact)}({context.run.row_name(context.frame, row)})"
            raise SchemeError(f"{step.at} place_points 应接在名次之后,实为 {shown}")
        if exact == below:
            return points[below - 1][row] if 1 <= below <= len(points) else Fraction(0)
        # a shared (mean) place: the mean of the points of the places it spans
        around = [points[i - 1][row] if i <= len(points) else Fraction(0) for i in (below, below + 1)]
        halves = [number(value, _at(step)) for value in around]
        return n.multiply(n.add(halves[0], halves[1]), Fraction(1, 2))

    return [scored(row) for row in range(len(x))]


def _percent_rank(context: _Context, step: m.PercentRank, x: Column) -> Column:
    holds = conditions(context.run, step.where, context.frame) if step.where is not None else [True] * len(x)
    outside = context.optional("outside", step.outside) or [Fraction(0)] * len(x)
    keys = group_keys(context.run, context.frame, step.within)
    inside = [value if hold is True else Null.NOT_APPLICABLE for value, hold in zip(x, holds, strict=True)]
    members = peer_members(context.run, context.frame, inside, keys)
    result: Column = [
        value if isinstance(value, Null) else outside[row] if holds[row] is not True else Null.NOT_APPLICABLE
        for row, value in enumerate(x)
    ]
    for rows in members.values():
        values = [number(x[row], _at(step)) for row in rows]
        for row, share in zip(rows, percent_ranks(values, step.method), strict=True):
            result[row] = share
    return result


def _impute(context: _Context, step: m.Impute, x: Column) -> Column:
    filler = context.value("value", step.value)
    return [
        new if isinstance(old, Null) and old is not Null.EXCLUDED else old
        for old, new in zip(x, filler, strict=True)
    ]


def _winsorise(context: _Context, step: m.Winsorise, x: Column) -> Column:
    keys = group_keys(context.run, context.frame, step.within)
    members = peer_members(context.run, context.frame, x, keys)
    result = list(x)
    for rows in members.values():
        values = [number(x[row], _at(step)) for row in rows]
        for row, value in zip(rows, _drawn_in(context, step, values, rows[0]), strict=True):
            result[row] = value
    return result


def _drawn_in(context: _Context, step: m.Winsorise, values: list[Number], row: int) -> Sequence[Number]:
    if step.quantiles is not None:
        low, high = (
            quantile(values, number(context.value("quantile", share)[row], share)) for share in step.quantiles
        )
        if isinstance(low, Null) or isinstance(high, Null):
            return values
        return [_smaller(_larger(value, low), high) for value in values]  # type: ignore[misc]
    assert step.skew_below is not None
    skew = number(context.value("skew_below", step.skew_below)[row], step.skew_below)
    kurtosis = context.optional("kurtosis_below", step.kurtosis_below)
    limit = number(kurtosis[row], _at(step)) if kurtosis is not None else None
    return winsorised(values, skew, limit, step.at_most)


def _expect(context: _Context, step: m.Expect, x: Column) -> Column:
    holds = conditions(context.run, step.condition, context.frame)
    for row, (value, hold) in enumerate(zip(x, holds, strict=True)):
        if not isinstance(value, Null) and not isinstance(hold, Null) and not truth(hold):
            shown = value if isinstance(value, str) else n.number_text(value)  # type: ignore[arg-type]
            raise SchemeError(
                f"{step.at} 不符合 expect 的条件:值为 {shown}({context.run.row_name(context.frame, row)})"
            )
    return list(x)


_APPLY: dict[type[m.Step], Callable[..., Column]] = {
    m.Curve: _curve,
    m.Bands: _bands,
    m.Stop: _stop,
    m.Cap: _cap,
    m.Floor: _floor,
    m.Clamp: _clamp,
    m.Scale: _arithmetic("by", "by", n.multiply),
    m.Add: _arithmetic("amount", "amount", n.add),
    m.Calc: _calc,
    m.Bonus: _bonus,
    m.Deduct: _deduct,
    m.PerUnit: _per_unit,
    m.Goalposts: _goalposts,
    m.Standardise: _standardise,
    m.Round: _round,
    m.MapText: _map,
    m.Rank: _rank,
    m.PlacePoints: _place_points,
    m.PercentRank: _percent_rank,
    m.Impute: _impute,
    m.Winsorise: _winsorise,
    m.Expect: _expect,
}
