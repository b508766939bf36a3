"""The board as one self-contained page: for a screen, a phone and a sheet of A4."""

from __future__ import annotations

import re
from fractions import Fraction
from html import escape
from importlib.resources import files
from string import Template

from kaohe.outlook.figures import decimals_of, fixed
from kaohe.outlook.model import Board, Difficulty, Doubt, HiddenPart, Progress
from kaohe.writing.board_page_rows import all_table, gap_table, rest_lists
from kaohe.writing.board_working import Line, lines_of, result_of, worst
from kaohe.writing.marks import day_text, legend, rank_text, typeset
from kaohe.writing.page_parts import chip, dagger, estimate_tag, pace_bar, shape, tag

_TEXT = re.compile(r"(?<=>)[^<>]+(?=</?(?!style))")
_SHAPES = {"red": "▼", "amber": "◆", "green": "●", "due": "○", "missing": '<span class="k-box"></span>'}


def board_html(board: Board) -> str:
    """The page as text. It asks for nothing outside itself: no script, no font, no picture by address."""
    folder = files("kaohe.writing")
    page = Template(folder.joinpath("board.html").read_text("utf-8"))
    text = page.substitute(
        css=folder.joinpath("board.css").read_text("utf-8"),
        title=escape(f"{board.name}{board.period_text}目标完成情况"),
        heading=_heading(board),
        summary="".join((_total(board), _rank(board), _counts(board))),
        gaps=gap_table(board),
        panels=f"<div>{_hidden_panels(board)}{_difficulties_panel(board)}</div>{_doubts_panel(board)}",
        everything=all_table(board),
        rest=rest_lists(board),
        working=_working(board),
        legend="".join(f"<p>{escape(note)}</p>" for note in legend(board)),
    )
    return _TEXT.sub(lambda node: typeset(node[0]), text)


# --- heading and summary --------------------------------------------------------------------------


def _heading(board: Board) -> str:
    mark = dagger(board.has_demo)
    told = [f"数据截至 {board.period.year} 年 {board.period.end_month} 月底"]
    if board.as_of:
        told.append(f"{escape(board.as_of)} 入账{mark}")
    version = f"第 {escape(board.version)} 版" if board.version else ""
    told.append(f"按《{escape(board.scheme)}》{version}计分{dagger(board.points_demo)}")
    told.append(f"时序 {fixed(board.pace, 1)}%")
    chip_ = tag("演示数据", "demo") if board.has_demo else ""
    title = f"{escape(board.name)}{escape(board.period_text)}目标完成情况"
    return f'<h1>{title} {chip_}</h1><p class="k-sub">{" · ".join(told)}</p>'


def _total(board: Board) -> str:
    full = f"<small>满分 {fixed(board.full, 0)}</small>" if board.full is not None else ""
    title = f"总分{dagger(board.points_demo)}{',未定的以区间计' if board.total.is_open else ''}"
    body = f'<p class="k-main">{board.total.text(1)} {full}</p>{_total_bar(board)}{_undecided(board)}'
    return _panel(title, body, "k-total")


def _total_bar(board: Board) -> str:
    low, high, full = board.total.low, board.total.high, board.full
    if low is None or high is None or not full:
        return ""
    sure, open_ = float(low / full * 100), float((high - low) / full * 100)
    bars = (
        '<rect class="k-track" x="0" y="0" width="100" height="12"></rect>'
        f'<rect class="k-sure" x="0" y="0" width="{sure:.1f}" height="12"></rect>'
        f'<rect class="k-open" x="{sure:.1f}" y="0" width="{open_:.1f}" height="12"></rect>'
    )
    label = f"{board.total.text(1)} 分,满分 {fixed(full, 0)}"
    return (
        f'<svg class="k-total-bar" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}">{bars}</svg>'
    )


def _undecided(board: Board) -> str:
    if not board.undecided:
        return '<p class="k-note">各项都已定分。</p>'
    total = sum((each.points for each in board.undecided), Fraction(0))
    each = "、".join(f"{escape(one.name)}({one.why}){fixed(one.points, 2)}" for one in board.undecided)
    return f'<p class="k-note">未定 {fixed(total, 2)} 分:{each}。</p>'


def _rank(board: Board) -> str:
    group = f"{escape(board.peer_group)} " if board.peer_group else "同类 "
    title = f"{group}{board.peers} 个单位中的名次{dagger(board.points_demo)}"
    cells = "".join(_place(board, place) for place in range(1, board.peers + 1)) if board.peers <= 30 else ""
    places = f'<ol class="k-places" aria-hidden="true">{cells}</ol>' if cells else ""
    why = "还有数未报、未到期,名次只给区间。" if board.rank.is_open else ""
    grade = f"等次 {escape(board.grade)}。" if board.grade else "等次未定。" if board.rank.is_open else ""
    return _panel(
        title, f'<p class="k-main">{rank_text(board)}</p>{places}<p class="k-note">{why}{grade}</p>'
    )


