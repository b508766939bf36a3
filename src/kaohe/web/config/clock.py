"""What day it is: the server's day in China, or the fixed day of a demonstration."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day that deadlines and "this month" go by."""
    fixed: date | None = settings.SITE.today
    return fixed or timezone.localdate()
