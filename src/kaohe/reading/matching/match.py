"""Claims to the places of a ledger: candidates by measure and name, then one place for each figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from kaohe.facts.ledger import Ledger
from kaohe.facts.model import POINTS, Form
from kaohe.quantities import Period, comparable, convert
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.reading.matching.catalogue import Catalogue, Entry, facet_of
from kaohe.reading.matching.model import SURE, Candidate, Match, Matches
from kaohe.reading.matching.names import FULL, excluded, likeness, loose, narrowed, plain, tokens
from kaohe.reading.matching.places import Places
from kaohe.reading.matching.times import is_of_last_year, period_of, report_period

_LEAST = 400
_SAME = 930
_OTHER = 640
_SHOWN = 300
_NEAR = 60
_MOST_SHOWN = 4
_RELATED = 960
_STOP = re.compile(r"[。；;\n!！?？]")
_CLAUSE = re.compile(r"[，,。；;\n、]")
_BELOW = Decimal("0.6")


def match_claims(
    document: Document,
    claims: Sequence[Claim],
    ledger: Ledger,
    year: int | None = None,
    period: Period | None = None,
    unit: str | None = None,
) -> Matches:
    """Where each claim belongs in ``ledger``, in the order of the claims.

    ``period`` is what the report is of, by default what most of its figures are cumulated to; ``unit`` the
    reporting unit that 全镇 means, by default the one that the document names, or the only one of its kind.
    Raises ``DataError`` on a unit that the ledger does not have.
    """
    matcher = _Matcher(document, claims, ledger, Places(ledger, document, unit), year, period)
    main = matcher.places.main
    return Matches(matcher.report, main.unit, tuple(matcher.all()), main.others)


@dataclass(frozen=True, slots=True)
class _Fit:
    """An entry that a claim may be about, with its score out of 1000."""

    entry: Entry
    score: int


class _Matcher:
    def __init__(
        self, document: Document, claims: Sequence[Claim], ledger: Ledger, places: Places,
        year: int | None, period: Period | None,
    ) -> None:  # fmt: skip
        self.text = document.text
        self.claims = claims
        self.places = places
        self.catalogue = Catalogue(ledger.indicators)
        self.report = report_period(claims, year, period)
        self.estimated = _estimated(claims)
        names = {name for row in places.units for name in (row.name, row.short_name) if len(name) > 1}
        self.unit_names = sorted(names, key=len, reverse=True)
        self.subjects: dict[str, str] = {}
        self.fits: dict[int, list[_Fit]] = {}
        self.done: dict[int, Match] = {}

    def all(self) -> list[Match]:
        """Amounts first, then shares and rates, then what changes them: ratios follow what they speak of."""
        groups: tuple[list[Claim], list[Claim], list[Claim]] = ([], [], [])
        for claim in self.claims:
            ratio = claim.is_ratio or claim.kind == "rank"
            groups[0 if not ratio else 1 if claim.kind in ("share", "rate") else 2].append(claim)
        for group in groups:
            self.fits |= {claim.id: self._ranked(claim) for claim in group}
            self._assign(group)
        return [self.done[claim.id] for claim in self.claims]

    # --- which indicators fit -------------------------------------------------------------------

    def _ranked(self, claim: Claim) -> list[_Fit]:
        if claim.role == "threshold" or claim.kind in ("structure", "delta", "rank"):
            return []
        around = plain(self._around(claim))
        related = self._related(claim)
        entries = self.catalogue.fitting(claim)
        if _form(claim, None) is Form.GROWTH:
            entries += self.catalogue.amounts
        scored = (_Fit(entry, self._score(claim, entry, around, related)) for entry in entries)
        return sorted((fit for fit in scored if fit.score >= _SHOWN), key=lambda fit: -fit.score)

    def _score(self, claim: Claim, entry: Entry, around: str, related: Match | None) -> int:
        score = self._by_name(claim, entry, around)
        if claim.is_ratio and related and related.main and entry.id != related.main:
            score = self._by_relation(claim, entry, related, score)
        # What the ledger computes itself is seldom meant where a published ratio is kept beside it.
        if entry.is_computed:
            score = score * 19 // 20
        if not comparable(claim.unit, entry.indicator.measure) and claim.unit not in POINTS:
            score = score * (97 if claim.is_ratio else 90) // 100
        if claim.kind == "capacity" and score < _SAME:
            return min(score, _OTHER)
        return score

    def _by_relation(self, claim: Claim, entry: Entry, related: Match, score: int) -> int:
        """A ratio of what the related figure is: as sure as that is."""
        through = int(_RELATED * related.likeness)
        if entry.facet != "amount" and related.main == entry.main:
            return max(score, through)
        if entry.is_computed and related.main == entry.indicator.numerator:
            whole = self.done.get(claim.whole) if claim.whole is not None else None
            return max(score, through) if whole and whole.main == entry.indicator.denominator else score
        elsewhere = related.is_sure_of_main and claim.kind != "rate"
        return score * 7 // 10 if elsewhere else score

    def _by_name(self, claim: Claim, entry: Entry, around: str) -> int:
        name = entry.indicator.name or entry.id
        subject = self._subject(claim.indicator)
        alike = likeness(subject, entry.subject, self.catalogue.weights)
        alike = max(alike, likeness(subject, name, self.catalogue.weights))
        if excluded(subject, name):
            return alike // 2
        if alike >= _SAME:
            return alike
        known_as = loose(entry.subject)
        # Two characters stand in a sentence by chance.
        covered = self.catalogue.weights.covered(known_as, _tokens(around)) * min(len(known_as), 4) // 4
        score = alike * 55 // 100 + covered * 45 // 100
        return min(score, _OTHER if narrowed(subject, name, around) else _SAME - 10)

    def _subject(self, indicator: str) -> str:
        """The name of a claim without its unit: 示例甲镇工业产值 is 工业产值."""
        if indicator not in self.subjects:
            unit = next((name for name in self.unit_names if indicator.startswith(name)), "")
            self.subjects[indicator] = indicator.removeprefix(unit) or indicator
        return self.subjects[indicator]

    def _around(self, claim: Claim) -> str:
        """The sentence before the figure and the rest of its clause."""
        earliest = max(0, claim.start - 120)
        stops = _STOP.finditer(self.text, earliest, claim.start)
        start = max((match.end() for match in stops), default=earliest)
        behind = _CLAUSE.search(self.text, claim.end)
        end = min(behind.start() if behind else len(self.text), claim.end + 30)
        return self.text[start:end]

    # --- one place for each figure --------------------------------------------------------------

    def _assign(self, claims: Sequence[Claim]) -> None:
        """The best pairs first; a place that another figure has taken goes to its next candidate."""
        pairs = [(fit, claim) for claim in claims for fit in self.fits[claim.id] if fit.score >= _LEAST]
        taken: dict[object, Match] = {}
        for fit, claim in sorted(pairs, key=lambda pair: -pair[0].score):
            if claim.id in self.done:
                continue
            match = self._made(claim, fit)
            holder = taken.setdefault(match.slot, match)
            if holder is match or _same_value(holder, match):
                self.done[claim.id] = match
        for claim in claims:
            if claim.id not in self.done:
                self.done[claim.id] = self._left_over(claim, taken)

    def _left_over(self, claim: Claim, taken: dict[object, Match]) -> Match:
        """A figure without a place of its own: the place that it would share, never sure, or none."""
        fits = [fit for fit in self.fits[claim.id] if fit.score >= _LEAST]
        if not fits:
            return self._made(claim, None)
        match = self._made(claim, fits[0])
        holder = taken.get(match.slot)
        lowered = replace(match, confidence=min(match.confidence, _BELOW))
        if holder is not None and holder.likeness <= match.likeness:
            self.done[holder.claim.id] = _lowered(holder)
        return lowered

    def _made(self, claim: Claim, fit: _Fit | None) -> Match:
        found = self.places.of(claim)
        definition = fit.entry.indicator if fit else None
        rate = claim.is_ratio and claim.role == "target"
        value, measure = _valued(claim, definition.measure if definition and not rate else "")
        before = self.text[max(0, claim.start - 12) : claim.start]
        last_year = not claim.is_ratio and is_of_last_year(before)
        period = period_of(claim, definition, self.report, last_year)
        match = Match(
            claim, facet_of(claim), found.unit, fit.entry.id if fit else "", self._main(claim, fit), period,
            value, measure, _form(claim, fit.entry if fit else None), claim.id in self.estimated,
            candidates=self._candidates(claim), units=found.others,
        )  # fmt: skip
        if fit is None:
            related = self._related(claim)
            return (
                match
                if related is None or not match.main
                else replace(match, likeness=related.likeness, main_confidence=related.main_confidence)
            )
        share = Decimal(fit.score) / FULL
        confidence = share * found.confidence * (Decimal(1) if claim.confidence >= SURE else claim.confidence)
        if value is None or period is None or self._has_rival(claim, fit):
            confidence = min(confidence, _BELOW)
        rounded = confidence.quantize(Decimal("0.01"))
        return replace(match, likeness=share, confidence=rounded, main_confidence=rounded)

    def _main(self, claim: Claim, fit: _Fit | None) -> str:
        if fit:
            return fit.entry.main
        related = self._related(claim)
        return related.main if related else ""

    def _related(self, claim: Claim) -> Match | None:
        return self.done.get(claim.relation_to) if claim.relation_to is not None else None

    def _has_rival(self, claim: Claim, fit: _Fit) -> bool:
        """Another indicator that fits as well, or nearly when neither bears the same name."""
        others = [one.score for one in self.fits[claim.id] if one.entry.id != fit.entry.id]
        near = 10 if fit.score >= _SAME else _NEAR
        return any(score > fit.score - near for score in others)

    def _candidates(self, claim: Claim) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(fit.entry.id, fit.entry.indicator.name, Decimal(fit.score) / FULL)
            for fit in self.fits[claim.id][:_MOST_SHOWN]
        )


@lru_cache(maxsize=2000)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _lowered(match: Match) -> Match:
    low = min(match.confidence, _BELOW)
    return replace(match, confidence=low, main_confidence=low)


def _estimated(claims: Iterable[Claim]) -> set[int]:
    """The ids of claims that are estimates or are made of one: totals of parts, ratios of amounts."""
    claims = list(claims)
    found = {claim.id for claim in claims if claim.approx == "预计" or claim.role == "forecast"}
    whole = {claim.part_of for claim in claims if claim.id in found and claim.part_of is not None}
    found |= whole
    return found | {claim.id for claim in claims if claim.relation_to in found and claim.is_ratio}


def _valued(claim: Claim, expected: str) -> tuple[Fraction | None, str]:
    """The signed value in its printed measure, or in that of the indicator for 个 and the like."""
    if isinstance(claim.value, tuple):
        return None, claim.unit
    value = claim.sign * Fraction(claim.value)
    if claim.unit in POINTS or not expected:
        return value, claim.unit
    return value, claim.unit if comparable(claim.unit, expected) else expected


def _form(claim: Claim, entry: Entry | None) -> Form | None:
    """What a target asks for; of an indicator that is itself a rate, its value."""
    if claim.role != "target":
        return None
    own = entry is not None and entry.facet in ("growth", "change")
    if claim.kind in ("growth", "delta_pp") and not own:
        return Form.GROWTH if claim.kind == "growth" else Form.POINTS
    return Form.AT_MOST if claim.approx == "≤" else Form.ABSOLUTE


def _same_value(first: Match, second: Match) -> bool:
    if first.value is None or second.value is None:
        return False
    if first.measure == second.measure or not comparable(first.measure, second.measure):
        return first.value == second.value
    return convert(first.value, first.measure, second.measure) == second.value
