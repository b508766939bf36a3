"""What lint says of a scheme: findings with their place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kaohe.schemes.documents import Position

Severity = Literal["error", "warning"]
_PLACED = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+)\s+(?P<message>.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a scheme. ``id`` names the kind of problem and never changes with the wording."""

    id: str
    severity: Severity
    message: str
    position: Position

    def __str__(self) -> str:
        """``scheme.yaml:41:14 分值合计 98,应为 100``."""
        return f"{self.position} {self.message}"


def error(identifier: str, message: str, position: Position) -> Finding:
    return Finding(identifier, "error", message, position)


def warning(identifier: str, message: str, position: Position) -> Finding:
    return Finding(identifier, "warning", message, position)


def of_message(identifier: str, text: str, file: str) -> Finding:
    """The finding that a loader's or binder's message is; without a place it stands at the file's start.

    >>> of_message("unreadable", "a.yaml:3:5 没有步骤 cpa,是否 cap?", "a.yaml").position.line
    3
    """
    placed = _PLACED.match(text)
    if placed is None:
        return error(identifier, text, Position(file, 1, 1))
    at = Position(placed["file"], int(placed["line"]), int(placed["column"]))
    return error(identifier, placed["message"], at)


def in_file_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, from the top of the file to its end; an error before a warning at one place."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.position, finding.severity)))
