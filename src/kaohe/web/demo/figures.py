"""The figures of the demonstration with their story: entered, submitted, reviewed, verified, sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import TypeVar

from kaohe.web.accounts.models import Person
from kaohe.web.audit.recording import Entry, recorded
from kaohe.web.config import clock
from kaohe.web.demo.loading import Foundation, moment
from kaohe.web.demo.people import TOWN, owner_of, reviewer_of, verifier_of
from kaohe.web.demo.series import LAST
from kaohe.web.demo.source import Cell
from kaohe.web.demo.states import RETURNED, VERIFIERS_OWN, state_of
from kaohe.web.ledger.choices import MessageKind, State
from kaohe.web.ledger.models import Message, Observation, VerifiedValue

Item = TypeVar("Item")
_TOLD_FROM = "2005-06"
_WAY = (State.DRAFT, State.SUBMITTED, State.REVIEWED, State.VERIFIED, State.RETURNED)
_CORRECTED = (TOWN, "industrial_output", "2005-08", "0.03", "一家企业重复计入 0.03 亿元")


class Figures:
    """Writes the figures, a month at a time; the home town's last months step by step, in order of time."""

    def __init__(self, ground: Foundation) -> None:
        self.ground = ground
        self._steps: list[tuple[datetime, Callable[[], None]]] = []

    def write(self) -> None:
        """All 36 months."""
        cells = sorted(self.ground.source.cells(), key=lambda cell: cell.month)
        for month, group in groupby(cells, key=lambda cell: cell.month):
            self._month(month, [cell for cell in group if cell.presence != "missing"])
        for at, step in sorted(self._steps, key=lambda each: each[0]):
            with clock.at(at):
                step()

    def _at(self, time: datetime, step: Callable[..., None], *told: object) -> None:
        self._steps.append((time, partial(step, *told)))

    def _month(self, month: str, cells: list[Cell]) -> None:
        told = [cell for cell in cells if month >= _TOLD_FROM and cell.unit.startswith("q")]
        known = {id(cell) for cell in told}
        rows = [self._row(cell, self._state(cell)) for cell in cells if id(cell) not in known]
        self._at(moment(due_day(month), 16), self._write_month, rows, month)
        if told:
            self._tell(month, told)

    def _write_month(self, rows: list[Observation], month: str) -> None:
        with recorded("demo.month", by=None) as entry:
            entry.create(*rows)
            if month == LAST:
                self._verifiers_of_the_ledger(entry, rows)

    # --- one figure -----------------------------------------------------------------------------

    def _line(self, cell: Cell) -> str:
        code: str = self.ground.indicators[cell.indicator].line.code
        return code

    def _state(self, cell: Cell) -> State:
        return state_of(cell, self._line(cell))

    def _person(self, name: str) -> Person:
        return self.ground.people[name]

    def _row(self, cell: Cell, state: State) -> Observation:
        return Observation(
            unit=self.ground.units[cell.unit],
            indicator=self.ground.indicators[cell.indicator],
            month=cell.month,
            value=cell.value,
            presence=cell.presence,
            estimated=cell.estimated,
            source=cell.source,
            note=cell.note,
            state=state,
            version=_WAY.index(state) + 1,
            entered_by=self._person(owner_of(cell.unit, self._line(cell))),
            entered_at=entered_at(cell),
        )

    def _verifiers_of_the_ledger(self, entry: Entry, rows: list[Observation]) -> None:
        """The verified values that the ledger's files hold beside the reported ones."""
        by_key = {(row.unit.code, row.indicator.code): row for row in rows}
        for told in self.ground.source.verified():
            observation = by_key[told["unit"], told["indicator"]]
            observation.state = State.VERIFIED
            entry.update(observation)
            entry.create(
                VerifiedValue(
                    observation=observation,
                    value=told["value"],
                    reason=told["reason"],
                    source=told["source"],
                    by=self._person(verifier_of(observation.indicator.line.code)),
                    at=datetime.fromisoformat(told["recorded_at"]),
                )
            )

    # --- step by step ---------------------------------------------------------------------------

    def _tell(self, month: str, cells: list[Cell]) -> None:
        """Each owner enters and submits; then the clerk reviews; then each bureau verifies."""
        pairs = [(self._row(cell, State.DRAFT), self._state(cell)) for cell in cells]
        for _, mine in _by(pairs, lambda pair: pair[0].entered_by.name):
            self._tell_owner(mine)
        due = due_day(month)
        passed = [row for row, state in pairs if state in (State.REVIEWED, State.VERIFIED)]
        for name, rows in _by(passed, lambda row: reviewer_of(row.unit.code)):
            step = ("observation.review", rows, State.REVIEWED, self._person(name))
            self._at(moment(due, 9, 12), self._move, *step)
        verified = [row for row, state in pairs if state == State.VERIFIED]
        for name, rows in _by(verified, lambda row: verifier_of(row.indicator.line.code)):
            self._at(moment(due, 16, 20), self._verify, rows, self._person(name), month)
        for row, state in pairs:
            if state == State.RETURNED:
                self._at(moment(date(2005, 10, 11), 10, 5), self._send_back, row)

    def _tell_owner(self, pairs: list[tuple[Observation, State]]) -> None:
        rows = [row for row, _ in pairs]
        owner, start = rows[0].entered_by, max(row.entered_at for row in rows)
        sent = [row for row, state in pairs if state != State.DRAFT]
        self._at(start, self._enter, rows, owner)
        if sent:
            self._at(
                start + timedelta(minutes=40), self._move, "observation.submit", sent, State.SUBMITTED, owner
            )
        for row in filter(_is_corrected, rows):
            row.value = str(Decimal(row.value) + Decimal(_CORRECTED[3]))
            self._at(start + timedelta(minutes=130), self._correct, row, owner)

    def _enter(self, rows: list[Observation], owner: Person) -> None:
        with recorded("observation.save", by=owner) as entry:
            entry.create(*rows)

    def _correct(self, row: Observation, owner: Person) -> None:
        row.value = str(Decimal(row.value) - Decimal(_CORRECTED[3]))
        self._move("observation.save", [row], State.SUBMITTED, owner, _CORRECTED[4])

    def _verify(self, rows: list[Observation], person: Person, month: str) -> None:
        self._move("observation.verify", rows, State.VERIFIED, person)
        for row in rows:
            key = (row.unit.code, row.indicator.code)
            if month == LAST and key in VERIFIERS_OWN:
                self._set_own(row, person, *VERIFIERS_OWN[key])

    def _set_own(self, row: Observation, person: Person, value: str, reason: str) -> None:
        source, at = "演示数据:现场核查表", clock.now()
        own = VerifiedValue(observation=row, value=value, reason=reason, source=source, by=person, at=at)
        with recorded("observation.verify", by=person, reason=reason) as entry:
            entry.create(own)

    def _send_back(self, row: Observation) -> None:
        clerk, said = self._person("文书甲"), RETURNED[row.unit.code, row.indicator.code]
        self._move("observation.return", [row], State.RETURNED, clerk, said)
        message = Message(observation=row, kind=MessageKind.RETURN, text=said, by=clerk, at=clock.now())
        with recorded("observation.return", by=clerk, reason=said) as entry:
            entry.create(message)

    def _move(self, action: str, rows: list[Observation], state: State, by: Person, reason: str = "") -> None:
        for row in rows:
            row.state, row.version = state, row.version + 1
        with recorded(action, by=by, reason=reason) as entry:
            entry.update(*rows)


def due_day(month: str) -> date:
    """The day by which a month was due: the 10th of the next."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 10)


def entered_at(cell: Cell) -> datetime:
    """When a figure was entered: two days before it was due, at an hour of its own unit."""
    day = due_day(cell.month) - timedelta(days=2)
    return moment(day, 8 + len(cell.indicator) % 9, len(cell.unit + cell.indicator) * 7 % 60)


def _is_corrected(row: Observation) -> bool:
    return (row.unit.code, row.indicator.code, row.month) == _CORRECTED[:3]


def _by(rows: list[Item], key: Callable[[Item], str]) -> Iterator[tuple[str, list[Item]]]:
    groups: dict[str, list[Item]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return iter(groups.items())
