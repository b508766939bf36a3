"""What a unit's figure is in a period: effective values, sums of months, stocks, ratios, successors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from kaohe.facts.cells import MISSING, UNDEFINED, Cell, Presence
from kaohe.facts.codec import decimal_text
from kaohe.facts.derived import added, quotient, scaled
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Assurance, Basis, Indicator, IndicatorKind, Observation, ReportingUnit, Role
from kaohe.quantities.measures import comparable, convert, measure_of
from kaohe.quantities.periods import Period

_PILING = frozenset({IndicatorKind.FLOW, IndicatorKind.COUNT})
_LASTING = frozenset({IndicatorKind.MILESTONE})

Known = Mapping[Period, Observation]


@dataclass(frozen=True)
class Figures:
    """The figures of a ledger by unit, indicator and period.

    Drafts are not figures. Verified stands before reported; of revisions the last one counts.
    """

    ledger: Ledger

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {row.indicator: row for row in self.ledger.indicators}

    @cached_property
    def _known(self) -> Mapping[tuple[str, str], Known]:
        return _effective(self.ledger.observations)

    @cached_property
    def _predecessors(self) -> Mapping[str, tuple[ReportingUnit, ...]]:
        merged: dict[str, tuple[ReportingUnit, ...]] = {}
        for row in self.ledger.reporting_units:
            if row.successor:
                merged[row.successor] = (*merged.get(row.successor, ()), row)
        return merged

    @cached_property
    def _units(self) -> Mapping[str, ReportingUnit]:
        return {row.unit: row for row in self.ledger.reporting_units}

    def cell(self, unit: str, indicator: str, period: Period) -> Cell:
        """The figure in exactly ``period`` (for stocks and ranks: at its end).

        A ratio with parts is their quotient; when a part is missing, the ratio as it was observed. For a
        period before a merger, additive figures are the sum over the units that were merged.
        """
        definition = self._indicators[indicator]
        if definition.numerator:
            recomputed = self._recomputed(unit, definition, period)
            if recomputed.presence is not Presence.MISSING or recomputed.raw == UNDEFINED:
                return recomputed
        return self._of_members(unit, definition, period)

    def observation(self, unit: str, indicator: str, period: Period) -> Observation | None:
        """The observation of exactly ``period``; None for a figure that was put together or is absent."""
        return self._known.get((unit, indicator), {}).get(period)

    def _recomputed(self, unit: str, ratio: Indicator, period: Period) -> Cell:
        parts = (self._indicators[ratio.numerator], self._indicators[ratio.denominator])
        cells = [self.cell(unit, part.indicator, period) for part in parts]
        factor = ratio_factor(parts[0].measure, parts[1].measure, ratio.measure)
        return scaled(quotient(*cells), factor)

    def _of_members(self, unit: str, definition: Indicator, period: Period) -> Cell:
        members = self._members(unit, period)
        if len(members) == 1 or not definition.additive:
            return self._own(members[0], definition, period) if len(members) == 1 else MISSING
        return added([self._own(member, definition, period) for member in members])

    def _members(self, unit: str, period: Period) -> tuple[str, ...]:
        before = [row for row in self._predecessors.get(unit, ()) if _lived_through(row, period)]
        merged = tuple(name for row in before for name in self._members(row.unit, period))
        if not merged:
            return (unit,)
        return (unit, *merged) if _existed(self._units[unit], period) else merged

    def _own(self, unit: str, definition: Indicator, period: Period) -> Cell:
        known = self._known.get((unit, definition.indicator), {})
        return _cell_in(known, definition, period)


def in_measure(value: Fraction, source: str, target: str) -> Fraction:
    """``value`` of ``source`` in ``target``; a blank measure means the other one. ``MeasureError`` if not
    comparable.

    >>> in_measure(Fraction("6.25"), "亿元", "万元"), in_measure(Fraction(3), "", "万元")
    (Fraction(62500, 1), Fraction(3, 1))
    """
    return convert(value, source, target) if source and target and source != target else value


def ratio_factor(numerator: str, denominator: str, ratio: str) -> Fraction:
    """What numerator ÷ denominator is to be multiplied by, to be in the measure of the ratio.

    >>> ratio_factor("万元", "亿元", "%"), ratio_factor("万元", "人", "元/人"), ratio_factor("", "", "")
    (Fraction(1, 100), Fraction(10000, 1), Fraction(1, 1))
    """
    if not (numerator and denominator):
        return 1 / measure_of(ratio).factor if measure_of(ratio).dimension == "ratio" else Fraction(1)
    if measure_of(numerator).dimension == measure_of(denominator).dimension:
        whole = measure_of(numerator).factor / measure_of(denominator).factor
        return whole / measure_of(ratio).factor
    quotient_measure = f"{numerator}/{denominator}"
    if not ratio or not comparable(quotient_measure, ratio):
        return 1 / measure_of(ratio).factor if measure_of(ratio).dimension == "ratio" else Fraction(1)
    return convert(Fraction(1), quotient_measure, ratio)


def _effective(rows: Iterable[Observation]) -> dict[tuple[str, str], dict[Period, Observation]]:
    effective: dict[tuple[str, str], dict[Period, Observation]] = {}
    for row in rows:
        if row.assurance is Assurance.DRAFT:
            continue
        known = effective.setdefault((row.unit, row.indicator), {})
        if row.period not in known or _stands_before(row, known[row.period]):
            known[row.period] = row
    return effective


def _stands_before(new: Observation, old: Observation) -> bool:
    if new.role is not old.role:
        return new.role is Role.VERIFIED
    return new.supersedes is not None and (old.recorded_at is None or new.supersedes >= old.recorded_at)


def _cell_in(known: Known, definition: Indicator, period: Period) -> Cell:
    if definition.kind in _PILING:
        return _piled_up(known, definition, period)
    for candidates in _level_candidates(known, definition, period):
        if candidates:
            return cell_of(candidates[0], definition)
    return MISSING


def _piled_up(known: Known, definition: Indicator, period: Period) -> Cell:
    if period in known:
        return cell_of(known[period], definition)
    if not definition.additive:
        return MISSING
    tiles = _tiles(known, period)
    if tiles:
        return added([cell_of(known[tile], definition) for tile in tiles])
    return _difference(known, definition, period)


def _tiles(known: Known, period: Period) -> tuple[Period, ...] | None:
    """Observed periods that cover ``period`` exactly, longest first, or ``None``."""
    by_start: dict[int, list[Period]] = {}
    for each in sorted(known, key=lambda each: -each.months):
        if period.contains(each):
            by_start.setdefault(each.first, []).append(each)
    return _tiled(by_start, period.first, period.last, set())


def _tiled(
    by_start: Mapping[int, Sequence[Period]], first: int, last: int, dead: set[int]
) -> tuple[Period, ...] | None:
    if first > last:
        return ()
    if first in dead:
        return None
    for tile in by_start.get(first, ()):
        rest = _tiled(by_start, tile.last + 1, last, dead)
        if rest is not None:
            return (tile, *rest)
    dead.add(first)
    return None


def _difference(known: Known, definition: Indicator, period: Period) -> Cell:
    whole = period.year_to_date()
    if period.first <= whole.first:
        return MISSING
    before = Period(whole.first, period.first - 1)
    cumulatives = [_whole(known, definition, each) for each in (whole, before)]
    if None in cumulatives:
        return MISSING
    after, earlier = (cell for cell in cumulatives if cell is not None)
    return added([after, earlier], signs=(1, -1))


def _whole(known: Known, definition: Indicator, period: Period) -> Cell | None:
    if period in known:
        return cell_of(known[period], definition)
    tiles = _tiles(known, period)
    return added([cell_of(known[tile], definition) for tile in tiles]) if tiles else None


def _level_candidates(known: Known, definition: Indicator, period: Period) -> Iterable[Sequence[Observation]]:
    """Where to look for a figure that does not pile up, best place first."""
    if definition.kind is IndicatorKind.STOCK:
        yield _matching(known, lambda each: each == Period(period.last, period.last))
        yield _matching(known, lambda each: each.last == period.last)
        return
    yield _matching(known, lambda each: each == period)
    yield _matching(known, lambda each: each.last == period.last)
    yield _matching(known, lambda each: each == period.whole_year())
    if definition.kind in _LASTING:
        same_year = period.whole_year()
        yield _matching(known, lambda each: same_year.first <= each.last < period.last)


def _matching(known: Known, wanted: Callable[[Period], bool]) -> Sequence[Observation]:
    found = [row for each, row in known.items() if wanted(each)]
    return sorted(found, key=lambda row: (-row.period.last, -row.period.months))


def cell_of(row: Observation, definition: Indicator) -> Cell:
    """An observation as a cell, its value in the measure of the indicator."""
    assurance = "" if row.assurance is None else row.assurance.value
    if row.value is None:
        return Cell(None, row.presence, assurance=assurance, source=row.source)
    return Cell(
        in_measure(row.value, row.measure, definition.measure),
        Presence.PRESENT,
        estimated=row.basis is Basis.ESTIMATED,
        assurance=assurance,
        source=row.source,
        raw=("≈" if row.approx else "") + _printed(row),
    )


def _printed(row: Observation) -> str:
    assert row.value is not None
    text = decimal_text(row.value)
    if row.decimals is None:
        return text
    whole, _, decimals = text.partition(".")
    padded = decimals.ljust(row.decimals, "0")
    return f"{whole}.{padded}" if padded else whole


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _lived_through(row: ReportingUnit, period: Period) -> bool:
    return row.valid_to is not None and period.last <= _month(row.valid_to)


def _existed(row: ReportingUnit, period: Period) -> bool:
    return row.valid_from is None or _month(row.valid_from) <= period.last
