"""Tables: which file is what, and its rows as typed cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from kaohe.facts.cells import Cell, is_code, number_cell, text_cell
from kaohe.facts.errors import DataError
from kaohe.facts.files import Grid, nearest, read_grid

Kind = Literal["number", "text"]
Names = str | tuple[str, ...]

_SERIAL = re.compile(r"(序号|编号|行号|no\.?|№|nº|#)", re.IGNORECASE)
_ROW = re.compile(r"第 (\d+) 行")
KEY_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a scheme's ``tables:`` entry says about one table.

    ``key`` names the column(s) of a unit in the table ``units``, or of a row in a reference table;
    ``unit`` the column(s) that say whose a record is; several are joined by ``|``. ``units`` is true when
    the units are whoever occurs in the table, or the list of unit columns of a ``units_across`` table.
    ``header`` is the row number, or numbers, of the header. ``where`` and ``reported`` are conditions that
    the scheme evaluates; ``date`` names the column by which rows outside the period are left out.
    """

    file: str = ""
    key: Names = ()
    unit: Names = ()
    units: bool | tuple[str, ...] = False
    layout: Literal["", "units_across"] = ""
    header: int | tuple[int, ...] = 1
    transpose: bool = False
    sheet: str | None = None
    date: str | None = None
    where: str | None = None
    reported: str | None = None

    def __post_init__(self) -> None:
        headers = (self.header,) if isinstance(self.header, int) else self.header
        if not headers or any(number < 1 for number in headers):
            raise DataError(f"表 {self.file}:header 应为从 1 数起的行号,实为 {self.header}")
        if self.layout == "units_across" and not isinstance(self.units, tuple):
            raise DataError(f"表 {self.file}:单位横排(units_across)时,units 应列出单位所在的列")
        if self.layout != "units_across" and isinstance(self.units, tuple):
            raise DataError(f"表 {self.file}:units 列出单位时,layout 应为 units_across")

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The row numbers of the header, in order."""
        return (self.header,) if isinstance(self.header, int) else self.header


@dataclass(frozen=True, slots=True)
class Typed:
    """A column's kind and cells; ``mistakes`` when it is of numbers but some cell is not one."""

    kind: Kind
    cells: tuple[Cell, ...]
    mistakes: bool


