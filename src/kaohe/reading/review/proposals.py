"""Rows of a review workbook: what each claim would be in the ledger, for a person to decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kaohe.facts.appending import held_observation, held_targets
from kaohe.facts.codec import decimal_text
from kaohe.facts.figures import in_measure
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Form, Observation, Target
from kaohe.quantities import Period, comparable
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.reading.matching import Match, Matches, match_claims
from kaohe.reading.reader import read_document
from kaohe.reading.review.columns import (
    ACTUAL,
    APPROX_WORDS,
    DIFFERENT,
    LAST_YEAR,
    NEAR,
    NO,
    ROLE_OF_FORM,
    SAME,
    YES,
)

_STOP = re.compile(r"[。；;\n!！?？]")
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim as the ledger would hold it; texts are as they stand in the workbook.

    ``sentence`` has the figure at ``at`` to ``at + len(figure)``.
    """

    match: Match
    accept: str
    unit: str
    indicator: str
    role: str
    period: str
    value: Fraction | None
    measure: str
    decimals: int
    approx: str
    estimated: bool
    sentence: str
    at: int
    held: str
    candidates: str
    source: str

    @property
    def figure(self) -> str:
        """The figure as printed."""
        return self.match.claim.text


@dataclass(frozen=True, slots=True)
class Review:
    """The proposals of a document, with the names to choose from."""

    document: str
    period: Period | None
    unit: str
    proposals: tuple[Proposal, ...]
    units: tuple[str, ...]
    indicators: tuple[str, ...]
    measures: tuple[str, ...]


def proposed(
    document: Document,
    claims: Sequence[Claim],
    ledger: Ledger,
    digest: str,
    year: int | None = None,
    period: Period | None = None,
    unit: str | None = None,
) -> Review:
    """What a document's claims would be in ``ledger``, one row a claim in the order of the text.

    ``digest`` is the SHA-256 of the file (see ``digest_of``). A row is marked 是 only where indicator, unit
    and period are sure and the ledger holds nothing yet. Raises ``DataError`` on an unknown unit.
    """
    matches = match_claims(document, claims, ledger, year, period, unit)
    proposer = _Proposer(document, ledger, matches, digest)
    rows = tuple(proposer.row(match) for match in matches.rows)
    names = tuple(row.name or row.indicator for row in ledger.indicators)
    measures = tuple(dict.fromkeys(row.measure for row in ledger.indicators if row.measure))
    units = tuple(unit_name(ledger, row.unit) for row in ledger.reporting_units)
    main = unit_name(ledger, matches.unit) if matches.unit else ""
    return Review(document.source, matches.period, main, rows, units, names, measures)


def proposed_of(
    document: Document,
    ledger: Ledger,
    digest: str,
    year: int | None = None,
    period: Period | None = None,
    unit: str | None = None,
) -> Review:
    """Reads a document and proposes its claims (see ``proposed``); without a year, that of the period."""
    year = year if year is not None or period is None else period.year
    return proposed(document, read_document(document, year), ledger, digest, year, period, unit)


