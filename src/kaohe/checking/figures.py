"""Claims as intervals, with the questions that several checks ask of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

from kaohe.checking.findings import Place
from kaohe.checking.layout import Layout
from kaohe.checking.vocabulary import any_of
from kaohe.quantities import Interval, find_periods
from kaohe.reading.claims import Claim

_ABSOLUTE = frozenset({"amount", "count", "area", "quantity", "capacity"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A claim with the values, in its base unit, that it may stand for."""

    claim: Claim
    interval: Interval

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.claim.start, self.claim.end

    @property
    def id(self) -> int:
        """The id of its claim."""
        return self.claim.id

    @property
    def is_absolute(self) -> bool:
        """Whether it is an amount of something, not a ratio or a change."""
        return self.claim.kind in _ABSOLUTE

    @property
    def is_target(self) -> bool:
        """Whether it is a target."""
        return self.claim.role == "target"

    @property
    def middle(self) -> Fraction:
        """The printed value, in its base unit."""
        base = self.claim.base_value
        return Fraction(base[0] if isinstance(base, tuple) else base)


class Figures:
    """The figures of a document, in order, found by id and by the links between them."""

    def __init__(self, claims: Iterable[Claim], layout: Layout) -> None:
        self.layout = layout
        read = _changes_joined([claim for claim in claims if claim.kind != "structure"], layout.text)
        self.all = tuple(Figure(claim, _interval(claim)) for claim in read)
        self.structures = tuple(claim for claim in claims if claim.kind == "structure")
        self._by_id = {figure.id: figure for figure in self.all}

    def get(self, identifier: int | None) -> Figure | None:
        """The figure of an id."""
        return None if identifier is None else self._by_id.get(identifier)

    def of_kind(self, *kinds: str) -> Iterable[Figure]:
        """The figures of some kinds, in order."""
        return (figure for figure in self.all if figure.claim.kind in kinds)

    @cached_property
    def parts(self) -> dict[int, tuple[Figure, ...]]:
        """The components of each total, by its id."""
        found: dict[int, list[Figure]] = {}
        for figure in self.all:
            whole = self._total_of(figure)
            if whole and whole.id != figure.id and comparable(figure, whole):
                found.setdefault(whole.id, []).append(figure)
        return {whole: tuple(parts) for whole, parts in found.items()}

    def _total_of(self, figure: Figure) -> Figure | None:
        """Its linked total; within brackets the like figure right before them, where that is nearer."""
        total = self.get(figure.claim.part_of)
        around = self.layout.bracket(figure.claim.start) if total else None
        inner = self.before_bracket(figure, around) if around else None
        if total and inner and inner.claim.start > total.claim.start:
            return inner
        return self._nearer_total(figure, total) or total if total else None

    def _nearer_total(self, figure: Figure, total: Figure) -> Figure | None:
        """调入4人，现有390人，其中50人: a like figure behind a linked total that is below its part."""
        if figure.middle <= total.middle or not self.same_sentence(figure, total):
            return None
        between = self.between(total.claim.end, figure.claim.start)
        larger = [one for one in between if comparable(one, figure) and one.middle >= figure.middle]
        free = [one for one in larger if one.claim.part_of is None]
        return free[-1] if free else None

    def before_bracket(self, figure: Figure, around: Place) -> Figure | None:
        """The last figure of the same measure in the clauses right before the brackets around a figure."""
        before = self.between(max(0, around[0] - 40), around[0])
        like = [one for one in before if comparable(one, figure) and one.claim.end <= around[0]]
        return like[-1] if like and self.same_sentence(like[-1], before[-1]) else None

    @cached_property
    def about(self) -> dict[int, tuple[Figure, ...]]:
        """The ratios and changes that speak of each figure, by its id."""
        found: dict[int, list[Figure]] = {}
        for figure in self.all:
            if figure.claim.relation_to is not None:
                found.setdefault(figure.claim.relation_to, []).append(figure)
        return {about: tuple(ratios) for about, ratios in found.items()}

    def told_of(self, figure: Figure, kind: str) -> Figure | None:
        """The first ratio or change of a kind that speaks of a figure."""
        return next((one for one in self.about.get(figure.id, ()) if one.claim.kind == kind), None)

    def same_sentence(self, first: Figure, second: Figure) -> bool:
        """Whether both stand in one sentence."""
        return self.layout.sentence(first.claim.start) == self.layout.sentence(second.claim.start)

    def in_sentence(self, place: int) -> tuple[Figure, ...]:
        """The figures of the sentence that holds an offset."""
        return self._by_sentence.get(self.layout.sentence(place)[0], ())

    def in_paragraph(self, place: int) -> tuple[Figure, ...]:
        """The figures of the paragraph that holds an offset."""
        return self._by_paragraph.get(self.layout.paragraph_number(place), ())

    def around(self, figure: Figure, limit: int = 1500) -> tuple[Figure, ...]:
        """The figures of its paragraph that stand within so many characters of a figure."""
        start, end = self.layout.paragraph(figure.claim.start)
        place = figure.claim.start
        return self.between(max(start, place - limit) - 1, min(end, place + limit))

    def between(self, start: int, end: int) -> tuple[Figure, ...]:
        """The figures that begin after one offset and before another."""
        starts = self._starts
        return self.all[bisect_right(starts, start) : bisect_left(starts, end)]

    def is_free_target(self, figure: Figure) -> bool:
        """Whether it is a target that no completion names as its plan."""
        return figure.is_target and figure.id not in self._used

    def targets_in(self, unit: str) -> Iterable[Figure]:
        """The free targets of a base unit."""
        return self._targets.get(unit, ())

    @cached_property
    def _used(self) -> set[int | None]:
        return {figure.claim.whole for figure in self.all}

    @cached_property
    def _targets(self) -> dict[str, list[Figure]]:
        found: dict[str, list[Figure]] = {}
        for figure in filter(self.is_free_target, self.all):
            found.setdefault(figure.claim.base_unit, []).append(figure)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [figure.claim.start for figure in self.all]

    @cached_property
    def _by_paragraph(self) -> dict[int, tuple[Figure, ...]]:
        found: dict[int, list[Figure]] = {}
        for figure in self.all:
            found.setdefault(self.layout.paragraph_number(figure.claim.start), []).append(figure)
        return {number: tuple(figures) for number, figures in found.items()}

    @cached_property
    def _by_sentence(self) -> dict[int, tuple[Figure, ...]]:
        found: dict[int, list[Figure]] = {}
        for figure in self.all:
            found.setdefault(self.layout.sentence(figure.claim.start)[0], []).append(figure)
        return {start: tuple(figures) for start, figures in found.items()}


