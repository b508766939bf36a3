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
from kaohe.web.assessment import appeals
from kaohe.web.assessment.actions import run_scheme
from kaohe.web.assessment.models import AppealState, Record, Scheme
from kaohe.web.assessment.permissions import may_answer_appeals, may_appeal
from kaohe.web.assessment.personal import is_personal, masked
from kaohe.web.assessment.working_page import working_of, working_page
from kaohe.web.audit.access import note_access
from kaohe.web.audit.recording import Conflict
from kaohe.web.dashboard.places import asked_place
from kaohe.web.documents.evidence import evidence_of_criterion
from kaohe.web.documents.needs import criteria_in
from kaohe.web.ledger.actions import Refused
from kaohe.web.ui.period import asked_month
from kaohe.writing.appeal import working_document

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def working(request: HttpRequest, unit: str, criterion: str) -> HttpResponse:
    """How a unit came to the points of a criterion: clause, figures with who and when, steps."""
    permits, month = _permits(request), asked_month(request)
    page = working_page(permits, unit, criterion, month)
    stored, line = page.stored, page.stored.line
    found = next((each for each in criteria_in(stored.run.scheme.text) if each.id == criterion), None)
    subject = None
    if found is not None:
        year = int(month[:4])
        subject = evidence_of_criterion(permits, stored.unit, year, found, stored.indicators)
    context = {
        "page": page,
        "subjects": [subject] if subject is not None else [],
        "unit": stored.unit,
        "month": month,
        "appeals": appeals.appeals_of(stored),
        "may_appeal": may_appeal(permits, stored.unit, line.code if line else ""),
        "may_answer": may_answer_appeals(permits, stored.run.scheme),
    }
    return render(request, "assessment/working.html", context)


@require_POST
def working_appeal(request: HttpRequest, unit: str, criterion: str) -> HttpResponse:
    """Appeals against the points of a criterion."""
    permits, month = _permits(request), asked_month(request)
    stored = working_of(permits, unit, criterion, month)
    try:
        grounds = request.POST.get("grounds", "")[:2000]
        appeals.appeal(permits=permits, stored=stored, line=stored.line, grounds=grounds)
        messages.success(request, _("已提出申诉，等待答复；答复以前得分不变。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('working', args=(unit, criterion))}?unit={unit}&month={month}#appeals")


@require_POST
def appeal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers an appeal."""
    permits = _permits(request)
    row = appeals.appeal_seen(permits, pk)
    upheld = request.POST.get("state") == AppealState.UPHELD
    try:
        appeals.answer_appeal(
            permits=permits,
            row=row,
            state=AppealState.UPHELD if upheld else AppealState.REJECTED,
            answer=request.POST.get("answer", "")[:2000],
        )
        messages.success(request, _("已答复申诉"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("这份申诉刚被别人答复过"))
    query = f"unit={row.unit.code}&month={row.run.month}"
    return redirect(f"{reverse('working', args=(row.unit.code, row.criterion))}?{query}#appeals")


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
    personal = is_personal(table, columns)
    if personal and request.method == "GET":
        note_access("register.consult", by=place.permits.person, what=table, unit=place.unit.name)
    shown = [
        (row, [masked(name, told.get(name, "")) if personal else told.get(name, "") for name in columns])
        for row, told in kept
    ]
    context = {"place": place, "table": table, "columns": columns, "rows": shown, "personal": personal}
    return render(request, "assessment/register.html", context)


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
