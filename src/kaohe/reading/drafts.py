"""Drafts of claims: what the rules fill in, figure by figure, before ids are given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from kaohe.quantities import measure_of
from kaohe.reading.claims import Direction, Kind, Role
from kaohe.reading.figures import Figure
from kaohe.reading.kinds import Reading
from kaohe.reading.lexicon import any_of
from kaohe.reading.nouns import is_generic

COMPARING = frozenset({"growth", "completion", "share", "rate", "delta_pp", "delta", "rank"})
RATIOS = frozenset({"growth", "completion", "share", "rate"})
# No sentence that a person wrote links figures further apart; unbounded, one without stops is quadratic.
_LOOKING_BACK = 60
_PERSONS = re.compile(any_of("person_noun") + "$")
SURE, LIKELY, GUESSED = Decimal("0.95"), Decimal("0.8"), Decimal("0.5")


@dataclass(slots=True, eq=False)
class Draft:
    """A claim in the making; it changes, since a later figure may be what an earlier ratio speaks of."""

    figure: Figure
    reading: Reading
    kind: Kind
    indicator: str = ""
    relation: Draft | None = None
    whole: Draft | None = None
    part_of: Draft | None = None
    direction: Direction = ""
    role: Role = ""
    own: bool = True
    base: bool = False
    confidence: Decimal = SURE
    group: list[Draft] = field(default_factory=list)

    @property
    def dimension(self) -> str:
        """The dimension of its measure: what may be added to it."""
        return measure_of(self.figure.quantity.measure).dimension

    @property
    def is_head(self) -> bool:
        """Whether ratios may speak about it: an amount, not a threshold or the plan itself."""
        return self.kind not in COMPARING and self.kind != "structure" and self.role != "threshold"


class Passage:
    """The drafts so far, with what a later figure may look back at."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.topic = self.name = ""
        self.totals: list[Draft] = []
        self.previous: list[Draft] = []
        self._wide = False
        self._bracket = 0
        self._sentence = self._segment = -1
        self._sentence_start = self._segment_start = 0

    def enter(self, figure: Figure) -> None:
        """Moves on to the sentence and the segment of a figure."""
        self._bracket = figure.bracket
        if figure.segment != self._segment:
            self._segment, self._segment_start = figure.segment, len(self.drafts)
            self.totals = self.totals if self._wide else []
        if figure.sentence != self._sentence:
            self.previous = self.sentence
            self._sentence, self._sentence_start = figure.sentence, len(self.drafts)
            self.topic, self.name, self.totals = "", "", []

    def open_parts(self, totals: list[Draft], *, wide: bool) -> None:
        """其中 begins; ``wide`` when it begins a segment, so that semicolons part the components."""
        self.totals, self._wide = totals, wide

    def total_of(self, indicator: str, dimension: str) -> Draft | None:
        """The open total that a component belongs to: of its dimension, better with its own head noun."""
        fitting = [total for total in self.totals if total.dimension == dimension]
        alike = [total for total in fitting if total.indicator[-2:] == indicator[-2:]]
        found = alike or fitting
        return found[-1] if found else None

    def add(self, draft: Draft) -> None:
        """Takes a finished draft in."""
        self.drafts.append(draft)
        told = draft.is_head or draft.kind in ("growth", "completion")
        if not (draft.own and draft.indicator and told) or draft.figure.opening == "(":
            return
        self.name = draft.indicator
        if not is_generic(draft.indicator) and not _PERSONS.search(draft.indicator):
            self.topic = draft.indicator

    @property
    def segment(self) -> list[Draft]:
        """The drafts since the last semicolon."""
        return self.drafts[max(self._segment_start, len(self.drafts) - _LOOKING_BACK) :]

    @property
    def sentence(self) -> list[Draft]:
        """The drafts since the last full stop."""
        return self.drafts[max(self._sentence_start, len(self.drafts) - _LOOKING_BACK) :]

    @property
    def last(self) -> Draft | None:
        """The draft before, in this sentence."""
        return self.drafts[-1] if len(self.drafts) > self._sentence_start else None

    def head(self) -> Draft | None:
        """The amount that a ratio without its own noun speaks about: the last of the segment."""
        for drafts in (self.segment, self.sentence):
            for draft in reversed(drafts):
                if draft.is_head and not draft.base and draft.figure.bracket in (0, self._bracket):
                    return draft
        return None

    def ratio(self) -> Draft | None:
        """The last ratio of the segment, else of the sentence."""
        for drafts in (self.segment, self.sentence):
            for draft in reversed(drafts):
                if draft.kind in RATIOS and draft.figure.bracket in (0, self._bracket):
                    return draft
        return None
