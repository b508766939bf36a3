"""One file that holds a whole installation as of one moment, and the way back.

The file is a plain tar. ``manifest.json`` comes first and says what follows::

    {"format": "kaohe-backup/1", "made": …, "program": "0.1.0", "database": "sqlite" | "postgresql",
     "rows": {table: count}, "head": {"size": 12, "hash": …}, "files": [{"path", "size", "sha256"}]}

``manifest.sha256`` is its hash; then come the database and every other file of the data folder but for
``static/``, which ``kaohe serve`` makes again. The database is copied first: evidence that a copied row names
was written before the row was.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

import kaohe
from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.web.config.installation import Site, quoted, site_of

FORMAT = "kaohe-backup/1"
MANIFEST, MANIFEST_HASH = "manifest.json", "manifest.sha256"
SQLITE, DUMP = "ledger.sqlite3", "database.dump"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """Where an audit ledger ends: how many events, and the hash of the last."""

    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    made: str
    rows: Mapping[str, int]
    head: Head
    files: int


# --- there


def back_up(site: Site, place: Path) -> Kept:
    """Writes the backup (mode 0600) while the site may be in use; the file appears whole or not at all."""
    with tempfile.TemporaryDirectory(prefix=".kaohe-backup-", dir=place.parent) as scratch:
        copied, rows, head = _copied_database(site, Path(scratch))
        files = {copied.name: copied, **dict(_other_files(site.folder))}
        manifest = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "program": kaohe.__version__,
            "database": "postgresql" if site.database_url else "sqlite",
            "rows": rows,
            "head": {"size": head.size, "hash": head.hash},
            "files": [_listed(name, path) for name, path in files.items()],
        }
        _write(Path(scratch) / "backup.tar", manifest, files)
        os.replace(Path(scratch) / "backup.tar", place)
    _synchronise(place.parent)
    return Kept(str(manifest["made"]), rows, head, len(files))


def _copied_database(site: Site, scratch: Path) -> tuple[Path, dict[str, int], Head]:
    if site.database_url:
        return _copied_postgresql(site.database_url, scratch / DUMP)
    copy = scratch / SQLITE
    with closing(sqlite3.connect(site.folder / SQLITE)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    rows, head = _read_sqlite(copy)
    return copy, rows, head


def _copied_postgresql(url: str, place: Path) -> tuple[Path, dict[str, int], Head]:
    from kaohe.web.config import postgresql

    with postgresql.one_moment(url) as (connection, snapshot):
        postgresql.dump(url, snapshot, place)
        rows, head = _read_postgresql(connection)
    return place, rows, head


def _read_sqlite(file: Path) -> tuple[dict[str, int], Head]:
    """The row counts and the head; raises ``sqlite3.DatabaseError`` when the file is damaged."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        if (found := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)
        asked = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        tables = [row[0] for row in database.execute(asked)]
        rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
        return rows, _head(database)


def _read_postgresql(connection: Any) -> tuple[dict[str, int], Head]:
    from kaohe.web.config import postgresql

    rows = {name: postgresql.count(connection, name) for name in postgresql.tables_of(connection)}
    return rows, _head(connection)


def _head(connection: Any) -> Head:
    found = connection.execute("SELECT size, hash FROM audit_head WHERE id = 1").fetchone()
    return Head(int(found[0]), found[1]) if found else Head(0, "")


def _other_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        made_again = within.parts[0] == "static" or within.parts[0].startswith(SQLITE)
        if path.is_file() and not made_again and not any(part.startswith(".") for part in within.parts):
            yield within.as_posix(), path


def _listed(name: str, path: Path) -> dict[str, object]:
    with path.open("rb") as stream:
        return {
            "path": name,
            "size": path.stat().st_size,
            "sha256": file_digest(stream, "sha256").hexdigest(),
        }


def _write(place: Path, manifest: Mapping[str, object], files: Mapping[str, Path]) -> None:
    told = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _add(archive, MANIFEST, told)
            _add(archive, MANIFEST_HASH, f"{sha256(told).hexdigest()}\n".encode())
            for name, path in files.items():
                archive.add(path, name, recursive=False, filter=_anonymous)
        stream.flush()
        os.fsync(stream.fileno())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of the machine's users."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _synchronise(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- and back


