"""Frozen sheets: finished results on disk that later revisions do not rewrite."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kaohe.facts.errors import DataError
from kaohe.facts.ledger import facts_hash
from kaohe.facts.package import is_ledger, read_ledger
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.scoring.imports import PrintedSheet, read_sheet
from kaohe.scoring.sheet import Sheet
from kaohe.scoring.working import Working

FOLDER = "frozen"


def frozen_folder(scheme: m.Scheme, data: Path) -> Path:
    """Where the frozen runs of a scheme over these facts are kept: ``DATA/frozen/<scheme>/<period>/``."""
    return _base(data) / FOLDER / scheme.path.stem


def frozen_sheets(scheme: m.Scheme, data: Path) -> dict[Period, PrintedSheet]:
    """The frozen sheets of a scheme, by period.

    A sheet from January to a month is also that of the month, and of a quarter that ends with it: scores
    are always taken to the date.
    """
    found: dict[Period, PrintedSheet] = {}
    folder = frozen_folder(scheme, data)
    shorter: dict[Period, PrintedSheet] = {}
    for path in sorted(folder.glob("*/sheet.csv")) if folder.is_dir() else ():
        if path.parent.name.startswith("."):
            continue
        period, sheet = Period.parse(path.parent.name.replace("_", "/")), read_sheet(path)
        found[period] = sheet
        if period == period.year_to_date():
            shorter |= {
                Period(first, period.last): sheet for first in range(period.first + 1, period.last + 1)
            }
    return shorter | found


def as_frozen(sheet: Sheet, exact: Sheet) -> Sheet:
    """What is frozen of an engine's sheet: the exact values, which the working leads to.

    Raises ``DataError`` when the engine published, placed or graded anyone otherwise than the oracle.
    """
    settled = [name for name in exact.columns if name in _decided_columns(exact)]
    differing = [
        f"{unit}:{name} 引擎 {sheet.engine} 得“{found.get(name)}”,精确计算得“{row[name]}”,没有封存"
        for unit, found, row in zip(exact.units, sheet.rows, exact.rows, strict=True)
        for name in settled
        if found.get(name) != row[name]
    ]
    if differing:
        raise DataError(differing)
    return replace(exact, engine=sheet.engine, recomputed=sheet.recomputed)


def _decided_columns(sheet: Sheet) -> set[str]:
    """Columns that are decided to the last digit: published figures, places, grades, gates."""
    published = {column.node.id for column in sheet.nodes if column.node.publish is not None}
    verdicts = {f"{column.node.id}{suffix}" for column in sheet.nodes for suffix in ("_rank", "_grade")}
    return {*published, *verdicts, "gates"}


def freeze(sheet: Sheet, workings: Iterator[Working], data: Path, version: str) -> Path:
    """Writes ``sheet.csv``, ``run.json``, ``scheme.yaml`` and ``working.jsonl`` as one new folder.

    All of it or nothing. Raises ``DataError`` when this period is frozen already, or there is no period.
    """
    if sheet.period is None:
        raise DataError("没有说明期别,不能封存;请用 --period(如 2005-09)或在考核办法里写 period")
    target = frozen_folder(sheet.scheme, data) / str(sheet.period).replace("/", "_")
    if target.exists():
        raise DataError(_already(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, text in _files(sheet, workings, data, version).items():
            _write_synced(building / name, text)
        building.chmod(0o755)
        _put_in_place(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _put_in_place(building: Path, target: Path) -> None:
    try:
        os.rename(building, target)
    except OSError:
        # Someone froze the same period meanwhile: the first one stands.
        if target.exists():
            raise DataError(_already(target)) from None
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _already(target: Path) -> str:
    found = "、".join(sorted(path.name for path in target.iterdir()))
    try:
        time = json.loads((target / "run.json").read_text(encoding="utf-8"))["time"]
    except (OSError, ValueError, KeyError):
        time = "时间不明"
    return f"{target}:这一期已经封存({time};有 {found}),不能再封存;封存的结果不改写"


def _files(sheet: Sheet, workings: Iterator[Working], data: Path, version: str) -> dict[str, str]:
    result = sheet.to_csv()
    lines = "".join(json.dumps(w.to_data(), ensure_ascii=False) + "\n" for w in workings)
    scheme = sheet.scheme.path.read_text(encoding="utf-8-sig")
    run = _description(sheet, data, version) | {
        "scheme_hash": _sha256(sheet.scheme.path.read_bytes()),
        "result_hash": _sha256(result.encode()),
        "working_hash": _sha256(lines.encode()),
    }
    return {
        "sheet.csv": result,
        "scheme.yaml": scheme,
        "working.jsonl": lines,
        "run.json": json.dumps(run, ensure_ascii=False, indent=2) + "\n",
    }


def _description(sheet: Sheet, data: Path, version: str) -> dict[str, Any]:
    kind, digest = hash_of_facts(data, sheet.scheme)
    return {
        "scheme": sheet.scheme.title,
        "scheme_file": sheet.scheme.path.name,
        "period": str(sheet.period),
        "units": len(sheet.units),
        "provisional": sheet.is_provisional,
        "engine": sheet.engine,
        "recomputed": sheet.recomputed,
        "kaohe": version,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "facts_hash": digest,
        "facts_hash_of": kind,
        "imports": _hashes_of_imports(sheet.scheme, data),
    }


def hash_of_facts(data: Path, scheme: m.Scheme) -> tuple[str, str]:
    """``ledger`` and its canonical hash, or ``files`` and the SHA-256 over names and contents."""
    if data.is_dir() and is_ledger(data):
        return "ledger", facts_hash(read_ledger(data))
    digest = hashlib.sha256()
    for path in _fact_files(data, scheme):
        digest.update(f"{path.relative_to(_base(data)).as_posix()}\n{_sha256(path.read_bytes())}\n".encode())
    return "files", digest.hexdigest()


def _fact_files(data: Path, scheme: m.Scheme) -> list[Path]:
    if data.is_dir():
        parts = ((path, path.relative_to(data).parts) for path in data.rglob("*") if path.is_file())
        return sorted(path for path, names in parts if names[0] != FOLDER and not names[-1].startswith("."))
    named = {data.parent / table.spec.file for _, table in scheme.tables if table.spec.file}
    return sorted({data, *(path for path in named if path.is_file())})


def _hashes_of_imports(scheme: m.Scheme, data: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in scheme.imports:
        name = entry.sheet or entry.scheme
        paths = [scheme.path.parent / name, _base(data) / name]
        path = next((path for path in paths if path.is_file()), None)
        if path is not None:
            found[entry.alias] = f"{name} {_sha256(path.read_bytes())}"
    return found


def _base(data: Path) -> Path:
    return data if data.is_dir() else data.parent


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
