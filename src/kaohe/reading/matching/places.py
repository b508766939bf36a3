"""Whose figure a claim is: the reporting unit that 全镇, or a name, means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import ReportingUnit
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document

_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")
_OWN = re.compile(r"^[全我本]|辖区")
_KINDS = {
    "镇": {"town", "township", "镇", "乡镇"}, "乡": {"township", "town", "乡", "乡镇"},
    "县": {"county", "县"}, "市": {"city", "prefecture", "市", "county"}, "区": {"district", "区", "county"},
    "街道": {"street", "subdistrict", "街道", "town"}, "村": {"village", "村"},
    "社区": {"community", "社区", "village"}, "省": {"province", "省"}, "国": {"country", "国家"},
    "局": {"bureau", "office", "局"},
}  # fmt: skip
_TOTALS = frozenset({"合计", "总计", "小计"})
_SURE, _FAIR, _POOR = Decimal(1), Decimal("0.9"), Decimal("0.4")


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A reporting unit with how sure it is; ``unit`` is empty and ``others`` lists them when several fit."""

    unit: str
    confidence: Decimal
    others: tuple[str, ...] = ()


class Places:
    """The reporting units of a ledger as a document speaks of them.

    ``chosen`` is the unit whose report it is, by id, name or short name. Raises ``DataError`` on one that
    the ledger does not have.
    """

    def __init__(self, ledger: Ledger, document: Document, chosen: str | None = None) -> None:
        self.units = ledger.reporting_units
        self.text = document.text
        title = document.title
        self.title = document.text[title.start : title.end] if title else document.text.split("\n", 1)[0]
        self.chosen = unit_named(self.units, chosen) if chosen else None

    def of(self, claim: Claim) -> FoundUnit:
        """The unit that a claim is about."""
        named = self._named(claim)
        if named:
            return FoundUnit(named.unit, _SURE)
        if claim.scope in _TOTALS:
            # A table may add up only some of the units below.
            return replace(self.main, confidence=min(self.main.confidence, _POOR))
        if claim.scope and not _OWN.search(claim.scope):
            return FoundUnit("", Decimal(0))
        return self._own(claim.scope) if claim.scope else self.main

    @cached_property
    def main(self) -> FoundUnit:
        """The unit whose report the document is."""
        counted = Counter(scope for scope in re.findall(r"[全我本](?:街道|社区|[镇乡县市区村省])", self.text))
        return self._own(counted.most_common(1)[0][0] if counted else "")

    def name_of(self, unit: str) -> str:
        """The short name of a unit, or its name, or its id."""
        found = next((row for row in self.units if row.unit == unit), None)
        return (found.short_name or found.name or found.unit) if found else unit

    def _named(self, claim: Claim) -> ReportingUnit | None:
        if claim.scope in self._by_name:
            return self._by_name[claim.scope]
        return next((row for name, row in self._by_name.items() if claim.indicator.startswith(name)), None)

    @cached_property
    def _by_name(self) -> dict[str, ReportingUnit]:
        """The units by their names, the longest names first."""
        named = {name: row for row in self.units for name in _names(row) if len(name) > 1}
        return dict(sorted(named.items(), key=lambda pair: -len(pair[0])))

    def _own(self, scope: str) -> FoundUnit:
        """全镇: the unit chosen, or the one of that kind that the document can be of."""
        kind = _OWN.sub("", scope)
        if self.chosen and (not kind or _is_of_kind(self.chosen, kind)):
            return FoundUnit(self.chosen.unit, _SURE)
        if kind not in self._found:
            self._found[kind] = self._searched(kind)
        return self._found[kind]

    @cached_property
    def _found(self) -> dict[str, FoundUnit]:
        return {}

    def _searched(self, kind: str) -> FoundUnit:
        """The only unit of a kind, the one in the title, the one told of most, the one with units below."""
        fitting = [row for row in self.units if not kind or _is_of_kind(row, kind)]
        others = tuple(row.unit for row in fitting[:5])
        if len(fitting) == 1:
            return FoundUnit(fitting[0].unit, _SURE)
        for found in (self._titled(fitting), self._most_told(fitting) if kind else None):
            if found:
                return FoundUnit(found.unit, _FAIR, others)
        leading = self._leading(fitting) if kind else self._roots(fitting)
        if len(leading) == 1:
            return FoundUnit(leading[0].unit, _FAIR, others)
        return FoundUnit("", _POOR, others)

    def _titled(self, rows: Sequence[ReportingUnit]) -> ReportingUnit | None:
        named = [row for row in rows if any(len(n) > 1 and n in self.title for n in _names(row))]
        return named[0] if len(named) == 1 else None

    def _most_told(self, rows: Sequence[ReportingUnit]) -> ReportingUnit | None:
        told = sorted(((self._times_told(row), row.unit) for row in rows), reverse=True)
        if not told or not told[0][0] or (len(told) > 1 and told[0][0] == told[1][0]):
            return None
        return next(row for row in rows if row.unit == told[0][1])

    def _leading(self, rows: Sequence[ReportingUnit]) -> list[ReportingUnit]:
        """A ledger that goes into the villages of one town only is that town's own."""
        above = {row.parent for row in self.units if row.parent}
        return [row for row in rows if row.unit in above]

    def _roots(self, rows: Sequence[ReportingUnit]) -> list[ReportingUnit]:
        known = {row.unit for row in self.units}
        return [row for row in rows if row.parent not in known]

    def _times_told(self, row: ReportingUnit) -> int:
        return max((self.text.count(name) for name in _names(row) if len(name) > 1), default=0)


def unit_named(units: Sequence[ReportingUnit], written: str) -> ReportingUnit:
    """The unit with an id, name or short name. Raises ``DataError`` when there is none, or several."""
    found = [row for row in units if written == row.unit] or [
        row for row in units if written in (row.name, row.short_name, *_names(row))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise DataError(f"“{written}”是几个单位的名称:{'、'.join(row.unit for row in found)};请写编号")
    known = [name for row in units for name in (row.unit, row.name, row.short_name) if name]
    raise DataError(f"台账里没有单位“{written}”{nearest(written, known)}")


def _names(row: ReportingUnit) -> tuple[str, ...]:
    given = (row.name, row.short_name, _BRACKETS.sub("", row.name))
    return tuple(dict.fromkeys(name for name in given if name))


def _is_of_kind(row: ReportingUnit, kind: str) -> bool:
    if row.kind in _KINDS.get(kind, {kind}):
        return kind not in "镇乡" or not _ends_otherwise(row, kind)
    return not row.kind and any(name.endswith(kind) for name in _names(row))


def _ends_otherwise(row: ReportingUnit, kind: str) -> bool:
    """A 乡 is no 镇 although both are townships."""
    other = "乡" if kind == "镇" else "镇"
    return any(name.endswith(other) for name in _names(row))
