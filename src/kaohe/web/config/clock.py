"""What day and what time it is: the server's in China, or those of a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_TOLD: ContextVar[datetime | None] = ContextVar("told", default=None)
_DAY: ContextVar[date | None] = ContextVar("day", default=None)


def today() -> date:
    """The day that deadlines and "this month" go by."""
    told = _TOLD.get()
    if told is not None:
        return timezone.localdate(told)
    fixed: date | None = _DAY.get() or settings.SITE.today
    return fixed or timezone.localdate()


def now() -> datetime:
    """The time that an action is recorded under; in a demonstration the time of day on its fixed day."""
    told = _TOLD.get()
    if told is not None:
        return told
    moment = timezone.now()
    fixed: date | None = settings.SITE.today
    return moment if fixed is None else datetime.combine(fixed, timezone.localtime(moment).timetz())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block it is ``moment``: how the loader of the demonstration tells its past."""
    token = _TOLD.set(moment)
    try:
        yield
    finally:
        _TOLD.reset(token)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Within the block it is ``day``: what is due, and which month is collected, go by it."""
    token = _DAY.set(day)
    try:
        yield
    finally:
        _DAY.reset(token)
