"""Reading .csv in the encodings that offices produce."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.reading.sheets.raw import RawCell, RawSheet
from kaohe.reading.sheets.xlsx import MOST_CELLS

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEPARATORS = (",", "\t", ";", ",")


def read_delimited(path: Path) -> tuple[RawSheet, ...]:
    """The rows of a text file as one sheet named after it. Raises ``DataError`` with the row at fault."""
    text = _decoded(path)
    cells: list[RawCell] = []
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for row, texts in enumerate(rows):
            cells += [RawCell(row, column, "text", each) for column, each in enumerate(texts) if each.strip()]
            if len(cells) > MOST_CELLS:
                raise DataError(f"{path.name}:有数据的格超过 {MOST_CELLS} 个的上限")
    except csv.Error as error:
        raise DataError(f"{path.name} 第 {rows.line_num} 行:不是完整的 CSV({error})") from error
    return (RawSheet(path.stem, tuple(cells)),)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _tried(data[len(mark) :], (encoding,), path.name)
    return _tried(data, ("utf-8", "gb18030"), path.name)


def _tried(data: bytes, encodings: tuple[str, ...], name: str) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise DataError(f"{name}:不是文本,或文字编码既非 UTF-8 也非 GB18030")


def _separator(text: str) -> str:
    head = "\n".join(text.splitlines()[:50])
    return max(_SEPARATORS[:3], key=head.count)
