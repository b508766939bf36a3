"""``kaohe backup``: a whole installation in one file, while it may be in use."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.faults import bad_input, faults_reported, warned
from kaohe.cli.output import check_place
from kaohe.cli.progress import progress
from kaohe.cli.web import need_web
from kaohe.messages import text


@click.command("backup", help=text("cli.backup"), short_help=text("cli.backup").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "place", type=click.Path(path_type=Path), required=True, help=text("option.backup")
)
@faults_reported
def backup_command(data: Path, place: Path) -> int:
    need_web()
    if not (data / "secret.key").is_file():
        raise bad_input(text("serve.no_installation", path=data))
    check_place(place)
    from kaohe.web.config.backup import back_up
    from kaohe.web.config.installation import site_of

    with progress(text("progress.backup")):
        kept = back_up(site_of(data), place)
    rows = sum(kept.rows.values())
    warned(
        text("backup.done", path=place, files=kept.files, rows=rows, size=kept.head.size, hash=kept.head.hash)
    )
    return 0
