"""Figures that contradict how they were read: then the reading is not proven, and a person is asked.

One contradiction is a slip of the clerk's and is said as a warning elsewhere; where most of what can be
compared contradicts, the columns were taken for what they are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from kaohe.quantities import Period
from kaohe.reading.sheets.drafts import Draft
from kaohe.reading.sheets.evidence import expected_of, fits
from kaohe.reading.sheets.proving import CONFIRM
from kaohe.reading.sheets.spans import is_stock
from kaohe.reading.sheets.timing import When

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

_COUNTED = frozenset(
    ["人", "户", "个", "家", "项", "件", "次", "人次", "起", "处", "座", "所", "台", "套", "头", "名"]
)


def check_against(table: Table) -> None:
    """Asks about the columns whose figures contradict their reading."""
    _check_months(table)
    _check_ratios(table)
    _check_counts(table)
    _check_later(table)
    _check_sizes(table)
    _check_scales(table)
    _check_bases(table)
    _check_sums(table)
    _check_quotients(table)
    _check_parts(table)
    _check_listed(table)


def _check_months(table: Table) -> None:
    """The cumulative of a flow holds its months."""
    compared: dict[tuple[int, int], list[tuple[Draft, Draft]]] = {}
    for month, total in _month_pairs(table):
        key = (month.place[1], total.place[1])
        compared.setdefault(key, []).append((month, total))
    for pairs in compared.values():
        against = [
            (m, t) for m, t in pairs
            if m.value is not None and t.value is not None and m.value > t.value > 0
        ]  # fmt: skip
        if len(against) * 2 > len(pairs):
            first, second = against[0]
            text = f"“{second.column.head}”比“{first.column.head}”小:哪个是累计,各是哪一期?"
            for month, total in pairs:
                for draft in (month, total):
                    table.doubt(draft, "reading", f"{first.column.head}|{second.column.head}", text, CONFIRM)


def _month_pairs(table: Table) -> Iterable[tuple[Draft, Draft]]:
    flows = [
        d for d in table.drafts
        if d.role in ("actual", "total_row") and d.word in ("", "actual") and d.period and not d.is_ratio
        and not is_stock(d.indicator, table.setting.stocks)
    ]  # fmt: skip
    by_key: dict[tuple[object, ...], list[Draft]] = {}
    for draft in flows:
        by_key.setdefault(
            (draft.place[0], draft.unit, draft.indicator, draft.parent, draft.record), []
        ).append(draft)
    for drafts in by_key.values():
        for one in drafts:
            for other in drafts:
                if one is not other and one.measure == other.measure and _holds(other.period, one.period):
                    yield one, other


def _holds(whole: Period | None, part: Period | None) -> bool:
    if whole is None or part is None or whole == part:
        return False
    return whole.first <= part.first and part.last <= whole.last


def _check_ratios(table: Table) -> None:
    """An attainment is actual by target, a growth this by last year: where none of three fits, it is not."""
    columns: dict[int, list[Draft]] = {}
    for draft in table.drafts:
        if draft.role in ("attainment", "growth") and draft.word != "growth_unknown":
            columns.setdefault(draft.place[1], []).append(draft)
    for drafts in columns.values():
        known = [(d, e) for d in drafts if d.value is not None and (e := expected_of(table, d))]
        near = [d for d, e in known if _is_near(d, e)]
        if len(known) >= 3 and not near:
            head = known[0][0].column.head
            text = f"“{head}”和同一行的数都对不上:是哪两个数相比?"
            for draft in drafts:
                table.doubt(draft, "reading", head, text, CONFIRM)


def _is_near(draft: Draft, expected: dict[str, Decimal]) -> bool:
    assert draft.value is not None
    if any(fits(draft, value, name) for name, value in expected.items()):
        return True
    # Published growth may be at comparable prices: some points beside what the two figures give.
    return any(abs(draft.value - value) <= 5 for name, value in expected.items() if name == "percent")


def _check_counts(table: Table) -> None:
    """Half a person, half a firm: the measure is not the one that was taken."""
    for draft in table.drafts:
        value = draft.value
        if value is None or draft.measure not in _COUNTED or draft.cell.measure:
            continue
        if value != value.to_integral_value() and not draft.indicator.startswith(("平均", "人均", "户均")):
            text = f"“{draft.column.head or draft.indicator}”里有小数,计量单位却是“{draft.measure}”:对吗?"
            table.doubt(draft, "measure", draft.column.head, text, (draft.measure, f"万{draft.measure}"))


def _check_sizes(table: Table) -> None:
    """A figure hundreds of times smaller or larger than all others of its kind is in another measure."""
    kinds: dict[tuple[object, ...], list[Draft]] = {}
    for draft in table.drafts:
        if draft.role in ("actual", "last_year", "target") and not draft.is_ratio and (draft.value or 0) > 0:
            key = (draft.indicator, draft.parent, draft.role, draft.period, draft.measure, bool(draft.record))
            kinds.setdefault(key, []).append(draft)
    for drafts in kinds.values():
        values = sorted(d.value for d in drafts if d.value is not None)
        if len(values) < 4:
            continue
        for draft in drafts:
            others = [d.value for d in drafts if d is not draft and d.value is not None]
            assert draft.value is not None
            alike = max(others) <= 20 * min(others)
            if alike and (draft.value * 100 < min(others) or draft.value > 100 * max(others)):
                text = f"{draft.value:f} 和其他单位的数相差百倍以上:计量单位是“{draft.measure}”吗?"
                table.doubt(draft, "figure", "", text)


def _check_scales(table: Table) -> None:
    """0.82 among 80 and 75: this one is a share, or else far off."""
    columns: dict[int, list[Draft]] = {}
    for draft in table.drafts:
        if draft.word in ("attainment", "share") and draft.measure == "%" and draft.value is not None:
            columns.setdefault(draft.place[1], []).append(draft)
    for drafts in columns.values():
        for draft in drafts:
            value = draft.value or Decimal(0)
            if draft.cell.measure or draft.cell.percent or not 0 < value <= Decimal("1.5"):
                continue
            expected = expected_of(table, draft)
            share = expected is not None and fits(draft, expected["share"], "share")
            percent = expected is not None and fits(draft, expected["percent"], "percent")
            others = [d.value for d in drafts if d is not draft and d.value is not None]
            if not percent and (share or (others and min(others) > 10)):
                text = f"“{draft.column.head}”里的 {value:f} 是 {value:f}% 还是 {value * 100:f}%?"
                table.doubt(draft, "scale", draft.column.head, text, ("是比例,乘 100", "就是百分数"))


def _check_bases(table: Table) -> None:
    """A growth whose last year's figure stands in the table, but for another period."""
    for draft in table.drafts:
        if draft.role != "growth" or draft.period is None or draft.word == "chain":
            continue
        key = (draft.place[0], draft.unit, draft.indicator, draft.record)
        bases = {
            d.period for d in table.drafts
            if d.role == "last_year" and (d.place[0], d.unit, d.indicator, d.record) == key
        }  # fmt: skip
        if bases and draft.period.last_year() not in bases:
            head = draft.column.head
            text = f"“{head}”说的时期和同一行上年的数不同:是哪一期的?"
            table.doubt(draft, "period", head, text)


