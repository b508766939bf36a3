"""A finished run → the working of its nodes, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from kaohe.facts.errors import DataError, SchemeError
from kaohe.facts.files import nearest
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring import numbers as n
from kaohe.scoring.footing import Footing
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.oracle.combining import Part, trimmed
from kaohe.scoring.oracle.evaluate import group_keys
from kaohe.scoring.oracle.frames import Column, Frame
from kaohe.scoring.oracle.nodes import Outcome
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.oracle.steps import StepTrace
from kaohe.scoring.ranges import with_ranges
from kaohe.scoring.results import sheet_of, unit_names
from kaohe.scoring.sheet import Sheet
from kaohe.scoring.step_words import Seen, step_words
from kaohe.scoring.words import combine_words, is_share, value_text
from kaohe.scoring.working import (
    Change,
    Figure,
    GateWorking,
    Member,
    NodeWorking,
    Place,
    StepWorking,
    Working,
)

_KEEPS_SHARE = (m.Cap, m.Floor, m.Clamp, m.Expect, m.Impute, m.Winsorise, m.Round)
_POLICIES = {
    "zero": "按 0 分计", "full": "按满分计", "points": "按规定的分计", "peer_mean": "按同类平均分计",
    "leave_out": "不计入", "reweight": "不计入,权重分给其余各项", "move_to": "不计入,分值转给别的项",
    "block": "尚缺,不能定分", "propagate": "不计算", "apart": "单列,不排位",
}  # fmt: skip
_EFFECTS = {
    "score": "计 {} 分", "cap": "最高 {} 分", "deduct": "扣 {} 分", "void": "不计算", "grade": "等次定为 {}",
    "grade_at_most": "等次不高于 {}", "grade_down": "等次降 {} 档", "unranked": "不排位", "flag": "{}",
}  # fmt: skip
_DEMO = ("演示数据", "demo")


class Explainer:
    """Explains the nodes of a run; ``sheet`` is its score sheet."""

    def __init__(self, run: Run, sheet: Sheet | None = None) -> None:
        self.run = run
        self.sheet = sheet if sheet is not None else with_ranges(run, sheet_of)
        self._footings: dict[int, Footing] = {}
        self._columns = {column.node.id: column for column in self.sheet.nodes}

    # --- what is asked --------------------------------------------------------------------------

    def unit_of(self, text: str) -> str:
        """The assessed unit of this id or Chinese name. Raises ``DataError`` with the nearest name."""
        names = dict(zip(self.run.units, self.names(), strict=True))
        short = dict(zip(self.run.units, unit_names(self.run, "short_name") or self.run.units, strict=True))
        exact = [unit for unit, name in names.items() if text in (unit, name)]
        found = exact or [unit for unit, name in short.items() if text == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise DataError(f"名称 {text} 有 {len(found)} 个单位({'、'.join(found)}),请写单位编号")
        if text in self.run.dataset.units:
            raise DataError(f"单位 {text} 不在本办法的考核范围内")
        known = dict.fromkeys([*names.values(), *short.values(), *names])
        hint = nearest(text, known) or f";有:{'、'.join(list(known)[:20])}"
        raise DataError(f"找不到单位 {text}{hint}")

    def names(self) -> tuple[str, ...]:
        """The Chinese name of each assessed unit, its id where it has none."""
        return unit_names(self.run) or self.run.units

    def node_of(self, text: str) -> m.Criterion:
        """The node of this id or name. Raises ``SchemeError`` with the nearest one."""
        nodes = list(self.run.scheme.nodes())
        for node in nodes:
            if node.id == text:
                return node
        named = [node for node in nodes if node.name == text]
        if len(named) == 1:
            return named[0]
        if named:
            raise SchemeError(f"评分项 {text} 有 {len(named)} 个({'、'.join(x.id for x in named)}),请写编号")
        known = dict.fromkeys(name for node in nodes for name in (node.id, node.name) if name)
        raise SchemeError(f"找不到评分项 {text}{nearest(text, known)}")

    def working(self, unit: str, criterion: str | None = None) -> Working:
        """The working of an assessed unit: all nodes, or one criterion and what lies below it."""
        row, scheme = self.run.units.index(unit), self.run.scheme
        asked = (scheme.root, *scheme.also) if criterion is None else (self.node_of(criterion),)
        nodes = tuple(self.node(self.run.outcome(node), row) for node in asked)
        period = "" if self.run.period is None else str(self.run.period)
        return Working(
            scheme.title, scheme.version, scheme.issuer, unit, self.names()[row], period, nodes,
            is_demo(nodes), self.sheet.notes,
        )  # fmt: skip

    # --- a node ---------------------------------------------------------------------------------

    def node(self, outcome: Outcome, row: int) -> NodeWorking:
        """The working of an outcome in one row of its frame."""
        node, frame = outcome.node, _frame(outcome)
        footing = self._footing(outcome)
        figure = self._figure(footing, outcome, row)
        steps = self._steps(footing, outcome.traces, row, figure is not None and figure.share)
        source = outcome.combined[row]
        working = NodeWorking(
            node=node.id,
            name=node.name,
            clause=node.duty("clause"),
            assessor=node.duty("assessor"),
            at=str(node.at),
            points=footing.value(node.points, frame, row) if node.points is not None else None,
            figure=figure,
            combine=_combine_of(node),
            source=source,
            value=outcome.values[row],
            facts=tuple(footing.facts(_used(node), frame, row)),
            members=self._members(outcome, row),
            left_out=_set_aside(outcome, row),
            held=_held(node, source, outcome.source[row]),
            steps=steps,
            settled=tuple(_settled(outcome, row)),
            gates=tuple(_gates(footing, outcome, row)),
            ungated=outcome.ungated[row] if outcome.ungated is not None else None,
            published=outcome.published[row] if outcome.published is not None else None,
            grade=outcome.grades[row] if outcome.grades is not None else None,
            pending=_pending(outcome, row),
            duties=tuple((key, text) for key, text in node.duties if key not in ("clause", "assessor")),
        )
        return self._of_sheet(working, outcome, row) if frame.is_base and outcome.run is self.run else working

    def _of_sheet(self, working: NodeWorking, outcome: Outcome, row: int) -> NodeWorking:
        column = self._columns[working.node]
        return replace(
            working,
            place=_place(outcome, row),
            low=column.low[row] if column.low is not None else None,
            high=column.high[row] if column.high is not None else None,
            estimated=column.estimated[row] if column.estimated else False,
        )

    def _footing(self, outcome: Outcome) -> Footing:
        run = outcome.run
        assert run is not None
        return self._footings.setdefault(id(run), Footing(run))

    def _figure(self, footing: Footing, outcome: Outcome, row: int) -> Figure | None:
        figure = outcome.node.figure
        if figure is None:
            return None
        words, filled = footing.words(figure), footing.filled(figure, _frame(outcome), row)
        return Figure(words, filled, outcome.combined[row], is_share(figure))

    # --- steps ----------------------------------------------------------------------------------

    def _steps(
        self, footing: Footing, traces: Iterable[StepTrace], row: int, share: bool
    ) -> tuple[StepWorking, ...]:
        found: list[StepWorking] = []
        for trace in traces:
            if trace.stopped and trace.stopped[row]:
                break
            after = share and isinstance(trace.step, _KEEPS_SHARE)
            found.append(self._step(footing, trace, row, share, after))
            share = after or (share and isinstance(trace.step, m.Stop) and not _stops(footing, trace, row))
        return tuple(found)

    def _step(self, footing: Footing, trace: StepTrace, row: int, share: bool, after: bool) -> StepWorking:
        parameters = tuple((name, column[row]) for name, column in trace.parameters)
        inner: tuple[StepWorking, ...] = ()
        for rows, traces in trace.inner:
            if row in rows:
                inner = self._steps(footing, traces, rows.index(row), share)
        kept = after or (isinstance(trace.step, m.Stop) and share and not _stops(footing, trace, row))
        return StepWorking(
            kind=trace.step.kind,
            words=step_words(trace.step, _seen(footing, trace, row, share)),
            before=trace.before[row],
            after=trace.after[row],
            rule=trace.step.rule or "",
            parameters=parameters,
            inner=inner,
            share_before=share,
            share_after=kept,
        )

    # --- members --------------------------------------------------------------------------------

    def _members(self, outcome: Outcome, row: int) -> tuple[Member, ...]:
        if not outcome.parts:
            return ()
        return self._of_parts(outcome.node.combine, outcome.parts[row], outcome.node)

    def _of_parts(self, combine: m.Combine, parts: list[Part], node: m.Criterion) -> tuple[Member, ...]:
        present = [part for part in parts if not isinstance(part.value, Null)]
        kept = {id(part) for part in trimmed(combine, present)} if present else set()
        shares = _contributions(combine, parts, kept)
        return tuple(self._member(part, shares.get(id(part)), kept, node) for part in parts)

    def _member(self, part: Part, share: Value | None, kept: set[int], node: m.Criterion) -> Member:
        group = node.each.group_by if node.each is not None else None
        members: tuple[Member, ...] = ()
        steps: tuple[StepWorking, ...] = ()
        if group is not None and part.outcome is None:
            inside = m.Criterion("", "", node.at, combine=group.combine)
            members = self._of_parts(group.combine, list(part.members), inside)
            steps = self._steps(self._footings[id(self.run)], part.steps, part.row, False)
        working = self.node(part.outcome, part.row) if part.outcome is not None else None
        return Member(
            label=part.label,
            name=part.node.name if part.node is not None else "",
            value=part.value,
            weight=part.weight,
            contribution=share,
            dropped=_dropped(part, kept, node),
            combine=combine_words(group.combine) if members and group is not None else "",
            working=working,
            members=members,
            steps=steps,
        )


def _frame(outcome: Outcome) -> Frame:
    assert outcome.frame is not None
    return outcome.frame


def is_demo(nodes: Iterable[NodeWorking]) -> bool:
    """Whether any fact used is marked as made up for a demonstration (演示数据)."""
    return any(fact.source.startswith(_DEMO) for top in nodes for node in top.walk() for fact in node.facts)


def _used(node: m.Criterion) -> Iterator[Expression]:
    """The expressions whose facts a node's own working rests on; its children and items have their own."""
    if node.figure is not None:
        yield node.figure
    if node.applies is not None:
        yield node.applies
    for step in node.steps:
        yield from m.expressions_of(step)
    for gate in node.gates:
        yield gate.when
        if gate.unless is not None:
            yield gate.unless


