"""What a format gives: text, paragraphs, tables and boilerplate, built piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.facts.errors import DataError
from kaohe.reading.documents import Paragraph, Span, Table, TableCell

MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file and its parts; ``paragraphs`` is empty where lines are all that is known."""

    text: str
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    boilerplate: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell of a table before its text has a place; ``lines`` with the origin of each."""

    row: int
    column: int
    lines: tuple[tuple[str, int | None], ...]
    rows: int = 1
    columns: int = 1


class Builder:
    """Puts text together and keeps the offsets; raises ``DataError`` past the stated limit."""

    def __init__(self, name: str, most: int = MOST_CHARACTERS) -> None:
        self.name, self.most = name, most
        self.pieces: list[str] = []
        self.length = 0
        self.paragraphs: list[Paragraph] = []
        self.tables: list[Table] = []
        self.boilerplate: list[Span] = []

    def paragraph(self, text: str, origin: int | None = None, apart: str = "") -> None:
        """Adds a line; ``apart`` is the reason why it is boilerplate."""
        written = text.strip("\n")
        if not written.strip():
            self._add("\n")
            return
        lead = len(written) - len(written.lstrip())
        start, end = self.length + lead, self.length + len(written.rstrip())
        self.paragraphs.append(Paragraph(start, end, origin=origin))
        if apart:
            self.boilerplate.append(Span(start, end, apart))
        self._add(written + "\n")

    def table(self, cells: Sequence[CellText], caption: str = "") -> None:
        """Adds a table: cells of a row apart by tabs, rows by line breaks."""
        start, placed, row = self.length, [], None
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            if row is not None:
                self._add("\t" if cell.row == row else "\n")
            row = cell.row
            placed.append(self._cell(cell))
        end = self.length
        self._add("\n")
        if placed:
            self.tables.append(Table(start, end, tuple(placed), caption))

    def _cell(self, cell: CellText) -> TableCell:
        start = self.length
        lines = [(text.replace("\n", " ").replace("\t", " ").strip(), origin) for text, origin in cell.lines]
        for index, (text, origin) in enumerate(line for line in lines if line[0]):
            if index:
                self._add(" ")
            self.paragraphs.append(Paragraph(self.length, self.length + len(text), origin=origin))
            self._add(text)
        return TableCell(cell.row, cell.column, start, self.length, cell.rows, cell.columns)

    def _add(self, text: str) -> None:
        self.length += len(text)
        if self.length > self.most:
            raise too_long(self.name, self.most)
        self.pieces.append(text)

    def extracted(self) -> Extracted:
        """All that was added."""
        return Extracted(
            "".join(self.pieces), tuple(self.paragraphs), tuple(self.tables), tuple(self.boilerplate)
        )


def too_long(name: str, most: int) -> DataError:
    """The fault of a text past the limit."""
    return DataError(f"{name}:文字超过 {most:,} 字的上限;请拆成几份,或用 --max-chars 放宽")
