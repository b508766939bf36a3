"""Tables in plain text: neighbouring lines whose cells stand apart by tabs or wide blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kaohe.reading.documents import Table, TableCell

_APART = re.compile("\t|(?<=\\S)(?: {2,}|[ \u3000]*\u3000[ \u3000]+)(?=\\S)")
_NUMBER = re.compile(r"[+\-−－]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?[%％‰]?[^\d\s，。；,;]{0,4}$")
_SENTENCE = re.compile("[。；，;]")
_LONGEST_CELL = 40
_Line = tuple[int, list[tuple[int, int]]]


def tabbed_tables(text: str) -> Iterator[Table]:
    """The tables of a plain text, in order.

    A table has at least two lines of equally many cells, three where blanks part them, and one that holds
    numbers behind its first cell.

    >>> table, = tabbed_tables("下表:\\n指标\\t单位\\t完成\\n粮食\\t吨\\t5200\\n以上。")
    >>> table.height, table.width, table.cell(1, 2)
    (2, 3, TableCell(row=1, column=2, start=18, end=22, rows=1, columns=1))
    """
    if "\t" not in text and not _APART.search(text):
        return
    run: list[_Line] = []
    for line in _lines(text):
        if run and len(line[1]) != len(run[0][1]):
            yield from _table(text, run)
            run = []
        if len(line[1]) > 1:
            run.append(line)
    yield from _table(text, run)


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, _cells(line.rstrip("\r\n"), start)
        start += len(line)


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    """The spans of a line's cells; one span where the line is prose."""
    spans, place = [], 0
    for gap in _APART.finditer(line):
        spans.append((start + place, start + gap.start()))
        place = gap.end()
    spans.append((start + place, start + len(line)))
    prose = any(end - begin > _LONGEST_CELL for begin, end in spans) or _SENTENCE.search(line)
    return [(start, start + len(line))] if prose else spans


def _table(text: str, run: Sequence[_Line]) -> Iterator[Table]:
    if not run:
        return
    first, last = run[0][0], run[-1][1][-1][1]
    least = 2 if "\t" in text[first:last] else 3
    if len(run) < least or not any(_is_body(text, spans) for _, spans in run):
        return
    cells = [
        TableCell(row, column, start, end)
        for row, (_, spans) in enumerate(run)
        for column, (start, end) in enumerate(spans)
    ]
    yield Table(first, last, tuple(cells))


def _is_body(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    written = [text[start:end].strip() for start, end in spans[1:]]
    filled = [cell for cell in written if cell]
    return bool(filled) and 2 * sum(bool(_NUMBER.match(cell)) for cell in filled) >= len(filled)
