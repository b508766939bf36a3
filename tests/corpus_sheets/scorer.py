"""Scores a reading against the expected cells: right, asked, silently wrong, asked without need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

FIELDS = ("unit", "indicator", "parent", "period", "role", "value", "measure", "presence", "record")


@dataclass
class Score:
    """Counts of cells; ``wrong`` and ``needless`` say which."""

    cells: int = 0
    right: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        self.cells += other.cells
        self.right += other.right
        self.asked += other.asked
        self.wrong += other.wrong
        self.needless += other.needless
        return self

    @property
    def over_asked(self) -> int:
        """Cells asked about although the expectation does not ask, or holds no figure there."""
        return len(self.needless)

    def summary(self) -> str:
        """The counts as one line."""
        return (
            f"{self.cells} cells, {self.right} right, {self.asked} asked ({self.over_asked} over-asked), "
            f"{len(self.wrong)} silently wrong: {self.share:.2f} %"
        )

    @property
    def share(self) -> Decimal:
        """Right or asked about, in percent."""
        return Decimal(100 * (self.right + self.asked)) / max(self.cells, 1)


def expected_of(path: Path) -> list[dict[str, Any]]:
    """The cells that lie beside a workbook, from its own ``.jsonl``."""
    return [json.loads(line) for line in path.with_name(path.name + ".jsonl").read_text("utf-8").splitlines()]


def score(name: str, expected: Iterable[Mapping[str, Any]], lines: str) -> Score:
    """Compares the lines of a reading with what is expected of a workbook."""
    read = [json.loads(line) for line in lines.splitlines()]
    cells = {(each["sheet"], each["cell"]): each for each in read if not _is_range(each["cell"])}
    ranges = [(each["sheet"], each["cell"]) for each in read if each["asked"]]
    found = Score()
    seen = set()
    for each in expected:
        key = (each["sheet"], each["cell"])
        seen.add(key)
        found.cells += 1
        got = cells.get(key)
        asked = (got or {}).get("asked") or any(_covers(area, key) for area in ranges)
        if asked:
            found.asked += 1
            if not each["asked"]:
                found.needless.append(f"{name} {key}: {(got or {}).get('question')}")
        elif each["asked"] or got is None:
            found.wrong.append(f"{name} {key}: {'not asked' if each['asked'] else 'not read'}")
        else:
            _compare(found, name, each, got)
    for key, got in cells.items():
        if key not in seen and got["asked"]:
            found.needless.append(f"{name} {key}: no figure, {got['question']}")
        elif key not in seen:
            found.cells += 1
            found.wrong.append(f"{name} {key}: no figure, read as {got['value']} {got['indicator']}")
    return found


def _compare(found: Score, name: str, each: Mapping[str, Any], got: Mapping[str, Any]) -> None:
    differing = [f"{f}={got[f]!r}≠{each[f]!r}" for f in FIELDS if not _same(f, each[f], got[f])]
    if differing:
        found.wrong.append(f"{name} {each['cell']}: {', '.join(differing)}")
    else:
        found.right += 1


def _same(key: str, wanted: object, got: object) -> bool:
    if key == "value" and wanted is not None and got is not None:
        return Decimal(str(wanted)) == Decimal(str(got))
    return (wanted or None) == (got or None)


def _is_range(cell: str) -> bool:
    return cell == "*" or ":" in cell


def _covers(area: tuple[str, str], key: tuple[str, str]) -> bool:
    sheet, cells = area
    if sheet != key[0]:
        return False
    if cells == "*" or cells == key[1]:
        return True
    if ":" not in cells:
        return False
    (top, left), (bottom, right) = map(place_of, cells.split(":"))
    row, column = place_of(key[1])
    return top <= row <= bottom and left <= column <= right


def place_of(cell: str) -> tuple[int, int]:
    """Row and column of a cell's name, both from 1."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column
