"""The collections of months: how far each is, who is missing, opened, closed, opened again."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.ledger import collection_actions as actions
from kaohe.web.ledger import queries
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.collection_actions import Missed
from kaohe.web.ledger.forms import month_of
from kaohe.web.ui.period import asked_month


@require_GET
def collections(request: HttpRequest) -> HttpResponse:
    """The months of the units I see: deadline, how far the collection is, open or closed."""
    permits, month = _permits(request), asked_month(request)
    context = {
        "rows": queries.collections(permits),
        "units": queries.to_open(permits, month),
        "month": month,
    }
    return render(request, "ledger/collections.html", context)


@require_GET
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """What a collection still lacks, by unit; whoever closes it does so knowing that."""
    permits = _permits(request)
    row = queries.collection(permits, pk)
    may_close = permits.may(Verb.CLOSE, row.unit)
    context = {"row": row, "missing": queries.missing_of(permits, row), "may_close": may_close}
    return render(request, "ledger/collection.html", context)


@require_POST
def collection_open(request: HttpRequest) -> HttpResponse:
    """Opens the collection of a month."""
    permits, month = _permits(request), month_of(request.POST.get("month", ""))
    unit = queries.unit(permits, request.POST.get("unit", ""))
    try:
        made = actions.open_month(permits=permits, unit=unit, month=month, due=_due(request))
        due = timezone.localtime(made.due).strftime("%m-%d %H:%M")
        messages.success(request, _("%(month)s 开始收数，%(due)s 截止") % {"month": month, "due": due})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collections")


@require_POST
def collection_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes a month, or opens it again; where somebody is missing, shows who before it is closed."""
    permits = _permits(request)
    row = queries.collection(permits, pk)
    reason, despite = request.POST.get("reason", "")[:200], request.POST.get("despite") == "1"
    try:
        if request.POST.get("reopen"):
            actions.reopen_month(permits=permits, collection=row, reason=reason)
            messages.success(request, _("%(month)s 已重新开账") % {"month": row.month})
        else:
            actions.close_month(permits=permits, collection=row, reason=reason, despite_missing=despite)
            messages.success(request, _("%(month)s 已结账") % {"month": row.month})
    except Missed as missed:
        messages.error(request, str(missed))
        return redirect("collection", pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collections")


def _due(request: HttpRequest) -> datetime | None:
    text = request.POST.get("due", "").strip()
    if not text:
        return None
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time(17)))
    except ValueError:
        raise Refused(_("请写日期，例如 2005-10-12")) from None


def _permits(request: HttpRequest) -> Permits:
    permits: Permits = request.permits  # type: ignore[attr-defined]
    return permits
