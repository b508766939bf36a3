"""Figures of whole documents that carry a gold link, broken beyond twice their joint rounding, are found.

A relation is taken only where the gold links give it and its printed figures hold: a ratio with its amount
and its whole, an increase and a growth of one amount.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from kaohe.checking import check_text
from kaohe.quantities import Interval, measure_of, printed_interval, round_exact


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marked_links", Path(__file__).with_name("marked.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["marked_links"] = module
    spec.loader.exec_module(module)
    return module


DOCUMENTS = _load().documents()
Document = Any
Gold = Any
NUMBER = re.compile(r"\d[\d,， ]*(?:\.\d+)?")
FACTORS = (Fraction(6, 5), Fraction(7, 8))
Formula = Callable[[Sequence[Fraction]], Fraction]


@dataclass(frozen=True, slots=True)
class Relation:
    """The places of its figures in the document's list; ``formula`` of all but the last gives the last."""

    members: tuple[int, ...]
    formula: Formula


def quotient(values: Sequence[Fraction]) -> Fraction:
    return values[0] / values[1]


def growth(values: Sequence[Fraction]) -> Fraction:
    return values[1] / (values[0] - values[1])


def relations(document: Document) -> Iterator[Relation]:
    figures = document.figures
    for at, figure in enumerate(figures):
        if figure.relation is None or len(figure.values) > 1:
            continue
        if figure.kind in ("share", "completion", "rate") and figure.whole is not None:
            yield Relation((figure.relation, figure.whole, at), quotient)
        if figure.kind == "growth":
            about = figure.relation
            deltas = [n for n, one in enumerate(figures) if one.kind == "delta" and one.relation == about]
            yield from (Relation((about, delta, at), growth) for delta in deltas[:1])


def printed(text: str, gold: Gold) -> str:
    match = NUMBER.search(text, gold.start, gold.end)
    return re.sub("[,， ]", "", match[0]) if match else ""


def interval(gold: Gold, number: str) -> Interval:
    decimals = len(number.partition(".")[2])
    return printed_interval(Fraction(number), decimals) * measure_of(gold.measure).multiplier


def reached(relation: Relation, intervals: Sequence[Interval]) -> Interval | None:
    ends = [(one.low, one.high) for one in intervals[:-1]]
    try:
        values = [relation.formula(corner) for corner in product(*ends)]  # type: ignore[arg-type]
    except ZeroDivisionError:
        return None
    return Interval(min(values), max(values))


def gap(first: Interval, second: Interval) -> Fraction:
    """How far two intervals are apart, less twice their joint rounding."""
    ends = [(one.low or Fraction(0), one.high or Fraction(0)) for one in (first, second)]
    middles = [(low + high) / 2 for low, high in ends]
    return abs(middles[0] - middles[1]) - sum(high - low for low, high in ends)


def broken(document: Document, relation: Relation) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The text with one of the figures changed, and where the figures of the relation then stand."""
    golds = [document.figures[at] for at in relation.members]
    numbers = [printed(document.text, gold) for gold in golds]
    known = all(numbers) and all(gold.measure for gold in golds)
    intervals = [interval(*pair) for pair in zip(golds, numbers, strict=True)] if known else []
    computed = reached(relation, intervals) if known else None
    if computed is None or not computed.meets(interval(golds[-1], numbers[-1])):
        return
    for place, factor in product(range(len(golds)), FACTORS):
        decimals = len(numbers[place].partition(".")[2])
        new = f"{float(round_exact(Fraction(numbers[place]) * factor, decimals)):.{decimals}f}"
        changed = [*numbers[:place], new, *numbers[place + 1 :]]
        intervals = [interval(*pair) for pair in zip(golds, changed, strict=True)]
        again = reached(relation, intervals)
        if again is not None and gap(again, intervals[-1]) > 0:
            yield _written(document.text, golds, place, new)


def _written(text: str, golds: Sequence[Gold], place: int, new: str) -> tuple[str, list[tuple[int, int]]]:
    match = NUMBER.search(text, golds[place].start, golds[place].end)
    assert match is not None
    start, end = match.start(), match.start() + len(match[0].rstrip())
    shift = len(new) - (end - start)
    moved = [
        (gold.start + shift * (gold.start > start), gold.end + shift * (gold.end > start)) for gold in golds
    ]
    return text[:start] + new + text[end:], moved


def doubted(text: str) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (one.check, one.key, tuple(mark.text for mark in one.marks))
        for one in check_text(text).findings
        if one.verdict != "holds"
    }


def found(text: str, spans: Sequence[tuple[int, int]], before: set[tuple[str, str, tuple[str, ...]]]) -> bool:
    for one in check_text(text).findings:
        new = (one.check, one.key, tuple(mark.text for mark in one.marks)) not in before
        named = any(mark.start < end and start < mark.end for mark in one.marks for start, end in spans)
        if one.verdict != "holds" and one.severity != "info" and new and named:
            return True
    return False


def test_most_broken_links_are_found() -> None:
    caught, missed = 0, []
    for document in DOCUMENTS:
        before = doubted(document.text)
        for relation in relations(document):
            for text, spans in broken(document, relation):
                if found(text, spans, before):
                    caught += 1
                else:
                    missed.append((document.name, [text[start:end] for start, end in spans]))
    assert caught >= Fraction(95, 100) * (caught + len(missed)) and caught > 60, (caught, missed)
