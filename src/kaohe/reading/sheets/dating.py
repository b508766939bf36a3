"""The period of each figure of a table, from its own words and from the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kaohe.quantities import Period, measure_of
from kaohe.reading.sheets.columns import Column
from kaohe.reading.sheets.drafts import NO_YEAR, Draft
from kaohe.reading.sheets.labels import Label
from kaohe.reading.sheets.spans import CURRENT, Span, default_span, is_stock, is_timeless, span_of, times_of
from kaohe.reading.sheets.timing import Moment
from kaohe.reading.sheets.words import any_of, has_word, word_at_end

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

_FLOWING = frozenset(
    [
        "money",
        "mass",
        "energy",
        "ratio",
        "volume",
        "day",
        "standard coal",
        "件",
        "次",
        "人次",
        "起",
        "场",
        "宗",
    ]
)
"""Dimensions of what comes in over a time, or whose kind the name must tell."""


_DOING = re.compile(any_of("doing"))
"""A name that begins with something done is about the time in which it was done."""
_RUNNING = re.compile("完成|累计|到位|实现|已")
"""What of a record adds up until the day that the register is of; the rest is as it is on that day."""


def date_figure(table: Table, draft: Draft) -> None:
    """The period of a figure, or a question about it."""
    span = _span(table, draft)
    draft.period = span.period
    head = draft.column.head
    if span.doubt == "year":
        table.doubt(draft, "year", "", NO_YEAR)
    elif span.doubt == "period":
        table.doubt(draft, "period", "", "表里没有写明是哪一期的数:请写出期别,如 2025-09 或 2025-01/2025-09")
    elif span.doubt == "conflict":
        table.doubt(
            draft,
            "period",
            head,
            f"行上的“{draft.row.indicator or draft.row.unit}”和列上的“{head}”说的时间不同:是哪一期?",
        )
    elif span.doubt == "year_start":
        table.doubt(draft, "period", head, f"“{head}”是上年末的数还是今年初的数?请写出期别")
    elif span.doubt == "timeless":
        text = f"“{draft.indicator}”不属于某一个时期:按哪一期导入?"
        table.doubt(draft, "period", draft.indicator, text, [str(choice) for choice in span.choices])
    elif span.doubt:
        text = f"“{head or draft.indicator}”是哪一期的数?"
        table.doubt(draft, "period", head, text, [str(choice) for choice in span.choices])


def _span(table: Table, draft: Draft) -> Span:
    labels = (*draft.row.labels, *draft.column.labels)
    moment = table.context.moment
    total = _months_total(table, draft)
    if total is not None:
        return total
    stock = is_stock(draft.indicator, table.setting.stocks) and draft.word in ("", "actual", "last_year")
    if draft.word in CURRENT and draft.word != "share":
        return _current(table, draft, labels, moment)
    parallel = has_parallel_years(table)
    own = span_of(times_of(labels), moment, stock=stock, parallel=parallel)
    if draft.word == "target":
        said = [label for label in labels if label.role == "target" and label.times]
        said = [] if all(when.sort == "cumulative" for when in times_of(said)) else said
        nearer = span_of(times_of(said), moment, stock=False, parallel=False) if said else None
        own = nearer if nearer is not None else own
        times = times_of(said) if said else times_of(labels)
        if own is not None and own.period and not [w for w in times if w.sort != "year"]:
            return replace(own, period=own.period.whole_year(), doubt="", choices=())
        if own is None or own.doubt == "year_start":  # 年初计划 is the year's
            return _target_span(table, draft, moment)
        return own
    if draft.word == "last_year":
        return _last_year(table, draft, labels, own, moment)
    if own is not None:
        return own
    if is_timeless(draft.indicator) and draft.indicator not in table.setting.stocks:
        base = default_span(moment, True, False)
        planned = draft.indicator.startswith(("拟", "意向", "预计"))
        if moment.sort in ("month", "month_end", "upto") and not planned:
            return base
        whole = default_span(moment, False, table.context.cumulative)
        if base.period and whole.period:
            return Span(base.period, "timeless", tuple(dict.fromkeys((base.period, whole.period))))
    return _plain_span(table, draft, moment, stock)


def _months_total(table: Table, draft: Draft) -> Span | None:
    """合计 beside columns of months or quarters is about those that are filled, if it adds them up."""
    year = table.context.moment.year
    parts = [
        (when, c) for c in table.figures for when in times_of(c.labels) if when.sort in ("month", "quarter")
    ]
    total = table.names[draft.column.index].total and not times_of(draft.column.labels)
    if not total or len(parts) < 3 or year is None or draft.cell.value is None:
        return None
    values = [table.grid.at(draft.row.index, column.index).value for _, column in parts]
    filled = [value for value in values if value is not None]
    used = [
        when for when, column in parts
        if any(table.grid.at(row.index, column.index).value is not None for row in table.rows)
    ]  # fmt: skip
    if not filled:
        return None
    period = Period.of(year, min(when.first for when in used), year, max(when.last for when in used))
    slack = Decimal(len(filled)) / 2 * Decimal("0.01") if draft.is_ratio is False else Decimal(0)
    columns = [column for _, column in parts]
    if abs(sum(filled, Decimal(0)) - draft.cell.value) <= slack or _adds_up(table, draft.column, columns):
        return Span(period)
    return Span(period, "total", (period, period.whole_year()))


def _adds_up(table: Table, column: Column, months: list[Column]) -> bool:
    """Whether the total of months is right in any row: then a wrong one is a slip, not another period."""
    for row in table.rows:
        values = [table.grid.at(row.index, each.index).value for each in (*months, column)]
        known = [value for value in values[:-1] if value is not None]
        if values[-1] is not None and known and sum(known, Decimal(0)) == values[-1]:
            return True
    return False


def _plain_span(table: Table, draft: Draft, moment: Moment, stock: bool) -> Span:
    found = default_span(moment, stock, table.context.cumulative or moment.sort == "upto")
    own = draft.word in ("", "actual")
    if (
        moment.sort == "upto"
        and own
        and draft.record
        and found.period
        and not _RUNNING.search(draft.indicator)
    ):
        return Span(Period(found.period.last, found.period.last))
    if moment.sort == "upto" and not stock and found.period and not _flows(table, draft):
        return Span(found.period, "upto", (Period(found.period.last, found.period.last), found.period))
    open_choices = _open_choices(table, draft, moment, found.period, stock)
    if open_choices:
        return Span(found.period, "open", open_choices)
    single = moment.sort in ("month", "quarter") and moment.first > 1
    if found.period and single and not stock and not table.context.cumulative and _has_annual(table):
        return Span(found.period, "month_or_total", (found.period, found.period.year_to_date()))
    return found


def _open_choices(
    table: Table, draft: Draft, moment: Moment, period: Period | None, stock: bool
) -> tuple[Period, ...]:
    """The periods that are possible where the sheet's time and the kind of the figure leave more than one."""
    if period is None or draft.word == "target":
        return ()
    last = Period(period.last, period.last)
    if table.context.borrowed and not stock:
        return period, last
    if draft.indicator in table.setting.stocks:
        return ()
    if (
        moment.sort == "month_end"
        and has_word(draft.indicator, "flow")
        and not has_word(draft.indicator, "strong_stock")
    ):
        return last, period.year_to_date()
    if not moment.last and moment.sort == "year":
        reported = table.context.reported
        if (
            _has_annual(table)
            and reported is not None
            and reported // 12 == moment.year
            and reported % 12 < 11
        ):
            end = max(reported % 12, 1)
            return period, Period.of(period.year, 1, period.year, end)
        standing = (
            stock and not draft.indicator.endswith("面积") and not word_at_end(draft.indicator, "ratio_end")
        )
        return (period, last) if standing else ()
    multiple = moment.sort in ("range", "quarter", "half") and moment.first != moment.last
    if (
        stock
        and (multiple or moment.sort == "upto")
        and not has_word(draft.indicator, "sure_stock", "strong_stock")
    ):
        return last, Period.of(moment.year or 0, moment.first, moment.year or 0, moment.last)
    several = period.months > 1 and not stock and multiple
    if several and _is_counted(table, draft) and not _flows(table, draft):
        return period, last
    return ()


