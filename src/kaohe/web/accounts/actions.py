"""What changes people and posts: one function a verb.

Only the security administrator appoints and grants, and has no data rights; whoever is an administrator
holds no post, and nobody is two administrators (三员分立).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from axes.utils import reset as forget_failures
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import AdminRole, Grant, Holding, LiveSession, Person, Post
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.accounts.sealing import sealed
from kaohe.web.audit.recording import recorded
from kaohe.web.config.clock import today
from kaohe.web.config.founding import one_time_password
from kaohe.web.ledger.models import Line, ReportingUnit

_CODE = re.compile(r"[\w.@+-]{1,40}")


class Refused(Exception):
    """The action cannot be done as things are; the message says why, to the person who tried."""


@dataclass(frozen=True, slots=True)
class Appointed:
    """A person with the password that is shown once and must be changed at the first sign-in."""

    person: Person
    password: str


# --- one's own ----------------------------------------------------------------------------------------


def take_over_session(*, person: Person, session: SessionBase) -> None:
    """Makes this the person's one live session."""
    if not session.session_key:
        session.save()
    LiveSession.objects.update_or_create(person=person, defaults={"session_key": session.session_key})


def change_password(*, person: Person, password: str) -> None:
    """Sets a person's own password, which need not be changed again."""
    person.set_password(password)
    person.must_change_password = False
    with recorded("person.change_password", by=person) as entry:
        entry.update(person)


def enrol_authenticator(*, person: Person, secret: str) -> None:
    """Binds the person's authenticator, whose codes are asked from the next sign-in on."""
    person.totp_secret = sealed(secret, person.pk)
    with recorded("person.enrol_authenticator", by=person) as entry:
        entry.update(person)


# --- people -------------------------------------------------------------------------------------------


def add_person(*, permits: Permits, username: str, name: str, admin_role: str = "") -> Appointed:
    """Makes a sign-in; its one-time password is told once and kept nowhere."""
    need_security(permits)
    username, name = username.strip(), name.strip()
    if not _CODE.fullmatch(username):
        raise Refused(_("登录名用汉字、字母、数字，不留空格，最多 40 个字"))
    if not name or len(name) > 60:
        raise Refused(_("请写姓名，最多 60 个字"))
    if admin_role not in AdminRole.values:
        raise Unknown
    if Person.objects.filter(username=username).exists():
        raise Refused(_("登录名“%(name)s”已经有人用了") % {"name": username})
    password = one_time_password()
    person = Person(username=username, name=name, admin_role=admin_role)
    person.set_password(password)
    with recorded("person.create", by=permits.person) as entry:
        entry.create(person)
    return Appointed(person, password)


def reset_password(*, permits: Permits, person: Person) -> Appointed:
    """Gives a new one-time password and ends the person's session."""
    need_security(permits)
    _not_oneself(permits, person)
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    with recorded("person.reset_password", by=permits.person) as entry:
        entry.update(person)
        _end_session(person)
    return Appointed(person, password)


def set_active(*, permits: Permits, person: Person, active: bool) -> Person:
    """Lets a person sign in, or no longer; whoever is disabled is out at once."""
    need_security(permits)
    _not_oneself(permits, person)
    person.is_active = active
    with recorded("person.enable" if active else "person.disable", by=permits.person) as entry:
        entry.update(person)
        if not active:
            _end_session(person)
    return person


def end_session(*, permits: Permits, person: Person) -> None:
    """Signs a person out wherever they are."""
    need_security(permits)
    _end_session(person)


def unlock(*, permits: Permits, person: Person) -> None:
    """Forgets the wrong passwords, so that the person need not wait."""
    need_security(permits)
    forget_failures(username=person.username)


def clear_authenticator(*, permits: Permits, person: Person) -> Person:
    """Unbinds a lost authenticator."""
    need_security(permits)
    _not_oneself(permits, person)
    person.totp_secret = ""
    with recorded("person.clear_authenticator", by=permits.person) as entry:
        entry.update(person)
    return person


# --- posts --------------------------------------------------------------------------------------------


def add_post(*, permits: Permits, code: str, title: str, unit: ReportingUnit) -> Post:
    """Makes a post in a unit; it may do nothing until something is granted."""
    need_security(permits)
    code, title = code.strip(), title.strip()
    if not _CODE.fullmatch(code):
        raise Refused(_("岗位代码用汉字、字母、数字，不留空格，最多 40 个字"))
    if not title or len(title) > 60:
        raise Refused(_("请写岗位名称，最多 60 个字"))
    if Post.objects.filter(code=code).exists():
        raise Refused(_("岗位代码“%(code)s”已经用过") % {"code": code})
    last = Post.objects.order_by("-order").first()
    post = Post(code=code, title=title, unit=unit, order=last.order + 1 if last else 0)
    with recorded("post.create", by=permits.person) as entry:
        entry.create(post)
    return post


