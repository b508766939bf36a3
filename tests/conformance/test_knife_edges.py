"""Rows on and beside every edge: attainment at a threshold and one cent off, values k.xx5 before rounding."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kaohe.engines import open_engine
from kaohe.engines.base import TableColumn
from kaohe.quantities.rounding import round_exact
from kaohe.scoring.sql.snapshot import SnapshotScorer

SCHEME = """scheme: 刀刃
language: kaohe/1
id: total
publish: 2
criteria:
  - id: tier
    figure: attainment(tax)
    steps: [bands: [{at_least: 80%, points: 0.45}, {above: 60%, points: 0.3}, {else: true, points: 0}]]
  - id: share
    figure: attainment(tax)
    steps: [stop: {when: x < 60%, points: 0}, scale: 10, round: 2]
  - {id: half, figure: v, steps: [round: 2]}
"""


def knife_edges(count: int, seed: int = 7) -> tuple[list[int], list[int], list[int]]:
    """Actuals and targets in cents, and values in thousandths that end in 5."""
    rng = random.Random(seed)
    actuals, targets, values = [], [], []
    for _ in range(count):
        target = rng.randrange(5, 2_000_000) * 5
        share = rng.choice([60, 80])
        actuals.append(target * share // 100 + rng.choice([-1, 0, 0, 1]))
        targets.append(target)
        values.append(rng.randrange(0, 100_000) * 10 + 5)
    return actuals, targets, values


def expected(actual: int, target: int, value: int) -> tuple[float, float, float]:
    """Worked out on integers alone."""
    tier = 0.45 if actual * 100 >= target * 80 else 0.3 if actual * 100 > target * 60 else 0.0
    share = 0.0 if actual * 100 < target * 60 else (2000 * actual + target) // (2 * target) / 100
    return tier, share, (value + 5) // 10 / 100


def scored(folder: Path, count: int) -> tuple[list[tuple[object, ...]], int, tuple[list[int], ...]]:
    edges = knife_edges(count)
    actuals, targets, values = edges
    (folder / "s.yaml").write_text(SCHEME, encoding="utf-8")
    (folder / "snapshot.json").write_text('{"decimals": {"tax": 2, "v": 3}}', encoding="utf-8")
    with open_engine("duckdb", folders=[folder]) as engine:
        engine.load(
            "edges",
            [
                TableColumn("unit", "VARCHAR", [f"{row:08d}" for row in range(count)]),
                TableColumn("tax", "DOUBLE", [cents / 100 for cents in actuals]),
                TableColumn("tax.target", "DOUBLE", [cents / 100 for cents in targets]),
                TableColumn("v", "DOUBLE", [value / 1000 for value in values]),
            ],
        )
        engine.write_parquet("SELECT * FROM edges", folder / "values.parquet")
    with SnapshotScorer(folder / "s.yaml", folder) as scorer:
        result = scorer.score()
        scorer.engine.open_parquet("scores", result.files[0])
        rows = scorer.engine.rows("SELECT tier, share, half FROM scores ORDER BY unit")
    return rows, result.recomputed, edges


def check(folder: Path, count: int) -> None:
    rows, recomputed, edges = scored(folder, count)
    wrong = [
        (edge, row)
        for row, edge in zip(rows, zip(*edges, strict=True), strict=True)
        if row != expected(*edge)
    ]
    assert wrong[:3] == []
    assert recomputed == 0


def test_knife_edges(tmp_path: Path) -> None:
    check(tmp_path, 100_000)


@pytest.mark.slow
def test_a_million_knife_edges(tmp_path: Path) -> None:
    check(tmp_path, 1_000_000)


def test_the_expectation_itself_rounds_half_up() -> None:
    from fractions import Fraction

    for actual, target, value in zip(*knife_edges(200), strict=True):
        share = round_exact(Fraction(10 * actual, target), 2)
        assert expected(actual, target, value)[1] in (0.0, float(share))
