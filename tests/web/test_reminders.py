"""What people are reminded of, on their desk and in the daily digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from test_entry import save, submitted
from test_tasks import assigned
from town import MONTH, County, make_county

from kaohe.cli.digest import digest_command
from kaohe.web.accounts.models import Holding, Person
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock
from kaohe.web.dashboard.digest import write_digests
from kaohe.web.dashboard.queries import Desk, desk
from kaohe.web.ledger import actions
from kaohe.web.ledger.models import Observation

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 10, 12))
    yield make_county()
    settings.SITE = kept


def marks(found: Desk) -> list[tuple[str, str]]:
    return [(each.mark, each.title) for each in (*found.now, *found.later)]


def test_what_is_not_due_is_not_missing(county: County) -> None:
    before = desk(county.permits("owner"), MONTH)
    assert {mark for mark, _title in marks(before)} == {"待填"} and not before.now
    with clock.on(date(2005, 10, 17)):
        after = desk(county.permits("owner"), MONTH)
    assert {mark for mark, _title in marks(after)} == {"缺报"} and not after.later
    assert "10-13 到期，已过 2 个工作日" in after.now[0].why


def test_tasks_are_reminded_of_by_working_day(county: County) -> None:
    assigned(county, due=date(2005, 10, 10))
    assigned(county, due=date(2005, 10, 19), deliverable="新上一条线")
    assigned(county, due=date(2005, 12, 31), deliverable="以后的事")
    found = dict(marks(desk(county.permits("owner"), MONTH)))
    assert found["逾期"] == "办理 清渚镇 措施：两个项目投产"
    assert found["临期"] == "办理 清渚镇 措施：新上一条线"
    assert found.keys() == {"逾期", "临期", "待填"}
    supervised = dict(marks(desk(county.permits("deputy"), MONTH)))
    assert supervised["逾期"].startswith("催办")


def test_many_tasks_are_told_together(county: County) -> None:
    for number in range(5):
        assigned(county, due=date(2005, 10, 10), deliverable=f"第 {number} 件")
    told = [title for mark, title in marks(desk(county.permits("owner"), MONTH)) if mark == "逾期"]
    assert told == ["5 项措施逾期未办结"]


def test_another_town_is_reminded_of_nothing_of_it(county: County) -> None:
    assigned(county, due=date(2005, 10, 10))
    assert "逾期" not in dict(marks(desk(county.permits("stranger"), MONTH)))


def test_a_figure_sent_back_is_told_whatever_month_it_is_of(county: County) -> None:
    save(county, "owner", month="2005-08", key="a", output="5")
    row = Observation.objects.get(indicator__code="output")
    with recorded("test.submitted", by=None) as entry:
        row.state = "submitted"
        entry.update(row)
    actions.return_observation(permits=county.permits("verifier"), observation=row, message="口径有误")
    (first, *_rest) = desk(county.permits("owner"), MONTH).now
    assert (first.mark, first.title) == ("退回", "改正 清渚镇 2005年8月 工业总产值 5 亿元")
    assert first.plain == "改正 清渚镇 2005年8月 工业总产值"


def test_an_objection_waits_for_the_verifier_until_it_is_answered(county: County) -> None:
    submitted(county)
    row = Observation.objects.get(indicator__code="output")
    actions.return_observation(permits=county.permits("verifier"), observation=row, message="口径有误")
    row.refresh_from_db()
    actions.object_to(permits=county.permits("owner"), observation=row, text="有票据")
    assert ("异议", "答复异议 清渚镇 工业总产值") in marks(desk(county.permits("verifier"), MONTH))
    actions.answer_objection(permits=county.permits("verifier"), observation=row, text="已核")
    assert "异议" not in dict(marks(desk(county.permits("verifier"), MONTH)))


def test_a_digest_tells_what_to_do_without_figures_messages_and_names(county: County, tmp_path: Path) -> None:
    submitted(county)
    row = Observation.objects.get(indicator__code="output")
    actions.return_observation(permits=county.permits("verifier"), observation=row, message="口径有误")
    for person in county.people.values():
        Person.objects.filter(pk=person.pk).update(name=f"姓名{person.pk}")
    written = {file.stem: file.read_text(encoding="utf-8") for file in write_digests(tmp_path)}
    assert "[退回] 改正 清渚镇 工业总产值\n" in written["owner"]
    everything = "".join(written.values())
    assert not [text for text in ("口径有误", row.value, "姓名") if text in everything]


def test_a_post_with_nothing_to_do_loses_its_file(county: County, tmp_path: Path) -> None:
    file = tmp_path / "auditor.txt"
    before = {file.stem for file in write_digests(tmp_path)}
    idle = {"leader", "county", "verifier", "owner", "clerk", "deputy", "stranger"} - before
    for code in idle:
        (tmp_path / f"{code}.txt").write_text("昨天的事", encoding="utf-8")
    write_digests(tmp_path)
    assert idle and not [code for code in idle if (tmp_path / f"{code}.txt").exists()]
    assert not file.exists()


def test_a_vacant_post_loses_its_file(county: County, tmp_path: Path) -> None:
    submitted(county)
    assert tmp_path / "clerk.txt" in write_digests(tmp_path)
    Holding.objects.filter(post__code="clerk").update(until=date(2005, 1, 31))
    write_digests(tmp_path)
    assert not (tmp_path / "clerk.txt").exists()


def test_a_digest_names_a_task_by_its_number(county: County, tmp_path: Path) -> None:
    task = assigned(county, due=date(2005, 10, 14), deliverable="四季度补足 2.75 亿元")
    everything = "".join(file.read_text(encoding="utf-8") for file in write_digests(tmp_path))
    assert task.code in everything and "2.75" not in everything


def test_the_command_goes_by_the_day_asked_for(county: County, tmp_path: Path) -> None:
    folder = Path(settings.SITE.folder)
    done = CliRunner().invoke(
        digest_command,
        [str(folder), "--date", "2005-10-17", "--output", str(tmp_path)],
        standalone_mode=False,
    )
    assert done.exception is None, done.output
    assert "已过 2 个工作日" in (tmp_path / "owner.txt").read_text(encoding="utf-8")
