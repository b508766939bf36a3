"""The access log: who consulted or took away what is about persons, as events like any other."""

from __future__ import annotations

from kaohe.web.accounts.models import Person
from kaohe.web.audit.models import Access
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock


def note_access(action: str, *, by: Person, what: str, unit: str) -> int | None:
    """Records an access before anything is shown; returns the event's number.

    ``what`` names the thing and ``unit`` whose it is; nothing of its content.
    """
    with recorded(action, by=by) as entry:
        entry.create(Access(by=by, at=clock.now(), what=what[:200], unit=unit[:60]))
    return entry.seq
