"""Criteria of a scheme as rows of a board: main indicator, points, light, cause and task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from kaohe.outlook.figures import Figure, Span, is_demo
from kaohe.outlook.lights import Light, Lights
from kaohe.outlook.model import Doubt, Progress, Row
from kaohe.outlook.observed import UnitFacts, main_indicator
from kaohe.outlook.progress import nothing_measured, progress_of
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Binary, Call, Expression, Input, Literal, walk
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.oracle.evaluate import column
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sheet import Column, Sheet

Task = Mapping[str, str]
_FROM_TARGET = ("target", "due", "pace")


class CriterionRows:
    """The rows of one unit's criteria."""

    def __init__(
        self,
        run: Run,
        sheet: Sheet,
        facts: UnitFacts,
        lights: Lights,
        doubts: Sequence[Doubt],
        tasks: Sequence[Task],
    ) -> None:
        self.run, self.sheet, self.facts, self.lights = run, sheet, facts, lights
        self.doubts, self.tasks = doubts, tasks
        self.place = run.units.index(facts.unit)

    def rows(self, node: m.Criterion, depth: int = 0) -> Iterator[Row]:
        """The criterion's row; one that combines others is a heading with their rows under it."""
        if not node.criteria:
            yield self._leaf(node, depth)
            return
        yield self._heading(node, depth)
        for child in node.criteria:
            yield from self.rows(child, depth + 1)

    def _heading(self, node: m.Criterion, depth: int) -> Row:
        return Row(
            id=node.id,
            name=node.name,
            progress=nothing_measured(node.name),
            light=None,
            full=self.full(node),
            points=self.points(node),
            depth=depth,
            counted=False,
            heading=True,
            lead=node.duty("lead"),
            owner=node.duty("owner"),
            clause=node.duty("clause"),
        )

    def _leaf(self, node: m.Criterion, depth: int) -> Row:
        progress, full = self._progress(node), self.full(node)
        task = self._task(progress.indicator)
        return Row(
            id=node.id,
            name=node.name,
            progress=progress,
            light=self._light(node, progress),
            full=full,
            points=self.points(node) if full is not None else Span(),
            depth=depth,
            lead=node.duty("lead") or progress.lead,
            owner=node.duty("owner") or progress.owner,
            clause=node.duty("clause"),
            cause=task.get("cause", ""),
            cause_demo="原因 演示数据" in task.get("note", ""),
            task=task.get("deliverable", ""),
            task_due=task.get("due", ""),
            note=self._due(node) or _period_note(self._own_inputs(node, progress.indicator)),
            doubts=tuple(n for n, doubt in enumerate(self.doubts) if doubt.indicator == progress.indicator),
        )

    def _task(self, indicator: str) -> Task:
        """The first task under way against the gap: one that is settled or given up closes nothing more."""
        own = (row for row in self.tasks if indicator and row.get("indicator") == indicator)
        return next((row for row in own if row.get("state") not in ("done", "cancelled")), {})

    def part_row(self, total: Row, part: Progress) -> Row:
        """A part of a total, shown under it and not scored."""
        return Row(
            id=f"{total.id}.{part.indicator}",
            name=part.name,
            progress=part,
            light=None,
            scored=False,
            depth=1,
            counted=False,
            lead=part.lead or total.lead,
            owner=part.owner or total.owner,
        )

    # --- indicator ------------------------------------------------------------------------------

    def main(self, node: m.Criterion) -> str:
        """The indicator that stands for a criterion: the one that its note names, else the first bare one
        in its figure; blank when it has none."""
        named = main_indicator(node.duty("note"))
        if named:
            return named
        found = (part for part in _inputs(node.figure) if part.role == "figure" and part.numeric)
        return next((part.name for part in found), "")

    def _progress(self, node: m.Criterion) -> Progress:
        name = self.main(node)
        if not name or not self._is_known(name):
            return self._by_records(node)
        own = self._own_inputs(node, name)
        choice = next((dict(part.choice) for part in own if part.role in _FROM_TARGET and part.choice), {})
        progress = progress_of(self.facts, name, choice, _own_period(own))
        return self._by_records(node) if self._scored_without(node, progress) else progress

    def _scored_without(self, node: m.Criterion, progress: Progress) -> bool:
        """Whether the unit has its points from other facts than an indicator that it does not report."""
        outcome = self.run.outcome(node)
        has_value = not isinstance(outcome.values[self.place], Null) and not outcome.filled[self.place]
        return progress.presence == "missing" and has_value

    def _own_inputs(self, node: m.Criterion, name: str) -> list[Input]:
        own = m.expressions_of(replace(node, criteria=()))
        return [part for top in own for part in _inputs(top) if part.name == name]

    def _is_known(self, name: str) -> bool:
        known = self.facts.data
        if known.indicator(name) is not None:
            return True
        return name in known.names() and known.column_kind(name) == "number"

    def _by_records(self, node: m.Criterion) -> Progress:
        """A criterion scored from records or from another scheme: how many records, or its starting value."""
        value = self.sheet.column(node.id).values[self.place]
        if isinstance(value, Null):
            return nothing_measured(node.name)
        source = self.run.outcome(node).source[self.place]
        if node.each is not None:
            table = "marks" if node.each.source == "marks" else node.each.table
            count = len(self.run.outcome(node).parts[self.place])
            return _measured(node.name, Figure(Fraction(count), 0, demo=self._demo_records(table)), "条")
        if not isinstance(source, Fraction):
            return nothing_measured(node.name)
        demo = any(self._demo_records(table) for table in _tables_in(node.figure))
        if isinstance(node.figure, Binary) and node.figure.operator == "/":
            return _measured(node.name, Figure(source * 100, 1, demo=demo), "%")
        return _measured(node.name, Figure(source, 2, demo="虚构" in self.run.scheme.basis), "分")

    def _demo_records(self, table: str) -> bool:
        return any(is_demo(row.get("source", "")) for row in self.facts.records(table))

    # --- points ---------------------------------------------------------------------------------

    def full(self, node: m.Criterion) -> Fraction | None:
        """The criterion's full points for the unit."""
        return self.constant(node.points)

    def constant(self, expression: Expression | None) -> Fraction | None:
        """What an expression of the scheme comes to for the unit."""
        if expression is None:
            return None
        value = column(self.run, expression, self.run.base)[self.place]
        return value if isinstance(value, Fraction) else None

    def points(self, node: m.Criterion) -> Span:
        """The criterion's points: what is certain, to what is still possible."""
        results = self.sheet.column(node.id)
        low, high = _bounds(results, self.place)
        return Span(low, high)

    # --- light ----------------------------------------------------------------------------------

    def _light(self, node: m.Criterion, progress: Progress) -> Light | None:
        value = self.sheet.column(node.id).values[self.place]
        if progress.presence == "not_due" or value is Null.NOT_DUE:
            return self.lights["not_due"]
        if progress.presence == "missing" or value is Null.MISSING:
            return self.lights["missing"]
        reached, gap = progress.attainment.value, progress.gap.value
        if reached is not None and gap is not None:
            return self.lights.by_schedule(reached / 100, gap, progress.piles_up)
        full = self.full(node)
        if full and isinstance(value, Fraction):
            return self.lights.by_points(value / full)
        return None

    def _due(self, node: m.Criterion) -> str:
        if node.counts_from is None or not isinstance(self.sheet.column(node.id).values[self.place], Null):
            return ""
        return f"{int(node.counts_from[5:7])}月起计分"


