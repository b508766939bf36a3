"""Reporting units, lines and holidays, for the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kaohe.web.accounts.permissions import Permits
from kaohe.web.config.clock import today
from kaohe.web.ledger import structure_actions as actions
from kaohe.web.ledger import structure_queries as queries
from kaohe.web.ledger.deadlines import calendar_around
from kaohe.web.ledger.models import ReportingUnit
from kaohe.web.ledger.structure_actions import Refused, UnitText
from kaohe.web.ledger.structure_forms import holidays_of

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
KIND_WORDS = {
    "province": gettext_lazy("省"),
    "city": gettext_lazy("市"),
    "county": gettext_lazy("县（区）"),
    "town": gettext_lazy("乡镇（街道）"),
    "office": gettext_lazy("内设办所"),
    "village": gettext_lazy("村（社区）"),
    "bureau": gettext_lazy("部门"),
}


@_read_or_post
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units; a new unit."""
    permits = _permits(request)
    if request.method == "POST":
        return _done(request, lambda: _add_unit(request, permits), _("已新增单位"), "units-admin")
    rows = queries.tree(permits)
    context = {"rows": rows, "kinds": KIND_WORDS.items(), "today": today()}
    return render(request, "ledger/structure/units.html", context)


@_read_or_post
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: its name, kind, place in the tree; how it is closed."""
    permits = _permits(request)
    row = queries.unit(permits, code)
    if request.method == "POST":

        def act() -> object:
            return actions.change_unit(
                permits=permits, unit=row, parent=_parent(request, permits), told=_unit_text(request),
                reason=_text(request, "reason"),
            )  # fmt: skip

        return _done(request, act, _("已修改"), "units-admin-unit", code)
    context = {"row": row, "rows": queries.tree(permits), "kinds": KIND_WORDS.items(), "today": today()}
    return render(request, "ledger/structure/unit.html", context)


@require_POST
def unit_close(request: HttpRequest, code: str) -> HttpResponse:
    """Closes a unit, merged into another or not."""
    permits = _permits(request)
    row = queries.unit(permits, code)

    def act() -> object:
        into = _text(request, "successor")
        return actions.close_unit(
            permits=permits, unit=row, last_day=_day(request, "last_day"), reason=_text(request, "reason"),
            successor=queries.unit(permits, into) if into else None,
        )  # fmt: skip

    return _done(request, act, _("已撤并，原有的数和记录都保留"), "units-admin-unit", code)


@_read_or_post
def lines(request: HttpRequest) -> HttpResponse:
    """The lines; a new line, or one renamed."""
    permits = _permits(request)
    if request.method == "POST":
        return _done(request, lambda: _save_line(request, permits), _("已保存条线"), "units-admin-lines")
    return render(request, "ledger/structure/lines.html", {"rows": queries.lines(permits)})


@_read_or_post
def holidays(request: HttpRequest) -> HttpResponse:
    """The holiday table; a pasted list of a year."""
    permits = _permits(request)
    pasted, year = "", today().year
    rows = queries.holidays(permits)
    if request.method == "POST":
        pasted = _text(request, "list")
        try:
            year = _number(request, "year")
            count = actions.save_holidays(permits=permits, days=holidays_of(pasted, year))
            messages.success(request, _("已保存 %(count)s 天") % {"count": count})
            return redirect("units-admin-holidays")
        except Refused as refusal:
            messages.error(request, str(refusal))
    context = {"rows": rows, "pasted": pasted, "year": year}
    return render(request, "ledger/structure/holidays.html", context)


@require_POST
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a day out of the table."""
    permits = _permits(request)
    row = queries.holiday(permits, pk)
    return _done(
        request, lambda: actions.remove_holiday(permits=permits, holiday=row), _("已去掉"),
        "units-admin-holidays",
    )  # fmt: skip


@_read_or_post
def deadlines(request: HttpRequest) -> HttpResponse:
    """By which working day units and lines report; a new rule, or one changed."""
    permits = _permits(request)
    if request.method == "POST":
        return _done(request, lambda: _save_due_rule(request, permits), _("已保存"), "units-admin-deadlines")
    rows, calendar = queries.due_rules(permits), calendar_around(today())
    month = f"{today():%Y-%m}"
    shown = [(row, calendar.working_day_after(month, row.days)) for row in rows]
    context = {
        "rows": shown, "units": queries.tree(permits), "lines": queries.lines(permits), "month": month,
    }  # fmt: skip
    return render(request, "ledger/structure/deadlines.html", context)


@require_POST
def deadline_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a rule away."""
    permits = _permits(request)
    row = queries.due_rule(permits, pk)
    return _done(
        request, lambda: actions.remove_due_rule(permits=permits, rule=row), _("已去掉"),
        "units-admin-deadlines",
    )  # fmt: skip


def _save_due_rule(request: HttpRequest, permits: Permits) -> object:
    line = _text(request, "line")
    return actions.save_due_rule(
        permits=permits, unit=queries.unit(permits, _text(request, "unit")),
        line=queries.line(permits, line) if line else None, days=_number(request, "days"),
    )  # fmt: skip


def _add_unit(request: HttpRequest, permits: Permits) -> object:
    return actions.add_unit(
        permits=permits, code=_text(request, "code").strip(), parent=_parent(request, permits),
        told=_unit_text(request), since=_day(request, "since"),
    )  # fmt: skip


def _save_line(request: HttpRequest, permits: Permits) -> object:
    known = _text(request, "line")
    return actions.save_line(
        permits=permits, line=queries.line(permits, known) if known else None,
        code=_text(request, "code").strip(), name=_text(request, "name"), order=_number(request, "order"),
    )  # fmt: skip


def _unit_text(request: HttpRequest) -> UnitText:
    return UnitText(
        name=_text(request, "name"),
        short_name=_text(request, "short_name"),
        kind=_text(request, "kind"),
        peer_group=_text(request, "peer_group"),
        order=_number(request, "order"),
    )


def _parent(request: HttpRequest, permits: Permits) -> ReportingUnit | None:
    code = _text(request, "parent")
    return queries.unit(permits, code) if code else None


def _done(
    request: HttpRequest, act: Callable[[], object], sentence: str, route: str, *parts: str
) -> HttpResponse:
    permits = _permits(request)
    actions.need_system(permits)
    try:
        act()
        messages.success(request, sentence)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(route, *parts)


def _permits(request: HttpRequest) -> Permits:
    return request.permits  # type: ignore[attr-defined, no-any-return]


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, ""))


def _number(request: HttpRequest, name: str) -> int:
    text = _text(request, name).strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused(_("请写整数"))
    return int(text)


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(_text(request, name))
    except ValueError:
        raise Refused(_("请写日期，例如 2005-10-12")) from None
