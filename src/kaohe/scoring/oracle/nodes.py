"""A node: source → steps → null policy → gates → published figure → place → grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import literal
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.oracle.combining import LeftOut, Part, combined
from kaohe.scoring.oracle.evaluate import column, conditions, group_keys, number, peer_members
from kaohe.scoring.oracle.frames import Column, Frame, lifted
from kaohe.scoring.oracle.ranking import ranked
from kaohe.scoring.oracle.steps import StepTrace, apply_steps
from kaohe.scoring.statistics import mean

if TYPE_CHECKING:
    from kaohe.scoring.oracle.run import Run

DROPPED = frozenset({"leave_out", "reweight", "move_to"})
_NOWHERE = literal(0)
_DECIDED = DROPPED | {"block", "apart"}


@dataclass
class Outcome:
    """What a node came to, a value for each row of its frame.

    ``values`` are exact, after gates that change the value; a null has a ``fates`` word: the policy that
    applies to it (``block``, ``propagate``, ``leave_out`` …), blank where there is a value.

    For the working: ``combined`` is the source before lines that do not apply were held back, ``unmoved`` the
    value after null policies and before points moved here, ``gated`` each gate with the values before and
    after it, ``left_out`` the records that were not combined and why.
    """

    node: m.Criterion
    source: Column
    values: Column
    fates: list[str]
    ungated: Column | None = None
    published: Column | None = None
    places: Column | None = None
    grades: list[str | None] | None = None
    forced: list[str] = field(default_factory=list)
    fired: dict[str, list[bool]] = field(default_factory=dict)
    flags: list[tuple[str, ...]] = field(default_factory=list)
    unranked: list[bool] = field(default_factory=list)
    stopped: list[bool] = field(default_factory=list)
    traces: list[StepTrace] = field(default_factory=list)
    parts: list[list[Part]] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    widened: list[Number] = field(default_factory=list)
    run: Run | None = field(default=None, repr=False)
    frame: Frame | None = field(default=None, repr=False)
    combined: Column = field(default_factory=list)
    settled: Column = field(default_factory=list)
    unmoved: Column = field(default_factory=list)
    gated: list[tuple[m.Gate, Column, Column]] = field(default_factory=list)
    left_out: list[list[LeftOut]] = field(default_factory=list)

    def printed(self) -> Column:
        """What rank and grades see: the published figure when there is one."""
        return self.published if self.published is not None else self.values


def scored(run: Run, node: m.Criterion, frame: Frame) -> Outcome:
    """The node for every row of the frame."""
    raw, fates, parts, left_out = _source(run, node, frame)
    source = _held_back(run, node, frame, raw, fates)
    working = apply_steps(run, node.steps, frame, source)
    outcome = Outcome(
        node, source, working.x, fates, stopped=working.stopped, traces=working.traces, parts=parts
    )
    outcome.run, outcome.frame, outcome.combined, outcome.left_out = run, frame, raw, left_out
    _clear_recovered(outcome)
    outcome.settled = list(outcome.values)
    _settle_nulls(run, outcome, frame)
    outcome.unmoved = list(outcome.values)
    if frame.is_base:
        _add_moved(run, outcome, frame)
    _close(run, outcome, frame)
    return outcome


def _clear_recovered(outcome: Outcome) -> None:
    """A value that a step put in the place of a null (impute) is a value."""
    for row, value in enumerate(outcome.values):
        if not isinstance(value, Null):
            outcome.fates[row] = ""


# --- source ---------------------------------------------------------------------------------------


_Source = tuple[Column, list[str], list[list[Part]], list[list[LeftOut]]]


def _source(run: Run, node: m.Criterion, frame: Frame) -> _Source:
    if node.figure is not None:
        values: Column = [Fraction(v) if isinstance(v, bool) else v for v in column(run, node.figure, frame)]
        return values, [""] * frame.size, [], []
    if node.each is not None:
        from kaohe.scoring.oracle.records import each_record

        return each_record(run, node, frame)
    return _children(run, node, frame)


def _children(run: Run, node: m.Criterion, frame: Frame) -> _Source:
    outcomes = [run.outcome(child) if frame.is_base else scored(run, child, frame) for child in node.criteria]
    weights = [_weights(run, child, frame) for child in node.criteria]
    parts = [
        [
            Part(child.id, outcome.values[row], weight[row], outcome.fates[row], child, outcome, row)
            for child, outcome, weight in zip(node.criteria, outcomes, weights, strict=True)
        ]
        for row in range(frame.size)
    ]
    power = column(run, node.combine.power, frame) if node.combine.power is not None else None
    values, fates = combine_rows(node, parts, power)
    return values, fates, parts, []


def _weights(run: Run, child: m.Criterion, frame: Frame) -> Column:
    if child.weight is None:
        return [Fraction(1)] * frame.size
    return column(run, child.weight, frame)


def combine_rows(
    node: m.Criterion, parts: list[list[Part]], power: Column | None
) -> tuple[Column, list[str]]:
    """Each row's parts combined; a blocked or propagated part makes the row null."""
    values: Column = []
    fates: list[str] = []
    for row, listed in enumerate(parts):
        value, fate = combined(node.combine, listed, node.need, power[row] if power is not None else None)
        values.append(value)
        fates.append(fate)
    return values, fates


