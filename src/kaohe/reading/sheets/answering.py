"""Answers put into figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from kaohe.facts.errors import DataError
from kaohe.quantities import Period
from kaohe.reading.sheets.drafts import Draft


def apply_answer(kind: str, draft: Draft, answer: str) -> None:
    """Puts the answer to a question of some kind into a figure. Raises ``DataError`` on a senseless one."""
    if kind in _APPLY:
        _APPLY[kind](draft, answer)


def period_of(answer: str) -> Period:
    """The period that an answer names. Raises ``DataError``."""
    try:
        return Period.parse(answer)
    except ValueError as error:
        raise DataError(f"答复“{answer}”应为期别,如 2025-09 或 2025-01/2025-09") from error


def _set_measure(draft: Draft, answer: str) -> None:
    draft.measure = "" if answer in ("无", "没有") else answer


def _set_period(draft: Draft, answer: str) -> None:
    draft.period = period_of(answer)


def _set_figure(draft: Draft, answer: str) -> None:
    words = {"不适用": "not_applicable", "未报": "missing", "空": "missing"}
    if answer in words:
        draft.presence, draft.value = words[answer], None
        return
    try:
        value = Decimal(re.sub(r"[,\s]", "", answer))
    except ArithmeticError as error:
        raise DataError(f"答复“{answer}”应为一个数,或“不适用”“未报”") from error
    draft.presence, draft.value = "present", value


def _set_growth(draft: Draft, answer: str) -> None:
    draft.measure = answer


def _set_scale(draft: Draft, answer: str) -> None:
    if answer == "是比例,乘 100" and draft.value is not None:
        draft.value *= 100


def _set_unit(draft: Draft, answer: str) -> None:
    draft.unit = draft.unit or answer


def _set_row_unit(draft: Draft, answer: str) -> None:
    draft.unit = answer


def _set_parent(draft: Draft, answer: str) -> None:
    draft.parent = "" if answer in ("不是", "无", "否") else answer


def _set_indicator(draft: Draft, answer: str) -> None:
    draft.indicator = answer


_APPLY: dict[str, Callable[[Draft, str], None]] = {
    "measure": _set_measure, "period": _set_period, "figure": _set_figure, "mark": _set_figure,
    "growth": _set_growth, "scale": _set_scale, "unit": _set_unit, "row_unit": _set_row_unit,
    "parent": _set_parent, "indicator": _set_indicator,
}  # fmt: skip
