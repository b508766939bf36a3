"""How two runs of one scheme are compared: nulls, cents, places and grades alike, values to 1e-12."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.scoring.numbers import Inexact, Null, Value
from kaohe.scoring.oracle.run import Run

TOLERANCE = Fraction(1, 10**11)


def disagreements(exact: Run, other: Run) -> list[str]:
    """What ``other`` says otherwise than the oracle, one line each."""
    return list(_disagreements(exact, other))


def _disagreements(exact: Run, other: Run) -> Iterator[str]:
    for node in exact.scheme.nodes():
        a, b = exact.outcome(node), other.outcome(node)
        for name in ("values", "published", "places"):
            yield from _columns(
                f"{node.id}.{name}", getattr(a, name), getattr(b, name), strict=name != "values"
            )
        if a.fates != b.fates:
            yield f"{node.id}.fates: {a.fates} {b.fates}"[:300]
        if a.grades != b.grades:
            yield f"{node.id}.grades: {a.grades} {b.grades}"[:300]
        if a.fired != b.fired:
            yield f"{node.id}.fired: {a.fired} {b.fired}"[:300]


def _columns(
    name: str, left: list[Value] | None, right: list[Value] | None, *, strict: bool
) -> Iterator[str]:
    if (left is None) != (right is None):
        yield f"{name}: only one has it"
    for row, (a, b) in enumerate(zip(left or [], right or [], strict=True)):
        if not (_same(a, b) if not strict else _equal(a, b)):
            yield f"{name}[{row}]: {a} {b}"


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    return _same(left, right)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, Null | str) or isinstance(right, Null | str):
        return left == right
    a, b = _fraction(left), _fraction(right)
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1)


def _fraction(value: Value) -> Fraction:
    if isinstance(value, Inexact):
        return Fraction(value.decimal)
    assert isinstance(value, Fraction | bool)
    return Fraction(value)
