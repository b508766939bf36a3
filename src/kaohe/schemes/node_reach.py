"""Which scores a line can reach: its source, then its steps one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Call, Expression, Name, walk
from kaohe.schemes.reach import (
    FLAG,
    UNKNOWN,
    Limits,
    Reach,
    Surroundings,
    added,
    at_least,
    at_most,
    clipped,
    exactly,
    limits_of,
    multiplied,
    negated,
    union,
)

_ZERO, _ONE = Fraction(0), Fraction(1)


def reach_of(scheme: m.Scheme, node: m.Criterion) -> Reach:
    """The scores that a node can reach before policies and gates."""
    return _NodeReach(scheme).of(node)


def declared(scheme: m.Scheme, node: m.Criterion) -> Reach | None:
    """[0 + lowest extra, points + highest extra], when the node says so in numbers."""
    if node.points is None and node.extra is None:
        return None
    around = Surroundings(parameters=dict(scheme.parameters))
    points = around.reach(node.points) if node.points is not None else exactly(0)
    low, high = (around.reach(part) for part in node.extra) if node.extra else (exactly(0), exactly(0))
    if points.high is None or low.low is None or high.high is None:
        return None
    return Reach(low.low, points.high + high.high)


class _NodeReach:
    def __init__(self, scheme: m.Scheme) -> None:
        self._scheme = scheme
        self._parameters = dict(scheme.parameters)

    def of(self, node: m.Criterion) -> Reach:
        mark = declared(self._scheme, node) or UNKNOWN
        around = Surroundings(self._source(node, mark), self._parameters, mark)
        return after_steps(node.steps, around)

    def _source(self, node: m.Criterion, mark: Reach) -> Reach:
        around = Surroundings(UNKNOWN, self._parameters, mark)
        if node.figure is not None:
            return around.reach(node.figure)
        if node.each is not None:
            return self._records(node, node.each, around)
        weights = [around.reach(c.weight) if c.weight is not None else exactly(1) for c in node.criteria]
        return _children(node.combine, [self.of(child) for child in node.criteria], weights)

    def _records(self, node: m.Criterion, each: m.Each, around: Surroundings) -> Reach:
        item = self.of(each.item) if each.item is not None else UNKNOWN
        if each.source == "columns" and each.item is None:
            item = UNKNOWN
        if each.group_by is not None:
            return self._groups(node, each.group_by, item, around)
        if each.source in ("columns", "periods"):
            listed = [item] * _how_many(each)
            weights = [around.reach(weight) for weight in each.weights] or [exactly(1)] * len(listed)
            return _children(node.combine, listed, weights)
        return _many(node.combine, item)

    def _groups(self, node: m.Criterion, group: m.GroupBy, item: Reach, around: Surroundings) -> Reach:
        inside = after_steps(group.steps, replace(around, x=_many(group.combine, item)))
        if group.weights:
            weights = [around.reach(weight) for _, weight in group.weights]
            return _children(node.combine, [inside] * len(weights), weights)
        # How many groups there are is not written: a sum over them has no limit to compare with.
        found = _many(node.combine, inside)
        return replace(found, free_low=False, free_high=False)


def _how_many(each: m.Each) -> int:
    if each.source == "columns":
        return len(each.columns)
    if each.periods in (("months",), ("quarters",)):
        return 12 if each.periods == ("months",) else 4
    return len(each.periods)


def _children(combine: m.Combine, parts: list[Reach], weights: list[Reach]) -> Reach:
    """A list whose length is known."""
    kind = combine.then if combine.kind in ("keep", "drop") else combine.kind
    if combine.kind == "sum":
        total = exactly(0)
        for part, weight in zip(parts, weights, strict=False):
            total = added(total, multiplied(weight, part))
        return total
    if combine.kind == "keep" and kind == "sum":
        return _times_whole(union(parts), combine.best or combine.worst)
    if kind in ("mean", "median", "min", "max", "geometric", "harmonic") or combine.kind == "power":
        return union(parts)
    return Reach(_ZERO, Fraction(len(parts))) if kind == "count" else UNKNOWN


def _times_whole(part: Reach, number: int) -> Reach:
    found = multiplied(exactly(number), part)
    low = None if found.low is None else min(found.low, _ZERO)
    return replace(found, low=low, high=None if found.high is None else max(found.high, _ZERO))


def _many(combine: m.Combine, item: Reach) -> Reach:
    """Any number of records, none included."""
    if combine.kind == "keep" and combine.then == "sum":
        return _times_whole(item, combine.best or combine.worst)
    kind = combine.then if combine.kind in ("keep", "drop") else combine.kind
    if kind == "count":
        return Reach(_ZERO, None, free_high=True)
    if kind == "sum":
        down = item.low is None or item.low < 0
        up = item.high is None or item.high > 0
        return Reach(
            None if down else _ZERO,
            None if up else _ZERO,
            down and (item.low is not None or item.free_low),
            up and (item.high is not None or item.free_high),
            item.loose,
        )
    if kind in ("mean", "median", "min", "max", "geometric", "harmonic") or combine.kind == "power":
        return item
    return UNKNOWN


def after_steps(steps: Iterable[m.Step], around: Surroundings) -> Reach:
    """What remains reachable after the steps; values that ``stop`` lets through stay."""
    stopped: list[Reach] = []
    for step in steps:
        if isinstance(step, m.Stop):
            stopped.append(around.narrowed(step.when).reach(step.points))
            around = around.narrowed(step.when, holds=False)
        else:
            around = replace(around, x=_STEPS.get(type(step), _unknown)(step, around))
    return union([around.x, *stopped]) if stopped else around.x


def _unknown(step: m.Step, around: Surroundings) -> Reach:
    del step, around
    return UNKNOWN


def _curve(step: m.Curve, around: Surroundings) -> Reach:
    knots = [(around.reach(x), around.reach(y)) for x, y in step.knots]
    ys = [y for _, y in knots]
    if any(x.point is None for x, _ in knots) or any(y.point is None for y in ys):
        return union(ys) if step.left == step.right == "flat" else UNKNOWN
    points = [(x.point or _ZERO, y.point or _ZERO) for x, y in knots]
    within = clipped(around.x, points[0][0], points[-1][0])
    inner = [exactly(y) for x, y in points if _inside(x, within)]
    ends = [exactly(_height(points, end)) for end in (within.low, within.high) if end is not None]
    return union([*inner, *ends, *_tails(step, points, around)])


def _inside(x: Fraction, part: Reach) -> bool:
    return (part.low is None or part.low <= x) and (part.high is None or x <= part.high)


def _height(points: list[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """The curve at a place between its first knot and its last."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= at <= x1:
            return y0 + (at - x0) / (x1 - x0) * (y1 - y0)
    return points[0][1] if at <= points[0][0] else points[-1][1]


