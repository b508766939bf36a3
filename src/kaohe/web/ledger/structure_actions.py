"""What the system administrator does with reporting units, lines and the holiday table.

Nothing is ever removed that figures refer to: a unit is closed on a day, with the unit that takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import AdminRole, Holding
from kaohe.web.accounts.permissions import Permits
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.models import Collection, DueRule, Holiday, Line, ReportingDuty, ReportingUnit

_MOST_DAYS = 23  # No month has more working days.
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
KINDS = ("province", "city", "county", "town", "office", "village", "bureau")


class Refused(Exception):
    """The action cannot be done as things are; the message says why, to the person who tried."""


@dataclass(frozen=True, slots=True)
class UnitText:
    """What a person wrote about a unit."""

    name: str
    short_name: str = ""
    kind: str = "office"
    peer_group: str = ""
    order: int = 0


def add_unit(
    *, permits: Permits, code: str, parent: ReportingUnit | None, told: UnitText, since: date
) -> ReportingUnit:
    """Makes a unit below another; without one, at the top, where there may be no other."""
    need_system(permits)
    _check_text(told)
    if not _CODE.fullmatch(code):
        raise Refused(_("代码用小写字母、数字和下划线，以字母开头，最多 40 个字"))
    if ReportingUnit.objects.filter(code=code).exists():
        raise Refused(_("代码“%(code)s”已经用过") % {"code": code})
    if parent is None and ReportingUnit.objects.exists():
        raise Refused(_("最上一级只有一个单位，请选上级单位"))
    unit = ReportingUnit(code=code, parent=parent, valid_from=since, path=_path(parent, code))
    _take(unit, told)
    with recorded("unit.create", by=permits.person) as entry:
        entry.create(unit)
    return unit


def change_unit(
    *, permits: Permits, unit: ReportingUnit, parent: ReportingUnit | None, told: UnitText, reason: str = ""
) -> ReportingUnit:
    """Renames a unit, puts it in another place of the order, or under another unit with all below it.

    Grants go by the tree: after a move whoever saw the new superior's subtree sees the unit, and the old
    superior's no longer.
    """
    need_system(permits)
    _check_text(told)
    moved = list(_moved(unit, parent))
    _take(unit, told)
    rows = {row.pk: row for row in moved} | {unit.pk: unit}
    with recorded("unit.move" if moved else "unit.rename", by=permits.person, reason=reason) as entry:
        entry.update(*rows.values())
    return unit


def close_unit(
    *, permits: Permits, unit: ReportingUnit, last_day: date, successor: ReportingUnit | None, reason: str
) -> ReportingUnit:
    """Closes a unit with a day, merged into ``successor`` or without one; its figures and history stay.

    In the same event its duties to report end with that month and its posts are vacated.
    """
    need_system(permits)
    _may_close(unit, last_day, successor, reason)
    month = f"{last_day:%Y-%m}"
    later = Q(last_month="") | Q(last_month__gt=month)
    duties = list(ReportingDuty.objects.filter(later, unit=unit))
    still = Q(until__isnull=True) | Q(until__gt=last_day)
    holdings = list(Holding.objects.filter(still, post__unit=unit, since__lte=last_day))
    unit.valid_to, unit.successor = last_day, successor
    for duty in duties:
        duty.last_month = month
    for holding in holdings:
        holding.until = last_day
    with recorded("unit.merge", by=permits.person, reason=reason.strip()) as entry:
        entry.update(unit)
        entry.update(*duties)
        entry.update(*holdings)
    return unit


def save_line(*, permits: Permits, line: Line | None, code: str, name: str, order: int) -> Line:
    """Makes a line, or renames one and puts it in another place."""
    need_system(permits)
    if not name.strip() or len(name) > 40:
        raise Refused(_("请写条线名称，最多 40 个字"))
    if line is None:
        if not _CODE.fullmatch(code):
            raise Refused(_("代码用小写字母、数字和下划线，以字母开头，最多 40 个字"))
        if Line.objects.filter(code=code).exists():
            raise Refused(_("代码“%(code)s”已经用过") % {"code": code})
        line = Line(code=code)
    line.name, line.order = name.strip(), order
    with recorded("line.update" if line.pk else "line.create", by=permits.person) as entry:
        (entry.update if line.pk else entry.create)(line)
    return line


def save_holidays(*, permits: Permits, days: Iterable[Holiday]) -> int:
    """Takes over a list of days that are not what the week says; a day told again is changed."""
    need_system(permits)
    told = {row.day: row for row in days}
    if not told:
        raise Refused(_("没有读到日期"))
    held = {row.day: row for row in Holiday.objects.filter(day__in=told)}
    for day, row in held.items():
        row.working, row.name = told[day].working, told[day].name
    with recorded("holiday.save", by=permits.person) as entry:
        entry.update(*held.values())
        entry.create(*(row for day, row in told.items() if day not in held))
    return len(told)


def remove_holiday(*, permits: Permits, holiday: Holiday) -> None:
    """Takes a day out of the table: it is again what the week says."""
    need_system(permits)
    with recorded("holiday.delete", by=permits.person) as entry:
        entry.delete(holiday)


def save_due_rule(*, permits: Permits, unit: ReportingUnit, line: Line | None, days: int) -> DueRule:
    """Says by which working day after a month's end a unit and all below it report; a line, or all (截止日).

    Months that are being collected keep the day that they were opened with, but for the lines of this unit.
    """
    need_system(permits)
    if not 1 <= days <= _MOST_DAYS:
        raise Refused(_("请写第 1 至第 %(most)s 个工作日") % {"most": _MOST_DAYS})
    rule = DueRule.objects.filter(unit=unit, line=line).first() or DueRule(unit=unit, line=line)
    rule.days = days
    with recorded("due_rule.update" if rule.pk else "due_rule.create", by=permits.person) as entry:
        (entry.update if rule.pk else entry.create)(rule)
    return rule


def remove_due_rule(*, permits: Permits, rule: DueRule) -> None:
    """Takes a rule away: the unit is due as the one above it, the line as the unit."""
    need_system(permits)
    with recorded("due_rule.delete", by=permits.person) as entry:
        entry.delete(rule)


def need_system(permits: Permits) -> None:
    """Raises ``Unknown`` for everybody but the system administrator."""
    permits.need_administrator(AdminRole.SYSTEM)


def _check_text(told: UnitText) -> None:
    if not told.name.strip() or len(told.name) > 60:
        raise Refused(_("请写单位名称，最多 60 个字"))
    if len(told.short_name) > 30 or len(told.peer_group) > 40:
        raise Refused(_("简称最多 30 个字，考核类别最多 40 个字"))
    if told.kind not in KINDS:
        raise Refused(_("请选单位类别"))


def _take(unit: ReportingUnit, told: UnitText) -> None:
    unit.name, unit.short_name = told.name.strip(), told.short_name.strip()
    unit.kind, unit.peer_group, unit.order = told.kind, told.peer_group.strip(), told.order


def _path(parent: ReportingUnit | None, code: str) -> str:
    path = f"{parent.path if parent else ''}{code}/"
    if len(path) > 200:
        raise Refused(_("单位的层级太深"))
    return path


def _moved(unit: ReportingUnit, parent: ReportingUnit | None) -> Iterable[ReportingUnit]:
    """The unit and all below it with their new paths; none when it stays where it is."""
    if (parent.pk if parent else None) == unit.parent_id:
        return
    if parent is None or parent.path.startswith(unit.path):
        raise Refused(_("一个单位不能移到自己或自己的下属之下，也不能移到最上一级"))
    before, after = unit.path, _path(parent, unit.code)
    unit.parent, unit.path = parent, after
    yield unit
    for row in ReportingUnit.objects.filter(path__startswith=before).exclude(pk=unit.pk):
        row.path = after + row.path.removeprefix(before)
        if len(row.path) > 200:
            raise Refused(_("单位的层级太深"))
        yield row


def _may_close(unit: ReportingUnit, last_day: date, successor: ReportingUnit | None, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明撤并的依据"))
    if unit.valid_to is not None:
        raise Refused(_("这个单位已经撤并"))
    if successor is not None and (successor.pk == unit.pk or successor.valid_to is not None):
        raise Refused(_("并入的单位应是另一个没有撤并的单位"))
    below = unit.children.filter(valid_to__isnull=True)
    if below.exists():
        raise Refused(
            _("请先处理下属单位：%(names)s") % {"names": "、".join(str(child) for child in below[:5])}
        )
    month = f"{last_day:%Y-%m}"
    if Collection.objects.filter(unit=unit, month__gt=month).exists():
        raise Refused(_("这个单位在 %(month)s 之后还有收数") % {"month": month})
