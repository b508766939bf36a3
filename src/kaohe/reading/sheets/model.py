"""What reading a workbook gives: its figures, what must be asked, and what is worth saying."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that is a figure, as the contract of ``kaohe import`` has it; ``value`` is in ``measure``."""

    sheet: str
    cell: str
    unit: str = ""
    indicator: str = ""
    parent: str = ""
    period: str = ""
    role: str = "actual"
    value: str | None = None
    measure: str = ""
    presence: str = "present"
    record: str = ""
    asked: bool = False
    question: str = ""
    warning: str = ""

    def as_json(self) -> dict[str, Any]:
        """The object of one line; what is not there is null."""
        return {key: (None if value == "" else value) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must decide for a cell, a range or, with ``*``, a sheet.

    ``kind`` says what is asked (year, period, unit, indicator, measure, growth, mark, figure …), ``topic``
    the words of the sheet it is about: an answer is remembered by both. ``choices`` are the answers that
    suggest themselves; others may be taken too.
    """

    sheet: str
    cell: str
    kind: str
    text: str
    choices: tuple[str, ...] = ()
    topic: str = ""

    def as_json(self) -> dict[str, Any]:
        """The question as a line of the same form as a cell's."""
        return SheetCell(
            self.sheet, self.cell, role="", presence="", asked=True, question=self.text
        ).as_json()


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """The figures of a workbook, the questions about them, and notes; ``headers`` gives each sheet's
    fingerprint, by which its answers are remembered."""

    source: str
    sha256: str
    cells: tuple[SheetCell, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    answered: tuple[tuple[Question, str], ...] = ()

    def lines(self) -> str:
        """One JSON object a line: the cells, then the questions laid on ranges and sheets."""
        single = {(cell.sheet, cell.cell) for cell in self.cells}
        objects = [cell.as_json() for cell in self.cells]
        objects += [q.as_json() for q in self.questions if (q.sheet, q.cell) not in single]
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)
