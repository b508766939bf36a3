"""The words that sheets use, as data: ``words.csv``, one group a row."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    table = files("kaohe.reading.sheets").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["group"]: tuple(row["words"].split()) for row in csv.DictReader(table.splitlines())}


@cache
def any_of(*names: str) -> str:
    """An expression for any word of the groups, the longest first; words may be expressions."""
    words = sorted({word for name in names for word in _groups()[name]}, key=len, reverse=True)
    return "(?:" + "|".join(words) + ")"


@cache
def _whole(*names: str) -> re.Pattern[str]:
    return re.compile(any_of(*names))


def is_word(text: str, *names: str) -> bool:
    """Whether a text as a whole is a word of the groups.

    >>> is_word("乡镇", "unit_header"), is_word("乡镇企业", "unit_header")
    (True, False)
    """
    return bool(text) and _whole(*names).fullmatch(text) is not None


def has_word(text: str, *names: str) -> bool:
    """Whether a word of the groups stands anywhere in a text."""
    return _whole(*names).search(text) is not None


def word_at_end(text: str, *names: str) -> str:
    """The longest word of the groups at the end of a text, or nothing.

    >>> word_at_end("工业总产值完成率", "attainment")
    '完成率'
    """
    for start in range(len(text)):
        if _whole(*names).fullmatch(text, start):
            return text[start:]
    return ""
