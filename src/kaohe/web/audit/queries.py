"""The audit ledger as people read it: the history of a row, the events, who may look."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import AdminRole, Person, Post
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.kaohe_verify import receipt_code
from kaohe.web.audit.models import Event, Recorded, Touch
from kaohe.web.audit.recording import history
from kaohe.web.audit.words import (
    action_in_words,
    fields_by_column,
    label_in_words,
    models_by_table,
    table_in_words,
    value_in_words,
)

_UNREAD = frozenset({"id", "version", "password", "answer"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, in words; ``before`` is empty for a new row."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row: ``kind`` is created, changed or removed."""

    table: str
    key: str
    name: str
    kind: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event as people read it. ``code`` is that of its receipt."""

    seq: int
    at: datetime
    who: str
    posts: str
    action: str
    reason: str
    request: str
    code: str
    changes: tuple[RowChange, ...]

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """All changed fields, where the entry is about one row."""
        return tuple(field for change in self.changes for field in change.fields)


def may_audit(permits: Permits) -> bool:
    """Whether a person reads the whole ledger: the audit administrator, and who only views, from the top."""
    if permits.person.admin_role:
        return bool(permits.person.admin_role == AdminRole.AUDIT)
    return any(
        permit.verbs == {Verb.VIEW} and not permit.lines and permit.path.count("/") == 1
        for permit in permits.all
    )


def need_audit(permits: Permits) -> None:
    """Raises ``Unknown`` for everybody else."""
    if not may_audit(permits):
        raise Unknown


def history_of(row: Recorded) -> list[HistoryEntry]:
    """What happened to a row, oldest first; a constant number of queries."""
    events = history(row)
    return _entries(events, only=(row._meta.db_table, str(row.pk)))


def entry_of(event: Event) -> HistoryEntry:
    """One event with all that it changed."""
    return _entries([event])[0]


def event_for_receipt(permits: Permits, seq: int) -> Event:
    """The event of which a person may have the receipt: their own, any for an auditor; else ``Unknown``."""
    event = Event.objects.filter(pk=seq).first()
    mine = event is not None and event.actor == f"person:{permits.person.pk}"
    if event is None or not (mine or may_audit(permits)):
        raise Unknown
    return event


def events(
    *,
    action: str = "",
    actor: str = "",
    table: str = "",
    key: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Event]:
    """The events that answer a filter, newest first. ``actor`` is a person's name, or 系统."""
    found = Event.objects.order_by("-seq")
    if action:
        found = found.filter(action=action)
    if actor:
        keys = Person.objects.filter(name=actor).values_list("pk", flat=True)
        found = found.filter(
            actor__in=["system"] if actor == _("系统") else [f"person:{key}" for key in keys]
        )
    if table:
        touches = Touch.objects.filter(table=table, **({"key": key} if key else {}))
        found = found.filter(pk__in=touches.values("event_id"))
    if since:
        found = found.filter(at__date__gte=since)
    return found.filter(at__date__lte=until) if until else found


def entries(found: Iterable[Event]) -> list[HistoryEntry]:
    """Events as people read them, for a list: without their fields."""
    return _entries(list(found), brief=True)


def actions_known() -> list[tuple[str, str]]:
    """The actions that there are, with their words."""
    names = Event.objects.order_by("action").values_list("action", flat=True).distinct()
    return [(name, action_in_words(name)) for name in names]


def _entries(
    found: Sequence[Event], only: tuple[str, str] | None = None, *, brief: bool = False
) -> list[HistoryEntry]:
    bodies = [json.loads(event.body) for event in found]
    changes = [_chosen(body["changes"], only) for body in bodies]
    names = _people({event.actor for event in found})
    posts = _posts({code for body in bodies for code in body["posts"]})
    linked = {} if brief else _linked(change for some in changes for change in some)
    return [
        HistoryEntry(
            seq=event.seq,
            at=event.at,
            who=names.get(event.actor, _("系统")),
            posts="、".join(posts.get(code, code) for code in body["posts"]),
            action=action_in_words(event.action),
            reason=body["reason"],
            request=body["request"] or "",
            code=receipt_code(event.hash),
            changes=tuple(_row_change(change, linked, brief) for change in some),
        )
        for event, body, some in zip(found, bodies, changes, strict=True)
    ]


def _chosen(changes: list[dict[str, Any]], only: tuple[str, str] | None) -> list[dict[str, Any]]:
    return [change for change in changes if only is None or (change["table"], change["key"]) == only]


def _row_change(change: Mapping[str, Any], linked: Mapping[tuple[str, str], str], brief: bool) -> RowChange:
    before, after = change["before"], change["after"]
    kind = "created" if before is None else "removed" if after is None else "changed"
    fields = () if brief else tuple(_field_changes(change["table"], before or {}, after or {}, linked))
    return RowChange(change["table"], change["key"], table_in_words(change["table"]), kind, fields)


def _field_changes(
    table: str, before: Mapping[str, Any], after: Mapping[str, Any], linked: Mapping[tuple[str, str], str]
) -> Iterable[FieldChange]:
    known = fields_by_column(table)
    for column in [*known, *sorted({*before, *after} - set(known))]:
        old, new = before.get(column), after.get(column)
        if column in _UNREAD or old == new or (not before and new in ("", None, "{}")):
            continue
        field = known.get(column)
        yield FieldChange(
            label_in_words(field) if field else column,
            value_in_words(field, old, linked) if before else "",
            value_in_words(field, new, linked) if after else "",
        )


def _people(actors: Iterable[str]) -> dict[str, str]:
    """The names of actors; of those erased, only that they were."""
    keys = [actor.partition(":")[2] for actor in actors if actor.startswith("person:")]
    if not keys:
        return {}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))
    # Whoever was erased has no name left.
    return {f"person:{key}": names.get(int(key)) or _("已删除的人") for key in keys}


def _posts(codes: set[str]) -> dict[str, str]:
    return dict(Post.objects.filter(code__in=codes).values_list("code", "title")) if codes else {}


def _linked(changes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The names of rows that changed keys point at: one query a table."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        for column, field in fields_by_column(change["table"]).items():
            if isinstance(field, models.ForeignKey) and _has_name(field.related_model):
                images = (image for image in (change["before"], change["after"]) if image)
                wanted[field.related_model._meta.db_table] |= {
                    str(image[column]) for image in images if image.get(column) is not None
                }
    by_table = models_by_table()
    return {
        (table, str(row.pk)): _name(row)
        for table, keys in wanted.items()
        if keys
        for row in by_table[table]._base_manager.filter(pk__in=keys)
    }


def _name(row: models.Model) -> str:
    if isinstance(row, Person) and not row.name:
        return _("已删除的人")
    return str(row)


def _has_name(model: type[models.Model]) -> bool:
    """Whether a model has words of its own: "Observation object (5)" tells a reader nothing."""
    return model.__str__ is not models.Model.__str__
