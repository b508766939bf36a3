"""Random schemes over random facts: DuckDB gives the oracle's cents, places, grades and reasons."""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "conformance"))

from agreement import disagreements

from kaohe.engines import open_engine
from kaohe.scoring.api import run_scheme
from kaohe.scoring.sql.run import evaluate

FIGURES = (
    "attainment(a)", "yoy(b)", "a / b", "change(b)", "a - c", "if(a > b, c, a)", "progress(a)", "c", "a * b / 100",
    "first(c, b)", "min(a, b, c)", "peer_mean(a)", "a / peer_max(a)", "all_sum(b) - b", "{by: class, 甲: a, else: c}",
    "every(a - 20, 5%)", "abs(a - b)", "round(a / b, 1)", "case(a < 10, 1, a < 50, 2, 3)", "gap(a)",
)  # fmt: skip
STEPS = (
    "cap: 10", "floor: 0", "clamp: [-5, 15]", "scale: 0.5", "add: 1.5", "calc: 12 - x", "round: 2", "round: 0",
    "round: {mode: floor, decimals: 1}", "round: {mode: half_even, decimals: 1}", "curve: [[0, 0], [50%, 4], [100%, 10]]",
    "curve: {knots: [[0, 2], [10, 6]], left: extend, right: extend}", "stop: {when: x < 60%, points: 0}",
    "stop: {when: x = 0.8, points: 8}", "bonus: {points: 'every(x - 1, 10%)', cap: 2}", "deduct: {points: 0.3 * x, floor: 0}",
    "per_unit: {base: 5, from: 1, every: 5%, above: 0.5, below: -1}",
    "bands: [{at_least: 1, points: 10}, {when: x >= 0.6 and a > 10, points: 6}, {below: 0, points: -2}, {else: keep}]",
    "rank: {first: high}", "rank: {first: low, within: all, ties: max}", "percent_rank: max", "percent_rank: exclusive",
    "goalposts: {low: peer_min(x), high: peer_max(x), to: [60, 100], equal: 80}", "standardise: {mean: 50, sd: 10}",
    "impute: peer_mean(x)", "rank: {first: high, ties: mean}, place_points: [10, 7, 5, 3]",
)  # fmt: skip
POLICIES = (
    "block",
    "propagate",
    "zero",
    "full",
    "{points: 2.5}",
    "peer_mean",
    "leave_out",
    "reweight",
    "apart",
)
COMBINES = (
    "sum",
    "mean",
    "max",
    "min",
    "geometric",
    "harmonic",
    "product",
    "{keep: {best: 1, then: sum}}",
    "count",
)


def leaf(chance: random.Random, number: int) -> str:
    steps = ", ".join(chance.sample(STEPS, chance.randint(0, 3)))
    parts = [f"id: n{number}", "points: 10", f"figure: {quoted(chance.choice(FIGURES))}", f"steps: [{steps}]"]
    for reason in ("missing", "undefined"):
        if chance.random() < 0.6:
            parts.append(f"{reason}: {chance.choice(POLICIES)}")
    if chance.random() < 0.3:
        parts.append(f"weight: {chance.choice(['60%', '2', '{by: class, 甲: 1, else: 3}'])}")
    return "{" + ", ".join(parts) + "}"


def quoted(figure: str) -> str:
    return figure if figure.startswith("{") else f"'{figure}'"


def scheme(chance: random.Random) -> str:
    groups = []
    for group in range(2):
        leaves = "\n".join(f"      - {leaf(chance, group * 3 + number)}" for number in range(3))
        groups.append(
            f"  - id: g{group}\n    combine: {chance.choice(COMBINES)}\n    missing: {chance.choice(POLICIES)}\n"
            f"    undefined: zero\n    not_applicable: {chance.choice(POLICIES)}\n    criteria:\n{leaves}\n"
        )
    return (
        "scheme: 随机\nlanguage: kaohe/1\nperiod: 2005-09\npeers: class\npublish: 2\n"
        f"rank: {{ties: {chance.choice(['min', 'max', 'dense', 'mean'])}}}\n"
        f"combine: {chance.choice(('sum', 'mean'))}\nundefined: zero\n"
        "grades: [{grade: 优, at_least: 12, top: 50%}, {grade: 良, at_least: 5}, {grade: 差}]\n"
        "gates: [{id: v, when: a < 5, effect: {grade: 差}}, {id: c, when: b > 90, effect: {cap: 9}}]\n"
        "criteria:\n" + "".join(groups)
    )


def table(chance: random.Random, path: Path) -> None:
    names = ["unit", "class", "a", "a.target", "b", "b.last_year", "c"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for number in range(12):
            row = [cell(chance) for _ in names[2:]]
            writer.writerow([f"镇{number}", chance.choice("甲乙"), *row])


def cell(chance: random.Random) -> str:
    if chance.random() < 0.08:
        return ""
    edges = ("0", "80", "100", "64", "281.96", "352.45", "0.005", "12.345", "-3")
    return chance.choice(edges) if chance.random() < 0.4 else str(round(chance.uniform(-5, 120), 2))


def check(seed: int, folder: Path) -> None:
    chance = random.Random(seed)
    (folder / "scheme.yaml").write_text(scheme(chance), encoding="utf-8")
    table(chance, folder / "units.csv")
    paths = folder / "scheme.yaml", folder / "units.csv"
    exact = run_scheme(*paths)
    with open_engine("duckdb") as engine:
        found = evaluate(run_scheme(*paths), engine)
    assert disagreements(exact, found.run) == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(40))
def test_duckdb_agrees(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_duckdb_agrees_on_many(block: int, tmp_path: Path) -> None:
    for seed in range(1000 + block * 40, 1040 + block * 40):
        check(seed, tmp_path)
