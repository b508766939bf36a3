"""A closed unit is gone from grids, duties, lists and boards after its day, and keeps its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from cast import Cast, make_cast, signed_in
from django.conf import settings

from kaohe.web.accounts.permissions import Unknown
from kaohe.web.assessment.actions import keep_run
from kaohe.web.assessment.models import RunUnit, Scheme
from kaohe.web.dashboard.lists import unit_list, unit_page
from kaohe.web.ledger import actions, structure_actions
from kaohe.web.ledger.actions import CellInput, Refused
from kaohe.web.ledger.grid import entry_grid
from kaohe.web.ledger.models import Collection, Indicator, Observation, ReportingUnit
from kaohe.web.ledger.queries import units_to_enter
from kaohe.web.supervision.actions import TaskInput, assign_task
from kaohe.web.supervision.target_actions import TargetInput, set_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 11, 12))
    yield make_cast()
    settings.SITE = kept


def closed(cast: Cast, code: str, last_day: date) -> ReportingUnit:
    structure_actions.close_unit(
        permits=cast.permits("system"),
        unit=cast.units[code],
        last_day=last_day,
        reason="合并",
        successor=None,
    )
    return ReportingUnit.objects.get(code=code)


def codes(rows) -> list[str]:
    return [row.unit.code for row in rows]


def test_lists_are_those_of_their_month(cast: Cast) -> None:
    closed(cast, "qing_v", date(2005, 9, 15))
    permits = cast.permits("clerk")
    assert "qing_v" in codes(unit_list(permits, "2005-09"))
    assert "qing_v" not in codes(unit_list(permits, "2005-10"))
    assert "qing_v" not in codes(unit_page(permits, "qing", "2005-10").children)
    assert unit_page(permits, "qing_v", "2005-10").row.unit.code == "qing_v"
    assert "qing_v" in units_to_enter(permits, "2005-09").values_list("code", flat=True)
    assert "qing_v" not in units_to_enter(permits, "2005-10").values_list("code", flat=True)


def test_nothing_is_entered_after_its_day_and_everything_stays(cast: Cast) -> None:
    before = Observation.objects.filter(unit__code="qing_v").count()
    unit, permits = closed(cast, "qing_v", date(2005, 10, 31)), cast.permits("clerk")
    assert not entry_grid(permits, unit, "2005-11").cells
    with pytest.raises(Unknown):
        actions.save_cells(
            permits=permits, unit=unit, month="2005-11", cells=[CellInput("output", 0, "1")], key="a" * 8
        )
    assert len(entry_grid(permits, unit, "2005-09").cells) == 2
    assert Observation.objects.filter(unit__code="qing_v").count() == before


def test_it_is_given_no_more_tasks_and_targets(cast: Cast) -> None:
    unit, indicator = closed(cast, "qing_v", date(2005, 10, 31)), Indicator.objects.get(code="output")
    told = TaskInput(cause="原因", deliverable="措施", owner="某人", due=date(2005, 12, 31))
    with pytest.raises(Refused, match="已撤并"):
        assign_task(permits=cast.permits("clerk"), unit=unit, indicator=indicator, told=told)
    target = TargetInput("2005", "absolute", "9", "示例县", "新文件")
    with pytest.raises(Refused, match="已撤并"):
        set_target(permits=cast.permits("county"), unit=unit, indicator=indicator, told=target)


def test_it_is_not_scored_in_a_period_after_its_day(cast: Cast) -> None:
    Collection.objects.filter(unit__code="lan", month__gt="2005-05").delete()
    closed(cast, "lan_v", date(2005, 5, 31))
    closed(cast, "lan", date(2005, 5, 31))
    run = keep_run(scheme=Scheme.objects.get(), month="2005-06", by=None)
    assert list(RunUnit.objects.filter(run=run).values_list("unit__code", flat=True)) == ["qing"]


def test_pages_of_a_closed_unit_are_still_there(cast: Cast) -> None:
    closed(cast, "qing_v", date(2005, 9, 15))
    client = signed_in("clerk")
    for page in (
        "/units/qing_v/",
        "/indicators/?unit=qing_v",
        "/tasks/?unit=qing_v",
        "/targets/?unit=qing_v",
    ):
        assert client.get(f"{page}{'&' if '?' in page else '?'}month=2005-11").status_code == 200
