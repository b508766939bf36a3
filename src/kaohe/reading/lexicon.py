"""The words that reading knows, as data: ``words.csv``, one group a row."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Every group of words by name; a name that stands in several rows gathers them.

    >>> "增长" in groups()["up"], len(groups()) > 20
    (True, True)
    """
    table = files("kaohe.reading").joinpath("words.csv").read_text(encoding="utf-8")
    gathered: dict[str, list[str]] = {}
    for row in csv.DictReader(table.splitlines()):
        gathered.setdefault(row["group"], []).extend(row["words"].split())
    return {name: tuple(words) for name, words in gathered.items()}


def words(*names: str) -> tuple[str, ...]:
    """The words of groups, the longest first."""
    return tuple(sorted({word for name in names for word in groups()[name]}, key=len, reverse=True))


@cache
def any_of(*names: str) -> str:
    """A regular expression for any word of the groups; words may be expressions themselves.

    >>> bool(re.fullmatch(any_of("down"), "下降"))
    True
    """
    return "(?:" + "|".join(words(*names)) + ")"


@cache
def pattern(*names: str) -> re.Pattern[str]:
    """The compiled expression for any word of the groups."""
    return re.compile(any_of(*names))


@cache
def ending(*names: str) -> re.Pattern[str]:
    """Matches one or more words of the groups at the end."""
    return re.compile(any_of(*names) + "+$")


@cache
def beginning(*names: str) -> re.Pattern[str]:
    """Matches one or more words of the groups at the start."""
    return re.compile(any_of(*names) + "+")
