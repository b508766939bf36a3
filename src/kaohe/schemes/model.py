"""A scheme as frozen data: nodes, sources, steps, gates, outcome. Loading writes it, scoring reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from kaohe.facts.tables import TableSpec
from kaohe.schemes.documents import Position
from kaohe.schemes.expressions import Expression as Expression
from kaohe.schemes.expressions import Name

_NOWHERE = Position("<scheme>", 1, 1)
_T = TypeVar("_T")
Reason = Literal["missing", "not_due", "undefined", "not_applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation on the value so far; ``rule`` names the list of steps it came from by ``use``."""

    at: Position = field(default=_NOWHERE, compare=False)
    rule: str | None = None

    @property
    def kind(self) -> str:
        """The word of the language: ``curve``, ``per_unit`` …"""
        return _KINDS[type(self)]


Tail = Literal["flat", "extend"] | Expression


@dataclass(frozen=True, slots=True)
class Curve(Step):
    knots: tuple[tuple[Expression, Expression], ...]
    left: Tail = "flat"
    right: Tail = "flat"


@dataclass(frozen=True, slots=True)
class Band:
    """A row of ``bands``: all ``tests`` hold → ``points``, or ``steps``; neither: the value is kept."""

    tests: tuple[tuple[str, Expression], ...]
    points: Expression | None
    steps: tuple[Step, ...] | None = None
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bands(Step):
    rows: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Stop(Step):
    when: Expression
    points: Expression


@dataclass(frozen=True, slots=True)
class Cap(Step):
    limit: Expression


@dataclass(frozen=True, slots=True)
class Floor(Step):
    limit: Expression


@dataclass(frozen=True, slots=True)
class Clamp(Step):
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Scale(Step):
    by: Expression


@dataclass(frozen=True, slots=True)
class Add(Step):
    amount: Expression


@dataclass(frozen=True, slots=True)
class Calc(Step):
    expression: Expression


@dataclass(frozen=True, slots=True)
class Bonus(Step):
    points: Expression
    cap: Expression | None = None


@dataclass(frozen=True, slots=True)
class Deduct(Step):
    points: Expression
    cap: Expression | None = None
    floor: Expression | None = None


@dataclass(frozen=True, slots=True)
class PerUnit(Step):
    """``base`` ± for each whole ``every`` above or below ``origin`` (``exact``: parts count)."""

    base: Expression
    origin: Expression
    every: Expression
    above: Expression | None = None
    below: Expression | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Goalposts(Step):
    low: Expression
    high: Expression
    to_low: Expression
    to_high: Expression
    equal: Expression | None = None


@dataclass(frozen=True, slots=True)
class Standardise(Step):
    mean: Expression
    sd: Expression
    sample: bool = True


@dataclass(frozen=True, slots=True)
class Round(Step):
    decimals: int = 0
    mode: str = "half_up"
    to: Expression | None = None


