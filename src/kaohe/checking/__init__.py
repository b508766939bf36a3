"""Claims against claims, and a document against itself: what does not hold in a report."""

from kaohe.checking.api import ALL, check_document
from kaohe.checking.findings import CHECKS, Finding, Mark

__all__ = ["ALL", "CHECKS", "Finding", "Mark", "check_document"]