def _place(board: Board, place: int) -> str:
    low, high = board.rank.low, board.rank.high
    inside = low is not None and high is not None and low <= place <= high
    return f'<li class="{"k-on" if inside else ""}">{place}</li>'


def _counts(board: Board) -> str:
    items = "".join(
        f'<li class="k-{tone}"><b>{number}</b><span>{shape(tone, _SHAPES[tone])} {escape(word)}</span></li>'
        for tone, word, number in board.counts
    )
    limit = fixed(board.behind_limit, decimals_of(board.behind_limit))
    note = f"慢于自己的时序 {limit} 个百分点以上为滞后;未到期、缺报不算完成,也不算落后。"
    return _panel(
        f"{board.counted} 项指标的状态", f'<ul class="k-counts">{items}</ul><p class="k-note">{note}</p>'
    )


def _panel(title: str, body: str, kind: str = "") -> str:
    return f'<section class="k-panel {kind}"><h2 class="k-small">{title}</h2>{body}</section>'


# --- the three panels -----------------------------------------------------------------------------


def _hidden_panels(board: Board) -> str:
    if not board.hidden:
        return ""
    body = "".join(_hidden(each) for each in board.hidden)
    return _list_panel(f"{shape('amber', '◆')} 总量掩盖", "总数达到时序,其中有项滞后", body)


def _hidden(hides: HiddenPart) -> str:
    rows = "".join(_hidden_row(part, n > 0) for n, part in enumerate((hides.total, *hides.parts)))
    table = (
        f'<table class="k-hidden"><caption class="k-unseen">总数与其中各项的完成率</caption>{rows}</table>'
    )
    return f'{table}<p class="k-note k-say">{escape(hides.sentence)}</p>'


def _hidden_row(part: Progress, inner: bool) -> str:
    behind = part.is_behind
    name = f"{'其中 ' if inner else ''}{escape(part.name)}{estimate_tag(part.actual)}"
    tone = "red" if behind else "green"
    reached = f"{part.attainment.text}%{dagger(part.attainment.demo)}"
    kind = "k-inner" if inner else "k-strong"
    return (
        f'<tr class="{kind}"><th scope="row">{name}</th><td>{pace_bar(part, tone)}</td>'
        f'<td class="k-right{" k-bad" if behind else ""}">{reached}</td></tr>'
    )


def _doubts_panel(board: Board) -> str:
    items = "".join(f"<li>{_doubt(doubt)}</li>" for doubt in board.doubts)
    body = f'<ul class="k-list k-doubts">{items}</ul>' if items else '<p class="k-note">没有存疑的数。</p>'
    return _list_panel(f"{shape('doubt', '?')} 数字待核实", f"{len(board.doubts)} 处,两说并列,未作取舍", body)


def _doubt(doubt: Doubt) -> str:
    said = f"{escape(doubt.first)} <b class='k-versus'>对</b> {escape(doubt.second)}"
    return f"<b>{escape(doubt.name)}</b>:{said}<small>{escape(doubt.note)}</small>"


def _difficulties_panel(board: Board) -> str:
    items = "".join(f"<li>{_difficulty(each)}</li>" for each in board.difficulties)
    body = f'<ul class="k-list k-named">{items}</ul>' if items else '<p class="k-note">没有。</p>'
    return _list_panel("已点名、暂无进度数的难点", f"{len(board.difficulties)} 项", body)


def _difficulty(each: Difficulty) -> str:
    light = chip(each.light) if each.light is not None else tag("无进度数")
    when = f"{escape(each.owner)} {day_text(each.due)}{dagger()}" if each.owner or each.due else ""
    task = f'<span class="k-task">{escape(each.task)} </span>'
    return f"{light} <b>{escape(each.name)}</b>{dagger(each.demo)} <small>{task}{when}</small>"


def _list_panel(title: str, note: str, body: str) -> str:
    return f'<section class="k-panel"><h2>{title} <small>{note}</small></h2>{body}</section>'


# --- working --------------------------------------------------------------------------------------


def _working(board: Board) -> str:
    node = worst(board)
    if node is None:
        return ""
    rows = "".join(_working_row(line) for line in lines_of(board, node))
    clause = f'<p class="k-clause">{escape(node.clause)}</p>' if node.clause else ""
    result = f"得 {escape(result_of(node))} 分{dagger(board.points_demo)}"
    heads = "".join(f'<th scope="col">{title}</th>' for title in ("步骤", "取数与算式", "结果"))
    return (
        f'<section class="k-panel k-working"><h2>差得最多的一项怎样得分:{escape(node.name)} '
        f"<small>{result}</small></h2>{clause}"
        f'<table class="k-steps"><caption class="k-unseen">计分过程</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _working_row(line: Line) -> str:
    value = f"{escape(line.value)}{dagger(line.demo and bool(line.value))}"
    return f'<tr><th scope="row">{escape(line.what)}</th><td>{escape(line.words)}</td><td>{value}</td></tr>'
