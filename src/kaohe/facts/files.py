"""Files of rows: CSV in any encoding that an office produces, workbooks, Parquet."""

from __future__ import annotations

import csv
import datetime
import difflib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from kaohe.facts.errors import DataError

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et"})
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
TABLE_SUFFIXES = WORKBOOK_SUFFIXES | TEXT_SUFFIXES | {".parquet"}
_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"

ParquetReader = Callable[[Path], Sequence[Sequence[object]]]
"""Reads a Parquet file: first the column names, then the rows."""

_parquet_readers: list[ParquetReader] = []


@dataclass(frozen=True, slots=True)
class Grid:
    """The text of a sheet: ``rows`` of cells with the file's own row ``numbers``; ``even`` when every
    row is padded to the same width, as in a workbook."""

    label: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    even: bool


def register_parquet_reader(reader: ParquetReader) -> None:
    """Lets tables be read from Parquet; ``kaohe.engines`` registers DuckDB's reader."""
    _parquet_readers[:] = [reader]


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """The rows of a file; the kind is recognised by content, not only by suffix.

    Raises ``DataError`` on a file that is absent, empty, binary, wrongly encoded or without that sheet.
    """
    head = _head(path)
    if head.startswith((_ZIP, _OLE)):
        return _workbook_grid(path, sheet)
    if head.startswith(_PARQUET):
        return _parquet_grid(path)
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        raise DataError(f"{path.name}:不是工作簿(内容与后缀 {path.suffix} 不符)")
    return _text_grid(path)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or nothing.

    >>> nearest("local_taxx", ["output", "local_tax"])
    ',是否 local_tax?'
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f",是否 {close[0]}?" if close else ""


def table_files(folder: Path) -> tuple[Path, ...]:
    """The tables in a folder, by name; temporary and hidden files are not among them."""
    return tuple(
        sorted(
            entry
            for entry in folder.iterdir()
            if entry.is_file() and entry.suffix.lower() in TABLE_SUFFIXES and entry.name[0] not in ".~"
        )
    )


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise DataError(_absent(path))
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise DataError(f"{path.name}:文件是空的")
    return head


def _absent(path: Path) -> str:
    if path.is_dir():
        return f"{path.name}:应为文件,实为文件夹"
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"{path}:找不到文件{nearest(path.name, siblings)}"


def _workbook_grid(path: Path, sheet: str | None) -> Grid:
    try:
        book = CalamineWorkbook.from_path(str(path))
        chosen = _chosen_sheet(path, book.sheet_names, sheet)
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path.name}:打不开工作簿({error})") from error
    label = f"{path.name}#{chosen}" if sheet or len(book.sheet_names) > 1 else path.name
    texts = tuple(tuple(_office_text(value) for value in row) for row in rows)
    return _without_blank_rows(label, texts, range(1, len(texts) + 1), even=True)


def _chosen_sheet(path: Path, names: list[str], sheet: str | None) -> str:
    if sheet is None:
        if not names:
            raise DataError(f"{path.name}:工作簿里没有工作表")
        return names[0]
    if sheet not in names:
        raise DataError(f"{path.name}:没有工作表“{sheet}”,有:{'、'.join(names)}{nearest(sheet, names)}")
    return sheet


def _office_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Spreadsheets keep 15 digits; what follows is the binary form's, not the clerk's.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.datetime | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _parquet_grid(path: Path) -> Grid:
    if not _parquet_readers:
        raise DataError(f"{path.name}:读取 Parquet 需要数据库引擎(kaohe.engines),当前没有登记")
    rows = tuple(tuple(_parquet_text(value) for value in row) for row in _parquet_readers[0](path))
    return _without_blank_rows(path.name, rows, range(1, len(rows) + 1), even=True)


def _parquet_text(value: object) -> str:
    return repr(value) if isinstance(value, float) else _office_text(value)


def _text_grid(path: Path) -> Grid:
    text = _decoded(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before = 0
    try:
        for row in reader:
            rows.append(tuple(cell.strip() for cell in row))
            numbers.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        raise DataError(f"{path.name} 第 {before + 1} 行:引号没有成对,或格式不是 CSV({error})") from error
    return _without_blank_rows(path.name, rows, numbers, even=False)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise DataError(f"{path.name}:是二进制文件,不是表格;请另存为 CSV 或 xlsx")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{path.name}:编码无法识别,应为 UTF-8 或 GB18030")


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",\t;", key=first.count)


def _without_blank_rows(
    label: str, rows: Sequence[tuple[str, ...]], numbers: Iterable[int], *, even: bool
) -> Grid:
    kept = [(row, number) for row, number in zip(rows, numbers, strict=True) if any(row)]
    if not kept:
        raise DataError(f"{label}:表是空的")
    return Grid(label, tuple(row for row, _ in kept), tuple(number for _, number in kept), even)
