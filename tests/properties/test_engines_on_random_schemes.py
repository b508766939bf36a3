"""Random schemes over random facts: DuckDB gives the oracle's cents, places, grades and reasons."""

from __future__ import annotations

import logging
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "conformance"))

from agreement import disagreements
from random_schemes import scheme, write_facts

from kaohe.engines import Engine, open_engine
from kaohe.facts.errors import KaoheError
from kaohe.scoring.api import run_scheme
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.run import evaluate


def write(seed: int, folder: Path) -> tuple[Path, Path]:
    """The scheme and the folder of facts of this seed."""
    chance = random.Random(seed)
    (folder / "scheme.yaml").write_text(scheme(chance), encoding="utf-8")
    write_facts(chance, folder)
    return folder / "scheme.yaml", folder


def faults_of(run: Run) -> tuple[str, ...]:
    """What the oracle finds wrong with the scheme or its facts, every node worked out."""
    try:
        for node in run.scheme.nodes():
            run.outcome(node)
    except KaoheError as error:
        return error.messages
    return ()


def check(seed: int, folder: Path, engine: Engine) -> None:
    """The two agree, or both find the same kind of fault."""
    paths = write(seed, folder)
    exact = run_scheme(*paths)
    faults = faults_of(exact)
    try:
        found = evaluate(run_scheme(*paths), engine)
    except KaoheError as error:
        assert faults, f"seed {seed}: only DuckDB complains: {error}"
        return
    assert not faults, f"seed {seed}: only the oracle complains: {faults}"
    assert disagreements(exact, found.run) == [], f"seed {seed}"


def checked(seeds: range, folder: Path, log: pytest.LogCaptureFixture) -> None:
    """Every seed agrees, and no row has both a value and a reason for having none."""
    log.set_level(logging.DEBUG, "kaohe.scoring.sql.run")
    with open_engine("duckdb") as engine:
        for seed in seeds:
            check(seed, folder, engine)
            assert "at odds" not in log.text, f"seed {seed}"


@pytest.mark.parametrize("block", range(4))
def test_duckdb_agrees(block: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    checked(range(block * 6, block * 6 + 6), tmp_path, caplog)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_duckdb_agrees_on_many(block: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    checked(range(1000 + block * 40, 1040 + block * 40), tmp_path, caplog)
