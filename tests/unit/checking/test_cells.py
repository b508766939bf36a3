"""What looks wrong with a typed figure, and what does not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.checking.cells import CellFigures, Named, cell_doubts


def checks(figures: CellFigures) -> list[str]:
    return [doubt.check for doubt in cell_doubts(figures)]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (CellFigures(Fraction(9361), 9, True, Fraction(8420), Fraction(7120)), []),
        (CellFigures(Fraction(93610), 9, True, Fraction(8420), Fraction(7120)), ["tenfold"]),
        (
            CellFigures(Fraction("936.1"), 9, True, Fraction(8420), Fraction(7120)),
            ["tenfold", "below-last-month"],
        ),
        (CellFigures(Fraction(2150), 2, True, Fraction(200), None), []),
        (CellFigures(Fraction(52), 9, True, Fraction(55), Fraction(47)), ["below-last-month"]),
        (CellFigures(Fraction(-596), 9, True, Fraction(-520), Fraction(215)), ["below-last-month"]),
        (CellFigures(Fraction(0), 9, False, Fraction(12), Fraction(10)), []),
        (CellFigures(Fraction(5), 1, True, None, Fraction(0)), []),
        (CellFigures(Fraction(4), 9, whole=Named("全部", Fraction(4))), []),
        (CellFigures(Fraction(4), 9, whole=Named("全部", Fraction(3))), ["part-above-whole"]),
        (CellFigures(Fraction(4), 9, parts=(Named("甲", Fraction(-1)), Named("乙", Fraction(6)))), []),
    ],
)
def test_doubts(figures: CellFigures, expected: list[str]) -> None:
    assert checks(figures) == expected


def test_the_repair_moves_the_point_and_nothing_else() -> None:
    (doubt,) = cell_doubts(CellFigures(Fraction("0.0625"), 9, True, Fraction("5.41")))[:1]
    assert doubt.repair == Fraction("6.25")
