"""``kaohe import``: the figures of office workbooks, shown, or added to a ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaohe.cli.faults import bad_input, faults_reported, warned
from kaohe.cli.output import chosen_output
from kaohe.cli.progress import progress
from kaohe.facts.errors import KaoheError
from kaohe.messages import text

if TYPE_CHECKING:
    from kaohe.facts.ledger import Ledger
    from kaohe.reading.sheets import Answer, Question, WorkbookReading

FORMATS = ("jsonl", "table", "xlsx")
OPEN_QUESTIONS = 1


@click.command("import", help=text("cli.import"), short_help=text("cli.import").split("\n")[0])
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help=text("option.into"))
@click.option("--year", type=click.IntRange(1900, 2200), help=text("option.import_year"))
@click.option("--dry-run", is_flag=True, help=text("option.dry_run"))
@click.option("--answers", "answered", type=click.Path(path_type=Path), help=text("option.answers"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format_jsonl"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def import_command(
    sheets: tuple[Path, ...],
    into: Path | None,
    year: int | None,
    dry_run: bool,
    answered: Path | None,
    form: str | None,
    place: Path | None,
) -> int:
    from kaohe.writing.imported import figure_lines, figure_table, figure_workbook
    from kaohe.writing.tables import print_table

    output = chosen_output("jsonl" if form is None and place is None else form, place, FORMATS)
    with progress(text("progress.import")):
        ledger, answers = _known(into, answered)
        readings = _read(sheets, year, ledger, answers)
        questions, notes, done = _taken(into, ledger, readings, answers, dry_run)
    if output.form == "jsonl":
        output.write(figure_lines(readings).encode())
    elif output.form == "xlsx":
        output.write(figure_workbook(readings, questions))
    else:
        table = figure_table(readings, questions, notes)
        output.write_text(lambda stream: print_table(table, stream))
    if output.form != "table":
        _say(notes if into is None else (*(f"{q.sheet}!{q.cell}:{q.text}" for q in questions), *notes))
    return 0 if done else OPEN_QUESTIONS


def _known(into: Path | None, answered: Path | None) -> tuple[Ledger | None, list[Answer]]:
    from kaohe.facts.package import read_ledger
    from kaohe.reading.sheets.remembering import load_answers

    answers = [] if answered is None else _answers(answered)
    if into is None:
        return None, answers
    return read_ledger(into), [*answers, *load_answers(into)]


def _answers(path: Path) -> list[Answer]:
    """The answers in a json list or in a table with the columns sheet, cell, question and answer."""
    from kaohe.facts.files import read_grid
    from kaohe.facts.tables import table_of
    from kaohe.reading.sheets import answers_from

    if path.suffix.lower() != ".json":
        table = table_of(read_grid(path))
        return list(answers_from(dict(zip(table.columns, row, strict=True)) for row in table.texts))
    try:
        plain = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise bad_input(text("error.answers", path=path)) from error
    if not isinstance(plain, list) or not all(isinstance(row, dict) for row in plain):
        raise bad_input(text("error.answers", path=path))
    return list(answers_from(plain))


def _read(
    sheets: Sequence[Path], year: int | None, ledger: Ledger | None, answers: list[Answer]
) -> list[WorkbookReading]:
    """All workbooks, or every fault at once."""
    from kaohe.reading.sheets import read_workbook

    readings: list[WorkbookReading] = []
    faults: list[str] = []
    for sheet in sheets:
        try:
            readings.append(read_workbook(sheet, year, ledger, answers))
        except KaoheError as error:
            faults += error.messages
    if faults:
        raise KaoheError(faults)
    return readings


def _taken(
    into: Path | None,
    ledger: Ledger | None,
    readings: list[WorkbookReading],
    answers: list[Answer],
    dry_run: bool,
) -> tuple[tuple[Question, ...], tuple[str, ...], bool]:
    """The questions and notes, and whether all is done that was asked for."""
    from kaohe.reading.sheets.accepting import import_readings

    notes = tuple(note for reading in readings for note in reading.notes)
    if into is None or ledger is None:
        return tuple(q for reading in readings for q in reading.questions), notes, True
    imported = import_readings(into, ledger, readings, answers, dry_run=dry_run)
    if imported.added is None:
        note = text("done.import_open", count=len(imported.questions))
        return imported.questions, (*notes, *imported.notes, note), dry_run
    counts = {
        "observations": len(imported.added.observations),
        "targets": len(imported.added.targets),
        "unchanged": imported.added.unchanged,
    }
    note = text("done.import_dry", **counts) if dry_run else text("done.imported", **counts)
    return (), (*notes, *imported.notes, note), True


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        warned(line)
