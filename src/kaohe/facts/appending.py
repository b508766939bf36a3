"""More facts into a ledger folder: rows behind those that are there, in every table or in none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from kaohe.facts.errors import DataError
from kaohe.facts.journal import alone, finish, write_together
from kaohe.facts.ledger import CODECS, Ledger
from kaohe.facts.model import Assurance, Observation, Role, Target
from kaohe.facts.package import DESCRIPTOR, read_ledger, table_files_of, table_text
from kaohe.quantities.periods import Period

_ENCODINGS = ("utf-8", "gb18030")
_BOM = b"\xef\xbb\xbf"


def held_observation(
    ledger: Ledger, unit: str, indicator: str, period: Period, role: Role = Role.REPORTED
) -> Observation | None:
    """The latest row of a figure, whatever its presence; None when the ledger has none.

    >>> held_observation(Ledger(), "jia", "output", Period.parse("2005")) is None
    True
    """
    key = (unit, indicator, period, role)
    rows = [row for row in ledger.observations if row.key == key]
    replaced = {row.supersedes for row in rows}
    return next((row for row in rows if row.recorded_at is None or row.recorded_at not in replaced), None)


def held_targets(ledger: Ledger, unit: str, indicator: str, period: Period) -> list[Target]:
    """The targets for a figure, the latest of each issuer's document."""
    latest: dict[tuple[str, str, object], Target] = {}
    for row in ledger.targets:
        if (row.unit, row.indicator, row.period) == (unit, indicator, period):
            latest[row.issuer, row.document, row.form] = row
    return list(latest.values())


def append_facts(
    folder: str | Path, observations: Sequence[Observation] = (), targets: Sequence[Target] = ()
) -> Ledger:
    """Adds figures and targets to a ledger folder, all or none, and gives the ledger as it is then.

    What is there stays as it was written, byte for byte, unless a table lacks a column that is needed.
    Raises ``DataError`` when any row does not fit; the folder is then untouched.
    """
    base = Path(folder)
    with alone(base):
        finish(base)
        return _append(base, observations, targets)


def _append(base: Path, observations: Sequence[Observation], targets: Sequence[Target]) -> Ledger:
    files = table_files_of(base)
    names = [name for name, rows in (("observations", observations), ("targets", targets)) if rows]
    before = {name: _bytes(base / files.get(name, f"{name}.csv")) for name in names}
    ledger = read_ledger(base)
    ledger = replace(
        ledger, observations=(*ledger.observations, *observations), targets=(*ledger.targets, *targets)
    )
    added: Mapping[str, Sequence[Any]] = {"observations": observations, "targets": targets}
    changes = dict(_change(files, name, before[name], added[name], ledger) for name in names)
    write_together(base, changes | dict(_described(base, files, names)))
    return ledger


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _change(
    files: Mapping[str, str], name: str, before: bytes | None, rows: Sequence[Any], ledger: Ledger
) -> tuple[str, bytes]:
    file = files.get(name, f"{name}.csv")
    if Path(file).suffix.lower() != ".csv":
        raise DataError(f"{file}:只能向 CSV 的台账追加")
    appended = None if before is None else _appended(before, name, rows)
    return file, table_text(name, ledger).encode() if appended is None else appended


def _appended(before: bytes, name: str, rows: Sequence[Any]) -> bytes | None:
    """The file with more rows at its end; None when it lacks a column that they need."""
    encoding = _encoding(before)
    text = before.removeprefix(_BOM).decode(encoding)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    header = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=delimiter)))
    if any(_lost(row, header) for row in rows):
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=newline)
    writer.writerows(CODECS[name].write(row, header) for row in rows)
    join = "" if text.endswith(("\n", "\r")) else newline
    return before + (join + stream.getvalue()).encode(encoding)


def _encoding(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise DataError("编码无法识别,应为 UTF-8 或 GB18030")


def _lost(row: Any, header: Sequence[str]) -> bool:
    """Whether the row says something for which the table has no column."""
    for field in fields(row):
        value = getattr(row, field.name)
        usual = field.default if field.default is not MISSING else ()
        if field.name not in header and value != usual and value is not Assurance.SUBMITTED:
            return True
    return False


def _described(base: Path, files: Mapping[str, str], names: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    """A descriptor lists its tables: one that is new has to be named in it."""
    new = [name for name in names if name not in files]
    before = _bytes(base / DESCRIPTOR)
    if not new or before is None:
        return
    descriptor = json.loads(before.decode("utf-8-sig"))
    descriptor.setdefault("resources", []).extend(
        {"name": name, "path": f"{name}.csv", "format": "csv", "encoding": "utf-8"} for name in new
    )
    after = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    yield DESCRIPTOR, after.encode()
