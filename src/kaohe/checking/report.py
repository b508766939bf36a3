"""The verb: a file, or a text, becomes a checked report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.checking.api import check_document
from kaohe.checking.findings import Finding, numbered
from kaohe.checking.ledger import Against, ledger_findings
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.reading.files import open_document
from kaohe.reading.formats.extracted import MOST_CHARACTERS
from kaohe.reading.reader import read_document
from kaohe.reading.structure import structured


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A document, the claims that it makes, and what the checks find in them."""

    document: Document
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        """Whether some finding is an error."""
        return any(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The object of design §7."""
        findings = [finding.to_json() for finding in self.findings]
        return {"document": self.document.source, "findings": findings}


def check(
    path: str | Path,
    year: int | None = None,
    max_chars: int = MOST_CHARACTERS,
    against: Against | None = None,
) -> CheckedReport:
    """Checks the report in a file (see ``kaohe.reading.open_document`` for formats and errors).

    ``year`` is the year of writing, which gives 今年 and 1—9月 their months. ``against`` is a ledger whose
    facts the report is compared with.
    """
    return checked(open_document(path, max_chars), year, against)


def check_text(text: str, year: int | None = None, against: Against | None = None) -> CheckedReport:
    """Checks a plain text, as ``check`` does a file; offsets are those of ``text``.

    >>> found = check_text("全镇新发展企业6家,其中重点企业2家、一般企业5家。").findings[0]
    >>> found.check, found.verdict, found.message_in("zh")
    ('list-count', 'fails', '分项相加 2 + 5 = 7家,总数却写6家;请核对')
    """
    return checked(structured(text), year, against)


def checked(document: Document, year: int | None = None, against: Against | None = None) -> CheckedReport:
    """Checks a document that is already open, by itself and against a ledger when there is one."""
    year = against.year(year) if against else year
    claims = tuple(read_document(document, year))
    findings = check_document(document, claims)
    if against:
        findings = numbered((*findings, *ledger_findings(document, claims, against, year)))
    return CheckedReport(document, claims, findings)
