"""The value of each figure of a table: what its cell holds, read as the sheet means it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kaohe.reading.sheets.drafts import Draft

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table


def evaluate_figure(table: Table, draft: Draft) -> None:
    """The value and presence of a figure, or a question about it."""
    cell = draft.cell
    draft.value = cell.value
    if _is_unfittingly_merged(table, draft):
        table.doubt(draft, "figure", "", "合并的格跨了几行或几列:这个数算谁的?")
    if cell.sort == "mark":
        _mark(table, draft)
    elif cell.sort == "error":
        draft.presence = "missing"
        table.doubt(draft, "figure", "", f"公式出错({cell.text}):应是多少?")
    elif cell.sort == "uncached":
        draft.presence = "missing"
        table.doubt(draft, "figure", "", "公式没有保存结果:请在 Excel 里重算后存盘,或写出应是多少")
    elif cell.sort in ("text", "date"):
        draft.presence, draft.value = "missing", None
        table.doubt(draft, "figure", cell.text, f"“{cell.text[:20]}”不是数:应是多少?", ("不适用", "未报"))
    elif cell.doubt or cell.moved:
        _unclear(table, draft)


def _mark(table: Table, draft: Draft) -> None:
    mark = draft.cell.text
    presence = draft.cell.presence or table.context.meaning(mark)
    if presence == "zero":
        draft.presence, draft.value = "present", Decimal(0)
    elif presence in ("missing", "not_applicable"):
        draft.presence = presence
    else:
        draft.presence = "missing"
        table.doubt(draft, "mark", mark, f"“{mark}”表示什么?", ("不适用", "未报", "0"))


def _unclear(table: Table, draft: Draft) -> None:
    cell = draft.cell
    if cell.doubt == "parentheses" and table.context.negative:
        return
    if cell.doubt == "bound" and draft.role == "target":
        draft.warnings.append(f"原文是“{cell.text}”")
        return
    if cell.moved and draft.role == "growth" and not cell.doubt:
        return
    shown = cell.text
    reasons = {
        "parentheses": f"“{shown}”是负数,还是另有所指?",
        "triangle": f"“{shown}”是负数吗?",
        "bound": f"“{shown}”不是一个确定的数:按多少?",
        "scaled": f"这一格的显示格式会缩小数字,实存 {shown}:按哪个数和计量单位?",
        "spacing": f"“{table.grid.text(*draft.place)}”中间有空格:是一个数吗?",
        "several": f"“{shown}”读不成一个数:应是多少?",
        "large": f"“{shown}”带有“万”或“亿”:是多少{draft.measure}?",
    }
    text = reasons.get(cell.doubt, f"“{shown}”写的是增减:是增长还是别的?")
    choices = (
        (format(abs(cell.value), "f"), format(-abs(cell.value), "f"))
        if cell.value is not None and cell.doubt in ("parentheses", "triangle")
        else ()
    )
    table.doubt(draft, "figure", "", text, choices)


def _is_unfittingly_merged(table: Table, draft: Draft) -> bool:
    top, left, bottom, right = table.grid.area(*draft.place)
    if right > left and any(
        left < c.index <= right and c.kind == "figure" and c.head != draft.column.head for c in table.columns
    ):
        return True
    if bottom == top:
        return False
    labels = (table.axes.unit, table.axes.indicator, table.axes.record)
    areas = [table.grid.area(top, column) for column in labels if column is not None]
    return not any(area[0] <= top and area[2] >= bottom for area in areas)
