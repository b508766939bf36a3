"""Reading a document: text → view → figures → drafts → claims."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.quantities import find_periods
from kaohe.reading.claims import Claim, Number
from kaohe.reading.context import contexts_of
from kaohe.reading.documents import Document
from kaohe.reading.drafts import Draft
from kaohe.reading.figures import figures_of
from kaohe.reading.frames import drafts_of
from kaohe.reading.structure import structured
from kaohe.reading.view import View, normalised


def read_text(text: str, year: int | None = None) -> list[Claim]:
    """The claims of a plain text, in its order; offsets are those of ``text``.

    ``year`` is the year of writing, which gives 今年 and 1—9月 their months.

    >>> [(claim.text, claim.kind, claim.indicator) for claim in read_text("全镇实现工业产值6.25亿元,增长41%。")]
    [('6.25亿元', 'amount', '工业产值'), ('41%', 'growth', '工业产值')]
    """
    return read_document(structured(text), year)


def read_document(document: Document, year: int | None = None) -> list[Claim]:
    """The claims of a document, in the order of its text, boilerplate left out."""
    view = normalised(document.text)
    periods = find_periods(view.text, year)
    figures = figures_of(view.text, periods)
    drafts = drafts_of(view.text, figures)
    kept = [draft for draft in drafts if not _apart(document, view, draft)]
    contexts = contexts_of(document, view, periods, kept)
    ids = {id(draft): number for number, draft in enumerate(kept)}
    return [
        _claim(document.text, view, number, draft, ids, contexts[number]) for number, draft in enumerate(kept)
    ]


def _apart(document: Document, view: View, draft: Draft) -> bool:
    quantity = draft.figure.quantity
    start, _ = view.source(quantity.start, quantity.end)
    return document.is_boilerplate(start)


def _claim(text, view, number, draft, ids, context):  # type: ignore[no-untyped-def]
    quantity = draft.figure.quantity
    start, end = view.source(quantity.start, quantity.end)
    value = quantity.value
    several = tuple(abs(part) for part in quantity.parts)
    direction = draft.direction
    if not several and value < 0:
        value, direction = -value, direction or ("loss" if draft.kind == "amount" else "down")
    role = draft.role or context.role
    if not role and quantity.approx == "预计":
        role = "forecast"
    return Claim(
        id=number, start=start, end=end, text=text[start:end], kind=draft.kind,
        value=several or value, unit=_unit(quantity.measure), indicator=draft.indicator,
        scope=context.scope, period=context.period, months=context.months, cumulative=context.cumulative,
        relation_to=_id(draft.relation, ids), whole=_id(draft.whole, ids), part_of=_id(draft.part_of, ids),
        approx=quantity.approx, direction=direction, role=role, confidence=draft.confidence,
        decimals=quantity.decimals,
    )  # fmt: skip


def _unit(measure: str) -> str:
    return "" if measure == "比" else measure


def _id(draft: Draft | None, ids: dict[int, int]) -> int | None:
    return None if draft is None else ids.get(id(draft))
