"""What is there after a fault, beside what people were told: the examination of one cycle."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.serving import environment
from benchmarks.faults.town import CODES
from benchmarks.faults.working import Act
from kaohe.web.audit.kaohe_verify import Unreadable, verify

Row = tuple[Any, ...]


class Tables:
    """The tables of a data folder, read while no server runs (or beside one)."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder, self.database_url = folder, database_url

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Rows of a query, with ``?`` for values."""
        if not self.database_url:
            with closing(sqlite3.connect(self.folder / "ledger.sqlite3", timeout=30)) as database:
                return database.execute(statement, values).fetchall()
        import psycopg

        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement.replace("?", "%s"), values).fetchall()  # type: ignore[arg-type]

    def faults(self) -> list[str]:
        """What ``kaohe verify`` finds: the chain, the tree, and the tables against the ledger replayed."""
        if not self.database_url:
            try:
                return [finding.text for finding in verify(self.folder).findings]
            except Unreadable as error:
                return [f"verify: {error}"]
        command = [sys.executable, "-m", "kaohe", "verify", str(self.folder), "--format", "json"]
        told = environment(self.database_url)
        done = subprocess.run(command, env=told, capture_output=True, text=True, check=False, cwd="/tmp")
        try:
            return [finding["text"] for finding in json.loads(done.stdout)["findings"]]
        except ValueError:
            return [f"verify: {done.stdout[-300:]} {done.stderr[-700:]}"]


@dataclass(slots=True)
class Found:
    """The result: how much was acknowledged, what of it is lost, what is there by halves."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    untold: int = 0


def examined(tables: Tables, done: Sequence[Act], sent: Sequence[Act]) -> Found:
    """The tables beside what was ``done`` (acknowledged before the fault) and all that was ``sent``."""
    found = Found()
    for act in done:
        found.acknowledged[act.kind] = found.acknowledged.get(act.kind, 0) + 1
    look = _Look(tables)
    for act in done:
        if fault := look.lost(act):
            found.lost.append(f"{act.kind}: {fault}")
    for act in sent:
        if fault := look.partial(act):
            found.partial.append(f"{act.kind}: {fault}")
    found.untold = sum(look.there(act) for act in sent if act not in done)
    found.faults = tables.faults()
    return found