def _check_sums(table: Table) -> None:
    """A last row that adds up all others in every column, but is called something else than a total."""
    rows = [row for row in table.rows if not row.part]
    if len(rows) < 3 or any(row.total for row in rows) or table.axes.indicator is not None:
        return
    if table.axes.unit is None and table.axes.record is None:
        return
    by_column: dict[int, dict[int, Draft]] = {}
    for draft in table.drafts:
        if draft.value is not None and not draft.is_ratio and draft.role != "growth":
            by_column.setdefault(draft.place[1], {})[draft.place[0]] = draft
    for row in (rows[0], rows[-1]):
        full = [each for each in by_column.values() if row.index in each and len(each) > 2]
        added = [
            each[row.index].value == sum(d.value or 0 for index, d in each.items() if index != row.index)
            for each in full
        ]
        if added and all(added) and any(each[row.index].value for each in full):
            text = f"“{row.unit or row.record}”一行等于其余各行之和:是合计吗?"
            for draft in (d for d in table.drafts if d.row.index == row.index):
                table.doubt(draft, "reading", row.unit or row.record, text, CONFIRM)


def _check_quotients(table: Table) -> None:
    """A rate that is the actual by the target in every row, under a name that does not say so."""
    columns: dict[int, list[tuple[Draft, bool]]] = {}
    for draft in table.drafts:
        if draft.role == "actual" and draft.measure == "%" and draft.word != "share" and draft.value:
            shares = [
                a.value / t.value * 100 for t in table.drafts for a in table.drafts
                if t.role == "target" and a.role == "actual" and t.value and a.value and a is not draft
                and t.place[0] == a.place[0] == draft.place[0] and t.indicator == a.indicator
            ]  # fmt: skip
            if shares:
                same = any(abs(share - draft.value) <= Decimal("0.06") for share in shares)
                columns.setdefault(draft.place[1], []).append((draft, same))
    for pairs in columns.values():
        if all(same for _, same in pairs) and len(pairs) > 1:
            head = pairs[0][0].column.head
            for draft, _ in pairs:
                text = f"“{head}”等于完成数除以目标:是完成率吗?"
                table.doubt(draft, "reading", head, text, CONFIRM)


