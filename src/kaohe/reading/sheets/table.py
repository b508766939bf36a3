"""The figures of one table: names, role, period, measure and value of each, or a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kaohe.reading.sheets.answering import apply_answer
from kaohe.reading.sheets.asking import Asker
from kaohe.reading.sheets.axes import Axes, axes_of
from kaohe.reading.sheets.blocks import Block
from kaohe.reading.sheets.columns import Column, columns_of
from kaohe.reading.sheets.completeness import check_names
from kaohe.reading.sheets.context import Context
from kaohe.reading.sheets.contradictions import check_against
from kaohe.reading.sheets.covering import areas_of
from kaohe.reading.sheets.dating import date_figure, has_parallel_years
from kaohe.reading.sheets.drafts import Draft, Row
from kaohe.reading.sheets.evaluating import evaluate_figure
from kaohe.reading.sheets.evidence import settle_growth, settle_scale
from kaohe.reading.sheets.grid import Grid, Place
from kaohe.reading.sheets.labels import GROWTHS, Label, RoleWord
from kaohe.reading.sheets.measuring import measure_figure
from kaohe.reading.sheets.naming import names_of
from kaohe.reading.sheets.proving import prove, unexplained_axes
from kaohe.reading.sheets.rows import rows_of
from kaohe.reading.sheets.spans import times_of
from kaohe.reading.sheets.values import Written
from kaohe.reading.sheets.words import is_word

_ROLES = {
    "": "actual", "actual": "actual", "last_year": "last_year", "target": "target",
    "attainment": "attainment",
    "growth_rate": "growth", "growth_open": "growth", "growth_amount": "growth", "growth_points": "growth",
    "chain": "growth", "pace": "attainment", "rank": "actual", "score": "actual", "share": "actual",
}  # fmt: skip
_ASKED_ROLES = {
    "chain": "“{head}”不是同比:按什么期别比,要不要导入?",
    "pace": "“{head}”是时序要求还是实际进度,要不要导入?",
    "rank": "“{head}”是名次,要不要导入?",
    "share": "“{head}”是占多少的份额:叫什么指标,要不要导入?",
    "score": "“{head}”是得分或分值,要不要导入?",
}
_NO_FIGURE = re.compile(r"(?:书记|主任|[镇乡村]长|电话|姓名|名称|地址|[人员]|日期|时间|代码)$")
"""In a form without headers: what stands beside is no figure."""
Doubt = tuple[str, str, str, tuple[str, ...]]
"""Kind, topic, text and choices of a question."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known beside the sheet: names and kinds of a ledger."""

    units: frozenset[str] = frozenset()
    stocks: dict[str, bool] = field(default_factory=dict)


