"""Asking once, and taking the answers that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kaohe.reading.sheets.grid import Place
from kaohe.reading.sheets.model import Question
from kaohe.reading.sheets.raw import area_name

SKIP = "不导入"
"""The answer that leaves the cells out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person decided about a cell, a range or a sheet; ``question`` may be left out where only one
    was asked there. A remembered answer names ``kind`` and ``topic`` instead of a place."""

    answer: str
    sheet: str = ""
    cell: str = ""
    question: str = ""
    kind: str = ""
    topic: str = ""

    def fits(self, asked: Question) -> bool:
        """Whether this answers the question."""
        if self.kind and not self.cell:
            return (self.kind, self.topic) == (asked.kind, asked.topic)
        return (
            (self.sheet or asked.sheet, self.cell) == (asked.sheet, asked.cell)
            and (self.question or asked.text) == asked.text
            and (self.kind or asked.kind) == asked.kind
        )


@dataclass
class Asker:
    """Collects the questions of one sheet; ``covered`` gives for each place the questions that lie on it."""

    sheet: str
    answers: tuple[Answer, ...] = ()
    questions: list[Question] = field(default_factory=list)
    covered: dict[Place, list[str]] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    skipped: set[Place] = field(default_factory=set)
    answered: list[tuple[Question, str]] = field(default_factory=list)

    def ask(
        self,
        kind: str,
        places: Iterable[Place],
        text: str,
        choices: tuple[str, ...] = (),
        topic: str = "",
    ) -> str | None:
        """The answer to a question about some cells, or None: the cells are then marked as asked."""
        wanted = sorted(set(places))
        if not wanted:
            return None
        question = Question(self.sheet, _range(wanted), kind, text, choices, topic)
        found = self._answer(question)
        if found == SKIP:
            self.skipped.update(wanted)
            return None
        if found is None:
            self._note(question)
            for place in wanted:
                self.covered.setdefault(place, []).append(text)
        return found

    def ask_sheet(self, kind: str, text: str, choices: tuple[str, ...] = (), topic: str = "") -> str | None:
        """The answer to a question about the whole sheet, or None: all its cells are then marked as asked."""
        question = Question(self.sheet, "*", kind, text, choices, topic)
        found = self._answer(question)
        if found is None:
            self._note(question)
            if text not in self.whole:
                self.whole.append(text)
        return found

    def settled(self, kind: str, text: str) -> str | None:
        """The answer to a question about the whole sheet that need not be asked yet."""
        return self._answer(Question(self.sheet, "*", kind, text))

    def question_at(self, place: Place) -> str:
        """What is asked about a cell, or nothing."""
        return ";".join(dict.fromkeys((*self.whole, *self.covered.get(place, ()))))

    def _note(self, question: Question) -> None:
        if question not in self.questions:
            self.questions.append(question)

    def _answer(self, question: Question) -> str | None:
        found = next((each.answer for each in self.answers if each.fits(question)), None)
        if found is not None:
            self.answered.append((question, found))
        return found


def _range(places: list[Place]) -> str:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return area_name((min(rows), min(columns), max(rows), max(columns)))


def answers_from(plain: Iterable[Mapping[str, str]]) -> tuple[Answer, ...]:
    """The answers in rows of text; those left blank are none."""
    known = ("answer", "sheet", "cell", "question", "kind", "topic")
    rows = ({key: str(row.get(key) or "").strip() for key in known} for row in plain)
    return tuple(Answer(**row) for row in rows if row["answer"])