def _held_back(run: Run, node: m.Criterion, frame: Frame, source: Column, fates: list[str]) -> Column:
    """Lines that do not apply, or do not count yet, have no value whatever the figures say."""
    result = list(source)
    if node.applies is not None:
        for row, holds in enumerate(conditions(run, node.applies, frame)):
            if isinstance(holds, Null) or not holds:
                result[row] = holds if isinstance(holds, Null) else Null.NOT_APPLICABLE
                fates[row] = ""
    if (
        node.counts_from is not None
        and run.period is not None
        and not _has_begun(node.counts_from, run.period)
    ):
        for row, value in enumerate(result):
            if value is not Null.NOT_APPLICABLE:
                result[row], fates[row] = Null.NOT_DUE, ""
    return result


def _has_begun(date: str, period: Period) -> bool:
    """Whether the period ends on or after the date, to the month."""
    return period.last >= int(date[:4]) * 12 + (int(date[5:7]) if len(date) > 4 else 1) - 1


# --- nulls ----------------------------------------------------------------------------------------


def _settle_nulls(run: Run, outcome: Outcome, frame: Frame) -> None:
    node = outcome.node
    peer_means: Column | None = None
    own = list(outcome.values)
    outcome.filled = [""] * frame.size
    for row, value in enumerate(outcome.values):
        if not isinstance(value, Null) or outcome.fates[row] in _DECIDED:
            continue
        if value is Null.EXCLUDED:
            outcome.fates[row] = "leave_out"
            continue
        when_empty = node.each.empty if node.each is not None and outcome.fates[row] == "empty" else None
        policy = when_empty or node.policy(value.value)
        if outcome.fates[row] == "propagate" and not policy.stated:
            continue
        if policy.kind == "peer_mean" and peer_means is None:
            peer_means = _peer_means(run, own, frame)
        filler = _filler(run, node, policy, frame, row, peer_means)
        if filler is None:
            outcome.fates[row] = policy.kind
        else:
            outcome.values[row], outcome.fates[row] = filler, ""
            outcome.filled[row] = value.value
    for row, value in enumerate(outcome.values):
        if isinstance(value, Null) and not outcome.fates[row]:
            outcome.fates[row] = "block"


def _filler(
    run: Run, node: m.Criterion, policy: m.Policy, frame: Frame, row: int, peer_means: Column | None
) -> Value | None:
    """The value that the policy puts for a null, or None when it stays null."""
    match policy.kind:
        case "zero":
            return Fraction(0)
        case "full":
            return column(run, node.points, frame)[row] if node.points is not None else Fraction(0)
        case "points":
            assert policy.points is not None
            return column(run, policy.points, frame)[row]
        case "peer_mean":
            assert peer_means is not None
            found = peer_means[row]
            return None if isinstance(found, Null) else found
    return None


