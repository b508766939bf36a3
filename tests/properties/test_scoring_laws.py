"""Laws of scoring: more attainment never lowers a score, the order of units never matters."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import kaohe

SCHEME = """
scheme: 规律
language: kaohe/1
publish: 2
rank: true
criteria:
  - {id: curve, points: 20, figure: attainment(output), steps: [curve: [[50%, 0], [100%, 20]]]}
  - id: steps
    points: 15
    figure: attainment(output)
    steps: [per_unit: {base: 10, from: 100%, every: 1%, above: 0.5, below: -0.5}, clamp: [0, 15]]
  - id: bands
    points: 5
    figure: attainment(output)
    steps: [bands: [{at_least: 100%, points: 5}, {at_least: 80%, points: 3}, {else: true, points: 0}]]
  - id: place
    points: 10
    figure: output
    steps:
      - rank: {first: high}
      - bands: [{up_to: 1, points: 10}, {up_to: 3, points: 6}, {else: true, points: 2}]
"""
FIGURES = st.lists(st.integers(0, 20000), min_size=2, max_size=6)


def totals(figures: list[int], order: list[int] | None = None) -> dict[str, tuple[str, str]]:
    """Total and place by unit, for outputs in hundredths against a target of 100 each."""
    rows = [f"镇{number},{Fraction(cents, 100).__float__():.2f},100" for number, cents in enumerate(figures)]
    rows = [rows[place] for place in order] if order is not None else rows
    with TemporaryDirectory() as folder:
        (Path(folder) / "s.yaml").write_text(SCHEME, encoding="utf-8")
        (Path(folder) / "d.csv").write_text("\n".join(["unit,output,output.target", *rows]), encoding="utf-8")
        sheet = kaohe.score(Path(folder) / "s.yaml", Path(folder) / "d.csv", engine="oracle")
    return {row["unit"]: (row["total"], row["total_rank"]) for row in sheet.rows}


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.integers(1, 5000))
def test_more_attainment_never_lowers_a_score(figures: list[int], more: int) -> None:
    before, after = totals(figures), totals([figures[0] + more, *figures[1:]])
    assert Fraction(after["镇0"][0]) >= Fraction(before["镇0"][0])
    assert int(after["镇0"][1]) <= int(before["镇0"][1])


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_units_never_matters(figures: list[int], chance: random.Random) -> None:
    order = list(range(len(figures)))
    chance.shuffle(order)
    assert totals(figures, order) == totals(figures)
