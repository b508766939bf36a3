"""Office workbooks into the ledger: shown first, asked where unclear, all or nothing."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from town import County, make_county

from kaohe.reading.sheets import Answer
from kaohe.web.accounts.permissions import Forbidden, Unknown
from kaohe.web.audit.models import Event
from kaohe.web.ledger import import_actions as actions
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.importing import preview
from kaohe.web.ledger.models import ImportedSheet, Observation, SheetMemory, Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county()


def workbook(rows: list[list[object]]) -> bytes:
    """A sheet with these rows, as an office would type it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": datetime(2005, 10, 12)})  # The same rows are the same file.
    page = book.add_worksheet("月报")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return content.getvalue()


MONTHLY = [
    ["清渚镇2005年9月主要指标完成情况表"],
    ["序号", "指标名称", "计量单位", "1-9月累计"],
    [1, "工业总产值", "亿元", 6.25],
    [2, "  其中：规模以上", "亿元", 3.96],
    [3, "工业性投入", "万元", "9,361"],
    [4, "财政总收入", "万元", 2747.46],
]


def hand_in(county: County, rows: list[list[object]], who: str = "clerk") -> ImportedSheet:
    return actions.hand_in_sheet(
        permits=county.permits(who), name="9月月报.xlsx", content=[workbook(rows)], year=2005
    )


def settled(county: County, sheet: ImportedSheet, who: str = "clerk") -> ImportedSheet:
    """Answers the question of the unit where the sheet leaves it open."""
    for _ in range(3):
        seen = preview(county.permits(who), sheet)
        if not seen.questions:
            break
        answers = [
            Answer("清渚镇", kind=q.kind, topic=q.topic, sheet=q.sheet, cell=q.cell) for q in seen.questions
        ]
        sheet = actions.answer_sheet(permits=county.permits(who), sheet=sheet, answers=answers)
    return sheet


def test_a_monthly_sheet_becomes_drafts_with_their_cells_as_source(county: County) -> None:
    sheet = settled(county, hand_in(county, MONTHLY))
    done = actions.import_sheet(permits=county.permits("clerk"), sheet=sheet)
    assert done.done
    rows = {row.indicator.code: row for row in Observation.objects.select_related("indicator")}
    assert {code: row.value for code, row in rows.items()} == {
        "output": "6.25", "large": "3.96", "investment": "9361", "revenue": "2747.46",
    }  # fmt: skip
    assert {row.state for row in rows.values()} == {"draft"}
    assert rows["investment"].source.endswith("月报!D5")
    assert rows["investment"].month == "2005-09"


def test_a_preview_writes_nothing(county: County) -> None:
    sheet = hand_in(county, MONTHLY)
    events = Event.objects.count()
    seen = preview(county.permits("clerk"), sheet)
    assert seen.new == 4 or seen.questions
    assert Event.objects.count() == events
    assert not Observation.objects.exists()


def test_one_figure_that_cannot_be_taken_stops_all(county: County) -> None:
    first = settled(county, hand_in(county, MONTHLY))
    actions.import_sheet(permits=county.permits("clerk"), sheet=first)
    Observation.objects.filter(indicator__code="output").update(state="submitted")
    changed = [*MONTHLY[:2], [1, "工业总产值", "亿元", 6.3], [2, "其中：规模以上", "亿元", 4.01]]
    sheet = settled(county, hand_in(county, changed))
    seen = preview(county.permits("clerk"), sheet)
    (refused,) = seen.refused
    assert (refused.indicator.code, refused.place) == ("output", "月报!D3")
    assert "已上报" in refused.why
    with pytest.raises(Refused, match="什么都没有导入"):
        actions.import_sheet(permits=county.permits("clerk"), sheet=sheet)
    assert Observation.objects.get(indicator__code="large").value == "3.96"


def test_targets_of_a_year_are_taken_by_who_assigns_them(county: County) -> None:
    targets = [
        ["清渚镇2005年目标任务分解表"],
        ["指标", "单位", "全年目标"],
        ["工业性投入", "万元", 12000],
    ]
    sheet = settled(county, hand_in(county, targets))
    actions.import_sheet(permits=county.permits("clerk"), sheet=sheet)
    target = Target.objects.get(indicator__code="investment")
    assert (target.value, target.period, target.form) == ("12000", "2005", "absolute")
    assert target.note.endswith("月报!C3")
    owners = hand_in(county, targets, "owner")
    seen = preview(county.permits("owner"), settled(county, owners, "owner"))
    assert not seen.new


def test_an_answer_is_remembered_for_the_next_sheet(county: County) -> None:
    renamed = [*MONTHLY[:2], [1, "工业产值（全部）", "亿元", 6.25]]
    sheet = hand_in(county, renamed)
    for _ in range(3):
        seen = preview(county.permits("clerk"), sheet)
        answers = [
            Answer("工业总产值" if q.kind == "name_indicator" else "清渚镇", kind=q.kind, topic=q.topic,
                   sheet=q.sheet, cell=q.cell)
            for q in seen.questions
        ]  # fmt: skip
        if not answers:
            break
        sheet = actions.answer_sheet(permits=county.permits("clerk"), sheet=sheet, answers=answers)
    actions.import_sheet(permits=county.permits("clerk"), sheet=sheet)
    assert SheetMemory.objects.filter(kind="name_indicator", answer="工业总产值").exists()
    again = preview(county.permits("clerk"), hand_in(county, renamed))
    assert not [q for q in again.questions if q.kind == "name_indicator"]


def test_a_broken_file_says_so_and_changes_nothing(county: County) -> None:
    sheet = actions.hand_in_sheet(
        permits=county.permits("clerk"), name="坏.xlsx", content=[b"PK\x03\x04 not a workbook"], year=2005
    )
    seen = preview(county.permits("clerk"), sheet)
    assert seen.faults and "坏.xlsx" in seen.faults[0]
    with pytest.raises(Refused):
        actions.import_sheet(permits=county.permits("clerk"), sheet=sheet)
    assert not Observation.objects.exists()


def test_only_who_may_import_hands_in_and_only_their_own_is_theirs(county: County) -> None:
    with pytest.raises(Forbidden):
        hand_in(county, MONTHLY, "leader")
    sheet = hand_in(county, MONTHLY)
    with pytest.raises(Unknown):
        actions.import_sheet(permits=county.permits("owner"), sheet=sheet)


def test_the_same_file_is_kept_once(county: County, settings) -> None:
    first, second = hand_in(county, MONTHLY), hand_in(county, MONTHLY)
    kept = list(Path(settings.SITE.evidence).rglob(first.sha256))
    assert first.sha256 == second.sha256 and len(kept) == 1
