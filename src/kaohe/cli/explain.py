"""``kaohe explain``: the working of one unit's score."""

from __future__ import annotations

from pathlib import Path

import click

import kaohe
from kaohe.cli.faults import faults_reported
from kaohe.cli.output import chosen_output
from kaohe.cli.progress import progress
from kaohe.messages import text
from kaohe.writing.appeal import working_document
from kaohe.writing.tables import print_table
from kaohe.writing.workings import working_json, working_table

FORMATS = ("table", "json", "docx")


@click.command("explain", help=text("cli.explain"), short_help=text("cli.explain").split("\n")[0])
@click.argument("scheme", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("unit")
@click.argument("criterion", required=False)
@click.option("--period", help=text("option.period"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def explain_command(
    scheme: Path,
    data: Path,
    unit: str,
    criterion: str | None,
    period: str | None,
    form: str | None,
    place: Path | None,
) -> int:
    output = chosen_output(form, place, FORMATS)
    with progress(text("progress.explain")):
        working = kaohe.explain(scheme, data, unit, criterion, period)
    match output.form:
        case "json":
            output.write(working_json(working).encode())
        case "docx":
            output.write(working_document(working))
        case _:
            table = working_table(working)
            output.write_text(lambda stream: print_table(table, stream))
    return 0
