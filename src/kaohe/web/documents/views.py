"""Pages of papers: what can be made, what was made, the fields that a template may name."""

from __future__ import annotations

import io
from itertools import groupby

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.dashboard.places import Place, asked_place
from kaohe.web.documents import actions, queries
from kaohe.web.documents.models import PaperTemplate
from kaohe.web.documents.serving import attachment
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ReportingUnit
from kaohe.writing.packages import LARGEST
from kaohe.writing.templates import FIELDS

_SCOPES = {
    "": "整份文件的字段", "行": "每个指标一行", "目标": "每个有年度目标的指标一行",
    "滞后": "每个落后时序的指标一行，差得多的在前", "分解": "每个分解到单位的目标一行",
}  # fmt: skip


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """The templates of a unit, a button for each, and the papers made of it."""
    place = publishing_place(request)
    context = {"place": place, "page": queries.papers_page(place.permits, place.unit), "problems": ()}
    return render(request, "documents/papers.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Makes a paper and goes to the list, where it can be taken."""
    place = publishing_place(request)
    try:
        paper = actions.make_paper(
            permits=place.permits, unit=place.unit, month=place.month, key=request.POST.get("template", "")
        )
    except actions.Unusable as problem:
        return _refused(request, place, problem.problems)
    messages.success(request, _("已生成 %(name)s，可在下面下载。") % {"name": paper.name})
    return _back(place)


@require_safe
def paper_file(request: HttpRequest, pk: int) -> FileResponse:
    """A paper as it was given out."""
    row = queries.paper(_permits(request), pk)
    return attachment(path_of(row.sha256).open("rb"), row.name)


@require_POST
def template_add(request: HttpRequest) -> HttpResponse:
    """Takes a template in, or says at which places it cannot be filled."""
    place = publishing_place(request)
    place.permits.need(Verb.PUBLISH, place.unit)
    file = request.FILES.get("file")
    if file is None or file.size is None:
        return _refused(request, place, (_("请选择模板文件"),))
    if file.size > LARGEST:
        return _refused(request, place, (_("文件超过 20 MB 的上限"),))
    try:
        row = actions.hand_in_template(
            permits=place.permits, unit=place.unit, name=file.name or "", content=file.read(),
            note=request.POST.get("note", ""),
        )  # fmt: skip
    except actions.Unusable as problem:
        return _refused(request, place, problem.problems)
    messages.success(
        request, _("已收下模板 %(name)s 第 %(edition)s 版。") % {"name": row, "edition": row.edition}
    )
    return _back(place)


@require_safe
def template_file(request: HttpRequest) -> FileResponse:
    """A template, to be changed and handed in again."""
    place = publishing_place(request)
    offer, content = queries.template_content(place.permits, place.unit, request.GET.get("template", ""))
    return attachment(io.BytesIO(content), f"{offer.name}.{offer.form}")  # type: ignore[arg-type]


@require_POST
def template_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer offers a template."""
    row = PaperTemplate.objects.select_related("unit").filter(pk=pk).first()
    if row is None:
        raise Unknown
    _permits(request).need(Verb.PUBLISH, row.unit)
    place = publishing_place(request)
    try:
        actions.retire_template(permits=place.permits, template=row)
        messages.success(request, _("已停用模板 %(name)s。") % {"name": row})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(place)


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """Every field that a template may name."""
    publishing_place(request)
    groups = [(_SCOPES[scope], list(some)) for scope, some in groupby(FIELDS, key=lambda field: field.scope)]
    return render(request, "documents/fields.html", {"groups": groups})


def publishing_place(request: HttpRequest) -> Place:
    """The asked unit and month; the highest unit for which the person publishes, where none was asked."""
    permits = _permits(request)
    place = asked_place(request)
    if not any(True for _permit in permits.having(Verb.PUBLISH)):
        raise Forbidden
    if not permits.may(Verb.PUBLISH, place.unit):
        if request.GET.get("unit") or request.POST.get("unit"):
            permits.need(Verb.PUBLISH, place.unit)
        first = ReportingUnit.objects.filter(permits.units(Verb.PUBLISH)).order_by("path").first()
        if first is None:
            raise Unknown
        return Place(permits, first, place.month)
    return place


def _refused(request: HttpRequest, place: Place, problems: tuple[str, ...]) -> HttpResponse:
    page = queries.papers_page(place.permits, place.unit)
    context = {"place": place, "page": page, "problems": problems}
    return render(request, "documents/papers.html", context, status=422)


def _back(place: Place) -> HttpResponse:
    return redirect(f"{reverse('papers')}?{place.query}")


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
