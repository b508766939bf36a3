"""A list of rectification goes out, comes back filled in, and is taken in by the tasks' numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter
from django.conf import settings
from test_tasks import assigned
from town import MONTH, County, make_county

from kaohe.web.accounts.permissions import Unknown
from kaohe.web.audit.recording import Conflict, history
from kaohe.web.dashboard.places import Place
from kaohe.web.ledger import import_actions
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ImportedSheet
from kaohe.web.supervision import actions, queries
from kaohe.web.supervision.models import Task
from kaohe.web.supervision.papers import task_workbook
from kaohe.web.supervision.task_importing import TaskPreview, preview_tasks

pytestmark = pytest.mark.django_db
HEADS = ("单位", "指标", "原因", "整改措施", "预计补足", "责任人", "完成时限", "状态", "进展", "编号")
NEW = (
    "清渚镇",
    "工业总产值",
    "订单不足",
    "参加展会",
    "1.5 亿元",
    "经办乙",
    "2005年12月31日",
    "办理中",
    "",
    "",
)


@pytest.fixture
def county() -> County:
    kept = settings.SITE
    settings.SITE = replace(kept, today=date(2005, 10, 12))
    yield make_county()
    settings.SITE = kept


def workbook(*rows: Sequence[object], heads: Sequence[str] = HEADS) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet("整改清单")
        page.write_row(0, 0, ["清渚镇整改清单"])
        page.write_row(2, 0, heads)
        for number, row in enumerate(rows, start=3):
            page.write_row(number, 0, row)
    return made.getvalue()


def handed_in(county: County, content: bytes, who: str = "clerk") -> ImportedSheet:
    return import_actions.hand_in_sheet(
        permits=county.permits(who), name="整改清单.xlsx", content=[content], year=2005
    )


def previewed(county: County, content: bytes, who: str = "clerk") -> TaskPreview:
    sheet = handed_in(county, content, who)
    assert sheet.kind == "tasks"
    return preview_tasks(county.permits(who), sheet)


def row_of(task: Task, **changed: str) -> tuple[str, ...]:
    told = {
        "单位": task.unit.name, "指标": task.indicator.name, "原因": task.cause, "整改措施": task.deliverable,
        "预计补足": task.contribution_text, "责任人": task.owner, "完成时限": str(task.due),
        "编号": task.code,
    } | changed  # fmt: skip
    return tuple(told.get(head, "") for head in HEADS)


def test_what_goes_out_comes_back_the_same(county: County) -> None:
    task = assigned(county)
    actions.report_progress(permits=county.permits("owner"), task=task, text="第一个项目已投产")
    place = Place(county.permits("clerk"), county.units["qing"], MONTH)
    seen = previewed(county, task_workbook(place, queries.task_list(place, "")))
    assert (seen.same, seen.new, seen.changed, seen.wrong, seen.ready) == (1, 0, 0, (), False)


def test_a_row_is_matched_by_its_number_and_a_blank_cell_changes_nothing(county: County) -> None:
    task = assigned(county)
    told = row_of(task, 原因="", 责任人="经办丙", 完成时限="11月30日", 进展="已签协议")
    seen = previewed(county, workbook(told))
    assert [row.changes for row in seen.rows] == [("责任人", "期限")]
    sheet = ImportedSheet.objects.get()
    done = actions.import_tasks(permits=county.permits("clerk"), sheet=sheet)
    task.refresh_from_db()
    assert (task.owner, task.due, task.cause) == ("经办丙", date(2005, 11, 30), "建材行业低谷")
    assert [note.text for note in task.notes.all()] == ["已签协议"]
    assert (done.done, history(task)[-1].action) == (True, "task.import")
    with pytest.raises(Refused, match="已经导入过"):
        actions.import_tasks(permits=county.permits("clerk"), sheet=sheet)


def test_a_row_without_a_number_is_a_new_task(county: County) -> None:
    handed_in(county, workbook(NEW, (*NEW[:3], "扩建厂房", *NEW[4:])))
    actions.import_tasks(permits=county.permits("clerk"), sheet=ImportedSheet.objects.get())
    made = Task.objects.order_by("order")
    assert [task.deliverable for task in made] == ["参加展会", "扩建厂房"]
    assert [(task.contribution_text, task.code) for task in made] == [
        ("1.5 亿元", "qing-2005-001"),
        ("1.5 亿元", "qing-2005-002"),
    ]


def test_a_list_closes_a_task_with_its_grounds(county: County) -> None:
    task = assigned(county)
    handed_in(county, workbook(row_of(task, 状态="已办结", 进展="验收报告 3 号")))
    actions.import_tasks(permits=county.permits("clerk"), sheet=ImportedSheet.objects.get())
    task.refresh_from_db()
    assert (task.state, [note.kind for note in task.notes.all()]) == ("done", ["settled"])


@pytest.mark.parametrize(
    ("changed", "place", "why"),
    [
        ({"编号": "qing-2005-999"}, "J4", "没有编号"),
        ({"单位": "兰溪镇"}, "A4", "qing-2005-001 是 清渚镇 的措施"),
        ({"指标": "财政总收入"}, "B4", "指标是"),
        ({"完成时限": "年底"}, "G4", "年底"),
        ({"完成时限": "2005-10-01"}, "G4", "早于"),
        ({"状态": "差不多"}, "H4", "差不多"),
        ({"状态": "已办结"}, "I4", "依据"),
        ({"预计补足": "不少"}, "E4", "预计补足"),
        ({"整改措施": "长" * 301}, "D4", "301"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    county: County, changed: dict[str, str], place: str, why: str
) -> None:
    (wrong,) = previewed(county, workbook(row_of(assigned(county), **changed))).wrong
    assert wrong.place == f"整改清单!{place}" and why in wrong.why


def test_everything_is_told_at_once_and_nothing_is_taken_in(county: County) -> None:
    task = assigned(county)
    rows = (row_of(task, 责任人="经办丙"), (*NEW[:3], *("",) * 6, "不存在"), ("无此镇", *NEW[1:]))
    seen = previewed(county, workbook(*rows))
    assert [wrong.place[5:] for wrong in seen.wrong] == ["J5", "A6"]
    with pytest.raises(Refused, match="2 处"):
        actions.import_tasks(permits=county.permits("clerk"), sheet=ImportedSheet.objects.get())
    task.refresh_from_db()
    assert (task.owner, Task.objects.count()) == ("经办乙", 1)


def test_the_same_task_is_not_made_twice(county: County) -> None:
    task = assigned(county)
    (wrong,) = previewed(county, workbook(row_of(task, 编号="", 状态="办理中"))).wrong
    assert task.code in wrong.why
    seen = previewed(county, workbook(row_of(task), row_of(task)))
    assert "两次" in seen.wrong[0].why


def test_another_town_s_number_is_not_known(county: County) -> None:
    task = assigned(county)
    seen = previewed(county, workbook(row_of(task, 责任人="某人")), "stranger")
    assert "没有编号" in seen.wrong[0].why


def test_a_reporter_reports_progress_and_changes_nothing_else(county: County) -> None:
    task = assigned(county)
    assert previewed(county, workbook(row_of(task, 进展="已签协议")), "owner").ready
    assert "不能改" in previewed(county, workbook(row_of(task, 责任人="某人")), "owner").wrong[0].why


def test_a_task_changed_meanwhile_stops_the_whole_list(county: County, monkeypatch) -> None:
    task = assigned(county)
    sheet = handed_in(county, workbook(row_of(task, 责任人="经办丙"), NEW))
    seen = preview_tasks(county.permits("clerk"), sheet)
    actions.settle_task(permits=county.permits("leader"), task=Task.objects.get(), evidence="已验收")
    monkeypatch.setattr(actions, "preview_tasks", lambda *_: seen)
    with pytest.raises(Conflict):
        actions.import_tasks(permits=county.permits("clerk"), sheet=sheet)
    assert Task.objects.count() == 1


def test_only_who_handed_it_in_takes_it_in(county: County) -> None:
    sheet = handed_in(county, workbook(NEW))
    with pytest.raises(Unknown):
        actions.import_tasks(permits=county.permits("leader"), sheet=sheet)


def test_the_import_centre_leads_to_the_list(county: County, client, django_assert_max_num_queries) -> None:
    client.post("/login/", {"username": "clerk", "password": "kaohe-test-2005"})
    file = io.BytesIO(workbook(row_of(assigned(county), 责任人="经办丙"), NEW))
    file.name = "整改清单.xlsx"
    answer = client.post("/imports/", {"sheet": file, "year": "2005"}, follow=True)
    page = answer.redirect_chain[-1][0]
    text = answer.content.decode()
    assert page.startswith("/tasks/import/") and "新增 1，改动 1" in text
    assert '<th scope="row">4</th>' in text and "参加展会" in text
    with django_assert_max_num_queries(12):
        client.get(page)
    assert "已导入" in client.post(f"{page}take-in", follow=True).content.decode()
    assert Task.objects.count() == 2