def _combine_of(node: m.Criterion) -> str:
    if node.figure is not None:
        return ""
    words = combine_words(node.combine)
    return f"逐条计分,{words}" if node.each is not None else words


def _set_aside(outcome: Outcome, row: int) -> tuple[str, ...]:
    if not outcome.left_out:
        return ()
    return tuple(
        f"{record.label}({value_text(record.value)}):{record.key} 已计 {record.kept},不重复计"
        for record in outcome.left_out[row]
    )


def _held(node: m.Criterion, source: Value, held: Value) -> tuple[Change, ...]:
    if held is source or held == source:
        return ()
    if held is Null.NOT_DUE:
        return (Change("counts_from", f"{node.counts_from} 起计算,此前未到期", source, held),)
    return (Change("applies", "不符合适用条件,本项不适用", source, held),)


def _settled(outcome: Outcome, row: int) -> Iterator[Change]:
    before, after = outcome.settled[row], outcome.unmoved[row]
    if isinstance(before, Null) and not isinstance(after, Null):
        policy = outcome.node.policy(before.value)
        yield Change("policy", f"{value_text(before)},{_POLICIES[policy.kind]}", before, after)
    moved = outcome.gated[0][1][row] if outcome.gated else outcome.values[row]
    if not isinstance(after, Null) and not n.equal(after, moved) and isinstance(moved, n.Number):
        factor = n.divide(moved, after) if isinstance(after, n.Number) else Null.UNDEFINED
        yield Change("move_to", f"别的项分值转入,得分 × {value_text(factor)}", after, moved)


