"""Where things stand in a text: paragraphs, sentences, clauses, and the numbers of its lists."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kaohe.checking.findings import Place
from kaohe.reading.documents import Document
from kaohe.reading.view import normalised

_SENTENCE = re.compile(r"[。；;！!？?]+[”’』」）)]*|\n")
_BLANKS = re.compile(r"\s+")
_BRACKET = re.compile(r"[（(]|[）)]|\n")
_CLAUSE = re.compile(r"[，,：:。；;！!？?\n]|(?<!\d)、")


@dataclass(frozen=True, slots=True)
class Label:
    """A number of a list: ``place`` is its text, ``family`` the way of numbering, ``number`` its value."""

    place: Place
    family: str
    number: int
    at_line_start: bool
    paragraph: int


class Layout:
    """A document cut into paragraphs, sentences and clauses, each asked for by an offset in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        lines = [(paragraph.start, paragraph.end) for paragraph in document.paragraphs]
        self.paragraphs: tuple[Place, ...] = tuple(_rejoined(self.text, lines or list(_lines(self.text))))
        self._starts = [start for start, _ in self.paragraphs]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        inner = {end for start, end in self.paragraphs if "\n" in self.text[start:end]}
        whole = bool(inner)
        return [cut.end() for cut in _SENTENCE.finditer(self.text) if not (whole and self._wrapped(cut))]

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [cut.end() for cut in _CLAUSE.finditer(self.text) if not self._wrapped(cut)]

    def _wrapped(self, cut: re.Match[str]) -> bool:
        """A line break inside a paragraph ends no sentence."""
        if cut[0] != "\n":
            return False
        start, end = self.paragraph(cut.start())
        return start < cut.start() < end

    def paragraph_number(self, place: int) -> int:
        """The index of the paragraph that holds an offset, or of the last one before it."""
        return max(0, bisect_right(self._starts, place) - 1)

    def paragraph(self, place: int) -> Place:
        """The paragraph that holds an offset."""
        return self.paragraphs[self.paragraph_number(place)] if self.paragraphs else (0, len(self.text))

    def sentence(self, place: int) -> Place:
        """The sentence, up to and with its 。；！ or ？, that holds an offset."""
        return self._between(self._sentence_ends, place)

    def clause(self, place: int) -> Place:
        """The clause, up to and with its mark, that holds an offset."""
        return self._between(self._clause_ends, place)

    def before(self, place: int, limit: int = 40) -> str:
        """The text of the sentence before an offset, at most ``limit`` characters, without its blanks."""
        return _unbroken(self.text[max(self.sentence(place)[0], place - limit) : place])

    def after(self, place: int, limit: int = 40) -> str:
        """The text of the sentence from an offset on, at most ``limit`` characters, without its blanks."""
        end = self.sentence(max(0, place - 1))[1]
        return _unbroken(self.text[place : min(end, place + limit)])

    def lead(self, place: int) -> str:
        """The text of the clause before an offset, without its blanks."""
        return _unbroken(self.text[self.clause(place)[0] : place])

    def words(self, start: int, end: int) -> str:
        """The text between two offsets without its blanks, but with a line break between paragraphs."""
        if self.paragraph_number(start) == self.paragraph_number(max(start, end - 1)):
            return _unbroken(self.text[start:end])
        numbers = range(self.paragraph_number(start), self.paragraph_number(end - 1) + 1)
        pieces = [(max(start, self.paragraphs[at][0]), min(end, self.paragraphs[at][1])) for at in numbers]
        return "\n".join(_unbroken(self.text[first:last]) for first, last in pieces)

    def _between(self, ends: list[int], place: int) -> Place:
        at = bisect_right(ends, place)
        start = ends[at - 1] if at else 0
        return start, ends[at] if at < len(ends) else len(self.text)

    def bracket(self, place: int) -> Place | None:
        """The innermost brackets, with what they hold, around an offset; within one paragraph."""
        at = bisect_right(self._brackets, place, key=lambda span: span[0]) - 1
        # Brackets nest two or three deep at most, so the one around a place is among the last few.
        for start, end in reversed(self._brackets[max(0, at - 3) : at + 1]):
            if start < place < end:
                return start, end
        return None

    @cached_property
    def _brackets(self) -> list[Place]:
        found: list[Place] = []
        opened: list[int] = []
        for match in _BRACKET.finditer(self.text):
            if match[0] in "（(":
                opened.append(match.start())
            elif opened and match[0] in "）)" and self.paragraph(opened[-1]) == self.paragraph(match.start()):
                found.append((opened.pop(), match.end()))
            elif match[0] == "\n" and opened and self.paragraph(opened[-1])[1] <= match.start():
                opened.clear()
        return sorted(found)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The numbers of lists, in order, those of boilerplate left out."""
        found = _labels(self.text, self)
        return tuple(label for label in found if not self.document.is_boilerplate(label.place[0]))

    def label_before(self, place: int) -> Label | None:
        """The last number of a list before an offset."""
        at = bisect_right(self.labels, place, key=lambda label: label.place[0])
        return self.labels[at - 1] if at else None

    @cached_property
    def body(self) -> str:
        """The text with the boilerplate blanked, at the same offsets."""
        kept, at = [], 0
        for span in sorted(self.document.boilerplate, key=lambda span: span.start):
            kept += [self.text[at : span.start], "\n" * (span.end - max(at, span.start))]
            at = max(at, span.end)
        return "".join(kept) + self.text[at:]


def _unbroken(text: str) -> str:
    """A text without the spaces and line breaks that stand inside its words and numbers."""
    return _BLANKS.sub("", text)


def _rejoined(text: str, lines: list[Place]) -> Iterator[Place]:
    """Lines as paragraphs; those that a line break cut inside a sentence are one."""
    soft = _soft_breaks(text)
    start, end = lines[0] if lines else (0, 0)
    for first, last in lines[1:]:
        breaks = [at for at in range(end, first) if text[at] == "\n"]
        if len(breaks) == 1 and breaks[0] in soft:
            end = last
        else:
            yield start, end
            start, end = first, last
    if lines:
        yield start, end


def _soft_breaks(text: str) -> frozenset[int]:
    """The line breaks that the reader takes out: the page's width made them, not the author."""
    places = normalised(text).places
    if places is None:
        return frozenset()
    kept = set(places)
    return frozenset(match.start() for match in re.finditer("\n", text) if match.start() not in kept)


