"""Writes protected rows: every change of an action and its event in the audit ledger, in one transaction.

::

    with recorded("observation.save", by=person, reason="更正笔误") as entry:
        entry.create(observation)
        entry.update(target, where={"version": 3})
    entry.seq            # the event's number, once the block has ended
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from kaohe.web.audit.models import Event, Recorded, Touch


class Conflict(Exception):
    """The row changed since it was read: ``row`` is as it was meant, the database keeps the other's."""

    def __init__(self, row: Recorded) -> None:
        super().__init__(f"{row._meta.db_table} {row.pk} was changed by somebody else")
        self.row = row


class Entry:
    """The changes of one action while they are made; ``seq`` is known when the action has ended."""

    def __init__(self, action: str, by: str, reason: str) -> None:
        self.action, self.by, self.reason = action, by, reason
        self.changes: list[dict[str, Any]] = []
        self.seq: int | None = None

    def create(self, *rows: Recorded) -> None:
        """Inserts rows."""
        for row in rows:
            row.save(force_insert=True)
            self._note(row, None, image(row))

    def update(self, *rows: Recorded, where: Mapping[str, object] | None = None) -> None:
        """Writes rows as they are now; ``where`` names values that the stored row must still have.

        Raises ``Conflict`` when it has not, and the whole action is undone.
        """
        for row in rows:
            stored = type(row)._default_manager.filter(pk=row.pk, **(where or {})).first()
            if stored is None:
                raise Conflict(row)
            row.save(force_update=True)
            self._note(row, image(stored), image(row))

    def delete(self, *rows: Recorded) -> None:
        """Removes rows; their last image stays in the audit ledger."""
        for row in rows:
            before = image(row)
            key = row.pk
            row.delete()
            row.pk = key
            self._note(row, before, None)

    def _note(self, row: Recorded, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.changes.append(
            {"table": row._meta.db_table, "key": str(row.pk), "before": before, "after": after}
        )


@contextmanager
def recorded(action: str, *, by: models.Model | None, reason: str = "") -> Iterator[Entry]:
    """One action: what is written inside is kept whole with its event, or not at all.

    ``by`` is the person who acts, None for the system itself. An action that changed nothing leaves no event.
    """
    entry = Entry(action, f"person:{by.pk}" if by is not None else "system", reason)
    with transaction.atomic():
        yield entry
        if entry.changes:
            entry.seq = _append(entry)


def history(row: Recorded) -> Sequence[Event]:
    """The events that changed a row, oldest first."""
    return list(
        Event.objects.filter(touches__table=row._meta.db_table, touches__key=str(row.pk)).order_by("seq")
    )


def image(row: Recorded) -> dict[str, Any]:
    """A row as plain values, by column."""
    return {field.column: _plain(field.value_from_object(row)) for field in row._meta.concrete_fields}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(timezone.UTC if hasattr(timezone, "UTC") else None).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _append(entry: Entry) -> int:
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    body = json.dumps({"changes": entry.changes, "reason": entry.reason}, ensure_ascii=False, sort_keys=True)
    event = Event.objects.create(
        seq=last + 1, at=timezone.now(), action=entry.action, actor=entry.by, body=body
    )
    Touch.objects.bulk_create(
        Touch(event=event, table=change["table"], key=change["key"]) for change in entry.changes
    )
    return event.seq
