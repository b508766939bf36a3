"""The search of the top bar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kaohe.web.ui.period import asked_month
from kaohe.web.ui.queries import found


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Indicators, units and documents whose name holds the words asked for."""
    asked = request.GET.get("q", "").strip()[:60]
    permits = request.permits  # type: ignore[attr-defined]
    groups = found(permits, asked, asked_month(request)) if asked else ()
    return render(request, "ui/search.html", {"asked": asked, "groups": groups})
