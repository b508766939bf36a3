"""``kaohe check``: what does not hold in a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from kaohe.checking import CheckedReport, check
from kaohe.checking.ledger import Against
from kaohe.checking.wording import wording
from kaohe.cli.faults import bad_input, faults_reported
from kaohe.cli.ledgers import asked_period, opened_ledger
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.facts.errors import KaoheError
from kaohe.reading.formats.extracted import MOST_CHARACTERS
from kaohe.writing.report_html import report_html
from kaohe.writing.report_table import report_json, report_table
from kaohe.writing.tables import print_table

FORMATS = ("table", "json", "html")
READABLE = frozenset({".txt", ".docx", ".doc", ".wps", ".pdf", ".html", ".htm"})
HELP = wording("cli.check", {})


@click.command("check", help=HELP, short_help=HELP.split("\n")[0])
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2200), help=wording("cli.year", {}))
@click.option("--ledger", "data", type=click.Path(path_type=Path), help=wording("cli.ledger", {}))
@click.option("--period", help=wording("cli.period", {}))
@click.option("--unit", help=wording("cli.unit", {}))
@click.option(
    "--max-chars",
    type=click.IntRange(min=1),
    default=MOST_CHARACTERS,
    help=wording("cli.max_chars", {"default": f"{MOST_CHARACTERS:,}"}),
)
@click.option("--format", "form", type=click.Choice(FORMATS), help=wording("cli.format", {}))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=wording("cli.output", {}))
@faults_reported
def check_command(
    files: tuple[Path, ...],
    year: int | None,
    data: Path | None,
    period: str | None,
    unit: str | None,
    max_chars: int,
    form: str | None,
    place: Path | None,
) -> int:
    output = chosen_output(_form(form, place), place, FORMATS)
    with progress(wording("cli.progress", {})):
        against = _against(data, period, unit)
        reports = _checked(files, year, max_chars, against)
    _deliver(reports, output)
    return 1 if any(report.has_errors for report in reports) else 0


def _form(form: str | None, place: Path | None) -> str | None:
    page = place is not None and place.suffix.lower() in (".html", ".htm")
    return "html" if form is None and page else form


def _against(data: Path | None, period: str | None, unit: str | None) -> Against | None:
    if data is None:
        if period or unit:
            raise bad_input(wording("cli.needs_ledger", {}))
        return None
    return Against(opened_ledger(data), asked_period(period), unit)


def _checked(
    files: Sequence[Path], year: int | None, most: int, against: Against | None
) -> list[CheckedReport]:
    """All reports, or every fault at once."""
    reports: list[CheckedReport] = []
    faults: list[str] = []
    for file in _files(files):
        try:
            reports.append(check(file, year, most, against))
        except KaoheError as error:
            faults.extend(error.messages)
    if faults or not reports:
        raise KaoheError(faults or [wording("cli.nothing", {})])
    return reports


def _files(given: Sequence[Path]) -> Iterator[Path]:
    """The files as given; of a folder the documents in it, by name."""
    for path in given:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() in READABLE)
        else:
            yield path


def _deliver(reports: Sequence[CheckedReport], output: Output) -> None:
    match output.form:
        case "json":
            output.write(report_json(reports).encode())
        case "html":
            output.write(_page(reports).encode())
        case _:
            table = report_table(reports)
            output.write_text(lambda stream: print_table(table, stream))


def _page(reports: Sequence[CheckedReport]) -> str:
    if len(reports) > 1:
        raise bad_input(wording("cli.one_page", {"count": str(len(reports))}))
    return report_html(reports[0].document, reports[0].claims, reports[0].findings)
