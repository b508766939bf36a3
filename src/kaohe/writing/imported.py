"""Figures and questions of workbooks as JSON Lines, as a table, and as a workbook to answer in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaohe.facts.export import Sheet, to_xlsx
from kaohe.messages import text
from kaohe.reading.sheets import Question, SheetCell, WorkbookReading
from kaohe.writing.tables import Heading, TextTable

_SHOWN = (
    "cell", "unit", "indicator", "parent", "period", "role", "value", "measure", "presence", "record",
    "warning",
)  # fmt: skip


def figure_lines(readings: Sequence[WorkbookReading]) -> str:
    """One JSON object a figure, then one a question laid on a range or a sheet."""
    return "".join(reading.lines() for reading in readings)


def figure_table(
    readings: Sequence[WorkbookReading], questions: Sequence[Question], notes: Sequence[str]
) -> TextTable:
    """A row a figure; the questions and notes below."""
    rows = [_row(cell) for reading in readings for cell in reading.cells]
    headings = tuple(
        Heading(text(f"heading.import_{name}"), name == "value") for name in ("sheet", *_SHOWN, "asked")
    )
    kept = [place for place in range(len(headings)) if any(row[place] for row in rows) or not rows]
    below = [text("label.import_question", place=_place(q), question=q.text) for q in questions]
    return TextTable(
        "", tuple(headings[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
        (*below, *notes),
    )  # fmt: skip


def _row(cell: SheetCell) -> tuple[str, ...]:
    values = [str(getattr(cell, name) or "") for name in _SHOWN]
    asked = text("label.import_asked") if cell.asked else ""
    return (cell.sheet, *values, asked)


def _place(question: Question) -> str:
    return f"{question.sheet}!{question.cell}"


def figure_workbook(readings: Sequence[WorkbookReading], questions: Sequence[Question]) -> bytes:
    """The questions, with a column for the answers, above the figures: what ``--answers`` takes back."""
    columns = ("sheet", "cell", "question", "choices", "answer", "kind", "topic", *_SHOWN[1:])
    asked = [
        (q.sheet, q.cell, q.text, " / ".join(q.choices), None, q.kind, q.topic, *(None for _ in _SHOWN[1:]))
        for q in questions
    ]
    return to_xlsx(Sheet(columns, (*asked, *_figures(readings)), text("heading.imported")))


def _figures(readings: Sequence[WorkbookReading]) -> Iterator[tuple[str | None, ...]]:
    for reading in readings:
        for cell in reading.cells:
            values = (getattr(cell, name) or None for name in _SHOWN[1:])
            yield (cell.sheet, cell.cell, None, None, None, None, None, *values)
