"""Alterations by somebody who owns the machine: chain, tree, tables, touches and checkpoints all redone.

What such a person leaves agrees with itself; only a receipt that somebody else kept can tell.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kaohe.web.audit.kaohe_verify import (
    NO_EVENT,
    Tree,
    canonical,
    digest_named,
    key_of,
    leaf_hash,
    note_body,
    note_of,
    signed_note,
)

Event = dict[str, Any]


@dataclass(slots=True)
class Forgery:
    """The ledger as it will be, and the values that the tables must then hold."""

    events: list[Event]
    sets: list[tuple[str, str, str, object]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)


Edit = Callable[[Forgery, int, random.Random], bool]


def rewrite(folder: Path, edit: Edit, first: int, last: int, chance: random.Random, *, signing: bool) -> bool:
    """Does one edit to an event numbered between ``first`` and ``last``, and redoes all that tells of it.

    ``signing`` forgers hold the site's key and sign every checkpoint again; others remove those after the
    edit. False when no event there allows the edit.
    """
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as database, database:
        rows = database.execute("SELECT body FROM audit_event ORDER BY seq")
        forgery = Forgery([json.loads(body) for (body,) in rows])
        seqs = list(range(first, last + 1))
        chance.shuffle(seqs)
        touched = next((seq for seq in seqs if edit(forgery, seq, chance)), None)
        if touched is None:
            return False
        roots = _write_events(database, forgery)
        _write_checkpoints(database, folder, roots, touched, signing=signing)
        _write_tables(database, forgery)
    return True


def _write_events(database: sqlite3.Connection, forgery: Forgery) -> dict[int, bytes]:
    digest = digest_named(forgery.events[0]["digest"])
    tree, prev, roots = Tree(digest), NO_EVENT, {}
    database.execute("DELETE FROM audit_touch")
    database.execute("DELETE FROM audit_event")
    for seq, event in enumerate(forgery.events, 1):
        event["seq"], event["prev"] = seq, prev
        body = canonical(event)
        leaf = leaf_hash(digest, body)
        tree.append(leaf)
        prev, roots[seq] = leaf.hex(), tree.root()
        at = event["at"].replace("T", " ").removesuffix("Z")
        values = (seq, at, event["action"], event["actor"], body.decode(), prev)
        database.execute("INSERT INTO audit_event VALUES (?, ?, ?, ?, ?, ?)", values)
        for table, key in {(change["table"], change["key"]) for change in event["changes"]}:
            database.execute(
                'INSERT INTO audit_touch ("table", "key", event_id) VALUES (?, ?, ?)', (table, key, seq)
            )
    peaks = " ".join(peak.hex() for peak in tree.peaks)
    database.execute("UPDATE audit_head SET size = ?, hash = ?, peaks = ?", (tree.size, prev, peaks))
    return roots


def _write_checkpoints(
    database: sqlite3.Connection, folder: Path, roots: dict[int, bytes], touched: int, *, signing: bool
) -> None:
    key = key_of((folder / "keys" / "checkpoint.pub").read_text(encoding="utf-8"))
    secret = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex((folder / "keys" / "checkpoint.key").read_text())
    )
    rows = database.execute("SELECT number, size, note FROM audit_checkpoint ORDER BY number").fetchall()
    kept = 0
    for number, size, text in rows:
        if size >= touched and (not signing or size not in roots):
            database.execute("DELETE FROM audit_checkpoint WHERE number = ?", (number,))
            continue
        kept += 1
        body = note_body(key.name, size, roots[size], {**note_of(text).more, "number": str(kept)})
        note = signed_note(body, key, secret.sign(body.encode())) if size >= touched else text
        database.execute(
            "UPDATE audit_checkpoint SET number = ?, note = ? WHERE number = ?", (kept, note, number)
        )
    database.execute("UPDATE audit_head SET checkpoints = ?", (kept,))


def _write_tables(database: sqlite3.Connection, forgery: Forgery) -> None:
    for table, key, column, value in forgery.sets:
        database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, key))
    for table, key in forgery.removed:
        database.execute(f'DELETE FROM "{table}" WHERE id = ?', (key,))


def change_a_figure(forgery: Forgery, seq: int, chance: random.Random) -> bool:
    """A figure in an event, in every later image of its row, and in the table."""
    changes = [c for c in forgery.events[seq - 1]["changes"] if c["after"] and "value" in c["after"]]
    if not changes:
        return False
    change = chance.choice(changes)
    table, key, old, new = change["table"], change["key"], change["after"]["value"], "88888"
    change["after"]["value"] = new
    later = [
        c
        for event in forgery.events[seq:]
        for c in event["changes"]
        if (c["table"], c["key"]) == (table, key)
    ]
    for one in later:
        one["before"]["value"] = new
        if one["after"] is None or one["after"]["value"] != old:
            return True
        one["after"]["value"] = new
    forgery.sets.append((table, key, "value", new))
    return True


def change_who_or_when(forgery: Forgery, seq: int, chance: random.Random) -> bool:
    """Another actor, another hour, another reason: the tables know nothing of it."""
    event = forgery.events[seq - 1]
    name, value = chance.choice(
        [("actor", "person:4"), ("at", f"{event['at'][:11]}23:59:59.000000Z"), ("reason", "经集体研究")]
    )
    event[name] = value
    return True


def drop_an_event(forgery: Forgery, seq: int, chance: random.Random) -> bool:
    """An event whose rows nothing touched again, as if it had never been."""
    changes = forgery.events[seq - 1]["changes"]
    rows = {(c["table"], c["key"]) for c in changes}
    later = {(c["table"], c["key"]) for event in forgery.events[seq:] for c in event["changes"]}
    if seq == 1 or rows & later or any(c["after"] is None for c in changes) or _personal(rows):
        return False
    for change in changes:
        table, key, before = change["table"], change["key"], change["before"]
        if before is None:
            forgery.removed.append((table, key))
        else:
            forgery.sets += [(table, key, c, _stored(v)) for c, v in before.items()]
    del forgery.events[seq - 1]
    return True


def insert_an_event(forgery: Forgery, seq: int, chance: random.Random) -> bool:
    """An approval that never was: an event put in at ``seq``, on a row that nothing touches afterwards."""
    rows = {
        (c["table"], c["key"]): c["after"]
        for event in forgery.events[: seq - 1]
        for c in event["changes"]
        if c["after"] and c["table"] == "ledger_target"
    }
    later = {(c["table"], c["key"]) for event in forgery.events[seq - 1 :] for c in event["changes"]}
    free = sorted(set(rows) - later)
    if not free:
        return False
    table, key = chance.choice(free)
    after = {**rows[table, key], "value": "1"}
    forged = {
        **forgery.events[seq - 2],
        "action": "target.adjust",
        "schema": None,
        "changes": [{"table": table, "key": key, "before": rows[table, key], "after": after}],
    }
    forgery.events.insert(seq - 1, forged)
    forgery.sets.append((table, key, "value", "1"))
    return True


def _personal(rows: set[tuple[str, str]]) -> bool:
    return any(table in ("accounts_person", "filed_filed") for table, _ in rows)


def _stored(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and len(value) == 27 and value.endswith("Z"):
        return value.replace("T", " ").removesuffix("Z")
    return value


EDITS: tuple[Edit, ...] = (change_a_figure, change_who_or_when, drop_an_event, insert_an_event)
