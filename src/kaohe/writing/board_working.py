"""The working of the worst criterion, as lines for the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.outlook.figures import is_demo
from kaohe.outlook.model import Board
from kaohe.scoring.words import value_text
from kaohe.scoring.working import NodeWorking
from kaohe.writing.workings import node_rows

_HASH = re.compile(r"#sha256:[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Line:
    """What was taken or done, in words, and the value after it; ``demo`` when any of it was made up."""

    what: str
    words: str
    value: str
    demo: bool


def worst(board: Board) -> NodeWorking | None:
    """The working of the worst criterion; none on a board without criteria."""
    return board.working.nodes[0] if board.working is not None else None


def result_of(node: NodeWorking) -> str:
    """The points that the working ends with."""
    return value_text(node.printed)


def lines_of(board: Board, node: NodeWorking) -> Iterator[Line]:
    """The working line by line, facts first; the clause is left to the heading."""
    _, *rows = node_rows(node, 0)
    made_up = [is_demo(fact.source) for fact in node.facts]
    if node.figure is not None:
        made_up.append(any(made_up))
    for number, (what, words, value) in enumerate(rows):
        demo = made_up[number] if number < len(made_up) else board.points_demo
        yield Line(what.strip(), _HASH.sub("", words), value, demo)
