"""Values that may be absent, and whether the scheme says what then."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.schemes import model as m
from kaohe.schemes.checks.duties import gives_points
from kaohe.schemes.expressions import Binary, Call, Expression, Literal, Name, walk
from kaohe.schemes.findings import Finding, warning
from kaohe.schemes.reading import constant
from kaohe.schemes.texts import REASON_WORDS

_SHOWN = 5
_DIVIDING = frozenset({"attainment", "progress", "yoy", "ln", "log10", "sqrt"})
_SCHEDULED = frozenset({"progress", "due"})


def check_nulls(scheme: m.Scheme) -> Iterator[Finding]:
    """One warning for each reason that lines may meet and the scheme does not speak of; reweight in a sum."""
    if gives_points(scheme):
        for reason, words in REASON_WORDS.items():
            yield from _unspoken(scheme, reason, words)
    yield from _reweighted(scheme)


def _unspoken(scheme: m.Scheme, reason: str, words: str) -> Iterator[Finding]:
    lines = [
        node
        for node in scheme.nodes()
        if not node.criteria and reason in _possible(node) and not node.policy(reason).stated
    ]
    if lines:
        names = "、".join(node.name for node in lines[:_SHOWN]) + (
            f"等 {len(lines)} 项" if lines[_SHOWN:] else ""
        )
        yield warning(
            "null-without-policy",
            f"没有写明{words}({reason})怎么办:{names};"
            f"请在这些项或 defaults 里写 {reason}: block、zero、full 等",
            lines[0].at,
        )


def _possible(node: m.Criterion) -> set[str]:
    """The reasons for which a line may have no value, as far as its source tells."""
    found: set[str] = set()
    if node.applies is not None:
        found.add("not_applicable")
    if node.counts_from is not None:
        found.add("not_due")
    figures = [node.figure] if node.figure is not None else []
    if node.each is not None and node.each.item is not None and node.each.item.figure is not None:
        return found
    for figure in figures:
        found |= _reasons(figure)
    return found - ({"missing", "undefined"} if any(isinstance(s, m.Impute) for s in node.steps) else set())


def _reasons(figure: Expression) -> set[str]:
    found: set[str] = set()
    for part in walk(figure):
        if isinstance(part, Name) and part.text not in ("all",):
            found.add("missing")
        if isinstance(part, Call):
            if part.function in _DIVIDING:
                found.add("undefined")
            if part.function in _SCHEDULED:
                found.add("not_due")
            if part.function in ("first", "missing"):
                return set()
        if isinstance(part, Binary) and part.operator == "/" and not constant(part.right):
            found.add("undefined")
    if isinstance(figure, Literal) or _only_counts(figure):
        found.discard("missing")
    return found


def _only_counts(figure: Expression) -> bool:
    """Counts of records are never missing unless their table says who has reported."""
    if isinstance(figure, Call):
        return figure.function in ("count", "total", "events")
    if isinstance(figure, Binary):
        return _only_counts(figure.left) and _only_counts(figure.right)
    return isinstance(figure, Literal)


def _reweighted(scheme: m.Scheme) -> Iterator[Finding]:
    """In a sum of points, reweight blows up the siblings' scores beyond their own points."""
    for node in scheme.nodes():
        if node.combine.kind != "sum" or not any(child.points is not None for child in node.criteria):
            continue
        for child in node.criteria:
            if any(policy.kind == "reweight" for _, policy in child.policies):
                yield warning(
                    "reweight-under-sum",
                    f"{child.name}无数时按 reweight 把权重分给别项,但{node.name}是按分值相加的;"
                    "请改用 {move_to: […]}、full 或 peer_mean",
                    child.at,
                )
