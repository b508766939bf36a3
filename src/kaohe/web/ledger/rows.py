"""A row of the entry grid as a page shows it and a script takes it: every figure already a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kaohe.facts.cells import Cell
from kaohe.facts.cells import Presence as FactPresence
from kaohe.facts.derived import turn
from kaohe.quantities import show_number
from kaohe.quantities.rounding import round_exact
from kaohe.web.ledger.grid import GridCell, number
from kaohe.web.ledger.wording import doubt_text, rate_text

_ABSENT = {
    FactPresence.MISSING: "",
    FactPresence.NOT_APPLICABLE: "—",
    FactPresence.NOT_DUE: "未到期",
}


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A doubt as a sentence, with the figure that would repair it and the reason given."""

    check: str
    text: str
    repair: str
    answer: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid in texts."""

    code: str
    name: str
    measure: str
    part: bool
    typed: str
    version: int
    state: str
    editable: bool
    computed: bool
    last_year: str
    last_month: str
    month_alone: str
    now: str
    growth: str
    attainment: str
    doubts: tuple[DoubtRow, ...]
    lacks: bool
    note: str
    message: str
    formula: str
    estimated: bool
    presence: str
    effective: str
    definition: str

    @property
    def open_count(self) -> int:
        """How many things must be done here before the month can be submitted."""
        return sum(not doubt.answer for doubt in self.doubts) + self.lacks if self.editable else 0

    def json(self) -> dict[str, Any]:
        """What a script needs to show the row after a save."""
        doubts = [
            {"check": doubt.check, "text": doubt.text, "repair": doubt.repair, "answer": doubt.answer}
            for doubt in self.doubts
        ]
        return {
            "typed": self.typed, "version": self.version, "state": self.state, "doubts": doubts,
            "month_alone": self.month_alone, "now": self.now, "open": self.open_count,
        }  # fmt: skip


def row_of(cell: GridCell) -> GridRow:
    """A grid cell in texts."""
    observation = cell.observation
    decimals = cell.indicator.decimals
    verified = observation is not None and getattr(observation, "verified", None) is not None
    return GridRow(
        code=cell.indicator.code,
        name=cell.indicator.name,
        measure=cell.indicator.measure,
        part=cell.indicator.whole_id is not None,
        typed=cell.typed,
        version=cell.version,
        state=cell.state,
        editable=cell.editable,
        computed=cell.indicator.computed,
        last_year=_text(cell.last_year, decimals),
        last_month=_text(cell.last_month, decimals),
        month_alone="" if cell.month_alone is None else _plain(cell.month_alone),
        now=_text(cell.now, decimals),
        growth=_growth(cell),
        attainment=rate_text(cell.attainment),
        doubts=tuple(_doubt(doubt, cell) for doubt in cell.doubts),
        lacks=cell.to_answer > len(cell.open_doubts),
        note=observation.note if observation else "",
        message=cell.message,
        formula=_formula(cell),
        estimated=cell.now.estimated,
        presence=observation.presence if observation else "missing",
        effective=_text(cell.effective, decimals) if verified else "",
        definition=cell.indicator.definition,
    )


def _doubt(doubt: Any, cell: GridCell) -> DoubtRow:
    text = doubt_text(doubt.check, doubt.values, number(cell.now))
    repair = "" if doubt.repair is None else show_number(doubt.repair, comma=False)
    return DoubtRow(doubt.check, text, repair, doubt.answer)


def _text(cell: Cell, decimals: int | None) -> str:
    """A figure as it was printed; a computed one with the indicator's decimals, one where none is set."""
    if not cell.present:
        return _ABSENT[cell.presence]
    return (cell.raw and _printed(cell.raw)) or _plain(round_exact(number(cell), _or_one(decimals)))


def _printed(raw: str) -> str:
    places = len(raw.partition(".")[2])
    return show_number(Decimal(raw), places)


def _plain(value: Fraction) -> str:
    return show_number(value)


def _or_one(decimals: int | None) -> int:
    return 1 if decimals is None else decimals


def _growth(cell: GridCell) -> str:
    """Year on year in per cent; a share in percentage points; words where the base is not above zero."""
    if cell.growth is None or not (cell.effective.present and cell.last_year.present):
        return ""
    now, base = number(cell.effective), number(cell.last_year)
    if cell.indicator.measure in ("%", "‰"):
        moved = show_number(round_exact(now - base, 1), 1)
        return _("%(points)s 百分点") % {"points": f"+{moved}" if now > base else moved}
    return rate_text(cell.growth, signed=True) if base > 0 and now >= 0 else turn(now, base).value


def _formula(cell: GridCell) -> str:
    if not cell.indicator.computed:
        return ""
    above, below = cell.indicator.numerator, cell.indicator.denominator
    return f"{above.name} ÷ {below.name}"
