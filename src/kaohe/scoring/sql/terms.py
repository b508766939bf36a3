"""The small intermediate form between a scheme and SQLGlot's AST: immutable terms, equal when same.

Terms are interned, so that equal sub-expressions are one object; the planner (:mod:`.plan`) uses that to
compute nothing twice and to carry no column further than it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """``op`` over ``args``: terms, names and constants. Make with :func:`term`, never directly."""

    op: str
    args: tuple[Any, ...]
    windowed: bool = field(default=False)

    def children(self) -> Iterator[Term]:
        for argument in self.args:
            if isinstance(argument, Term):
                yield argument

    @property
    def trivial(self) -> bool:
        """Whether it costs nothing to write it twice."""
        return self.op in ("column", "number", "integer", "text", "bool", "null")


_interned: dict[tuple[Any, ...], Term] = {}


def term(op: str, *args: Any) -> Term:
    """The one term of this form."""
    key = (op, *((type(argument), argument) for argument in args))
    found = _interned.get(key)
    if found is None:
        windowed = op == "window" or any(isinstance(a, Term) and a.windowed for a in args)
        found = _interned[key] = Term(op, args, windowed)
    return found


def forget_terms() -> None:
    """Empties the pool between compilations."""
    _interned.clear()


TRUE, FALSE = Term("bool", (True,)), Term("bool", (False,))
NULL_NUMBER, NULL_STATE = Term("null", ("DOUBLE",)), Term("null", ("INT",))
NULL_TEXT, NULL_BOOL = Term("null", ("VARCHAR",)), Term("null", ("BOOLEAN",))


def column(name: str) -> Term:
    return term("column", name)


def number(value: float) -> Term:
    return term("number", float(value))


def integer(value: int) -> Term:
    return term("integer", value)


def text(value: str) -> Term:
    return term("text", value)


def is_null(value: Term) -> Term:
    if value.op == "null":
        return TRUE
    if value.op in ("number", "integer", "text", "bool"):
        return FALSE
    return term("isnull", value)


def negated(value: Term) -> Term:
    if value is TRUE:
        return FALSE
    if value is FALSE:
        return TRUE
    inner: Term = value.args[0] if value.op == "not" else term("not", value)
    return inner


def every_of(*values: Term) -> Term:
    kept = tuple(dict.fromkeys(value for value in values if value is not TRUE))
    if FALSE in kept:
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else term("and", *kept)


def any_of(*values: Term) -> Term:
    kept = tuple(dict.fromkeys(value for value in values if value is not FALSE))
    if TRUE in kept:
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else term("or", *kept)


def case(*parts: Term) -> Term:
    """``case(c1, v1, c2, v2, …, otherwise)``; conditions known beforehand are resolved."""
    pairs, otherwise = list(zip(parts[:-1:2], parts[1:-1:2], strict=True)), parts[-1]
    kept: list[Term] = []
    for condition, value in pairs:
        if condition is FALSE:
            continue
        if condition is TRUE:
            otherwise = value
            break
        kept += [condition, value]
    while kept and kept[-1] is otherwise:
        del kept[-2:]
    return term("case", *kept, otherwise) if kept else otherwise


def least(*values: Term) -> Term:
    kept = tuple(dict.fromkeys(values))
    return kept[0] if len(kept) == 1 else term("least", *kept)


def greatest(*values: Term) -> Term:
    kept = tuple(dict.fromkeys(values))
    return kept[0] if len(kept) == 1 else term("greatest", *kept)


def coalesce(*values: Term) -> Term:
    kept = tuple(dict.fromkeys(value for value in values if value.op != "null"))
    return values[0] if not kept else kept[0] if len(kept) == 1 else term("coalesce", *kept)


def window(
    function: str,
    argument: Term | None,
    partition: tuple[Term, ...],
    order: tuple[tuple[Term, bool], ...] = (),
) -> Term:
    """``function(argument) OVER (PARTITION BY … ORDER BY …)``; order: (term, descending); nulls last."""
    flat: list[Any] = []
    for key, descending in order:
        flat += [key, descending]
    return term("window", function, argument, len(partition), *partition, *flat)


# --- to SQLGlot -----------------------------------------------------------------------------------

_BINARY: dict[str, Any] = {
    "+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div,
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_TYPE_NAMES = {"DOUBLE": "DOUBLE", "INT": "INT", "VARCHAR": "VARCHAR", "BOOLEAN": "BOOLEAN"}
_DOUBLE, _BIGINT = exp.DataType.build("DOUBLE"), exp.DataType.build("BIGINT")


def number_sql(value: float) -> exp.Expression:
    """A typed literal: whole doubles are written with an exponent, which every dialect reads as DOUBLE."""
    shown = repr(abs(value))
    shown = shown if "e" in shown else f"{shown}e0"
    made: exp.Expression = exp.Literal.number(shown)
    return exp.Neg(this=made) if value < 0 else made


def sql_of(value: Term) -> exp.Expression:
    """The SQLGlot expression of a term, brackets written out."""
    handler = _WRITERS.get(value.op)
    if handler is not None:
        return handler(value)
    if value.op in _BINARY:
        left, right = (_bracketed(argument) for argument in value.args)
        made: exp.Expression = _BINARY[value.op](this=left, expression=right)
        return made
    raise ValueError(f"no SQL for {value.op}")


def _bracketed(value: Term) -> exp.Expression:
    made = sql_of(value)
    return exp.Paren(this=made) if isinstance(made, exp.Binary | exp.Neg | exp.Not | exp.Is) else made


def _column(value: Term) -> exp.Expression:
    return exp.Column(this=exp.Identifier(this=value.args[0], quoted=True))


def _null(value: Term) -> exp.Expression:
    return exp.Cast(this=exp.Null(), to=exp.DataType.build(_TYPE_NAMES[value.args[0]]))


def _connected(kind: Any, value: Term) -> exp.Expression:
    made: exp.Expression = _bracketed(value.args[0])
    for argument in value.args[1:]:
        made = kind(this=made, expression=_bracketed(argument))
    return made


def _sum(value: Term) -> exp.Expression:
    made = _bracketed(value.args[0])
    for argument in value.args[1:]:
        made = exp.Add(this=made, expression=_bracketed(argument))
    return made


def _case(value: Term) -> exp.Expression:
    made = exp.Case(ifs=[], default=sql_of(value.args[-1]))
    pairs = zip(value.args[:-1:2], value.args[1:-1:2], strict=True)
    made.set("ifs", [exp.If(this=sql_of(c), true=sql_of(v)) for c, v in pairs])
    return made


def _called(kind: Any, value: Term) -> exp.Expression:
    first, *rest = (sql_of(argument) for argument in value.args)
    several = kind in (exp.Least, exp.Greatest, exp.Coalesce)
    made: exp.Expression = (
        kind(this=first, expressions=rest, ignore_nulls=True) if several else kind(this=first)
    )
    return made


def _anonymous(name: str, value: Term) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[sql_of(argument) for argument in value.args])


_AGGREGATES: dict[str, Any] = {
    "min": exp.Min, "max": exp.Max, "sum": exp.Sum, "avg": exp.Avg, "count": exp.Count,
}  # fmt: skip


def _aggregate(function: str, argument: Term | None) -> exp.Expression:
    if function == "rank":
        return exp.Anonymous(this="RANK", expressions=[])
    if function == "dense_rank":
        return exp.Anonymous(this="DENSE_RANK", expressions=[])
    if function == "row_number":
        return exp.RowNumber()
    assert argument is not None
    made = sql_of(argument)
    if function in ("lag", "lead"):
        return exp.Anonymous(this=function.upper(), expressions=[made])
    if function == "product":
        return exp.Anonymous(this="PRODUCT", expressions=[made])
    if function == "any":
        return exp.LogicalOr(this=made)
    found: exp.Expression = _AGGREGATES[function](this=made)
    return found


def _ordering(parts: tuple[Any, ...]) -> list[exp.Expression]:
    return [
        exp.Ordered(this=sql_of(key), desc=descending, nulls_first=False)
        for key, descending in zip(parts[::2], parts[1::2], strict=True)
    ]


def _window(value: Term) -> exp.Expression:
    function, argument, count, *rest = value.args
    partition, order = rest[:count], tuple(rest[count:])
    made = exp.Window(
        this=_aggregate(function, argument), partition_by=[sql_of(key) for key in partition] or None
    )
    if order:
        made.set("order", exp.Order(expressions=_ordering(order)))
    return made


def _grouped(value: Term) -> exp.Expression:
    return _aggregate(value.args[0], value.args[1])


def _in(value: Term) -> exp.Expression:
    return exp.In(this=_bracketed(value.args[0]), expressions=[sql_of(item) for item in value.args[1:]])


_WRITERS: dict[str, Callable[[Term], exp.Expression]] = {
    "column": _column,
    "number": lambda value: number_sql(value.args[0]),
    "integer": lambda value: exp.Literal.number(value.args[0]),
    "text": lambda value: exp.Literal.string(value.args[0]),
    "bool": lambda value: exp.Boolean(this=value.args[0]),
    "null": _null,
    "isnull": lambda value: exp.Is(this=_bracketed(value.args[0]), expression=exp.Null()),
    "not": lambda value: exp.Not(this=_bracketed(value.args[0])),
    "neg": lambda value: exp.Neg(this=_bracketed(value.args[0])),
    "and": lambda value: _connected(exp.And, value),
    "or": lambda value: _connected(exp.Or, value),
    "sum": _sum,
    "case": _case,
    "least": lambda value: _called(exp.Least, value),
    "greatest": lambda value: _called(exp.Greatest, value),
    "coalesce": lambda value: _called(exp.Coalesce, value),
    "abs": lambda value: _called(exp.Abs, value),
    "floor": lambda value: exp.Cast(this=_called(exp.Floor, value), to=_DOUBLE.copy()),
    "ceil": lambda value: exp.Cast(this=_called(exp.Ceil, value), to=_DOUBLE.copy()),
    "round": lambda value: exp.Anonymous(this="ROUND", expressions=[sql_of(value.args[0])]),
    "sqrt": lambda value: _called(exp.Sqrt, value),
    "exp": lambda value: _called(exp.Exp, value),
    "ln": lambda value: _anonymous("LN", value),
    "power": lambda value: _anonymous("POWER", value),
    "double": lambda value: exp.Cast(this=sql_of(value.args[0]), to=_DOUBLE.copy()),
    "contains": lambda value: _anonymous("CONTAINS", value),
    "starts_with": lambda value: _anonymous("STARTSWITH", value),
    "in": _in,
    "window": _window,
    "aggregate": _grouped,
}
