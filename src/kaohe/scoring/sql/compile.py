"""A bound scheme → one SQL statement: layered CTEs over a table of facts, a column a node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlglot import exp

from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression, Input, NodeValue, walk
from kaohe.scoring.sql.combining import Fate
from kaohe.scoring.sql.context import NOT_APPLICABLE, Context, Doubts, Text, Truth, Value
from kaohe.scoring.sql.expressions import holds
from kaohe.scoring.sql.nodes import NodeTerms, compiled
from kaohe.scoring.sql.numbers import Number, Unsupported, null_number, settled
from kaohe.scoring.sql.plan import Plan, references_of
from kaohe.scoring.sql.terms import (
    FALSE,
    NULL_STATE,
    TRUE,
    Term,
    any_of,
    case,
    coalesce,
    column,
    integer,
    number,
)

DOUBT, LEAF_DOUBT = "doubt", "leaf_doubt"


class Facts(Protocol):
    """Columns of facts; what SQL cannot say comes from the oracle, exact, as a column too."""

    period: Period | None

    @property
    def rows(self) -> int:
        """How many rows a peer group may have at most."""

    def number(self, wanted: Input) -> Number: ...

    def text(self, wanted: Input) -> Text: ...

    def group(self) -> Text | None: ...

    def prepared(self, expression: Expression) -> Value:
        """An expression over facts alone, worked out by the oracle."""

    def prepared_records(self, node: m.Criterion) -> tuple[Value, Fate]:
        """What the records of a node come to, worked out by the oracle."""

    def prepared_node(self, node: m.Criterion) -> NodeTerms:
        """A whole node, worked out by the oracle."""


@dataclass
class Compiled:
    """The statement's CTEs and what its columns are."""

    scheme: m.Scheme
    nodes: dict[str, NodeTerms]
    left_to_oracle: tuple[str, ...]
    plan: Plan
    leaf_doubts: Doubts
    upper_doubts: Doubts
    leaves: tuple[str, ...]
    doubts_of: Mapping[str, Term]

    @property
    def doubt(self) -> Term:
        """Whether anything of the row must be asked of the oracle."""
        return coalesce(any_of(self.leaf_doubts.sql, self.upper_doubts.sql), FALSE)

    @property
    def leaf_doubt(self) -> Term:
        """Whether a leaf is in doubt; otherwise exact leaves settle the nodes above them."""
        return coalesce(self.leaf_doubts.sql, FALSE)

    def statement(
        self, source: str, outputs: Mapping[str, Term], given: Collection[str] = ()
    ) -> exp.Expression:
        """``SELECT outputs`` over the table ``source``, which already holds the definitions ``given``."""
        *below, (_, last) = self.plan.select(outputs, source, given)
        made: exp.Expression = last
        for alias, query in below:
            made = made.with_(exp.Identifier(this=alias, quoted=True), as_=query, copy=False)  # type: ignore[attr-defined]
        return made


class SchemeCompiler:
    """Compiles every node once; a node that SQL cannot express is taken from the oracle."""

    def __init__(self, scheme: m.Scheme, facts: Facts, partition: tuple[Term, ...] = ()) -> None:
        self.scheme = scheme
        self.facts = facts
        self.period = facts.period
        self.left: list[str] = []
        self._nodes: dict[str, NodeTerms] = {}
        self._by_id = {node.id: node for node in scheme.nodes()}
        self._open: list[str] = []
        self._moved_to = {name for node in scheme.nodes() for _, p in node.policies for name in p.move_to}
        plan, doubts = Plan(), Doubts()
        self._upper = Doubts()
        self._leaves: list[str] = []
        self._doubts_of: dict[str, Term] = {}
        self.context = Context(plan, self, doubts, facts.rows, facts.group(), TRUE, TRUE, partition=partition)
        if scheme.eligible is not None:
            eligible = plan.define(holds(self.context, scheme.eligible), "eligible")
            self.context = replace(self.context, eligible=eligible)

    def compiled(self) -> Compiled:
        for node in self.scheme.nodes():
            self.terms_of(node)
        in_order = {node.id: self._nodes[node.id] for node in self.scheme.nodes()}
        leaves = tuple(name for name in self._leaves if _is_recoverable(in_order[name]))
        return Compiled(
            self.scheme,
            in_order,
            tuple(self.left),
            self.context.plan,
            self.context.doubts,
            self._upper,
            leaves,
            self._doubts_of,
        )

    # --- Sources --------------------------------------------------------------------------------

    def number(self, wanted: Input) -> Number:
        return self.facts.number(wanted)

    def text(self, wanted: Input) -> Text:
        return self.facts.text(wanted)

    def prepared(self, expression: Expression) -> Value:
        return self.facts.prepared(expression)

    def node(self, wanted: NodeValue) -> Value:
        if wanted.which == "fired":
            return self._fired(wanted.node)
        terms = self.terms_of(self._by_id[wanted.node])
        match wanted.which:
            case "score":
                return terms.value
            case "published":
                return terms.printed
            case "place":
                return terms.place if terms.place is not None else null_number(integer(NOT_APPLICABLE))
            case _:
                assert terms.grade is not None
                return terms.grade

    def _fired(self, gate: str) -> Value:
        owner = next(node for node in self.scheme.nodes() for each in node.gates if each.id == gate)
        fired = self.terms_of(owner).fired.get(gate, FALSE)
        sql = case(coalesce(fired, FALSE), number(1), number(0))
        return Number(sql, None, 0.0, 1.0, 0.0, 0.0, 1, True, 1.0)

    # --- Tree -----------------------------------------------------------------------------------

    def terms_of(self, node: m.Criterion) -> NodeTerms:
        if node.id not in self._nodes:
            if node.id in self._open:
                # A cycle: the oracle reports it with its path.
                raise Unsupported("a cycle")
            self._open.append(node.id)
            self._nodes[node.id] = self._compiled(node)
            self._open.pop()
        return self._nodes[node.id]

    def _compiled(self, node: m.Criterion) -> NodeTerms:
        context = self.context
        if _is_leaf(node):
            self._leaves.append(node.id)
        else:
            context = replace(context, doubts=self._upper)
        noted = len(context.doubts.terms)
        try:
            made = compiled(self, context, node)
            if context is self.context:
                self._doubts_of[node.id] = any_of(*context.doubts.terms[noted:])
            return made
        except Unsupported:
            del context.doubts.terms[noted:]
            self.left.append(node.id)
            return self.facts.prepared_node(node)

    def takes_moved(self, node: m.Criterion) -> bool:
        return node.id in self._moved_to

    def records_of(self, context: Context, node: m.Criterion) -> tuple[Value, Fate]:
        return self.facts.prepared_records(node)


