"""What pages send about tasks and targets, read into the inputs of the actions."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from kaohe.web.ledger.models import ReportingUnit
from kaohe.web.supervision.actions import TaskInput
from kaohe.web.supervision.figures import read_day
from kaohe.web.supervision.target_actions import Share, TargetInput

FORMS = {
    "absolute": "总量",
    "growth": "增长 %",
    "points": "提高 百分点",
    "rank": "位次",
    "at_most": "不超过（控制数）",
    "by_date": "按期完成",
}
"""The forms of a target, each in a word."""

MONTHS = range(1, 13)


def task_input(data: QueryDict) -> TaskInput:
    """A task as it was posted. Raises ``Refused`` on a day that is none."""
    return TaskInput(
        cause=data.get("cause", "")[:300],
        deliverable=data.get("deliverable", "")[:300],
        owner=data.get("owner", "")[:60],
        supporting=data.get("supporting", "")[:200],
        start=read_day(data.get("start", ""), _("开始")),
        due=read_day(data.get("due", ""), _("期限")),
        contribution=data.get("contribution", "")[:40],
        note=data.get("note", "")[:300],
    )


def target_input(data: QueryDict, year: str, lead_unit: ReportingUnit | None) -> TargetInput:
    """A target as it was posted."""
    form = data.get("form", "absolute")
    return TargetInput(
        period=year,
        form=form if form in FORMS else "absolute",
        value=data.get("value", "")[:40],
        issuer=data.get("issuer", "")[:60],
        document=data.get("document", "")[:200],
        schedule="level" if data.get("schedule") == "level" else "linear",
        leader=data.get("leader", "")[:60],
        lead_unit=lead_unit,
        owner=data.get("owner", "")[:60],
        note=data.get("note", "")[:300],
    )


def shares(data: QueryDict, units: dict[str, ReportingUnit]) -> list[Share]:
    """The shares of a posted breakdown: ``share.CODE``, ``leader.CODE``, ``owner.CODE`` of each unit named.

    A unit whose share is blank is left out; one that has a share already is always in.
    """
    held = set(data.getlist("held"))
    return [
        Share(
            unit=unit,
            value=data.get(f"share.{code}", "")[:40],
            leader=data.get(f"leader.{code}", "")[:60],
            owner=data.get(f"owner.{code}", "")[:60],
        )
        for code, unit in units.items()
        if code in held or data.get(f"share.{code}", "").strip()
    ]


def months(data: QueryDict) -> list[str]:
    """The cumulative per cents of the twelve months as posted."""
    return [data.get(f"month.{number}", "")[:20] for number in MONTHS]
