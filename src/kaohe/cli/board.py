"""``kaohe board``: where a unit stands."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.main import main
from kaohe.facts.errors import KaoheError
from kaohe.outlook.board import board as board_of
from kaohe.outlook.lights import Lights, read_lights, usual_lights
from kaohe.outlook.model import Board
from kaohe.writing.board_html import board_html
from kaohe.writing.board_json import board_json
from kaohe.writing.board_table import plain_text, print_board
from kaohe.writing.board_xlsx import board_xlsx

FORMATS = ("table", "json", "html", "xlsx")
_SUFFIXES = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".txt": "table"}


@main.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("scheme", type=click.Path(path_type=Path))
@click.option("--unit", metavar="单位", help="单位的代号、名称或简称;默认是考核办法里排在最前的单位。")
@click.option("--period", metavar="时期", help="如 2005-09、2005-Q3、2005;默认按考核办法。")
@click.option(
    "--lights",
    "lights_file",
    type=click.Path(path_type=Path),
    help="灯的界线和用词(yaml);默认慢 5 个百分点以上为滞后。",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="默认按 -o 的后缀,没有则为 table。")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到这个文件。")
def board(
    data: Path,
    scheme: Path,
    unit: str | None,
    period: str | None,
    lights_file: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """一个单位各项目标完成得怎样:滞后的在前,附原因、措施、得分。

    DATA 是台账文件夹或一张表,SCHEME 是考核办法。

    \b
    例:
      kaohe board ledger county.yaml --unit qingzhu --period 2005-09
      kaohe board ledger county.yaml -o board.html
    """
    try:
        stand = board_of(scheme, data, unit, period, _lights(lights_file))
        deliver(stand, _form(form, output), output)
    except KaoheError as error:
        refuse(error.messages)


def deliver(stand: Board, form: str, output: Path | None) -> None:
    """Writes the board in a form to a file, or to standard output. Bad places end with exit code 2."""
    if form == "xlsx" and output is None:
        refuse(["xlsx 要写成文件:请用 -o 看板.xlsx"])
    if output is None and form == "table":
        show(stand)
    elif output is None:
        click.echo(board_html(stand) if form == "html" else board_json(stand), nl=False)
    else:
        write(output, _content(stand, form))


def show(stand: Board) -> None:
    """The board on a terminal, or plain into a pipe."""
    import sys

    from rich.console import Console

    if sys.stdout.isatty():
        print_board(stand, Console())
    else:
        click.echo(plain_text(stand), nl=False)


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all; exit code 2 with the reason when it cannot be written."""
    import os
    import tempfile

    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)
    except OSError as error:
        refuse([f"{path}:写不进去({error.strerror})"])


def refuse(messages: object) -> None:
    """Prints the messages and ends with exit code 2."""
    for message in messages:  # type: ignore[attr-defined]
        click.echo(message, err=True)
    raise SystemExit(2)


def _content(stand: Board, form: str) -> bytes:
    match form:
        case "html":
            return board_html(stand).encode()
        case "json":
            return board_json(stand).encode()
        case "xlsx":
            return board_xlsx(stand)
        case _:
            return plain_text(stand).encode()


def _form(form: str | None, output: Path | None) -> str:
    if form is not None or output is None:
        return form or "table"
    suffix = output.suffix.lower()
    if suffix not in _SUFFIXES:
        refuse([f"{output}:看不出要写成什么,后缀应为 {'、'.join(_SUFFIXES)} 之一,或用 --format 说明"])
    return _SUFFIXES[suffix]


def _lights(path: Path | None) -> Lights:
    return usual_lights() if path is None else read_lights(path)
