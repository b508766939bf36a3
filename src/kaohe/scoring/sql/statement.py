"""A scheme over a snapshot → narrow statements, a block of leaves each, and one that joins them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from kaohe.engines.base import ColumnType
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression, Input
from kaohe.scoring.binding import Bound, bind, inputs_of
from kaohe.scoring.sql.combining import Fate
from kaohe.scoring.sql.compile import DOUBT, LEAF_DOUBT, Compiled, SchemeCompiler, columns_of, output_terms
from kaohe.scoring.sql.context import MISSING, Text, Value
from kaohe.scoring.sql.few_rows import FewRows
from kaohe.scoring.sql.layout import SUFFIX, VALUES, Layout, SnapshotDataset, period_of
from kaohe.scoring.sql.nodes import NodeTerms
from kaohe.scoring.sql.numbers import Number, Unsupported, column_number, distinguishable, settled
from kaohe.scoring.sql.run import is_row_by_row, looks_at_peers, reach_of
from kaohe.scoring.sql.terms import (
    FALSE,
    NULL_STATE,
    Term,
    any_of,
    case,
    coalesce,
    column,
    integer,
    is_null,
    term,
)

_BLOCK = 20


@dataclass
class SnapshotFacts:
    """Columns of the files as terms; notes which are read."""

    layout: Layout
    period: Period | None
    peers: str | None
    read: dict[str, None] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.layout.rows

    def number(self, wanted: Input) -> Number:
        name = wanted.name + SUFFIX[wanted.role]
        if name not in self.layout.columns:
            raise DataError(f"{VALUES}:找不到列 {name}{nearest(name, self.layout.columns)}")
        low, high, nulls = self.layout.span(name)
        self.read[name] = None
        decimals = self.layout.decimals(name)
        sql: Term = column(name)
        if self.layout.columns[name] != "DOUBLE":
            sql = term("double", sql)
            decimals = 0 if self.layout.columns[name] == "INT" else decimals
        return column_number(
            sql, self._state(name) if nulls else None, low, high, None if decimals is None else 10**decimals
        )

    def _state(self, name: str) -> Term:
        state = self.layout.state_name(name)
        null = is_null(column(name))
        if state is None:
            return case(null, integer(MISSING), NULL_STATE)
        self.read[f"{state} state"] = None
        told = column(f"{state} state")
        known = case(term(">=", told, integer(MISSING)), told, integer(MISSING))
        return case(null, known, NULL_STATE)

    def text(self, wanted: Input) -> Text:
        self.read[wanted.name] = None
        return Text(column(wanted.name), case(is_null(column(wanted.name)), integer(MISSING), NULL_STATE))

    def group(self) -> Text | None:
        if self.peers is None:
            return None
        self.read[self.peers] = None
        return Text(coalesce(column(self.peers), term("text", "")), None)

    def prepared(self, expression: Expression) -> Value:
        raise Unsupported(f"no SQL for {type(expression).__name__}")

    def prepared_records(self, node: m.Criterion) -> tuple[Value, Fate]:
        raise DataError(f"快照里没有记录表,评分项 {node.id} 算不出")

    def prepared_node(self, node: m.Criterion) -> NodeTerms:
        raise DataError(f"评分项 {node.id} 的写法还不能在快照上算,请用 score")


@dataclass
class Statement:
    """The compiled statement of a scheme over a snapshot."""

    bound: Bound
    compiled: Compiled
    outputs: dict[str, Term]
    read: tuple[str, ...]
    shown: tuple[str, ...]
    kinds: dict[str, ColumnType]
    never_null: frozenset[str]
    _texts: dict[str, str] = field(default_factory=dict)
    _stages: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def made(cls, scheme: m.Scheme, layout: Layout, period: str) -> Statement:
        bound: Bound = bind(scheme, SnapshotDataset(layout, asked=period_of(period)))
        layout.group_name = scheme.peers or "unit"
        facts = SnapshotFacts(layout, bound.period, scheme.peers)
        layout.measure(_numeric_names(bound.scheme, layout))
        partition = (column("period"),) if layout.has_period and len(layout.periods) > 1 else ()
        compiled = SchemeCompiler(bound.scheme, facts, partition).compiled()
        shown, kinds = _shown(compiled)
        group = facts.group()
        outputs = {
            "unit": column("unit"),
            "period": column("period"),
            "group": group.sql if group is not None else column("unit"),
            **shown,
            DOUBT: compiled.doubt,
            LEAF_DOUBT: compiled.leaf_doubt,
        }
        names = ("unit", "period", *shown)
        return cls(
            bound,
            compiled,
            outputs,
            tuple(facts.read),
            names,
            {"unit": "VARCHAR", "period": "VARCHAR", **kinds},
            frozenset(["unit", "period", *layout.never_null(facts.read)]),
        )

    def stages(self, dialect: str) -> list[str]:
        """One narrow statement a block of leaves, then the one that puts them together.

        An engine allocates every column of every stratum, even for one row: leaves that do not see each
        other are therefore worked out apart, and only what the nodes above need is carried on.
        """
        key = f"stages {dialect}"
        if key not in self._texts:
            texts = [self._block_text(number, dialect) for number in range(len(self._blocks))]
            last = self.compiled.statement("parts", self._last_outputs, self._given)
            self._stages[key] = [*texts, last.sql(dialect=dialect, copy=False)]
            self._texts[key] = ""
        return self._stages[key]

    @cached_property
    def _blocks(self) -> list[tuple[str, ...]]:
        names = [name for name in self.compiled.nodes if name in self.compiled.doubts_of]
        return [tuple(names[start : start + _BLOCK]) for start in range(0, len(names), _BLOCK)]

    @cached_property
    def _cut(self) -> dict[str, int]:
        """The definitions that blocks hand on, with the number of their block."""
        found: dict[str, int] = {}
        for number, block in enumerate(self._blocks):
            for name in block:
                for defined in columns_of(self.compiled.plan, self.compiled.nodes[name]):
                    found.setdefault(defined, number)
        return found

    @cached_property
    def _ready(self) -> dict[str, str]:
        """Outputs that a block already holds: they need not be carried through the strata above."""
        found = {}
        for name, value in self.outputs.items():
            if value.op == "column" and value.args[0] in self._cut:
                found[name] = value.args[0]
        return found

    @cached_property
    def _last_outputs(self) -> dict[str, Term]:
        doubts = [column(f"doubt{number}") for number in range(len(self._blocks))]
        leaf = coalesce(any_of(*doubts), FALSE)
        upper = self.compiled.upper_doubts.sql
        rest = {name: value for name, value in self.outputs.items() if name not in self._ready}
        return {**rest, DOUBT: coalesce(any_of(leaf, upper), FALSE), LEAF_DOUBT: leaf}

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        return self.compiled.plan.needed(self._last_outputs, tuple(self._cut))

    @cached_property
    def _given(self) -> tuple[str, ...]:
        return tuple(name for name in self._needed if name in self._cut)

    @cached_property
    def result(self) -> str:
        """What the nodes above came to, with the blocks' own outputs beside it."""
        columns = [f'u."{name}"' for name in self._last_outputs]
        columns += [f'p{self._cut[held]}."{held}" AS "{name}"' for name, held in self._ready.items()]
        tables = ['"upper" AS u']
        for number in sorted({self._cut[held] for held in self._ready.values()}):
            on = f'p{number}."unit" = u."unit" AND p{number}."period" = u."period"'
            tables.append(f'JOIN "part{number}" AS p{number} ON {on}')
        return f"SELECT {', '.join(columns)} FROM {' '.join(tables)}"

    def _block_text(self, number: int, dialect: str) -> str:
        doubt = any_of(*(self.compiled.doubts_of[name] for name in self._blocks[number]))
        outputs = {"unit": column("unit"), "period": column("period")}
        handed = dict.fromkeys([*self._given, *self._ready.values(), *self._exact])
        outputs |= {name: column(name) for name in handed if self._cut[name] == number}
        outputs[f"doubt{number}"] = coalesce(doubt, FALSE)
        return self.compiled.statement("facts_source", outputs).sql(dialect=dialect, copy=False)

    @cached_property
    def joined(self) -> str:
        """The blocks side by side, with the facts that the last statement reads itself."""
        own = [n for n in self._needed if n not in self._cut and not n.startswith("doubt")]
        columns = [f'f."{name}"' for name in dict.fromkeys(["unit", "period", *own])]
        tables = ['"facts_source" AS f']
        for number in range(len(self._blocks)):
            columns.append(f'p{number}."doubt{number}"')
            columns += [f'p{number}."{name}"' for name in self._given if self._cut[name] == number]
            on = f'p{number}."unit" = f."unit" AND p{number}."period" = f."period"'
            tables.append(f'JOIN "part{number}" AS p{number} ON {on}')
        return f"SELECT {', '.join(columns)} FROM {' '.join(tables)}"

    @cached_property
    def reach(self) -> str:
        """How far one unit's figures reach: ``unit``, its peer ``group``, or ``everyone``."""
        return reach_of(self.bound.scheme)

    @cached_property
    def few_rows(self) -> FewRows | None:
        """The whole as plain Python, for a peer group or two; None when something has no Python."""
        try:
            return FewRows(self.compiled.plan, self.outputs, self.never_null)
        except (Unsupported, SyntaxError, RecursionError, MemoryError):
            return None

    # --- exact leaves ---------------------------------------------------------------------------

    @cached_property
    def _exact(self) -> tuple[str, ...]:
        """What blocks hand on so that exact leaves can be had back from them."""
        needed = self.compiled.plan.needed(self.leaf_outputs, tuple(self._cut))
        return tuple(name for name in needed if name in self._cut)

    @cached_property
    def leaf_source(self) -> str:
        """The blocks side by side for the rows wanted."""
        needed = self.compiled.plan.needed(self.leaf_outputs, tuple(self._cut))
        own = [name for name in needed if name not in self._cut]
        columns = [f'w."{name}"' for name in dict.fromkeys(["unit", "period", *own])]
        columns += [f'p{self._cut[name]}."{name}"' for name in self._exact]
        tables = ['"wanted" AS w']
        for number in sorted({self._cut[name] for name in self._exact}):
            on = f'p{number}."unit" = w."unit" AND p{number}."period" = w."period"'
            tables.append(f'JOIN "part{number}" AS p{number} ON {on}')
        return f"SELECT {', '.join(columns)} FROM {' '.join(tables)}"

    @cached_property
    def ranked_above(self) -> tuple[m.Criterion, ...]:
        """Nodes above the leaves that give places."""
        nodes = (terms.node for terms in self.compiled.nodes.values())
        return tuple(node for node in nodes if node.rank is not None and node.id not in self.compiled.leaves)

    @cached_property
    def settles_alone(self) -> bool:
        """Whether nothing above exact leaves looks at peers, places on exact figures excepted."""
        compiled = self.compiled
        upper = (terms for name, terms in compiled.nodes.items() if name not in compiled.leaves)
        weights = (terms.node.weight for terms in compiled.nodes.values())
        return (
            not any(looks_at_peers(weight) for weight in (*weights, compiled.scheme.eligible))
            and all(is_row_by_row(terms.node) for terms in upper)
            and all(_has_plain_places(compiled.nodes[node.id]) for node in self.ranked_above)
        )

    @property
    def leaf_outputs(self) -> dict[str, Term]:
        """The exact leaves, by unit and period."""
        keys = {"unit": column("unit"), "period": column("period")}
        return keys | output_terms(self.compiled, self.compiled.leaves)

    @property
    def leaf_names(self) -> list[str]:
        return list(self.leaf_outputs)

    def leaf_text(self, dialect: str) -> str:
        """The statement that gives only those, over the view ``leaf_source``."""
        key = f"leaves {dialect}"
        if key not in self._texts:
            self._texts[key] = self.compiled.statement("leaf_source", self.leaf_outputs, self._exact).sql(
                dialect=dialect
            )
        return self._texts[key]


