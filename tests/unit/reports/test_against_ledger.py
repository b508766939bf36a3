"""``check --ledger``: figures that differ, facts that are not settled, what stays unsaid."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kaohe.checking import check_text
from kaohe.checking.ledger import Against
from kaohe.cli import main
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Indicator, Observation, ReportingUnit, Target
from kaohe.facts.package import read_ledger
from kaohe.quantities import Period

Found = dict[str, dict[str, Any]]


@pytest.fixture
def found(clerk: Any, county: Path) -> list[dict[str, Any]]:
    """The findings of the county's report that speak of the ledger."""
    result = clerk.run(
        "check", county / "report.txt", "--ledger", county / "ledger", "--year", 2023, "--format", "json"
    )
    assert result.exit_code == 1
    return [one for one in json.loads(result.stdout)["findings"] if "台账" in one["message_zh"]]


def about(found: list[dict[str, Any]], text: str) -> dict[str, Any]:
    return next(one for one in found if one["spans"][0]["text"] == text)


def test_what_differs_fails_and_names_the_fact(found: list[dict[str, Any]]) -> None:
    wrong = about(found, "7.45亿元")
    assert (wrong["check"], wrong["verdict"], wrong["severity"]) == ("contradiction", "fails", "error")
    for told in ("社会消费品零售总额", "2023-01/2023-09", "74.5亿元", "实际数,已填报", "来源 商务局"):
        assert told in wrong["message_zh"]
    assert "the ledger has 74.5亿元" in wrong["message_en"] and "actual, submitted" in wrong["message_en"]
    failing = {one["spans"][0]["text"] for one in found if one["verdict"] == "fails"}
    assert failing == {"8.4%", "7.45亿元", "1.15亿元"}


def test_printed_precision_and_measures_agree(found: list[dict[str, Any]]) -> None:
    for text in ("186.42亿元", "98.8亿元", "1.6亿美元", "342.2亿元", "28654元", "12.5亿元"):
        assert about(found, text)["verdict"] == "holds", text


def test_computed_completion_and_growth(found: list[dict[str, Any]]) -> None:
    assert (about(found, "78.9%")["check"], about(found, "78.9%")["verdict"]) == (
        "completion-implied",
        "holds",
    )
    assert (about(found, "11%")["check"], about(found, "11%")["verdict"]) == ("growth-implied", "holds")


def test_a_draft_makes_it_unsure(found: list[dict[str, Any]]) -> None:
    draft = about(found, "3210人")
    assert (draft["verdict"], draft["severity"]) == ("unsure", "question")
    assert "草稿" in draft["message_zh"]


def test_what_the_ledger_does_not_know_is_no_error(found: list[dict[str, Any]]) -> None:
    unknown = about(found, "2.6万亩")
    assert (unknown["verdict"], unknown["severity"]) == ("unsure", "info")
    absent = about(found, "80.3亿元")
    assert absent["severity"] == "info" and "还没有数" in absent["message_zh"]


def test_targets_behind_that_are_not_mentioned(clerk: Any, county: Path) -> None:
    result = clerk.run("check", county / "report.txt", "--ledger", county / "ledger", "--year", 2023)
    assert "calendar" in result.output
    assert "造林面积 40%(应75%)" in result.output and "实际利用外资 41%(应75%)" in result.output
    assert "城镇新增就业 6" not in result.output


@pytest.mark.parametrize("form", ["json", "html"])
def test_every_face(form: str, clerk: Any, county: Path, tmp_path: Path) -> None:
    place = tmp_path / f"out.{form}"
    done = clerk.run("check", county / "report.txt", "--ledger", county / "ledger", "-o", place)
    assert done.exit_code == 1
    text = place.read_text(encoding="utf-8")
    assert "商务局" in text
    if form == "html":
        targets = set(re.findall(r'id="(f\d+(?:m\d+)?)"', text))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= targets


def test_faults_of_the_command(clerk: Any, county: Path, tmp_path: Path) -> None:
    report, ledger = county / "report.txt", county / "ledger"
    faults = {
        ("--ledger", tmp_path): "不是台账文件夹",
        ("--ledger", ledger, "--unit", "无名镇"): "台账里没有单位“无名镇”",
        ("--ledger", ledger, "--period", "九月"): "--period 应为期别",
        ("--unit", "临水县"): "--ledger",
    }
    for options, said in faults.items():
        result = clerk.run("check", report, *options)
        assert result.exit_code == 2 and said in result.output, options


OUTPUT = Indicator("output", "工业产值", measure="亿元")
YEAR, NOW = Period.parse("2023"), Period.parse("2023-01/2023-09")


def checked(text: str, *rows: Observation, targets: tuple[Target, ...] = (), year: int = 2023) -> Found:
    """The findings about a one-town ledger by the text that they are about."""
    town = ReportingUnit("town", "某镇", "某镇", "town")
    ledger = Ledger((town,), indicators=(OUTPUT,), observations=rows, targets=targets)
    findings = check_text(text, year, Against(ledger)).findings
    told = [one for one in findings if one.key.startswith("ledger.")]
    return {one.marks[0].text: one.to_json() | {"key": one.key} for one in told}


