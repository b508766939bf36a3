"""Checks an audit ledger of kaohe, with nothing but Python's standard library: this one file can be copied.

::

    python kaohe_verify.py ledger.sqlite3 --evidence evidence --receipt r.json --key checkpoint.pub

It reads the database (or an export zip) without writing, and says in Chinese what was altered and where; the
format is docs/reference/audit-ledger.md. Exit codes: 0 nothing altered, 1 something was, 2 cannot be read.
What nobody holds a receipt of is never called intact (完整): whoever owns the machine can rewrite it.

The recorder builds on the primitives of the first half (canonical text, SM3, Merkle tree, notes).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

FORMAT = "kaohe-ledger-v1"
RECEIPT_FORMAT = "kaohe-receipt-v1"
NO_EVENT = "0" * 64
_MASK = 0xFFFFFFFF

Digest = Callable[[bytes], bytes]


# ---------------------------------------------------------------- canonical text and digests


def canonical(value: object) -> bytes:
    """The one text of a value: JSON, sorted keys, no spaces, NFC, UTF-8; numbers are ints or strings.

    >>> canonical({"b": None, "a": "数"}).decode()
    '{"a":"数","b":null}'
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode()


class SM3:
    """The hash of GB/T 32905-2016, in the shape of hashlib's, for where OpenSSL lacks it.

    >>> SM3(b"abc").hexdigest()[:16]
    '66c7f0f462eeedd9'
    """

    name, digest_size, block_size = "sm3", 32, 64
    _START = (
        *(0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600),
        *(0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E),
    )

    def __init__(self, data: bytes = b"") -> None:
        self._data = bytearray(data)

    def update(self, data: bytes) -> None:
        self._data += data

    def copy(self) -> SM3:
        return SM3(bytes(self._data))

    def hexdigest(self) -> str:
        return self.digest().hex()

    def digest(self) -> bytes:
        data = bytes(self._data)
        padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
        state: tuple[int, ...] = self._START
        for start in range(0, len(padded), 64):
            state = _sm3_block(state, padded[start : start + 64])
        return b"".join(word.to_bytes(4, "big") for word in state)


def _left(word: int, bits: int) -> int:
    bits %= 32
    return ((word << bits) | (word >> (32 - bits))) & _MASK


def _sm3_words(block: bytes) -> list[int]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for i in range(16, 68):
        mixed = words[i - 16] ^ words[i - 9] ^ _left(words[i - 3], 15)
        spread = mixed ^ _left(mixed, 15) ^ _left(mixed, 23)
        words.append(spread ^ _left(words[i - 13], 7) ^ words[i - 6])
    return words


