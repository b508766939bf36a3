"""People, posts, and what a post may do where.

A person holds posts for a time; a post has grants; a grant is a set of verbs on a subtree of reporting units
and a set of lines. The three administrators (系统、安全、审计) are roles of a person who holds no post.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_noop

from kaohe.web.audit.models import Recorded


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the name they sign in with.

    Each comes with the live session, which every request asks for: one query less a page.
    """

    def get_queryset(self) -> models.QuerySet[Person]:
        return super().get_queryset().select_related("live_session")

    def get_by_natural_key(self, username: str) -> Person:
        return self.get(username=username)


class AdminRole(models.TextChoices):
    """The three exclusive administrators (三员分立)."""

    NONE = "", "无"
    SYSTEM = "system", gettext_noop("系统管理员")
    SECURITY = "security", gettext_noop("安全管理员")
    AUDIT = "audit", gettext_noop("审计管理员")


class Person(AbstractBaseUser, Recorded):
    """Somebody who signs in."""

    personal = ("username", "name", "password", "totp_secret")

    last_login = None
    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    admin_role = models.CharField("管理员", max_length=10, choices=AdminRole.choices, blank=True, default="")
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=True)

    # Sealed: see ``accounts.sealing``.
    totp_secret = models.CharField("动态口令密钥", max_length=120, blank=True, default="")

    USERNAME_FIELD = "username"
    objects = PersonManager()

    class Meta:
        db_table = "accounts_person"

    def __str__(self) -> str:
        return self.name


class LiveSession(models.Model):
    """The one session of a person: signing in elsewhere ends it. ``totp_step`` is the last code used."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="live_session", verbose_name="人员")
    session_key = models.CharField(max_length=64)
    totp_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "accounts_livesession"


class Post(Recorded):
    """A post in a unit (岗位): what may be done belongs to it and not to the person who holds it."""

    code = models.CharField("代码", max_length=40, unique=True)
    title = models.CharField("岗位", max_length=60)
    unit = models.ForeignKey(
        "ledger.ReportingUnit", models.PROTECT, related_name="posts", verbose_name="单位"
    )
    order = models.IntegerField("次序", default=0)

    class Meta:
        db_table = "accounts_post"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title


class Holding(Recorded):
    """That a person holds a post from a day on, and until which day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        db_table = "accounts_holding"


class Grant(Recorded):
    """What a post may do: ``verbs`` on the units under ``unit``, for ``lines`` (all when none is named).

    ``verbs`` and ``lines`` are words apart by a space, in the order of ``permissions.Verb`` and of the lines.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="grants", verbose_name="岗位")
    unit = models.ForeignKey(
        "ledger.ReportingUnit", models.PROTECT, related_name="grants", verbose_name="单位"
    )
    lines = models.TextField("条线", blank=True, default="")
    verbs = models.TextField("职权")

    class Meta:
        db_table = "accounts_grant"
