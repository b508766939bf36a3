"""Tables for people: rich on a terminal; to a pipe plain aligned text, never wrapped, cut or coloured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading; numbers stand to the ``right``."""

    text: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts with a title above and notes below."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def print_table(table: TextTable, stream: IO[str]) -> None:
    """Writes the table as fits the stream: with lines on a terminal, plain to anything else."""
    if stream.isatty():
        _print_rich(table, stream)
    else:
        stream.write(plain_text(table))


def plain_text(table: TextTable) -> str:
    """The table as aligned text, two blanks between columns; a Chinese character is two cells wide.

    >>> headings = (Heading("单位"), Heading("分", right=True))
    >>> print(plain_text(TextTable("", headings, (("甲镇", "9.5"), ("乙", "10")))))
    单位   分
    甲镇  9.5
    乙     10
    <BLANKLINE>
    """
    cells = [tuple(heading.text for heading in table.headings), *table.rows]
    widths = [max(cell_len(row[place]) for row in cells) for place in range(len(table.headings))]
    lines = [table.title] if table.title else []
    lines += [_line(row, table.headings, widths) for row in cells]
    return "\n".join([*lines, *table.notes]) + "\n"


def _line(row: Row, headings: Sequence[Heading], widths: Sequence[int]) -> str:
    padded = []
    for text, heading, width in zip(row, headings, widths, strict=True):
        blank = " " * (width - cell_len(text))
        padded.append(blank + text if heading.right else text + blank)
    return "  ".join(padded).rstrip()


def _print_rich(table: TextTable, stream: IO[str]) -> None:
    shown = RichTable(title=table.title or None, box=box.SIMPLE_HEAVY, title_justify="left")
    for heading in table.headings:
        shown.add_column(heading.text, justify="right" if heading.right else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*(_escaped(text) for text in row))
    console = Console(file=stream, highlight=False)
    console.print(shown)
    for note in table.notes:
        console.print(_escaped(note))


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
