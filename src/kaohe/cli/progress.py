"""A progress bar past two seconds on a terminal; silence otherwise."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

PATIENCE = 2.0


@contextmanager
def progress(label: str) -> Iterator[None]:
    """Shows ``label`` and a moving bar on stderr while the body takes longer than two seconds."""
    if not sys.stderr.isatty():
        yield
        return
    finished = threading.Event()
    watcher = threading.Thread(target=_watch, args=(label, finished), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        finished.set()
        watcher.join()


def _watch(label: str, finished: threading.Event) -> None:
    if finished.wait(PATIENCE):
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        shown.add_task(label, total=None)
        finished.wait()
