"""How figures, states and months are shown; all pure functions of what they are given."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

register = template.Library()

MINUS = "\u2212"
_NUMBER = re.compile(r"[+\u2212-]?[\d,]+(\.\d+)?")

_WORKFLOW = {
    "draft": ("", "", gettext_noop("草稿")),
    "returned": ("k-returned-chip", "↩", gettext_noop("退回")),
    "submitted": ("k-blue", "", gettext_noop("已上报")),
    "reviewed": ("k-green", "●", gettext_noop("已审核")),
    "verified": ("k-green", "●", gettext_noop("已认定")),
    "computed": ("k-quiet", "", gettext_noop("自动")),
    "empty": ("k-missing", "", gettext_noop("待填")),
}
_ABSENCE = {
    "missing": ("k-missing", gettext_noop("缺报")),
    "not_due": ("k-due", gettext_noop("未到期")),
    "not_applicable": ("k-quiet", gettext_noop("不适用")),
}
_LIGHTS = {
    "red": ("k-red", "▼"),
    "amber": ("k-amber", "◆"),
    "green": ("k-green", "●"),
    "due": ("k-due", "○"),
    "missing": ("k-missing", ""),
    "doubt": ("k-doubt-chip", "?"),
}


@register.simple_tag
def workflow_chip(state: str, presence: str = "present") -> SafeString:
    """Where a figure is on its way, and why there is none where there is none: words, and a frame by kind."""
    tone, shape, word = _WORKFLOW.get(state, ("", "", state))
    chip = _chip(tone, shape, _(word))
    if presence in _ABSENCE and state not in ("empty", "computed"):
        kind, absent = _ABSENCE[presence]
        chip = format_html("{} {}", _chip(kind, "", _(absent)), chip)
    return chip


@register.simple_tag
def light_chip(tone: str, word: str) -> SafeString:
    """A light: its shape, its word and its colour, always all three."""
    kind, shape = _LIGHTS.get(tone, ("", ""))
    return _chip(kind, shape, word)


@register.simple_tag
def figure(text: str, decimals: int = 2, mark: str = "") -> SafeString:
    """A figure with its decimal point in the column's place: the fraction in a field of fixed width."""
    whole, point, fraction = text.replace("-", MINUS, 1).partition(".")
    return format_html(
        '{}<span class="k-frac k-f{}">{}{}{}</span>', whole, min(decimals, 4), point, fraction, mark
    )


@register.filter
def aligned(text: str) -> str:
    """A figure with its decimal point in the column's place; words stay as they are."""
    if not _NUMBER.fullmatch(text or ""):
        return text or ""
    return figure(text)


@register.filter
def month_text(month: str) -> str:
    """A month as people write it: 2005-09 is 2005年9月."""
    year, _dash, number = month.partition("-")
    return _("%(year)s年%(month)s月") % {"year": year, "month": int(number)} if number else month


@register.filter
def minus(text: str) -> str:
    """A number with the true minus sign."""
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


@register.simple_tag
def icon(name: str) -> SafeString:
    """One drawing of the page's sprite; it says nothing that the words beside it do not say."""
    return format_html('<svg class="k-icon" aria-hidden="true"><use href="#i-{}"></use></svg>', name)


def _chip(kind: str, shape: str, word: str) -> SafeString:
    if kind == "k-missing":
        return format_html('<span class="k-chip {}"><i class="k-box"></i>{}</span>', kind, word)
    if not shape:
        return format_html('<span class="k-chip {}">{}</span>', kind, word)
    return format_html(
        '<span class="k-chip {}"><i class="k-shape" aria-hidden="true">{}</i>{}</span>', kind, shape, word
    )
