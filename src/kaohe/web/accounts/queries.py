"""What the security administrator sees of people and posts: who may do what, and no figure at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaohe.web.accounts.actions import holdings_on, need_security
from kaohe.web.accounts.models import AdminRole, Grant, Holding, Person, Post
from kaohe.web.accounts.permissions import Permits, Unknown, Verb, permits_of_post
from kaohe.web.accounts.roles import ROLES
from kaohe.web.config.clock import today
from kaohe.web.ledger.choices import MessageKind, State
from kaohe.web.ledger.models import Line, Message, Observation, ReportingDuty, ReportingUnit, Target
from kaohe.web.supervision.models import Task, TaskState
from kaohe.web.ui.period import last_month

VERB_WORDS = {
    Verb.VIEW: gettext_lazy("查看"),
    Verb.ENTER: gettext_lazy("填报"),
    Verb.SUBMIT: gettext_lazy("上报"),
    Verb.REVIEW: gettext_lazy("审核"),
    Verb.VERIFY: gettext_lazy("认定"),
    Verb.ASSIGN: gettext_lazy("下达目标"),
    Verb.SUPERVISE: gettext_lazy("督办"),
    Verb.IMPORT: gettext_lazy("导入"),
    Verb.PUBLISH: gettext_lazy("计分和发布"),
    Verb.CLOSE: gettext_lazy("结账"),
    Verb.PEOPLE: gettext_lazy("人员"),
}
ROLE_WORDS = {
    "clerk": gettext_lazy("党政办文书"),
    "owner": gettext_lazy("经办、村报账员"),
    "deputy": gettext_lazy("分管领导"),
    "leader": gettext_lazy("主要领导"),
    "verifier": gettext_lazy("部门认定"),
    "county": gettext_lazy("考核办"),
    "auditor": gettext_lazy("审计"),
}


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant in words."""

    grant: Grant
    lines: str
    verbs: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A kind of thing that goes over with a post: how many there are, and what they are, without figures."""

    heading: str
    items: tuple[str, ...]


def people(permits: Permits) -> QuerySet[Person]:
    """Everybody, with the posts they hold today."""
    need_security(permits)
    now = Prefetch("holdings", _today(Holding.objects).select_related("post__unit"), to_attr="held")
    return Person.objects.prefetch_related(now).order_by("admin_role", "id")


def person(permits: Permits, pk: int) -> Person:
    """One person; raises ``Unknown`` for any that there is not."""
    return _found(people(permits).filter(pk=pk))


def person_facts(row: Person) -> dict[str, object]:
    """Whether the person is signed in or locked out, and every post they have held."""
    failed = AccessAttempt.objects.filter(
        username=row.username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    live = getattr(row, "live_session", None)
    return {
        "signed_in": live is not None and bool(live.session_key),
        "locked": failed.exists(),
        "holdings": row.holdings.select_related("post__unit").order_by("-since", "-id"),
        "role": AdminRole(row.admin_role).label if row.admin_role else "",
    }


def posts(permits: Permits) -> QuerySet[Post]:
    """Every post with who holds it today."""
    need_security(permits)
    now = Prefetch("holdings", _today(Holding.objects).select_related("person"), to_attr="held")
    return Post.objects.select_related("unit").prefetch_related(now).order_by("order", "id")


def post(permits: Permits, pk: int) -> Post:
    """One post; raises ``Unknown`` for any that there is not."""
    return _found(posts(permits).filter(pk=pk))


def grant_rows(row: Post) -> list[GrantRow]:
    """The grants of a post in words."""
    names = dict(Line.objects.values_list("code", "name"))
    return [
        GrantRow(
            grant,
            "、".join(names.get(code, code) for code in grant.lines.split()),
            "、".join(str(VERB_WORDS[Verb(word)]) for word in grant.verbs.split()),
        )
        for grant in row.grants.select_related("unit").order_by("id")
    ]


def grant(permits: Permits, pk: int) -> Grant:
    """One grant with its post."""
    need_security(permits)
    return _found(Grant.objects.select_related("post", "unit").filter(pk=pk))


def holding(permits: Permits, pk: int) -> Holding:
    """One holding with its person and post."""
    need_security(permits)
    return _found(Holding.objects.select_related("post", "person").filter(pk=pk))


def unit(permits: Permits, code: str) -> ReportingUnit:
    """A unit to put a post or a grant in."""
    need_security(permits)
    return _found(open_units().filter(code=code))


def open_units() -> QuerySet[ReportingUnit]:
    """The units that are not closed, the way the tree reads."""
    day = today()
    return ReportingUnit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("path")


def may_hold_posts() -> QuerySet[Person]:
    """Who can be appointed: everybody who signs in and is no administrator."""
    return Person.objects.filter(is_active=True, admin_role="").order_by("id")


def verb_choices() -> list[tuple[str, str]]:
    """The verbs with their words."""
    return [(verb.value, str(VERB_WORDS[verb])) for verb in Verb]


def role_choices() -> list[tuple[str, str, str]]:
    """The usual roles: their name, their words, and their verbs."""
    return [
        (name, str(ROLE_WORDS[name]), "、".join(str(VERB_WORDS[verb]) for verb in verbs))
        for name, verbs in ROLES.items()
    ]


# --- hand-over ----------------------------------------------------------------------------------------


def leaving(row: Post, day: date) -> Sequence[Holding]:
    """Who holds the post on the day, or left it the day before."""
    return [each for each in row.holdings.select_related("person") if _was_there(each, day)]


def coming(row: Post, day: date) -> Holding | None:
    """Who began on the day."""
    return row.holdings.select_related("person").filter(since=day).order_by("-id").first()


def goes_over(permits: Permits, row: Post) -> list[HandedOver]:
    """What lies with a post today, by kind; names of things only, since an administrator sees no figure."""
    need_security(permits)
    held = permits_of_post(row, permits.person)
    names = [each.person.name for each in holdings_on(row, today())]
    return [
        HandedOver(_("待填报、退回未改"), tuple(_open_cells(held))),
        HandedOver(_("已上报待审核"), tuple(_figures(held, Verb.REVIEW, State.SUBMITTED))),
        HandedOver(_("已审核待认定"), tuple(_figures(held, Verb.VERIFY, State.REVIEWED))),
        HandedOver(_("负责的目标"), tuple(_targets(held, names, row.unit))),
        HandedOver(_("没有办结的措施"), tuple(_tasks(held, names))),
        HandedOver(_("未答复的异议"), tuple(_unanswered(held))),
    ]


def _open_cells(held: Permits) -> Iterator[str]:
    yield from _figures(held, Verb.ENTER, State.DRAFT, State.RETURNED)
    month = last_month()
    there = Observation.objects.filter(unit=OuterRef("unit"), indicator=OuterRef("indicator"), month=month)
    due = ReportingDuty.objects.filter(
        held.figures(Verb.ENTER), ~Exists(there), Q(last_month="") | Q(last_month__gte=month),
        first_month__lte=month, indicator__numerator__isnull=True, indicator__official=False,
    )  # fmt: skip
    for each in due.select_related("unit", "indicator").order_by("unit__order", "indicator__order"):
        yield _("%(unit)s %(name)s %(month)s（未填）") % _told(each.unit, each.indicator, month)


def _figures(held: Permits, verb: Verb, *states: State) -> Iterator[str]:
    rows = Observation.objects.filter(held.figures(verb), state__in=states)
    for row in rows.select_related("unit", "indicator").order_by("month", "unit__order", "indicator__order"):
        told = _told(row.unit, row.indicator, row.month) | {"state": State(row.state).label}
        yield _("%(unit)s %(name)s %(month)s（%(state)s）") % told


def _targets(held: Permits, names: Sequence[str], unit: ReportingUnit) -> Iterator[str]:
    """The newest targets of which one of those people is owner or leader, or that the post's unit leads."""
    mine = (
        Q(owner__in=names) | Q(accountable_leader__in=names) | (Q(lead_unit=unit) & held.figures(Verb.ENTER))
    )
    rows = Target.objects.filter(held.figures(), mine).select_related("unit", "indicator")
    told = (
        _("%(unit)s %(name)s %(month)s") % _told(row.unit, row.indicator, row.period)
        for row in rows.order_by("-period", "unit__order", "indicator__order")
    )
    yield from dict.fromkeys(told)


