"""One measurement in a process of its own: ``python -m benchmarks.child METHOD FOLDER OUT``; prints JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

THREADS = 2
Result = dict[str, Any]


def floor_query(columns: dict[str, dict[str, str]], read: set[str]) -> str:
    """One aggregate query over every column that the scoring reads, of both files."""
    parts = []
    for view, wanted in (("snapshot_values", ""), ("snapshot_states", " state")):
        names = [n for n in columns[view] if n in ("unit", "period") or f"{n}{wanted}" in read]
        sums = [f'COUNT("{n}")' if columns[view][n] == "VARCHAR" else f'SUM("{n}")' for n in names]
        parts.append(f"(SELECT {', '.join(sums)} FROM {view})")
    return f"SELECT * FROM {parts[0]}, {parts[1]}"


def kaohe(folder: Path, out: Path, engine: str = "duckdb") -> Result:
    """The floor and the scoring of all months with the same engine, files and threads."""
    from kaohe.scoring.sql.snapshot import SnapshotScorer

    started = time.perf_counter()
    options = {"threads": THREADS} if engine == "duckdb" else {"master": f"local[{THREADS}]", "memory": "4g"}
    with SnapshotScorer(folder / "workload.yaml", folder, engine=engine, out=out, **options) as scorer:
        opened = time.perf_counter() - started
        scored, first = _timed(scorer.score)
        warm = [_timed(scorer.score)[1] for _ in range(_repeats(first))]
        result: Result = {
            "open_seconds": opened,
            "seconds": opened + first,
            "warm_seconds": warm,
            "rows": scored.rows,
            "recomputed": scored.recomputed,
        }
        if engine == "duckdb":
            result["floor_seconds"] = _floor(scorer)
        return result


def _repeats(first: float) -> int:
    return 3 if first < 8 else 1 if first < 60 else 0


def _floor(scorer: Any) -> list[float]:
    views = ("snapshot_values", "snapshot_states")
    columns = {view: scorer.engine.columns(view) for view in views}
    statement = next(iter(scorer._compiled.values()))
    query = floor_query(columns, set(statement.read))
    scorer.engine.rows(query)
    return [_timed(lambda: scorer.engine.rows(query))[1] for _ in range(5)]


def floor_alone(folder: Path, out: Path) -> Result:
    """The floor with an engine of its own, where scoring beside it would take too long."""
    from kaohe.scoring.sql.snapshot import SnapshotScorer

    with SnapshotScorer(folder / "workload.yaml", folder, out=out, threads=THREADS, memory="3GB") as scorer:
        scorer._statement(scorer._periods(None)[0])
        return {"seconds": 0.0, "floor_seconds": _floor(scorer)}


def kaohe_once(folder: Path, out: Path) -> Result:
    """As a user would: one call, nothing before it, nothing after it."""
    from kaohe.scoring.sql.snapshot import score_snapshot

    # The nation must stay below 1 GB with Python and its libraries: DuckDB is given what is left of it.
    options = {"threads": THREADS, "memory": "700MB"}
    scored, seconds = _timed(lambda: score_snapshot(folder / "workload.yaml", folder, out=out, **options))
    return {"seconds": seconds, "rows": scored.rows, "recomputed": scored.recomputed}


def kaohe_month(folder: Path, out: Path) -> Result:
    """One month in one process, to lay beside a workbook."""
    from kaohe.scoring.sql.snapshot import score_snapshot

    scored, seconds = _timed(
        lambda: score_snapshot(folder / "workload.yaml", folder, "2005-12", out=out, threads=THREADS)
    )
    return {"seconds": seconds, "rows": scored.rows, "recomputed": scored.recomputed}


def kaohe_oracle(folder: Path, out: Path) -> Result:
    """The same month from a wide CSV table by the oracle, the default of ``kaohe.score``."""
    import csv

    from kaohe.scoring.api import score

    started = time.perf_counter()
    sheet = score(folder / "workload.yaml", folder / "month.csv")
    with (out / "oracle.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.columns)
        writer.writerows([row[name] for name in sheet.columns] for row in sheet.rows)
    return {"seconds": time.perf_counter() - started, "rows": len(sheet.rows)}


def kaohe_start(folder: Path, out: Path) -> Result:
    """Start-up alone: Python, the imports, an engine."""
    from kaohe.engines.base import open_engine
    from kaohe.scoring.sql import snapshot

    with open_engine("duckdb", threads=THREADS) as engine:
        return {"seconds": 0.0, "ready": engine.rows("SELECT 1") == [(1,)] and bool(snapshot)}


def oracle_start(folder: Path, out: Path) -> Result:
    """Start-up alone of scoring by the oracle."""
    from kaohe.scoring import api

    return {"seconds": 0.0, "ready": bool(api)}


def kaohe_group(folder: Path, out: Path) -> Result:
    """One peer group of the last month again and again, a different group each time."""
    from kaohe.scoring.sql.snapshot import SnapshotScorer

    with SnapshotScorer(folder / "workload.yaml", folder, out=out, threads=THREADS) as scorer:
        known = scorer.engine.rows('SELECT DISTINCT "peer_group" FROM "snapshot_values" ORDER BY 1')
        groups = [str(row[0]) for row in known]
        scorer.rows("2005-12", groups[:1])
        taken = [
            _timed(lambda place=place: scorer.rows("2005-12", [groups[place % len(groups)]]))[1]
            for place in range(24)
        ]
    return {"seconds": statistics.median(taken), "each": taken}


def pandas(folder: Path, out: Path) -> Result:
    from benchmarks.pandas_way import run

    return run(folder, out / "pandas.parquet")


def spark(folder: Path, out: Path) -> Result:
    return kaohe(folder, out, engine="spark")


def _timed(action: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = action()
    return found, time.perf_counter() - started


METHODS: dict[str, Callable[[Path, Path], Result]] = {
    action.__name__: action
    for action in (
        kaohe,
        kaohe_once,
        floor_alone,
        kaohe_month,
        kaohe_oracle,
        kaohe_start,
        oracle_start,
        kaohe_group,
        pandas,
        spark,
    )
}


def main() -> None:
    method, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    print(json.dumps(METHODS[method](folder, out)))


if __name__ == "__main__":
    main()
