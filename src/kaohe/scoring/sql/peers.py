"""Peer statistics, places and percent ranks: window functions over the group."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Call, Current, Expression, Literal, walk
from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.context import NOT_APPLICABLE, UNDEFINED, ZERO, Context, Text
from kaohe.scoring.sql.expressions import divided, holds, key_of, number_of, value_of
from kaohe.scoring.sql.numbers import INEXACT, Number, Parts, Unsupported, distinguishable, parts_of, settled
from kaohe.scoring.sql.terms import (
    NULL_NUMBER,
    NULL_STATE,
    TRUE,
    Term,
    case,
    coalesce,
    every_of,
    integer,
    is_null,
    negated,
    number,
    term,
    window,
)


def partition_of(context: Context, within: Expression | str | None) -> tuple[Term, ...]:
    """The columns that name the group: the scheme's peers, an attribute, or none for everyone."""
    if not context.peers:
        raise Unsupported("peers of a record")
    if within == "all" or (isinstance(within, Literal) and within.value == "all"):
        return context.partition
    if within is None:
        return context.partition if context.group is None else (*context.partition, context.group.sql)
    assert not isinstance(within, str)
    key = key_of(value_of(context, within))
    if key.state is None:
        return (*context.partition, key.sql)
    return (*context.partition, key.sql, key.state)


def member_of(context: Context, value: Number | None, where: Term = TRUE) -> Term:
    """Who counts among peers: eligible, not stopped, with a value."""
    known = TRUE if value is None or value.state is None else negated(is_null(value.sql))
    return every_of(context.eligible, context.live, where, known)


def statistic_of(context: Context, call: Call, prefix: str, statistic: str) -> Number:
    """``peer_mean(e)`` and its like."""
    if prefix == "others":
        raise Unsupported("others_*")
    within = Literal("all") if prefix == "all" else call.option("within")
    partition = partition_of(context, within)
    inner = number_of(context, call.arguments[0]) if call.arguments else n.constant(Fraction(1))
    if not _is_about_x(call):
        # Of facts and other nodes the statistic is the same at every step, whoever was stopped before it.
        context = replace(context, live=TRUE)
    return over_group(context, inner, partition, statistic)


def _is_about_x(call: Call) -> bool:
    return any(isinstance(part, Current) for argument in call.arguments for part in walk(argument))


def over_group(context: Context, inner: Number, partition: tuple[Term, ...], statistic: str) -> Number:
    value = context.named(settled(inner))
    member = context.plan.define(member_of(context, value))
    match statistic:
        case "count":
            return _count(context, member, partition)
        case "min" | "max":
            return _extreme(context, value, member, partition, statistic)
        case "sum":
            return _sum(context, value, member, partition)
        case "mean":
            return _mean(context, value, member, partition)
        case "sd":
            return deviation(context, value, member, partition, sample=True)
    raise Unsupported(f"peer_{statistic}")


def _masked(context: Context, value: Term, member: Term) -> Term:
    return context.plan.define(case(member, value, NULL_NUMBER))


def _count(context: Context, member: Term, partition: tuple[Term, ...]) -> Number:
    counted = window("count", context.plan.define(case(member, number(1), NULL_NUMBER)), partition)
    sql = term("double", context.plan.define(counted))
    return Number(sql, None, 0.0, float(context.rows), 0.0, 0.0, 1, True, 1.0)


def _none(sql: Term) -> Term:
    return case(is_null(sql), integer(NOT_APPLICABLE), NULL_STATE)


def _extreme(
    context: Context, value: Number, member: Term, partition: tuple[Term, ...], statistic: str
) -> Number:
    found = context.plan.define(window(statistic, _masked(context, value.sql, member), partition))
    return replace(value, sql=found, state=_none(found), parts=None)


def _sum(context: Context, value: Number, member: Term, partition: tuple[Term, ...]) -> Number:
    rows = float(context.rows)
    found = context.plan.define(window("sum", _masked(context, value.sql, member), partition))
    low, high = min(value.low * rows, value.low), max(value.high * rows, value.high)
    fixed = rows * (value.error + value.largest * rows * n.U * 1.01)
    made = Number(found, None, low, high, fixed, n.U, value.grid, inexact=value.inexact)
    if value.state is None and context.eligible is TRUE and context.live is TRUE:
        return made
    # The oracle sums no peers to 0.
    return replace(made, sql=coalesce(found, number(0)), low=min(low, 0.0), high=max(high, 0.0))