class _Look:
    """The tables in memory, by what acts speak of."""

    def __init__(self, tables: Tables) -> None:
        self.evidence = tables.folder / "evidence"
        self.kept = dict(tables.rows("SELECT key, answer FROM ledger_submission"))
        bodies = tables.rows("SELECT seq, body FROM audit_event WHERE action <> 'faults.duties'")
        self.events = {seq: json.loads(body) for seq, body in bodies}
        self.cells = {
            (unit, code, month): (value, version)
            for unit, code, month, value, version in tables.rows(
                "SELECT u.code, i.code, o.month, o.value, o.version FROM ledger_observation o "
                "JOIN ledger_reportingunit u ON u.id = o.unit_id "
                "JOIN ledger_indicator i ON i.id = o.indicator_id"
            )
        }
        self.states = {
            key: (state, version)
            for key, state, version in tables.rows("SELECT id, state, version FROM ledger_observation")
        }
        self.sheets = dict(tables.rows("SELECT sha256, done FROM ledger_importedsheet"))
        self.filed = dict(tables.rows("SELECT sha256, size FROM documents_evidencefile"))
        self.imported = self._imported()
        self._sources: dict[str, int] = {}
        for (source,) in tables.rows(
            "SELECT source FROM ledger_observation WHERE source LIKE ?", "%#sha256:%"
        ):
            digest = source.split("#sha256:")[1][:16]
            self._sources[digest] = self._sources.get(digest, 0) + 1

    def _imported(self) -> dict[str, int]:
        """How many figures each import's event wrote, by the hash in their source."""
        count: dict[str, int] = {}
        for event in self.events.values():
            for change in event["changes"]:
                source = (change["after"] or {}).get("source", "")
                if change["table"] == "ledger_observation" and "#sha256:" in source:
                    digest = source.split("#sha256:")[1][:16]
                    count[digest] = count.get(digest, 0) + 1
        return count

    # --- what an acknowledged act must have left

    def lost(self, act: Act) -> str:
        return str(getattr(self, f"_{act.kind}_lost")(act))

    def _save_lost(self, act: Act) -> str:
        told, answer = act.told, act.answer
        event = self.events.get(answer["seq"])
        if event is None:
            return f"event {answer['seq']} is gone"
        written = {c["after"]["value"] for c in event["changes"] if c["table"] == "ledger_observation"}
        kept = self.kept.get(told["key"])
        if kept is None or sorted(json.loads(kept)["saved"]) != sorted(answer["saved"]):
            return "the answer to its key is gone"
        for code, value in told["values"].items():
            stored = self.cells.get((told["unit"], code, told["month"]), ("", 0))
            version = told["versions"][code] + 1
            if value not in written or stored[1] < version or (stored[1] == version and stored[0] != value):
                return f"{code} is {stored}, not {value} (version {version})"
        return ""

    def _verify_lost(self, act: Act) -> str:
        wrong = [key for key, seen in act.told["rows"] if self.states.get(key) != ("verified", seen + 1)]
        return f"rows {wrong} are not verified" if wrong else ""

    def _hand_in_lost(self, act: Act) -> str:
        digest = act.told["sha256"]
        if digest not in self.sheets:
            return "the row is gone"
        return self._file_fault(digest)

    def _import_lost(self, act: Act) -> str:
        digest = act.told["sha256"]
        if not self.sheets.get(digest):
            return "it is not marked as done"
        return "" if self.imported.get(digest[:16]) == len(CODES) else "its event is gone"

    def _file_lost(self, act: Act) -> str:
        digest = act.told["sha256"]
        return self._file_fault(digest) if digest in self.filed else "the row is gone"

    def _file_fault(self, digest: str) -> str:
        place = self.evidence / digest[:2] / digest
        if not place.is_file():
            return "the file is gone"
        return "" if hashlib.sha256(place.read_bytes()).hexdigest() == digest else "the file is not whole"

    # --- what no act may leave

    def partial(self, act: Act) -> str:
        if act.kind == "save":
            return self._partial_save(act)
        if act.kind == "import":
            return self._partial_import(act)
        if act.kind == "verify":
            states = {self.states[key][0] for key, _ in act.told["rows"]}
            return "" if len(states) == 1 else f"states {states}"
        known = self.filed if act.kind == "file" else self.sheets
        digest = act.told["sha256"]
        return (
            f"a row without its file: {self._file_fault(digest)}"
            if digest in known and self._file_fault(digest)
            else ""
        )

    def _partial_save(self, act: Act) -> str:
        if act.told["key"] in self.kept:
            return ""
        there = [
            code
            for code, value in act.told["values"].items()
            if self.cells.get((act.told["unit"], code, act.told["month"]), ("", 0))[0] == value
        ]
        return f"{len(there)} of {len(act.told['values'])} cells without an answer kept" if there else ""

    def _partial_import(self, act: Act) -> str:
        digest = act.told["sha256"]
        counted = (self.imported.get(digest[:16], 0), self._rows_of(digest), bool(self.sheets.get(digest)))
        whole = (len(CODES), len(CODES), True)
        return (
            ""
            if counted in ((0, 0, False), whole) or (counted[0] == len(CODES) and counted[2])
            else str(counted)
        )

    def _rows_of(self, digest: str) -> int:
        return self._sources.get(digest[:16], 0)

    # --- what was done though nobody was told

    def there(self, act: Act) -> bool:
        if act.kind == "save":
            return act.told["key"] in self.kept
        if act.kind == "verify":
            return all(self.states[key][0] == "verified" for key, _ in act.told["rows"])
        if act.kind == "import":
            return bool(self.sheets.get(act.told["sha256"]))
        return act.told["sha256"] in (self.filed if act.kind == "file" else self.sheets)


def total(found: Iterable[Found]) -> Found:
    """All cycles together."""
    whole = Found()
    for one in found:
        for kind, number in one.acknowledged.items():
            whole.acknowledged[kind] = whole.acknowledged.get(kind, 0) + number
        whole.lost += one.lost
        whole.partial += one.partial
        whole.faults += one.faults
        whole.untold += one.untold
    return whole
