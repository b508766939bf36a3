"""A sheet as a grid: what each cell holds, with merged areas spread where a label is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from kaohe.reading.sheets.raw import Area, RawSheet
from kaohe.reading.sheets.values import BLANK, Written, plain, written

Place = tuple[int, int]
_LARGEST_SPREAD = 20_000


@dataclass(frozen=True)
class Grid:
    """``cells`` by place; ``anchors`` gives the first cell of the merged area that a place lies in."""

    raw: RawSheet
    cells: dict[Place, Written]
    texts: dict[Place, str]
    indents: dict[Place, int]
    areas: dict[Place, Area]
    anchors: dict[Place, Place] = field(repr=False)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.raw.name

    def at(self, row: int, column: int) -> Written:
        """What the cell itself holds; a place inside a merged area holds nothing of its own."""
        return self.cells.get((row, column), BLANK)

    def spread(self, row: int, column: int) -> Written:
        """What is seen at a place: its merged area's content."""
        place = self.anchors.get((row, column), (row, column))
        return self.cells.get(place, BLANK)

    def text(self, row: int, column: int) -> str:
        """The text as typed that is seen at a place, whatever it holds."""
        place = self.anchors.get((row, column), (row, column))
        return self.texts.get(place, "")

    def area(self, row: int, column: int) -> Area:
        """The merged area of a place, or the place alone."""
        place = self.anchors.get((row, column), (row, column))
        return self.areas.get(place, (row, column, row, column))

    def indent(self, row: int, column: int) -> int:
        """How far a text is moved in: spaces before it and the cell's own indent."""
        text = self.text(row, column).replace("\n", "")
        spaces = len(text) - len(text.lstrip(" \u3000\t\xa0"))
        wide = text[:spaces].count("\u3000")
        return self.indents.get((row, column), 0) * 2 + spaces + wide

    @cached_property
    def by_row(self) -> dict[int, list[int]]:
        """The columns of each row's own cells."""
        rows: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, []).append(column)
        return rows

    @cached_property
    def rows(self) -> list[int]:
        """The rows that hold anything, in order."""
        return sorted(self.by_row)


def grid_of(sheet: RawSheet) -> Grid:
    """The grid of a sheet."""
    cells: dict[Place, Written] = {}
    texts: dict[Place, str] = {}
    indents: dict[Place, int] = {}
    for cell in sheet.cells:
        found = written(cell)
        if found.sort != "blank":
            cells[cell.row, cell.column] = found
            number = cell.kind == "number"
            texts[cell.row, cell.column] = found.text if number else cell.text
            indents[cell.row, cell.column] = cell.indent
    areas, anchors = _spread(sheet)
    return Grid(sheet, _shown_only(cells, anchors), texts, indents, areas, anchors)


def _spread(sheet: RawSheet) -> tuple[dict[Place, Area], dict[Place, Place]]:
    areas: dict[Place, Area] = {}
    anchors: dict[Place, Place] = {}
    for top, left, bottom, right in sheet.merged:
        areas[top, left] = (top, left, bottom, right)
        if (bottom - top + 1) * (right - left + 1) > _LARGEST_SPREAD:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                anchors[row, column] = (top, left)
    return areas, anchors


def _shown_only(cells: dict[Place, Written], anchors: dict[Place, Place]) -> dict[Place, Written]:
    """What lies under a merged area is not seen; some writers leave it there."""
    return {place: cell for place, cell in cells.items() if anchors.get(place, place) == place}


def label_at(grid: Grid, row: int, column: int) -> str:
    """The plain text of a label, or nothing where a figure or a blank stands."""
    found = grid.spread(row, column)
    if found.sort == "text":
        return plain(grid.text(row, column)) if grid.text(row, column) else found.text
    if found.sort == "date" or found.wordy:
        return found.text
    return ""
