"""When a claim's figure is of: the period under which the ledger keeps it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from kaohe.facts.model import Indicator, IndicatorKind
from kaohe.quantities import Period
from kaohe.reading.claims import Claim

_LAST_YEAR = re.compile(r"去年|上年|上一年|前一年")
_LAST_FIGURE = re.compile(r"(?:去年|上年)(?:同期|同月)?(?:的|为|是|只有|仅为?|实绩)?$")
_NEXT_YEAR = re.compile(r"明年|来年|下年|次年")
_PILING = frozenset({IndicatorKind.FLOW, IndicatorKind.COUNT})
_AT_END = frozenset({IndicatorKind.STOCK, IndicatorKind.MILESTONE})


def report_period(claims: Iterable[Claim], year: int | None, stated: Period | None) -> Period | None:
    """The period that a report is of: as stated, else what most of its figures are cumulated to.

    >>> from decimal import Decimal
    >>> claim = Claim(0, 0, 2, "5吨", "quantity", Decimal(5), "吨", months=Period.parse("2005-01/2005-09"))
    >>> str(report_period([claim], 2005, None)), str(report_period([], 2005, None))
    ('2005-01/2005-09', '2005')
    """
    if stated is not None:
        return stated.year_to_date() if stated.first // 12 == stated.year else stated
    found = Counter(
        claim.months
        for claim in claims
        if claim.months
        and not claim.role
        and _is_to_date(claim.months, year)
        and claim.cumulative is not False
    )
    if found:
        return found.most_common(1)[0][0]
    return Period.of(year, 1, year, 12) if year else None


def _is_to_date(months: Period, year: int | None) -> bool:
    whole = months.months == 12
    return months.first % 12 == 0 and not whole and (year is None or months.year == year)


def is_of_last_year(before: str) -> bool:
    """Whether the text before a figure gives it as last year's: 去年同期4.43亿元, 比上年的4.43亿元.

    >>> is_of_last_year("6.25亿元,去年同期为"), is_of_last_year("比去年同期增加")
    (True, False)
    """
    return _LAST_FIGURE.search(before) is not None


def period_of(
    claim: Claim, definition: Indicator | None, report: Period | None, last_year: bool = False
) -> Period | None:
    """The period of a claim's figure in the ledger; None where the document does not tell.

    Targets are of the year. 今年 and what has no period are of the report's; a stock stands at the end.
    ``last_year`` says that the figure is given as that of the same period a year before.
    """
    if claim.role in ("target", "threshold"):
        return _year_of(claim, report)
    months = _actual(claim, report)
    if last_year and months is not None and (report is None or months.year == report.year):
        months = months.last_year()
    if months is None or definition is None:
        return months
    if definition.kind in _PILING and claim.cumulative and months.months == 1:
        return months.year_to_date()
    explicit_year = months.months == 12 and report is not None and months.year != report.year
    if definition.kind in _AT_END and not explicit_year:
        return Period(months.last, months.last)
    return months


def _actual(claim: Claim, report: Period | None) -> Period | None:
    if claim.months is None:
        last = report and _LAST_YEAR.search(claim.period)
        return report.last_year() if report and last else report
    this_year = report is not None and claim.months == report.whole_year()
    return report if this_year else claim.months


def _year_of(claim: Claim, report: Period | None) -> Period | None:
    if claim.months is not None:
        return claim.months if claim.months.months > 12 else claim.months.whole_year()
    if report is None:
        return None
    year = report.whole_year()
    if _NEXT_YEAR.search(claim.period):
        return year.shifted(12)
    return year.last_year() if _LAST_YEAR.search(claim.period) else year
