"""The second step of signing in: whom it is asked of, and its way through the session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from kaohe.web.accounts.models import LiveSession, Person
from kaohe.web.accounts.permissions import Permits
from kaohe.web.accounts.sealing import opened
from kaohe.web.accounts.totp import accepted_step

_WAITING = "second"
_MINUTES = 5
_TRIES = 5


def must_enrol(permits: Permits) -> bool:
    """Whether the site asks codes of one of the person's roles, and the person has no authenticator yet.

    The roles are names of administrators or of verbs: ``totp_roles = ["security", "verify"]``.
    """
    asked = set(settings.SITE.totp_roles)
    if not asked or permits.person.totp_secret:
        return False
    held = {verb.value for permit in permits.all for verb in permit.verbs}
    return bool(asked & {permits.person.admin_role, *held})


def begin(session: SessionBase, person: Person, onward: str) -> None:
    """Remembers who has given the right password and still owes a code."""
    session.cycle_key()
    session[_WAITING] = {"person": person.pk, "at": _now(), "onward": onward, "tries": 0}


def waiting(session: SessionBase) -> dict[str, Any] | None:
    """Who owes a code, for five minutes and five tries."""
    told: dict[str, Any] | None = session.get(_WAITING)
    if told is None or _now() - told["at"] > _MINUTES * 60 or told["tries"] >= _TRIES:
        session.pop(_WAITING, None)
        return None
    return told


def missed(session: SessionBase) -> None:
    """Counts a wrong code."""
    session[_WAITING]["tries"] += 1
    session.modified = True


def done(session: SessionBase) -> None:
    """Forgets who was waiting."""
    session.pop(_WAITING, None)


def accept(person: Person, code: str) -> bool:
    """Whether the code is the person's now; a code works once."""
    live, _made = LiveSession.objects.get_or_create(person=person)
    secret = opened(person.totp_secret, person.pk)
    step = accepted_step(secret, code, _now(), live.totp_step) if secret is not None else None
    if step is None:
        return False
    changed = LiveSession.objects.filter(pk=live.pk, totp_step__lt=step).update(totp_step=step)
    return changed == 1


def _now() -> int:
    return int(timezone.now().timestamp())
