"""The tables of the board's page: gaps, everything, and what is left for the printed sheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kaohe.outlook.figures import Figure, Span, fixed
from kaohe.outlook.model import Board, Group, Row
from kaohe.outlook.progress import NOT_PRINTED
from kaohe.writing.marks import day_text, points_text, subject
from kaohe.writing.page_parts import (
    cell,
    chip,
    dagger,
    decimals_in,
    estimate_tag,
    head,
    number_cell,
    pace_bar,
    tag,
)

_LEFT, _RIGHT = "", "k-right"


def gap_table(board: Board) -> str:
    """The targets behind their own schedule, the farthest behind on top, each with cause and task."""
    rows = board.behind
    if not rows:
        return '<section class="k-panel"><h2>差距清单</h2><p class="k-note">没有滞后的指标。</p></section>'
    note = f"按比各自时序差的百分点排,差得多的在前 · 剩余 {board.remaining_months} 个月"
    places = _Places.of(rows)
    body = "".join(_gap_row(row, places, board) for row in rows)
    table = f'{_gap_head(board)}<tbody role="rowgroup">{body}</tbody>'
    return (
        f'<section class="k-panel k-wide"><h2>差距清单 <small>{note}</small></h2>'
        f'<table role="table" class="k-table k-gaps">{table}</table></section>'
    )


def _gap_head(board: Board) -> str:
    mark = "†" if board.has_demo else ""
    points = "†" if board.points_demo else ""
    months = board.period_text.split("年")[-1]
    return head(
        ("状态", _LEFT),
        ("指标 单位", _LEFT),
        (f"{months}|累计", _RIGHT),
        ("全年|目标", _RIGHT),
        ("完成率|%", f"{_RIGHT} k-reached"),
        ("竖线为|时序", "k-screen"),
        ("比时序|百分点", _RIGHT),
        ("|尚差", _RIGHT),
        ("剩余月均|需完成", _RIGHT),
        (f"前{board.period.months}月|月均", f"{_RIGHT} k-spare"),
        ("需是以|往的倍", f"{_RIGHT} k-spare"),
        (f"可能失|分{points}", f"{_RIGHT} k-screen k-spare"),
        (f"责任人{mark}|责任单位", _LEFT),
    )


class _Places:
    """The room for decimals of each column."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        progress = [row.progress for row in rows]
        self.actual = decimals_in(each.actual for each in progress)
        self.target = decimals_in(each.target for each in progress)
        self.missing = decimals_in(each.missing for each in progress)
        self.needed = decimals_in(each.needed for each in progress)
        self.average = decimals_in(each.average for each in progress)

    @classmethod
    def of(cls, rows: tuple[Row, ...]) -> _Places:
        return cls(rows)


def _gap_row(row: Row, places: _Places, board: Board) -> str:
    progress = row.progress
    cells = (
        cell(chip(row.light), "状态", "k-status"),
        cell(_name(row) + estimate_tag(progress.actual) + _doubt_tag(row), "指标", "k-name"),
        number_cell(progress.actual, places.actual, "累计", "k-strong"),
        number_cell(progress.target, places.target, "目标"),
        number_cell(progress.attainment, 1, "完成率 %", "k-strong k-reached"),
        cell(pace_bar(progress, _tone(row)), "进度", "k-barcell k-screen"),
        number_cell(progress.gap, 1, "比时序 百分点", "k-bad"),
        number_cell(progress.missing, places.missing, "尚差"),
        number_cell(progress.needed, places.needed, "剩余月均需", "k-strong"),
        number_cell(progress.average, places.average, f"前{board.period.months}月月均", "k-spare"),
        number_cell(progress.times, 2, "需是以往的倍", "k-spare"),
        cell(_span(row.at_stake), "可能失分", "k-right k-screen k-spare"),
        cell(_duty(row, board), "责任", "k-duty"),
    )
    return f'<tr role="row" class="k-first">{"".join(cells)}</tr>{_second_line(row, board, len(cells))}'


def _second_line(row: Row, board: Board, columns: int) -> str:
    said = "".join(_said(row, board))
    return (
        f'<tr role="row" class="k-second"><td role="cell"></td>'
        f'<td role="cell" colspan="{columns - 1}" data-label="">{said}</td></tr>'
    )


