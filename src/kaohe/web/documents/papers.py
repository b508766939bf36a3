"""What a paper is filled with: a unit's month from the ledger and its latest run, limited to who asks.

Papers are Chinese whatever language the person reads the pages in. A figure that has not been submitted is
nobody's figure yet: it is told as 未上报.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.conf import settings
from django.utils import translation

from kaohe.facts.cells import Cell
from kaohe.outlook.figures import Figure
from kaohe.outlook.model import Row as BoardRow
from kaohe.quantities import Period, show_number
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.assessment.models import Run
from kaohe.web.assessment.queries import StoredBoard, latest_board
from kaohe.web.audit.receipts import printed_head
from kaohe.web.config.clock import today
from kaohe.web.ledger.grid import GridCell, entry_grid
from kaohe.web.ledger.models import Indicator, ReportingUnit, Target
from kaohe.web.ledger.rows import GridRow, row_of
from kaohe.writing.templates import Paper, Value

NOT_SUBMITTED = "未上报"
_OPEN = frozenset({"draft", "returned"})
_NUMBER = re.compile(r"[+\u2212-]?[\d,]+(\.\d+)?")
_WORDS = {"empty": "缺报", "missing": "缺报", "not_applicable": "不适用", "not_due": "未到期"}
_STATES = {
    "submitted": "已上报", "reviewed": "已审核", "verified": "已认定", "draft": NOT_SUBMITTED,
    "returned": NOT_SUBMITTED, "computed": "自动计算", "empty": "待填",
}  # fmt: skip
_TONES = {"green": "正常数", "amber": "关注数", "red": "滞后数", "due": "未到期数"}
_LEGEND = (
    "预计：估计数，尚未定数。≈：由公布的完成率推算。缺报：已到期而没有数，不是零。未上报：已填写，尚未上报，"
    "不计入。未到期：还没有到报数的时候。不适用：本单位没有这一项。0：已知为零。—：无从计算。"
)

Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """The fields of a paper, with the run and the state of the audit ledger that they rest on."""

    paper: Paper
    run: Run | None
    ledger_size: int
    ledger_head: str


def paper_facts(permits: Permits, unit: ReportingUnit, month: str) -> PaperFacts:
    """Everything that a template can ask for about a unit and a month."""
    permits.need(Verb.PUBLISH, unit)
    size, head = printed_head()
    with translation.override("zh-hans"):
        stored = latest_board(permits, unit, month)
        told = _Teller(permits, unit, month, stored)
        paper = told.paper(size, head)
    return PaperFacts(paper, stored.run if stored else None, size, head)


@dataclass(frozen=True, slots=True)
class _Teller:
    permits: Permits
    unit: ReportingUnit
    month: str
    stored: StoredBoard | None

    def paper(self, size: int, head: str) -> Paper:
        rows = self.rows()
        aimed = [row for row in rows if row["年度目标"].text]
        single = self.head() | self.counts(rows, aimed) | self.standing() | self.foot(size, head)
        scopes = {"行": rows, "目标": aimed, "滞后": self.behind(rows), "分解": self.shares()}
        return Paper(single, {name: _numbered(each) or _NOTHING for name, each in scopes.items()})

    # --- rows ---------------------------------------------------------------------------------------

    def rows(self) -> list[Values]:
        cells = entry_grid(self.permits, self.unit, self.month).cells
        targets = self.targets()
        boards = self.board_rows()
        known = {cell.indicator.pk for cell in cells}
        others = {row.indicator.pk: row.indicator for row in _each(targets) if row.indicator_id not in known}
        made = [
            _figure(cell) | self.aim(cell.indicator, targets.get(cell.indicator.pk, ()), boards)
            for cell in cells
        ]
        return made + [
            _names(indicator) | {"累计": Value("不填报")} | self.aim(indicator, targets[pk], boards)
            for pk, indicator in others.items()
        ]

    def targets(self) -> dict[int, list[Target]]:
        """By indicator, the targets in force: of each issuer the newest."""
        seen = Target.objects.filter(self.permits.figures(), unit=self.unit, period=self.month[:4])
        newest: dict[tuple[int, str], Target] = {}
        for row in seen.select_related("indicator__line", "lead_unit").order_by("valid_from", "id"):
            newest[row.indicator_id, row.issuer] = row
        found: dict[int, list[Target]] = {}
        for row in newest.values():
            found.setdefault(row.indicator_id, []).append(row)
        return found

    def board_rows(self) -> dict[str, BoardRow]:
        found: dict[str, BoardRow] = {}
        for row in self.stored.board.rows if self.stored else ():
            found.setdefault(row.progress.indicator, row)
        return found

    def aim(self, indicator: Indicator, targets: Sequence[Target], boards: Mapping[str, BoardRow]) -> Values:
        first = targets[0] if targets else None
        row = boards.get(indicator.code)
        made = {
            "年度目标": _target(targets),
            "下达单位": Value("、".join(dict.fromkeys(each.issuer for each in targets if each.issuer))),
            "文件": Value(first.document if first else ""),
            "责任领导": Value(first.accountable_leader if first else ""),
            "牵头单位": Value(str(first.lead_unit) if first and first.lead_unit else ""),
            "责任人": Value(first.owner if first else ""),
        }
        return made | (_pace(row) if row is not None else _NO_PACE)

    def behind(self, rows: Sequence[Values]) -> list[Values]:
        order = [row.progress.indicator for row in self.stored.board.behind] if self.stored else []
        by_code = {row["代码"].text: row for row in rows}
        return [by_code[code] for code in dict.fromkeys(order) if code in by_code]

    def shares(self) -> list[Values]:
        seen = Target.objects.filter(
            self.permits.figures(), parent_target__unit=self.unit, period=self.month[:4]
        )
        ordered = seen.select_related("indicator", "unit", "parent_target").order_by(
            "indicator__line__order", "indicator__order", "unit__order", "unit_id"
        )
        return [
            {
                "指标": Value(row.indicator.name),
                "计量单位": Value(row.indicator.measure),
                "年度目标": _target([row.parent_target] if row.parent_target else []),
                "承担单位": Value(row.unit.name),
                "分解目标": _target([row]),
                "责任领导": Value(row.accountable_leader),
                "责任人": Value(row.owner),
            }
            for row in ordered
        ]

    # --- the whole ------------------------------------------------------------------------------------

    def head(self) -> Values:
        year, number = self.month[:4], int(self.month[5:])
        day = today()
        months = "1月" if number == 1 else f"1—{number}月"
        return _texts(
            单位=self.unit.name, 单位简称=str(self.unit), 年=year, 月=str(number),
            年月=f"{year}年{number}月", 期间=f"{year}年{months}", 制表人=self.permits.person.name,
            制表日期=f"{day.year}年{day.month}月{day.day}日", 图例=_LEGEND,
        )  # fmt: skip

    def counts(self, rows: Sequence[Values], aimed: Sequence[Values]) -> Values:
        tones = Counter(row["灯"].text for row in aimed)
        words = Counter(row["累计"].text for row in rows)
        made = {name: str(tones[tone]) for tone, name in _TONES.items()}
        return _texts(
            **made, 指标数=str(len(rows)), 有目标数=str(len(aimed)), 缺报数=str(words["缺报"]),
            未上报数=str(words[NOT_SUBMITTED]),
        )  # fmt: skip

    def standing(self) -> Values:
        """Total and place: for who sees the unit whole, and where there is a run."""
        stored = self.stored
        if stored is None:
            return _texts(
                办法="—",
                总分="未计分",
                满分="—",
                名次="未计分",
                参评单位数="—",
                计分批次="未计分",
                时序进度="—",
            )
        board = stored.board
        number = stored.run.number + ("（计分后数据又有改动）" if stored.stale else "")
        pace = show_number(Fraction(board.pace), 1)
        if stored.lines is not None:
            return _texts(
                办法=board.scheme,
                总分="—",
                满分="—",
                名次="—",
                参评单位数="—",
                计分批次=number,
                时序进度=pace,
            )
        return _texts(
            办法=board.scheme, 总分=board.total.text(2) if board.total.known else "未定",
            满分="—" if board.full is None else show_number(board.full),
            名次=board.rank.text(0) if board.rank.known else "未定",
            参评单位数=str(board.peers), 计分批次=number, 时序进度=pace,
        )  # fmt: skip

    def foot(self, size: int, head: str) -> Values:
        batch = self.standing()["计分批次"].text
        month = Period.parse(self.month)
        shown = "演示数据 · " if settings.SITE.demonstration else ""
        told = (
            f"{shown}{month.year}年{int(self.month[5:])}月 · 计分批次 {batch} · 审计台账第 {size} 条 {head}"
        )
        return _texts(页脚=told, 台账条数=str(size), 台账摘要=head)


# --- a figure -------------------------------------------------------------------------------------


def _figure(cell: GridCell) -> Values:
    """The fields of a figure as the ledger holds it."""
    row = row_of(cell)
    absent = _absent(cell, row)
    return _names(cell.indicator) | {
        "累计": Value(absent) if absent else told(row.effective or row.now, _estimated(cell.effective)),
        "当月": Value("—") if absent else told(row.month_alone),
        "上月": _past(cell.last_month, row.last_month),
        "上年同期": _past(cell.last_year, row.last_year),
        "同比": Value("—") if absent else told(row.growth),
        "完成率": Value("—") if absent else told(row.attainment),
        "填报状态": Value(_STATES.get(cell.state, cell.state)),
        "标注": Value(_remark(cell, row, absent)),
        "说明": Value(row.note),
    }


def _absent(cell: GridCell, row: GridRow) -> str:
    """Why there is no figure to print, in a word; blank when there is one."""
    if cell.state in _OPEN or _is_draft(cell.effective):
        return NOT_SUBMITTED
    return "" if cell.effective.present else _WORDS[cell.effective.presence.value]


def _is_draft(cell: Cell) -> bool:
    return cell.present and cell.assurance == "draft"


def _past(cell: Cell, text: str) -> Value:
    if not cell.present:
        return Value(_WORDS[cell.presence.value] if cell.presence.value != "missing" else "—")
    return Value(NOT_SUBMITTED) if _is_draft(cell) else told(text, _estimated(cell))


def _estimated(cell: Cell) -> str:
    return "预计" if cell.estimated else ""


def _remark(cell: GridCell, row: GridRow, absent: str) -> str:
    marks = [] if absent else [word for word, told in (("预计", cell.effective.estimated),) if told]
    if row.effective and not absent and row.effective != row.now:
        marks.append(f"认定数，上报 {row.now}")
    return "；".join(marks)


def _names(indicator: Indicator) -> Values:
    blank = ("当月", "上月", "上年同期", "同比", "完成率", "填报状态", "标注", "说明")
    return {name: Value("—" if name in blank[:5] else "") for name in blank} | _texts(
        代码=indicator.code, 指标=indicator.name, 条线=indicator.line.name, 计量单位=indicator.measure
    )


_NO_PACE = {name: Value("—") for name in ("时序", "比时序", "尚差", "月均需完成", "得分", "分值")} | {
    "状态": Value("—"), "灯": Value(),
}  # fmt: skip


def _pace(row: BoardRow) -> Values:
    """Where a target stands against its schedule, as the latest run says."""
    progress, light = row.progress, row.light
    return {
        "时序": _board(progress.pace), "比时序": _board(progress.gap), "尚差": _board(progress.missing),
        "月均需完成": _board(progress.needed), "状态": Value(light.word if light else "—"),
        "灯": Value(light.tone if light else ""),
        "得分": told(row.points.text(2) if row.points.known else "未定"),
        "分值": Value("—") if row.full is None else told(show_number(row.full)),
    }  # fmt: skip


def _board(figure: Figure) -> Value:
    value = told(figure.number, figure.mark) if figure.present else Value(figure.text)
    return replace(value, text=figure.text)


_NOTHING = ({"指标": Value("（无）")},)
_FORMS = {"growth": "增长 {}%", "points": "提高 {} 个百分点", "rank": "前 {} 名", "at_most": "不超过 {}"}


def _target(targets: Sequence[Target]) -> Value:
    """The year's target; where issuers ask for different things, each with its issuer."""
    if not targets:
        return Value()
    if len(targets) == 1:
        return _one_target(targets[0])
    return Value(
        "；".join(f"{_one_target(each).text}（{each.issuer or '下达单位不详'}）" for each in targets)
    )


