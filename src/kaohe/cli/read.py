"""``kaohe read``: every figure of a document as a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaohe.cli.faults import bad_input, faults_reported
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
    from kaohe.writing.claims import claims_table
    from kaohe.writing.tables import print_table

    output = chosen_output("jsonl" if form is None and place is None else form, place, FORMATS)
    with progress(text("progress.read")):
        documents = [_read(document, year, staged) for document in _opened(files, max_chars)]
        content = _content(documents, output)
    if content is not None:
        output.write(content)
    else:
        table = claims_table(documents)
        output.write_text(lambda stream: print_table(table, stream))
    return 0


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


def _read(document: Document, year: int | None, staged: bool) -> ReadDocument:
    from kaohe.reading import milestones_of, read_document
    from kaohe.writing.claims import ReadDocument

    milestones = milestones_of(document) if staged else []
    return ReadDocument(document, tuple(read_document(document, year)), tuple(milestones))


def _content(documents: Sequence[ReadDocument], output: Output) -> bytes | None:
    from kaohe.writing.claims import claims_lines, claims_workbook

    match output.form:
        case "jsonl":
            return claims_lines(documents).encode()
        case "xlsx":
            return claims_workbook(documents)
    return None
