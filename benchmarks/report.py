"""From the results on disk to ``docs/explanation/benchmarks.md``: figures, targets, met or not."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.faults.page import sections
from benchmarks.processes import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "benchmarks.md"
Record = dict[str, Any]
Results = dict[tuple[str, str], Record]

_INTRODUCTION = """# Benchmarks

What scoring costs beside the ways people would otherwise do it. `make bench` measures and writes this page
(`make bench ARGS="--size nation --only kaohe"` is the long run; `python -m benchmarks --report` writes the
page again from `benchmarks/results/*.json`). Ratios and memory are the figures: absolute times move with
the machine and with what else runs on it.

The work is the same everywhere: 200 lines of ten kinds (proportional with floor and cap, bands, curve,
efficacy coefficient within peers, rank with ties, deduction, capped bonus, growth over last year,
lower-is-better, peers' mean for what is missing), missing as zero, not applicable with its weight shared
out, eight weighted and capped categories, a veto at 59, half-up cents, rank among about 25 peers, 12 months.
About 1 % of the figures are missing or not applicable.

- **kaohe**: `score_snapshot` over the tables of values and states, one call in one process: loading and
  compiling the scheme, scoring every month, the oracle's share, Parquet out.
- **floor**: one aggregate query over every column that the scoring reads, of both files, in the process
  that scored, on the same threads; median of 5 after a warm-up.
- **pandas**: columns of a DataFrame over the same files, in float64, no working and no exactness,
  Parquet out.
- **LibreOffice**: one county-month, a formula a step (figure, points, policy), recalculated while it is
  converted without a screen; start-up is the same with an empty workbook.
- **Spark**: the same statements on `local[2]`.

Every measurement is a process of its own; peak memory is the kernel's high-water mark of it (of the whole
tree for Spark and LibreOffice). Before each, the machine is given 10 seconds to become quiet; *load* is
the highest that was met. Times are medians, in brackets the smallest and largest.
"""

_READING = """## Reading the figures

- Against pandas: the SQL is compiled for each scheme, and carries states, error bounds and exact integers
  beside every value; planning alone costs DuckDB about 20 ms a block of 20 lines, whatever the number of
  rows. pandas here keeps none of it and works on float64 columns that are already wide.
- Against LibreOffice: the workbook is as light as it can be (three formulas a line, figures already
  year-to-date beside them). Its start-up, not its arithmetic, is most of its time.
- One peer group: 25 rows take DuckDB about 5 ms of work a block; the rest is planning, which `PREPARE`
  does not save in DuckDB 2.0.1 (`EXECUTE` plans again). Pages read stored scores and do not wait for it.
