"""Text, JSON and workbook say the same as the board."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from rich.console import Console

from kaohe.demo import folder
from kaohe.outlook.board import board
from kaohe.outlook.model import Board
from kaohe.writing.board_json import board_json
from kaohe.writing.board_table import blocks, plain_text, print_board
from kaohe.writing.board_xlsx import board_xlsx
from kaohe.writing.marks import typeset


@pytest.fixture(scope="module")
def stand() -> Board:
    return board(folder() / "county.yaml", folder() / "ledger", "qingzhu")


def test_plain_text_has_every_cell_whole_and_uncoloured(stand: Board) -> None:
    text = plain_text(stand)
    assert "\x1b" not in text and "…" not in text
    for block in blocks(stand):
        for row in block.rows:
            assert all(typeset(cell) in text for cell in row)
    assert "演示数据" in text


def test_a_terminal_shows_shapes_and_words_without_cutting(stand: Board) -> None:
    stream = io.StringIO()
    print_board(stand, Console(file=stream, width=100, force_terminal=True, color_system="standard"))
    text = stream.getvalue()
    assert "▼ 滞后" in text and "\x1b[" in text
    assert "…" not in text


def test_json_is_stable_and_exact(stand: Board) -> None:
    data: dict[str, Any] = json.loads(board_json(stand), parse_float=Fraction, parse_int=Fraction)
    assert data["format"] == "kaohe/board/1"
    assert list(data) == [
        "format", "unit", "name", "period", "scheme", "as_of", "demo", "points_demo", "pace",
        "remaining_months", "behind_limit", "full", "total", "rank", "grade", "undecided", "counts",
        "rows", "groups", "hidden", "doubts", "difficulties", "working", "notes",
    ]  # fmt: skip
    assert list(data["rows"][0]) == [
        "id", "name", "status", "scored", "full", "points", "indicator", "indicator_name", "measure",
        "issuer", "presence", "actual", "growth", "target", "attainment", "pace", "gap", "missing",
        "needed", "average", "times", "lead", "owner", "clause", "cause", "task", "task_due", "note",
        "doubts",
    ]  # fmt: skip
    tax = next(row for row in data["rows"] if row["id"] == "local_tax_income")
    assert tax["target"] == {
        "value": Fraction("909.4"), "text": "≈909.4", "mark": "≈", "estimated": "", "stated": False,
        "demo": False, "measure": "", "source": tax["target"]["source"],
    }  # fmt: skip
    assert tax["actual"]["value"] == Fraction("597.46")
    assert {row for group in data["groups"] for row in group["rows"]} >= {row["id"] for row in data["rows"]}


def test_the_workbook_reads_back_as_the_board(stand: Board) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(board_xlsx(stand)))
    assert book.sheet_names == ["看板", "总量掩盖", "数字待核实", "难点", "计分过程", "说明"]
    rows = book.get_sheet_by_name("看板").to_python()
    top = next(n for n, row in enumerate(rows) if row[0] == "状态")
    head = rows[top]
    for row, cells in zip(stand.rows, rows[top + 1 :], strict=True):
        told = dict(zip(head, cells, strict=True))
        assert told["评分项"] == row.name
        for column, figure in (("累计", row.progress.actual), ("全年目标", row.progress.target)):
            expected = figure.words if figure.value is None else float(figure.value)
            assert told[column] == expected
        if row.progress.target.demo and row.progress.target.present:
            assert "全年目标" in str(told["标记"]) and "演示数据" in str(told["标记"])
    assert all("演示数据" in str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
