"""The same server, made careless in one way: negative controls, which must be seen to lose data.

``python -m benchmarks.faults.careless FOLDER PORT WAY``. Its workers import this module too, so that the
carelessness holds in each.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = "benchmarks.faults.careless_settings"


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """What granian serves: the app after it was spoiled."""
    return _spoiled()(environ, start)


_app: list[Callable[..., Any]] = []


def _spoiled() -> Callable[..., Any]:
    if not _app:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        from django.core.wsgi import get_wsgi_application

        app = get_wsgi_application()
        spoil(os.environ["KAOHE_CARELESS"])
        _app.append(app)
    return _app[0]


def spoil(way: str) -> None:
    """Takes one care away from the loaded program."""
    {
        "late": _answer_before_commit,
        "piecemeal": _import_without_transaction,
        "unsynced-files": _files_without_fsync,
    }.get(way, lambda: None)()


def _answer_before_commit() -> None:
    """Commits a third of a second later at the earliest: answers go out first."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    last = [time.monotonic()]

    def begin(self: Any) -> None:
        if not self.connection.in_transaction:
            self.cursor().execute("BEGIN IMMEDIATE")

    def commit(self: Any) -> None:
        if time.monotonic() - last[0] > 0.3:
            last[0] = time.monotonic()
            self.connection.commit()

    DatabaseWrapper._start_transaction_under_autocommit = begin
    DatabaseWrapper._commit = commit
    # Setting the isolation level, even to what it is, commits.
    DatabaseWrapper._set_autocommit = lambda self, autocommit: None


def _import_without_transaction() -> None:
    """Each row of an import on its own, and the event after all of them."""
    from kaohe.web.audit import recording
    from kaohe.web.ledger import import_actions

    class OneByOne(recording.Entry):
        def create(self, *rows: Any) -> None:
            for row in rows:
                super().create(row)
                # As on a slow disk: without it the fault seldom falls between two rows.
                time.sleep(0.02)

    @contextmanager
    def unprotected(action: str, *, by: Any, reason: str = "") -> Iterator[recording.Entry]:
        entry = OneByOne(action, f"person:{by.pk}", [], reason)
        yield entry
        with recording.recorded(action, by=by, reason=reason) as last:
            last.changes += entry.changes

    import_actions.recorded = unprotected  # type: ignore[assignment]


def _files_without_fsync() -> None:
    from kaohe.web.documents import storage

    class Unsynced:
        def __getattr__(self, name: str) -> Any:
            return (lambda handle: None) if name == "fsync" else getattr(os, name)

    storage.os = Unsynced()  # type: ignore[assignment]


def main(folder: Path, port: int) -> None:
    from kaohe.web.config import durability, server

    server.SETTINGS, server.APPLICATION = SETTINGS, "benchmarks.faults.careless:application"
    server._THREADS = 1 if os.environ["KAOHE_CARELESS"] == "late" else server._THREADS
    durability.refuse_forgetful = lambda: None  # type: ignore[assignment]
    server.run(folder, "127.0.0.1", port, workers=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
