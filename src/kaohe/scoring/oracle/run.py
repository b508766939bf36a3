"""One scheme over one set of facts at one period: what every expression and node is worked out from."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from kaohe.facts.dataset import Cell, Dataset, Presence
from kaohe.facts.errors import DataError, SchemeError
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression, ImportedValue, Input, NodeValue
from kaohe.scoring import numbers as n
from kaohe.scoring.binding import Bound, period_of
from kaohe.scoring.numbers import Null, Value
from kaohe.scoring.oracle import nodes
from kaohe.scoring.oracle.evaluate import column, conditions, key_text, lateness
from kaohe.scoring.oracle.frames import Column, Frame, value_of

_FREQUENCY = {"monthly": 1, "quarterly": 3, "yearly": 12}
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})(?:\D?(\d{1,2}))?")


class Printed(Protocol):
    """A finished sheet: what was printed for a unit in a column; None when nothing was."""

    def value(self, unit: str, column: str) -> Value: ...


class Imports(Protocol):
    """Finished results of other schemes."""

    def value(self, alias: str, which: str, node: str, unit: str) -> Value: ...


class Run:
    """Works out nodes on demand, each once, and keeps what was noted on the way.

    ``frozen`` are finished sheets by period: inside ``each: {periods: …}`` a node read by ``score(id)``
    comes from the frozen sheet of that period when there is one.
    """

    def __init__(
        self,
        bound: Bound,
        imports: Imports | None = None,
        frozen: Mapping[Period, Printed] | None = None,
        sheet: Printed | None = None,
    ) -> None:
        self.bound = bound
        self.dataset: Dataset = bound.dataset
        self.period = bound.period
        self.scheme = bound.scheme
        self.notes: list[str] = []
        self.tied: list[str] = []
        self.frozen_used: set[Period] = set()
        self._imports = imports
        self._frozen = dict(frozen or {})
        self._sheet = sheet
        self._inputs: dict[Input, Column] = {}
        self._cells: dict[Input, tuple[Cell, ...]] = {}
        self._outcomes: dict[str, nodes.Outcome] = {}
        self._path: list[str] = []
        self._records: dict[str, tuple[Frame, set[int]]] = {}
        self._periods: dict[Period, Run] = {}
        self._nodes = {node.id: node for node in self.scheme.nodes()}
        self._places = {name: place for place, name in enumerate(self.dataset.units)}
        self.base = self._assessed()
        self.assessed_at = {unit: row for row, unit in enumerate(self.base.unit) if unit is not None}
        self.eligible = [True] * self.base.size
        self.peer_key = self._peer_keys()
        self.eligible = self._eligible()

    @property
    def units(self) -> tuple[str, ...]:
        """The assessed units."""
        return tuple(self.dataset.units[unit] for unit in self.base.unit if unit is not None)

    @property
    def reads_frozen(self) -> bool:
        """Whether nodes read by ``score(id)`` come from a frozen sheet."""
        return self._sheet is not None

    def _assessed(self) -> Frame:
        everyone = list(range(len(self.dataset.units)))
        whole = Frame(everyone, list(everyone), is_base=True)
        if self.bound.rows:
            chosen = list(self.bound.rows)
        elif self.scheme.units is None:
            chosen = everyone
        else:
            holds = conditions(self, self.scheme.units, whole)
            chosen = [row for row in everyone if holds[row] is True]
            if not chosen:
                raise SchemeError(f"{self.scheme.units.at} 没有单位符合 units 的条件,无从考核")
        return Frame(list(range(len(chosen))), list(chosen), is_base=True)

    def _peer_keys(self) -> list[str]:
        if self.scheme.peers is None:
            return [""] * self.base.size
        cells = self.dataset.attribute(self.scheme.peers)
        keys = [cells[unit] for unit in self.base.unit if unit is not None]
        return ["" if cell.value is None else key_text(cell.value) for cell in keys]

    def _eligible(self) -> list[bool]:
        if self.scheme.eligible is None:
            return [True] * self.base.size
        return [holds is True for holds in conditions(self, self.scheme.eligible, self.base)]

    # --- facts ----------------------------------------------------------------------------------

    def cells(self, column_of: Input) -> tuple[Cell, ...]:
        """The facts of a column, with their marks, over all units of the data set."""
        if column_of not in self._cells:
            self._cells[column_of] = self._read(self._at_moment(column_of))
        return self._cells[column_of]

    def _at_moment(self, column_of: Input) -> Input:
        """``at(x, last_year)`` is last year as seen from this run's own period."""
        if not column_of.moment:
            return column_of
        assert self.period is not None
        return replace(column_of, period=period_of(column_of.moment, self.period), moment="")

    def input(self, column_of: Input) -> Column:
        """The same as values; figures in % as ratios."""
        if column_of not in self._inputs:
            values = [value_of(cell) for cell in self.cells(column_of)]
            if column_of.scale != 1:
                values = [v * column_of.scale if isinstance(v, Fraction) else v for v in values]
            self._inputs[column_of] = values
        return self._inputs[column_of]

    def _read(self, column_of: Input) -> tuple[Cell, ...]:
        data, name = self.dataset, column_of.name
        choice = dict(column_of.choice)
        try:
            match column_of.role:
                case "figure":
                    is_figure = column_of.numeric or data.indicator(name) is not None
                    return data.figure(name, column_of.period) if is_figure else data.attribute(name)
                case "target":
                    return data.target(name, **_chosen(choice))
                case "due":
                    return data.due(name, **_chosen(choice))
                case "pace":
                    return data.pace(name, **_chosen(choice))
                case "baseline":
                    return data.baseline(name)
                case _:
                    return data.attribute(name)
        except DataError as error:
            raise SchemeError([f"{column_of.at} {message}" for message in error.messages]) from None

    def named_column(self, name: str, frame: Frame) -> Column:
        """A column by its name: of the record at hand if it has one, else of the unit."""
        for table, (records, _) in frame.records.items():
            if name in records.columns:
                return frame.field(table, name)
        kind = self.dataset.column_kind(name)
        role = "figure" if kind in ("indicator", "number") else "attribute"
        values = self.input(Input(role, name, numeric=role == "figure"))  # type: ignore[arg-type]
        return [Null.NOT_APPLICABLE if unit is None else values[unit] for unit in frame.unit]

    def reference(self, table: str | None, key: str, name: str) -> Value:
        return value_of(self.dataset.reference(table, key, name))

    def records(self, table: str) -> tuple[Frame, set[int]]:
        """All rows of a record table that belong to a unit, and the units that have not reported it."""
        if table not in self._records:
            self._records[table] = self._record_frame(table)
        return self._records[table]

    def _record_frame(self, table: str) -> tuple[Frame, set[int]]:
        if table not in self.dataset.tables():
            return Frame([], []), set()
        records = self.dataset.table(table)
        at = [row for row, unit in enumerate(records.unit_of) if unit is not None]
        unit: list[int | None] = [records.unit_of[row] for row in at]
        owner = [self.assessed_at.get(place, -1) if place is not None else -1 for place in unit]
        frame = Frame(owner, unit, {table: (records, at)})
        definition = dict(self.scheme.tables).get(table)
        unreported: set[int] = set()
        if definition is not None and definition.where is not None:
            holds = conditions(self, definition.where, frame)
            frame = frame.taken([row for row, flag in enumerate(holds) if flag is True])
        if definition is not None and definition.reported is not None:
            told = conditions(self, definition.reported, self.base)
            unreported = {
                place
                for place, flag in zip(self.base.unit, told, strict=True)
                if flag is not True and place is not None
            }
        return frame, unreported

    def marks_of(self, node: str, marks: Frame) -> Frame:
        """The marks filed under a node; all of them when the table has no column ``criterion``."""
        if "marks" not in marks.records:
            return marks
        table, at = marks.records["marks"]
        if "criterion" not in table.columns:
            return marks
        cells = table.column("criterion")
        return marks.taken([row for row, place in enumerate(at) if cells[place].raw == node])

    def marks(self, node: str) -> Column:
        """The one mark given to each assessed unit for a node (酌情分)."""
        marks, _ = self.records("marks")
        filed = self.marks_of(node, marks)
        name = "mark" if filed.records and "mark" in filed.records["marks"][0].columns else "value"
        found: Column = [Null.MISSING] * self.base.size
        if not filed.size:
            return found
        values = filed.field("marks", name)
        for row, owner in enumerate(filed.owner):
            if owner >= 0:
                if not isinstance(found[owner], Null):
                    raise SchemeError(f"评分项 {node}:{self.units[owner]}有不止一个酌情分,应由一人评定")
                found[owner] = values[row]
        return found

    # --- units ----------------------------------------------------------------------------------

    def unit_place(self, name: str, at: Expression | None) -> int:
        """Where the unit of this name stands in the data set."""
        if name not in self._places:
            where = f"{at.at} " if at is not None else ""
            raise SchemeError(f"{where}找不到单位 {name}")
        return self._places[name]

    def children(self, unit: int) -> list[int]:
        """The units whose parent this one is."""
        parents = self.dataset.attribute("parent")
        name = self.dataset.units[unit]
        return [place for place, cell in enumerate(parents) if cell.raw == name or cell.value == name]

    def row_name(self, frame: Frame, row: int) -> str:
        """The unit of a row, as messages call it."""
        unit = frame.unit[row]
        return self.dataset.units[unit] if unit is not None else "(无单位)"

    def record_name(self, frame: Frame, row: int) -> str:
        """The record that a row is, as the working calls it."""
        if frame.records:
            table, at = next(reversed(frame.records.values()))
            return f"{table.label or table.name} 第 {table.row_numbers[at[row]]} 行"
        return self.row_name(frame, row)

    # --- nodes ----------------------------------------------------------------------------------

    def outcome(self, node: m.Criterion) -> nodes.Outcome:
        """A node of the tree over the assessed units. Raises ``SchemeError`` printing the path of a cycle."""
        if node.id not in self._outcomes:
            if node.id in self._path:
                cycle = [*self._path[self._path.index(node.id) :], node.id]
                raise SchemeError(f"{node.at} 评分项循环引用:{' → '.join(cycle)}")
            self._path.append(node.id)
            try:
                self._outcomes[node.id] = nodes.scored(self, node, self.base)
            finally:
                self._path.pop()
        return self._outcomes[node.id]

    def outcome_of(self, node: str) -> nodes.Outcome:
        return self.outcome(self._nodes[node])

    def node_column(self, wanted: NodeValue) -> Column:
        """Another node's exact value, printed value, place, grade, or whether a gate fired."""
        if self._sheet is not None and wanted.which != "fired":
            suffix = {"place": "_rank", "grade": "_grade"}.get(wanted.which, "")
            return [self._sheet.value(unit, wanted.node + suffix) for unit in self.units]
        if wanted.which == "fired":
            owner = next(
                node for node in self.scheme.nodes() for gate in node.gates if gate.id == wanted.node
            )
            fired = self.outcome(owner).fired.get(wanted.node, [False] * self.base.size)
            return [Fraction(int(flag)) for flag in fired]
        outcome = self.outcome_of(wanted.node)
        match wanted.which:
            case "score":
                return outcome.values
            case "published":
                return outcome.printed()
            case "place":
                return outcome.places or [Null.NOT_APPLICABLE] * self.base.size
            case _:
                grades = outcome.grades or [None] * self.base.size
                return [grade if grade is not None else Null.NOT_APPLICABLE for grade in grades]

    def imported(self, wanted: ImportedValue, frame: Frame) -> Column:
        """A result of another scheme, for the linked unit of each row."""
        if self._imports is None:
            raise SchemeError(f"{wanted.at} 没有引入办法 {wanted.alias} 的结果")
        names: Column = [
            Null.NOT_APPLICABLE if unit is None else self.dataset.units[unit] for unit in frame.unit
        ]
        if wanted.link is not None:
            names = self.named_column(wanted.link, frame)
        return [
            name
            if isinstance(name, Null)
            else self._imports.value(wanted.alias, wanted.which, wanted.node, key_text(name))
            for name in names
        ]

    def givers_to(self, node: str) -> list[m.Criterion]:
        """The lines whose points may move to this one."""
        return [
            giver
            for giver in self.scheme.nodes()
            if any(node in policy.move_to for _, policy in giver.policies)
        ]

    def receivers_of(self, giver: m.Criterion) -> list[m.Criterion]:
        names = next(policy.move_to for _, policy in giver.policies if policy.move_to)
        unknown = [name for name in names if name not in self._nodes]
        if unknown:
            raise SchemeError(f"{giver.at} move_to 找不到评分项 {'、'.join(unknown)}")
        return [self._nodes[name] for name in names]

    def moved_factor(
        self, giver: m.Criterion, receivers: Sequence[m.Criterion], node: m.Criterion, row: int
    ) -> n.Number:
        """(own + moved) / own, which is 1 + moved / Σ own, the same for every receiver."""
        kind = "points" if all(r.points is not None for r in (giver, *receivers)) else "weight"
        moved = self._worth(giver, kind)[row]
        own = n.total([self._worth(receiver, kind)[row] for receiver in receivers])
        share = n.divide(moved, own)
        return Fraction(1) if isinstance(share, Null) else n.add(Fraction(1), share)

    def _worth(self, node: m.Criterion, kind: str) -> list[n.Number]:
        expression = node.points if kind == "points" else node.weight
        if expression is None:
            return [Fraction(1)] * self.base.size
        values = column(self, expression, self.base)
        return [value if isinstance(value, Fraction | n.Inexact) else Fraction(0) for value in values]

    # --- periods --------------------------------------------------------------------------------

    def at_period(self, period: Period) -> Run:
        """The same scheme and facts at another period; its nodes from the frozen sheet if there is one."""
        if period not in self._periods:
            then = self.dataset.at(period)
            places = {name: place for place, name in enumerate(then.units)}
            gone = [name for name in self.units if name not in places]
            if gone:
                raise SchemeError(f"{period} 时还没有(或已没有)单位 {'、'.join(gone)},不能取那一期的分")
            rows = tuple(places[name] for name in self.units)
            bound = replace(self.bound, dataset=then, period=period, rows=rows)
            sheet = self._frozen.get(period)
            if sheet is not None:
                self.frozen_used.add(period)
            self._periods[period] = Run(bound, self._imports, self._frozen, sheet)
        return self._periods[period]

    def before(self) -> Run | None:
        """The run one period of the scheme's frequency earlier; None before the facts begin."""
        if self.period is None:
            raise SchemeError("没有说明期别(--period),不能往前数期")
        step = _FREQUENCY.get(self.scheme.frequency or "monthly", 1)
        now = Period(self.period.last - step + 1, self.period.last)
        earlier = now.shifted(-step)
        if earlier.last < self.period.last - 240:
            return None
        return self.at_period(earlier)

    def periods(self, names: tuple[str, ...]) -> list[Period]:
        """The periods named; ``months`` and ``quarters`` are those of the year up to the period scored."""
        if names not in (("months",), ("quarters",)):
            return [Period.parse(name) for name in names]
        if self.period is None:
            raise SchemeError("没有说明期别(--period),不知道是哪一年的月份或季度")
        year, size = self.period.year * 12, 1 if names == ("months",) else 3
        ends = range(year + size - 1, self.period.last + 1, size)
        return [Period(end - size + 1, end) for end in ends]

    # --- dates ----------------------------------------------------------------------------------

    def lateness(self, milestone: Input, measure: str) -> Column:
        """How late each unit of the data set is with a milestone; one not reached counts to P's end."""
        if self.dataset.indicator(milestone.name) is not None:
            return self._lateness_in_ledger(milestone.name, measure)
        done = self.dataset.attribute(milestone.name)
        due = self._due_dates(milestone.name)
        return [
            self._late(_date_of(reached, last_day=False), _date_of(wanted, last_day=True), reached, measure)
            for reached, wanted in zip(done, due, strict=True)
        ]

    def _late(self, done: date | None, deadline: date | None, reached: Cell, measure: str) -> Value:
        if deadline is None:
            return Null.UNDEFINED
        if done is None and self.period is None:
            return Null.MISSING
        if reached.presence is Presence.NOT_APPLICABLE:
            return Null.NOT_APPLICABLE
        return lateness(done, deadline, _last_day(self.period) if self.period else deadline, measure)

    def _due_dates(self, name: str) -> tuple[Cell, ...]:
        for suffix in (".due", ".target"):
            try:
                return self.dataset.attribute(name + suffix)
            except DataError:
                continue
        raise SchemeError(f"节点 {name} 没有到期日:表里应有 {name}.due 列")

    def _lateness_in_ledger(self, name: str, measure: str) -> Column:
        """From the month in which the milestone is first recorded as done, and its target's due month."""
        assert self.period is not None
        due = self.dataset.due_months(name)
        found: Column = []
        for unit, deadline in enumerate(due):
            if deadline is None:
                found.append(Null.UNDEFINED)
                continue
            done = self._month_done(name, unit)
            last = _last_day(Period(deadline, deadline))
            end = (
                None
                if done is None
                else _last_day(Period(done, done))
                if measure == "days"
                else date(done // 12, done % 12 + 1, 1)
            )
            found.append(lateness(end, last, _last_day(self.period), measure))
        return found

    def _month_done(self, name: str, unit: int) -> int | None:
        assert self.period is not None
        for month in range(self.period.year * 12, self.period.last + 1):
            cell = self.dataset.figure(name, Period(month, month))[unit]
            if cell.number:
                return month
        return None

    # --- notes ----------------------------------------------------------------------------------

    def note_tie(self, rows: Frame, row: int, other: int) -> None:
        """Two first claimants of the same record at the same time: someone must decide."""
        a, b = self.record_name(rows, row), self.record_name(rows, other)
        self.tied.append(f"{a} 与 {b} 并列第一,不能认定先后;请在日期中写明先后,或补一列次序")

    def note_range(self, outcome: nodes.Outcome, frame: Frame) -> None:
        """Points never clamp: a value outside the declared range is a finding."""
        if frame.is_base:
            self.notes.extend(nodes.check_limits(self, outcome, frame))


def _date_of(cell: Cell, *, last_day: bool) -> date | None:
    match = _DATE.fullmatch(cell.raw.strip()) if cell.raw else None
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    day = int(match[3]) if match[3] else (calendar.monthrange(year, month)[1] if last_day else 1)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_day(period: Period) -> date:
    return date(period.year, period.end_month, calendar.monthrange(period.year, period.end_month)[1])


def _chosen(choice: Mapping[str, str]) -> dict[str, str | None]:
    return {key: choice.get(key) for key in ("issuer", "document", "version")}
