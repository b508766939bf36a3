"""Every rule case and every published index on Spark, in one session: the oracle's cents, places, grades."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from agreement import disagreements
from rules.cases import load_cases, materialise

from kaohe.engines import Engine, open_engine
from kaohe.scoring.api import run_scheme
from kaohe.scoring.sql.run import evaluate

INDICES = Path(__file__).parents[1] / "examples" / "indices"

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    with open_engine("spark") as engine:
        yield engine


def found_by(engine: Engine, scheme: Path, data: Path, period: str | None = None) -> list[str]:
    exact = run_scheme(scheme, data, period)
    return disagreements(exact, evaluate(run_scheme(scheme, data, period), engine).run)


def test_every_rule_case(spark: Engine, tmp_path: Path) -> None:
    differences = {}
    for case in load_cases():
        folder = tmp_path / case.name
        folder.mkdir()
        scheme, data = materialise(case, folder)
        differences[case.name] = found_by(spark, scheme, data, case.period)
    assert {name: found for name, found in differences.items() if found} == {}


def test_published_indices(spark: Engine, shared: Path) -> None:
    differences = {}
    for scheme in sorted(INDICES.glob("*.yaml")):
        folder = shared / "indices" / scheme.stem
        has_tables = "\ntables:" in scheme.read_text(encoding="utf-8")
        data = folder if has_tables else folder / "input.csv"
        differences[scheme.stem] = found_by(spark, scheme, data)
    assert {name: found for name, found in differences.items() if found} == {}
    assert len(differences) == 13
