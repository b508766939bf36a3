"""Figures of workbooks into a ledger: names matched or asked, then all added together or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from kaohe.facts.adding import Added, Conflicts, add_facts
from kaohe.facts.cells import Presence
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import (
    POINTS,
    Direction,
    Form,
    Indicator,
    IndicatorKind,
    Observation,
    ReportingUnit,
    Target,
)
from kaohe.quantities import Period
from kaohe.quantities.measures import comparable, convert
from kaohe.reading.sheets.asking import SKIP, Answer
from kaohe.reading.sheets.labels import cleaned
from kaohe.reading.sheets.model import Question, SheetCell, WorkbookReading
from kaohe.reading.sheets.remembering import MAPPING, load_names, mapping_text

_ENDS = re.compile(r"(?:人民政府|镇|乡|街道办事处|街道|村委会|村|社区居委会|社区|居委会|\([^()]*\))+$")
_LEFT_OUT = {"total_row": "合计等总数", "growth": "增幅", "attainment": "完成率"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: what was added (None while questions are open), questions and notes."""

    added: Added | None
    questions: tuple[Question, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The facts that workbooks hold, as far as nothing has to be asked or fails to fit.

    ``faults`` are figures that do not fit their indicator, ``names`` the units and indicators that answers
    gave to names which the ledger does not know.
    """

    observations: tuple[Observation, ...]
    targets: tuple[Target, ...]
    questions: tuple[Question, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    names: dict[str, dict[str, str]]


@dataclass
class _Names:
    """The names of one kind that the ledger knows, and those asked about."""

    kind: str
    known: Mapping[str, frozenset[str]]
    kept: dict[str, str]
    answers: Sequence[Answer]
    found: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def of(self, cell: SheetCell, name: str, ids: Iterable[str]) -> str | None:
        """The ledger's id for a name; None where it is asked or left out."""
        if name in self.kept:
            return self.kept[name]
        candidates = self.known.get(name) or self.known.get(_ENDS.sub("", name)) or frozenset()
        if len(candidates) == 1:
            return next(iter(candidates))
        answer = self._answer(name)
        if answer == SKIP:
            self.skipped.add(name)
            return None
        if answer:
            chosen = self.known.get(cleaned(answer), frozenset({answer} & set(ids)))
            if len(chosen) == 1:
                self.found[name] = next(iter(chosen))
                return self.found[name]
        self._ask(cell, name, candidates)
        return None

    def _answer(self, name: str) -> str | None:
        return next(
            (a.answer for a in self.answers if a.kind == f"name_{self.kind}" and a.topic == name), None
        )

    def _ask(self, cell: SheetCell, name: str, candidates: frozenset[str]) -> None:
        what = {"unit": "单位", "indicator": "指标"}[self.kind]
        hint = nearest(name, self.known)
        text = (
            f"台账里有几个{what}都可能是“{name}”:是哪一个?"
            if candidates
            else f"台账里没有{what}“{name}”{hint}:是哪一个?"
        )
        self.asked.setdefault(
            name, Question(cell.sheet, cell.cell, f"name_{self.kind}", text, tuple(sorted(candidates)), name)
        )


def import_readings(
    folder: str | Path,
    ledger: Ledger,
    readings: Sequence[WorkbookReading],
    answers: Sequence[Answer] = (),
    *,
    dry_run: bool = False,
) -> Imported:
    """Adds the figures of some workbooks to the ledger in ``folder``, all of them or none.

    Nothing is added while a question is open. Totals, growth and attainment stay out: a ledger computes
    them; so do the records of registers, whose sum is not a fact. Raises ``Conflicts`` with every figure
    that is held otherwise, ``DataError`` with every one that does not fit; the ledger is then untouched.
    """
    base = Path(folder)
    proposed = proposed_facts(ledger, readings, answers, load_names(base))
    if proposed.faults:
        raise DataError(list(proposed.faults))
    if proposed.questions:
        return Imported(None, proposed.questions, proposed.notes)
    found = proposed.names
    files = _mapping_files(base, readings, found)
    try:
        added = add_facts(base, proposed.observations, proposed.targets, files=files, dry_run=dry_run)
    except Conflicts as error:
        raise Conflicts([f"{message}" for message in error.messages]) from error
    return Imported(added, (), proposed.notes)


def proposed_facts(
    ledger: Ledger,
    readings: Sequence[WorkbookReading],
    answers: Sequence[Answer] = (),
    kept: Mapping[str, dict[str, str]] | None = None,
) -> Proposed:
    """The facts that workbooks hold for a ledger; ``kept`` are names that were settled before.

    Totals, growth and attainment stay out: a ledger computes them; so do the records of registers, whose
    sum is not a fact.
    """
    known = kept or {}
    units = _Names("unit", _unit_names(ledger.reporting_units), known.get("units", {}), answers)
    indicators = _Names(
        "indicator", _indicator_names(ledger.indicators), known.get("indicators", {}), answers
    )
    proposal = _Proposal(ledger, units, indicators)
    for reading in readings:
        for cell in reading.cells:
            proposal.take(reading, cell)
    asked = (*units.asked.values(), *indicators.asked.values())
    return Proposed(
        observations=tuple(proposal.observations),
        targets=tuple(proposal.targets),
        questions=(*(question for reading in readings for question in reading.questions), *asked),
        faults=tuple(proposal.faults),
        notes=tuple(proposal.notes()),
        names={"units": units.found, "indicators": indicators.found},
    )


def _mapping_files(
    base: Path, readings: Sequence[WorkbookReading], found: dict[str, dict[str, str]]
) -> dict[str, str]:
    texts = [mapping_text(base, reading, reading.answered, found) for reading in readings]
    useful = any(reading.answered for reading in readings) or any(found.values())
    return {MAPPING: texts[-1]} if texts and useful else {}


@dataclass
class _Proposal:
    ledger: Ledger
    units: _Names
    indicators: _Names
    observations: list[Observation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now().replace(microsecond=0))

    def take(self, reading: WorkbookReading, cell: SheetCell) -> None:
        """Takes a figure in, counts it as left out, or asks about its names."""
        reason = self._reason(cell)
        if reason:
            self.left_out[reason] = self.left_out.get(reason, 0) + 1
            return
        unit = self.units.of(cell, cell.unit, (row.unit for row in self.ledger.reporting_units))
        name = self.indicators.of(cell, cell.indicator, (row.indicator for row in self.ledger.indicators))
        if unit is None or name is None or cell.asked:
            return
        indicator = next(row for row in self.ledger.indicators if row.indicator == name)
        source = f"{reading.source}#sha256:{reading.sha256[:16]}#{cell.sheet}!{cell.cell}"
        if not _fits(cell.measure, indicator.measure):
            self.faults.append(
                f"{reading.source} 工作表“{cell.sheet}”{cell.cell}:计量单位 {cell.measure} 不能换算成指标"
                f"“{indicator.name or name}”的 {indicator.measure}"
            )
        elif cell.role == "target":
            self._take_target(cell, unit, indicator, reading, source)
        else:
            self._take_observation(cell, unit, name, source)

    def _reason(self, cell: SheetCell) -> str:
        if cell.asked and not (cell.unit and cell.indicator):
            return "待答"
        if cell.record:
            return "登记表里的逐条记录"
        if cell.role in _LEFT_OUT:
            return _LEFT_OUT[cell.role]
        return "未报" if cell.presence == "missing" else ""

    def _take_observation(self, cell: SheetCell, unit: str, name: str, source: str) -> None:
        value = None if cell.value is None else Fraction(cell.value)
        self.observations.append(
            Observation(
                unit,
                name,
                Period.parse(cell.period),
                value,
                cell.measure,
                Presence(cell.presence),
                source=source,
                recorded_at=self.now,
            )
        )

    def _take_target(
        self, cell: SheetCell, unit: str, indicator: Indicator, reading: WorkbookReading, source: str
    ) -> None:
        if cell.value is None:
            self.left_out["不适用的目标"] = self.left_out.get("不适用的目标", 0) + 1
            return
        period = Period.parse(cell.period)
        key = (unit, indicator.indicator, period)
        held = [each for each in self.ledger.targets if (each.unit, each.indicator, each.period) == key]
        made = Target(
            f"{unit}_{indicator.indicator}_{period}".replace("/", "_"), unit, indicator.indicator, period,
            _form(indicator), Fraction(cell.value), cell.measure, document=reading.source, note=source,
        )  # fmt: skip
        for before in held:
            # The same target in another paper is the same target: what differs is a conflict.
            if _same_target(before, made):
                made = replace(before)
                break
            made = replace(
                made, issuer=before.issuer, document=before.document, version=before.version, form=before.form
            )
        self.targets.append(made)

    def notes(self) -> list[str]:
        """How many figures stay out of the ledger, and why."""
        found = [
            f"{reason} {count} 个没有导入" for reason, count in self.left_out.items() if reason != "待答"
        ]
        skipped = [*self.units.skipped, *self.indicators.skipped]
        return [*found, *([f"不导入:{'、'.join(skipped)}"] if skipped else [])]


def _form(indicator: Indicator) -> Form:
    if indicator.kind is IndicatorKind.RANK:
        return Form.RANK
    return Form.AT_MOST if indicator.direction is Direction.DOWN else Form.ABSOLUTE


def _same_target(before: Target, made: Target) -> bool:
    if before.value is None or made.value is None:
        return before.value is made.value
    if before.measure == made.measure or not (before.measure and made.measure):
        return before.value == made.value
    return (
        comparable(made.measure, before.measure)
        and convert(made.value, made.measure, before.measure) == before.value
    )


def _fits(written: str, expected: str) -> bool:
    same = not written or not expected or written == expected
    return same or comparable("%" if written in POINTS else written, expected)


def _unit_names(units: Iterable[ReportingUnit]) -> dict[str, frozenset[str]]:
    pairs = [
        (name, unit.unit) for unit in units
        for text in (unit.unit, unit.name, unit.short_name) if text
        for name in (cleaned(text), _ENDS.sub("", cleaned(text)))
    ]  # fmt: skip
    return _gathered(pairs)


def _indicator_names(indicators: Iterable[Indicator]) -> dict[str, frozenset[str]]:
    return _gathered(
        [(cleaned(text), row.indicator) for row in indicators for text in (row.indicator, row.name) if text]
    )


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, identifier in pairs:
        found[name] = found.get(name, frozenset()) | {identifier}
    found.pop("", None)
    return found
