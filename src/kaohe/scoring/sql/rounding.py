"""Rounding in SQL: on integers where the number has them, otherwise in DOUBLE with doubtful rows noted."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.context import Context
from kaohe.scoring.sql.numbers import EXACT, INEXACT, Number, Parts, Unsupported, constant, parts_of
from kaohe.scoring.sql.terms import NULL_NUMBER, Term, case, is_null, number, term

_HALVES = frozenset({"half_up", "half_even", "half_down"})


def to_integer(context: Context, value: Number, mode: str) -> Number:
    """The whole number that ``mode`` chooses."""
    return rounded(context, value, Fraction(1), mode)


def rounded(context: Context, value: Number, step: Fraction, mode: str) -> Number:
    """The multiple of ``step`` that ``mode`` chooses; canonical from here on."""
    if value.grid is not None and (step.denominator % value.grid == 0) and step.numerator == 1:
        return n.settled(value)
    scaled = n.multiply(value, constant(1 / step))
    parts = parts_of(scaled)
    if parts is not None and 4 * max(parts.most, 1) < EXACT and 4 * parts.divisor < EXACT:
        whole = _of_integers(context, parts, scaled, mode)
    else:
        whole = _of_doubles(context, scaled, mode)
    return _times_step(value, whole, step, scaled)


def _times_step(value: Number, whole: Term, step: Fraction, scaled: Number) -> Number:
    shift = float(step)
    low, high = value.low - shift, value.high + shift
    if value.low >= 0:
        low = max(low, 0.0)
    most = (scaled.largest + 1) * step.numerator
    if most >= EXACT:
        raise Unsupported("a number too large to round in DOUBLE")
    top = whole if step.numerator == 1 else term("*", whole, number(step.numerator))
    parts = Parts(top, number(step.denominator), most, step.denominator)
    return n.from_parts(parts, value.state, low, high, step.denominator)


def _of_integers(context: Context, parts: Parts, value: Number, mode: str) -> Term:
    """Exact: the quotient of two integers below 2^51, correctly rounded, has the right floor."""
    p, q = context.plan.define(parts.numerator), context.plan.define(parts.denominator)
    if mode == "half_up" and value.low >= 0:
        return _floor(term("+", _doubled(p), q), _doubled(q))
    if mode == "half_up":
        size = _floor(term("+", _doubled(term("abs", p)), q), _doubled(q))
        return case(term("<", p, number(0)), term("neg", size), size)
    if mode == "floor":
        return _floor(p, q)
    if mode == "ceil":
        return term("neg", _floor(term("neg", p), q))
    if mode in ("down", "up"):
        size = (
            _floor(term("abs", p), q)
            if mode == "down"
            else term("neg", _floor(term("neg", term("abs", p)), q))
        )
        return case(term("<", p, number(0)), term("neg", size), size)
    return _half_other(context, p, q, mode)


def _half_other(context: Context, p: Term, q: Term, mode: str) -> Term:
    size = context.plan.define(term("abs", p))
    below = context.plan.define(_floor(size, q))
    twice = context.plan.define(_doubled(term("-", size, term("*", below, q))))
    even = term("=", term("*", _floor(below, number(2)), number(2)), below)
    stays = even if mode == "half_even" else term("=", number(1), number(1))
    above = term("+", below, number(1))
    chosen = case(term("<", twice, q), below, term(">", twice, q), above, stays, below, above)
    signed = case(term("<", p, number(0)), term("neg", chosen), chosen)
    return case(term("or", is_null(p), is_null(q)), NULL_NUMBER, signed)


def _floor(p: Term, q: Term) -> Term:
    if q.op == "number" and q.args[0] == 1.0:
        return p
    return term("floor", term("/", p, q))


def _doubled(value: Term) -> Term:
    if value.op == "number":
        return number(2 * value.args[0])
    return term("*", value, number(2))


def _of_doubles(context: Context, value: Number, mode: str) -> Term:
    """In DOUBLE; a row within the error bound of a place where the result jumps is noted."""
    y = context.plan.define(value.sql)
    slack = value.error + value.largest * n.U * 4
    if value.inexact:
        slack += INEXACT * max(value.largest, 1)
    if not slack < 1e-3:
        raise Unsupported("the error bound is too wide for rounding")
    jump = number(0.5) if mode in _HALVES else number(0)
    shifted = y if jump.args[0] == 0 else term("-", y, jump)
    near = term("abs", term("-", shifted, term("round", shifted)))
    context.doubts.add(term("<=", near, number(slack * 1.01)))
    size = term("abs", y) if value.low < 0 else y
    match mode:
        case "floor":
            return term("floor", y)
        case "ceil":
            return term("ceil", y)
        case "down":
            made = term("floor", size)
        case "up":
            made = term("ceil", size)
        case _:
            made = term("floor", term("+", size, number(0.5)))
    return made if value.low >= 0 else case(term("<", y, number(0)), term("neg", made), made)


def printed(context: Context, value: Number, decimals: int, mode: str) -> Number:
    """The published figure."""
    made = rounded(context, context.named(value), Fraction(10) ** -decimals, mode)
    return replace(made, state=value.state)