def _said(row: Row, board: Board) -> Iterator[str]:
    """Who set the target, why it is behind, what is to be done, and what is in doubt about it."""
    if row.progress.issuer:
        yield f"<span><b>目标</b> {escape(row.progress.issuer + _unknown_target(row))}</span>"
    if row.cause:
        yield f"<span><b>原因</b> {escape(row.cause)}{dagger(row.cause_demo)}</span>"
    if row.task:
        when = f"\uff08{day_text(row.task_due)}{dagger(board.has_demo)}\uff09" if row.task_due else ""
        yield f"<span><b>措施</b> {escape(row.task)}{when}</span>"
    for place in row.doubts:
        doubt = board.doubts[place]
        said = f"{escape(doubt.first)},对“{escape(doubt.second)}”,未作取舍"
        yield f'<span class="k-questioned"><b>存疑</b> {said}</span>'


def _unknown_target(row: Row) -> str:
    """Why there is an attainment although nobody printed the target."""
    if row.progress.target.words != NOT_PRINTED:
        return ""
    return ",任务数未列(零即 0%)" if row.progress.attainment.present else ",任务数未列"


# --- everything -----------------------------------------------------------------------------------


def all_table(board: Board) -> str:
    """Every target in the scheme's order, in blocks with their subtotals."""
    places = _Places.of(tuple(row for group in board.groups for row in group.rows))
    body = "".join(_group_rows(group, places, board) for group in board.groups)
    table = f"{_all_head(board)}{body}{_all_foot(board)}"
    title = f"<h2>全部指标 <small>{board.counted} 项,按考核办法次序</small></h2>"
    return (
        f'<section class="k-panel k-wide k-everything">{title}'
        f'<table role="table" class="k-table k-all">{table}</table></section>'
    )


def _all_head(board: Board) -> str:
    points, mark = "†" if board.points_demo else "", "†" if board.has_demo else ""
    months = board.period_text.split("年")[-1]
    return head(
        ("状态", _LEFT),
        ("指标 单位", _LEFT),
        (f"{months}|累计", _RIGHT),
        ("全年|目标", _RIGHT),
        ("完成率|%", f"{_RIGHT} k-reached"),
        ("竖线为|时序", _LEFT),
        ("比时序|百分点", _RIGHT),
        ("同比|%", f"{_RIGHT} k-growth"),
        (f"|分值{points}", _RIGHT),
        (f"|得分{points}", _RIGHT),
        (f"责任单位{mark}|责任人", _LEFT),
    )


def _group_rows(group: Group, places: _Places, board: Board) -> str:
    full = "" if group.full is None else fixed(group.full, 0)
    points = "" if group.full is None else group.points.text(2)
    name = f'<th role="rowheader" scope="rowgroup" colspan="8">{escape(group.name)}</th>'
    title = (
        f'<tr role="row" class="k-group">{name}{cell(full, "分值", "k-right")}'
        f'{cell(points, "得分", "k-right")}<td role="cell"></td></tr>'
    )
    rows = "".join(_all_row(row, places, board) for row in group.rows)
    return f'<tbody role="rowgroup">{title}{rows}</tbody>'


def _all_row(row: Row, places: _Places, board: Board) -> str:
    progress = row.progress
    full = Figure() if row.full is None else Figure(row.full, 0)
    pace = _gap_cell(row)
    cells = (
        cell(chip(row.light), "状态", "k-status"),
        cell(_name(row) + estimate_tag(progress.actual) + _doubt_tag(row), "指标", "k-name"),
        number_cell(
            progress.actual if not row.heading else Figure(words=" "), places.actual, "累计", "k-strong"
        ),
        number_cell(progress.target if not row.heading else Figure(words=" "), places.target, "目标"),
        number_cell(
            progress.attainment if not row.heading else Figure(words=" "), 1, "完成率 %", "k-reached"
        ),
        cell(_bar_or_note(row), "进度", "k-barcell"),
        number_cell(pace, 1, "比时序 百分点", "k-bad" if progress.is_behind else ""),
        number_cell(progress.growth if not row.heading else Figure(words=" "), 1, "同比 %", "k-growth"),
        number_cell(full if row.full is not None else Figure(words=" "), 0, "分值"),
        cell(escape(points_text(row)), "得分", "k-right"),
        cell(_duty(row, board, True), "责任", "k-duty"),
    )
    kind = " ".join(
        part for part in ("k-inner" if row.depth else "", "k-heading" if row.heading else "") if part
    )
    return f'<tr role="row" class="{kind}">{"".join(cells)}</tr>'


