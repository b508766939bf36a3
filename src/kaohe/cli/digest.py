"""``kaohe digest``: what waits for each post, as files, for a timer to write every morning."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from kaohe.cli.faults import faults_reported, warned
from kaohe.cli.web import installation
from kaohe.messages import text


@click.command("digest", help=text("cli.digest"), short_help=text("cli.digest").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("option.digest_date"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.digest_folder"))
@faults_reported
def digest_command(data: Path, day: datetime | None, place: Path | None) -> int:
    installation(data)
    from kaohe.web.config import clock
    from kaohe.web.dashboard.digest import write_digests

    folder = place or data / "digest"
    asked: date = day.date() if day is not None else clock.today()
    with clock.on(asked):
        written = write_digests(folder)
    warned(text("digest.done", number=len(written), place=folder))
    return 0
