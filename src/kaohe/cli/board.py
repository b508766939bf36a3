"""``kaohe board``: where a unit stands."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from rich.console import Console

from kaohe.cli.faults import faults_reported
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.messages import text
from kaohe.outlook.board import board
from kaohe.outlook.lights import read_lights, usual_lights
from kaohe.outlook.model import Board
from kaohe.writing.board_html import board_html
from kaohe.writing.board_json import board_json
from kaohe.writing.board_table import plain_text, print_board
from kaohe.writing.board_xlsx import board_xlsx

FORMATS = ("table", "json", "html", "xlsx")


@click.command("board", help=text("cli.board"), short_help=text("cli.board").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("scheme", type=click.Path(path_type=Path))
@click.option("--unit", help=text("option.unit"))
@click.option("--period", help=text("option.period"))
@click.option("--lights", "lights_file", type=click.Path(path_type=Path), help=text("option.lights"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def board_command(
    data: Path,
    scheme: Path,
    unit: str | None,
    period: str | None,
    lights_file: Path | None,
    form: str | None,
    place: Path | None,
) -> int:
    output = chosen_output(form, place, FORMATS)
    with progress(text("progress.board")):
        lights = usual_lights() if lights_file is None else read_lights(lights_file)
        stand = board(scheme, data, unit, period, lights)
    deliver(stand, output)
    return 0


def deliver(stand: Board, output: Output) -> None:
    """Writes the board in the output's format."""
    match output.form:
        case "json":
            output.write(board_json(stand).encode())
        case "html":
            output.write(board_html(stand).encode())
        case "xlsx":
            output.write(board_xlsx(stand))
        case _:
            output.write_text(lambda stream: _print(stand, stream))


def _print(stand: Board, stream: IO[str]) -> None:
    if stream.isatty():
        print_board(stand, Console(file=stream, highlight=False))
    else:
        stream.write(plain_text(stand))
