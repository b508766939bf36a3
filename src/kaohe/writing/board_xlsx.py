"""The board as a workbook: numbers as numbers, marks beside them, 演示数据 named on every sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from kaohe.outlook.figures import Figure
from kaohe.outlook.model import Board, Row
from kaohe.writing.board_working import lines_of, result_of, worst
from kaohe.writing.marks import BANNER, DAGGER, day_text, legend, rank_text, tags_of, typeset

_FIGURES = (
    ("累计", "actual"),
    ("同比 %", "growth"),
    ("全年目标", "target"),
    ("完成率 %", "attainment"),
    ("时序 %", "pace"),
    ("比时序 百分点", "gap"),
    ("尚差", "missing"),
    ("剩余月均需完成", "needed"),
    ("以往月均", "average"),
    ("需是以往的倍", "times"),
)


@dataclass
class _Book:
    """A workbook being written, and the number formats made so far."""

    book: Any
    formats: dict[str, Any] = field(default_factory=dict)

    def format(self, pattern: str) -> Any:
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern})
        return self.formats[pattern]


def board_xlsx(board: Board) -> bytes:
    """The workbook: 看板, 数字待核实, 难点, 计分过程, 说明.

    A figure that was made up shows † by its number format, its cell holds the number; the column 标记 says
    in words which figures of a row are marked.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    _write_rows(_Book(book), board)
    for title, columns, rows in _text_sheets(board):
        _write_texts(book, title, columns, rows, board)
    book.close()
    return stream.getvalue()


def _write_rows(made: _Book, board: Board) -> None:
    page = made.book.add_worksheet("看板")
    bold = made.book.add_format({"bold": True})
    heading = made.book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
    for line, text in enumerate(_headline(board)):
        page.write_string(line, 0, text, bold if line == 0 else None)
    top = len(_headline(board))
    for place, name in enumerate(_columns()):
        page.write_string(top, place, name, heading)
    for number, row in enumerate(board.rows, start=top + 1):
        _write_row(made, page, number, row, board)
    page.freeze_panes(top + 1, 2)
    _lay_out(page)


def _headline(board: Board) -> list[str]:
    dagger = DAGGER if board.points_demo else ""
    lines = [f"{board.name} {board.period_text}目标完成情况"]
    lines.append(
        f"总分 {board.total.text(2)}{dagger} · 名次 {rank_text(board)}{dagger}(共 {board.peers} 个单位)"
    )
    if board.has_demo:
        lines.append(BANNER)
    return [typeset(line) for line in lines]


def _columns() -> tuple[str, ...]:
    figures = tuple(name for name, _ in _FIGURES)
    return (
        "状态",
        "评分项",
        "指标",
        "单位",
        *figures,
        "分值",
        "得分低",
        "得分高",
        "责任人",
        "责任单位",
        "原因",
        "措施",
        "时限",
        "标记",
        "存疑",
    )


def _write_row(made: _Book, page: Any, number: int, row: Row, board: Board) -> None:
    texts = (
        row.light.text if row.light is not None else "",
        row.name,
        row.progress.name,
        row.progress.measure,
    )
    for place, text in enumerate(texts):
        page.write_string(number, place, text)
    place = len(texts)
    for _, name in _FIGURES:
        _write_figure(made, page, (number, place), getattr(row.progress, name))
        place += 1
    suffix = DAGGER if board.points_demo else ""
    for points in (row.full, row.points.low, row.points.high):
        if points is not None:
            page.write_number(
                number,
                place,
                float(points),
                made.format(_pattern(2 if points != row.full else 0, "", suffix)),
            )
        place += 1
    rest = (
        row.owner,
        row.lead,
        row.cause,
        row.task,
        day_text(row.task_due),
        _marks(row),
        _doubts(row, board),
    )
    for text in rest:
        page.write_string(number, place, typeset(text))
        place += 1


def _write_figure(made: _Book, page: Any, at: tuple[int, int], figure: Figure) -> None:
    if figure.value is None:
        page.write_string(*at, figure.words)
        return
    pattern = _pattern(
        figure.decimals, figure.mark, figure.tail + (DAGGER if figure.demo else ""), figure.signed
    )
    page.write_number(*at, float(figure.value), made.format(pattern))


def _pattern(decimals: int, before: str, after: str, signed: bool = False) -> str:
    digits = "0" + ("." + "0" * decimals if decimals else "")
    left, right = (f'"{before}"' if before else ""), (f'"{after}"' if after else "")
    plain = f"{left}{digits}{right}"
    return f'{left}+{digits}{right};{left}"\u2212"{digits}{right};{plain}' if signed else plain


def _marks(row: Row) -> str:
    """Which figures of the row are marked, in words."""
    said: list[str] = []
    for name, key in _FIGURES:
        figure: Figure = getattr(row.progress, key)
        words = [*tags_of(figure), *(["演示数据"] if figure.demo and figure.present else [])]
        said += [f"{name}:{'、'.join(words)}"] if words else []
    return ";".join(said)


def _doubts(row: Row, board: Board) -> str:
    return ";".join(f"{board.doubts[n].first} 对 {board.doubts[n].second}" for n in row.doubts)


def _text_sheets(board: Board) -> Iterator[tuple[str, Sequence[str], Sequence[tuple[str, ...]]]]:
    hidden = [
        (hides.sentence, part.name, part.actual.text, part.attainment.text, part.gap.text)
        for hides in board.hidden
        for part in (hides.total, *hides.parts)
    ]
    yield "总量掩盖", ("说明", "指标", "累计", "完成率 %", "比时序 百分点"), hidden
    yield (
        "数字待核实",
        ("指标", "一说", "又一说", "说明"),
        [(d.name, d.first, d.second, d.note) for d in board.doubts],
    )
    named = [(d.name, d.task, d.owner, day_text(d.due), _if(d.demo)) for d in board.difficulties]
    yield "难点", ("难点", "措施", "责任人", "时限", "演示"), named
    node = worst(board)
    if node is not None:
        steps = [(line.what, line.words, line.value, _if(line.demo)) for line in lines_of(board, node)]
        yield "计分过程", (f"{node.name} 得 {result_of(node)} 分", "取数与算式", "结果", "演示"), steps
    yield "说明", ("说明",), [(note,) for note in legend(board)]


def _if(demo: bool) -> str:
    return DAGGER if demo else ""


def _write_texts(
    book: Any, title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], board: Board
) -> None:
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    top = 1 if board.has_demo else 0
    if board.has_demo:
        page.write_string(0, 0, typeset(BANNER))
    for place, name in enumerate(columns):
        page.write_string(top, place, name, bold)
    for number, row in enumerate(rows, start=top + 1):
        for place, text in enumerate(row):
            page.write_string(number, place, typeset(text))
    page.set_column(0, len(columns), 36)


def _lay_out(page: Any) -> None:
    page.set_column(0, 0, 11)
    page.set_column(1, 2, 22)
    page.set_column(3, 3, 8)
    page.set_column(4, 16, 11)
    page.set_column(17, 18, 13)
    page.set_column(19, 23, 34)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
