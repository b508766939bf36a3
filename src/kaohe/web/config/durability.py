"""What the database is asked before the first page: that its tables are ours, and that it forgets nothing."""

from __future__ import annotations

from contextlib import suppress

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from kaohe.facts.errors import KaoheError
from kaohe.messages import text

_SQLITE_FULL = 2
_SYNCHRONOUS = ("on", "remote_write", "remote_apply")


def refuse_outdated() -> None:
    """Raises ``KaoheError`` when migrations are not applied, or were applied by a newer program."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise KaoheError(text("serve.outdated", count=len(waiting)))
    ours = {app for app, _ in executor.loader.graph.nodes}
    unknown = {key for key in executor.loader.applied_migrations if key[0] in ours}
    newer = sorted(unknown - set(executor.loader.graph.nodes) - _replaced(executor))
    if newer:
        raise KaoheError(text("serve.newer", name=".".join(newer[0])))


def _replaced(executor: MigrationExecutor) -> set[tuple[str, str]]:
    return {key for one in executor.loader.disk_migrations.values() for key in one.replaces}


def refuse_forgetful() -> None:
    """Raises ``KaoheError`` unless what the database acknowledges survives a power cut.

    SQLite: a write-ahead log that is synchronised at each commit, and transactions that lock when they begin;
    PostgreSQL: a commit that waits for the disk, in a cluster that synchronises at all.
    """
    wrong = _sqlite_faults() if connection.vendor == "sqlite" else _postgresql_faults()
    if wrong:
        raise KaoheError([text("serve.forgetful", setting=name, value=found) for name, found in wrong])


def count_anew() -> None:
    """Lets SQLite count what its tables hold, a sample of each index: it plans by that. Takes milliseconds.

    PostgreSQL does so by itself. A disk without room is no reason not to serve.
    """
    if connection.vendor != "sqlite":
        return
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")


def _sqlite_faults() -> list[tuple[str, object]]:
    faults: list[tuple[str, object]] = []
    if (mode := _asked("PRAGMA journal_mode")) != "wal":
        faults.append(("journal_mode=WAL", mode))
    if (level := _asked("PRAGMA synchronous")) != _SQLITE_FULL:
        faults.append(("synchronous=FULL", level))
    if (keys := _asked("PRAGMA foreign_keys")) != 1:
        faults.append(("foreign_keys=ON", keys))
    if (begun := connection.transaction_mode) != "IMMEDIATE":
        faults.append(("transaction_mode=IMMEDIATE", begun))
    return faults


def _postgresql_faults() -> list[tuple[str, object]]:
    faults: list[tuple[str, object]] = []
    if (waits := _asked("SHOW synchronous_commit")) not in _SYNCHRONOUS:
        faults.append(("synchronous_commit=on", waits))
    for name in ("fsync", "full_page_writes"):
        if (value := _asked(f"SHOW {name}")) != "on":
            faults.append((f"{name}=on", value))
    return faults


def _asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
