"""Signed statements of where the audit ledger stands: C2SP checkpoints under the site's Ed25519 key."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kaohe.web.audit.images import instant
from kaohe.web.audit.kaohe_verify import Key, Tree, digest_named, key_of, note_body, signed_note
from kaohe.web.audit.models import Checkpoint, Head

SECRET, PUBLIC = "checkpoint.key", "checkpoint.pub"


class NoKey(Exception):
    """The site has no key to sign with: ``kaohe init`` makes it."""


def make_key(folder: Path) -> Key:
    """Makes the key pair of a new site in ``folder`` (``Site.keys``); never replaces one.

    ``checkpoint.key`` (mode 0600) is the secret; ``checkpoint.pub`` is what others check with, and what a
    superior office should have a copy of.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = Ed25519PrivateKey.generate()
    key = Key(f"kaohe/{secrets.token_hex(4)}", secret.public_key().public_bytes_raw())
    handle = os.open(folder / SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{secret.private_bytes_raw().hex()}\n")
    (folder / PUBLIC).write_text(f"{key}\n", encoding="utf-8")
    return key


def public_key() -> Key | None:
    """The site's public key; None when it has none."""
    file = settings.SITE.keys / PUBLIC
    return _public(file, file.stat().st_mtime_ns) if file.is_file() else None


def checkpoint() -> Checkpoint | None:
    """Signs where the ledger stands now, unless that was already signed; None while it is empty.

    Raises ``NoKey``.
    """
    with transaction.atomic():
        query = Head.objects.filter(pk=1)
        if connection.features.has_select_for_update:
            query = query.select_for_update()
        head = query.first()
        if head is None or head.size == 0:
            return None
        last = Checkpoint.objects.last()
        if last is not None and last.size == head.size:
            return last
        if public_key() is None:
            raise NoKey
        signed = sign_head(head)
        head.save(force_update=True)
        return signed


def sign_head(head: Head) -> Checkpoint | None:
    """Adds a checkpoint of a locked head, which the caller saves; None when the site has no key."""
    key = public_key()
    if key is None:
        return None
    number = head.checkpoints + 1
    tree = Tree(digest_named(head.digest), head.size, [bytes.fromhex(peak) for peak in head.peaks.split()])
    more = {"number": str(number), "hash": head.digest, "at": instant(timezone.now())}
    body = note_body(key.name, head.size, tree.root(), more)
    signed = Checkpoint(number=number, size=head.size, note=signed_note(body, key, _sign(body.encode())))
    signed.save(force_insert=True)
    head.checkpoints = number
    return signed


def _sign(body: bytes) -> bytes:
    file = settings.SITE.keys / SECRET
    return _secret(file, file.stat().st_mtime_ns).sign(body)


@lru_cache(maxsize=4)
def _secret(file: Path, _: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))


@lru_cache(maxsize=4)
def _public(file: Path, _: int) -> Key:
    return key_of(file.read_text(encoding="utf-8"))
