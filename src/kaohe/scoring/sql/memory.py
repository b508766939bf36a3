"""Facts that are already in memory, as columns for an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from kaohe.engines.base import TableColumn
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Current, Expression, Input, NodeValue, walk
from kaohe.scoring import numbers as exact
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.oracle.evaluate import column as exact_column
from kaohe.scoring.oracle.evaluate import key_text
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.combining import FATES, LEAVE_OUT, UNSAID, Fate
from kaohe.scoring.sql.context import CODES, Text, Truth, Value
from kaohe.scoring.sql.nodes import NodeTerms
from kaohe.scoring.sql.numbers import EXACT, GRID_LIMIT, Number, U, Unsupported, column_number
from kaohe.scoring.sql.terms import Term, column

STATE_CODES = {null: CODES[null.value] for null in Null}
_FATE_CODES = {**FATES, "": UNSAID}


@dataclass
class MemoryFacts:
    """The columns that a scheme reads, taken from a run of the oracle, a row an assessed unit."""

    run: Run
    columns: list[TableColumn] = field(default_factory=list)
    inputs: dict[object, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.period = self.run.period
        self.columns.append(TableColumn("row", "INT", list(range(self.rows))))
        self._group: Text | None = None

    @property
    def rows(self) -> int:
        return self.run.base.size

    def number(self, wanted: Input) -> Number:
        found = self._taken(wanted)
        if not isinstance(found, Number):
            raise Unsupported(f"{wanted.name} holds texts")
        return found

    def text(self, wanted: Input) -> Text:
        key = (wanted, "text")
        if key not in self.inputs:
            values = self._values(wanted)
            self.inputs[key] = self.text_column([v if isinstance(v, Null) else key_text(v) for v in values])
        found = self.inputs[key]
        assert isinstance(found, Text)
        return found

    def _taken(self, wanted: Input) -> Value:
        if wanted not in self.inputs:
            self.inputs[wanted] = self.value_column(self._values(wanted))
        return self.inputs[wanted]

    def _values(self, wanted: Input) -> list[exact.Value]:
        values = self.run.input(wanted)
        return [values[unit] for unit in self.run.base.unit if unit is not None]

    def group(self) -> Text | None:
        if self.run.scheme.peers is None:
            return None
        if self._group is None:
            self._group = self.text_column(list(self.run.peer_key))
        return self._group

    # --- the oracle's own columns ---------------------------------------------------------------

    def prepared(self, expression: Expression) -> Value:
        if any(isinstance(part, Current | NodeValue) for part in walk(expression)):
            raise Unsupported("the value so far inside what SQL cannot say")
        if expression not in self.inputs:
            self.inputs[expression] = self.value_column(exact_column(self.run, expression, self.run.base))
        return self.inputs[expression]

    def prepared_records(self, node: m.Criterion) -> tuple[Value, Fate]:
        from kaohe.scoring.oracle.records import each_record

        values, fates, *_ = each_record(self.run, node, self.run.base)
        if "empty" in fates:
            raise Unsupported("what a line without records is worth, which is settled after its steps")
        return self.value_column(values), self.fate_column(values, fates)

    def prepared_node(self, node: m.Criterion) -> NodeTerms:
        outcome = self.run.outcome(node)
        result = NodeTerms(
            node, self.value_column(outcome.values), self.fate_column(outcome.values, outcome.fates)
        )
        if outcome.published is not None:
            result.published = self.value_column(outcome.published)
        if outcome.places is not None:
            place = self.value_column(outcome.places)
            assert isinstance(place, Number)
            result.place = place
        if outcome.grades is not None:
            grades = [grade if grade is not None else Null.NOT_APPLICABLE for grade in outcome.grades]
            result.grade = self.text_column(grades)
        result.fired = {gate: self._add("BOOLEAN", list(flags)) for gate, flags in outcome.fired.items()}
        return result

    # --- columns --------------------------------------------------------------------------------

    def _add(self, kind: str, values: list[object]) -> Term:
        name = f"c{len(self.columns)}"
        self.columns.append(TableColumn(name, kind, values))  # type: ignore[arg-type]
        return column(name)

    def _state(self, values: list[exact.Value]) -> Term | None:
        codes = [STATE_CODES[value] if isinstance(value, Null) else None for value in values]
        return self._add("INT", list(codes)) if any(code is not None for code in codes) else None

    def value_column(self, values: list[exact.Value]) -> Value:
        present = [value for value in values if not isinstance(value, Null)]
        if present and all(isinstance(value, bool) for value in present):
            flags = [None if isinstance(value, Null) else value for value in values]
            return Truth(self._add("BOOLEAN", list(flags)), self._state(values))
        if any(isinstance(value, str) for value in present):
            return self.text_column([v if isinstance(v, Null) else key_text(v) for v in values])
        return self._number_column(values)

    def _number_column(self, values: list[exact.Value]) -> Number:
        shown = [None if isinstance(value, Null) else _double(value) for value in values]
        numbers = [value for value in shown if value is not None]
        sql, state = self._add("DOUBLE", list(shown)), self._state(values)
        low, high = (min(numbers), max(numbers)) if numbers else (0.0, 0.0)
        present = [value for value in values if not isinstance(value, Null)]
        if any(isinstance(value, Inexact) for value in present):
            return Number(sql, state, low, high, 0.0, U, inexact=True)
        fractions = [Fraction(value) for value in present]  # type: ignore[arg-type]
        grid = _common_denominator(fractions)
        if grid is not None:
            return column_number(sql, state, low, high, grid)
        return _of_rationals(sql, state, low, high, fractions)

    def text_column(self, values: list[str | Null]) -> Text:
        texts = [None if isinstance(value, Null) else value for value in values]
        return Text(self._add("VARCHAR", list(texts)), self._state(list(values)))

    def fate_column(self, values: list[exact.Value], fates: list[str]) -> Fate:
        codes = [_FATE_CODES.get(fate, LEAVE_OUT) if isinstance(v, Null) else None
                 for v, fate in zip(values, fates, strict=True)]  # fmt: skip
        possible = frozenset(code for code in codes if code is not None)
        if not possible:
            return Fate(frozenset())
        return Fate(possible, self._add("INT", list(codes)))


def _double(value: object) -> float:
    return float(value.decimal) if isinstance(value, Inexact) else float(value)  # type: ignore[arg-type]


def _common_denominator(values: list[Fraction]) -> int | None:
    grid = 1
    for value in {value.denominator for value in values}:
        grid = lcm(grid, value)
        if grid > GRID_LIMIT:
            return None
    return grid


def _of_rationals(sql: Term, state: Term | None, low: float, high: float, values: list[Fraction]) -> Number:
    """Quotients of many denominators: still the nearest doubles of rationals."""
    largest = max((value.denominator for value in values), default=1)
    top = max((abs(value.numerator) for value in values), default=0)
    if largest < EXACT and top < EXACT:
        return Number(sql, state, low, high, 0.0, U, None, True, float(largest))
    return Number(sql, state, low, high, 0.0, U)
