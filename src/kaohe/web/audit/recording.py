"""Writes protected rows: every change of an action and its event in the audit ledger, in one transaction.

::

    with recorded("observation.save", by=person, reason="更正笔误") as entry:
        entry.create(observation)
        entry.update(target, where={"version": 3})
        entry.update(*cells, where=lambda cell: {"version": seen[cell.pk]})
    entry.seq            # the event's number, once the block has ended

Many rows of one model in one call cost a few queries, whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import connection, models, transaction
from django.db.models.deletion import Collector

from kaohe.web.audit.chain import append, reshaping
from kaohe.web.audit.images import image, personal_columns, settle
from kaohe.web.audit.models import Event, Recorded
from kaohe.web.audit.salts import blank_salt, drop_salts, new_salts, salts_of
from kaohe.web.config.clock import today

Where = Mapping[str, object] | Callable[[Any], Mapping[str, object]]
_CHUNK = 400  # SQLite takes 999 parameters a query.


class Conflict(Exception):
    """A row changed since it was read.

    ``row`` is as it was meant, ``stored`` as somebody else left it (None: it is gone, or not known); ``all``
    are all such pairs of the call.
    """

    def __init__(
        self,
        row: Recorded,
        stored: Recorded | None = None,
        all: Sequence[tuple[Recorded, Recorded | None]] = (),
    ) -> None:
        super().__init__(f"{row._meta.db_table} {row.pk} was changed by somebody else")
        self.row, self.stored, self.all = row, stored, tuple(all) or ((row, stored),)


class Entry:
    """The changes of one action while they are made; ``seq`` is known when the action has ended."""

    def __init__(self, action: str, by: str, posts: Sequence[str], reason: str) -> None:
        self.action, self.by, self.posts, self.reason = action, by, posts, reason
        self.changes: list[dict[str, Any]] = []
        self.seq: int | None = None

    def create(self, *rows: Recorded) -> None:
        """Inserts rows."""
        for wave in _waves(rows):
            for row in wave:
                settle(row)
            type(wave[0])._base_manager.bulk_create(wave)
            salts = new_salts(wave)
            for row in wave:
                settle(row)
                self._note(row, None, image(row, salts.get(row.pk)))

    def update(self, *rows: Recorded, where: Where | None = None) -> None:
        """Writes rows as they are now.

        ``where`` names values that the stored row must still have, for all rows or row by row. Raises
        ``Conflict`` when one has not, and the whole action is undone.
        """
        for group in _by_model(rows):
            stored = _locked(group)
            _refuse_conflicts(group, stored, where)
            salts = salts_of(group)
            pairs = []
            for row in group:
                _prepare(row)
                salt = salts.get(row.pk)
                before, after = image(stored[row.pk], salt), image(row, salt)
                self._note(row, before, after)
                pairs.append((row, tuple(name for name in after if after[name] != before[name])))
            _write(pairs)

    def delete(self, *rows: Recorded) -> None:
        """Removes rows and what falls with them; their last image stays in the audit ledger."""
        for group in _by_model(rows):
            stored = _locked(group)
            _refuse_conflicts(group, stored, None)
            collector = Collector(using=connection.alias)
            collector.collect(list(stored.values()))
            for falling in _falling(collector):
                salts = salts_of(falling)
                for row in falling:
                    self._note(row, image(row, salts.get(row.pk)), None)
                drop_salts(falling)
            collector.delete()

    def erase(self, row: Recorded) -> None:
        """Blanks the personal fields of a row and destroys their salt: nobody can tell what they were.

        The row stays, and so does the chain. Raises ``TypeError`` for a row without personal fields.
        """
        if not type(row).personal:
            raise TypeError(f"{row._meta.db_table} holds nothing personal")
        stored = _locked([row]).get(row.pk)
        if stored is None:
            raise Conflict(row)
        before = image(stored, salts_of([row]).get(row.pk))
        blank_salt(row)
        for one in (stored, row):
            _blank(one)
        self._note(row, before, image(stored, ""))
        _write([(stored, tuple(personal_columns(type(row))))])

    def _note(self, row: Recorded, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.changes.append(
            {"table": row._meta.db_table, "key": str(row.pk), "before": before, "after": after}
        )


@contextmanager
def recorded(action: str, *, by: models.Model | None, reason: str = "") -> Iterator[Entry]:
    """One action: what is written inside is kept whole with its event, or not at all.

    ``by`` is the person who acts, None for the system itself. An action that changed nothing leaves no event.
    """
    with transaction.atomic():
        reshaped = reshaping()
        entry = Entry(action, f"person:{by.pk}" if by is not None else "system", _posts(by), reason)
        yield entry
        if entry.changes:
            entry.seq = append(
                action=action,
                actor=entry.by,
                posts=entry.posts,
                reason=reason,
                changes=entry.changes,
                reshaped=reshaped,
            )


def erase(row: Recorded, *, by: models.Model | None, reason: str = "") -> int | None:
    """Erases the personal fields of a row as an action of its own; returns the event's number."""
    with recorded(f"{row._meta.model_name}.erase", by=by, reason=reason) as entry:
        entry.erase(row)
    return entry.seq