def _mean(context: Context, value: Number, member: Term, partition: tuple[Term, ...]) -> Number:
    count = _count(context, member, partition)
    # Kept parts may be null row by row; over a group only the grid itself is a common denominator.
    parts = parts_of(replace(value, parts=None)) if value.grid is not None else None
    if parts is not None and parts.most * context.rows < n.EXACT:
        total = context.plan.define(window("sum", _masked(context, parts.numerator, member), partition))
        bottom = case(is_null(total), NULL_NUMBER, term("*", count.sql, parts.denominator))
        whole = Parts(
            total, context.plan.define(bottom), parts.most * context.rows, parts.divisor * context.rows
        )
        if whole.fits:
            return context.named(n.from_parts(whole, _none(total), value.low, value.high, None))
    found = context.plan.define(window("avg", _masked(context, value.sql, member), partition))
    fixed = value.error + value.largest * (context.rows + 3) * n.U * 1.01
    return Number(found, _none(found), value.low, value.high, fixed, n.U, inexact=value.inexact)


def deviation(
    context: Context, value: Number, member: Term, partition: tuple[Term, ...], *, sample: bool
) -> Number:
    """In two passes: the mean, then the squares of the distances from it."""
    rows = context.rows
    masked = _masked(context, value.sql, member)
    centre = context.plan.define(window("avg", masked, partition))
    distance = context.plan.define(term("-", masked, centre))
    square = context.plan.define(term("*", distance, distance))
    squares = context.plan.define(window("sum", square, partition))
    count = _count(context, member, partition)
    divisor = context.plan.define(term("-", count.sql, number(1)) if sample else count.sql)
    few = term("<=", divisor, number(0))
    sql = context.plan.define(term("sqrt", term("/", squares, case(few, NULL_NUMBER, divisor))))
    state = case(few, integer(UNDEFINED), NULL_STATE)
    drift = value.error + value.largest * (rows + 3) * n.U
    return Number(
        sql, state, 0.0, (value.high - value.low) * 1.5 + 1e-12, drift * 2 * rows**0.5, (rows + 12) * n.U,
        inexact=True,
    )  # fmt: skip


# --- places ---------------------------------------------------------------------------------------


def ranked(context: Context, ranking: m.Ranking, x: Number, hidden: Term | None = None) -> Number:
    """The place of each row among its peers; rows outside keep a null or take ``outside``."""
    x = context.named(settled(x))
    inside = holds(context, ranking.where)
    member = context.plan.define(member_of(context, x, inside))
    if hidden is not None:
        member = context.plan.define(every_of(member, negated(hidden)))
    partition = (*partition_of(context, ranking.within), member)
    if member is TRUE:
        partition = partition[:-1]
    keys = [(x, ranking.high_first), *_breaks(context, ranking)]
    place = _place(context, keys, partition, ranking.ties)
    return _placed(context, ranking, x, inside, member, place, hidden)


def _breaks(context: Context, ranking: m.Ranking) -> list[tuple[Number, bool]]:
    found = []
    for link in ranking.breaks:
        if isinstance(link.by, m.CountBack):
            raise Unsupported("count_back")
        found.append((context.named(settled(number_of(context, link.by))), link.high_first))
    return found


def _place(
    context: Context, keys: list[tuple[Number, bool]], partition: tuple[Term, ...], ties: str
) -> Number:
    order = tuple((key.sql, high_first) for key, high_first in keys)
    for key, _ in keys:
        _note_neighbours(context, key, partition, order)
    function = "dense_rank" if ties == "dense" else "rank"
    place = term("double", context.plan.define(window(function, None, partition, order)))
    grid = 1
    if ties in ("max", "mean"):
        tied = window("count", number(1), (*partition, *(key.sql for key, _ in keys)))
        more = term("-", term("double", context.plan.define(tied)), number(1))
        if ties == "mean":
            more, grid = term("/", more, number(2)), 2
        place = term("+", place, more)
    return Number(place, None, 1.0, float(context.rows), 0.0, 0.0, grid, True, float(grid))


