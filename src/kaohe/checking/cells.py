"""Checks of one figure while it is typed: against last month, last year, its whole and its parts.

A finding of such a check never refuses a figure: it asks for a look, and for a reason when the figure stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

SLIP = 10
"""Ten times more or less than expected: a digit too many, a point in the wrong place, 万元 for 亿元."""


@dataclass(frozen=True, slots=True)
class Named:
    """Another figure of the same unit and month, with its name."""

    name: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class CellFigures:
    """A figure and what stands around it, all in the indicator's measure; None where nothing is known.

    ``month`` is the calendar month, 1 to 12; ``accumulates`` whether the figure is the year to date, so that
    ``last_month`` (None in January) is a part of it.
    """

    value: Fraction
    month: int
    accumulates: bool = False
    last_month: Fraction | None = None
    last_year: Fraction | None = None
    whole: Named | None = None
    parts: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class CellDoubt:
    """What looks wrong with a figure: the check's id, the figures it speaks of, and a likely right figure."""

    check: str
    values: dict[str, Fraction | str] = field(default_factory=dict)
    repair: Fraction | None = None


def cell_doubts(figures: CellFigures) -> tuple[CellDoubt, ...]:
    """Everything that looks wrong with a figure, in the order of ``CELL_CHECKS``.

    >>> typed = CellFigures(Fraction(93610), 9, accumulates=True, last_month=Fraction(8420))
    >>> [(doubt.check, doubt.repair) for doubt in cell_doubts(typed)]
    [('tenfold', Fraction(9361, 1))]
    """
    return tuple(doubt for check in CELL_CHECKS.values() for doubt in check(figures))


def below_last_month(figures: CellFigures) -> Iterator[CellDoubt]:
    """A year's figure to date is below that of the month before: something was taken back, or mistyped.

    >>> list(below_last_month(CellFigures(Fraction(52), 9, accumulates=True, last_month=Fraction(55))))
    [CellDoubt(check='below-last-month', values={'last_month': Fraction(55, 1)}, repair=None)]
    >>> list(below_last_month(CellFigures(Fraction(52), 9, last_month=Fraction(55))))
    []
    """
    last = figures.last_month
    if figures.accumulates and last is not None and figures.value < last:
        yield CellDoubt("below-last-month", {"last_month": last})


def tenfold(figures: CellFigures) -> Iterator[CellDoubt]:
    """A figure is ten times, or a tenth, of what last month or last year lets expect.

    A year's figure to date is expected to grow by one month's share. The repair moves the decimal point to
    where the figure is nearest to the expected one.

    >>> next(tenfold(CellFigures(Fraction(71), 9, last_year=Fraction(7120)))).repair
    Fraction(7100, 1)
    >>> list(tenfold(CellFigures(Fraction(0), 9, last_year=Fraction(7120))))
    []
    """
    for name, expected in _expectations(figures):
        if figures.value > 0 and expected > 0 and _is_slip(figures.value, expected):
            yield CellDoubt("tenfold", {name: _stated(figures, name)}, _moved(figures.value, expected))
            return


def part_above_whole(figures: CellFigures) -> Iterator[CellDoubt]:
    """A part is more than its whole.

    >>> figures = CellFigures(Fraction(4), 9, whole=Named("工业总产值", Fraction("3.96")))
    >>> [doubt.check for doubt in part_above_whole(figures)]
    ['part-above-whole']
    """
    whole = figures.whole
    if whole is not None and figures.value > whole.value >= 0:
        yield CellDoubt("part-above-whole", {"whole": whole.value, "whole_name": whole.name})


def parts_above_whole(figures: CellFigures) -> Iterator[CellDoubt]:
    """The parts add up to more than this whole. 其中 promises no more than that they do not.

    >>> parts = (Named("国税", Fraction(2150)), Named("地税", Fraction("597.46")))
    >>> [doubt.check for doubt in parts_above_whole(CellFigures(Fraction(2700), 9, parts=parts))]
    ['parts-above-whole']
    >>> list(parts_above_whole(CellFigures(Fraction("2747.46"), 9, parts=parts)))
    []
    """
    added = sum((part.value for part in figures.parts), Fraction(0))
    if figures.parts and all(part.value >= 0 for part in figures.parts) and added > figures.value:
        names = "、".join(part.name for part in figures.parts)
        yield CellDoubt("parts-above-whole", {"sum": added, "parts": names})


CELL_CHECKS: dict[str, Callable[[CellFigures], Iterator[CellDoubt]]] = {
    "tenfold": tenfold,
    "below-last-month": below_last_month,
    "part-above-whole": part_above_whole,
    "parts-above-whole": parts_above_whole,
}
"""The checks of a typed figure by id, the plainest slip first."""


def _expectations(figures: CellFigures) -> Iterator[tuple[str, Fraction]]:
    if figures.last_month is not None:
        grown = Fraction(figures.month, figures.month - 1) if figures.accumulates and figures.month > 1 else 1
        yield "last_month", figures.last_month * grown
    if figures.last_year is not None:
        yield "last_year", figures.last_year


def _stated(figures: CellFigures, name: str) -> Fraction:
    value = figures.last_month if name == "last_month" else figures.last_year
    assert value is not None
    return value


def _is_slip(value: Fraction, expected: Fraction) -> bool:
    return value >= expected * (SLIP - Fraction(1, 4)) or value * (SLIP - Fraction(1, 4)) <= expected


def _moved(value: Fraction, expected: Fraction) -> Fraction:
    candidates = [value * Fraction(10) ** places for places in range(-6, 7) if places]
    return min(candidates, key=lambda moved: max(moved / expected, expected / moved))
