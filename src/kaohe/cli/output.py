"""Where a command's result goes and in which format."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kaohe.cli.faults import bad_input
from kaohe.messages import text

_SUFFIXES = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".html": "html",
    ".txt": "table",
}
_BINARY = frozenset({"xlsx", "docx"})


@dataclass(frozen=True, slots=True)
class Output:
    """A format and a file, or stdout."""

    form: str
    place: Path | None

    def write(self, content: bytes) -> None:
        """Writes the whole content; a file appears complete or not at all."""
        if self.place is not None:
            _replace(self.place, content)
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()

    def write_text(self, print_to: Callable[[IO[str]], None]) -> None:
        """Writes what ``print_to`` prints; it sees a terminal only when there is one."""
        if self.place is None and sys.stdout.isatty():
            print_to(sys.stdout)
            return
        stream = io.StringIO()
        print_to(stream)
        self.write(stream.getvalue().encode())


def chosen_output(form: str | None, place: Path | None, known: Sequence[str]) -> Output:
    """The output asked for; raises ``KaoheError`` before any work when it cannot be written."""
    if place is not None:
        check_place(place)
    if form is not None:
        if form in _BINARY and place is None:
            raise bad_input(text("error.needs_output", format=form))
        return Output(form, place)
    if place is None:
        return Output("table", None)
    found = _SUFFIXES.get(place.suffix.lower())
    if found is None or found not in known:
        suffixes = "、".join(suffix for suffix, name in _SUFFIXES.items() if name in known)
        raise bad_input(text("error.format", path=place, known=suffixes))
    return Output(found, place)


def check_place(place: Path) -> None:
    """Raises ``KaoheError`` where nothing can be written."""
    if place.is_dir():
        raise bad_input(text("error.folder", path=place))
    if not place.parent.is_dir():
        raise bad_input(text("error.no_folder", path=place.parent))


def _replace(place: Path, content: bytes) -> None:
    if place.exists() and not place.is_file():
        place.write_bytes(content)  # /dev/stdout, a named pipe
        return
    handle, name = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(place.stat().st_mode & 0o777 if place.exists() else _usual_mode())
        os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
