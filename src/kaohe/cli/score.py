"""``kaohe score``: the score sheet of every unit."""

from __future__ import annotations

from pathlib import Path

import click

import kaohe
from kaohe.cli.faults import bad_input, faults_reported, warned
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.facts.errors import KaoheError
from kaohe.facts.package import is_demonstration
from kaohe.messages import text
from kaohe.scoring.api import run_scheme
from kaohe.scoring.blocked import blocked_lines
from kaohe.scoring.explaining import Explainer
from kaohe.scoring.frozen import as_frozen, freeze
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sheet import Sheet
from kaohe.writing.sheets import sheet_json, sheet_table, sheet_workbook
from kaohe.writing.tables import print_table

FORMATS = ("table", "csv", "json", "xlsx")
ENGINES = ("auto", "duckdb", "spark", "oracle")
DEFAULT_ENGINE = "auto"


@click.command("score", help=text("cli.score"), short_help=text("cli.score").split("\n")[0])
@click.argument("scheme", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--period", help=text("option.period"))
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=DEFAULT_ENGINE,
    help=text("option.engine", default=DEFAULT_ENGINE),
)
@click.option("--freeze", "freezing", is_flag=True, help=text("option.freeze"))
@click.option("--final", is_flag=True, help=text("option.final"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def score_command(
    scheme: Path,
    data: Path,
    period: str | None,
    engine: str,
    freezing: bool,
    final: bool,
    form: str | None,
    place: Path | None,
) -> int:
    output = chosen_output(form, place, FORMATS)
    with progress(text("progress.score")):
        sheet = _scored(scheme, data, period, engine)
        run = run_scheme(scheme, data, period) if final or freezing else None
        if final:
            _check_final(run)
        content = _content(sheet, data, output)
        frozen = _frozen(sheet, run, data) if freezing and not sheet.findings else None
    _deliver(sheet, data, output, content)
    for finding in sheet.findings:
        warned(finding)
    if frozen is not None:
        warned(text("done.frozen", folder=frozen))
    elif freezing:
        warned(text("error.not_frozen"))
    return 1 if sheet.findings else 0


def _scored(scheme: Path, data: Path, period: str | None, engine: str) -> Sheet:
    try:
        return kaohe.score(scheme, data, period, engine=engine)
    except ImportError as error:
        raise bad_input(text("error.engine", engine=engine, reason=error)) from None


def _check_final(run: Run | None) -> None:
    assert run is not None
    waiting = blocked_lines(run)
    if waiting:
        raise KaoheError([text("error.final", count=len(waiting)), *waiting])


def _frozen(sheet: Sheet, run: Run | None, data: Path) -> Path:
    assert run is not None
    explainer = Explainer(run)
    workings = (explainer.working(unit) for unit in run.units)
    return freeze(as_frozen(sheet, explainer.sheet), workings, data, kaohe.__version__)


def _content(sheet: Sheet, data: Path, output: Output) -> bytes | None:
    """What goes into a file or a pipe; None for the table, which looks at where it goes."""
    match output.form:
        case "csv":
            return sheet.to_csv().encode()
        case "json":
            return sheet_json(sheet, is_demonstration(data)).encode()
        case "xlsx":
            return sheet_workbook(sheet, is_demonstration(data))
    return None


def _deliver(sheet: Sheet, data: Path, output: Output, content: bytes | None) -> None:
    if content is not None:
        output.write(content)
    else:
        table = sheet_table(sheet, is_demonstration(data))
        output.write_text(lambda stream: print_table(table, stream))
