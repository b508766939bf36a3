"""From which day until which a unit is there: conditions for lists that are about a month or a day.

A closed unit keeps its figures and history, and stands in the lists of the months in which it was there.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from kaohe.web.config.clock import today
from kaohe.web.ledger.models import ReportingUnit
from kaohe.web.ui.period import month_after


def valid_in(month: str, way: str = "") -> Q:
    """The condition that a unit was there for at least a day of a month.

    ``way`` leads from the rows to the unit: ``unit__`` for figures.
    """
    first = date.fromisoformat(f"{month}-01")
    last = date.fromisoformat(f"{month_after(month)}-01") - timedelta(days=1)
    begun = Q(**{f"{way}valid_from__isnull": True}) | Q(**{f"{way}valid_from__lte": last})
    still = Q(**{f"{way}valid_to__isnull": True}) | Q(**{f"{way}valid_to__gte": first})
    return begun & still


def still_there() -> Q:
    """The condition that a unit is not closed today: what new targets and tasks can be given to."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=today())


def is_closed(unit: ReportingUnit) -> bool:
    """Whether a unit's last day has passed."""
    return unit.valid_to is not None and unit.valid_to < today()


def was_there(unit: ReportingUnit, month: str) -> bool:
    """Whether a unit was there for at least a day of a month."""
    first, after = f"{month}-01", f"{month_after(month)}-01"
    begun = unit.valid_from is None or unit.valid_from.isoformat() < after
    return begun and (unit.valid_to is None or unit.valid_to.isoformat() >= first)
