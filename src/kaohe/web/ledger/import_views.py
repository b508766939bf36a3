"""The import centre: workbooks handed in, what is asked about them, what they would bring."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe.reading.sheets import SKIP, Answer
from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.ledger import import_actions as actions
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.importing import Preview, preview
from kaohe.web.ledger.models import ImportedSheet
from kaohe.web.ui.period import asked_month

MOST_BYTES = 20 * 1024 * 1024
_SUFFIXES = (".xlsx", ".xls", ".et", ".csv")


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """My workbooks, and a place to hand one in."""
    permits: Permits = request.permits  # type: ignore[attr-defined]
    if not any(True for _permit in permits.having(Verb.IMPORT)):
        raise Forbidden
    if request.method == "POST":
        return _handed_in(request, permits)
    return render(
        request,
        "ledger/imports.html",
        {
            "sheets": ImportedSheet.objects.filter(by=permits.person)[:30],
            "year": asked_month(request)[:4],
            "suffixes": ",".join(_SUFFIXES),
        },
    )


@require_GET
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What a workbook would bring, and what is asked about it."""
    sheet = _own(request, pk)
    seen = Preview() if sheet.done else preview(request.permits, sheet)  # type: ignore[attr-defined]
    questions = [(number, question) for number, question in enumerate(seen.questions)]
    return render(
        request, "ledger/import.html", {"sheet": sheet, "seen": seen, "questions": questions, "skip": SKIP}
    )


@require_POST
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers what was asked; only what was answered counts."""
    sheet = _own(request, pk)
    try:
        actions.answer_sheet(permits=request.permits, sheet=sheet, answers=_answers(request))  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk)


@require_POST
def import_take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the workbook's figures in, all or none."""
    sheet = _own(request, pk)
    try:
        done = actions.import_sheet(permits=request.permits, sheet=sheet)  # type: ignore[attr-defined]
        messages.success(request, _("已导入：%(outcome)s") % {"outcome": done.outcome})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk)


def _handed_in(request: HttpRequest, permits: Permits) -> HttpResponse:
    file = request.FILES.get("sheet")
    year = request.POST.get("year", "")
    problem = _problem(file)
    if problem or file is None:
        messages.error(request, problem)
        return redirect("imports")
    sheet = actions.hand_in_sheet(
        permits=permits,
        name=file.name or "",
        content=file.chunks(),
        year=int(year) if year.isdigit() else None,
    )
    return redirect("task-import" if sheet.kind == "tasks" else "import", sheet.pk)


def _problem(file: object) -> str:
    name, size = str(getattr(file, "name", "")), int(getattr(file, "size", 0) or 0)
    if not name:
        return _("请先选择一个表格文件")
    if not name.lower().endswith(_SUFFIXES):
        return _("%(name)s 不是 .xlsx、.xls、.et 或 .csv 表格") % {"name": name}
    if size > MOST_BYTES:
        return _("%(name)s 超过 20 MB") % {"name": name}
    return ""


def _answers(request: HttpRequest) -> Iterator[Answer]:
    """A question N is posted with its sheet.N, cell.N, kind.N, topic.N and text.N, and its answers."""
    data = request.POST
    for number in data.getlist("question"):
        answer = data.get(f"other.{number}", "").strip() or data.get(f"answer.{number}", "")
        if answer:
            yield Answer(
                answer,
                sheet=data.get(f"sheet.{number}", ""),
                cell=data.get(f"cell.{number}", ""),
                question=data.get(f"text.{number}", ""),
                kind=data.get(f"kind.{number}", ""),
                topic=data.get(f"topic.{number}", ""),
            )


def _own(request: HttpRequest, pk: int) -> ImportedSheet:
    row = ImportedSheet.objects.filter(pk=pk, by=request.user).first()
    if row is None:
        raise Unknown
    return row
