"""``kaohe demo``: the demo township's board and its page, then the whole product in a browser."""

from __future__ import annotations

from importlib.util import find_spec
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
    if not once:
        _serve()
    return 0


def _serve() -> None:
    """The demonstration in the browser until it is stopped; nothing without the extra ``web``."""
    if find_spec("django") is None:
        warned(text("demo.no_web"))
        return
    from kaohe.web.demo import serving

    with progress(text("demo.preparing")):
        folder_in_use = serving.demonstration_folder()
    try:
        serving.serve(folder_in_use, serving.free_port(), _opened)
    except KeyboardInterrupt:
        warned(text("demo.stopped"))


def _opened(address: str) -> None:
    from kaohe.web.demo import serving
    from kaohe.web.demo.people import FIRST_SHOWN, PASSWORD

    warned(text("demo.serving", address=address, names="、".join(FIRST_SHOWN), password=PASSWORD))
    serving.open_page(address)
