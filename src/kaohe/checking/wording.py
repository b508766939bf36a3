"""The messages of the checks in both languages, from the catalogues ``zh.po`` (the source) and ``en.po``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kaohe.messages import language, read_po


def wording(key: str, values: Mapping[str, str], of: str | None = None) -> str:
    """A message with its parameters filled in; ``of`` is the language, by default the one asked for.

    A parameter that begins with @ names another message.

    >>> wording("punctuation.doubled", {"text": "。;"}, "zh")
    '标点重复:“。;”,留一个即可'
    """
    known = catalogue(of or language())
    filled = {
        name: known.get(value[1:], value) if value[:1] == "@" else value for name, value in values.items()
    }
    return known[key].format_map(filled)


@cache
def catalogue(of: str) -> dict[str, str]:
    """All messages of a language by key."""
    return read_po((files("kaohe.checking") / f"{of}.po").read_text(encoding="utf-8"))
