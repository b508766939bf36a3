"""The tables of a ledger as values; what cannot be so cannot be made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class IndicatorKind(Enum):
    """How an indicator's figures behave over time."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    OUTSIDE = "outside"
    RANK = "rank"
    MILESTONE = "milestone"
    COUNT = "count"
    INDEX = "index"
    GROWTH = "growth"


class Direction(Enum):
    """Whether more is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured: its measure, how it behaves over time, and which way is better."""

    indicator: str
    name: str = ""
    line: str = ""
    measure: str = ""
    kind: IndicatorKind = IndicatorKind.FLOW
    additive: bool = True
    direction: Direction = Direction.UP
    frequency: str = "monthly"
    decimals: int | None = None
    numerator: str = ""
    denominator: str = ""
    definition: str = ""
    definition_version: str = ""
    official: bool = False
