"""Expressions of the scheme language → terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import inf

from kaohe.facts.cells import parse_number
from kaohe.schemes.expressions import (
    Binary,
    ByTable,
    Call,
    Current,
    Expression,
    Input,
    ListOf,
    Literal,
    NodeValue,
    Unary,
)
from kaohe.scoring.numbers import number_text
from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.context import MISSING, UNDEFINED, ZERO, Context, Text, Truth, Value
from kaohe.scoring.sql.numbers import Number, Unsupported, constant, strongest_state
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
    least,
    negated,
    number,
    term,
    text,
)

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def value_of(context: Context, expression: Expression) -> Value:
    """The value of the expression for each row."""
    match expression:
        case Literal():
            return _literal(expression)
        case Current():
            found = context.x if expression.which == "x" else context.cell
            if found is None:
                raise Unsupported(f"no {expression.which} here")
            return found
        case Input():
            return (
                context.sources.number(expression) if expression.numeric else context.sources.text(expression)
            )
        case NodeValue():
            return context.sources.node(expression)
        case Unary():
            return _unary(context, expression)
        case Binary():
            return _binary(context, expression)
        case ByTable():
            return _by_table(context, expression)
        case Call():
            return _call(context, expression)
        case _:
            return _other(context, expression)


def _other(context: Context, expression: Expression) -> Value:
    field = getattr(context.sources, "field", None)
    from kaohe.schemes.expressions import Field

    if field is not None and isinstance(expression, Field):
        return field(expression)  # type: ignore[no-any-return]
    return context.sources.prepared(expression)


def number_of(context: Context, expression: Expression) -> Number:
    """The value as a number; truth counts 1 and 0."""
    return as_number(value_of(context, expression))


def as_number(value: Value) -> Number:
    if isinstance(value, Number):
        return value
    if isinstance(value, Truth):
        sql = case(value.sql, number(1), negated(value.sql), number(0), NULL_NUMBER)
        if value.state is None:
            sql = case(value.sql, number(1), number(0))
        return Number(sql, value.state, 0.0, 1.0, 0.0, 0.0, 1, True, 1.0)
    raise Unsupported("text where a number is needed")


def truth_of(context: Context, expression: Expression) -> Truth:
    return as_truth(context, value_of(context, expression))


def as_truth(context: Context, value: Value) -> Truth:
    if isinstance(value, Truth):
        return value
    if isinstance(value, Text):
        return Truth(term("!=", value.sql, text("")), value.state)
    return Truth(context.compared("!=", value, ZERO), value.state)


def holds(context: Context, expression: Expression | None) -> Term:
    """Whether the condition is known to hold; never null."""
    if expression is None:
        return TRUE
    found = truth_of(context, expression)
    return found.sql if found.state is None else coalesce(found.sql, FALSE)


def key_of(value: Value) -> Text:
    """A value as the key of a by-table or a group."""
    if isinstance(value, Text):
        return value
    raise Unsupported("a number as a key")


def _literal(expression: Literal) -> Value:
    if isinstance(expression.value, bool):
        return Truth(TRUE if expression.value else FALSE, None)
    if isinstance(expression.value, str):
        return Text(text(expression.value), None)
    return constant(expression.value)


def _unary(context: Context, expression: Unary) -> Value:
    if expression.operator == "not":
        found = truth_of(context, expression.operand)
        return Truth(negated(found.sql), found.state)
    return n.negate(number_of(context, expression.operand))


def _binary(context: Context, expression: Binary) -> Value:
    operator = expression.operator
    if operator in ("and", "or"):
        return _logic(context, expression)
    left = value_of(context, expression.left)
    if operator == "in":
        assert isinstance(expression.right, ListOf)
        items = [value_of(context, item) for item in expression.right.items]
        found = [_same(context, left, item) for item in items]
        state = strongest_state(left.state, *(item.state for item in items))
        return known_truth(context, any_of(*found), state)
    right = value_of(context, expression.right)
    state = strongest_state(left.state, right.state)
    if operator in _COMPARISONS:
        return Truth(_compared(context, operator, left, right), state)
    return _arithmetic(context, operator, as_number(left), as_number(right))


def _compared(context: Context, operator: str, left: Value, right: Value) -> Term:
    if operator in ("=", "!="):
        found = _same(context, left, right)
        return found if operator == "=" else negated(found)
    if isinstance(left, Text) and isinstance(right, Text):
        # By code point, as the oracle does: both engines compare UTF-8 bytes, which is the same order.
        return term(operator, left.sql, right.sql)
    return context.compared(operator, as_number(left), as_number(right))


def _same(context: Context, left: Value, right: Value) -> Term:
    if isinstance(left, Text) and isinstance(right, Text):
        return term("=", left.sql, right.sql)
    if isinstance(left, Text) or isinstance(right, Text):
        words, other = (left, right) if isinstance(left, Text) else (right, left)
        assert isinstance(words, Text)
        if words.sql.op != "text" or isinstance(other, Truth):
            raise Unsupported("a text column compared with a number")
        return number_is(context, as_number(other), words.sql.args[0])
    if isinstance(left, Truth) and isinstance(right, Truth):
        return term("=", left.sql, right.sql)
    return context.compared("=", as_number(left), as_number(right))


def number_is(context: Context, value: Number, written: str) -> Term:
    """Whether a number is the one written: a class 1 equals the text 1."""
    found = parse_number(written)
    if found is None or number_text(found) != written:
        return FALSE
    return context.compared("=", value, constant(found))


def _logic(context: Context, expression: Binary) -> Truth:
    left, right = truth_of(context, expression.left), truth_of(context, expression.right)
    sql = (any_of if expression.operator == "or" else every_of)(left.sql, right.sql)
    state = strongest_state(left.state, right.state)
    if state is not None and not (sql is TRUE or sql is FALSE):
        state = case(is_null(context.plan.define(sql)), state, NULL_STATE)
    return Truth(sql, state)


def _arithmetic(context: Context, operator: str, left: Number, right: Number) -> Number:
    match operator:
        case "+":
            return n.add(left, right)
        case "-":
            return n.subtract(left, right)
        case "*":
            return n.multiply(left, right)
        case "/":
            return divided(context, left, right)
        case _:
            return _power(context, left, right)


def divided(context: Context, left: Number, right: Number, *, positive: bool = False) -> Number:
    """The quotient, undefined on a divisor of 0 (``positive``: also below 0)."""
    left, right = context.named(left), context.named(n.settled(right))
    smallest = right.smallest
    if right.value is not None:
        if right.value == 0 or (positive and right.value < 0):
            state = strongest_state(left.state, right.state)
            return n.null_number(_undefined(state, TRUE) or integer(UNDEFINED))
        return n.quotient(left, right, strongest_state(left.state, right.state), abs(float(right.value)))
    if right.largest == 0:
        return n.null_number(_undefined(strongest_state(left.state, right.state), TRUE) or integer(UNDEFINED))
    if smallest <= right.constant * 2**24:
        # Too near to 0 to be told from it in DOUBLE: the oracle divides those rows.
        smallest = max(1e-3 * min(1.0, right.largest), right.constant * 2**30)
        context.doubts.add(term("<", term("abs", right.sql), number(smallest)))
    bad = _not_divisible(context, right, positive)
    sound = right
    if positive:
        least_divisor = max(right.low, smallest * (1 - 1e-9))
        sound = replace(right, low=least_divisor, high=max(right.high, least_divisor))
    made = n.quotient(left, sound, None, smallest * (1 - 1e-9))
    state = _undefined(strongest_state(left.state, right.state), bad)
    if bad is FALSE:
        return replace(made, state=state)
    return context.named(guarded(made, bad, state))


def _not_divisible(context: Context, right: Number, positive: bool) -> Term:
    if right.low > 0 or (right.high < 0 and not positive):
        return FALSE
    return context.compared("<=" if positive else "=", right, ZERO)


def guarded(value: Number, bad: Term, state: Term | None) -> Number:
    """Null where ``bad``: the divisor is made null, so that every use of the parts is guarded too."""
    if bad is FALSE:
        return replace(value, state=state)
    if value.parts is not None:
        parts = replace(value.parts, denominator=case(bad, NULL_NUMBER, value.parts.denominator))
        return replace(value, sql=term("/", parts.numerator, parts.denominator), parts=parts, state=state)
    return replace(value, sql=case(bad, NULL_NUMBER, value.sql), state=state)


def known(context: Context, value: Number, state: Term | None) -> Number:
    """The number, null wherever ``state`` gives a reason."""
    if state is None:
        return replace(value, state=None)
    state = context.plan.define(state, "state")
    return guarded(value, negated(is_null(state)), state)


def known_truth(context: Context, sql: Term, state: Term | None) -> Truth:
    """The condition, unknown wherever ``state`` gives a reason, though ``or`` would know better."""
    if state is None:
        return Truth(sql, None)
    state = context.plan.define(state, "state")
    return Truth(case(is_null(state), sql, NULL_BOOL), state)


def _undefined(state: Term | None, bad: Term) -> Term | None:
    if bad is FALSE:
        return state
    undefined = case(bad, integer(UNDEFINED), NULL_STATE)
    return undefined if state is None else coalesce(state, undefined)


def _power(context: Context, left: Number, right: Number) -> Number:
    exponent = right.value
    if exponent is not None and exponent.denominator == 1 and 0 < exponent <= 4:
        left = context.named(left)
        made = left
        for _ in range(int(exponent) - 1):
            made = n.multiply(made, left)
        return made
    raise Unsupported("a power that is not small and whole")


def _by_table(context: Context, table: ByTable) -> Value:
    key = value_of(context, table.key)
    rows = [(words, value_of(context, value)) for words, value in table.rows]
    otherwise = value_of(context, table.otherwise) if table.otherwise is not None else None
    fits = [(_key_is(context, key, words), value) for words, value in rows]
    if otherwise is None:
        unknown = negated(any_of(*(fit for fit, _ in fits)))
        context.doubts.add(unknown)
    return blended(context, fits, otherwise, None if otherwise is not None else key.state)


def _key_is(context: Context, key: Value, words: str) -> Term:
    if isinstance(key, Text):
        return term("=", key.sql, text(words))
    if isinstance(key, Number):
        return number_is(context, key, words)
    raise Unsupported("a truth value as a key")


def blended(
    context: Context, pairs: list[tuple[Term, Value]], otherwise: Value | None, before: Term | None
) -> Value:
    """The first value whose condition holds; ``before`` is the state of what is chosen by."""
    values = [value for _, value in pairs] + ([otherwise] if otherwise is not None else [])
    states = [value.state for value in values]
    state: Term | None = None
    if any(each is not None for each in states) or otherwise is None:
        branches = [part for c, v in pairs for part in (c, v.state if v.state is not None else NULL_STATE)]
        last = NULL_STATE
        if otherwise is not None and otherwise.state is not None:
            last = otherwise.state
        state = case(*branches, last)
    if before is not None:
        state = before if state is None else coalesce(before, state)
    if state is not None and state.op == "null":
        state = None
    if all(isinstance(value, Text) for value in values):
        last_text = otherwise.sql if otherwise is not None else NULL_TEXT
        return Text(case(*(part for c, v in pairs for part in (c, v.sql)), last_text), state)
    if all(isinstance(value, Truth) for value in values):
        last_truth = otherwise.sql if otherwise is not None else NULL_BOOL
        return Truth(case(*(part for c, v in pairs for part in (c, v.sql)), last_truth), state)
    numbers = [(condition, as_number(value)) for condition, value in pairs]
    last_number = as_number(otherwise) if otherwise is not None else numbers[-1][1]
    made = n.chosen(numbers, last_number, state)
    if otherwise is None or before is not None:
        covered = (
            any_of(*(condition for condition, _ in pairs))
            if otherwise is None
            else is_null(before or NULL_STATE)
        )
        made = replace(made, sql=case(covered, made.sql, NULL_NUMBER))
    return made


# --- functions ------------------------------------------------------------------------------------


def _call(context: Context, call: Call) -> Value:
    prefix, _, statistic = call.function.partition("_")
    if prefix in ("peer", "all", "others") and statistic:
        from kaohe.scoring.sql.peers import statistic_of

        return statistic_of(context, call, prefix, statistic)
    aggregate = getattr(context.sources, "aggregate", None)
    if call.function in ("count", "total", "highest", "lowest") and aggregate is not None:
        return aggregate(call)  # type: ignore[no-any-return]
    handler = _FUNCTIONS.get(call.function)
    if handler is None:
        return context.sources.prepared(call)
    return handler(context, call)


def _arguments(context: Context, call: Call) -> list[Number]:
    return [number_of(context, argument) for argument in call.arguments]


def _share_of(context: Context, call: Call) -> Number:
    value, base = _arguments(context, call)
    return divided(context, value, base, positive=True)


def _growth_over(context: Context, call: Call) -> Number:
    value, base = _arguments(context, call)
    base = context.named(base)
    return divided(context, n.subtract(value, base), base, positive=True)


def _if(context: Context, call: Call) -> Value:
    return cases(
        context, [truth_of(context, call.arguments[0])], [value_of(context, a) for a in call.arguments[1:]]
    )


def _case(context: Context, call: Call) -> Value:
    if len(call.arguments) % 2 == 0:
        raise Unsupported("case() with an even number of arguments")
    conditions = [truth_of(context, a) for a in call.arguments[:-1:2]]
    values = [value_of(context, a) for a in (*call.arguments[1::2], call.arguments[-1])]
    return cases(context, conditions, values)


def cases(context: Context, conditions: list[Truth], values: list[Value]) -> Value:
    """The first condition that holds chooses; an unknown one before it makes the whole unknown."""
    pairs: list[tuple[Term, Value]] = []
    like = values[-1]
    for condition, value in zip(conditions, values, strict=False):
        sql = condition.sql
        if condition.state is not None:
            sql = context.plan.define(sql)
            pairs.append((is_null(sql), _nothing(like, condition.state)))
        pairs.append((sql, value))
    return blended(context, pairs, values[-1], None)


def _nothing(like: Value, state: Term) -> Value:
    if isinstance(like, Text):
        return Text(NULL_TEXT, state)
    if isinstance(like, Truth):
        return Truth(NULL_BOOL, state)
    return n.null_number(state)


def _first(context: Context, call: Call) -> Value:
    values = [value_of(context, argument) for argument in call.arguments]
    if any(isinstance(value, Text) for value in values):
        if not all(isinstance(value, Text) for value in values):
            raise Unsupported("first() over text and numbers")
        return Text(coalesce(*(value.sql for value in values)), _all_null(values))
    numbers = [as_number(value) for value in values]
    named = [context.named(value) for value in numbers]
    pairs = [(negated(is_null(value.sql)), value) for value in named[:-1]]
    return n.chosen(pairs, named[-1], _all_null(list(named)))


def _all_null(values: list[Value]) -> Term | None:
    """The strongest reason when every one is null."""
    if any(value.state is None for value in values):
        return None
    states = [value.state for value in values if value.state is not None]
    present = any_of(*(is_null(state) for state in states))
    return case(present, NULL_STATE, least(*states))


def _missing(context: Context, call: Call) -> Truth:
    value = value_of(context, call.arguments[0])
    if value.state is None:
        return Truth(FALSE, None)
    return Truth(negated(is_null(value.state)), None)


def _nullif(context: Context, call: Call) -> Value:
    left, right = (value_of(context, argument) for argument in call.arguments)
    equal = coalesce(_same(context, left, right), FALSE)
    if equal is FALSE:
        return left
    equal = context.plan.define(equal)
    gone = case(equal, integer(MISSING), NULL_STATE)
    state = gone if left.state is None else coalesce(left.state, gone)
    if isinstance(left, Text):
        return Text(case(equal, NULL_TEXT, left.sql), state)
    value = as_number(left)
    return replace(value, sql=case(equal, NULL_NUMBER, value.sql), parts=None, state=state)


def _every(context: Context, call: Call) -> Number:
    value, unit = _arguments(context, call)
    value = context.named(value)
    whole = rounded_ratio(context, value, unit, "floor")
    above = context.compared(">", value, ZERO)
    made = n.chosen([(above, replace(whole, low=max(whole.low, 0.0)))], constant(Fraction(0)), None)
    null = strongest_state(value.state, unit.state)
    state = case(above, whole.state or NULL_STATE, NULL_STATE)
    # Nothing above 0 counts 0, by whatever unit that is a number.
    return replace(known(context, made, null), state=_or_none(coalesce(null or NULL_STATE, state)))


def _or_none(state: Term) -> Term | None:
    return None if state.op == "null" else state


def rounded_ratio(context: Context, value: Number, unit: Number, mode: str) -> Number:
    """``value / unit`` brought to a whole number."""
    from kaohe.scoring.sql.rounding import to_integer

    return to_integer(context, context.named(divided(context, value, unit)), mode)


def _extreme(highest: bool) -> Callable[[Context, Call], Value]:
    def chosen(context: Context, call: Call) -> Number:
        values = [context.named(value) for value in _arguments(context, call)]
        return n.extreme(values, highest)

    return chosen


def _abs(context: Context, call: Call) -> Number:
    (value,) = _arguments(context, call)
    if value.low >= 0:
        return value
    parts = value.parts
    if parts is not None:
        parts = replace(parts, numerator=term("abs", parts.numerator))
    low = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    return replace(value, sql=term("abs", value.sql), low=low, high=value.largest, parts=parts)


def _round(context: Context, call: Call) -> Number:
    from kaohe.scoring.sql.rounding import rounded

    values = _arguments(context, call)
    decimals = values[1].value if len(values) > 1 else Fraction(0)
    if decimals is None or decimals.denominator != 1:
        raise Unsupported("round() with a variable number of decimals")
    return rounded(context, context.named(values[0]), Fraction(10) ** -int(decimals), "half_up")


def _whole(mode: str) -> Callable[[Context, Call], Value]:
    def brought(context: Context, call: Call) -> Number:
        from kaohe.scoring.sql.rounding import to_integer

        (value,) = _arguments(context, call)
        return to_integer(context, context.named(value), mode)

    return brought


def _ln(context: Context, call: Call) -> Number:
    from math import log

    (value,) = _arguments(context, call)
    value = context.named(value)
    bad = term("<=", value.sql, number(0)) if value.low <= 0 else FALSE
    smallest = value.smallest
    if value.low <= 0:
        context.compared("<=", value, ZERO)
    if smallest <= 0 or value.high <= 0:
        raise Unsupported("a logarithm near 0")
    doubt = value.relative + value.constant / smallest
    ends = log(smallest), log(max(value.high, smallest))
    fixed = doubt * 1.1 + 4 * n.U * max(abs(end) for end in ends)
    state = _undefined(value.state, bad)
    made = Number(
        term("ln", value.sql), state, min(ends) - 1e-9, max(ends) + 1e-9, fixed, 4 * n.U, inexact=True
    )
    made = replace(made, sql=term("ln", case(bad, NULL_NUMBER, value.sql)))
    if call.function == "log10":
        return replace(n.multiply(made, constant(Fraction(1 / log(10)))), inexact=True)
    return made


def _sqrt(context: Context, call: Call) -> Number:
    from math import sqrt

    (value,) = _arguments(context, call)
    value = context.named(value)
    if value.constant > 0 or value.high == inf:
        raise Unsupported("a root of a number that is not known to be far from 0")
    bad = term("<", value.sql, number(0)) if value.low < 0 else FALSE
    high = sqrt(max(value.high, 0.0)) * (1 + 1e-12)
    sql = term("sqrt", case(bad, NULL_NUMBER, value.sql))
    return Number(sql, _undefined(value.state, bad), 0.0, high, 0.0, value.relative + 2 * n.U, inexact=True)


def _exp(context: Context, call: Call) -> Number:
    from math import exp

    (value,) = _arguments(context, call)
    if not -600 < value.low <= value.high < 600:
        raise Unsupported("an exponential out of range")
    share = value.error * 1.1 + 8 * n.U
    ends = exp(value.low) * (1 - 1e-12), exp(value.high) * (1 + 1e-12)
    return Number(term("exp", value.sql), value.state, *ends, 0.0, share, inexact=True)


def _texts(op: str) -> Callable[[Context, Call], Value]:
    def tested(context: Context, call: Call) -> Truth:
        whole, part = (key_of(value_of(context, argument)) for argument in call.arguments)
        return Truth(term(op, whole.sql, part.sql), strongest_state(whole.state, part.state))

    return tested


_FUNCTIONS: dict[str, Callable[[Context, Call], Value]] = {
    "share_of": _share_of,
    "growth_over": _growth_over,
    "if": _if,
    "case": _case,
    "first": _first,
    "missing": _missing,
    "nullif": _nullif,
    "every": _every,
    "min": _extreme(False),
    "max": _extreme(True),
    "abs": _abs,
    "round": _round,
    "floor": _whole("floor"),
    "ceil": _whole("ceil"),
    "ln": _ln,
    "log10": _ln,
    "sqrt": _sqrt,
    "exp": _exp,
    "contains": _texts("contains"),
    "starts_with": _texts("starts_with"),
}