def _peer_means(run: Run, own: Column, frame: Frame) -> Column:
    """The mean of the line over each row's peers that have a value of their own."""
    keys = group_keys(run, frame, None)
    members = peer_members(run, frame, own, keys)
    means = {key: mean([number(own[row], _NOWHERE) for row in rows]) for key, rows in members.items()}
    return [means.get(key, Null.NOT_APPLICABLE) for key in keys]


def _add_moved(run: Run, outcome: Outcome, frame: Frame) -> None:
    """Points moved here from lines that do not apply: × (own + moved) / own."""
    outcome.widened = [Fraction(1)] * frame.size
    for giver in run.givers_to(outcome.node.id):
        lost = run.outcome(giver)
        receivers = run.receivers_of(giver)
        for row in range(frame.size):
            if lost.fates[row] != "move_to" or isinstance(outcome.values[row], Null):
                continue
            factor = run.moved_factor(giver, receivers, outcome.node, row)
            outcome.values[row] = n.multiply(outcome.values[row], factor)  # type: ignore[arg-type]
            outcome.widened[row] = n.multiply(outcome.widened[row], factor)


# --- outcome --------------------------------------------------------------------------------------


def _close(run: Run, outcome: Outcome, frame: Frame) -> None:
    node = outcome.node
    outcome.unranked = [fate == "apart" for fate in outcome.fates]
    outcome.flags = [()] * frame.size
    outcome.forced = [""] * frame.size
    _value_gates(run, outcome, frame)
    if node.publish is not None:
        publish = node.publish
        outcome.published = lifted(
            lambda v: v if isinstance(v, str) else n.rounded(v, publish.decimals, publish.mode),
            outcome.values,
        )
    verdicts = _fired_verdicts(run, outcome, frame)
    if node.rank is not None:
        outcome.places = _places(run, outcome, frame)
    if node.grades:
        from kaohe.scoring.oracle.grading import graded

        outcome.grades = graded(run, outcome, frame, verdicts)
    run.note_range(outcome, frame)


def _value_gates(run: Run, outcome: Outcome, frame: Frame) -> None:
    for gate in outcome.node.gates:
        effects = [
            (kind, value) for kind, value in gate.effects if kind in ("score", "cap", "deduct", "void")
        ]
        if not effects:
            continue
        fired = gate_fires(run, gate, frame.seeing(outcome.values))
        outcome.ungated = outcome.ungated or list(outcome.values)
        before = list(outcome.values)
        for kind, value in effects:
            outcome.values = _affected(run, outcome, frame, kind, value, fired)
        outcome.fired[gate.id] = [flag is True for flag in fired]
        outcome.gated.append((gate, before, list(outcome.values)))


def gate_fires(run: Run, gate: m.Gate, frame: Frame) -> list[bool | Null]:
    """Whether the gate fires for each row: in force, ``when`` holds and ``unless`` does not."""
    if not _in_force(gate, run.period):
        return [False] * frame.size
    holds = conditions(run, gate.when, frame)
    if gate.unless is None:
        return holds
    excused = conditions(run, gate.unless, frame)
    return [False if excuse is True else hold for hold, excuse in zip(holds, excused, strict=True)]


def _in_force(gate: m.Gate, period: Period | None) -> bool:
    if period is None:
        return True
    if gate.starts is not None and not _has_begun(gate.starts, period):
        return False
    return gate.ends is None or period.last <= Period.parse(gate.ends[:7]).last


def _affected(
    run: Run, outcome: Outcome, frame: Frame, kind: str, value: object, fired: list[bool | Null]
) -> Column:
    amount: Column = [Null.UNDEFINED] * frame.size
    if kind != "void":
        amount = column(run, value, frame.seeing(outcome.values))  # type: ignore[arg-type]
    result: Column = []
    for row, (old, flag) in enumerate(zip(outcome.values, fired, strict=True)):
        if isinstance(flag, Null) and not isinstance(old, Null):
            result.append(flag)
            outcome.fates[row] = "block"
        elif flag is not True:
            result.append(old)
        else:
            result.append(_gated(outcome, row, kind, old, amount[row]))
    return result


