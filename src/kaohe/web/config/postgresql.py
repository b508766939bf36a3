"""PostgreSQL's own programs, for a copy of the whole database as of one moment."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from kaohe.facts.errors import KaoheError
from kaohe.messages import text


@contextmanager
def one_moment(url: str) -> Iterator[tuple[Any, str]]:
    """A connection that sees the database as of one moment, and the name by which pg_dump sees the same."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert found is not None
        yield connection, found[0]


def dump(url: str, snapshot: str, place: Path) -> None:
    """Writes the database in PostgreSQL's own form."""
    _run("pg_dump", url, f"--snapshot={snapshot}", "--format=custom", "--no-owner", f"--file={place}")


def load(url: str, file: Path) -> None:
    """Fills an empty database; all of it or nothing. Raises ``KaoheError`` when it is not empty."""
    with psycopg.connect(url) as connection:
        if tables := tables_of(connection):
            raise KaoheError(text("init.used_database", table=tables[0]))
    name = unquote(urlsplit(url).path.lstrip("/"))
    _run("pg_restore", url, "--single-transaction", "--no-owner", f"--dbname={name}", str(file))


def tables_of(connection: Any) -> list[str]:
    """The names of all tables of the application."""
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    return [row[0] for row in connection.execute(asked).fetchall()]


def count(connection: Any, table: str) -> int:
    """How many rows a table has."""
    found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(found[0])


def _run(program: str, url: str, *arguments: str) -> None:
    parts = urlsplit(url)
    # In the environment, since other users of the machine see a command line.
    told = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    environment = {**os.environ, **{name: value for name, value in told.items() if value}}
    command = [_program(program), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().split("\n")[0]
        raise KaoheError(text("backup.program", program=program, reason=said))


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise KaoheError(text("backup.no_program", program=name))
    return found
