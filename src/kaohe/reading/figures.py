"""The figures of a view, each with the words that lead up to it and follow it in its clause."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from kaohe.quantities import FoundPeriod, Quantity, find_quantities, measure_of, read_number
from kaohe.reading.lexicon import any_of
from kaohe.reading.marks import mark_at

PERIOD = "\x01"
"""Stands for a period expression in a lead, so that rules see 比去年同期 and 比上月 alike."""

_BOUNDARY = re.compile(r"[,;:。!?\n|…]|——")
_PARTS_OPENED = re.compile(r"(?:其中|(?<![^。;,\n])分[^,。;\d]{1,7}看)[,:]$")
_BRACKETS = re.compile(r"[()。\n]")
_CLOSED = re.compile(r"\([^()]*\)")
_QUOTES = re.compile(r"\[\d{1,2}\]|[“”\"《》「」‘’【】\[\]〈〉·]")
_JOINT = re.compile(r"(?:、|,?(?:和|与|及|以及|或)|,)$")
_LONGEST_LEAD, _LONGEST_TAIL = 70, 36
_DAY = re.compile(r"(?:(?:\d{4}年|\x01)?\d{1,2}月)\d{1,2}日")
_RATIOS = frozenset({"ratio", "百分点"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of the view with its surroundings.

    ``lead`` are the words of its clause before it, behind the figure before it, periods marked;
    ``tail`` those up to the next sign or figure. ``opening`` is the sign before the lead: one of ,;:。( or
    "" behind another figure of the clause. ``clause`` and ``segment`` count clauses and the parts that
    semicolons make, ``sentence`` counts sentences. ``group`` are the places of the figures that share its
    lead (增长5%、6%和7%), itself included; empty when it stands alone. ``bracket`` is the place behind the
    bracket that stands open around it, 0 outside.
    """

    quantity: Quantity
    lead: str
    lead_start: int
    tail: str
    opening: str
    clause: int
    segment: int
    sentence: int
    group: tuple[int, ...] = ()
    rank: bool = False
    bracket: int = 0

    @property
    def is_ratio(self) -> bool:
        """Whether its measure is %, 倍, 番, 百分点 or a fraction."""
        return measure_of(self.quantity.measure).dimension in _RATIOS or self.quantity.measure == "番"


def figures_of(text: str, periods: Sequence[FoundPeriod]) -> list[Figure]:
    """Every figure of a view, in order."""
    kept = [_percent_lost(text, found) for found in find_quantities(text, numbers=True)]
    shared = _shared_points(text, [found for found in kept if found])
    measured = [found for found in shared if not _in_name(text, found)]
    ranks = {rank.start: rank for rank in ranks_of(text)}
    quantities = sorted([*measured, *ranks.values()], key=lambda quantity: quantity.start)
    found = list(_figures(text, quantities, periods))
    marked = [replace(figure, rank=True) if figure.quantity.start in ranks else figure for figure in found]
    return list(_grouped(text, marked))


def _figures(text: str, quantities: Sequence[Quantity], periods: Sequence[FoundPeriod]) -> Iterator[Figure]:
    inside = [(quantity.start, quantity.end) for quantity in quantities]
    signs = list(_signs(text, inside))
    starts = [period.start for period in periods]
    clause = segment = sentence = at = 0
    before_end = bracket = 0
    for index, quantity in enumerate(quantities):
        while at < len(signs) and signs[at] < quantity.start:
            sign = text[signs[at]]
            clause += 1
            segment += sign in ";。!?\n"
            sentence += sign in "。!?\n"
            at += 1
        bracket = _bracket(text, before_end, quantity.start, bracket)
        boundary = signs[at - 1] + 1 if at else 0
        start = max(boundary, before_end, quantity.start - _LONGEST_LEAD)
        opening = text[boundary - 1 : boundary] if start == boundary and boundary else ""
        limit = quantities[index + 1].start if index + 1 < len(quantities) else len(text)
        limit = min(limit, signs[at] if at < len(signs) else len(text), quantity.end + _LONGEST_TAIL)
        if text.rfind("(", start, quantity.start) > text.rfind(")", start, quantity.start):
            opening = "("
        lead_start, lead = _lead(text, start, quantity.start, boundary, periods, starts)
        parts = _PARTS_OPENED.search(text, max(0, boundary - 12), boundary) if opening in (",", ":") else None
        if parts:
            lead, opening = "其中" + lead, text[parts.start() - 1 : parts.start()]
        yield Figure(
            quantity, lead, lead_start, text[quantity.end : limit], opening, clause, segment, sentence,
            bracket=bracket,
        )  # fmt: skip
        before_end = quantity.end


def _bracket(text: str, start: int, end: int, open_at: int) -> int:
    """The bracket that stands open at ``end``; none outlives its sentence."""
    for match in _BRACKETS.finditer(text, start, end):
        open_at = match.end() if match[0] == "(" else 0
    return open_at


