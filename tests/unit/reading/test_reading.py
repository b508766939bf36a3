"""What reading tells of a figure: kind, links, period, scope, role."""

from __future__ import annotations

import pytest

from kaohe.reading import Claim, milestones_of, read, text_document
from kaohe.reading.reader import read_text


def only(text: str, figure: str, year: int | None = None) -> Claim:
    (found,) = [claim for claim in read_text(text, year) if claim.text == figure]
    return found


@pytest.mark.parametrize(
    ("text", "figure", "kind"),
    [
        ("实现产值5亿元。", "5亿元", "amount"),
        ("比上年增加5亿元。", "5亿元", "delta"),
        ("产值增加到5亿元。", "5亿元", "amount"),
        ("财政收入增长5%。", "5%", "growth"),
        ("完成年度计划的95%。", "95%", "completion"),
        ("占全县的30%。", "30%", "share"),
        ("80%的农户用上了沼气。", "80%", "share"),
        ("入学率达到99%。", "99%", "rate"),
        ("增幅达12%。", "12%", "growth"),
        ("完成率为88%。", "88%", "completion"),
        ("贡献率为61%。", "61%", "share"),
        ("人口自然增长率6%。", "6%", "rate"),
        ("提高3个百分点。", "3个百分点", "delta_pp"),
        ("年产5万吨的水泥生产线。", "5万吨", "capacity"),
        ("粮食产量5万吨。", "5万吨", "quantity"),
        ("造林5万亩。", "5万亩", "area"),
        ("修建水库5座。", "5座", "count"),
        ("增速居全市第5位。", "第5位", "rank"),
    ],
)
def test_kinds(text: str, figure: str, kind: str) -> None:
    assert only(text, figure).kind == kind


def test_signs_from_verbs() -> None:
    assert only("粮食减产8%。", "8%").direction == "down"
    assert only("企业亏损596万元。", "596万元").direction == "loss"
    assert only("财政赤字300万元。", "300万元").direction == ""


def test_parts_share_and_points_are_linked() -> None:
    claims = read_text("全镇工业产值6亿元,增长9%;其中规模企业产值4亿元,占全镇的67%,比重上升3个百分点。")
    total, growth, part, share, points = claims
    assert growth.relation_to == total.id
    assert (part.part_of, share.relation_to, share.whole) == (total.id, part.id, total.id)
    assert points.relation_to == share.id


def test_a_printed_plan_is_the_whole() -> None:
    revenue, plan, done = read_text("财政收入完成9.8亿元,占年初预算数109466万元的90.9%。")
    assert (done.relation_to, done.whole, plan.role) == (revenue.id, plan.id, "target")


def test_periods_are_inherited_and_resolved() -> None:
    text = "1—9月,全镇产值6亿元,税收3亿元。去年同期产值为5亿元。"
    assert [str(claim.months) for claim in read_text(text, 2005)][:2] == ["2005-01/2005-09"] * 2
    assert [claim.months for claim in read_text(text)][:2] == [None, None]
    assert only(text, "3亿元").period == "1—9月"


def test_a_heading_gives_the_period() -> None:
    text = "一、今年以来工作回顾\n修路5公里。\n二、2006年打算\n修路8公里。"
    assert (only(text, "5公里").period, only(text, "8公里").period) == ("今年", "2006年")
    assert (only(text, "5公里").role, only(text, "8公里").role) == ("", "target")


def test_a_plan_named_by_its_year_is_no_period() -> None:
    assert only("1—9月产值6亿元,完成全年任务的80%,税收2亿元。", "2亿元").period == "1—9月"


def test_scope() -> None:
    text = "我镇产值6亿元,占全县的9%。我镇税收2亿元。"
    assert {claim.scope for claim in read_text(text)} == {"全镇"}


def test_roles() -> None:
    assert only("力争财政收入突破2亿元。", "2亿元").role == "target"
    assert only("国税收入预计2150万元。", "2150万元").role == "forecast"
    assert only("引进亿元以上项目4个。", "亿元").role == "threshold"


def test_boilerplate_holds_no_figures() -> None:
    text = "总结\n浏览次数 419 次,共 3 个附件\n产值6亿元。"
    assert [claim.text for claim in read_text(text)] == ["6亿元"]


def test_offsets_are_those_of_the_source() -> None:
    text = "　　产值 6. 25 亿元，增长 4 1％。\r\n税收3亿元。"
    for claim in read_text(text):
        assert text[claim.start : claim.end] == claim.text


def test_reading_is_deterministic() -> None:
    text = "全镇产值6亿元,增长9%;其中规模企业4亿元。" * 20
    assert read_text(text) == read_text(text)


def test_a_text_or_a_path(tmp_path: object) -> None:
    from pathlib import Path

    place = Path(str(tmp_path)) / "a.txt"
    place.write_text("产值6亿元。", encoding="utf-8")
    assert read(place) == read(str(place)) == read("产值6亿元。")


def test_milestones() -> None:
    document = text_document("新教学楼已全面启用。污水处理厂力争10月底前竣工。提高认识。")
    found = [(one.subject, one.stage, one.date, one.reached) for one in milestones_of(document)]
    assert found == [("新教学楼", "启用", "", True), ("污水处理厂", "竣工", "10月底前", False)]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "没有数据的一句话。", "((((", "“" * 50, "1" * 400, "、,。;:" * 30]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    assert isinstance(read_text(text), list)