def _has_plain_places(terms: NodeTerms) -> bool:
    """Whether places compare printed figures that DOUBLE tells apart, within the peers, without more ado."""
    rank, printed = terms.node.rank, terms.printed
    assert rank is not None
    plain = rank.within is None and rank.where is None and rank.outside is None and not rank.breaks
    if not plain or not isinstance(printed, Number) or (rank.uses_exact and terms.published is not None):
        return False
    return distinguishable(settled(printed), settled(printed))


def _numeric_names(scheme: m.Scheme, layout: Layout) -> list[str]:
    names = [wanted.name + SUFFIX[wanted.role] for wanted in inputs_of(scheme) if wanted.numeric]
    return [name for name in dict.fromkeys(names) if name in layout.columns]


def _shown(compiled: Compiled) -> tuple[dict[str, Term], dict[str, ColumnType]]:
    found: dict[str, Term] = {}
    kinds: dict[str, ColumnType] = {}
    for identifier, terms in compiled.nodes.items():
        value = terms.printed
        found[identifier] = settled(value).sql if isinstance(value, Number) else value.sql
        kinds[identifier] = "VARCHAR" if isinstance(value, Text) else "DOUBLE"
        if terms.place is not None:
            found[f"{identifier}_rank"], kinds[f"{identifier}_rank"] = terms.place.sql, "DOUBLE"
        if terms.grade is not None:
            found[f"{identifier}_grade"], kinds[f"{identifier}_grade"] = terms.grade.sql, "VARCHAR"
    return found, kinds