def _signs(text: str, inside: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The signs that end a clause, without those inside a figure (1,234)."""
    starts = [start for start, _ in inside]
    for match in _BOUNDARY.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at < 0 or match.start() >= inside[at][1]:
            yield match.start()


def _lead(
    text: str, start: int, end: int, boundary: int, periods: Sequence[FoundPeriod], starts: Sequence[int]
) -> tuple[int, str]:
    """The words before a figure: periods marked, closed brackets and quotation marks left out."""
    if start == boundary and (not start or text[start - 1] == "\n"):
        mark = mark_at(text, start)
        start = mark.end if mark and mark.end <= end and mark.numbering != "第一" else start
    piece = text[start:end]
    if ")" in piece and piece.find(")") < (piece.find("(") if "(" in piece else len(piece)):
        opened = text.rfind("(", max(0, start - 80), start)
        outer = text[max(_clause_start(text, opened), 0) : opened] if opened >= 0 else ""
        return start, _marked_text(outer) + _bare(piece[piece.find(")") + 1 :])
    marked = _CLOSED.sub("", _marked(text, start, end, periods, starts))
    return start, _bare(marked[marked.rfind("(") + 1 :])


def _clause_start(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < _LONGEST_LEAD and not _BOUNDARY.match(text, start - 1):
        start -= 1
    return start


def _marked_text(text: str) -> str:
    return _bare(_CLOSED.sub("", re.sub(any_of("period_words"), PERIOD, text)))


def _bare(text: str) -> str:
    return _QUOTES.sub("", _DAY.sub(PERIOD, text)).lstrip(")）-—*•●■◆ \t、")


def _marked(text: str, start: int, end: int, periods: Sequence[FoundPeriod], starts: Sequence[int]) -> str:
    pieces: list[str] = []
    at = bisect_right(starts, start - 1)
    place = start
    while at < len(periods) and periods[at].start < end:
        if periods[at].end <= end:
            pieces += (text[place : periods[at].start], PERIOD)
            place = periods[at].end
        at += 1
    return "".join([*pieces, text[place:end]])


_RATIO_LOST = re.compile(
    rf"(?:{any_of('change_verb', 'share_lost')}|[^效功税费频速汇倍]率|占[^,。]{{1,14}}的"
    rf"|(?:完成|占)[^,。]{{1,12}}{any_of('plan')}的)"
    "(?:约|近|了|达|达到|为|已达)?$"
)
_ENDED = re.compile(r"$|[,;。、:!?)\n]|以上|左右|和")


def _percent_lost(text: str, quantity: Quantity) -> Quantity | None:
    """增长25, has lost its %; any other number without a measure is no figure."""
    if quantity.measure:
        return quantity
    before = text[max(0, quantity.start - 12) : quantity.start]
    if quantity.value >= 1000 or not _ENDED.match(text, quantity.end) or not _RATIO_LOST.search(before):
        return None
    return replace(quantity, measure="%", assumed=True)


def _shared_points(text: str, quantities: list[Quantity]) -> Iterator[Quantity]:
    """0.1个和2.3个百分点: both are percentage points."""
    for quantity, following in zip_longest(quantities, quantities[1:]):
        shared = (
            following is not None and quantity.measure == "个" and following.measure == "百分点"
            and text[quantity.end : following.start] in ("和", "、", "与")
        )  # fmt: skip
        yield replace(quantity, measure="百分点") if shared else quantity


_PLACE = re.compile(r"[^,。;、\s\d的]{0,2}(?:村|镇|乡|路|街|桥|河|湾|岙|岭|屯|庄|水库)")


_SLOGAN = re.compile(r"(?:重点|关键|突出|着力|一批|到位|不变|狠抓|严禁|环节|抓手|短板)(?=[,。;、:!?”)\n]|$)")


def _in_name(text: str, quantity: Quantity) -> bool:
    """五支岙村, 四个重点, 亿元大关: the beginning of the name of a place, a slogan, a figure of speech."""
    if quantity.chinese and text.startswith("大关", quantity.end) and quantity.text[0] in "百千万亿":
        return True
    if not quantity.chinese or quantity.value >= 20:
        return False
    if quantity.text[-1:] in "支道门条口里面台层座" and _PLACE.match(text, quantity.end):
        return True
    return bool(_SLOGAN.match(text, quantity.end))


_RANK = re.compile(
    rf"(?:{any_of('rank')}[^,;。:、第]{{0,16}}|(?:全[省市县区国镇州旗乡球]|世界)[^,;。:、第]{{0,8}}"
    r"|(?:上升|下降|提升|前移|退|升)[为到至])"
    r"(?P<rank>第\s?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,3})\s?(?P<unit>位|名)?)"
    r"(?![产季批书轮次届个期章条类部年方大阶医中小高线步时人要届任师代声责手现])"
)


def ranks_of(text: str) -> Iterator[Quantity]:
    """Ranks, which say 第 and yet are figures: 增速居全市第3位.

    >>> [(rank.text, rank.value, rank.measure) for rank in ranks_of("增速居全市第3位,第3次普查")]
    [('第3位', Decimal('3'), '位')]
    """
    for match in _RANK.finditer(text):
        start, end = match.span("rank")
        value = read_number(match["number"])
        yield Quantity(start, end, text[start:end], value, match["unit"] or "")


def _grouped(text: str, figures: list[Figure]) -> Iterator[Figure]:
    """Marks the figures that are joined by 、 or 和 with nothing else between."""
    at = 0
    while at < len(figures):
        end = at + 1
        while end < len(figures) and _joined(text, figures[at], figures[end - 1], figures[end]):
            end += 1
        places = tuple(range(at, end)) if end - at > 1 else ()
        yield from (replace(figure, group=places) for figure in figures[at:end])
        at = end


def _joined(text: str, first: Figure, left: Figure, right: Figure) -> bool:
    between = text[left.quantity.end : right.quantity.start]
    if not between or len(between) > 3 or not _JOINT.match(between):
        return False
    if between == "," and "分别" not in first.lead:
        return False
    same = _class(left) == _class(right) and left.rank == right.rank
    return same and left.sentence == right.sentence


def _class(figure: Figure) -> str:
    return measure_of(figure.quantity.measure).dimension
