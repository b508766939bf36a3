"""Receipts: what a submitter keeps, so that what led up to their action is never rewritten unnoticed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from kaohe.web.audit.checkpoints import checkpoint, public_key, tree_of
from kaohe.web.audit.images import instant
from kaohe.web.audit.kaohe_verify import (
    RECEIPT_FORMAT,
    Unreadable,
    digest_named,
    head_groups,
    inclusion_proof,
    note_of,
    receipt_code,
    receipt_fault,
    receipt_of,
    subtree_root,
)
from kaohe.web.audit.models import Checkpoint, Event, Head


def receipt(event: Event) -> str:
    """The receipt of an event, as JSON text: its hash, its place in a signed tree, and the signature.

    The tree is that of the first checkpoint after the event, signed now when there is none yet. Raises
    ``NoKey`` when the site cannot sign.
    """
    signed = Checkpoint.objects.filter(size__gte=event.seq).order_by("size").first() or checkpoint()
    if signed is None:
        raise LookupError(event.seq)
    note = note_of(signed.note)
    leaves = [bytes.fromhex(leaf) for leaf in _hashes(signed.size)]
    digest_name = note.more["hash"]
    told = {
        "format": RECEIPT_FORMAT,
        "site": settings.SITE.name,
        "code": receipt_code(event.hash),
        "action": event.action,
        "at": instant(event.at),
        "seq": event.seq,
        "hash": event.hash,
        "digest": digest_name,
        "size": signed.size,
        "root": note.root.hex(),
        "proof": [one.hex() for one in inclusion_proof(digest_named(digest_name), leaves, event.seq - 1)],
        "checkpoint": signed.note,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _hashes(size: int) -> list[str]:
    return list(Event.objects.filter(seq__lte=size).order_by("seq").values_list("hash", flat=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pasted receipt turned out to be: ``fault`` is empty when the ledger still agrees with it."""

    fault: str
    seq: int = 0
    size: int = 0
    code: str = ""


def check_receipt(text: str) -> Answer:
    """Whether the ledger still says what a receipt says.

    It reads the hashes that the ledger holds, so it finds what was rewritten; that the hashes fit the events
    and the tables is for ``kaohe verify`` to say.
    """
    try:
        held = receipt_of("", text)
    except Unreadable:
        return Answer(_("这不是本系统的回执。请把下载的回执文件原样粘贴。"))
    known = {"seq": held.seq, "size": held.size, "code": receipt_code(held.hash.hex())}
    if fault := receipt_fault(held, public_key()):
        return Answer(_("这份回执本身不成立：%(fault)s。") % {"fault": fault}, **known)  # type: ignore[arg-type]
    hashes = [bytes.fromhex(leaf) for leaf in _hashes(held.size)]
    if len(hashes) < held.size:
        lost = {"lost": held.size - len(hashes)}
        return Answer(_("台账少了 %(lost)s 条。") % lost, **known)  # type: ignore[arg-type]
    if hashes[held.seq - 1] != held.hash:
        return Answer(_("台账第 %(seq)s 条与回执不符。") % {"seq": held.seq}, **known)  # type: ignore[arg-type]
    if subtree_root(digest_named(held.digest), hashes) != held.root:
        return Answer(_("台账前 %(size)s 条中有被改写的。") % {"size": held.size}, **known)  # type: ignore[arg-type]
    return Answer("", **known)  # type: ignore[arg-type]


def printed_head() -> tuple[int, str]:
    """The number of events and the root as papers print them: eight groups of eight characters."""
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return 0, ""
    return head.size, head_groups(tree_of(head).root().hex())
