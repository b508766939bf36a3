"""Many numbers, one: weighted combinations over sibling columns, with what dropped members do to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.context import NOT_APPLICABLE, UNDEFINED, ZERO, Context
from kaohe.scoring.sql.expressions import divided
from kaohe.scoring.sql.numbers import Number, Unsupported, constant, strongest_state
from kaohe.scoring.sql.terms import (
    FALSE,
    NULL_NUMBER,
    NULL_STATE,
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
)

BLOCK, APART, PROPAGATE, LEAVE_OUT, REWEIGHT, MOVE_TO, PEER_MEAN = 1, 2, 3, 4, 5, 6, 7
UNSAID = 0
FATES = {
    "block": BLOCK,
    "apart": APART,
    "propagate": PROPAGATE,
    "leave_out": LEAVE_OUT,
    "move_to": MOVE_TO,
    "reweight": REWEIGHT,
    # Without peers to take a mean of, a line is left out.
    "peer_mean": PEER_MEAN,
}
_HOLDING = (BLOCK, APART, PROPAGATE)
_PROPAGATING = frozenset({"sum", "mean", "product"})


@dataclass(frozen=True, slots=True)
class Fate:
    """What a null does to the whole: ``possible`` codes; ``sql`` tells which when there are several."""

    possible: frozenset[int]
    sql: Term | None = None

    def is_one(self, code: int, state: Term | None) -> Term:
        """Whether a row is null with this fate."""
        if state is None or code not in self.possible:
            return FALSE
        null = negated(is_null(state))
        if self.sql is None:
            return null
        return every_of(null, coalesce(term("=", self.sql, integer(code)), FALSE))


@dataclass(frozen=True, slots=True)
class Member:
    """A child with its weight and fate."""

    value: Number
    weight: Number
    fate: Fate


def combined(context: Context, combine: m.Combine, need: int, members: list[Member]) -> tuple[Number, Fate]:
    """The value of the members, and the fate of its nulls."""
    held_state, fate = _held(context, members)
    droppable = any(m.value.state is not None and m.fate.possible - set(_HOLDING) for m in members)
    members = [_dropped(context, member) for member in members] if droppable else members
    kind = combine.then if combine.kind in ("keep", "drop") else combine.kind
    present = [_present(member) if droppable else TRUE for member in members]
    trimmed = combine.kind in ("keep", "drop")
    taken = _trimmed(context, combine, members, present) if trimmed else present
    value = _value(context, kind, members, taken)
    if kind == "sum":
        value = _reweighted(context, value, members, present)
    weights = strongest_state(*(member.weight.state for member in members))
    wanted = max(need, 1) if droppable or need > len(members) else 0
    state = _state(context, held_state, value.state, weights, members, wanted)
    shown = droppable or wanted or weights is not None
    if state is not None and (shown or kind not in _PROPAGATING or trimmed):
        value = _nulled(context, value, state)
    return replace(value, state=state), fate


def _dropped(context: Context, member: Member) -> Member:
    return replace(member, value=context.named(member.value), weight=context.named(member.weight))


def _nulled(context: Context, value: Number, state: Term) -> Number:
    gone = negated(is_null(context.plan.define(state, "state")))
    return replace(value, sql=case(gone, NULL_NUMBER, value.sql), parts=None)


def _present(member: Member) -> Term:
    return TRUE if member.value.state is None else negated(is_null(member.value.sql))


def _held(context: Context, members: list[Member]) -> tuple[Term | None, Fate]:
    """The reason of the strongest fate that holds the whole back."""
    reasons: dict[int, Term] = {}
    for code in _HOLDING:
        states = [
            _where(member.fate, code, member.value.state)
            for member in members
            if member.value.state is not None and code in member.fate.possible
        ]
        if states:
            reasons[code] = context.plan.define(least(*states), "held")
    if not reasons:
        return None, Fate(frozenset())
    if len(reasons) == 1:
        ((code, state),) = reasons.items()
        return state, Fate(frozenset([code]), case(negated(is_null(state)), integer(code), NULL_STATE))
    sql = case(
        *(part for code, state in reasons.items() for part in (negated(is_null(state)), integer(code))),
        NULL_STATE,
    )
    return coalesce(*reasons.values()), Fate(frozenset(reasons), context.plan.define(sql, "fate"))


def _where(fate: Fate, code: int, state: Term) -> Term:
    if fate.sql is None:
        return state
    return case(term("=", fate.sql, integer(code)), state, NULL_STATE)


def _state(
    context: Context,
    held: Term | None,
    own: Term | None,
    weights: Term | None,
    members: list[Member],
    need: int,
) -> Term | None:
    parts: list[Term] = [] if held is None else [held]
    if need:
        count = term("sum", number(0), *(case(_present(member), number(1), number(0)) for member in members))
        states = [member.value.state for member in members if member.value.state is not None]
        strongest = coalesce(least(*states), integer(NOT_APPLICABLE)) if states else integer(NOT_APPLICABLE)
        few = case(term("<", count, number(need)), strongest, NULL_STATE)
        parts.append(few)
    parts += [state for state in (weights, own) if state is not None]
    if not parts:
        return None
    return coalesce(*parts)


def _part(present: Term, value: Number, otherwise: Number = ZERO) -> Number:
    if present is TRUE:
        return replace(value, state=None)
    return n.chosen([(present, replace(value, state=None))], otherwise, None)


def _value(context: Context, kind: str, members: list[Member], present: list[Term]) -> Number:
    match kind:
        case "sum":
            return _sum(members, present)
        case "mean":
            return divided(
                context, context.named(_sum(members, present)), context.named(_weights(members, present))
            )
        case "count":
            return _total([_part(p, constant(Fraction(1))) for p in present])
        case "min" | "max":
            return _extreme(context, kind, members, present)
        case "product":
            made = constant(Fraction(1))
            for p, member in zip(present, members, strict=True):
                made = n.multiply(made, _part(p, member.value, constant(Fraction(1))))
            return made
        case "harmonic":
            return _harmonic(context, members, present)
        case "geometric":
            return _geometric(context, members, present)
    raise Unsupported(f"combine: {kind}")


def _total(values: list[Number]) -> Number:
    quotients = sum(1 for value in values if value.grid is None)
    made: Number | None = None
    for value in values:
        # Denominators multiply: more than two quotients never fit, so their integers are not carried on.
        plain = replace(value, parts=None) if quotients > 2 and value.grid is None else value
        made = plain if made is None else n.add(made, plain)
    return made if made is not None else ZERO


def _sum(members: list[Member], present: list[Term]) -> Number:
    return _total(
        [
            _part(p, n.multiply(member.weight, member.value))
            for p, member in zip(present, members, strict=True)
        ]
    )


def _weights(members: list[Member], present: list[Term]) -> Number:
    made = _total([_part(p, member.weight) for p, member in zip(present, members, strict=True)])
    known = [member.weight.value for member in members]
    if all(p is TRUE for p in present) and all(weight is not None for weight in known):
        return constant(sum((weight for weight in known if weight is not None), Fraction(0)))
    return made


def _reweighted(context: Context, value: Number, members: list[Member], present: list[Term]) -> Number:
    given = [
        (member.fate.is_one(REWEIGHT, member.value.state), member)
        for member in members
        if REWEIGHT in member.fate.possible and member.value.state is not None
    ]
    if not given:
        return value
    own = context.named(_weights(members, present))
    lost = _total([_part(gone, member.weight) for gone, member in given])
    value = context.named(value)
    shared = n.multiply(value, divided(context, n.add(own, lost), own))
    if own.low > 0:
        return shared
    # Weights that come to 0 divide nothing where no weight was lost.
    untouched = negated(any_of(*(gone for gone, _ in given)))
    state = case(untouched, value.state or NULL_STATE, shared.state or NULL_STATE)
    made = n.chosen([(untouched, value)], context.named(shared), None)
    return replace(made, state=None if state.op == "null" else state)


def _extreme(context: Context, kind: str, members: list[Member], present: list[Term]) -> Number:
    values = [replace(context.named(member.value), state=None) for member in members]
    made = n.extreme(values, kind == "max")
    sql = term("greatest" if kind == "max" else "least", *dict.fromkeys(v.sql for v in values))
    low, high = made.low, made.high
    if any(p is not TRUE for p in present):
        low, high = min(v.low for v in values), max(v.high for v in values)
        sql = term(
            "greatest" if kind == "max" else "least",
            *(
                v.sql if p is TRUE else case(p, v.sql, NULL_NUMBER)
                for p, v in zip(present, values, strict=True)
            ),
        )
    return replace(made, sql=sql, low=low, high=high)


def _harmonic(context: Context, members: list[Member], present: list[Term]) -> Number:
    shares = []
    states = []
    for p, member in zip(present, members, strict=True):
        share = divided(context, member.weight, context.named(member.value))
        if share.state is not None:
            states.append(case(p, share.state, NULL_STATE) if p is not TRUE else share.state)
        shares.append(_part(p, context.named(share)))
    made = divided(context, _weights(members, present), context.named(replace(_total(shares), parts=None)))
    return replace(made, state=strongest_state(made.state, *states))


def _geometric(context: Context, members: list[Member], present: list[Term]) -> Number:
    from math import log

    logs, zero, below = [], [], []
    for p, member in zip(present, members, strict=True):
        value = context.named(n.settled(member.value))
        if value.smallest <= 0 or value.high <= 0 or value.constant / value.smallest > 1e-6:
            raise Unsupported("a geometric mean of numbers that may be close to 0")
        if value.low <= 0:
            zero.append(every_of(p, context.compared("=", value, ZERO)))
            below.append(every_of(p, context.compared("<", value, ZERO)))
        smallest, largest = value.smallest, max(value.high, value.smallest)
        top = max(abs(log(smallest)), abs(log(largest)))
        inner = value.sql if value.low > 0 else case(term(">", value.sql, number(0)), value.sql, NULL_NUMBER)
        error = (value.relative + value.constant / smallest) * 1.1 + 4 * n.U * top
        ln = Number(
            term("ln", inner), None, log(smallest) - 1e-9, log(largest) + 1e-9, error, 0.0, inexact=True
        )
        logs.append(_part(p, n.multiply(member.weight, ln)))
    exponent = divided(context, context.named(_total(logs)), context.named(_weights(members, present)))
    from math import exp

    if not exponent.largest < 600:
        raise Unsupported("a geometric mean out of range")
    share = exponent.error * 1.1 + 8 * n.U
    low, high = exp(exponent.low) * (1 - 1e-12), exp(exponent.high) * (1 + 1e-12)
    made = Number(term("exp", exponent.sql), exponent.state, low, high, 0.0, share, inexact=True)
    if zero:
        # A 0 makes the whole 0, whatever the weights come to.
        negative, nothing = any_of(*below), any_of(*zero)
        state = case(negative, integer(UNDEFINED), nothing, NULL_STATE, exponent.state or NULL_STATE)
        made = n.chosen([(nothing, ZERO)], made, None)
        made = replace(made, sql=case(negative, NULL_NUMBER, made.sql), state=state)
    return replace(made, inexact=True, canonical=False)


def _trimmed(context: Context, combine: m.Combine, members: list[Member], present: list[Term]) -> list[Term]:
    """Which members stay after ``keep`` or ``drop``: by how many are ahead of each."""
    if len(members) > 24:
        raise Unsupported("keep or drop over many children")
    values = [context.named(n.settled(member.value)) for member in members]
    size = term("sum", number(0), *(case(p, number(1), number(0)) for p in present))
    size = context.plan.define(size)
    kept: list[Term] = []
    weights = {member.weight.value for member in members}
    if len(weights) > 1 or None in weights:
        raise Unsupported("keep or drop with weights")
    for i, value in enumerate(values):
        ahead = [
            case(
                every_of(present[j], term(">=" if j < i else ">", other.sql, value.sql)), number(1), number(0)
            )
            for j, other in enumerate(values)
            if j != i
        ]
        place = context.plan.define(term("sum", number(0), *ahead))
        kept.append(context.plan.define(every_of(present[i], _stays(combine, place, size))))
    return kept


def _stays(combine: m.Combine, place: Term, size: Term) -> Term:
    best, worst = number(combine.best), number(combine.worst)
    if combine.kind == "keep":
        if not combine.best and not combine.worst:
            return TRUE
        last = term(">=", place, greatest_of(term("-", size, worst), best)) if combine.worst else FALSE
        return any_of(term("<", place, best), last)
    enough = term(">", size, number(combine.best + combine.worst))
    inside = every_of(term(">=", place, best), term("<", place, term("-", size, worst)))
    return any_of(inside, negated(enough))


def greatest_of(left: Term, right: Term) -> Term:
    return term("greatest", left, right)
