"""Expressions meet the facts: names, functions and operators, one expression at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from kaohe.facts.dataset import Dataset
from kaohe.facts.errors import DataError, SchemeError
from kaohe.quantities.measures import MeasureError, convert
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.documents import Position
from kaohe.schemes.expressions import (
    Binary,
    ByTable,
    Call,
    Current,
    Expression,
    Field,
    ImportedValue,
    Input,
    Literal,
    Name,
    NodeValue,
    PeriodLiteral,
    literal,
)
from kaohe.schemes.vocabulary import FACT_FUNCTIONS, NODE_FUNCTIONS, PERIOD_WORDS, RECORD_FUNCTIONS
from kaohe.scoring.measures import NO_MEASURE, in_measure, is_quantity, measure_of_expression, shown_quantity

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_PER_CENT = frozenset({"%", "百分比"})


@dataclass(frozen=True)
class Scope:
    """What bare names mean where an expression stands.

    ``tables`` are the record tables around it, innermost first; ``cell`` whether ``value`` is a cell of
    ``each: {columns}``; ``node`` the criterion whose mark and id are meant.
    """

    node: str = ""
    tables: tuple[str, ...] = ()
    cell: bool = False
    steps: bool = False
    x_measure: str | None = None


class ExpressionBinder:
    """Binds expressions of one scheme to one data set; faults are noted, all of them."""

    def __init__(self, scheme: m.Scheme, dataset: Dataset) -> None:
        self._scheme = scheme
        self._dataset = dataset
        self._names = dataset.names()
        self._parameters = dict(scheme.parameters)
        self._imports = {entry.alias: entry for entry in scheme.imports}
        self._nodes = {node.id: node for node in scheme.nodes()}
        self._gates = {gate.id for node in scheme.nodes() for gate in node.gates}
        self._messages: list[str] = []

    def _checked(self, read: Callable[[], object]) -> None:
        try:
            read()
        except (SchemeError, DataError) as error:
            self._messages.extend(error.messages)

    def _optional(self, expression: Expression | None, scope: Scope) -> Expression | None:
        return None if expression is None else self.expression(expression, scope)

    def expression(self, expression: Expression, scope: Scope) -> Expression:
        """The bound expression; a fault is noted and the expression left as it was."""
        try:
            return self._bind(expression, scope)
        except SchemeError as error:
            self._messages.extend(error.messages)
        except DataError as error:
            self._messages.extend(f"{expression.at} {message}" for message in error.messages)
        return literal(0)

    def _as_x(self, expression: Expression, measure: str | None) -> Expression:
        """A quantity that a step compares with ``x``, in the measure of ``x``."""
        if not is_quantity(expression) or measure is None:
            return expression
        try:
            return in_measure(expression, measure)
        except MeasureError:
            self._messages.append(
                f"{expression.at} 这里的值以{measure}计,不能与 {shown_quantity(expression)} 比较"
            )
            return expression

    # --- expressions ----------------------------------------------------------------------------

    def _bind(self, expression: Expression, scope: Scope) -> Expression:
        match expression:
            case Literal() | PeriodLiteral() | Input() | Field() | Current() | NodeValue() | ImportedValue():
                return expression
            case Name():
                return self._name(expression, scope)
            case Call():
                return self._call(expression, scope)
            case Binary():
                left, right = self._bind(expression.left, scope), self._bind(expression.right, scope)
                return self._binary(replace(expression, left=left, right=right))
            case ByTable():
                return self._by_table(expression, scope)
            case _:
                return m.rebuilt(expression, lambda child: self._bind(child, scope))

    def _by_table(self, table: ByTable, scope: Scope) -> Expression:
        return ByTable(
            self._bind(table.key, scope),
            tuple((key, self._bind(value, scope)) for key, value in table.rows),
            self._bind(table.otherwise, scope) if table.otherwise is not None else None,
            table.at,
        )

    def _name(self, name: Name, scope: Scope) -> Expression:
        if name.text == "x" and name.scope is None and scope.steps:
            return Current("x", scope.x_measure, at=name.at)
        if name.text == "value" and scope.cell and name.scope is None:
            return Current("value", at=name.at)
        places = {
            "record": self._table_with(name.text, scope),
            "parameter": name.text if name.text in self._parameters else None,
            "unit": name.text if self._is_unit_name(name.text) else None,
        }
        if name.scope is not None:
            places = {name.scope: places.get(name.scope)}
        found = {kind: place for kind, place in places.items() if place is not None}
        if len(found) > 1:
            raise SchemeError(self._ambiguous(name, tuple(found)))
        if found:
            ((kind, place),) = found.items()
            return self._found(name, kind, place, scope)
        if name.text == "mark" and name.scope is None and not scope.tables:
            return Call("mark", (Literal(scope.node),), at=name.at)
        raise SchemeError(self._unknown(name, scope))

    def _found(self, name: Name, kind: str, place: str, scope: Scope) -> Expression:
        if kind == "record":
            return Field(place, name.text, self._numeric_field(place, name.text), name.at)
        if kind == "parameter":
            return self._bind(self._parameters[name.text], Scope(node=scope.node))
        return self._unit_value(name)

    def _is_unit_name(self, text: str) -> bool:
        return text in self._names or _companion(text, self._names) is not None

    def _unit_value(self, name: Name) -> Expression:
        companion = _companion(name.text, self._names)
        if name.text not in self._names and companion is not None:
            base, role = companion
            return Input(role, base, at=name.at)  # type: ignore[arg-type]
        kind = self._dataset.column_kind(name.text)
        if kind in ("attribute", "text"):
            return Input("attribute", name.text, numeric=False, at=name.at)
        return self._figure(name)

    def _figure(self, name: Name, role: str = "figure", period: Period | None = None) -> Input:
        indicator = self._dataset.indicator(name.text)
        measure = indicator.measure if indicator is not None else None
        scale = Fraction(1, 100) if measure in _PER_CENT else Fraction(1)
        return Input(role, name.text, period, scale=scale, measure=measure, at=name.at)  # type: ignore[arg-type]

    def _attribute(self, name: Name) -> Expression:
        if name.text not in self._names:
            raise SchemeError(f"{name.at} 找不到属性 {name.text}{nearest_of(name.text, self._names)}")
        return Input("attribute", name.text, numeric=False, at=name.at)

    def _table_with(self, text: str, scope: Scope) -> str | None:
        return next((table for table in scope.tables if text in self._fields(table)), None)

    def _fields(self, table: str) -> tuple[str, ...]:
        if table not in self._dataset.tables():
            return ()
        return self._dataset.table(table).columns

    def _numeric_field(self, table: str, name: str) -> bool:
        records = self._dataset.table(table)
        if not records.rows:
            return True
        return all(cell.value is None or isinstance(cell.value, Fraction) for cell in records.column(name))

    def _record_table(self, table: str, at: Position) -> None:
        known = self._dataset.tables()
        if table not in known and table not in ("events", "marks"):
            raise SchemeError(f"{at} 找不到记录表 {table}{nearest_of(table, known)}")

    def _ambiguous(self, name: Name, kinds: tuple[str, ...]) -> str:
        words = {"record": "记录列", "parameter": "参数", "unit": "单位的指标或属性"}
        shown = "和".join(words[kind] for kind in kinds)
        choices = " 或 ".join(f"{kind}.{name.text}" for kind in kinds)
        return f"{name.at} 名称 {name.text} 同时是{shown},请写 {choices}"

    def _unknown(self, name: Name, scope: Scope) -> str:
        known = {*self._names, *self._parameters}
        for table in scope.tables:
            known.update(self._fields(table))
        what = {"record": "记录列", "parameter": "参数"}.get(name.scope or "", "指标")
        near = nearest_of(name.text, known)
        quoting = f';若是文字,请写成 "{name.text}"' if not near and not name.text.isascii() else ""
        return f"{name.at} 找不到{what} {name.text}{near}{quoting}"

    # --- functions ------------------------------------------------------------------------------

    def _call(self, call: Call, scope: Scope) -> Expression:
        name = call.function
        if name in NODE_FUNCTIONS:
            return self._node_value(call)
        if call.scope is not None:
            raise SchemeError(
                f"{call.at} {call.scope}.{name} 不认识;引用别的办法"
                "只能用 score、published、place、grade、fired"
            )
        if name in FACT_FUNCTIONS:
            return self._fact(call)
        if name in RECORD_FUNCTIONS or name == "events":
            return self._records(call, scope)
        match name:
            case "at":
                return self._at(call, scope)
            case "of":
                link = self._attribute(_as_name(call.arguments[0]))
                return replace(call, arguments=(link, self._bind(call.arguments[1], Scope(node=scope.node))))
            case "reference":
                key, column = (_as_name(argument).text for argument in call.arguments)
                return replace(call, arguments=(Literal(key), Literal(column)))
            case "lookup":
                table, column = _as_name(call.arguments[0]).text, _as_name(call.arguments[2]).text
                self._record_table(table, call.at)
                key_value = self._bind(call.arguments[1], scope)
                return replace(call, arguments=(Literal(table), key_value, Literal(column)))
            case "days_late" | "months_late":
                milestone = _as_name(call.arguments[0])
                return replace(call, arguments=(self._milestone(milestone),))
        options = tuple((key, self._option(key, value, scope)) for key, value in call.options)
        arguments = tuple(self._bind(argument, scope) for argument in call.arguments)
        if name in ("every", "min", "max", "first", "nullif", "if", "case"):
            arguments = self._in_one_measure(call, arguments)
        return replace(call, arguments=arguments, options=options)

    def _in_one_measure(self, call: Call, arguments: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Quantities among the arguments in the measure of the others."""
        measures = [measure_of_expression(argument) for argument in arguments if not is_quantity(argument)]
        known = next((measure for measure in measures if measure is not None), None)
        if known is None:
            return arguments
        return tuple(self._as_x(argument, known) for argument in arguments)

    def _option(self, key: str, value: Expression, scope: Scope) -> Expression:
        if key == "within" and isinstance(value, Name) and value.text == "all":
            return Literal("all")
        return self._bind(value, scope)

    def _milestone(self, name: Name) -> Input:
        if not self._is_unit_name(name.text):
            raise SchemeError(f"{name.at} 找不到节点 {name.text}{nearest_of(name.text, self._names)}")
        return Input("figure", name.text, numeric=False, at=name.at)

    def _node_value(self, call: Call) -> Expression:
        node = _as_name(call.arguments[0]).text
        if call.scope is not None:
            if call.scope not in self._imports:
                raise SchemeError(
                    f"{call.at} 没有引入办法 {call.scope}{nearest_of(call.scope, self._imports)}"
                )
            link = self._imports[call.scope].link or None
            return ImportedValue(call.scope, call.function, node, link, call.at)
        known = self._gates if call.function == "fired" else set(self._nodes)
        if node not in known:
            raise SchemeError(f"{call.at} 找不到评分项 {node}{nearest_of(node, known)}")
        self._check_outcome(call, node)
        return NodeValue(call.function, node, call.at)  # type: ignore[arg-type]

    def _check_outcome(self, call: Call, node: str) -> None:
        if call.function == "place" and self._nodes[node].rank is None:
            raise SchemeError(f"{call.at} 评分项 {node} 没有 rank,取不到名次")
        if call.function == "grade" and not self._nodes[node].grades:
            raise SchemeError(f"{call.at} 评分项 {node} 没有 grades,取不到等次")

    def _fact(self, call: Call) -> Expression:
        name = _as_name(call.arguments[0])
        if not self._is_unit_name(name.text):
            raise SchemeError(f"{name.at} 找不到指标 {name.text}{nearest_of(name.text, self._names)}")
        choice = tuple((key, str(_text_of(value))) for key, value in call.options)
        figure = self._figure(name)
        target = replace(figure, role="target", choice=choice)
        due = replace(figure, role="due", choice=choice)
        baseline = replace(figure, role="baseline")

        def call_of(function: str, base: Input) -> Call:
            return Call(function, (figure, base), at=call.at)

        match call.function:
            case "target":
                return target
            case "due":
                return due
            case "pace":
                return replace(figure, role="pace", scale=Fraction(1), measure=None)
            case "baseline":
                return baseline
            case "attainment":
                return call_of("share_of", target)
            case "progress":
                return call_of("share_of", due)
            case "yoy":
                return call_of("growth_over", baseline)
            case "gap":
                return Binary("-", target, figure, call.at)
            case _:
                return Binary("-", figure, baseline, call.at)

    def _records(self, call: Call, scope: Scope) -> Expression:
        if call.function == "events":
            return self._events(call, scope)
        table = _as_name(call.arguments[0]).text
        self._record_table(table, call.at)
        inside = Scope(scope.node, (table,))
        return replace(
            call,
            arguments=(Literal(table), *(self._bind(argument, inside) for argument in call.arguments[1:])),
            options=tuple((key, self._bind(value, inside)) for key, value in call.options),
        )

    def _events(self, call: Call, scope: Scope) -> Expression:
        kind = Binary("=", Name("kind", "record", call.at), call.arguments[0], call.at)
        where = call.option("where")
        condition: Expression = kind if where is None else Binary("and", kind, where, call.at)
        quantity = Name("quantity", "record", call.at)
        counted = Call("first", (quantity, literal(1)), at=call.at)
        total = Call("total", (Name("events", at=call.at), counted), (("where", condition),), at=call.at)
        if "quantity" not in self._fields("events"):
            total = replace(total, function="count", arguments=(Name("events", at=call.at),))
        return self._records(total, scope)

    def _at(self, call: Call, scope: Scope) -> Expression:
        inner = self._bind(call.arguments[0], scope)
        period, moment = self._moment(call.arguments[1])
        return _moved(inner, period, moment, call.at)

    def _moment(self, when: Expression) -> tuple[Period | None, str]:
        if isinstance(when, PeriodLiteral):
            return when.period, ""
        if isinstance(when, Literal) and isinstance(when.value, Fraction) and when.value.denominator == 1:
            return Period.parse(f"{when.value.numerator:04d}"), ""
        if self._dataset.period is None:
            raise SchemeError(f"{when.at} 没有说明期别(--period),不能取别的期")
        word = _as_name(when).text
        if word not in PERIOD_WORDS:
            raise SchemeError(f"{when.at} 不认识期别 {word}{nearest_of(word, PERIOD_WORDS)}")
        return None, word

    # --- operators ------------------------------------------------------------------------------

    def _binary(self, binary: Binary) -> Expression:
        if binary.operator in _COMPARISONS:
            self._check_comparable(binary)
        if binary.operator in _COMPARISONS | {"+", "-"}:
            return self._converted(binary)
        return binary

    def _check_comparable(self, binary: Binary) -> None:
        if any(self._is_of_empty_table(side) for side in (binary.left, binary.right)):
            return
        kinds = {_is_text(binary.left), _is_text(binary.right)}
        if kinds == {True, False}:
            raise SchemeError(f"{binary.at} 文字与数不能比较(“{binary.operator}”两边一为文字,一为数)")

    def _is_of_empty_table(self, side: Expression) -> bool:
        """A column of a table without rows (a year without events) is neither text nor number yet."""
        return isinstance(side, Field) and not self._dataset.table(side.table).rows

    def _converted(self, binary: Binary) -> Binary:
        left, right = measure_of_expression(binary.left), measure_of_expression(binary.right)
        if left is None and right is None:
            return binary
        if left is not None and right is not None and left != right:
            return self._same_measure(binary, left, right)
        known = left or right or ""
        other = binary.right if left is not None else binary.left
        quantity = (
            binary.left if is_quantity(binary.left) else binary.right if is_quantity(binary.right) else None
        )
        if quantity is not None and not isinstance(other, Literal):
            raise SchemeError(
                f"{quantity.at} 不知道另一边以什么计,不能与 {shown_quantity(quantity)} 比较;"
                "表里没有计量单位时,请直接写表中的数"
            )
        if isinstance(other, Literal) and other.scaled and known not in NO_MEASURE:
            raise SchemeError(f"{other.at} 数后请写全计量单位(这里的指标以{known}计)")
        return binary

    def _same_measure(self, binary: Binary, left: str, right: str) -> Binary:
        try:
            if is_quantity(binary.right):
                return replace(binary, right=in_measure(binary.right, left))
            if is_quantity(binary.left):
                return replace(binary, left=in_measure(binary.left, right))
            factor = convert(Fraction(1), right, left)
        except MeasureError:
            raise SchemeError(f"{binary.at} {left} 与 {right} 不能比较或相加减") from None
        return replace(binary, right=Binary("*", binary.right, Literal(factor), binary.at))


