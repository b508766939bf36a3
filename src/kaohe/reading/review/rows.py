"""A review workbook as it comes back: rows by their headings, whatever was sorted, moved or deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.facts.files import Grid, nearest, read_grid
from kaohe.quantities import Period, find_periods
from kaohe.reading.review.columns import HEADINGS, NEEDED, SHEET

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T00:00:00)?")
_MONTHS = re.compile(r"(\d{4})[-/.年](\d{1,2})月?[—–~至/-](?:(\d{4})[-/.年])?(\d{1,2})月?")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of the workbook: its texts by column id, and where it stands."""

    label: str
    number: int
    texts: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def fault(self, column: str, message: str) -> str:
        """A message that names file, row and column."""
        return f"{self.label} 第 {self.number} 行 {HEADINGS[column]} 列:{message}"


def review_rows(workbook: str | Path) -> list[ReviewRow]:
    """The rows of a review workbook that say anything. Raises ``DataError`` when it is none."""
    grid = _grid(Path(workbook))
    at, places = _header(grid)
    rows = []
    for number, cells in zip(grid.numbers[at + 1 :], grid.rows[at + 1 :], strict=True):
        texts = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
        if any(texts.values()):
            rows.append(ReviewRow(grid.label, number, texts))
    return rows


def _grid(path: Path) -> Grid:
    """The sheet 核定, or the first one where somebody renamed it."""
    try:
        return read_grid(path, SHEET)
    except DataError as error:
        if not any("没有工作表" in message for message in error.messages):
            raise
        return read_grid(path)


def _header(grid: Grid) -> tuple[int, dict[str, int]]:
    """The row of headings, which need not be the first, and the place of each column."""
    known = {heading: name for name, heading in HEADINGS.items()}
    for at, row in enumerate(grid.rows[:20]):
        places = {known[text]: place for place, text in enumerate(row) if text in known}
        if len(places) >= len(NEEDED) - 2 and "accept" in places:
            _check_columns(grid, row, places)
            return at, places
    raise DataError(f"{grid.label}:找不到表头,应有{'、'.join(HEADINGS[name] for name in NEEDED)}各列")


def _check_columns(grid: Grid, row: tuple[str, ...], places: Mapping[str, int]) -> None:
    missing = [name for name in NEEDED if name not in places]
    twice = [text for text in HEADINGS.values() if row.count(text) > 1]
    messages = [f"{grid.label}:缺少列 {HEADINGS[name]}{nearest(HEADINGS[name], row)}" for name in missing]
    messages += [f"{grid.label}:表头里 {text} 出现了两次" for text in twice]
    if messages:
        raise DataError(messages)


def written_period(text: str) -> Period | None:
    """A period as it was proposed, or as a spreadsheet or a person writes it; None when it is none.

    >>> [str(written_period(text)) for text in ("2005-01/2005-09", "2005-09-01", "2005年1—9月", "2005年")]
    ['2005-01/2005-09', '2005-09', '2005-01/2005-09', '2005']
    >>> written_period("九月份") is None
    True
    """
    for read in _READERS:
        try:
            found = next(iter(read(text)), None)
        except ValueError:
            continue
        if found is not None:
            return found
    return None


def _parsed(text: str) -> Iterator[Period]:
    yield Period.parse(text)


def _day(text: str) -> Iterator[Period]:
    # A spreadsheet takes 2005-09 for a date and gives its first day back.
    match = _DAY.fullmatch(text)
    if match and date(int(match[1]), int(match[2]), int(match[3])).day == 1:
        yield Period.of(int(match[1]), int(match[2]))


def _months(text: str) -> Iterator[Period]:
    match = _MONTHS.fullmatch(text)
    if match:
        yield Period.of(int(match[1]), int(match[2]), int(match[3] or match[1]), int(match[4]))


def _words(text: str) -> Iterator[Period]:
    found = find_periods(text)
    if len(found) == 1 and found[0].text == text and found[0].period is not None:
        yield found[0].period


_READERS = (_parsed, _day, _months, _words)