def restore(place: Path, folder: Path, instead_of: Path | None = None) -> Kept:
    """Makes the installation of a backup again in ``folder``, which must be empty or absent.

    Every file is compared with its hash, and the database with its row counts and head, before anything is in
    place; one that differs is named in the ``KaoheError``. The restoring is itself an event of the audit
    ledger, which names the head of the backup and that of ``instead_of``, the folder that is given up.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KaoheError(text("init.not_empty", path=folder))
    given_up = None if instead_of is None else head_of(site_of(instead_of))
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)
    building = Path(tempfile.mkdtemp(prefix=".kaohe-restore-", dir=folder.parent))
    try:
        manifest = _unpack(place, building)
        _take_database(place, building, manifest)
        (building / "evidence").mkdir(mode=0o700, exist_ok=True)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    head = Head(**manifest["head"])
    _record(folder, manifest["made"], head, given_up)
    return Kept(manifest["made"], manifest["rows"], head, len(manifest["files"]))


def head_of(site: Site) -> Head:
    """Where the ledger of an installation ends now."""
    if not site.database_url:
        with closing(
            sqlite3.connect(f"{(site.folder / SQLITE).resolve().as_uri()}?mode=ro", uri=True)
        ) as database:
            return _head(database)
    from kaohe.web.config import postgresql

    with postgresql.one_moment(site.database_url) as (connection, _):
        return _head(connection)


def _unpack(place: Path, building: Path) -> dict[str, Any]:
    with place.open("rb") as stream:
        try:
            archive = tarfile.TarFile(fileobj=stream)
        except tarfile.TarError:
            raise _damaged(place, MANIFEST, "not_a_backup") from None
        with archive:
            manifest = _manifest(place, archive)
            for listed in manifest["files"]:
                _unpack_one(place, archive, listed, building)
    return manifest


def _manifest(place: Path, archive: tarfile.TarFile) -> dict[str, Any]:
    told = _content(place, archive, MANIFEST)
    if sha256(told).hexdigest() != _content(place, archive, MANIFEST_HASH).decode("ascii", "replace").strip():
        raise _damaged(place, MANIFEST, "altered")
    manifest: dict[str, Any] = json.loads(told)
    if manifest.get("format") != FORMAT:
        raise _damaged(place, MANIFEST, "not_a_backup")
    return manifest


def _content(place: Path, archive: tarfile.TarFile, name: str) -> bytes:
    stream = _next(place, archive, name)
    try:
        content = stream.read()
    except (tarfile.TarError, OSError):
        raise _damaged(place, name, "truncated") from None
    return content


def _next(place: Path, archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """The next file of the archive, which must be this one."""
    try:
        entry = archive.next()
    except (tarfile.TarError, OSError, EOFError):
        raise _damaged(place, name, "truncated") from None
    if entry is None:
        raise _damaged(place, name, "missing")
    stream = archive.extractfile(entry) if entry.isfile() and entry.name == name else None
    if stream is None:
        raise _damaged(place, name, "missing")
    return stream


def _unpack_one(place: Path, archive: tarfile.TarFile, listed: Mapping[str, Any], building: Path) -> None:
    name = listed["path"]
    stream = _next(place, archive, name)
    target = building / _within(place, name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with target.open("xb") as written:
        try:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
                written.write(block)
        except (tarfile.TarError, OSError):
            raise _damaged(place, name, "truncated") from None
        written.flush()
        os.fsync(written.fileno())
    if size != listed["size"]:
        raise _damaged(place, name, "truncated")
    if digest.hexdigest() != listed["sha256"]:
        raise _damaged(place, name, "altered")


def _within(place: Path, name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise _damaged(place, name, "altered")
    return path


def _take_database(place: Path, building: Path, manifest: Mapping[str, Any]) -> None:
    """The database as it was; raises ``KaoheError`` when it does not hold what the manifest says."""
    if manifest["database"] == "sqlite":
        name = SQLITE
        try:
            found = _read_sqlite(building / SQLITE)
        except sqlite3.DatabaseError:
            raise _damaged(place, name, "altered") from None
    else:
        name = DUMP
        found = _loaded(building)
    if found != (manifest["rows"], Head(**manifest["head"])):
        raise _damaged(place, name, "altered")


def _loaded(building: Path) -> tuple[dict[str, int], Head]:
    from kaohe.web.config import postgresql

    url = site_of(building).database_url
    name_database(building / "site.toml", url)
    postgresql.load(url, building / DUMP)
    (building / DUMP).unlink()
    with postgresql.one_moment(url) as (connection, _):
        return _read_postgresql(connection)


def name_database(settings: Path, url: str) -> None:
    """Writes the database into site.toml, so that nothing restored is ever served with the former one."""
    kept = settings.read_text(encoding="utf-8").splitlines()
    lines = [line for line in kept if not line.startswith("database_url")]
    settings.write_text("\n".join([f"database_url = {quoted(url)}", *lines]) + "\n", encoding="utf-8")


def _damaged(place: Path, name: str, how: str) -> KaoheError:
    return KaoheError(text(f"restore.{how}", path=place, name=name))


def _record(folder: Path, made: str, head: Head, given_up: Head | None) -> None:
    """Brings the tables to this program's version and writes the event."""
    from kaohe.web.config.server import set_up

    set_up(site_of(folder))
    from django.db import connections, transaction

    from kaohe.web.audit.chain import append, reshaping
    from kaohe.web.config.founding import migrate

    migrate()
    other = "未给出" if given_up is None else f"第 {given_up.size} 条 {given_up.hash}"
    reason = f"由 {made} 的备份恢复;备份的台账到第 {head.size} 条 {head.hash};被替换的台账:{other}"
    with transaction.atomic():
        reshaped = reshaping()
        append(action="site.restore", actor="system", posts=[], reason=reason, changes=[], reshaped=reshaped)
    connections.close_all()
