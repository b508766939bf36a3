"""A snapshot scored where it lies gives what the oracle gives from the same rows, doubtful ones included."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from synthetic import make_snapshot

from kaohe.engines import open_engine
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


def test_files_written_anew_are_read_anew(tmp_path: Path) -> None:
    folder = make_snapshot(tmp_path, towns=50, indicators=10, months=1)
    with SnapshotScorer(folder / "scheme.yaml", folder) as scorer:
        before = scorer.rows("2005-01", ["g00000"])
        make_snapshot(folder, towns=50, indicators=10, months=1, missing=0.4)
        after = scorer.rows("2005-01", ["g00000"])
        assert before != after
    with SnapshotScorer(folder / "scheme.yaml", folder) as fresh:
        assert fresh.rows("2005-01", ["g00000"]) == after


def test_every_peer_group_alone(folder: Path) -> None:
    """Worked out in plain Python, doubtful ones by the oracle, each group is what the whole run says."""
    with SnapshotScorer(folder / "scheme.yaml", folder) as scorer:
        everyone = {str(row["unit"]): row for row in scorer.rows("2005-01")}
        groups = [f"g{number:05d}" for number in range(5)]
        assert scorer._months.rows(scorer._statement("2005-01"), ("2005-01",), groups) is not None
        for group in groups:
            for row in scorer.rows("2005-01", [group]):
                other = everyone.pop(str(row["unit"]))
                assert (row["total"], row["total_rank"]) == (other["total"], other["total_rank"])
                assert list(row.values()) == pytest.approx(list(other.values()), abs=1e-9)
    assert everyone == {}


def test_same_data_again(folder: Path, tmp_path: Path) -> None:
    again = make_snapshot(tmp_path, towns=120, indicators=30, months=2, missing=0.05)
    with (
        SnapshotScorer(folder / "scheme.yaml", folder) as one,
        SnapshotScorer(again / "scheme.yaml", again) as two,
    ):
        left, right = one.rows("2005-01"), two.rows("2005-01")
    assert sorted(left, key=lambda row: str(row["unit"])) == sorted(right, key=lambda row: str(row["unit"]))


HALVES = """scheme: 半分
language: kaohe/1
peers: peer_group
id: total
combine: sum
publish: 0
rank: {first: high}
grades: [{grade: 优秀, at_least: 8}, {grade: 其他}]
criteria:
  - {id: a, figure: a, weight: 70%, missing: peer_mean}
  - {id: b, figure: b, weight: 30%, missing: peer_mean}
  - {id: c, figure: c, weight: 110%, missing: peer_mean}
  - {id: d, figure: d, weight: 90%, missing: peer_mean}
"""


def halves(folder: Path, scheme: str) -> Path:
    """Whole numbers of which many are missing: means of peers, and totals that end in exactly one half."""
    figures = ", ".join(
        f"CASE WHEN hash(u * 31 + m, '{name}') % 3 > 0 "
        f"THEN (hash(u + m * 7, '{name}') % 5)::DOUBLE END AS {name}"
        for name in "abcd"
    )
    with open_engine("duckdb", folders=[folder]) as engine:
        engine.write_parquet(
            "SELECT 'u' || LPAD(u::VARCHAR, 3, '0') AS unit, '2005-0' || m AS period, "
            f"'g' || (u // 6) AS peer_group, {figures} "
            "FROM range(120) AS units(u), range(1, 4) AS months(m)",
            folder / "values.parquet",
        )
    (folder / "snapshot.json").write_text('{"decimals": {"*": 0}}', encoding="utf-8")
    (folder / "s.yaml").write_text(scheme, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "scheme",
    [
        HALVES,
        HALVES.replace("first: high", "first: low, ties: mean"),
        # A place among all, and one by exact totals, take the whole month or group through the oracle.
        HALVES.replace("first: high", "within: all"),
        HALVES.replace("first: high", "uses: exact"),
    ],
    ids=["plain", "low first", "among all", "exact totals"],
)
def test_doubts_above_the_leaves(tmp_path: Path, scheme: str) -> None:
    folder = halves(tmp_path, scheme)
    with SnapshotScorer(folder / "s.yaml", folder) as scorer:
        assert scorer.score().recomputed > 0
        for period in ("2005-01", "2005-02", "2005-03"):
            exact = exact_rows(scorer, period)
            found = {str(row["unit"]): tuple(row.values()) for row in scorer.rows(period)}
            assert len(found) == 120
            for unit, row in found.items():
                assert row[2:5] == exact[unit][2:5]
                assert row[5:] == pytest.approx(exact[unit][5:], abs=1e-9)
            for number in range(20):
                for alone in scorer.rows(period, [f"g{number}"]):
                    assert tuple(alone.values())[2:5] == exact[str(alone["unit"])][2:5]
