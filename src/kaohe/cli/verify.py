"""``kaohe verify``: whether a data folder's audit ledger, tables and files are as they were written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from kaohe.cli.faults import bad_input, faults_reported
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.messages import text
from kaohe.web.audit.kaohe_verify import Report, Unreadable, verify

FORMATS = ("table", "json")


@click.command("verify", help=text("cli.verify"), short_help=text("cli.verify").split("\n")[0])
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--receipt", "receipts", type=click.Path(path_type=Path), multiple=True, help=text("option.receipt")
)
@click.option("--key", type=click.Path(path_type=Path), help=text("option.key"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def verify_command(
    data: Path, receipts: tuple[Path, ...], key: Path | None, form: str | None, place: Path | None
) -> int:
    output = chosen_output(form, place, FORMATS)
    try:
        with progress(text("progress.verify")):
            report = _verified(data, receipts, key)
    except Unreadable as error:
        raise bad_input(str(error)) from None
    _deliver(output, report)
    return report.exit_code


def _verified(data: Path, receipts: tuple[Path, ...], key: Path | None) -> Report:
    if not (data / "secret.key").is_file():
        return verify(data, receipts=receipts, key=key)
    # A whole installation: its settings say which database, and it remembers the result.
    from kaohe.web.audit.verification import verify_site
    from kaohe.web.config.installation import site_of

    return verify_site(site_of(data), receipts, key)


def _deliver(output: Output, report: Report) -> None:
    if output.form == "json":
        written = json.dumps(report.document(), ensure_ascii=False, indent=2)
    else:
        written = "\n".join(report.lines())
    output.write_text(lambda stream: _line(stream, written))


def _line(stream: IO[str], written: str) -> None:
    stream.write(f"{written}\n")
