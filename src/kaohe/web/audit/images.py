"""A row as the audit ledger writes it: every column as plain JSON, personal ones as a keyed hash.

How a value is written depends on its *kind*, which the ledger's schema names for every column; kinds and
texts belong to the format (docs/reference/audit-ledger.md) and never change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from kaohe.web.audit.kaohe_verify import commitment
from kaohe.web.audit.models import Recorded

_KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "bool"),
    (models.DecimalField, "decimal"),
    (models.IntegerField, "int"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.TimeField, "time"),
    (models.UUIDField, "uuid"),
    (models.BinaryField, "bytes"),
    (models.JSONField, "json"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)

_WRITERS: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "int": int,
    "decimal": str,
    "datetime": lambda value: instant(value),
    "date": lambda value: value.isoformat(),
    "time": lambda value: value.isoformat(),
    "uuid": lambda value: value.hex,
    "bytes": lambda value: bytes(value).hex(),
    "json": lambda value: value,
    "text": str,
}


def instant(value: datetime) -> str:
    """A moment in UTC with microseconds.

    >>> instant(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    '2026-11-24T08:00:00.000000Z'
    """
    if value.tzinfo is None:
        raise TypeError("a recorded moment needs a time zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@cache
def kind(field: models.Field[Any, Any]) -> str:
    """The kind of a field; raises ``TypeError`` for fields that are not exact, such as floats."""
    if isinstance(field, models.ForeignKey):
        return kind(field.target_field)
    for known, name in _KINDS:
        if isinstance(field, known):
            return f"decimal:{field.decimal_places}" if name == "decimal" else name
    raise TypeError(f"{field} cannot be recorded")


def personal_columns(model: type[Recorded]) -> frozenset[str]:
    """The columns about a person."""
    return frozenset(model._meta.get_field(name).column for name in model.personal)


def settle(row: Recorded) -> None:
    """Gives every field the value that the database will give back: its own type, text in NFC."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is not None and not hasattr(value, "resolve_expression"):
            setattr(row, field.attname, _settled(field, value))


def _settled(field: models.Field[Any, Any], value: Any) -> Any:
    value = (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return value


def image(row: Recorded, salt: str | None = None) -> dict[str, Any]:
    """A settled row by column. ``salt`` is that of its personal fields, empty once they were erased."""
    hidden = personal_columns(row._meta.model)
    values = {field.column: _plain(field, row) for field in row._meta.concrete_fields}
    return {column: _hidden(row, column, v, salt) if column in hidden else v for column, v in values.items()}


def _plain(field: models.Field[Any, Any], row: Recorded) -> Any:
    value = getattr(row, field.attname)
    return None if value is None else _WRITERS[kind(field).partition(":")[0]](value)


def _hidden(row: Recorded, column: str, value: Any, salt: str | None) -> Any:
    if salt is None:
        raise LookupError(f"{row._meta.db_table} {row.pk} has no salt")
    if not salt:
        return {"blank": value}
    if value is None:
        return None
    # HMAC-SHA256 whatever the ledger's hash: a commitment stays as it was made.
    return {"hmac": commitment(salt, row._meta.db_table, column, value)}


def recorded_models() -> Iterator[type[Recorded]]:
    """Every protected table's model."""
    for model in apps.get_models():
        if issubclass(model, Recorded) and model._meta.managed and not model._meta.proxy:
            yield model


def schema() -> dict[str, Any]:
    """What the ledger must know to rebuild the tables: their columns and kinds, keys and personal columns."""
    return {model._meta.db_table: _table(model) for model in recorded_models()}


def _table(model: type[Recorded]) -> dict[str, Any]:
    if model._meta.local_many_to_many:
        raise TypeError(f"{model.__name__}: links between rows need a recorded table of their own")
    return {
        "key": model._meta.pk.column,
        "personal": sorted(personal_columns(model)),
        "columns": {field.column: kind(field) for field in model._meta.concrete_fields},
    }