def columns_of(plan: Plan, terms: NodeTerms) -> tuple[str, ...]:
    """The definitions that stand for a node's results."""
    values = [terms.value, terms.published, terms.place, terms.grade]
    parts = [term for value in values if value is not None for term in _terms_of(value)]
    parts += [*terms.fired.values(), *([terms.fate.sql] if terms.fate.sql is not None else [])]
    return tuple(dict.fromkeys(n for part in parts for n in references_of(part) if plan.is_defined(n)))


def _terms_of(value: Value) -> list[Term]:
    found = [value.sql, *([value.state] if value.state is not None else [])]
    if isinstance(value, Number) and value.parts is not None:
        found += [value.parts.numerator, value.parts.denominator]
    return found


def _is_leaf(node: m.Criterion) -> bool:
    """A node over facts alone, which the nodes above it do not reach."""
    return not node.criteria and not any(
        isinstance(part, NodeValue) for top in m.expressions_of(node) for part in walk(top)
    )


def _is_recoverable(terms: NodeTerms) -> bool:
    """Whether the exact value can be had back from the DOUBLE."""
    value = terms.value
    if not isinstance(value, Number):
        return True
    value = settled(value)
    if value.inexact:
        return False
    if value.parts is not None or (value.grid is not None and value.canonical):
        return True
    return value.canonical and value.denominator**2 * max(value.largest, 1) < 2.0**50


def output_terms(compiled_scheme: Compiled, only: Collection[str] | None = None) -> dict[str, Term]:
    """Every result of every node (or of some), and the doubts, under the names that :mod:`.run` reads."""
    found: dict[str, Term] = {}
    for place, (identifier, terms) in enumerate(compiled_scheme.nodes.items()):
        if only is None or identifier in only:
            found.update(_outputs_of(f"n{place}", terms))
    if only is None:
        found[DOUBT], found[LEAF_DOUBT] = compiled_scheme.doubt, compiled_scheme.leaf_doubt
    return found


def _outputs_of(prefix: str, terms: NodeTerms) -> dict[str, Term]:
    found = _value_outputs(f"{prefix}_value", terms.value)
    if terms.fate.sql is not None:
        found[f"{prefix}_fate"] = terms.fate.sql
    if terms.published is not None:
        found.update(_value_outputs(f"{prefix}_published", terms.published))
    if terms.place is not None:
        found.update(_value_outputs(f"{prefix}_place", terms.place))
    if terms.grade is not None:
        found[f"{prefix}_grade"] = terms.grade.sql
    for place, fired in enumerate(terms.fired.values()):
        found[f"{prefix}_fired{place}"] = coalesce(fired, FALSE)
    return found


def _value_outputs(name: str, value: Value) -> dict[str, Term]:
    found = {f"{name}_state": value.state if value.state is not None else NULL_STATE}
    if isinstance(value, Text | Truth):
        return found | {name: value.sql}
    value = settled(value)
    if value.parts is not None and value.grid is None:
        return found | {name: value.parts.numerator, f"{name}_over": value.parts.denominator}
    return found | {name: value.sql}


def result_column(name: str) -> Term:
    return column(name)
