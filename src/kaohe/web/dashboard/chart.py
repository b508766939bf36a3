"""The curve of a year as SVG numbers: this year, last year, schedule, target; the axis is never cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from kaohe.outlook.figures import Figure, decimals_of, fixed
from kaohe.outlook.model import Progress

WIDTH, HEIGHT = 1000, 270
LEFT, TOP, BOTTOM = 100, 16, 246
_MONTH = 75
_STEPS = (1, 2, 5)


class Column(Protocol):
    """A month as the chart needs it."""

    @property
    def number(self) -> int: ...
    @property
    def progress(self) -> Progress | None: ...
    @property
    def last_year(self) -> Figure: ...
    @property
    def scheduled(self) -> Figure: ...
    @property
    def future(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve with what stands beside it."""

    x: str
    y: str
    text: str
    month: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the template draws: points, paths, ticks; numbers as texts of one decimal."""

    this_year: tuple[Point, ...]
    this_path: str
    last_path: str
    last_label: Point | None
    pace_path: str
    target: Point | None
    future_x: str
    future_width: str
    ticks: tuple[tuple[str, str], ...]
    behind: tuple[Point, Point] | None

    @property
    def last_point(self) -> Point | None:
        """The newest point of this year."""
        return self.this_year[-1] if self.this_year else None


def drawn_chart(columns: Sequence[Column], now: Progress, accumulates: bool) -> Chart:
    """The chart of twelve months. What accumulates has a schedule; a level has only its target."""
    ours = [
        (c.number, c.progress.actual) for c in columns if c.progress is not None and c.progress.actual.present
    ]
    last = [(c.number, c.last_year) for c in columns if c.last_year.present]
    pace = [(c.number, c.scheduled) for c in columns if c.scheduled.present] if accumulates else []
    scale = _Scale([f for _number, f in (*ours, *last, *pace)] + [now.target])
    points = tuple(scale.point(number, figure) for number, figure in ours)
    paced = [scale.point(number, figure) for number, figure in pace]
    before = [scale.point(number, figure) for number, figure in last]
    ahead = next((c.number for c in columns if c.future), 13)
    return Chart(
        this_year=points,
        this_path=_path(points),
        last_path=_path(before),
        last_label=before[min(5, len(before) - 1)] if before else None,
        pace_path=_path(paced),
        target=scale.point(12, now.target) if now.target.present else None,
        future_x=_text(LEFT + _MONTH * (ahead - 1)),
        future_width=_text(_MONTH * (13 - ahead)),
        ticks=scale.ticks(),
        behind=_behind(points, paced, now),
    )


def _behind(points: Sequence[Point], paced: Sequence[Point], now: Progress) -> tuple[Point, Point] | None:
    """From the newest point up to the schedule of that month, when it is behind."""
    if not points or not now.is_behind:
        return None
    due = next((point for point in paced if point.month == points[-1].month), None)
    return None if due is None else (points[-1], due)


class _Scale:
    """From a figure to a height: from zero, or from below it, to a round number above all."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        values = [figure.value for figure in figures if figure.value is not None]
        self.low = min([Fraction(0), *values])
        self.high = max([Fraction(0), *values])
        span = self.high - self.low or Fraction(1)
        self.step = _round_step(span / 5)
        self.low = (
            -(-self.low // self.step) * self.step if self.low >= 0 else self.low // self.step * self.step
        )
        self.high = -(-self.high // self.step) * self.step or self.step

    def y(self, value: Fraction) -> str:
        """The height of a value."""
        return _text(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP))

    def point(self, month: int, figure: Figure) -> Point:
        """The point of a month."""
        assert figure.value is not None
        x = LEFT + _MONTH * (month - 1) + Fraction(_MONTH, 2)
        return Point(_text(x), self.y(figure.value), figure.text, month, bool(figure.estimated))

    def ticks(self) -> tuple[tuple[str, str], ...]:
        """The heights and labels of the axis."""
        count = int((self.high - self.low) / self.step)
        values = [self.low + self.step * n for n in range(count + 1)]
        return tuple((self.y(value), fixed(value, decimals_of(self.step))) for value in values)


def _round_step(span: Fraction) -> Fraction:
    """The smallest of 1, 2, 5 times a power of ten that is no smaller than the span.

    >>> _round_step(Fraction(18, 10)), _round_step(Fraction(3, 100))
    (Fraction(2, 1), Fraction(1, 20))
    """
    power = Fraction(1)
    while power * 10 <= span:
        power *= 10
    while power > span:
        power /= 10
    return next((power * step for step in _STEPS if power * step >= span), power * 10)


def _path(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{point.x} {point.y}" for point in points) if len(points) > 1 else ""


def _text(value: Fraction | int) -> str:
    return f"{float(value):.1f}"
