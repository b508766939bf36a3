"""``make bench``: every way side by side, each in a process of its own; JSON and a table of what came out.

python -m benchmarks                                    county, prefecture and province
python -m benchmarks --size county --size prefecture
python -m benchmarks --size nation --only kaohe         the long run: 92.6 million observations
python -m benchmarks --report                           the table again from the results on disk
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import comparing, machine, report, workbook
from benchmarks.processes import REPOSITORY, Failed, Measured, measure_method
from benchmarks.workload import SIZES, Size, prepared

RESULTS = REPOSITORY / "benchmarks" / "results"
WAYS = ("kaohe", "group", "pandas", "spark", "workbook")
SPARK_SIZES, WORKBOOK_SIZES = ("county", "prefecture"), ("county",)
REPEATS = 3


def main() -> None:
    asked = _arguments()
    if not asked.report:
        for name in asked.size or ("county", "prefecture", "province"):
            _measure_size(SIZES[name], asked.only or WAYS, asked.data)
    report.write(RESULTS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--size", action="append", choices=tuple(SIZES))
    parser.add_argument("--only", action="append", choices=WAYS)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kaohe-benchmarks")
    parser.add_argument("--report", action="store_true", help="only write the table again")
    return parser.parse_args()


def _measure_size(size: Size, ways: tuple[str, ...] | list[str], data: Path) -> None:
    print(f"{size.name}: {size.towns} towns, {size.observations:,} observations", flush=True)
    folder = prepared(size, data)
    for way in ways:
        if (way == "spark" and size.name not in SPARK_SIZES) or (
            way == "workbook" and size.name not in WORKBOOK_SIZES
        ):
            continue
        try:
            found = _MEASURES[way](folder, size)
        except Failed as error:
            found = {"failed": str(error)}
        _save(size, way, found)


def _save(size: Size, way: str, found: dict[str, Any]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    facts = {"size": size.name, "towns": size.towns, "observations": size.observations, "way": way}
    record = {**facts, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **machine.facts(), **found}
    path = RESULTS / f"{size.name}-{way}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"  {way}: {report.in_short(record)}", flush=True)


def _again(method: str, folder: Path, out: Path, times: int) -> list[Measured]:
    if out.is_dir():
        shutil.rmtree(out)
    return [measure_method(method, folder, out) for _ in range(times)]


def _whole(found: list[Measured]) -> dict[str, Any]:
    return {
        "walls": [each.wall for each in found],
        "seconds": [each.told["seconds"] for each in found],
        "peak_mb": max(each.peak for each in found),
        "load": [each.load for each in found],
    }


def _kaohe(folder: Path, size: Size) -> dict[str, Any]:
    out = folder / "out-kaohe"
    once = _again("kaohe_once", folder, out, 1 if size.name == "nation" else REPEATS)
    method = "floor_alone" if size.name == "nation" else "kaohe"
    beside = measure_method(method, folder, folder / "out-beside").told
    whole, told = _whole(once), once[0].told
    floor = statistics.median(beside["floor_seconds"])
    seconds = [*whole["seconds"], *([beside["seconds"]] if method == "kaohe" else [])]
    warm = beside.get("warm_seconds", [])
    return {
        **whole,
        "seconds": seconds,
        "rows": told["rows"],
        "recomputed": told["recomputed"],
        "floor_seconds": beside["floor_seconds"],
        "ratio_to_floor": statistics.median(seconds) / floor,
        "warm_seconds": warm,
        "warm_ratio_to_floor": statistics.median(warm or seconds) / floor,
    }


def _group(folder: Path, size: Size) -> dict[str, Any]:
    (found,) = _again("kaohe_group", folder, folder / "out-group", 1)
    return {**found.told, "peak_mb": found.peak, "load": [found.load]}


def _pandas(folder: Path, size: Size) -> dict[str, Any]:
    out = folder / "out-pandas"
    found = _again("pandas", folder, out, REPEATS)
    parts = {name: [each.told[name] for each in found] for name in ("read_seconds", "score_seconds")}
    return {**_whole(found), **parts, "agreement": _agreement(folder, out / "pandas.parquet")}


def _spark(folder: Path, size: Size) -> dict[str, Any]:
    out = folder / "out-spark"
    found = _again("spark", folder, out, 1)
    warm = {name: found[0].told[name] for name in ("open_seconds", "warm_seconds", "recomputed")}
    return {**_whole(found), **warm, "agreement": _agreement(folder, out / "*.parquet" / "*.parquet")}


def _agreement(folder: Path, other: Path) -> dict[str, Any]:
    return comparing.against(folder / "out-kaohe" / "scores-*.parquet", other)


def _workbook(folder: Path, size: Size) -> dict[str, Any]:
    workbook.write_month_csv(folder)
    office = workbook.run(folder, folder / "out-workbook", REPEATS)
    out = folder / "out-month"
    start = _again("kaohe_start", folder, out, REPEATS)
    oracle_start = _again("oracle_start", folder, out, REPEATS)
    month, oracle = (_again(method, folder, out, REPEATS) for method in ("kaohe_month", "kaohe_oracle"))
    scores = folder / "out-kaohe" / "scores-*.parquet"
    return {
        **office,
        "duckdb": {**_whole(month), "start_walls": [each.wall for each in start]},
        "oracle": {**_whole(oracle), "start_walls": [each.wall for each in oracle_start]},
        "agreement": comparing.against_workbook(scores, folder / "out-workbook"),
        "oracle_agreement": comparing.against_csv(scores, folder / "out-month" / "oracle.csv"),
    }


_MEASURES = {"kaohe": _kaohe, "group": _group, "pandas": _pandas, "spark": _spark, "workbook": _workbook}

if __name__ == "__main__":
    sys.exit(main())
