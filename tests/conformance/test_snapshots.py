"""A snapshot scored where it lies gives what the oracle gives from the same rows, doubtful ones included."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from synthetic import make_snapshot

from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.snapshot import SnapshotScorer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_snapshot(
        tmp_path_factory.mktemp("snapshot"), towns=120, indicators=30, months=2, missing=0.05
    )


def exact_rows(scorer: SnapshotScorer, period: str) -> dict[str, tuple[object, ...]]:
    """Every unit's results as the oracle works them out from the files."""
    statement = scorer._statement(period)
    scorer._prepare(statement, (period,), None)
    scorer.engine.keep("wanted", 'SELECT * FROM "facts_source"')
    dataset = scorer.layout.dataset(scorer.engine, str, statement.read, period, lazy=False)
    run = Run(replace(statement.bound, dataset=dataset, period=dataset.period))
    return {str(row[0]): row for row in scorer._shown_rows(run, period)}


def test_the_same_as_the_oracle(folder: Path) -> None:
    with SnapshotScorer(folder / "scheme.yaml", folder) as scorer:
        result = scorer.score()
        assert result.rows == 240
        for period in result.periods:
            exact = exact_rows(scorer, period)
            for row in scorer.rows(period):
                expected = exact[str(row["unit"])]
                for (name, value), other in zip(row.items(), expected, strict=True):
                    assert (
                        value == pytest.approx(other, abs=1e-9)
                        if isinstance(other, float)
                        else value == other
                    ), name
                assert row["total"] == exact[str(row["unit"])][2]


def test_one_peer_group_alone(folder: Path) -> None:
    with SnapshotScorer(folder / "scheme.yaml", folder) as scorer:
        everyone = {str(row["unit"]): row for row in scorer.rows("2005-02")}
        group = scorer.rows("2005-02", ["g00002"])
    assert len(group) == 25
    assert all(row == everyone[str(row["unit"])] for row in group)


def test_same_data_again(folder: Path, tmp_path: Path) -> None:
    again = make_snapshot(tmp_path, towns=120, indicators=30, months=2, missing=0.05)
    with (
        SnapshotScorer(folder / "scheme.yaml", folder) as one,
        SnapshotScorer(again / "scheme.yaml", again) as two,
    ):
        left, right = one.rows("2005-01"), two.rows("2005-01")
    assert sorted(left, key=lambda row: str(row["unit"])) == sorted(right, key=lambda row: str(row["unit"]))
