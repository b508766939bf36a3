"""What a unit's ledger says about one indicator: the figure with its printed marks, the target, the base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kaohe.facts.cells import Cell, Presence
from kaohe.facts.contract import Dataset
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.ledger_dataset import LedgerDataset
from kaohe.facts.model import Assurance, Indicator, IndicatorKind, Observation, Role, Target
from kaohe.outlook.figures import Figure, decimals_of, is_demo
from kaohe.quantities.periods import Period

WORDS = {
    Presence.MISSING: "缺报",
    Presence.NOT_DUE: "未到期",
    Presence.NOT_APPLICABLE: "不适用",
}
_MAIN = "主指标 "
_AT_LEAST = ("以上", "不少于", "至少")
_OVER = ("余", "多")

Choice = Mapping[str, str]


@dataclass(frozen=True)
class UnitFacts:
    """The facts of one unit in a data set, whatever that is kept in.

    A wide table has no observations, tasks or doubts: their marks are then absent.
    """

    data: Dataset
    unit: str

    @cached_property
    def place(self) -> int:
        """Where the unit stands in the data set. Raises ``DataError`` naming the units there are."""
        if self.unit not in self.data.units:
            raise DataError(f"找不到单位 {self.unit}{nearest(self.unit, self.data.units)}")
        return self.data.units.index(self.unit)

    @property
    def period(self) -> Period:
        """The period asked for. Raises ``DataError`` when there is none."""
        if self.data.period is None:
            raise DataError("没有说明时期;请用 --period(如 2005-09)或在考核办法里写 period")
        return self.data.period

    @cached_property
    def _ledger(self) -> LedgerDataset | None:
        return self.data if isinstance(self.data, LedgerDataset) else None

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator that is defined."""
        return self._ledger.ledger.indicators if self._ledger else ()

    @cached_property
    def _observed(self) -> Mapping[str, list[Observation]]:
        found: dict[str, list[Observation]] = {}
        for row in self._ledger.ledger.observations if self._ledger else ():
            if row.unit == self.unit and row.assurance is not Assurance.DRAFT:
                found.setdefault(row.indicator, []).append(row)
        return found

    @cached_property
    def recorded_at(self) -> str:
        """When the latest of its figures became known, to the minute; blank when not told."""
        times = [row.recorded_at for rows in self._observed.values() for row in rows if row.recorded_at]
        return max(times).strftime("%Y-%m-%d %H:%M") if times else ""

    def cell(self, indicator: str, period: Period | None = None) -> Cell:
        """The effective figure of the period asked for, or of exactly ``period``."""
        return self.data.figure(indicator, period)[self.place]

    def observation(self, indicator: str, period: Period | None = None) -> Observation | None:
        """The row that the figure was read from; ``None`` for a sum, a quotient or a wide table."""
        wanted = period or self.period
        rows = self._observed.get(indicator, [])
        exactly = [row for row in rows if row.period == wanted]
        same = exactly or [row for row in rows if row.period.last == wanted.last]
        return max(same, key=_weight) if same else None

    def figure(self, indicator: str, period: Period | None = None) -> Figure:
        """The figure as it was reported, with its marks."""
        cell = self.cell(indicator, period)
        observed = self.observation(indicator, period)
        source = cell.source or (observed.source if observed else "")
        if cell.number is None:
            return Figure(words=WORDS.get(cell.presence, ""), demo=is_demo(source), source=source)
        mark, tail = _approximation(observed)
        return Figure(
            cell.number,
            self._decimals(indicator, cell.number, observed),
            mark=mark,
            tail=tail,
            estimated=self._estimate(indicator) if cell.estimated else "",
            demo=is_demo(source or self._parts_source(indicator, period)),
            source=source,
        )

    def _estimate(self, indicator: str) -> str:
        definition = self.data.indicator(indicator)
        return "含预计" if definition and definition.numerator else "预计"

    def _parts_source(self, indicator: str, period: Period | None) -> str:
        definition = self.data.indicator(indicator)
        if definition is None or not definition.numerator:
            return ""
        parts = (definition.numerator, definition.denominator)
        return "; ".join(self.figure(part, period).source for part in parts)

    def _decimals(self, indicator: str, value: Fraction, observed: Observation | None) -> int:
        definition = self.data.indicator(indicator)
        measure = definition.measure if definition else ""
        if observed and observed.decimals is not None and observed.measure in ("", measure):
            return observed.decimals
        usual = definition.decimals if definition else None
        if usual is not None and (value * 10**usual).denominator != 1:
            return usual
        return decimals_of(value)

    def target_row(self, indicator: str, choice: Choice) -> Target | None:
        """The target in force, ``None`` when there is none. Raises ``DataError`` on two."""
        if self._ledger is None or self.data.indicator(indicator) is None:
            return None
        return self._ledger.targets_in_force(indicator, **_options(choice))[self.place]

    def target_cell(self, indicator: str, choice: Choice) -> Cell:
        """What the target asks for, in the indicator's measure."""
        return self.data.target(indicator, **_options(choice))[self.place]

    def pace(self, indicator: str, choice: Choice) -> Fraction:
        """The share of the target due by now, 0 to 1."""
        return self.data.pace(indicator, **_options(choice))[self.place].number or Fraction(0)

    def due_month(self, indicator: str, choice: Choice) -> int | None:
        """The first month after the period in which its schedule asks for something."""
        for month in range(self.period.last + 1, self.period.whole_year().last + 1):
            then = UnitFacts(self.data.at(Period(self.period.year * 12, month)), self.unit)
            if then.pace(indicator, choice) > 0:
                return month % 12 + 1
        return None

    def baseline(self, indicator: str) -> Cell:
        """The same period last year."""
        return self.data.baseline(indicator)[self.place]

    def published_growth(self, indicator: str) -> Indicator | None:
        """The indicator that holds the growth rate as a document printed it."""
        definition = self.data.indicator(indicator)
        own = [row for row in self._about(indicator) if row.kind is IndicatorKind.GROWTH]
        if definition and definition.numerator:
            own += [
                row
                for row in self._about(definition.numerator)
                if row.kind is IndicatorKind.GROWTH and row.measure == "百分点"
            ]
            return own[0] if own else None
        return next((row for row in own if row.measure != "百分点"), None)

    def published_attainment(self, indicator: str) -> Indicator | None:
        """The indicator that holds the completion rate as a document printed it."""
        return next((row for row in self._about(indicator) if "完成" in row.name), None)

    def _about(self, indicator: str) -> list[Indicator]:
        wanted = f"{_MAIN}{indicator}"
        return [row for row in self.indicators if row.definition.replace("；", ";").split(";")[0] == wanted]

    def unit_name(self, unit: str) -> str:
        """The short name of a unit, or the text itself when it is none."""
        if unit not in self.data.units or self._ledger is None:
            return unit
        place = self.data.units.index(unit)
        for attribute in ("short_name", "name"):
            text = self.data.attribute(attribute)[place].raw
            if text:
                return text
        return unit

    def records(self, table: str) -> tuple[Mapping[str, str], ...]:
        """The unit's rows of a record table as texts; none when there is no such table."""
        if table not in self.data.tables():
            return ()
        found = self.data.table(table)
        return tuple(
            {name: cell.raw for name, cell in zip(found.columns, row, strict=True)}
            for row, unit in zip(found.rows, found.unit_of, strict=True)
            if unit == self.place
        )


def main_indicator(note: str) -> str:
    """The indicator that a note names as 主指标; blank when it names none.

    >>> main_indicator("主指标 revenue;总数可能掩盖地方税收")
    'revenue'
    """
    head = note.replace("；", ";").split(";")[0].strip()
    return head.removeprefix(_MAIN).strip() if head.startswith(_MAIN) else ""


def _options(choice: Choice) -> dict[str, str | None]:
    return {key: choice.get(key) for key in ("issuer", "document", "version")}


def _weight(row: Observation) -> tuple[int, bool, str]:
    return row.period.months, row.role is Role.VERIFIED, str(row.recorded_at or "")


def _approximation(observed: Observation | None) -> tuple[str, str]:
    if observed is None or not observed.approx or observed.basis.value == "estimated":
        return "", ""
    if _begins(observed.note, _AT_LEAST):
        return "≥", ""
    return ("", "余") if _begins(observed.note, _OVER) else ("约", "")


def _begins(note: str, words: Iterable[str]) -> bool:
    return any(note.startswith(word) for word in words)
