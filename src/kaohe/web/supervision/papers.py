"""The usual tables of targets and tasks, filled from what a person may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from kaohe.web.dashboard.places import Place
from kaohe.web.ledger.models import Target
from kaohe.web.supervision.queries import TaskList
from kaohe.web.supervision.target_queries import chained, targets_seen
from kaohe.writing.supervision_xlsx import BreakdownRow, Sheet, TaskLine, breakdown_xlsx, rectification_xlsx


def task_workbook(place: Place, page: TaskList) -> bytes:
    """整改清单: what is behind without a task, and every task of the list."""
    lines = [
        TaskLine(
            unit=row.task.unit.name,
            indicator=row.task.indicator.name if row.task.indicator else "",
            cause=row.task.cause,
            task=row.task.deliverable,
            contribution=row.task.contribution_text,
            supporting=row.task.supporting,
            owner=row.task.owner,
            start=row.task.start,
            due=row.task.due,
            state="已逾期" if row.overdue else row.task.get_state_display(),
            progress=row.last_note.text if row.last_note else "",
            code=row.task.code,
        )
        for row in page.rows
    ]
    bare = [(each.row.name, each.row.progress.gap.text, each.row.owner) for each in page.gaps]
    return rectification_xlsx(_sheet(place, "整改清单"), lines, bare)


def target_workbook(place: Place) -> bytes:
    """目标任务分解表: the unit's targets, each with the shares of the units below it."""
    family = targets_seen(place.permits).filter(
        unit__path__startswith=place.unit.path, period__startswith=place.year
    )
    ordered = family.order_by("indicator__line__order", "indicator__order", "unit__order", "pk")
    newest = [versions[0] for versions in chained(ordered).values()]
    own = [told for told in newest if told.unit_id == place.unit.pk]
    below = {told.unit_id: told.unit.name for told in newest if told.unit.parent_id == place.unit.pk}
    rows = [_breakdown_row(told, newest, below) for told in own]
    return breakdown_xlsx(_sheet(place, "目标任务分解表"), list(below.values()), rows)


def _breakdown_row(told: Target, newest: list[Target], below: dict[int, str]) -> BreakdownRow:
    return BreakdownRow(
        line=told.indicator.line.name,
        indicator=told.indicator.name,
        measure="%" if told.form in ("growth", "points") else told.indicator.measure,
        value=told.value,
        issuer=told.issuer,
        leader=told.accountable_leader,
        lead=str(told.lead_unit or ""),
        owner=told.owner,
        shares=dict(_shares(told, newest, below)),
        adds_up=told.indicator.additive and told.form in ("absolute", "at_most"),
    )


def _shares(told: Target, newest: list[Target], below: dict[int, str]) -> Iterator[tuple[str, str]]:
    for each in newest:
        same = each.indicator_id == told.indicator_id and each.period == told.period
        if same and each.unit_id in below and each.form == told.form:
            yield below[each.unit_id], each.value


def _sheet(place: Place, what: str) -> Sheet:
    return Sheet(place.unit.name, place.month, what, bool(settings.SITE.demonstration))
