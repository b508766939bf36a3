"""Where the tables of a sheet lie: their headings, header rows and body rows, in bands of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kaohe.reading.sheets.grid import Grid, label_at
from kaohe.reading.sheets.values import Written, plain
from kaohe.reading.sheets.words import any_of, is_word

_FOOTER = re.compile(rf"{any_of('footer')}(?:[:：(].*|)$")
_UNIT_LINE = re.compile(rf"{any_of('unit_line')}\s*(?:\(.*?\))?[:：]")
_NOTE = re.compile(rf"{any_of('note_line')}(?:\d|[①-⑳])?[:：]|[“\"‘']?[—\-/○×△▲]+[”\"’']?(?:表示|代表|为)")
_MEASURE_LINE = re.compile(r"(?:计量|金额|数量)?单位[:：]|单位[/、,]")
_DATE_LINE = re.compile(
    r"[(]?(?:填报|报送|制表)?(?:日期|时间)?[:：]?(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?[)]?"
)
_COLUMN_NUMBERS = re.compile(
    r"\(?\[?\d{1,2}\]?\)?(?:[=＝].*)?|[甲乙丙丁戊]|[A-Z]|栏次|列次|[①-⑳]|\(?\d{1,2}\)?=.*"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A table: ``headings`` are the texts above it, ``notes`` those below."""

    columns: tuple[int, ...]
    header: tuple[int, ...]
    body: tuple[int, ...]
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Growing:
    header: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def blocks_of(grid: Grid) -> list[Block]:
    """The tables of a sheet, from left to right and from top to bottom."""
    found: list[Block] = []
    for columns in _bands(grid):
        found += _Band(grid, columns).blocks()
    return [part for block in found for part in _repeated(grid, block)]


def all_texts(grid: Grid) -> list[str]:
    """Every text of a sheet, plain."""
    return [plain(text) for text in grid.texts.values()]


def is_meta(text: str) -> bool:
    """Whether a text belongs around a table: who fills it in, when, in what measure.

    >>> is_meta("填表人:张三"), is_meta("单位:万元"), is_meta("联系电话"), is_meta("工业产值")
    (True, True, True, False)
    """
    return any(pattern.match(text) for pattern in (_FOOTER, _UNIT_LINE, _MEASURE_LINE, _NOTE)) or bool(
        _DATE_LINE.fullmatch(text)
    )


def _bands(grid: Grid) -> list[tuple[int, ...]]:
    """The columns, cut where an empty one lies between two tables."""
    used: set[int] = set()
    for row in grid.rows:
        if len(grid.by_row[row]) == 1 or _is_meta_row(grid, row, grid.by_row[row]):
            continue
        for column in grid.by_row[row]:
            _, left, _, right = grid.area(row, column)
            used.update(range(left, min(right, left + 300) + 1))
    if not used:
        return [tuple(sorted({c for columns in grid.by_row.values() for c in columns}))]
    runs: list[list[int]] = []
    for column in sorted(used):
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    if len(runs) > 1 and all(_is_table_like(grid, run) for run in runs):
        return [tuple(run) for run in runs]
    return [tuple(sorted(used))]


def _is_table_like(grid: Grid, columns: Sequence[int]) -> bool:
    """Whether columns could be a table of their own: labels and, beside them, figures."""
    labels = figures = 0
    for row in grid.rows:
        sorts = [grid.at(row, column).sort for column in columns]
        labels += "text" in sorts
        figures += "number" in sorts and "text" in sorts
    return len(columns) > 1 and labels > 1 and figures > 0


def _is_meta_row(grid: Grid, row: int, columns: Iterable[int]) -> bool:
    texts = [plain(grid.text(row, column)) for column in columns]
    if not texts:
        return False
    if _FOOTER.match(texts[0]) or _NOTE.match(texts[0]):
        return True
    metas = [is_meta(text) for text in texts]
    return all(metas) or (
        any(metas)
        and all(
            meta or (grid.at(row, column).sort in ("date", "text") and not is_word(text, "serial"))
            for meta, column, text in zip(metas, columns, texts, strict=True)
        )
        and len(texts) <= 4
        and any(":" in text or "：" in text for text in texts)
    )


