"""Signed statements of where the audit ledger stands: C2SP checkpoints under the site's Ed25519 key."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from kaohe.web.audit.images import instant
from kaohe.web.audit.kaohe_verify import Key, Tree, digest_named, note_body, signed_note
from kaohe.web.audit.keys import public_key_in, signature
from kaohe.web.audit.models import Checkpoint, Head
from kaohe.web.config import clock


class NoKey(Exception):
    """The site has no key to sign with: ``kaohe init`` makes it."""


def public_key() -> Key | None:
    """The site's public key; None when it has none."""
    return public_key_in(settings.SITE.keys)


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
    more = {"number": str(number), "hash": head.digest, "at": instant(clock.now())}
    body = note_body(key.name, head.size, tree_of(head).root(), more)
    note = signed_note(body, key, signature(settings.SITE.keys, body.encode()))
    signed = Checkpoint(number=number, size=head.size, note=note)
    signed.save(force_insert=True)
    head.checkpoints = number
    return signed


def tree_of(head: Head) -> Tree:
    """The Merkle tree as the head keeps it."""
    peaks = [bytes.fromhex(peak) for peak in head.peaks.split()]
    return Tree(digest_named(head.digest), head.size, peaks)
