"""What the ledger says to people about its cells."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from kaohe.facts.derived import Derived
from kaohe.quantities import show_number
from kaohe.quantities.rounding import round_exact


def doubt_text(check: str, values: Mapping[str, Fraction | str], value: Fraction) -> str:
    """A doubt in one sentence, with the figures it compares."""
    shown = {name: _shown(each) for name, each in values.items()} | {"value": show_number(value)}
    return _template(check, "last_month" in values) % shown


def _template(check: str, against_last_month: bool) -> str:
    match check:
        case "tenfold" if against_last_month:
            return _("%(value)s 与上月 %(last_month)s 相差约十倍，可能多写或少写一位")
        case "tenfold":
            return _("%(value)s 与上年同期 %(last_year)s 相差约十倍，可能多写或少写一位")
        case "below-last-month":
            return _("%(value)s 小于上月累计 %(last_month)s")
        case "part-above-whole":
            return _("%(value)s 大于%(whole_name)s %(whole)s")
        case _:
            return _("%(parts)s合计 %(sum)s，大于本数 %(value)s")


def rate_text(rate: Derived | None, *, signed: bool = False) -> str:
    """A rate in per cent with one decimal; a word where there is none; nothing where it is not told yet."""
    if rate is None:
        return ""
    if rate.value is None:
        return rate.reason.value if rate.reason else "—"
    text = show_number(round_exact(rate.value * 100, 1), 1)
    return f"+{text}" if signed and rate.value > 0 else text


def _shown(value: Fraction | str) -> str:
    return show_number(value) if isinstance(value, Fraction) else value
