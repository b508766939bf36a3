"""Periods: whole months from a first to a last one, inclusive."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH = r"(\d{4})-(\d{2})"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"^{_MONTH}/{_MONTH}$"), "range"),
    (re.compile(rf"^{_MONTH}$"), "month"),
    (re.compile(r"^(\d{4})-Q([1-4])$"), "quarter"),
    (re.compile(r"^(\d{4})-H([12])$"), "half"),
    (re.compile(r"^(\d{4})$"), "year"),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The months from ``first`` to ``last``, both included, as months since year 0.

    >>> Period.parse("2005-01/2005-09").months
    9
    >>> str(Period.parse("2005-09").year_to_date()), str(Period.parse("2005-Q3").last_year())
    ('2005-01/2005-09', '2004-07/2004-09')
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(
                f"period ends ({_month_text(self.last)}) before it starts ({_month_text(self.first)})"
            )

    @classmethod
    def of(cls, year: int, month: int, end_year: int | None = None, end_month: int | None = None) -> Period:
        """From a first and a last calendar month; one month when no end is given."""
        first = _index(year, month)
        return cls(first, first if end_month is None else _index(end_year or year, end_month))

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads ``2005``, ``2005-09``, ``2005-Q3``, ``2005-H1`` or ``2005-01/2005-09``.

        Raises ``ValueError`` naming the text and the forms expected.
        """
        for pattern, form in _FORMS:
            match = pattern.match(text.strip())
            if match:
                return _built(form, [int(part) for part in match.groups()])
        raise ValueError(
            f"{text!r} is not a period: expected 2005, 2005-09, 2005-Q3, 2005-H1 or 2005-01/2005-09"
        )

    @property
    def months(self) -> int:
        """How many months, at least 1."""
        return self.last - self.first + 1

    @property
    def year(self) -> int:
        """The calendar year of the last month."""
        return self.last // 12

    @property
    def end_month(self) -> int:
        """The calendar month (1–12) of the last month."""
        return self.last % 12 + 1

    def shifted(self, months: int) -> Period:
        """The same length, ``months`` later (earlier if negative)."""
        return Period(self.first + months, self.last + months)

    def last_year(self) -> Period:
        """The same months a year earlier (上年同期)."""
        return self.shifted(-12)

    def previous(self) -> Period:
        """The period of the same length just before this one (环比)."""
        return self.shifted(-self.months)

    def year_to_date(self) -> Period:
        """From January of the year of the last month to the last month (累计)."""
        return Period(self.year * 12, self.last)

    def whole_year(self) -> Period:
        """The calendar year of the last month."""
        return Period(self.year * 12, self.year * 12 + 11)

    def month_list(self) -> tuple[Period, ...]:
        """Its months, in order."""
        return tuple(Period(month, month) for month in range(self.first, self.last + 1))

    def contains(self, other: Period) -> bool:
        """Whether every month of ``other`` is one of this period's."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        if self.first % 12 == 0 and self.months == 12:
            return f"{self.year:04d}"
        if self.months == 1:
            return _month_text(self.first)
        return f"{_month_text(self.first)}/{_month_text(self.last)}"


def _index(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not between 1 and 12")
    return year * 12 + month - 1


def _month_text(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _built(form: str, parts: list[int]) -> Period:
    match form:
        case "range":
            return Period(_index(parts[0], parts[1]), _index(parts[2], parts[3]))
        case "month":
            return Period.of(parts[0], parts[1])
        case "quarter":
            return Period.of(parts[0], parts[1] * 3 - 2, parts[0], parts[1] * 3)
        case "half":
            return Period.of(parts[0], parts[1] * 6 - 5, parts[0], parts[1] * 6)
        case _:
            return Period.of(parts[0], 1, parts[0], 12)
