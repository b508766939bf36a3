"""How targets and tasks are shown; all pure functions of what they are given."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kaohe.outlook.cascade import Cascade, Outcome
from kaohe.outlook.figures import fixed
from kaohe.web.ledger.models import Target
from kaohe.web.supervision.figures import shown as shown_figure
from kaohe.web.supervision.models import TaskState
from kaohe.web.supervision.queries import TaskRow
from kaohe.web.supervision.target_queries import HandedOn

register = template.Library()

_FORMS = {
    "absolute": gettext_noop("总量"),
    "growth": gettext_noop("增长 %"),
    "points": gettext_noop("提高 百分点"),
    "rank": gettext_noop("位次"),
    "at_most": gettext_noop("不超过（控制数）"),
    "by_date": gettext_noop("按期完成"),
}
_CURVES = {
    "": gettext_noop("按指标性质"),
    "linear": gettext_noop("按月均匀"),
    "level": gettext_noop("不按时序"),
    "spring": gettext_noop("春季为主"),
    "november": gettext_noop("11月到期"),
    "december": gettext_noop("12月到期"),
}


@register.filter
def target_form(form: str) -> str:
    """The form of a target in a word."""
    return _(_FORMS[form]) if form in _FORMS else form


@register.filter
def curve_name(schedule: str) -> str:
    """A curve in words."""
    if schedule in _CURVES:
        return _(_CURVES[schedule])
    if schedule.startswith("plan_"):
        return _("按各月计划")
    if schedule[:2] in ("q:", "s:"):
        return _("分段 %(weights)s") % {"weights": schedule[2:]}
    return _("曲线 %(name)s") % {"name": schedule}


@register.filter
def shown(text: str) -> str:
    """A canonical figure as pages write it; blank stays blank."""
    return shown_figure(Fraction(text)) if text else ""


@register.filter
def amount(value: Fraction | None) -> str:
    """An exact amount."""
    return "" if value is None else shown_figure(value)


@register.filter
def signed(value: Fraction) -> str:
    """An exact difference with its sign."""
    return shown_figure(value, signed=True)


@register.filter
def percent(share: str) -> str:
    """A share as per cent."""
    return f"{shown_figure(Fraction(share) * 100)}%"


@register.filter
def adds_up(target: Target) -> bool:
    """Whether shares of a target are summed."""
    return target.indicator.additive and target.form in ("absolute", "at_most")


@register.simple_tag
def task_chip(row: TaskRow) -> SafeString:
    """Where a task stands, 逾期 when its day has passed: workflow, a frame and a word."""
    if row.overdue:
        return format_html('<span class="k-chip k-returned-chip">{}</span>', _("逾期"))
    tone = "k-blue" if row.task.state == TaskState.OPEN else ""
    return format_html('<span class="k-chip {}">{}</span>', tone, _(TaskState(row.task.state).label))


@register.simple_tag
def days_note(row: TaskRow) -> SafeString:
    """How many working days are left, or overdue; nothing once it is closed."""
    if row.days is None:
        return SafeString("")
    if row.overdue:
        words = _("逾期 %(days)s 个工作日") % {"days": row.late_by}
        return format_html('<br><small class="k-late">{}</small>', words)
    return format_html("<br><small>{}</small>", _("还有 %(days)s 个工作日") % {"days": row.days})


@register.simple_tag
def outcome_note(cascade: Cascade | None, said: HandedOn) -> SafeString:
    """How the shares compare with the target, and the reason that was given."""
    if cascade is None or cascade.outcome is Outcome.EXACT:
        return SafeString("")
    reason = _("理由：%(reason)s") % {"reason": said.reason} if said.reason else ""
    return format_html(
        '<p class="k-outcome"><span class="k-chip k-amber"><i class="k-shape" aria-hidden="true">◆</i>'
        "{}</span> {}</p>",
        _outcome(cascade, said),
        reason,
    )


def _outcome(cascade: Cascade, said: HandedOn) -> str:
    if cascade.outcome is Outcome.LOOSER:
        return _("有单位松于目标")
    if cascade.outcome is Outcome.LESS:
        return _("留有机动") if said.reserved else _("没有分完")
    beyond = cascade.beyond_percent
    return _("加码 %(percent)s%%") % {"percent": fixed(beyond, 1)} if beyond is not None else _("加码")
