"""The board as text: coloured on a terminal, plain in a pipe (never wrapped, cut or coloured)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kaohe.outlook.figures import fixed
from kaohe.outlook.model import Board, Row
from kaohe.writing.board_working import lines_of, result_of, worst
from kaohe.writing.marks import (
    BANNER,
    DAGGER,
    day_text,
    legend,
    marked,
    points_text,
    rank_text,
    subject,
    typeset,
)

_STYLES = {
    "red": "bold red",
    "amber": "yellow",
    "green": "green",
    "due": "",
    "missing": "magenta",
    "doubt": "magenta",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A titled table of texts; ``right`` are the columns aligned on the right, ``tones`` a tone a row.

    ``spare`` are the columns that a narrow terminal leaves out, the first one first.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    tones: tuple[str, ...] = ()
    spare: tuple[int, ...] = ()


def plain_text(board: Board) -> str:
    """The board for a pipe: every line whole, columns aligned with spaces."""
    parts = [
        *_headline(board),
        *(line for block in blocks(board) for line in _plain_block(block)),
        "",
        *legend(board),
    ]
    return "\n".join(typeset(part).rstrip() for part in parts) + "\n"


def print_board(board: Board, console: Console) -> None:
    """The board on a terminal, with colours beside shapes and words."""
    first, *rest = _headline(board)
    console.print(Text(typeset(first), style="bold"))
    for line in rest:
        console.print(Text(typeset(line)))
    for block in blocks(board):
        console.print()
        console.print(Text(typeset(block.title), style="bold"))
        console.print(_rich_block(block, console.width))
    console.print()
    for note in legend(board):
        console.print(Text(typeset(note), style="dim"))


def blocks(board: Board) -> Iterator[Block]:
    """The tables of the board, in reading order."""
    yield _gap_block(board)
    yield _cause_block(board)
    yield from _hidden_blocks(board)
    yield _rest_block(board)
    yield _doubt_block(board)
    yield _difficulty_block(board)
    yield from _working_blocks(board)


def _headline(board: Board) -> Iterator[str]:
    yield f"{board.name} {board.period_text}目标完成情况"
    if board.has_demo:
        yield BANNER
    version = f"第 {board.version} 版" if board.version else ""
    yield f"按《{board.scheme}》{version} · 时序 {fixed(board.pace, 1)}% · 剩余 {board.remaining_months} 个月"
    dagger = "†" if board.points_demo else ""
    full = f"(满分 {fixed(board.full, 0)})" if board.full is not None else ""
    grade = f" · 等次 {board.grade}" if board.grade else ""
    group = f"{board.peer_group} {board.peers} 个单位中" if board.peer_group else f"{board.peers} 个单位中"
    yield f"总分 {board.total.text(2)}{dagger}{full} · {group}{rank_text(board)}{dagger}{grade}"
    if board.undecided:
        total = sum((each.points for each in board.undecided), Fraction(0))
        each = "、".join(f"{one.name}({one.why}){fixed(one.points, 2)}" for one in board.undecided)
        yield f"未定 {fixed(total, 2)} 分:{each}"
    yield f"{board.counted} 项指标:" + " · ".join(f"{word} {number}" for _, word, number in board.counts)


def _gap_block(board: Board) -> Block:
    months, points, duty = board.period_text.split("年")[-1], _if(board.points_demo), _if(board.has_demo)
    columns = (
        "状态",
        "指标",
        "单位",
        f"{months}累计",
        "同比%",
        "全年目标",
        "完成率%",
        "时序%",
        "比时序百分点",
        "尚差",
        "剩余月均需完成",
        f"前{board.period.months}月月均",
        f"得分{points}",
        f"分值{points}",
        f"责任人{duty}",
        f"责任单位{duty}",
    )
    rows = tuple(_gap_row(row) for row in board.behind)
    title = "差距清单(滞后的指标,比自己的时序差得多的在前)"
    return Block(
        title, columns, rows, frozenset(range(3, 14)), ("red",) * len(rows), (15, 7, 13, 4, 14, 11, 2, 9)
    )


def _if(demo: bool) -> str:
    return DAGGER if demo else ""


def _gap_row(row: Row) -> tuple[str, ...]:
    progress = row.progress
    left = (progress.missing, progress.needed, progress.average)
    full = "" if row.full is None else fixed(row.full, 0)
    return (*_common(row), *(marked(figure) for figure in left), points_text(row), full, row.owner, row.lead)


def _cause_block(board: Board) -> Block:
    rows = tuple(
        (
            row.name,
            row.progress.issuer,
            row.cause + _if(row.cause_demo and bool(row.cause)),
            _task(row, board),
            ";".join(f"{board.doubts[n].first} 对 {board.doubts[n].second}(未作取舍)" for n in row.doubts),
        )
        for row in board.behind
    )
    return Block("为什么滞后,怎么办", ("指标", "目标由谁下达", "原因", "措施", "存疑"), rows, spare=(1,))


def _task(row: Row, board: Board) -> str:
    return f"{row.task}({day_text(row.task_due)}{_if(board.has_demo)})" if row.task else ""


def _common(row: Row) -> tuple[str, ...]:
    """Light, name, measure, actual, growth, target, attainment, pace, gap."""
    progress = row.progress
    about = subject(row)
    name = f"{row.name}({about})" if about else row.name
    figures = (
        progress.actual,
        progress.growth,
        progress.target,
        progress.attainment,
        progress.pace,
        progress.gap,
    )
    return (
        row.light.text if row.light is not None else "",
        name,
        progress.measure,
        *(marked(f) for f in figures),
    )


def _hidden_blocks(board: Board) -> Iterator[Block]:
    for hides in board.hidden:
        rows = tuple(
            (
                ("其中 " if n else "") + part.name,
                part.measure,
                marked(part.actual),
                marked(part.growth),
                marked(part.attainment),
                marked(part.gap),
            )
            for n, part in enumerate((hides.total, *hides.parts))
        )
        columns = ("总数与其中各项", "单位", "累计", "同比%", "完成率%", "比时序百分点")
        yield Block(f"◆ 总量掩盖:{hides.sentence}", columns, rows, frozenset(range(2, 6)))


def _rest_block(board: Board) -> Block:
    rest = [row for row in board.rows if row not in board.behind]
    points, duty = _if(board.points_demo), _if(board.has_demo)
    columns = (
        "状态",
        "指标",
        "单位",
        "累计",
        "同比%",
        "全年目标",
        "完成率%",
        "时序%",
        "比时序百分点",
        f"得分{points}",
        f"分值{points}",
        f"责任人{duty}",
        f"责任单位{duty}",
        "说明",
    )
    rows = tuple(
        (
            *_common(row),
            points_text(row),
            "" if row.full is None else fixed(row.full, 0),
            row.owner,
            row.lead,
            _remark(row),
        )
        for row in rest
    )
    tones = tuple(row.light.tone if row.light is not None else "" for row in rest)
    title, spare = f"其余 {len(rest)} 项(需看的在前)", (12, 7, 10, 4, 11, 13, 2)
    return Block(title, columns, rows, frozenset(range(3, 11)), tones, spare)


def _remark(row: Row) -> str:
    said = [row.note or row.progress.due]
    if row.doubts:
        said.append("? 存疑")
    return " ".join(part for part in said if part)


def _doubt_block(board: Board) -> Block:
    rows = tuple((doubt.name, doubt.first, doubt.second, doubt.note) for doubt in board.doubts)
    return Block(f"? 数字待核实({len(rows)} 处,两说并列,未作取舍)", ("指标", "一说", "又一说", "说明"), rows)


def _difficulty_block(board: Board) -> Block:
    rows = tuple(
        (
            each.light.text if each.light is not None else "无进度数",
            each.name + ("†" if each.demo else ""),
            each.task,
            each.owner,
            day_text(each.due),
        )
        for each in board.difficulties
    )
    duty = _if(board.has_demo)
    columns = ("状态", "难点", "措施", f"责任人{duty}", f"时限{duty}")
    return Block(f"已点名、暂无进度数的难点({len(rows)} 项)", columns, rows)


def _working_blocks(board: Board) -> Iterator[Block]:
    node = worst(board)
    if node is not None:
        rows = tuple(
            (line.what, line.words, line.value + _if(line.demo and bool(line.value)))
            for line in lines_of(board, node)
        )
        title = f"差得最多的一项怎样得分:{node.name} 得 {result_of(node)} 分{_if(board.points_demo)}"
        clause = f"(条款:{node.clause})" if node.clause else ""
        yield Block(title + clause, ("步骤", "取数与算式", "结果"), rows)


def _plain_block(block: Block) -> Iterator[str]:
    yield ""
    yield block.title
    if not block.rows:
        yield "(无)"
        return
    table = [tuple(typeset(cell) for cell in row) for row in (block.columns, *block.rows)]
    widths = [max(cell_len(row[n]) for row in table) for n in range(len(block.columns))]
    for row in table:
        yield "  ".join(_padded(cell, widths[n], n in block.right) for n, cell in enumerate(row))


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _rich_block(block: Block, width: int) -> RichTable:
    table = RichTable(box=None, pad_edge=False)
    shown = _shown_columns(block, width)
    for place in shown:
        is_number = place in block.right
        justify: Literal["left", "right"] = "right" if is_number else "left"
        title = typeset(block.columns[place])
        table.add_column(title, justify=justify, no_wrap=is_number, overflow="fold", header_style="dim")
    for number, row in enumerate(block.rows):
        tone = block.tones[number] if number < len(block.tones) else ""
        styles = [_STYLES.get(tone, "") if place == 0 else "" for place in shown]
        table.add_row(*(Text(typeset(row[p]), style=style) for p, style in zip(shown, styles, strict=True)))
    return table


def _shown_columns(block: Block, width: int) -> Sequence[int]:
    """The columns that are not blank in every row, without spare ones until the rest fits the terminal."""
    shown = [n for n in range(len(block.columns)) if any(row[n] for row in block.rows)]
    wide = {n: max(cell_len(row[n]) for row in (block.columns, *block.rows)) + 2 for n in shown}
    for spare in block.spare:
        if sum(wide[n] for n in shown) > width and spare in shown:
            shown.remove(spare)
    return shown