def _tasks(held: Permits, names: Sequence[str]) -> Iterator[str]:
    """The open tasks that one of those people owns, or that the post reports or supervises."""
    either = held.figures(Verb.ENTER) | held.figures(Verb.SUPERVISE) | (held.figures() & Q(owner__in=names))
    rows = Task.objects.filter(either, state=TaskState.OPEN).select_related("unit", "indicator")
    for row in rows.order_by("due", "unit__order", "order"):
        told = {"unit": row.unit, "name": row.indicator or "", "code": row.code, "due": row.due or "—"}
        yield _("%(unit)s %(name)s 措施 %(code)s（期限 %(due)s）") % told


def _unanswered(held: Permits) -> Iterator[str]:
    seen = Observation.objects.filter(held.figures(Verb.VERIFY) | held.figures(Verb.REVIEW))
    later = Message.objects.filter(
        observation=OuterRef("observation"), kind=MessageKind.ANSWER, at__gt=OuterRef("at")
    )
    rows = Message.objects.filter(~Exists(later), kind=MessageKind.OBJECTION, observation__in=seen)
    for row in rows.select_related("observation__unit", "observation__indicator"):
        about = row.observation
        yield _("%(unit)s %(name)s %(month)s") % _told(about.unit, about.indicator, about.month)


def _told(where: ReportingUnit, indicator: object, month: str) -> dict[str, object]:
    return {"unit": where, "name": indicator, "month": month}


def _was_there(each: Holding, day: date) -> bool:
    return each.since < day and (each.until is None or (each.until - day).days >= -1)


def _today(rows: QuerySet[Holding]) -> QuerySet[Holding]:
    day = today()
    return rows.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day).order_by("since", "id")


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Unknown
    return row
