"""Who may do what where: a question to the grants of the posts that a person holds today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.db.models import F, Q

from kaohe.web.accounts.models import Grant, Person, Post
from kaohe.web.config.clock import today
from kaohe.web.ledger.models import Indicator, ReportingUnit


class Verb(Enum):
    """What can be done to a unit's figures and targets."""

    VIEW = "view"
    ENTER = "enter"
    SUBMIT = "submit"
    REVIEW = "review"
    VERIFY = "verify"
    ASSIGN = "assign"
    SUPERVISE = "supervise"
    IMPORT = "import"
    PUBLISH = "publish"
    CLOSE = "close"
    PEOPLE = "people"


class Forbidden(Exception):
    """The person may not do this; what they may not even see is ``Unknown`` instead."""


class Unknown(Exception):
    """For this person the object does not exist."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A grant as a value: verbs on the units whose path begins with ``path``, for ``lines`` (all if none)."""

    path: str
    lines: frozenset[str]
    verbs: frozenset[Verb]

    def covers(self, unit: ReportingUnit, line: str | None) -> bool:
        """Whether the unit is in the subtree, and the line in the set; no line asks about any line."""
        return unit.path.startswith(self.path) and (not self.lines or line is None or line in self.lines)


@dataclass(frozen=True, slots=True)
class Permits:
    """All that one person may do, from the posts held today.

    ``seat`` is the post that the top of a page names: of several the one held for the shortest time.
    """

    person: Person
    all: tuple[Permit, ...]
    seat: Post | None = None

    def may(self, verb: Verb, unit: ReportingUnit, line: str | None = None) -> bool:
        """Whether one of the grants gives the verb on the unit and the line."""
        return any(verb in permit.verbs and permit.covers(unit, line) for permit in self.all)

    def may_cell(self, verb: Verb, unit: ReportingUnit, indicator: Indicator) -> bool:
        """Whether one of the grants gives the verb on a unit's figure of an indicator."""
        return self.may(verb, unit, indicator.line.code)

    def need(self, verb: Verb, unit: ReportingUnit, line: str | None = None) -> None:
        """Raises ``Unknown`` for what the person may not see, ``Forbidden`` when only the verb is lacking."""
        if not self.may(Verb.VIEW, unit, line):
            raise Unknown
        if not self.may(verb, unit, line):
            raise Forbidden

    def units(self, verb: Verb = Verb.VIEW) -> Q:
        """The condition on ``ReportingUnit`` that keeps the units on which the person has the verb."""
        return _any(Q(path__startswith=permit.path) for permit in self.having(verb))

    def figures(self, verb: Verb = Verb.VIEW) -> Q:
        """The condition on rows with ``unit`` and ``indicator`` that keeps those where the verb is given."""
        return _any(_figure_condition(permit) for permit in self.having(verb))

    def need_administrator(self, role: object) -> None:
        """Raises ``Unknown`` for everybody but this one of the three administrators."""
        if self.person.admin_role != role:
            raise Unknown

    def having(self, verb: Verb) -> Iterator[Permit]:
        """The permits that give a verb."""
        return (permit for permit in self.all if verb in permit.verbs)


def permits_of(person: Person) -> Permits:
    """What a person may do today; one query. An administrator has no data rights, whatever posts say."""
    day = today()
    held = Q(post__holdings__person=person, post__holdings__since__lte=day)
    still = Q(post__holdings__until__isnull=True) | Q(post__holdings__until__gte=day)
    if not person.is_active or person.admin_role:
        return Permits(person, ())
    rows = Grant.objects.filter(held & still).annotate(since=F("post__holdings__since"))
    grants = list(rows.select_related("unit", "post__unit__parent").order_by("-since", "post__order"))
    distinct = {grant.pk: grant for grant in grants}
    seat = grants[0].post if grants else None
    return Permits(person, tuple(map(_permit, distinct.values())), seat)


def permits_of_post(post: Post, person: Person) -> Permits:
    """What a post may do, whoever holds it; ``person`` is who asks."""
    return Permits(person, tuple(map(_permit, post.grants.select_related("unit"))))


def _permit(grant: Grant) -> Permit:
    return Permit(
        grant.unit.path, frozenset(grant.lines.split()), frozenset(Verb(word) for word in grant.verbs.split())
    )


def _figure_condition(permit: Permit) -> Q:
    where = Q(unit__path__startswith=permit.path)
    return where & Q(indicator__line__code__in=permit.lines) if permit.lines else where


def _any(conditions: Iterable[Q]) -> Q:
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either
