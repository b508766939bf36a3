"""The indicators of a ledger as what a claim may be about: an amount, or a ratio of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kaohe.facts.model import POINTS, Indicator, IndicatorKind
from kaohe.quantities import comparable, measure_of
from kaohe.reading.claims import Claim
from kaohe.reading.matching.names import Weights, loose, plain
from kaohe.reading.matching.vocabulary import any_of

Facet = Literal["amount", "growth", "completion", "share", "change"]

_FACETS: dict[str, tuple[Facet, ...]] = {
    "growth": ("growth",), "completion": ("completion",), "share": ("share",),
    "delta_pp": ("change", "growth"), "rate": ("amount", "share", "completion"),
}  # fmt: skip
_MAIN = re.compile(r"主指标 *([^;；]+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator with the side of things that it shows; ``main`` is the indicator that a ratio is of."""

    indicator: Indicator
    facet: Facet
    main: str
    subject: str

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.indicator.indicator

    @property
    def is_computed(self) -> bool:
        """Whether the ledger makes it of two others, so that nothing is recorded for it."""
        return bool(self.indicator.numerator)


class Catalogue:
    """The indicators of a ledger, found by what a claim says."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.indicators: Mapping[str, Indicator] = {row.indicator: row for row in indicators}
        names = {loose(row.name or row.indicator): row.indicator for row in self.indicators.values()}
        self.entries = tuple(_entry(row, names) for row in self.indicators.values())
        self.weights = Weights(loose(row.name or row.indicator) for row in self.indicators.values())
        self._of_main: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._of_main.setdefault(entry.main, []).append(entry)

    def fitting(self, claim: Claim) -> list[Entry]:
        """The entries whose facet and measure a claim may be in."""
        facets = _FACETS.get(claim.kind, ("amount",))
        return [entry for entry in self.entries if entry.facet in facets and _measured(claim, entry)]

    @property
    def amounts(self) -> list[Entry]:
        """The entries that are not ratios of another one."""
        return [entry for entry in self.entries if entry.facet == "amount"]

    def aspect(self, main: str, facet: Facet) -> Entry | None:
        """The recorded indicator that holds a ratio of another one as it was published."""
        found = [one for one in self._of_main.get(main, ()) if one.facet == facet and one.id != main]
        return min(found, key=lambda entry: entry.is_computed, default=None)


def facet_of(claim: Claim) -> Facet:
    """The side of things that a claim shows first of all."""
    return _FACETS.get(claim.kind, ("amount",))[0]


def same_measure(first: str, second: str) -> bool:
    """Whether a figure in one measure can stand in the other: convertible, or both counts by a general word.

    >>> same_measure("亿元", "万元"), same_measure("个", "家"), same_measure("人", "户")
    (True, True, False)
    """
    if not first or not second:
        return not first and not second
    if first in POINTS or second in POINTS:
        return first in POINTS and second in POINTS
    return comparable(first, second) or (
        measure_of(first).kind == measure_of(second).kind == "discrete"
        and bool({measure_of(first).plain, measure_of(second).plain} & _GENERAL)
    )


_GENERAL = frozenset({"个", "项", "处"})


def _measured(claim: Claim, entry: Entry) -> bool:
    return same_measure(claim.unit, entry.indicator.measure)


def _entry(row: Indicator, names: Mapping[str, str]) -> Entry:
    name = plain(row.name or row.indicator)
    facet = _facet(row, name)
    subject = name if facet == "amount" else _subject(name, facet)
    stated = _MAIN.search(row.definition)
    main = stated[1].strip() if stated else names.get(loose(subject), row.indicator)
    return Entry(row, facet, row.indicator if facet == "amount" and not stated else main, subject)


def _facet(row: Indicator, name: str) -> Facet:
    if row.measure in POINTS:
        return "change"
    if measure_of(row.measure).dimension != "ratio":
        return "amount"
    if row.kind is IndicatorKind.GROWTH or any_of("growth").search(name):
        return "growth"
    if any_of("completion").search(name):
        return "completion"
    return "share" if any_of("share").search(name) else "amount"


def _subject(name: str, facet: Facet) -> str:
    """What a ratio is of: 财政收入 of 财政收入同比增幅."""
    text = any_of("share").sub("", name) if facet == "change" else name
    return any_of(facet).sub("", text) or name
