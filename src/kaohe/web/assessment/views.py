"""Pages of scoring: the working of a criterion, as page and as Word; registers; scoring on demand."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaohe.facts.errors import KaoheError
from kaohe.web.accounts.permissions import Permits, Unknown
from kaohe.web.assessment.actions import run_scheme
from kaohe.web.assessment.models import Record, Scheme
from kaohe.web.assessment.working_page import working_of, working_page
from kaohe.web.dashboard.places import asked_place
from kaohe.web.ui.period import asked_month
from kaohe.writing.appeal import working_document

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def working(request: HttpRequest, unit: str, criterion: str) -> HttpResponse:
    """How a unit came to the points of a criterion: clause, figures with who and when, steps."""
    page = working_page(_permits(request), unit, criterion, asked_month(request))
    return render(request, "assessment/working.html", {"page": page})


@require_safe
def working_word(request: HttpRequest, unit: str, criterion: str) -> HttpResponse:
    """The same working as a Word document to sign."""
    stored = working_of(_permits(request), unit, criterion, asked_month(request))
    response = HttpResponse(working_document(stored.working), content_type=_WORD)
    name = quote(f"{stored.working.unit_name}{stored.node.name}计分说明.docx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_POST
def run(request: HttpRequest, scheme: str) -> HttpResponse:
    """Scores a scheme anew for a month, and goes back to the board."""
    month, unit = asked_month(request), request.POST.get("unit", "")
    chosen = Scheme.objects.select_related("issuer").filter(code=scheme).first()
    if chosen is None:
        raise Unknown
    try:
        made = run_scheme(scheme=chosen, month=month, permits=_permits(request))
        messages.success(request, _("已计分，批次 %(number)s。") % {"number": made.number})
    except KaoheError as error:
        messages.error(request, _("没有计分：%(why)s") % {"why": "；".join(error.messages[:3])})
    return redirect(f"{reverse('board')}?unit={unit}&month={month}")


@require_safe
def register(request: HttpRequest, table: str) -> HttpResponse:
    """The records of a register that concern a unit, each with who entered it and when."""
    place = asked_place(request)
    if not any(not permit.lines and place.unit.path.startswith(permit.path) for permit in place.permits.all):
        raise Unknown
    rows = Record.objects.filter(table=table, unit=place.unit).select_related("entered_by")
    kept = [(row, json.loads(row.values)) for row in rows]
    columns = [name for name in dict.fromkeys(name for _row, told in kept for name in told) if name != "unit"]
    shown = [(row, [told.get(name, "") for name in columns]) for row, told in kept]
    context = {"place": place, "table": table, "columns": columns, "rows": shown}
    return render(request, "assessment/register.html", context)


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
