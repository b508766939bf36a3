"""``python -m benchmarks.faults kill|power|full|writers|replay|all``: what is lost when something goes wrong.

Prints what was found and keeps it in ``benchmarks/results/faults.json``; exit code 1 when an acknowledged
write was lost, something was there by halves, or a negative control lost nothing (a harness that is blind).
``--share 0.05`` runs a twentieth of every number of cycles. ``power`` and ``full`` need root.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.faults import cycles, full, together
from benchmarks.faults.cycles import Trial
from benchmarks.machine import facts
from benchmarks.processes import REPOSITORY

RESULT = REPOSITORY / "benchmarks" / "results" / "faults.json"
_LAZY = "fsync = off\nfull_page_writes = off\n"
TRIALS = {
    "kill": (
        Trial("killed, SQLite", "kill", 200, longest=2.4),
        Trial("killed, PostgreSQL with it", "kill", 50, longest=2.4, postgresql=True),
        Trial("control: answers before the commit", "kill", 10, way="late", must_lose=True),
        Trial("killed during imports, SQLite", "kill", 40, crew="imports", longest=6.0),
        Trial(
            "control: import without a transaction", "kill", 25,
            crew="imports", longest=6.0, way="piecemeal", must_lose=True,
        ),
    ),
    "power": (
        Trial("power cut, SQLite", "cut", 300),
        Trial("power cut, PostgreSQL", "cut", 100, postgresql=True),
        Trial("power cut, evidence files", "cut", 100, crew="evidence"),
        Trial("control: SQLite synchronous=OFF", "cut", 10, way="unsynced", must_lose=True),
        Trial(
            "control: PostgreSQL synchronous_commit=off", "cut", 10,
            postgresql=True, way="unsynced", must_lose=True,
        ),
        Trial(
            "control: PostgreSQL fsync=off", "cut", 10,
            postgresql=True, way="careless", settings=_LAZY, must_lose=True,
        ),
        Trial(
            "control: evidence without fsync", "cut", 10,
            crew="evidence", way="unsynced-files", must_lose=True,
        ),
    ),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=(*TRIALS, "full", "writers", "replay", "all"))
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--only", default="", help="trials whose name holds this")
    parser.add_argument("-o", "--output", type=Path, default=RESULT)
    told = parser.parse_args()
    wrong = False
    for what in (*TRIALS, "full", "writers", "replay") if told.what == "all" else (told.what,):
        for result in _results(what, told):
            print(json.dumps(result, ensure_ascii=False, indent=1))
            wrong = wrong or not result["as_it_must_be"]
            _keep(told.output, what, result)
    return 1 if wrong else 0


def _results(what: str, told: argparse.Namespace) -> Any:
    for trial in TRIALS.get(what, ()):
        if told.only in trial.name:
            yield _cycled(trial, told)
    if what == "full":
        yield from full.trials(told.seed)
    elif what == "writers":
        yield from together.writers()
    elif what == "replay":
        yield from together.replays()


def _cycled(trial: Trial, told: argparse.Namespace) -> dict[str, Any]:
    number = max(1, round(trial.cycles * told.share))
    outcome = cycles.run(cycles.shortened(trial, number), told.seed)
    # A trial in which nothing was acknowledged shows nothing.
    clean = outcome.clean and bool(outcome.found.acknowledged)
    as_it_must_be = outcome.losing_cycles > 0 if trial.must_lose else clean
    return {**outcome.document(trial), "as_it_must_be": as_it_must_be}


def _keep(place: Path, what: str, result: dict[str, Any]) -> None:
    """The newest result of each trial, beside those of the others."""
    kept = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {"trials": {}}
    kept["trials"].setdefault(what, {})[result["trial"]] = {
        **result, "at": datetime.now(UTC).isoformat(timespec="minutes"),
    }  # fmt: skip
    kept |= facts()
    place.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
