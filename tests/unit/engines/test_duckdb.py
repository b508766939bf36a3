"""What a DuckDB connection may not do, and that it gives back what it was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.engines import EngineError, TableColumn, open_engine
from kaohe.engines.duckdb import read_parquet_rows


def test_loads_and_reads_back() -> None:
    with open_engine("duckdb") as engine:
        engine.load(
            "t", [TableColumn("数", "DOUBLE", [0.1, None]), TableColumn("a b", "VARCHAR", ["\"'", None])]
        )
        assert engine.rows("FROM t") == [(0.1, "\"'"), (None, None)]
        assert engine.columns("t") == {"数": "DOUBLE", "a b": "VARCHAR"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SET threads = 8",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "COPY (SELECT 1) TO '/tmp/kaohe-must-not-exist.csv'",
    ],
)
def test_refuses_what_lies_outside(statement: str) -> None:
    with open_engine("duckdb") as engine, pytest.raises(EngineError):
        engine.rows(statement)


def test_parquet_round_trip(tmp_path: Path) -> None:
    with open_engine("duckdb", folders=[tmp_path]) as engine:
        engine.write_parquet("SELECT 1.5::DOUBLE AS v, 'x' AS name", tmp_path / "t.parquet")
        engine.open_parquet("t", tmp_path / "t.parquet")
        assert engine.rows("SELECT v, name FROM t") == [(1.5, "x")]
    assert list(read_parquet_rows(tmp_path / "t.parquet")) == [["v", "name"], (1.5, "x")]


def test_unknown_engine() -> None:
    with pytest.raises(EngineError, match="没有引擎"):
        open_engine("oracle9i")
