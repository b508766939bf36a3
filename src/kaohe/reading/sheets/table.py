"""The figures of one table: names, role, period, measure and value of each, or a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kaohe.quantities import Period
from kaohe.reading.sheets.amounts import Amount, is_ratio, one_of, plain_measure, written_measure
from kaohe.reading.sheets.asking import Asker
from kaohe.reading.sheets.axes import Axes, axes_of
from kaohe.reading.sheets.blocks import Block
from kaohe.reading.sheets.columns import Column, columns_of
from kaohe.reading.sheets.context import Context
from kaohe.reading.sheets.drafts import Draft, Row
from kaohe.reading.sheets.grid import Grid, Place
from kaohe.reading.sheets.labels import GROWTHS, Label, RoleWord
from kaohe.reading.sheets.naming import names_of
from kaohe.reading.sheets.rows import rows_of
from kaohe.reading.sheets.spans import CURRENT, Span, default_span, is_stock, is_timeless, span_of, times_of
from kaohe.reading.sheets.timing import Moment
from kaohe.reading.sheets.values import POINTS, Written
from kaohe.reading.sheets.words import is_word

_ROLES = {
    "": "actual", "actual": "actual", "last_year": "last_year", "target": "target", "attainment": "attainment",
    "growth_rate": "growth", "growth_open": "growth", "growth_amount": "growth", "growth_points": "growth",
    "chain": "growth", "pace": "attainment", "rank": "actual", "score": "actual", "share": "actual",
}  # fmt: skip
_ASKED_ROLES = {
    "chain": "“{head}”不是同比:按什么期别比,要不要导入?",
    "pace": "“{head}”是时序要求还是实际进度,要不要导入?",
    "rank": "“{head}”是名次,要不要导入?",
    "score": "“{head}”是得分或分值,要不要导入?",
}
NO_YEAR = "表里没有写明年份:是哪一年的数?"
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
            self._date(draft)
        for draft in self.drafts:
            self._measure(draft)
            self._evaluate(draft)
        self._settle()
        return self.drafts

    def doubt(self, draft: Draft, kind: str, topic: str, text: str, choices: Sequence[str] = ()) -> None:
        """Lays a question on a figure; the same question is asked once for all its figures."""
        self.doubts.setdefault((kind, topic, text, tuple(choices)), []).append(draft)

    # Which axis is which

    def _check_axes(self) -> None:
        if self.axes.unclear is None:
            return
        places = [(row.index, self.axes.unclear) for row in self.rows]
        head = next(c.head for c in self.columns if c.index == self.axes.unclear)
        figured = [(row.index, c.index) for row in self.rows for c in self.figures]
        text = f"“{head or '第一列'}”这一列是填报单位还是指标?"
        answer = self.asker.ask("axis", places + figured, text, ("填报单位", "指标"), head)
        if answer == "填报单位":
            self.axes = replace(self.axes, unit=self.axes.unclear, indicator=None, unclear=None)
            self.rows = rows_of(self.grid, self.block, self.columns, self.axes)

    def _draft(self, row: Row, column: Column) -> Draft | None:
        place = (row.index, column.index)
        cell = self.grid.at(*place)
        if cell.sort == "blank":
            if place in self.grid.anchors or not self.context.meaning("") or not column.labels:
                return None
            cell = Written("mark", "")
        if not (row.unit or row.indicator or row.record or row.labels or row.total or column.labels):
            return None
        return Draft(place, cell, row, column)

    # Names and roles

    def _name(self, draft: Draft) -> None:
        row, column = draft.row, self.names[draft.column.index]
        draft.word = self._role_word(draft)
        draft.role = _ROLES[draft.word]
        draft.unit = row.unit or column.unit or self.context.unit
        draft.record = row.record
        draft.indicator, draft.parent = self._indicator(draft)
        if row.total or column.total:
            draft.role = "total_row"
            self._name_total(draft)
        if draft.word in _ASKED_ROLES:
            head = draft.column.head if self._column_role(draft.column) else draft.row.labels[-1].text
            self.doubt(draft, "role", head, _ASKED_ROLES[draft.word].format(head=head), ("不导入", "导入"))
        self._check_target_name(draft)
        if not draft.indicator:
            self.doubt(draft, "indicator", draft.column.head, "表里没有写明这是什么指标:请写出指标名称")
        if not draft.unit:
            self.doubt(draft, "unit", "", "表里没有写明是哪个单位的数:请写出填报单位")

    def _check_target_name(self, draft: Draft) -> None:
        """A target without a name before figures that have one: it may be theirs, or the title's."""
        if draft.word != "target" or self.names[draft.column.index].name or draft.row.indicator:
            return
        named = [
            self.names[c.index].name for c in self.figures
            if self.names[c.index].name and self._column_role(c) in ("", "actual")
        ]  # fmt: skip
        nameless = any(
            not self.names[c.index].name and self._column_role(c) in ("", "actual") for c in self.figures
        )
        if len(set(named)) == 1 and not nameless:
            choices = tuple(dict.fromkeys(filter(None, [named[0], draft.indicator])))
            text = f"“{draft.column.head}”是哪个指标的目标?"
            self.doubt(draft, "indicator", draft.column.head, text, choices)

    def _name_total(self, draft: Draft) -> None:
        row = draft.row
        if row.total and self.axes.unit is not None:
            draft.unit = row.unit if row.unit and row.unit != self.context.unit else row.total
            if self.axes.indicator is not None and not row.indicator:
                draft.unit = row.unit or row.total

    def _column_role(self, column: Column) -> RoleWord:
        return next((label.role for label in reversed(column.labels) if label.role), "")

    def _role_word(self, draft: Draft) -> str:
        above = self._column_role(draft.column)
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
        return word or self._past_word(draft)

    @property
    def _are_targets(self) -> bool:
        """Whether a table whose title speaks of targets holds nothing else."""
        done = any(
            self._column_role(c) in ("actual", "target", "attainment")
            or c.leaf.name.startswith(("完成", "实际", "已"))
            for c in self.figures
        )
        return self.context.targets and not done

    def _past_word(self, draft: Draft) -> str:
        """A column of 去年, or of the year before in a table of two years, is last year's."""
        times = times_of(draft.column.labels)
        if any(when.offset == -1 for when in times):
            return "last_year"
        years = {w.year for c in self.figures for w in times_of(c.labels) if w.year is not None}
        year = self.context.moment.year
        past = year is not None and any(when.year == year - 1 for when in times)
        return "last_year" if past and len(years | {year}) == 2 else ""

    def _indicator(self, draft: Draft) -> tuple[str, str]:
        row, column = draft.row, self.names[draft.column.index]
        name, parent = row.indicator, row.parent
        own = draft.column.leaf
        if draft.word == "target" and own.role in GROWTHS and own.name and column.name == own.name:
            column = replace(column, name=own.full)
        label = row.labels[-1] if row.labels else Label()
        if name and label.role and label.name == name and self._column_role(draft.column):
            name = label.full
        if name and (column.name and not is_word(column.name, "bare_value")):
            name = column.name if self.axes.unit is None and name == column.name else name + column.name
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

    # Periods

    def _date(self, draft: Draft) -> None:
        span = self._span(draft)
        draft.period = span.period
        head = draft.column.head
        if span.doubt == "year":
            self.doubt(draft, "year", "", NO_YEAR)
        elif span.doubt == "period":
            self.doubt(
                draft, "period", head, "表里没有写明是哪一期的数:请写出期别,如 2025-09 或 2025-01/2025-09"
            )
        elif span.doubt == "conflict":
            self.doubt(
                draft,
                "period",
                head,
                f"行上的“{draft.row.indicator or draft.row.unit}”和列上的“{head}”说的时间不同:是哪一期?",
            )
        elif span.doubt == "year_start":
            self.doubt(draft, "period", head, f"“{head}”是上年末的数还是今年初的数?请写出期别")
        elif span.doubt == "timeless":
            text = f"“{draft.indicator}”不属于某一个时期:按哪一期导入?"
            self.doubt(draft, "period", draft.indicator, text, [str(choice) for choice in span.choices])
        elif span.doubt:
            text = f"“{head or draft.indicator}”是哪一期的数?"
            self.doubt(draft, "period", head, text, [str(choice) for choice in span.choices])

    def _span(self, draft: Draft) -> Span:
        labels = (*draft.row.labels, *draft.column.labels)
        moment = self.context.moment
        total = self._months_total(draft)
        if total is not None:
            return total
        stock = is_stock(draft.indicator, self.setting.stocks) and draft.word in ("", "actual", "last_year")
        if draft.word in CURRENT and draft.word != "share":
            return self._current(draft, labels, moment)
        parallel = self._has_parallel_years
        own = span_of(times_of(labels), moment, stock=stock, parallel=parallel)
        if draft.word == "target":
            said = [label for label in labels if label.role == "target" and label.times]
            nearer = span_of(times_of(said), moment, stock=False, parallel=False) if said else None
            own = nearer if nearer is not None else own
            times = times_of(said) if said else times_of(labels)
            if own is not None and own.period and not [w for w in times if w.sort != "year"]:
                return replace(own, period=own.period.whole_year(), doubt="", choices=())
            return own or self._target_span(draft, moment)
        if draft.word == "last_year":
            return self._last_year(draft, labels, own, moment)
        if own is not None:
            return own
        if is_timeless(draft.indicator) and draft.indicator not in self.setting.stocks:
            base = default_span(moment, True, False)
            whole = default_span(moment, False, self.context.cumulative)
            if base.period and whole.period:
                return Span(base.period, "timeless", tuple(dict.fromkeys((base.period, whole.period))))
        return self._plain_span(draft, moment, stock)

    def _months_total(self, draft: Draft) -> Span | None:
        """合计 beside columns of months is about the months that are filled, if it adds them up."""
        months = [c for c in self.figures if any(w.sort == "month" for w in times_of(c.labels))]
        total = self.names[draft.column.index].total and not times_of(draft.column.labels)
        if not total or len(months) < 3 or self.context.moment.year is None or draft.cell.value is None:
            return None
        cells = [(times_of(c.labels)[0].last, self.grid.at(draft.row.index, c.index).value) for c in months]
        filled = [(month, value) for month, value in cells if value is not None]
        if not filled:
            return None
        year = self.context.moment.year
        period = Period.of(year, min(m for m, _ in filled), year, max(m for m, _ in filled))
        slack = Decimal(len(filled)) / 2 * Decimal("0.01") if draft.is_ratio is False else Decimal(0)
        if abs(sum((v for _, v in filled), Decimal(0)) - draft.cell.value) <= slack or self._adds_up(
            draft.column, months
        ):
            return Span(period)
        return Span(period, "total", (period, period.whole_year()))

    def _adds_up(self, column: Column, months: list[Column]) -> bool:
        """Whether the total of months is right in any row: then a wrong one is a slip, not another period."""
        for row in self.rows:
            values = [self.grid.at(row.index, each.index).value for each in (*months, column)]
            known = [value for value in values[:-1] if value is not None]
            if values[-1] is not None and known and sum(known, Decimal(0)) == values[-1]:
                return True
        return False

    def _plain_span(self, draft: Draft, moment: Moment, stock: bool) -> Span:
        found = default_span(moment, stock, self.context.cumulative or moment.sort == "upto")
        if moment.sort == "upto" and not stock and found.period and not self._flows(draft):
            return Span(found.period, "upto", (Period(found.period.last, found.period.last), found.period))
        single = moment.sort in ("month", "quarter") and moment.first > 1
        if found.period and single and not stock and not self.context.cumulative and self._has_annual:
            return Span(found.period, "month_or_total", (found.period, found.period.year_to_date()))
        return found

    def _flows(self, draft: Draft) -> bool:
        from kaohe.reading.sheets.words import has_word

        return (
            has_word(draft.indicator, "flow")
            or draft.word == "actual"
            or draft.indicator in self.setting.stocks
        )

    @property
    def _has_annual(self) -> bool:
        """Whether figures of the whole year or shares of them stand in the table."""
        roles = {self._column_role(column) for column in self.figures}
        return bool(roles & {"attainment", "target"})

    @property
    def _has_parallel_years(self) -> bool:
        """Whether bare years (今年, 去年; 2025年, 2024年) stand side by side with nothing else in them."""
        years = {
            (when.year, when.offset) for column in self.figures for label in column.labels
            for when in label.times
            if when.sort == "year" and label.role in ("", "actual") and (when.year or when.relative)
        }  # fmt: skip
        return len(years) > 1

    def _target_span(self, draft: Draft, moment: Moment) -> Span:
        if moment.year is None:
            return Span(None, "year")
        year = Period.of(moment.year, 1, moment.year, 12)
        plan = draft.column.leaf.text.startswith(("计划", "任务")) and moment.sort in ("month", "quarter")
        if plan and moment.last:
            month = Period.of(moment.year, moment.first, moment.year, moment.last)
            return Span(year, "target_of", (year, month))
        return Span(year)

    def _last_year(self, draft: Draft, labels: Sequence[Label], own: Span | None, moment: Moment) -> Span:
        times = times_of(labels)
        years = [when for when in times if when.year is not None or when.relative]
        months = [when for when in times if when.sort != "year"]
        if own is not None and (months or not any(w.year for w in years)):
            shifted = own.period.last_year() if own.period and not years else own.period
            return Span(shifted, own.doubt, own.choices)
        base = self._beside(draft, moment)
        if base.period is None:
            return base
        explicit = next((when.year for when in years if when.year is not None), None)
        back = base.period.year - explicit if explicit is not None else 1
        return Span(base.period.shifted(-12 * back), base.doubt, tuple(p.last_year() for p in base.choices))

    def _current(self, draft: Draft, labels: Sequence[Label], moment: Moment) -> Span:
        times = [when for when in times_of(labels) if when.sort != "year" and when.offset == 0]
        own = span_of(times, moment, stock=False, parallel=False) if times else None
        return own or self._beside(draft, moment)

    def _beside(self, draft: Draft, moment: Moment) -> Span:
        """The period of the nearest figure column of the same name to the left, else to the right."""
        mine = self.names[draft.column.index]
        others = [
            column for column in self.figures
            if self._column_role(column) in ("", "actual") and column.index != draft.column.index
            and (self.names[column.index].name == mine.name or not mine.name)
            and self.names[column.index].unit == mine.unit and self._is_of_this_year(column)
        ]  # fmt: skip
        left = [column for column in others if column.index < draft.column.index]
        for column in (*reversed(left), *(c for c in others if c.index > draft.column.index)):
            stock = is_stock(draft.indicator, self.setting.stocks)
            labels = (*draft.row.labels, *column.labels)
            found = span_of(times_of(labels), moment, stock=stock, parallel=True)
            return found or self._plain_span(draft, moment, stock)
        times = times_of(draft.row.labels)
        stock = is_stock(draft.indicator, self.setting.stocks)
        return span_of(times, moment, stock=stock, parallel=True) or self._plain_span(draft, moment, stock)

    def _is_of_this_year(self, column: Column) -> bool:
        years = [when for label in column.labels for when in label.times if when.year or when.offset]
        return all(when.offset == 0 and when.year in (None, self.context.moment.year) for when in years)

    # Measures

    def _measure(self, draft: Draft) -> None:
        growth = draft.word in GROWTHS | {"chain"}
        ratio = growth or draft.word in ("attainment", "pace", "share")
        above = self._column_measure(draft.column, ratio)
        beside = written_measure(draft.row.labels, ratio)
        row = Amount(draft.row.measure) if draft.row.measure else beside
        if draft.word in ("rank", "score"):
            draft.measure = draft.cell.measure
            return
        if ratio:
            self._ratio_measure(draft, above, row)
            return
        said = plain_measure(draft.indicator, above, row, self.context.measures)
        own = draft.cell.measure
        if own and said.measure and own != said.measure and not _alike(own, said.measure):
            self._conflicting(draft, own, said.measure)
        draft.measure = own or said.measure
        if not draft.measure and draft.cell.sort in ("number", "mark", "uncached", "error"):
            self._unmeasured(draft, said.doubt)

    def _column_measure(self, column: Column, ratio: bool) -> Amount:
        return written_measure(column.labels, ratio)

    def _conflicting(self, draft: Draft, own: str, said: str) -> None:
        text = f"这一格带“{own}”,表头或表上写的是“{said}”:按哪个?"
        self.doubt(draft, "measure", draft.column.head, text, (own, said))

    def _unmeasured(self, draft: Draft, doubt: str) -> None:
        if draft.cell.sort == "mark" and self.context.meaning(draft.cell.text) not in ("", "zero"):
            return
        named = self.axes.unit is None and self.axes.record is None and bool(draft.row.indicator)
        topic = draft.row.indicator if named and doubt != "absent_all" else draft.column.head
        if doubt == "several":
            text = f"“{topic}”用的是{'、'.join(self.context.measures)}中的哪个计量单位?"
            self.doubt(draft, "measure", topic, text, self.context.measures)
        else:
            self.doubt(draft, "measure", "", "表里没有写明计量单位:请写出(没有计量单位的写“无”)")

    def _ratio_measure(self, draft: Draft, above: Amount, row: Amount) -> None:
        own = draft.cell.measure
        if draft.word == "growth_amount":
            said = above.measure if above.measure and not is_ratio(above.measure) else ""
            draft.measure = own or said or self._amount_measure(draft)
            if not draft.measure:
                self._unmeasured(draft, "absent")
            return
        if draft.word == "growth_points":
            draft.measure = POINTS
            return
        if own:
            draft.measure = own
            return
        said = above.measure or (row.measure if draft.row.indicator == "" or is_ratio(row.measure) else "")
        if draft.word == "growth_open":
            self._open_growth(draft, above.measure)
        elif said and not is_ratio(said) and draft.word == "growth_rate":
            draft.measure = "%"
        else:
            draft.measure = (
                said if said in ("%", "‰", POINTS) and (above.measure or draft.word != "growth_rate") else "%"
            )

    def _amount_measure(self, draft: Draft) -> str:
        row = Amount(draft.row.measure) if draft.row.measure else written_measure(draft.row.labels, False)
        groups = one_of([m for label in draft.column.labels[:-1] for m in label.measures], False)
        return plain_measure(draft.indicator, groups, row, self.context.measures).measure

    def _open_growth(self, draft: Draft, above: str) -> None:
        """增长 alone may be percent or an amount: header, notes and the row's own figures decide, else a person."""
        leaf = draft.column.leaf.measures if draft.column.leaf.role == "growth_open" else ()
        beside = draft.row.labels[-1] if draft.row.labels else Label()
        leaf = leaf or (beside.measures if beside.role == "growth_open" and not beside.name else ())
        if (POINTS in leaf and "%" in leaf) or len(leaf) > 1:
            ratio = is_ratio(self._amount_measure(draft))
            draft.measure = POINTS if ratio else "%"
        elif leaf:
            draft.measure = leaf[0]
        elif self.context.growth:
            draft.measure = (
                self._amount_measure(draft) if self.context.growth == "数额" else self.context.growth
            )
        else:
            draft.word = "growth_unknown"

    # Values

    def _evaluate(self, draft: Draft) -> None:
        cell = draft.cell
        draft.value = cell.value
        if self._is_unfittingly_merged(draft):
            self.doubt(draft, "figure", "", "合并的格跨了几行或几列:这个数算谁的?")
        if cell.sort == "mark":
            self._mark(draft)
        elif cell.sort == "error":
            draft.presence = "missing"
            self.doubt(draft, "figure", "", f"公式出错({cell.text}):应是多少?")
        elif cell.sort == "uncached":
            draft.presence = "missing"
            self.doubt(draft, "figure", "", "公式没有保存结果:请在 Excel 里重算后存盘,或写出应是多少")
        elif cell.sort in ("text", "date"):
            draft.presence, draft.value = "missing", None
            self.doubt(draft, "figure", cell.text, f"“{cell.text[:20]}”不是数:应是多少?", ("不适用", "未报"))
        elif cell.doubt or cell.moved:
            self._unclear(draft)

    def _mark(self, draft: Draft) -> None:
        mark = draft.cell.text
        presence = draft.cell.presence or self.context.meaning(mark)
        if presence == "zero":
            draft.presence, draft.value = "present", Decimal(0)
        elif presence in ("missing", "not_applicable"):
            draft.presence = presence
        else:
            draft.presence = "missing"
            self.doubt(draft, "mark", mark, f"“{mark}”表示什么?", ("不适用", "未报", "0"))

    def _unclear(self, draft: Draft) -> None:
        cell = draft.cell
        if cell.doubt == "parentheses" and self.context.negative:
            return
        if cell.doubt == "bound" and draft.role == "target":
            draft.warnings.append(f"原文是“{cell.text}”")
            return
        if cell.moved and draft.role == "growth" and not cell.doubt:
            return
        shown = cell.text
        reasons = {
            "parentheses": f"“{shown}”是负数,还是另有所指?",
            "triangle": f"“{shown}”是负数吗?",
            "bound": f"“{shown}”不是一个确定的数:按多少?",
            "scaled": f"这一格的显示格式会缩小数字,实存 {shown}:按哪个数和计量单位?",
            "spacing": f"“{self.grid.text(*draft.place)}”中间有空格:是一个数吗?",
            "several": f"“{shown}”读不成一个数:应是多少?",
            "large": f"“{shown}”带有“万”或“亿”:是多少{draft.measure}?",
        }
        text = reasons.get(cell.doubt, f"“{shown}”写的是增减:是增长还是别的?")
        choices = (
            (format(abs(cell.value), "f"), format(-abs(cell.value), "f"))
            if cell.value is not None and cell.doubt in ("parentheses", "triangle")
            else ()
        )
        self.doubt(draft, "figure", "", text, choices)

    def _is_unfittingly_merged(self, draft: Draft) -> bool:
        top, left, bottom, right = self.grid.area(*draft.place)
        if right > left and any(
            left < c.index <= right and c.kind == "figure" and c.head != draft.column.head
            for c in self.columns
        ):
            return True
        if bottom == top:
            return False
        labels = (self.axes.unit, self.axes.indicator, self.axes.record)
        areas = [self.grid.area(top, column) for column in labels if column is not None]
        return not any(area[0] <= top and area[2] >= bottom for area in areas)

    # Questions

    def _settle(self) -> None:
        from kaohe.reading.sheets.evidence import settle_growth, settle_scale

        settle_growth(self)
        settle_scale(self)
        for (kind, topic, text, choices), drafts in self.doubts.items():
            groups = _contiguous(drafts) if kind == "measure" else [drafts]
            for group in groups:
                answer = self._ask(kind, group, text, choices, topic)
                if answer is not None:
                    for draft in group:
                        _APPLY.get(kind, _ignored)(draft, answer)

    def _ask(
        self, kind: str, drafts: list[Draft], text: str, choices: tuple[str, ...], topic: str
    ) -> str | None:
        if kind in ("year", "unit") or (kind == "period" and text.startswith("表里")):
            return self.asker.ask_sheet(kind, text, choices, topic)
        return self.asker.ask(kind, [draft.place for draft in drafts], text, choices, topic)


