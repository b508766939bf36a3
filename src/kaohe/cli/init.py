"""``kaohe init`` and ``kaohe upgrade``: a new data folder, and one brought to this version of the program."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.faults import faults_reported, warned
from kaohe.cli.progress import progress
from kaohe.cli.web import installation, need_web
from kaohe.messages import text


@click.command("init", help=text("cli.init"), short_help=text("cli.init").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--name", default="考核", help=text("option.site_name"))
@click.option("--address", "addresses", multiple=True, help=text("option.address"))
@faults_reported
def init_command(data: Path, name: str, addresses: tuple[str, ...]) -> int:
    need_web()
    from kaohe.web.config.founding import found

    with progress(text("progress.init")):
        administrators = found(data, name=name, addresses=addresses)
    # On stdout and nowhere else: not in a log, not in the folder.
    click.echo(text("init.passwords"))
    for one in administrators:
        click.echo(text("init.password", title=one.title, username=one.username, password=one.password))
    warned(text("init.done", path=data))
    return 0


@click.command("upgrade", help=text("cli.upgrade"), short_help=text("cli.upgrade").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@faults_reported
def upgrade_command(data: Path) -> int:
    installation(data)
    from kaohe.web.config.founding import migrate

    with progress(text("progress.upgrade")):
        applied = migrate()
    warned(text("upgrade.done" if applied else "upgrade.nothing", path=data, count=applied))
    return 0
