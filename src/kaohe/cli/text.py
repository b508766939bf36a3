"""``kaohe text``: the text of a document, to which every offset refers."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.faults import faults_reported
from kaohe.cli.output import Output, check_place
from kaohe.cli.progress import progress
from kaohe.messages import text

MOST_CHARACTERS = 2_000_000
max_chars_option = click.option(
    "--max-chars",
    type=click.IntRange(min=1),
    default=MOST_CHARACTERS,
    help=text("option.max_chars", default=f"{MOST_CHARACTERS:,}"),
)


@click.command("text", help=text("cli.text"), short_help=text("cli.text").split("\n")[0])
@click.argument("file", type=click.Path(path_type=Path))
@max_chars_option
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def text_command(file: Path, max_chars: int, place: Path | None) -> int:
    # The word lists take a fifth of a second to compile: only the commands that read pay for them.
    from kaohe.reading import open_document

    if place is not None:
        check_place(place)
    with progress(text("progress.read")):
        document = open_document(file, max_chars)
    Output("text", place).write(document.text.encode())
    return 0
