"""``kaohe backup`` and ``kaohe restore``: all of it comes back, or nothing and the damaged file is named."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from site_process import kaohe, new_database, served

from kaohe.facts.errors import KaoheError
from kaohe.web.config.backup import restore

EVIDENCE = b"%PDF-1.7 " + bytes(range(256)) * 40
EVIDENCE_NAME = f"evidence/{sha256(EVIDENCE).hexdigest()[:2]}/{sha256(EVIDENCE).hexdigest()}"


@dataclass(frozen=True)
class BackedUp:
    """A site, its backup, and where each file's bytes stand in it."""

    folder: Path
    file: Path
    places: dict[str, tuple[int, int]]

    def manifest(self) -> dict:
        with tarfile.open(self.file) as archive:
            return json.load(archive.extractfile("manifest.json"))


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackedUp]:
    place = tmp_path_factory.mktemp("backup")
    with new_database() as url:
        assert kaohe("init", place / "data", **({"DATABASE_URL": url} if url else {})).returncode == 0
        evidence = place / "data" / EVIDENCE_NAME
        evidence.parent.mkdir()
        evidence.write_bytes(EVIDENCE)
        with served(place / "data"):
            done = kaohe("backup", place / "data", "-o", place / "kept.tar")
        assert done.returncode == 0, done.stderr
        with tarfile.open(place / "kept.tar") as archive:
            places = {one.name: (one.offset_data, one.size) for one in archive}
        yield BackedUp(place / "data", place / "kept.tar", places)


def test_the_manifest_counts_and_hashes(backed_up: BackedUp) -> None:
    told = backed_up.manifest()
    assert told["rows"]["accounts_person"] == 3 and told["head"]["size"] == 1
    listed = {one["path"]: one["sha256"] for one in told["files"]}
    assert listed[EVIDENCE_NAME] == sha256(EVIDENCE).hexdigest()
    assert {"secret.key", "site.toml", "keys/checkpoint.key", "keys/checkpoint.pub"} < set(listed)
    assert not any(name.startswith("static/") for name in listed)
    assert stat.S_IMODE(backed_up.file.stat().st_mode) == 0o600


def test_what_was_backed_up_comes_back(backed_up: BackedUp, tmp_path: Path) -> None:
    with new_database() as url:
        more = {"DATABASE_URL": url} if url else {}
        target = tmp_path / "again"
        done = kaohe("restore", backed_up.file, target, "--instead-of", backed_up.folder)
        if url:
            # Its own database is still in use: the backup goes into the one that the environment names.
            assert done.returncode == 2 and "已有表" in done.stderr and not target.exists()
            done = kaohe("restore", backed_up.file, target, **more)
        assert done.returncode == 0, done.stderr
        assert (target / EVIDENCE_NAME).read_bytes() == EVIDENCE
        assert stat.S_IMODE(target.stat().st_mode) == 0o700
        if url:
            assert url in (target / "site.toml").read_text(encoding="utf-8")
        for name in ("secret.key", "keys/checkpoint.key"):
            assert (target / name).read_bytes() == (backed_up.folder / name).read_bytes()
            assert stat.S_IMODE((target / name).stat().st_mode) == 0o600
        assert kaohe("verify", target, **more).returncode == 0
        again = kaohe("backup", target, "-o", tmp_path / "second.tar", **more)
        assert "第 2 条" in again.stderr


@pytest.mark.sqlite
def test_the_ledger_names_both_heads(backed_up: BackedUp, tmp_path: Path) -> None:
    import sqlite3

    assert kaohe("restore", backed_up.file, tmp_path / "a", "--instead-of", backed_up.folder).returncode == 0
    with sqlite3.connect(tmp_path / "a" / "ledger.sqlite3") as database:
        (body,) = database.execute("SELECT body FROM audit_event WHERE action = 'site.restore'").fetchone()
    assert body.count(backed_up.manifest()["head"]["hash"]) == 3  # both heads, and the event before


def test_a_folder_in_use_is_refused(backed_up: BackedUp) -> None:
    done = kaohe("restore", backed_up.file, backed_up.folder)
    assert done.returncode == 2 and "不是空文件夹" in done.stderr


def database_in(backed_up: BackedUp) -> str:
    return next(name for name in backed_up.places if name in ("ledger.sqlite3", "database.dump"))


def refused(file: Path, target: Path) -> str:
    """What is said of a damaged backup; nothing is left behind."""
    with pytest.raises(KaoheError) as told:
        restore(file, target / "data")
    assert [path for path in target.iterdir() if path != file] == []
    return told.value.messages[0]


def damaged(backed_up: BackedUp, target: Path, content: bytes) -> Path:
    file = target / "damaged.tar"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_flipped_bit_is_found_in_every_file(backed_up: BackedUp, tmp_path: Path, share: float) -> None:
    whole = backed_up.file.read_bytes()
    for name, (offset, size) in backed_up.places.items():
        content = bytearray(whole)
        content[offset + int(size * share)] ^= 0x10
        said = refused(damaged(backed_up, tmp_path, bytes(content)), tmp_path)
        wanted = "manifest.json" if name.startswith("manifest") else name
        assert wanted in said, (name, said)


def test_a_flipped_bit_in_what_stands_before_a_file_is_found(backed_up: BackedUp, tmp_path: Path) -> None:
    whole = backed_up.file.read_bytes()
    for name, (offset, _) in backed_up.places.items():
        for at in (offset - 512, offset - 400, offset - 380):
            content = bytearray(whole)
            content[at] ^= 0x01
            assert name in refused(damaged(backed_up, tmp_path, bytes(content)), tmp_path)


def test_a_truncated_backup_names_where_it_ends(backed_up: BackedUp, tmp_path: Path) -> None:
    whole = backed_up.file.read_bytes()
    for name, (offset, size) in backed_up.places.items():
        for end in (offset - 512, offset - 100, offset, offset + size // 2, offset + size - 1):
            said = refused(damaged(backed_up, tmp_path, whole[:end]), tmp_path)
            assert name in said, (name, end - offset, size, said)


def test_a_missing_file_is_named(backed_up: BackedUp, tmp_path: Path) -> None:
    for left_out in (EVIDENCE_NAME, "keys/checkpoint.key", database_in(backed_up)):
        file = tmp_path / "less.tar"
        with tarfile.open(backed_up.file) as whole, tarfile.open(file, "w") as less:
            for entry in whole:
                if entry.name != left_out:
                    less.addfile(entry, whole.extractfile(entry))
        assert f"缺 {left_out}" in refused(file, tmp_path)


def test_a_backup_cannot_write_elsewhere(tmp_path: Path) -> None:
    told = {
        "format": "kaohe-backup/1",
        "files": [{"path": "../out", "size": 1, "sha256": sha256(b"x").hexdigest()}],
    }
    body = json.dumps(told).encode()
    parts = {"manifest.json": body, "manifest.sha256": sha256(body).hexdigest().encode(), "../out": b"x"}
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as archive:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    assert "../out" in refused(file, tmp_path)


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    for content in (b"", b"text", bytes(10_240), b"PK\x03\x04" * 500):
        refused(damaged(None, tmp_path, content), tmp_path)  # type: ignore[arg-type]
