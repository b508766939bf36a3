"""Units of measure: a table of data, conversion within a dimension, and compounds such as 元/月."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from math import prod
from typing import Literal, get_args

Kind = Literal["discrete", "continuous"]
# What may stand before a measure in a running text: any numeral, only a plain count of two or more,
# only Arabic digits (方, 度 and 里 begin too many words), a length of time, or nothing (千伏 names a line).
After = Literal["any", "count", "digits", "duration", "no"]
_AFTER: dict[str, After] = {word: word for word in get_args(After)}
PREFIXES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100,
}  # fmt: skip
_SAME = str.maketrans("％／．萬億圆０１２３", "%/.万亿元0123")
_PREFIX_STARTS = frozenset(prefix[0] for prefix in PREFIXES)
_PER = re.compile(r"[/·•]")
_SPACE = re.compile(r"\s+")


class MeasureError(ValueError):
    """Two measures that cannot be converted into each other."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure: ``factor`` of it make one base measure of its ``dimension``.

    ``multiplier`` and ``plain`` split a prefix off: 亿元 is 10^8 × 元, % is 1/100 × 1.
    """

    name: str
    dimension: str
    factor: Fraction
    kind: Kind
    multiplier: Fraction = Fraction(1)
    plain: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of ``measures.csv``: a measure, the numerals that it may follow in a text, and the characters
    that make another word of it when they come next (元旦, 部署)."""

    measure: Measure
    after: After
    not_before: str = ""


@lru_cache(maxsize=1)
def known_measures() -> dict[str, Entry]:
    """The table of measures by name, as ``measures.csv`` lists them (without prefixes).

    >>> len(known_measures()) > 150, known_measures()["亩"].measure.factor
    (True, Fraction(2000, 3))
    """
    table = files("kaohe.quantities").joinpath("measures.csv").read_text(encoding="utf-8")
    return {row["measure"]: _entry(row) for row in csv.DictReader(table.splitlines())}


@lru_cache(maxsize=4096)
def measure_of(text: str) -> Measure:
    """The measure that a text names; an unknown one is its own dimension with factor 1.

    Spaces and full-width signs do not matter, and 百, 千, 万, 亿 … may stand before any measure.

    >>> measure_of("万 元").factor, measure_of("％").dimension, measure_of("元/月").dimension
    (Fraction(10000, 1), 'ratio', 'money/month')
    >>> measure_of("筐").dimension, measure_of("").dimension
    ('筐', 'number')
    """
    name = _SPACE.sub("", text).translate(_SAME)
    above, slash, below = name.partition("/")
    if slash and above and below:
        return _per(name, _simple(above), [_simple(part) for part in _PER.split(below)])
    return _simple(name)


def convert(value: Fraction | Decimal, source: str, target: str) -> Fraction:
    """``value`` of the measure ``source`` in the measure ``target``, exactly.

    Raises ``MeasureError`` when the two are of different dimensions; currencies are never converted.

    >>> convert(Fraction("6.25"), "亿元", "万元"), convert(Fraction(50), "元/月·人", "元/人·年")
    (Fraction(62500, 1), Fraction(600, 1))
    >>> convert(Fraction(1), "万元", "亩")
    Traceback (most recent call last):
    kaohe.quantities.measures.MeasureError: 万元 与 亩 不能换算
    """
    if not comparable(source, target):
        raise MeasureError(f"{source} 与 {target} 不能换算")
    return Fraction(value) * measure_of(source).factor / measure_of(target).factor


def comparable(first: str, second: str) -> bool:
    """Whether two measures are of one dimension.

    >>> comparable("公顷", "万亩"), comparable("万元", "万美元"), comparable("人", "人次")
    (True, False, False)
    """
    return measure_of(first).dimension == measure_of(second).dimension


def _entry(row: dict[str, str]) -> Entry:
    name, factor = row["measure"], Fraction(row["factor"])
    kind: Kind = "discrete" if row["kind"] == "discrete" else "continuous"
    ratio = row["dimension"] == "ratio"
    multiplier, plain = (factor, "1") if ratio else (Fraction(1), name)
    measure = Measure(name, row["dimension"], factor, kind, multiplier, plain)
    return Entry(measure, _AFTER[row["after"]], row["not_before"])


def _simple(name: str) -> Measure:
    known = known_measures().get(name)
    if known:
        return known.measure
    if name.startswith("个") and name[1:2] in _PREFIX_STARTS:
        return _simple(name[1:])
    for prefix, size in PREFIXES.items():
        if name.startswith(prefix):
            return _prefixed(name, _simple(name.removeprefix(prefix)), size)
    return Measure(name, name or "number", Fraction(1), "continuous", plain=name)


def _prefixed(name: str, measure: Measure, size: int) -> Measure:
    return Measure(
        name, measure.dimension, measure.factor * size, measure.kind, measure.multiplier * size, measure.plain
    )


def _per(name: str, above: Measure, below: list[Measure]) -> Measure:
    """元/人·月: a measure by parts; the order of what stands below does not matter."""
    dimension = "·".join(sorted(part.dimension for part in below))
    factor = above.factor / prod(part.factor for part in below)
    plain = f"{above.plain}/" + "·".join(part.name for part in below)
    return Measure(name, f"{above.dimension}/{dimension}", factor, "continuous", above.multiplier, plain)
