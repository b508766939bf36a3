"""Claims against claims, and a document against itself: what does not hold in a report."""

from kaohe.checking.api import ALL, check_document
from kaohe.checking.findings import CHECKS, Finding, Mark
from kaohe.checking.report import CheckedReport, check, check_text, checked

__all__ = [
    "ALL",
    "CHECKS",
    "CheckedReport",
    "Finding",
    "Mark",
    "check",
    "check_document",
    "check_text",
    "checked",
]
