"""``kaohe serve``: the web app of a data folder, until it is stopped."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe.cli.faults import faults_reported, warned
from kaohe.cli.web import need_web
from kaohe.messages import text


@click.command("serve", help=text("cli.serve"), short_help=text("cli.serve").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", help=text("option.host"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help=text("option.port"))
@click.option("--workers", type=click.IntRange(1, 64), help=text("option.workers"))
@click.option("--tls", is_flag=True, help=text("option.tls"))
@click.option("--behind-proxy", is_flag=True, help=text("option.behind_proxy"))
@faults_reported
def serve_command(
    data: Path, host: str, port: int, workers: int | None, tls: bool, behind_proxy: bool
) -> int:
    need_web()
    from kaohe.web.config.server import run

    warned(text("serve.stop"))
    run(data, host, port, workers=workers, tls=tls, behind_proxy=behind_proxy)
    warned(text("demo.stopped"))
    return 0
