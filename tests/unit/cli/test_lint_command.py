"""``kaohe lint``: findings as lines and as JSON, sentences, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaohe.cli import main
from kaohe.demo import folder

COUNTY, LEDGER = folder() / "county.yaml", folder() / "ledger"
HEAD = "scheme: 示例\nlanguage: kaohe/1\n"
WARNED = HEAD + "basis: 依据\nscale: 9\nfigure: mark\npoints: 9\nmissing: zero\nclause: 原文\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["lint", *map(str, arguments)])


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(WARNED, encoding="utf-8")
    return path


def test_nothing_to_say_of_the_demo() -> None:
    result = run(COUNTY, LEDGER)
    assert (result.exit_code, result.stdout) == (0, "没有发现问题。\n")


def test_a_warning_is_no_fault_unless_strict(scheme: Path) -> None:
    result = run(scheme)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{scheme}:1:1 示例没有写考核单位(assessor) [警告 no-assessor]",
        "错误 0 个,警告 1 个。",
    ]
    assert run(scheme, "--strict").exit_code == 1


def test_an_error_is_a_finding(scheme: Path) -> None:
    scheme.write_text(HEAD + "figure: a\nsteps: [cpa: 1, curve: [[2, 0], [1, 1]]]\n", encoding="utf-8")
    result = run(scheme)
    assert result.exit_code == 1
    assert f"{scheme}:4:9 没有步骤 cpa,是否 cap?" in result.stdout
    assert "横坐标应逐个增大" in result.stdout


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"])
def test_what_cannot_be_read_is_bad_input(content: str | bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run(path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(path) in result.stderr and "Traceback" not in result.stderr


def test_data_that_are_not_there(scheme: Path) -> None:
    result = run(scheme, scheme.parent / "none.csv")
    assert result.exit_code == 2
    assert "none.csv" in result.stderr


def test_json(scheme: Path, tmp_path: Path) -> None:
    place = tmp_path / "found.json"
    assert run(scheme, "--read-back", "-o", place).exit_code == 0
    document = json.loads(place.read_text(encoding="utf-8"))
    assert document["findings"] == [
        {
            "id": "no-assessor",
            "severity": "warning",
            "message": "示例没有写考核单位(assessor)",
            "file": str(scheme),
            "line": 1,
            "column": 1,
        }
    ]
    assert document["lines"][0]["sentence"] == "示例(9分):以评定分为得分;未报的得0分"
    assert document["lines"][0]["clause"] == "原文"


def test_read_back_names_indicators_and_sets_the_clause_below() -> None:
    lines = run(COUNTY, LEDGER, "--read-back").stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("合同外资"))
    assert lines[at] == "合同外资(3分):合同外资高于0得3分;其他得0分"
    assert lines[at + 1] == "  原文:实现合同外资得3分,未实现不得分"


def test_a_pipe_gets_whole_plain_lines() -> None:
    command = [sys.executable, "-m", "kaohe", "lint", str(COUNTY), "--read-back"]
    shown = subprocess.run(command, capture_output=True, check=True, env={"COLUMNS": "40", **_environment()})
    text = shown.stdout.decode()
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) > 100


def _environment() -> dict[str, str]:
    import os

    return {key: value for key, value in os.environ.items() if key != "COLUMNS"}


def test_help_has_examples() -> None:
    shown = run("--help").stdout
    assert "kaohe lint town.yaml ledger --read-back" in shown