def history(row: Recorded) -> Sequence[Event]:
    """The events that changed a row, oldest first."""
    return list(
        Event.objects.filter(touches__table=row._meta.db_table, touches__key=str(row.pk)).order_by("seq")
    )


def _posts(by: models.Model | None) -> list[str]:
    """The codes of the posts that a person holds, so that a reader knows in which capacity they acted."""
    held = getattr(by, "holdings", None)
    if held is None:
        return []
    day = today()
    still = models.Q(until__isnull=True) | models.Q(until__gte=day)
    now = held.filter(still, since__lte=day).order_by("post__code")
    return list(now.values_list("post__code", flat=True).distinct())


def _waves(rows: Sequence[Recorded]) -> Iterator[list[Recorded]]:
    """Runs of rows of one model; a row that points at an unsaved one waits until that has its key."""
    wave: list[Recorded] = []
    for row in rows:
        if wave and (type(row) is not type(wave[0]) or _points_at(row, wave)):
            yield wave
            wave = []
        wave.append(row)
    if wave:
        yield wave


def _points_at(row: Recorded, wave: Sequence[Recorded]) -> bool:
    links = (field for field in row._meta.concrete_fields if field.is_relation)
    seen = (row._state.fields_cache.get(field.name) for field in links)
    unsaved = {id(one) for one in seen if one is not None and one.pk is None}
    return bool(unsaved) and any(id(one) in unsaved for one in wave)


def _by_model(rows: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    for _, group in groupby(rows, key=type):
        yield list(group)


def _locked(rows: Sequence[Recorded]) -> dict[Any, Recorded]:
    """The rows as they are stored, kept for this transaction (on SQLite, the database already is)."""
    keys = sorted({row.pk for row in rows if row.pk is not None})
    query = type(rows[0])._base_manager.order_by("pk")
    if connection.features.has_select_for_update:
        query = query.select_for_update()
    chunks = (keys[i : i + _CHUNK] for i in range(0, len(keys), _CHUNK))
    return {row.pk: row for chunk in chunks for row in query.filter(pk__in=chunk)}


def _refuse_conflicts(rows: Sequence[Recorded], stored: Mapping[Any, Recorded], where: Where | None) -> None:
    told = where if callable(where) else lambda _: where or {}
    pairs = [(row, stored.get(row.pk)) for row in rows]
    lost = [(row, kept) for row, kept in pairs if kept is None or not _still(kept, told(row))]
    if lost:
        raise Conflict(*lost[0], all=lost)


def _still(stored: Recorded, where: Mapping[str, object]) -> bool:
    return all(_same(stored, stored._meta.get_field(name), value) for name, value in where.items())


def _same(stored: Recorded, field: models.Field[Any, Any], value: Any) -> bool:
    value = value.pk if isinstance(value, models.Model) else value
    kept = getattr(stored, field.attname)
    return bool(kept == (value if value is None else field.to_python(value)))


def _prepare(row: Recorded) -> None:
    for field in row._meta.concrete_fields:
        field.pre_save(row, add=False)
    settle(row)


def _write(pairs: Iterable[tuple[Recorded, tuple[str, ...]]]) -> None:
    """Writes the changed columns; rows that changed in the same columns go in one statement."""
    by_columns: dict[tuple[str, ...], list[Recorded]] = {}
    for row, columns in pairs:
        if columns:
            by_columns.setdefault(columns, []).append(row)
    for columns, rows in by_columns.items():
        _write_columns(rows, columns)


def _write_columns(rows: Sequence[Recorded], columns: tuple[str, ...]) -> None:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if field.column in columns]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_stored_values(row, [*fields, meta.pk]) for row in rows])


def _stored_values(row: Recorded, fields: Iterable[models.Field[Any, Any]]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _falling(collector: Collector) -> Iterator[list[Recorded]]:
    """The protected rows that a deletion removes, by model; those that it would change it may not."""
    for field, _ in collector.field_updates:
        if issubclass(field.model, Recorded):
            raise TypeError(f"{field} would change without a record")
    sets = [list(rows) for rows in collector.data.values()]
    for rows in [*map(list, collector.fast_deletes), *sets]:
        if rows and isinstance(rows[0], Recorded):
            yield rows


def _blank(row: Recorded) -> None:
    for name in type(row).personal:
        field = row._meta.get_field(name)
        if field.null:
            value = None
        elif field.unique:
            value = f"erased-{row.pk}"
        else:
            value = field.to_python("")
        setattr(row, field.attname, value)
