"""The commands text and read: output, formats, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from kaohe.cli import main

TEXT = "一、回顾\n1—9月,全镇实现工业产值6.25亿元,增长41%。新教学楼已全面启用。\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def report(tmp_path: Path) -> Path:
    place = tmp_path / "总结.txt"
    place.write_bytes(TEXT.encode())
    return place


def test_text_is_unchanged(report: Path) -> None:
    assert run("text", report).stdout_bytes == TEXT.encode()


def test_text_into_a_file(report: Path, tmp_path: Path) -> None:
    assert run("text", report, "-o", tmp_path / "out.md").exit_code == 0
    assert (tmp_path / "out.md").read_bytes() == TEXT.encode()


def test_read_gives_one_object_a_line(report: Path) -> None:
    lines = [json.loads(line) for line in run("read", report, "--year", "2005").stdout.splitlines()]
    assert [(line["id"], line["text"], line["kind"]) for line in lines] == [
        (0, "6.25亿元", "amount"),
        (1, "41%", "growth"),
    ]
    assert all(TEXT[line["start"] : line["end"]] == line["text"] for line in lines)
    assert lines[0]["months"] == "2005-01/2005-09"


def test_several_documents_name_themselves(report: Path, tmp_path: Path) -> None:
    other = tmp_path / "二.txt"
    other.write_bytes("税收3亿元。".encode())
    names = [json.loads(line)["document"] for line in run("read", report, other).stdout.splitlines()]
    assert names == ["总结.txt", "总结.txt", "二.txt"]


def test_milestones_on_request(report: Path) -> None:
    kinds = [json.loads(line)["kind"] for line in run("read", report, "--milestones").stdout.splitlines()]
    assert kinds == ["amount", "growth", "milestone"]


def test_table(report: Path) -> None:
    shown = run("read", report, "--format", "table").stdout
    assert "工业产值" in shown and "6.25亿元" in shown


def test_workbook(report: Path, tmp_path: Path) -> None:
    place = tmp_path / "数据.xlsx"
    assert run("read", report, "-o", place).exit_code == 0
    rows = CalamineWorkbook.from_path(str(place)).get_sheet_by_index(0).to_python()
    assert rows[1][2:5] == ["6.25亿元", "金额", 6.25] or rows[1][4] == 6.25


def test_every_fault_is_told_and_the_others_are_read(report: Path, tmp_path: Path) -> None:
    (tmp_path / "空.docx").write_bytes(b"")
    place = tmp_path / "out.jsonl"
    result = run("read", report, tmp_path / "空.docx", tmp_path / "无.txt", "-o", place)
    assert result.exit_code == 2
    assert "空.docx:文件是空的" in result.stderr and "找不到文件" in result.stderr
    assert {json.loads(line)["document"] for line in place.read_text("utf-8").splitlines()} == {"总结.txt"}


def test_nothing_is_written_when_the_only_document_is_bad(tmp_path: Path) -> None:
    (tmp_path / "空.docx").write_bytes(b"")
    place = tmp_path / "out.jsonl"
    assert run("read", tmp_path / "空.docx", "-o", place).exit_code == 2
    assert not place.exists()


def test_the_limit(report: Path) -> None:
    result = run("read", report, "--max-chars", "10")
    assert (result.exit_code, "超过 10 字" in result.stderr) == (2, True)


@pytest.mark.parametrize("command", ["text", "read"])
def test_help_has_examples(command: str) -> None:
    shown = run(command, "--help").stdout
    assert f"kaohe {command} " in shown
