"""What changes people and posts: one function a verb."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from kaohe.web.accounts.models import LiveSession, Person
from kaohe.web.audit.recording import recorded


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
