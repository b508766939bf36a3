"""The library's marks on a page: chips, bars, figures aligned on the point; all of them pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from django import template
from django.utils.safestring import SafeString, mark_safe

from kaohe.outlook.figures import Figure, Span, fixed
from kaohe.outlook.lights import Light
from kaohe.outlook.model import Progress, Row
from kaohe.scoring.working import Fact
from kaohe.writing import marks, page_parts, workings

register = template.Library()
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