def _lines(text: str) -> Iterator[Place]:
    for line in re.finditer(r"[^\n]+", text):
        yield line.start(), line.end()


_DIGIT = {word: number for number, word in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0}
_CIRCLED = {chr(0x2460 + number): number + 1 for number in range(20)}
_HAN = r"[一二三四五六七八九十]{1,3}"
_AT_LINE = re.compile(
    rf"^[ \t　]*(?:(?P<han>{_HAN})\s?[、.．](?![一二三四五六七八九十])|[（(]\s?(?P<parhan>{_HAN})\s?[）)]"
    r"|(?P<arabic>\d{1,2})\s?[、.．](?!\s?\d)|[（(]\s?(?P<pararabic>\d{1,2})\s?[）)]"
    rf"|(?P<circled>[①-⑳])|第(?P<part>{_HAN})(?P<noun>章|节|部分|条)(?=[ \t　、：:，,]))",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"(?:(?<=[。；;：:，,！!？?\n　 ”）)])|(?<![\s\S]))"
    rf"(?:(?P<is>{_HAN})(?:是|要)(?![不非否素件点求])|第(?P<th>{_HAN})[，,、是]"
    rf"|(?P<circled>[①-⑳])|[（(](?P<parhan>{_HAN})[）)]|[（(](?P<pararabic>\d{{1,2}})[）)])"
)
_FAMILIES = {
    "han": "一、", "parhan": "(一)", "arabic": "1、", "pararabic": "(1)", "circled": "①", "part": "第一",
    "is": "一是", "th": "第一,",
}  # fmt: skip


def han_number(written: str) -> int:
    """The value of a short Chinese or Arabic number; 0 when it is none.

    >>> [han_number(text) for text in ("四", "十", "十二", "二十", "二十三", "7", "两")]
    [4, 10, 12, 20, 23, 7, 2]
    """
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return _DIGIT.get(written, 0)
    return (_DIGIT.get(tens, 0) if tens else 1) * 10 + (_DIGIT.get(ones, 0) if ones else 0)


def _labels(text: str, layout: Layout) -> list[Label]:
    at_line = {match.end(): match for match in _AT_LINE.finditer(text)}
    found = [_label(match, True, layout) for match in at_line.values()]
    taken = {label.place[0] for label in found}
    inline = [_label(match, False, layout) for match in _INLINE.finditer(text)]
    found += [label for label in inline if label.place[0] not in taken]
    return sorted((label for label in found if label.number), key=lambda label: label.place)


def _label(match: re.Match[str], at_line_start: bool, layout: Layout) -> Label:
    kind = next(name for name, value in match.groupdict().items() if value and name != "noun")
    written = match[kind]
    number = _CIRCLED.get(written) or han_number(written)
    family = _FAMILIES[kind] + (match["noun"] if kind == "part" else "")
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Label((start, match.end()), family, number, at_line_start, layout.paragraph_number(start))
