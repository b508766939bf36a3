"""Pages of tasks: the list with the gaps that have none, one task, a new one, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown
from kaohe.web.audit.recording import Conflict
from kaohe.web.config.clock import today
from kaohe.web.dashboard.places import Place, asked_place
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ImportedSheet
from kaohe.web.supervision import actions, queries
from kaohe.web.supervision.forms import task_input
from kaohe.web.supervision.gaps import board_rows
from kaohe.web.supervision.models import Task
from kaohe.web.supervision.papers import task_workbook
from kaohe.web.supervision.task_importing import TaskPreview, preview_tasks

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Step = Callable[[Permits, Task, str], object]


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of a unit and of all below it; first of all what is behind without a task."""
    place = asked_place(request)
    page = queries.task_list(place, request.GET.get("state", ""))
    return render(request, "supervision/tasks.html", {"place": place, "page": page})


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: why, what, who, until when, what was said about it."""
    page = queries.task_page(_permits(request), pk)
    return render(request, "supervision/task.html", {"page": page, "task": page.row.task})


@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Gives a unit a task against the gap of an indicator (交办)."""
    place = asked_place(request)
    asked = request.POST.get("indicator", "") or request.GET.get("indicator", "")
    known = {each.code: each for each in queries.indicators_of(place.permits, place.unit)}
    if asked and asked not in known:
        queries.refuse_indicator(place.permits, place.unit, asked)
    if not known:
        raise Forbidden
    if request.method == "POST" and asked:
        try:
            made = actions.assign_task(
                permits=place.permits, unit=place.unit, indicator=known[asked], told=task_input(request.POST)
            )
            messages.success(request, _("已交办，编号 %(code)s") % {"code": made.code})
            return redirect("task", made.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    row = board_rows(place.permits, place.unit, place.month).get(asked) if asked else None
    context = {
        "place": place,
        "indicators": list(known.values()),
        "asked": known.get(asked),
        "row": row,
        "typed": request.POST,
        "today": today(),
    }
    return render(request, "supervision/task_new.html", context)


@require_POST
def task_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Says how far a task is."""
    return _stepped(
        request, pk, _("已反馈"), lambda p, t, text: actions.report_progress(permits=p, task=t, text=text)
    )


@require_POST
def task_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Strikes a task off the list."""
    return _stepped(
        request, pk, _("已办结"), lambda p, t, text: actions.settle_task(permits=p, task=t, evidence=text)
    )


@require_POST
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a task up."""
    return _stepped(
        request, pk, _("已取消"), lambda p, t, text: actions.cancel_task(permits=p, task=t, reason=text)
    )


@require_POST
def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a task up again."""
    return _stepped(
        request, pk, _("已重新办理"), lambda p, t, text: actions.reopen_task(permits=p, task=t, reason=text)
    )


@require_safe
def tasks_workbook(request: HttpRequest) -> HttpResponse:
    """The list of rectification (整改清单) as a workbook."""
    place = asked_place(request)
    page = queries.task_list(place, request.GET.get("state", ""))
    return workbook(task_workbook(place, page), _name(place, _("整改清单")))


@require_safe
def task_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What a list of rectification would change, row by row; all that is wrong with it at once."""
    permits, sheet = _permits(request), _sheet(request, pk)
    seen = TaskPreview() if sheet.done else preview_tasks(permits, sheet)
    return render(request, "supervision/task_import.html", {"sheet": sheet, "seen": seen})


@require_POST
def task_import_take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the list in, all of it or nothing."""
    sheet = _sheet(request, pk)
    try:
        done = actions.import_tasks(permits=_permits(request), sheet=sheet)
        messages.success(request, _("已导入：%(outcome)s") % {"outcome": done.outcome})
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("有的措施刚被别人改过，什么都没有导入，请再看一遍"))
    return redirect("task-import", pk)


def _sheet(request: HttpRequest, pk: int) -> ImportedSheet:
    row = ImportedSheet.objects.filter(pk=pk, by=_permits(request).person, kind="tasks").first()
    if row is None:
        raise Unknown
    return row


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept under a name."""
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _name(place: Place, what: str) -> str:
    return f"{place.unit.name}{place.month}{what}.xlsx"


def _stepped(request: HttpRequest, pk: int, sentence: str, step: Step) -> HttpResponse:
    permits = _permits(request)
    found = queries.task(permits, pk)
    seen = request.POST.get("version", "")
    found.version = int(seen) if seen.isdigit() else found.version
    try:
        step(permits, found, request.POST.get("text", "")[:2000])
        messages.success(request, sentence)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("这项措施刚被别人办理过，请看清后再办"))
    return redirect(reverse("task", args=[pk]))


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
