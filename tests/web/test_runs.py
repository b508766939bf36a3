"""Scoring runs: stored whole, recorded with hashes, done again only when something changed."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from demonstration import scored_demonstration, signed_in  # noqa: F401

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Forbidden, Unknown, permits_of
from kaohe.web.assessment.actions import keep_run, run_scheme
from kaohe.web.assessment.models import Run, RunUnit, RunWorking, Scheme
from kaohe.web.assessment.queries import latest_board
from kaohe.web.audit.recording import history, recorded
from kaohe.web.ledger.models import Observation, ReportingUnit
from kaohe.web.supervision.models import Task

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.usefixtures("scored_demonstration"),
]


def _county() -> Scheme:
    return Scheme.objects.select_related("issuer").get(file_name="county.yaml")


def _run() -> Run:
    return Run.objects.get(scheme=_county(), month="2005-09")


def test_a_run_keeps_a_board_a_unit_and_a_working_a_criterion() -> None:
    run = _run()
    assert run.units.count() == 12
    assert run.workings.count() == 12 * len({row.criterion for row in run.workings.all()})


def test_a_run_is_recorded_with_the_hash_of_what_it_says() -> None:
    run = _run()
    digest = sha256()
    workings: dict[str, list[tuple[str, str]]] = {}
    for row in RunWorking.objects.filter(run=run).select_related("unit").order_by("pk"):
        workings.setdefault(row.unit.code, []).append((row.criterion, row.working))
    for unit in RunUnit.objects.filter(run=run).select_related("unit").order_by("pk"):
        digest.update(f"{unit.unit.code}\t{unit.board}\n".encode())
        for criterion, text in workings[unit.unit.code]:
            digest.update(f"{unit.unit.code}\t{criterion}\t{text}\n".encode())
    assert digest.hexdigest() == run.result_hash
    assert [event.action for event in history(run)] == ["scheme.run"]
    told = json.loads(history(run)[0].body)["changes"][0]["after"]
    assert (told["facts_hash"], told["result_hash"]) == (run.facts_hash, run.result_hash)


def test_nothing_is_scored_twice_when_nothing_changed() -> None:
    assert keep_run(scheme=_county(), month="2005-09", by=None).pk == _run().pk


def test_a_submission_makes_the_board_stale_and_the_next_run_new() -> None:
    permits = permits_of(Person.objects.get(username="镇长甲"))
    town = ReportingUnit.objects.get(code="qingzhu")
    stored = latest_board(permits, town, "2005-09")
    assert stored is not None and not stored.stale
    row = Observation.objects.get(unit=town, indicator__code="sales", month="2005-09")
    row.state, row.version = "submitted", row.version + 1
    with recorded("observation.submit", by=row.entered_by) as entry:
        entry.update(row)
    stored = latest_board(permits, town, "2005-09")
    assert stored is not None and stored.stale
    assert keep_run(scheme=_county(), month="2005-09", by=None).pk != stored.run.pk


@pytest.mark.parametrize(
    ("action", "stale"),
    [("target.adjust", True), ("task.settle", True), ("target.request", False), ("evidence.file", False)],
)
def test_adjustments_and_tasks_make_the_board_stale_as_figures_do(action: str, stale: bool) -> None:
    permits = permits_of(Person.objects.get(username="镇长甲"))
    task = Task.objects.filter(unit__code="qingzhu").first()
    task.version += 1
    with recorded(action, by=None) as entry:
        entry.update(task)
    stored = latest_board(permits, ReportingUnit.objects.get(code="qingzhu"), "2005-09")
    assert stored is not None and stored.stale is stale


@pytest.mark.parametrize("name", ["文书甲", "甲镇文书", "县考核办甲"])
def test_who_publishes_may_score(name: str) -> None:
    permits = permits_of(Person.objects.get(username=name))
    assert run_scheme(scheme=_county(), month="2005-09", permits=permits).pk == _run().pk


def test_who_only_looks_may_not_score() -> None:
    permits = permits_of(Person.objects.get(username="镇长甲"))
    with pytest.raises(Forbidden):
        run_scheme(scheme=_county(), month="2005-09", permits=permits)


def test_another_towns_scheme_is_unknown() -> None:
    permits = permits_of(Person.objects.get(username="甲镇文书"))
    town = Scheme.objects.select_related("issuer").get(file_name="town.yaml")
    with pytest.raises(Unknown):
        run_scheme(scheme=town, month="2005-09", permits=permits)


def test_the_button_scores_and_leads_back_to_the_board() -> None:
    answer = signed_in("文书甲").post("/score/county-2005/run", {"unit": "qingzhu", "month": "2005-09"})
    assert (answer.status_code, answer["Location"]) == (302, "/board/?unit=qingzhu&month=2005-09")
    assert signed_in("镇长甲").post("/score/county-2005/run", {"month": "2005-09"}).status_code == 403
    assert signed_in("甲镇文书").post("/score/town-2005/run", {"month": "2005-09"}).status_code == 404