def _sm3_block(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = _sm3_words(block)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        constant = 0x79CC4519 if i < 16 else 0x7A879D8A
        first = _left((_left(a, 12) + e + _left(constant, i)) & _MASK, 7)
        choose = a ^ b ^ c if i < 16 else (a & b) | (a & c) | (b & c)
        other = e ^ f ^ g if i < 16 else (e & f) | (~e & g & _MASK)
        t1 = (choose + d + (first ^ _left(a, 12)) + (words[i] ^ words[i + 4])) & _MASK
        t2 = (other + h + first + words[i]) & _MASK
        a, b, c, d = t1, a, _left(b, 9), c
        e, f, g, h = t2 ^ _left(t2, 9) ^ _left(t2, 17), e, _left(f, 19), g
    return tuple(new ^ old for new, old in zip((a, b, c, d, e, f, g, h), state, strict=True))


def hasher(name: str) -> Callable[..., Any]:
    """The constructor of a hash by its name: ``sha256`` or ``sm3``; raises ``ValueError`` for others."""
    if name == "sha256":
        return hashlib.sha256
    if name != "sm3":
        raise ValueError(f"unknown hash {name}")
    if "sm3" in hashlib.algorithms_available:
        return lambda data=b"": hashlib.new("sm3", data)
    return SM3


def digest_named(name: str) -> Digest:
    """From bytes to 32 bytes, by the name of the hash."""
    make = hasher(name)
    return lambda data: make(data).digest()  # type: ignore[no-any-return]


def commitment(salt: str, table: str, column: str, value: object) -> str:
    """What the ledger holds of a personal field: HMAC-SHA256 under the row's own salt (hexadecimal)."""
    words = canonical([table, column, value])
    return hmac.new(bytes.fromhex(salt), words, hashlib.sha256).hexdigest()


# ---------------------------------------------------------------- Merkle tree (RFC 6962 §2.1)


def leaf_hash(digest: Digest, data: bytes) -> bytes:
    """The hash of a leaf; the hash of an event is this, of its canonical text."""
    return digest(b"\0" + data)


def node_hash(digest: Digest, left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return digest(b"\1" + left + right)


@dataclass(slots=True)
class Tree:
    """A tree that grows: ``peaks`` are the roots of its full subtrees, largest first.

    >>> tree = Tree(digest_named("sha256"))
    >>> tree.root().hex()[:8]
    'e3b0c442'
    """

    digest: Digest
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Adds the hash of a leaf: as many peaks merge as the old size has ones at its end, in binary."""
        merging = self.size
        while merging & 1:
            leaf = node_hash(self.digest, self.peaks.pop(), leaf)
            merging >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now; of an empty one, the hash of nothing."""
        if not self.peaks:
            return self.digest(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(self.digest, peak, root)
        return root


def inclusion_proof(digest: Digest, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings on the way from the leaf ``index`` (from 0) to the root, nearest first."""
    if len(leaves) <= 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*inclusion_proof(digest, left, index), subtree_root(digest, right)]
    return [*inclusion_proof(digest, right, index - split), subtree_root(digest, left)]


def subtree_root(digest: Digest, leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves."""
    tree = Tree(digest)
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def proven_root(digest: Digest, leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162 §2.1.3.2); None when its length does not fit."""
    if not 0 <= index < size:
        return None
    node, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(digest, sibling, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(digest, root, sibling)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


# ---------------------------------------------------------------- Ed25519 (RFC 8032), checking only

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int, int, int]
_ZERO: Point = (0, 1, 1, 0)


def _plus(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _twice(p: Point) -> Point:
    a, b, c = p[0] * p[0] % _P, p[1] * p[1] % _P, 2 * p[2] * p[2] % _P
    h = a + b
    e, g = h - (p[0] + p[1]) ** 2 % _P, a - b
    f = c + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or _ZERO


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is right."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commit = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commit is None or s >= _ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    minus_key: Point = (_P - key[0], key[1], 1, _P - key[3])
    found = _two_multiples(s, _BASE, h, minus_key)
    return not ((found[0] - commit[0] * found[2]) % _P or (found[1] - commit[1] * found[2]) % _P)


def _two_multiples(m: int, p: Point, n: int, q: Point) -> Point:
    both, total = _plus(p, q), _ZERO
    for bit in range(max(m.bit_length(), n.bit_length()) - 1, -1, -1):
        total = _twice(total)
        chosen = (m >> bit & 1) + 2 * (n >> bit & 1)
        if chosen:
            total = _plus(total, (p, q, both)[chosen - 1])
    return total


# ---------------------------------------------------------------- signed notes (C2SP)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name, as ``name+keyid+base64`` writes it."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that a signature line begins with."""
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(b"\x01" + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


def key_of(text: str) -> Key:
    """Reads a key; raises ``ValueError`` when it is none."""
    try:
        name, told, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError("公钥应写作 名称+编号+base64") from None
    key = Key(name, raw[1:])
    if raw[:1] != b"\x01" or len(raw) != 33 or key.id.hex() != told:
        raise ValueError("公钥的编号与内容不符")
    return key


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint: that the tree of ``size`` events has this root. ``more`` are its further lines."""

    text: str
    origin: str
    size: int
    root: bytes
    more: Mapping[str, str]
    signature: bytes

    def holds(self, key: Key) -> bool:
        """Whether the key signed it."""
        mine = self.signature[:4] == key.id
        return mine and self.origin == key.name and signed_by(key.public, self.body, self.signature[4:])

    @property
    def body(self) -> bytes:
        """What is signed."""
        return (self.text.split("\n\n")[0] + "\n").encode()


def note_body(origin: str, size: int, root: bytes, more: Mapping[str, str]) -> str:
    """The text of a checkpoint before it is signed."""
    lines = [origin, str(size), base64.b64encode(root).decode(), *(f"{k} {v}" for k, v in more.items())]
    return "".join(f"{line}\n" for line in lines)


def signed_note(body: str, key: Key, signature: bytes) -> str:
    """A checkpoint with its signature."""
    return f"{body}\n— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def note_of(text: str) -> Note:
    """Reads a checkpoint; raises ``ValueError`` when it is not written exactly as one."""
    body, _, tail = text.partition("\n\n")
    origin, size, root, *more = body.split("\n")
    dash, name, encoded = tail.removesuffix("\n").split(" ")
    signature = base64.b64decode(encoded, validate=True)
    note = Note(
        text,
        origin,
        int(size),
        base64.b64decode(root, validate=True),
        dict(line.split(" ", 1) for line in more),  # type: ignore[arg-type]
        signature,
    )
    written = note_body(origin, note.size, note.root, note.more)
    again = f"{written}\n— {name} {base64.b64encode(signature).decode()}\n"
    if again != text or dash != "—" or name != origin:
        raise ValueError("not a checkpoint")
    return note


# ---------------------------------------------------------------- what is found


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree. ``kind`` is for programs, ``text`` for people."""

    kind: str
    text: str
    seq: int | None = None
    table: str = ""
    key: str = ""
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What a check found. ``covered`` is the size up to which a receipt vouches."""

    size: int = 0
    root: str = ""
    covered: int = 0
    receipts: int = 0
    checkpoints: int = 0
    signed: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """``altered``, ``uncovered`` (nothing found, but no receipt vouches for the end) or ``intact``."""
        if self.findings:
            return "altered"
        return "intact" if self.covered >= self.size else "uncovered"

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        if self.findings:
            return f"不完整：发现 {len(self.findings)} 处不符"
        if self.status == "intact":
            return f"完整：台账共 {self.size} 条，各表与台账一致，回执覆盖到第 {self.size} 条"
        return (
            f"未发现不符，但自第 {self.covered} 条以后没有任何回执覆盖"
            f"(共 {self.size - self.covered} 条，能否信任取决于机器的管理者)"
        )

    @property
    def exit_code(self) -> int:
        """1 when something was altered."""
        return 1 if self.findings else 0

    def document(self) -> dict[str, Any]:
        """The report for programs."""
        facts = asdict(self)
        return {"status": self.status, "verdict": self.verdict, "head": head_groups(self.root), **facts}

    def lines(self, most: int = 60) -> Iterator[str]:
        """The report for people."""
        yield self.verdict
        yield from (f"  {finding.text}" for finding in self.findings[:most])
        if len(self.findings) > most:
            yield f"  …另有 {len(self.findings) - most} 处，用 --json 看全部"
        if self.findings and self.covered < self.size:
            yield f"  自第 {self.covered} 条以后没有任何回执覆盖"
        yield f"台账头：第 {self.size} 条 {head_groups(self.root)}"
        yield from self.notes


def head_groups(root: str) -> str:
    """A root as people compare it: eight groups of eight characters.

    >>> head_groups("ab" * 32)[:17]
    'abababab abababab'
    """
    return " ".join(root[i : i + 8] for i in range(0, len(root), 8))


def receipt_code(digest: str) -> str:
    """The short code of a receipt: the first 16 characters of its event's hash, by fours.

    >>> receipt_code("7f3a91c20b44d0e5" + "0" * 48)
    '7f3a-91c2-0b44-d0e5'
    """
    return "-".join(digest[i : i + 4] for i in range(0, 16, 4))


# ---------------------------------------------------------------- replay


def plain_from_sqlite(value: Any, kind: str) -> Any:
    """A column's value as the ledger writes it; what does not fit its kind becomes something no image has."""
    if value is None:
        return None
    try:
        return _READERS[kind.partition(":")[0]](value, kind)
    except (TypeError, ValueError, InvalidOperation):
        return {"unreadable": repr(value)}


def _typed(kind: type) -> Callable[[Any, str], Any]:
    def read(value: Any, _: str) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def _read_bool(value: Any, _: str) -> bool:
    if type(value) is not int or value not in (0, 1):
        raise ValueError
    return bool(value)


def _read_datetime(value: Any, _: str) -> str:
    day, clock = value.split(" ")
    seconds, _, fraction = clock.partition(".")
    return f"{day}T{seconds}.{fraction:0<6}Z"


def _read_decimal(value: Any, kind: str) -> str:
    return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(kind.partition(":")[2]))))


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "int": _typed(int),
    "bool": _read_bool,
    "text": _typed(str),
    "date": _typed(str),
    "time": _typed(str),
    "uuid": _typed(str),
    "datetime": _read_datetime,
    "decimal": _read_decimal,
    "bytes": lambda value, _: bytes(value).hex(),
    "json": lambda value, _: json.loads(value),
}


@dataclass(slots=True)
class Replay:
    """The tables as the ledger tells them: from table to key to the canonical text of the row."""

    schema: dict[str, Any] = field(default_factory=dict)
    shaped: int = 0
    tables: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def apply(self, event: Mapping[str, Any]) -> Iterator[Finding]:
        """Does what an event tells; finds where it does not follow from the events before."""
        if event["schema"] is not None:
            self._reshape(event["schema"])
            self.shaped = event["seq"]
        for change in event["changes"]:
            yield from self._change(event["seq"], change)

    def _reshape(self, told: Mapping[str, Any]) -> None:
        self.schema = told["tables"]
        self.tables = {table: self.tables.get(table, {}) for table in self.schema}
        for table, columns in told["filled"].items():
            self.tables[table] = {
                key: self._refilled(table, columns, key, row) for key, row in self.tables[table].items()
            }

    def _refilled(self, table: str, columns: Mapping[str, Any], key: str, row: bytes) -> bytes:
        known = {k: v for k, v in json.loads(row).items() if k in self.schema[table]["columns"]}
        added = {name: told["except"].get(key, told["value"]) for name, told in columns.items()}
        return canonical({**known, **added})

    def _change(self, seq: int, change: Mapping[str, Any]) -> Iterator[Finding]:
        table, key = change["table"], change["key"]
        rows = self.tables[table]
        before = canonical(change["before"]) if change["before"] is not None else None
        if rows.get(key) != before:
            columns = different(rows.get(key), before)
            yield Finding(
                "outside",
                f"第 {seq} 条写入之前，表 {table} 的行 {key} 已在系统之外被改{_listed(columns)}",
                seq,
                table,
                key,
                columns,
            )
        if change["after"] is None:
            rows.pop(key, None)
        else:
            rows[key] = canonical(change["after"])


def different(one: bytes | None, other: bytes | None) -> tuple[str, ...]:
    """The columns in which two images differ; none when one of the rows is not there."""
    if one is None or other is None:
        return ()
    a, b = json.loads(one), json.loads(other)
    return tuple(name for name in sorted({*a, *b}) if a.get(name, a) != b.get(name, b))


def _listed(columns: Sequence[str]) -> str:
    return f"(列 {'、'.join(columns)})" if columns else ""


# ---------------------------------------------------------------- the check


class Unreadable(Exception):
    """What was given cannot be read as a ledger, a receipt or a key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as its holder kept it."""

    name: str
    seq: int
    hash: bytes
    size: int
    root: bytes
    proof: tuple[bytes, ...]
    digest: str
    note: Note


def receipt_of(name: str, text: str) -> Receipt:
    """Reads a receipt; raises ``Unreadable`` when it is none."""
    try:
        told = json.loads(text)
        if told["format"] != RECEIPT_FORMAT:
            raise ValueError
        return Receipt(
            name,
            int(told["seq"]),
            bytes.fromhex(told["hash"]),
            int(told["size"]),
            bytes.fromhex(told["root"]),
            tuple(map(bytes.fromhex, told["proof"])),
            told["digest"],
            note_of(told["checkpoint"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable(f"{name} 不是本系统的回执") from None


def receipt_fault(receipt: Receipt, key: Key | None) -> str:
    """Why a receipt does not hold in itself, whatever the ledger says; empty when it does."""
    digest = digest_named(receipt.digest)
    if proven_root(digest, receipt.hash, receipt.seq - 1, receipt.size, receipt.proof) != receipt.root:
        return "其中的证明推不出它的根"
    if (receipt.note.size, receipt.note.root) != (receipt.size, receipt.root):
        return "其中的检查点与它的根不同"
    if key is not None and not receipt.note.holds(key):
        return "不是这把公钥签的"
    return ""


class Check:
    """One check of one ledger: a walk over the events, then what must agree with them."""

    def __init__(
        self,
        database: sqlite3.Connection,
        evidence: Path | None = None,
        receipts: Sequence[Receipt] = (),
        key: Key | None = None,
    ) -> None:
        self.database, self.evidence, self.receipts, self.key = database, evidence, receipts, key
        self.report = Report(receipts=len(receipts))
        self.replay = Replay()
        self.hashes: dict[int, bytes] = {}
        self.roots: dict[int, bytes] = {}
        self.digest_name = ""
        self.tree = Tree(digest_named("sha256"))

    def run(self) -> Report:
        """Checks everything there is."""
        self._database()
        if self.report.findings:
            return self.report
        self._events()
        self._head()
        self._checkpoints()
        self._receipts()
        self._tables()
        self._salts()
        self._evidence()
        return self.report

    def _found(self, kind: str, text: str, **where: Any) -> None:
        self.report.findings.append(Finding(kind, text, **where))

    def _rows(self, query: str) -> Iterator[Any]:
        return iter(self.database.execute(query))

    def _database(self) -> None:
        answers = [row[0] for row in self._rows("PRAGMA integrity_check")]
        if answers != ["ok"]:
            self._found("database", f"数据库文件损坏：{answers[0]}")
        present = {row[0] for row in self._rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in ("audit_event", "audit_touch", "audit_salt", "audit_head", "audit_checkpoint"):
            if table not in present:
                self._found("database", f"表 {table} 不见了", table=table)
        for name, table in self._rows("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"):
            self._found("database", f"表 {table} 上有不该有的触发器 {name}", table=table)

    # events

    def _events(self) -> None:
        wanted = {size for (size,) in self._rows("SELECT size FROM audit_checkpoint")}
        wanted |= {receipt.size for receipt in self.receipts}
        held = {receipt.seq for receipt in self.receipts}
        touches = self._touches()
        prev, expected = NO_EVENT, 1
        for row in self._rows("SELECT seq, at, action, actor, body, hash FROM audit_event ORDER BY seq"):
            seq = row[0]
            if not isinstance(seq, int):
                self._found("event", f"编号 {seq!r} 的台账记录不该有")
                continue
            if seq != expected:
                self._missing(expected, seq)
            event, leaf = self._event(row, prev, expected == seq)
            self._apply(event, seq, touches)
            self.tree.append(leaf)
            if self.tree.size in wanted:
                self.roots[self.tree.size] = self.tree.root()
            if seq in held:
                self.hashes[seq] = leaf
            prev, expected = row[5], seq + 1
        for seq, rows in touches.items():
            self._found("touch", f"索引(audit_touch)提到不存在的第 {seq} 条", seq=seq, key=str(len(rows)))
        self.report.size, self.report.root = self.tree.size, self.tree.root().hex()

    def _missing(self, first: int, seq: int) -> None:
        if seq > first:
            self._found("missing", f"少了 {seq - first} 条(第 {first}–{seq - 1} 条)", seq=first)
        else:
            self._found("event", f"第 {seq} 条不该有", seq=seq)

    def _event(self, row: Any, prev: str, follows: bool) -> tuple[Any, bytes]:
        seq, at, action, actor, body, told = row
        raw = str(body).encode(errors="replace")
        try:
            event = json.loads(body)
            self._use(event["digest"])
            right = canonical(event) == raw and event["format"] == FORMAT
            head = (event["seq"], event["at"], event["action"], event["actor"])
            right = right and head == (seq, plain_from_sqlite(at, "datetime"), action, actor)
            before = event["prev"]
        except (ValueError, KeyError, TypeError):
            event, right, before = None, False, prev
        leaf = leaf_hash(self.tree.digest, raw)
        if not right or leaf.hex() != told:
            self._found("event", f"第 {seq} 条被改", seq=seq)
        elif before != prev and follows:
            self._found("event", f"第 {seq - 1} 条被改(第 {seq} 条记着它原来的摘要)", seq=seq - 1)
        return event, leaf

    def _use(self, name: str) -> None:
        if not self.digest_name:
            self.digest_name = name
            self.tree.digest = digest_named(name)
        elif name != self.digest_name:
            raise ValueError(name)

    def _apply(self, event: Any, seq: int, touches: dict[int, set[tuple[str, str]]]) -> None:
        listed = touches.pop(seq, set())
        if event is None:
            return
        try:
            self.report.findings.extend(self.replay.apply(event))
            changed = {(change["table"], change["key"]) for change in event["changes"]}
        except (KeyError, TypeError, ValueError, AttributeError):
            self._found("event", f"第 {seq} 条读不懂", seq=seq)
            return
        if listed != changed:
            self._found("touch", f"第 {seq} 条的索引(audit_touch)与台账不符", seq=seq)

    def _touches(self) -> dict[int, set[tuple[str, str]]]:
        rows = self._rows('SELECT event_id, "table", "key" FROM audit_touch ORDER BY event_id')
        grouped = itertools.groupby(rows, key=lambda row: row[0])
        return {seq: {(table, key) for _, table, key in group} for seq, group in grouped}

    # heads

    def _head(self) -> None:
        rows = list(self._rows("SELECT id, size, hash, peaks, digest, schema, shaped FROM audit_head"))
        if not rows and not self.tree.size:
            return
        if len(rows) != 1 or rows[0][0] != 1:
            self._found("head", "台账头(audit_head)不见了或多于一行")
            return
        size = rows[0][1]
        if isinstance(size, int) and size > self.tree.size:
            self._found(
                "missing", f"少了 {size - self.tree.size} 条(台账头记着 {size} 条)", seq=self.tree.size
            )
        elif rows[0][1:] != self._expected_head():
            self._found("head", f"台账头与第 {self.tree.size} 条不符")

    def _expected_head(self) -> tuple[object, ...]:
        last = next(self._rows("SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1"), (NO_EVENT,))[0]
        peaks = " ".join(peak.hex() for peak in self.tree.peaks)
        schema = self.tree.digest(canonical(self.replay.schema)).hex()
        return self.tree.size, last, peaks, self.digest_name, schema, self.replay.shaped

    def _checkpoints(self) -> None:
        count = next(self._rows("SELECT checkpoints FROM audit_head"), (0,))[0]
        expected = 0
        for number, size, text in self._rows(
            "SELECT number, size, note FROM audit_checkpoint ORDER BY number"
        ):
            if not isinstance(number, int) or not isinstance(text, str):
                self._found("checkpoint", f"编号 {number!r} 的检查点不该有")
                continue
            if number != expected + 1:
                self._found("checkpoint", f"检查点少了第 {expected + 1} 号")
            expected = number
            self._checkpoint(number, size, text)
        if expected != count:
            self._found("checkpoint", f"检查点应有 {count} 个，实有到第 {expected} 号")
        self.report.checkpoints = expected
        if self.key is None and expected:
            self.report.notes.append("没有公钥，未核对检查点的签名")

    def _checkpoint(self, number: int, size: int, text: str) -> None:
        try:
            note = note_of(text)
            agrees = note.size == size and note.more["number"] == str(number)
            agrees = agrees and note.more["hash"] == self.digest_name
        except (ValueError, KeyError, TypeError, AttributeError):
            self._found("checkpoint", f"第 {number} 号检查点被改", key=str(number))
            return
        if not agrees:
            self._found("checkpoint", f"第 {number} 号检查点被改", key=str(number))
        elif self.key is not None and not note.holds(self.key):
            self._found("signature", f"第 {number} 号检查点的签名不对", key=str(number))
        elif size > self.tree.size:
            self._found(
                "missing", f"少了 {size - self.tree.size} 条(第 {number} 号检查点记着 {size} 条)", seq=size
            )
        elif self.roots.get(size) != note.root:
            self._found("fork", f"分叉：前 {size} 条与第 {number} 号检查点不符", seq=size)
        else:
            self.report.signed = max(self.report.signed, size if self.key is not None else 0)

    def _receipts(self) -> None:
        for receipt in sorted(self.receipts, key=lambda receipt: receipt.size):
            if fault := receipt_fault(receipt, self.key):
                self._found("receipt-invalid", f"回执 {receipt.name} 本身不成立：{fault}", seq=receipt.seq)
            elif receipt.size > self.tree.size:
                missing = receipt.size - self.tree.size
                self._found(
                    "missing",
                    f"少了 {missing} 条(回执 {receipt.name} 记着 {receipt.size} 条)",
                    seq=receipt.size,
                )
            elif self.hashes.get(receipt.seq) != receipt.hash:
                self._found(
                    "receipt", f"分叉：第 {receipt.seq} 条与回执 {receipt.name} 不符", seq=receipt.seq
                )
            elif self.roots[receipt.size] != receipt.root:
                self._found("receipt", self._bracketed(receipt), seq=receipt.size)
            else:
                self.report.covered = max(self.report.covered, receipt.size)

    def _bracketed(self, receipt: Receipt) -> str:
        since = f"第 {self.report.covered + 1}–{receipt.size} 条之间"
        return f"分叉：与回执 {receipt.name} 不符，{since}的台账被重写过"

    # tables

    def _tables(self) -> None:
        present = {
            row[0] for row in self._rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        }
        for table, told in sorted(self.replay.schema.items()):
            if table not in present:
                self._found("table", f"表 {table} 不见了", table=table)
            elif self._columns(table, told["columns"]):
                self._table(table, told)

    def _columns(self, table: str, told: Mapping[str, Any]) -> bool:
        actual = {row[1] for row in self._rows(f"PRAGMA table_info({_quoted(table)})")}
        for name in sorted(actual ^ set(told)):
            word = "多了" if name in actual else "少了"
            self._found("table", f"表 {table} {word}列 {name}", table=table, columns=(name,))
        return set(told) <= actual

    def _table(self, table: str, told: Mapping[str, Any]) -> None:
        columns, personal = told["columns"], set(told["personal"])
        salts = self._salts_of(table) if personal else {}
        expected = dict(self.replay.tables[table])
        names = list(columns)
        for values in self._rows(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table)}"):
            row = {n: plain_from_sqlite(v, columns[n]) for n, v in zip(names, values, strict=True)}
            key = str(row[told["key"]])
            image = expected.pop(key, None)
            if image is None:
                self._found("table", f"表 {table} 的行 {key} 台账中没有", table=table, key=key)
            else:
                self._row(table, key, json.loads(image), row, salts.get(key))
        for key in expected:
            self._found("table", f"表 {table} 的行 {key} 不见了", table=table, key=key)

    def _row(
        self, table: str, key: str, image: dict[str, Any], row: dict[str, Any], salt: str | None
    ) -> None:
        wrong = tuple(n for n in sorted(row) if not self._agrees(table, n, image.get(n), row[n], salt))
        if wrong:
            self._found(
                "table",
                f"表 {table} 的行 {key} 与台账不符{_listed(wrong)}",
                table=table,
                key=key,
                columns=wrong,
            )

    def _agrees(self, table: str, column: str, told: Any, actual: Any, salt: str | None) -> bool:
        if isinstance(told, dict) and column in self.replay.schema[table]["personal"]:
            if "blank" in told:
                return bool(actual == told["blank"])
            try:
                return bool(salt) and told["hmac"] == commitment(salt or "", table, column, actual)
            except ValueError:
                return False
        # 1 == True in Python, not in a ledger.
        return type(told) is type(actual) and bool(told == actual)

    def _salts_of(self, table: str) -> dict[str, str]:
        query = 'SELECT "key", salt FROM audit_salt WHERE "table" = ?'
        return dict(self.database.execute(query, (table,)))

    def _salts(self) -> None:
        """A row with personal fields has a salt, empty once erased; nothing else has."""
        expected = {
            (table, key): _erased(told["personal"], row)
            for table, told in self.replay.schema.items()
            if told["personal"]
            for key, row in self.replay.tables[table].items()
        }
        for table, key, salt in self._rows('SELECT "table", "key", salt FROM audit_salt'):
            erased = expected.pop((table, key), None)
            if erased is None or erased != (salt == ""):
                self._found("salt", f"表 {table} 的行 {key} 的盐与台账不符", table=table, key=key)
        for table, key in expected:
            self._found("salt", f"表 {table} 的行 {key} 的盐不见了", table=table, key=key)

    def _evidence(self) -> None:
        for table, told in self.replay.schema.items():
            if not {"sha256", "size"} <= set(told["columns"]):
                continue
            if self.evidence is None:
                self.report.notes.append("没有指明佐证材料的文件夹，未核对材料")
                return
            for key, row in self.replay.tables[table].items():
                self._file(self.evidence, table, key, json.loads(row))

    def _file(self, folder: Path, table: str, key: str, row: dict[str, Any]) -> None:
        name = str(row["sha256"])
        file = folder / name[:2] / name
        if not file.is_file():
            self._found(
                "evidence", f"佐证材料 {name[:2]}/{name} 不见了(表 {table} 行 {key})", table=table, key=key
            )
            return
        with file.open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
        if actual != name or file.stat().st_size != row["size"]:
            self._found(
                "evidence", f"佐证材料 {name[:2]}/{name} 被改(表 {table} 行 {key})", table=table, key=key
            )


def _erased(personal: Sequence[str], row: bytes) -> bool:
    image = json.loads(row)
    return any(isinstance(image[name], dict) and "blank" in image[name] for name in personal)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---------------------------------------------------------------- the command

_FILE = "ledger.sqlite3"


def verify(
    place: Path,
    *,
    evidence: Path | None = None,
    receipts: Sequence[Path] = (),
    key: Path | None = None,
) -> Report:
    """Checks a data folder, a database file or an export zip; raises ``Unreadable``."""
    kept = [receipt_of(path.name, _text(path)) for path in receipts]
    if place.is_file() and zipfile.is_zipfile(place):
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(place) as archive:
                _unpack(archive, Path(folder))
            packed = Path(folder) / "evidence"
            evidence = evidence or (packed if packed.is_dir() else None)
            own = Path(folder) / "keys" / "checkpoint.pub"
            return _verified(Path(folder) / _FILE, evidence, kept, key or (own if own.is_file() else None))
    return _verified(place, evidence, kept, key)


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    for name in archive.namelist():
        if ".." in name or name.startswith(("/", "\\")):
            raise Unreadable(f"导出包里的名称 {name} 有误")
    archive.extractall(folder)


def _verified(place: Path, evidence: Path | None, receipts: Sequence[Receipt], key: Path | None) -> Report:
    folder = place if place.is_dir() else None
    file = place / _FILE if folder else place
    if folder:
        evidence = evidence or (folder / "evidence")
        own = folder / "keys" / "checkpoint.pub"
        key = key or (own if own.is_file() else None)
    if not file.is_file():
        raise Unreadable(f"找不到台账数据库 {file}")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda raw: raw.decode(errors="backslashreplace")
            database.execute("BEGIN")
            return Check(database, evidence, receipts, _key(key)).run()
    except sqlite3.OperationalError as error:
        raise Unreadable(f"{file} 打不开：{error}") from None
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # Whoever forges a ledger chooses what is in it: what nobody foresaw is not intact either.
        return Report(findings=[Finding("database", f"台账读不懂：{error!r}")], receipts=len(receipts))
    except sqlite3.DatabaseError as error:
        return Report(findings=[Finding("database", f"数据库文件损坏：{error}")], receipts=len(receipts))


def _key(path: Path | None) -> Key | None:
    if path is None:
        return None
    try:
        return key_of(_text(path))
    except ValueError as error:
        raise Unreadable(f"{path}：{error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Unreadable(f"{path} 读不出来") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="核对考核系统的审计台账：只读，不改动任何文件")
    parser.add_argument("place", type=Path, help="ledger.sqlite3、数据文件夹或导出的 zip")
    parser.add_argument("--evidence", type=Path, help="佐证材料的文件夹")
    parser.add_argument("--receipt", type=Path, action="append", default=[], help="回执文件，可多次")
    parser.add_argument("--key", type=Path, help="检查点的公钥，最好来自本机之外")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    told = parser.parse_args(arguments)
    try:
        report = verify(told.place, evidence=told.evidence, receipts=told.receipt, key=told.key)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    if told.json:
        print(json.dumps(report.document(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.lines()))
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
