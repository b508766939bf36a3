"""Naive alterations: one thing changed by SQL or on disk, without repairing what tells of it."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kaohe.web.audit.kaohe_verify import Finding, canonical, digest_named, leaf_hash

AUDIT = ("audit_event", "audit_touch", "audit_salt", "audit_head", "audit_checkpoint")


@dataclass(frozen=True, slots=True)
class Alteration:
    """What was done, and how a finding must name it: any of the marks given."""

    what: str
    table: str = ""
    key: str = ""
    seqs: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()

    def named_by(self, finding: Finding) -> bool:
        """Whether a finding is about this alteration, by row, number or kind."""
        if self.seqs and finding.seq in self.seqs:
            return True
        if self.key and (finding.table, finding.key) == (self.table, self.key):
            return True
        if self.table and not self.key and finding.table == self.table:
            return True
        return finding.kind in self.kinds


class Refused(Exception):
    """The database does not take this alteration, or it would alter nothing: another is drawn."""


_GONE = object()
Alter = Callable[[sqlite3.Connection, Path, random.Random], Alteration]


def altered(folder: Path, alter: Alter, chance: random.Random) -> Alteration:
    """Alters a copy of a data folder; raises ``Refused``, leaving it to be copied again."""
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as database:
        try:
            with database:
                return alter(database, folder, chance)
        except (sqlite3.IntegrityError, IndexError):
            raise Refused from None


def protected(database: sqlite3.Connection) -> list[str]:
    """The protected tables that hold rows."""
    bodies = database.execute("SELECT body FROM audit_event ORDER BY seq DESC")
    schema = next(event["schema"] for (body,) in bodies if (event := json.loads(body))["schema"])
    return [table for table in sorted(schema["tables"]) if _count(database, table)]


def _count(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]


def _some_row(database: sqlite3.Connection, table: str, chance: random.Random) -> int:
    rows = [row[0] for row in database.execute(f'SELECT rowid FROM "{table}"')]
    return int(chance.choice(rows))


def _value(database: sqlite3.Connection, table: str, column: str, row: int) -> object:
    found = database.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row,)).fetchone()
    return found[0] if found else _GONE


def _set(database: sqlite3.Connection, table: str, column: str, row: int, value: object) -> None:
    database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, row))


def _other(value: object, chance: random.Random) -> object:
    """Another value, such as a forger would write."""
    if value is None:
        return chance.choice([1, "x"])
    if isinstance(value, int):
        return value + chance.choice([1, -1, 1000])
    text = str(value)
    at = chance.randrange(len(text)) if text else 0
    changed = {"0": "9", "a": "b"}.get(text[at : at + 1], "0")
    return chance.choice([text[:at] + changed + text[at + 1 :], text + "0", None])


def _named_row(database: sqlite3.Connection, table: str, row: int) -> Alteration:
    """How a finding names a row of any table."""
    if table == "audit_event":
        seq = int(_value(database, table, "seq", row))  # type: ignore[call-overload]
        return Alteration("", seqs=(seq, seq - 1))
    if table == "audit_touch":
        return Alteration("", seqs=(int(_value(database, table, "event_id", row)),))  # type: ignore[call-overload]
    if table == "audit_salt":
        names = (_value(database, table, "table", row), _value(database, table, "key", row))
        return Alteration("", str(names[0]), str(names[1]))
    kind = {"audit_head": ("head", "missing", "checkpoint"), "audit_checkpoint": ("checkpoint", "signature")}
    if table in kind:
        return Alteration("", kinds=kind[table])
    return Alteration("", table, str(_value(database, table, "id", row)))


def _told(alteration: Alteration, what: str) -> Alteration:
    return Alteration(what, alteration.table, alteration.key, alteration.seqs, alteration.kinds)


def change_a_cell(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """Any column of any row of any table."""
    table = chance.choice([*protected(database), *AUDIT])
    row, column = _some_row(database, table, chance), chance.choice(_columns(database, table))
    named, before = _named_row(database, table, row), _value(database, table, column, row)
    _set(database, table, column, row, _other(before, chance))
    if _value(database, table, column, row) == before:
        raise Refused
    return _told(named, f"{table}.{column}")


def change_every_column(column_index: int) -> Alter:
    """The same, going through all columns in turn, so that none is left out by chance."""

    def change(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
        every = [(t, c) for t in [*protected(database), *AUDIT] for c in _columns(database, t)]
        table, column = every[column_index % len(every)]
        row = _some_row(database, table, chance)
        named, before = _named_row(database, table, row), _value(database, table, column, row)
        _set(database, table, column, row, _other(before, chance))
        if _value(database, table, column, row) == before:
            raise Refused
        return _told(named, f"{table}.{column}")

    return change


def remove_a_row(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    table = chance.choice([*protected(database), *AUDIT])
    row = _some_row(database, table, chance)
    named = _named_row(database, table, row)
    database.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))
    more = ("missing",) if table == "audit_event" else ()
    return Alteration(f"{table} row removed", named.table, named.key, named.seqs, named.kinds + more)


def add_a_row(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """A copy of a row under another key."""
    table = chance.choice(protected(database))
    row, names = _some_row(database, table, chance), _columns(database, table)
    unique = [
        c
        for c in ("code", "username", "path", "sha256", "month", "key", "day", "observation_id")
        if c in names
    ]
    key = 100_000 + chance.randrange(1000)
    chosen = [f"{key}" if n == "id" else f"'x{key}'" if n in unique else f'"{n}"' for n in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    database.execute(
        f'INSERT INTO "{table}" ({quoted}) SELECT {", ".join(chosen)} FROM "{table}" WHERE rowid = ?', (row,)
    )
    return Alteration(f"{table} row added", table, str(key))


def exchange_two_rows(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """The values of one column exchanged between two rows."""
    table = chance.choice(["ledger_observation", "ledger_target", "ledger_verifiedvalue"])
    one, other = (_some_row(database, table, chance) for _ in range(2))
    a, b = (_value(database, table, "value", row) for row in (one, other))
    if a == b:
        raise Refused
    _set(database, table, "value", one, b)
    _set(database, table, "value", other, a)
    return _told(_named_row(database, table, one), f"{table} exchanged")


def rewrite_an_event(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """A figure, name or reason inside an event, canonical again; in half of them with its own hash redone."""
    seq = _some_row(database, "audit_event", chance)
    event = json.loads(str(_value(database, "audit_event", "body", seq)))
    seq = event["seq"]
    images = [c["after"] for c in event["changes"] if c["after"] and "value" in c["after"]]
    if images:
        chance.choice(images)["value"] = "77777"
    else:
        event["reason"] += "(补)"
    body = canonical(event)
    database.execute("UPDATE audit_event SET body = ? WHERE seq = ?", (body.decode(), seq))
    if chance.random() < 0.5:
        own = leaf_hash(digest_named(event["digest"]), body).hex()
        database.execute("UPDATE audit_event SET hash = ? WHERE seq = ?", (own, seq))
    return Alteration("event rewritten", seqs=(seq, seq + 1))


def exchange_two_events(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    one, other = (_some_row(database, "audit_event", chance) for _ in range(2))
    if one == other:
        raise Refused
    rows = {
        row[0]: row[1:]
        for row in database.execute(
            "SELECT seq, at, action, actor, body, hash FROM audit_event WHERE rowid IN (?, ?)", (one, other)
        )
    }
    (a, first), (b, second) = rows.items()
    for seq, values in ((a, second), (b, first)):
        database.execute(
            "UPDATE audit_event SET at = ?, action = ?, actor = ?, body = ?, hash = ? WHERE seq = ?",
            (*values, seq),
        )
    return Alteration("events exchanged", seqs=(a, b))


def cut_the_end(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """The last events removed, with their touches."""
    size = _count(database, "audit_event")
    kept = size - chance.randrange(1, 6)
    database.execute("DELETE FROM audit_touch WHERE event_id > ?", (kept,))
    database.execute("DELETE FROM audit_event WHERE seq > ?", (kept,))
    return Alteration("end cut", kinds=("missing",))


def duplicate_an_event(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    size = _count(database, "audit_event")
    database.execute(
        "INSERT INTO audit_event SELECT ?, at, action, actor, body, hash FROM audit_event WHERE seq = ?",
        (size + 1, chance.randrange(1, size)),
    )
    return Alteration("event duplicated", seqs=(size + 1,))


def forge_a_checkpoint(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """One character of a signed text, or a checkpoint repeated."""
    row = _some_row(database, "audit_checkpoint", chance)
    text = str(_value(database, "audit_checkpoint", "note", row))
    if chance.random() < 0.3:
        number = _count(database, "audit_checkpoint") + 1
        size = _value(database, "audit_checkpoint", "size", row)
        database.execute("INSERT INTO audit_checkpoint VALUES (?, ?, ?)", (number, size, text))
        return Alteration("checkpoint repeated", kinds=("checkpoint",))
    at = chance.randrange(len(text))
    changed = text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :]
    _set(database, "audit_checkpoint", "note", row, changed)
    return Alteration("checkpoint forged", kinds=("checkpoint", "signature", "fork"))


def change_the_salts(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """A salt of a person: exchanged, blanked, or taken by a row that has none."""
    row = _some_row(database, "audit_salt", chance)
    named = _named_row(database, "audit_salt", row)
    if chance.random() < 0.3:
        database.execute(
            'INSERT INTO audit_salt ("table", "key", salt) VALUES (?, ?, ?)', ("ledger_line", "1", "00" * 32)
        )
        return Alteration("salt added", "ledger_line", "1")
    before = _value(database, "audit_salt", "salt", row)
    _set(database, "audit_salt", "salt", row, chance.choice(["", "11" * 32, "not a salt"]))
    if _value(database, "audit_salt", "salt", row) == before:
        raise Refused
    return _told(named, "salt changed")


def change_the_tables(database: sqlite3.Connection, _: Path, chance: random.Random) -> Alteration:
    """The shape of the database: a column, a table, a trigger."""
    table = chance.choice(protected(database))
    statement = chance.choice(
        [
            f'ALTER TABLE "{table}" ADD COLUMN extra text',
            f'ALTER TABLE "{table}" RENAME TO "{table}_old"',
            f'DELETE FROM "{table}"',
            f'CREATE TRIGGER later AFTER INSERT ON "{table}" BEGIN SELECT 1; END',
            f'DROP TABLE "{table}"',
        ]
    )
    database.execute(statement)
    return Alteration(f"{table} reshaped", table)


def damage_a_file(database: sqlite3.Connection, folder: Path, chance: random.Random) -> Alteration:
    """A byte of an evidence file turned, the file cut, emptied, removed, or exchanged for another."""
    row = _some_row(database, "filed_filed", chance)
    key, name = (
        str(_value(database, "filed_filed", "id", row)),
        str(_value(database, "filed_filed", "sha256", row)),
    )
    file = folder / "evidence" / name[:2] / name
    content = bytearray(file.read_bytes())
    way = chance.randrange(4)
    if way == 0:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
    elif way == 1:
        file.write_bytes(content[: chance.randrange(len(content))])
    elif way == 2:
        file.unlink()
    else:
        file.write_bytes(content + b" ")
    return Alteration("evidence damaged", "filed_filed", key)


def damage_the_database_file(_: sqlite3.Connection, folder: Path, chance: random.Random) -> Alteration:
    """A page of the database file overwritten where the events' texts are."""
    file = folder / "ledger.sqlite3"
    content = file.read_bytes()
    places = [i for i in range(0, len(content) - 30, 7) if content[i : i + 9] == b'"changes"']
    at = (
        content.index(b'"changes":', chance.randrange(len(content) // 2))
        if not places
        else chance.choice(places)
    )
    file.write_bytes(content[:at] + b'"chances"' + content[at + 9 :])
    return Alteration("database file damaged", kinds=("event", "database"))


NAIVE: tuple[Alter, ...] = (
    change_a_cell,
    remove_a_row,
    add_a_row,
    exchange_two_rows,
    rewrite_an_event,
    exchange_two_events,
    cut_the_end,
    duplicate_an_event,
    forge_a_checkpoint,
    change_the_salts,
    change_the_tables,
    damage_a_file,
    damage_the_database_file,
)
