"""Appends events: each holds the hash of the one before, and becomes a leaf of the Merkle tree.

The head row is locked last, just before the event is written, so that numbers have no gaps and writers wait
for one another as shortly as can be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from kaohe.web.audit.checkpoints import sign_head, tree_of
from kaohe.web.audit.context import request_id
from kaohe.web.audit.images import image, instant, recorded_models, schema, settle
from kaohe.web.audit.kaohe_verify import FORMAT, NO_EVENT, canonical, digest_named, leaf_hash
from kaohe.web.audit.models import Event, Head, Recorded, Touch
from kaohe.web.audit.salts import new_salts, salts_of
from kaohe.web.config import clock

SEALING = frozenset(
    (
        *("submit", "withdraw", "return", "review", "verify", "set_verified_value", "object", "answer"),
        *("close", "reopen", "publish", "erase", "hand_over"),
        *("appeal", "answer_appeal"),
    )
)
"""The last words of actions after which the head is signed."""


class LedgerBroken(Exception):
    """The audit ledger is not as this program left it: nothing may be written to it."""


def append(
    *,
    action: str,
    actor: str,
    posts: Sequence[str],
    reason: str,
    changes: Sequence[Mapping[str, Any]],
    reshaped: Mapping[str, Any] | None,
) -> int:
    """Writes one event at the end of the chain, in the transaction of its changes; returns its number.

    ``reshaped`` is what ``reshaping`` said before the changes were made.
    """
    head = _locked_head()
    told = _still_due(head, reshaped)
    _append(head, action=action, actor=actor, posts=posts, reason=reason, changes=changes, schema=told)
    if told is not None:
        head.schema, head.shaped = _schema_hash(head.digest), head.size
    if action.rpartition(".")[2] in SEALING:
        sign_head(head)
    head.save(force_update=True)
    transaction.on_commit(lambda: _known.update({connection.alias: head.schema}))
    return head.size


def reshaping() -> dict[str, Any] | None:
    """What the next event must say of the tables' columns: None unless they differ from those last recorded.

    Asked before an action changes anything. It tells what stands in each new column of the rows there are, so
    that after a migration replaying goes on exactly.
    """
    if _known.get(connection.alias) == _schema_hash(settings.SITE.hash_name):
        return None
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return {"tables": schema(), "filled": {}}
    if head.schema == _schema_hash(head.digest):
        return None
    return {"tables": schema(), "filled": _filled(head)}


def _still_due(head: Head, reshaped: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if head.schema == _schema_hash(head.digest):
        return None
    if reshaped is None and head.size:
        raise LedgerBroken("程序与数据库的版本不一致，请重新启动服务")
    return reshaped or {"tables": schema(), "filled": {}}


_known: dict[str, str] = {}


@cache
def _schema_hash(digest: str) -> str:
    return digest_named(digest)(canonical(schema())).hex()


def _locked_head() -> Head:
    """The head, locked until the transaction ends."""
    query = Head.objects.all()
    if connection.features.has_select_for_update:
        query = query.select_for_update()
    head = query.filter(pk=1).first()
    if head is not None:
        return head
    if Event.objects.exists():
        raise LedgerBroken("台账头(audit_head)不见了，请运行 kaohe verify")
    first = Head(pk=1, size=0, hash=NO_EVENT, peaks="", digest=settings.SITE.hash_name)
    Head.objects.bulk_create([first], ignore_conflicts=True)
    return query.get(pk=1)


def _append(
    head: Head, *, action: str, actor: str, changes: Sequence[Mapping[str, Any]], **more: Any
) -> None:
    seq, at = head.size + 1, clock.now()
    body = canonical(
        {
            "format": FORMAT,
            "digest": head.digest,
            "seq": seq,
            "at": instant(at),
            "action": action,
            "actor": actor,
            "request": request_id.get(),
            "changes": changes,
            "prev": head.hash,
            **more,
        }
    )
    digest = digest_named(head.digest)
    tree = tree_of(head)
    leaf = leaf_hash(digest, body)
    tree.append(leaf)
    Event.objects.bulk_create(
        [Event(seq=seq, at=at, action=action, actor=actor, body=body.decode(), hash=leaf.hex())]
    )
    touched = dict.fromkeys((change["table"], change["key"]) for change in changes)
    Touch.objects.bulk_create(Touch(event_id=seq, table=table, key=key) for table, key in touched)
    head.size, head.hash = seq, leaf.hex()
    head.peaks = " ".join(peak.hex() for peak in tree.peaks)


def _filled(head: Head) -> dict[str, Any]:
    """What stands in the columns that are new, by table and column: the commonest value and exceptions."""
    last = Event.objects.filter(pk=head.shaped).first()
    if last is None:
        raise LedgerBroken("台账中没有表的结构，请运行 kaohe verify")
    before = json.loads(last.body)["schema"]["tables"]
    filled = {model._meta.db_table: _new_columns(model, before) for model in recorded_models()}
    return {table: columns for table, columns in filled.items() if columns}


def _new_columns(model: type[Recorded], before: Mapping[str, Any]) -> dict[str, Any]:
    table = model._meta.db_table
    now = schema()[table]
    old = before.get(table, {"columns": {}, "personal": []})
    new = [name for name in now["columns"] if _spec(now, name) != _spec(old, name)]
    rows = list(model._base_manager.order_by("pk")) if new and table in before else []
    if not rows:
        return {}
    salts = salts_of(rows) or new_salts(rows)
    for row in rows:
        settle(row)
    images = {str(row.pk): image(row, salts.get(row.pk)) for row in rows}
    return {name: _column({key: one[name] for key, one in images.items()}) for name in new}


def _spec(table: Mapping[str, Any], column: str) -> tuple[object, bool]:
    return table["columns"].get(column), column in table["personal"]


def _column(values: Mapping[str, Any]) -> dict[str, Any]:
    texts = {key: canonical(value) for key, value in values.items()}
    commonest = Counter(texts.values()).most_common(1)[0][0]
    usual = next(value for key, value in values.items() if texts[key] == commonest)
    return {"value": usual, "except": {key: values[key] for key in values if texts[key] != commonest}}
