"""When figures are due: by the collection of their month, else by the rule of the nearest unit.

The nearest unit above that says anything decides; there, what is said of the figure's line goes first, then
the collection that was opened for the month, then the rule of the unit as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from kaohe.web.config.clock import today
from kaohe.web.ledger.models import Collection, DueRule, Holiday, ReportingUnit
from kaohe.web.ledger.workdays import is_worked

_CLOSING_TIME = time(17)
_LONG = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days as the holiday table has them, read once a page."""

    exceptions: Mapping[date, bool]
    today: date = field(default_factory=today)

    def days_left(self, due: date) -> int:
        """How many working days after today until the due day, that one included; negative when overdue."""
        first, last = min(self.today, due), max(self.today, due)
        span = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
        count = sum(is_worked(day, self.exceptions) for day in span)
        return count if due >= self.today else -count

    def ahead(self, number: int) -> date:
        """The day by which that many working days from today have passed."""
        day = self.today
        while number > 0:
            day += timedelta(days=1)
            number -= is_worked(day, self.exceptions)
        return day

    def working_day_after(self, month: str, number: int) -> date:
        """The ``number``-th working day of the month after a month."""
        year, following = int(month[:4]) + (month[5:] == "12"), int(month[5:]) % 12 + 1
        day = date(year, following, 1)
        while True:
            number -= is_worked(day, self.exceptions)
            if number <= 0:
                return day
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When the figures of one month are due. ``told`` is by a unit's path and a line's code (or blank)."""

    told: Mapping[tuple[str, str], datetime]
    calendar: Calendar

    def due(self, path: str, line: str = "") -> datetime | None:
        """When a unit's figures of a line are due; None where nobody has said."""
        for above in _upwards(path):
            found = self.told.get((above, line)) or self.told.get((above, ""))
            if found is not None:
                return found
        return None

    def days_left(self, path: str, line: str = "") -> int | None:
        """How many working days are left for a unit's figures of a line; negative when overdue."""
        due = self.due(path, line)
        return None if due is None else self.days_until(due)

    def days_until(self, due: datetime) -> int:
        """How many working days are left until a time; negative when its day has passed."""
        return self.calendar.days_left(timezone.localtime(due).date())


def calendar_around(*days: date) -> Calendar:
    """The working days around today and the days; one query."""
    now = today()
    rows = Holiday.objects.filter(day__gte=min(now, *days) - _LONG, day__lte=max(now, *days) + _LONG)
    return Calendar(dict(rows.values_list("day", "working")), now)


def deadlines_of(
    month: str, paths: Sequence[str], opened: Iterable[tuple[str, datetime]] | None = None
) -> Deadlines:
    """When the month's figures of the units with these paths, and of all below them, are due; three queries.

    ``opened`` are the collections that concern them, by path, when they have been read. Nothing is asked of
    units beside them: what is told there does not concern them.
    """
    calendar = calendar_around(date.fromisoformat(f"{month}-01"))
    concerned = _above_and_below(paths)
    told = dict(_by_rule(month, calendar, concerned))
    if opened is None:
        opened = Collection.objects.filter(concerned, month=month).values_list("unit__path", "due")
    return Deadlines(told | {(path, ""): due for path, due in opened}, calendar)


def due_by_rule(unit: ReportingUnit, month: str) -> datetime | None:
    """When a unit's month would be due by the rules alone: what a new collection is proposed with."""
    calendar = calendar_around(date.fromisoformat(f"{month}-01"))
    told = dict(_by_rule(month, calendar, _above_and_below([unit.path])))
    return Deadlines(told, calendar).due(unit.path)


def _by_rule(month: str, calendar: Calendar, concerned: Q) -> Iterator[tuple[tuple[str, str], datetime]]:
    rules = DueRule.objects.filter(concerned).values_list("unit__path", "line__code", "days")
    for path, line, days in rules:
        day = calendar.working_day_after(month, days)
        yield (path, line or ""), timezone.make_aware(datetime.combine(day, _CLOSING_TIME))


def _above_and_below(paths: Iterable[str]) -> Q:
    concerned = Q(pk__in=[])
    for path in paths:
        concerned |= Q(unit__path__startswith=path) | Q(unit__path__in=list(_upwards(path)))
    return concerned


def _upwards(path: str) -> Iterator[str]:
    codes = path.rstrip("/").split("/")
    for depth in range(len(codes), 0, -1):
        yield "/".join(codes[:depth]) + "/"
