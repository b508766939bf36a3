"""``kaohe demo``: the demo township's board, and its page."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.board import refuse, show, write
from kaohe.cli.main import main
from kaohe.demo import folder
from kaohe.facts.errors import KaoheError
from kaohe.outlook.board import board as board_of
from kaohe.writing.board_html import board_html
from kaohe.writing.board_json import board_json

_UNIT = "qingzhu"


@main.command()
@click.option("--once", is_flag=True, help="做完就退出,不开网页服务(现在还没有网页服务,两样相同)。")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("board.html"),
    show_default=True,
    help="网页写到哪里。",
)
def demo(once: bool, form: str, output: Path) -> None:
    """看示例:清渚镇(示例)2005 年 1—9 月的看板,和差得最多的一项怎样得分;另写一份 board.html。

    \b
    例:
      kaohe demo --once
      kaohe demo --once --format json -o 看板.html
    """
    try:
        stand = board_of(folder() / "county.yaml", folder() / "ledger", _UNIT)
    except KaoheError as error:
        refuse(error.messages)
        return
    write(output, board_html(stand).encode())
    if form == "json":
        click.echo(board_json(stand), nl=False)
        return
    show(stand)
    click.echo(f"\n网页已写入 {output}", err=True)
