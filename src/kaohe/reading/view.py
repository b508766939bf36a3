"""A normalised view of a text: one width, no spaces inside words, wrapped lines joined; never the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.reading.marks import begins_with_mark

_WIDE = "，；：（）！？％．／～＋－＝＜＞＂０１２３４５６７８９"
_NARROW = ',;:()!?%./~+-=<>"0123456789'
_SAME = str.maketrans(_WIDE + "｡﹐﹑∶︰﹕﹔", _NARROW + "。,、:::;")
_BLANK = "[ \t\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff]"
# A single blank beside a Chinese character or a sign parts nothing; between two digits it may group them.
_LOOSE = re.compile(
    rf"(?<=[^\x00-\x7f]){_BLANK}(?!{_BLANK})|{_BLANK}(?=[^\x00-\x7f \t])|^{_BLANK}+|{_BLANK}+$"
    rf"|(?<=[,;:()、.%]){_BLANK}(?!{_BLANK})|{_BLANK}(?=[,;:()、.%])|[\u200b\ufeff\u00ad\r]",
    re.MULTILINE,
)
_CUT_POINT = re.compile(r"\d\.$")
_CUT_NUMBER = re.compile(r"\d[万亿千百]?$|\d个百?$")
_CUT_MEASURE = re.compile(r"[万亿元%‰亩吨]|个百分点|百?分点|公[里斤顷]|平方|立方|千瓦")
_ENDS = "。;:!?…”)》.|"
_CAPTION = re.compile(r"[图表]\s?[\d一二三四五六七八九十]{1,3}[\s:.\-—]")
_SHORTEST_WRAPPED = 15
_LONGEST_HEADING = 36


@dataclass(frozen=True, slots=True)
class View:
    """A text to be analysed, and for each of its characters the place in the source.

    ``places`` is None when nothing was left out.
    """

    text: str
    places: tuple[int, ...] | None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the source behind a range of the view that holds something.

        >>> view = normalised("增长 6. 5％")
        >>> view.text, view.source(2, 6)
        ('增长6.5%', (3, 8))
        """
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1

    def place(self, source: int) -> int:
        """The first place of the view at or behind a place of the source."""
        if self.places is None:
            return source
        low, high = 0, len(self.places)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.places[middle] < source else (low, middle)
        return low


def normalised(text: str) -> View:
    """The view of a source text."""
    plain = text.translate(_SAME)
    dropped = sorted({*_loose_blanks(plain), *_soft_breaks(plain)})
    if not dropped:
        return View(plain, None)
    kept: list[str] = []
    places: list[int] = []
    before = 0
    for place in [*dropped, len(plain)]:
        kept.append(plain[before:place])
        places.extend(range(before, place))
        before = place + 1
    return View("".join(kept), tuple(places))


def _loose_blanks(plain: str) -> Iterator[int]:
    for match in _LOOSE.finditer(plain):
        yield from range(match.start(), match.end())


def _soft_breaks(plain: str) -> Iterator[int]:
    """Line breaks inside a sentence: the line has no end sign, and the next begins no item."""
    end = plain.find("\n")
    start = 0
    while end >= 0:
        following = plain.find("\n", end + 1)
        line, after = plain[start:end], plain[end + 1 : following if following >= 0 else len(plain)]
        if _goes_on(line, after):
            yield end
        start, end = end + 1, following


def _goes_on(line: str, following: str) -> bool:
    if "\t" in line or "\t" in following:
        return False
    written = line.strip()
    if not following.strip():
        return False
    if written.endswith(".") and _CUT_POINT.search(written) and following[0].isdecimal():
        return True
    if _CUT_NUMBER.search(written) and _CUT_MEASURE.match(following):
        return True
    if len(written) < _SHORTEST_WRAPPED:
        return False
    if written[-1] in _ENDS or _CAPTION.match(written):
        return False
    if following[0].isspace() or begins_with_mark(following):
        return False
    return len(written) > _LONGEST_HEADING or not begins_with_mark(written)
