"""Findings about a ledger, made in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.checking.findings import Finding, Place, Severity, Verdict, marks_of
from kaohe.quantities import Interval


def finding(
    text: str, check: str, judged: Verdict, severity: Severity, key: str, places: Iterable[Place],
    values: Mapping[str, str], computed: Interval | None = None, measure: str = "",
) -> Finding:  # fmt: skip
    """A finding whose message is ``ledger.key``; the first place is what the report states.

    >>> one = finding("产值5亿元", "contradiction", "unsure", "info", "unknown", [(2, 5)],
    ...               {"count": "1", "names": "产值5亿元"})
    >>> one.stated, one.message_in("zh")
    ('5亿元', '台账里没有这 1 个数的指标,未比对:产值5亿元')
    """
    marks = marks_of(text, places)
    stated = marks[0].text if marks else ""
    filled = {"stated": stated, **values}
    return Finding(check, judged, severity, f"ledger.{key}", marks, filled, stated, computed, measure)


def asks(text: str, check: str, key: str, place: Place, values: Mapping[str, str]) -> Finding:
    """A question at one place."""
    return finding(text, check, "unsure", "question", key, [place], values)


def informs(text: str, key: str, places: Iterable[Place], values: Mapping[str, str]) -> Finding:
    """A remark that doubts nothing."""
    return finding(text, "contradiction", "unsure", "info", key, places, values)
