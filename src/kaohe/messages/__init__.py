"""Texts of the interface by a stable id, from the catalogues ``zh.po`` (the source) and ``en.po``.

The environment variable ``KAOHE_LANG`` chooses; anything that starts with ``en`` is English.
"""

from __future__ import annotations

import ast
import os
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


def language() -> str:
    """The language asked for: ``zh`` unless ``KAOHE_LANG`` says English."""
    return "en" if os.environ.get("KAOHE_LANG", "").lower().startswith("en") else "zh"


def text(identifier: str, **parameters: object) -> str:
    """The text of a message in the language asked for, its parameters filled in.

    Raises ``KeyError`` when no catalogue has this id.

    >>> text("heading.unit") in ("单位", "Unit")
    True
    """
    found = catalogue(language()).get(identifier) or catalogue("zh")[identifier]
    return found.format(**parameters) if parameters else found


@cache
def catalogue(of: str) -> dict[str, str]:
    """All messages of a language by id."""
    return read_po((files("kaohe.messages") / f"{of}.po").read_text(encoding="utf-8"))


def read_po(content: str) -> dict[str, str]:
    """The messages of a gettext catalogue; its header, comments and empty translations are left out.

    >>> read_po('msgid "a"\\nmsgstr "甲"\\n"乙"\\n')
    {'a': '甲乙'}
    """
    entries: list[list[str]] = []
    for line in content.splitlines():
        word, _, rest = line.partition(" ")
        if word == "msgid":
            entries.append([ast.literal_eval(rest), ""])
        elif word == "msgstr":
            entries[-1][1] = ast.literal_eval(rest)
        elif line.startswith('"'):
            target = entries[-1]
            target[1] += ast.literal_eval(line)
    return {key: value for key, value in entries if key and value}
