"""The board of the demo township says what the speech says, in the order in which it must be read."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.demo import folder
from kaohe.facts.errors import DataError
from kaohe.outlook.board import board
from kaohe.outlook.lights import read_lights
from kaohe.outlook.model import Board, Row


@pytest.fixture(scope="module")
def stand() -> Board:
    return board(folder() / "county.yaml", folder() / "ledger", "qingzhu")


def row(stand: Board, identifier: str) -> Row:
    return next(each for group in stand.groups for each in group.rows if each.id == identifier)


def test_behind_schedule_first_by_points_behind_each_own_curve(stand: Board) -> None:
    said = [(each.name, each.progress.attainment.text, each.progress.gap.text) for each in stand.behind]
    assert said == [
        ("实到外资", "0.0", "−75.0"),
        ("合同外资", "0.0", "−75.0"),
        ("转移劳动力就业", "60", "−15.0"),
        ("地方税收", "65.7", "−9.3"),
        ("工业总产值", "69.4", "−5.6"),
    ]
    assert all(each.progress.pace.text == "75.0" for each in stand.behind)
    assert list(stand.rows[:5]) == list(stand.behind)
    assert all(each.light is not None and each.light.text == "▼ 滞后" for each in stand.behind)


def test_foreign_capital_has_no_printed_target_and_an_open_contradiction(stand: Board) -> None:
    actual = row(stand, "actual_capital")
    assert actual.progress.actual.text == "0"
    assert actual.progress.target.text == "目标未列"
    assert actual.progress.needed.text == "目标未列"
    doubts = [stand.doubts[place] for place in actual.doubts]
    assert [doubt.first for doubt in doubts] == ["引进外资31.4万美元"]
    assert not doubts[0].resolved


def test_a_rate_that_its_target_was_derived_from_is_given_as_stated(stand: Board) -> None:
    employment = row(stand, "employment").progress
    assert employment.attainment.stated
    assert employment.target.text == "≈402"
    assert employment.missing.text == "≈161"
    assert not row(stand, "output").progress.attainment.stated


def test_what_the_rest_of_the_year_must_bring(stand: Board) -> None:
    output, tax = row(stand, "output").progress, row(stand, "local_tax_income").progress
    assert (output.missing.text, output.needed.text, output.average.text) == ("2.75", "0.917", "0.694")
    assert output.needed.value == Fraction(11, 12)
    assert (tax.missing.text, tax.needed.text, tax.average.text) == ("≈311.9", "≈104.0", "66.4")


def test_published_growth_is_marked_and_points_stay_points(stand: Board) -> None:
    growth = row(stand, "output").progress.growth
    assert (growth.text, growth.stated) == ("+41", True)
    share = row(stand, "large_share").progress.growth
    assert (share.text, share.measure) == ("+13", "百分点")


def test_the_total_hides_a_lagging_part_and_contains_an_estimate(stand: Board) -> None:
    revenue = row(stand, "fiscal_revenue")
    assert revenue.light is not None and revenue.light.word == "总量掩盖"
    assert revenue.progress.actual.estimated == "含预计"
    (hides,) = stand.hidden
    assert [part.name for part in hides.parts] == ["地方税收收入", "国税收入"]
    assert hides.parts[1].actual.estimated == "预计"
    assert "慢 9.3 个百分点" in hides.sentence


def test_decimals_and_marks_are_as_reported(stand: Board) -> None:
    assert row(stand, "good_seed").progress.actual.text == "≥95"
    assert row(stand, "local_tax_income").progress.actual.text == "597.46"
    assert row(stand, "industrial_investment").progress.target.text == "12,000"
    assert row(stand, "enterprise_profit").progress.actual.text == "−596"


def test_a_target_follows_its_own_curve(stand: Board) -> None:
    greening = row(stand, "greening").progress
    assert (greening.pace.text, greening.gap.text) == ("90.0", "+13.3")


def test_missing_not_due_and_zero_are_three_things(stand: Board) -> None:
    words = {name: row(stand, name).progress.actual.text for name in ("rectification", "winter_conscription")}
    assert words == {"rectification": "缺报", "winter_conscription": "未到期"}
    assert row(stand, "contract_capital").progress.actual.text == "0"
    lights = {name: row(stand, name).light for name in ("rectification", "winter_conscription")}
    assert [light.word for light in lights.values() if light] == ["缺报", "未到期"]


def test_every_figure_that_is_not_from_the_speech_is_marked(stand: Board) -> None:
    assert stand.has_demo and stand.points_demo
    progress = row(stand, "industrial_investment").progress
    assert not progress.actual.demo
    assert all(
        figure.demo for figure in (progress.target, progress.attainment, progress.gap, progress.needed)
    )
    for each in stand.rows:
        for figure in (each.progress.actual, each.progress.target):
            if figure.present and figure.source and "speech.txt" not in figure.source:
                assert figure.demo, each.name


def test_score_and_rank_are_ranges_made_of_what_is_open(stand: Board) -> None:
    assert stand.total.low is not None and stand.total.high is not None
    assert stand.total.low < stand.total.high
    assert sum(each.points for each in stand.undecided) == stand.total.high - stand.total.low
    assert stand.rank.low is not None and stand.rank.high is not None
    assert 1 <= stand.rank.low < stand.rank.high <= stand.peers
    assert stand.peer_group == "农业镇"


def test_counts_cover_every_row_once(stand: Board) -> None:
    counts = {word: number for _, word, number in stand.counts}
    assert counts["滞后"] == 5
    assert stand.counted == len(stand.rows)
    assert len({each.id for each in stand.rows}) == len(stand.rows)


def test_difficulties_without_a_figure_are_named(stand: Board) -> None:
    names = [each.name for each in stand.difficulties]
    assert "安全生产形势严峻" in names
    assert "育儿服务形势严峻" in names
    assert all(each.owner for each in stand.difficulties)


def test_every_gap_has_a_cause_and_a_task(stand: Board) -> None:
    assert all(each.cause and each.task and each.owner for each in stand.behind)


def test_the_working_is_that_of_the_worst_criterion(stand: Board) -> None:
    assert stand.working is not None
    (node,) = stand.working.nodes
    assert node.node == stand.behind[0].id
    assert node.steps


def test_family_service_is_recorded_but_not_scored(stand: Board) -> None:
    service = row(stand, "family_service")
    assert not service.scored and service.full is None


def test_growth_over_last_year_is_computed_where_there_is_a_base() -> None:
    stand = board(folder() / "county.yaml", folder() / "ledger", "示例甲镇")
    growth = row(stand, "export").progress.growth
    assert growth.present and not growth.stated


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(DataError, match="找不到被考核单位 nobody"):
        board(folder() / "county.yaml", folder() / "ledger", "nobody")


def test_limits_are_configuration(tmp_path: Path) -> None:
    looser = tmp_path / "lights.yaml"
    looser.write_text("limits: {behind: 10}\n", "utf-8")
    stand = board(folder() / "county.yaml", folder() / "ledger", lights=read_lights(looser))
    assert [each.name for each in stand.behind] == ["实到外资", "合同外资", "转移劳动力就业"]
    words = [each.light.word for each in stand.rows[3:5] if each.light is not None]
    assert words == ["稍慢", "稍慢"]


def test_a_bad_limit_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "lights.yaml"
    wrong.write_text("limits: {behind: 很多}\n", "utf-8")
    with pytest.raises(DataError, match=r"limits\.behind 应为 0 以上的数"):
        read_lights(wrong)


def test_a_wide_table_has_a_board_too(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("unit,output,output.target\n甲镇,60,100\n乙镇,90,100\n", "utf-8")
    (tmp_path / "scheme.yaml").write_text(
        "scheme: 一项\nlanguage: kaohe/1\nperiod: 2005-09\nscale: 10\nid: total\ncombine: sum\ncriteria:\n"
        "  - {id: output, name: 产值, points: 10, figure: progress(output), steps: [cap: 1, scale: 10]}\n",
        "utf-8",
    )
    stand = board(tmp_path / "scheme.yaml", tmp_path / "towns.csv", "甲镇")
    (only,) = stand.rows
    assert (only.progress.attainment.text, only.progress.gap.text) == ("60.0", "−15.0")
    assert not stand.total.is_open
    assert not stand.has_demo


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_task_that_is_closed_is_no_task_against_the_gap(state: str, tmp_path: Path) -> None:
    shutil.copytree(folder(), tmp_path / "demo")
    file = tmp_path / "demo" / "ledger" / "tasks.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",open,", f",{state},"), encoding="utf-8")
    stand = board(tmp_path / "demo" / "county.yaml", tmp_path / "demo" / "ledger", "qingzhu")
    assert stand.behind and not [row for row in stand.rows if row.task or row.task_due]
    assert not stand.difficulties
