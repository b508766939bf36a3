"""Which unit a page is about: in the address, else the one asked for last, else the person's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.ledger.models import ReportingUnit
from kaohe.web.ui.period import asked_month

_REMEMBERED = "unit"


@dataclass(frozen=True)
class Place:
    """The unit and the month of a page, and who looks at it."""

    permits: Permits
    unit: ReportingUnit
    month: str

    @cached_property
    def query(self) -> str:
        """What every link takes along."""
        return f"unit={self.unit.code}&month={self.month}"

    @property
    def year(self) -> str:
        """The year of the month."""
        return self.month[:4]


def asked_place(request: HttpRequest) -> Place:
    """The place of a request. Raises ``Unknown`` for a unit that the person may not see; one query."""
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return Place(permits, _asked_unit(request, permits), asked_month(request))


def _asked_unit(request: HttpRequest, permits: Permits) -> ReportingUnit:
    asked = request.GET.get("unit", "") or request.POST.get("unit", "")
    if asked:
        unit = seen_unit(permits, asked)
        if request.session.get(_REMEMBERED) != asked:
            request.session[_REMEMBERED] = asked
        return unit
    remembered = str(request.session.get(_REMEMBERED, ""))
    seen = ReportingUnit.objects.filter(permits.units())
    known = {unit.code: unit for unit in seen.filter(code__in=(remembered, _home_code(permits)))}
    found = known.get(remembered) or known.get(_home_code(permits))
    if found is None:
        raise Unknown
    return found


def seen_unit(permits: Permits, code: str) -> ReportingUnit:
    """A unit that the person may see; raises ``Unknown`` for any other."""
    unit = ReportingUnit.objects.filter(permits.units(), code=code).first()
    if unit is None:
        raise Unknown
    return unit


def _home_code(permits: Permits) -> str:
    """The unit at the top of what the person sees; of several, the one with the shortest way to it."""
    paths = sorted((permit.path for permit in permits.having(Verb.VIEW)), key=lambda path: path.count("/"))
    return paths[0].rstrip("/").rpartition("/")[2] if paths else ""


def address(route: str, *parts: str) -> str:
    """The address of a route; blank when this installation has none of this name."""
    try:
        return reverse(route, args=parts)
    except NoReverseMatch:
        return ""
