"""The workbooks of our own making: every cell right or asked about, none silently wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kaohe.reading.sheets import WorkbookReading, read_sheets, read_workbook
from kaohe.reading.sheets.child import parsed
from kaohe.reading.sheets.gate import admitted

sys.path.insert(0, str(Path(__file__).parent))
from scorer import Score, expected_of, score

FILES = sorted(
    path for folder in ("files", "blind", "blind6") for path in (Path(__file__).parent / folder).iterdir()
    if path.suffix != ".jsonl"
)  # fmt: skip


def reading_of(path: Path) -> WorkbookReading:
    """The reading: through the child process for ``files``, here and now for the rest, which is quicker."""
    if path.parent.name == "files":
        return read_workbook(path)
    return read_sheets(parsed(admitted(path), path), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_cell_is_silently_wrong(path: Path) -> None:
    found = score(path.name, expected_of(path), reading_of(path).lines())
    assert not found.wrong
    assert not found.needless


if __name__ == "__main__":
    total = Score()
    for file in FILES:
        if len(sys.argv) > 1 and not any(file.name.startswith(each) for each in sys.argv[1:]):
            continue
        one = score(file.name, expected_of(file), reading_of(file).lines())
        print(f"{file.name}: {one.summary()}")
        for line in (*one.wrong, *(f"needless {each}" for each in one.needless)):
            print("   ", line)
        total += one
    print(total.summary())