def _alike(own: str, said: str) -> bool:
    from kaohe.quantities.measures import comparable

    return comparable(own, said)


def _contiguous(drafts: list[Draft]) -> list[list[Draft]]:
    """The figures by columns that lie side by side, so that a range holds no others."""
    columns = sorted({draft.place[1] for draft in drafts})
    runs: list[set[int]] = []
    for column in columns:
        if runs and column - 1 in runs[-1]:
            runs[-1].add(column)
        else:
            runs.append({column})
    return [[draft for draft in drafts if draft.place[1] in run] for run in runs]


def _ignored(draft: Draft, answer: str) -> None:
    return None


def _set_measure(draft: Draft, answer: str) -> None:
    draft.measure = "" if answer in ("无", "没有") else answer


def _set_period(draft: Draft, answer: str) -> None:
    draft.period = Period.parse(answer)


def _set_year(draft: Draft, answer: str) -> None:
    return None


def _set_figure(draft: Draft, answer: str) -> None:
    words = {"不适用": "not_applicable", "未报": "missing", "空": "missing"}
    if answer in words:
        draft.presence, draft.value = words[answer], None
        return
    try:
        value = Decimal(re.sub(r"[,\s]", "", answer))
    except ArithmeticError:
        return
    draft.presence, draft.value = "present", value


def _set_growth(draft: Draft, answer: str) -> None:
    draft.measure = answer


def _set_scale(draft: Draft, answer: str) -> None:
    if answer == "是比例,乘 100" and draft.value is not None:
        draft.value *= 100


def _set_unit(draft: Draft, answer: str) -> None:
    draft.unit = draft.unit or answer


def _set_indicator(draft: Draft, answer: str) -> None:
    draft.indicator = answer


_APPLY: dict[str, Callable[[Draft, str], None]] = {
    "measure": _set_measure, "period": _set_period, "figure": _set_figure, "mark": _set_figure,
    "growth": _set_growth, "scale": _set_scale, "unit": _set_unit, "indicator": _set_indicator,
}  # fmt: skip
PlaceList = list[Place]
