"""One cell of a table: its text, its value, and whether there is one at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

Value = Fraction | str

UNDEFINED = "无法计算"
"""The ``raw`` text of a missing cell that cannot be computed: a zero denominator, growth on a base ≤ 0."""

_PLAIN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]\d+")
_CODE = re.compile(r"0\d+")


class Presence(Enum):
    """Whether a figure is there; zero is a present value."""

    PRESENT = "present"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    NOT_DUE = "not_due"


PRESENCE_WORDS = {
    "不适用": Presence.NOT_APPLICABLE,
    "未到期": Presence.NOT_DUE,
    "未报": Presence.MISSING,
}
"""Words that a number column may hold instead of a number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its marks; ``value`` is ``None`` exactly when ``presence`` is not present.

    ``raw`` is the text as written, ``source`` where it was written, ``assurance`` who vouches for it
    (``draft``, ``submitted``, ``reviewed``, ``verified`` or blank).

    >>> Cell(Fraction(0), Presence.PRESENT).present
    True
    >>> Cell(None, Presence.PRESENT)
    Traceback (most recent call last):
        ...
    ValueError: 有数(present)的格必须有值,空值须写明原因
    """

    value: Value | None
    presence: Presence
    estimated: bool = False
    assurance: str = ""
    source: str = ""
    raw: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.presence is Presence.PRESENT):
            raise ValueError(
                "有数(present)的格必须有值,空值须写明原因"
                if self.value is None
                else f"{self.presence.value} 的格不得有值,实为“{self.value}”"
            )

    @property
    def present(self) -> bool:
        """Whether there is a value."""
        return self.presence is Presence.PRESENT

    @property
    def undefined(self) -> bool:
        """Whether the figure cannot be computed from facts that are there (a zero denominator)."""
        return self.value is None and self.raw == UNDEFINED

    @property
    def number(self) -> Fraction | None:
        """The value if it is a number, otherwise ``None``."""
        return self.value if isinstance(self.value, Fraction) else None


MISSING = Cell(None, Presence.MISSING)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure was written, by whom and when; blank when the facts do not say."""

    source: str = ""
    recorded_by: str = ""
    recorded_at: str = ""


Column = tuple[Cell, ...]
"""One cell for each unit of a data set, in the order of its units."""


def parse_number(text: str) -> Fraction | None:
    """The number that ``text`` writes as a plain decimal, or ``None``.

    Full-width digits, well-placed thousands commas, spaces, a typographic minus, a trailing per cent sign
    and the ``1e-05`` of spreadsheets are read; words and measures are not.

    >>> parse_number("1,234.50"), parse_number("12.5%"), parse_number("约12")
    (Fraction(2469, 2), Fraction(1, 8), None)
    """
    plain = _normalised(text)
    percent = plain.endswith("%")
    plain = plain[:-1] if percent else plain
    if _PLAIN.fullmatch(plain):
        number = _exact(plain.replace(",", ""))
    elif _SCIENTIFIC.fullmatch(plain):
        number = Fraction(plain)
    else:
        return None
    return number / 100 if percent else number


def is_code(text: str) -> bool:
    """Whether ``text`` is digits with a leading zero: a code such as 06001, not a number.

    >>> is_code("06001"), is_code("0"), is_code("0.5")
    (True, False, False)
    """
    return _CODE.fullmatch(text) is not None


def number_cell(text: str) -> Cell | None:
    """The cell of a number column, or ``None`` when ``text`` is neither a number nor a word of presence.

    >>> number_cell("不适用").presence
    <Presence.NOT_APPLICABLE: 'not_applicable'>
    """
    if not text:
        return MISSING
    number = parse_number(text)
    if number is not None:
        return Cell(number, Presence.PRESENT, raw=text)
    word = PRESENCE_WORDS.get(text)
    return None if word is None else Cell(None, word, raw=text)


def text_cell(text: str) -> Cell:
    """The cell of a text column: the text itself, missing when blank.

    >>> text_cell("甲镇").value
    '甲镇'
    """
    return Cell(text, Presence.PRESENT, raw=text) if text else MISSING


def _normalised(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")
    return text.replace(" ", "")


def _exact(plain: str) -> Fraction:
    # Fraction's own parser is a slow regular expression; a province has millions of cells.
    whole, point, decimals = plain.partition(".")
    if not point:
        return Fraction(int(whole))
    return Fraction(int(whole + decimals), 10 ** len(decimals))
