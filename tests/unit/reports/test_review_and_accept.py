"""The review workbook, what a person may do to it, and ``accept``: all or nothing, nothing overwritten."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import Result

from kaohe.facts.appending import held_observation
from kaohe.facts.model import Basis, Form, Presence
from kaohe.facts.package import read_ledger
from kaohe.quantities import Period

Rows = list[dict[str, str]]
Accept = Callable[[Rows], Result]
NOW = Period.parse("2023-01/2023-09")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name[0] != "."}


def row_about(rows: Rows, figure: str) -> dict[str, str]:
    return next(row for row in rows if row["文中写法"] == figure)


def only(rows: Rows, *figures: str) -> Rows:
    """Only these figures accepted."""
    return [row | {"采纳": "是" if row["文中写法"] in figures else "否"} for row in rows]


@pytest.fixture
def rows(clerk: Any, review: Path) -> Rows:
    found: Rows = clerk.rows(review)
    return found


def test_one_row_a_claim_with_what_is_sure_preset(rows: Rows) -> None:
    output = row_about(rows, "80.3亿元")
    wanted = {"采纳": "是", "填报单位": "临水县", "指标": "第二产业增加值", "类别": "实际数",
              "时期": "2023-01/2023-09", "数值": "80.3", "计量单位": "亿元"}  # fmt: skip
    assert {name: output[name] for name in wanted} == wanted
    assert "二产增加值80.3亿元" in output["原文"]
    assert output["出处"].startswith("report.txt#sha256:")
    assert row_about(rows, "2.6万亩")["采纳"] == "否"
    assert row_about(rows, "12.5亿元")["类别"] == "目标"


def test_what_the_ledger_holds_is_shown(rows: Rows) -> None:
    assert row_about(rows, "9.86亿元")["台账现有"] == "9.86亿元(相同)"
    assert row_about(rows, "98.8亿元")["台账现有"] == "98.76亿元(相符)"
    assert row_about(rows, "78.9%")["候选"] == "一般公共预算收入的完成率由台账计算,不用录入"
    held = row_about(rows, "7.45亿元")
    assert (held["台账现有"], held["采纳"]) == ("74.5亿元(不同)", "否")


def test_the_page_is_made_for_work(review: Path) -> None:
    with zipfile.ZipFile(review) as packed:
        page = packed.read("xl/worksheets/sheet1.xml").decode()
        texts = packed.read("xl/sharedStrings.xml").decode()
        book = packed.read("xl/workbook.xml").decode()
    assert '<pane xSplit="2" ySplit="1" topLeftCell="C2"' in page and "<autoFilter" in page
    assert 'orientation="landscape"' in page and "核定!$1:$1" in book
    assert "是,否,更正" in page and "选项!$B$2" in page
    assert re.search(r"<r><rPr><b/>.*?</rPr><t[^>]*>186.42亿元</t></r>", texts)


def test_accepted_rows_become_facts(rows: Rows, accepted: Accept, ledger: Path, county: Path) -> None:
    before = (ledger / "observations.csv").read_bytes()
    result = accepted(only(rows, "80.3亿元", "86公里", "12.5亿元"))
    assert result.exit_code == 0 and "记入实际数 2 个、目标 0 个" in result.output, result.output
    held = read_ledger(ledger)
    fact = held_observation(held, "linshui", "secondary", NOW)
    assert fact is not None and str(fact.value) == "803/10" and fact.decimals == 1
    digest = hashlib.sha256((county / "report.txt").read_bytes()).hexdigest()
    assert fact.source.startswith(f"report.txt#sha256:{digest[:16]}#char=")
    assert fact.recorded_at is not None
    # Nothing that was there is written anew; a figure that was missing is superseded.
    assert (ledger / "observations.csv").read_bytes().startswith(before)
    road = held_observation(held, "linshui", "highway", NOW)
    assert road is not None and road.presence is Presence.PRESENT and road.supersedes is not None


def test_accepting_twice_adds_nothing(rows: Rows, accepted: Accept, ledger: Path) -> None:
    chosen = only(rows, "80.3亿元", "41.2亿元")
    assert accepted(chosen).exit_code == 0
    first = contents(ledger)
    again = accepted(chosen)
    assert again.exit_code == 0 and "没有新的数可记" in again.output and "相同的 2 个" in again.output
    assert contents(ledger) == first


def test_a_conflict_is_refused_until_the_row_says_correction(
    rows: Rows, accepted: Accept, ledger: Path
) -> None:
    before = contents(ledger)
    refused = accepted(only(rows, "7.45亿元", "80.3亿元"))
    assert refused.exit_code == 2
    assert "第 10 行 数值 列" in refused.output and "已有 74.5亿元(来源 商务局)" in refused.output
    assert contents(ledger) == before
    corrected = [
        row | {"采纳": "更正"} if row["文中写法"] == "7.45亿元" else row | {"采纳": "否"} for row in rows
    ]
    assert "更正 1 个" in accepted(corrected).output
    chain = [row for row in read_ledger(ledger).observations if row.indicator == "retail"]
    assert [str(row.value) for row in chain] == ["149/2", "149/20"]
    assert chain[1].supersedes == chain[0].recorded_at
    second = contents(ledger)
    assert "没有新的数可记" in accepted(corrected).output and contents(ledger) == second


def test_every_fault_at_once_and_nothing_changed(rows: Rows, accepted: Accept, ledger: Path) -> None:
    before = contents(ledger)
    wrong = only(rows, "80.3亿元", "41.2亿元")
    row_about(wrong, "80.3亿元").update({"数值": "约八十", "时期": "三季度"})
    row_about(wrong, "41.2亿元").update({"填报单位": "临水市", "指标": "民间投姿", "计量单位": "万亩"})
    row_about(wrong, "9.86亿元").update({"采纳": "可以"})
    row_about(wrong, "186.42亿元").update({"采纳": "是", "类别": "数", "约数": "大概", "预计": "也许"})
    result = accepted(wrong)
    assert result.exit_code == 2
    for said in (
        "第 2 行 类别 列:应为实际数、上年数、目标",
        "第 2 行 约数 列:",
        "第 2 行 预计 列:",
        "第 5 行 数值 列:应为数字,实为“约八十”",
        "第 5 行 时期 列:应为时期",
        "第 12 行 填报单位 列:台账里没有单位“临水市”,是否 临水县?",
        "第 12 行 指标 列:台账里没有指标“民间投姿”,是否 民间投资?",
        "采纳 列:应为是、否、更正,实为“可以”",
    ):
        assert said in result.output, (said, result.output)
    assert contents(ledger) == before


def test_workbook_as_a_person_leaves_it(clerk: Any, rows: Rows, ledger: Path, tmp_path: Path) -> None:
    chosen = [row for row in only(rows, "80.3亿元", "41.2亿元") if row["文中写法"] != "6.3%"]
    row_about(chosen, "80.3亿元").update({"数值": " 80.30 ", "指标": "secondary", "时期": "2023年1—9月"})
    row_about(chosen, "41.2亿元").update({"数值": "412,000", "计量单位": "万元", "填报单位": "linshui"})
    blank = dict.fromkeys(rows[0], "")
    order = ["数值", "采纳", *[name for name in reversed(list(rows[0])) if name not in ("数值", "采纳")]]
    place = clerk.save([blank, *reversed(chosen), blank], tmp_path / "乱.xlsx", order)
    result = clerk.run("accept", place, ledger)
    assert result.exit_code == 0 and "实际数 2 个" in result.output, result.output
    held = read_ledger(ledger)
    private = held_observation(held, "linshui", "private_investment", NOW)
    assert private is not None and (str(private.value), private.measure) == ("412000", "万元")


def test_dates_that_a_spreadsheet_made_of_periods(
    rows: Rows, ledger: Path, clerk: Any, tmp_path: Path
) -> None:
    import datetime

    row = row_about(rows, "80.3亿元")
    place = tmp_path / "日期.xlsx"
    with xlsxwriter.Workbook(str(place)) as book:
        page = book.add_worksheet("核定")
        page.write_row(0, 0, list(row))
        page.write_row(1, 0, list(row.values()))
        names = list(row)
        page.write_string(1, names.index("指标"), "金融机构贷款余额")
        page.write_number(1, names.index("数值"), 80.3)
        shown = book.add_format({"num_format": "yyyy-mm"})
        page.write_datetime(1, names.index("时期"), datetime.datetime(2023, 9, 1), shown)
    assert clerk.run("accept", place, ledger).exit_code == 0
    assert held_observation(read_ledger(ledger), "linshui", "loans", Period.parse("2023-09")) is not None


def test_saved_as_csv(clerk: Any, rows: Rows, ledger: Path, tmp_path: Path) -> None:
    place = tmp_path / "核定.csv"
    with place.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(only(rows, "80.3亿元"))
    assert "实际数 1 个" in clerk.run("accept", place, ledger).output


def test_percentages_as_a_person_types_them(rows: Rows, accepted: Accept, ledger: Path) -> None:
    row = row_about(rows, "8.4%") | {"采纳": "更正", "数值": "8.5%"}
    assert accepted([row]).exit_code == 0
    fact = held_observation(read_ledger(ledger), "linshui", "industry_growth", NOW)
    assert fact is not None and (str(fact.value), fact.measure) == ("17/2", "%")


def test_a_third_is_left_to_the_person(clerk: Any, ledger: Path, tmp_path: Path) -> None:
    report, place = tmp_path / "三.txt", tmp_path / "三.xlsx"
    report.write_text("全县税收占三分之一,一般公共预算收入9.9亿元。", encoding="utf-8")
    assert clerk.run("read", report, "--propose", ledger, "-o", place).exit_code == 0
    assert [row["采纳"] for row in clerk.rows(place) if row["文中写法"] == "三分之一"] == ["否"]


def test_targets(rows: Rows, accepted: Accept, ledger: Path) -> None:
    row = row_about(rows, "12.5亿元")
    assert "没有新的数可记" in accepted([row | {"采纳": "是"}]).output
    other = row | {"采纳": "是", "数值": "13"}
    assert "已有 12.5亿元" in accepted([other]).output
    done = accepted([other | {"采纳": "更正"}])
    assert "目标 1 个(其中更正 1 个)" in done.output, done.output
    asked = [one for one in read_ledger(ledger).targets if one.indicator == "budget_revenue"]
    assert [(str(one.value), one.version, one.issuer) for one in asked] == [
        ("25/2", "1", "县人大"),
        ("13", "2", "县人大"),
    ]
    new = row | {"采纳": "是", "指标": "民间投资", "数值": "60", "约数": "以下", "类别": "控制数"}
    assert "目标 1 个" in accepted([new]).output
    made = next(one for one in read_ledger(ledger).targets if one.indicator == "private_investment")
    assert made.form is Form.AT_MOST and made.document.startswith("report.txt#sha256:")


def test_marks_and_losses(rows: Rows, accepted: Accept, ledger: Path) -> None:
    row = row_about(rows, "41.2亿元") | {"采纳": "是", "数值": "-41.2", "约数": "余", "预计": "是"}
    assert accepted([row]).exit_code == 0
    fact = held_observation(read_ledger(ledger), "linshui", "private_investment", NOW)
    assert fact is not None and fact.basis is Basis.ESTIMATED and fact.approx
    assert (str(fact.value), fact.decimals) == ("-206/5", 1)


def test_two_rows_for_one_figure(rows: Rows, accepted: Accept, ledger: Path) -> None:
    row = row_about(rows, "80.3亿元") | {"采纳": "是"}
    refused = accepted([row, row | {"数值": "81"}])
    assert refused.exit_code == 2 and "与第 2 行是同一个数" in refused.output
    assert "实际数 1 个" in accepted([row, row]).output


def test_a_ledger_without_targets_gets_the_table(
    clerk: Any, rows: Rows, ledger: Path, tmp_path: Path
) -> None:
    (ledger / "targets.csv").unlink()
    names = ("reporting_units", "indicators", "observations")
    resources = ",".join(f'{{"name": "{name}", "path": "{name}.csv"}}' for name in names)
    (ledger / "datapackage.json").write_text(
        f'{{"title": "甲", "resources": [{resources}]}}', encoding="utf-8"
    )
    place = clerk.save([row_about(rows, "12.5亿元") | {"采纳": "是"}], tmp_path / "目标.xlsx")
    assert "目标 1 个" in clerk.run("accept", place, ledger).output
    held = read_ledger(ledger)
    assert (len(held.targets), held.title) == (1, "甲")


def test_a_ledger_in_another_encoding_keeps_it(rows: Rows, accepted: Accept, ledger: Path) -> None:
    path = ledger / "observations.csv"
    old = path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("gb18030")
    path.write_bytes(old)
    assert accepted([row_about(rows, "80.3亿元") | {"采纳": "是"}]).exit_code == 0
    now = path.read_bytes()
    assert now.startswith(old) and now.decode("gb18030").endswith("\r\n")


def test_a_table_without_the_columns_gets_them(rows: Rows, accepted: Accept, ledger: Path) -> None:
    path = ledger / "observations.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        few = [{name: row[name] for name in ("unit", "indicator", "period", "value")}
               for row in csv.DictReader(stream)]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, few[0])
        writer.writeheader()
        writer.writerows(row for row in few if row["value"])
    assert accepted([row_about(rows, "80.3亿元") | {"采纳": "是"}]).exit_code == 0
    fact = held_observation(read_ledger(ledger), "linshui", "secondary", NOW)
    assert fact is not None and fact.source


def test_a_failure_half_way_changes_nothing(
    rows: Rows, accepted: Accept, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaohe.facts import journal

    before, written = contents(ledger), journal._write_synced

    def second_fails(path: Path, content: bytes) -> None:
        if path.name.startswith("1"):
            raise OSError(28, "No space left on device", str(path))
        written(path, content)

    monkeypatch.setattr(journal, "_write_synced", second_fails)
    chosen = [row_about(rows, "80.3亿元") | {"采纳": "是"},
              row_about(rows, "12.5亿元") | {"采纳": "更正", "数值": "13"}]  # fmt: skip
    assert accepted(chosen).exit_code == 2
    assert contents(ledger) == before


FAULTS = {
    "not a workbook": (b"abc\x00\x01", "核定"),
    "a table of something else": ("甲,乙\n1,2\n".encode(), "找不到表头"),
}


@pytest.mark.parametrize(("content", "said"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_is_no_review(
    content: bytes, said: str, clerk: Any, ledger: Path, tmp_path: Path
) -> None:
    place = tmp_path / "核定.xlsx"
    place.write_bytes(content)
    before = contents(ledger)
    result = clerk.run("accept", place, ledger)
    assert result.exit_code == 2 and "Traceback" not in result.output and contents(ledger) == before
    assert said in result.output or "工作簿" in result.output


def test_as_real_commands(county: Path, ledger: Path, tmp_path: Path) -> None:
    def kaohe(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kaohe", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    review = tmp_path / "核定.xlsx"
    read = kaohe("read", county / "report.txt", "--propose", ledger, "--year", "2023", "-o", review)
    assert (read.returncode, read.stdout) == (0, "")
    assert kaohe("read", county / "report.txt", "--propose", ledger, "--year", "2023").returncode == 2
    added = kaohe("accept", review, ledger)
    assert added.returncode == 0 and "记入实际数" in added.stdout
    again = kaohe("accept", review, ledger)
    assert again.returncode == 0 and "没有新的数可记" in again.stdout
    assert kaohe("accept", tmp_path / "无.xlsx", ledger).returncode == 2
    for command in ("read", "check", "accept"):
        assert "例:" in kaohe(command, "--help").stdout
