"""Ledger folders on disk: a Frictionless data package of CSV files, written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kaohe.facts.codec import Codec, FieldType
from kaohe.facts.errors import DataError
from kaohe.facts.files import TABLE_SUFFIXES, nearest, read_grid
from kaohe.facts.ledger import CODECS, Ledger
from kaohe.facts.model import Observation
from kaohe.facts.tables import Table, table_of

DESCRIPTOR = "datapackage.json"
_NEEDED = ("reporting_units", "observations")
_JSON_TYPES = {"数字": "number", "整数": "integer", "true 或 false": "boolean"}


def is_ledger(folder: Path) -> bool:
    """Whether a folder is a ledger: it has a descriptor, or units and observations."""
    if (folder / DESCRIPTOR).is_file():
        return True
    stems = {entry.stem for entry in folder.iterdir()} if folder.is_dir() else set()
    return stems.issuperset(_NEEDED)


def is_demonstration(path: str | Path) -> bool:
    """Whether the facts at ``path`` say of themselves that they hold made-up figures (演示数据)."""
    descriptor = Path(path) / DESCRIPTOR
    return descriptor.is_file() and bool(_descriptor(descriptor).get("label_of_demo_data"))


def read_ledger(folder: str | Path, as_of: datetime | None = None) -> Ledger:
    """The ledger in ``folder``, all of it or, with ``as_of``, what was known then.

    Raises ``DataError`` with every fault of every file.
    """
    base = Path(folder)
    descriptor, files = _resources(base)
    tables = _tables(base, files)
    rows = _rows(tables)
    records = {name: table for name, table in tables.items() if name not in CODECS}
    title = str(descriptor.get("title", ""))
    ledger = Ledger(**rows, records=records, name=str(descriptor.get("name", base.name)), title=title)
    return ledger if as_of is None else ledger.as_of(as_of)


def write_ledger(ledger: Ledger, folder: str | Path) -> None:
    """Writes the ledger as a new folder, or in place of the one there; never half of it.

    Whatever else lies in the folder (schemes, evidence) stays.
    """
    target = Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, text in _files(ledger).items():
            _write_synced(building / name, text)
        _keep_the_rest(target, building)
        _put_in_place(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def append_observations(folder: str | Path, added: Iterable[Observation]) -> Ledger:
    """Adds figures to a ledger folder, all of them or none, and gives the ledger as it is then.

    Raises ``DataError`` when any of them does not fit; the folder is then untouched.
    """
    base = Path(folder)
    ledger = read_ledger(base).with_observations(tuple(added))
    _, files = _resources(base)
    name = files.get("observations", "observations.csv")
    if Path(name).suffix.lower() != ".csv":
        raise DataError(f"{name}:只能向 CSV 的台账追加")
    _replace_file(base / name, table_text("observations", ledger))
    return ledger


def _resources(base: Path) -> tuple[Mapping[str, Any], dict[str, str]]:
    if not base.is_dir():
        raise DataError(f"{base}:找不到台账文件夹")
    if not (base / DESCRIPTOR).is_file():
        return {}, {e.stem: e.name for e in sorted(base.iterdir()) if e.suffix.lower() in TABLE_SUFFIXES}
    descriptor = _descriptor(base / DESCRIPTOR)
    files: dict[str, str] = {}
    for number, resource in enumerate(descriptor.get("resources", []), start=1):
        name, path = _resource(number, resource)
        files[name] = path
    return descriptor, files


def _descriptor(path: Path) -> Mapping[str, Any]:
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"{DESCRIPTOR}:不是 JSON({error})") from error
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources", []), list):
        raise DataError(f"{DESCRIPTOR}:应有 resources 列表")
    return descriptor


def _resource(number: int, resource: object) -> tuple[str, str]:
    path = resource.get("path") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or not isinstance(path, str):
        raise DataError(f"{DESCRIPTOR} 第 {number} 个 resource:应有 path")
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise DataError(f"{DESCRIPTOR} 第 {number} 个 resource:path 应在台账文件夹内,实为 {path}")
    return str(resource.get("name") or Path(path).stem), path


def _tables(base: Path, files: Mapping[str, str]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    messages: list[str] = []
    for name in _NEEDED:
        if name not in files:
            messages.append(f"{base}:台账缺少 {name}{nearest(name, files)}")
    for name, file in files.items():
        try:
            tables[name] = table_of(read_grid(base / file))
        except DataError as error:
            messages += error.messages
    if messages:
        raise DataError(messages)
    return tables


def _rows(tables: Mapping[str, Table]) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    messages: list[str] = []
    for name, codec in CODECS.items():
        if name not in tables:
            continue
        try:
            rows[name] = codec.read(tables[name])
        except DataError as error:
            messages += error.messages
    if messages:
        raise DataError(messages)
    return rows


def _files(ledger: Ledger) -> dict[str, str]:
    names = [name for name in CODECS if ledger.rows(name) or name in _NEEDED]
    files = {f"{name}.csv": table_text(name, ledger) for name in names}
    for name, table in ledger.records.items():
        files[f"{name}.csv"] = _csv_text(table.columns, table.texts)
    files[DESCRIPTOR] = json.dumps(_description(ledger, names), ensure_ascii=False, indent=2) + "\n"
    return files


def table_files_of(folder: Path) -> dict[str, str]:
    """The file of each table of a ledger folder, by the table's name."""
    return _resources(folder)[1]


