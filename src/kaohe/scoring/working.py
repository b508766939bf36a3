"""The working of a score as data: what it was computed from, every step, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.facts.package import is_demonstration
from kaohe.quantities.periods import Period
from kaohe.scoring.numbers import Inexact, Null, Value
from kaohe.scoring.words import value_text


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that was used: an indicator's figure, target or baseline, an attribute, a field of a record,
    a statistic of peers, another line's result.

    ``value`` is in ``measure``; ``presence`` is ``present`` or the reason for no value; ``estimated`` is
    含预计. ``source``, ``recorded_by`` and ``recorded_at`` are blank when the facts do not say.
    """

    name: str
    label: str
    role: str
    value: Value
    measure: str = ""
    period: str = ""
    presence: str = "present"
    estimated: bool = False
    assurance: str = ""
    source: str = ""
    recorded_by: str = ""
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """The expression of a leaf: in ``words``, with its numbers ``filled`` in, and what it comes to."""

    words: str
    filled: str
    value: Value
    share: bool = False


@dataclass(frozen=True, slots=True)
class StepWorking:
    """One operation: ``kind`` is the word of the language, ``words`` what it did with the numbers.

    ``rule`` names the list of steps it came from. ``inner`` are the steps inside a band.
    """

    kind: str
    words: str
    before: Value
    after: Value
    rule: str = ""
    parameters: tuple[tuple[str, Value], ...] = ()
    inner: tuple[StepWorking, ...] = ()
    share_before: bool = False
    share_after: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What else changed a value: a line that does not apply, a null policy, points that moved here."""

    kind: str
    words: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class GateWorking:
    """A gate that fired: its basis, the condition with its numbers, its effects, the value on both sides."""

    gate: str
    name: str
    basis: str
    condition: str
    effects: tuple[str, ...]
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Place:
    """A place among ``size`` ranked units, of which ``ties`` (this one included) share it."""

    place: Value
    size: int
    ties: int


@dataclass(frozen=True, slots=True)
class Member:
    """What was combined: a child line, a record, a cell, a period, or a group of these.

    ``contribution`` is its part of the sum or mean, None where parts do not add up to the whole;
    ``dropped`` says why it does not count, blank when it does. ``members`` and ``steps`` are a group's.
    """

    label: str
    name: str
    value: Value
    weight: Value
    contribution: Value | None
    dropped: str = ""
    combine: str = ""
    working: NodeWorking | None = None
    members: tuple[Member, ...] = ()
    steps: tuple[StepWorking, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeWorking:
    """The working of one node for one unit, in the order in which it came about.

    ``source`` is the figure or the combined members; then ``held`` (the line does not apply or does not
    count yet), ``steps``, ``settled`` (null policies, moved points), ``gates``, and ``value``, always
    exactly what the last of them left. ``low`` and ``high`` stand while the value is provisional.
    """

    node: str
    name: str
    clause: str
    assessor: str
    at: str
    points: Value | None
    figure: Figure | None
    combine: str
    source: Value
    value: Value
    facts: tuple[Fact, ...] = ()
    members: tuple[Member, ...] = ()
    left_out: tuple[str, ...] = ()
    held: tuple[Change, ...] = ()
    steps: tuple[StepWorking, ...] = ()
    settled: tuple[Change, ...] = ()
    gates: tuple[GateWorking, ...] = ()
    ungated: Value | None = None
    published: Value | None = None
    place: Place | None = None
    grade: str | None = None
    low: Value | None = None
    high: Value | None = None
    estimated: bool = False
    pending: str = ""
    duties: tuple[tuple[str, str], ...] = ()

    @property
    def printed(self) -> Value:
        """The published figure if there is one, else the exact value."""
        return self.value if self.published is None else self.published

    def chain(self) -> Iterator[tuple[Value, Value]]:
        """Before and after of all that happened to the source, in order."""
        parts: list[Change | StepWorking | GateWorking] = [
            *self.held,
            *self.steps,
            *self.settled,
            *self.gates,
        ]
        for part in parts:
            yield part.before, part.after

    def walk(self) -> Iterator[NodeWorking]:
        """This node and the lines and items below it, depth first."""
        yield self
        for member in self.members:
            yield from _walk_member(member)


def _walk_member(member: Member) -> Iterator[NodeWorking]:
    if member.working is not None:
        yield from member.working.walk()
    for inner in member.members:
        yield from _walk_member(inner)


@dataclass(frozen=True, slots=True)
class Working:
    """How one unit came to its score under a scheme; ``nodes`` are the node asked for, or the root and
    the nodes outside the total."""

    scheme: str
    version: str
    issuer: str
    unit: str
    unit_name: str
    period: str
    nodes: tuple[NodeWorking, ...]
    demo: bool = False
    notes: tuple[str, ...] = field(default=())

    def node(self, identifier: str) -> NodeWorking:
        """The working of a node. Raises ``KeyError`` when there is none of this id."""
        for top in self.nodes:
            for node in top.walk():
                if node.node == identifier:
                    return node
        raise KeyError(identifier)

    def to_data(self) -> dict[str, Any]:
        """As plain lists and texts for JSON; a number is ``{"text", "exact"}``, a null ``{"null"}``."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(part: Any) -> Any:
    if isinstance(part, Null):
        return {"null": part.value, "text": value_text(part)}
    if isinstance(part, Fraction):
        return {"text": value_text(part), "exact": str(part)}
    if isinstance(part, Inexact):
        return {"text": value_text(part), "digits": str(part.decimal)}
    if is_dataclass(part) and not isinstance(part, type):
        return {item.name: _plain(getattr(part, item.name)) for item in fields(part)}
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    return part


def explain(
    scheme: str | Path,
    data: str | Path,
    unit: str,
    criterion: str | None = None,
    period: str | Period | None = None,
) -> Working:
    """How a unit came to its score: the whole tree, or one criterion and what lies below it.

    ``unit`` is a reporting unit's id or its Chinese name, ``criterion`` a node's id or name; ``period`` as
    in :func:`kaohe.score`. Always worked out by the exact oracle. Raises ``SchemeError`` or ``DataError``.
    """
    from kaohe.scoring.api import run_scheme
    from kaohe.scoring.explaining import Explainer

    explainer = Explainer(run_scheme(scheme, data, period))
    working = explainer.working(explainer.unit_of(unit), criterion)
    return replace(working, demo=working.demo or is_demonstration(data))
