"""The measure of a figure: its own, its header's, its row's, its sheet's; a count is not in 万元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.quantities import measure_of
from kaohe.quantities.measures import comparable
from kaohe.reading.sheets.labels import Label
from kaohe.reading.sheets.values import POINTS
from kaohe.reading.sheets.words import has_word, word_at_end

_MONEY = frozenset({"money", "usd", "eur", "hkd"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A measure, or the reason why it is not known: absent, several, conflict."""

    measure: str = ""
    doubt: str = ""


def is_ratio(measure: str) -> bool:
    """Whether a measure is that of a ratio or of a difference of ratios."""
    return measure == POINTS or (measure_of(measure).dimension == "ratio" and measure != "倍")


def written_measure(labels: Sequence[Label], ratio: bool) -> Amount:
    """What headers say, the lowest first; of several the one that fits ``ratio``."""
    for label in reversed(labels):
        if label.measures:
            return one_of(label.measures, ratio)
    return Amount()


def one_of(measures: Sequence[str], ratio: bool) -> Amount:
    """The one of some measures that can be meant."""
    fitting = [m for m in dict.fromkeys(measures) if is_ratio(m) == ratio]
    if len(fitting) == 1:
        return Amount(fitting[0])
    if not fitting:
        return Amount(measures[0]) if len(measures) == 1 else Amount()
    return Amount("", "several")


def plain_measure(name: str, label: Amount, row: Amount, sheet: Sequence[str]) -> Amount:
    """The measure of a figure that is no growth and no attainment.

    ``label`` is what its header says, ``row`` what its row says; the sheet's own comes last and is not
    taken for what cannot be in it: persons in 万元, a rate in 亩.
    """
    for said in (row, label):
        if said.measure or said.doubt:
            return said
    fitting = [m for m in sheet if not is_ratio(m)]
    if word_at_end(name, "ratio_end"):
        return Amount(sheet[0]) if sheet and len(sheet) == 1 and not fitting else Amount("", "absent")
    implied = implied_measure(name)
    if implied:
        same = [m for m in fitting if comparable(m, implied)]
        return Amount(same[0] if same else implied)
    possible = [m for m in fitting if _may_be_in(name, measure_of(m).dimension)]
    if not possible:
        return Amount(sheet[0]) if len(sheet) == 1 and not fitting else Amount("", "absent")
    return Amount(possible[0]) if len(possible) == 1 else Amount("", "several")


def _may_be_in(name: str, dimension: str) -> bool:
    """Whether what has this name can be measured so: a number of firms is not in 万元, nor income in 亩."""
    if name.endswith(("指数", "系数", "倍数", "分数")):
        return dimension not in _MONEY
    if word_at_end(name, "money_name"):
        return dimension in _MONEY
    if word_at_end(name, "area_name"):
        return dimension == "area"
    if word_at_end(name, "energy_name"):
        return dimension.startswith("energy")
    if has_word(name, "count_word") and not has_word(name, "money_word"):
        return dimension not in _MONEY
    return not (word_at_end(name, "thing_name") and dimension in _MONEY | {"area"})


def implied_measure(name: str) -> str:
    """The measure that a name itself says: 人数 are 人.

    >>> implied_measure("参保人数"), implied_measure("脱贫户数"), implied_measure("工业产值")
    ('人', '户', '')
    """
    if re.search(r"人次数?$", name):
        return "人次"
    if word_at_end(name, "count_person"):
        return "人"
    return "户" if word_at_end(name, "count_household") else ""