def _check_parts(table: Table) -> None:
    """Parts that add up to another figure of the row than the one they were read as parts of."""
    rows: dict[tuple[int, str], list[Draft]] = {}
    for draft in table.drafts:
        if draft.parent and draft.value is not None and any(label.part for label in draft.column.labels):
            rows.setdefault((draft.place[0], draft.parent), []).append(draft)
    for (row, parent), parts in rows.items():
        whole = sum(part.value or 0 for part in parts)
        others = [d for d in table.drafts if d.place[0] == row and d not in parts and d.value == whole]
        mine = any(d.indicator == parent for d in others)
        too_large = any(
            d.indicator == parent and d.value is not None and d.measure == part.measure
            and d.period == part.period and part.value is not None and part.value > d.value > 0
            for d in table.drafts if d.place[0] == row for part in parts
        )  # fmt: skip
        if (others and not mine and len(parts) > 1) or too_large:
            for part in parts:
                text = f"“{part.column.head}”是“{parent}”的其中吗?数对不上"
                table.doubt(part, "parent", part.column.head, text, (parent, *{d.indicator for d in others}))


def _check_listed(table: Table) -> None:
    """A cumulative that is the sum of the months listed beside it, which end before the sheet's own month."""
    moment = table.context.moment
    months = [
        (when.last, column.index) for column in table.figures for label in column.labels
        for when in label.times if when.sort == "month" and not when.offset
    ]  # fmt: skip
    if len(months) < 2 or not moment.last or max(last for last, _ in months) >= moment.last:
        return
    for draft in table.drafts:
        running = any(when.sort == "cumulative" for label in draft.column.labels for when in label.times)
        beside = [table.grid.at(draft.place[0], index).value or 0 for _, index in months]
        if running and draft.role == "actual" and draft.value and draft.value == sum(beside):
            text = f"“{draft.column.head}”等于表里各月之和:是到哪一个月?"
            table.doubt(draft, "period", draft.column.head, text)


def _check_later(table: Table) -> None:
    """A month behind the one that the sheet is about cannot be done yet: title or header is stale."""
    moment = table.context.moment
    if not moment.last or moment.sort in ("year", ""):
        return
    for draft in table.drafts:
        if draft.word == "target" or draft.role == "target" or draft.value is None:
            continue
        whens = [when for label in draft.column.labels for when in label.times]
        if any(_is_later(when, moment.year, moment.last) for when in whens):
            head = draft.column.head
            text = f"标题说到 {moment.last} 月,“{head}”却在其后:是哪一期的数?"
            table.doubt(draft, "period", head, text)


def _is_later(when: When, year: int | None, last: int) -> bool:
    if when.sort in ("year", "year_end", "next_month") or when.offset or not when.has_month:
        return False
    return when.last > last and (when.year is None or when.year == year)
