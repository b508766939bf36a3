"""Pages of the ledger: monthly entry, review, verification, the history of a cell, closing a month."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kaohe.quantities import show_number
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.recording import Conflict
from kaohe.web.ledger import actions, queries
from kaohe.web.ledger.actions import Answer, EntryErrors, Refused
from kaohe.web.ledger.forms import cell_inputs, key_of, month_of
from kaohe.web.ledger.grid import doubts_of_typed, entered_indicators, entry_grid
from kaohe.web.ledger.models import Observation
from kaohe.web.ledger.rows import row_of
from kaohe.web.ledger.typed import TypedError, read_typed
from kaohe.web.ledger.wording import doubt_text
from kaohe.web.ui.period import asked_month


@require_GET
def entry(request: HttpRequest, unit: str | None = None) -> HttpResponse:
    """The month's grid of a unit; without a unit, that of the first unit for which the person enters."""
    permits, month = _permits(request), asked_month(request)
    if unit is None:
        first = queries.units_to_enter(permits, month).first()
        if first is None:
            return render(request, "ledger/no_entry.html", status=200)
        return redirect(f"{reverse('entry', args=[first.code])}?month={month}")
    units = list(queries.units_to_enter(permits, month))
    asked = next((each for each in units if each.code == unit), None) or queries.unit(permits, unit)
    grid = entry_grid(permits, asked, month)
    usual, *others = queries.unit_deadlines(grid)
    rows = [(group.line, [row_of(cell) for cell in group.cells]) for group in grid.groups]
    return render(
        request,
        "ledger/entry.html",
        {
            "grid": grid,
            "groups": rows,
            "units": units,
            "key": _new_key(),
            "deadline": usual,
            "line_deadlines": others,
            "may_submit": permits.may(Verb.SUBMIT, grid.unit),
            "receipt": queries.last_save(permits.person, grid.unit, month),
        },
    )


@require_POST
def entry_check(request: HttpRequest, unit: str, month: str) -> HttpResponse:
    """What looks wrong with figures that were typed and not saved yet; writes nothing."""
    permits, asked = _permits(request), queries.unit(_permits(request), unit)
    codes = request.POST.getlist("cell")
    known = entered_indicators(permits, asked, month_of(month), codes)
    typed, errors = {}, {}
    for code in codes:
        if code not in known:
            raise Unknown
        try:
            figure = read_typed(request.POST.get(f"v.{code}", ""), known[code].measure)
        except TypedError as error:
            errors[code] = str(error)
            continue
        if figure.number is not None:
            typed[code] = figure.number
    doubts = doubts_of_typed(permits, asked, month, typed)
    told = {code: [_doubt_json(doubt, typed[code]) for doubt in found] for code, found in doubts.items()}
    return JsonResponse({"doubts": told, "errors": errors})


@require_POST
def entry_save(request: HttpRequest, unit: str, month: str) -> HttpResponse:
    """Saves a block of cells; ``ok`` is false when some had changed meanwhile or could not be read."""
    permits, asked = _permits(request), queries.unit(_permits(request), unit)
    try:
        answer = actions.save_cells(
            permits=permits, unit=asked, month=month_of(month), cells=cell_inputs(request.POST),
            key=key_of(request.POST),
        )  # fmt: skip
    except EntryErrors as error:
        return _told(request, {"errors": error.errors}, False, "；".join(error.errors.values()))
    except Refused as refusal:
        return _told(request, {}, False, str(refusal))
    grid = entry_grid(permits, asked, month, answer.saved)
    rows = {cell.indicator.code: row_of(cell) for cell in grid.cells}
    told = _answer_json(answer) | {"rows": {code: rows[code].json() for code in answer.saved}}
    sentence = _("已保存 %(count)s 处改动") % {"count": len(answer.saved)}
    if answer.conflicts:
        sentence += "；" + _("%(count)s 处已被别人改过，未保存") % {"count": len(answer.conflicts)}
    return _told(request, told, not answer.conflicts, sentence)


@require_POST
def entry_submit(request: HttpRequest, unit: str, month: str) -> HttpResponse:
    """Submits the month (上报)."""
    asked = queries.unit(_permits(request), unit)
    try:
        answer = actions.submit_month(
            permits=_permits(request), unit=asked, month=month_of(month), key=key_of(request.POST)
        )
        messages.success(
            request,
            _("已上报 %(count)s 项，回执第 %(seq)s 号") % {"count": len(answer.saved), "seq": answer.seq},
        )
    except (Refused, Conflict) as refusal:
        messages.error(request, _sentence(refusal))
    return redirect(f"{reverse('entry', args=[unit])}?month={month}")


@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """The figures that wait for my review, by unit."""
    return _queue(request, Verb.REVIEW, "review")


@require_GET
def verify_queue(request: HttpRequest) -> HttpResponse:
    """The figures that wait for my verification, by unit."""
    return _queue(request, Verb.VERIFY, "verify")


