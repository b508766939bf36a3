"""Provisional results: sound outer bounds of scores and places while lines are not decided.

A blocked line can still become anything between its lowest and its highest points; the tree is evaluated
with spans instead of numbers. A line that looks at its peers is as open as its declared range while any
unit of the group has yet to report it. Rank range of u: from 1 + how many surely stand above, to how many
may stand at least as high. Each final score and place lies inside, whatever is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.schemes.expressions import (
    ByTable,
    Call,
    Current,
    Expression,
    ImportedValue,
    Input,
    NodeValue,
    children,
    walk,
)
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.oracle.combining import Part, combined
from kaohe.scoring.oracle.evaluate import column, group_keys, is_about_rows, key_text, truth
from kaohe.scoring.oracle.nodes import DROPPED, Outcome, limits_of
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sheet import Column, Sheet, finished
from kaohe.scoring.spans import (
    EVERYTHING,
    Span,
    Spanner,
    add,
    capped,
    hull,
    is_positive,
    meet,
    multiply,
    negate,
    point,
)

_MOST_WAITING = 5
_PEER_STEPS = (m.Rank, m.PercentRank, m.Standardise, m.Winsorise)


def with_ranges(run: Run, sheet_of: Callable[[Run], Sheet]) -> Sheet:
    """The sheet; with low, high and rank range where some unit has a blocked line."""
    sheet = sheet_of(run)
    if not is_provisional(run):
        return sheet
    spans = Ranges(run)
    root = sheet.nodes[0]
    columns = [_with_span(column, spans) for column in sheet.nodes]
    columns[0] = _with_places(run, columns[0], [spans.of(root.node, row) for row in range(run.base.size)])
    return finished(replace(sheet, nodes=tuple(columns)))


def is_provisional(run: Run) -> bool:
    """Whether any line of any assessed unit is blocked."""
    return any("block" in run.outcome(node).fates for node in run.scheme.root.walk())


def _with_span(column: Column, spans: Ranges) -> Column:
    found = [spans.of(column.node, row) for row in range(len(column.values))]
    lows = tuple(None if span is None else span.low for span in found)
    highs = tuple(None if span is None else span.high for span in found)
    return replace(column, low=lows, high=highs)


class Ranges:
    """Spans of every node and unit, worked out on demand."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[tuple[str, int], Span | None] = {}
        self._open: dict[str, bool] = {}
        self._certain: dict[tuple[int, int], bool] = {}

    def of(self, node: m.Criterion, row: int) -> Span | None:
        """What the node can still come to for the unit; None when it has no value and will have none."""
        key = (node.id, row)
        if key not in self._known:
            self._known[key] = self._found(node, row)
        return self._known[key]

    def _found(self, node: m.Criterion, row: int) -> Span | None:
        outcome = self._run.outcome(node)
        value, fate = outcome.values[row], outcome.fates[row]
        if isinstance(value, str | bool):
            return None
        if isinstance(value, Null) and fate != "block":
            return None
        if self._is_settled(node, row):
            return None if isinstance(value, Null) else point(value)
        if self._awaits(node, row):
            return hull([self._line(node, row), point(value)])  # type: ignore[arg-type]
        if node.source == "criteria":
            return self._group(node, outcome, row)
        return self._line(node, row)

    def _awaits(self, node: m.Criterion, row: int) -> bool:
        """Whether the scheme filled in a value (0, full marks …) for a figure that may still be reported."""
        return self._run.outcome(node).filled[row] in ("missing", "not_due")

    def _dropped(self, node: m.Criterion, row: int) -> bool:
        """Whether the line was dropped from its group for want of a figure that may still be reported."""
        outcome = self._run.outcome(node)
        return outcome.fates[row] in DROPPED and outcome.values[row] in (Null.MISSING, Null.NOT_DUE)

    def _is_settled(self, node: m.Criterion, row: int) -> bool:
        """Whether nothing still open can change this value."""
        outcome = self._run.outcome(node)
        if outcome.fates[row] == "block" or self._awaits(node, row) or self._leans_on_open(node, row):
            return False
        if any(self._dropped(child, row) for child in node.criteria):
            return False
        return all(self._is_settled(child, row) for child in node.criteria)

    def _line(self, node: m.Criterion, row: int) -> Span:
        spanner = Spanner(self._run, row, lambda expression: self._is_certain(expression, row))
        reached = spanner.after(node.steps, EVERYTHING)
        return self._gated(node, row, meet(reached, self._declared(node, row)))

    def _declared(self, node: m.Criterion, row: int) -> Span:
        limits = limits_of(self._run, node, self._run.base)
        if limits is None:
            return EVERYTHING
        low, high = limits[0][row], limits[1][row]
        widened = self._run.outcome(node).widened
        factor = point(widened[row]) if widened else point(Fraction(1))
        if isinstance(low, Null | str | bool) or isinstance(high, Null | str | bool):
            return EVERYTHING
        return multiply(Span(low, high), factor)

    def _group(self, node: m.Criterion, outcome: Outcome, row: int) -> Span:
        spanner = Spanner(self._run, row, lambda expression: self._is_certain(expression, row))
        inside = self._combined(node, outcome, row)
        found = spanner.after(node.steps, inside)
        if not found.is_bounded:
            found = meet(found, self._declared(node, row))
        return self._gated(node, row, found)

    def _combined(self, node: m.Criterion, outcome: Outcome, row: int) -> Span:
        parts = outcome.parts[row]
        spans = [self.of(child, row) for child in node.criteria]
        if any(isinstance(part.weight, Null | str) for part in parts):
            return EVERYTHING
        if any(span is not None and not span.is_bounded for span in spans):
            return EVERYTHING if node.combine.kind != "sum" else self._sum(parts, spans)
        cases = self._cases(node, parts, spans, row)
        if cases is None:
            return EVERYTHING
        ends = [self._at_ends(node, case, spans, low=low) for case, spans in cases for low in (True, False)]
        if any(end is None for end in ends):
            return EVERYTHING
        return hull(point(end) for end in ends if end is not None)

    def _cases(
        self, node: m.Criterion, parts: list[Part], spans: list[Span | None], row: int
    ) -> list[tuple[list[Part], list[Span | None]]] | None:
        """The group as it stands, and with each dropped line that may still be reported at either end."""
        cases = [(parts, spans)]
        waiting = [place for place, child in enumerate(node.criteria) if self._dropped(child, row)]
        if len(waiting) > _MOST_WAITING:
            return None
        for place in waiting:
            reported = self._line(node.criteria[place], row)
            if not reported.is_bounded:
                return None
            ends = [point(reported.low), point(reported.high)]  # type: ignore[arg-type]
            cases += [
                (case, [*known[:place], end, *known[place + 1 :]])
                for case, known in list(cases)
                for end in ends
            ]
        return cases

    def _sum(self, parts: list[Part], spans: list[Span | None]) -> Span:
        total = point(Fraction(0))
        for part, span in zip(parts, spans, strict=True):
            if span is not None:
                total = add(total, multiply(point(part.weight), span))  # type: ignore[arg-type]
        return total

    def _at_ends(
        self, node: m.Criterion, parts: list[Part], spans: list[Span | None], *, low: bool
    ) -> Number | None:
        """The combination with every open part at its worst (or best); parts without a value stay dropped."""
        if node.combine.kind == "product" and any(
            span is not None and not is_positive(span) for span in spans
        ):
            return None
        filled: list[Part] = []
        for part, span in zip(parts, spans, strict=True):
            if span is None:
                filled.append(part)
                continue
            heavy = n.compare(part.weight, Fraction(0)) >= 0  # type: ignore[arg-type]
            end = span.low if low == heavy else span.high
            filled.append(replace(part, value=end, fate=""))  # type: ignore[arg-type]
        value, _ = combined(node.combine, filled, 0, None)
        return None if isinstance(value, Null | str | bool) else value

    def _gated(self, node: m.Criterion, row: int, found: Span) -> Span:
        """What gates could make of it: when a gate's condition is open, both with and without its effect."""
        for gate in node.gates:
            effects = [
                (kind, value) for kind, value in gate.effects if kind in ("score", "cap", "deduct", "void")
            ]
            if not effects:
                continue
            spanner = Spanner(self._run, row, lambda expression: self._is_certain(expression, row))
            hit = found
            for kind, value in effects:
                hit = _affected(kind, found, spanner, value)
            conditions = [gate.when] + ([gate.unless] if gate.unless is not None else [])
            if all(
                self._is_certain(condition, row) and not _uses_value(condition) for condition in conditions
            ):
                fired = self._run.outcome(node).fired.get(gate.id, [False] * self._run.base.size)[row]
                found = hit if fired else found
            else:
                found = hull([found, hit])
        return found

    # --- what is open -------------------------------------------------------------------------------

    def _leans_on_open(self, node: m.Criterion, row: int) -> bool:
        if node.policy("missing").kind == "block":
            # figures inside `each` are the records'; a missing one blocks through the item's own policy
            own = replace(node, criteria=(), each=None)
            if not all(self._is_certain(top, row) for top in m.expressions_of(own)):
                return True
        elif not all(self._names_settled(top, row) for top in m.expressions_of(replace(node, criteria=()))):
            return True
        return self._looks_at_peers(node) and self._is_open_somewhere(node)

    def _names_settled(self, expression: Expression, row: int) -> bool:
        return all(
            self._part_is_certain(part, row)
            for part in self._that_count(expression, row)
            if isinstance(part, NodeValue) or _is_peer_call(part)
        )

    def _is_open_somewhere(self, node: m.Criterion) -> bool:
        """Whether any unit has yet to report what this node, or a child of it, is made of."""
        if node.id not in self._open:
            self._open[node.id] = False
            outcome = self._run.outcome(node)
            below = any(self._is_open_somewhere(child) for child in node.criteria)
            self._open[node.id] = below or "block" in outcome.fates
        return self._open[node.id]

    def _looks_at_peers(self, node: m.Criterion) -> bool:
        if any(isinstance(step, _PEER_STEPS) for step in node.steps):
            return True
        if any(policy.kind == "peer_mean" for _, policy in node.policies):
            return True
        if node.each is not None and node.each.once is not None and node.each.once.among_all:
            return True
        return any(
            _is_peer_call(part) for top in m.expressions_of(replace(node, criteria=())) for part in walk(top)
        )

    def _is_certain(self, expression: Expression, row: int) -> bool:
        """Whether no figure still to come can change what the expression is for this unit."""
        key = (id(expression), row)
        if key not in self._certain:
            self._certain[key] = all(
                self._part_is_certain(part, row) for part in self._that_count(expression, row)
            )
        return self._certain[key]

    def _that_count(self, expression: Expression, row: int) -> Iterator[Expression]:
        """The parts that the value hangs on: of a choice already made, only the branch taken."""
        yield expression
        taken = self._branches_taken(expression, row)
        for part in children(expression) if taken is None else taken:
            yield from self._that_count(part, row)

    def _branches_taken(self, expression: Expression, row: int) -> list[Expression] | None:
        match expression:
            case ByTable() if self._is_certain(expression.key, row):
                key = self._value(expression.key, row)
                chosen = dict(expression.rows).get("" if isinstance(key, Null) else key_text(key))
                return [part for part in (chosen or expression.otherwise,) if part is not None]
            case Call("if") if self._is_certain(expression.arguments[0], row):
                condition, yes, no = expression.arguments
                holds = self._value(condition, row)
                return [] if isinstance(holds, Null) else [yes if truth(holds) else no]
            case Call("first"):
                counted: list[Expression] = []
                for part in expression.arguments:
                    counted.append(part)
                    if not isinstance(self._value(part, row), Null):
                        break
                return counted
        return None

    def _value(self, expression: Expression, row: int) -> Value:
        """What the expression is now; *missing* for one that speaks of a value so far or of a record."""
        if is_about_rows(expression):
            return Null.MISSING
        return column(self._run, expression, self._run.base)[row]

    def _part_is_certain(self, part: Expression, row: int) -> bool:
        run = self._run
        if isinstance(part, NodeValue):
            owner = _owner_of(run, part)
            if part.which in ("place", "grade") and self._is_open_somewhere(owner):
                return False
            return self._is_settled(owner, row)
        if isinstance(part, ImportedValue):
            return True
        if isinstance(part, Input):
            unit = run.base.unit[row]
            return unit is None or run.input(part)[unit] not in (Null.MISSING, Null.NOT_DUE)
        if _is_peer_call(part):
            return not any(
                run.input(inner)[unit] in (Null.MISSING, Null.NOT_DUE)
                for inner in walk(part)
                if isinstance(inner, Input) and self._is_awaited(inner)
                for unit in run.base.unit
                if unit is not None
            )
        return True

    def _is_awaited(self, wanted: Input) -> bool:
        """Whether some line waits for this column (its policy for the missing is to block)."""
        for node in self._run.scheme.nodes():
            reads = any(
                part == wanted for top in m.expressions_of(replace(node, criteria=())) for part in walk(top)
            )
            if reads and node.policy("missing").kind == "block":
                return True
        return False


