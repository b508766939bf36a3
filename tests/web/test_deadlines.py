"""Deadlines by working day, of units and lines; months opened, and closed knowing who is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.conf import settings
from test_entry import save, submitted
from town import CHINA, MONTH, County, make_county

from kaohe.web.accounts.models import AdminRole, Person
from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown
from kaohe.web.audit.recording import history, recorded
from kaohe.web.ledger import collection_actions, structure_actions
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.collection_actions import Missed
from kaohe.web.ledger.deadlines import calendar_around, deadlines_of
from kaohe.web.ledger.grid import entry_grid
from kaohe.web.ledger.models import Collection, DueRule, Holiday, Line
from kaohe.web.ledger.queries import collections, missing_of, to_open, unit_deadlines

pytestmark = pytest.mark.django_db
NATIONAL = [Holiday(day=date(2005, 10, day)) for day in (3, 4, 5, 6, 7)]
MADE_UP = [Holiday(day=date(2005, 10, day), working=True) for day in (8, 9)]


@pytest.fixture
def county() -> County:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 10, 12))
    made = make_county()
    with recorded("test.holidays", by=None) as entry:
        entry.create(*NATIONAL, *MADE_UP)
    yield made
    settings.SITE = kept


def system() -> Permits:
    return Permits(Person.objects.create(username="sys", name="系统", admin_role=AdminRole.SYSTEM), ())


def rule(county: County, unit: str, days: int, line: str = "") -> DueRule:
    chosen = Line.objects.get(code=line) if line else None
    admin = Permits(Person(username="s", admin_role=AdminRole.SYSTEM), ())
    admin = replace(admin, person=Person.objects.filter(admin_role="system").first() or system().person)
    return structure_actions.save_due_rule(permits=admin, unit=county.units[unit], line=chosen, days=days)


def due(county: County, unit: str, line: str = "", month: str = MONTH) -> str:
    found = deadlines_of(month, [county.units[unit].path]).due(county.units[unit].path, line)
    return found.astimezone(CHINA).strftime("%m-%d") if found else ""


def test_working_days_after_the_month(county: County) -> None:
    calendar = calendar_around(date(2005, 10, 1))
    days = [calendar.working_day_after(MONTH, number).isoformat() for number in (1, 2, 3)]
    assert days == ["2005-10-08", "2005-10-09", "2005-10-10"]
    assert calendar.working_day_after("2005-12", 1) == date(2006, 1, 2)
    assert calendar.days_left(date(2005, 10, 10)) == -2
    assert calendar.ahead(3) == date(2005, 10, 17)


def test_the_nearest_unit_decides_and_its_lines_first(county: County) -> None:
    Collection.objects.all().delete()
    assert due(county, "qing") == ""
    rule(county, "county", 5)
    rule(county, "county", 2, "finance")
    assert (due(county, "qing"), due(county, "qing", "finance")) == ("10-12", "10-09")
    rule(county, "qing", 3)
    assert (due(county, "qing"), due(county, "qing", "finance"), due(county, "lan")) == (
        "10-10",
        "10-10",
        "10-12",
    )
    rule(county, "qing", 4)
    assert (due(county, "qing"), DueRule.objects.count()) == ("10-11", 3)


def test_a_month_that_was_opened_keeps_its_day(county: County) -> None:
    rule(county, "county", 5)
    assert due(county, "qing") == "10-13"
    assert due(county, "qing", month="2005-10") == "11-07"


def test_the_grid_names_the_lines_that_are_due_at_another_time(county: County) -> None:
    rule(county, "county", 2, "finance")
    usual, *others = unit_deadlines(entry_grid(county.permits("clerk"), county.units["qing"], MONTH))
    assert usual is not None and (usual.days, usual.overdue) == (1, False)
    assert [(each.line, each.days) for each in others] == [("财政线", -3)]


@pytest.mark.parametrize("days", [0, 24])
def test_a_rule_is_a_working_day_of_a_month(county: County, days: int) -> None:
    with pytest.raises(structure_actions.Refused, match="工作日"):
        rule(county, "county", days)


def test_only_the_system_administrator_lays_down_deadlines(county: County) -> None:
    with pytest.raises(Unknown):
        structure_actions.save_due_rule(
            permits=county.permits("county"), unit=county.units["county"], line=None, days=5
        )


def test_a_month_is_opened_by_the_rule_or_with_a_day(county: County) -> None:
    unit, permits = county.units["county"], county.permits("county")
    with pytest.raises(Refused, match="截止日"):
        collection_actions.open_month(permits=permits, unit=unit, month="2005-10", due=None)
    rule(county, "county", 5)
    made = collection_actions.open_month(permits=permits, unit=unit, month="2005-10", due=None)
    assert made.due.astimezone(CHINA) == datetime(2005, 11, 7, 17, tzinfo=CHINA)
    assert [event.action for event in history(made)] == ["collection.open"]
    with pytest.raises(Refused, match="已经在收数"):
        collection_actions.open_month(permits=permits, unit=unit, month="2005-10", due=made.due)
    with pytest.raises(Forbidden):
        collection_actions.open_month(
            permits=county.permits("clerk"), unit=county.units["qing"], month="2005-10", due=None
        )


def test_the_units_to_open_are_those_without_a_collection(county: County) -> None:
    assert [unit.code for unit in to_open(county.permits("county"), MONTH)] == ["qing", "lan"]
    assert not to_open(county.permits("clerk"), MONTH)


def test_closing_warns_who_is_missing(county: County) -> None:
    submitted(county)
    save(county, "clerk", key="d", revenue="1")
    row, permits = Collection.objects.get(), county.permits("county")
    by_unit = {each.unit.code: each for each in missing_of(permits, row)}
    assert [indicator.code for indicator in by_unit["qing"].unfinished] == ["revenue"]
    assert "revenue" in [indicator.code for indicator in by_unit["lan"].absent]
    with pytest.raises(Missed, match="兰溪镇"):
        collection_actions.close_month(permits=permits, collection=row)
    closed = collection_actions.close_month(permits=permits, collection=row, despite_missing=True)
    assert closed.closed and "没有报齐" in history(closed)[-1].body


def test_counts_of_a_collection_agree_with_what_is_missing(county: County) -> None:
    submitted(county)
    (row,) = collections(county.permits("county"))
    missing = missing_of(county.permits("county"), row.collection)
    assert row.counts["absent"] == sum(len(each.absent) for each in missing)
    assert row.lacks


def test_pages(county: County, client, django_assert_max_num_queries) -> None:
    client.post("/login/", {"username": "county", "password": "kaohe-test-2005"})
    pk = Collection.objects.get().pk
    client.get("/collections/")
    for page in (f"/collections/?month={MONTH}", f"/collections/{pk}/"):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
    answer = client.post(f"/collections/{pk}/close", follow=True)
    assert answer.redirect_chain[-1][0] == f"/collections/{pk}/"
    assert "没有报齐" in answer.content.decode()
    client.post(f"/collections/{pk}/close", {"despite": "1"})
    assert Collection.objects.get().closed
