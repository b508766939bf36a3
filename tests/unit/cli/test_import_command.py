"""The command import: output, questions, answers, a ledger filled all or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from kaohe.cli import main
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Indicator, IndicatorKind, ReportingUnit
from kaohe.facts.package import read_ledger, write_ledger


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def book(place: Path, rows: list[list[object]], sheet: str = "9月") -> Path:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(place)
    return place


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    return book(tmp_path / "9月.xlsx", [
        ["2025年1—9月各镇工业情况", None, None, "单位:万元"],
        ["乡镇", "工业总产值", "工业总产值全年目标", "规上企业数"],
        ["城 关 镇", 750.5, 1000, 12],
        ["河口镇", 600, 800, 9],
    ])  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    units = (ReportingUnit("cg", "城关镇(示例)", "城关镇"), ReportingUnit("hk", "河口镇", "河口"))
    indicators = (
        Indicator("output", "工业总产值", measure="亿元"),
        Indicator("large", "规模以上企业数", measure="家", kind=IndicatorKind.STOCK),
    )
    write_ledger(Ledger(units, indicators=indicators), tmp_path / "d")
    return tmp_path / "d"


def state(folder: Path) -> dict[str, bytes]:
    return {
        each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.suffix in (".csv", ".json")
    }


def answers(place: Path, questions: list[dict[str, str]]) -> Path:
    place.write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")
    return place


ANSWERS = [
    {"sheet": "9月", "cell": "D3:D4", "answer": "家"},
    {"kind": "name_indicator", "topic": "规上企业数", "answer": "规模以上企业数"},
]


def test_lines_have_the_keys_of_the_contract(figures: Path) -> None:
    lines = [json.loads(line) for line in run("import", figures, "--format", "jsonl").stdout.splitlines()]
    assert list(lines[0]) == [
        "sheet", "cell", "unit", "indicator", "parent", "period", "role", "value", "measure", "presence",
        "record", "asked", "question", "warning",
    ]  # fmt: skip
    assert [line["cell"] for line in lines if line["asked"]] == ["D3", "D4", "D3:D4"]


def test_open_questions_leave_the_ledger_as_it_is(figures: Path, folder: Path) -> None:
    before = state(folder)
    result = run("import", figures, "--into", folder)
    assert result.exit_code == 1
    assert "还有 2 个问题没有答" in result.stderr
    assert state(folder) == before


def test_answers_settle_the_questions(figures: Path, folder: Path, tmp_path: Path) -> None:
    given = answers(tmp_path / "a.json", ANSWERS)
    before = state(folder)
    assert run("import", figures, "--into", folder, "--answers", given, "--dry-run").exit_code == 0
    assert state(folder) == before
    result = run("import", figures, "--into", folder, "--answers", given)
    assert result.exit_code == 0, result.stderr
    ledger = read_ledger(folder)
    assert [(o.unit, o.indicator, str(o.period), str(o.value), o.measure) for o in ledger.observations] == [
        ("cg", "output", "2025-01/2025-09", "1501/2", "万元"), ("cg", "large", "2025-09", "12", "家"),
        ("hk", "output", "2025-01/2025-09", "600", "万元"), ("hk", "large", "2025-09", "9", "家"),
    ]  # fmt: skip
    assert ledger.observations[0].source.startswith("9月.xlsx#sha256:")
    assert ledger.observations[0].source.endswith("#9月!B3")
    assert [(t.unit, t.indicator, str(t.value)) for t in ledger.targets] == [
        ("cg", "output", "1000"),
        ("hk", "output", "800"),
    ]


def test_answers_are_remembered_and_the_same_again_changes_nothing(
    figures: Path, folder: Path, tmp_path: Path
) -> None:
    run("import", figures, "--into", folder, "--answers", answers(tmp_path / "a.json", ANSWERS))
    before = state(folder)
    result = run("import", figures, "--into", folder)
    assert result.exit_code == 0, result.stderr
    assert "6 个已有且相同" in result.stderr
    after = state(folder)
    assert after == before


def test_conflicts_are_told_all_and_nothing_is_written(figures: Path, folder: Path, tmp_path: Path) -> None:
    run("import", figures, "--into", folder, "--answers", answers(tmp_path / "a.json", ANSWERS))
    before = state(folder)
    other = book(tmp_path / "9月改.xlsx", [
        ["2025年1—9月各镇工业情况", None, None, "单位:万元"],
        ["乡镇", "工业总产值", "工业总产值全年目标", "规上企业数"],
        ["城关镇", 760, 1000, 12],
        ["河口镇", 601, 800, 10],
    ])  # fmt: skip
    result = run("import", other, "--into", folder)
    assert result.exit_code == 2
    assert result.stderr.count("没有覆盖") == 3
    assert "9月改.xlsx" in result.stderr and "!B3" in result.stderr
    assert state(folder) == before


def test_a_workbook_to_answer_in(figures: Path, folder: Path, tmp_path: Path) -> None:
    questions = tmp_path / "核对.xlsx"
    run("import", figures, "--into", folder, "-o", questions)
    made = openpyxl.load_workbook(questions)
    sheet = made.active
    assert [cell.value for cell in sheet[1]][:5] == ["sheet", "cell", "question", "choices", "answer"]
    sheet["E2"], sheet["E3"] = "家", "规模以上企业数"
    made.save(questions)
    result = run("import", figures, "--into", folder, "--answers", questions)
    assert result.exit_code == 0, result.stderr
    assert len(read_ledger(folder).observations) == 4


def test_several_faults_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 cut off")
    result = run("import", tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2
