"""A figure while it is being understood, and the rows and columns that it lies in."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kaohe.quantities import Period
from kaohe.reading.sheets.columns import Column
from kaohe.reading.sheets.grid import Place
from kaohe.reading.sheets.labels import Label
from kaohe.reading.sheets.values import Written

NO_YEAR = "表里没有写明年份:是哪一年的数?"


@dataclass(frozen=True, slots=True)
class Row:
    """A body row: what its labels say."""

    index: int
    labels: tuple[Label, ...] = ()
    unit: str = ""
    indicator: str = ""
    parent: str = ""
    record: str = ""
    measure: str = ""
    total: str = ""
    subtotal: bool = False
    part: bool = False
    section: str = ""
    groups: tuple[Label, ...] = ()
    unnamed: bool = False
    under: str = ""
    section_label: Label | None = None


@dataclass
class Draft:
    """A figure of a table; ``group`` tells figures apart that add up by the column they stand in."""

    place: Place
    cell: Written
    row: Row
    column: Column
    unit: str = ""
    indicator: str = ""
    parent: str = ""
    record: str = ""
    role: str = "actual"
    word: str = ""
    period: Period | None = None
    value: Decimal | None = None
    measure: str = ""
    presence: str = "present"
    warnings: list[str] = field(default_factory=list)
    table: int = 0

    @property
    def is_ratio(self) -> bool:
        """Whether it cannot be added up."""
        return self.word not in ("", "actual", "target", "last_year", "growth_amount") or self.measure in (
            "%",
            "百分点",
            "‰",
        )