def add_grant(
    *, permits: Permits, post: Post, unit: ReportingUnit, lines: Sequence[str], verbs: Sequence[str]
) -> Grant:
    """Grants verbs on a unit and all below it, for the lines (all when none is named)."""
    need_security(permits)
    chosen = {verb for verb in Verb if verb.value in verbs}
    if not chosen:
        raise Refused(_("请至少选一项职权"))
    known = list(Line.objects.filter(code__in=lines).values_list("code", flat=True))
    if len(known) != len(set(lines)):
        raise Unknown
    told = " ".join(verb.value for verb in Verb if verb in chosen | {Verb.VIEW})
    grant = Grant(post=post, unit=unit, lines=" ".join(known), verbs=told)
    with recorded("grant.create", by=permits.person) as entry:
        entry.create(grant)
    return grant


def remove_grant(*, permits: Permits, grant: Grant) -> None:
    """Takes a grant away; it holds no longer from the next request on."""
    need_security(permits)
    with recorded("grant.delete", by=permits.person) as entry:
        entry.delete(grant)


def begin_holding(*, permits: Permits, post: Post, person: Person, since: date) -> Holding:
    """Appoints a person to a post from a day on."""
    need_security(permits)
    _may_hold(post, person, since)
    holding = Holding(post=post, person=person, since=since)
    with recorded("holding.begin", by=permits.person) as entry:
        entry.create(holding)
    return holding


def end_holding(*, permits: Permits, holding: Holding, until: date) -> Holding:
    """Ends a holding with a day, which is the last."""
    need_security(permits)
    if holding.until is not None and holding.until < today():
        raise Refused(_("这次任职已经结束"))
    if until < holding.since:
        raise Refused(_("结束的日子早于任职的日子"))
    holding.until = until
    with recorded("holding.end", by=permits.person) as entry:
        entry.update(holding)
    return holding


def hand_over(*, permits: Permits, post: Post, successor: Person, day: date) -> int | None:
    """Hands a post over in one event: its holders end the day before, the successor begins on the day.

    Returns the event's number. Raises ``Refused`` when a holder began on the day or later, or when the
    successor may not hold a post.
    """
    need_security(permits)
    leaving = list(holdings_on(post, day))
    if not leaving:
        raise Refused(_("这个岗位那天没有人在任，请直接安排任职"))
    if any(holding.since >= day for holding in leaving):
        raise Refused(_("现任任职之日不早于交接之日"))
    _may_hold(post, successor, day)
    for holding in leaving:
        holding.until = day - timedelta(days=1)
    with recorded("post.hand_over", by=permits.person) as entry:
        entry.update(*leaving)
        entry.create(Holding(post=post, person=successor, since=day))
    return entry.seq


def holdings_on(post: Post, day: date) -> QuerySet[Holding]:
    """Who holds a post on a day."""
    still = Q(until__isnull=True) | Q(until__gte=day)
    return post.holdings.filter(still, since__lte=day).select_related("person").order_by("since", "id")


def need_security(permits: Permits) -> None:
    """Raises ``Unknown`` for everybody but the security administrator."""
    permits.need_administrator(AdminRole.SECURITY)


def _may_hold(post: Post, person: Person, since: date) -> None:
    if person.admin_role:
        raise Refused(_("%(name)s 是管理员，管理员不任岗位（三员分立）") % {"name": person.name})
    if not person.is_active:
        raise Refused(_("%(name)s 已停用，请先启用") % {"name": person.name})
    later = Q(until__isnull=True) | Q(until__gte=since)
    if Holding.objects.filter(later, post=post, person=person).exists():
        raise Refused(_("%(name)s 已在这个岗位上") % {"name": person.name})


def _not_oneself(permits: Permits, person: Person) -> None:
    if person.pk == permits.person.pk:
        raise Refused(_("不能对自己办这件事，请另一位安全管理员办理"))


def _end_session(person: Person) -> None:
    live = LiveSession.objects.filter(person=person).first()
    if live is not None and live.session_key:
        Session.objects.filter(session_key=live.session_key).delete()
        LiveSession.objects.filter(pk=live.pk).update(session_key="")
