"""The entry grid of a unit and a month: what is to be filled in, beside what is held already."""

from __future__ import annotations

import json
from collections.abc import Collection as Collected
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.db.models import OuterRef, Subquery

from kaohe.checking.cells import CellDoubt, CellFigures, Named, cell_doubts
from kaohe.facts.cells import MISSING, Cell
from kaohe.facts.cells import Presence as FactPresence
from kaohe.facts.derived import Derived, attainment, quotient, year_on_year
from kaohe.facts.model import Form
from kaohe.quantities.periods import Period
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.ledger.choices import MessageKind, Presence, State
from kaohe.web.ledger.models import (
    Collection,
    Indicator,
    Line,
    Message,
    Observation,
    ReportingDuty,
    ReportingUnit,
    Target,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a cell and the reason that was given for it, if any."""

    check: str
    values: Mapping[str, Fraction | str]
    repair: Fraction | None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A row of the grid: an indicator, what is held of it, and this month's figure.

    ``last_year`` and ``last_month`` are cells of the same meaning as this month's (the year to date for what
    accumulates); ``month_alone`` is the month's own share of it. ``attainment`` and ``growth`` are there once
    the figure has been submitted: nobody should type towards a percentage.
    """

    indicator: Indicator
    observation: Observation | None
    now: Cell
    last_month: Cell
    last_year: Cell
    effective: Cell
    doubts: tuple[Doubt, ...]
    message: str
    editable: bool
    attainment: Derived | None = None
    growth: Derived | None = None

    @property
    def state(self) -> str:
        """The figure's state; ``computed`` for one that is worked out, ``empty`` where nothing was typed."""
        if self.indicator.computed:
            return "computed"
        return self.observation.state if self.observation else "empty"

    @property
    def version(self) -> int:
        """The version that a writer has seen; 0 where there is nothing yet."""
        return self.observation.version if self.observation else 0

    @property
    def month_alone(self) -> Fraction | None:
        """The month's own figure, for what accumulates and where last month's is held."""
        if not (self.indicator.accumulates and self.now.present and self.last_month.present):
            return None
        return number(self.now) - number(self.last_month)

    @property
    def typed(self) -> str:
        """The cell's text as a person would type it."""
        if self.observation is None:
            return ""
        words = {Presence.NOT_APPLICABLE: "—", Presence.NOT_DUE: "未到期"}
        value = self.observation.value or words.get(Presence(self.observation.presence), "")
        return f"预计{value}" if self.observation.estimated and self.observation.value else value

    @property
    def open_doubts(self) -> tuple[Doubt, ...]:
        """The doubts that still need an answer."""
        return tuple(doubt for doubt in self.doubts if not doubt.answer)

    @property
    def to_answer(self) -> int:
        """How many things must be done here before the month can be submitted."""
        if not self.editable:
            return 0
        lacks = self.observation is None or (
            self.observation.presence == Presence.MISSING and not self.observation.note
        )
        return len(self.open_doubts) + (1 if lacks else 0)


@dataclass(frozen=True, slots=True)
class GridGroup:
    """The rows of one line, by its name and code."""

    line: str
    code: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class EntryGrid:
    """All rows that a person sees of a unit and a month, by line."""

    unit: ReportingUnit
    month: str
    groups: tuple[GridGroup, ...]
    collection: Collection | None

    @property
    def closed(self) -> bool:
        """Whether the month is closed."""
        return self.collection is not None and self.collection.closed

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """All rows, in order."""
        return tuple(cell for group in self.groups for cell in group.cells)

    @property
    def to_answer(self) -> int:
        """How many things must be done before the month can be submitted."""
        return sum(cell.to_answer for cell in self.cells)

    def by_code(self) -> dict[str, GridCell]:
        """The rows by the indicator's code."""
        return {cell.indicator.code: cell for cell in self.cells}

    def count(self, *states: str) -> int:
        """How many rows are in one of the states."""
        return sum(cell.state in states for cell in self.cells)


def entry_grid(
    permits: Permits, unit: ReportingUnit, month: str, codes: Collected[str] | None = None
) -> EntryGrid:
    """The grid of a unit and a month, limited to the lines that the person may see; five queries.

    With ``codes`` only the rows of those indicators are made, each as it would be in the whole grid.
    """
    permits.need(Verb.VIEW, unit)
    indicators = _indicators(permits, unit, month, codes)
    held = _held(unit, month, indicators if codes is None else [*indicators, *_parts_of(indicators)])
    collection = collection_of(unit, month)
    closed = collection is not None and collection.closed
    context = _Context(permits, unit, month, closed, held, _targets(unit, month))
    cells = [context.cell(indicator) for indicator in indicators]
    return EntryGrid(unit, month, _grouped(cells), collection)


def grid_cells_of(
    permits: Permits, rows: Sequence[Observation], month: str
) -> list[tuple[Observation, GridCell]]:
    """Figures of many units, each beside what it is compared with; three queries whatever their number."""
    around = _around(rows, month)
    targets = _targets_of_units({row.unit_id for row in rows}, month)
    return [(row, _context_of(permits, row, month, around, targets).cell(row.indicator)) for row in rows]


def is_open(state: str, closed: bool) -> bool:
    """Whether the reporter may still change a figure: a draft until the month closes, a returned one always.

    A single figure is opened again by returning it; the rest of a closed month stays as it is.
    """
    return state == State.RETURNED or (state == State.DRAFT and not closed)


def fact(observation: Observation | None) -> Cell:
    """A reported figure as a fact, with its marks."""
    if observation is None:
        return MISSING
    return _fact(observation.value, observation.presence, observation.estimated, observation.state)


def effective(observation: Observation | None) -> Cell:
    """The figure that counts: the verified one if there is one, else the reported."""
    if observation is None:
        return MISSING
    verified = getattr(observation, "verified", None)
    if verified is None:
        return fact(observation)
    return _fact(verified.value, verified.presence, False, State.VERIFIED)


def number(cell: Cell) -> Fraction:
    """The value of a cell that has one."""
    assert isinstance(cell.value, Fraction)
    return cell.value


@dataclass(frozen=True)
class _Context:
    permits: Permits
    unit: ReportingUnit
    month: str
    closed: bool
    held: Mapping[tuple[int, str], Observation]
    targets: Mapping[int, Target]

    def cell(self, indicator: Indicator) -> GridCell:
        observation = self.held.get((indicator.pk, self.month))
        state = observation.state if observation else State.DRAFT
        told = state in (State.SUBMITTED, State.REVIEWED, State.VERIFIED) or indicator.computed
        now, base = self.now(indicator), self.figure(indicator, self.last_year_month)
        said = getattr(observation, "said", "") if state == State.RETURNED else ""
        return GridCell(
            indicator=indicator,
            observation=observation,
            now=now,
            last_month=self.last_month(indicator),
            last_year=base,
            effective=effective(observation),
            doubts=self.doubts(indicator, now, observation),
            message=said or "",
            editable=self.editable(indicator, state),
            attainment=self.reached(indicator, observation) if told else None,
            growth=year_on_year(effective(observation), base) if told and observation else None,
        )

    def editable(self, indicator: Indicator, state: str) -> bool:
        may = self.permits.may_cell(Verb.ENTER, self.unit, indicator)
        typed = not (indicator.computed or indicator.official)
        return may and typed and is_open(state, self.closed)

    @property
    def last_year_month(self) -> str:
        return f"{int(self.month[:4]) - 1}{self.month[4:]}"

    def now(self, indicator: Indicator) -> Cell:
        return self.figure(indicator, self.month)

    def figure(self, indicator: Indicator, month: str) -> Cell:
        """What is held for a month; a ratio from its parts (the parts' own figures, never an average)."""
        if indicator.computed:
            above = fact(self.held.get((indicator.numerator_id, month)))
            below = fact(self.held.get((indicator.denominator_id, month)))
            return _in_percent(quotient(above, below), indicator.measure)
        return fact(self.held.get((indicator.pk, month)))

    def last_month(self, indicator: Indicator) -> Cell:
        before = month_before(self.month)
        if indicator.accumulates and before[:4] != self.month[:4]:
            return MISSING
        return self.figure(indicator, before)

    def reached(self, indicator: Indicator, observation: Observation | None) -> Derived | None:
        target = self.targets.get(indicator.pk)
        if target is None or not target.value or observation is None or target.form not in _OF_THE_FIGURE:
            return None
        asked = Cell(Fraction(target.value), FactPresence.PRESENT)
        return attainment(effective(observation), asked, Form(target.form))

    def doubts(self, indicator: Indicator, now: Cell, observation: Observation | None) -> tuple[Doubt, ...]:
        if not now.present or indicator.computed:
            return ()
        answers = json.loads(observation.answers) if observation else {}
        return tuple(
            Doubt(found.check, found.values, found.repair, answers.get(found.check, ""))
            for found in cell_doubts(self.surroundings(indicator, number(now)))
        )

    def surroundings(self, indicator: Indicator, value: Fraction) -> CellFigures:
        return CellFigures(
            value=value,
            month=int(self.month[5:]),
            accumulates=indicator.accumulates,
            last_month=_value(self.last_month(indicator)),
            last_year=_value(self.figure(indicator, self.last_year_month)),
            whole=self.named(indicator.whole),
            parts=tuple(self.parts(indicator)),
        )

    def named(self, indicator: Indicator | None) -> Named | None:
        seen = indicator is not None and self.permits.may_cell(Verb.VIEW, self.unit, indicator)
        value = _value(self.now(indicator)) if indicator and seen else None
        return Named(indicator.name, value) if indicator and value is not None else None

    def parts(self, indicator: Indicator) -> Iterator[Named]:
        for other in self.parts_by_whole.get(indicator.pk, ()):
            part = self.named(other) if other.measure == indicator.measure else None
            if part is not None:
                yield part

    @cached_property
    def parts_by_whole(self) -> dict[int, list[Indicator]]:
        """The held indicators that are part of another, by the key of that, in official order."""
        held = {row.indicator_id: row.indicator for row in self.held.values() if row.indicator.whole_id}
        found: dict[int, list[Indicator]] = {}
        for indicator in sorted(held.values(), key=lambda each: (each.order, each.pk)):
            found.setdefault(indicator.whole_id, []).append(indicator)
        return found


def doubts_of_typed(
    permits: Permits, unit: ReportingUnit, month: str, typed: Mapping[str, Fraction]
) -> dict[str, tuple[CellDoubt, ...]]:
    """What looks wrong with figures that were typed but not saved, by indicator code; nothing is written.

    A typed figure is seen beside the other typed ones: a whole and its part may change together.
    """
    permits.need(Verb.VIEW, unit)
    rows = _indicators(permits, unit, month, typed)
    indicators = {indicator.code: indicator for indicator in rows}
    held = dict(_held(unit, month, [*rows, *_parts_of(rows)]))
    for code, value in typed.items():
        if code in indicators:
            held[indicators[code].pk, month] = _as_typed(unit, indicators[code], month, value)
    context = _Context(permits, unit, month, False, held, {})
    return {
        code: cell_doubts(context.surroundings(indicators[code], value))
        for code, value in typed.items()
        if code in indicators
    }


def month_before(month: str) -> str:
    """The month before, as text.

    >>> month_before("2005-01")
    '2004-12'
    """
    period = Period.parse(month)
    return str(Period(period.first - 1, period.first - 1))


def _as_typed(unit: ReportingUnit, indicator: Indicator, month: str, value: Fraction) -> Observation:
    row = Observation(unit=unit, indicator=indicator, month=month, presence=Presence.PRESENT)
    # Fraction reads its own text back; the row is never saved.
    row.value = str(value)
    return row


def entered_indicators(
    permits: Permits, unit: ReportingUnit, month: str, codes: Collected[str]
) -> dict[str, Indicator]:
    """Those of the indicators that are rows of the person's grid, by code; one query."""
    return {row.code: row for row in _indicators(permits, unit, month, codes)}


def _indicators(
    permits: Permits, unit: ReportingUnit, month: str, codes: Collected[str] | None = None
) -> list[Indicator]:
    duties = ReportingDuty.objects.filter(permits.figures(), unit=unit, first_month__lte=month)
    if codes is not None:
        duties = duties.filter(indicator__code__in=codes)
    rows = duties.select_related("indicator__line", "indicator__whole__line").order_by(
        "indicator__line__order", "indicator__line__id", "indicator__order", "indicator__id"
    )
    return [duty.indicator for duty in rows if not duty.last_month or duty.last_month >= month]


def _parts_of(indicators: Sequence[Indicator]) -> list[Indicator]:
    return list(Indicator.objects.filter(whole__in=indicators))


def _held(
    unit: ReportingUnit, month: str, indicators: Sequence[Indicator]
) -> dict[tuple[int, str], Observation]:
    """The figures of the month, the month before and the same month last year, parts and wholes included.

    ``said`` is what was said when one was last sent back.
    """
    months = (month, month_before(month), f"{int(month[:4]) - 1}{month[4:]}")
    wanted = _with_relatives(indicators)
    returns = Message.objects.filter(observation=OuterRef("pk"), kind=MessageKind.RETURN)
    said = Subquery(returns.order_by("-at", "-pk").values("text")[:1])
    rows = Observation.objects.filter(unit=unit, month__in=months, indicator_id__in=wanted)
    told = rows.annotate(said=said).select_related("indicator__line", "verified")
    return {(row.indicator_id, row.month): row for row in told}


def _with_relatives(indicators: Iterable[Indicator]) -> set[int]:
    """The indicators, their wholes, and the parts of their ratios."""
    wanted: set[int] = set()
    for each in indicators:
        wanted.update(filter(None, (each.pk, each.numerator_id, each.denominator_id, each.whole_id)))
    return wanted


def _around(rows: Sequence[Observation], month: str) -> dict[int, dict[tuple[int, str], Observation]]:
    """By unit, the figures of the rows' months around, of their indicators and of their parts and wholes."""
    wanted = _with_relatives([row.indicator for row in rows])
    months = (month, month_before(month), f"{int(month[:4]) - 1}{month[4:]}")
    held = Observation.objects.filter(
        unit_id__in={row.unit_id for row in rows}, month__in=months, indicator_id__in=wanted
    )
    found: dict[int, dict[tuple[int, str], Observation]] = {}
    for each in held.select_related("indicator__line", "verified"):
        found.setdefault(each.unit_id, {})[each.indicator_id, each.month] = each
    return found


def _context_of(
    permits: Permits,
    row: Observation,
    month: str,
    around: Mapping[int, Mapping[tuple[int, str], Observation]],
    targets: Mapping[int, Mapping[int, Target]],
) -> _Context:
    return _Context(permits, row.unit, month, False, around[row.unit_id], targets.get(row.unit_id, {}))


def _targets_of_units(units: set[int], month: str) -> dict[int, dict[int, Target]]:
    by_unit: dict[int, list[Target]] = {}
    for row in Target.objects.filter(unit_id__in=units, period=month[:4]).order_by("valid_from", "id"):
        by_unit.setdefault(row.unit_id, []).append(row)
    return {unit: _undisputed(rows) for unit, rows in by_unit.items()}


def _targets(unit: ReportingUnit, month: str) -> dict[int, Target]:
    return _targets_of_units({unit.pk}, month).get(unit.pk, {})


def _undisputed(rows: Sequence[Target]) -> dict[int, Target]:
    """The target in force of each indicator; where two issuers ask for different things, none is chosen."""
    found: dict[int, Target] = {}
    disputed = set()
    for row in rows:
        other = found.get(row.indicator_id)
        if other is not None and other.issuer != row.issuer:
            disputed.add(row.indicator_id)
        found[row.indicator_id] = row
    return {pk: row for pk, row in found.items() if pk not in disputed}


def collection_of(unit: ReportingUnit, month: str) -> Collection | None:
    """The collection of the nearest unit above (or the unit itself) that has one."""
    codes = unit.path.rstrip("/").split("/")
    rows = Collection.objects.filter(month=month, unit__code__in=codes).select_related("unit")
    nearest: Iterable[Collection] = sorted(rows, key=lambda row: -len(row.unit.path))
    return next(iter(nearest), None)


def _grouped(cells: Sequence[GridCell]) -> tuple[GridGroup, ...]:
    groups: dict[Line, list[GridCell]] = {}
    for cell in cells:
        groups.setdefault(cell.indicator.line, []).append(cell)
    return tuple(GridGroup(line.name, line.code, tuple(rows)) for line, rows in groups.items())


def _fact(value: str, presence: str, estimated: bool, state: str) -> Cell:
    if not value:
        return Cell(None, FactPresence(presence if presence != Presence.PRESENT else Presence.MISSING))
    return Cell(Fraction(value), FactPresence.PRESENT, estimated, _ASSURANCE.get(state, "draft"), raw=value)


# A growth or points target speaks about a change, which the scheme and the board work out.
_OF_THE_FIGURE = frozenset({Form.ABSOLUTE.value, Form.AT_MOST.value, Form.RANK.value})

_ASSURANCE: dict[str, str] = {
    State.SUBMITTED: "submitted",
    State.REVIEWED: "reviewed",
    State.VERIFIED: "verified",
}


def _value(cell: Cell) -> Fraction | None:
    return number(cell) if cell.present else None


def _in_percent(cell: Cell, measure: str) -> Cell:
    if not cell.present or measure != "%":
        return cell
    return Cell(number(cell) * 100, FactPresence.PRESENT, cell.estimated, cell.assurance)