def _one_target(target: Target) -> Value:
    if not target.value:
        return Value("目标未列")
    text = show_number(Fraction(target.value), len(target.value.partition(".")[2]))
    mark = "≈" if target.approx else ""
    if target.form in _FORMS:
        return Value(_FORMS[target.form].format(mark + text))
    return told(text, mark)


def told(text: str, mark: str = "") -> Value:
    """A text that may be a number: then the number too, with the decimals that were printed.

    >>> told("12,000.5").number, told("盈转亏").number is None, told("").text
    (Fraction(24001, 2), True, '—')
    """
    if not _NUMBER.fullmatch(text):
        return Value(text or "—")
    plain = text.replace(",", "").replace("\u2212", "-").removeprefix("+")
    return Value(mark + text, Fraction(plain), len(plain.partition(".")[2]), mark, text.startswith("+"))


def _texts(**fields: str) -> Values:
    return {name: told(text) if name in _COUNTED else Value(text) for name, text in fields.items()}


_COUNTED = frozenset(
    [
        "年",
        "月",
        "时序进度",
        "指标数",
        "有目标数",
        "正常数",
        "关注数",
        "滞后数",
        "缺报数",
        "未到期数",
        "未上报数",
        "总分",
        "满分",
        "参评单位数",
        "台账条数",
    ]
)


def _numbered(rows: Iterable[Values]) -> list[Values]:
    return [row | {"序号": Value(str(number), Fraction(number))} for number, row in enumerate(rows, 1)]


def _each(targets: Mapping[int, Sequence[Target]]) -> Iterable[Target]:
    return (row for rows in targets.values() for row in rows)
