"""Receipts for everybody; the ledger itself for auditors."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe.web.accounts.models import AdminRole
from kaohe.web.accounts.permissions import Unknown
from kaohe.web.audit import actions, queries
from kaohe.web.audit.checkpoints import NoKey, public_key
from kaohe.web.audit.forms import EventFilter, ReceiptForm
from kaohe.web.audit.models import Checkpoint, Event
from kaohe.web.audit.receipts import check_receipt, printed_head, receipt
from kaohe.web.audit.verification import last_verification

_PAGE = 50


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Where the ledger stands, and its events, newest first."""
    permits = request.permits  # type: ignore[attr-defined]
    queries.need_audit(permits)
    form = EventFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.events(**chosen), _PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    size, head = printed_head()
    return render(
        request,
        "audit/audit.html",
        {
            "form": form,
            "page": page,
            "entries": queries.entries(page.object_list),
            "filter": kept.urlencode(),
            "size": size,
            "head": head,
            "checkpoint": Checkpoint.objects.last(),
            "key": public_key(),
            "verified": last_verification(settings.SITE),
            "may_sign": permits.person.admin_role == AdminRole.AUDIT,
        },
    )


@require_GET
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event: every row it changed, before and after."""
    queries.need_audit(request.permits)  # type: ignore[attr-defined]
    found = Event.objects.filter(pk=seq).first()
    if found is None:
        raise Unknown
    return render(request, "audit/event.html", {"event": found, "entry": queries.entry_of(found)})


@require_GET
def key(request: HttpRequest) -> HttpResponse:
    """The public key, to check signatures with; it is no secret."""
    public = public_key()
    if public is None:
        raise Unknown
    return _download(f"{public}\n", "checkpoint.pub", "text/plain; charset=utf-8")


@require_GET
def heads(request: HttpRequest) -> HttpResponse:
    """The signed checkpoints, newest first, to be kept by somebody else."""
    queries.need_audit(request.permits)  # type: ignore[attr-defined]
    notes = Checkpoint.objects.order_by("-number").values_list("note", flat=True)[:1000]
    return _download("\n".join(notes), "checkpoints.txt", "text/plain; charset=utf-8")


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Signs where the ledger stands now."""
    try:
        signed = actions.sign_checkpoint(permits=request.permits)  # type: ignore[attr-defined]
    except NoKey:
        messages.error(request, _("还没有签名密钥，请系统管理员运行 kaohe init"))
    else:
        if signed is not None:
            messages.success(request, _("已为前 %(size)s 条签名") % {"size": signed.size})
    return redirect("audit")


@require_GET
def download_receipt(request: HttpRequest, seq: int) -> HttpResponse:
    """The receipt of one's own action, as a file to keep."""
    found = queries.event_for_receipt(request.permits, seq)  # type: ignore[attr-defined]
    try:
        text = receipt(found)
    except NoKey:
        raise Unknown from None
    return _download(text, f"receipt-{seq}.json", "application/json")


@require_http_methods(["GET", "HEAD", "POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """Whether the ledger still agrees with a receipt that somebody kept."""
    form = ReceiptForm(request.POST or None)
    answer = check_receipt(form.cleaned_data["receipt"]) if form.is_valid() else None
    return render(request, "audit/receipts.html", {"form": form, "answer": answer})


def _download(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