def _note_neighbours(
    context: Context, key: Number, partition: tuple[Term, ...], order: tuple[tuple[Term, bool], ...]
) -> None:
    """Rows whose order DOUBLE cannot settle: those too close to the one before them."""
    if distinguishable(key, key):
        return
    share = 2.02 * key.relative + (INEXACT if key.inexact else 0)
    if not key.constant < 1e-3 * max(key.largest, 1e-9):
        raise Unsupported("the error bound is too wide for places")
    before = context.plan.define(window("lag", key.sql, partition, order))
    slack = term("+", term("*", term("abs", key.sql), number(share)), number(2.02 * key.constant + 1e-300))
    context.doubts.add(term("<=", term("abs", term("-", key.sql, before)), slack))


def _placed(
    context: Context, ranking: m.Ranking, x: Number, inside: Term, member: Term, place: Number,
    hidden: Term | None,
) -> Number:  # fmt: skip
    if member is TRUE:
        return place
    outside = n.null_number(integer(NOT_APPLICABLE))
    if ranking.outside is not None and inside is not TRUE:
        elsewhere = number_of(context, ranking.outside)
        pairs = [(member, place), (negated(inside), elsewhere)]
        made = n.chosen(pairs, outside, None)
        state = case(
            member, NULL_STATE, negated(inside), elsewhere.state or NULL_STATE, integer(NOT_APPLICABLE)
        )
    else:
        made = n.chosen([(member, place)], outside, None)
        state = case(member, NULL_STATE, integer(NOT_APPLICABLE))
    if x.state is not None:
        made = replace(made, sql=case(is_null(x.sql), NULL_NUMBER, made.sql))
        state = coalesce(x.state, state)
    if hidden is not None:
        made = replace(made, sql=case(hidden, NULL_NUMBER, made.sql), parts=None)
        state = case(hidden, integer(NOT_APPLICABLE), state)
    return replace(made, state=state, parts=None)


def percent_ranked(context: Context, step: m.PercentRank, x: Number) -> Number:
    """The share of the peers that a row has left behind."""
    x = context.named(settled(x))
    inside = holds(context, step.where)
    member = context.plan.define(member_of(context, x, inside))
    partition = (*partition_of(context, step.within), member)
    order = ((x.sql, False),)
    _note_neighbours(context, x, partition, order)
    size = term("double", context.plan.define(window("count", number(1), partition)))
    first = term("double", context.plan.define(window("rank", None, partition, order)))
    tied = term("double", context.plan.define(window("count", number(1), (*partition, x.sql))))
    share = _share(context, step.method, first, tied, size)
    outside = number_of(context, step.outside) if step.outside is not None else ZERO
    made = n.chosen(
        [(member, share), (negated(inside), outside)], n.null_number(integer(NOT_APPLICABLE)), None
    )
    state = case(
        member,
        share.state or NULL_STATE,
        negated(inside),
        outside.state or NULL_STATE,
        integer(NOT_APPLICABLE),
    )
    if x.state is not None:
        made = replace(made, sql=case(is_null(x.sql), NULL_NUMBER, made.sql), parts=None)
        state = coalesce(x.state, state)
    return replace(made, state=state)


def _share(context: Context, method: str, first: Term, tied: Term, size: Term) -> Number:
    rows = float(context.rows)

    def whole(sql: Term) -> Number:
        return Number(sql, None, 0.0, rows, 0.0, 0.0, 1, True, 1.0)

    top = {
        "exclusive": term("-", first, number(1)),
        "max": term("-", term("+", first, tied), number(1)),
        "min": first,
        "mean": term("-", term("+", first, term("/", tied, number(2))), number(1)),
    }[method]
    bottom = term("-", size, number(1)) if method == "exclusive" else size
    numerator = whole(top) if method != "mean" else replace(whole(top), grid=2, denominator=2.0)
    return divided(context, context.named(numerator), context.named(whole(bottom)))


def text_partition(value: Text) -> tuple[Term, ...]:
    return (value.sql,) if value.state is None else (value.sql, value.state)