def _measured(name: str, actual: Figure, measure: str) -> Progress:
    return replace(nothing_measured(name), actual=actual, measure=measure, presence="present")


def _inputs(expression: Expression | None) -> Iterator[Input]:
    if expression is not None:
        yield from (part for part in walk(expression) if isinstance(part, Input))


def _own_period(inputs: Sequence[Input]) -> Period | None:
    return next((part.period for part in inputs if part.role == "figure" and part.period is not None), None)


def _period_note(inputs: Sequence[Input]) -> str:
    period = _own_period(inputs)
    if period is None:
        return ""
    first, last = period.month_list()[0], period.month_list()[-1]
    return f"{first.year}年{first.end_month}月—{last.year}年{last.end_month}月"


def _tables_in(expression: Expression | None) -> Iterator[str]:
    for part in walk(expression) if expression is not None else ():
        if isinstance(part, Call) and part.function in ("count", "sum", "events") and part.arguments:
            first = part.arguments[0]
            if isinstance(first, Literal) and isinstance(first.value, str):
                yield first.value


def _bounds(results: Column, place: int) -> tuple[Fraction | None, Fraction | None]:
    if results.low is not None and results.high is not None:
        return _fraction(results.low[place]), _fraction(results.high[place])
    value = _fraction(results.printed[place])
    return value, value


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, Inexact):
        return Fraction(value.decimal)
    return value if isinstance(value, Fraction) else None
