"""A figure as a board shows it: its value, the decimals it was reported with, and its marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.quantities.rounding import round_exact

MINUS = "\u2212"
DEMO = "演示数据"
"""A source that begins so was made up for the demonstration."""

_COMMA_FROM = 10_000
_MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its marks, or ``words`` where there is none (未到期, 缺报, 目标未列).

    ``mark`` stands before it (≈ 推算, ≥ 不少于, 约), ``tail`` after it (余), ``estimated`` is 预计 or
    含预计, ``stated`` a rate taken from the document and not computed (原文), ``demo`` that it was made up.
    ``measure`` is told only where a column mixes measures. Neither value nor words: not applicable.

    >>> Figure(Fraction("597.46"), 2).text, Figure(Fraction(402), mark="≈").text, Figure().text
    ('597.46', '≈402', '—')
    """

    value: Fraction | None = None
    decimals: int = 0
    words: str = ""
    mark: str = ""
    tail: str = ""
    estimated: str = ""
    stated: bool = False
    demo: bool = False
    signed: bool = False
    measure: str = ""
    source: str = ""

    @property
    def present(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def number(self) -> str:
        """The number alone, without its marks; blank when there is none."""
        return "" if self.value is None else fixed(self.value, self.decimals, self.signed)

    @property
    def text(self) -> str:
        """The figure in a line of text; ``—`` when it is not applicable."""
        if self.value is None:
            return self.words or "—"
        return f"{self.mark}{self.number}{self.tail}"


@dataclass(frozen=True, slots=True)
class Span:
    """From a lowest to a highest value; a single one when both are the same, 未定 when not known.

    >>> Span(Fraction("78.41"), Fraction("94.1")).text(1), Span(Fraction(3), Fraction(3)).text(2)
    ('78.4—94.1', '3.00')
    """

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def known(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None

    @property
    def is_open(self) -> bool:
        """Whether the two ends differ, or are not known."""
        return not self.known or self.low != self.high

    def text(self, decimals: int) -> str:
        """Both ends with so many decimals."""
        if self.low is None or self.high is None:
            return "未定"
        if self.low == self.high:
            return fixed(self.low, decimals)
        return f"{fixed(self.low, decimals)}—{fixed(self.high, decimals)}"


def fixed(value: Fraction, decimals: int, signed: bool = False) -> str:
    """The number with so many decimals, comma from five digits on, U+2212 as its minus.

    >>> fixed(Fraction(12000), 0), fixed(Fraction("9361.5"), 1), fixed(Fraction("-9.3"), 1, signed=True)
    ('12,000', '9361.5', '−9.3')
    """
    rounded = round_exact(abs(value), decimals)
    whole, rest = divmod(rounded, 1)
    text = f"{int(whole):,}" if whole >= _COMMA_FROM else str(int(whole))
    if decimals > 0:
        text += "." + str(int(rest * 10**decimals)).rjust(decimals, "0")
    if value < 0 and rounded != 0:
        return MINUS + text
    return "+" + text if signed and rounded != 0 else text


def decimals_of(value: Fraction) -> int:
    """How many decimals write the value exactly, at most four.

    >>> decimals_of(Fraction("909.4")), decimals_of(Fraction(9)), decimals_of(Fraction(1, 3))
    (1, 0, 4)
    """
    fitting = (n for n in range(_MOST_DECIMALS) if (value * 10**n).denominator == 1)
    return next(fitting, _MOST_DECIMALS)


def computed_decimals(value: Fraction) -> int:
    """The decimals for a computed amount: three figures, and at least one decimal.

    >>> [fixed(v, computed_decimals(v)) for v in (Fraction(11, 12), Fraction("66.38"), Fraction("103.98"))]
    ['0.917', '66.4', '104.0']
    """
    digits = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return max(1, 3 - digits)


def is_demo(source: str) -> bool:
    """Whether a source says that the figure was made up for the demonstration.

    >>> is_demo("演示数据:零报告"), is_demo("speech.txt#char=469-475")
    (True, False)
    """
    return any(part.strip().startswith(DEMO) for part in source.split(";"))
