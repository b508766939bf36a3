"""A ledger as one zip that ``kaohe_verify`` reads: for PostgreSQL, and for checking on another machine.

The zip holds the audit tables and every protected table as SQLite keeps them, the public key, and what
``evidence`` asks for. It holds all that the database holds about people: keep it as carefully.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from kaohe.web.audit.images import recorded_models
from kaohe.web.audit.keys import PUBLIC
from kaohe.web.audit.models import Checkpoint, Event, Head, Salt, Touch

_AUDIT: tuple[type[models.Model], ...] = (Event, Touch, Salt, Head, Checkpoint)
_BATCH = 1000


def export(place: Path, *, evidence: bool = False) -> None:
    """Writes the zip (mode 0600), all tables as of one moment; with the evidence files if asked."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        _copy_tables(file)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, "ledger.sqlite3")
            if (settings.SITE.keys / PUBLIC).is_file():
                archive.write(settings.SITE.keys / PUBLIC, f"keys/{PUBLIC}")
            for path in _evidence_files() if evidence else ():
                archive.write(path, f"evidence/{path.parent.name}/{path.name}")


def _evidence_files() -> Iterator[Path]:
    yield from (path for path in sorted(settings.SITE.evidence.glob("*/*")) if path.is_file())


def _copy_tables(file: Path) -> None:
    outermost = not connection.in_atomic_block
    with closing(sqlite3.connect(file)) as copy, transaction.atomic():
        # Within somebody's transaction its own view of the tables is the one asked for.
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in (*_AUDIT, *recorded_models()):
            _copy(model._meta.db_table, model, copy)
        copy.commit()


def _copy(table: str, model: type[models.Model], copy: sqlite3.Connection) -> None:
    """Every column that the database has, whatever the model says: a column too many must be seen."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        names = [column[0] for column in cursor.description]
        quoted = ", ".join(f'"{name}"' for name in names)
        copy.execute(f'CREATE TABLE "{table}" ({quoted})')
        marks = ", ".join("?" * len(names))
        json_columns = {
            field.column for field in model._meta.concrete_fields if isinstance(field, models.JSONField)
        }
        while rows := cursor.fetchmany(_BATCH):
            copy.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})',
                [[_sqlite(v, n in json_columns) for n, v in zip(names, row, strict=True)] for row in rows],
            )


def _sqlite(value: Any, is_json: bool) -> Any:
    """A value as Django keeps it in SQLite."""
    if value is None or type(value) in (int, str, bytes):
        return value
    if is_json:
        return json.dumps(value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return str(value)
    return int(value) if isinstance(value, bool) else bytes(value)
