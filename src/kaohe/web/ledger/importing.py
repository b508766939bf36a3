"""Office workbooks into the ledger: read by the library, shown before anything is written, all or nothing.

A workbook writes drafts and targets; what is submitted stays as it is, and every figure names the sheet and
cell it came from.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kaohe.facts import model as facts
from kaohe.facts.errors import KaoheError
from kaohe.facts.ledger import Ledger
from kaohe.quantities import show_number
from kaohe.quantities.measures import convert
from kaohe.reading.sheets import Answer, Question, WorkbookReading, read_sheets
from kaohe.reading.sheets.accepting import proposed_facts
from kaohe.reading.sheets.child import open_sheets
from kaohe.reading.sheets.raw import RawSheet
from kaohe.reading.sheets.remembering import LASTING
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.choices import Presence, State
from kaohe.web.ledger.grid import is_open
from kaohe.web.ledger.models import (
    Collection,
    ImportedSheet,
    Indicator,
    Observation,
    ReportingDuty,
    ReportingUnit,
    SheetMemory,
    Target,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A figure that a workbook brings: where it stands, where it goes, what is held there.

    ``fate`` is new, same, changes, refused; ``why`` tells the person what is wrong with a refused one.
    """

    place: str
    unit: ReportingUnit
    indicator: Indicator
    month: str
    value: str
    presence: str
    held: str
    fate: str
    why: str = ""
    target: bool = False

    @property
    def shown_held(self) -> str:
        """The figure held now, with commas; blank when there is none."""
        return show_number(Decimal(self.held)) if self.held else ""

    @property
    def shown(self) -> str:
        """The figure with commas, or the word for why there is none."""
        return show_number(Decimal(self.value)) if self.value else Presence(self.presence).label


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: figures with their fate, questions, notes, and faults of the file."""

    coming: tuple[Coming, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    reading: WorkbookReading | None = None

    def count(self, fate: str) -> int:
        """How many figures have a fate."""
        return sum(each.fate == fate for each in self.coming)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def same(self) -> int:
        return self.count("same")

    @property
    def changes(self) -> int:
        return self.count("changes")

    @property
    def refused(self) -> tuple[Coming, ...]:
        """The figures that cannot be taken in."""
        return tuple(each for each in self.coming if each.fate == "refused")

    @property
    def ready(self) -> bool:
        """Whether it can be imported as it is."""
        return not (self.questions or self.faults or self.refused) and bool(self.new or self.changes)


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook's sheets as they stand in the file, or what is wrong with the file."""

    sheets: tuple[RawSheet, ...] = ()
    faults: tuple[str, ...] = ()


def preview(permits: Permits, sheet: ImportedSheet, opened: Opened | None = None) -> Preview:
    """What importing a workbook would do for this person; nothing is written.

    ``opened`` is what ``open_workbook`` gave, for who must not wait for it here.
    """
    opened = opened or open_workbook(sheet)
    if opened.faults:
        return Preview(faults=opened.faults)
    known = _Known(permits)
    answers = [*given_answers(sheet), *_remembered()]
    try:
        reading = read_sheets(opened.sheets, sheet.name, sheet.sha256, sheet.year, known.ledger(), answers)
    except KaoheError as error:
        return Preview(faults=error.messages)
    proposed = proposed_facts(known.ledger(), [reading], answers)
    coming = tuple(_Arrivals(permits, known, reading).of(proposed.observations, proposed.targets))
    return Preview(coming, proposed.questions, (*reading.notes, *proposed.notes), proposed.faults, reading)


def given_answers(sheet: ImportedSheet) -> list[Answer]:
    """The answers that were given for this workbook."""
    return [Answer(**each) for each in json.loads(sheet.answers)]


def memories(reading: WorkbookReading, answers: Sequence[Answer]) -> Iterator[SheetMemory]:
    """What of the answers holds for the next workbook with the same headers or names."""
    prints = dict(reading.headers)
    for question, answer in reading.answered:
        if question.kind in LASTING and question.topic:
            yield SheetMemory(
                kind=question.kind, sheet=f"#{prints[question.sheet]}", topic=question.topic, answer=answer
            )
    for each in answers:
        if each.kind.startswith("name_") and each.topic:
            yield SheetMemory(kind=each.kind, topic=each.topic, answer=each.answer)


def _remembered() -> list[Answer]:
    return [
        Answer(row.answer, sheet=row.sheet, kind=row.kind, topic=row.topic)
        for row in SheetMemory.objects.order_by("id")
    ]


def open_workbook(sheet: ImportedSheet) -> Opened:
    """Reads the file, under its own name though it is kept under its hash; may take seconds."""
    place = path_of(sheet.sha256)
    # A name of our own: the same file may be looked at in two windows at once.
    named = place.parent / f".{uuid.uuid4().hex}-{Path(sheet.name).name}"
    try:
        named.hardlink_to(place)
        return Opened(open_sheets(named))
    except KaoheError as error:
        return Opened(faults=error.messages)
    finally:
        named.unlink(missing_ok=True)


class _Known:
    """The units and indicators that the person may import for, as facts and as rows; read once."""

    def __init__(self, permits: Permits) -> None:
        self.units = {
            row.code: row
            for row in ReportingUnit.objects.filter(permits.units(Verb.IMPORT)).select_related("parent")
        }
        lines = Indicator.objects.select_related("line", "numerator", "denominator")
        self.indicators = {row.code: row for row in lines if _may_import(permits, row)}
        self._ledger: Ledger | None = None

    def ledger(self) -> Ledger:
        """Their names and measures, for the reader to match."""
        if self._ledger is None:
            self._ledger = Ledger(
                reporting_units=tuple(_unit_fact(row) for row in self.units.values()),
                lines=tuple(facts.Line(code) for code in {row.line.code for row in self.indicators.values()}),
                indicators=tuple(_indicator_fact(row) for row in self.indicators.values()),
            )
        return self._ledger


