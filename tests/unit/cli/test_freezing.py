"""``kaohe score --freeze``: written whole, once, and read by what comes later."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kaohe
from kaohe.cli import main
from kaohe.demo import folder

YEAR = """
scheme: 全年
language: kaohe/1
id: total
frequency: quarterly
criteria:
  - {id: quarter, figure: output}
  - id: year
    each: {periods: [2023-Q1, 2023-Q2]}
    item: {figure: score(quarter)}
    combine: sum
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    copied = tmp_path / "ledger"
    shutil.copytree(folder() / "ledger", copied)
    return copied


def test_a_frozen_run_says_what_it_was_made_of(ledger: Path) -> None:
    result = run("score", folder() / "town.yaml", ledger, "--freeze")
    assert result.exit_code == 0, result.stderr
    place = ledger / "frozen" / "town" / "2005-01_2005-09"
    assert sorted(path.name for path in place.iterdir()) == [
        "run.json",
        "scheme.yaml",
        "sheet.csv",
        "working.jsonl",
    ]
    told = json.loads((place / "run.json").read_text(encoding="utf-8"))
    sheet = (place / "sheet.csv").read_bytes()
    assert told["result_hash"] == hashlib.sha256(sheet).hexdigest()
    assert told["scheme_hash"] == hashlib.sha256((folder() / "town.yaml").read_bytes()).hexdigest()
    assert told["facts_hash_of"] == "ledger"
    assert told["kaohe"] == kaohe.__version__
    assert sheet.decode() == kaohe.score(folder() / "town.yaml", ledger).to_csv()
    workings = [json.loads(line) for line in (place / "working.jsonl").read_text("utf-8").splitlines()]
    assert [working["unit"] for working in workings] == list(
        kaohe.score(folder() / "town.yaml", ledger).units
    )


def test_a_second_freeze_is_refused_and_changes_nothing(ledger: Path) -> None:
    run("score", folder() / "town.yaml", ledger, "--freeze")
    place = ledger / "frozen" / "town" / "2005-01_2005-09"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    result = run("score", folder() / "town.yaml", ledger, "--freeze", "--format", "csv")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "已经封存" in result.stderr and "sheet.csv" in result.stderr
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_later_figures_do_not_change_a_frozen_quarter(tmp_path: Path) -> None:
    scheme, table = tmp_path / "year.yaml", tmp_path / "figures.csv"
    scheme.write_text(YEAR, encoding="utf-8")
    text = "unit,output,output.2023-01/2023-03,output.2023-04/2023-06,output.2023-01/2023-06\n"
    table.write_text(text + "甲镇,3,1,2,3\n", encoding="utf-8")
    assert run("score", scheme, table, "--period", "2023-Q1", "--freeze").exit_code == 0
    first = (tmp_path / "frozen" / "year" / "2023-01_2023-03" / "sheet.csv").read_text("utf-8")
    table.write_text(text + "甲镇,9,7,2,9\n", encoding="utf-8")
    now = kaohe.score(scheme, table, "2023-Q2")
    frozen_quarter = first.splitlines()[1].split(",")[first.splitlines()[0].split(",").index("quarter")]
    later = kaohe.explain(scheme, table, "甲镇", "year", "2023-Q2").nodes[0].members
    assert str(later[0].value) == frozen_quarter
    assert any("2023-01/2023-03" in note and "封存" in note for note in now.notes)


def test_a_sheet_without_a_period_cannot_be_frozen(tmp_path: Path) -> None:
    scheme, table = tmp_path / "s.yaml", tmp_path / "t.csv"
    scheme.write_text("scheme: a\nlanguage: kaohe/1\nid: total\nfigure: a\n", encoding="utf-8")
    table.write_text("unit,a\n甲,1\n", encoding="utf-8")
    result = run("score", scheme, table, "--freeze")
    assert (result.exit_code, "--period" in result.stderr) == (2, True)
    assert not (tmp_path / "frozen").exists()


def test_a_score_out_of_its_range_is_not_frozen(tmp_path: Path) -> None:
    scheme, table = tmp_path / "s.yaml", tmp_path / "t.csv"
    text = "scheme: a\nlanguage: kaohe/1\nperiod: '2023'\nid: total\npoints: 5\nfigure: a\n"
    scheme.write_text(text, encoding="utf-8")
    table.write_text("unit,a\n甲,9\n", encoding="utf-8")
    result = run("score", scheme, table, "--freeze")
    assert result.exit_code == 1
    assert not (tmp_path / "frozen").exists()
