"""What each column of a table is: figures, names, measures, times, serial numbers, or text beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kaohe.reading.sheets.blocks import Block
from kaohe.reading.sheets.grid import Grid, label_at
from kaohe.reading.sheets.labels import Label, is_unit_name, parsed
from kaohe.reading.sheets.timing import take_times
from kaohe.reading.sheets.values import Written, is_measure, plain
from kaohe.reading.sheets.words import has_word, is_word

ColumnKind = Literal["figure", "serial", "info", "measure", "period", "role", "label", "blank"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its header, from top to bottom without repetitions; ``leaf`` is the last label."""

    index: int
    labels: tuple[Label, ...]
    kind: ColumnKind

    @property
    def leaf(self) -> Label:
        """The lowest label of the header, or an empty one."""
        return self.labels[-1] if self.labels else Label()

    @property
    def head(self) -> str:
        """The words of the header, from top to bottom."""
        return "/".join(label.text for label in self.labels)

    def headed(self, *groups: str) -> bool:
        """Whether the header as a whole or its last label is a word of the groups."""
        joined = "".join(label.text for label in self.labels)
        return any(is_word(text, *groups) for text in (self.leaf.text, self.leaf.full, joined))


def columns_of(grid: Grid, block: Block) -> list[Column]:
    """The columns of a table, each with its kind."""
    seen = _header_texts(grid, block)
    columns = [Column(index, tuple(parsed(text) for text in seen[index]), "blank") for index in block.columns]
    return [replace(column, kind=_kind(grid, block, column)) for column in columns]


def _header_texts(grid: Grid, block: Block) -> dict[int, list[str]]:
    """The header of each column; a group that was typed once over several columns counts for all of them."""
    found: dict[int, list[str]] = {column: [] for column in block.columns}
    rows = [[_header_text(grid, row, column) for column in block.columns] for row in block.header]
    for depth, texts in enumerate(rows):
        below = rows[depth + 1 :]
        for place, column in enumerate(block.columns):
            text = texts[place] or _inherited(grid, block, rows, depth, place)
            if text:
                texts[place] = text
            if text and text not in found[column]:
                found[column].append(text)
            if not below:
                continue
    return found


def _header_text(grid: Grid, row: int, column: int) -> str:
    cell = grid.spread(row, column)
    if cell.sort == "number":
        return cell.text
    return label_at(grid, row, column)


def _inherited(grid: Grid, block: Block, rows: list[list[str]], depth: int, place: int) -> str:
    """A blank beside a group, with something below both: the group goes on."""
    if depth + 1 >= len(rows) or place == 0:
        return ""
    below = next((row[place] for row in rows[depth + 1 :] if row[place]), "")
    beside = next((row[place - 1] for row in rows[depth + 1 :] if row[place - 1]), "")
    if any(row[place] != row[place - 1] for row in rows[:depth]):
        return ""  # a wider group begins here
    group = rows[depth][place - 1]
    _, left, bottom, right = grid.area(block.header[depth], block.columns[place - 1])
    closed = bottom > block.header[depth] or right > left
    return group if below and beside and group and group != beside and not closed else ""


def _kind(grid: Grid, block: Block, column: Column) -> ColumnKind:
    cells = [grid.spread(row, column.index) for row in block.body]
    count = Counter(cell.sort for cell in cells)
    numbers = count["number"] + count["error"] + count["uncached"]
    texts = count["text"] + count["date"]
    if column.headed("serial"):
        codes = any(not cell.text.isdecimal() for cell in cells if cell.sort == "text")
        return "info" if codes and texts > numbers and not _are_numerals(cells) else "serial"
    if column.headed("info", "note") or (has_word(column.leaf.text, "info") and texts > numbers):
        return "label" if column.headed("unit_header", "record_header") and texts > numbers else "info"
    if column.headed("record_code"):
        return "label"
    if not numbers and not texts and not count["mark"]:
        return "figure" if column.labels else "blank"
    told = any(label.role or label.measures or label.times for label in column.labels)
    if texts > numbers + count["mark"] or (texts and not numbers and column.labels and not told):
        return _text_kind(grid, block, column, cells)
    return _number_kind(grid, block, column, cells, numbers)


