"""``python -m benchmarks.load [--database sqlite|postgresql|both]``: two hundred people at once.

Builds the county (kept in ``--work`` for the next run), serves it as ``kaohe serve`` does, and lets 200
people sign in for real and work, thinking 2 to 8 seconds. Server, database and people share the machine.
Prints what they waited, and keeps it in ``benchmarks/results/load.json``. Measured once all have signed in.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.faults.examining import Tables
from benchmarks.faults.places import Place
from benchmarks.faults.serving import Server, environment
from benchmarks.load.people import SAVES, Person, Request
from benchmarks.machine import facts
from benchmarks.processes import REPOSITORY, load_now, wait_for_quiet

RESULT = REPOSITORY / "benchmarks" / "results" / "load.json"
PAGES, SAVED = 0.300, 0.400
"""What 95 of 100 pages and saves must not exceed, in seconds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--arrive", type=float, default=90.0, help="seconds in which they come")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "kaohe-load")
    parser.add_argument("-o", "--output", type=Path, default=RESULT)
    told = parser.parse_args()
    met = True
    for name in ("sqlite", "postgresql") if told.database == "both" else (told.database,):
        result = run(name, told)
        print(table(result))
        _keep(told.output, name, result)
        met = met and result["met"]
    return 0 if met else 1


def run(name: str, told: argparse.Namespace) -> dict[str, Any]:
    """One run on one database."""
    place = laid_out(told.work, name == "postgresql")
    place.open()
    server = Server(
        place.folder, told.work / f"{name}.log", database_url=place.database_url, workers=told.workers
    )
    try:
        server.wait()
        load = wait_for_quiet(20)
        people = everybody(place.folder)[: told.people]
        used = -_processor_seconds(server.process.pid)
        begun, ended = _work(people, server.port, told.arrive, told.minutes * 60)
        used += _processor_seconds(server.process.pid)
        requests = [each for person in people for each in person.log]
        after = load_now()
        server.stop()
        return {
            **_summary(requests, begun, ended), "database": name, "minutes": told.minutes,
            "people": len(people), "workers": told.workers, "load_before": load, "load_after": after,
            "server_cpu_seconds": round(used, 1), "whole_seconds": round(ended - begun + told.arrive, 1),
            "saves_acknowledged": sum(person.saved for person in people),
            "conflicts_told": sum(person.conflicts for person in people),
            "verify": Tables(place.folder, place.database_url).faults()[:5],
        }  # fmt: skip
    finally:
        server.kill()
        place.close()


def laid_out(work: Path, postgresql: bool) -> Place:
    """A copy of the county, which is built when there is none yet."""
    work.mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)
    kept = work / ("kept-pg" if postgresql else "kept")
    root = work / "running"
    shutil.rmtree(root, ignore_errors=True)
    place = Place(root, postgresql=postgresql)
    if not kept.is_dir():
        root.mkdir()
        if place.cluster:
            place.cluster.make()
            place.cluster.start()
        print(f"building the county in {root}", file=sys.stderr)
        command = [sys.executable, "-m", "benchmarks.load.county", str(place.folder)]
        subprocess.run(command, check=True, cwd=REPOSITORY, env=environment(place.database_url))
        place.close()
        (root / "cluster").write_text(json.dumps(_secrets(place)), encoding="utf-8")
        root.rename(kept)
    subprocess.run(["cp", "-a", str(kept), str(root)], check=True)
    if place.cluster:
        kept_secrets = json.loads((root / "cluster").read_text(encoding="utf-8"))
        place.cluster.port, place.cluster.password = kept_secrets["port"], kept_secrets["password"]
    return place


def _secrets(place: Place) -> dict[str, Any]:
    return {} if place.cluster is None else {"port": place.cluster.port, "password": place.cluster.password}


def everybody(folder: Path) -> list[Person]:
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        Person(row["name"], row["role"], row["unit"], tuple(row["lines"].split()), random.Random(number))
        for number, row in enumerate(rows)
    ]


def _work(people: Sequence[Person], port: int, arrive: float, seconds: float) -> tuple[float, float]:
    over = threading.Event()
    threads = [
        threading.Thread(target=person.live, args=(port, arrive * n / len(people), over), daemon=True)
        for n, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    time.sleep(arrive + 5)
    begun = time.monotonic()
    time.sleep(seconds)
    ended = time.monotonic()
    over.set()
    for thread in threads:
        thread.join(90)
    return begun, ended


# --- what came of it


def _summary(requests: Sequence[Request], begun: float, ended: float) -> dict[str, Any]:
    within = [each for each in requests if begun <= each.begun <= ended]
    kinds = sorted({each.kind for each in requests})
    measured = {
        kind: _spread([each for each in (requests if kind == "sign-in" else within) if each.kind == kind])
        for kind in kinds
    }
    pages = [each for each in within if each.kind not in SAVES and each.kind != "sign-in"]
    saves = [each for each in within if each.kind in SAVES]
    faults = [f"{each.kind}: {each.fault}" for each in requests if each.fault]
    told = {"pages": _spread(pages), "saves": _spread(saves)}
    met = told["pages"]["p95"] < PAGES and told["saves"]["p95"] < SAVED and not faults
    return {
        **told, "kinds": measured, "errors": len(faults), "examples": sorted(set(faults))[:10],
        "requests_per_second": round(len(within) / (ended - begun), 1), "met": met,
    }  # fmt: skip


def _spread(requests: Sequence[Request]) -> dict[str, Any]:
    times = sorted(each.seconds for each in requests)
    if not times:
        return {"number": 0, "p50": 0.0, "p95": 0.0, "p99": 0.0, "longest": 0.0}

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))], 3)

    return {
        "number": len(times),
        "p50": at(0.5),
        "p95": at(0.95),
        "p99": at(0.99),
        "longest": round(times[-1], 3),
    }


def table(result: dict[str, Any]) -> str:
    """What they waited, in milliseconds."""
    lines = [
        f"{result['database']}: {result['people']} people, {result['minutes']} min, "
        f"{result['requests_per_second']} requests/s, {result['errors']} errors, "
        f"server {result['server_cpu_seconds']} CPU s in {result['whole_seconds']} s, "
        f"load {result['load_before']} → {result['load_after']}, verify {result['verify'] or 'ok'}",
        "| kind | number | p50 | p95 | p99 | longest |\n|---|---|---|---|---|---|",
    ]
    rows = [("pages", result["pages"]), ("saves", result["saves"]), *result["kinds"].items()]
    for name, told in rows:
        times = " | ".join(f"{told[key] * 1000:.0f}" for key in ("p50", "p95", "p99", "longest"))
        lines.append(f"| {name} | {told['number']} | {times} |")
    return "\n".join([*lines, *result["examples"]])


def _processor_seconds(pid: int) -> float:
    """User and system time of a process and its children that still run."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            for task in tasks:
                waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _keep(place: Path, name: str, result: dict[str, Any]) -> None:
    kept = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    kept[name] = {**result, "at": datetime.now(UTC).isoformat(timespec="minutes")}
    kept |= facts()
    place.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
