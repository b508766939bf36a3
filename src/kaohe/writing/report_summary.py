"""What came of many documents, a row each: characters, counts, and why one could not be read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from kaohe.checking import CheckedReport
from kaohe.messages import language, text
from kaohe.writing.tables import Heading, Row, TextTable

_SEVERITIES = {"errors": "error", "warnings": "warning", "questions": "question"}
_STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem}table{border-collapse:collapse}"
    "th,td{padding:.3rem .8rem;border-bottom:1px solid #ccc;text-align:left}.n{text-align:right}"
    "tr:last-child td{font-weight:600}"
)


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A document by its name with what was counted in it, or the ``fault`` that kept it from being read.

    ``counts`` has a number for each heading (``characters``, ``errors`` …); ``page`` is the file of its
    result beside the summary.
    """

    name: str
    counts: dict[str, int]
    fault: str = ""
    page: str = ""


def checked_summary(name: str, report: CheckedReport, page: str = "") -> FileSummary:
    """The row of a checked report."""
    counts = {"characters": len(report.document.text)}
    for heading, severity in _SEVERITIES.items():
        counts[heading] = sum(finding.severity == severity for finding in report.findings)
    return FileSummary(name, counts, page=page)


def summary_table(files: Sequence[FileSummary]) -> TextTable:
    """A row a document and one for all; the last column only where something could not be read."""
    headings, rows = _headings(files), [_row(one, files) for one in files]
    return TextTable(text("summary.title"), headings, (*rows, _totals(files)))


def summary_csv(files: Sequence[FileSummary]) -> bytes:
    """The table as Excel opens it by a double click: UTF-8 with a byte order mark."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([heading.text for heading in _headings(files)])
    writer.writerows(_defused(_row(one, files)) for one in files)
    return stream.getvalue().encode("utf-8-sig")


def summary_html(files: Sequence[FileSummary]) -> str:
    """The table as a page with a link to the page of each document."""
    headings = "".join(f"<th>{escape(heading.text)}</th>" for heading in _headings(files))
    lines = [_line(_row(one, files), one.page) for one in files] + [_line(_totals(files), "")]
    title = escape(text("summary.title"))
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><h1>{title}</h1>'
        f"<table><thead><tr>{headings}</tr></thead><tbody>{''.join(lines)}</tbody></table></html>\n"
    )


def _line(row: Row, page: str) -> str:
    name, *others = row
    linked = f'<a href="{quote(page)}">{escape(name)}</a>' if page else escape(name)
    cells = "".join(f'<td class="n">{escape(cell)}</td>' if cell.isdecimal() else f"<td>{escape(cell)}</td>"
                    for cell in others)  # fmt: skip
    return f"<tr><td>{linked}</td>{cells}</tr>"


def _columns(files: Sequence[FileSummary]) -> list[str]:
    return list(dict.fromkeys(name for one in files for name in one.counts))


def _any_fault(files: Sequence[FileSummary]) -> bool:
    return any(one.fault for one in files)


def _headings(files: Sequence[FileSummary]) -> tuple[Heading, ...]:
    counted = (Heading(text(f"summary.{name}"), right=True) for name in _columns(files))
    faults = (Heading(text("summary.fault")),) if _any_fault(files) else ()
    return (Heading(text("summary.document")), *counted, *faults)


def _row(one: FileSummary, files: Sequence[FileSummary]) -> Row:
    counted = (str(one.counts[name]) if one.counts else "" for name in _columns(files))
    # The name stands in the first column already.
    fault = re.sub(r"^[::\s]+", "", one.fault.removeprefix(one.name))
    return (one.name, *counted, *((fault,) if _any_fault(files) else ()))


def _totals(files: Sequence[FileSummary]) -> Row:
    counted = (str(sum(one.counts.get(name, 0) for one in files)) for name in _columns(files))
    unread = sum(bool(one.fault) for one in files)
    faults = (text("summary.unread", count=unread),) if unread else ()
    return (text("summary.all", count=len(files)), *counted, *faults)


def _defused(row: Row) -> Row:
    """A spreadsheet takes a cell that begins so for a formula."""
    return tuple(f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in row)