def _are_numerals(cells: Sequence[Written]) -> bool:
    texts = [cell.text for cell in cells if cell.sort == "text"]
    return all(set(text) <= set("()(),、.一二三四五六七八九十0123456789") for text in texts)


def _text_kind(grid: Grid, block: Block, column: Column, cells: Sequence[Written]) -> ColumnKind:
    texts = [cell.text for cell in cells if cell.sort in ("text", "date")]
    measures = [text for text in texts if is_measure(text) or _lists_measures(text)]
    if column.headed("measure_header") and len(measures) * 2 >= len(texts):
        return "measure"
    if len(measures) * 5 >= len(texts) * 4 and not column.headed("unit_header", "indicator_header"):
        return "measure"
    if all(_is_time(text) for text in texts):
        behind = not column.headed("period_header") and _stands_behind_figures(grid, block, column.index)
        return "info" if behind else "period"
    labels = [parsed(text) for text in texts]
    if len(labels) > 1 and all(label.role and not label.name for label in labels):
        return "role"
    if all(cell.sort == "date" for cell in cells if cell.sort != "blank"):
        return "info"
    if column.headed("unit_header", "indicator_header", "record_header", "category_header"):
        return "label"
    figured = any(label.role or label.measures for label in column.labels)
    return "info" if figured or _stands_behind_figures(grid, block, column.index) else "label"


def _lists_measures(text: str) -> bool:
    from kaohe.reading.sheets.labels import measures_in

    return bool(measures_in(text))


def _is_time(text: str) -> bool:
    left, times = take_times(text)
    return bool(times) and not left.strip("份()")


def _stands_behind_figures(grid: Grid, block: Block, index: int) -> bool:
    """Whether a column of text without a telling header lies behind the first column of figures."""
    for column in block.columns:
        if column >= index:
            return False
        cells = [grid.at(row, column) for row in block.body]
        numbers = [cell for cell in cells if cell.sort == "number" and cell.value is not None]
        if len(numbers) * 2 > len(cells) and not _are_serial(numbers):
            return True
    return False


def _number_kind(
    grid: Grid, block: Block, column: Column, cells: Sequence[Written], numbers: int
) -> ColumnKind:
    values = [cell for cell in cells if cell.sort == "number"]
    if column.headed("period_header") and values and all(_may_be_a_time(cell) for cell in values):
        return "period"
    first = column.index == block.columns[0]
    if not column.labels and first and len(values) > 1 and _are_serial(values):
        return "serial"
    if not column.labels and first and len(values) == 1 and len(block.columns) > 2 and values[0].text == "1":
        return "serial"
    return "figure"


def _may_be_a_time(cell: Written) -> bool:
    value = cell.value
    return value is not None and (1 <= value <= 12 or 1990 <= value <= 2100 or 199001 <= value <= 210012)


def _are_serial(cells: Sequence[Written]) -> bool:
    values = [cell.value for cell in cells]
    return (
        bool(values)
        and values == [index + (values[0] or 0) for index in range(len(values))]
        and values[0] in (0, 1)
    )


def looks_like_units(texts: Sequence[str], known: frozenset[str]) -> bool:
    """Whether most of some names are those of reporting units."""
    names = [
        name for text in texts if (name := parsed(text, row=True).full) and not parsed(text, row=True).total
    ]
    if not names:
        return False
    units = [name for name in names if name in known or is_unit_name(name)]
    return len(units) * 5 >= len(names) * 3


def body_texts(grid: Grid, block: Block, column: int) -> list[str]:
    """The labels of a column's body, merged cells spread."""
    return [text for row in block.body if (text := label_at(grid, row, column))]


def typed(grid: Grid, row: int, column: int) -> str:
    """The plain text that is seen at a place, whatever it holds."""
    return plain(grid.text(row, column))