def _tails(step: m.Curve, points: list[tuple[Fraction, Fraction]], around: Surroundings) -> list[Reach]:
    found: list[Reach] = []
    x = around.x
    if x.low is None or x.low < points[0][0]:
        found.append(_tail(step.left, points[0], points[:2], clipped(x, None, points[0][0]), around))
    if x.high is None or x.high > points[-1][0]:
        found.append(_tail(step.right, points[-1], points[-2:], clipped(x, points[-1][0], None), around))
    return found


def _tail(
    tail: m.Tail,
    end: tuple[Fraction, Fraction],
    last: list[tuple[Fraction, Fraction]],
    beyond: Reach,
    around: Surroundings,
) -> Reach:
    """The values beyond the first or the last knot: flat, on along the line, or a value."""
    if tail == "flat" or (tail == "extend" and len(last) < 2):
        return exactly(end[1])
    if tail == "extend":
        (x0, y0), (x1, y1) = last
        slope = (y1 - y0) / (x1 - x0)
        return added(exactly(end[1]), multiplied(added(beyond, exactly(-end[0])), exactly(slope)))
    assert not isinstance(tail, str)
    return around.reach(tail)


def _bands(step: m.Bands, around: Surroundings) -> Reach:
    return union(_row(row, around) for row in step.rows)


def _row(row: m.Band, around: Surroundings) -> Reach:
    limits = row_limits(row.tests, around)
    inside = around if limits is None else replace(around, x=clipped(around.x, *limits))
    if row.points is not None:
        return inside.reach(row.points)
    if row.steps is not None:
        return after_steps(row.steps, inside)
    return replace(around.x, loose=True)


