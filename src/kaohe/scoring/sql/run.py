"""Scores a scheme on an SQL engine; rows that DOUBLE cannot settle are settled by the oracle."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from kaohe.engines.base import Engine, Row, open_engine
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Call, Expression, NodeValue, walk
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.numbers import Value as ExactValue
from kaohe.scoring.oracle import nodes as oracle_nodes
from kaohe.scoring.oracle.nodes import Outcome
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sheet import Sheet
from kaohe.scoring.sql.combining import APART, FATES, UNSAID
from kaohe.scoring.sql.compile import DOUBT, LEAF_DOUBT, Compiled, SchemeCompiler, output_terms
from kaohe.scoring.sql.context import Text, Truth, Value
from kaohe.scoring.sql.few_rows import FewRows
from kaohe.scoring.sql.memory import STATE_CODES, MemoryFacts
from kaohe.scoring.sql.nodes import NodeTerms
from kaohe.scoring.sql.numbers import settled
from kaohe.scoring.sql.terms import Term, column, forget_terms

logger = logging.getLogger(__name__)
_REASON = {code: null for null, code in STATE_CODES.items()}
_FATE_WORDS = {UNSAID: "", **{code: word for word, code in FATES.items()}}


@dataclass(frozen=True)
class Evaluation:
    """A run whose nodes come from an engine; ``recomputed`` rows were settled by the oracle and
    ``left`` are the nodes that SQL does not express."""

    run: Run
    recomputed: int
    left: tuple[str, ...]


def score_on(engine: str, scheme: str | Path, data: str | Path, period: str | Period | None = None) -> Sheet:
    """The sheet that the oracle would give, worked out on ``duckdb`` or ``spark``."""
    from kaohe.scoring.api import run_scheme
    from kaohe.scoring.ranges import is_provisional, with_ranges
    from kaohe.scoring.results import sheet_of

    exact = run_scheme(scheme, data, period)
    with open_engine(engine) as opened:
        found = evaluate(exact, opened)
    if is_provisional(found.run):
        # ranges are worked out by the oracle, over the whole sheet
        return replace(with_ranges(exact, sheet_of), engine=engine, recomputed=exact.base.size)
    return replace(sheet_of(found.run), engine=engine, recomputed=found.recomputed)


def evaluate(exact: Run, engine: Engine | None) -> Evaluation:
    """Every node of the scheme on ``engine`` (None: in plain Python, for few rows).

    ``exact`` is the oracle over the same scheme and facts.
    """
    facts = MemoryFacts(exact)
    compiler = SchemeCompiler(exact.scheme, facts)
    compiled = compiler.compiled()
    outputs = {"row": column("row"), **output_terms(compiled)}
    rows = _rows_of(compiled, outputs, facts, engine)
    found = Results(exact, list(outputs), sorted(rows, key=lambda row: row[0]))  # type: ignore[arg-type, return-value]
    outcomes = {id_: found.outcome(place, terms) for place, (id_, terms) in enumerate(compiled.nodes.items())}
    doubtful = _settled(exact, outcomes, found, compiled.leaves)
    if found.at_odds:
        logger.debug("%s: %d rows at odds with themselves", exact.scheme.title, len(found.at_odds))
    recomputed = exact.base.size if compiled.left_to_oracle else len(doubtful)
    forget_terms()
    return Evaluation(_filled_run(exact, outcomes), recomputed, compiled.left_to_oracle)


def _rows_of(
    compiled: Compiled, outputs: Mapping[str, Term], facts: MemoryFacts, engine: Engine | None
) -> list[Row]:
    if engine is None:
        source = {each.name: each.values for each in facts.columns}
        columns = FewRows(compiled.plan, outputs).evaluate(source, facts.rows)
        return list(zip(*columns.values(), strict=True))
    engine.load("facts", facts.columns)
    rows = engine.rows(compiled.statement("facts", outputs))
    engine.drop("facts")
    return rows


class Results:
    """Rows of an engine → outcomes as the oracle makes them."""

    def __init__(self, exact: Run, names: Sequence[str], rows: Sequence[Row]) -> None:
        self._exact = exact
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        self._columns = dict(zip(names, columns, strict=True))
        self.at_odds: set[int] = set()

    def flags(self, which: str) -> list[int]:
        """Rows in doubt; one with both a value and a reason for having none (or neither) always is."""
        return sorted({row for row, doubt in enumerate(self._columns[which]) if doubt} | self.at_odds)

    def outcome(self, place: int, terms: NodeTerms) -> Outcome:
        prefix = f"n{place}"
        values = self._values(f"{prefix}_value", terms.value)
        fates = self._fates(prefix, terms, values)
        outcome = Outcome(terms.node, list(values), values, fates)
        if terms.published is not None:
            outcome.published = self._values(f"{prefix}_published", terms.published)
        if terms.place is not None:
            outcome.places = self._values(f"{prefix}_place", terms.place)
        if terms.grade is not None:
            outcome.grades = list(self._columns[f"{prefix}_grade"])
        for at, gate in enumerate(terms.fired):
            outcome.fired[gate] = [bool(flag) for flag in self._columns[f"{prefix}_fired{at}"]]
        size = len(values)
        outcome.flags, outcome.forced, outcome.filled = [()] * size, [""] * size, [""] * size
        outcome.unranked = [fate == _FATE_WORDS[APART] for fate in fates]
        outcome.stopped = [False] * size
        return outcome

    def _fates(self, prefix: str, terms: NodeTerms, values: list[ExactValue]) -> list[str]:
        null = [isinstance(value, Null) for value in values]
        if terms.fate.sql is not None:
            codes = self._columns[f"{prefix}_fate"]
            return [
                _FATE_WORDS.get(code, "block") if flag else "" for flag, code in zip(null, codes, strict=True)
            ]
        word = _FATE_WORDS.get(next(iter(terms.fate.possible), 1), "block")
        return [word if flag else "" for flag in null]

    def _values(self, name: str, value: Value) -> list[ExactValue]:
        found, states = self._columns[name], self._columns[f"{name}_state"]
        under = self._columns.get(f"{name}_over")
        made: list[ExactValue] = []
        for row, (item, state) in enumerate(zip(found, states, strict=True)):
            absent = item is None or (under is not None and under[row] is None)
            if (state is None) == absent:
                self.at_odds.add(row)
            if state is not None or absent:
                made.append(_REASON[state] if state is not None else Null.UNDEFINED)
            elif under is not None:
                made.append(Fraction(round(item), round(under[row])))
            else:
                made.append(_exact_value(item, value))
        return made


def _exact_value(item: object, value: Value) -> ExactValue:
    if isinstance(value, Text):
        return str(item)
    if isinstance(value, Truth):
        return Fraction(bool(item))
    assert isinstance(item, float)
    number = settled(value)
    if number.grid is not None and number.canonical:
        return Fraction(round(item * number.grid), number.grid)
    if number.canonical and number.denominator < 2**40:
        return Fraction(item).limit_denominator(int(number.denominator))
    return Inexact(Decimal(item))


def _filled_run(exact: Run, outcomes: dict[str, Outcome]) -> Run:
    run = Run(exact.bound, exact._imports, exact._frozen, exact._sheet)
    run._outcomes = outcomes
    run.frozen_used, run.tied = exact.frozen_used, exact.tied
    for outcome in outcomes.values():
        run.notes.extend(oracle_nodes.check_limits(run, outcome, run.base))
    return run


# --- doubtful rows --------------------------------------------------------------------------------


def _doubtful_rows(exact: Run, flagged: list[int]) -> list[int]:
    """The rows to ask of the oracle: the flagged alone, or all of their peer groups."""
    if not flagged:
        return []
    reach = reach_of(exact.scheme)
    if reach == "unit":
        return flagged
    if reach == "everyone":
        return list(range(exact.base.size))
    keys = {exact.peer_key[row] for row in flagged}
    return [row for row in range(exact.base.size) if exact.peer_key[row] in keys]


def reach_of(scheme: m.Scheme) -> str:
    """How far one unit's figures reach: ``unit``, its peer ``group``, or ``everyone``."""
    reach = {"unit"}
    for node in scheme.nodes():
        reach.update(_outcome_reach(node))
        for step in _steps_in(node):
            reach.update(_step_reach(step))
    for top in m.expressions_of(scheme):
        reach.update(_expression_reach(top))
    if "everyone" in reach or ("group" in reach and scheme.peers is None):
        return "everyone"
    return "group" if "group" in reach else "unit"