def observed(value: str, period: Period = NOW, **more: Any) -> Observation:
    return Observation("town", "output", period, Fraction(value), "亿元", **more)


TEXT = "1—9月,全镇实现工业产值6.25亿元,增长41%,完成计划的69%。"


def test_months_are_summed() -> None:
    rows = [observed("0.5", Period.of(2023, month), decimals=2) for month in range(1, 9)]
    found = checked(TEXT, *rows, observed("2.25", Period.of(2023, 9)))
    assert found["6.25亿元"]["verdict"] == "holds"


def test_no_growth_on_a_base_that_is_not_positive() -> None:
    for base in ("0", "-1.2"):
        found = checked(TEXT, observed("6.25"), observed(base, NOW.last_year()))
        assert (found["41%"]["key"], found["41%"]["severity"]) == ("ledger.no_base", "question")


def test_changes_and_last_years_figures() -> None:
    rows = (observed("6.25", decimals=2), observed("4.43", NOW.last_year(), decimals=2))
    text = "1—9月,全镇实现工业产值6.25亿元,去年同期为4.43亿元,增加{}亿元。"
    found = checked(text.format("1.82"), *rows)
    assert [found[told]["verdict"] for told in ("6.25亿元", "4.43亿元", "1.82亿元")] == ["holds"] * 3
    assert found["1.82亿元"]["check"] == "delta"
    assert checked(text.format("2.82"), *rows)["2.82亿元"]["verdict"] == "fails"


def test_completion_of_any_of_two_targets_is_right() -> None:
    nine = Target("t1", "town", "output", YEAR, value=Fraction(9), issuer="市")
    ten = Target("t2", "town", "output", YEAR, value=Fraction(10), issuer="县")
    assert checked(TEXT, observed("6.25"), targets=(ten, nine))["69%"]["verdict"] == "holds"
    assert checked(TEXT, observed("6.25"), targets=(ten,))["69%"]["verdict"] == "fails"


def test_a_loss_is_negative() -> None:
    profit = Indicator("profit", "利润总额", measure="万元")
    town = ReportingUnit("town", "某镇", "某镇", "town")
    for value, verdict in ((Fraction(-596), "holds"), (Fraction(596), "fails")):
        row = Observation("town", "profit", NOW, value, "万元", decimals=0)
        ledger = Ledger((town,), indicators=(profit,), observations=(row,))
        found = check_text("1—9月,全镇利润总额亏损596万元。", 2023, Against(ledger)).findings
        told = next(one for one in found if one.marks[0].text == "596万元" and one.key.startswith("ledger."))
        assert told.verdict == verdict


def test_year_comes_from_the_ledger_when_not_given() -> None:
    result = checked("1—9月,全镇实现工业产值6.25亿元。", observed("6.25"), year=2023)
    assert result["6.25亿元"]["verdict"] == "holds"
    town = ReportingUnit("town", "某镇", "某镇", "town")
    ledger = Ledger((town,), indicators=(OUTPUT,), observations=(observed("6.25"),))
    report = check_text("1—9月,全镇实现工业产值6.25亿元。", None, Against(ledger))
    assert any(one.verdict == "holds" and one.key == "ledger.fact.holds" for one in report.findings)


def test_hidden_part_of_a_total(county: Path) -> None:
    text = "1—9月,全县一般公共预算收入9.86亿元,完成年初预算的78.9%。"
    ledger = read_ledger(county / "ledger")
    asked = Target("t_tax", "linshui", "tax", YEAR, value=Fraction(10), issuer="县人大")
    behind = replace(ledger, targets=(*ledger.targets, asked))
    found = check_text(text, 2023, Against(behind)).findings
    hidden = [one for one in found if one.key == "ledger.hidden"]
    assert [one.check for one in hidden] == ["hidden-part"]
    assert "税收收入 63.1%(应75%)" in hidden[0].message_in("zh")


def test_english(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_LANG", "en")
    result = CliRunner().invoke(
        main, ["check", str(county / "report.txt"), "--ledger", str(county / "ledger"), "--year", "2023"]
    )
    assert "the ledger has 74.5亿元" in result.output


def test_a_report_of_nobody_certain_asks_for_the_unit() -> None:
    towns = tuple(ReportingUnit(name, name, name, "town") for name in ("东镇", "西镇"))
    ledger = Ledger(towns, indicators=(OUTPUT,))
    found = check_text("1—9月,全镇实现工业产值6.25亿元。", 2023, Against(ledger)).findings
    asked = next(one for one in found if one.key == "ledger.which_unit")
    assert "东镇、西镇" in asked.message_in("zh") and "--unit" in asked.message_in("zh")
