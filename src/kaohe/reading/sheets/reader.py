"""Workbooks to figures: a sheet is opened, cut into tables, each table understood, the whole compared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kaohe.facts.ledger import Ledger
from kaohe.facts.model import IndicatorKind
from kaohe.reading.sheets.accounting import account_for
from kaohe.reading.sheets.answering import period_of
from kaohe.reading.sheets.asking import Answer, Asker
from kaohe.reading.sheets.blocks import Block, all_texts, blocks_of
from kaohe.reading.sheets.child import open_sheets
from kaohe.reading.sheets.columns import columns_of
from kaohe.reading.sheets.context import Context, context_of
from kaohe.reading.sheets.covering import areas_of
from kaohe.reading.sheets.drafts import NO_YEAR, Draft
from kaohe.reading.sheets.grid import Grid, grid_of
from kaohe.reading.sheets.labels import cleaned
from kaohe.reading.sheets.model import SheetCell, WorkbookReading
from kaohe.reading.sheets.raw import RawSheet, cell_name, column_name
from kaohe.reading.sheets.remembering import remembered
from kaohe.reading.sheets.table import Setting, Table
from kaohe.reading.sheets.timing import Moment, When
from kaohe.reading.sheets.totals import check_totals
from kaohe.reading.sheets.values import plain


def read_workbook(
    path: str | Path,
    year: int | None = None,
    ledger: Ledger | None = None,
    answers: Sequence[Answer] | None = None,
) -> WorkbookReading:
    """The figures of an office workbook (.xlsx, .xls, .et, .csv) and the questions about them.

    ``year`` is the year of the sheets that name none. ``ledger`` gives the names and kinds that are known.
    ``answers`` settle questions that an earlier reading asked. Raises ``DataError`` on a file that cannot be
    opened.
    """
    place = Path(path)
    sheets = open_sheets(place)
    source = place.name
    return read_sheets(sheets, source, _hash(place), year, ledger, answers)


def read_sheets(
    sheets: Sequence[RawSheet],
    source: str = "",
    sha256: str = "",
    year: int | None = None,
    ledger: Ledger | None = None,
    answers: Sequence[Answer] | None = None,
) -> WorkbookReading:
    """The figures of sheets that are open already."""
    given = tuple(answers or ())
    setting = _setting(ledger, given)
    readings = [_Sheet(sheet, year, setting, given) for sheet in sheets]
    _share_years(readings)
    for reading in readings:
        reading.read()
    _compare(readings)
    cells = [cell for reading in readings for cell in reading.cells()]
    questions = [question for reading in readings for question in reading.asker.questions]
    notes = [note for reading in readings for note in reading.notes()]
    headers = tuple((reading.grid.name, reading.fingerprint) for reading in readings)
    answered = tuple(pair for reading in readings for pair in reading.asker.answered)
    return WorkbookReading(source, sha256, tuple(cells), tuple(questions), tuple(notes), headers, answered)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _setting(ledger: Ledger | None, answers: Sequence[Answer]) -> Setting:
    if ledger is None:
        return Setting()
    names = {
        cleaned(name)
        for unit in ledger.reporting_units
        for name in (unit.name, unit.short_name, unit.unit)
        if name
    }
    stocks = {
        cleaned(name): row.kind in (IndicatorKind.STOCK, IndicatorKind.RANK)
        for row in ledger.indicators for name in (row.name, row.indicator) if name
    }  # fmt: skip
    for answer in answers:
        if answer.kind == "name_indicator" and cleaned(answer.answer) in stocks:
            stocks[answer.topic] = stocks[cleaned(answer.answer)]
        elif answer.kind == "name_unit":
            names.add(answer.topic)
    return Setting(frozenset(names), stocks)


_OWN_HEADING = re.compile(
    r"[(（]?[一二三四五六七八九十]+[)）]?[、.]|表[一二三四五六七八九十\d]+|[(（]\d+[)）]|\d+[、.]"
)


class _Sheet:
    """One sheet on its way to figures."""

    def __init__(
        self, raw: RawSheet, year: int | None, setting: Setting, answers: tuple[Answer, ...]
    ) -> None:
        self.grid: Grid = grid_of(raw)
        self.blocks: list[Block] = blocks_of(self.grid)
        self.given_year, self.setting = year, setting
        self.outer = self._outer()
        self.fingerprint = self._fingerprint()
        self.asker = Asker(raw.name, remembered(answers, self.fingerprint))
        self.tables: list[Table] = []
        self.drafts: list[Draft] = []

    def _outer(self) -> Context:
        headings: tuple[str, ...] = self.blocks[0].headings if self.blocks else tuple(all_texts(self.grid))
        if len(self.blocks) > 1:
            headings = tuple(text for text in headings if not _OWN_HEADING.match(text))
        self.shared = headings
        around = [text for block in self.blocks for text in block.notes]
        return context_of(plain(self.grid.name), headings, around)

    def _fingerprint(self) -> str:
        heads = [column.head for block in self.blocks for column in columns_of(self.grid, block)]
        return hashlib.sha256("|".join(heads).encode()).hexdigest()[:16] if heads else ""

    def read(self) -> None:
        """Reads all tables."""
        if not self.blocks:
            account_for(self.grid, (), set(), self.asker)
            return
        moment = self._asked_moment(self.outer)
        outer = replace(self.outer, moment=moment)
        for number, block in enumerate(self.blocks):
            context = outer if len(self.blocks) == 1 else self._inner(block, outer)
            table = Table(self.grid, block, self._with_header_time(context, block), self.asker, self.setting)
            drafts = table.understood()
            for draft in drafts:
                draft.table = number
            self.tables.append(table)
            self.drafts += drafts
            check_totals(table)
        self._check_repetitions()
        account_for(self.grid, self.tables, {draft.place for draft in self.drafts}, self.asker)

    def _inner(self, block: Block, outer: Context) -> Context:
        own = [text for text in block.headings if text not in self.shared]
        found = context_of("", own, block.notes, outer)
        stale = found.moment.last and outer.moment.last and found.moment.last != outer.moment.last
        if stale and any(source.startswith("标题") for source, _ in found.months):
            return found
        return found

    def _asked_moment(self, context: Context) -> Moment:
        """The sheet's time when title, name and headings agree; a person decides where they do not."""
        moment = self._dated(context)
        ends = {month for _, month in context.months}
        said = [*context.months]
        for source, month in self._header_months():
            if ends and month not in ends:
                said.append((source, month))
        said += self._stale_ranges(ends)
        yearly = [title for title in context.titles if re.search("年度|全年", title)]
        if yearly and context.months and all(source.startswith("工作表") for source, _ in context.months):
            said.append((f"标题“{yearly[0]}”", 12))
        if len({month for _, month in said}) > 1:
            moment = self._decided(moment, said)
        years = {year for _, year in context.years}
        if len(years) > 1:
            text = (
                "年份说法不一:"
                + "、".join(f"{source}是 {year} 年" for source, year in context.years)
                + ";是哪一年?"
            )
            answer = self.asker.ask_sheet("year", text, tuple(map(str, sorted(years))), "stale")
            moment = replace(moment, year=int(answer)) if answer and answer.isdecimal() else moment
        elif years and self.given_year is not None and self.given_year not in years:
            text = f"表上写的是 {next(iter(years))} 年,指定的是 {self.given_year} 年:按哪一年?"
            choices = (str(next(iter(years))), str(self.given_year))
            answer = self.asker.ask_sheet("year", text, choices, "given")
            moment = replace(moment, year=int(answer)) if answer and answer.isdecimal() else moment
        return moment

    def _decided(self, moment: Moment, said: list[tuple[str, int]]) -> Moment:
        text = (
            "月份说法不一:"
            + "、".join(f"{source}到 {month} 月" for source, month in dict.fromkeys(said))
            + ";是哪一期的数?"
        )
        months = sorted({month for _, month in said})
        choices = tuple(f"{moment.year or ''}-{month:02d}" for month in months)
        answer = self.asker.ask_sheet("period", text, choices, "stale")
        if not answer:
            return moment
        period = period_of(answer)
        first = (
            period.first % 12 + 1
            if period.months > 1
            else (moment.first if moment.sort == "range" else period.end_month)
        )
        return Moment(period.year, first, period.end_month, moment.sort)

    def _header_months(self) -> list[tuple[str, int]]:
        """The last months that the headers of figures name, where they are one and the same."""
        found: list[tuple[str, int]] = []
        for block in self.blocks[:1]:
            for column in columns_of(self.grid, block):
                if column.kind != "figure" or any(label.role == "target" for label in column.labels):
                    continue
                found += [
                    (f"表头“{label.text}”", when.last)
                    for label in column.labels for when in label.times
                    if when.last and when.sort != "year" and when.offset == 0
                ]  # fmt: skip
        return found if len({month for _, month in found}) == 1 else []

    def _stale_ranges(self, ends: set[int]) -> list[tuple[str, int]]:
        """What headers say where 1-8月 stands alone beside September in the title, or beside 9月 alone."""
        ranges: list[tuple[str, int]] = []
        months: list[tuple[str, int]] = []
        for source, when in self._header_times():
            if when.sort == "range" and when.first == 1:
                ranges.append((source, when.last))
            elif when.sort == "month":
                months.append((source, when.last))
        last = {month for _, month in ranges}
        single = {month for _, month in months}
        if len(last) != 1 or not ends | single or (len(single) == 1 and single == last and not ends):
            return []
        if ends:
            return ranges[:1] if not last & ends else []
        return [ranges[0], months[0]] if len(single) == 1 and single != last else []

    def _header_times(self) -> list[tuple[str, When]]:
        """The times of this year in the headers of figures."""
        return [
            (f"表头“{label.text}”", when)
            for block in self.blocks for column in columns_of(self.grid, block)
            if column.kind == "figure" for label in column.labels for when in label.times
            if when.last and not when.offset and when.sort != "year"
            and (when.year is None or when.year == self.outer.moment.year)
        ]  # fmt: skip

    def _dated(self, context: Context) -> Moment:
        """The year from the sheet, the day it was filled in, the other sheets, or the one given."""
        moment = context.moment
        if moment.year is None and context.reported is not None and moment.last:
            reported = context.reported
            moment = replace(moment, year=reported // 12 - (1 if moment.last > reported % 12 + 1 else 0))
        if moment.year is None and self._header_year is not None:
            moment = replace(moment, year=self._header_year)
        if moment.year is None:
            moment = replace(moment, year=self.given_year)
        if moment.year is None:
            answer = self.asker.settled("year", NO_YEAR)
            moment = replace(moment, year=int(answer)) if answer and answer.isdecimal() else moment
        return moment

    @property
    def _header_year(self) -> int | None:
        years = [
            when.year for block in self.blocks for column in columns_of(self.grid, block)
            for label in column.labels for when in label.times
            if when.year is not None and label.role != "last_year"
        ]  # fmt: skip
        return max(years, default=None)

    def _with_header_time(self, context: Context, block: Block) -> Context:
        """A title without a month: the headers may name it for 本月, 同期 and 同比."""
        if context.moment.last:
            return context
        months = self._header_months()
        if not months:
            return context
        last = months[0][1]
        moment = replace(context.moment, first=1, last=last, sort="range")
        return replace(context, moment=moment, borrowed=True)

    def _check_repetitions(self) -> None:
        """The same figure twice with different values: something that tells them apart was not understood."""
        groups: dict[tuple[object, ...], list[Draft]] = {}
        for draft in self.drafts:
            groups.setdefault(_key(draft), []).append(draft)
        for drafts in groups.values():
            columns = {(draft.table, draft.place[1]) for draft in drafts}
            differing = len({(d.value, d.measure, d.presence) for d in drafts}) > 1
            if len(drafts) > 1 and (differing or len(columns) < len(drafts)):
                self._ask_repeated(drafts)

    def _ask_repeated(self, drafts: list[Draft]) -> None:
        first = drafts[0]
        names = "、".join(cell_name(*draft.place) for draft in drafts[:6])
        text = f"{first.unit} {first.indicator} 在 {names} 有几个数:它们有什么区别?"
        others = [draft.place for draft in self.drafts]
        for places in areas_of((draft.place for draft in drafts), others):
            self.asker.ask("duplicate", places, text, ("不导入",))

    def cells(self) -> list[SheetCell]:
        """The figures as the contract has them."""
        return [
            self._cell(draft) for draft in sorted(self.drafts, key=lambda d: (d.table, d.place))
            if draft.place not in self.asker.skipped
        ]  # fmt: skip

    def _cell(self, draft: Draft) -> SheetCell:
        question = self.asker.question_at(draft.place)
        value = None if draft.value is None or draft.presence != "present" else _text(draft.value)
        return SheetCell(
            self.grid.name, cell_name(*draft.place), draft.unit, draft.indicator, draft.parent,
            str(draft.period) if draft.period else "", draft.role, value, draft.measure, draft.presence,
            draft.record, bool(question), question, ";".join((*draft.warnings, *self._hidden(draft.place))),
        )  # fmt: skip

    def _hidden(self, place: tuple[int, int]) -> list[str]:
        raw = self.grid.raw
        row, column = place
        return [
            *(["工作表是隐藏的"] if raw.hidden else []),
            *([f"第 {row + 1} 行是隐藏的"] if row in raw.hidden_rows else []),
            *([f"{column_name(column)} 列是隐藏的"] if column in raw.hidden_columns else []),
        ]

    def notes(self) -> list[str]:
        """What is worth saying of the sheet as a whole."""
        raw, places = self.grid.raw, {draft.place for draft in self.drafts}
        rows = sorted({row for row, _ in places} & raw.hidden_rows)
        columns = sorted({column for _, column in places} & raw.hidden_columns)
        name = f"工作表“{self.grid.name}”"
        found = [f"{name}是隐藏的,也读了"] if raw.hidden and places else []
        if rows:
            found.append(f"{name}隐藏的第 {'、'.join(str(row + 1) for row in rows)} 行也读了")
        if columns:
            found.append(f"{name}隐藏的 {'、'.join(map(column_name, columns))} 列也读了")
        formulas = sum(draft.cell.formula for draft in self.drafts)
        if formulas:
            found.append(f"{name}有 {formulas} 个公式格,取的是存盘时的结果")
        if not places and self.grid.rows:
            found.append(f"{name}里没有认出数据")
        return found


def _key(draft: Draft) -> tuple[object, ...]:
    kind = (
        draft.measure in ("%", "百分点")
        if draft.role == "growth"
        else draft.word
        if draft.role == "total_row"
        else ""
    )
    if draft.word in ("pace", "chain", "rank", "score"):
        kind = draft.word
    row = draft.place[0] if draft.row.subtotal else draft.row.section if draft.row.total else ""
    return draft.unit, draft.indicator, draft.parent, draft.period, draft.role, draft.record, kind, row


def _text(value: Decimal) -> str:
    plain_text = format(value, "f")
    if "." in plain_text:
        plain_text = plain_text.rstrip("0").rstrip(".")
    return "0" if plain_text in ("-0", "") else plain_text


def _share_years(readings: list[_Sheet]) -> None:
    """Sheets of one series (1月, 2月 …) are of the year that one of them or the cover names, where all agree;
    a sheet without any title is of the unit that the others name."""
    years = {year for reading in readings for _, year in reading.outer.years}
    units = {reading.outer.unit for reading in readings if reading.outer.unit}
    for reading in readings:
        if len(units) == 1 and not reading.outer.unit and not reading.outer.titles:
            reading.outer = replace(reading.outer, unit=next(iter(units)))
    monthly = [reading for reading in readings if reading.outer.moment.last]
    if len(years) != 1 or len(monthly) < 2:
        return
    for reading in monthly:
        if reading.outer.moment.year is None:
            reading.outer = replace(
                reading.outer, moment=replace(reading.outer.moment, year=next(iter(years)))
            )


def _compare(readings: list[_Sheet]) -> None:
    """The same figure on two sheets with different values is asked about on both."""
    seen: dict[tuple[object, ...], list[tuple[_Sheet, Draft]]] = {}
    for reading in readings:
        for draft in reading.drafts if not reading.asker.whole else ():
            if draft.period is not None and draft.presence == "present":
                seen.setdefault(_key(draft), []).append((reading, draft))
    for pairs in seen.values():
        sheets = {id(reading) for reading, _ in pairs}
        if len(sheets) < 2 or len({(d.value, d.measure) for _, d in pairs}) < 2:
            continue
        names = "、".join(f"{reading.grid.name}!{cell_name(*d.place)}" for reading, d in pairs[:6])
        text = f"{pairs[0][1].unit} {pairs[0][1].indicator} 在 {names} 的数不同:按哪个?"
        for reading, draft in pairs:
            reading.asker.ask("duplicate", [draft.place], text, ("不导入",))
