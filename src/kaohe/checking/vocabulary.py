"""Words as data: the lists of ``words/*.csv``, each row a word or a rule with its reason."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a list; lines that begin with # explain it."""
    content = (files("kaohe.checking") / "words" / f"{name}.csv").read_text(encoding="utf-8")
    lines = (line for line in content.splitlines() if line and not line.startswith("#"))
    return tuple(csv.DictReader(lines))


@cache
def words(group: str) -> tuple[str, ...]:
    """The words of a group of ``words.csv``, longest first.

    >>> "零的突破" in words("first_time"), words("no such group")
    (True, ())
    """
    found = [word for row in rows("words") if row["group"] == group for word in row["words"].split()]
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def any_of(*groups: str) -> str:
    """A pattern for any word of some groups."""
    found = sorted({word for group in groups for word in words(group)}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word) for word in found) + ")"
