"""Names that are left out, a column's heading or a row's name: what the figures are about is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kaohe.reading.sheets.columns import Column
from kaohe.reading.sheets.drafts import Draft, Row
from kaohe.reading.sheets.labels import GROWTHS
from kaohe.reading.sheets.proving import CONFIRM

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

_FOLLOWING = GROWTHS | {"attainment", "last_year", "target", "share", "chain", "pace", "rank", "score"}


def check_names(table: Table) -> None:
    """Asks about the figures whose column or row lacks a name that the others have."""
    if not table.block.header:
        titled = (d for d in table.drafts if not d.row.indicator and d.indicator == table.context.indicator)
        _doubt(table, titled, "这些数上面没有表头:是什么数?")
        return
    opened = False
    for column in table.figures:
        reason = _left_open(table, column)
        dependent = table.column_role(column) in _FOLLOWING
        if not dependent and not _is_past(table, column):
            opened = bool(reason)
        if opened and dependent and not reason and not _has_months(column):
            reason = f"“{column.head}”左边的一列没有写明是什么数:这一列是它的吗?"
        if reason:
            _doubt(table, (d for d in table.drafts if d.column.index == column.index), reason)
    if table.axes.bodies is not None:
        head = next(c.head for c in table.columns if c.index == table.axes.bodies)
        rows = (d for d in table.drafts if not d.row.total)
        _doubt(table, rows, f"“{head}”是不是填报单位?")
    keys = _second_keys(table)
    if keys:
        rows = (d for d in table.drafts if d.record)
        _doubt(table, rows, f"每一条以“{'”“'.join(keys)}”中的哪一个为准?")
    for row in _following(table):
        reason = f"第 {row.index + 1} 行的“{row.labels[-1].text}”是“{row.indicator}”的吗?"
        _doubt(table, (d for d in table.drafts if d.row.index == row.index), reason)
    for column in table.columns:
        for row in _unnamed(table, column):
            head = column.head or "第一列"
            reason = f"第 {row.index + 1} 行的“{head}”空着:这一行是谁的什么数?"
            _doubt(table, (d for d in table.drafts if d.row.index == row.index), reason)


def _is_past(table: Table, column: Column) -> bool:
    year = table.context.moment.year
    whens = [when for label in column.labels for when in label.times]
    return any(when.offset < 0 or (year is not None and (when.year or year) < year) for when in whens)


def _has_months(column: Column) -> bool:
    return any(when.last and when.sort != "year" for label in column.labels for when in label.times)


def _doubt(table: Table, drafts: Iterable[Draft], reason: str) -> None:
    for draft in drafts:
        table.doubt(draft, "reading", "", reason, CONFIRM)


def _left_open(table: Table, column: Column) -> str:
    """Why the heading of a column does not say what stands below it."""
    if not column.labels:
        return "这一列没有表头:是什么数?"
    if _has_no_leaf(table, column):
        return f"“{column.head}”下面这一列没有写明是什么数"
    names = [
        index for index in (table.axes.unit, table.axes.record, table.axes.indicator) if index is not None
    ]
    if any(index > column.index for index in names):
        return "名称在这一列的右边:这里的数是它们的吗?"
    if _is_bare_year(table, column):
        return f"“{column.head}”是累计数还是当月数?"
    beside = [c for c in table.columns if c.index < column.index and c.kind == "info" and not c.labels]
    if any(_is_text(table, each) for each in beside):
        return "左边的一列文字没有表头:这里的数和它是什么关系?"
    return ""


def _is_bare_year(table: Table, column: Column) -> bool:
    """本年 beside 本月 in a sheet of one month."""
    whens = [when for label in column.labels for when in label.times]
    bare = bool(whens) and all(when.sort == "year" and when.relative and not when.offset for when in whens)
    months = [
        when.sort for c in table.figures if c is not column for label in c.labels for when in label.times
    ]
    single = table.context.moment.sort == "month" and bool({"this_month", "month"} & set(months))
    return bare and single and table.column_role(column) in ("", "actual")


def _has_no_leaf(table: Table, column: Column) -> bool:
    """Whether a group over several columns is all that stands above, where the others have more."""
    rows = table.block.header
    if len(rows) < 2:
        return False
    grid = table.grid
    if grid.spread(rows[-1], column.index).sort != "blank":
        return False
    above = next((row for row in reversed(rows) if grid.spread(row, column.index).sort != "blank"), None)
    if above is None:
        return True
    _, left, _, right = grid.area(above, column.index)
    return right > left


def _is_text(table: Table, column: Column) -> bool:
    texts = [row for row in table.rows if table.grid.spread(row.index, column.index).sort == "text"]
    return len(texts) * 2 > len(table.rows)


def _second_keys(table: Table) -> list[str]:
    """The headers of the keys of a register that has both codes and names."""
    record = table.axes.record
    keys = [c for c in table.columns if c.index == record]
    codes = [
        c for c in table.columns
        if c.index != record and c.kind in ("label", "info")
        and c.leaf.text.endswith(("编号", "代码", "单号"))
    ]  # fmt: skip
    return [c.head for c in (*codes, *keys)] if keys and codes else []


def _following(table: Table) -> list[Row]:
    """Rows of a role alone that took the name above them, where no other row does so with the same word."""
    rows = [row for row in table.rows if row.labels and row.indicator and not row.total]
    bare = [row for row in rows if row.labels[-1].role and not row.labels[-1].name]
    words = [row.labels[-1].text for row in bare]
    return [row for row in bare if words.count(row.labels[-1].text) == 1]


def _unnamed(table: Table, column: Column) -> list[Row]:
    """The few rows in which a column of names or of periods is blank: no group that goes on, but a gap."""
    axes = table.axes
    if column.index not in (axes.unit, axes.indicator, axes.record) and column.kind not in (
        "period",
        "role",
        "measure",
    ):
        return []
    if column.index == axes.unit and axes.indicator is not None:
        return []  # one name over several indicators
    filled = {draft.row.index for draft in table.drafts if draft.cell.sort != "mark" or draft.cell.text}
    rows = [row for row in table.rows if not row.total and row.index in filled]
    gaps = [row for row in rows if table.grid.spread(row.index, column.index).sort == "blank"]
    gaps = [row for row in gaps if not _is_group(table, row)]
    if column.kind == "measure":
        gaps = [row for row in gaps if not row.part]
    few = len(gaps) == 1 or len(gaps) * 4 <= len(rows) or column.index == axes.record
    return gaps if few and len(rows) > 2 else []


def _is_group(table: Table, row: Row) -> bool:
    """Whether a name stands in a column of groups instead."""
    return any(table.grid.at(row.index, column).sort == "text" for column in table.axes.groups)
