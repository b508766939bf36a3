"""The expression tree of the scheme language, before and after its names are bound to data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Literal as OneOf

from kaohe.quantities.periods import Period
from kaohe.schemes.documents import Position

_NOWHERE = Position("<expression>", 1, 1)


@dataclass(frozen=True, slots=True)
class Literal:
    """A number (exact), a text, or a truth value; ``measure`` is 亿元, 亩 … as written, if any.

    ``scaled`` tells a bare 万 or 亿 (500亿): fit for plain numbers, not for an indicator in 万元.
    ``written`` is the number as its author wrote it (60%, 0.1, 500亿元), for reading back.
    """

    value: Fraction | str | bool
    measure: str | None = None
    scaled: bool = False
    at: Position = field(default=_NOWHERE, compare=False)
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A bare or qualified name, not yet bound: ``finder``, ``record.finder``, ``x``."""

    text: str
    scope: str | None = None
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PeriodLiteral:
    """2005-01/2005-06 or 2005-06, as the second argument of ``at``."""

    period: Period
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """The right side of ``in``."""

    items: tuple[Expression, ...]
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    operator: OneOf["-", "not"]
    operand: Expression
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / ^ = != < <= > >= and or in``."""

    operator: str
    left: Expression
    right: Expression
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function; ``scope`` names an imported scheme (``village.score(total)``)."""

    function: str
    arguments: tuple[Expression, ...]
    options: tuple[tuple[str, Expression], ...] = ()
    scope: str | None = None
    at: Position = field(default=_NOWHERE, compare=False)

    def option(self, name: str) -> Expression | None:
        return dict(self.options).get(name)


@dataclass(frozen=True, slots=True)
class ByTable:
    """A value by class: ``{by: kind, 死亡: 30, 重伤: 15, else: 0}``."""

    key: Expression
    rows: tuple[tuple[str, Expression], ...]
    otherwise: Expression | None = None
    at: Position = field(default=_NOWHERE, compare=False)


# Bound leaves: what a Name or a fact function becomes once the data are known.

Role = OneOf["figure", "target", "due", "pace", "baseline", "attribute"]


@dataclass(frozen=True, slots=True)
class Input:
    """A column of facts over the assessed units.

    ``scale`` turns a figure in % into a ratio (1/100). ``numeric`` is False for texts. ``moment`` is a word
    such as last_year, taken from the period being scored; ``period`` is a fixed one.
    """

    role: Role
    name: str
    period: Period | None = None
    choice: tuple[tuple[str, str], ...] = ()
    scale: Fraction = Fraction(1)
    numeric: bool = True
    measure: str | None = None
    moment: str = ""
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the record at hand."""

    table: str
    name: str
    numeric: bool = True
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Current:
    """``x`` (the value so far) or ``value`` (the cell inside ``each: {columns}``)."""

    which: OneOf["x", "value"]
    measure: str | None = None
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NodeValue:
    """Another node's ``score``, ``published``, ``place``, ``grade`` or a gate's ``fired``."""

    which: OneOf["score", "published", "place", "grade", "fired"]
    node: str
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """A result of an imported scheme for the unit named by ``link`` (None: the unit itself)."""

    alias: str
    which: str
    node: str
    link: str | None = None
    at: Position = field(default=_NOWHERE, compare=False)


Expression = (
    Literal
    | Name
    | PeriodLiteral
    | ListOf
    | Unary
    | Binary
    | Call
    | ByTable
    | Input
    | Field
    | Current
    | NodeValue
    | ImportedValue
)


def children(expression: Expression) -> Iterator[Expression]:
    """The direct sub-expressions, in reading order."""
    match expression:
        case Unary():
            yield expression.operand
        case Binary():
            yield expression.left
            yield expression.right
        case ListOf():
            yield from expression.items
        case Call():
            yield from expression.arguments
            yield from (value for _, value in expression.options)
        case ByTable():
            yield expression.key
            yield from (value for _, value in expression.rows)
            if expression.otherwise is not None:
                yield expression.otherwise
        case _:
            return


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything below it, depth first.

    >>> one = Literal(Fraction(1))
    >>> len(list(walk(Binary("+", one, one))))
    3
    """
    yield expression
    for child in children(expression):
        yield from walk(child)


def place_of(expression: Expression) -> Position:
    """Where the expression is written."""
    assert any(item.name == "at" for item in fields(expression))
    return expression.at


def literal(value: Fraction | int | str) -> Literal:
    """A literal made by a rule of the language rather than by its author."""
    return Literal(Fraction(value) if isinstance(value, int) else value)
