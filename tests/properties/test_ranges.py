"""For random completions of missing data the final score and place lie inside the provisional range."""

from __future__ import annotations

import csv
import io
import random
from fractions import Fraction
from pathlib import Path

import pytest

import kaohe

SCHEME = """
scheme: 区间
language: kaohe/1
scale: 100
publish: 2
rank: true
peers: class
criteria:
  - id: proportional
    points: 20
    figure: attainment(output)
    steps:
      - stop: {when: x < 60%, points: 0}
      - curve: [[0, 0], [100%, 20]]
  - id: place
    points: 10
    figure: output
    steps:
      - rank: {first: high}
      - bands: [{up_to: 1, points: 10}, {up_to: 3, points: 6}, {else: true, points: 2}]
  - id: efficacy
    points: 15
    figure: tax
    steps: [goalposts: {low: peer_min(x), high: peer_max(x), to: [9, 15], equal: 15}]
  - {id: best, points: 10, figure: roads, steps: [calc: 10 * x / peer_max(x), cap: 10]}
  - id: bands
    points: 15
    figure: roads / villages
    steps:
      - bands: [{below: 1, points: 3}, {below: 2, points: 9}, {else: true, points: 15}]
  - id: per_unit
    points: 10
    extra: [-5, 5]
    figure: tax
    steps:
      - per_unit: {base: 10, from: 50, every: 5, above: 1, below: -1}
      - clamp: [5, 15]
  - id: group
    points: 10
    combine: mean
    steps: [scale: 10, round: 1]
    criteria:
      - {id: rate, weight: 60%, points: 1, figure: rate, steps: [cap: 1]}
      - {id: over, weight: 40%, points: 1, figure: 'if(rate >= 90%, 1, rate)', missing: zero}
  - {id: linked, points: 10, figure: score(proportional) / 2, steps: [cap: 10]}
gates:
  - {id: limit, when: score(bands) < 9, effect: {cap: 59}, basis: 示例(虚构)}
"""
COLUMNS = ("output", "tax", "roads", "rate")


def units(chance: random.Random) -> list[dict[str, str]]:
    rows = []
    for number in range(6):
        row = {
            "unit": f"镇{number}",
            "class": "甲" if number < 4 else "乙",
            "output.target": "100",
            "villages": "4",
        }
        row |= {name: drawn(chance, name) for name in COLUMNS}
        rows.append(row)
    return rows


def drawn(chance: random.Random, name: str) -> str:
    top = {"output": 130, "tax": 100, "roads": 12, "rate": 1}[name]
    return str(round(chance.uniform(0, top), 2 if name != "roads" else 0)) or "0"


def without(rows: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    holes = [(row, name) for row in range(len(rows)) for name in COLUMNS if name != "rate" or row != 0]
    gone = set(chance.sample(holes, chance.randint(1, 4)))
    return [
        {name: "" if (place, name) in gone else value for name, value in row.items()}
        for place, row in enumerate(rows)
    ]


def completed(rows: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    return [
        {name: value if value or name not in COLUMNS else drawn(chance, name) for name, value in row.items()}
        for row in rows
    ]


def scored(rows: list[dict[str, str]], folder: Path) -> list[dict[str, str]]:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    (folder / "units.csv").write_text(text.getvalue(), encoding="utf-8")
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    sheet = kaohe.score(folder / "scheme.yaml", folder / "units.csv", engine="oracle")
    return [dict(row) for row in sheet.rows]


def check_completions(tmp_path: Path, seed: int, completions: int) -> None:
    chance = random.Random(seed)
    while completions > 0:
        partial = without(units(chance), chance)
        bounds = scored(partial, tmp_path)
        for _ in range(min(10, completions)):
            completions -= 1
            final = scored(completed(partial, chance), tmp_path)
            for before, after in zip(bounds, final, strict=True):
                low, high = Fraction(before["total_low"]), Fraction(before["total_high"])
                assert low - Fraction(1, 200) <= Fraction(after["total"]) <= high + Fraction(1, 200), before
                assert (
                    int(before["total_rank_low"])
                    <= int(after["total_rank"])
                    <= int(before["total_rank_high"])
                )


def test_final_scores_and_places_lie_inside(tmp_path: Path) -> None:
    check_completions(tmp_path, seed=1, completions=60)


@pytest.mark.slow
def test_a_thousand_completions(tmp_path: Path) -> None:
    check_completions(tmp_path, seed=2, completions=1000)
