"""What people of the demonstration did besides reporting figures: tasks, a request, evidence, a paper.

All of it goes through the actions that pages use, by people who may do it.
"""

from __future__ import annotations

from datetime import date

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Permits, permits_of
from kaohe.web.config import clock
from kaohe.web.demo.loading import moment
from kaohe.web.demo.people import TOWN
from kaohe.web.demo.series import LAST
from kaohe.web.documents.actions import make_paper
from kaohe.web.documents.evidence import evidence_page
from kaohe.web.documents.evidence_actions import file_evidence, refer_to
from kaohe.web.ledger.models import Indicator, ReportingUnit, Target
from kaohe.web.supervision.actions import TaskInput, assign_task, report_progress, settle_task
from kaohe.web.supervision.models import Decision, Task
from kaohe.web.supervision.target_actions import answer_adjustment, request_adjustment

_PROGRESS = (
    ("k01", "经办乙", 11, 10, "三家骨干企业已排出四季度逐月产值计划(演示)"),
    ("k03", "经办丙", 11, 15, "已核对两家企业应缴地方税,余下三家本月核完(演示)"),
    ("k09", "经办庚", 12, 9, "两个村已申请验收,等县里排时间(演示)"),
)
_VILLAGE_TASKS = (
    # unit, indicator, cause, deliverable, due, settled on, by what
    ("qz_v6", "renewal_progress", "沿路堆放未清", "清运沿路堆放物并补种绿化", date(2005, 9, 30), None, ""),
    ("qz_v5", "pension", "参保名册与台账不符", "逐户核对参保名册", date(2005, 9, 20), date(2005, 9, 19),
     "名册已核对一致,盖章名册存民政办"),
)  # fmt: skip
_EVIDENCE = (
    # who, name, content, criteria and the need that it answers; the first files it, the others refer to it
    ("经办乙", "2005年9月工业统计月报(演示).csv",
     "指标,1至9月累计\n工业总产值(亿元),6.25\n规模以上产值(亿元),3.96\n",
     (("output", "统计月报"), ("output_growth", "统计月报"), ("large_share", "统计月报"))),
    ("经办乙", "投资项目台账(演示).csv", "项目,完成投资(万元)\n示例项目一,5200\n示例项目二,4161\n",
     (("industrial_investment", "项目台账"),)),
    ("经办丙", "2005年9月收入月报(演示).csv", "指标,1至9月累计(万元)\n地方税收,597.46\n",
     (("fiscal_revenue", "收入月报"), ("local_tax_income", "收入月报"))),
    ("经办己", "造林验收图斑说明(演示).txt", "绿化造林 310 亩,图斑编号 01 至 12,验收单位:示例县林业站。\n",
     (("greening", "验收图斑"),)),
    ("经办子", "整改通知书存根目录(演示).txt", "2005 年 1 至 9 月共发整改通知书 95 份,存根存安监站。\n",
     (("rectification", "整改通知书"),)),
)  # fmt: skip


def do() -> None:
    """All of it, in the order of its days."""
    _adjust()
    _give_villages_tasks()
    _make_paper()
    _file_evidence()
    _report_on_tasks()


def _permits(name: str) -> Permits:
    return permits_of(Person.objects.get(username=name))


def _adjust() -> None:
    """A request that was refused in July, and one that waits for the county's answer."""
    domestic = Target.objects.select_related("unit", "indicator__line").get(
        unit__code=TOWN, indicator__code="domestic_capital"
    )
    with clock.at(moment(date(2005, 7, 4), 10)):
        asked = request_adjustment(
            permits=_permits("经办丁"), target=domestic, grounds="两家企业推迟到明年落户(演示)",
            evidence="企业来函两份(演示)", asked="7000",
        )  # fmt: skip
    with clock.at(moment(date(2005, 7, 8), 16)):
        answer_adjustment(
            permits=_permits("县考核办甲"), adjustment=asked, decision=Decision.REFUSED,
            answer="上半年进度快于时序,不予调整(演示)",
        )  # fmt: skip
    transfer = Target.objects.select_related("unit", "indicator__line").get(
        unit__code=TOWN, indicator__code="employment_transfer"
    )
    with clock.at(moment(date(2005, 10, 11), 14, 20)):
        request_adjustment(
            permits=_permits("经办戊"), target=transfer, grounds="外出用工需求下降,两期培训推迟(演示)",
            evidence="用工企业回函(演示)", asked="350",
        )  # fmt: skip


def _give_villages_tasks() -> None:
    """A village's task that is overdue, and one that was settled in time."""
    clerk = _permits("文书甲")
    for code, indicator, cause, deliverable, due, settled, basis in _VILLAGE_TASKS:
        unit, about = ReportingUnit.objects.get(code=code), Indicator.objects.get(code=indicator)
        told = TaskInput(
            cause=f"{cause}(演示)", deliverable=f"{deliverable}(演示)", owner="村主任", supporting="",
            start=None, due=due, contribution="", note="",
        )  # fmt: skip
        with clock.at(moment(date(2005, 9, 5), 11)):
            made = assign_task(permits=clerk, unit=unit, indicator=about, told=told)
        if settled:
            with clock.at(moment(settled, 17)):
                settle_task(permits=clerk, task=made, evidence=f"{basis}(演示)")


def _make_paper() -> None:
    with clock.at(moment(date(2005, 9, 12), 9, 30)):
        town = ReportingUnit.objects.get(code=TOWN)
        make_paper(permits=_permits("文书甲"), unit=town, month="2005-08", key="shipped:通报.docx")


def _file_evidence() -> None:
    """Files of five offices; a monthly report answers for several criteria and is kept once."""
    town = ReportingUnit.objects.get(code=TOWN)
    for minute, (who, name, content, answers) in enumerate(_EVIDENCE):
        permits = _permits(who)
        page = evidence_page(permits, town, 2005)
        subjects = [(page.subject(f"c:{criterion}"), need) for criterion, need in answers]
        with clock.at(moment(date(2005, 10, 11), 16, minute)):
            (subject, need), *others = subjects
            upload = (name, f"\ufeff{content}".encode())
            filing = file_evidence(
                permits=permits, unit=town, month=LAST, subject=subject, need=need, uploads=[upload]
            )[0]
            for subject, need in others:
                refer_to(permits=permits, file=filing.link.file, month=LAST, subject=subject, need=need)


def _report_on_tasks() -> None:
    for code, who, day, hour, text in _PROGRESS:
        with clock.at(moment(date(2005, 10, day), hour)):
            task = Task.objects.select_related("unit", "indicator__line").get(code=code)
            report_progress(permits=_permits(who), task=task, text=text)