def _is_text(expression: Expression) -> bool | None:
    """Whether an expression is text; None when it cannot be told before the data are read."""
    match expression:
        case Literal():
            return isinstance(expression.value, str)
        case Input() | Field():
            return not expression.numeric
        case NodeValue():
            return expression.which == "grade"
        case Binary() | Current():
            return None
        case Call("attainment" | "share_of" | "growth_over" | "count" | "total"):
            return False
    return None


def _moved(expression: Expression, period: Period | None, moment: str, at: Position) -> Expression:
    if isinstance(expression, Input) and expression.role == "figure":
        return replace(expression, period=period, moment=moment)
    if isinstance(expression, Input) and expression.role in ("target", "due", "pace", "baseline"):
        raise SchemeError(f"{at} at() 里只能用实际数,不能用目标、时序或基数")
    return m.rebuilt(expression, lambda child: _moved(child, period, moment, at))


def period_of(word: str, now: Period) -> Period:
    """The period that a word of ``at`` means, seen from the period scored."""
    last = Period(now.last, now.last)
    match word:
        case "last_year":
            return now.last_year()
        case "previous":
            return now.previous() if now.months > 1 and now.first % 12 else last.shifted(-1).year_to_date()
        case "year_start":
            return Period(now.year * 12 - 1, now.year * 12 - 1)
        case "this_month":
            return last
        case "this_quarter":
            start = now.last - now.last % 3
            return Period(start, now.last)
        case _:
            return now.whole_year()


def _companion(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    roles = {"target": "target", "last_year": "baseline", "due": "due", "pace": "pace"}
    base, _, suffix = text.rpartition(".")
    return (base, roles[suffix]) if suffix in roles and base in names else None


def _as_name(expression: Expression) -> Name:
    if isinstance(expression, Name):
        return expression
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return Name(expression.value, at=expression.at)
    raise SchemeError(f"{expression.at} 这里应为名称")


def _text_of(expression: Expression) -> str:
    if isinstance(expression, Literal):
        return str(expression.value)
    return _as_name(expression).text


def nearest_of(name: str, known: Iterable[str]) -> str:
    """「,是否 …?」 with the nearest known name; nothing when none is near."""
    near = get_close_matches(name, sorted(known), n=1)
    return f",是否 {near[0]}?" if near else ""


def start_of(part: object) -> Position:
    """Where a part without a position of its own begins: the first expression inside it."""
    for expression in m.expressions_of(part):
        return expression.at
    return Position("<scheme>", 1, 1)