def _gates(footing: Footing, outcome: Outcome, row: int) -> Iterator[GateWorking]:
    sides = {gate.id: (before[row], after[row]) for gate, before, after in outcome.gated}
    frame = _frame(outcome)
    for gate in outcome.node.gates:
        before, after = sides.get(gate.id, (outcome.values[row], outcome.values[row]))
        fired = outcome.fired.get(gate.id, [])
        if not (fired and fired[row]) and before == after:
            continue
        seen = frame.seeing(outcome.values)
        condition = f"{footing.words(gate.when)}(即 {footing.filled(gate.when, seen, row)})"
        effects = tuple(_effect(footing, kind, value, seen, row) for kind, value in gate.effects)
        yield GateWorking(gate.id, gate.name, gate.basis, condition, effects, before, after)


def _effect(footing: Footing, kind: str, value: Expression | str, frame: Frame, row: int) -> str:
    shown = value if isinstance(value, str) else value_text(footing.value(value, frame, row))
    return _EFFECTS[kind].format(shown)


def _pending(outcome: Outcome, row: int) -> str:
    value, fate = outcome.values[row], outcome.fates[row]
    if not isinstance(value, Null):
        return ""
    return f"{value_text(value)}:{_POLICIES.get(fate, fate)}"


def _place(outcome: Outcome, row: int) -> Place | None:
    if outcome.places is None or outcome.node.rank is None or outcome.run is None:
        return None
    keys = group_keys(outcome.run, _frame(outcome), outcome.node.rank.within)
    peers = [
        place for place, key in zip(outcome.places, keys, strict=True)
        if key == keys[row] and not isinstance(place, Null)
    ]  # fmt: skip
    place = outcome.places[row]
    return Place(place, len(peers), sum(n.equal(place, other) for other in peers))


