"""A finished run → the score sheet."""

from __future__ import annotations

from dataclasses import replace

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression, Input, NodeValue, walk
from kaohe.scoring.oracle.nodes import Outcome
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sheet import Column, Sheet, finished


def sheet_of(run: Run, engine: str = "oracle") -> Sheet:
    """Every node of the run's scheme, in file order, with its marks."""
    outcomes = {node.id: run.outcome(node) for node in run.scheme.nodes()}
    estimated = estimated_nodes(run)
    columns = tuple(_column(outcomes[node.id], estimated[node.id]) for node in run.scheme.nodes())
    notes = [f"{period} 的得分取自封存的结果" for period in sorted(run.frozen_used)]
    return finished(
        Sheet(
            scheme=run.scheme,
            period=run.period,
            units=run.units,
            nodes=columns,
            gates=_fired(run, outcomes),
            findings=(*dict.fromkeys(run.notes), *dict.fromkeys(run.tied)),
            engine=engine,
            notes=tuple(notes),
            unit_names=unit_names(run),
        )
    )


def unit_names(run: Run, attribute: str = "name") -> tuple[str, ...]:
    """The Chinese name of each assessed unit, its id where it has none; empty when no unit has one."""
    if attribute not in run.dataset.names():
        return ()
    cells = run.dataset.attribute(attribute)
    shown = (cells[unit] for unit in run.base.unit if unit is not None)
    return tuple(str(c.value) if c.present else unit for c, unit in zip(shown, run.units, strict=True))


def _column(outcome: Outcome, estimated: list[bool]) -> Column:
    return Column(
        node=outcome.node,
        values=tuple(outcome.values),
        printed=tuple(outcome.printed()),
        places=None if outcome.places is None else tuple(outcome.places),
        grades=None if outcome.grades is None else tuple(outcome.grades),
        estimated=tuple(estimated),
    )


def _fired(run: Run, outcomes: dict[str, Outcome]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(gate for outcome in outcomes.values() for gate, rows in outcome.fired.items() if rows[row])
        for row in range(run.base.size)
    )


def estimated_nodes(run: Run) -> dict[str, list[bool]]:
    """For each node and unit, whether any figure it derives from is an estimate (含预计)."""
    known: dict[str, list[bool]] = {}

    def of_node(node: m.Criterion) -> list[bool]:
        if node.id not in known:
            known[node.id] = [False] * run.base.size
            known[node.id] = of_parts(node)
        return known[node.id]

    def of_parts(node: m.Criterion) -> list[bool]:
        marks = [False] * run.base.size
        for child in node.criteria:
            marks = [a or b for a, b in zip(marks, of_node(child), strict=True)]
        for top in _own_expressions(node):
            for part in walk(top):
                if isinstance(part, Input):
                    cells = run.cells(part)
                    marks = [
                        a or (unit is not None and cells[unit].estimated)
                        for a, unit in zip(marks, run.base.unit, strict=True)
                    ]
                elif isinstance(part, NodeValue) and part.which != "fired":
                    marks = [
                        a or b for a, b in zip(marks, of_node(run.outcome_of(part.node).node), strict=True)
                    ]
        return marks

    for node in run.scheme.nodes():
        of_node(node)
    return known


def _own_expressions(node: m.Criterion) -> list[Expression]:
    own = replace(node, criteria=())
    return list(m.expressions_of(own))
