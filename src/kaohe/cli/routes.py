"""``kaohe routes``: every address of the web app."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from kaohe.cli.faults import faults_reported
from kaohe.cli.output import chosen_output
from kaohe.cli.web import need_web
from kaohe.messages import text

FORMATS = ("table", "json")


@click.command("routes", help=text("cli.routes"), short_help=text("cli.routes").split("\n")[0])
@click.option("--json", "as_json", is_flag=True, help=text("option.as_json"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def routes_command(as_json: bool, place: Path | None) -> int:
    need_web()
    output = chosen_output("json" if as_json else None, place, FORMATS)
    from kaohe.web.config.installation import Site
    from kaohe.web.config.server import set_up

    # Addresses are the program's: any folder will do to make Django ready, even one with nothing in it.
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "secret.key").write_text("no session is made with this", encoding="ascii")
        set_up(Site(folder=Path(folder)))
        from kaohe.web.config.routes import routes

        rows = [route.row() for route in routes()]
    lines = [f"{row['name']:24} {row['pattern']:48} {' '.join(row['methods'])}" for row in rows]
    written = json.dumps(rows, ensure_ascii=False, indent=2) if output.form == "json" else "\n".join(lines)
    output.write_text(lambda stream: stream.write(f"{written}\n") and None)
    return 0
