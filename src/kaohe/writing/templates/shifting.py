"""Makes room in a sheet: a row becomes several, and what lies below or speaks of rows follows.

Excel does this when somebody inserts rows; openpyxl only moves the cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

_CELL = r"\$?[A-Z]{1,3}\$?\d+"
_RANGE = re.compile(rf"({_CELL})(?::({_CELL}))?")
_ROW_OF = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)")
_WHOLE_ROWS = re.compile(r"(\$?)(\d+):(\$?)(\d+)")


@dataclass(frozen=True, slots=True)
class Shift:
    """Row ``row`` of a sheet becomes ``count`` rows."""

    sheet: str
    row: int
    count: int

    @property
    def more(self) -> int:
        """How many rows there are in addition."""
        return self.count - 1

    def first(self, row: int) -> int:
        """Where a row that begins a range, or stands alone, is afterwards."""
        return row + self.more if row > self.row else row

    def last(self, row: int) -> int:
        """Where a row that ends a range is afterwards: one that ends in the row takes all copies."""
        return row + self.more if row >= self.row else row

    def area(self, text: str, *, own: bool = False) -> str:
        """A reference (``E5``, ``$A$1:$F$9``, ``3:4``) as it is afterwards; ``own``: in the row itself.

        >>> Shift("表", 5, 4).area("SUM"), Shift("表", 5, 4).area("E5:E5"), Shift("表", 5, 4).area("$B$7")
        ('SUM', 'E5:E8', '$B$10')
        """
        last = self.first if own else self.last
        rows = _WHOLE_ROWS.fullmatch(text)
        if rows:
            return f"{rows[1]}{self.first(int(rows[2]))}:{rows[3]}{last(int(rows[4]))}"
        return _RANGE.sub(lambda found: _moved(found[1], self.first) + _moved(found[2], last, ":"), text)


def _moved(cell: str | None, where: Callable[[int], int], before: str = "") -> str:
    return before + _ROW_OF.sub(lambda found: f"{found[1]}{where(int(found[2]))}", cell) if cell else ""


def stretch(book: Any, sheet: Any, shift: Shift) -> None:
    """Row ``shift.row`` becomes ``shift.count`` rows of the same cells and format."""
    if not shift.more:
        return
    merged = [(area.min_row, area.max_row, area.min_col, area.max_col) for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    below = [number for number in sorted(sheet.row_dimensions, reverse=True) if number > shift.row]
    heights = {number: sheet.row_dimensions[number].height for number in below}
    own_height = sheet.row_dimensions[shift.row].height
    _move_below(sheet, shift)
    _copy_row(sheet, shift)
    _set_heights(sheet, shift, heights, own_height)
    _merge_again(sheet, shift, merged)
    for each in book.worksheets:
        _shift_formulas(each, shift)
    _shift_settings(book, sheet, shift)


def _move_below(sheet: Any, shift: Shift) -> None:
    if sheet.max_row > shift.row:
        from openpyxl.utils import get_column_letter

        area = f"A{shift.row + 1}:{get_column_letter(sheet.max_column)}{sheet.max_row}"
        sheet.move_range(area, rows=shift.more)


def _copy_row(sheet: Any, shift: Shift) -> None:
    from openpyxl.formula.translate import Translator

    for cell in list(sheet[shift.row]):
        if isinstance(cell.value, str) and cell.value.startswith("="):
            cell.value = _shifted(cell.value, sheet.title, shift, own=True)
        for number in range(shift.row + 1, shift.row + shift.count):
            made = sheet.cell(number, cell.column)
            made.value = cell.value
            if isinstance(cell.value, str) and cell.value.startswith("="):
                made.value = Translator(cell.value, cell.coordinate).translate_formula(made.coordinate)
            made._style = copy(cell._style)


def _set_heights(sheet: Any, shift: Shift, heights: dict[int, float | None], own: float | None) -> None:
    for number in heights:
        sheet.row_dimensions[number].height = None
    for number, height in heights.items():
        sheet.row_dimensions[number + shift.more].height = height
    for number in range(shift.row, shift.row + shift.count):
        sheet.row_dimensions[number].height = own


def _merge_again(sheet: Any, shift: Shift, merged: list[tuple[int, int, int, int]]) -> None:
    for top, bottom, left, right in merged:
        if top == bottom == shift.row:
            for row in range(shift.row, shift.row + shift.count):
                sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)
        else:
            sheet.merge_cells(
                start_row=shift.first(top), end_row=shift.last(bottom), start_column=left, end_column=right
            )


def _shift_formulas(sheet: Any, shift: Shift) -> None:
    rows_made = range(shift.row, shift.row + shift.count)
    for cells in sheet.iter_rows():
        for cell in cells:
            own = sheet.title == shift.sheet and cell.row in rows_made
            # The copies already speak of their own rows; only references elsewhere move with the rest.
            if isinstance(cell.value, str) and cell.value.startswith("=") and not own:
                cell.value = _shifted(cell.value, sheet.title, shift)


def _shifted(formula: str, here: str, shift: Shift, *, own: bool = False) -> str:
    from openpyxl.formula import Tokenizer

    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            sheet, mark, area = token.value.rpartition("!")
            if (sheet.strip("'") if mark else here) == shift.sheet:
                token.value = f"{sheet}{mark}{shift.area(area, own=own)}"
    return str(tokens.render())


def _shift_settings(book: Any, sheet: Any, shift: Shift) -> None:
    """Print area, checks of input and conditional formats speak of rows too."""
    if sheet.print_area:
        areas = sheet.print_area if isinstance(sheet.print_area, str) else ",".join(sheet.print_area)
        sheet.print_area = ",".join(shift.area(area.rpartition("!")[2]) for area in areas.split(","))
    for check in sheet.data_validations.dataValidation:
        check.sqref = type(check.sqref)(shift.area(str(check.sqref)))
    _shift_conditions(sheet, shift)


def _shift_conditions(sheet: Any, shift: Shift) -> None:
    from openpyxl.formatting.formatting import ConditionalFormattingList

    kept = sheet.conditional_formatting
    sheet.conditional_formatting = ConditionalFormattingList()
    for each in kept:
        for rule in each.rules:
            sheet.conditional_formatting.add(shift.area(str(each.sqref)), rule)