def _gated(outcome: Outcome, row: int, kind: str, old: Value, amount: Value) -> Value:
    if kind == "void":
        outcome.fates[row] = "propagate"
        return Null.UNDEFINED
    if kind == "score":
        outcome.fates[row] = ""
        return amount
    if isinstance(old, Null):
        return old
    if isinstance(amount, Null):
        # As when the condition is unknown: the line waits for the figure.
        outcome.fates[row] = "block"
        return amount
    if kind == "cap":
        return amount if n.compare(old, amount) > 0 else old  # type: ignore[arg-type]
    return n.subtract(old, amount)  # type: ignore[arg-type]


def _fired_verdicts(run: Run, outcome: Outcome, frame: Frame) -> list[list[tuple[str, str | Number]]]:
    """For each row the verdict effects of the gates that fired, in file order."""
    verdicts: list[list[tuple[str, str | Number]]] = [[] for _ in range(frame.size)]
    seen = frame.seeing(outcome.printed())
    for gate in outcome.node.gates:
        effects = [
            (kind, value) for kind, value in gate.effects if kind not in ("score", "cap", "deduct", "void")
        ]
        if not effects:
            continue
        fired = [flag is True for flag in gate_fires(run, gate, seen)]
        outcome.fired[gate.id] = fired
        for row, flag in enumerate(fired):
            if flag:
                _note_verdicts(run, outcome, frame, row, effects, verdicts[row])
    return verdicts


def _note_verdicts(
    run: Run,
    outcome: Outcome,
    frame: Frame,
    row: int,
    effects: Sequence[tuple[str, object]],
    verdicts: list[tuple[str, str | Number]],
) -> None:
    for kind, value in effects:
        if kind == "unranked":
            outcome.unranked[row] = True
        elif kind == "flag":
            outcome.flags[row] = (*outcome.flags[row], str(value))
        elif isinstance(value, str):
            verdicts.append((kind, value))
        else:
            verdicts.append((kind, number(column(run, value, frame)[row], value)))  # type: ignore[arg-type]


def _places(run: Run, outcome: Outcome, frame: Frame) -> Column:
    ranking = outcome.node.rank
    assert ranking is not None
    seen = outcome.values if ranking.uses_exact else outcome.printed()
    inside: Column = [
        Null.NOT_APPLICABLE if hidden else value for value, hidden in zip(seen, outcome.unranked, strict=True)
    ]
    return ranked(run, ranking, frame.seeing(inside), inside)


def limits_of(run: Run, node: m.Criterion, frame: Frame) -> tuple[Column, Column] | None:
    """The declared range [low extra, points + high extra] of a line, when it declares one."""
    if node.points is None and node.extra is None:
        return None
    zero: Column = [Fraction(0)] * frame.size
    points = column(run, node.points, frame) if node.points is not None else zero
    if node.extra is None:
        return zero, points
    low, high = (column(run, part, frame) for part in node.extra)
    return low, lifted(lambda a, b: n.add(a, b), points, high)


def check_limits(run: Run, outcome: Outcome, frame: Frame) -> list[str]:
    """A finding for each unit whose value lies outside the declared range: points never clamp."""
    limits = limits_of(run, outcome.node, frame)
    if limits is None:
        return []
    found: list[str] = []
    for row, value in enumerate(outcome.values):
        low, high = limits[0][row], limits[1][row]
        if isinstance(value, Null | str) or isinstance(low, Null) or isinstance(high, Null):
            continue
        if outcome.widened:
            low, high = (n.multiply(limit, outcome.widened[row]) for limit in (low, high))  # type: ignore[arg-type]
        if n.compare(value, low) < 0 or n.compare(value, high) > 0:  # type: ignore[arg-type]
            shown = f"{n.number_text(low)}—{n.number_text(high)}"  # type: ignore[arg-type]
            name = run.row_name(frame, row)
            found.append(
                f"{outcome.node.at} {name}的{outcome.node.name}得 {n.number_text(value)} 分,"  # type: ignore[arg-type]
                f"超出规定的 {shown} 分;办法若有封顶或扣完为止,请写 cap 或 floor"
            )
    return found