def row_limits(tests: tuple[tuple[str, Expression], ...], around: Surroundings) -> Limits | None:
    """Between which values of ``x`` a row of bands can apply; None when it cannot be told at all."""
    found: list[Limits] = []
    for test, value in tests:
        limits = limits_of(value, around) if test == "when" else _limits(test, around.reach(value).point)
        if limits is not None:
            found.append(limits)
    if not found:
        return None
    lows = [low for low, _ in found if low is not None]
    highs = [high for _, high in found if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _limits(test: str, value: Fraction | None) -> Limits | None:
    if value is None:
        return None
    if test == "equals":
        return value, value
    return (None, value) if test in ("below", "up_to") else (value, None)


def _bonus(step: m.Bonus, around: Surroundings) -> Reach:
    points = around.reach(step.points)
    if step.cap is not None:
        points = at_most(points, around.reach(step.cap))
    return replace(added(around.x, points), loose=around.x.loose or points.loose or _uses_x(step.points))


def _deduct(step: m.Deduct, around: Surroundings) -> Reach:
    points = around.reach(step.points)
    if step.cap is not None:
        points = at_most(points, around.reach(step.cap))
    left = replace(
        added(around.x, negated(points)), loose=around.x.loose or points.loose or _uses_x(step.points)
    )
    return left if step.floor is None else at_least(left, around.reach(step.floor))


def _uses_x(expression: Expression) -> bool:
    return any(isinstance(part, Name) and part.text == "x" for part in walk(expression))


def _per_unit(step: m.PerUnit, around: Surroundings) -> Reach:
    base, origin, every = (around.reach(part) for part in (step.base, step.origin, step.every))
    if not every.point or origin.point is None:
        return UNKNOWN
    away = added(around.x, negated(origin))
    sides = [base]
    if step.above is not None and (away.high is None or away.high > 0):
        units = multiplied(clipped(away, _ZERO, None), exactly(1 / every.point))
        sides.append(added(base, multiplied(units, around.reach(step.above))))
    if step.below is not None and (away.low is None or away.low < 0):
        units = multiplied(clipped(negated(away), _ZERO, None), exactly(1 / every.point))
        sides.append(added(base, multiplied(units, around.reach(step.below))))
    return union(sides)


def _goalposts(step: m.Goalposts, around: Surroundings) -> Reach:
    to = union([around.reach(step.to_low), around.reach(step.to_high)])
    if _is_own(step.low, "min") and _is_own(step.high, "max"):
        return union([to, around.reach(step.equal)]) if step.equal is not None else to
    if _is_own(step.low, "max") and _is_own(step.high, "min"):
        return union([to, around.reach(step.equal)]) if step.equal is not None else to
    return UNKNOWN


def _is_own(expression: Expression, statistic: str) -> bool:
    return (
        isinstance(expression, Call)
        and expression.function in (f"peer_{statistic}", f"all_{statistic}")
        and expression.arguments == (Name("x"),)
    )


def _map(step: m.MapText, around: Surroundings) -> Reach:
    return union(around.reach(value) for _, value in step.rows)


def _place_points(step: m.PlacePoints, around: Surroundings) -> Reach:
    return union([exactly(0), *(around.reach(points) for points in step.points)])


def _expect(step: m.Expect, around: Surroundings) -> Reach:
    return around.narrowed(step.condition).x


def _impute(step: m.Impute, around: Surroundings) -> Reach:
    return union([around.x, around.reach(step.value)])


def _rank(step: m.Rank, around: Surroundings) -> Reach:
    outside = step.ranking.outside
    return Reach(_ONE) if outside is None else union([Reach(_ONE), around.reach(outside)])


_STEPS: dict[type[m.Step], Callable[..., Reach]] = {
    m.Curve: _curve,
    m.Bands: _bands,
    m.Cap: lambda step, around: at_most(around.x, around.reach(step.limit)),
    m.Floor: lambda step, around: at_least(around.x, around.reach(step.limit)),
    m.Clamp: lambda step, around: at_least(
        at_most(around.x, around.reach(step.high)), around.reach(step.low)
    ),
    m.Scale: lambda step, around: multiplied(around.x, around.reach(step.by)),
    m.Add: lambda step, around: added(around.x, around.reach(step.amount)),
    m.Calc: lambda step, around: around.reach(step.expression),
    m.Bonus: _bonus,
    m.Deduct: _deduct,
    m.PerUnit: _per_unit,
    m.Goalposts: _goalposts,
    m.Round: lambda step, around: around.x,
    m.MapText: _map,
    m.Rank: _rank,
    m.PlacePoints: _place_points,
    m.PercentRank: lambda step, around: FLAG,
    m.Impute: _impute,
    m.Winsorise: lambda step, around: around.x,
    m.Expect: _expect,
}
