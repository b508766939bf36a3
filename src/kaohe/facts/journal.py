"""Several files of a folder changed together: all of them or none, whatever happens in between.

They are first written beside the folder's files and named in a journal; the journal's rename is the moment
at which they count as changed. What a crash leaves undone after it is done by the next ``finish``; what it
leaves before it is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

JOURNAL = ".adding.json"
_LOCK, _STAGE = ".adding.lock", ".adding"


def write_together(base: Path, contents: Mapping[str, bytes]) -> None:
    """Puts new contents in the place of the folder's files, all or none; durable when it returns."""
    stage = base / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    staged = {name: f"{number}.new" for number, name in enumerate(sorted(contents))}
    try:
        for name, temporary in staged.items():
            _write_synced(stage / temporary, contents[name])
        _write_synced(stage / JOURNAL, json.dumps(staged, ensure_ascii=False).encode())
        _sync_folder(stage)
        os.replace(stage / JOURNAL, base / JOURNAL)
    except OSError:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    _sync_folder(base)
    finish(base)


def finish(base: Path) -> bool:
    """Puts the staged files of a journal in place; without a journal, throws half-written ones away."""
    journal, stage = base / JOURNAL, base / _STAGE
    found = journal.exists()
    if found:
        for name, temporary in json.loads(journal.read_text(encoding="utf-8")).items():
            if (stage / temporary).exists():
                os.replace(stage / temporary, base / name)
        _sync_folder(base)
        journal.unlink()
    shutil.rmtree(stage, ignore_errors=True)
    return found


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its renames are durable with the file's own metadata.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(base: Path, reading: bool = False) -> Iterator[None]:
    """One writer at a time; a second waits. The lock goes with the process that holds it."""
    if reading or not base.is_dir():
        yield
        return
    with (base / _LOCK).open("a+b") as stream:
        _lock(stream.fileno())
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
