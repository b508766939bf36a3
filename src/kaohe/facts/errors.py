"""The error tree of Kaohe.

``KaoheError`` (exit code 2: bad input, nothing written)
    ``DataError``    a ledger folder, a table or a workbook that cannot be taken as it is
    ``SchemeError``  a scheme that cannot be read or bound to the data
"""

from __future__ import annotations

from collections.abc import Iterable


class KaoheError(Exception):
    """Bad input, in words that an official understands; all that was found, not only the first.

    >>> DataError(["a.csv:3 行:value 应为数字,实为 '十'", "a.csv:9 行:缺少 unit"]).messages[1]
    'a.csv:9 行:缺少 unit'
    """

    def __init__(self, messages: str | Iterable[str]) -> None:
        self.messages: tuple[str, ...] = (messages,) if isinstance(messages, str) else tuple(messages)
        super().__init__("\n".join(self.messages))


class DataError(KaoheError):
    """A file of facts that cannot be taken; each message names file, row and column."""


class SchemeError(KaoheError):
    """A scheme that cannot be read or used with these facts; each message names file, line and column."""