def _is_counted(table: Table, draft: Draft) -> bool:
    """Whether a figure counts things that may as well be there as have come in the time: 合作社(个)."""
    said = [m for label in (*draft.row.labels, *draft.column.labels) for m in label.measures]
    measure = draft.cell.measure or draft.row.measure or next(iter(said), "")
    return bool(measure) and measure_of(measure).dimension not in _FLOWING


def _flows(table: Table, draft: Draft) -> bool:
    return (
        has_word(draft.indicator, "flow")
        or bool(_DOING.match(draft.indicator))
        or bool(_DOING.match(draft.parent))
        or draft.word in ("actual", "attainment", "target")
        or draft.indicator in table.setting.stocks
    )


def _has_annual(table: Table) -> bool:
    """Whether figures of the whole year or shares of them stand in the table."""
    roles = {table.column_role(column) for column in table.figures}
    return bool(roles & {"attainment", "target"})


def has_parallel_years(table: Table) -> bool:
    """Whether bare years (今年, 去年; 2025年, 2024年) stand side by side with nothing else in them."""
    years = {
        (when.year, when.offset) for column in table.figures for label in column.labels
        for when in label.times
        if when.sort == "year" and label.role in ("", "actual") and (when.year or when.relative)
    }  # fmt: skip
    now = table.context.moment.year
    if len(years) > 2:
        return False  # a series of years: whole ones, but for the last
    return len(years) > 1 and any(offset == 0 and year in (None, now) for year, offset in years)


