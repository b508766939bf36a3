"""A document as text with structure: paragraphs, numbered sections, tables, boilerplate."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Numbering = Literal["一、", "(一)", "1、", "1.1", "(1)", "①", "一是", "第一", "第一章"]
"""The way a section is numbered, by its own example."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of the text, and why it is marked."""

    start: int
    end: int
    reason: str = ""

    def __contains__(self, place: object) -> bool:
        return isinstance(place, int) and self.start <= place < self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text without its line break.

    ``section`` is the index of the innermost section that holds it, None before the first. ``origin`` is the
    place in the file that it came from: for .docx the index of its ``w:p`` in document order.
    """

    start: int
    end: int
    section: int | None = None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section, from its number to the next section of its level or a higher one.

    ``number`` is as printed (一、), ``ordinal`` its value, ``level`` 1 for the outermost in this document.
    ``title_start`` to ``title_end`` is its heading; 一是 and a number inside a running paragraph have their
    first sentence or clause as heading, and ``inline`` says so.
    """

    start: int
    end: int
    number: str
    numbering: Numbering
    ordinal: int
    level: int
    title_start: int
    title_end: int
    parent: int | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with its text at ``start`` to ``end``; merged cells stand once, with their extent."""

    row: int
    column: int
    start: int
    end: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose text stands at ``start`` to ``end``: cells apart by tabs, rows by line breaks."""

    start: int
    end: int
    cells: tuple[TableCell, ...]
    caption: str = ""

    @property
    def height(self) -> int:
        """How many rows."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        """How many columns."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    def cell(self, row: int, column: int) -> TableCell | None:
        """The cell that covers a place of the grid; None where there is none."""
        for cell in self.cells:
            inside = cell.row <= row < cell.row + cell.rows
            if inside and cell.column <= column < cell.column + cell.columns:
                return cell
        return None


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: its ``text``, to which every offset refers, and its structure.

    ``form`` is txt, docx, pdf, html or doc. ``title`` is the span of the title, None when there is none.
    ``boilerplate`` are the parts that do not belong to the document: a site's introduction, copyright lines,
    links to other pages. A page that holds several documents has the start of each in ``parts``.

    >>> document = Document("一、农业\\n产粮5吨", paragraphs=(Paragraph(0, 4), Paragraph(5, 9)))
    >>> document.paragraph_at(6), document.line_of(6)
    (Paragraph(start=5, end=9, section=None, origin=None), 2)
    """

    text: str
    source: str = ""
    form: str = "txt"
    title: Span | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    boilerplate: tuple[Span, ...] = ()
    parts: tuple[int, ...] = field(default=(0,))

    def paragraph_at(self, place: int) -> Paragraph | None:
        """The paragraph that holds an offset (its line break counts as its own)."""
        at = bisect_right(self.paragraphs, place, key=lambda paragraph: paragraph.start) - 1
        return self.paragraphs[at] if at >= 0 else None

    def section_at(self, place: int) -> Section | None:
        """The innermost section that holds an offset."""
        found = [section for section in self.sections if section.start <= place < section.end]
        return max(found, key=lambda section: section.level, default=None)

    def heading(self, section: Section) -> str:
        """The text of a section's heading."""
        return self.text[section.title_start : section.title_end]

    def line_of(self, place: int) -> int:
        """The line (from 1) of an offset."""
        return self.text.count("\n", 0, place) + 1

    def in_table(self, place: int) -> bool:
        """Whether an offset lies in a table."""
        at = bisect_right(self.tables, place, key=lambda table: table.start) - 1
        return at >= 0 and place < self.tables[at].end

    def is_boilerplate(self, place: int) -> bool:
        """Whether an offset lies in a part that does not belong to the document."""
        at = bisect_right(self.boilerplate, place, key=lambda span: span.start) - 1
        return at >= 0 and place < self.boilerplate[at].end
