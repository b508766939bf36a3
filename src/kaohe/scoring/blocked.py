"""Lines that keep a sheet from being final."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.schemes import model as m
from kaohe.scoring.numbers import Null
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.words import REASONS


def blocked_lines(run: Run) -> tuple[str, ...]:
    """For each unit and line that has no score yet and is waited for: who, which line, why."""
    return tuple(message for node in run.scheme.nodes() for message in _of_node(run, node))


def _of_node(run: Run, node: m.Criterion) -> Iterator[str]:
    outcome = run.outcome(node)
    children = [run.outcome(child) for child in node.criteria]
    for row, (value, fate) in enumerate(zip(outcome.values, outcome.fates, strict=True)):
        # A block above a blocked line is blocked by it: the line itself is what someone has to report.
        if not isinstance(value, Null) or fate != "block" or any(c.fates[row] == "block" for c in children):
            continue
        yield f"{run.units[row]}:{node.name or node.id}({node.id}){REASONS[value]},不能定分"