def _gap_cell(row: Row) -> Figure:
    if row.heading:
        return Figure(words=" ")
    if row.progress.pace.words and row.progress.attainment.present:
        return Figure(words=row.progress.pace.words)
    return row.progress.gap


def _bar_or_note(row: Row) -> str:
    if row.progress.attainment.present:
        return pace_bar(row.progress, _tone(row))
    note = row.note or row.progress.due
    return f'<span class="k-word">{escape(note)}</span>' if note else ""


def _all_foot(board: Board) -> str:
    full = "" if board.full is None else fixed(board.full, 0)
    name = '<th role="rowheader" scope="row" colspan="7">合计</th>'
    return (
        f'<tfoot role="rowgroup"><tr role="row"><td role="cell"></td>{name}{cell(full, "分值", "k-right")}'
        f'{cell(board.total.text(2), "得分", "k-right")}<td role="cell"></td></tr></tfoot>'
    )


# --- the printed sheet ----------------------------------------------------------------------------


def rest_lists(board: Board) -> str:
    """The targets that are not behind, in two columns, those to look at first; for paper only."""
    rows = [row for row in board.rows if row not in board.behind]
    half = (len(rows) + 1) // 2
    tables = "".join(_rest_table(part) for part in (rows[:half], rows[half:]) if part)
    return f'<h2>其余 {len(rows)} 项 <small>需看的在前</small></h2><div class="k-two">{tables}</div>'


def _rest_table(rows: list[Row]) -> str:
    body = "".join(_rest_row(row) for row in rows)
    titles = ("状态", "指标", "累计", "完成率 %")
    heads = "".join(
        f'<th scope="col" class="{"k-right" if n > 1 else ""}">{text}</th>' for n, text in enumerate(titles)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _rest_row(row: Row) -> str:
    name = f"{escape(row.name)}{estimate_tag(row.progress.actual)}"
    figures = (_figure_with_measure(row), _plain(row.progress.attainment))
    cells = "".join(f'<td class="k-right">{figure}</td>' for figure in figures)
    return f"<tr><td>{chip(row.light)}</td><td>{name}</td>{cells}</tr>"


def _figure_with_measure(row: Row) -> str:
    actual = row.progress.actual
    if not actual.present:
        return escape(row.note or (row.light.word if row.light is not None else actual.text))
    return f"{escape(actual.text)}{dagger(actual.demo)} {escape(row.progress.measure)}"


def _plain(figure: Figure) -> str:
    return f"{escape(figure.text)}{dagger(figure.demo)}" if figure.present else "—"


# --- shared ---------------------------------------------------------------------------------------


def _name(row: Row) -> str:
    about = subject(row)
    small = " ".join(part for part in (about, row.progress.measure) if part)
    prefix = "其中 " if row.depth else ""
    return f'<span class="k-title">{prefix}{escape(row.name)}</span> <small>{escape(small)}</small>'


def _doubt_tag(row: Row) -> str:
    return tag("? 存疑", "doubt") if row.doubts else ""


def _duty(row: Row, board: Board, one_line: bool = False) -> str:
    if not (row.owner or row.lead):
        return ""
    if one_line:
        return f"{escape(row.lead)} <small>{escape(row.owner)}</small>"
    return f"{escape(row.owner)}<br><small>{escape(row.lead)}</small>"


def _tone(row: Row) -> str:
    return row.light.tone if row.light is not None else "red" if row.progress.is_behind else "green"


def _span(stake: Span) -> str:
    return escape(stake.text(2)) if stake.known else "未定"
