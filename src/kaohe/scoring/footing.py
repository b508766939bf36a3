"""What expressions rest on in one row: their values, the facts used, their text with the numbers in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from kaohe.facts.dataset import Cell, Presence
from kaohe.facts.errors import SchemeError
from kaohe.schemes.expressions import (
    ByTable,
    Call,
    Current,
    Expression,
    Field,
    ImportedValue,
    Input,
    NodeValue,
    children,
)
from kaohe.scoring.numbers import Null, Value
from kaohe.scoring.oracle.evaluate import column, key_text, truth
from kaohe.scoring.oracle.frames import Column, Frame
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.words import formula, is_share, plain_name, value_text
from kaohe.scoring.working import Fact

_ROLES = {"target": "目标", "due": "时序应完成", "pace": "时序进度", "baseline": "上年同期"}
# These look beyond the row at hand: the working shows what they came to, not every figure behind them.
_WHOLE = frozenset(
    {"count", "total", "highest", "lowest", "nth", "of", "lookup", "reference", "streak", "days_late",
     "months_late", "mark"}
)  # fmt: skip
_PEERS = ("peer_", "all_", "others_")


class Footing:
    """Evaluates expressions over whole frames, each once, and picks the row that is explained."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._columns: dict[tuple[int, Expression], tuple[Frame, Column]] = {}

    def value(self, expression: Expression, frame: Frame, row: int) -> Value:
        """What an expression comes to in a row."""
        # The frame is kept beside its column, so that no later frame can have its identity.
        key = id(frame), expression
        if key not in self._columns:
            self._columns[key] = frame, column(self.run, expression, frame)
        return self._columns[key][1][row]

    # --- text -----------------------------------------------------------------------------------

    def words(self, expression: Expression, x_share: bool = False) -> str:
        """The expression by the names of its indicators."""
        return formula(expression, self._named, x_share)

    def filled(self, expression: Expression, frame: Frame, row: int, x: str | None = None) -> str:
        """The expression with its numbers in; ``x`` is how the value so far is shown."""
        x_share = x is not None and x.endswith("%")

        def shown(part: Expression) -> str | None:
            if isinstance(part, Current) and part.which == "x" and x is not None:
                return x
            if is_leaf(part):
                return self._leaf_text(part, frame, row)
            if isinstance(part, Call) and part.function == "if":
                return self._branch(part, frame, row, shown)
            if isinstance(part, ByTable):
                return self._chosen(part, frame, row, shown)
            return None

        return formula(expression, shown, x_share)

    def _named(self, part: Expression) -> str | None:
        if isinstance(part, Input):
            return self._label(part)
        if isinstance(part, NodeValue):
            node = self.run.scheme.node(part.node)
            if node is not None and node.name:
                return plain_name(part).replace(part.node, f"“{node.name}”", 1)
        return None

    def _leaf_text(self, part: Expression, frame: Frame, row: int) -> str:
        if isinstance(part, Input) and part.scale != 1:
            value = self.value(part, frame, row)
            return value_text(value, percent=True)
        shown = value_text(self.value(part, frame, row), percent=is_share(part))
        return shown.rpartition("≈ ")[2]

    def _branch(self, call: Call, frame: Frame, row: int, shown: object) -> str:
        condition = self.value(call.arguments[0], frame, row)
        if isinstance(condition, Null):
            return value_text(condition)
        taken = call.arguments[1] if truth(condition) else call.arguments[2]
        return formula(taken, shown)  # type: ignore[arg-type]

    def _chosen(self, table: ByTable, frame: Frame, row: int, shown: object) -> str:
        key = self.value(table.key, frame, row)
        taken = None if isinstance(key, Null) else dict(table.rows).get(key_text(key))
        taken = taken if taken is not None else table.otherwise
        return value_text(key) if taken is None else formula(taken, shown)  # type: ignore[arg-type]

    def _label(self, part: Input) -> str:
        indicator = self.run.dataset.indicator(part.name)
        name = indicator.name if indicator is not None and indicator.name else part.name
        if part.role in _ROLES:
            return name + _ROLES[part.role]
        return f"{name}({part.period})" if part.period is not None and part.role == "figure" else name

    # --- facts ----------------------------------------------------------------------------------

    def facts(self, used: Iterable[Expression], frame: Frame, row: int) -> Iterator[Fact]:
        """The facts that expressions use in a row, each once, in order of first use."""
        seen: set[Expression] = set()
        for top in used:
            for part in self._leaves(top, frame, row):
                if part not in seen:
                    seen.add(part)
                    yield self._fact(part, frame, row)

    def _leaves(self, expression: Expression, frame: Frame, row: int) -> Iterator[Expression]:
        if isinstance(expression, Current):
            return
        if is_leaf(expression):
            yield expression
            if isinstance(expression, Input) and expression.role == "due":
                yield from self._behind(expression)
            return
        if isinstance(expression, ByTable):
            yield from self._leaves_of_table(expression, frame, row)
            return
        for child in children(expression):
            yield from self._leaves(child, frame, row)

    def _behind(self, due: Input) -> Iterator[Expression]:
        """The target and the pace that what is due was made of; a table may give it outright."""
        parts = (replace(due, role="target"), replace(due, role="pace", scale=Fraction(1), measure=None))
        try:
            for part in parts:
                self.run.cells(part)
        except SchemeError:
            return
        yield from parts

    def _leaves_of_table(self, table: ByTable, frame: Frame, row: int) -> Iterator[Expression]:
        yield from self._leaves(table.key, frame, row)
        key = _known(table.key) and self.value(table.key, frame, row)
        taken = None if isinstance(key, Null | bool) else dict(table.rows).get(key_text(key))
        taken = taken if taken is not None else table.otherwise
        if taken is not None:
            yield from self._leaves(taken, frame, row)

    def _fact(self, part: Expression, frame: Frame, row: int) -> Fact:
        match part:
            case Input():
                return self._input(part, frame, row)
            case Field():
                return self._field(part, frame, row)
        role = {NodeValue: "node", ImportedValue: "import"}.get(type(part), "derived")
        found = self._plain_value(part, frame, row)
        source = "封存的结果" if isinstance(part, NodeValue) and self.run.reads_frozen else ""
        name = plain_name(part) if role != "derived" else self.words(part)
        presence = found.value if isinstance(found, Null) else "present"
        return Fact(name, self.words(part), role, found, presence=presence, source=source)

    def _plain_value(self, part: Expression, frame: Frame, row: int) -> Value:
        # A statistic of x belongs to its step, which shows it; the frame of the node has no x.
        if frame.x is None and any(isinstance(inner, Current) for inner in _below(part)):
            return "见各步"
        return self.value(part, frame, row)

    def _input(self, part: Input, frame: Frame, row: int) -> Fact:
        unit = frame.unit[row]
        label, data = self._label(part), self.run.dataset
        if unit is None:
            return Fact(part.name, label, part.role, Null.NOT_APPLICABLE, presence="not_applicable")
        cell = self.run.cells(part)[unit]
        origin = data.origin(part.role, part.name, unit, part.period, dict(part.choice))
        return Fact(
            name=part.name,
            label=label,
            role=part.role,
            value=_value(cell),
            measure=(part.measure or "") if part.role != "pace" else "",
            period=self._period(part),
            presence=cell.presence.value if not cell.undefined else "undefined",
            estimated=cell.estimated,
            assurance=cell.assurance,
            source=cell.source or origin.source,
            recorded_by=origin.recorded_by,
            recorded_at=origin.recorded_at,
        )

    def _period(self, part: Input) -> str:
        asked = self.run.dataset.period
        if part.role == "attribute":
            return ""
        if part.period is not None or asked is None:
            return "" if part.period is None else str(part.period)
        if part.role == "target":
            return str(asked.whole_year())
        return str(asked.last_year() if part.role == "baseline" else asked)

    def _field(self, part: Field, frame: Frame, row: int) -> Fact:
        table, at = frame.records[part.table]
        cell = table.column(part.name)[at[row]]
        written = table.column("source")[at[row]].raw if "source" in table.columns else ""
        place = f"{table.label or table.name} 第 {table.row_numbers[at[row]]} 行"
        return Fact(
            name=f"{part.table}.{part.name}",
            label=part.name,
            role="record",
            value=_value(cell),
            presence=cell.presence.value,
            source=f"{written}({place})" if written else place,
        )


def _known(expression: Expression) -> bool:
    return not any(isinstance(part, Current) for part in _below(expression))


def _below(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in children(expression):
        yield from _below(child)


def _value(cell: Cell) -> Value:
    if cell.value is not None:
        return cell.value
    reasons = {Presence.NOT_DUE: Null.NOT_DUE, Presence.NOT_APPLICABLE: Null.NOT_APPLICABLE}
    return Null.UNDEFINED if cell.undefined else reasons.get(cell.presence, Null.MISSING)


def is_leaf(expression: Expression) -> bool:
    """Whether the working shows an expression by its value alone."""
    if isinstance(expression, Call):
        return expression.function in _WHOLE or expression.function.startswith(_PEERS)
    return isinstance(expression, Input | Field | NodeValue | ImportedValue | Current)
