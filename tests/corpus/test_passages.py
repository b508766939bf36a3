"""The reader against our own passages: every figure, and how many of their kinds, indicators and links."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from kaohe.reading.claims import Claim
from kaohe.reading.reader import read_text


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_gold", Path(__file__).with_name("gold.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus_gold"] = module
    spec.loader.exec_module(module)
    return module


gold = _load()
PASSAGES = gold.passages()
DROPPED = str.maketrans("", "", "的了和、“”")


def alike(first: str, second: str) -> bool:
    """Equal, one half or more of the other, or seven tenths of the characters in common."""
    first, second = first.translate(DROPPED), second.translate(DROPPED)
    short, long = sorted((first, second), key=len)
    if short and short in long and 2 * len(short) >= len(long):
        return True
    common = sum((Counter(first) & Counter(second)).values())
    return bool(first) and 2 * common >= 0.7 * (len(first) + len(second))


def right_value(claim: Claim, figure: object) -> bool:
    values = tuple(Fraction(number) for number in claim.numbers)
    return values == figure.values and claim.unit == figure.measure  # type: ignore[attr-defined]


def test_there_are_enough_passages() -> None:
    assert len(PASSAGES) >= 60
    assert len({passage.name for passage in PASSAGES}) == len(PASSAGES)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.name)
def test_figures(passage: object) -> None:
    claims = read_text(passage.text)  # type: ignore[attr-defined]
    found = [(claim.text.replace("\n", ""), claim.start, claim.end) for claim in claims]
    figures = passage.figures  # type: ignore[attr-defined]
    spans = [(claim.start, claim.end) for claim in claims]
    assert spans == [(figure.start, figure.end) for figure in figures], found
    for claim, figure in zip(claims, figures, strict=True):
        assert right_value(claim, figure), (claim.text, claim.value, claim.unit)


def counted() -> dict[str, tuple[int, int, list[str]]]:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {"kind": [], "indicator": [], "links": []}
    for passage in PASSAGES:
        claims = read_text(passage.text)
        places = {(figure.start, figure.end): at for at, figure in enumerate(passage.figures)}
        at = {claim.id: places.get((claim.start, claim.end)) for claim in claims}
        for claim in claims:
            if at[claim.id] is None:
                continue
            figure = passage.figures[at[claim.id]]
            checks = {
                "kind": claim.kind == figure.kind,
                "indicator": alike(claim.indicator, figure.indicator),
            }
            links = {None if link is None else at[link] for link in (claim.relation_to, claim.whole)} - {None}
            wanted = {figure.relation, figure.whole} - {None}
            if links or wanted:
                checks["links"] = links == wanted
            for name, holds in checks.items():
                total[name] += 1
                right[name] += holds
                if not holds:
                    said = {"kind": claim.kind, "indicator": claim.indicator, "links": str(links)}[name]
                    wrong[name].append(f"{passage.name}: {claim.text} {said}")
    return {name: (right[name], total[name], wrong[name]) for name in total}


@pytest.mark.parametrize(("measure", "least"), [("kind", 0.97), ("indicator", 0.92), ("links", 0.92)])
def test_shares(measure: str, least: float) -> None:
    right, total, wrong = counted()[measure]
    assert right >= least * total, wrong
