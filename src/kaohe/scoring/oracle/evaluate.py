"""Expressions → columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.facts.errors import SchemeError
from kaohe.schemes.expressions import (
    Binary,
    ByTable,
    Call,
    Current,
    Expression,
    Field,
    ImportedValue,
    Input,
    ListOf,
    Literal,
    NodeValue,
    Unary,
    walk,
)
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Inexact, Null, Number, Value
from kaohe.scoring.oracle.frames import Column, Frame, lifted
from kaohe.scoring.statistics import STATISTICS, places, quantile

if TYPE_CHECKING:
    from kaohe.scoring.oracle.run import Run

_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}
_REASONS = {
    Null.MISSING: "未报",
    Null.NOT_DUE: "未到期",
    Null.UNDEFINED: "无法计算",
    Null.NOT_APPLICABLE: "不适用",
    Null.EXCLUDED: "不计",
}
_ARITHMETIC: dict[str, Callable[[Number, Number], Number | Null]] = {
    "+": n.add,
    "-": n.subtract,
    "*": n.multiply,
    "/": n.divide,
    "^": n.power,
}


def column(run: Run, expression: Expression, frame: Frame) -> Column:
    """The value of the expression for each row of the frame."""
    match expression:
        case Literal():
            return [expression.value] * frame.size
        case Current():
            found = frame.x if expression.which == "x" else frame.cell
            if found is None:
                raise SchemeError(f"{expression.at} 这里没有 {expression.which} 可用")
            return found
        case Input():
            values = run.input(expression)
            return [Null.NOT_APPLICABLE if unit is None else values[unit] for unit in frame.unit]
        case Field():
            return frame.field(expression.table, expression.name)
        case NodeValue():
            return _node_value(run, expression, frame)
        case ImportedValue():
            return run.imported(expression, frame)
        case Unary():
            operand = column(run, expression.operand, frame)
            if expression.operator == "not":
                return lifted(lambda value: not truth(value), operand)
            return lifted(lambda value: n.negate(number(value, expression)), operand)
        case Binary():
            return _binary(run, expression, frame)
        case ByTable():
            return _by_table(run, expression, frame)
        case Call():
            return _call(run, expression, frame)
    raise SchemeError(f"{expression.at} 这里不能用这种写法")


def conditions(run: Run, expression: Expression, frame: Frame) -> list[bool | Null]:
    """A condition for each row: true, false, or why it is unknown."""
    return [value if isinstance(value, Null) else truth(value) for value in column(run, expression, frame)]


def truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Fraction):
        return value != 0
    return bool(value)


def number(value: Value, at: Expression) -> Number:
    """The value as a number; a text is a fault of the scheme or of the data."""
    if type(value) is Fraction:
        return value
    if isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, Inexact):
        return value
    shown = f"空值({_REASONS[value]})" if isinstance(value, Null) else f"“{value}”"
    raise SchemeError(f"{at.at} 这里应为数,实为{shown}")


def key_text(value: Value) -> str:
    """A value as the key of a by-table or a group."""
    if isinstance(value, Fraction | Inexact):
        return n.number_text(value)
    return str(value)


def _node_value(run: Run, expression: NodeValue, frame: Frame) -> Column:
    values = run.node_column(expression)
    at = run.assessed_at
    return [
        values[at[unit]] if unit is not None and unit in at else Null.NOT_APPLICABLE for unit in frame.unit
    ]


def _binary(run: Run, expression: Binary, frame: Frame) -> Column:
    left = column(run, expression.left, frame)
    if expression.operator == "in":
        assert isinstance(expression.right, ListOf)
        choices = [column(run, item, frame) for item in expression.right.items]
        return lifted(lambda value, *items: any(same(value, item) for item in items), left, *choices)
    right = column(run, expression.right, frame)
    operator = expression.operator
    if operator in ("and", "or"):
        return [_logic(a, b, decisive=operator == "or") for a, b in zip(left, right, strict=True)]
    if operator in ("=", "!="):
        return lifted(lambda a, b: same(a, b) == (operator == "="), left, right)
    if operator in _ORDER:
        return lifted(lambda a, b: _ORDER[operator](_order(a, b, expression)), left, right)
    compute = _ARITHMETIC[operator]
    return lifted(lambda a, b: compute(number(a, expression), number(b, expression)), left, right)


def same(left: Value, right: Value) -> bool:
    """Equality; a number written as text (a class 1) equals the text 1."""
    if isinstance(left, str) != isinstance(right, str):
        return key_text(left) == key_text(right)
    return n.equal(left, right)


def _order(left: Value, right: Value, at: Expression) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return n.compare(number(left, at), number(right, at))


def _logic(left: Value, right: Value, *, decisive: bool) -> Value:
    for value in (left, right):
        if not isinstance(value, Null) and truth(value) == decisive:
            return decisive
    unknown = n.strongest((left, right))
    return unknown if unknown is not None else not decisive


def _by_table(run: Run, table: ByTable, frame: Frame) -> Column:
    keys = column(run, table.key, frame)
    rows = {key: column(run, value, frame) for key, value in table.rows}
    otherwise = column(run, table.otherwise, frame) if table.otherwise is not None else None
    return [_chosen(table, key, place, rows, otherwise) for place, key in enumerate(keys)]


def _chosen(
    table: ByTable, key: Value, place: int, rows: dict[str, Column], otherwise: Column | None
) -> Value:
    if isinstance(key, Null):
        return otherwise[place] if otherwise is not None else key
    text = key_text(key)
    if text in rows:
        return rows[text][place]
    if otherwise is not None:
        return otherwise[place]
    raise SchemeError(f"{table.at} 按类取值的表里没有“{text}”(有:{'、'.join(rows)});可加 else")


# --- functions ------------------------------------------------------------------------------------


def _call(run: Run, call: Call, frame: Frame) -> Column:
    prefix, _, statistic = call.function.partition("_")
    if prefix in ("peer", "all", "others") and statistic:
        return _peers(run, call, frame, prefix, statistic)
    special = _SPECIAL.get(call.function)
    if special is not None:
        return special(run, call, frame)
    arguments = [column(run, argument, frame) for argument in call.arguments]
    return _SIMPLE[call.function](call, arguments)


def _numbers(call: Call, function: Callable[..., Value], arguments: list[Column]) -> Column:
    return lifted(lambda *values: function(*(number(value, call) for value in values)), *arguments)


def _if(call: Call, arguments: list[Column]) -> Column:
    return [
        condition if isinstance(condition, Null) else (yes if truth(condition) else no)
        for condition, yes, no in zip(*arguments, strict=True)
    ]


def _case(call: Call, arguments: list[Column]) -> Column:
    if len(arguments) % 2 == 0:
        raise SchemeError(f"{call.at} case 应为“条件, 值, 条件, 值, …, 其余”,参数个数应为奇数")
    return [_first_case(values) for values in zip(*arguments, strict=True)]


def _first_case(values: tuple[Value, ...]) -> Value:
    for condition, value in zip(values[:-1:2], values[1::2], strict=True):
        if isinstance(condition, Null):
            return condition
        if truth(condition):
            return value
    return values[-1]


def _first(call: Call, arguments: list[Column]) -> Column:
    return [
        next((value for value in values if not isinstance(value, Null)), n.strongest(values) or Null.MISSING)
        for values in zip(*arguments, strict=True)
    ]


def _missing(call: Call, arguments: list[Column]) -> Column:
    return [isinstance(value, Null) for value in arguments[0]]


def _nullif(call: Call, arguments: list[Column]) -> Column:
    return [
        Null.MISSING if not isinstance(a, Null) and not isinstance(b, Null) and same(a, b) else a
        for a, b in zip(*arguments, strict=True)
    ]


def _share_of(value: Number, base: Number) -> Number | Null:
    return n.divide(value, base) if n.compare(base, Fraction(0)) > 0 else Null.UNDEFINED


def _growth_over(value: Number, base: Number) -> Number | Null:
    return _share_of(n.subtract(value, base), base)


def _every(value: Number, unit: Number) -> Number | Null:
    if n.compare(value, Fraction(0)) <= 0:
        return Fraction(0)
    whole = n.divide(value, unit)
    return whole if isinstance(whole, Null) else n.floor(whole)


def _extreme(best: int) -> Callable[..., Value]:
    def chosen(*values: Number) -> Number:
        found = values[0]
        for value in values[1:]:
            if n.compare(value, found) == best:
                found = value
        return found

    return chosen


def _round(value: Number, decimals: Number = Fraction(0)) -> Number:
    return n.rounded(value, int(n.floor(decimals)))


def _plain(function: Callable[..., Value]) -> Callable[[Call, list[Column]], Column]:
    return lambda call, arguments: _numbers(call, function, arguments)


def _texts(function: Callable[[str, str], bool]) -> Callable[[Call, list[Column]], Column]:
    return lambda call, arguments: lifted(lambda a, b: function(key_text(a), key_text(b)), *arguments)


_SIMPLE: dict[str, Callable[[Call, list[Column]], Column]] = {
    "if": _if,
    "case": _case,
    "first": _first,
    "missing": _missing,
    "nullif": _nullif,
    "share_of": _plain(_share_of),
    "growth_over": _plain(_growth_over),
    "every": _plain(_every),
    "min": _plain(_extreme(-1)),
    "max": _plain(_extreme(1)),
    "abs": _plain(lambda value: n.negate(value) if n.compare(value, Fraction(0)) < 0 else value),
    "round": _plain(_round),
    "floor": _plain(n.floor),
    "ceil": _plain(n.ceil),
    "ln": _plain(n.logarithm),
    "log10": _plain(lambda value: n.logarithm(value, base10=True)),
    "exp": _plain(n.exponential),
    "sqrt": _plain(n.root),
    "contains": _texts(lambda text, part: part in text),
    "starts_with": _texts(lambda text, part: text.startswith(part)),
}


# --- peers ----------------------------------------------------------------------------------------


def is_about_rows(expression: Expression) -> bool:
    """Whether the expression speaks of the record or cell at hand, not of its unit."""
    return any(isinstance(part, Field | Current) for part in walk(expression))


def _peers(run: Run, call: Call, frame: Frame, prefix: str, statistic: str) -> Column:
    inner = call.arguments[0] if call.arguments else None
    if not frame.is_base and (inner is None or not is_about_rows(inner)):
        at_units = _peers(run, call, run.base, prefix, statistic)
        return [at_units[owner] if owner >= 0 else Null.NOT_APPLICABLE for owner in frame.owner]
    values: Column = column(run, inner, frame) if inner is not None else [Fraction(1)] * frame.size
    keys = group_keys(run, frame, Literal("all") if prefix == "all" else call.option("within"))
    members = peer_members(run, frame, values, keys)
    compute = _statistic(run, call, frame, statistic)
    if prefix == "others":
        return [_of_others(compute, members.get(keys[row], []), row, values) for row in range(frame.size)]
    found = {key: compute([number(values[row], call) for row in rows], rows) for key, rows in members.items()}
    empty = compute([], [])
    return [found.get(key, empty) for key in keys]


def _of_others(compute: Callable[..., Value], members: list[int], row: int, values: Column) -> Value:
    rest = [member for member in members if member != row]
    return compute([values[member] for member in rest], rest)


def _statistic(run: Run, call: Call, frame: Frame, name: str) -> Callable[..., Value]:
    if name == "quantile":
        shares = column(run, call.arguments[1], frame)
        share = shares[0] if shares else Fraction(0)
        return lambda values, rows: quantile(values, number(share, call))
    return lambda values, rows: STATISTICS[name](values)


def group_keys(run: Run, frame: Frame, within: Expression | str | None) -> list[str]:
    """The peer group of each row: the scheme's, an attribute's, or one for all."""
    if within == "all" or (isinstance(within, Literal) and within.value == "all"):
        return [""] * frame.size
    if within is None:
        return [run.peer_key[owner] if owner >= 0 else "" for owner in frame.owner]
    assert not isinstance(within, str)
    return [key_text(value) for value in column(run, within, frame)]


def peer_members(
    run: Run, frame: Frame, values: Sequence[Value], keys: Sequence[str]
) -> dict[str, list[int]]:
    """The rows of each group that have a value and whose unit is eligible."""
    members: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        owner = frame.owner[row]
        if not isinstance(value, Null) and owner >= 0 and run.eligible[owner]:
            members.setdefault(keys[row], []).append(row)
    return members


# --- records --------------------------------------------------------------------------------------


def _aggregate(run: Run, call: Call, frame: Frame) -> Column:
    table = call.arguments[0]
    assert isinstance(table, Literal)
    records, unreported = run.records(str(table.value))
    kept = filtered(run, records, call.option("where"))
    values = column(run, call.arguments[1], kept) if len(call.arguments) > 1 else [Fraction(1)] * kept.size
    by_unit: dict[int, list[Value]] = {}
    for unit, value in zip(kept.unit, values, strict=True):
        if unit is not None:
            by_unit.setdefault(unit, []).append(value)
    return [
        Null.MISSING
        if unit in unreported
        else _aggregated(call, by_unit.get(unit, []) if unit is not None else [])
        for unit in frame.unit
    ]


def _aggregated(call: Call, values: list[Value]) -> Value:
    unknown = n.strongest(values)
    if unknown is not None:
        return unknown
    present = [number(value, call) for value in values]
    if call.function == "count":
        return Fraction(len(present))
    return STATISTICS[{"total": "sum", "highest": "max", "lowest": "min"}[call.function]](present)


def filtered(run: Run, frame: Frame, where: Expression | None) -> Frame:
    """The rows for which the condition is known to hold."""
    if where is None:
        return frame
    holds = conditions(run, where, frame)
    return frame.taken([row for row, value in enumerate(holds) if value is True])


def _nth(run: Run, call: Call, frame: Frame) -> Column:
    where = call.option("where")
    holds = conditions(run, where, frame) if where is not None else [True] * frame.size
    values = column(run, call.arguments[0], frame)
    everyone = call.option("within") is not None
    groups: dict[int, list[int]] = {}
    for row, value in enumerate(values):
        if holds[row] is True and not isinstance(value, Null):
            groups.setdefault(0 if everyone else frame.owner[row], []).append(row)
    found: Column = [value if isinstance(value, Null) else Null.NOT_APPLICABLE for value in values]
    for rows in groups.values():
        for place, row in _ascending_places([values[row] for row in rows], rows):
            found[row] = place
    return found


def _ascending_places(values: list[Value], rows: list[int]) -> list[tuple[Fraction, int]]:
    if all(isinstance(value, Fraction | Inexact) for value in values):
        at = places(n.sort_classes(values, high_first=False), "min")  # type: ignore[arg-type]
    else:
        texts = [key_text(value) for value in values]
        order = sorted(set(texts))
        at = places([[i for i, text in enumerate(texts) if text == each] for each in order], "min")
    return [(at[i], row) for i, row in enumerate(rows)]


# --- links, periods, dates ------------------------------------------------------------------------


def _of(run: Run, call: Call, frame: Frame) -> Column:
    links = column(run, call.arguments[0], frame)
    linked: list[int | None] = [
        None if isinstance(link, Null) else run.unit_place(key_text(link), call) for link in links
    ]
    return column(run, call.arguments[1], replace(frame, unit=linked, is_base=False))


def _lookup(run: Run, call: Call, frame: Frame) -> Column:
    table, _, name = call.arguments
    assert isinstance(table, Literal) and isinstance(name, Literal)
    keys = column(run, call.arguments[1], frame)
    return [
        key if isinstance(key, Null) else run.reference(str(table.value), key_text(key), str(name.value))
        for key in keys
    ]


def _reference(run: Run, call: Call, frame: Frame) -> Column:
    key, name = call.arguments
    assert isinstance(key, Literal) and isinstance(name, Literal)
    return [run.reference(None, str(key.value), str(name.value))] * frame.size


def _streak(run: Run, call: Call, frame: Frame) -> Column:
    lengths = [Fraction(0)] * run.base.size
    going = [True] * run.base.size
    earlier: Run | None = run
    while earlier is not None and any(going):
        holds = conditions(earlier, call.arguments[0], earlier.base)
        going = [before and now is True for before, now in zip(going, holds, strict=True)]
        lengths = [length + 1 if on else length for length, on in zip(lengths, going, strict=True)]
        earlier = earlier.before()
    return [lengths[owner] if owner >= 0 else Null.NOT_APPLICABLE for owner in frame.owner]


def _late(run: Run, call: Call, frame: Frame) -> Column:
    milestone = call.arguments[0]
    assert isinstance(milestone, Input)
    at_units = run.lateness(milestone, "days" if call.function == "days_late" else "months")
    return [Null.NOT_APPLICABLE if unit is None else at_units[unit] for unit in frame.unit]


def lateness(done: date | None, due: date, until: date, measure: str) -> Fraction:
    """Days, or calendar months, from the due date to the day done (or to ``until``), at least 0.

    >>> lateness(date(2005, 7, 23), date(2005, 5, 31), date(2005, 9, 30), "months")
    Fraction(2, 1)
    """
    end = done if done is not None else until
    if measure == "days":
        return Fraction(max((end - due).days, 0))
    return Fraction(max((end.year - due.year) * 12 + end.month - due.month, 0))


def _mark(run: Run, call: Call, frame: Frame) -> Column:
    node = call.arguments[0]
    assert isinstance(node, Literal)
    marks = run.marks(str(node.value))
    return [marks[owner] if owner >= 0 else Null.MISSING for owner in frame.owner]


_SPECIAL: dict[str, Callable[[Run, Call, Frame], Column]] = {
    "count": _aggregate,
    "total": _aggregate,
    "highest": _aggregate,
    "lowest": _aggregate,
    "nth": _nth,
    "of": _of,
    "lookup": _lookup,
    "reference": _reference,
    "streak": _streak,
    "days_late": _late,
    "months_late": _late,
    "mark": _mark,
}