def _target_span(table: Table, draft: Draft, moment: Moment) -> Span:
    if moment.year is None:
        return Span(None, "year")
    year = Period.of(moment.year, 1, moment.year, 12)
    plan = draft.column.leaf.text.startswith(("计划", "任务")) and moment.sort in ("month", "quarter")
    if plan and moment.last:
        month = Period.of(moment.year, moment.first, moment.year, moment.last)
        return Span(year, "target_of", (year, month))
    return Span(year)


def _last_year(table: Table, draft: Draft, labels: Sequence[Label], own: Span | None, moment: Moment) -> Span:
    times = times_of(labels)
    years = [when for when in times if when.year is not None or when.relative]
    months = [when for when in times if when.sort != "year"]
    if own is not None and (months or not any(w.year for w in years)):
        shifted = own.period.last_year() if own.period and not years else own.period
        return Span(shifted, own.doubt, own.choices)
    base = _beside(table, draft, moment)
    if base.period is None:
        return base
    explicit = next((when.year for when in years if when.year is not None), None)
    back = base.period.year - explicit if explicit is not None else 1
    return Span(base.period.shifted(-12 * back), base.doubt, tuple(p.last_year() for p in base.choices))


def _current(table: Table, draft: Draft, labels: Sequence[Label], moment: Moment) -> Span:
    times = [when for when in times_of(labels) if when.sort != "year" and when.offset == 0]
    own = span_of(times, moment, stock=False, parallel=False) if times else None
    return own or _beside(table, draft, moment)


def _beside(table: Table, draft: Draft, moment: Moment) -> Span:
    """The period of the nearest figure column of the same name to the left, else to the right; where the
    role stands in the rows, that of the nearest row above."""
    if table.column_role(draft.column) != draft.word and draft.word:
        above = _above(table, draft, moment)
        if above is not None:
            return above
    mine = table.names[draft.column.index]
    others = [
        column for column in table.figures
        if table.column_role(column) in ("", "actual") and column.index != draft.column.index
        and (table.names[column.index].name == mine.name or not mine.name)
        and table.names[column.index].unit == mine.unit and _is_of_this_year(table, column)
    ]  # fmt: skip
    left = [column for column in others if column.index < draft.column.index]
    for column in (*reversed(left), *(c for c in others if c.index > draft.column.index)):
        stock = is_stock(draft.indicator, table.setting.stocks)
        labels = (*draft.row.labels, *column.labels)
        found = span_of(times_of(labels), moment, stock=stock, parallel=True)
        return found or _plain_span(table, draft, moment, stock)
    times = times_of(draft.row.labels)
    stock = is_stock(draft.indicator, table.setting.stocks)
    return span_of(times, moment, stock=stock, parallel=True) or _plain_span(table, draft, moment, stock)


def _above(table: Table, draft: Draft, moment: Moment) -> Span | None:
    rows = [r for r in table.rows if r.index < draft.row.index and r.indicator == draft.row.indicator]
    for row in reversed(rows):
        label = row.labels[-1] if row.labels else Label()
        if label.role in ("", "actual") and label.times and not any(when.offset for when in label.times):
            return span_of(
                label.times, moment, stock=is_stock(draft.indicator, table.setting.stocks), parallel=True
            )
    return None


def _is_of_this_year(table: Table, column: Column) -> bool:
    years = [when for label in column.labels for when in label.times if when.year or when.offset]
    return all(when.offset == 0 and when.year in (None, table.context.moment.year) for when in years)
