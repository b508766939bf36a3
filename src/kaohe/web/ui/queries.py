"""What the search finds: only what the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Permits
from kaohe.web.ledger.models import Indicator, ReportingDuty, ReportingUnit, Target

_MOST = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, what stands beside it, and where it is shown."""

    name: str
    beside: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind."""

    heading: str
    hits: tuple[Hit, ...]


def found(permits: Permits, words: str, month: str) -> tuple[Group, ...]:
    """Indicators, units and documents that hold the words, at most 30 of each; four queries."""
    groups = (
        Group(_("指标"), tuple(_indicators(permits, words, month))),
        Group(_("单位"), tuple(_units(permits, words, month))),
        Group(_("文件"), tuple(_documents(permits, words, month))),
    )
    return tuple(group for group in groups if group.hits)


def _indicators(permits: Permits, words: str, month: str) -> list[Hit]:
    reported = ReportingDuty.objects.filter(permits.figures()).values("indicator")
    rows = Indicator.objects.filter(Q(name__icontains=words) | Q(code=words), pk__in=reported)
    return [
        Hit(row.name, f"{row.line.name} · {row.measure}", _address("indicator", row.code, month))
        for row in rows.select_related("line")[:_MOST]
    ]


def _units(permits: Permits, words: str, month: str) -> list[Hit]:
    rows = ReportingUnit.objects.filter(permits.units())
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code=words)
    return [
        Hit(row.name, row.parent.name if row.parent else "", _address("unit", row.code, month))
        for row in rows.filter(named).select_related("parent")[:_MOST]
    ]


def _documents(permits: Permits, words: str, month: str) -> list[Hit]:
    rows = Target.objects.filter(permits.figures(), document__icontains=words)
    named = rows.values_list("document", "issuer", "indicator__code", "indicator__name")
    hits: dict[str, Hit] = {}
    for document, issuer, code, name in named.order_by("document", "indicator__order")[: _MOST * 10]:
        hits.setdefault(document, Hit(document, f"{issuer} · {name}", _address("indicator", code, month)))
    return list(hits.values())[:_MOST]


def _address(route: str, code: str, month: str) -> str:
    try:
        return f"{reverse(route, args=[code])}?month={month}"
    except NoReverseMatch:
        return ""
