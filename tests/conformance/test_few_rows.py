"""A plan in plain Python gives what the oracle gives, on every law and every rule."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))

from agreement import disagreements
from laws import LAWS, Law
from rules.cases import Case, load_cases, materialise

from kaohe.scoring.api import run_scheme
from kaohe.scoring.sql.run import evaluate


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_laws(law: Law, tmp_path: Path) -> None:
    scheme, table = law.written(tmp_path)
    found = evaluate(run_scheme(scheme, table), None)
    assert disagreements(run_scheme(scheme, table), found.run) == []


@pytest.mark.parametrize("case", load_cases(), ids=str)
def test_rules(case: Case, tmp_path: Path) -> None:
    scheme, data = materialise(case, tmp_path)
    found = evaluate(run_scheme(scheme, data, case.period), None)
    assert disagreements(run_scheme(scheme, data, case.period), found.run) == []
