"""``kaohe read``: every figure of a document as a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaohe.cli.documents import Folder, Given, Outcome, documents_of, is_batch, is_folder, outcomes
from kaohe.cli.faults import BAD_INPUT, bad_input, faults_reported, warned
from kaohe.cli.ledgers import asked_period, opened_ledger
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.cli.text import max_chars_option
from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.quantities import Period

if TYPE_CHECKING:
    from kaohe.reading import Document
    from kaohe.writing.claims import ReadDocument
    from kaohe.writing.report_summary import FileSummary

FORMATS = ("jsonl", "table", "xlsx")


@click.command("read", help=text("cli.read"), short_help=text("cli.read").split("\n")[0])
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2200), help=text("option.year"))
@click.option("--milestones", "staged", is_flag=True, help=text("option.milestones"))
@click.option("--propose", "data", type=click.Path(path_type=Path), help=text("option.propose"))
@click.option("--period", help=text("option.report_period"))
@click.option("--unit", help=text("option.report_unit"))
@max_chars_option
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format_jsonl"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def read_command(
    files: tuple[Path, ...],
    year: int | None,
    staged: bool,
    data: Path | None,
    period: str | None,
    unit: str | None,
    max_chars: int,
    form: str | None,
    place: Path | None,
) -> int:
    if data is not None:
        return _propose(files, data, (year, asked_period(period), unit), max_chars, form, place)
    if period or unit:
        raise bad_input(text("error.needs_propose"))
    into = place if place is not None and is_batch(files) and is_folder(place) else None
    output = _folder_output(form, into) if into else _output(form, place)
    found = outcomes(
        documents_of(files, place), text("progress.read"), lambda given: _read(given, year, staged, max_chars)
    )
    if into:
        return _into_folder(found, output.form, into)
    all_found = list(found)
    _to_one_place(all_found, output, is_batch(files))
    return BAD_INPUT if any(outcome.faults for outcome in all_found) else 0


def _output(form: str | None, place: Path | None) -> Output:
    return chosen_output("jsonl" if form is None and place is None else form, place, FORMATS)


def _folder_output(form: str | None, folder: Path) -> Output:
    if form == "table":
        raise bad_input(text("error.folder_format", known="jsonl、xlsx"))
    return Output(form or "jsonl", folder)


def _to_one_place(found: Sequence[Outcome[ReadDocument]], output: Output, batch: bool) -> None:
    """All claims together; of a batch, those of the documents that could be read."""
    from kaohe.writing.claims import claims_table
    from kaohe.writing.report_summary import summary_table
    from kaohe.writing.tables import print_table

    documents = [outcome.result for outcome in found if outcome.result is not None]
    faults = [fault for outcome in found for fault in outcome.faults]
    if not documents or (faults and not batch):
        raise KaoheError(faults)
    content = _content(documents, output.form, batch)
    if content is not None:
        output.write(content)
    else:
        output.write_text(lambda stream: print_table(claims_table(documents), stream))
        if batch and output.place is None:
            output.write_text(lambda stream: print_table(summary_table(_summaries(found)), stream))
    for fault in faults:
        warned(fault)


def _propose(
    files: Sequence[Path],
    data: Path,
    asked: tuple[int | None, Period | None, str | None],
    most: int,
    form: str | None,
    place: Path | None,
) -> int:
    """The review workbook of the documents' claims against a ledger."""
    from kaohe.reading.review import digest_of, proposed_of
    from kaohe.writing.review_workbook import review_workbook

    if form not in (None, "xlsx"):
        raise bad_input(text("error.propose_format", format=form))
    output = chosen_output("xlsx", place, FORMATS)
    with progress(text("progress.read")):
        ledger = opened_ledger(data)
        reviews = [
            proposed_of(document, ledger, digest_of(file), *asked)
            for file, document in zip(files, _opened(files, most), strict=True)
        ]
        output.write(review_workbook(reviews))
    return 0


def _opened(files: Sequence[Path], most: int) -> list[Document]:
    """All documents, or every fault at once."""
    from kaohe.reading import open_document

    documents: list[Document] = []
    faults: list[str] = []
    for file in files:
        try:
            documents.append(open_document(file, most))
        except KaoheError as error:
            faults.extend(error.messages)
    if faults:
        raise KaoheError(faults)
    return documents


def _into_folder(found: Iterable[Outcome[ReadDocument]], form: str, place: Path) -> int:
    """A file of claims a document and a summary; the exit code."""
    from kaohe.writing.report_summary import summary_csv, summary_table
    from kaohe.writing.tables import print_table

    folder, rows = Folder(place), []
    for outcome in found:
        if outcome.result is not None:
            folder.write(outcome.given, form, _content([outcome.result], form, False) or b"")
        rows += _summaries([outcome])
        for fault in outcome.faults:
            warned(fault)
    folder.write_summary("csv", summary_csv(rows))
    Output("table", None).write_text(lambda stream: print_table(summary_table(rows), stream))
    return BAD_INPUT if any(row.fault for row in rows) else 0


def _summaries(found: Sequence[Outcome[ReadDocument]]) -> list[FileSummary]:
    from kaohe.writing.report_summary import FileSummary

    return [
        FileSummary(outcome.given.name, _counts(outcome.result), " ".join(outcome.faults))
        for outcome in found
    ]


def _counts(read: ReadDocument | None) -> dict[str, int]:
    return {} if read is None else {"characters": len(read.document.text), "claims": len(read.claims)}


def _read(given: Given, year: int | None, staged: bool, most: int) -> ReadDocument:
    from kaohe.reading import milestones_of, open_document, read_document
    from kaohe.writing.claims import ReadDocument

    document = replace(open_document(given.path, most), source=given.name)
    milestones = milestones_of(document) if staged else []
    return ReadDocument(document, tuple(read_document(document, year)), tuple(milestones))


def _content(documents: Sequence[ReadDocument], form: str, several: bool) -> bytes | None:
    from kaohe.writing.claims import claims_lines, claims_workbook

    match form:
        case "jsonl":
            return claims_lines(documents, several).encode()
        case "xlsx":
            return claims_workbook(documents)
    return None
