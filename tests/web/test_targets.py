"""Targets: broken down to those below and to months, adjusted on request; nothing is overwritten."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook
from test_entry import submitted
from town import MONTH, PASSWORD, County, make_county

from kaohe.web.accounts.permissions import Forbidden, Unknown
from kaohe.web.audit.models import Event
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ReportingUnit, SchedulePoint, Target
from kaohe.web.supervision import target_actions as actions
from kaohe.web.supervision.models import Breakdown, Decision
from kaohe.web.supervision.target_actions import Share, TargetInput
from kaohe.web.supervision.target_queries import target_page, targets_seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 10, 12))
    made = make_county()
    with recorded("test.villages", by=None) as entry:
        for number in (1, 2):
            village = ReportingUnit(
                code=f"v{number}", name=f"{number}村", kind="village", parent=made.units["qing"],
                path=f"county/qing/v{number}/", order=10 + number,
            )  # fmt: skip
            entry.create(village)
            made.units[village.code] = village
        ratio = Target(
            code="t2", unit=made.units["qing"], indicator=made.indicators["large_share"], period="2005",
            value="60", issuer="县下达", document="县发1号",
        )  # fmt: skip
        entry.create(ratio)
    yield made
    settings.SITE = kept


def held(county: County, code: str = "t1", who: str = "clerk") -> Target:
    return targets_seen(county.permits(who)).get(code=code)


def broken(
    county: County, first: str, second: str, code: str = "t1", who: str = "clerk", **more
) -> Breakdown:
    shares = [
        Share(county.units[unit], value, leader="副镇长甲", owner="经办乙")
        for unit, value in (("v1", first), ("v2", second))
    ]
    return actions.break_down(permits=county.permits(who), target=held(county, code), shares=shares, **more)


def test_what_adds_up_is_handed_on_whole(county: County) -> None:
    made = broken(county, "5", "4")
    shares = Target.objects.filter(parent_target__code="t1").order_by("unit__order")
    assert [(share.unit.code, share.value, share.owner) for share in shares] == [
        ("v1", "5", "经办乙"),
        ("v2", "4", "经办乙"),
    ]
    assert (made.assigned, made.reserved) == ("9", False)
    page = target_page(county.permits("clerk"), held(county).pk, MONTH)
    assert (str(page.cascade.total), page.outcome.value) == ("9", "exact")


def test_more_than_assigned_needs_a_reason(county: County) -> None:
    with pytest.raises(Refused, match=r"加码：比目标多分 1 亿元（11.1%）"):
        broken(county, "5", "5")
    assert broken(county, "5", "5", reason="两村有新项目").reason == "两村有新项目"


def test_less_is_an_error_unless_reserved(county: County) -> None:
    with pytest.raises(Refused, match=r"少 1 亿元"):
        broken(county, "5", "3")
    assert broken(county, "5", "3", reserved=True).reserved


def test_a_ratio_is_the_same_or_stricter(county: County) -> None:
    with pytest.raises(Refused, match="第 2 个单位松于 60"):
        broken(county, "62", "58", code="t2")
    assert broken(county, "62", "60", code="t2").assigned == ""


def test_it_is_all_or_nothing(county: County) -> None:
    before = Event.objects.count(), Target.objects.count()
    for months in (["10"] * 12, ["", "x"] + [""] * 10):
        with pytest.raises(Refused):
            broken(county, "5", "4", months=months)
    with pytest.raises(Refused, match="各写一人"):
        actions.break_down(
            permits=county.permits("clerk"), target=held(county),
            shares=[Share(county.units["v1"], "9", leader="甲、乙", owner="丙")],
        )  # fmt: skip
    assert (Event.objects.count(), Target.objects.count(), SchedulePoint.objects.count()) == (*before, 0)


def test_months_are_a_curve_that_rises_to_one(county: County) -> None:
    months = ["5", "10", "20", "30", "40", "50", "58", "66", "75", "84", "92", "100"]
    broken(county, "5", "4", months=months)
    told = held(county)
    points = SchedulePoint.objects.filter(schedule=told.schedule).order_by("month")
    assert [point.share for point in points][-3:] == ["0.84", "0.92", "1"]
    assert {share.schedule for share in Target.objects.filter(parent_target=told)} == {told.schedule}


def test_breaking_down_again_makes_versions(county: County) -> None:
    broken(county, "5", "4")
    broken(county, "6", "3")
    shares = Target.objects.filter(unit=county.units["v1"]).order_by("pk")
    assert [(share.value, share.edition) for share in shares] == [("5", "1"), ("6", "2")]
    page = target_page(county.permits("clerk"), held(county).pk, MONTH)
    assert [row.target.value for row in page.shares] == ["6", "3"]


@pytest.mark.parametrize(("who", "expected"), [("deputy", Forbidden), ("owner", Forbidden)])
def test_who_may_not_break_down(county: County, who: str, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        broken(county, "5", "4", who=who)


def test_a_unit_that_is_not_below_is_unknown(county: County) -> None:
    with pytest.raises(Unknown):
        actions.break_down(
            permits=county.permits("county"), target=held(county, who="county"),
            shares=[Share(county.units["lan"], "9", leader="甲", owner="乙")],
        )  # fmt: skip


def test_an_adjustment_leaves_the_old_target_and_both_attainments(county: County) -> None:
    submitted(county)
    asked = actions.request_adjustment(
        permits=county.permits("deputy"),
        target=held(county),
        grounds="旱灾",
        evidence="灾情核定表",
        asked="8",
    )
    with pytest.raises(Forbidden):
        actions.answer_adjustment(
            permits=county.permits("clerk"), adjustment=asked, decision=Decision.GRANTED, answer="同意"
        )
    asked.target = held(county, who="county")
    done = actions.answer_adjustment(
        permits=county.permits("county"),
        adjustment=asked,
        decision=Decision.GRANTED,
        answer="同意",
        value="8.5",
    )
    assert (held(county).value, done.granted.value, done.granted.edition) == ("9", "8.5", "2")
    page = target_page(county.permits("leader"), done.granted.pk, MONTH)
    assert [row.progress.attainment.text for row in page.versions] == ["73.5", "69.4"]
    with pytest.raises(Refused, match="新的一版"):
        actions.request_adjustment(
            permits=county.permits("deputy"), target=held(county), grounds="旱", evidence="表", asked="7"
        )


def test_a_refusal_changes_nothing(county: County) -> None:
    asked = actions.request_adjustment(
        permits=county.permits("owner"), target=held(county), grounds="旱灾", evidence="核定表", asked="8"
    )
    asked.target = held(county, who="county")
    actions.answer_adjustment(
        permits=county.permits("county"), adjustment=asked, decision=Decision.REFUSED, answer="不予调整"
    )
    assert (
        Target.objects.filter(unit=county.units["qing"], indicator=county.indicators["output"]).count() == 1
    )


def test_a_target_of_a_document_is_entered_once(county: County) -> None:
    told = TargetInput("2005", "absolute", "3000", "县下达", "县发2号", leader="副镇长乙", owner="经办丙")
    made = actions.set_target(
        permits=county.permits("clerk"), unit=county.units["qing"],
        indicator=county.indicators["revenue"], told=told,
    )  # fmt: skip
    assert made.value == "3000"
    with pytest.raises(Refused, match="申请调整"):
        actions.set_target(
            permits=county.permits("clerk"), unit=county.units["qing"],
            indicator=county.indicators["revenue"], told=told,
        )  # fmt: skip


def test_pages_answer_by_permits(county: County, client) -> None:
    pk = held(county).pk
    expected = {"clerk": (200, 200), "deputy": (200, 403), "stranger": (404, 404)}
    for who, (page, form) in expected.items():
        client.logout()
        client.post("/login/", {"username": who, "password": PASSWORD})
        assert client.get(f"/targets/{pk}/").status_code == page
        assert client.get(f"/targets/{pk}/break-down").status_code == form


def test_a_breakdown_is_posted_and_shown(county: County, client) -> None:
    pk = held(county).pk
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    data = {"share.v1": "5", "leader.v1": "甲", "owner.v1": "乙", "version": "1"}
    answer = client.post(f"/targets/{pk}/break-down", data)
    assert "少 4 亿元" in answer.content.decode() and 'value="5"' in answer.content.decode()
    answer = client.post(f"/targets/{pk}/break-down", data | {"reserved": "1"})
    assert answer.status_code == 302
    assert "留有机动" in client.get(f"/targets/{pk}/").content.decode()


def test_pages_take_few_queries(county: County, client, django_assert_max_num_queries) -> None:
    submitted(county)
    broken(county, "5", "5", reason="有新项目", months=["0"] * 11 + ["100"])
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    pk = held(county).pk
    for path in ("/targets/", f"/targets/{pk}/", f"/targets/{pk}/break-down", "/targets/breakdown.xlsx"):
        client.get(path)
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200, path


def test_the_workbook_holds_the_shares_and_their_sum(county: County, client) -> None:
    broken(county, "5", "5.5", reason="有新项目")
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/targets/breakdown.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "清渚镇2005年目标任务分解表"
    assert rows[2][4:9] == ["2005年目标", "1村", "2村", "分解合计", "与目标相差"]
    assert rows[3][4:9] == [9.0, 5.0, 5.5, 10.5, 1.5]
