"""Every law on every engine: the same nulls, cents, places and grades as the oracle."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from agreement import disagreements
from laws import LAWS, Law

from kaohe.engines import Engine, open_engine
from kaohe.scoring.api import run_scheme
from kaohe.scoring.sql.run import evaluate


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    with open_engine("duckdb") as engine:
        yield engine


def compared(law: Law, engine: Engine, folder: Path) -> tuple[list[str], int]:
    """What the engine says otherwise than the oracle, and how many rows it asked of it."""
    scheme, table = law.written(folder)
    exact = run_scheme(scheme, table)
    found = evaluate(run_scheme(scheme, table), engine)
    return disagreements(exact, found.run), found.recomputed


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_duckdb_agrees_with_the_oracle(law: Law, duckdb: Engine, tmp_path: Path) -> None:
    differences, _ = compared(law, duckdb, tmp_path)
    assert differences == []


@pytest.mark.parametrize("name", ["exact_threshold", "ties", "stop_then_rank", "gates_and_quotas"])
def test_exact_comparisons_need_no_oracle(name: str, duckdb: Engine, tmp_path: Path) -> None:
    law = next(law for law in LAWS if law.name == name)
    assert compared(law, duckdb, tmp_path) == ([], 0)


@pytest.mark.spark
def test_spark_agrees_with_the_oracle(tmp_path: Path) -> None:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    with open_engine("spark") as engine:
        differences = {law.name: compared(law, engine, tmp_path)[0] for law in LAWS}
    assert {name: found for name, found in differences.items() if found} == {}