"""


def write(results: Path) -> None:
    """Reads every result and writes the page."""
    found = {(r["size"], r["way"]): r for r in _records(results)}
    if not found:
        return
    parts = [
        _INTRODUCTION,
        _targets(found),
        _times(found),
        _workbook(found),
        _agreements(found),
        _reading(results / "reading" / "tools.json"),
        sections(results),
        _machine(found),
    ]
    PAGE.write_text("\n".join(part for part in parts if part), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(REPOSITORY)}")


def in_short(record: Record) -> str:
    """One line for the terminal."""
    if "failed" in record:
        return f"failed: {record['failed'].splitlines()[-1]}"
    seconds = record["seconds"]
    shown = f"{statistics.median(seconds) if isinstance(seconds, list) else seconds:.3g} s"
    ratio = f", {record['ratio_to_floor']:.0f} × the floor" if "ratio_to_floor" in record else ""
    return f"{shown}, {record['peak_mb']:.0f} MB{ratio}, load {max(record['load']):.1f}"


def _records(results: Path) -> Iterable[Record]:
    order = ("county", "prefecture", "province", "nation")
    paths = [path for size in order for path in sorted(results.glob(f"{size}-*.json"))]
    read = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return sorted(read, key=lambda record: (order.index(record["size"]), record["way"]))


# --- targets --------------------------------------------------------------------------------------


def _targets(found: Results) -> str:
    rows = [row for make in (_province, _nation, _office, _group) for row in make(found)]
    lines = [
        f"| {what} | {target} | {figure} | {'met' if met else '**not met**'} |"
        for what, target, figure, met in rows
    ]
    return _table("Targets", "what | target | measured | |", lines)


def _got(found: Results, size: str, way: str) -> Record | None:
    record = found.get((size, way))
    return None if record is None or "failed" in record else record


def _province(found: Results) -> Iterable[tuple[str, str, str, bool]]:
    kaohe, pandas = _got(found, "province", "kaohe"), _got(found, "province", "pandas")
    if kaohe is None:
        return
    ratio, warm = kaohe["ratio_to_floor"], kaohe["warm_ratio_to_floor"]
    yield (
        "province, 12 months, to the floor",
        "≤ 50 ×",
        f"{ratio:.0f} × (again, already compiled: {warm:.0f} ×)",
        ratio <= 50,
    )
    yield "province, peak memory", "≤ 500 MB", f"{kaohe['peak_mb']:.0f} MB", kaohe["peak_mb"] <= 500
    if pandas is not None:
        faster = _median(pandas["seconds"]) / _median(kaohe["seconds"])
        yield "province, faster than pandas", "≥ 3 ×", f"{faster:.2f} ×", faster >= 3


def _nation(found: Results) -> Iterable[tuple[str, str, str, bool]]:
    nation, small = _got(found, "nation", "kaohe"), _got(found, "prefecture", "kaohe")
    if nation is None or small is None:
        return
    yield "nation, peak memory", "≤ 1000 MB", f"{nation['peak_mb']:.0f} MB", nation["peak_mb"] <= 1000
    exponent = math.log(_median(nation["seconds"]) / _median(small["seconds"])) / math.log(
        nation["observations"] / small["observations"]
    )
    yield "growth exponent, prefecture to nation", "≤ 1.05", f"{exponent:.2f}", exponent <= 1.05


def _office(found: Results) -> Iterable[tuple[str, str, str, bool]]:
    office = _got(found, "county", "workbook")
    if office is None:
        return
    whole, net = _office_ratios(office)
    yield "county month against LibreOffice, whole processes", "≥ 12 ×", f"{whole:.1f} ×", whole >= 12
    yield "the same, net of start-up", "≥ 40 ×", f"{net:.1f} ×", net >= 40


def _office_ratios(office: Record) -> tuple[float, float]:
    """Against the faster of kaohe's two ways."""
    ways = [office["duckdb"], office["oracle"]]
    whole = min(_median(way["walls"]) for way in ways)
    net = min(_median(way["walls"]) - _median(way["start_walls"]) for way in ways)
    return office["seconds"] / whole, office["net_seconds"] / net


def _group(found: Results) -> Iterable[tuple[str, str, str, bool]]:
    group = _got(found, "province", "group") or _got(found, "prefecture", "group")
    if group is not None:
        shown = f"{1000 * group['seconds']:.0f} ms {_spread([1000 * s for s in group['each']], 0)}"
        yield f"one peer group re-scored, warm ({group['size']})", "≤ 60 ms", shown, group["seconds"] <= 0.06


# --- tables ---------------------------------------------------------------------------------------


def _times(found: Results) -> str:
    lines = []
    for (size, way), record in found.items():
        if way in ("workbook", "group"):
            continue
        if "failed" in record:
            lines.append(f"| {size} | {way} | failed | | | | | |")
            continue
        floor, rows = record.get("floor_seconds"), record.get("recomputed")
        beside = f"{_shown(floor)}, {record['ratio_to_floor']:.0f} ×" if floor else ""
        lines.append(
            f"| {size} | {way} | {_shown(record['seconds'])} | {_shown(record['walls'])} | "
            f"{record['peak_mb']:.0f} | "
            f"{beside} | "
            f"{'' if rows is None else rows} | {max(record['load']):.1f} |"
        )
    head = (
        "size | way | seconds | whole process, s | peak MB | floor, s, and ratio | "
        "rows settled by the oracle | load |"
    )
    return _table("Times and memory", head, lines)


