"""What the frame of every page needs: the site, the period, and the entries of the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import AdminRole, Post
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.audit.queries import may_audit
from kaohe.web.audit.verification import overdue_or_failed
from kaohe.web.config.clock import today
from kaohe.web.ledger.grid import month_before
from kaohe.web.ui.period import asked_month, month_after

_WITHIN_A_TOWN = ("office", "village")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation; ``count`` is how many things there wait for the person."""

    name: str
    icon: str
    address: str
    current: bool
    count: int = 0
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading."""

    heading: str
    entries: tuple[Entry, ...]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The site; for somebody who signed in, also the month and the navigation."""
    frame: dict[str, Any] = {"site": settings.SITE}
    permits = getattr(request, "permits", None)
    if permits is None:
        return frame
    month = asked_month(request)
    sections = tuple(section for section in _sections(request, permits, month) if section.entries)
    phone = [entry for section in sections for entry in section.entries if entry.on_phone]
    return (
        frame
        | _seat(permits)
        | {
            "month": month,
            "to_month_before": _same_page(request, month_before(month)),
            "to_month_after": _same_page(request, month_after(month)),
            "navigation": sections,
            "verification": _verification(permits),
            "phone_navigation": phone,
        }
    )


def _verification(permits: Permits) -> str:
    """How the nightly check of the ledger fares, for administrators and auditors; blank for all others."""
    if not (permits.person.admin_role or may_audit(permits)):
        return ""
    return overdue_or_failed(settings.SITE, timezone.now())


def _same_page(request: HttpRequest, month: str) -> str:
    """The rest of the address stays when the month changes."""
    query = request.GET.copy()
    query["month"] = month
    return f"?{query.urlencode()}"


def _seat(permits: Permits) -> dict[str, str]:
    """Where the person works and as what: the post held for the shortest time, as the newest duty."""
    post = permits.seat or _post_without_grants(permits)
    if post is None:
        role = AdminRole(permits.person.admin_role) if permits.person.admin_role else None
        return {"home": "", "own_post": _(role.label) if role else ""}
    unit = post.unit
    town = unit.parent if unit.kind in _WITHIN_A_TOWN and unit.parent else unit
    return {"home": town.short_name or town.name, "own_post": post.title}


def _post_without_grants(permits: Permits) -> Post | None:
    day = today()
    held = permits.person.holdings.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
    holding = held.select_related("post__unit__parent").order_by("-since", "post__order").first()
    return holding.post if holding is not None else None


def _sections(request: HttpRequest, permits: Permits, month: str) -> Iterator[Section]:
    counts = _counts(permits, month)

    def entry(name: str, icon: str, route: str, shown: bool = True, phone: bool = False) -> Iterator[Entry]:
        address = _address(route)
        if shown and address:
            match = request.resolver_match
            current = match is not None and (match.view_name or "").split("-")[0] == route.split("-")[0]
            yield Entry(name, icon, address, current, counts.get(route, 0), phone)

    def may(verb: Verb) -> bool:
        return any(True for _permit in permits.having(verb))

    sees, enters, reviews = may(Verb.VIEW), may(Verb.ENTER), may(Verb.REVIEW)
    yield Section("", tuple(entry(_("我的工作台"), "desk", "desk", phone=True)))
    yield Section(
        _("情况"),
        (
            *entry(_("看板"), "board", "board", sees, True),
            *entry(_("指标"), "line", "indicators", sees),
            *entry(_("单位"), "unit", "units", sees),
        ),
    )
    yield Section(
        _("数据"),
        (
            *entry(_("月度填报"), "sheet", "entry", enters, True),
            *entry(_("审核"), "check", "review", reviews, not enters),
            *entry(_("认定"), "check", "verify", may(Verb.VERIFY), not (enters or reviews)),
            *entry(_("月度收数"), "book", "collections", sees),
            *entry(_("导入"), "import", "imports", may(Verb.IMPORT)),
            *entry(_("佐证材料"), "clip", "evidence", sees),
        ),
    )
    yield Section(
        _("考核督查"),
        (
            *entry(_("目标任务"), "score", "targets", sees),
            *entry(_("措施"), "send", "tasks", sees, True),
            *entry(_("文表输出"), "paper", "papers", may(Verb.PUBLISH)),
        ),
    )
    role = permits.person.admin_role
    yield Section(
        _("管理"),
        (
            *entry(_("单位和条线"), "unit", "units-admin", role == "system"),
            *entry(_("人员和岗位"), "people", "people", role == "security"),
            *entry(_("审计台账"), "book", "audit", role == "audit"),
        ),
    )


def _counts(permits: Permits, month: str) -> dict[str, int]:
    from kaohe.web.dashboard.queries import to_do_counts

    return to_do_counts(permits, month)


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