@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """Marks the chosen figures as reviewed."""
    return _stepped(request, "review", actions.review, _("已审核 %(count)s 项"))


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Marks the chosen figures as verified as reported."""
    return _stepped(request, "verify", actions.verify, _("已认定 %(count)s 项"))


@require_GET
def cell(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """One figure with all that belongs to it: both values, source, people, messages, every change."""
    permits = _permits(request)
    page = queries.cell_page(permits, unit, indicator, month_of(month))
    return render(request, "ledger/cell.html", {"page": page})


@require_POST
def cell_return(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """Sends one figure back with a message."""
    return _on_cell(
        request, unit, indicator, month, _("已退回"),
        lambda permits, row: actions.return_observation(
            permits=permits, observation=row, message=request.POST.get("message", "")
        ),
    )  # fmt: skip


@require_POST
def cell_withdraw(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """Takes a submitted figure back."""
    return _on_cell(
        request, unit, indicator, month, _("已撤回，可以修改后重新上报"),
        lambda permits, row: actions.withdraw(permits=permits, observation=row),
    )  # fmt: skip


@require_POST
def cell_verified_value(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """Sets the verifier's own figure beside the reported one."""
    return _on_cell(
        request, unit, indicator, month, _("已另定认定数，上报数不变"),
        lambda permits, row: actions.set_verified_value(
            permits=permits, observation=row, text=request.POST.get("value", ""),
            reason=request.POST.get("reason", ""), source=request.POST.get("source", ""),
        ),
    )  # fmt: skip


@require_POST
def cell_object(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """The reporter disagrees."""
    return _on_cell(
        request, unit, indicator, month, _("异议已提出"),
        lambda permits, row: actions.object_to(
            permits=permits, observation=row, text=request.POST.get("text", "")
        ),
    )  # fmt: skip


@require_POST
def cell_answer(request: HttpRequest, unit: str, indicator: str, month: str) -> HttpResponse:
    """The verifier answers an objection."""
    return _on_cell(
        request, unit, indicator, month, _("已答复"),
        lambda permits, row: actions.answer_objection(
            permits=permits, observation=row, text=request.POST.get("text", "")
        ),
    )  # fmt: skip


# --- shared by several views --------------------------------------------------------------------------


def _permits(request: HttpRequest) -> Permits:
    return request.permits  # type: ignore[attr-defined, no-any-return]


def _new_key() -> str:
    return uuid.uuid4().hex


def _queue(request: HttpRequest, verb: Verb, step: str) -> HttpResponse:
    month = asked_month(request)
    queue = queries.waiting_for(_permits(request), verb, month)
    return render(request, "ledger/queue.html", {"queue": queue, "step": step, "month": month})


def _stepped(request: HttpRequest, step: str, action: Any, sentence: str) -> HttpResponse:
    try:
        done = action(permits=_permits(request), observations=_chosen(request))
        messages.success(request, sentence % {"count": len(done)})
    except (Refused, Conflict) as refusal:
        messages.error(request, _sentence(refusal))
    return redirect(f"{reverse(step)}?month={request.POST.get('month', '')}")


def _chosen(request: HttpRequest) -> list[Observation]:
    """The rows that were ticked, in the version that the person saw (``row=PK:VERSION``)."""
    seen = dict(text.split(":", 1) for text in request.POST.getlist("row") if ":" in text)
    rows: QuerySet[Observation] = queries.observations(_permits(request)).filter(
        pk__in=[pk for pk in seen if pk.isdigit()]
    )
    found = list(rows)
    if len(found) != len(seen):
        raise Unknown
    for row in found:
        row.version = int(seen[str(row.pk)]) if seen[str(row.pk)].isdigit() else -1
    return found


def _on_cell(
    request: HttpRequest, unit: str, indicator: str, month: str, sentence: str, action: Any
) -> HttpResponse:
    permits = _permits(request)
    row = queries.observation(permits, unit, indicator, month_of(month))
    seen = request.POST.get("version", "")
    row.version = int(seen) if seen.isdigit() else row.version
    try:
        action(permits, row)
        messages.success(request, sentence)
    except (Refused, Conflict) as refusal:
        messages.error(request, _sentence(refusal))
    return redirect("cell", unit, indicator, month)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, Conflict):
        return _("这个数刚被别人改过，请看清后再办理")
    return str(problem)


def _doubt_json(doubt: Any, value: Any) -> dict[str, str]:
    repair = "" if doubt.repair is None else show_number(doubt.repair, comma=False)
    return {"check": doubt.check, "text": doubt_text(doubt.check, doubt.values, value), "repair": repair}


def _answer_json(answer: Answer) -> dict[str, Any]:
    conflicts = [
        {"indicator": each.indicator, "mine": each.mine, "theirs": each.theirs, "version": each.version,
         "who": each.who, "when": each.when}
        for each in answer.conflicts
    ]  # fmt: skip
    return {"saved": list(answer.saved), "conflicts": conflicts, "seq": answer.seq}


def _told(request: HttpRequest, told: dict[str, Any], ok: bool, sentence: str) -> HttpResponse:
    """JSON for the page's own script; for a browser without one, a message on the page it came from."""
    if request.accepts("text/html") and "application/json" not in request.headers.get("Accept", ""):
        (messages.success if ok else messages.error)(request, sentence)
        match = request.resolver_match
        unit, month = match.kwargs["unit"], match.kwargs["month"]
        return redirect(f"{reverse('entry', args=[unit])}?month={month}")
    return JsonResponse(told | {"ok": ok, "message": sentence})
