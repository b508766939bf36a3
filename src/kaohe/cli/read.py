"""``kaohe read``: every figure of a document as a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kaohe.cli.faults import faults_reported
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.reading import Document, milestones_of, open_document, read_document
from kaohe.reading.formats.extracted import MOST_CHARACTERS
from kaohe.writing.claims import ReadDocument, claims_lines, claims_table, claims_workbook
from kaohe.writing.tables import print_table

FORMATS = ("jsonl", "table", "xlsx")


@click.command("read", help=text("cli.read"), short_help=text("cli.read").split("\n")[0])
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2200), help=text("option.year"))
@click.option("--milestones", "staged", is_flag=True, help=text("option.milestones"))
@click.option(
    "--max-chars", type=click.IntRange(min=1), default=MOST_CHARACTERS,
    help=text("option.max_chars", default=f"{MOST_CHARACTERS:,}"),
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format_jsonl"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def read_command(
    files: tuple[Path, ...],
    year: int | None,
    staged: bool,
    max_chars: int,
    form: str | None,
    place: Path | None,
) -> int:
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


def _opened(files: Sequence[Path], most: int) -> list[Document]:
    """All documents, or every fault at once."""
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
    milestones = milestones_of(document) if staged else []
    return ReadDocument(document, tuple(read_document(document, year)), tuple(milestones))


def _content(documents: Sequence[ReadDocument], output: Output) -> bytes | None:
    match output.form:
        case "jsonl":
            return claims_lines(documents).encode()
        case "xlsx":
            return claims_workbook(documents)
    return None
