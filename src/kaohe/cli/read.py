"""``kaohe read``: every figure of a document as a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaohe.cli.faults import faults_reported
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.cli.text import max_chars_option
from kaohe.facts.errors import KaoheError
from kaohe.messages import text

if TYPE_CHECKING:
    from kaohe.reading import Document
    from kaohe.writing.claims import ReadDocument

FORMATS = ("jsonl", "table", "xlsx")


@click.command("read", help=text("cli.read"), short_help=text("cli.read").split("\n")[0])
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2200), help=text("option.year"))
@click.option("--milestones", "staged", is_flag=True, help=text("option.milestones"))
@max_chars_option
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
