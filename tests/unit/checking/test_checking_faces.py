"""The command, its exit codes and formats, and the page with its links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaohe.checking import check_text
from kaohe.checking.wording import catalogue
from kaohe.cli import main
from kaohe.writing.report_html import report_html

WRONG = "全镇工作总结\n今年实施市级项目6个,其中重点项目2个、一般项目5个。\n进一步完善台帐资料。\n"
RIGHT = "今年实施市级项目6个,其中重点项目1个、一般项目5个。\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Runs the command on a text written to a file."""

    def checked(text: str, *options: str) -> Result:
        path = tmp_path / "总结.txt"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["check", str(path), *options])

    return checked


def test_an_error_ends_with_code_one(run: Callable[..., Result]) -> None:
    result = run(WRONG)
    assert result.exit_code == 1
    assert "list-count" in result.output and "台账" in result.output


def test_a_right_report_ends_with_code_zero(run: Callable[..., Result]) -> None:
    result = run(RIGHT)
    assert result.exit_code == 0 and "通过 1" in result.output


def test_bad_input_ends_with_code_two(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(tmp_path / "none.txt")])
    assert result.exit_code == 2 and "none.txt" in result.output


def test_json_has_the_fields_of_the_contract(run: Callable[..., Result]) -> None:
    report = json.loads(run(WRONG, "--format", "json").output)
    assert set(report) == {"document", "findings"}
    first = next(one for one in report["findings"] if one["check"] == "list-count")
    assert {"id", "check", "verdict", "severity", "message", "spans", "stated", "computed"} <= set(first)
    assert first["computed"] == {"low": 7.0, "high": 7.0, "unit": "个"}
    assert all(
        WRONG[span["start"] : span["end"]] == span["text"]
        for one in report["findings"]
        for span in one["spans"]
    )


def test_a_folder_is_checked_whole(tmp_path: Path) -> None:
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert result.exit_code == 0 and "2 份文稿" in result.output


def test_the_page_needs_nothing_and_links_both_ways(tmp_path: Path, run: Callable[..., Result]) -> None:
    place = tmp_path / "page.html"
    assert run(WRONG, "-o", str(place)).exit_code == 1
    page = place.read_text(encoding="utf-8")
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    targets = set(re.findall(r'id="(f\d+(?:m\d+)?)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= targets
    assert targets == links


def test_the_page_keeps_the_text() -> None:
    report = check_text(WRONG)
    page = report_html(report.document, report.claims, report.findings)
    paragraphs = re.findall(r'<p class="k-body[^"]*">(.*?)</p>', page, re.DOTALL)
    bare = (re.sub(r'<a class="k-number[^>]*>\d+</a>|<[^>]+>', "", paragraph) for paragraph in paragraphs)
    assert [line.strip() for line in bare] == WRONG.strip().split("\n")


def test_messages_are_complete_in_both_languages() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    assert set(chinese) == set(english)
    for key, text in chinese.items():
        assert set(re.findall(r"\{(\w+)\}", text)) >= set(re.findall(r"\{(\w+)\}", english[key])), key
