"""Pages of targets: the list by line, one target, breaking it down, adjusting it, a new one, the workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.audit.recording import Conflict
from kaohe.web.dashboard.places import asked_place
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.life import still_there
from kaohe.web.ledger.models import Indicator, ReportingUnit
from kaohe.web.supervision import forms
from kaohe.web.supervision import target_actions as actions
from kaohe.web.supervision import target_queries as queries
from kaohe.web.supervision.models import Adjustment, Decision
from kaohe.web.supervision.papers import target_workbook
from kaohe.web.supervision.views import workbook
from kaohe.web.ui.period import asked_month


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """A unit's targets of the year by line."""
    place = asked_place(request)
    context = {"place": place, "page": queries.target_list(place), "forms": forms.FORMS}
    return render(request, "supervision/targets.html", context)


@require_safe
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target: value, versions, shares, and gap → cause → tasks → what is left."""
    page = queries.target_page(_permits(request), pk, asked_month(request))
    context = {"page": page, "target": page.target, "form": forms.FORMS.get(page.target.form, "")}
    return render(request, "supervision/target.html", context)


@require_http_methods(["GET", "POST"])
def target_new(request: HttpRequest) -> HttpResponse:
    """Enters a target of a unit (登记目标)."""
    place = asked_place(request)
    rows = Indicator.objects.filter(duties__unit=place.unit).select_related("line")
    if request.method == "POST":
        indicator = rows.filter(code=request.POST.get("indicator", "")).first()
        if indicator is None:
            raise Unknown
        try:
            told = forms.target_input(request.POST, place.year, place.unit)
            made = actions.set_target(
                permits=place.permits, unit=place.unit, indicator=indicator, told=told
            )  # fmt: skip
            messages.success(request, _("已登记目标"))
            return redirect("target", made.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    lines = [p.lines for p in place.permits.having(Verb.ASSIGN) if place.unit.path.startswith(p.path)]
    if not lines:
        raise Forbidden
    kept = rows.filter(line__code__in=frozenset().union(*lines)) if all(lines) else rows
    indicators = kept.order_by("line__order", "order")
    context = {"place": place, "indicators": indicators, "forms": forms.FORMS, "typed": request.POST}
    return render(request, "supervision/target_new.html", context)


@require_http_methods(["GET", "POST"])
def target_break_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands a target on to the units below, and lays it out over the months (分解)."""
    permits = _permits(request)
    page = queries.family(permits, pk)
    permits.need(Verb.ASSIGN, page.target.unit, page.target.indicator.line.code)
    units = {
        unit.code: unit
        for unit in ReportingUnit.objects.filter(
            permits.units(Verb.ASSIGN), still_there(), parent=page.target.unit
        )
    }
    if request.method == "POST":
        try:
            _broken_down(request, page, units)
            messages.success(request, _("已分解"))
            return redirect("target", pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
        except Conflict:
            messages.error(request, _("这个目标刚被别人改过，请看清后再分解"))
    return render(request, "supervision/break_down.html", _sheet(request, page, units))


@require_POST
def target_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for another value of a target."""
    permits, data = _permits(request), request.POST
    found = queries.target(permits, pk)
    try:
        actions.request_adjustment(
            permits=permits,
            target=found,
            grounds=data.get("grounds", "")[:1000],
            evidence=data.get("evidence", "")[:1000],
            asked=data.get("asked", "")[:40],
        )
        messages.success(request, _("已提出调整申请；答复以前目标不变"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("target", pk)


@require_POST
def adjustment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants or refuses another value of a target."""
    permits, data = _permits(request), request.POST
    asked = Adjustment.objects.filter(pk=pk).first()
    if asked is None:
        raise Unknown
    asked.target = queries.target(permits, asked.target_id)
    try:
        granted = data.get("decision") == Decision.GRANTED
        done = actions.answer_adjustment(
            permits=permits,
            adjustment=asked,
            decision=Decision.GRANTED if granted else Decision.REFUSED,
            answer=data.get("answer", "")[:1000],
            value=data.get("value", "")[:40] if granted else "",
        )
        messages.success(request, Decision(done.decision).label)
        return redirect("target", done.granted.pk if done.granted else asked.target_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("这份申请刚被别人答复过"))
    return redirect("target", asked.target_id)


@require_safe
def targets_workbook(request: HttpRequest) -> HttpResponse:
    """The breakdown of a unit's targets (目标任务分解表) as a workbook."""
    place = asked_place(request)
    name = _("目标任务分解表")
    return workbook(target_workbook(place), f"{place.unit.name}{place.year}年{name}.xlsx")


def _broken_down(request: HttpRequest, page: queries.Family, units: dict[str, ReportingUnit]) -> None:
    data = request.POST
    told, seen = page.target, data.get("version", "")
    told.version = int(seen) if seen.isdigit() else told.version
    actions.break_down(
        permits=_permits(request),
        target=told,
        shares=forms.shares(data, units),
        months=forms.months(data),
        reserved=data.get("reserved") == "1",
        reason=data.get("reason", "")[:300],
    )


def _sheet(request: HttpRequest, page: queries.Family, units: dict[str, ReportingUnit]) -> dict[str, Any]:
    """The rows of the form: what was typed, else what is held."""
    data, held = request.POST, {share.unit.code: share for share in page.shares}
    rows = [
        {
            "unit": unit,
            "held": code in held,
            "share": data.get(f"share.{code}", held[code].value if code in held else ""),
            "leader": data.get(f"leader.{code}", held[code].accountable_leader if code in held else ""),
            "owner": data.get(f"owner.{code}", held[code].owner if code in held else ""),
        }
        for code, unit in units.items()
    ]
    months = [(number, data.get(f"month.{number}", "")) for number in forms.MONTHS]
    return {"page": page, "target": page.target, "rows": rows, "months": months, "typed": data}


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
