"""The tree of units, lines and the holiday table."""

from __future__ import annotations

from datetime import date

import pytest
from cast import Cast, make_cast

from kaohe.web.accounts.permissions import Unknown, Verb
from kaohe.web.ledger import structure_actions as actions
from kaohe.web.ledger.models import Holiday, Observation, ReportingDuty, ReportingUnit
from kaohe.web.ledger.structure_actions import Refused, UnitText
from kaohe.web.ledger.structure_forms import holidays_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_moved_unit_takes_its_subtree_and_the_grants_follow_the_tree(cast: Cast) -> None:
    office = cast.units["qing_of"]
    actions.change_unit(
        permits=cast.permits("system"), unit=office, parent=cast.units["qing_v"], told=UnitText("经发办")
    )
    actions.change_unit(
        permits=cast.permits("system"),
        unit=ReportingUnit.objects.get(code="qing_v"),
        parent=cast.units["lan"],
        told=UnitText("东村", kind="village"),
    )
    moved = ReportingUnit.objects.get(code="qing_of")
    assert moved.path == "county/lan/qing_v/qing_of/"
    assert cast.permits("stranger").may(Verb.VIEW, moved)
    assert not cast.permits("clerk").may(Verb.VIEW, moved)


def test_a_unit_does_not_move_below_itself(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_unit(
            permits=cast.permits("system"), unit=cast.units["qing"], parent=cast.units["qing_v"],
            told=UnitText("清渚镇", kind="town"),
        )  # fmt: skip


def test_merging_keeps_figures_and_ends_duties(cast: Cast) -> None:
    unit = cast.units["qing_v"]
    before = Observation.objects.filter(unit=unit).count()
    actions.close_unit(
        permits=cast.permits("system"), unit=unit, last_day=date(2005, 12, 31), reason="合并",
        successor=cast.units["qing_w"],
    )  # fmt: skip
    assert Observation.objects.filter(unit=unit).count() == before
    assert set(ReportingDuty.objects.filter(unit=unit).values_list("last_month", flat=True)) == {"2005-12"}
    with pytest.raises(Refused, match="已经撤并"):
        actions.close_unit(
            permits=cast.permits("system"), unit=unit, last_day=date(2006, 1, 1), successor=None, reason="x"
        )


def test_nobody_else_changes_the_tree(cast: Cast) -> None:
    for who in ("county", "security", "audit", "clerk"):
        with pytest.raises(Unknown):
            actions.save_line(permits=cast.permits(who), line=None, code="x", name="x", order=1)


def test_a_pasted_year_is_read(cast: Cast) -> None:
    days = holidays_of("10月1日至7日 放假 国庆节\n10月8日（星期六） 上班\n2006-01-01 元旦\n", 2005)
    assert len(days) == 9
    assert (days[0].day, days[0].working, days[0].name) == (date(2005, 10, 1), False, "国庆节")
    assert (days[7].day, days[7].working) == (date(2005, 10, 8), True)
    assert days[8].day == date(2006, 1, 1)
    actions.save_holidays(permits=cast.permits("system"), days=days)
    assert Holiday.objects.count() == 9


def test_every_unreadable_line_is_told(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"第 1 行.*第 3 行"):
        holidays_of("国庆放假\n10月8日 上班\n2月30日 放假\n", 2005)
