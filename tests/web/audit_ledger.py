"""A small ledger for the audit tests: some rows of each kind, written as the app writes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kaohe.web.accounts.models import Person, Post
from kaohe.web.audit.export import export
from kaohe.web.audit.kaohe_verify import Report, verify
from kaohe.web.audit.keys import PUBLIC, make_key
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.models import Indicator, Line, Observation, ReportingUnit


@contextmanager
def signing() -> Iterator[Path]:
    """The site has a key while the block runs; gives its public half."""
    folder = settings.SITE.keys
    if not (folder / PUBLIC).is_file():
        make_key(folder)
    yield folder / PUBLIC


def write_town() -> tuple[Person, list[Observation]]:
    """A person with a post, a unit, twelve indicators and their cells, submitted; two events."""
    unit = ReportingUnit(code="lin", name="林溪镇", short_name="林溪", kind="town", path="lin/")
    line = Line(code="industry", name="工业线")
    person = Person(username="zhou", name="周敏", password="!")
    with recorded("site.begin", by=None) as entry:
        entry.create(unit, line, person)
        entry.create(Post(code="lin-clerk", title="考核办", unit=unit))
        indicators = [Indicator(code=f"i{n}", line=line, name=f"指标{n}") for n in range(12)]
        entry.create(*indicators)
    cells = [
        Observation(
            unit=unit,
            indicator=indicator,
            month="2026-10",
            value="12.5",
            entered_by=person,
            entered_at=timezone.now(),
        )
        for indicator in indicators
    ]
    with recorded("observation.submit", by=person) as entry:
        entry.create(*cells)
    return person, cells


def verified(tmp: Path, receipts: Sequence[Path] = (), key: Path | None = None) -> Report:
    """What the verifier says of the test's database (a test on PostgreSQL checks an export)."""
    place = tmp / "export.zip"
    export(place)
    return verify(place, receipts=receipts, key=key)


def alter(statement: str, *values: object) -> None:
    """Changes the database as somebody with SQL would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def sql(file: Path, statement: str, *values: object) -> int:
    """Changes a copy of a database file; returns how many rows it changed."""
    with closing(sqlite3.connect(file)) as database, database:
        return database.execute(statement, values).rowcount