def _owner_of(run: Run, part: NodeValue) -> m.Criterion:
    for node in run.scheme.nodes():
        if part.which == "fired":
            if any(gate.id == part.node for gate in node.gates):
                return node
        elif node.id == part.node:
            return node
    raise KeyError(part.node)


def _uses_value(expression: Expression) -> bool:
    return any(isinstance(part, Current) for part in walk(expression))


def _is_peer_call(part: Expression) -> bool:
    if not isinstance(part, Call):
        return False
    prefix, _, statistic = part.function.partition("_")
    return (prefix in ("peer", "all", "others") and bool(statistic)) or (
        part.function == "nth" and part.option("within") is not None
    )


def _affected(kind: str, found: Span, spanner: Spanner, value: object) -> Span:
    if kind == "void":
        return found
    amount = spanner.value(value, found)  # type: ignore[arg-type]
    if kind == "score":
        return amount
    return capped(found, amount) if kind == "cap" else add(found, negate(amount))


# --- places -----------------------------------------------------------------------------------------


def _with_places(run: Run, column: Column, spans: list[Span | None]) -> Column:
    ranking = column.node.rank
    if ranking is None:
        return column
    seen = [_as_seen(column.node, ranking, span) for span in spans]
    keys = group_keys(run, run.base, ranking.within)
    unranked = run.outcome(column.node).unranked
    lows: list[int | None] = []
    highs: list[int | None] = []
    for row, span in enumerate(seen):
        rivals = [
            other
            for place, other in enumerate(seen)
            if keys[place] == keys[row] and run.eligible[place] and place != row and not unranked[place]
        ]
        if span is None or not run.eligible[row] or unranked[row]:
            lows.append(None)
            highs.append(None)
            continue
        above = sum(
            1 for rival in rivals if rival is not None and _surely_better(rival, span, ranking.high_first)
        )
        level = sum(
            1 for rival in rivals if rival is not None and not _surely_better(span, rival, ranking.high_first)
        )
        lows.append(1 + (min(above, 1) if ranking.ties == "dense" else above))
        highs.append(1 + level)
    return replace(column, rank_low=tuple(lows), rank_high=tuple(highs))


def _as_seen(node: m.Criterion, ranking: m.Ranking, span: Span | None) -> Span | None:
    """The span of the figure that rank sees: the published one, unless it uses the exact one."""
    if span is None or node.publish is None or ranking.uses_exact:
        return span
    publish = node.publish

    def printed(end: Number | None) -> Number | None:
        return None if end is None else n.rounded(end, publish.decimals, publish.mode)

    return Span(printed(span.low), printed(span.high))


def _surely_better(left: Span, right: Span, high_first: bool) -> bool:
    if high_first:
        return left.low is not None and right.high is not None and n.compare(left.low, right.high) > 0
    return left.high is not None and right.low is not None and n.compare(left.high, right.low) < 0
