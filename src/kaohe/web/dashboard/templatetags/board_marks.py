"""The library's marks on a page: chips, bars, figures aligned on the point; all of them pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kaohe.outlook.figures import Figure, Span, fixed
from kaohe.outlook.lights import Light
from kaohe.outlook.model import Progress, Row
from kaohe.scoring.working import Fact
from kaohe.writing import marks, page_parts, workings

register = template.Library()
_REGISTERS = {
    "attributes": gettext_noop("单位登记项"),
    "ballots": gettext_noop("测评票"),
    "doubts": gettext_noop("存疑"),
    "events": gettext_noop("事件"),
    "marks": gettext_noop("评分"),
    "milestones": gettext_noop("工程节点"),
    "observations": gettext_noop("跨期的数"),
    "petitions": gettext_noop("信访件"),
    "projects": gettext_noop("项目"),
    "tasks": gettext_noop("措施"),
}
_COLUMNS = {
    "cause": gettext_noop("原因"),
    "class": gettext_noop("类别"),
    "contribution": gettext_noop("预计补足"),
    "count": gettext_noop("个数"),
    "criterion": gettext_noop("评分项"),
    "date": gettext_noop("日期"),
    "deliverable": gettext_noop("办法"),
    "due": gettext_noop("期限"),
    "event": gettext_noop("编号"),
    "in_time": gettext_noop("按期"),
    "indicator": gettext_noop("指标"),
    "item": gettext_noop("项"),
    "key": gettext_noop("对象"),
    "kind": gettext_noop("种类"),
    "level": gettext_noop("级别"),
    "mark": gettext_noop("分"),
    "measure": gettext_noop("计量单位"),
    "note": gettext_noop("说明"),
    "option": gettext_noop("评价"),
    "owner": gettext_noop("责任人"),
    "period": gettext_noop("期间"),
    "petition": gettext_noop("编号"),
    "presence": gettext_noop("有无"),
    "progress_share": gettext_noop("进度"),
    "project": gettext_noop("项目"),
    "quantity": gettext_noop("数量"),
    "rater": gettext_noop("评分人"),
    "rater_group": gettext_noop("评分组"),
    "role": gettext_noop("责任"),
    "sampled_village": gettext_noop("抽查村"),
    "share": gettext_noop("责任比例"),
    "source": gettext_noop("来源"),
    "stage": gettext_noop("阶段"),
    "start": gettext_noop("开始"),
    "state": gettext_noop("状态"),
    "supporting": gettext_noop("配合单位"),
    "task": gettext_noop("编号"),
    "value": gettext_noop("数值"),
}
_HASH, _PLACE = re.compile(r"#sha256:[0-9a-f]+"), re.compile(r"#char=(\d+-\d+)")


@register.simple_tag
def chip(light: Light | None) -> SafeString:
    """A light by shape, word and colour."""
    return mark_safe(page_parts.chip(light))


@register.simple_tag
def aligned(figure: Figure, places: int = 2) -> SafeString:
    """A figure whose decimal point stands where those of its column stand."""
    return mark_safe(page_parts.aligned(figure, places))


@register.simple_tag
def pace_bar(progress: Progress, light: Light | None = None) -> SafeString:
    """Attainment on a scale to 125 % with the schedule's tick."""
    tone = light.tone if light is not None else "red" if progress.is_behind else "green"
    return mark_safe(page_parts.pace_bar(progress, tone))


@register.simple_tag
def estimate(figure: Figure) -> SafeString:
    """The dashed tag of an estimate."""
    return mark_safe(page_parts.estimate_tag(figure))


@register.simple_tag
def dagger(shown: bool = True) -> SafeString:
    """The mark of what was made up."""
    return mark_safe(page_parts.dagger(bool(shown)))


@register.filter
def typeset(text: object) -> str:
    """Full-width punctuation beside Chinese characters."""
    return marks.typeset(str(text))


@register.filter
def source(text: str) -> str:
    """A source as people read it: a place in a document without the document's hash."""
    return marks.typeset(_PLACE.sub(r" 第 \1 字", _HASH.sub("", text)))


@register.filter
def period_text(text: str) -> str:
    """A period as people write it.

    >>> period_text("2005-01/2005-09"), period_text("2004-11/2005-04"), period_text("2005")
    ('2005年1—9月', '2004年11月—2005年4月', '2005年')
    """
    first, _slash, last = text.partition("/")
    if not text or not last:
        year, _dash, month = text.partition("-")
        return f"{year}年{int(month)}月" if month.isdigit() else f"{year}年" if year else ""
    start, end = first.split("-"), last.split("-")
    if start[0] == end[0]:
        return f"{start[0]}年{int(start[1])}—{int(end[1])}月"
    return f"{start[0]}年{int(start[1])}月—{end[0]}年{int(end[1])}月"


@register.filter
def register_name(table: str) -> str:
    """The name of a register."""
    return _(_REGISTERS[table]) if table in _REGISTERS else table


@register.filter
def column_name(column: str) -> str:
    """The name of a register's column."""
    return _(_COLUMNS[column]) if column in _COLUMNS else column


@register.filter
def points(value: Fraction | None, decimals: int = 2) -> str:
    """A number of points."""
    return "" if value is None else fixed(value, decimals)


@register.filter
def span(value: Span, decimals: int = 2) -> str:
    """A range of points or places."""
    return value.text(decimals)


@register.filter
def row_points(row: Row) -> str:
    """The points of a row in words where there are none."""
    return marks.points_text(row)


@register.filter
def measured(row: Row) -> str:
    """What a row measures, where its name does not say so, and in which measure."""
    return " ".join(part for part in (marks.subject(row), row.progress.measure) if part)


@register.filter
def day(text: str) -> str:
    """A due day: 12月31日前."""
    return marks.day_text(text)


@register.filter
def fact_value(fact: Fact) -> str:
    """A fact's value with its measure."""
    return workings.fact_value(fact)


@register.filter
def fact_marks(fact: Fact) -> str:
    """Presence, basis and assurance of a fact in words."""
    return workings.fact_marks(fact)


@register.filter
def decimals_in(rows: Iterable[Row], name: str) -> int:
    """The room that a column's decimals need."""
    return page_parts.decimals_in(getattr(row.progress, name) for row in rows)
