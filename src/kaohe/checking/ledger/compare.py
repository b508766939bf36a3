"""A report against a ledger: each claim beside the fact that it tells of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaohe.checking.findings import Finding, Severity, Verdict, shown
from kaohe.checking.judging import range_text, verdict
from kaohe.checking.ledger.facts import Fact, LedgerFacts
from kaohe.checking.ledger.telling import asks, finding
from kaohe.facts.derived import Derived, Reason
from kaohe.facts.model import POINTS, Form
from kaohe.quantities import Interval, comparable, convert
from kaohe.reading.matching import Match, Matches

_SAME_NAME = Decimal("0.9")
_CHANGES = {"delta": False, "delta_pp": True}
"""Kinds of change, and whether they are of a percentage."""

_UNTOLD = frozenset({"rank", "structure"})
_CHECKS = {"growth": "growth-implied", "completion": "completion-implied", "share": "share"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim with the facts that could be what it tells of, and the findings that follow.

    ``outcome`` is compared, absent (the ledger has no figure yet), vague (no indicator is sure) or unknown
    (the ledger has no such indicator).
    """

    match: Match
    outcome: str
    findings: tuple[Finding, ...] = ()


class Comparer:
    """Compares the claims of a document with the facts of a ledger."""

    def __init__(self, text: str, facts: LedgerFacts, unit_names: dict[str, str]) -> None:
        self.text = text
        self.facts = facts
        self.unit_names = unit_names

    def all(self, matches: Matches) -> list[Comparison]:
        """One comparison a claim, in the order of the text; thresholds and structures are passed over."""
        told = [
            one
            for one in matches.rows
            if one.value is not None and one.claim.role != "threshold" and one.claim.kind not in _UNTOLD
        ]
        return [self._one(match) for match in told]

    def _one(self, match: Match) -> Comparison:
        if not (match.indicator or match.main):
            return Comparison(match, "unknown")
        if not match.unit or match.period is None:
            return Comparison(match, "vague")
        if match.is_target:
            return self._against_targets(match)
        facts = self._facts(match)
        if isinstance(facts, Finding):
            return Comparison(match, "compared", (facts,))
        if not facts:
            return Comparison(match, "absent" if match.is_sure_of_main else "vague")
        return self._judged(match, facts)

    def _facts(self, match: Match) -> list[Fact] | Finding:
        """The ratio as the ledger records it, then as it computes it; or the one figure itself."""
        assert match.period is not None
        recorded = self.facts.figure(match.unit, match.indicator, match.period) if match.indicator else None
        found = [recorded] if recorded else []
        if not match.main or match.main == match.indicator or match.main not in self.facts.indicators:
            return found
        kind = match.claim.kind
        if kind in _CHANGES:
            of_percentage = self.facts.indicators[match.main].measure == "%"
            change = self.facts.change(match.unit, match.main, match.period)
            return [*found, change] if change and of_percentage == _CHANGES[kind] else found
        if match.facet == "completion":
            return found + self.facts.completion(match.unit, match.main, match.period)
        if match.facet == "growth" and self.facts.indicators[match.main].measure != "%":
            grown = self.facts.growth(match.unit, match.main, match.period)
            if isinstance(grown, Derived):
                return self._no_base(match, grown)
            return [*found, grown] if grown else found
        return found

    # --- verdicts -------------------------------------------------------------------------------

    def _judged(self, match: Match, facts: Sequence[Fact]) -> Comparison:
        verdicts = [(verdict(_stated(match, fact), _computed(match, fact)), fact) for fact in facts]
        wrong = [(judged, fact) for judged, fact in verdicts if judged != "holds"]
        # Several targets: a completion of any of them is right.
        if match.facet == "completion" and any(f.computed and v == "holds" for v, f in verdicts):
            wrong = [(judged, fact) for judged, fact in wrong if not fact.computed]
        if not wrong:
            return Comparison(match, "compared", (self._finding(match, facts[0], "holds", "info"),))
        judged, fact = max(wrong, key=lambda pair: pair[0] == "fails")
        if judged == "unsure":
            return Comparison(match, "compared", (self._finding(match, fact, "unsure", "info", "near"),))
        if not match.is_sure_of_main:
            return Comparison(match, "vague")
        return Comparison(match, "compared", (self._differing(match, fact),))

    def _differing(self, match: Match, fact: Fact) -> Finding:
        if fact.soft:
            return self._finding(match, fact, "unsure", "question", "soft")
        if match.is_sure_of_main and match.likeness >= _SAME_NAME:
            return self._finding(match, fact, "fails", "error")
        return self._finding(match, fact, "unsure", "question", "likely")

    def _finding(
        self, match: Match, fact: Fact, judged: Verdict, severity: Severity, why: str = ""
    ) -> Finding:
        claim = match.claim
        computed = _computed(match, fact)
        values = self._named(match) | {
            "indicator": fact.name, "period": str(fact.period), "marks": f"@{fact.marks}",
            "fact": _told(match, fact, computed), "source": fact.source or "—",
        }  # fmt: skip
        told = "delta" if claim.kind in _CHANGES else _CHECKS.get(match.facet, "contradiction")
        check = told if fact.computed else "contradiction"
        key = f"{'computed' if fact.computed else 'fact'}.{why or judged}"
        place = (claim.start, claim.end)
        return finding(self.text, check, judged, severity, key, [place], values, computed, claim.unit)

    def _no_base(self, match: Match, why: Derived) -> Finding:
        definition = self.facts.indicators[match.main]
        values = self._named(match) | {
            "indicator": definition.name or match.main,
            "why": f"@ledger.base.{'zero' if why.reason is Reason.BASE_ZERO else 'negative'}",
        }
        place = (match.claim.start, match.claim.end)
        return asks(self.text, "growth-implied", "no_base", place, values)

    def _named(self, match: Match) -> dict[str, str]:
        return {"unit": self.unit_names.get(match.unit, match.unit)}

    # --- targets --------------------------------------------------------------------------------

    def _against_targets(self, match: Match) -> Comparison:
        assert match.period is not None
        rows = self.facts.targets(match.unit, match.indicator, match.period) if match.indicator else []
        rows = [row for row in rows if (row.form is Form.GROWTH) == (match.form is Form.GROWTH)]
        if not rows:
            return Comparison(match, "absent" if match.is_sure_of_main else "vague")
        facts = []
        for row in rows:
            assert row.value is not None
            measure = row.measure or ("%" if row.form is Form.GROWTH else self._measure(match))
            name = self.facts.indicators[match.indicator].name
            facts.append(
                Fact(row.value, measure, Interval.point(row.value), name, row.period, "mark.target",
                     "; ".join(filter(None, (row.issuer, row.document))), row.approx)
            )  # fmt: skip
        verdicts = [verdict(_stated(match, fact), _computed(match, fact)) for fact in facts]
        for judged, fact in zip(verdicts, facts, strict=True):
            if judged == "holds":
                return Comparison(match, "compared", (self._finding(match, fact, "holds", "info"),))
        return self._judged(match, facts[:1])

    def _measure(self, match: Match) -> str:
        return self.facts.indicators[match.indicator].measure


def _stated(match: Match, fact: Fact) -> Interval:
    """What the claim may stand for, signed, in its own measure."""
    interval = match.claim.interval
    return -interval if match.claim.sign < 0 else interval


def _computed(match: Match, fact: Fact) -> Interval:
    """What the fact may stand for, in the measure of the claim."""
    return fact.interval * _factor(fact.measure, match.claim.unit)


def _factor(source: str, target: str) -> Fraction:
    if not source or not target or source in POINTS or not comparable(source, target):
        return Fraction(1)
    return convert(Fraction(1), source, target)


def _told(match: Match, fact: Fact, computed: Interval) -> str:
    """The fact for a reader, in the claim's measure: its value, or the range that follows."""
    unit = match.claim.unit
    if fact.computed and not computed.is_point:
        return range_text(computed, unit)
    return shown(fact.value * _factor(fact.measure, unit), 4) + unit


def of_outcome(comparisons: Sequence[Comparison], outcome: str) -> list[Comparison]:
    """The comparisons that ended so."""
    return [one for one in comparisons if one.outcome == outcome]


def findings_of(comparisons: Sequence[Comparison]) -> Iterator[Finding]:
    """The findings of comparisons, in order."""
    for one in comparisons:
        yield from one.findings
