"""``kaohe check``: what does not hold in a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from kaohe.checking import CheckedReport, check
from kaohe.checking.ledger import Against
from kaohe.checking.wording import wording
from kaohe.cli.documents import Folder, Given, Outcome, documents_of, is_batch, is_folder, outcomes
from kaohe.cli.faults import BAD_INPUT, bad_input, faults_reported, warned
from kaohe.cli.ledgers import asked_period, opened_ledger
from kaohe.cli.output import Output, chosen_output
from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.reading.formats.extracted import MOST_CHARACTERS
from kaohe.writing.report_html import report_html
from kaohe.writing.report_summary import (
    FileSummary,
    checked_summary,
    summary_csv,
    summary_html,
    summary_table,
)
from kaohe.writing.report_table import report_json, report_table
from kaohe.writing.tables import print_table
from kaohe.writing.word_comments import commented, is_macro_enabled

FORMATS = ("table", "json", "html", "docx")
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
    into = place if place is not None and is_batch(files) and is_folder(place) else None
    output = Output(_folder_form(form), into) if into else chosen_output(_form(form, place), place, FORMATS)
    against = _against(data, period, unit)
    found = outcomes(
        documents_of(files, place),
        wording("cli.progress", {}),
        lambda given: _checked(given, year, max_chars, against),
    )
    if into:
        return _into_folder(found, output.form, into)
    all_found = list(found)
    _to_one_place(all_found, output, is_batch(files))
    if any(outcome.faults for outcome in all_found):
        return BAD_INPUT
    return 1 if any(one.result.has_errors for one in all_found if one.result is not None) else 0


_BY_SUFFIX = {".html": "html", ".htm": "html", ".docm": "docx"}


def _form(form: str | None, place: Path | None) -> str | None:
    return form or (_BY_SUFFIX.get(place.suffix.lower()) if place is not None else None)


def _folder_form(form: str | None) -> str:
    if form == "table":
        raise bad_input(text("error.folder_format", known="html、docx、json"))
    return form or "html"


def _against(data: Path | None, period: str | None, unit: str | None) -> Against | None:
    if data is None:
        if period or unit:
            raise bad_input(wording("cli.needs_ledger", {}))
        return None
    return Against(opened_ledger(data), asked_period(period), unit)


def _checked(given: Given, year: int | None, most: int, against: Against | None) -> CheckedReport:
    """The report of a document, under its name as given."""
    report = check(given.path, year, most, against)
    return replace(report, document=replace(report.document, source=given.name))


def _to_one_place(found: Sequence[Outcome[CheckedReport]], output: Output, batch: bool) -> None:
    """All reports together; of a batch, those that could be read."""
    reports = [outcome.result for outcome in found if outcome.result is not None]
    faults = [fault for outcome in found for fault in outcome.faults]
    if not reports or (faults and not batch):
        raise KaoheError(faults)
    match output.form:
        case "json":
            output.write(report_json(reports, several=batch).encode())
        case "html" | "docx" if batch:
            raise bad_input(wording("cli.one_page", {"format": output.form, "count": str(len(found))}))
        case "html" | "docx":
            output.write(_file(found[0].given, reports[0], output.form, output.place))
        case _:
            output.write_text(lambda stream: _print(found, reports, stream, batch))
    for fault in faults:
        warned(fault)


def _print(
    found: Sequence[Outcome[CheckedReport]], reports: Sequence[CheckedReport], stream: IO[str], batch: bool
) -> None:
    print_table(report_table(reports), stream)
    if batch:
        stream.write("\n")
        print_table(summary_table([_summary(outcome) for outcome in found]), stream)


def _into_folder(found: Iterable[Outcome[CheckedReport]], form: str, place: Path) -> int:
    """A file a document, written as soon as it is checked, and a summary; the exit code."""
    folder, rows = Folder(place), []
    for outcome in found:
        rows.append(_written(outcome, form, folder))
        for fault in [rows[-1].fault] if rows[-1].fault else []:
            warned(fault)
    folder.write_summary("csv", summary_csv(rows))
    if form == "html":
        folder.write_summary("html", summary_html(rows).encode())
    Output("table", None).write_text(lambda stream: print_table(summary_table(rows), stream))
    if any(row.fault for row in rows):
        return BAD_INPUT
    return 1 if any(row.counts["errors"] for row in rows) else 0


def _written(outcome: Outcome[CheckedReport], form: str, folder: Folder) -> FileSummary:
    if outcome.result is None:
        return _summary(outcome)
    try:
        content = _file(outcome.given, outcome.result, form, None)
        suffix = "docm" if form == "docx" and is_macro_enabled(content, outcome.given.name) else form
        return checked_summary(
            outcome.given.name, outcome.result, folder.write(outcome.given, suffix, content)
        )
    except KaoheError as error:
        return FileSummary(outcome.given.name, {}, " ".join(error.messages))


def _summary(outcome: Outcome[CheckedReport]) -> FileSummary:
    if outcome.result is None:
        return FileSummary(outcome.given.name, {}, " ".join(outcome.faults))
    return checked_summary(outcome.given.name, outcome.result)


def _file(given: Given, report: CheckedReport, form: str, place: Path | None) -> bytes:
    """The result of one document as a file."""
    if form == "json":
        return report_json([report]).encode()
    if form == "html":
        return report_html(report.document, report.claims, report.findings).encode()
    content = commented(given.path.read_bytes(), report, datetime.now())
    if place is not None:
        _check_place(given, content, place)
    return content


def _check_place(given: Given, content: bytes, place: Path) -> None:
    if place.resolve() == given.path.resolve():
        raise bad_input(text("error.over_input", path=place))
    macros = is_macro_enabled(content, given.name)
    if macros != (place.suffix.lower() == ".docm"):
        raise bad_input(text("error.comments_macro" if macros else "error.comments_suffix", file=given.name))
