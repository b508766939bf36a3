"""People and posts, for the security administrator; the hand-over of a post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe.web.accounts import actions, queries
from kaohe.web.accounts.actions import Appointed, Refused
from kaohe.web.accounts.models import AdminRole, Post
from kaohe.web.accounts.permissions import Permits, Unknown
from kaohe.web.accounts.roles import ROLES
from kaohe.web.config.clock import today
from kaohe.web.ledger.models import Line

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@_read_or_post
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in; a new person is told with their one-time password."""
    permits = _permits(request)
    rows = queries.people(permits)
    context = {"roles": AdminRole.choices[1:]}
    if request.method == "POST":
        try:
            made = actions.add_person(
                permits=permits, username=_text(request, "username"), name=_text(request, "name"),
                admin_role=_text(request, "admin_role"),
            )  # fmt: skip
            return _shown_once(request, made)
        except Refused as refusal:
            messages.error(request, str(refusal))
            context["typed"] = request.POST
    return render(request, "accounts/people.html", context | {"rows": rows})


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: sign-in, posts held, and what can be done."""
    row = queries.person(_permits(request), pk)
    context = {"row": row, "mine": row.pk == request.user.pk, **queries.person_facts(row)}
    return render(request, "accounts/person.html", context)


@require_POST
def person_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Does one of the few things that can be done with a sign-in."""
    permits = _permits(request)
    row = queries.person(permits, pk)
    if act not in _ACTS:
        raise Unknown
    action, sentence = _ACTS[act]
    try:
        made = action(permits=permits, person=row)
        if isinstance(made, Appointed):
            return _shown_once(request, made)
        messages.success(request, str(sentence) % {"name": row.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people-person", pk)


@_read_or_post
def posts(request: HttpRequest) -> HttpResponse:
    """Every post with who holds it; a new post."""
    permits = _permits(request)
    rows = queries.posts(permits)
    if request.method == "POST":
        try:
            made = actions.add_post(
                permits=permits, code=_text(request, "code"), title=_text(request, "title"),
                unit=queries.unit(permits, _text(request, "unit")),
            )  # fmt: skip
            messages.success(request, _("已设岗位“%(title)s”，请授予职权并安排任职") % {"title": made.title})
            return redirect("people-post", made.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return render(request, "accounts/posts.html", {"rows": rows, "units": queries.open_units()})


@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: what it may do where, and who has held it."""
    row = queries.post(_permits(request), pk)
    context = {
        "post": row,
        "grants": queries.grant_rows(row),
        "holdings": row.holdings.select_related("person").order_by("-since", "-id"),
        "units": queries.open_units(),
        "lines": Line.objects.all(),
        "verbs": queries.verb_choices(),
        "roles": queries.role_choices(),
        "people": queries.may_hold_posts(),
        "today": today(),
    }
    return render(request, "accounts/post.html", context)


@require_POST
def post_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants verbs to a post: those of a usual role, or the ticked ones."""
    permits = _permits(request)
    row = queries.post(permits, pk)
    role = _text(request, "role")
    verbs = [verb.value for verb in ROLES[role]] if role in ROLES else request.POST.getlist("verb")

    def act() -> object:
        unit = queries.unit(permits, _text(request, "unit"))
        return actions.add_grant(
            permits=permits, post=row, unit=unit, lines=request.POST.getlist("line"), verbs=verbs
        )

    return _on_post(request, row, act, _("已授予职权"))


@require_POST
def grant_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a grant away."""
    permits = _permits(request)
    row = queries.grant(permits, pk)
    return _on_post(
        request, row.post, lambda: actions.remove_grant(permits=permits, grant=row), _("已收回职权")
    )


@require_POST
def post_holder(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoints a person to a post."""
    permits = _permits(request)
    row = queries.post(permits, pk)

    def act() -> object:
        who = queries.person(permits, _number(request, "person"))
        return actions.begin_holding(permits=permits, post=row, person=who, since=_day(request, "since"))

    return _on_post(request, row, act, _("已安排任职"))


@require_POST
def holding_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a holding."""
    permits = _permits(request)
    row = queries.holding(permits, pk)

    def act() -> object:
        return actions.end_holding(permits=permits, holding=row, until=_day(request, "until"))

    return _on_post(request, row.post, act, _("已结束任职"))


@_read_or_post
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes over with a post, and the one button that hands it over."""
    permits = _permits(request)
    row = queries.post(permits, pk)
    if request.method == "POST":
        try:
            return _handed_over(request, permits, row)
        except Refused as refusal:
            messages.error(request, str(refusal))
    context = {
        "post": row,
        "holders": actions.holdings_on(row, today()),
        "goes_over": queries.goes_over(permits, row),
        "people": queries.may_hold_posts(),
        "today": today(),
    }
    return render(request, "accounts/hand_over.html", context)


@require_GET
def hand_over_list(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """The list that the leaving, the coming and the witness sign."""
    permits = _permits(request)
    row, since = queries.post(permits, pk), _day_of(day)
    context = {
        "post": row,
        "day": since,
        "leaving": queries.leaving(row, since),
        "coming": queries.coming(row, since),
        "goes_over": queries.goes_over(permits, row),
        "grants": queries.grant_rows(row),
    }
    return render(request, "accounts/hand_over_list.html", context)


def _handed_over(request: HttpRequest, permits: Permits, row: Post) -> HttpResponse:
    day = _day(request, "day")
    who = queries.person(permits, _number(request, "person"))
    seq = actions.hand_over(permits=permits, post=row, successor=who, day=day)
    messages.success(
        request,
        _("已交接给%(name)s，%(day)s 起任职，台账第 %(seq)s 号")
        % {"name": who.name, "day": day.isoformat(), "seq": seq},
    )
    return redirect("people-hand-over-list", row.pk, day.isoformat())


_ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "reset": (actions.reset_password, ""),
    "disable": (
        lambda permits, person: actions.set_active(permits=permits, person=person, active=False),
        gettext_lazy("%(name)s 已停用，正在用的页面也已退出"),
    ),
    "enable": (
        lambda permits, person: actions.set_active(permits=permits, person=person, active=True),
        gettext_lazy("%(name)s 已启用"),
    ),
    "end-session": (actions.end_session, gettext_lazy("%(name)s 已被退出登录")),
    "unlock": (actions.unlock, gettext_lazy("%(name)s 已解除锁定，可以马上登录")),
    "clear-code": (actions.clear_authenticator, gettext_lazy("%(name)s 的动态口令已解绑")),
}


def _shown_once(request: HttpRequest, made: Appointed) -> HttpResponse:
    response = render(request, "accounts/password_once.html", {"made": made})
    response["Cache-Control"] = "no-store"
    return response


def _on_post(request: HttpRequest, row: Post, act: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        act()
        messages.success(request, sentence)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('people-post', args=[row.pk])}")


def _permits(request: HttpRequest) -> Permits:
    return request.permits  # type: ignore[attr-defined, no-any-return]


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, ""))


def _number(request: HttpRequest, name: str) -> int:
    text = _text(request, name)
    if not text.isdigit():
        raise Refused(_("请选择人员"))
    return int(text)


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(_text(request, name))
    except ValueError:
        raise Refused(_("请写日期，例如 2005-10-12")) from None


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unknown from None
