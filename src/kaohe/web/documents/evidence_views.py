"""Pages of evidence: what is needed, there and missing; filing; taking a file; the binder."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaohe.web.accounts.permissions import Forbidden, Permits, Verb
from kaohe.web.audit.access import note_access
from kaohe.web.dashboard.places import Place, asked_place
from kaohe.web.documents import evidence, evidence_actions
from kaohe.web.documents.admitting import ACCEPTED
from kaohe.web.documents.binder import binder as made_binder
from kaohe.web.documents.serving import attachment
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.actions import Refused
from kaohe.writing.packages import LARGEST

_MOST_FILES = 20


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Each criterion of a unit's scheme with the evidence that is needed, there and missing."""
    place = asked_place(request)
    page = evidence.evidence_page(place.permits, place.unit, int(place.year))
    lacking = request.GET.get("show") == "missing"
    subjects = [each for each in page.subjects if each.missing] if lacking else page.subjects
    context = {"place": place, "page": page, "subjects": subjects, "lacking": lacking}
    return render(request, "documents/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One criterion or indicator: its evidence, and a form to file more."""
    place = asked_place(request)
    page = evidence.evidence_page(place.permits, place.unit, int(place.year))
    subject = page.subject(request.GET.get("subject", "") or request.POST.get("subject", ""))
    if request.method == "POST":
        if not subject.may_file:
            raise Forbidden
        return _filed(request, place, subject)
    context = {
        "place": place, "subject": subject, "need": request.GET.get("need", ""), "accepted": ACCEPTED,
        "known": evidence.files_of(place.permits, place.unit) if subject.may_file else (),
        "may_ask": place.permits.may(Verb.PUBLISH, place.unit),
    }  # fmt: skip
    return render(request, "documents/evidence_subject.html", context)


def _filed(request: HttpRequest, place: Place, subject: evidence.Subject) -> HttpResponse:
    need = request.POST.get("need", "")
    try:
        known = request.POST.get("file_known", "")
        if known.isdigit():
            file = evidence.evidence_file(place.permits, int(known))
            evidence_actions.refer_to(
                permits=place.permits, file=file, month=place.month, subject=subject, need=need
            )
            messages.success(request, _("已引用 %(name)s。") % {"name": file.name})
        else:
            _file_uploads(request, place, subject, need)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('evidence-add')}?{place.query}&subject={subject.key}")


def _file_uploads(request: HttpRequest, place: Place, subject: evidence.Subject, need: str) -> None:
    files = request.FILES.getlist("file")
    if len(files) > _MOST_FILES:
        raise Refused(_("一次最多 %(most)s 个文件") % {"most": _MOST_FILES})
    for file in files:
        if (file.size or 0) > LARGEST:
            raise Refused(_("%(name)s：超过 20 MB 的上限，请压缩或拆开后再传") % {"name": file.name})
    made = evidence_actions.file_evidence(
        permits=place.permits, unit=place.unit, month=place.month, subject=subject, need=need,
        uploads=[(file.name or "", file.read()) for file in files], note=request.POST.get("note", ""),
    )  # fmt: skip
    told = ngettext("已归档 %(count)s 个文件。", "已归档 %(count)s 个文件。", len(made)) % {
        "count": len(made)
    }
    for filing in made:
        if filing.again:
            told += _("%(name)s 以前归档过，只存一份，这里引用它。") % {"name": filing.link.file.name}
    messages.success(request, told)


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """A file, for who sees a line that it is filed under."""
    row = evidence.evidence_file(_permits(request), pk)
    if request.method == "GET":
        note_access("evidence.download", by=_permits(request).person, what=row.name, unit=row.unit.name)
    return attachment(path_of(row.sha256).open("rb"), row.name)


@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a reference away."""
    permits = _permits(request)
    row = evidence.link(permits, pk)
    try:
        evidence_actions.remove_link(permits=permits, link=row, reason=request.POST.get("reason", ""))
        messages.success(request, _("已取消引用；文件和记录仍然保留。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('evidence')}?unit={row.unit.code}")


@require_POST
def need(request: HttpRequest) -> HttpResponse:
    """Asks for a material besides those of the scheme."""
    place = asked_place(request)
    page = evidence.evidence_page(place.permits, place.unit, int(place.year))
    subject = page.subject(request.POST.get("subject", ""))
    try:
        evidence_actions.ask_for(
            permits=place.permits, unit=place.unit, year=int(place.year), subject=subject,
            text=request.POST.get("text", ""),
        )  # fmt: skip
        messages.success(request, _("已加入所需材料。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('evidence-add')}?{place.query}&subject={subject.key}")


@require_POST
def need_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer asks for a material."""
    permits = _permits(request)
    row = evidence.need(permits, pk)
    try:
        evidence_actions.remove_need(permits=permits, need=row, reason=request.POST.get("reason", "")[:200])
        messages.success(request, _("已取消所需材料；已归档的文件仍然保留。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('evidence')}?unit={row.unit.code}")


@require_safe
def binder(request: HttpRequest) -> FileResponse:
    """The year's evidence that the person sees, as a zip with cover and index."""
    place = asked_place(request)
    page = evidence.evidence_page(place.permits, place.unit, int(place.year))
    made = made_binder(place.unit, int(place.year), page)
    name = f"{place.unit.name}{place.year}年度考核佐证材料.zip"
    if request.method == "GET":
        note_access("binder.download", by=place.permits.person, what=name, unit=place.unit.name)
    return attachment(made, name)


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
