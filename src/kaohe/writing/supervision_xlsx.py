"""目标任务分解表 and 整改清单 as workbooks that print on A4 across and that ``kaohe import`` reads back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

_A4 = 9
_SONG, _HEI, _TITLE = "宋体", "黑体", "方正小标宋简体"
_DEMO = "演示数据"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whose table it is, of which month (2005-09), what it is called, and whether its figures are made up."""

    unit: str
    month: str
    name: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """A target with the shares of the units below by name; figures as decimal text, blank when not known."""

    line: str
    indicator: str
    measure: str
    value: str
    issuer: str
    leader: str
    lead: str
    owner: str
    shares: Mapping[str, str] = field(default_factory=dict)
    adds_up: bool = True


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as a line of the list."""

    unit: str
    indicator: str
    cause: str
    task: str
    contribution: str
    supporting: str
    owner: str
    start: date | None
    due: date | None
    state: str
    progress: str
    code: str = ""


def breakdown_xlsx(sheet: Sheet, units: Sequence[str], rows: Sequence[BreakdownRow]) -> bytes:
    """The breakdown: a row a target, a column a unit below, their sum and its difference to the target."""
    with _Book(sheet) as book:
        fixed = ("序号", "条线", "指标", "计量单位", f"{sheet.month[:4]}年目标")
        after = ("分解合计", "与目标比") if units else ()
        tail = ("下达单位", "责任领导", "责任单位", "责任人")
        page = book.page(f"{sheet.month[:4]}年{sheet.name}", (*fixed, *units, *after, *tail))
        for number, row in enumerate(rows, start=1):
            page.put(number, row.line, row.indicator, row.measure, _number(row.value))
            page.put(*(_number(row.shares.get(unit, "")) for unit in units))
            page.put(*(_sums(row) if units else ()))
            page.put(row.issuer, row.leader, row.lead, row.owner)
            page.end()
        page.lay_out((5, 9, 24, 9, 11, *(9,) * len(units), *(9,) * len(after), 13, 9, 10, 9))
    return book.content


def rectification_xlsx(
    sheet: Sheet, lines: Sequence[TaskLine], bare: Sequence[tuple[str, str, str]]
) -> bytes:
    """The list of tasks; ``bare`` are indicators behind without one, with their distance and owner."""
    with _Book(sheet) as book:
        heads = (
            "序号", "单位", "指标", "存在问题(原因)", "整改措施", "预计补足", "配合单位", "责任人",
            "开始", "完成时限", "状态", "进展", "编号",
        )  # fmt: skip
        page = book.page(f"{_month(sheet.month)}{sheet.name}", heads)
        for number, line in enumerate(lines, start=1):
            page.put(number, line.unit, line.indicator, line.cause, line.task, line.contribution)
            page.put(line.supporting, line.owner, _day(line.start), _day(line.due), line.state, line.progress)
            page.put(line.code)
            page.end()
        page.lay_out((5, 10, 15, 20, 32, 11, 13, 8, 11, 11, 8, 24, 16))
        if bare:
            page = book.page("滞后而没有措施的指标", ("序号", "指标", "比时序(百分点)", "责任人"), "缺措施")
            for number, (name, gap, owner) in enumerate(bare, start=1):
                page.put(number, name, gap, owner)
                page.end()
            page.lay_out((5, 36, 16, 12))
    return book.content


class _Book:
    """A workbook being written."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.stream, self.content = sheet, io.BytesIO(), b""
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book: Any = xlsxwriter.Workbook(self.stream, options)

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, *raised: object) -> None:
        self.book.close()
        self.content = self.stream.getvalue()

    def page(self, title: str, heads: Sequence[str], name: str = "") -> _Page:
        """A further sheet with its title and its row of heads."""
        return _Page(self, title, heads, name or self.sheet.name)


class _Page:
    """A sheet written cell by cell."""

    def __init__(self, made: _Book, title: str, heads: Sequence[str], name: str) -> None:
        self.book, self.width = made.book, len(heads)
        self.page = self.book.add_worksheet(name)
        big = self._format(font_name=_TITLE, font_size=18, align="center", valign="vcenter")
        self.page.merge_range(0, 0, 0, self.width - 1, f"{made.sheet.unit}{title}", big)
        self.page.set_row(0, 32)
        self.page.write_string(1, 0, _DEMO if made.sheet.demo else "", self._format(font_name=_SONG))
        head = self._format(font_name=_HEI, border=1, align="center", valign="vcenter", text_wrap=True)
        for place, text in enumerate(heads):
            self.page.write_string(2, place, text, head)
        self.page.set_row(2, 32)
        self.text = self._format(font_name=_SONG, border=1, valign="vcenter", text_wrap=True)
        self.figure = self._format(font_name=_SONG, border=1, valign="vcenter", align="right")
        self.row, self.column = 3, 0
        self.wide: dict[int, list[int]] = {}

    def put(self, *cells: str | int | Decimal) -> None:
        """The next cells of the row: numbers as numbers, all else as text."""
        for cell in cells:
            self.wide.setdefault(self.row, []).append(sum(2 if sign > "\u2000" else 1 for sign in str(cell)))
            if isinstance(cell, str):
                self.page.write_string(self.row, self.column, cell, self.text)
            else:
                self.page.write_number(self.row, self.column, cell, self.figure)
            self.column += 1

    def end(self) -> None:
        """Ends the row."""
        self.row, self.column = self.row + 1, 0

    def lay_out(self, widths: Sequence[int]) -> None:
        """Widths, and how it prints: A4 across, one page wide, heads on every page, page numbers."""
        for place, width in enumerate(widths):
            self.page.set_column(place, place, width)
        # Not every program fits the height of a row to its text.
        for row, needed in self.wide.items():
            lines = max(-(-need // max(width - 1, 1)) for need, width in zip(needed, widths, strict=True))
            self.page.set_row(row, 8 + 15 * max(lines, 1))
        self.page.set_landscape()
        self.page.set_paper(_A4)
        self.page.set_margins(0.5, 0.5, 0.6, 0.6)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(2)
        self.page.freeze_panes(3, 3)
        self.page.center_horizontally()
        self.page.set_footer("&C第 &P 页,共 &N 页")

    def _format(self, **properties: object) -> Any:
        return self.book.add_format({"font_size": 11, **properties})


def _number(text: str) -> str | Decimal:
    return Decimal(text) if text else ""


def _sums(row: BreakdownRow) -> tuple[str | Decimal, str]:
    """The sum of the shares and, in words, how it compares with the target: a difference is no figure to
    be read back as one."""
    told = [Decimal(text) for text in row.shares.values() if text]
    if not told:
        return "", ""
    if not row.adds_up:
        return "不相加", ""
    total = sum(told, Decimal(0))
    return total, _compared(total - Decimal(row.value)) if row.value else ""


def _compared(difference: Decimal) -> str:
    if not difference:
        return "一致"
    return f"{'多' if difference > 0 else '少'}{abs(difference)}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _month(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"
