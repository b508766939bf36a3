"""Many values, one value: weighted combinations and what dropped members do to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.schemes import model as m
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.statistics import in_order, median

if TYPE_CHECKING:
    from kaohe.scoring.oracle.nodes import Outcome
    from kaohe.scoring.oracle.steps import StepTrace


@dataclass(frozen=True, slots=True)
class Part:
    """A member of a combination: a child, a record, a cell, a period, a group; ``label`` says which.

    For the working: ``outcome`` is what the member came to, in its ``row`` there; of a group ``members`` are
    what was combined into it, ``steps`` what was then done, again in ``row``.
    """

    label: str
    value: Value
    weight: Value
    fate: str
    node: m.Criterion | None = None
    outcome: Outcome | None = field(default=None, compare=False, repr=False)
    row: int = field(default=-1, compare=False)
    members: tuple[Part, ...] = field(default=(), compare=False, repr=False)
    steps: Sequence[StepTrace] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that was not combined: another of the same ``key`` was kept, ``kept`` says which."""

    label: str
    key: str
    kept: str
    value: Value


def combined(combine: m.Combine, parts: Sequence[Part], need: int, power: Value | None) -> tuple[Value, str]:
    """The value of the parts and, when it is null, its fate.

    A blocked part blocks the whole; a propagated one propagates; dropped ones are left out, or give their
    weight to the others (``reweight``). Everything dropped: null for the strongest reason, fate blank, so
    that the whole's own policy decides.
    """
    for fate in ("block", "apart", "propagate"):
        held = [part.value for part in parts if part.fate == fate]
        if held:
            return n.strongest(held) or Null.MISSING, fate
    present = [part for part in parts if not isinstance(part.value, Null)]
    if len(present) < max(need, 1) or not present:
        return n.strongest([part.value for part in parts]) or Null.NOT_APPLICABLE, ""
    unknown = n.strongest([part.weight for part in parts])
    if unknown is not None:
        return unknown, ""
    chosen = trimmed(combine, present)
    kind = combine.then if combine.kind in ("keep", "drop") else combine.kind
    result = _combined(
        kind, [_number(part.value) for part in chosen], [_number(part.weight) for part in chosen], power
    )
    if kind == "sum" and not isinstance(result, Null):
        result = _reweighted(result, parts, present)
    return result, ""


def _number(value: Value) -> Number:
    if isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, Fraction | n.Inexact):
        return value
    from kaohe.facts.errors import SchemeError

    raise SchemeError(f"这里应为数,实为“{value}”")


def _reweighted(result: Number, parts: Sequence[Part], present: Sequence[Part]) -> Number | Null:
    """A sum whose dropped members gave their weight to the rest, in proportion."""
    given = [_number(part.weight) for part in parts if part.fate == "reweight"]
    if not given:
        return result
    own = n.total([_number(part.weight) for part in present])
    share = n.divide(n.add(own, n.total(given)), own)
    return share if isinstance(share, Null) else n.multiply(result, share)


def trimmed(combine: m.Combine, parts: list[Part]) -> list[Part]:
    """The parts that ``keep`` or ``drop`` leaves; all of them under another combine."""
    if combine.kind not in ("keep", "drop"):
        return parts
    best_first = [
        parts[place]
        for members in n.sort_classes([_number(part.value) for part in parts])
        for place in members
    ]
    size, best, worst = len(best_first), combine.best, combine.worst
    if combine.kind == "keep":
        kept = best_first[:best] + (best_first[max(size - worst, best) :] if worst else [])
        return kept or best_first
    return best_first[best : size - worst] or best_first


def _combined(kind: str, values: list[Number], weights: list[Number], power: Value | None) -> Number | Null:
    match kind:
        case "sum":
            return n.total([n.multiply(w, v) for w, v in zip(weights, values, strict=True)])
        case "mean":
            weighted = n.total([n.multiply(w, v) for w, v in zip(weights, values, strict=True)])
            return n.divide(weighted, n.total(weights))
        case "geometric":
            return _geometric(values, weights)
        case "harmonic":
            return _harmonic(values, weights)
        case "power":
            return _power_mean(values, weights, power)
        case "product":
            return _product(values)
        case "min":
            return in_order(values)[0]
        case "max":
            return in_order(values)[-1]
        case "median":
            return median(values)
        case _:
            return Fraction(len(values))


def _product(values: list[Number]) -> Number:
    result: Number = Fraction(1)
    for value in values:
        result = n.multiply(result, value)
    return result


def _geometric(values: list[Number], weights: list[Number]) -> Number | Null:
    signs = [n.compare(value, Fraction(0)) for value in values]
    if -1 in signs:
        return Null.UNDEFINED
    if 0 in signs:
        return Fraction(0)
    logs = [n.multiply(w, _known(n.logarithm(v))) for w, v in zip(weights, values, strict=True)]
    exponent = n.divide(n.total(logs), n.total(weights))
    return exponent if isinstance(exponent, Null) else n.exponential(exponent)


def _harmonic(values: list[Number], weights: list[Number]) -> Number | Null:
    shares = [n.divide(w, v) for w, v in zip(weights, values, strict=True)]
    if any(isinstance(share, Null) for share in shares):
        return Null.UNDEFINED
    return n.divide(n.total(weights), n.total(shares))  # type: ignore[arg-type]


def _power_mean(values: list[Number], weights: list[Number], power: Value | None) -> Number | Null:
    if power is None or isinstance(power, Null):
        return Null.UNDEFINED
    exponent = _number(power)
    if n.compare(exponent, Fraction(0)) == 0:
        return _geometric(values, weights)
    raised = [n.power(value, exponent) for value in values]
    if any(isinstance(value, Null) for value in raised):
        return Null.UNDEFINED
    weighted = n.total([n.multiply(w, v) for w, v in zip(weights, raised, strict=True)])  # type: ignore[arg-type]
    average = n.divide(weighted, n.total(weights))
    inverse = n.divide(Fraction(1), exponent)
    if isinstance(average, Null) or isinstance(inverse, Null):
        return Null.UNDEFINED
    return n.power(average, inverse)


def _known(value: Number | Null) -> Number:
    assert not isinstance(value, Null)
    return value
