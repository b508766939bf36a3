"""A node → terms: source, steps, null policy, gates, published figure, place, grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring.oracle.nodes import _in_force as in_force
from kaohe.scoring.sql import numbers as n
from kaohe.scoring.sql.combining import (
    APART,
    BLOCK,
    FATES,
    LEAVE_OUT,
    PROPAGATE,
    UNSAID,
    Fate,
    Member,
    combined,
)
from kaohe.scoring.sql.context import (
    CODES,
    EXCLUDED,
    NOT_APPLICABLE,
    NOT_DUE,
    UNDEFINED,
    ZERO,
    Context,
    Text,
    Value,
)
from kaohe.scoring.sql.expressions import as_number, holds, number_of, truth_of, value_of
from kaohe.scoring.sql.numbers import Number, Unsupported, constant, strongest_state
from kaohe.scoring.sql.steps import after_steps
from kaohe.scoring.sql.terms import (
    FALSE,
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
    window,
)

_VALUE_EFFECTS = frozenset({"score", "cap", "deduct", "void"})
_DECIDED = frozenset(FATES.values()) - {PROPAGATE}
_REASONS = ("missing", "not_due", "undefined", "not_applicable")


@dataclass
class NodeTerms:
    """What a node came to."""

    node: m.Criterion
    value: Value
    fate: Fate
    published: Value | None = None
    place: Number | None = None
    grade: Text | None = None
    fired: dict[str, Term] = field(default_factory=dict)

    @property
    def printed(self) -> Value:
        return self.published if self.published is not None else self.value


class Tree(Protocol):
    """Gives nodes already compiled and what the scheme as a whole says."""

    period: Period | None

    def terms_of(self, node: m.Criterion) -> NodeTerms: ...

    def takes_moved(self, node: m.Criterion) -> bool: ...

    def records_of(self, context: Context, node: m.Criterion) -> tuple[Value, Fate]: ...


def compiled(tree: Tree, context: Context, node: m.Criterion) -> NodeTerms:
    """The node over the rows of the context. Raises ``Unsupported`` when the oracle must do it."""
    if tree.takes_moved(node):
        raise Unsupported("points moved from another line")
    value, fate = _source(tree, context, node)
    value, fate = _held_back(tree, context, node, value, fate)
    value = after_steps(context, node.steps, value)
    value, fate = _settled_nulls(context, node, _named(context, value), fate)
    result = NodeTerms(node, _named(context, value), fate)
    apart = fate.is_one(APART, result.value.state)
    _value_gates(tree, context, result)
    if node.publish is not None:
        result.published = _published(context, result.value, node.publish)
    verdicts = _verdict_gates(tree, context, result)
    hidden = any_of(apart, *verdicts.hidden)
    if node.rank is not None:
        result.place = _place(context, result, node.rank, hidden)
    if node.grades:
        result.grade = _grade(context, result, verdicts, hidden)
    return result


def _named(context: Context, value: Value) -> Value:
    if isinstance(value, Number):
        return context.named(value)
    state = None if value.state is None else context.plan.define(value.state)
    return replace(value, sql=context.plan.define(value.sql), state=state)


# --- source ---------------------------------------------------------------------------------------


def _source(tree: Tree, context: Context, node: m.Criterion) -> tuple[Value, Fate]:
    none = Fate(frozenset())
    if node.figure is not None:
        value = value_of(context, node.figure)
        return (value if isinstance(value, Text) else as_number(value)), none
    if node.each is not None:
        return tree.records_of(context, node)
    members = [member_of(tree, context, child) for child in node.criteria]
    return combined(context, node.combine, node.need, members)


def member_of(tree: Tree, context: Context, child: m.Criterion) -> Member:
    found = tree.terms_of(child)
    weight = number_of(context, child.weight) if child.weight is not None else constant(Fraction(1))
    return Member(as_number(found.value), weight, found.fate)


def _held_back(
    tree: Tree, context: Context, node: m.Criterion, value: Value, fate: Fate
) -> tuple[Value, Fate]:
    if node.applies is not None:
        found = truth_of(context, node.applies)
        applies = context.plan.define(found.sql)
        unknown = found.state if found.state is not None else integer(NOT_APPLICABLE)
        state = case(applies, value.state if value.state is not None else NULL_STATE,
                     is_null(applies), unknown, integer(NOT_APPLICABLE))  # fmt: skip
        value = _only(value, applies, state)
        if fate.sql is not None or fate.possible:
            fate = Fate(fate.possible, _coded(context, fate, applies))
    if (
        node.counts_from is not None
        and tree.period is not None
        and not has_begun(node.counts_from, tree.period)
    ):
        state = integer(NOT_DUE)
        if value.state is not None:
            gone = every_of(negated(is_null(value.state)), term("=", value.state, integer(NOT_APPLICABLE)))
            state = case(gone, integer(NOT_APPLICABLE), integer(NOT_DUE))
        # A line that does not apply keeps what that does to the whole.
        kept = fate.sql if fate.sql is not None else integer(next(iter(fate.possible), BLOCK))
        inner = NULL_STATE if value.state is None else case(gone, kept, NULL_STATE)
        fate = Fate(fate.possible, context.plan.define(inner)) if fate.possible else fate
        value = n.null_number(state)
    return value, fate


def _coded(context: Context, fate: Fate, applies: Term) -> Term:
    inner = fate.sql if fate.sql is not None else integer(next(iter(fate.possible)))
    return context.plan.define(case(applies, inner, NULL_STATE))


def _only(value: Value, condition: Term, state: Term) -> Value:
    if isinstance(value, Number):
        return replace(value, sql=case(condition, value.sql, NULL_NUMBER), state=state, parts=None)
    if isinstance(value, Text):
        return Text(case(condition, value.sql, NULL_TEXT), state)
    raise Unsupported("a truth value that may not apply")


def has_begun(date: str, period: Period) -> bool:
    """Whether the period ends in or after the month of the date."""
    return period.last >= int(date[:4]) * 12 + (int(date[5:7]) if len(date) > 4 else 1) - 1


# --- nulls ----------------------------------------------------------------------------------------


def _settled_nulls(context: Context, node: m.Criterion, value: Value, fate: Fate) -> tuple[Value, Fate]:
    """Fillers put in place of nulls; what stays null gets the fate that the policy of its reason says."""
    if value.state is None:
        return value, Fate(frozenset())
    if any(node.policy(reason).kind == "move_to" for reason in _REASONS):
        raise Unsupported("points that move to other lines")
    state = value.state
    free = negated(any_of(*(fate.is_one(code, state) for code in sorted(_DECIDED))))
    kinds = {reason: node.policy(reason) for reason in _REASONS}
    codes = {reason: FATES.get(policy.kind, BLOCK) for reason, policy in kinds.items()}
    filled = {r: p for r, p in kinds.items() if p.kind in ("zero", "full", "points", "peer_mean")}
    new_fate = _fate_after(context, node, state, fate, codes)
    if not filled:
        return value, new_fate
    return _filled(context, node, as_number(value), free, fate, filled), new_fate


def _fate_after(
    context: Context, node: m.Criterion, state: Term, fate: Fate, codes: Mapping[str, int]
) -> Fate:
    possible = frozenset(codes.values()) | (fate.possible & (_DECIDED | {PROPAGATE})) | {LEAVE_OUT}
    if possible <= {BLOCK, LEAVE_OUT} and set(codes.values()) == {BLOCK} and not _may_exclude(node):
        return Fate(frozenset([BLOCK]))
    branches: list[Term] = []
    for decided in sorted(_DECIDED & fate.possible):
        branches += [fate.is_one(decided, state), integer(decided)]
    branches += [term("=", state, integer(EXCLUDED)), integer(LEAVE_OUT)]
    for reason, code in codes.items():
        stays = FALSE
        if not node.policy(reason).stated and PROPAGATE in fate.possible:
            stays = every_of(term("=", state, integer(CODES[reason])), fate.is_one(PROPAGATE, state))
        branches += [stays, integer(PROPAGATE), term("=", state, integer(CODES[reason])), integer(code)]
    return Fate(possible, context.plan.define(case(*branches, NULL_STATE), "fate"))


def _may_exclude(node: m.Criterion) -> bool:
    return any(isinstance(step, m.MapText) and step.excluded for step in _all_steps(node.steps))


def _all_steps(steps: tuple[m.Step, ...]) -> list[m.Step]:
    found: list[m.Step] = []
    for step in steps:
        found.append(step)
        if isinstance(step, m.Bands):
            for band in step.rows:
                found += _all_steps(band.steps or ())
    return found


def _filled(
    context: Context, node: m.Criterion, value: Number, free: Term, fate: Fate, filled: Mapping[str, m.Policy]
) -> Number:
    assert value.state is not None
    pairs: list[tuple[Term, Number]] = []
    for reason, policy in filled.items():
        filler = _filler(context, node, policy, value)
        condition = every_of(free, coalesce(term("=", value.state, integer(CODES[reason])), FALSE))
        if not policy.stated:
            condition = every_of(condition, negated(fate.is_one(PROPAGATE, value.state)))
        pairs.append((context.plan.define(condition), filler))
    made = n.chosen(pairs, value, None)
    states = [part for c, v in pairs for part in (c, v.state if v.state is not None else NULL_STATE)]
    return replace(made, state=case(*states, value.state), parts=None)


def _filler(context: Context, node: m.Criterion, policy: m.Policy, value: Number) -> Number:
    match policy.kind:
        case "zero":
            return ZERO
        case "full":
            return number_of(context, node.points) if node.points is not None else ZERO
        case "points":
            assert policy.points is not None
            return number_of(context, policy.points)
    from kaohe.scoring.sql.peers import over_group, partition_of

    mean = over_group(context, value, partition_of(context, None), "mean")
    # Where no peer has a score the null stays, for its own reason.
    return replace(mean, state=case(is_null(mean.sql), value.state or NULL_STATE, NULL_STATE))


# --- gates ----------------------------------------------------------------------------------------


def _fires(tree: Tree, context: Context, gate: m.Gate) -> tuple[Term, Term | None]:
    """Whether the gate fires (null: unknown), and why it is unknown."""
    if not in_force(gate, tree.period):
        return FALSE, None
    found = truth_of(context, gate.when)
    sql = found.sql
    if gate.unless is not None:
        excused = holds(context, gate.unless)
        sql = case(excused, FALSE, sql)
    return context.plan.define(sql, "gate"), found.state


def _value_gates(tree: Tree, context: Context, result: NodeTerms) -> None:
    for gate in result.node.gates:
        effects = [(kind, value) for kind, value in gate.effects if kind in _VALUE_EFFECTS]
        if not effects:
            continue
        fired, state = _fires(tree, context.seeing(result.value), gate)
        known = fired if state is None else coalesce(fired, FALSE)
        for kind, amount in effects:
            _affect(context, result, kind, amount, known, fired, state)
        result.fired[gate.id] = known


def _affect(
    context: Context, result: NodeTerms, kind: str, amount: Expression | str, fired: Term, raw: Term,
    unknown: Term | None,
) -> None:  # fmt: skip
    value = as_number(result.value)
    if fired is FALSE:
        return
    seen = context.seeing(value)
    states: list[Term] = []
    old_state = value.state if value.state is not None else NULL_STATE
    present = TRUE if value.state is None else negated(is_null(value.sql))
    made, fate = value, result.fate
    if kind == "void":
        made = replace(value, sql=case(fired, NULL_NUMBER, value.sql), parts=None)
        states = [fired, integer(UNDEFINED)]
        fate = _fate_where(context, fate, fired, PROPAGATE)
    elif kind == "score":
        assert not isinstance(amount, str)
        score = number_of(seen, amount)
        made = n.chosen([(fired, score)], value, None)
        states = [fired, score.state or NULL_STATE]
        if score.state is not None:
            # A score without a value is no null of the line: no policy speaks of it.
            fate = _fate_where(context, fate, fired, UNSAID)
    else:
        assert not isinstance(amount, str)
        limit = number_of(seen, amount)
        if limit.state is not None:
            raise Unsupported("a gate whose amount may be null")
        lowered = n.extreme([value, limit], False) if kind == "cap" else n.subtract(value, limit)
        made = n.chosen([(every_of(fired, present), lowered)], value, None)
    if unknown is not None:
        lost = context.plan.define(every_of(present, is_null(raw)))
        made = replace(made, sql=case(lost, NULL_NUMBER, made.sql), parts=None)
        states = [lost, unknown, *states]
        fate = _fate_where(context, fate, lost, BLOCK)
    state = case(*states, old_state) if states else old_state
    result.value = context.named(replace(made, state=None if state.op == "null" else state))
    result.fate = fate


def _fate_where(context: Context, fate: Fate, condition: Term, code: int) -> Fate:
    if not fate.possible:
        return Fate(frozenset([code]), integer(code))
    before = fate.sql if fate.sql is not None else integer(next(iter(fate.possible)))
    return Fate(fate.possible | {code}, context.plan.define(case(condition, integer(code), before), "fate"))


def _published(context: Context, value: Value, publish: m.Publish) -> Value:
    from kaohe.scoring.sql.rounding import printed

    if isinstance(value, Text):
        return value
    return context.named(printed(context, as_number(value), publish.decimals, publish.mode))


# --- verdicts, places, grades -----------------------------------------------------------------------


@dataclass
class Verdicts:
    """Effects on the verdict, in file order, each with the condition under which it holds."""

    hidden: list[Term] = field(default_factory=list)
    grades: list[tuple[Term, str, str | Number]] = field(default_factory=list)


def _verdict_gates(tree: Tree, context: Context, result: NodeTerms) -> Verdicts:
    found = Verdicts()
    seen = context.seeing(result.printed)
    for gate in result.node.gates:
        effects = [(kind, value) for kind, value in gate.effects if kind not in _VALUE_EFFECTS]
        if not effects:
            continue
        raw, state = _fires(tree, seen, gate)
        fired = raw if state is None else coalesce(raw, FALSE)
        result.fired[gate.id] = fired
        for kind, value in effects:
            if kind == "unranked":
                found.hidden.append(fired)
            elif kind != "flag":
                amount = value if isinstance(value, str) else number_of(context, value)
                if isinstance(amount, Number) and amount.state is not None:
                    # A number of grades that is not there is a fault, which the oracle names.
                    context.doubts.add(every_of(fired, negated(is_null(amount.state))))
                found.grades.append((fired, kind, amount))
    return found


def _place(context: Context, result: NodeTerms, ranking: m.Ranking, hidden: Term) -> Number:
    from kaohe.scoring.sql.peers import ranked

    seen = result.value if ranking.uses_exact else result.printed
    return ranked(context.seeing(seen), ranking, as_number(seen), None if hidden is FALSE else hidden)


def _grade(context: Context, result: NodeTerms, verdicts: Verdicts, hidden: Term) -> Text:
    rows = result.node.grades
    printed = result.printed
    if isinstance(printed, Text):
        raise Unsupported("grades of a text")
    seen = context.seeing(printed)
    present = TRUE if printed.state is None else negated(is_null(printed.sql))
    best = _best_allowed(rows, verdicts)
    place: Term = NULL_NUMBER
    given: list[tuple[Term, Term]] = []
    for at, row in enumerate(rows):
        earlier = negated(any_of(*(taken for taken, _ in given)))
        candidate = context.plan.define(every_of(present, earlier, _passes(seen, row)))
        if row.top is not None:
            barred = any_of(hidden, *(fired for fired, limit in best if limit > at))
            candidate = _seated(seen, row, as_number(printed), candidate, negated(barred), present)
        given.append((context.plan.define(candidate), number(at)))
    covered = any_of(*(taken for taken, _ in given))
    context.doubts.add(every_of(present, negated(covered)))
    place = case(*(part for pair in given for part in pair), NULL_NUMBER)
    return _verdict(context, rows, context.plan.define(place, "grade"), verdicts)


def _passes(context: Context, row: m.GradeRow) -> Term:
    from kaohe.scoring.sql.steps import _test

    tests = []
    for word, expression in row.tests:
        found = _test(context, word, expression)
        tests.append(found.sql if found.state is None else coalesce(found.sql, FALSE))
    return coalesce(every_of(*tests), FALSE) if tests else TRUE


def _best_allowed(rows: tuple[m.GradeRow, ...], verdicts: Verdicts) -> list[tuple[Term, int]]:
    names = [row.grade for row in rows]
    limits: list[tuple[Term, int]] = []
    for fired, kind, value in verdicts.grades:
        if kind in ("grade", "grade_at_most") and value in names:
            limits.append((fired, names.index(str(value))))
        elif kind == "grade":
            limits.append((fired, len(names)))
    return limits


def _seated(
    context: Context, row: m.GradeRow, value: Number, candidate: Term, allowed: Term, present: Term
) -> Term:
    """Those of the candidates whose place among them is within the seats."""
    from kaohe.scoring.sql.peers import _note_neighbours, partition_of

    assert row.top is not None
    share = number_of(context, row.top).value
    if share is None:
        raise Unsupported("a quota that differs from unit to unit")
    partition = partition_of(context, row.within)
    runs = context.plan.define(every_of(candidate, allowed))
    counted = context.plan.define(case(every_of(context.eligible, present, allowed), number(1), NULL_NUMBER))
    size = term("double", context.plan.define(window("count", counted, partition)))
    seats = _seats(context, share, size, row.seats)
    value = context.named(n.settled(value))
    order = ((value.sql, True),)
    _note_neighbours(context, value, (*partition, runs), order)
    place = term("double", context.plan.define(window("rank", None, (*partition, runs), order)))
    if row.ties == "exclude":
        tied = context.plan.define(window("count", number(1), (*partition, runs, value.sql)))
        place = term("-", term("+", place, term("double", tied)), number(1))
    return every_of(runs, term("<=", place, seats))


def _seats(context: Context, share: Fraction, size: Term, mode: str) -> Term:
    from kaohe.scoring.sql.rounding import to_integer

    if share > 1:
        return number(float(to_whole(share, mode)))
    sized = Number(size, None, 0.0, float(context.rows), 0.0, 0.0, 1, True, 1.0)
    wanted = context.named(n.multiply(sized, constant(share)))
    word = {"down": "floor", "up": "ceil", "half_up": "half_up"}[mode]
    return context.plan.define(to_integer(context, wanted, word).sql)


def to_whole(share: Fraction, mode: str) -> Fraction:
    from kaohe.quantities.rounding import round_exact

    word = {"down": "floor", "up": "ceil", "half_up": "half_up"}[mode]
    return round_exact(share, 0, word)  # type: ignore[arg-type]


def _verdict(context: Context, rows: tuple[m.GradeRow, ...], place: Term, verdicts: Verdicts) -> Text:
    names = [row.grade for row in rows]
    down: list[Term] = []
    worst: list[Term] = []
    outside: list[Term] = []
    forced: list[Term] = []
    for fired, kind, value in verdicts.grades:
        if kind == "grade_down":
            assert isinstance(value, Number)
            down.append(case(fired, term("floor", value.sql), number(0)))
            continue
        if kind == "grade":
            forced = [fired, text(str(value)), *forced]
        if value in names:
            worst.append(case(fired, number(names.index(str(value))), number(0)))
        else:
            outside = [fired, text(str(value)), *outside]
    at = place
    if down:
        at = term("least", term("sum", at, *down), number(len(names) - 1))
    if worst:
        at = term("greatest", at, *worst)
    null = is_null(place)
    at = context.plan.define(at)
    branches = [part for i, name in enumerate(names) for part in (term("=", at, number(i)), text(name))]
    # Without a value there is a grade only when a gate forces one.
    found = case(null, case(*forced, NULL_TEXT) if forced else NULL_TEXT,
                 *outside, *branches, NULL_TEXT)  # fmt: skip
    found = context.plan.define(found, "grade")
    return Text(found, case(is_null(found), integer(NOT_APPLICABLE), NULL_STATE))


__all__ = ["NodeTerms", "Tree", "compiled", "member_of", "strongest_state"]
