"""Whether a figure is a result, a target or the size by which things are selected."""

from __future__ import annotations

import re

from kaohe.quantities import measure_of
from kaohe.reading.claims import Role
from kaohe.reading.figures import Figure
from kaohe.reading.lexicon import any_of, pattern

_THRESHOLD_TAIL = re.compile(rf"(?:以上|以下|以内|及以上|多)?的?[^,;。、]{{0,6}}?{any_of('threshold_noun')}")
_THRESHOLD_LEAD = re.compile(any_of("threshold_lead") + "$")
_TARGET_END = re.compile(any_of("target_end") + "(?:总数|总额|为|是|数)*$")
_BARE_SIZE = re.compile("[十百千]?[万亿]?(?:元|美元|吨|亩|斤|公斤|平方米)")


def role_of(text: str, figure: Figure) -> Role:
    """The role that a figure has by the words beside it; empty for a result."""
    lead, tail = figure.lead, figure.tail
    quantity = figure.quantity
    if quantity.chinese and _BARE_SIZE.fullmatch(quantity.text):
        return "threshold"
    bounded = quantity.approx in ("≥", "≤", "超", "多") or _THRESHOLD_LEAD.search(lead)
    measure = measure_of(quantity.measure)
    sized = measure.kind == "continuous" or quantity.approx in ("≥", "≤")
    money_or_size = sized and measure.dimension != "number"
    selected = _THRESHOLD_TAIL.match(tail) or re.fullmatch(r"(?:及?以[上下内])?的?", tail)
    if bounded and money_or_size and tail and selected and _selects(figure, text):
        return "threshold"
    if _TARGET_END.search(lead) and not re.search("完成|实现", lead):
        return "target"
    return ""


def _selects(figure: Figure, text: str) -> bool:
    """Whether things of that size are counted or named, rather than a result told: 亿元以上|4个."""
    tail = figure.tail
    if re.fullmatch(r"(?:及?以[上下内])的?", tail):
        return bool(re.match(r"[\d一二两三四五六七八九十]", text[figure.quantity.end + len(tail) :][:1]))
    if tail.startswith(("以上", "以下", "及以上", "以内")):
        return True
    if tail and pattern("threshold_noun").match(tail) and re.search("(?:超过?|过)$", figure.lead):
        return True
    return tail.startswith("的") and bool(re.search(r"(?:超过?|过|突破|逾|达|上)$", figure.lead))
