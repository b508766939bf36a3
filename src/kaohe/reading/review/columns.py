"""The columns of a review workbook and the words that may stand in them."""

from __future__ import annotations

from kaohe.facts.model import Form

SHEET = "核定"
OPTIONS_SHEET = "选项"

HEADINGS = {
    "number": "序号", "accept": "采纳", "unit": "填报单位", "indicator": "指标", "role": "类别",
    "period": "时期", "value": "数值", "measure": "计量单位", "approx": "约数", "estimated": "预计",
    "held": "台账现有", "sentence": "原文", "figure": "文中写法", "confidence": "把握", "candidates": "候选",
    "source": "出处",
}  # fmt: skip
"""Column ids in their order, with their headings: by these a workbook is read, wherever they stand."""

NEEDED = ("accept", "unit", "indicator", "role", "period", "value", "measure")

YES, NO, CORRECTION = "是", "否", "更正"
ACCEPT_WORDS = (YES, NO, CORRECTION)

SAME, NEAR, DIFFERENT = "相同", "相符", "不同"
"""How a figure stands to what the ledger holds: equal, equal as far as it is printed, or another."""

ACTUAL, LAST_YEAR = "实际数", "上年数"
ROLES: dict[str, Form | None] = {
    ACTUAL: None, LAST_YEAR: None, "目标": Form.ABSOLUTE, "增幅目标": Form.GROWTH,
    "百分点目标": Form.POINTS, "控制数": Form.AT_MOST,
}  # fmt: skip
"""What a figure is: an observation, or a target of a form."""

ROLE_OF_FORM = {form: word for word, form in ROLES.items() if form is not None}

APPROX_WORDS = {
    "余": "余", "多": "多", "几": "余", "超": "超", "约": "约", "近": "近", "左右": "约", "上下": "约",
    "≥": "以上", "≤": "以下", "以上": "以上", "以下": "以下", "预计": "",
}  # fmt: skip
"""Printed approximators as they stand in the workbook; 预计 has a column of its own."""

NOTES = {
    "余": "余:略多于此数", "多": "多:略多于此数", "超": "多:超过此数", "约": "约:大致如此",
    "近": "约:近于此数", "以上": "以上:不少于此数", "以下": "以下:不多于此数",
}  # fmt: skip
"""What the ledger notes of a figure that is not exact."""