def _steps_in(part: object) -> list[m.Step]:
    from dataclasses import fields, is_dataclass

    if isinstance(part, tuple):
        return [step for item in part for step in _steps_in(item)]
    if isinstance(part, get_args(Expression)) or not is_dataclass(part):
        return []
    own = [part] if isinstance(part, m.Step) else []
    inner = [step for item in fields(part) for step in _steps_in(getattr(part, item.name))]
    return [*own, *inner]


def _within_reach(within: object) -> str:
    return "group" if within is None else "everyone"


def _step_reach(step: m.Step) -> set[str]:
    if isinstance(step, m.Rank):
        return {_within_reach(step.ranking.within)}
    if isinstance(step, m.PercentRank | m.Winsorise):
        return {_within_reach(step.within)}
    return {"group"} if isinstance(step, m.Standardise) else set()


def _outcome_reach(node: m.Criterion) -> set[str]:
    found = {_within_reach(node.rank.within)} if node.rank is not None else set()
    found |= {_within_reach(row.within) for row in node.grades if row.top is not None}
    if any(policy.kind == "peer_mean" for _, policy in node.policies):
        found.add("group")
    if node.each is not None and node.each.once is not None and node.each.once.among_all:
        found.add("everyone")
    return found


def _expression_reach(top: Expression) -> set[str]:
    found: set[str] = set()
    for part in walk(top):
        if isinstance(part, Call):
            prefix = part.function.partition("_")[0]
            if prefix in ("peer", "others"):
                found.add(_within_reach(part.option("within")))
            elif prefix == "all" or part.function in ("of", "nth"):
                found.add("everyone")
    return found


