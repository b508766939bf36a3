"""``kaohe board`` and ``kaohe demo`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaohe.cli import main
from kaohe.demo import folder

LEDGER, COUNTY = str(folder() / "ledger"), str(folder() / "county.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("suffix", ["json", "html", "xlsx", "txt"])
def test_the_suffix_chooses_the_format(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / f"看板.{suffix}"
    result = run("board", LEDGER, COUNTY, "--unit", "清渚镇", "-o", str(place))
    assert result.exit_code == 0, result.output
    assert place.stat().st_size > 1000
    assert list(tmp_path.iterdir()) == [place]


def test_the_demo_prints_the_board_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("demo", "--once")
    assert result.exit_code == 0, result.output
    order = [result.output.index(name) for name in ("实到外资", "转移劳动力就业", "地方税收", "工业总产值")]
    assert order == sorted(order)
    assert (tmp_path / "board.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_demo_as_json_is_json_alone(tmp_path: Path) -> None:
    result = run("demo", "--format", "json", "-o", str(tmp_path / "a.html"))
    assert json.loads(result.stdout)["unit"] == "qingzhu"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([LEDGER + "x", COUNTY], "找不到"),
        ([LEDGER, COUNTY, "--unit", "nobody"], "找不到被考核单位 nobody"),
        ([LEDGER, COUNTY, "--period", "2005-13"], "--period"),
        ([LEDGER, COUNTY, "-o", "a.doc"], ".html"),
        ([LEDGER, COUNTY, "--format", "xlsx"], "-o"),
        ([LEDGER, COUNTY, "-o", "no/such/folder/a.html"], "no/such/folder"),
        ([LEDGER, COUNTY, "--lights", "no.yaml"], "no.yaml"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("board", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []
