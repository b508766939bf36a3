"""Tasks against gaps: assigned, reported on, settled, taken up again; what is left uncovered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from town import MONTH, PASSWORD, County, make_county

from kaohe.web.accounts.permissions import Forbidden, Unknown
from kaohe.web.assessment.snapshot import taken
from kaohe.web.audit.recording import Conflict, history
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import Target
from kaohe.web.supervision import actions, queries
from kaohe.web.supervision.actions import TaskInput
from kaohe.web.supervision.models import Task
from kaohe.web.supervision.target_queries import target_page

pytestmark = pytest.mark.django_db
TOLD = TaskInput(
    cause="建材行业低谷", deliverable="两个项目投产", owner="经办乙", supporting="企业服务中心",
    start=date(2005, 10, 8), due=date(2005, 12, 31), contribution="2",
)  # fmt: skip


@pytest.fixture
def county() -> County:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 10, 12))
    yield make_county()
    settings.SITE = kept


def assigned(county: County, who: str = "deputy", **changed: object) -> Task:
    return actions.assign_task(
        permits=county.permits(who),
        unit=county.units["qing"],
        indicator=county.indicators["output"],
        told=replace(TOLD, **changed),
    )


def test_the_whole_way(county: County) -> None:
    task = assigned(county)
    actions.report_progress(permits=county.permits("owner"), task=task, text="第一个项目已投产")
    actions.settle_task(permits=county.permits("deputy"), task=task, evidence="验收报告 3 号")
    actions.reopen_task(permits=county.permits("leader"), task=task, reason="第二个项目未达产")
    kinds = [note.kind for note in task.notes.all()]
    assert (task.state, kinds) == ("open", ["progress", "settled", "reopened"])
    told = [event.action for event in history(task)]
    assert told == ["task.assign", "task.settle", "task.reopen"]


@pytest.mark.parametrize("missing", ["cause", "deliverable", "owner"])
def test_a_task_names_why_what_and_who(county: County, missing: str) -> None:
    with pytest.raises(Refused, match="请写明"):
        assigned(county, **{missing: " "})


def test_a_task_has_a_day_after_its_start(county: County) -> None:
    with pytest.raises(Refused, match="期限"):
        assigned(county, due=None)
    with pytest.raises(Refused, match="早于"):
        assigned(county, due=date(2005, 10, 1))


def test_a_contribution_is_a_figure_in_the_measure(county: County) -> None:
    assert assigned(county, contribution="20000万元").contribution == "2"
    assert assigned(county, contribution="≈0.50").contribution_text == "≈0.5 亿元"
    with pytest.raises(Refused, match="预计补足"):
        assigned(county, contribution="不少")


@pytest.mark.parametrize(
    ("who", "expected"),
    [("owner", Forbidden), ("verifier", Forbidden), ("stranger", Unknown)],
)
def test_who_may_not_assign(county: County, who: str, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        assigned(county, who)


def test_only_the_owner_reports_and_only_a_supervisor_settles(county: County) -> None:
    task = assigned(county)
    with pytest.raises(Forbidden):
        actions.report_progress(permits=county.permits("leader"), task=task, text="好")
    with pytest.raises(Forbidden):
        actions.settle_task(permits=county.permits("owner"), task=task, evidence="好")
    with pytest.raises(Refused, match="依据"):
        actions.settle_task(permits=county.permits("leader"), task=task, evidence=" ")


def test_what_another_did_meanwhile_stops_a_step(county: County) -> None:
    task = assigned(county)
    same = Task.objects.select_related("unit", "indicator__line").get()
    actions.settle_task(permits=county.permits("leader"), task=same, evidence="已验收")
    with pytest.raises(Conflict):
        actions.cancel_task(permits=county.permits("deputy"), task=task, reason="不做了")


def test_overdue_is_derived_and_counts_working_days(county: County) -> None:
    late, due = assigned(county, due=date(2005, 10, 10)), assigned(county, due=date(2005, 10, 14))
    rows = {row.task.pk: row for row in queries.with_days([late, due])}
    assert (rows[late.pk].overdue, rows[late.pk].late_by, rows[due.pk].days) == (True, 2, 2)
    actions.settle_task(permits=county.permits("leader"), task=late, evidence="已验收")
    assert not queries.with_days([late])[0].overdue


def test_open_tasks_close_the_gap_and_settled_ones_are_in_the_figures(county: County) -> None:
    from test_entry import submitted

    submitted(county)
    task = assigned(county)
    page = target_page(county.permits("leader"), Target.objects.get().pk, MONTH)
    assert (str(page.closing.missing), str(page.closing.closed)) == ("11/4", "2")
    assert str(page.closing.uncovered) == "3/4"
    actions.settle_task(permits=county.permits("leader"), task=task, evidence="已验收")
    page = target_page(county.permits("leader"), Target.objects.get().pk, MONTH)
    assert str(page.closing.uncovered) == "11/4"


def test_the_snapshot_holds_the_task(county: County) -> None:
    assigned(county)
    (fact,) = taken(MONTH).ledger.tasks
    assert (fact.unit, fact.indicator, fact.contribution) == ("qing", "output", "2 亿元")


def test_pages_answer_by_permits(county: County, client) -> None:
    task = assigned(county)
    for who, page, steps in (("owner", 200, 403), ("leader", 200, 302), ("stranger", 404, 404)):
        client.logout()
        assert client.post("/login/", {"username": who, "password": PASSWORD}).status_code == 302
        assert client.get(f"/tasks/{task.pk}/").status_code == page
        text = {"text": "依据", "version": Task.objects.get().version}
        assert client.post(f"/tasks/{task.pk}/settle", text).status_code == steps
    assert client.get("/tasks/new?unit=qing").status_code == 404


def test_a_page_takes_few_queries(county: County, client, django_assert_max_num_queries) -> None:
    task = [assigned(county) for _ in range(6)][0]
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    for path in ("/tasks/", f"/tasks/{task.pk}/", "/tasks/new?indicator=output", "/tasks/list.xlsx"):
        client.get(path)
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
