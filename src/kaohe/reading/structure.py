"""The structure of a plain text: paragraphs, title, numbered sections, boilerplate, several documents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kaohe.reading.documents import Document, Paragraph, Section, Span, Table
from kaohe.reading.lexicon import any_of, pattern
from kaohe.reading.marks import Mark, mark_at
from kaohe.reading.tabbed import tabbed_tables

_SENTENCE_END = re.compile(r"[。；;！!？?：:\n]")
_FIRST_END = re.compile(r"[。；;\n]")
_INLINE = re.compile(
    r"(?<=[。；;：:，,])\s*(?=[一二三四五六七八九十]{1,2}(?:是|要(?!求|点))|[①-⑳]|[(（]\d{1,2}[)）]"
    r"|第[一二三四五六七八九十][,，:：])"
)
_TITLE_END = re.compile(
    f"{any_of('title')}(?:提纲|稿|范文|材料)?(?:[(（]?[一二三四五六七八九十\\d]{{1,3}}[)）]?)?$"
)
_LONGEST_TITLE = 60
_LONGEST_PREAMBLE = 12
_LONGEST_HEADING = 50


def structured(
    text: str,
    *,
    source: str = "",
    form: str = "txt",
    paragraphs: Sequence[Paragraph] = (),
    tables: Sequence[Table] = (),
    boilerplate: Sequence[Span] = (),
) -> Document:
    """A document from its text and what its format already told of it."""
    lines = tuple(paragraphs) or tuple(paragraphs_of(text))
    tables = tables or (tuple(tabbed_tables(text)) if form == "txt" else ())
    known = {span.start for span in boilerplate}
    found = [span for span in _boilerplate(text, lines) if span.start not in known]
    apart = tuple(sorted([*boilerplate, *found], key=lambda span: span.start))
    left_out = {span.start for span in apart}
    body = [line for line in lines if line.start not in left_out]
    sections = tuple(sections_of(text, [line for line in body if not _in_table(line, tables)]))
    parts = tuple(_parts(text, body, sections))
    document = Document(text, source, form, _title(text, body), lines, sections, tuple(tables), apart, parts)
    return replace(document, paragraphs=tuple(_placed(lines, sections)))


def paragraphs_of(text: str) -> Iterator[Paragraph]:
    """The lines of a text that hold something."""
    start = 0
    for line in text.splitlines(keepends=True):
        written = line.rstrip()
        if written.strip():
            lead = len(written) - len(written.lstrip())
            yield Paragraph(start + lead, start + len(written))
        start += len(line)


def _in_table(line: Paragraph, tables: Sequence[Table]) -> bool:
    at = bisect_right(tables, line.start, key=lambda table: table.start) - 1
    return at >= 0 and line.start < tables[at].end


def _placed(lines: Sequence[Paragraph], sections: Sequence[Section]) -> Iterator[Paragraph]:
    """Each paragraph with the innermost section that holds its start."""
    open_sections: list[int] = []
    following = 0
    for line in lines:
        while following < len(sections) and sections[following].start <= line.start:
            open_sections.append(following)
            following += 1
        open_sections = [index for index in open_sections if sections[index].end > line.start]
        inner = [index for index in open_sections if not sections[index].inline] or open_sections
        yield replace(line, section=inner[-1] if inner else None)


def _title(text: str, body: Sequence[Paragraph]) -> Span | None:
    """The first short line that ends no sentence; a line that names a kind of document is preferred."""
    first = [line for line in body[:6] if line.end - line.start <= _LONGEST_TITLE]
    bare = [line for line in first if not _SENTENCE_END.search(text, line.start, line.end)]
    bare = [line for line in bare if mark_at(text, line.start) is None]
    named = [line for line in bare if pattern("title").search(text, line.start, line.end)]
    for line in named or bare:
        return Span(line.start, line.end, "title")
    return None


def _parts(text: str, body: Sequence[Paragraph], sections: Sequence[Section]) -> Iterator[int]:
    """Where each document of the page starts: a title of its own, and the numbering begins anew behind it."""
    yield 0
    starts = [line.start for line in body]
    before = [section for section in sections if not section.inline]
    for at, line in enumerate(body[3:], 3):
        if not _is_title(text, line):
            continue
        behind = next((section for section in before if section.start > line.start), None)
        ahead = any(section.start < line.start for section in before)
        near = behind is not None and bisect_left(starts, behind.start) - at <= _LONGEST_PREAMBLE
        if ahead and near and behind is not None and behind.ordinal == 1 and behind.level == 1:
            yield line.start


def _is_title(text: str, line: Paragraph) -> bool:
    written = text[line.start : line.end]
    if len(written) > 40 or _SENTENCE_END.search(written) or mark_at(written):
        return False
    return bool(_TITLE_END.search(written))


def _boilerplate(text: str, lines: Sequence[Paragraph]) -> Iterator[Span]:
    """Whole lines that a site added, and copyright notes inside a line."""
    whole, inside = pattern("boilerplate_line"), pattern("boilerplate_note")
    for line in lines:
        if line.end - line.start <= 120 and whole.search(text[line.start : line.end]):
            yield Span(line.start, line.end, "boilerplate")
            continue
        for match in inside.finditer(text, line.start, line.end):
            yield Span(match.start(), match.end(), "boilerplate")


def sections_of(text: str, lines: Sequence[Paragraph]) -> Iterator[Section]:
    """The numbered sections in order; the level of a numbering is where it first appeared."""
    marks = sorted(_marks(text, lines), key=lambda found: found[0].start)
    levels = _Levels()
    opened = [(mark, inline, levels.of(mark)) for mark, inline in marks]
    last = lines[-1].end if lines else 0
    ends = _ends([(mark.start, level) for mark, _, level in opened], last)
    above: list[int] = []
    for index, (mark, inline, level) in enumerate(opened):
        while above and opened[above[-1]][2] >= level:
            above.pop()
        title_end = _heading_end(text, mark.end, inline)
        yield Section(
            mark.start, ends[index], mark.text, mark.numbering, mark.ordinal, level,
            mark.end, title_end, above[-1] if above else None, inline,
        )  # fmt: skip
        above.append(index)


def _ends(opened: Sequence[tuple[int, int]], last: int) -> list[int]:
    """Where each section ends: at the next of its level or a higher one."""
    ends = [last] * len(opened)
    waiting: list[int] = []
    for index, (start, level) in enumerate(opened):
        while waiting and opened[waiting[-1]][1] >= level:
            ends[waiting.pop()] = start
        waiting.append(index)
    return ends


class _Levels:
    """The stack of numberings that are open: 一、 over 1、 over 一是."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def of(self, mark: Mark) -> int:
        if mark.numbering in self.open:
            del self.open[self.open.index(mark.numbering) + 1 :]
        else:
            self.open = [*self._above(mark), mark.numbering]
        return len(self.open)

    def _above(self, mark: Mark) -> list[str]:
        """A numbering of a wider kind closes the narrower ones that stand open."""
        width = _WIDTH[mark.numbering]
        return [other for other in self.open if _WIDTH[other] < width]


_WIDTH = {"第一章": 0, "一、": 1, "(一)": 2, "1、": 3, "1.1": 4, "(1)": 5, "①": 6, "第一": 7, "一是": 8}


def _marks(text: str, lines: Sequence[Paragraph]) -> Iterator[tuple[Mark, bool]]:
    for line in lines:
        mark = mark_at(text, line.start)
        if mark and mark.end < line.end:
            yield mark, mark.numbering in ("一是", "第一")
        for match in _INLINE.finditer(text, line.start + 1, line.end):
            inner = mark_at(text, match.end())
            if inner:
                yield inner, True


def _heading_end(text: str, start: int, inline: bool) -> int:
    """A heading is its line when that is one short sentence, else the first sentence."""
    line = text.find("\n", start)
    end = line if line >= 0 else len(text)
    stop = _FIRST_END.search(text, start, end)
    if stop and stop.end() < end:
        return stop.start()
    return end if stop is None or (not inline and end - start <= _LONGEST_HEADING) else stop.start()
