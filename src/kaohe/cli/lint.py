"""``kaohe lint``: the problems of a scheme, and its lines read back in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click

import kaohe
from kaohe.cli.faults import faults_reported
from kaohe.cli.output import Output, chosen_output
from kaohe.cli.progress import progress
from kaohe.facts.errors import SchemeError
from kaohe.messages import text
from kaohe.schemes.findings import Finding
from kaohe.schemes.readback import ReadBack

FORMATS = ("table", "json")


@click.command("lint", help=text("cli.lint"), short_help=text("cli.lint").split("\n")[0])
@click.argument("scheme", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option("--strict", is_flag=True, help=text("option.strict"))
@click.option("--read-back", "reading_back", is_flag=True, help=text("option.read_back"))
@click.option("--period", help=text("option.period"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=text("option.format"))
@click.option("-o", "--output", "place", type=click.Path(path_type=Path), help=text("option.output"))
@faults_reported
def lint_command(
    scheme: Path,
    data: Path | None,
    strict: bool,
    reading_back: bool,
    period: str | None,
    form: str | None,
    place: Path | None,
) -> int:
    output = chosen_output(form, place, FORMATS)
    with progress(text("progress.lint")):
        findings = kaohe.lint(scheme, data, strict, period=period)
        sentences = _sentences(scheme, data, period) if reading_back else None
    _deliver(output, findings, sentences)
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _sentences(scheme: Path, data: Path | None, period: str | None) -> tuple[ReadBack, ...]:
    """The lines in words; indicators by id when the facts do not fit; nothing when it cannot be read."""
    try:
        return kaohe.read_back(scheme, data, period=period)
    except SchemeError:
        pass
    try:
        return kaohe.read_back(scheme)
    except SchemeError:
        return ()


def _deliver(output: Output, findings: Sequence[Finding], sentences: Sequence[ReadBack] | None) -> None:
    if output.form == "json":
        written = json.dumps(_document(findings, sentences), ensure_ascii=False, indent=2)
        output.write_text(lambda stream: _line(stream, written))
        return
    output.write_text(lambda stream: _print(stream, findings, sentences))


def _document(findings: Sequence[Finding], sentences: Sequence[ReadBack] | None) -> dict[str, object]:
    document: dict[str, object] = {"findings": [_entry(finding) for finding in findings]}
    if sentences is not None:
        document["lines"] = [
            {"id": s.id, "name": s.name, "sentence": s.sentence, "clause": s.clause, "line": s.position.line}
            for s in sentences
        ]
    return document


def _entry(finding: Finding) -> dict[str, object]:
    at = finding.position
    return {
        "id": finding.id,
        "severity": finding.severity,
        "message": finding.message,
        "file": at.file,
        "line": at.line,
        "column": at.column,
    }


def _print(stream: IO[str], findings: Sequence[Finding], sentences: Sequence[ReadBack] | None) -> None:
    """One finding a line, as compilers do: an editor can jump to it."""
    for finding in findings:
        _line(stream, f"{finding} [{text(f'severity.{finding.severity}')} {finding.id}]")
    for sentence in sentences or ():
        _line(stream, sentence.sentence)
        if sentence.clause:
            _line(stream, f"  {text('lint.clause')}{sentence.clause}")
    if not findings and not sentences:
        _line(stream, text("lint.clean"))
    elif findings:
        errors = sum(finding.severity == "error" for finding in findings)
        _line(stream, text("lint.count", errors=errors, warnings=len(findings) - errors))


def _line(stream: IO[str], written: str) -> None:
    stream.write(f"{written}\n")
