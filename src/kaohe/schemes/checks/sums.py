"""Points that add up to the scale, weights that add up to 1 or 100."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.schemes.expressions import ByTable, Expression, Literal, Name, walk
from kaohe.schemes.findings import Finding, warning
from kaohe.schemes.reach import Surroundings
from kaohe.schemes.texts import number_words

# After these steps a sum is still a sum of points.
_KEEPS_POINTS = (m.Cap, m.Floor, m.Clamp, m.Round, m.Expect, m.Bonus, m.Deduct, m.Stop)


@dataclass(frozen=True)
class _Class:
    """A class of units in which points or weights are looked at; ``key`` None: there are no classes."""

    key: Expression | None = None
    label: str = ""

    def __str__(self) -> str:
        return f"({self.label})" if self.label else ""


def check_sums(scheme: m.Scheme) -> Iterator[Finding]:
    """A warning for each group whose points or weights do not add up."""
    for node in scheme.nodes():
        if node.criteria and node.combine.kind in ("sum", "mean", "geometric", "harmonic"):
            yield from _points(scheme, node)
            yield from _weights(scheme, node)


def _points(scheme: m.Scheme, node: m.Criterion) -> Iterator[Finding]:
    wanted = node.points if node.points is not None else scheme.scale if node is scheme.root else None
    if wanted is None or node.combine.kind != "sum" or not _keeps_points(node):
        return
    lines = [child for child in node.criteria if not _is_adjustment(child)]
    for among in _classes(
        scheme, [wanted, *(p for c in lines for p in (c.points, c.weight) if p is not None)]
    ):
        expected = _number(scheme, wanted, among)
        worths = [_worth(scheme, child, among) for child in lines]
        known = [worth for worth in worths if worth is not None]
        if expected is None or len(known) < len(worths) or not known:
            continue
        conditional = sum(
            (w for w, c in zip(known, lines, strict=True) if c.applies is not None), Fraction(0)
        )
        total = sum(known, Fraction(0))
        if not total - conditional <= expected <= total:
            yield warning("points-sum", _said(total, expected, lines, known, among), wanted.at)


def _said(
    total: Fraction, expected: Fraction, lines: list[m.Criterion], known: list[Fraction], among: _Class
) -> str:
    parts = " + ".join(
        f"{child.name} {number_words(worth)}" for child, worth in zip(lines, known, strict=True)
    )
    return f"分值合计{among} {number_words(total)},应为 {number_words(expected)}({parts})"


def _keeps_points(node: m.Criterion) -> bool:
    return all(isinstance(step, _KEEPS_POINTS) for step in node.steps)


def _is_adjustment(node: m.Criterion) -> bool:
    """A line that only adds to or takes from the total: it has no points of its own."""
    return node.points is None and node.extra is not None


def _worth(scheme: m.Scheme, node: m.Criterion, among: _Class) -> Fraction | None:
    """Weight × full marks of a line; of a group that states none, the sum of its lines."""
    weight = Fraction(1) if node.weight is None else _number(scheme, node.weight, among)
    full = _full(scheme, node, among)
    return None if weight is None or full is None else weight * full


def _full(scheme: m.Scheme, node: m.Criterion, among: _Class) -> Fraction | None:
    if node.points is not None:
        return _number(scheme, node.points, among)
    if not node.criteria or node.combine.kind != "sum" or not _keeps_points(node):
        return None
    parts = [_worth(scheme, child, among) for child in node.criteria if not _is_adjustment(child)]
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None


def _weights(scheme: m.Scheme, node: m.Criterion) -> Iterator[Finding]:
    lines = [child for child in node.criteria if child.weight is not None]
    if len(lines) < 2 or any(child.points is not None for child in lines):
        return
    stated = [child.weight for child in lines if child.weight is not None]
    for among in _classes(scheme, stated):
        known = [weight for part in stated if (weight := _number(scheme, part, among)) is not None]
        conditional = any(child.applies is not None for child in lines)
        total = sum(known, Fraction(0))
        if len(known) < len(stated) or conditional or not _look_like_shares(known) or total in (1, 100):
            continue
        parts = " + ".join(f"{c.name} {number_words(w)}" for c, w in zip(lines, known, strict=True))
        yield warning(
            "weights-sum", f"权重合计{among} {number_words(total)},应为 1 或 100({parts})", stated[0].at
        )


def _look_like_shares(weights: list[Fraction]) -> bool:
    """Weights below 1 that nearly make a whole, or percentages that nearly make a hundred; not 2 and 1."""
    total = sum(weights, Fraction(0))
    if any(weight < 0 for weight in weights):
        return False
    below_one = all(weight <= 1 for weight in weights) and any(weight < 1 for weight in weights)
    return (below_one and Fraction(1, 2) <= total <= 2) or (not below_one and 75 <= total <= 150)


def _classes(scheme: m.Scheme, parts: list[Expression]) -> list[_Class]:
    """The classes that the tables by class among the parts tell apart; none to look at when they differ."""
    tables = [
        found for part in parts for found in walk(_resolved(scheme, part)) if isinstance(found, ByTable)
    ]
    if not tables:
        return [_Class()]
    if len({table.key for table in tables}) > 1:
        return []
    labels = dict.fromkeys(label for table in tables for label, _ in table.rows)
    rest = ["其他"] if any(table.otherwise is not None for table in tables) else []
    return [_Class(tables[0].key, label) for label in [*labels, *rest]]


def _resolved(scheme: m.Scheme, expression: Expression) -> Expression:
    if isinstance(expression, Name) and expression.scope in (None, "parameter"):
        return dict(scheme.parameters).get(expression.text, expression)
    return expression


def _number(scheme: m.Scheme, expression: Expression, among: _Class) -> Fraction | None:
    """The number that an expression is for a class, when the scheme alone tells it."""
    chosen = _chosen(_resolved(scheme, expression), among)
    return Surroundings(parameters=dict(scheme.parameters)).reach(chosen).point


def _chosen(expression: Expression, among: _Class) -> Expression:
    if isinstance(expression, ByTable):
        row = dict(expression.rows).get(among.label, expression.otherwise)
        return row if row is not None else Literal("")
    return m.rebuilt(expression, lambda child: _chosen(child, among))