def table_text(name: str, ledger: Ledger) -> str:
    """One table of a ledger as CSV, every column written."""
    codec, rows = CODECS[name], ledger.rows(name)
    header = codec.header(rows)
    return _csv_text(header, [codec.write(row, header) for row in rows])


def _csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _description(ledger: Ledger, names: Sequence[str]) -> dict[str, Any]:
    described = [_described(name, CODECS[name], ledger.rows(name)) for name in names]
    described += [
        {"name": name, "path": f"{name}.csv", "format": "csv", "encoding": "utf-8"} for name in ledger.records
    ]
    title = {"title": ledger.title} if ledger.title else {}
    return {"profile": "tabular-data-package", "name": ledger.name, **title, "resources": described}


def _described(name: str, codec: Codec[Any], rows: tuple[Any, ...]) -> dict[str, Any]:
    columns = [{"name": column, "type": _json_type(codec.types.get(column))} for column in codec.header(rows)]
    schema = {"fields": columns, "missingValues": [""]}
    return {"name": name, "path": f"{name}.csv", "format": "csv", "encoding": "utf-8", "schema": schema}


def _json_type(kind: FieldType | None) -> str:
    return _JSON_TYPES.get(kind.expected, "string") if kind else "string"


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _replace_file(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        _write_synced(temporary, text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _keep_the_rest(old: Path, building: Path) -> None:
    if not old.is_dir():
        return
    _, files = _resources(old) if is_ledger(old) else ({}, {})
    replaced = {DESCRIPTOR, *files.values()}
    for entry in old.iterdir():
        if entry.name in replaced or (building / entry.name).exists():
            continue
        if entry.is_dir():
            shutil.copytree(entry, building / entry.name, copy_function=_linked, symlinks=True)
        else:
            _linked(str(entry), str(building / entry.name))


def _linked(source: str, copy: str) -> None:
    # Evidence may be large: a hard link costs nothing, where the file system has them.
    try:
        os.link(source, copy, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, copy, follow_symlinks=False)


def _put_in_place(building: Path, target: Path) -> None:
    building.chmod(0o755)
    if not target.exists():
        os.replace(building, target)
        return
    if not (is_ledger(target) or not any(target.iterdir())):
        raise DataError(f"{target}:文件夹里不是台账,不敢覆盖")
    # A folder cannot be renamed over a full one: the old one steps aside and comes back on failure.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent)) / target.name
    os.replace(target, aside)
    try:
        os.replace(building, target)
    except OSError:
        os.replace(aside, target)
        raise
    finally:
        shutil.rmtree(aside.parent, ignore_errors=True)
