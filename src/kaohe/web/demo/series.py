"""Three years of monthly figures out of one month's: made up, but the same each time they are made.

The months of the ledger's own figures stay exactly as they are. A figure of a year to date never falls
within the year; the year before fits the published growth, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from kaohe.quantities.rounding import round_exact

FIRST, LAST = "2002-10", "2005-09"
_YEARS = (2005, 2004, 2003, 2002)
_USUAL = (85, 80, 105, 100, 102, 106, 100, 102, 110, 103, 105, 122)
_SPRING = (20, 40, 60, 40, 10, 0, 0, 0, 10, 10, 10, 0)


def months(first: str = FIRST, last: str = LAST) -> list[str]:
    """The months from first to last, both included.

    >>> months("2004-11", "2005-02")
    ['2004-11', '2004-12', '2005-01', '2005-02']
    """
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{each // 12}-{each % 12 + 1:02}" for each in range(start, end + 1)]


def drawn(key: str, low: int, high: int) -> int:
    """A whole number from low to high that depends on the key alone.

    >>> drawn("jia/revenue", 1, 6) == drawn("jia/revenue", 1, 6)
    True
    """
    return low + int.from_bytes(sha256(key.encode()).digest()[:6], "big") % (high - low + 1)


@dataclass(frozen=True, slots=True)
class YearToDate:
    """A figure that accumulates: ``september`` of each year (9 months), spread over the months.

    ``family`` draws the rhythm: a whole and its parts have the same one, so that parts never outgrow it.
    """

    family: str
    september: Mapping[int, Fraction]
    decimals: int
    spring: bool = False

    def at(self, month: str) -> Fraction:
        """The year to the end of a month."""
        year, number = int(month[:4]), int(month[5:])
        shares = self._shares(year)
        reached = sum(shares[:number], Fraction(0)) / sum(shares[:9], Fraction(0))
        return round_exact(self.september[year] * reached, self.decimals)

    def _shares(self, year: int) -> list[Fraction]:
        usual = _SPRING if self.spring else _USUAL
        return [
            Fraction(share * drawn(f"{self.family}/{year}/{n}", 92, 108)) for n, share in enumerate(usual)
        ]


def septembers(key: str, known: Mapping[int, Fraction], growth: Fraction | None) -> dict[int, Fraction]:
    """The figure to September of every year: those known, the others by the growth or by one drawn."""
    found = dict(known)
    for year in _YEARS[1:]:
        if year not in found:
            rate = (
                growth
                if growth is not None and year == 2004
                else Fraction(drawn(f"{key}/{year}", 3, 16), 100)
            )
            found[year] = found[year + 1] / (1 + rate)
    return found


def level(key: str, value: Fraction, decimals: int, month: str) -> Fraction:
    """A figure of a point in time, which was a little less in the past."""
    back = len(months(month, LAST)) - 1
    rate = Fraction(drawn(key, 0, 40), 10_000)
    return round_exact(value * (1 - rate * back), decimals)


def growth_of(series: Mapping[str, Fraction], month: str) -> Fraction | None:
    """How many per cent a month is above the same month a year before, to one decimal."""
    before = series.get(f"{int(month[:4]) - 1}{month[4:]}")
    if before is None or before <= 0 or month not in series:
        return None
    return round_exact((series[month] / before - 1) * 100, 1)
