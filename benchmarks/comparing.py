"""Whether two ways came to the same: totals to the cent, places, town by town and month by month."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.workbook import MONTH, totals


def against(scores: Path, other: Path) -> dict[str, Any]:
    """Rows in both, totals that differ by a cent or more, the largest difference, places that differ.

    ``scores`` and ``other`` are Parquet files (a pattern may name several).
    """
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT COUNT(*), COUNT(*) FILTER (abs(a.total - b.total) > 0.005 OR a.total IS NULL), "
            "MAX(abs(a.total - b.total)), COUNT(*) FILTER (a.total_rank IS DISTINCT FROM b.total_rank), "
            "(SELECT COUNT(*) FROM read_parquet($1)) "
            "FROM read_parquet($1) AS a JOIN read_parquet($2) AS b USING (unit, period)",
            [str(scores), str(other)],
        ).fetchall()
    return _told(*found[0])


def against_workbook(scores: Path, workbook: Path) -> dict[str, Any]:
    """The same for one month of one county in LibreOffice."""
    theirs = totals(workbook)
    with duckdb.connect() as connection:
        ours = connection.execute(
            "SELECT unit, total, total_rank FROM read_parquet($1) WHERE period = $2", [str(scores), MONTH]
        ).fetchall()
    return _pairs([(total, place, *theirs[unit]) for unit, total, place in ours])


def against_csv(scores: Path, sheet: Path) -> dict[str, Any]:
    """The same for the sheet of the oracle."""
    with sheet.open(newline="", encoding="utf-8") as file:
        theirs = {
            row["unit"]: (float(row["total"]), float(row["total_rank"])) for row in csv.DictReader(file)
        }
    with duckdb.connect() as connection:
        ours = connection.execute(
            "SELECT unit, total, total_rank FROM read_parquet($1) WHERE period = $2", [str(scores), MONTH]
        ).fetchall()
    return _pairs([(total, place, *theirs[unit]) for unit, total, place in ours])


def _pairs(rows: list[tuple[float, float, float, float]]) -> dict[str, Any]:
    apart = [abs(a - b) for a, _, b, _ in rows]
    cents = sum(difference > 0.005 for difference in apart)
    return _told(len(rows), cents, max(apart), sum(p != q for _, p, _, q in rows), len(rows))


def _told(rows: int, cents: int, largest: float | None, places: int, expected: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "rows_expected": expected,
        "totals_differing": cents,
        "largest_difference": largest or 0.0,
        "places_differing": places,
    }
