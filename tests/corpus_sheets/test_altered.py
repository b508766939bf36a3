"""An altered workbook gives the same figures or questions, never other figures."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from kaohe.reading.sheets import read_sheets
from kaohe.reading.sheets.child import parsed
from kaohe.reading.sheets.gate import admitted

sys.path.insert(0, str(Path(__file__).parent))
from altering import ALTERATIONS, Altered, Expected, Sheets
from scorer import expected_of, score

FILES = sorted(
    path for folder in ("files", "blind6") for path in (Path(__file__).parent / folder).iterdir()
    if path.suffix != ".jsonl"
)  # fmt: skip
# A figure merged with the one below; blank cells that a note defines, below a blank heading.
LEFT_OUT = {
    ("unmerged", "C10龙头乡农村公路养护统计表.xlsx"),
    ("without_a_heading", "03-各月为列.xlsx"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_altered_is_never_read_as_something_else(path: Path) -> None:
    sheets, expected = parsed(admitted(path), path), expected_of(path)
    for alter in ALTERATIONS:
        if (alter.__name__, path.name) in LEFT_OUT:
            continue
        new, wanted = _altered(alter.__name__, path, sheets, expected)
        found = score(f"{alter.__name__} {path.name}", wanted, read_sheets(new, path.name).lines())
        assert not found.wrong, alter.__doc__


def _altered(name: str, path: Path, sheets: Sheets, expected: Expected) -> Altered:
    alter = next(each for each in ALTERATIONS if each.__name__ == name)
    return alter(sheets, expected, random.Random(f"{name} {path.name}"))