def looks_at_peers(expression: Expression | None) -> bool:
    """Whether an expression sees other units: peer statistics, places, or grades, which may be quotas."""
    if expression is None:
        return False
    seen = any(isinstance(part, NodeValue) and part.which in ("place", "grade") for part in walk(expression))
    return seen or bool(_expression_reach(expression))


def is_row_by_row(node: m.Criterion) -> bool:
    """Whether a node, its own place excepted, is worked out from one unit's figures alone."""
    alone = replace(node, criteria=(), rank=None)
    return (
        not _outcome_reach(alone)
        and not any(_step_reach(step) for step in _steps_in(alone))
        and not any(looks_at_peers(top) for top in m.expressions_of(alone))
    )


def _settled(exact: Run, outcomes: dict[str, Outcome], found: Results, leaves: Sequence[str]) -> list[int]:
    """The doubtful rows, after the oracle's outcomes were put in place of the engine's."""
    whole = _doubtful_rows(exact, found.flags(LEAF_DOUBT))
    every = _doubtful_rows(exact, found.flags(DOUBT))
    upper = sorted(set(every) - set(whole))
    if whole:
        _settle(exact, outcomes, whole, {})
    if upper:
        _settle(exact, outcomes, upper, {leaf: outcomes[leaf] for leaf in leaves})
    return sorted({*whole, *upper})


def _settle(exact: Run, outcomes: dict[str, Outcome], rows: list[int], known: dict[str, Outcome]) -> None:
    """The oracle's outcome of these rows; leaves that the engine knows exactly are not worked out again."""
    places = tuple(unit for row in rows if (unit := exact.base.unit[row]) is not None)
    small = Run(replace(exact.bound, rows=places), exact._imports, exact._frozen, exact._sheet)
    small._outcomes.update({name: rows_of(outcome, rows) for name, outcome in known.items()})
    for id_, outcome in outcomes.items():
        if id_ not in known:
            _copy_rows(outcome, small.outcome_of(id_), rows)


def rows_of(outcome: Outcome, rows: list[int]) -> Outcome:
    """The same outcome for only these rows."""

    def pick(values: list[Any] | None) -> list[Any] | None:
        return None if values is None else [values[row] for row in rows]

    picked = Outcome(
        outcome.node, pick(outcome.values) or [], pick(outcome.values) or [], pick(outcome.fates) or []
    )
    picked.published, picked.places, picked.grades = (
        pick(outcome.published),
        pick(outcome.places),
        pick(outcome.grades),
    )
    picked.fired = {gate: [flags[row] for row in rows] for gate, flags in outcome.fired.items()}
    picked.unranked = pick(outcome.unranked) or []
    picked.flags, picked.forced, picked.filled = [()] * len(rows), [""] * len(rows), [""] * len(rows)
    picked.stopped = [False] * len(rows)
    return picked


def _copy_rows(into: Outcome, found: Outcome, rows: list[int]) -> None:
    for at, row in enumerate(rows):
        into.values[row], into.fates[row] = found.values[at], found.fates[at]
        into.unranked[row] = found.unranked[at]
        if into.published is not None and found.published is not None:
            into.published[row] = found.published[at]
        if into.places is not None and found.places is not None:
            into.places[row] = found.places[at]
        if into.grades is not None and found.grades is not None:
            into.grades[row] = found.grades[at]
        for gate, flags in found.fired.items():
            into.fired.setdefault(gate, [False] * len(into.values))[row] = flags[at]


__all__ = ["Evaluation", "Results", "evaluate", "reach_of", "rows_of", "score_on"]
