"""The verb ``lint``: the problems of a scheme, by itself and, when facts are at hand, over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kaohe.facts.dataset import Dataset
from kaohe.facts.errors import DataError, SchemeError
from kaohe.facts.model import Direction, IndicatorKind
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.checks.ranking import growth_of_share
from kaohe.schemes.expressions import Call, Expression, Input, walk
from kaohe.schemes.findings import Finding, error, in_file_order, of_message, warning
from kaohe.schemes.lint import lint_scheme, read_or_findings
from kaohe.schemes.loader import load_scheme
from kaohe.schemes.readback import ReadBack
from kaohe.schemes.readback import read_back as written_back
from kaohe.scoring.api import bound_scheme, run_scheme
from kaohe.scoring.binding import Bound
from kaohe.scoring.numbers import Inexact, Null, Value, compare
from kaohe.scoring.oracle.nodes import Outcome, limits_of
from kaohe.scoring.oracle.run import Run

# Of fewer units "all the same" says nothing.
_FEWEST_UNITS = 4
_SATURATED = Fraction(9, 10)


def lint(
    scheme: str | Path,
    data: str | Path | None = None,
    strict: bool = False,
    *,
    period: str | Period | None = None,
) -> tuple[Finding, ...]:
    """The problems of a scheme, in file order; over ``data`` those as well that only figures show.

    ``strict`` makes errors of warnings. Raises ``SchemeError`` when there is no scheme to read (absent,
    empty, not text) and ``DataError`` when the facts cannot be read; every other fault is a finding.
    """
    read = read_or_findings(Path(scheme), Path(data) if data is not None else None)
    if not isinstance(read, m.Scheme):
        return read
    findings = [*lint_scheme(read)]
    if data is not None:
        findings += _over(Path(scheme), Path(data), period)
    kept = in_file_order(findings)
    return tuple(replace(finding, severity="error") for finding in kept) if strict else kept


def _over(scheme: Path, data: Path, period: str | Period | None) -> Iterator[Finding]:
    try:
        bound = bound_scheme(scheme, data, period)
    except SchemeError as fault:
        yield from _findings_of(fault, "cannot-be-bound", scheme)
        return
    yield from _misread(bound)
    yield from _scored(scheme, data, period)


def _findings_of(fault: SchemeError | DataError, identifier: str, scheme: Path) -> Iterator[Finding]:
    for message in fault.messages:
        yield of_message(identifier, message, str(scheme))


def read_back(
    scheme: str | Path, data: str | Path | None = None, *, period: str | Period | None = None
) -> tuple[ReadBack, ...]:
    """Each line of a scheme as a Chinese sentence beside its clause; with ``data``, indicators by name.

    Raises ``SchemeError`` or ``DataError`` with every fault found.
    """
    loaded = load_scheme(scheme, data)
    return written_back(loaded, {} if data is None else _names(bound_scheme(scheme, data, period).dataset))


def _names(dataset: Dataset) -> dict[str, str]:
    """The names of the indicators that have one of their own."""
    defined = {name: dataset.indicator(name) for name in dataset.names()}
    return {name: indicator.name for name, indicator in defined.items() if indicator and indicator.name}


# --- definitions of indicators ----------------------------------------------------------------------


def _misread(bound: Bound) -> Iterator[Finding]:
    """Places that put the wrong end first, growth rates of shares: as the indicators are defined."""
    for node in bound.scheme.nodes():
        yield from _wrong_end(bound.dataset, node)
    for top in m.expressions_of(bound.scheme):
        for part in walk(top):
            if isinstance(part, Call) and part.function == "growth_over":
                figure = part.arguments[0]
                if isinstance(figure, Input) and _is_share(bound.dataset, figure.name):
                    yield growth_of_share(figure.name, part)


def _is_share(dataset: Dataset, name: str) -> bool:
    indicator = dataset.indicator(name)
    return indicator is not None and (
        indicator.kind is IndicatorKind.RATIO or indicator.measure in ("%", "‰", "%")
    )


def _wrong_end(dataset: Dataset, node: m.Criterion) -> Iterator[Finding]:
    ranking = _first_ranking(node)
    indicator = dataset.indicator(_ranked_name(node.figure)) if ranking is not None else None
    if ranking is None or indicator is None or not ranking.high_first:
        return
    if indicator.direction is Direction.DOWN:
        name = indicator.name or indicator.indicator
        said = f"{node.name}按从高到低排名(first: high),但{name}越低越好,应为 first: low"
        yield warning("wrong-end-first", said, node.at)


def _first_ranking(node: m.Criterion) -> m.Ranking | None:
    """The ranking that sees the figure itself: a step ``rank``, or the place of a node without steps."""
    if not node.steps:
        return node.rank
    harmless = m.Stop | m.Expect | m.Round
    first = next((step for step in node.steps if not isinstance(step, harmless)), None)
    return first.ranking if isinstance(first, m.Rank) else None


def _ranked_name(figure: Expression | None) -> str:
    """The indicator that grows when the figure grows: itself, its growth, its change."""
    if isinstance(figure, Call) and figure.function == "growth_over":
        figure = figure.arguments[0]
    return figure.name if isinstance(figure, Input) and figure.role == "figure" else ""


# --- scores -----------------------------------------------------------------------------------------


def _scored(scheme: Path, data: Path, period: str | Period | None) -> Iterator[Finding]:
    """Every node worked out, children first; a fault in one keeps its parents out, not its siblings."""
    run = run_scheme(scheme, data, period)
    failed: set[str] = set()
    told: set[str] = set()
    for node in _children_first(run.scheme):
        if any(child.id in failed for child in node.criteria):
            failed.add(node.id)
            continue
        try:
            outcome = run.outcome(node)
        except (SchemeError, DataError) as fault:
            failed.add(node.id)
            fresh = [message for message in fault.messages if message not in told]
            told.update(fresh)
            yield from (of_message("cannot-be-scored", message, str(scheme)) for message in fresh)
            # A run that broke off half-way remembers where it was.
            run = run_scheme(scheme, data, period)
        else:
            yield from _of_outcome(run, node, outcome)
    yield from (of_message("outside-points", note, str(scheme)) for note in dict.fromkeys(run.notes))
    yield from (of_message("tied-claims", note, str(scheme)) for note in dict.fromkeys(run.tied))


def _children_first(scheme: m.Scheme) -> Iterator[m.Criterion]:
    def below(node: m.Criterion) -> Iterator[m.Criterion]:
        for child in node.criteria:
            yield from below(child)
        yield node

    for top in (scheme.root, *scheme.also):
        yield from below(top)


def _of_outcome(run: Run, node: m.Criterion, outcome: Outcome) -> Iterator[Finding]:
    if node.combine.kind == "geometric":
        yield from _negatives(run, node)
    if not node.criteria and node is not run.scheme.root and node.id not in _extra_ids(run.scheme):
        yield from _dead_or_saturated(run, node, outcome)


def _extra_ids(scheme: m.Scheme) -> set[str]:
    return {node.id for top in scheme.also for node in top.walk()}


def _negatives(run: Run, node: m.Criterion) -> Iterator[Finding]:
    for child in node.criteria:
        values = run.outcome(child).values
        units = [unit for unit, value in zip(run.units, values, strict=True) if _is_below(value, Fraction(0))]
        if units:
            listed = "、".join(units[:3]) + (f"等 {len(units)} 个单位" if len(units) > 3 else "")
            said = f"{node.name}按几何平均合成,但{child.name}为负({listed}),负数没有几何平均"
            yield error("geometric-negative", said, child.at)


def _is_below(value: Value, limit: Fraction) -> bool:
    return isinstance(value, Fraction | Inexact) and compare(value, limit) < 0


def _dead_or_saturated(run: Run, node: m.Criterion, outcome: Outcome) -> Iterator[Finding]:
    """A line that tells no unit from another; one where nearly all have full marks."""
    rows = [row for row, value in enumerate(outcome.values) if not isinstance(value, Null | str)]
    if len(rows) < _FEWEST_UNITS or node.points is None:
        return
    values = [outcome.values[row] for row in rows]
    if all(value == values[0] for value in values):
        said = f"{node.name}没有区分度:{len(rows)} 个单位得分相同"
        yield warning("dead-line", said, node.at)
        return
    full = _at_full_marks(run, node, outcome, rows)
    if Fraction(full, len(rows)) > _SATURATED:
        yield warning("saturated-line", f"{node.name}几乎都得满分:{len(rows)} 个单位中 {full} 个", node.at)


def _at_full_marks(run: Run, node: m.Criterion, outcome: Outcome, rows: Iterable[int]) -> int:
    limits = limits_of(run, replace(node, extra=None), run.base)
    assert limits is not None
    return sum(not _is_short(outcome.values[row], limits[1][row]) for row in rows)


def _is_short(value: Value, full: Value) -> bool:
    return isinstance(value, Fraction | Inexact) and isinstance(full, Fraction) and compare(value, full) < 0
