"""``kaohe accept``: the accepted rows of a review workbook become facts."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from kaohe.cli.faults import faults_reported
from kaohe.cli.ledgers import opened_ledger
from kaohe.cli.output import Output
from kaohe.messages import text


@click.command("accept", help=text("cli.accept"), short_help=text("cli.accept").split("\n")[0])
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@faults_reported
def accept_command(workbook: Path, data: Path) -> int:
    from kaohe.reading.review import Accepted, accept

    def told(done: Accepted, stream: IO[str]) -> None:
        added = len(done.observations) + len(done.targets)
        counts = {
            "observations": len(done.observations), "targets": len(done.targets),
            "corrected": done.corrected, "already": done.already, "declined": done.declined, "data": data,
        }  # fmt: skip
        stream.write(text("done.accepted" if added else "done.nothing_new", **counts) + "\n")

    opened_ledger(data)
    done = accept(workbook, data)
    Output("table", None).write_text(lambda stream: told(done, stream))
    return 0
