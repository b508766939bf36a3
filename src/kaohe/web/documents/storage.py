"""Files by their hash: written durably once, never changed, never written twice.

A file is on the disk, with its folder, before the transaction that mentions it is committed: a row without
its file cannot be. A file without a row can (the transaction failed); it is found by its hash when it comes
again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is kept: its hash and its size in bytes."""

    sha256: str
    size: int


def store(chunks: Iterable[bytes]) -> Stored:
    """Keeps the content, and gives its hash; content that is kept already is not written again."""
    folder: Path = settings.SITE.evidence
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix=".arriving-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _put(Path(name), path_of(digest.hexdigest()))
    finally:
        Path(name).unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size)


def path_of(sha256: str) -> Path:
    """Where a file is kept, and where ``kaohe verify`` looks for it: ``ab/abcdef…``."""
    folder: Path = settings.SITE.evidence
    return folder / sha256[:2] / sha256


def _put(arrived: Path, place: Path) -> None:
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, exist_ok=True)
    os.replace(arrived, place)
    for folder in (place.parent, place.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Makes the new name durable. Windows has no such call: NTFS journals names itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
