"""``kaohe demo``: the demo township's board, and its page."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.board import deliver
from kaohe.cli.faults import faults_reported, warned
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.demo import folder
from kaohe.messages import text
from kaohe.outlook.board import board

FORMATS = ("table", "json")
_UNIT = "qingzhu"


@click.command("demo", help=text("cli.demo"), short_help=text("cli.demo").split("\n")[0])
@click.option("--once", is_flag=True, help=text("option.once"))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", help=text("option.demo_format")
)
@click.option(
    "-o",
    "--output",
    "place",
    type=click.Path(path_type=Path),
    default=Path("board.html"),
    help=text("option.demo_output"),
)
@faults_reported
def demo_command(once: bool, form: str, place: Path) -> int:
    page = chosen_output("html", place, ("html",))
    with progress(text("progress.board")):
        stand = board(folder() / "county.yaml", folder() / "ledger", _UNIT)
    deliver(stand, page)
    deliver(stand, Output(form, None))
    warned(text("demo.written", path=place))
    return 0