def _workbook(found: Results) -> str:
    office = _got(found, "county", "workbook")
    if office is None:
        return ""
    lines = [_office_line(f"LibreOffice, {office['formulas']:,} formulas", office)]
    for name, way in (("kaohe, DuckDB", office["duckdb"]), ("kaohe, oracle", office["oracle"])):
        lines.append(_office_line(name, way))
    return _table("One county-month", "way | whole process, s | start-up, s | net, s | peak MB |", lines)


def _office_line(name: str, way: Record) -> str:
    net = _median(way["walls"]) - _median(way["start_walls"])
    times = f"{_shown(way['walls'])} | {_shown(way['start_walls'])} | {net:.2f}"
    return f"| {name} | {times} | {way['peak_mb']:.0f} |"


def _agreements(found: Results) -> str:
    lines = []
    for (size, way), record in found.items():
        for name, key in ((way, "agreement"), ("oracle", "oracle_agreement")):
            if key in record:
                same = record[key]
                lines.append(
                    f"| {size} | {name} | {same['rows']:,} of {same['rows_expected']:,} | "
                    f"{same['totals_differing']} | "
                    f"{same['places_differing']} | {same['largest_difference']:.2g} |"
                )
    head = (
        "size | way | rows compared | totals differing by a cent or more | places differing | "
        "largest difference |"
    )
    return _table("Agreement with kaohe on DuckDB", head, lines)


_READING_TOOLS = """## Reading reports

`python -m benchmarks.reading --python PYTHON` (another environment may hold the other tools) gives each tool
the same texts: the audited speech of `../shared/reading` (72 counted facts) and the project's own documents
(`tests/corpus/documents`). Quality is F1 by `../shared/reading/evaluate.py`; "—": a tool does not give it.
recognizers-text answers for money, dimensions and percentages, not for counts (家, 户, 个); JioNLP for money;
cn2an converts isolated numerals, which an expression of ours finds for it; jieba tags numerals and measure
words (m, q). Both sets are ones that the reader was mended on and show it at its best;
[Reading quality](reading-quality.md) tells what it did on documents that it had not seen. Speed is one core,
one pass over text that no cache holds, behind a warm-up on the first third; absent tools are named so.
"""


def _reading(path: Path) -> str:
    if not path.is_file():
        return ""
    record = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        _reading_line(corpus, tool, told)
        for corpus, tools in record["corpora"].items()
        for tool, told in tools.items()
    ]
    head = (
        "| texts | tool | number in its place | value and unit | kind | indicator | links | characters/s |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return f"{_READING_TOOLS}\n{head}" + "\n".join(lines) + "\n"


def _reading_line(corpus: str, tool: str, told: Record) -> str:
    name = f"{tool} {told.get('version', '')}".strip()
    if "quality" not in told:
        return f"| {corpus} | {name} | {'absent' if 'absent' in told else 'failed'} | | | | | |"
    quality = told["quality"]
    figures = [
        f"{quality[key]:.3f}" if key in quality else "—" for key in ("value", "vu", "kind", "ind", "link")
    ]
    return f"| {corpus} | {name} | {' | '.join(figures)} | {told['characters_a_second']:,.0f} |"


def _machine(found: Results) -> str:
    latest = max(found.values(), key=lambda record: str(record["at"]))
    machine, versions = latest["machine"], latest["versions"]
    commits = ", ".join(sorted({record["commit"] for record in found.values()}))
    return (
        f"## Machine\n\n{machine['processor']}, {machine['cores']} cores (shared with other work), "
        f"{machine['memory_gb']} GB, {machine['system']}. "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + f". Commits {commits}; {latest['at'][:10]}.\n"
    )


def _table(title: str, head: str, lines: list[str]) -> str:
    columns = head.count("|")
    head_lines = f"## {title}\n\n| {head}\n|{'---|' * columns}\n"
    return head_lines + "\n".join(lines) + "\n" if lines else ""


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _shown(values: list[float]) -> str:
    return f"{_median(values):.3g} {_spread(values)}".strip()


def _spread(values: list[float], digits: int = 2) -> str:
    return f"({min(values):.{digits}f}–{max(values):.{digits}f})" if len(values) > 1 else ""
