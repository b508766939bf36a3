"""What the system administrator sees: the tree of units, the lines, the holiday table; no figure."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from kaohe.web.accounts.permissions import Permits, Unknown
from kaohe.web.ledger.models import DueRule, Holiday, Line, ReportingUnit
from kaohe.web.ledger.structure_actions import need_system


def tree(permits: Permits) -> list[tuple[int, ReportingUnit]]:
    """Every unit with how deep it stands, superiors before what is below them, each level in its order."""
    need_system(permits)
    rows = list(ReportingUnit.objects.select_related("successor").order_by("order", "id"))
    below: dict[int | None, list[ReportingUnit]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    return list(_walk(below, None, 0))


def unit(permits: Permits, code: str) -> ReportingUnit:
    """One unit."""
    need_system(permits)
    return _found(ReportingUnit.objects.select_related("parent", "successor").filter(code=code))


def lines(permits: Permits) -> QuerySet[Line]:
    """The lines, with how many indicators each has."""
    need_system(permits)
    return Line.objects.annotate(number=Count("indicators")).order_by("order", "id")


def line(permits: Permits, code: str) -> Line:
    """One line."""
    need_system(permits)
    return _found(Line.objects.filter(code=code))


def holidays(permits: Permits) -> QuerySet[Holiday]:
    """The days that are not what the week says, newest first."""
    need_system(permits)
    return Holiday.objects.order_by("-day")


def holiday(permits: Permits, pk: int) -> Holiday:
    """One of them."""
    return _found(holidays(permits).filter(pk=pk))


def due_rules(permits: Permits) -> QuerySet[DueRule]:
    """By which working day units and lines report, superiors first."""
    need_system(permits)
    return DueRule.objects.select_related("unit", "line").order_by("unit__path", "line__order")


def due_rule(permits: Permits, pk: int) -> DueRule:
    """One of the rules."""
    return _found(due_rules(permits).filter(pk=pk))


def _walk(below: dict[int | None, list[ReportingUnit]], parent: int | None, depth: int) -> Any:
    for row in below.get(parent, ()):
        yield min(depth, 3), row
        yield from _walk(below, row.pk, depth + 1)


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Unknown
    return row