def _changes_joined(claims: list[Claim], text: str) -> list[Claim]:
    """比上年增加2.68万座、494.86万米: a figure joined to a change, without a noun of its own, is one too."""
    found: list[Claim] = []
    for claim in claims:
        before = found[-1] if found else None
        follows = before is not None and before.kind == "delta" and claim.kind in _ABSOLUTE
        if before and follows and text[before.end : claim.start].strip() in ("、", "和", "及"):
            claim = replace(claim, kind="delta", direction=before.direction, part_of=None)
        found.append(claim)
    return found


def _interval(claim: Claim) -> Interval:
    """What a claim may stand for; things counted one by one are exact, unless a round number hides it."""
    one_by_one = claim.kind == "count" and not claim.approx and claim.unit == claim.base_unit
    if one_by_one and len(claim.numbers) == 1 and claim.numbers[0] % 1000:
        return Interval.point(claim.sign * Fraction(claim.numbers[0]))
    return claim.base_interval


def comparable(first: Figure, second: Figure) -> bool:
    """Whether two figures are of one base unit and printed in the same sense (both actual, both targets)."""
    return first.claim.base_unit == second.claim.base_unit and first.is_absolute and second.is_absolute


@lru_cache(maxsize=20_000)
def core(indicator: str) -> str:
    """An indicator without the verbs and general words around it: 完成引进外资任务 → 外资.

    >>> core("引进外资的任务"), core("全镇财政总收入"), core("工业总产值")
    ('外资', '财政总收入', '工业总产值')
    """
    return _AROUND.sub("", _MONTHS.sub("", indicator))


def same_indicator(first: str, second: str) -> bool:
    """Whether two names may mean one indicator: equal, or one with only 总 or its qualifiers more."""
    return bool(bare(first)) and bare(first) == bare(second)


@lru_cache(maxsize=20_000)
def bare(indicator: str) -> str:
    """The core of an indicator without 总 and 经济: 工业经济总产值 may be said for 工业产值."""
    return _LOOSE.sub("", core(indicator))


def other_times(first: Figure, second: Figure) -> bool:
    """Whether two figures are certainly of different periods: other months, or one of them of last year."""
    one, other = first.claim, second.claim
    if one.months is not None and other.months is not None:
        return one.months != other.months
    return bool(_LAST_YEAR.search(one.period)) != bool(_LAST_YEAR.search(other.period))


def elapsed(figure: Figure) -> Fraction | None:
    """The share of its year that has passed by the end of its period; None when that is not printed."""
    claim = figure.claim
    months = claim.months
    if months is None:
        found = find_periods(claim.period, 2000) if claim.period else []
        months = found[0].period if len(found) == 1 and found[0].cumulative else None
    elif claim.cumulative is False:
        return None
    if months is None or months.first % 12 or months.months > 12:
        return None
    return Fraction(months.months, 12)


_MONTHS = re.compile(r"^[\d—\-至]*月份?")
_LOOSE = re.compile("总|经济|企业")
_AROUND = re.compile(any_of("around"))
_LAST_YEAR = re.compile(any_of("last_year"))
