"""The measure of each figure of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.quantities.measures import comparable
from kaohe.reading.sheets.amounts import Amount, is_ratio, one_of, plain_measure, written_measure
from kaohe.reading.sheets.columns import Column
from kaohe.reading.sheets.drafts import Draft
from kaohe.reading.sheets.labels import GROWTHS, Label
from kaohe.reading.sheets.values import POINTS

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table


def measure_figure(table: Table, draft: Draft) -> None:
    """The measure of a figure, or a question about it."""
    growth = draft.word in GROWTHS | {"chain"}
    ratio = growth or draft.word in ("attainment", "pace", "share")
    above = _column_measure(table, draft.column, ratio)
    beside = written_measure(draft.row.labels, ratio)
    row = Amount(draft.row.measure) if draft.row.measure else beside
    if draft.word in ("rank", "score"):
        draft.measure = draft.cell.measure
        return
    if ratio:
        _ratio_measure(table, draft, above, row)
        return
    said = plain_measure(draft.indicator, above, row, table.context.measures)
    own = draft.cell.measure
    if own and said.measure and own != said.measure and not comparable(own, said.measure):
        _conflicting(table, draft, own, said.measure)
    draft.measure = own or said.measure
    if not draft.measure and draft.cell.sort in ("number", "mark", "uncached", "error"):
        _unmeasured(table, draft, said.doubt)


def _column_measure(table: Table, column: Column, ratio: bool) -> Amount:
    return written_measure(column.labels, ratio)


def _conflicting(table: Table, draft: Draft, own: str, said: str) -> None:
    text = f"这一格带“{own}”,表头或表上写的是“{said}”:按哪个?"
    table.doubt(draft, "measure", draft.column.head, text, (own, said))


def _unmeasured(table: Table, draft: Draft, doubt: str) -> None:
    mark = draft.cell.sort == "mark" and table.context.meaning(draft.cell.text) not in ("", "zero")
    if mark and not any(_is_bare_number(table, draft, row.index) for row in table.rows):
        return
    named = table.axes.unit is None and table.axes.record is None and bool(draft.row.indicator)
    topic = draft.row.indicator if named and doubt != "absent_all" else draft.column.head
    if doubt == "several":
        text = f"“{topic}”用的是{'、'.join(table.context.measures)}中的哪个计量单位?"
        table.doubt(draft, "measure", topic, text, table.context.measures)
    else:
        table.doubt(draft, "measure", "", "表里没有写明计量单位:请写出(没有计量单位的写“无”)")


def _is_bare_number(table: Table, draft: Draft, row: int) -> bool:
    named = table.axes.indicator is not None and table.axes.unit is None
    beside = [(draft.row.index, column.index) for column in table.figures] if named else []
    cells = [table.grid.at(*place) for place in ((row, draft.column.index), *beside)]
    return any(cell.sort == "number" and not cell.measure for cell in cells) and not draft.is_ratio


def _ratio_measure(table: Table, draft: Draft, above: Amount, row: Amount) -> None:
    own = draft.cell.measure
    if draft.word == "growth_amount":
        said = above.measure if above.measure and not is_ratio(above.measure) else ""
        draft.measure = own or said or amount_measure(table, draft)
        if not draft.measure:
            _unmeasured(table, draft, "absent")
        return
    if draft.word == "growth_points":
        draft.measure = POINTS
        return
    if own:
        draft.measure = own
        return
    said = above.measure or (row.measure if draft.row.indicator == "" or is_ratio(row.measure) else "")
    if draft.word == "growth_open":
        _open_growth(table, draft, above.measure)
    elif said and not is_ratio(said) and draft.word == "growth_rate":
        draft.measure = "%"
    else:
        draft.measure = (
            said if said in ("%", "‰", POINTS) and (above.measure or draft.word != "growth_rate") else "%"
        )


def amount_measure(table: Table, draft: Draft) -> str:
    """The measure of the amount that a growth is about."""
    row = Amount(draft.row.measure) if draft.row.measure else written_measure(draft.row.labels, False)
    groups = one_of([m for label in draft.column.labels[:-1] for m in label.measures], False)
    return plain_measure(draft.indicator, groups, row, table.context.measures).measure


def _open_growth(table: Table, draft: Draft, above: str) -> None:
    """增长 alone may be percent or an amount: header, notes and figures decide, else a person."""
    roles = [label.role for label in draft.column.labels]
    below = draft.column.labels[roles.index("growth_open") :] if "growth_open" in roles else ()
    leaf = tuple(measure for label in below for measure in label.measures)
    beside = draft.row.labels[-1] if draft.row.labels else Label()
    leaf = leaf or (beside.measures if beside.role == "growth_open" and not beside.name else ())
    if (POINTS in leaf and "%" in leaf) or len(leaf) > 1:
        ratio = is_ratio(amount_measure(table, draft))
        draft.measure = POINTS if ratio else "%"
    elif leaf:
        draft.measure = leaf[0]
    elif table.context.growth:
        draft.measure = (
            amount_measure(table, draft) if table.context.growth == "数额" else table.context.growth
        )
    else:
        draft.word = "growth_unknown"
