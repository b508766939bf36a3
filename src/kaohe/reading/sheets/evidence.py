"""What the figures of a table say of each other: growth in percent or as an amount, a share or percent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from kaohe.reading.sheets.drafts import Draft
from kaohe.reading.sheets.measuring import amount_measure
from kaohe.reading.sheets.values import POINTS

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

_SHARE_CHOICES = ("是比例,乘 100", "就是百分数")
_GROWTH_CHOICES = ("%", POINTS)


def settle_growth(table: Table) -> None:
    """An open 增长 is percent or an amount where all figures that can be computed agree; else it is asked."""
    for drafts in _by_column(table, lambda draft: draft.word == "growth_unknown"):
        reading = _agreed(table, drafts)
        for draft in drafts:
            if reading == "percent":
                draft.measure, draft.word = "%", "growth_rate"
            elif reading == "share":
                draft.measure, draft.word = "%", "growth_rate"
                draft.value = draft.value * 100 if draft.value is not None else None
                draft.warnings.append("按本期数和同期数核对,这一列是比例,已乘 100")
            elif reading == "amount":
                draft.measure, draft.word = amount_measure(table, draft), "growth_amount"
                if not draft.measure:
                    table.doubt(draft, "measure", "", "表里没有写明计量单位:请写出(没有计量单位的写“无”)")
            else:
                head = draft.column.head if draft.column.labels else draft.row.indicator
                choices = (*_GROWTH_CHOICES, *filter(None, [amount_measure(table, draft)]))
                table.doubt(
                    draft,
                    "growth",
                    head,
                    f"“{head}”是百分比还是增减的数额?请写出计量单位",
                    tuple(dict.fromkeys(choices)),
                )


def settle_scale(table: Table) -> None:
    """Rates written as 0.83 without a percent format may be 83 % or 0.83 %: figures tell, else a person."""
    rates = ("attainment", "growth_rate", "share")
    for drafts in _by_column(table, lambda draft: draft.word in rates and _is_bare(draft)):
        values = [draft.value for draft in drafts if draft.value is not None]
        if not values or not _is_suspicious(drafts[0].word, values):
            continue
        reading = _agreed(table, drafts)
        if reading == "percent":
            continue
        for draft in drafts:
            if reading == "share":
                draft.value = draft.value * 100 if draft.value is not None else None
                draft.warnings.append("按同一行的数核对,这一列是比例,已乘 100")
            else:
                text = f"“{draft.column.head}”里的 {values[0]:f} 是 {values[0]:f}% 还是 {values[0] * 100:f}%?"
                table.doubt(draft, "scale", draft.column.head, text, _SHARE_CHOICES)


def _is_bare(draft: Draft) -> bool:
    return draft.cell.sort == "number" and not draft.cell.measure and draft.measure == "%"


def _is_suspicious(word: str, values: list[Decimal]) -> bool:
    """Attainments and shares of at most 1.5 are hardly percent; growth below 1 only where all of it is."""
    top = max(abs(value) for value in values)
    if not top:
        return False
    return top <= Decimal("1.5") if word != "growth_rate" else top < 1


def _by_column(table: Table, wanted: Callable[[Draft], bool]) -> Iterable[list[Draft]]:
    columns: dict[tuple[int, str], list[Draft]] = {}
    for draft in table.drafts:
        if wanted(draft):
            key = draft.row.indicator if not draft.column.labels else ""
            columns.setdefault((draft.place[1], key), []).append(draft)
    return list(columns.values())


def _agreed(table: Table, drafts: list[Draft]) -> str:
    """percent, share or amount, if it alone explains every figure that can be computed; else nothing."""
    possible = {"percent", "share", "amount"}
    tested = False
    for draft in drafts:
        expected = expected_of(table, draft)
        if draft.value is None or expected is None:
            continue
        fitting = {name for name, value in expected.items() if fits(draft, value, name)}
        if fitting:
            tested = True
        possible &= fitting
    return next(iter(possible)) if tested and len(possible) == 1 else ""


def expected_of(table: Table, draft: Draft) -> dict[str, Decimal] | None:
    """What the figure should be in each reading, from the row's own figures."""
    if draft.period is None:
        return None
    mates = [
        other for other in table.drafts
        if other is not draft and (other.row.index == draft.row.index or not draft.column.labels)
        and (other.unit, other.indicator, other.record) == (draft.unit, draft.indicator, draft.record)
        and other.value is not None and other.period is not None
    ]  # fmt: skip
    now = [o.value for o in mates if o.word in ("", "actual") and o.period == draft.period]
    if draft.role == "attainment" or draft.word == "attainment":
        aims = [o.value for o in mates if o.word == "target"]
        if len(now) != 1 or len(aims) != 1 or not aims[0] or now[0] is None:
            return None
        return {"percent": now[0] / aims[0] * 100, "share": now[0] / aims[0]}
    then = [o.value for o in mates if o.word == "last_year" or o.period == draft.period.last_year()]
    if len(now) != 1 or len(then) != 1 or now[0] is None or then[0] is None or then[0] <= 0:
        return None
    change = (now[0] - then[0]) / then[0]
    return {"percent": change * 100, "share": change, "amount": now[0] - then[0]}


def fits(draft: Draft, expected: Decimal, reading: str) -> bool:
    assert draft.value is not None
    places = max(0, -int(draft.value.as_tuple().exponent))
    half = Decimal(1).scaleb(-places) / 2
    slack = half * Decimal("1.2") if reading != "share" else max(half, abs(expected) * Decimal("0.002"))
    return abs(draft.value - expected) <= slack + abs(expected) * Decimal("0.001")