@dataclass(frozen=True)
class Table:
    """The rows of one table as text, with the file's own row numbers; cells are typed when asked.

    A column is a number column when its non-blank cells are numbers; when most are, it is one with
    mistakes in it (``column_errors``), otherwise it is text. A column with a code such as 06001 is text.
    """

    label: str
    columns: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column stands."""
        return {name: place for place, name in enumerate(self.columns)}

    def position(self, name: str) -> int:
        """Where the column stands; ``DataError`` with the nearest name when there is none."""
        if name not in self.positions:
            raise DataError(f"{self.label}:找不到列 {name}{nearest(name, self.columns)}")
        return self.positions[name]

    def texts_of(self, name: str) -> tuple[str, ...]:
        """The column as text."""
        place = self.position(name)
        return tuple(row[place] for row in self.texts)

    def kind(self, name: str) -> Kind:
        """Whether the column is of numbers or of text."""
        return self._column(name).kind

    def cells(self, name: str) -> tuple[Cell, ...]:
        """The typed column; a mistake in a number column stays a text cell (see ``column_errors``)."""
        return self._column(name).cells

    @cached_property
    def _columns(self) -> dict[str, Typed]:
        return {}

    def _column(self, name: str) -> Typed:
        if name not in self._columns:
            self._columns[name] = typed(self.texts_of(name))
        return self._columns[name]

    def column_errors(self, name: str) -> tuple[str, ...]:
        """A message for each cell of a number column that is not a number."""
        if self.kind(name) == "text":
            return ()
        return tuple(
            f"{self.label} 第 {number} 行 {name} 列:应为数字,实为“{text}”"
            for number, text in zip(self.row_numbers, self.texts_of(name), strict=True)
            if number_cell(text) is None
        )

    def keys(self, names: Sequence[str]) -> tuple[str, ...]:
        """Each row's key: the named cells joined by ``|``. Raises ``DataError`` on blank ones."""
        blanks = self._blank_keys(names)
        if blanks:
            raise DataError(blanks)
        return self._joined(names)

    def unique_keys(self, names: Sequence[str]) -> tuple[str, ...]:
        """As ``keys``; ``DataError`` when one occurs twice, with whatever else is wrong in the table."""
        faults = self.key_faults(names)
        if faults:
            raise DataError(in_row_order([*faults, *value_faults(self)]))
        return self._joined(names)

    def key_faults(self, names: Sequence[str]) -> list[str]:
        """A message for each row without a key, and for each key that occurs twice."""
        keys = self._joined(names)
        repeated = [key for key, count in Counter(keys).items() if count > 1 and key.strip(KEY_SEPARATOR)]
        return [*self._blank_keys(names), *(self._repetition(key, keys) for key in repeated)]

    def _joined(self, names: Sequence[str]) -> tuple[str, ...]:
        columns = [self.texts_of(name) for name in names]
        return tuple(KEY_SEPARATOR.join(parts) for parts in zip(*columns, strict=True))

    def _blank_keys(self, names: Sequence[str]) -> list[str]:
        columns = [self.texts_of(name) for name in names]
        return [
            f"{self.label} 第 {number} 行:缺少 {'、'.join(names)}"
            for number, parts in zip(self.row_numbers, zip(*columns, strict=True), strict=True)
            if not all(parts)
        ]

    def _repetition(self, key: str, keys: Sequence[str]) -> str:
        rows = [str(n) for n, each in zip(self.row_numbers, keys, strict=True) if each == key]
        return f"{self.label} 第 {'、'.join(rows)} 行:“{key}”重复,每个只应有一行"


def typed(texts: Sequence[str]) -> Typed:
    """The cells of one column: of numbers when more of the non-blank ones are numbers than not, and none
    is a code.

    >>> typed(["1", "2", ""]).kind, typed(["06001", "35039"]).kind, typed(["1", "2", "约3"]).mistakes
    ('number', 'text', True)
    """
    guessed = [number_cell(text) for text in texts]
    mistakes = guessed.count(None)
    numbers = sum(cell is not None and cell.present for cell in guessed)
    if mistakes > numbers or (mistakes and not numbers) or any(map(is_code, texts)):
        return texts_only(texts)
    cells = tuple(cell or text_cell(text) for cell, text in zip(guessed, texts, strict=True))
    return Typed("number", cells, mistakes > 0)


def texts_only(texts: Sequence[str]) -> Typed:
    """A column taken as text whatever it looks like: the keys of units."""
    return Typed("text", tuple(text_cell(text) for text in texts), False)


def unit_column(table: Table) -> str:
    """The first column that is not a serial number (序号, 编号, No.).

    >>> unit_column(Table("a.csv", ("序号", "镇", "产值"), (), ()))
    '镇'
    """
    for name in table.columns:
        if not _SERIAL.fullmatch(name) and not _is_bare_serial(table, name):
            return name
    raise DataError(f"{table.label}:找不到单位列,只有 {'、'.join(table.columns)}")


def key_columns(table: Table, names: Names) -> tuple[str, ...]:
    """The columns that ``names`` mean: a list, one column, or several written with ``|`` between."""
    if not isinstance(names, str):
        chosen = tuple(names)
    elif names in table.columns:
        chosen = (names,)
    else:
        chosen = tuple(part.strip() for part in names.split(KEY_SEPARATOR))
    for name in chosen:
        table.position(name)
    return chosen


def read_table(base: Path, spec: TableSpec) -> Table:
    """The table that ``spec`` describes, in the folder ``base``. Raises ``DataError`` with all its faults."""
    file, _, sheet = spec.file.partition("#")
    grid = read_grid(base / file, spec.sheet or sheet or None)
    return table_of(_transposed(grid) if spec.transpose else grid, spec.header_rows)


