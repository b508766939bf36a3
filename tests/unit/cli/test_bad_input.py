"""What a clerk sees when something is wrong: a message to act on, exit code 2, nothing written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.demo import folder

GOOD_SCHEME = "scheme: 甲\nlanguage: kaohe/1\nid: total\ncriteria:\n  - {id: a, figure: output}\n"
GOOD_TABLE = "unit,output\n甲镇,3\n乙镇,2\n"


def kaohe(*arguments: object, language: str = "zh") -> subprocess.CompletedProcess[str]:
    """The command as a real process, its output to a pipe."""
    command = [sys.executable, "-m", "kaohe", *map(str, arguments)]
    environment = {**os.environ, "KAOHE_LANG": language, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


SCHEMES = {
    "broken yaml": ("scheme: 甲\nlanguage: kaohe/1\ncriteria: [", "scheme.yaml"),
    "no language": ("scheme: 甲\nid: total\nfigure: output\n", "language"),
    "missing indicator": (GOOD_SCHEME.replace("output", "outptu"), "找不到指标 outptu,是否 output?"),
    "unknown step": (
        GOOD_SCHEME.replace("figure: output}", "figure: output, steps: [rond: 2]}"),
        "rond",
    ),
    "cycle of nodes": (
        GOOD_SCHEME.replace("figure: output}", "figure: score(b)}") + "  - {id: b, figure: score(a)}\n",
        "评分项循环引用:a → b → a",
    ),
    "division of a text": (GOOD_SCHEME.replace("figure: output", 'figure: output / "甲"'), "scheme.yaml:5"),
}


@pytest.mark.parametrize(("scheme", "said"), SCHEMES.values(), ids=SCHEMES)
def test_a_bad_scheme(scheme: str, said: str, tmp_path: Path) -> None:
    result = kaohe(
        "score",
        written(tmp_path / "scheme.yaml", scheme),
        written(tmp_path / "t.csv", GOOD_TABLE),
        "-o",
        tmp_path / "out.csv",
    )
    assert_refused(result, said, tmp_path / "out.csv")


TABLES = {
    "ragged row": ("unit,output\n甲镇,3,9,9\n", "t.csv"),
    "text for a number": ("unit,output\n甲镇,三\n乙镇,2\n丙镇,1\n丁镇,4\n", "t.csv 第 2 行"),
    "unit twice": ("unit,output\n甲镇,3\n甲镇,2\n", "甲镇"),
    "nothing": ("", "t.csv"),
}


@pytest.mark.parametrize(("table", "said"), TABLES.values(), ids=TABLES)
def test_a_bad_table(table: str, said: str, tmp_path: Path) -> None:
    result = kaohe(
        "score",
        written(tmp_path / "scheme.yaml", GOOD_SCHEME),
        written(tmp_path / "t.csv", table),
        "-o",
        tmp_path / "out.csv",
    )
    assert_refused(result, said, tmp_path / "out.csv")


def test_a_table_that_is_binary(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(b"\x00\x01\x02\xff\xfe\x00unit" * 50)
    result = kaohe("score", written(tmp_path / "scheme.yaml", GOOD_SCHEME), table)
    assert_refused(result, "t.csv")


def test_schemes_that_import_each_other(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        text = (
            f"scheme: {name}\nlanguage: kaohe/1\nid: total\nimports: {{{other}: {{scheme: {other}.yaml}}}}\n"
            f"criteria:\n  - {{id: x, figure: {other}.score(total)}}\n"
        )
        written(tmp_path / f"{name}.yaml", text)
    result = kaohe("score", tmp_path / "a.yaml", written(tmp_path / "t.csv", GOOD_TABLE))
    assert_refused(result, "a.yaml → b.yaml → a.yaml")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", GOOD_SCHEME)
    assert_refused(kaohe("score", tmp_path / "none.yaml", tmp_path), "none.yaml")
    assert_refused(kaohe("score", scheme, tmp_path / "none.csv"), "none.csv")


def test_a_file_that_must_not_be_read(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", GOOD_TABLE)
    table.chmod(0)
    if os.access(table, os.R_OK):
        # Root reads everything; a folder in place of the file cannot be read by anyone.
        table.unlink()
        table.mkdir()
    result = kaohe("score", written(tmp_path / "scheme.yaml", GOOD_SCHEME), table)
    assert_refused(result, "t.csv")


def test_a_scheme_that_is_a_folder(tmp_path: Path) -> None:
    assert_refused(kaohe("score", tmp_path, written(tmp_path / "t.csv", GOOD_TABLE)), str(tmp_path))


OUTPUTS = {
    "a folder": (".", "是文件夹"),
    "no such folder": ("none/out.csv", "没有这个文件夹"),
    "unknown suffix": ("out.doc", "看不出格式"),
}


@pytest.mark.parametrize(("place", "said"), OUTPUTS.values(), ids=OUTPUTS)
def test_a_bad_place_for_the_output(place: str, said: str, tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", GOOD_SCHEME)
    table = written(tmp_path / "t.csv", GOOD_TABLE)
    before = sorted(tmp_path.iterdir())
    assert_refused(kaohe("score", scheme, table, "-o", tmp_path / place), said)
    assert sorted(tmp_path.iterdir()) == before


def test_a_workbook_is_not_written_to_a_pipe(tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", GOOD_SCHEME)
    table = written(tmp_path / "t.csv", GOOD_TABLE)
    assert_refused(kaohe("score", scheme, table, "--format", "xlsx"), "-o")


def test_a_period_that_is_none(tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", GOOD_SCHEME)
    table = written(tmp_path / "t.csv", GOOD_TABLE)
    assert_refused(kaohe("score", scheme, table, "--period", "九月"), "--period 应为期别")


def test_a_unit_and_a_line_that_are_not_there() -> None:
    scheme, ledger = folder() / "county.yaml", folder() / "ledger"
    assert_refused(kaohe("explain", scheme, ledger, "清诸镇"), "是否 清渚镇")
    assert_refused(kaohe("explain", scheme, ledger, "清渚镇", "地方税"), "是否 地方税收")


def test_faults_of_the_command_line_are_english_when_asked(tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", GOOD_SCHEME)
    table = written(tmp_path / "t.csv", GOOD_TABLE)
    assert_refused(kaohe("score", scheme, table, "-o", tmp_path, language="en"), "is a folder")
    assert "Exit codes:" in kaohe("score", "--help", language="en").stdout


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    command = f"{sys.executable} -m kaohe score {folder()}/town.yaml {folder()}/ledger | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in result.stderr
    assert "演示数据" in result.stdout


def without_network() -> list[str]:
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here: cannot take the network away")
    probe = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("unshare -rn is not allowed here: cannot take the network away")
    return ["unshare", "-rn"]


def test_scoring_needs_no_network() -> None:
    command = [*without_network(), sys.executable, "-m", "kaohe", "score", folder() / "town.yaml"]
    arguments = [*map(str, command), str(folder() / "ledger"), "--format", "csv"]
    result = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("unit,total")


def assert_refused(result: subprocess.CompletedProcess[str], said: str, place: Path | None = None) -> None:
    assert result.returncode == 2, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert place is None or not place.exists()
