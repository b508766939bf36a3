"""Working days: what the week says, corrected by the table of holidays that an administrator keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kaohe.web.ledger.models import Holiday


def exceptions_between(first: date, last: date) -> dict[date, bool]:
    """Whether the days of the holiday table are worked, for those from ``first`` to ``last``; one query."""
    rows = Holiday.objects.filter(day__gte=first, day__lte=last)
    return dict(rows.values_list("day", "working"))


def is_worked(day: date, exceptions: Mapping[date, bool]) -> bool:
    """Whether a day is a working day.

    >>> from datetime import date
    >>> is_worked(date(2005, 10, 8), {date(2005, 10, 8): True})  # a Saturday that is worked
    True
    """
    return exceptions.get(day, day.weekday() < 5)


def working_days_left(today: date, due: date) -> int:
    """How many working days after today until the due day, that one included; negative when overdue."""
    first, last = min(today, due), max(today, due)
    exceptions = exceptions_between(first, last)
    span = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    count = sum(is_worked(day, exceptions) for day in span)
    return count if due >= today else -count


def working_day_of_month(year: int, month: int, number: int) -> date:
    """The ``number``-th working day of a month (每月第3个工作日)."""
    day = date(year, month, 1)
    exceptions = exceptions_between(day, day + timedelta(days=45))
    while True:
        number -= is_worked(day, exceptions)
        if number <= 0:
            return day
        day += timedelta(days=1)
