"""The problems that a scheme shows by itself, before any data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.checks.bands import check_bands
from kaohe.schemes.checks.cautions import check_cautions
from kaohe.schemes.checks.duties import check_duties
from kaohe.schemes.checks.nulls import check_nulls
from kaohe.schemes.checks.ranges import check_geometric, check_ranges
from kaohe.schemes.checks.ranking import check_growth_of_shares
from kaohe.schemes.checks.references import check_cycles, check_references
from kaohe.schemes.checks.sums import check_sums
from kaohe.schemes.findings import Finding, in_file_order, of_message
from kaohe.schemes.loader import load_scheme

CHECKS: tuple[Callable[[m.Scheme], Iterable[Finding]], ...] = (
    check_references,
    check_cycles,
    check_geometric,
    check_sums,
    check_ranges,
    check_bands,
    check_duties,
    check_nulls,
    check_growth_of_shares,
    check_cautions,
)


def lint_scheme(scheme: m.Scheme) -> tuple[Finding, ...]:
    """Every finding of a loaded scheme, in file order."""
    return in_file_order(finding for check in CHECKS for finding in check(scheme))


def read_or_findings(path: Path, data: Path | None) -> m.Scheme | tuple[Finding, ...]:
    """The scheme, or what keeps it from being read.

    Raises ``SchemeError`` when there is no scheme file at all: absent, a folder, empty, not text.
    """
    try:
        return load_scheme(path, data)
    except SchemeError as fault:
        findings = tuple(of_message("unreadable", message, str(path)) for message in fault.messages)
        if len(findings) == 1 and findings[0].message == fault.messages[0]:
            raise
        return in_file_order(findings)
