"""Which target is in force for a unit, and what it asks for in the indicator's own terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from kaohe.facts.cells import MISSING, UNDEFINED, Cell, Presence
from kaohe.facts.codec import decimal_text
from kaohe.facts.errors import DataError
from kaohe.facts.figures import in_measure
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import POINTS, Form, Indicator, IndicatorKind, Target
from kaohe.quantities.measures import measure_of
from kaohe.quantities.periods import Period

LastYear = Callable[[str, Period], Cell]
"""The figure of a unit in a period: what growth targets start from."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several targets is meant; ``None`` leaves it open."""

    issuer: str | None = None
    document: str | None = None
    version: str | None = None

    def admits(self, target: Target) -> bool:
        """Whether the target is one of those meant."""
        pairs = (
            (self.issuer, target.issuer),
            (self.document, target.document),
            (self.version, target.version),
        )
        return all(wanted is None or wanted == found for wanted, found in pairs)


@dataclass(frozen=True)
class Targets:
    """The targets of a ledger by indicator and unit."""

    ledger: Ledger

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Sequence[Target]]:
        places: dict[tuple[str, str], list[Target]] = {}
        for row in self.ledger.targets:
            places.setdefault((row.unit, row.indicator), []).append(row)
        return places

    def in_force(
        self, units: Iterable[str], indicator: str, at: Period, choice: Choice
    ) -> tuple[Target | None, ...]:
        """Each unit's target for the year of ``at``, in force at its end; ``None`` when it has none.

        Within one issuer's document the latest that is in force counts. Raises ``DataError`` naming the
        candidates when targets of two issuers or documents are in force.
        """
        chosen: list[Target | None] = []
        disputes: dict[str, list[str]] = {}
        for unit in units:
            latest = self._latest(unit, indicator, at, choice)
            chosen.append(latest[0] if latest else None)
            if len(latest) > 1:
                disputes.setdefault("、".join(_origin(target) for target in latest), []).append(unit)
        if disputes:
            raise DataError([_dispute(indicator, origins, found) for origins, found in disputes.items()])
        return tuple(chosen)

    def _latest(self, unit: str, indicator: str, at: Period, choice: Choice) -> list[Target]:
        rows = [row for row in self._by_place.get((unit, indicator), ()) if choice.admits(row)]
        current = _of_the_year([row for row in rows if _is_in_force(row, at)], at)
        chains: dict[tuple[str, str], Target] = {}
        for row in current:
            chain = (row.issuer, row.document)
            if chain not in chains or _age(row) >= _age(chains[chain]):
                chains[chain] = row
        return list(chains.values())


def target_cell(target: Target | None, definition: Indicator, last_year: LastYear) -> Cell:
    """What a target asks for, in the indicator's own measure.

    ``growth`` is last year's whole-year figure × (1 + the rate), ``points`` last year's + the points, both
    in % when no measure is written; for an indicator that is itself a growth rate, the rate. The others
    are their value. Growth on a base ≤ 0 is missing, with the words 无法计算 as its text.
    """
    if target is None or target.value is None:
        return MISSING
    if target.form not in (Form.GROWTH, Form.POINTS) or definition.kind is IndicatorKind.GROWTH:
        plain = target.form in (Form.RANK, Form.BY_DATE)
        value = target.value if plain else in_measure(target.value, _percent(target), definition.measure)
        return Cell(value, Presence.PRESENT, source=target.document, raw=_written(target))
    base = last_year(target.unit, target.period.last_year())
    if base.number is None:
        return Cell(None, base.presence, source=base.source)
    if target.form is Form.GROWTH and base.number <= 0:
        return Cell(None, Presence.MISSING, source=target.document, raw=UNDEFINED)
    value = _grown(base.number, target, definition)
    return Cell(value, Presence.PRESENT, base.estimated, source=target.document, raw=_written(target))


def _grown(base: Fraction, target: Target, definition: Indicator) -> Fraction:
    assert target.value is not None
    share = target.value * measure_of(_percent(target) or "%").factor
    if target.form is Form.GROWTH:
        return base * (1 + share)
    percent = measure_of(definition.measure)
    return base + (share / percent.factor if percent.dimension == "ratio" else share)


def _percent(target: Target) -> str:
    return "%" if target.measure in POINTS else target.measure


def _written(target: Target) -> str:
    assert target.value is not None
    return ("≈" if target.approx else "") + decimal_text(target.value)


def _of_the_year(rows: list[Target], at: Period) -> list[Target]:
    year = at.whole_year()
    whole = [row for row in rows if row.period == year]
    return whole or [row for row in rows if row.period.first <= year.last and year.first <= row.period.last]


def _is_in_force(row: Target, at: Period) -> bool:
    return row.valid_from is None or row.valid_from.year * 12 + row.valid_from.month - 1 <= at.last


def _age(row: Target) -> tuple[date, tuple[tuple[int, str], ...]]:
    return row.valid_from or date.min, _natural(row.version)


def _natural(version: str) -> tuple[tuple[int, str], ...]:
    # "10" follows "9": a version is compared by its numbers, then by its text.
    digits = "".join(char if char.isdigit() else " " for char in version).split()
    return (*((int(number), "") for number in digits), (0, version))


def _origin(target: Target) -> str:
    return f"{target.issuer or '(未写明下达单位)'}{f'《{target.document}》' if target.document else ''}"


def _dispute(indicator: str, origins: str, units: Sequence[str]) -> str:
    who = units[0] if len(units) == 1 else f"{units[0]}等 {len(units)} 个单位"
    return (
        f"{who}的 {indicator} 同时有几个目标在用:{origins};请写 target({indicator}, issuer=…) 或 document=…"
    )
