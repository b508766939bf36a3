"""What people do with the collection of a month: open it, close it, open it again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.deadlines import due_by_rule
from kaohe.web.ledger.life import was_there
from kaohe.web.ledger.models import Collection, ReportingUnit
from kaohe.web.ledger.queries import missing_of


class Missed(Refused):
    """Somebody has not reported; the month can be closed all the same by who says so."""


def open_month(*, permits: Permits, unit: ReportingUnit, month: str, due: datetime | None) -> Collection:
    """Opens the collection of a month over a unit and all below it (开始收数).

    ``due`` is when it is due, by the rules of working days when None. Raises ``Refused`` where there is one
    already, or nothing says when it is due.
    """
    permits.need(Verb.CLOSE, unit)
    due = due or due_by_rule(unit, month)
    if due is None:
        raise Refused(_("还没有规定第几个工作日截止，请写截止日"))
    if not was_there(unit, month):
        raise Refused(_("%(unit)s 在 %(month)s 不在册") % {"unit": unit.name, "month": month})
    row = Collection(unit=unit, month=month, due=due)
    with recorded("collection.open", by=permits.person) as entry:
        if Collection.objects.filter(unit=unit, month=month).exists():
            raise Refused(_("这个单位这个月已经在收数"))
        entry.create(row)
    return row


def close_month(
    *, permits: Permits, collection: Collection, reason: str = "", despite_missing: bool = False
) -> Collection:
    """Closes a month (结账): drafts can no longer be changed, single figures only after being returned.

    Raises ``Missed`` while a figure is not there or not submitted, unless ``despite_missing``; how many there
    were is kept with the event.
    """
    permits.need(Verb.CLOSE, collection.unit)
    missed = missing_of(permits, collection)
    number = sum(len(each.absent) + len(each.unfinished) for each in missed)
    if number and not despite_missing:
        raise Missed(
            _("%(units)s 等 %(number)s 项没有报齐，没有结账")
            % {"units": "、".join(str(each.unit) for each in missed[:3]), "number": number}
        )
    told = _("结账时有 %(number)s 项没有报齐") % {"number": number} if number else ""
    reason = "；".join(filter(None, (reason.strip(), told)))
    return _set_closed("collection.close", permits, collection, True, reason)


def reopen_month(*, permits: Permits, collection: Collection, reason: str) -> Collection:
    """Opens a closed month again, with the reason."""
    if not reason.strip():
        raise Refused(_("请写明重新开账的原因"))
    return _set_closed("collection.reopen", permits, collection, False, reason)


def _set_closed(
    action: str, permits: Permits, collection: Collection, closed: bool, reason: str
) -> Collection:
    permits.need(Verb.CLOSE, collection.unit)
    with recorded(action, by=permits.person, reason=reason) as entry:
        row = Collection.objects.select_for_update().get(pk=collection.pk)
        if row.closed == closed:
            raise Refused(_("这个月已经是这个状态"))
        row.closed = closed
        entry.update(row)
    return row
