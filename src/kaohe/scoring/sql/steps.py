"""Steps → terms: the value before, the value after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.context import EXCLUDED, NOT_APPLICABLE, UNDEFINED, ZERO, Context, Text, Truth, Value
from kaohe.scoring.sql.expressions import (
    _same,
    as_number,
    cases,
    divided,
    guarded,
    known,
    number_is,
    number_of,
    truth_of,
    value_of,
)
from kaohe.scoring.sql.numbers import Number, Parts, Unsupported, after_state, constant, parts_of
from kaohe.scoring.sql.terms import (
    FALSE,
    NULL_BOOL,
    NULL_NUMBER,
    NULL_STATE,
    NULL_TEXT,
    TRUE,
    Term,
    any_of,
    case,
    coalesce,
    every_of,
    integer,
    is_null,
    negated,
    number,
    term,
    text,
)


@dataclass
class Working:
    """``stopped`` pairs of (condition, value): rows that skip what is left, the earliest first."""

    x: Value
    stopped: list[tuple[Term, Number]]


def after_steps(context: Context, steps: tuple[m.Step, ...], source: Value) -> Value:
    """The value after all steps."""
    working = Working(source, [])
    for step in steps:
        working.x = _named(context, working.x)
        gone = any_of(*(condition for condition, _ in working.stopped))
        seen = replace(context, live=every_of(context.live, negated(gone)), x=working.x)
        if isinstance(step, m.Stop):
            _stop(seen, step, working)
        else:
            after = _APPLY[type(step)](seen, step)
            mixes = isinstance(step, _MIXING)
            working.x = after if isinstance(step, m.Impute) else _null_stays(working.x, after, mixes)
    return _with_stopped(context, working)


def _named(context: Context, value: Value) -> Value:
    if isinstance(value, Number):
        return context.named(value)
    return value


def _null_stays(before: Value, after: Value, mixes: bool) -> Value:
    """A step leaves null as it is; where it mixes, a stronger reason of a parameter takes the place."""
    if before.state is None:
        return after
    state = (n.strongest_state if mixes else after_state)(before.state, after.state)
    if isinstance(after, Number):
        gone = is_null(before.sql)
        parts = after.parts
        if parts is not None:
            if _parts_propagate(parts, before):
                return replace(after, state=state)
            parts = replace(parts, denominator=case(gone, NULL_NUMBER, parts.denominator))
            return replace(after, sql=term("/", parts.numerator, parts.denominator), parts=parts, state=state)
        if _propagates(after.sql, before.sql):
            return replace(after, state=state)
        return replace(after, sql=case(gone, NULL_NUMBER, after.sql), state=state)
    if isinstance(after, Text):
        return Text(case(is_null(before.sql), NULL_TEXT, after.sql), state)
    return Truth(case(is_null(before.sql), NULL_BOOL, after.sql), state)


def _parts_propagate(parts: Parts, before: Value) -> bool:
    """Whether the quotient is null wherever ``before`` is: each of its integers must bring its null on."""
    held = [before.sql]
    if isinstance(before, Number) and before.parts is not None:
        held = [before.parts.numerator, before.parts.denominator]
    mine = (parts.numerator, parts.denominator)
    return all(any(_propagates(part, inner) for part in mine) for inner in held)


def _propagates(value: Term, inner: Term) -> bool:
    """Whether the term is null wherever ``inner`` is, by its form alone."""
    if value is inner or (value.op == "case" and value.args[0] is is_null(inner)):
        return True
    if value.op in ("+", "-", "*", "/", "sum", "neg", "abs", "round", "floor", "ceil"):
        return any(_propagates(child, inner) for child in value.children())
    return False


def _with_stopped(context: Context, working: Working) -> Value:
    if not working.stopped:
        return working.x
    x = context.named(as_number(working.x))
    pairs = working.stopped
    made = n.chosen(pairs, x, None)
    states: list[Term] = []
    for condition, value in pairs:
        states += [condition, value.state if value.state is not None else NULL_STATE]
    state = case(*states, x.state if x.state is not None else NULL_STATE)
    return replace(made, state=None if state.op == "null" else state)


def _stop(context: Context, step: m.Stop, working: Working) -> None:
    x = as_number(working.x)
    found = truth_of(context, step.when)
    points = number_of(context, step.points)
    earlier = negated(any_of(*(condition for condition, _ in working.stopped)))
    present = TRUE if x.state is None else negated(is_null(x.sql))
    condition = found.sql if found.state is None else coalesce(found.sql, FALSE)
    fires = context.plan.define(every_of(earlier, present, condition))
    working.stopped.append((fires, points))
    if found.state is not None and found.state is not x.state:
        unknown = every_of(present, is_null(context.plan.define(found.sql)))
        state = after_state(x.state, found.state)
        working.x = guarded(x, unknown, state)


# --- curve ----------------------------------------------------------------------------------------


def _x(context: Context) -> Number:
    assert context.x is not None
    return as_number(context.x)


def _curve(context: Context, step: m.Curve) -> Value:
    x = _x(context)
    knots = [(number_of(context, a), number_of(context, b)) for a, b in step.knots]
    known = [(a.value, b.value) for a, b in knots]
    if any(a is None or b is None for a, b in known):
        made = _variable_curve(context, step, x, knots)
    else:
        made = _fixed_curve(context, step, x, [(a, b) for a, b in known if a is not None and b is not None])
    return _tails(context, step, x, knots, made)


def _tails(
    context: Context, step: m.Curve, x: Number, knots: list[tuple[Number, Number]], made: Number
) -> Value:
    pairs: list[tuple[Term, Number]] = []
    for tail, place, operator in ((step.left, 0, "<"), (step.right, -1, ">")):
        if not isinstance(tail, str):
            pairs.append((context.compared(operator, x, knots[place][0]), number_of(context, tail)))
    if not pairs:
        return made
    states = [part for c, v in pairs for part in (c, v.state if v.state is not None else NULL_STATE)]
    state = case(*states, made.state if made.state is not None else NULL_STATE)
    whole = n.chosen(pairs, context.named(made), None if state.op == "null" else state)
    if made.state is None or made.state is x.state:
        return whole
    # A knot without a value leaves no curve, and so no tail.
    return known(context, whole, n.after_state(made.state, whole.state))


def _segments(
    step: m.Curve, knots: list[tuple[Fraction, Fraction]]
) -> list[tuple[Fraction | None, Fraction, Fraction]]:
    """(below this x, slope, intercept), the last without a bound."""
    lines = []
    for (x0, y0), (x1, y1) in pairwise(knots):
        slope = (y1 - y0) / (x1 - x0)
        lines.append((slope, y0 - slope * x0))
    first, last = (Fraction(0), knots[0][1]), (Fraction(0), knots[-1][1])
    left = lines[0] if step.left == "extend" and lines else first
    right = lines[-1] if step.right == "extend" and lines else last
    bounds = [x for x, _ in knots]
    found: list[tuple[Fraction | None, Fraction, Fraction]] = [(bounds[0], *left)]
    found += [(bound, *line) for bound, line in zip(bounds[1:], lines, strict=True)]
    found.append((None, *right))
    merged = [found[0]]
    for entry in found[1:]:
        if entry[1:] == merged[-1][1:]:
            merged[-1] = entry
        else:
            merged.append(entry)
    return merged


def _fixed_curve(
    context: Context, step: m.Curve, x: Number, knots: list[tuple[Fraction, Fraction]]
) -> Number:
    segments = _segments(step, knots)
    low, high = _curve_range(segments, x)
    exact = _curve_of_parts(segments, x, low, high)
    if exact is not None:
        return exact
    branches: list[Term] = []
    for bound, slope, intercept in segments:
        line = _line_term(x.sql, slope, intercept)
        branches += [line] if bound is None else [term("<", x.sql, number(float(bound))), line]
    steepest = max(abs(float(slope)) for _, slope, _ in segments)
    ends = [abs(float(bound)) for bound, _, _ in segments if bound is not None]
    sloped_end = segments[0][1] != 0 or segments[-1][1] != 0
    reach = x.largest if sloped_end else max(ends)
    fixed = steepest * x.error_near(reach) * 1.01 + 4 * n.U * (steepest * reach + max(abs(low), abs(high)))
    if fixed == float("inf"):
        raise Unsupported("a curve without bound on a number without bound")
    grid = _curve_grid(segments, x.grid)
    return Number(case(*branches), x.state, low, high, fixed, n.U, grid, inexact=x.inexact)


def _curve_grid(segments: list[tuple[Fraction | None, Fraction, Fraction]], grid: int | None) -> int | None:
    if grid is None:
        return None
    joint: int | None = 1
    for _, slope, intercept in segments:
        joint = n._joint_grid(joint, (slope / grid).denominator)
        joint = n._joint_grid(joint, intercept.denominator)
    return joint


def _curve_range(
    segments: list[tuple[Fraction | None, Fraction, Fraction]], x: Number
) -> tuple[float, float]:
    values: list[float] = []
    before = x.low
    for bound, slope, intercept in segments:
        end = x.high if bound is None else min(float(bound), x.high)
        start = max(before, x.low)
        if start <= end * (1 + 1e-12) + 1e-12 or (bound is None and not values):
            values += [n._times(float(slope), place) + float(intercept) for place in (start, end)]
        if bound is not None:
            before = float(bound)
    return n._wider(min(values), max(values))


def _line_term(x: Term, slope: Fraction, intercept: Fraction) -> Term:
    if slope == 0:
        return number(float(intercept))
    scaled = x if slope == 1 else term("*", x, number(float(slope)))
    return scaled if intercept == 0 else term("+", scaled, number(float(intercept)))


def _curve_of_parts(
    segments: list[tuple[Fraction | None, Fraction, Fraction]], x: Number, low: float, high: float
) -> Number | None:
    """The curve on the integers of a quotient: (a·N + b·D) / (c·D) on every segment."""
    parts = parts_of(x) if x.grid is None else None
    if parts is None:
        return None
    common = 1
    for _, slope, intercept in segments:
        common = lcm(common, slope.denominator, intercept.denominator)
    sloped_end = segments[0][1] != 0 or segments[-1][1] != 0
    bounds = [abs(float(bound)) for bound, _, _ in segments if bound is not None]
    reach = parts.most if sloped_end else min(parts.most, max(bounds) * parts.divisor)
    branches: list[Term] = []
    most = 0.0
    for bound, slope, intercept in segments:
        a, b = float(slope * common), float(intercept * common)
        top = _whole_line(parts, a, b)
        most = max(most, abs(a) * reach + abs(b) * parts.divisor)
        branches += [top] if bound is None else [term("<", x.sql, number(float(bound))), top]
    bottom = parts.denominator if common == 1 else term("*", parts.denominator, number(float(common)))
    whole = Parts(case(*branches), bottom, most * 1.01, parts.divisor * common)
    return n.from_parts(whole, x.state, low, high, None) if whole.fits else None


def _whole_line(parts: Parts, a: float, b: float) -> Term:
    pieces = []
    if a:
        pieces.append(parts.numerator if a == 1 else term("*", parts.numerator, number(a)))
    if b:
        pieces.append(parts.denominator if b == 1 else term("*", parts.denominator, number(b)))
    if not pieces:
        return number(0)
    return pieces[0] if len(pieces) == 1 else term("+", *pieces)


def _variable_curve(context: Context, step: m.Curve, x: Number, knots: list[tuple[Number, Number]]) -> Number:
    named = [(context.named(a), context.named(b)) for a, b in knots]
    for (left, _), (right, _) in pairwise(named):
        context.doubts.add(context.compared("<=", right, left))
    lines: list[Number] = []
    for (x0, y0), (x1, y1) in pairwise(named):
        share = divided(context, n.subtract(x, x0), n.subtract(x1, x0))
        lines.append(n.add(y0, n.multiply(share, n.subtract(y1, y0))))
    first = lines[0] if step.left == "extend" and lines else named[0][1]
    last = lines[-1] if step.right == "extend" and lines else named[-1][1]
    conditions = [Truth(context.compared("<=", x, named[0][0]), None)]
    conditions += [Truth(context.compared("<", x, a), None) for a, _ in named[1:]]
    made = as_number(cases(context, conditions, [first, *lines, last]))
    states = [a.state for pair in named for a in pair]
    low = min(v.low for _, v in named)
    high = max(v.high for _, v in named)
    if "extend" not in (step.left, step.right):
        made = replace(made, low=low, high=high)
    return known(context, replace(made, parts=None), n.strongest_state(x.state, *states))


# --- bands ----------------------------------------------------------------------------------------


def _bands(context: Context, step: m.Bands) -> Value:
    conditions: list[Truth] = []
    values: list[Value] = []
    for band in step.rows:
        test = _band_test(context, band)
        taken = _taken(context, conditions, test) if band.steps is not None else context.live
        values.append(_band_value(replace(context, live=taken), band))
        if test is None:
            break
        conditions.append(test)
    else:
        if context.x is not None and conditions:
            uncovered = negated(any_of(*(_sure(condition, TRUE) for condition in conditions)))
            present = TRUE if context.x.state is None else negated(is_null(context.x.sql))
            context.doubts.add(every_of(present, context.live, uncovered))
        values.append(_nothing_like(values[-1]))
    return cases(context, conditions, values)


def _taken(context: Context, earlier: list[Truth], test: Truth | None) -> Term:
    """The rows of a band, which are peers of one another in the steps inside it."""
    passed = [negated(_sure(before, TRUE)) for before in earlier]
    own = TRUE if test is None else _sure(test, FALSE)
    return context.plan.define(every_of(context.live, *passed, own))


def _sure(found: Truth, unknown: Term) -> Term:
    return found.sql if found.state is None else coalesce(found.sql, unknown)


def _nothing_like(value: Value) -> Value:
    if isinstance(value, Number):
        return replace(value, sql=NULL_NUMBER, state=integer(UNDEFINED), parts=None)
    return n.null_number(integer(UNDEFINED))


def _band_test(context: Context, band: m.Band) -> Truth | None:
    if not band.tests:
        return None
    terms: list[Term] = []
    states: list[Term | None] = []
    for word, expression in band.tests:
        found = _test(context, word, expression)
        terms.append(found.sql)
        states.append(found.state)
    # The first test that is unknown says why.
    known_states = [state for state in states if state is not None]
    return Truth(every_of(*terms), coalesce(*known_states) if known_states else None)


_OPERATORS = {"below": "<", "up_to": "<=", "above": ">", "at_least": ">="}


def _test(context: Context, word: str, expression: Expression) -> Truth:
    if word == "when":
        return truth_of(context, expression)
    assert context.x is not None
    limit = value_of(context, expression)
    if word == "equals":
        return Truth(_same(context, context.x, limit), limit.state)
    bound = as_number(limit)
    return Truth(context.compared(_OPERATORS[word], as_number(context.x), bound), bound.state)


def _band_value(context: Context, band: m.Band) -> Value:
    assert context.x is not None
    if band.steps is not None:
        if any(isinstance(step, m.Rank | m.PercentRank | m.Standardise | m.Winsorise) for step in band.steps):
            raise Unsupported("places inside a band")
        return after_steps(context, band.steps, context.x)
    return value_of(context, band.points) if band.points is not None else context.x


# --- limits and arithmetic ------------------------------------------------------------------------


def _cap(context: Context, step: m.Cap) -> Value:
    return n.extreme([_x(context), context.named(number_of(context, step.limit))], False)


def _floor(context: Context, step: m.Floor) -> Value:
    return n.extreme([_x(context), context.named(number_of(context, step.limit))], True)


def _clamp(context: Context, step: m.Clamp) -> Value:
    low, high = (context.named(number_of(context, e)) for e in (step.low, step.high))
    return n.extreme([context.named(n.extreme([_x(context), low], True)), high], False)


def _scale(context: Context, step: m.Scale) -> Value:
    return n.multiply(_x(context), number_of(context, step.by))


def _add(context: Context, step: m.Add) -> Value:
    return n.add(_x(context), number_of(context, step.amount))


def _calc(context: Context, step: m.Calc) -> Value:
    found = value_of(context, step.expression)
    return as_number(found) if isinstance(found, Truth) else found


def _limited(context: Context, points: Expression, cap: Expression | None) -> Number:
    amount = context.named(number_of(context, points))
    if cap is None:
        return amount
    return n.extreme([amount, context.named(number_of(context, cap))], False)


def _bonus(context: Context, step: m.Bonus) -> Value:
    return n.add(_x(context), _limited(context, step.points, step.cap))


def _deduct(context: Context, step: m.Deduct) -> Value:
    left = n.subtract(_x(context), _limited(context, step.points, step.cap))
    if step.floor is None:
        return left
    return n.extreme([context.named(left), context.named(number_of(context, step.floor))], True)


def _per_unit(context: Context, step: m.PerUnit) -> Value:
    from kaohe.scoring.sql.rounding import to_integer

    base, origin, every = (number_of(context, e) for e in (step.base, step.origin, step.every))
    above = number_of(context, step.above) if step.above is not None else ZERO
    below = number_of(context, step.below) if step.below is not None else ZERO
    distance = context.named(n.subtract(_x(context), origin))
    forward = every.low >= 0
    whole: list[Number] = []
    for way in (distance, n.negate(distance)):
        units = context.named(divided(context, way, every))
        whole.append(units if step.exact else to_integer(context, units, "floor"))
    up = context.compared(">", distance, ZERO)
    down = context.compared("<", distance, ZERO)
    pairs = [
        (up, n.add(base, n.multiply(replace(whole[0], low=0.0 if forward else whole[0].low), above))),
        (down, n.add(base, n.multiply(replace(whole[1], low=0.0 if forward else whole[1].low), below))),
    ]
    states = [value.state for value in (distance, every, base, above, below)]
    state = n.after_state(n.strongest_state(*states), whole[0].state)
    return known(context, n.chosen(pairs, base, None), state)


def _goalposts(context: Context, step: m.Goalposts) -> Value:
    x = _x(context)
    low, high = (context.named(number_of(context, e)) for e in (step.low, step.high))
    start, end = number_of(context, step.to_low), number_of(context, step.to_high)
    share = divided(context, n.subtract(x, low), n.subtract(high, low))
    made = n.add(start, n.multiply(context.named(share), n.subtract(end, start)))
    inner = n.strongest_state(x.state, low.state, high.state, start.state, end.state)
    if step.equal is None:
        return replace(made, state=n.after_state(inner, made.state))
    flat = context.compared("=", low, high)
    other = number_of(context, step.equal)
    result = n.chosen([(flat, other)], context.named(made), None)
    state = (
        other.state if inner is None else coalesce(inner, case(flat, other.state or NULL_STATE, NULL_STATE))
    )
    if inner is not None:
        result = replace(result, sql=case(negated(is_null(inner)), NULL_NUMBER, result.sql), parts=None)
    return replace(result, state=state)


def _standardise(context: Context, step: m.Standardise) -> Value:
    from kaohe.scoring.sql.peers import deviation, member_of, over_group, partition_of

    x = _x(context)
    partition = partition_of(context, None)
    member = context.plan.define(member_of(context, x))
    centre = over_group(context, x, partition, "mean")
    spread = deviation(context, x, member, partition, sample=step.sample)
    # Without peers there is neither mean nor deviation.
    spread = replace(spread, state=coalesce(centre.state or NULL_STATE, spread.state or NULL_STATE))
    z = divided(context, n.subtract(x, centre), spread)
    return n.add(number_of(context, step.mean), n.multiply(context.named(z), number_of(context, step.sd)))


def _round(context: Context, step: m.Round) -> Value:
    from kaohe.scoring.sql.rounding import rounded

    if step.to is None:
        return rounded(context, _x(context), Fraction(10) ** -step.decimals, step.mode)
    unit = number_of(context, step.to).value
    if unit is None or unit <= 0:
        raise Unsupported("round to a variable step")
    return rounded(context, _x(context), unit, step.mode)


def _map(context: Context, step: m.MapText) -> Value:
    assert context.x is not None
    rows = [(words, number_of(context, points)) for words, points in step.rows]
    pairs = [(_is(context, words), value) for words, value in rows]
    out = any_of(*(_is(context, words) for words in step.excluded))
    covered = any_of(out, *(condition for condition, _ in pairs))
    present = TRUE if context.x.state is None else negated(is_null(context.x.sql))
    context.doubts.add(every_of(present, context.live, negated(covered)))
    made = n.chosen(pairs, pairs[-1][1], None)
    inside = any_of(*(condition for condition, _ in pairs))
    branches = [part for c, v in pairs for part in (c, v.state if v.state is not None else NULL_STATE)]
    state = case(out, integer(EXCLUDED), *branches, NULL_STATE)
    return replace(made, sql=case(inside, made.sql, NULL_NUMBER), state=state, parts=None)


def _is(context: Context, words: str) -> Term:
    x = context.x
    if isinstance(x, Text):
        return term("=", x.sql, text(words))
    assert isinstance(x, Number)
    return number_is(context, x, words)


# --- places ---------------------------------------------------------------------------------------


def _rank(context: Context, step: m.Rank) -> Value:
    from kaohe.scoring.sql.peers import ranked

    return ranked(context, step.ranking, _x(context))


def _percent_rank(context: Context, step: m.PercentRank) -> Value:
    from kaohe.scoring.sql.peers import percent_ranked

    return percent_ranked(context, step, _x(context))


def _place_points(context: Context, step: m.PlacePoints) -> Value:
    x = _x(context)
    if x.grid not in (1, 2):
        raise Unsupported("points of a place that is not a place")
    points = [number_of(context, expression) for expression in step.points]
    # What is no place is a fault, which the oracle names.
    context.doubts.add(every_of(context.live, context.compared("<", x, constant(Fraction(1)))))
    pairs = [(term("=", x.sql, number(i)), value) for i, value in enumerate(points, start=1)]
    if x.grid == 2:
        spread = [*points, ZERO]
        half = constant(Fraction(1, 2))
        pairs += [
            (term("=", x.sql, number(i + 0.5)), n.multiply(n.add(a, b), half))
            for i, (a, b) in enumerate(pairwise(spread), start=1)
        ]
    states = [part for c, v in pairs for part in (c, v.state if v.state is not None else NULL_STATE)]
    state = case(*states, NULL_STATE)
    return n.chosen(pairs, ZERO, None if state.op == "null" else state)


def _impute(context: Context, step: m.Impute) -> Value:
    x = _x(context)
    if x.state is None:
        return x
    filler = context.named(number_of(context, step.value))
    gone = every_of(negated(is_null(x.state)), term("!=", x.state, integer(EXCLUDED)))
    made = n.chosen([(gone, filler)], x, None)
    return replace(made, state=case(gone, filler.state or NULL_STATE, x.state))


def _expect(context: Context, step: m.Expect) -> Value:
    found = truth_of(context, step.condition)
    assert context.x is not None
    present = TRUE if context.x.state is None else negated(is_null(context.x.sql))
    context.doubts.add(every_of(present, context.live, negated(found.sql)))
    return context.x


def _winsorise(context: Context, step: m.Winsorise) -> Value:
    raise Unsupported("winsorise")


_APPLY: dict[type[m.Step], Callable[..., Value]] = {
    m.Curve: _curve,
    m.Bands: _bands,
    m.Cap: _cap,
    m.Floor: _floor,
    m.Clamp: _clamp,
    m.Scale: _scale,
    m.Add: _add,
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

# The steps whose value and parameters are one operation: the strongest reason of them all is the result's.
_MIXING = (m.Curve, m.Cap, m.Floor, m.Clamp, m.Scale, m.Add, m.Bonus, m.Deduct, m.PerUnit, m.Round)

__all__ = ["NOT_APPLICABLE", "after_steps"]