def _stops(footing: Footing, trace: StepTrace, row: int) -> bool:
    assert isinstance(trace.step, m.Stop) and trace.frame is not None
    return footing.value(trace.step.when, trace.frame, row) is True


def _seen(footing: Footing, trace: StepTrace, row: int, share: bool) -> Seen:
    frame = trace.frame
    assert frame is not None
    x = value_text(trace.before[row], percent=share).rpartition("≈ ")[2]
    return Seen(
        before=trace.before[row],
        after=trace.after[row],
        parameters={name: column[row] for name, column in trace.parameters},
        filled=lambda expression: footing.filled(expression, frame, row, x),
        worded=lambda expression: footing.words(expression, share),
        holds=lambda expression: footing.value(expression, frame, row) is True,
        share=share,
        chosen=trace.chosen[row] if trace.chosen else None,
        size=_ranked_size(footing.run, trace, row),
    )


def _ranked_size(run: Run, trace: StepTrace, row: int) -> int:
    """How many took part with this row in a rank or a percent rank."""
    step, frame = trace.step, trace.frame
    if not isinstance(step, m.Rank | m.PercentRank) or frame is None:
        return 0
    keys = group_keys(run, frame, step.ranking.within if isinstance(step, m.Rank) else step.within)
    seen: Column = trace.after if isinstance(step, m.Rank) else trace.before
    return sum(
        1 for key, value in zip(keys, seen, strict=True) if key == keys[row] and not isinstance(value, Null)
    )


def _contributions(combine: m.Combine, parts: list[Part], kept: set[int]) -> dict[int, Value]:
    """What each part that counts adds to a sum or a mean; empty for other ways to combine."""
    kind = combine.then if combine.kind in ("keep", "drop") else combine.kind
    counted = [part for part in parts if id(part) in kept]
    pairs = [(part, part.weight, part.value) for part in counted]
    if kind not in ("sum", "mean") or any(not isinstance(v, n.Number) for _, w, x in pairs for v in (w, x)):
        return {}
    factor = _factor(kind, parts, counted)
    if isinstance(factor, Null):
        return {}
    return {
        id(part): n.multiply(n.multiply(weight, value), factor)  # type: ignore[arg-type]
        for part, weight, value in pairs
    }


def _factor(kind: str, parts: list[Part], counted: list[Part]) -> Number | Null:
    """1 ÷ Σ weights for a mean; for a sum what reweighted parts hand to the others."""
    present = [part for part in parts if not isinstance(part.value, Null)]
    own = n.total([part.weight for part in (counted if kind == "mean" else present)])  # type: ignore[misc]
    if kind == "mean":
        return n.divide(Fraction(1), own)
    given = [part.weight for part in parts if part.fate == "reweight"]
    return n.divide(n.add(own, n.total(given)), own) if given else Fraction(1)  # type: ignore[arg-type]


def _dropped(part: Part, kept: set[int], node: m.Criterion) -> str:
    if isinstance(part.value, Null):
        return (
            f"{value_text(part.value)},{_POLICIES.get(part.fate, part.fate)}"
            if part.fate
            else value_text(part.value)
        )
    if id(part) not in kept:
        return "不在所取之列" if node.combine.kind == "keep" else "去掉最高最低"
    return ""