class _Arrivals:
    """Proposed facts beside what is held."""

    def __init__(self, permits: Permits, known: _Known, reading: WorkbookReading) -> None:
        self.permits, self.known = permits, known
        self.closed = set(Collection.objects.filter(closed=True).values_list("unit__code", "month"))
        self.source = f"{reading.source}#sha256:{reading.sha256[:16]}#"

    def of(
        self, observations: Sequence[facts.Observation], targets: Sequence[facts.Target]
    ) -> Iterator[Coming]:
        self._look_up(observations, targets)
        for observation in observations:
            yield self._observation(observation)
        for target in targets:
            yield self._target(target)

    def _look_up(self, observations: Sequence[facts.Observation], targets: Sequence[facts.Target]) -> None:
        units = {row.unit for row in observations} | {row.unit for row in targets}
        months = {_month(row.period) for row in observations}
        held = Observation.objects.filter(unit__code__in=units, month__in=months)
        self.held = {
            (row.unit.code, row.indicator.code, row.month): row
            for row in held.select_related("unit", "indicator")
        }
        aims = Target.objects.filter(unit__code__in=units).select_related("unit", "indicator")
        self.aims = {(row.unit.code, row.indicator.code, row.period): row for row in aims}
        duties = ReportingDuty.objects.filter(unit__code__in=units)
        self.duties = {
            (unit, indicator): last
            for unit, indicator, last in duties.values_list("unit__code", "indicator__code", "last_month")
        }

    def _observation(self, row: facts.Observation) -> Coming:
        unit, indicator = self.known.units[row.unit], self.known.indicators[row.indicator]
        month = _month(row.period)
        held = self.held.get((row.unit, row.indicator, month))
        value = _in_measure(row.value, row.measure, indicator.measure)
        why = self._refusal(unit, indicator, row, held)
        same = held is not None and (held.value or None, held.presence) == (value or None, row.presence.value)
        fate = "refused" if why and not same else "same" if same else "changes" if held else "new"
        shown = held.value if held else ""
        place = row.source.removeprefix(self.source)
        return Coming(place, unit, indicator, month, value, row.presence.value, shown, fate, why)

    def _refusal(
        self, unit: ReportingUnit, indicator: Indicator, row: facts.Observation, held: Observation | None
    ) -> str:
        if not self.permits.may_cell(Verb.IMPORT, unit, indicator):
            return _("您不能为这个单位导入这个指标")
        if str(indicator.period(_month(row.period))) != str(row.period):
            wanted = _("1月至当月累计") if indicator.accumulates else _("当月时点或当月")
            return _("这个指标收的是%(wanted)s，表里是 %(period)s") % {"wanted": wanted, "period": row.period}
        last = self.duties.get((unit.code, indicator.code))
        if last is None:
            return _("%(unit)s不报这个指标") % {"unit": unit}
        if last and last < _month(row.period):
            return _("%(unit)s只报到 %(month)s") % {"unit": unit, "month": last}
        if held is not None and not is_open(held.state, self._is_closed(unit, _month(row.period))):
            return _("已是“%(state)s”，不能由导入改动") % {"state": State(held.state).label}
        return ""

    def _is_closed(self, unit: ReportingUnit, month: str) -> bool:
        return any((code, month) in self.closed for code in unit.path.rstrip("/").split("/"))

    def _target(self, row: facts.Target) -> Coming:
        unit, indicator = self.known.units[row.unit], self.known.indicators[row.indicator]
        held = self.aims.get((row.unit, row.indicator, str(row.period)))
        value = _in_measure(row.value, row.measure, indicator.measure)
        same = held is not None and held.value and Fraction(held.value) == Fraction(value)
        why = ""
        if not self.permits.may_cell(Verb.ASSIGN, unit, indicator):
            why = _("您不能为这个单位下达目标")
        elif held is not None and held.value and not same:
            why = _("已有目标 %(value)s（%(document)s）；改目标请走目标调整") % {
                "value": held.value,
                "document": held.document or held.issuer,
            }
        fate = "refused" if why and not same else "same" if same else "new"
        return Coming(
            row.note.removeprefix(self.source), unit, indicator, str(row.period), value, "present",
            held.value if held else "", fate, why, target=True,
        )  # fmt: skip


def _may_import(permits: Permits, indicator: Indicator) -> bool:
    return any(not each.lines or indicator.line.code in each.lines for each in permits.having(Verb.IMPORT))


def _month(period: Any) -> str:
    return f"{period.year:04d}-{period.end_month:02d}"


def _in_measure(value: Fraction | None, measure: str, wanted: str) -> str:
    """The figure in the indicator's measure, as canonical decimal text."""
    if value is None:
        return ""
    if measure and wanted and measure != wanted and {measure, wanted} != {"%", "百分点"}:
        value = convert(value, measure, wanted)
    with localcontext() as context:
        context.prec = 40
        return format((Decimal(value.numerator) / Decimal(value.denominator)).normalize() + 0, "f")


def _unit_fact(row: ReportingUnit) -> facts.ReportingUnit:
    return facts.ReportingUnit(unit=row.code, name=row.name, short_name=row.short_name, kind=row.kind)


def _indicator_fact(row: Indicator) -> facts.Indicator:
    return facts.Indicator(
        indicator=row.code,
        name=row.name,
        line=row.line.code,
        measure=row.measure,
        kind=facts.IndicatorKind(row.kind),
        additive=row.additive,
        direction=facts.Direction(row.direction),
        decimals=row.decimals,
    )
