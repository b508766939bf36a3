"""check and read over a folder: what is taken, what is told of the unreadable, what is written where."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from kaohe.cli import main, progress

WRONG = "全镇工作总结\n今年实施市级项目6个,其中重点项目2个、一般项目5个。\n"
RIGHT = "今年实施市级项目6个,其中重点项目1个、一般项目5个。\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "文稿"
    (place / "各村").mkdir(parents=True)
    (place / ".旧").mkdir()
    (place / "甲.txt").write_text(WRONG, "utf-8")
    (place / "各村/甲.txt").write_text(RIGHT, "utf-8")
    (place / "各村/空.pdf").write_bytes(b"")
    document = docx.Document()
    document.add_paragraph(WRONG.split("\n")[1])
    document.save(str(place / "乙.docx"))
    for name in ("~$乙.docx", ".甲.txt", ".旧/丙.txt", "图.png"):
        (place / name).write_bytes(b"x")
    return place


def summary(place: Path) -> list[list[str]]:
    content = (place / "summary.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_folder_is_walked_and_summed_up(folder: Path) -> None:
    result = run("check", folder)
    assert result.exit_code == 2
    assert result.stderr == "各村/空.pdf:文件是空的\n"
    rows = [line.split() for line in result.stdout.split("汇总\n")[1].splitlines()]
    assert [row[0] for row in rows] == ["文稿", "乙.docx", "各村/甲.txt", "各村/空.pdf", "甲.txt", "合计"]
    assert rows[3] == ["各村/空.pdf", "文件是空的"]
    assert rows[5][1:4] == ["4", "份", str(sum(int(row[1]) for row in (rows[1], rows[2], rows[4])))]


def test_json_of_a_folder_is_a_list(folder: Path) -> None:
    reports = json.loads(run("check", folder, "--format", "json").stdout)
    assert [report["document"] for report in reports] == ["乙.docx", "各村/甲.txt", "甲.txt"]
    assert isinstance(json.loads(run("check", folder / "各村", "--format", "json").stdout), list)


def test_a_page_for_each_document(folder: Path, tmp_path: Path) -> None:
    result = run("check", folder, "-o", tmp_path / "结果")
    assert result.exit_code == 2
    written = {path.relative_to(tmp_path / "结果").as_posix() for path in (tmp_path / "结果").rglob("*.*")}
    assert written == {"乙.html", "甲.html", "各村/甲.html", "summary.csv", "summary.html"}
    page = (tmp_path / "结果/summary.html").read_text("utf-8")
    assert 'href="%E5%90%84%E6%9D%91/%E7%94%B2.html"' in page and "文件是空的" in page
    assert summary(tmp_path / "结果")[1][:3] == ["乙.docx", "28", "1"]


def test_commented_copies_where_there_can_be_some(folder: Path, tmp_path: Path) -> None:
    result = run("check", folder, "--format", "docx", "-o", tmp_path / "结果")
    assert result.exit_code == 2 and "甲.txt:不是 Word 文件" in result.stderr
    assert len(docx.Document(str(tmp_path / "结果/乙.docx")).comments) == 1


def test_json_into_a_folder_that_lies_inside(folder: Path) -> None:
    for _ in range(2):
        assert run("check", folder, "--format", "json", "-o", folder / "out").exit_code == 2
        assert [row[0] for row in summary(folder / "out")[1:]] == [
            "乙.docx",
            "各村/甲.txt",
            "各村/空.pdf",
            "甲.txt",
        ]
    assert json.loads((folder / "out/甲.json").read_text("utf-8"))["document"] == "甲.txt"


def test_documents_of_one_name_keep_apart(tmp_path: Path) -> None:
    for name in ("甲.txt", "甲.md", "summary.txt"):
        (tmp_path / name).write_text(RIGHT, "utf-8")
    out = tmp_path / "out"
    assert (
        run("check", tmp_path / "甲.txt", tmp_path / "甲.md", tmp_path / "summary.txt", "-o", out).exit_code
        == 0
    )
    assert {path.name for path in out.iterdir()} == {
        "甲.html", "甲.md.html", "summary.txt.html", "summary.csv", "summary.html"
    }  # fmt: skip


def test_refusals(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "无").mkdir()
    assert "没有可读的文稿" in run("check", tmp_path / "无").stderr
    assert "另指一个" in run("check", folder, "-o", folder).stderr
    assert "指定文件夹" in run("check", folder, "-o", tmp_path / "x.html").stderr
    assert "html、docx、json" in run("check", folder, "--format", "table", "-o", tmp_path / "out").stderr
    assert not (tmp_path / "x.html").exists() and not (tmp_path / "out").exists()


def test_reading_a_folder(folder: Path, tmp_path: Path) -> None:
    result = run("read", folder)
    names = [json.loads(line)["document"] for line in result.stdout.splitlines()]
    assert result.exit_code == 2 and set(names) == {"乙.docx", "各村/甲.txt", "甲.txt"}
    assert "各村/空.pdf:文件是空的" in result.stderr
    assert run("read", folder, "-o", tmp_path / "数据").exit_code == 2
    assert (tmp_path / "数据/各村/甲.jsonl").read_text("utf-8").count("\n") == 3
    assert summary(tmp_path / "数据")[2][:3] == ["各村/甲.txt", str(len(RIGHT)), "3"]
    assert "合计 4 份" in run("read", folder, "--format", "table").stdout


def test_the_bar_counts_documents_past_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress("核对", 3) as advance:
        advance()
        time.sleep(0.6)
    assert "核对" in shown.getvalue() and "1/3" in shown.getvalue()
    quick = Terminal()
    monkeypatch.setattr(sys, "stderr", quick)
    with progress.progress("核对", 3):
        pass
    assert quick.getvalue() == ""
