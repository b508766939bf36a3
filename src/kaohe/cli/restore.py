"""``kaohe restore``: a backup becomes a data folder again."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.faults import faults_reported, warned
from kaohe.cli.progress import progress
from kaohe.cli.web import need_web
from kaohe.messages import text


@click.command("restore", help=text("cli.restore"), short_help=text("cli.restore").split("\n")[0])
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--instead-of", type=click.Path(path_type=Path), help=text("option.instead_of"))
@faults_reported
def restore_command(file: Path, data: Path, instead_of: Path | None) -> int:
    need_web()
    from kaohe.web.config.backup import restore

    with progress(text("progress.restore")):
        kept = restore(file, data, instead_of)
    warned(text("restore.done", path=data, made=kept.made, size=kept.head.size, hash=kept.head.hash))
    return 0
