"""A progress bar past two seconds on a terminal; silence otherwise."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

PATIENCE = 2.0
_REFRESH = 0.2


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """Shows ``label`` and a bar on stderr while the body takes longer than two seconds.

    The body calls what it is given after each of its ``total`` steps; without steps the bar only moves.
    """
    steps = _Steps(total if total is not None and total > 1 else None)
    if not sys.stderr.isatty():
        yield steps.advance
        return
    finished = threading.Event()
    watcher = threading.Thread(target=_watch, args=(label, steps, finished), daemon=True)
    watcher.start()
    try:
        yield steps.advance
    finally:
        finished.set()
        watcher.join()


class _Steps:
    """How many steps are done."""

    def __init__(self, total: int | None) -> None:
        self.total, self.done = total, 0

    def advance(self) -> None:
        self.done += 1


def _watch(label: str, steps: _Steps, finished: threading.Event) -> None:
    if finished.wait(PATIENCE):
        return
    counted: tuple[ProgressColumn, ...] = () if steps.total is None else (MofNCompleteColumn(),)
    columns = (TextColumn("{task.description}"), BarColumn(), *counted, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(label, total=steps.total)
        while not finished.wait(_REFRESH):
            shown.update(task, completed=steps.done)
