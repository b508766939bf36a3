"""The numbers of sections and items: 一、 (一) 1、 ① 一是."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kaohe.quantities import read_number
from kaohe.reading.documents import Numbering

_CHINESE = "[一二三四五六七八九十百]{1,4}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽"
_IDEOGRAPH = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_ENCLOSED = {
    sign: value for signs in (_CIRCLED, _BRACKETED, _IDEOGRAPH) for value, sign in enumerate(signs, 1)
}
_PATTERNS: tuple[tuple[Numbering, str], ...] = (
    ("第一章", rf"第({_CHINESE}|\d{{1,2}})[章节篇]|第({_CHINESE})部分"),
    ("一、", rf"({_CHINESE})[、.]"),
    ("(一)", rf"[(（]({_CHINESE})[)）][、.]?|([{_IDEOGRAPH}])"),
    ("1.1", r"(\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.%])[、.\s]?(?=[^\x00-\x7f])(?!\s?[万亿百千个元吨亩公平])"),
    ("1、", r"(\d{1,2})(?:[、)）]|[.．](?!\d))"),
    ("(1)", rf"[(（](\d{{1,2}})[)）][、.]?|([{_BRACKETED}])"),
    ("①", rf"([{_CIRCLED}])"),
    ("第一", rf"第({_CHINESE})[,，:：、]"),
    ("一是", r"([一二三四五六七八九十]{1,2})(?:是|要(?!求|点|素|件|务|闻))"),
)
_MARKS = tuple((numbering, re.compile(rf"\s*(?:{pattern})")) for numbering, pattern in _PATTERNS)
_FIRST = re.compile(rf"\s*[第一二三四五六七八九十百(（\d{_CIRCLED}{_BRACKETED}{_IDEOGRAPH}]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a section at ``start`` to ``end`` of a line."""

    start: int
    end: int
    text: str
    numbering: Numbering
    ordinal: int


def mark_at(text: str, start: int = 0) -> Mark | None:
    """The number that begins at a place, blanks before it allowed.

    >>> mark_at("(三)农业"), mark_at("3.5万亩")
    (Mark(start=0, end=3, text='(三)', numbering='(一)', ordinal=3), None)
    """
    if not _FIRST.match(text, start):
        return None
    for numbering, pattern in _MARKS:
        match = pattern.match(text, start)
        if match:
            return _mark(numbering, match)
    return None


def begins_with_mark(line: str) -> bool:
    """Whether a line begins a numbered section or item."""
    return mark_at(line) is not None


def _mark(numbering: Numbering, match: re.Match[str]) -> Mark | None:
    number = next(group for group in match.groups() if group)
    try:
        ordinal = _ENCLOSED.get(number) or int(read_number(number.rsplit(".", 1)[-1]))
    except ValueError:
        return None
    text = match[0]
    start = match.end() - len(text.lstrip())
    return Mark(start, match.end(), text.strip(), numbering, ordinal)
