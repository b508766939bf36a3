"""Findings: what a check says of a document, with the places that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from kaohe.checking.wording import wording
from kaohe.quantities import Interval, round_exact, show_number

Verdict = Literal["holds", "fails", "unsure"]
Severity = Literal["error", "warning", "question", "info"]
Place = tuple[int, int]

CHECKS = (
    "part-sum", "share", "completion-implied", "growth-implied", "delta", "contradiction",
    "estimate-in-total", "calendar", "hidden-part", "change-without-figure", "missing-base", "list-count",
    "aligned-list", "order-relation", "same-thing-twice", "plausibility", "unit-without-number",
    "announced-count", "numbering", "balance", "punctuation", "boilerplate", "title-body", "page-date",
    "doubled-word", "term",
)  # fmt: skip
"""The ids of the checks, in the order of the reference (design §7)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the text, half-open, with the text that stands there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement of one check.

    ``key`` and ``values`` give the message in either language; ``stated`` is what the text prints,
    ``computed`` the interval that follows from its other figures, both in ``measure``. ``marks`` are in the
    order of importance: the figure that is doubted first.

    >>> Finding("punctuation", "fails", "perhaps", "punctuation.doubled", ())
    Traceback (most recent call last):
    ValueError: severity perhaps of punctuation is not known
    >>> Finding("term", "fails", "info", "term.word", ())
    Traceback (most recent call last):
    ValueError: what fails is never less than a warning: term
    """

    check: str
    verdict: Verdict
    severity: Severity
    key: str
    marks: tuple[Mark, ...]
    values: dict[str, str] = field(default_factory=dict)
    stated: str = ""
    computed: Interval | None = None
    measure: str = ""
    id: int = 0

    def __post_init__(self) -> None:
        if self.severity not in ("error", "warning", "question", "info"):
            raise ValueError(f"severity {self.severity} of {self.check} is not known")
        if self.verdict == "fails" and self.severity not in ("error", "warning"):
            raise ValueError(f"what fails is never less than a warning: {self.check}")

    @property
    def message(self) -> str:
        """What was found, in the language asked for (``KAOHE_LANG``)."""
        return wording(self.key, self.values)

    def message_in(self, language: str) -> str:
        """What was found, in ``zh`` or ``en``."""
        return wording(self.key, self.values, language)

    @property
    def start(self) -> int:
        """Where its first mark stands."""
        return self.marks[0].start if self.marks else 0

    def to_json(self) -> dict[str, Any]:
        """The object of design §7."""
        return {
            "id": self.id, "check": self.check, "verdict": self.verdict, "severity": self.severity,
            "message": self.message, "message_zh": self.message_in("zh"), "message_en": self.message_in("en"),
            "spans": [{"start": mark.start, "end": mark.end, "text": mark.text} for mark in self.marks],
            "stated": self.stated or None, "computed": self._computed(),
        }  # fmt: skip

    def _computed(self) -> dict[str, Any] | None:
        if self.computed is None:
            return None
        ends = (self.computed.low, self.computed.high)
        # JSON has binary numbers only; six decimals of one print back as they were.
        low, high = (None if end is None else float(round(end, 6)) for end in ends)
        return {"low": low, "high": high, "unit": self.measure}


def marks_of(text: str, places: Iterable[Place]) -> tuple[Mark, ...]:
    """The places with their text, each once."""
    return tuple(Mark(start, end, text[start:end]) for start, end in dict.fromkeys(places))


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of the text, their ids from 1."""
    ordered = sorted(findings, key=lambda one: (one.start, CHECKS.index(one.check), one.verdict))
    return tuple(replace(one, id=number) for number, one in enumerate(ordered, 1))


def shown(value: Fraction, decimals: int = 2) -> str:
    """A number for a reader: rounded half up, without zeros at its end.

    >>> shown(Fraction(396, 625) * 100, 1), shown(Fraction(9000, 1)), shown(Fraction(-1, 3))
    ('63.4', '9000', '−0.33')
    """
    return show_number(round_exact(value, decimals), comma=False)
