"""The reader against whole documents with noise: figures, kinds, indicators, links, and nothing else."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kaohe.quantities import measure_of
from kaohe.reading.claims import Claim
from kaohe.reading.reader import read_text


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marked", Path(__file__).with_name("marked.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["marked"] = module
    spec.loader.exec_module(module)
    return module


DOCUMENTS = _load().documents()
DROPPED = str.maketrans("", "", '的了和、“”"的实现完成达到预计累计共新增')
LEAST = {"value": 0.995, "kind": 0.99, "indicator": 0.975, "links": 0.98}


def alike(first: str, second: str) -> bool:
    """Equal, one half or more of the other, or seven tenths of the characters in common."""
    first, second = first.translate(DROPPED), second.translate(DROPPED)
    short, long = sorted((first, second), key=len)
    if short and short in long and 2 * len(short) >= len(long):
        return True
    common = sum((Counter(first) & Counter(second)).values())
    return bool(first) and 2 * common >= 0.7 * (len(first) + len(second))


def based(values: tuple[Fraction, ...], measure: str) -> tuple[tuple[Fraction, ...], str]:
    known = measure_of(measure)
    return tuple(abs(Fraction(value) * known.multiplier) for value in values), known.plain


def matched(document: Any, claims: list[Claim]) -> dict[int, int]:
    """The place in the gold of each claim that overlaps one of its figures, value and measure alike."""
    found: dict[int, int] = {}
    for claim in claims:
        for at, gold in enumerate(document.figures):
            overlaps = claim.start < gold.end and gold.start < claim.end
            if overlaps and based(claim.numbers, claim.unit) == based(gold.values, gold.measure):
                found[claim.id] = at
    return found


def links(pairs: Any) -> set[tuple[int, int]]:
    return {(at, other) for at, other in pairs if at is not None and other is not None}


def counts() -> tuple[dict[str, tuple[int, int, int]], list[str]]:
    """For each measure how many were right, told and wanted; and the hits on what is no figure."""
    totals = {name: [0, 0, 0] for name in LEAST}
    hits: list[str] = []
    for document in DOCUMENTS:
        claims = read_text(document.text)
        at = matched(document, claims)
        optional = {place for place, gold in enumerate(document.figures) if gold.optional}
        wanted = len(document.figures) - len(optional)
        told = [claim for claim in claims if not _is_optional(document, claim)]
        right = [claim for claim in told if claim.id in at]
        golds = [document.figures[at[claim.id]] for claim in right]
        pairs = list(zip(right, golds, strict=True))
        hits += [
            f"{document.name}: {claim.text}"
            for claim in told
            if claim.id not in at and _on_negative(document, claim)
        ]
        kinds = sum(claim.kind == gold.kind for claim, gold in pairs)
        names = sum(alike(claim.indicator, gold.indicator) for claim, gold in pairs)
        for name, number in (("value", len(right)), ("kind", kinds), ("indicator", names)):
            totals[name] = [a + b for a, b in zip(totals[name], (number, len(told), wanted), strict=True)]
        said = links(
            (at.get(claim.id), at.get(claim.whole if claim.relation_to is None else claim.relation_to, None))
            for claim in told
        )  # fmt: skip
        gold_links = links(
            (place, gold.whole if gold.relation is None else gold.relation)
            for place, gold in enumerate(document.figures) if place not in optional
        )  # fmt: skip
        gold_links = {pair for pair in gold_links if pair[1] not in optional}
        numbers = (len(said & gold_links), len(said), len(gold_links))
        totals["links"] = [a + b for a, b in zip(totals["links"], numbers, strict=True)]
    return {name: (right, told, wanted) for name, (right, told, wanted) in totals.items()}, hits


def _is_optional(document: Any, claim: Claim) -> bool:
    overlapping = [gold for gold in document.figures if claim.start < gold.end and gold.start < claim.end]
    return bool(overlapping) and all(gold.optional for gold in overlapping)


def _on_negative(document: Any, claim: Claim) -> bool:
    return any(start < claim.end and claim.start < end for start, end, _ in document.negatives)


COUNTED, HITS = counts()


@pytest.mark.parametrize("measure", LEAST)
def test_shares(measure: str) -> None:
    right, told, wanted = COUNTED[measure]
    assert 2 * right / (told + wanted) >= LEAST[measure], (right, told, wanted)


def test_nothing_is_read_where_no_figure_stands() -> None:
    assert sum(len(document.negatives) for document in DOCUMENTS) > 150
    assert HITS == []
