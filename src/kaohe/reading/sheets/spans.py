"""The period that a figure is about, from the words of its column, its row and its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.quantities import Period
from kaohe.reading.sheets.labels import GROWTHS, Label
from kaohe.reading.sheets.timing import Moment, When, resolved
from kaohe.reading.sheets.words import has_word, is_word

CURRENT = GROWTHS | {"attainment", "chain", "pace", "rank", "score", "share"}
"""Roles that carry the period of the figure they are about."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period, or the reason why it is not known: year, period, last_year, month_or_cumulative …"""

    period: Period | None = None
    doubt: str = ""
    choices: tuple[Period, ...] = ()


def times_of(labels: Sequence[Label]) -> tuple[When, ...]:
    """All words of time of some labels."""
    return tuple(when for label in labels for when in label.times)


def default_span(moment: Moment, stock: bool, cumulative: bool) -> Span:
    """The period of a figure whose headers say none: the sheet's."""
    if moment.year is None:
        return Span(None, "year")
    if not moment.last:
        if moment.sort == "year":
            return Span(Period.of(moment.year, 1, moment.year, 12))
        return Span(None, "period")
    if stock or moment.sort == "month_end":
        return Span(Period.of(moment.year, moment.last))
    if cumulative:
        return Span(Period.of(moment.year, 1, moment.year, moment.last))
    return Span(Period.of(moment.year, moment.first, moment.year, moment.last))


def span_of(times: Sequence[When], moment: Moment, *, stock: bool, parallel: bool) -> Span | None:
    """The period that words of time mean together; None when there are none that tell.

    ``parallel`` is true where this year and last year stand beside each other in the header (今年, 去年).
    """
    months = [when for when in times if when.sort != "year"]
    years = [when for when in times if when.sort == "year"]
    named = {(w.year, w.offset) for w in times if w.year is not None or w.relative}
    spoken = {year if year is not None else (moment.year or 0) + offset for year, offset in named}
    if len({year for year, _ in named if year is not None}) > 1 or (moment.year and len(spoken) > 1):
        return Span(None, "conflict")
    whole = any(when.year is None and not when.relative for when in years)
    if not months or (whole and all(when.sort == "cumulative" for when in months)):
        return _yearly(years, moment, stock, parallel) if years else None
    year, offset = next(((y, o) for y, o in named if y is not None), next(iter(named), (None, 0)))
    when = _joined(months)
    if when is None:
        return Span(None, "conflict")
    if year is None and moment.year is None:
        return Span(None, "year")
    if when.sort == "year_start":
        return Span(None, "year_start")
    if (
        when.sort in ("cumulative", "this_month", "this_period", "last_month", "next_month")
        and not moment.last
    ):
        return Span(None, "period")
    placed = When(
        when.sort, when.first, when.last, year if year is not None else when.year, offset or when.offset
    )
    found = resolved(placed, moment)
    if found is None:
        return Span(None, "period")
    if stock and found.months > 1 and when.sort in ("upto", "range", "this_period") and not _is_total(months):
        found = Period(found.last, found.last)
    return Span(found)


def _is_total(months: Sequence[When]) -> bool:
    return any(when.sort == "cumulative" for when in months)


def _joined(months: Sequence[When]) -> When | None:
    """Several words as one: 9月 and 累计 are January to September; two different months are none."""
    explicit = {(w.sort, w.first, w.last): w for w in months if w.last}
    total = _is_total(months)
    if len(explicit) > 1:
        ends = {when.last for when in explicit.values()}
        return max(explicit.values(), key=lambda w: w.last - w.first) if len(ends) == 1 else None
    if explicit:
        when = next(iter(explicit.values()))
        if total and when.sort in ("month", "month_end", "quarter"):
            return When("range", 1, when.last, when.year, when.offset, when.relative)
        return when
    sorts = {when.sort for when in months}
    if len(sorts) > 1:
        sorts -= {"this_period"}
    if sorts == {"cumulative", "this_month"}:
        return next(when for when in months if when.sort == "cumulative")
    return months[0] if len(sorts) == 1 else None


def _yearly(years: Sequence[When], moment: Moment, stock: bool, parallel: bool) -> Span:
    when = years[0]
    relative = any(w.relative for w in years)
    explicit = next((w.year for w in years if w.year is not None), None)
    if explicit is None and moment.year is None:
        return Span(None, "year")
    year = explicit if explicit is not None else (moment.year or 0) + min(w.offset for w in years)
    whole = Period.of(year, 1, year, 12)
    if explicit is None and not relative:
        return Span(whole)  # 全年, 年度
    if not moment.last or moment.last == 12:
        return Span(Period(whole.last, whole.last) if stock and moment.last else whole)
    same = default_span(Moment(year, moment.first, moment.last, moment.sort), stock, False)
    if year == moment.year or parallel:
        return same
    if relative and when.offset == 0:
        return same
    if explicit is not None and moment.year is not None and year < moment.year and not stock:
        return Span(whole)
    assert same.period is not None
    return Span(same.period, "whole_or_same", (whole, same.period))


def is_stock(name: str, kinds: dict[str, bool]) -> bool:
    """Whether a name is that of something at a point in time: the ledger knows, else the words tell.

    >>> is_stock("年末常住人口", {}), is_stock("新增就业人数", {}), is_stock("工业产值", {})
    (True, False, False)
    """
    if name in kinds:
        return kinds[name]
    if has_word(name, "strong_stock"):
        return True
    return has_word(name, "stock") and not has_word(name, "flow")


def is_timeless(name: str) -> bool:
    """Whether a name belongs to a record and not to a period (总投资)."""
    return is_word(name, "timeless")