class _Band:
    """One band of columns, cut into tables from top to bottom."""

    def __init__(self, grid: Grid, columns: tuple[int, ...]) -> None:
        self.grid, self.columns = grid, columns
        inside = set(columns)
        self.rows = [
            row for row in grid.rows if any(c in inside or self._covers(row, c) for c in grid.by_row[row])
        ]
        self.own = {row: [c for c in grid.by_row[row] if c in inside] for row in self.rows}

    def _covers(self, row: int, column: int) -> bool:
        _, left, _, right = self.grid.area(row, column)
        return left <= self.columns[0] <= right

    def blocks(self) -> list[Block]:
        done: list[_Growing] = []
        current = _Growing()
        number = 0
        while number < len(self.rows):
            row = self.rows[number]
            if self._is_data(number):
                self._take_header(current, number)
                number = self._take_body(current, number)
                done.append(current)
                current = _Growing()
                continue
            text = self._line(row)
            if text and (self._is_meta(row) or self._is_heading(row)):
                target = done[-1].notes if done and self._is_below(row, text) else current.headings
                target.extend(text)
            number += 1
        if done:
            done[-1].notes.extend(current.headings)
        return [self._finished(block) for block in done]

    def _finished(self, block: _Growing) -> Block:
        return Block(
            self.columns, tuple(block.header), tuple(block.body), tuple(block.headings), tuple(block.notes)
        )

    def _line(self, row: int) -> list[str]:
        columns = self.own[row] or [c for c in self.grid.by_row[row] if self._covers(row, c)]
        return [plain(self.grid.text(row, column)) for column in columns]

    def _is_below(self, row: int, texts: list[str]) -> bool:
        return bool(_FOOTER.match(texts[0]) or _NOTE.match(texts[0])) and not _UNIT_LINE.match(texts[0])

    def _is_meta(self, row: int) -> bool:
        return _is_meta_row(self.grid, row, self.own[row])

    def _is_heading(self, row: int) -> bool:
        return len(self.own[row]) <= 1 or not self._seen(row)

    def _seen(self, row: int) -> list[str]:
        """The different texts seen across a row, merged cells spread."""
        texts = [label_at(self.grid, row, column) for column in self.columns]
        return list(dict.fromkeys(text for text in texts if text))

    def _figures(self, row: int) -> list[tuple[int, Written]]:
        return [(c, self.grid.at(row, c)) for c in self.own[row] if self.grid.at(row, c).is_figure]

    def _is_data(self, number: int) -> bool:
        """A row of the body: it holds a figure that is no year, no serial and no number of a column."""
        row = self.rows[number]
        if self._is_meta(row):
            return False
        figures = self._figures(row)
        if not figures or self._are_column_numbers(row):
            return False
        if all(cell.wordy for _, cell in figures):
            return False
        numbers = [cell for _, cell in figures if cell.sort != "mark"]
        if not numbers and len(self._seen(row)) < 1:
            return False
        years = [cell for cell in numbers if _is_year(cell)]
        if numbers and len(years) == len(numbers):
            later = number + 1 < len(self.rows) and bool(self._figures(self.rows[number + 1]))
            return not (later and len(years) + len(self._seen(row)) > 1 and len(years) > 1)
        # Only a serial number so far: a body row whose figures are blank, if a table is open.
        alone = len(figures) == 1 and figures[0][0] == self.columns[0] and len(self.columns) > 2
        return not alone

    def _are_column_numbers(self, row: int) -> bool:
        texts = [plain(self.grid.text(row, column)) for column in self.own[row]]
        if len(texts) < 2 or not all(_COLUMN_NUMBERS.fullmatch(text) for text in texts):
            return False
        numbers = [int(re.findall(r"\d+", t)[0]) for t in texts if re.match(r"\(?\[?\d", t)]
        return (
            len(numbers) > 1
            and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            and numbers[0] <= 2
        )

    def _take_header(self, block: _Growing, number: int) -> None:
        """The header rows lie right above the body: rows of several texts."""
        taken: list[int] = []
        place = number - 1
        sections = self._sections_above(number)
        block.body = [*sections]
        place -= len(sections)
        while place >= 0:
            row = self.rows[place]
            gap = self.rows[place + 1] - row
            if gap > 1 and not self._reaches(row, self.rows[place + 1]):
                break
            if self._are_column_numbers(row):
                place -= 1
                continue
            if self._is_meta(row) or not self._is_header_row(row):
                break
            taken.insert(0, row)
            place -= 1
        block.header = taken
        texts = {text for row in taken for text in self._line(row)}
        block.headings = [text for text in block.headings if text not in texts]

    def _sections_above(self, number: int) -> list[int]:
        """Headings of a part (东部片区) between the header and the first figures."""
        found: list[int] = []
        place = number - 1
        while place > 0 and len(self.own[self.rows[place]]) == 1 and not self._is_meta(self.rows[place]):
            if self._is_header_row(self.rows[place]):
                return found
            found.insert(0, self.rows[place])
            place -= 1
            if self._is_header_row(self.rows[place]) and len(self._seen(self.rows[place])) > 2:
                return found
        return []

    def _reaches(self, row: int, below: int) -> bool:
        return any(self.grid.area(row, column)[2] >= below - 1 for column in self.own[row])

    def _is_header_row(self, row: int) -> bool:
        seen = self._seen(row)
        years = [cell for _, cell in self._figures(row) if not cell.wordy]
        if any(not _is_year(cell) and cell.sort == "number" for cell in years):
            return False
        if len(seen) + len(years) >= 2:
            return True
        # A lone group over some of the columns, not over all of them.
        own = self.own[row]
        if len(own) != 1:
            return False
        _, left, _, right = self.grid.area(row, own[0])
        if left <= self.columns[0]:
            return False
        place = self.rows.index(row)
        above = self.rows[place - 1] if place else None
        grouped = above is not None and not self._is_meta(above) and len(self._seen(above)) > 2
        return right > left or (grouped and above == row - 1)

    def _take_body(self, block: _Growing, number: int) -> int:
        """Takes body rows from ``number`` on; gives the first row behind them."""
        header = [self._seen(row) for row in block.header]
        while number < len(self.rows):
            row = self.rows[number]
            if self._is_data(number):
                block.body.append(row)
            elif self._are_column_numbers(row):
                pass
            elif self._is_meta(row) or self._ends_here(block, number, header):
                return number
            elif not (header and self._seen(row) in header):
                block.body.append(row)
            number += 1
        return number

    def _ends_here(self, block: _Growing, number: int, header: list[list[str]]) -> bool:
        """Whether a row without figures ends the table instead of being a part of it."""
        row = self.rows[number]
        seen = self._seen(row)
        if seen in header:
            return False
        if number + 1 == len(self.rows):
            return len(self.own[row]) <= 1 and not self._figures(row)
        following = self.rows[number + 1]
        gap = row - self.rows[number - 1] > 1
        if len(self.own[row]) <= 1 and not self._figures(row):
            return gap or not self._is_data(number + 1) or self._is_wide(row)
        if self._figures(row):
            return False
        return self._is_new_header(block, row, following) or (gap and not self._is_data(number))

    def _is_wide(self, row: int) -> bool:
        """A title across the table, unless it is the name of a section that begins with a numeral."""
        _, left, _, right = self.grid.area(row, self.own[row][0]) if self.own[row] else (0, 0, 0, 0)
        text = self._line(row)[0] if self._line(row) else ""
        wide = right - left + 1 > max(2, len(self.columns) * 2 // 3)
        return wide and bool(re.search(r"表$|单位[:：]|情况$", text))

    def _is_new_header(self, block: _Growing, row: int, following: int) -> bool:
        """Texts where the body has figures, with figures below: another table begins."""
        figured = {c for r in block.body for c, _ in self._figures(r)}
        texts = [c for c in self.own[row] if self.grid.at(row, c).sort == "text" and c in figured]
        return len(texts) >= 2 or (len(texts) == 1 and len(figured) == 1 and bool(block.header))


def _is_year(cell: Written) -> bool:
    return (
        cell.value is not None
        and not cell.measure
        and cell.value == int(cell.value)
        and 1990 <= cell.value <= 2100
    )


def _repeated(grid: Grid, block: Block) -> Iterator[Block]:
    """The parts of a table whose header begins again to the right (村名 人口 村名 人口)."""
    starts = _restarts(grid, block)
    if not starts:
        yield block
        return
    edges = [*starts, block.columns[-1] + 1]
    for left, right in pairwise(edges):
        columns = tuple(c for c in block.columns if left <= c < right)
        body = tuple(r for r in block.body if any(grid.spread(r, c).sort != "blank" for c in columns))
        yield Block(columns, block.header, body, block.headings, block.notes)


def _restarts(grid: Grid, block: Block) -> list[int]:
    if not block.header:
        return _pairs(grid, block)
    leaf = block.header[-1]
    texts = [label_at(grid, leaf, column) for column in block.columns]
    first = next((text for text in texts if text), "")
    places = [
        column for column, text in zip(block.columns, texts, strict=True)
        if text == first and grid.area(leaf, column)[1] == column
    ]  # fmt: skip
    named = is_word(first, "unit_header", "indicator_header", "serial", "record_header")
    if len(places) < 2 or not named or places[0] != block.columns[0]:
        return []
    same = [texts[block.columns.index(p) : block.columns.index(p) + 2] for p in places]
    width = len(same[0])
    if any(part[:width] != same[0] for part in same):
        return []
    return places if all(_names_below(grid, block, column) for column in places) else []


def _pairs(grid: Grid, block: Block) -> list[int]:
    """A form without header: label, figure, label, figure in most rows; each label begins a part."""
    texts = {
        c
        for c in block.columns
        if sum(grid.at(r, c).sort == "text" for r in block.body) * 2 > len(block.body)
    }
    figures = {c for c in block.columns if any(grid.at(r, c).sort == "number" for r in block.body)}
    places = sorted(texts)
    between = all(any(a < c < b and c in figures for c in block.columns) for a, b in pairwise(places))
    starts = places and places[0] == block.columns[0] and len(places) > 1 and between
    return places if starts else []


def _names_below(grid: Grid, block: Block, column: int) -> bool:
    kinds = [grid.spread(row, column).sort for row in block.body]
    serial = is_word(label_at(grid, block.header[-1], column), "serial")
    return "text" in kinds or (serial and "number" in kinds)
