"""The board as text: coloured on a terminal, plain in a pipe (never wrapped, cut or coloured)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kaohe.outlook.figures import fixed
from kaohe.outlook.model import Board, Row
from kaohe.writing.marks import BANNER, day_text, legend, marked, points_text, rank_text, subject, typeset

_STYLES = {"red": "bold red", "amber": "yellow", "green": "green", "due": "", "missing": "magenta", "doubt": "magenta"}


@dataclass(frozen=True, slots=True)
class Block:
    """A titled table of texts; ``right`` are the columns aligned on the right, ``tones`` a tone a row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    tones: tuple[str, ...] = ()


def plain_text(board: Board) -> str:
    """The board for a pipe: every line whole, columns aligned with spaces."""
    parts = [*_headline(board), *(line for block in blocks(board) for line in _plain_block(block)), "", *legend(board)]
    return "\n".join(typeset(part).rstrip() for part in parts) + "\n"


def print_board(board: Board, console: Console) -> None:
    """The board on a terminal, with colours beside shapes and words."""
    first, *rest = _headline(board)
    console.print(Text(typeset(first), style="bold"))
    for line in rest:
        console.print(Text(typeset(line)))
    for block in blocks(board):
        console.print(_rich_block(block))
    for note in legend(board):
        console.print(Text(typeset(note), style="dim"))


def blocks(board: Board) -> Iterator[Block]:
    """The tables of the board, in reading order."""
    yield _gap_block(board)
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
        total = sum(each.points for each in board.undecided)
        each = "、".join(f"{one.name}({one.why}){fixed(one.points, 2)}" for one in board.undecided)
        yield f"未定 {fixed(total, 2)} 分:{each}"
    yield f"{board.counted} 项指标:" + " · ".join(f"{word} {number}" for _, word, number in board.counts)


def _gap_block(board: Board) -> Block:
    months = board.period_text.split("年")[-1]
    columns = (
        "状态", "指标", "单位", f"{months}累计", "同比%", "全年目标", "完成率%", "时序%", "比时序百分点", "尚差",
        "剩余月均需完成", f"前{board.period.months}月月均", "得分", "分值", "下达", "责任人", "责任单位",
        "原因", "措施", "存疑",
    )  # fmt: skip
    rows = tuple(_gap_row(row, board) for row in board.behind)
    right = frozenset(range(3, 14))
    return Block("差距清单(慢于自己的时序,差得多的在前)", columns, rows, right, ("red",) * len(rows))


def _gap_row(row: Row, board: Board) -> tuple[str, ...]:
    progress = row.progress
    cause = row.cause + ("†" if row.cause_demo and row.cause else "")
    return (
        *_common(row),
        *(marked(f) for f in (progress.missing, progress.needed, progress.average)),
        points_text(row),
        "" if row.full is None else fixed(row.full, 0),
        progress.issuer,
        row.owner,
        row.lead,
        cause,
        f"{row.task}({day_text(row.task_due)})" if row.task else "",
        ";".join(f"{board.doubts[n].first} 对 {board.doubts[n].second}" for n in row.doubts),
    )


def _common(row: Row) -> tuple[str, ...]:
    """Light, name, measure, actual, growth, target, attainment, pace, gap."""
    progress = row.progress
    about = subject(row)
    name = f"{row.name}({about})" if about else row.name
    figures = (progress.actual, progress.growth, progress.target, progress.attainment, progress.pace, progress.gap)
    return (row.light.text if row.light is not None else "", name, progress.measure, *(marked(f) for f in figures))


def _hidden_blocks(board: Board) -> Iterator[Block]:
    for hides in board.hidden:
        rows = tuple(
            (("其中 " if n else "") + part.name, part.measure, marked(part.actual), marked(part.growth),
             marked(part.attainment), marked(part.gap))
            for n, part in enumerate((hides.total, *hides.parts))
        )  # fmt: skip
        columns = ("总数与其中各项", "单位", "累计", "同比%", "完成率%", "比时序百分点")
        yield Block(f"◆ 总量掩盖:{hides.sentence}", columns, rows, frozenset(range(2, 6)))


def _rest_block(board: Board) -> Block:
    rest = [row for row in board.rows if row not in board.behind]
    columns = (
        "状态", "指标", "单位", "累计", "同比%", "全年目标", "完成率%", "时序%", "比时序百分点", "得分", "分值", "责任人",
        "责任单位", "说明",
    )  # fmt: skip
    rows = tuple(
        (*_common(row), points_text(row), "" if row.full is None else fixed(row.full, 0), row.owner, row.lead, _remark(row))
        for row in rest
    )
    tones = tuple(row.light.tone if row.light is not None else "" for row in rest)
    return Block(f"其余 {len(rest)} 项(需看的在前)", columns, rows, frozenset(range(3, 11)), tones)


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
        (each.light.text if each.light is not None else "无进度数", each.name + ("†" if each.demo else ""), each.task,
         each.owner, day_text(each.due))
        for each in board.difficulties
    )  # fmt: skip
    return Block("已点名、暂无进度数的难点", ("状态", "难点", "措施", "责任人", "时限"), rows)


def _working_blocks(board: Board) -> Iterator[Block]:
    working = board.working
    if working is not None:
        rows = tuple((str(n), step.what, step.value + ("†" if step.demo else "")) for n, step in enumerate(working.steps, 1))
        title = f"差得最多的一项怎样得分:{working.name} 得 {working.result} 分"
        clause = f"(条款:{working.clause})" if working.clause else ""
        yield Block(title + clause, ("步", "做什么", "数"), rows)


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


def _rich_block(block: Block) -> RichTable:
    table = RichTable(title=typeset(block.title), title_justify="left", title_style="bold", box=None, pad_edge=False)
    shown = _shown_columns(block)
    for place in shown:
        table.add_column(typeset(block.columns[place]), justify="right" if place in block.right else "left", header_style="dim")
    for number, row in enumerate(block.rows):
        tone = block.tones[number] if number < len(block.tones) else ""
        table.add_row(*(Text(typeset(row[p]), style=_STYLES.get(tone, "") if p == 0 else "") for p in shown))
    return table


def _shown_columns(block: Block) -> Sequence[int]:
    """A column that is blank in every row takes no room on a terminal."""
    return [n for n in range(len(block.columns)) if any(row[n] for row in block.rows)]
