"""Totals that are on schedule while a part of them is behind (总量掩盖)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kaohe.facts.model import Indicator
from kaohe.outlook.lights import Lights
from kaohe.outlook.model import HiddenPart, Progress
from kaohe.outlook.observed import UnitFacts
from kaohe.outlook.progress import progress_of


def parts_of(facts: UnitFacts, total: str) -> tuple[str, ...]:
    """The indicators that are parts of ``total``, in the ledger's order.

    A part is the numerator of a ratio over the total, in the same measure and no larger; the rest is a
    part as well when an indicator of the same line is exactly that much.
    """
    definition = facts.data.indicator(total)
    if definition is None or facts.cell(total).number is None:
        return ()
    stated = [row.numerator for row in facts.indicators if row.denominator == total]
    parts = [name for name in stated if _is_within(facts, name, definition)]
    rests = [rest for part in parts for rest in _rest(facts, definition, part)]
    order = [row.indicator for row in facts.indicators]
    return tuple(sorted({*parts, *rests}, key=order.index))


def hidden_part(facts: UnitFacts, total: Progress, lights: Lights) -> HiddenPart | None:
    """The total with its parts when it is on schedule and a part is behind by more than the limit."""
    if total.gap.value is None or total.gap.value < 0:
        return None
    parts = tuple(progress_of(facts, name) for name in parts_of(facts, total.indicator))
    lagging = [part for part in parts if part.gap.value is not None and part.gap.value < -lights.behind]
    if not lagging:
        return None
    told = tuple(part for part in parts if part.target.present)
    return HiddenPart(with_parts(total, parts), told, _sentence(lagging[0], told))


def with_parts(total: Progress, parts: Sequence[Progress]) -> Progress:
    """The total marked 含预计 when one of its parts is an estimate."""
    if not any(part.actual.estimated for part in parts):
        return total
    return replace(total, actual=replace(total.actual, estimated="含预计"))


def _is_within(facts: UnitFacts, part: str, total: Indicator) -> bool:
    definition = facts.data.indicator(part)
    value, whole = facts.cell(part).number, facts.cell(total.indicator).number
    if definition is None or value is None or whole is None:
        return False
    return definition.measure == total.measure and value <= whole


def _rest(facts: UnitFacts, total: Indicator, part: str) -> list[str]:
    whole, known = facts.cell(total.indicator).number, facts.cell(part).number
    assert whole is not None and known is not None
    return [
        row.indicator
        for row in facts.indicators
        if row.line == total.line
        and row.measure == total.measure
        and row.indicator not in (total.indicator, part)
        and whole > known
        and facts.cell(row.indicator).number == whole - known
    ]


def _sentence(lagging: Progress, parts: Sequence[Progress]) -> str:
    gap = replace(lagging.gap, signed=False).text.lstrip("\u2212")
    text = f"{lagging.name}比时序慢 {gap} 个百分点"
    carrying = [part for part in parts if part.gap.value is not None and part.gap.value >= 0]
    if not carrying:
        return text + "。"
    most = max(carrying, key=lambda part: part.gap.value or 0)
    told = f";总数达到时序靠{most.name} {most.actual.text} {most.measure}"
    return text + told + (",这个数还是预计。" if most.actual.estimated else "。")
