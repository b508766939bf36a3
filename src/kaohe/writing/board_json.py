"""The board as JSON: exact numbers beside the text that is printed, every mark a field of its own."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from kaohe.facts.export import number_text
from kaohe.outlook.figures import Figure, Span
from kaohe.outlook.model import Board, Doubt, Group, HiddenPart, Progress, Row
from kaohe.writing.marks import legend

FORMAT = "kaohe/board/1"
_MARKED = re.compile(r'"\\u0000([^"]*)"')
_FIGURES = (
    "actual",
    "growth",
    "target",
    "attainment",
    "pace",
    "gap",
    "missing",
    "needed",
    "average",
    "times",
)


def board_json(board: Board) -> str:
    """The board as a JSON object (format ``kaohe/board/1``), indented, ending in a line feed."""
    text = json.dumps(board_object(board), ensure_ascii=False, indent=2, default=_number_mark)
    return _MARKED.sub(r"\1", text) + "\n"


def _number_mark(value: object) -> str:
    # A JSON number may have any number of digits: the exact decimal goes in, not a float.
    if not isinstance(value, Fraction):
        raise TypeError(f"{value!r} has no place in a board")
    return f"\0{number_text(value)}"


def board_object(board: Board) -> dict[str, Any]:
    """The board as plain values; ``rows`` behind schedule first, ``groups`` the scheme's order by row id."""
    return {
        "format": FORMAT,
        "unit": board.unit,
        "name": board.name,
        "period": str(board.period),
        "scheme": {"title": board.scheme, "version": board.version, "issuer": board.issuer},
        "as_of": board.as_of,
        "demo": board.has_demo,
        "points_demo": board.points_demo,
        "pace": board.pace,
        "remaining_months": board.remaining_months,
        "behind_limit": board.behind_limit,
        "full": board.full,
        "total": _span(board.total, 2),
        "rank": {**_span(board.rank, 0), "of": board.peers, "peer_group": board.peer_group},
        "grade": board.grade,
        "undecided": [{"name": u.name, "points": u.points, "why": u.why} for u in board.undecided],
        "counts": [{"tone": tone, "word": word, "number": number} for tone, word, number in board.counts],
        "rows": [_row(row) for row in board.rows],
        "groups": [_group(group) for group in board.groups],
        "hidden": [_hidden(each) for each in board.hidden],
        "doubts": [_doubt(doubt) for doubt in board.doubts],
        "difficulties": [
            {
                "name": d.name,
                "task": d.task,
                "owner": d.owner,
                "due": d.due,
                "demo": d.demo,
                "status": d.light.key if d.light is not None else None,
            }
            for d in board.difficulties
        ],
        "working": None if board.working is None else board.working.to_data(),
        "notes": list(legend(board)),
    }


def _group(group: Group) -> dict[str, Any]:
    rows = [row.id for row in group.rows]
    return {
        "id": group.id,
        "name": group.name,
        "full": group.full,
        "points": _span(group.points, 2),
        "rows": rows,
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    names = ("indicator", "name", "first", "second", "note", "owner")
    return {name: getattr(doubt, name) for name in names}


def _row(row: Row) -> dict[str, Any]:
    light = row.light
    return {
        "id": row.id,
        "name": row.name,
        "status": None if light is None else {"key": light.key, "word": light.word, "tone": light.tone},
        "scored": row.scored,
        "full": row.full,
        "points": _span(row.points, 2),
        **_progress(row.progress),
        "lead": row.lead,
        "owner": row.owner,
        "clause": row.clause,
        "cause": row.cause,
        "task": row.task,
        "task_due": row.task_due,
        "note": row.note,
        "doubts": list(row.doubts),
    }


def _progress(progress: Progress) -> dict[str, Any]:
    figures = {name: _figure(getattr(progress, name)) for name in _FIGURES}
    return {
        "indicator": progress.indicator,
        "indicator_name": progress.name,
        "measure": progress.measure,
        "issuer": progress.issuer,
        "presence": progress.presence,
        **figures,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "text": figure.text,
        "mark": figure.mark,
        "estimated": figure.estimated,
        "stated": figure.stated,
        "demo": figure.demo,
        "measure": figure.measure,
        "source": figure.source,
    }


def _span(span: Span, decimals: int) -> dict[str, Any]:
    return {"low": span.low, "high": span.high, "text": span.text(decimals)}


def _hidden(hides: HiddenPart) -> dict[str, Any]:
    parts = [_progress(part) for part in hides.parts]
    return {"total": _progress(hides.total), "parts": parts, "sentence": hides.sentence}
