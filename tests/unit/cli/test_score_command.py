"""``kaohe score``: what it writes and where."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

import kaohe
from kaohe.cli import main
from kaohe.cli.score import DEFAULT_ENGINE
from kaohe.demo import folder

TOWN, COUNTY, LEDGER = folder() / "town.yaml", folder() / "county.yaml", folder() / "ledger"

SCHEME = """
scheme: 测试办法
language: kaohe/1
id: total
publish: 2
rank: true
criteria:
  - {id: output, name: 产值, points: 10, figure: output, steps: [scale: 2]}
  - {id: tax, name: 税收, points: 10, figure: tax, missing: block}
"""
TABLE = "unit,output,tax\n甲镇,3,4\n乙镇,2,5\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    path = tmp_path / "scheme.yaml"
    path.write_text(SCHEME, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_csv_is_the_sheet_of_the_library() -> None:
    result = run("score", TOWN, LEDGER, "--format", "csv")
    assert result.exit_code == 0
    assert result.stdout == kaohe.score(TOWN, LEDGER, engine=DEFAULT_ENGINE).to_csv()


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    result = run("score", TOWN, LEDGER)
    lines = result.stdout.splitlines()
    assert "演示数据" in lines[0]
    assert len(lines) == 2 + 21 + 1
    assert "\x1b" not in result.stdout
    assert any("清渚镇企业服务中心(示例)" in line and "83.41" in line for line in lines)


def test_ranges_and_estimates_are_shown() -> None:
    shown = run("score", COUNTY, LEDGER).stdout
    assert "含预计" in shown
    assert "最低可能得分" in shown
    assert "所列为可能的范围" in shown


def test_json_has_all_digits_and_null_for_blank(scheme: Path, tmp_path: Path) -> None:
    table = tmp_path / "thirds.csv"
    table.write_text("unit,output,tax\n甲镇,1.1234567890123456789,4\n乙镇,2,\n", encoding="utf-8")
    result = run("score", scheme, table, "--format", "json", "--engine", "oracle")
    assert '"output": 2.2469135780246913578' in result.stdout
    rows = json.loads(result.stdout)["units"]
    assert rows[1]["total"] is None
    assert rows[0]["tax"] == 4


def test_workbook_holds_numbers_as_numbers(scheme: Path, table: Path, tmp_path: Path) -> None:
    table.write_text(TABLE.replace("甲镇", "007"), encoding="utf-8")
    place = tmp_path / "得分.xlsx"
    assert run("score", scheme, table, "-o", place).exit_code == 0
    rows = CalamineWorkbook.from_path(str(place)).get_sheet_by_index(0).to_python()
    assert rows[2][:4] == ["unit", "name", "total", "total_rank"]
    assert rows[3][:4] == ["007", "007", 10.0, 1.0]


def test_demo_workbook_says_so(tmp_path: Path) -> None:
    place = tmp_path / "demo.xlsx"
    run("score", TOWN, LEDGER, "-o", place)
    assert "演示数据" in CalamineWorkbook.from_path(str(place)).get_sheet_by_index(0).to_python()[0][0]


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xlsx", "a.txt"])
def test_format_follows_the_suffix(scheme: Path, table: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    result = run("score", scheme, table, "-o", place)
    assert (result.exit_code, result.stdout) == (0, "")
    content = place.read_bytes()
    assert content.startswith(
        {"csv": b"unit,", "json": b"{", "xlsx": b"PK", "txt": "测试".encode()}[name[2:]]
    )


def test_a_file_written_is_the_csv_of_the_pipe(scheme: Path, table: Path, tmp_path: Path) -> None:
    run("score", scheme, table, "-o", tmp_path / "a.csv")
    piped = run("score", scheme, table, "--format", "csv").stdout
    assert (tmp_path / "a.csv").read_bytes() == piped.encode()
    assert next(csv.DictReader(io.StringIO(piped)))["total"] == "10.00"


def test_a_score_out_of_its_range_is_exit_one(scheme: Path, table: Path) -> None:
    table.write_text("unit,output,tax\n甲镇,9,4\n", encoding="utf-8")
    result = run("score", scheme, table, "--format", "csv")
    assert result.exit_code == 1
    assert "甲镇的产值得 18 分,超出规定的 0—10 分" in result.stderr
    assert "甲镇,22.00" in result.stdout


def test_final_names_units_and_lines(scheme: Path, table: Path, tmp_path: Path) -> None:
    table.write_text("unit,output,tax\n甲镇,3,\n乙镇,2,5\n", encoding="utf-8")
    result = run("score", scheme, table, "--final", "-o", tmp_path / "a.csv")
    assert result.exit_code == 2
    assert "甲镇:税收(tax)未报,不能定分" in result.stderr
    assert "乙镇" not in result.stderr
    assert not (tmp_path / "a.csv").exists()


def test_final_passes_a_finished_sheet(scheme: Path, table: Path) -> None:
    assert run("score", scheme, table, "--final").exit_code == 0


@pytest.mark.parametrize("command", ["score", "explain"])
def test_help_has_an_example(command: str) -> None:
    result = run(command, "--help")
    assert f"  kaohe {command} " in result.stdout
