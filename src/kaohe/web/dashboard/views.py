"""My desk, the board, the pages of an indicator and of a unit."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaohe.outlook.figures import Span
from kaohe.web.accounts.permissions import Permits
from kaohe.web.assessment.models import Run, RunUnit, Scheme
from kaohe.web.assessment.queries import runnable, standings
from kaohe.web.config.clock import today
from kaohe.web.dashboard import queries
from kaohe.web.dashboard.board_page import board_page
from kaohe.web.dashboard.indicator_page import indicator_page
from kaohe.web.dashboard.lists import indicator_list, unit_list, unit_page
from kaohe.web.dashboard.places import Place, address, asked_place
from kaohe.web.ui.period import asked_month, span_text

ROOT = "total"


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What I have to do, overdue first."""
    permits, month = _permits(request), asked_month(request)
    return render(request, "dashboard/desk.html", {"desk": queries.desk(permits, month), "today": today()})


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Where a unit stands, from the newest run of the month."""
    place = asked_place(request)
    status = request.GET.get("status", "")
    page = board_page(place, status, request.GET.get("compare") == "1")
    context = {
        "place": place,
        "page": page,
        "status": status,
        "root": ROOT,
        "span_text": span_text(place.month),
    }
    if page is None:
        context |= _unscored(place)
    elif page.may_run:
        context["schemes"] = [page.run.scheme]
    if page is not None:
        context |= {"rest_number": len(page.board.rows) - len(page.behind), "new_task": address("task-new")}
    return render(request, "dashboard/board.html", context)


def _unscored(place: Place) -> dict[str, object]:
    """A unit without a board of its own: the units below it that were scored, and the months that were."""
    run = Run.objects.filter(month=place.month, scheme__issuer=place.unit).select_related("scheme").first()
    months = (
        RunUnit.objects.filter(unit=place.unit).order_by("-run__month").values_list("run__month", flat=True)
    )
    rows = [] if run is None else [_standing(row) for row in standings(place.permits, run)]
    return {
        "standings": rows,
        "run": run,
        "scored_months": list(dict.fromkeys(months[:24])),
        "schemes": [each for each in runnable(place.permits) if _may_concern(each, place)],
    }


def _may_concern(scheme: Scheme, place: Place) -> bool:
    """Whether a scheme is the unit's own, or the one of those above it."""
    return bool(place.unit.path.startswith(scheme.issuer.path))


def _standing(row: RunUnit) -> dict[str, object]:
    total = Span(_fraction(row.total_low), _fraction(row.total_high))
    low, high = row.rank_low, row.rank_high
    rank = "" if low is None else f"{low}" if low == high else f"{low}—{high}"
    return {"unit": row.unit, "total": total, "rank": rank}


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator of a unit, by line, with this month's figure."""
    place = asked_place(request)
    line = request.GET.get("line", "")
    return render(request, "dashboard/indicators.html", {"place": place, "page": indicator_list(place, line)})


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator of a unit: its year, targets, parts, history."""
    permits, month = _permits(request), asked_month(request)
    unit = request.GET.get("unit", "") or asked_place(request).unit.code
    page = indicator_page(permits, code, unit, month)
    return render(request, "dashboard/indicator.html", {"page": page, "place": page.place})


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The units that I see, as a tree, with how far this month's collection is."""
    permits, month = _permits(request), asked_month(request)
    return render(request, "dashboard/units.html", {"rows": unit_list(permits, month), "asked": month})


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: what is below it, its figures of the month, who holds its posts."""
    page = unit_page(_permits(request), code, asked_month(request))
    return render(request, "dashboard/unit.html", {"place": page.place, "page": page})


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