def table_of(grid: Grid, header_rows: tuple[int, ...] = (1,)) -> Table:
    """A grid as a table: header rows joined, every row as wide as the header."""
    names, first_row = _header(grid, header_rows)
    body = [(n, row) for n, row in zip(grid.numbers, grid.rows, strict=True) if n >= first_row]
    rows = tuple(_fitted(row, len(names)) for _, row in body)
    table = _named(Table(grid.label, names, rows, tuple(number for number, _ in body)))
    uneven = [] if grid.even else _width_faults(grid.label, body, len(names))
    if uneven:
        keys = table.key_faults((unit_column(table),)) if names else []
        raise DataError(in_row_order([*uneven, *keys, *value_faults(table)]))
    return table


def value_faults(table: Table) -> list[str]:
    """What else is wrong in a table that cannot be taken: each cell of a number column that is no number."""
    return [fault for name in table.columns for fault in table.column_errors(name)]


def in_row_order(messages: Iterable[str]) -> list[str]:
    """Messages about rows in the order of the rows; each once."""

    def row_of(message: str) -> int:
        match = _ROW.search(message)
        return int(match[1]) if match else 0

    return sorted(dict.fromkeys(messages), key=row_of)


def _header(grid: Grid, wanted: tuple[int, ...]) -> tuple[tuple[str, ...], int]:
    by_number = dict(zip(grid.numbers, grid.rows, strict=True))
    # A blank line above the header of a plain file does not shift a header that is simply "the first row".
    numbers = (grid.numbers[0],) if wanted == (1,) else wanted
    absent = [number for number in numbers if number not in by_number]
    if absent:
        raise DataError(f"{grid.label}:第 {absent[0]} 行应为表头,实为空行")
    rows = [by_number[number] for number in numbers]
    width = max(len(row) for row in grid.rows) if grid.even else len(rows[-1])
    levels = [_filled(_fitted(row, width), upper=row is not rows[-1]) for row in rows]
    joined = tuple(".".join(part for part in parts if part) for parts in zip(*levels, strict=True))
    return _without_trailing_blanks(joined, grid.even), numbers[-1] + 1


def _filled(row: tuple[str, ...], *, upper: bool) -> tuple[str, ...]:
    # An upper header is usually one merged cell over several columns: its text belongs to all of them.
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if upper and filled else ""))
    return tuple(filled)


def _without_trailing_blanks(names: tuple[str, ...], even: bool) -> tuple[str, ...]:
    end = len(names)
    while not even and end and not names[end - 1]:
        end -= 1
    return names[:end]


def _fitted(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return row[:width] + ("",) * (width - len(row))


def _width_faults(label: str, body: Iterable[tuple[int, tuple[str, ...]]], width: int) -> list[str]:
    return [
        f"{label} 第 {number} 行:应有 {width} 格,实有 {len(row)} 格"
        for number, row in body
        if len(row) < width or any(row[width:])
    ]


def _named(table: Table) -> Table:
    kept = [place for place, name in enumerate(table.columns) if name or any(r[place] for r in table.texts)]
    names = tuple(table.columns[place] or f"第{place + 1}列" for place in kept)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise DataError([f"{table.label}:表头里 {name} 出现了两次" for name in repeated])
    if len(kept) == len(table.columns):
        return replace(table, columns=names)
    rows = tuple(tuple(row[place] for place in kept) for row in table.texts)
    return replace(table, columns=names, texts=rows)


def _is_bare_serial(table: Table, name: str) -> bool:
    if not re.fullmatch(r"第\d+列", name) or not table.texts:
        return False
    texts = table.texts_of(name)
    return any(texts == tuple(str(i + start) for i in range(len(texts))) for start in (0, 1))


def _transposed(grid: Grid) -> Grid:
    width = max(len(row) for row in grid.rows)
    columns = tuple(zip(*(_fitted(row, width) for row in grid.rows), strict=True))
    kept = [(n, column) for n, column in enumerate(columns, start=1) if any(column)]
    return Grid(f"{grid.label}(转置)", tuple(c for _, c in kept), tuple(n for n, _ in kept), even=True)
