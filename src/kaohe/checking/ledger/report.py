"""What a ledger has to say of a report: figures that differ, what it does not know, what stays unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.checking.findings import Finding, Place, shown
from kaohe.checking.ledger.compare import Comparer, Comparison, findings_of, of_outcome
from kaohe.checking.ledger.facts import Behind, LedgerFacts
from kaohe.checking.ledger.telling import asks, informs
from kaohe.facts.ledger import Ledger
from kaohe.quantities import Period
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.reading.matching import Matches, match_claims
from kaohe.reading.matching.names import loose, plain

BEHIND = Fraction(5, 100)
"""A target counts as behind from here: five percentage points, as the board's yellow light does."""

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Against:
    """The ledger that a report is checked against; ``period`` and ``unit`` are what the report is of.

    Without them they are found in the document (see ``kaohe.reading.matching.match_claims``).
    """

    ledger: Ledger
    period: Period | None = None
    unit: str | None = None

    def year(self, given: int | None) -> int | None:
        """The year of writing: as given, of the period, else of the ledger's latest figures."""
        if given is not None or self.period is not None:
            return given if given is not None else self.period.year if self.period else None
        latest = LedgerFacts(self.ledger).latest
        return latest.year if latest else None


def ledger_findings(
    document: Document, claims: Sequence[Claim], against: Against, year: int | None = None
) -> Iterator[Finding]:
    """The findings of a document's claims against a ledger. Raises ``DataError`` on an unknown unit."""
    facts = LedgerFacts(against.ledger)
    year = against.year(year)
    matches = match_claims(document, claims, against.ledger, year, against.period, against.unit)
    names = {row.unit: row.short_name or row.name or row.unit for row in against.ledger.reporting_units}
    compared = Comparer(document.text, facts, names).all(matches)
    teller = _Teller(document, facts, matches, names)
    yield from findings_of(compared)
    yield from teller.told(compared)
    yield from teller.unmentioned()


class _Teller:
    """What concerns the document as a whole."""

    def __init__(
        self, document: Document, facts: LedgerFacts, matches: Matches, names: dict[str, str]
    ) -> None:
        self.document, self.facts, self.matches, self.names = document, facts, matches, names

    def told(self, compared: Sequence[Comparison]) -> Iterator[Finding]:
        """What was compared, and the figures that were not, each sort in one finding."""
        counts = {outcome: str(len(of_outcome(compared, outcome)))
                  for outcome in ("compared", "absent", "vague", "unknown")}  # fmt: skip
        yield informs(self.document.text, "summary", [self._head()], self._of() | counts)
        if not self.matches.unit and self.matches.units:
            named = "、".join(self.names[unit] for unit in self.matches.units)
            yield informs(self.document.text, "which_unit", [self._head()], {"names": named})
        for outcome in ("absent", "vague", "unknown"):
            found = of_outcome(compared, outcome)
            if found:
                places = [(one.match.claim.start, one.match.claim.end) for one in found]
                named = "、".join(_said(one) for one in found[:_MOST_NAMED])
                values = {
                    "count": str(len(found)),
                    "names": named + ("…" if len(found) > _MOST_NAMED else ""),
                }
                yield informs(self.document.text, outcome, places, values)

    def unmentioned(self) -> Iterator[Finding]:
        """Targets behind schedule of which the document says nothing; parts of a total that it praises."""
        if not self.matches.unit or self.matches.period is None:
            return
        behind = self.facts.behind(self.matches.unit, self.matches.period, BEHIND)
        silent = [one for one in behind if not self._is_mentioned(one)]
        hidden = {one.indicator.indicator: total for one in silent if (total := self._praised_total(one))}
        for one in silent:
            if one.indicator.indicator in hidden:
                yield self._hidden(one, hidden[one.indicator.indicator])
        rest = [one for one in silent if one.indicator.indicator not in hidden]
        if rest:
            names = "、".join(_behind_text(one) for one in rest[:_MOST_NAMED])
            values = {"count": str(len(rest)), "names": names + ("…" if len(rest) > _MOST_NAMED else "")}
            yield asks(self.document.text, "calendar", "behind", self._head(), self._of() | values)

    def _is_mentioned(self, one: Behind) -> bool:
        identifier = one.indicator.indicator
        for match in self.matches.rows:
            near = [candidate.indicator for candidate in match.candidates[:1]]
            if identifier in (match.indicator, match.main, *near):
                return True
        name = loose(one.indicator.name)
        return len(name) > 1 and name in plain(self.document.text)

    def _praised_total(self, one: Behind) -> str:
        """A total of the indicator that the document gives and that is not behind itself."""
        told = {match.main for match in self.matches.rows if match.is_sure}
        return next((name for name in self.facts.totals_of(one.indicator.indicator) if name in told), "")

    def _hidden(self, one: Behind, total: str) -> Finding:
        at = next(match.claim for match in self.matches.rows if match.main == total and match.is_sure)
        values = {"total": self.facts.indicators[total].name or total, "part": _behind_text(one)}
        return asks(self.document.text, "hidden-part", "hidden", (at.start, at.end), self._of() | values)

    def _of(self) -> dict[str, str]:
        unit = self.matches.unit
        return {"unit": self.names.get(unit, unit) or "?", "period": str(self.matches.period or "?")}

    def _head(self) -> Place:
        """The title, or the first line: where a remark on the whole document stands."""
        if self.document.title:
            return self.document.title.start, self.document.title.end
        first = next(iter(self.document.paragraphs), None)
        return (first.start, first.end) if first else (0, min(20, len(self.document.text)))


def _said(one: Comparison) -> str:
    claim = one.match.claim
    candidates = "/".join(candidate.name for candidate in one.match.candidates[:2])
    guess = f"({candidates}?)" if one.outcome == "vague" and candidates else ""
    return f"{claim.indicator}{claim.text}{guess}"


def _behind_text(one: Behind) -> str:
    name = one.indicator.name or one.indicator.indicator
    return f"{name} {shown(one.reached * 100, 1)}%(应{shown(one.due * 100, 1)}%)"
