"""The key that signs checkpoints of the audit ledger; needs no Django, so that ``kaohe init`` can make it."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kaohe.web.audit.kaohe_verify import Key, key_of

SECRET, PUBLIC = "checkpoint.key", "checkpoint.pub"


def make_key(folder: Path) -> Key:
    """Makes the key pair of a new site in ``folder`` (``Site.keys``); never replaces one.

    ``checkpoint.key`` (mode 0600) is the secret; ``checkpoint.pub`` is what others check with, and what a
    superior office should have a copy of. Raises ``FileExistsError`` where there is a key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = Ed25519PrivateKey.generate()
    key = Key(f"kaohe/{secrets.token_hex(4)}", secret.public_key().public_bytes_raw())
    handle = os.open(folder / SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{secret.private_bytes_raw().hex()}\n")
    (folder / PUBLIC).write_text(f"{key}\n", encoding="utf-8")
    return key


def public_key_in(folder: Path) -> Key | None:
    """The public key of a site; None when it has none."""
    file = folder / PUBLIC
    return _public(file, file.stat().st_mtime_ns) if file.is_file() else None


def signature(folder: Path, body: bytes) -> bytes:
    """The site's signature of a text."""
    file = folder / SECRET
    return _secret(file, file.stat().st_mtime_ns).sign(body)


@lru_cache(maxsize=4)
def _secret(file: Path, _: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))


@lru_cache(maxsize=4)
def _public(file: Path, _: int) -> Key:
    return key_of(file.read_text(encoding="utf-8"))
