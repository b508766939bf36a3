"""Totals as written: kept, and said where they do not add up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kaohe.reading.sheets.drafts import Draft
from kaohe.reading.sheets.table import Table


def check_totals(table: Table) -> None:
    """Warns on each total of rows, and of columns, that differs from its parts by more than rounding."""
    for column in table.figures:
        drafts = sorted((d for d in table.drafts if d.column.index == column.index), key=lambda d: d.place[0])
        for draft in drafts:
            if draft.row.total and not draft.is_ratio and draft.value is not None:
                _check(draft, _parts(draft, drafts))
    for draft in table.drafts:
        if (
            draft.role == "total_row"
            and not draft.row.total
            and not draft.is_ratio
            and draft.value is not None
        ):
            _check(draft, _beside(table, draft))


def _parts(total: Draft, drafts: list[Draft]) -> list[Draft]:
    """The rows that a total adds up: for 小计 those since the last, else all but totals and parts."""
    plain = [d for d in drafts if not d.row.total and not d.row.part]
    if not total.row.subtotal:
        return plain
    ends = [d.place[0] for d in drafts if d.row.total and d.place[0] < total.place[0]]
    start = max(ends, default=-1)
    above = [d for d in plain if start < d.place[0] < total.place[0]]
    if above:
        return above
    after = [d.place[0] for d in drafts if d.row.total and d.place[0] > total.place[0]]
    return [d for d in plain if total.place[0] < d.place[0] < min(after, default=10**9)]


def _beside(table: Table, total: Draft) -> list[Draft]:
    names = table.names
    return [
        d for d in table.drafts
        if d.row.index == total.row.index and d.role != "total_row" and d.role == _role(total)
        and (d.period == total.period or names[d.column.index].unit == names[total.column.index].unit)
        and (d.unit != total.unit or d.indicator != total.indicator or d.period != total.period)
        and d.measure == total.measure
    ]  # fmt: skip


def _role(total: Draft) -> str:
    return {"": "actual", "actual": "actual"}.get(total.word, total.word)


def _check(total: Draft, parts: Iterable[Draft]) -> None:
    parts = list(parts)
    values = [d.value for d in parts if d.value is not None]
    if len(values) < 2 or any(d.cell.sort in ("error", "uncached", "text") for d in parts):
        return
    if any(d.measure != total.measure for d in parts):
        return
    assert total.value is not None
    difference = total.value - sum(values, Decimal(0))
    places = [max(0, -int(value.as_tuple().exponent)) for value in (*values, total.value)]
    slack = sum((Decimal(1).scaleb(-p) / 2 for p in places if p), Decimal(0))
    if abs(difference) > slack + abs(total.value) * Decimal("1e-9"):
        total.warnings.append(
            f"{total.row.total or '合计'} {total.value:f} 与各项之和 {total.value - difference:f} "
            f"相差 {difference:f}"
        )
