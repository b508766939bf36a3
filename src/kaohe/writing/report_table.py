"""Checked reports as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kaohe.checking import CheckedReport, Finding
from kaohe.checking.wording import wording
from kaohe.writing.tables import Heading, Row, TextTable

_HEADINGS = ("file", "line", "severity", "check", "message")


def report_json(reports: Sequence[CheckedReport], several: bool = False) -> str:
    """One object for one document, a list of such objects for ``several``, however many could be read."""
    objects = [report.to_json() for report in reports]
    content = objects[0] if len(objects) == 1 and not several else objects
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def report_table(reports: Sequence[CheckedReport]) -> TextTable:
    """A row for every finding that questions something; what holds is counted below."""
    several = len(reports) > 1
    headings = tuple(
        Heading(wording(f"table.{name}", {}), right=name == "line")
        for name in _HEADINGS
        if several or name != "file"
    )
    rows = tuple(_row(report, finding, several) for report in reports for finding in _questioned(report))
    return TextTable("", headings, rows, _notes(reports))


def _questioned(report: CheckedReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.verdict != "holds"]


def _row(report: CheckedReport, finding: Finding, several: bool) -> Row:
    line = str(report.document.line_of(finding.start))
    row = (line, wording(f"severity.{finding.severity}", {}), finding.check, finding.message)
    return (report.document.source, *row) if several else row


def _notes(reports: Sequence[CheckedReport]) -> tuple[str, ...]:
    found = [finding for report in reports for finding in report.findings]
    names = ("error", "warning", "question")
    counts = {name: str(sum(one.severity == name for one in found)) for name in names}
    counts |= {"holds": str(sum(one.verdict == "holds" for one in found)), "documents": str(len(reports))}
    return (wording("table.summary", counts),)