def digest_of(path: str | Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def unit_name(ledger: Ledger, unit: str) -> str:
    """What a unit is called in the workbook: its short name where only it has that, else its id."""
    row = next(row for row in ledger.reporting_units if row.unit == unit)
    name = row.short_name or row.name
    same = [one for one in ledger.reporting_units if name in (one.short_name, one.name)]
    return name if name and len(same) == 1 else unit


class _Proposer:
    def __init__(self, document: Document, ledger: Ledger, matches: Matches, digest: str) -> None:
        self.text = document.text
        self.ledger = ledger
        self.matches = matches
        self.names = {row.indicator: row.name or row.indicator for row in ledger.indicators}
        self.computed = {row.indicator for row in ledger.indicators if row.numerator}
        self.origin = f"{Path(document.source).name}#sha256:{digest[:16]}"

    def row(self, match: Match) -> Proposal:
        claim = match.claim
        held = self._held(match)
        sentence, at = _sentence(self.text, claim)
        value = match.value if match.value is not None and _is_decimal(match.value) else None
        sure = match.is_sure and value is not None and match.indicator not in self.computed
        return Proposal(
            match, YES if sure and not held else NO,
            unit_name(self.ledger, match.unit) if match.unit else "", self.names.get(match.indicator, ""),
            self._role(match), str(match.period or ""), value, match.measure, claim.decimals,
            APPROX_WORDS.get(claim.approx, claim.approx), match.estimated, sentence, at,
            held,
            self._candidates(match), f"{self.origin}#char={claim.start}-{claim.end}",
        )  # fmt: skip

    def _role(self, match: Match) -> str:
        if match.form is not None:
            return ROLE_OF_FORM.get(match.form, ROLE_OF_FORM[Form.ABSOLUTE])
        report = self.matches.period
        earlier = report is not None and match.period is not None and match.period.year < report.year
        return LAST_YEAR if earlier else ACTUAL

    def _held(self, match: Match) -> str:
        """What the ledger holds already: the same, the same as far as printed, or another value."""
        if not (match.unit and match.indicator and match.period and match.value is not None):
            return ""
        valued = [row for row in self._rows(match) if row.value is not None]
        if not valued:
            return ""
        text = "、".join(f"{decimal_text(row.value)}{row.measure}" for row in valued if row.value is not None)
        if any(same_value(row, match.value, match.measure) for row in valued):
            return f"{text}({SAME})"
        near = any(_is_near(row, match) for row in valued)
        return f"{text}({NEAR if near else DIFFERENT})"

    def _rows(self, match: Match) -> Sequence[Observation | Target]:
        assert match.period is not None
        if match.is_target:
            return held_targets(self.ledger, match.unit, match.indicator, match.period)
        held = held_observation(self.ledger, match.unit, match.indicator, match.period)
        return [held] if held else []

    def _candidates(self, match: Match) -> str:
        if match.main and not match.indicator and match.facet in _COMPUTED:
            return f"{self.names.get(match.main, match.main)}的{_COMPUTED[match.facet]}由台账计算,不用录入"
        others = [one for one in match.candidates if one.indicator != match.indicator or not match.is_sure]
        named = "；".join(f"{one.name} {one.likeness:.2f}" for one in others)
        if not match.unit and match.units:
            places = "、".join(unit_name(self.ledger, unit) for unit in match.units)
            named = f"单位:{places}" + (f"；{named}" if named else "")
        return named


_COMPUTED = {"growth": "增幅", "completion": "完成率", "share": "比重", "change": "变化"}


def _is_near(row: Observation | Target, match: Match) -> bool:
    """Whether the ledger's value is one that the printed figure may stand for."""
    claim = match.claim
    if row.value is None or match.is_target or match.value is None:
        return False
    if row.measure and claim.unit and row.measure != claim.unit and not comparable(row.measure, claim.unit):
        return False
    return claim.interval.contains(claim.sign * in_measure(row.value, row.measure, claim.unit))


def same_value(row: Observation | Target, value: Fraction, measure: str) -> bool:
    """Whether a row of the ledger holds a value, in whatever measure."""
    if row.value is None:
        return False
    if row.measure and measure and row.measure != measure and not comparable(row.measure, measure):
        return False
    return in_measure(row.value, row.measure, measure) == value


def _is_decimal(value: Fraction) -> bool:
    """Whether a ledger can hold it: 三分之一 has no finite decimal."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _sentence(text: str, claim: Claim) -> tuple[str, int]:
    """The sentence of a figure, shortened about it, and where the figure stands in it."""
    start = max(claim.start - _LONGEST, 0)
    start = max((match.end() for match in _STOP.finditer(text, start, claim.start)), default=start)
    stop = _STOP.search(text, claim.end)
    end = min(stop.start() if stop else len(text), claim.end + _LONGEST // 2)
    lead = len(text[start : claim.start]) - len(text[start : claim.start].lstrip())
    start += lead
    head = "…" if start and text[start - 1] not in "。；;\n!！?？" and not lead else ""
    return head + text[start:end].rstrip(), len(head) + claim.start - start
