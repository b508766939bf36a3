"""A made-up county with its ledger and report, and a review workbook as a person edits it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from kaohe.cli import main

COUNTY = Path(__file__).parent / "county"

Rows = list[dict[str, str]]


class Clerk:
    """What a person at the desk does: gives commands, reads and edits a workbook, saves it."""

    def run(self, *arguments: object) -> Result:
        """A command."""
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    def rows(self, workbook: Path) -> Rows:
        """The rows of a review workbook by heading, as texts."""
        sheet = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_name("核定").to_python()
        headings = [str(cell) for cell in sheet[0]]
        return [{name: _text(cell) for name, cell in zip(headings, row, strict=True)} for row in sheet[1:]]

    def save(self, rows: Rows, workbook: Path, headings: list[str] | None = None) -> Path:
        """The rows as a workbook of texts, its columns in the order of ``headings``."""
        names = headings or list(rows[0])
        with xlsxwriter.Workbook(str(workbook)) as book:
            page = book.add_worksheet("核定")
            for at, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
                for place, name in enumerate(names):
                    page.write_string(at, place, row.get(name, ""))
        return workbook


def _text(cell: object) -> str:
    return format(cell, ".15g") if isinstance(cell, float) else str(cell)


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def county() -> Path:
    """The folder of the county: its ledger and its report."""
    return COUNTY


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A copy of the county's ledger, free to be changed."""
    return Path(shutil.copytree(COUNTY / "ledger", tmp_path / "台账"))


@pytest.fixture
def review(clerk: Clerk, tmp_path: Path, ledger: Path) -> Path:
    """The review workbook of the county's report."""
    place = tmp_path / "核定.xlsx"
    result = clerk.run("read", COUNTY / "report.txt", "--propose", ledger, "--year", 2023, "-o", place)
    assert result.exit_code == 0, result.output
    return place


@pytest.fixture
def accepted(clerk: Clerk, tmp_path: Path, ledger: Path) -> Callable[[Rows], Result]:
    """Saves rows and accepts them into the ledger."""

    def done(rows: Rows) -> Result:
        return clerk.run("accept", clerk.save(rows, tmp_path / "改过.xlsx"), ledger)

    return done
