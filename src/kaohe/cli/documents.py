"""The documents that a command line names, one after the other: a bad one stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from kaohe.cli.faults import bad_input, reason_of
from kaohe.cli.output import Output
from kaohe.cli.progress import progress
from kaohe.facts.errors import KaoheError
from kaohe.messages import text

T = TypeVar("T")
READABLE = frozenset({".txt", ".docx", ".docm", ".doc", ".wps", ".rtf", ".pdf", ".html", ".htm"})
_SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Given:
    """A document and its name as told: that of the file, or its path within the folder given."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of a document: a result, or why there is none."""

    given: Given
    result: T | None
    faults: tuple[str, ...] = ()


def documents_of(given: Sequence[Path], place: Path | None = None) -> list[Given]:
    """The files as given, and all documents in the folders given, by path.

    Hidden files, lock files (~$) and what lies in ``place``, where results are written, are left out.
    Raises ``KaoheError`` when a folder holds no document.
    """
    found: list[Given] = []
    for path in given:
        found += _within(path, place) if path.is_dir() else [Given(path, path.name)]
    return found


def is_batch(given: Sequence[Path]) -> bool:
    """Whether more than one document may be meant."""
    return len(given) > 1 or any(path.is_dir() for path in given)


def is_folder(place: Path | None) -> bool:
    """Whether results go into a folder, one file a document."""
    return place is not None and (place.is_dir() or not place.suffix)


def _within(folder: Path, place: Path | None) -> list[Given]:
    apart = place.resolve() if place is not None and is_folder(place) else None
    if apart == folder.resolve():
        raise bad_input(text("error.same_folder", path=folder))
    paths = sorted(path for path in _walked(folder, apart) if path.suffix.lower() in READABLE)
    if not paths:
        raise bad_input(text("error.no_documents", path=folder, known=" ".join(sorted(READABLE))))
    return [Given(path, path.relative_to(folder).as_posix()) for path in paths]


def _walked(folder: Path, apart: Path | None) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = [
            name for name in folders if not name.startswith(".") and (Path(here) / name).resolve() != apart
        ]
        yield from (Path(here) / name for name in names if not name.startswith((".", "~$")))


def outcomes(given: Sequence[Given], label: str, work: Callable[[Given], T]) -> Iterator[Outcome[T]]:
    """The outcome of each document, in order, with a bar on a terminal past two seconds."""
    with progress(label, len(given)) as advance:
        for one in given:
            yield _outcome(one, work)
            advance()


def _outcome(given: Given, work: Callable[[Given], T]) -> Outcome[T]:
    try:
        return Outcome(given, work(given))
    except KaoheError as error:
        return Outcome(given, None, tuple(_named(message, given) for message in error.messages))
    except OSError as error:
        fault = text("error.file", path=given.name, reason=reason_of(error))
        return Outcome(given, None, (fault,))


def _named(message: str, given: Given) -> str:
    """Messages name the file; within a folder its path says which of several."""
    own = given.path.name
    return given.name + message.removeprefix(own) if message.startswith(own) else message


class Folder:
    """The folder of the results: a file a document under the document's own path, and a summary."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._taken = {f"{_SUMMARY}.csv", f"{_SUMMARY}.html"}

    def write(self, given: Given, suffix: str, content: bytes) -> str:
        """Writes a result; gives its name within the folder. Never over the document itself."""
        name = self._name(given, suffix)
        place = self.place / name
        if place.resolve() == given.path.resolve():
            raise bad_input(text("error.over_input", path=place))
        place.parent.mkdir(parents=True, exist_ok=True)
        Output(suffix, place).write(content)
        return name

    def write_summary(self, suffix: str, content: bytes) -> None:
        """Writes the summary beside the results."""
        self.place.mkdir(parents=True, exist_ok=True)
        Output(suffix, self.place / f"{_SUMMARY}.{suffix}").write(content)

    def _name(self, given: Given, suffix: str) -> str:
        name = Path(given.name).with_suffix(f".{suffix}").as_posix()
        if name in self._taken:
            name = f"{given.name}.{suffix}"
        number = 2
        while name in self._taken:
            name, number = f"{given.name}.{number}.{suffix}", number + 1
        self._taken.add(name)
        return name
