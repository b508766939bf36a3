"""How a stated figure and a computed interval become a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from kaohe.checking.figures import Figure, Figures
from kaohe.checking.findings import Finding, Place, Severity, Verdict, marks_of, shown
from kaohe.quantities import Interval, measure_of


def doubled(interval: Interval) -> Interval:
    """Twice as wide about the same middle; open ends stay open.

    >>> doubled(Interval(Fraction(1), Fraction(3)))
    Interval(low=Fraction(0, 1), high=Fraction(4, 1))
    """
    if interval.low is None or interval.high is None:
        return interval
    half = (interval.high - interval.low) / 2
    return Interval(interval.low - half, interval.high + half)


def verdict(stated: Interval, computed: Interval) -> Verdict:
    """holds when they meet, fails when they do not meet even at twice their width, else unsure.

    Offices cut decimals off as well as round them, so a miss by less than the joint rounding proves nothing.

    >>> point = Interval.point
    >>> verdict(Interval(Fraction(1), Fraction(3)), point(3)), verdict(point(1), point(2))
    ('holds', 'fails')
    >>> verdict(Interval(Fraction(1), Fraction(3)), Interval(Fraction(7, 2), Fraction(9, 2)))
    'unsure'
    """
    if stated.meets(computed):
        return "holds"
    return "unsure" if doubled(stated).meets(doubled(computed)) else "fails"


class Judge:
    """Makes findings of one document: knows its text and its figures."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.layout = figures.layout
        self.text = figures.layout.text

    def finding(
        self, check: str, judged: Verdict, severity: Severity, key: str, places: Iterable[Place],
        values: Mapping[str, str] | None = None, stated: str = "", computed: Interval | None = None,
        measure: str = "",
    ) -> Finding:  # fmt: skip
        """A finding at some places; its message is ``check.key``, with the first place as ``text``."""
        marks = marks_of(self.text, places)
        filled = {"text": marks[0].text if marks else "", **(values or {})}
        return Finding(check, judged, severity, f"{check}.{key}", marks, filled, stated, computed, measure)

    def fails(self, check: str, key: str, places: Iterable[Place], *told: Any) -> Finding:
        """A warning: what is printed cannot be right."""
        return self.finding(check, "fails", "warning", key, places, *told)

    def asks(self, check: str, key: str, places: Iterable[Place], *told: Any) -> Finding:
        """A question: what is printed may be wrong, or meant differently."""
        return self.finding(check, "unsure", "question", key, places, *told)

    def holds(self, check: str, key: str, places: Iterable[Place], *told: Any) -> Finding:
        """What is printed agrees with what follows from it."""
        return self.finding(check, "holds", "info", key, places, *told)

    def compared(
        self, check: str, key: str, stated: Figure, computed: Interval, others: Iterable[Figure],
        values: dict[str, str], worst: Severity = "error",
    ) -> Finding:  # fmt: skip
        """The stated figure against what follows from the others, its interval shown in its own measure."""
        judged = verdict(stated.interval, computed)
        printed = in_unit(computed, stated.claim.unit)
        figures = (stated, *others)
        return self.judged(check, key, judged, figures, values, printed, stated.claim.unit, worst)

    def judged(
        self, check: str, key: str, judged: Verdict, figures: Iterable[Figure], values: dict[str, str],
        printed: Interval, measure: str, worst: Severity = "error",
    ) -> Finding:  # fmt: skip
        """A judgement on figures, the doubted one first, with what it should be in its measure."""
        first, *others = figures
        places = [first.place, *(other.place for other in others)]
        shown_values = {"stated": first.claim.text, "computed": range_text(printed, measure)} | values
        severity: Severity = worst if judged == "fails" else "info"
        return self.finding(
            check,
            judged,
            severity,
            f"{key}.{judged}",
            places,
            shown_values,
            first.claim.text,
            printed,
            measure,
        )


def in_unit(interval: Interval, measure: str) -> Interval:
    """An interval of base values in a measure as printed: 0.634 → 63.4 for %."""
    return interval * (1 / measure_of(measure).multiplier if measure else Fraction(1))


def range_text(interval: Interval, measure: str) -> str:
    """An interval for a reader: 63.2—63.5%.

    >>> range_text(Interval(Fraction("63.23"), Fraction("63.5")), "%"), range_text(Interval.at_least(3), "亩")
    ('63.23—63.5%', '3亩以上')
    """
    if interval.low is None and interval.high is None:
        return "?"
    if interval.high is None:
        return f"{shown(interval.low or Fraction(0))}{measure}以上"
    if interval.low is None:
        return f"{shown(interval.high)}{measure}以下"
    low, high = shown(interval.low), shown(interval.high)
    return f"{low}{measure}" if low == high else f"{low}—{high}{measure}"


def value_text(value: Fraction, measure: str, decimals: int = 1) -> str:
    """A base value in a measure, with it: 909.4万元."""
    return shown(value / measure_of(measure).multiplier, decimals) + measure


def positive(interval: Interval) -> bool:
    """Whether every value is above zero."""
    return interval.low is not None and interval.low > 0


def divided(judge: Judge, check: str, ratio: Figure, part: Figure, whole: Figure, worst: Severity) -> Finding:
    """A ratio against part ÷ whole, which must not be zero."""
    computed = part.interval / whole.interval
    assert computed is not None
    values = _told_of_quotient(ratio, part, whole)
    return judge.compared(check, "quotient", ratio, computed, (part, whole), values, worst)


def doubted(judge: Judge, check: str, ratio: Figure, part: Figure, whole: Figure, _: Severity) -> Finding:
    """The same as a question, where part or whole may be meant otherwise."""
    computed = part.interval / whole.interval
    assert computed is not None
    unit, shown_in = ratio.claim.unit, in_unit(computed, ratio.claim.unit)
    values = _told_of_quotient(ratio, part, whole)
    values |= {"stated": ratio.claim.text, "computed": range_text(shown_in, unit)}
    places = [ratio.place, part.place, whole.place]
    return judge.asks(check, "quotient.unsure", places, values, ratio.claim.text, shown_in, unit)


def _told_of_quotient(ratio: Figure, part: Figure, whole: Figure) -> dict[str, str]:
    """What a message says of a quotient: its figures, its value, and the whole that the ratio implies."""
    implied = value_text(part.middle / ratio.middle, whole.claim.unit, 2) if ratio.middle else "?"
    value = value_text(part.middle / whole.middle, ratio.claim.unit, 1)
    return {"part": part.claim.text, "whole": whole.claim.text, "value": value, "base": implied}
