"""Lines whose steps can leave the points that the line declares."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.schemes import model as m
from kaohe.schemes.documents import Position
from kaohe.schemes.findings import Finding, error, warning
from kaohe.schemes.node_reach import declared, reach_of
from kaohe.schemes.texts import number_words


def check_ranges(scheme: m.Scheme) -> Iterator[Finding]:
    """A warning for each line whose steps reach beyond its points; points never clamp."""
    for node in scheme.nodes():
        limits = declared(scheme, node)
        if limits is None or (node.criteria and not node.steps):
            continue
        assert limits.low is not None and limits.high is not None
        reach = reach_of(scheme, node)
        at = _place(node)
        allowed = f"{number_words(limits.low)}—{number_words(limits.high)}"
        if reach.high is None and reach.free_high:
            yield warning("wider-than-points", f"{node.name}的得分没有封顶,规定为 {allowed} 分;请写 cap", at)
        elif not reach.loose and reach.high is not None and reach.high > limits.high:
            yield warning("wider-than-points", _said(node, "最高", reach.high, allowed, "cap"), at)
        if reach.low is None and reach.free_low:
            yield warning(
                "wider-than-points", f"{node.name}的扣分没有底线,规定为 {allowed} 分;请写 floor(扣完为止)", at
            )
        elif not reach.loose and reach.low is not None and reach.low < limits.low:
            yield warning("wider-than-points", _said(node, "最低", reach.low, allowed, "floor"), at)


def _said(node: m.Criterion, which: str, value: Fraction, allowed: str, cure: str) -> str:
    return f"{node.name}{which}可得 {number_words(value)} 分,超出规定的 {allowed} 分;请写 {cure},或写明 extra"


def _place(node: m.Criterion) -> Position:
    return node.points.at if node.points is not None else node.at


def check_geometric(scheme: m.Scheme) -> Iterator[Finding]:
    """An error for each geometric mean over a line that says of itself that it can be negative."""
    for node in scheme.nodes():
        if node.combine.kind != "geometric":
            continue
        for child in node.criteria:
            limits = declared(scheme, child)
            reach = reach_of(scheme, child)
            low = limits.low if limits is not None else None if reach.loose else reach.low
            if low is not None and low < 0:
                yield error(
                    "geometric-negative",
                    f"{node.name}按几何平均合成,但{child.name}可低到 {number_words(low)},负数没有几何平均",
                    child.at,
                )