class Table:
    """One table on its way to figures."""

    def __init__(self, grid: Grid, block: Block, context: Context, asker: Asker, setting: Setting) -> None:
        self.grid, self.block, self.context, self.asker, self.setting = grid, block, context, asker, setting
        self.columns = columns_of(grid, block)
        self.axes: Axes = axes_of(grid, block, self.columns, context, setting.units)
        self.rows: list[Row] = rows_of(grid, block, self.columns, self.axes)
        self.figures = [column for column in self.columns if column.kind == "figure"]
        self.names = names_of(self.figures, self.axes, setting.units)
        self.doubts: dict[Doubt, list[Draft]] = {}
        self.drafts: list[Draft] = []

    @property
    def has_parallel_years(self) -> bool:
        """Whether this year and last year stand side by side as bare years."""
        return has_parallel_years(self)

    @property
    def fingerprint(self) -> str:
        """The words of the header, by which answers are remembered."""
        return "|".join(column.head for column in self.columns)

    def understood(self) -> list[Draft]:
        """The figures, each as far as it is understood; what is not has been asked."""
        self._check_axes()
        for row in self.rows:
            for column in self.figures:
                draft = self._draft(row, column)
                if draft is not None:
                    self.drafts.append(draft)
        for draft in self.drafts:
            self._name(draft)
            date_figure(self, draft)
        for draft in self.drafts:
            measure_figure(self, draft)
            evaluate_figure(self, draft)
        settle_growth(self)
        settle_scale(self)
        prove(self)
        check_names(self)
        check_against(self)
        self._settle()
        return self.drafts

    def doubt(self, draft: Draft, kind: str, topic: str, text: str, choices: Sequence[str] = ()) -> None:
        """Lays a question on a figure; the same question is asked once for all its figures."""
        self.doubts.setdefault((kind, topic, text, tuple(choices)), []).append(draft)

    # Which axis is which

    def _check_axes(self) -> None:
        if self.axes.unclear is None:
            figured = [(row.index, c.index) for row in self.rows for c in self.figures]
            for head, text in unexplained_axes(self):
                self.asker.ask("axis", figured, text, ("指标", "不导入"), head)
            return
        places = [(row.index, self.axes.unclear) for row in self.rows]
        head = next(c.head for c in self.columns if c.index == self.axes.unclear)
        figured = [(row.index, c.index) for row in self.rows for c in self.figures]
        text = f"“{head or '第一列'}”这一列是填报单位、指标,还是逐个登记的对象?"
        answer = self.asker.ask("axis", places + figured, text, ("填报单位", "指标", "登记的对象"), head)
        if answer == "填报单位":
            self.axes = replace(self.axes, unit=self.axes.unclear, indicator=None, unclear=None)
            self.rows = rows_of(self.grid, self.block, self.columns, self.axes)
        elif answer == "登记的对象":
            self.axes = replace(self.axes, record=self.axes.unclear, indicator=None, unclear=None)
            self.rows = rows_of(self.grid, self.block, self.columns, self.axes)

    def _draft(self, row: Row, column: Column) -> Draft | None:
        place = (row.index, column.index)
        cell = self.grid.at(*place)
        if cell.sort == "blank":
            if place in self.grid.anchors or not self.context.meaning("") or not column.labels:
                return None
            cell = Written("mark", "")
        if cell.sort in ("text", "date") and not column.labels and _NO_FIGURE.search(row.indicator):
            return None
        if not (row.unit or row.indicator or row.record or row.labels or row.total or column.labels):
            return None
        return Draft(place, cell, row, column)

    # Names and roles

    def _name(self, draft: Draft) -> None:
        row, column = draft.row, self.names[draft.column.index]
        draft.word = self._role_word(draft)
        draft.role = _ROLES[draft.word]
        unnamed = row.unnamed or (self.axes.unit is not None and not row.unit and not row.total)
        draft.unit = row.unit or column.unit or ("" if unnamed else self.context.unit)
        draft.record = row.record
        draft.indicator, draft.parent = self._indicator(draft)
        if row.total or column.total:
            draft.role = "total_row"
            self._name_total(draft)
        named = draft.word == "share" and bool(draft.column.leaf.name or draft.column.leaf.role != "share")
        if draft.word in _ASKED_ROLES and not named:
            head = draft.column.head if self.column_role(draft.column) else draft.row.labels[-1].text
            self.doubt(draft, "role", head, _ASKED_ROLES[draft.word].format(head=head), ("不导入", "导入"))
        self._check_target_name(draft)
        if draft.word == "" and draft.role == "actual" and self.context.planned:
            text = "标题说的是目标或任务,表头没有说:这些数是目标还是完成数?"
            self.doubt(draft, "reading", "planned", text, ("按读出的导入", "不导入"))
        if self.context.others and draft.unit == self.context.unit and not draft.row.total:
            names = (self.context.unit, *self.context.others)
            self.doubt(draft, "row_unit", "title", f"{'、'.join(names)}:是哪个单位的数?", names)
        if (
            draft.row.section
            and is_word(draft.indicator, "weak_name")
            and draft.indicator == draft.row.indicator
        ):
            whole = draft.row.section + draft.indicator
            text = f"“{draft.row.section}”下的“{draft.indicator}”叫什么指标?"
            self.doubt(draft, "indicator", draft.indicator, text, (whole, draft.indicator))
        self._check_titled(draft)
        if not draft.indicator:
            self.doubt(draft, "indicator", draft.column.head, "表里没有写明这是什么指标:请写出指标名称")
        if unnamed and not draft.unit:
            self.doubt(draft, "row_unit", "", "这一行没有写单位:是谁的数?")
        elif not draft.unit:
            self.doubt(draft, "unit", "", "表里没有写明是哪个单位的数:请写出填报单位")

    def _check_target_name(self, draft: Draft) -> None:
        """A target without a name before figures that have one: it may be theirs, or the title's."""
        if draft.word != "target" or self.names[draft.column.index].name or draft.row.indicator:
            return
        actual = [c for c in self.figures if self.column_role(c) in ("", "actual")]
        named = list(dict.fromkeys(self.names[c.index].name for c in actual if self.names[c.index].name))
        if named and all(self.names[c.index].name for c in actual):
            choices = tuple(dict.fromkeys(filter(None, [*named[:4], draft.indicator])))
            text = f"“{draft.column.head}”是哪个指标的目标?"
            self.doubt(draft, "indicator", draft.column.head, text, choices)

    def _check_titled(self, draft: Draft) -> None:
        """A column without a name beside columns that have one: is it what the title names?"""
        mine = self.names[draft.column.index].name
        if mine or draft.row.indicator or draft.word == "target" or draft.indicator != self.context.indicator:
            return
        named = [c for c in self.figures if self.names[c.index].name and not self.names[c.index].total]
        if named and draft.indicator:
            head = draft.column.head
            choices = (draft.indicator, *dict.fromkeys(self.names[c.index].name for c in named[:4]))
            self.doubt(draft, "indicator", head, f"“{head}”是哪个指标的数?", tuple(dict.fromkeys(choices)))

    def _name_total(self, draft: Draft) -> None:
        row = draft.row
        if row.total and self.axes.unit is not None:
            draft.unit = row.unit if row.unit and row.unit != self.context.unit else row.total
            if self.axes.indicator is not None and not row.indicator:
                draft.unit = row.unit or row.total

    def column_role(self, column: Column) -> RoleWord:
        return next((label.role for label in reversed(column.labels) if label.role), "")

    def _role_word(self, draft: Draft) -> str:
        above = self.column_role(draft.column)
        beside = next(
            (label.role for label in reversed(draft.row.labels) if label.role and not label.name), ""
        )
        glued = next((label.role for label in reversed(draft.row.labels) if label.role and label.name), "")
        word = above if above not in ("", "actual") else beside or above
        if above not in ("", "actual") and beside not in ("", "actual", above):
            self.doubt(
                draft,
                "role",
                draft.column.head,
                f"行上写的和列上写的“{draft.column.head}”不是一回事:这一格是什么数?",
            )
        if not word and glued in GROWTHS | {"attainment", "rank"}:
            word = glued
        if self._are_targets and (not word or (above == word and draft.column.leaf.name and word in GROWTHS)):
            return "target"
        return (self._past_word(draft) or word) if word in ("", "actual") else word

    @property
    def _are_targets(self) -> bool:
        """Whether a table whose title speaks of targets holds nothing else."""
        done = any(
            self.column_role(c) in ("actual", "attainment") or c.leaf.name.startswith(("完成", "实际", "已"))
            for c in self.figures
        )
        return self.context.targets and not done

    def _past_word(self, draft: Draft) -> str:
        """A column of 去年, or of the year before in a table of two years, is last year's."""
        columns = [when for column in self.figures for when in times_of(column.labels)]
        rows = [when for row in self.rows for when in times_of(row.labels)]
        times = (*times_of(draft.column.labels), *times_of(draft.row.labels))
        if any(when.offset == -1 for when in times):
            return "last_year"
        years = {when.year for when in (*columns, *rows) if when.year is not None}
        year = self.context.moment.year or max(years, default=None)
        past = year is not None and any(when.year == year - 1 for when in times)
        return "last_year" if past and len(years | {year}) == 2 else ""

    def _indicator(self, draft: Draft) -> tuple[str, str]:
        row, column = draft.row, self.names[draft.column.index]
        name, parent = row.indicator, row.parent
        own = draft.column.leaf
        if draft.word == "target" and own.role in GROWTHS and own.name and column.name == own.name:
            column = replace(column, name=own.full)
        label = row.labels[-1] if row.labels else Label()
        if name and label.role and label.name == name and self.column_role(draft.column):
            name = label.full
        part = any(label.part for label in draft.column.labels) and self.axes.unit is None
        if column.name.endswith(("情况", "进展")) and self.context.indicator:
            column = replace(column, name="" if name else self.context.indicator)
        if name and column.name and part:
            return column.name, name
        named = bool(column.name) and not is_word(column.name, "bare_value")
        if named and row.total and name == row.total and is_word(name, "total"):
            name = column.name
        elif name and named:
            joined = self.axes.unit is not None or name != column.name
            name, parent = (name + column.name, parent and parent + column.name) if joined else (name, parent)
        elif not name:
            name, parent = column.name or self.context.indicator or self._section_name(row), column.parent
        if row.total and self.axes.unit is None and self.axes.record is None and not row.indicator:
            name = column.name or self.context.indicator or row.total
        if draft.word == "share":
            name += "占比" if not name.endswith(("占比", "比重")) else ""
        if draft.word in ("rank", "score"):
            name += draft.column.leaf.text if draft.column.leaf.role == draft.word else ""
        return name, parent

    def _section_name(self, row: Row) -> str:
        return "" if row.section == row.unit else row.section

    # Questions

    def _settle(self) -> None:
        self._include_totals()
        every = [draft.place for draft in self.drafts]
        for (kind, topic, text, choices), drafts in self.doubts.items():
            by_place = {draft.place: draft for draft in drafts}
            for area in areas_of(by_place, every):
                answer = self._ask(kind, area, text, choices, topic)
                if answer is not None:
                    for place in area:
                        apply_answer(kind, by_place[place], answer)

    def _include_totals(self) -> None:
        """What is doubted of all figures of a column is doubted of its total too."""
        for (kind, _, _, _), drafts in self.doubts.items():
            if kind not in ("indicator", "period", "reading", "measure"):
                continue
            asked = {draft.place for draft in drafts}
            for column in {draft.column.index for draft in drafts}:
                mine = [d for d in self.drafts if d.column.index == column]
                plain = [d for d in mine if not d.row.total]
                if len(plain) > 1 and all(d.place in asked for d in plain):
                    drafts += [d for d in mine if d.row.total and d.place not in asked]

    def _ask(
        self, kind: str, area: list[Place], text: str, choices: tuple[str, ...], topic: str
    ) -> str | None:
        if kind in ("year", "unit") or (kind == "period" and text.startswith("表里")):
            return self.asker.ask_sheet(kind, text, choices, topic)
        return self.asker.ask(kind, area, text, choices, topic)