@dataclass(frozen=True, slots=True)
class MapText(Step):
    rows: tuple[tuple[str, Expression], ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountBack:
    """Most firsts, then most seconds … over a record table."""

    table: str
    place: Expression
    places: int
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """One link of a tie-break chain."""

    by: Expression | CountBack
    high_first: bool = True


@dataclass(frozen=True, slots=True)
class Ranking:
    """How places are given; ``within`` None means the scheme's peers, ``"all"`` everyone."""

    high_first: bool = True
    within: Expression | Literal["all"] | None = None
    where: Expression | None = None
    outside: Expression | None = None
    ties: str = "min"
    breaks: tuple[Break, ...] = ()
    uses_exact: bool = False


@dataclass(frozen=True, slots=True)
class Rank(Step):
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class PlacePoints(Step):
    points: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class PercentRank(Step):
    method: str = "exclusive"
    within: Expression | Literal["all"] | None = None
    where: Expression | None = None
    outside: Expression | None = None


@dataclass(frozen=True, slots=True)
class Impute(Step):
    value: Expression


@dataclass(frozen=True, slots=True)
class Winsorise(Step):
    skew_below: Expression | None = None
    kurtosis_below: Expression | None = None
    at_most: int = 0
    quantiles: tuple[Expression, Expression] | None = None
    within: Expression | Literal["all"] | None = "all"


@dataclass(frozen=True, slots=True)
class Expect(Step):
    condition: Expression


_KINDS: dict[type[Step], str] = {
    Curve: "curve", Bands: "bands", Stop: "stop", Cap: "cap", Floor: "floor", Clamp: "clamp",
    Scale: "scale", Add: "add", Calc: "calc", Bonus: "bonus", Deduct: "deduct", PerUnit: "per_unit",
    Goalposts: "goalposts", Standardise: "standardise", Round: "round", MapText: "map", Rank: "rank",
    PlacePoints: "place_points", PercentRank: "percent_rank", Impute: "impute",
    Winsorise: "winsorise", Expect: "expect",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Combine:
    """``kind`` of sum, mean, … ; ``best``/``worst`` with ``keep`` or ``drop``, then ``then``."""

    kind: str = "sum"
    power: Expression | None = None
    best: int = 0
    worst: int = 0
    then: str = "sum"
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What a null of one reason does to the line; ``stated`` on the node or inherited by defaults."""

    kind: str = "block"
    points: Expression | None = None
    move_to: tuple[str, ...] = ()
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """One record for each ``per``; ``among_all`` across units."""

    per: tuple[Expression, ...]
    keep: Literal["first", "last", "highest", "lowest"] = "first"
    by: Expression | None = None
    among_all: bool = False


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Combine within a key first; ``weights`` also declares the groups that must be there."""

    key: Expression
    combine: Combine
    steps: tuple[Step, ...] = ()
    weights: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Many records, one score. ``source`` says which: a table, marks, columns, periods, units, linked."""

    source: Literal["table", "marks", "columns", "periods", "units", "linked"]
    table: str = ""
    columns: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    weights: tuple[Expression, ...] = ()
    where: Expression | None = None
    item: Criterion | None = None
    once: Once | None = None
    group_by: GroupBy | None = None
    empty: Policy | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    id: str
    name: str
    when: Expression
    unless: Expression | None
    starts: str | None
    ends: str | None
    basis: str
    effects: tuple[tuple[str, Expression | str], ...]
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Publish:
    decimals: int
    mode: str = "half_up"


@dataclass(frozen=True, slots=True)
class GradeRow:
    grade: str
    tests: tuple[tuple[str, Expression], ...] = ()
    top: Expression | None = None
    seats: Literal["down", "up", "half_up"] = "down"
    ties: Literal["include", "exclude"] = "include"
    within: Expression | Literal["all"] | None = None
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A node of the tree: a line, a block, the total, one record's item."""

    id: str
    name: str
    at: Position = field(compare=False)
    points: Expression | None = None
    extra: tuple[Expression, Expression] | None = None
    weight: Expression | None = None
    figure: Expression | None = None
    criteria: tuple[Criterion, ...] = ()
    each: Each | None = None
    combine: Combine = Combine()
    steps: tuple[Step, ...] = ()
    policies: tuple[tuple[str, Policy], ...] = ()
    applies: Expression | None = None
    counts_from: str | None = None
    need: int = 0
    gates: tuple[Gate, ...] = ()
    publish: Publish | None = None
    rank: Ranking | None = None
    grades: tuple[GradeRow, ...] = ()
    duties: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """``figure``, ``criteria`` or ``each``."""
        return "figure" if self.figure is not None else "each" if self.each is not None else "criteria"

    def policy(self, reason: str) -> Policy:
        """What a null of this reason does; ``block`` unless stated."""
        return dict(self.policies).get(reason, Policy())

    def duty(self, key: str) -> str:
        """``clause``, ``assessor`` …; empty when not written."""
        return dict(self.duties).get(key, "")

    def walk(self) -> Iterator[Criterion]:
        """This node and all below it, depth first, in file order; items of ``each`` are not nodes."""
        yield self
        for child in self.criteria:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Table:
    """An entry of ``tables:``: how the file is read, and which rows count."""

    spec: TableSpec
    where: Expression | None = None
    reported: Expression | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """Finished results of another scheme: its printed ``sheet``, or scored now from ``scheme``."""

    alias: str
    scheme: str = ""
    sheet: str = ""
    data: str = ""
    link: str = ""
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole 考核办法."""

    title: str
    path: Path
    root: Criterion
    also: tuple[Criterion, ...] = ()
    version: str = ""
    issuer: str = ""
    issued: str = ""
    basis: str = ""
    scale: Expression | None = None
    period: str | None = None
    frequency: str | None = None
    peers: str | None = None
    eligible: Expression | None = None
    units: Expression | None = None
    tables: tuple[tuple[str, Table], ...] = ()
    imports: tuple[Import, ...] = ()
    parameters: tuple[tuple[str, Expression], ...] = ()

    def nodes(self) -> Iterator[Criterion]:
        """Every node, root first, ``also`` last."""
        yield from self.root.walk()
        for node in self.also:
            yield from node.walk()

    def node(self, identifier: str) -> Criterion | None:
        return next((node for node in self.nodes() if node.id == identifier), None)


def map_expressions(part: _T, change: Callable[[Expression], Expression]) -> _T:
    """``part`` with every expression inside it replaced by ``change(expression)``.

    The one place that knows where expressions hide: rules filled with arguments, binding and
    reading back all go through it.
    """
    return cast(_T, _mapped(part, change))


def _mapped(part: Any, change: Callable[[Expression], Expression]) -> Any:
    if isinstance(part, Expression):
        return change(part)
    if isinstance(part, tuple):
        return tuple(_mapped(item, change) for item in part)
    if is_dataclass(part) and not isinstance(part, type | Position | TableSpec):
        changed = {
            item.name: _mapped(getattr(part, item.name), change) for item in fields(part) if item.name != "at"
        }
        return replace(cast(Any, part), **changed)
    return part


def expressions_of(part: object) -> Iterator[Expression]:
    """Every top expression inside ``part``, in the order of its fields."""
    if isinstance(part, Expression):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from expressions_of(item)
    elif is_dataclass(part) and not isinstance(part, type | Position | TableSpec):
        for item in fields(part):
            yield from expressions_of(getattr(part, item.name))


def substitute(expression: Expression, names: dict[str, Expression]) -> Expression:
    """``expression`` with bare names replaced: how a rule's arguments are filled."""
    if isinstance(expression, Name) and expression.scope is None:
        return names.get(expression.text, expression)
    return rebuilt(expression, lambda child: substitute(child, names))


def rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same expression over changed children."""
    if not is_dataclass(expression):
        return expression
    changed = {
        item.name: _mapped(getattr(expression, item.name), change)
        for item in fields(expression)
        if item.name != "at" and _holds_expression(getattr(expression, item.name))
    }
    return replace(expression, **changed) if changed else expression


def _holds_expression(value: object) -> bool:
    if isinstance(value, tuple):
        return any(_holds_expression(item) for item in value)
    return isinstance(value, Expression)
