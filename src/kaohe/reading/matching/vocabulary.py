"""The words that matching knows, as data: ``words.csv``, groups of words with their reason."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def rows_of(group: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a group, each a tuple of words.

    >>> ("外资", "内资") in rows_of("contrast")
    True
    """
    table = files("kaohe.reading.matching").joinpath("words.csv").read_text(encoding="utf-8")
    return tuple(
        tuple(row["words"].split()) for row in csv.DictReader(table.splitlines()) if row["group"] == group
    )


@cache
def words(group: str) -> tuple[str, ...]:
    """All words of a group, the longest first."""
    return tuple(sorted({word for row in rows_of(group) for word in row}, key=len, reverse=True))


@cache
def any_of(group: str) -> re.Pattern[str]:
    """Matches any word of a group, the longest first."""
    return re.compile("|".join(map(re.escape, words(group))))


@cache
def full_names() -> dict[str, str]:
    """The full name of each short one.

    >>> full_names()["规上"]
    '规模以上'
    """
    return dict(pair.split("=") for pair in words("short"))
