"""Lists of parts: which figures stand side by side as the parts of which total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.checking.figures import Figure, comparable
from kaohe.checking.findings import Place
from kaohe.checking.judging import Judge
from kaohe.checking.vocabulary import any_of
from kaohe.quantities import Interval
from kaohe.quantities.intervals import total

_NEAR = 400
_OPENING = re.compile(
    rf"{any_of('of_which')}|分(?P<by>[^，,。；;、\n]{{1,6}})看"
    r"|按(?P<kind>[^，,。；;、\n]{1,10})(?:分|划分|看)"
)
_AMONG = re.compile(r"[^，,。；;\d]{0,8}中[，,]")
_SEEN_BY = re.compile(r"分[^，,。；;、\n]{1,6}看")


@dataclass(frozen=True, slots=True)
class PartList:
    """A total with parts that one 其中, one pair of brackets or one 分产业看 opens.

    ``complete`` says that the text gives them as all parts there are: brackets, 分产业看; ``certain`` is
    false where the last of them may be something else.
    """

    whole: Figure
    parts: tuple[Figure, ...]
    complete: bool = False
    certain: bool = True


def part_lists(judge: Judge) -> Iterator[PartList]:
    """Every list of two or more parts: those linked to their total, and those in brackets behind it."""
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        if whole:
            yield from _linked(judge, whole, parts)
            yield from _with_follower(judge, whole, parts)
    yield from _bracketed(judge)
    yield from _seen_by(judge)
    yield from _among(judge)


def _linked(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> Iterator[PartList]:
    """The parts of a total, list by list; all together where together they make it up."""
    lists = _by_opening(judge, whole, parts)
    if len(lists) == 1 or summed(parts).meets(whole.interval):
        yield PartList(whole, parts, _is_complete(judge, whole, parts))
        return
    for members in lists:
        yield PartList(whole, members, _is_complete(judge, whole, members))


def _with_follower(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> Iterator[PartList]:
    """其中财政投入5200万元,群众筹资3400万元: one more like figure about makes up the total."""
    last = parts[-1].claim
    after = judge.figures.between(last.start, min(judge.layout.paragraph(last.start)[1], last.end + _NEAR))
    like = [one for one in after if comparable(one, whole) and not one.claim.role]
    following = like[0] if like and like[0].claim.part_of is None else None
    if not following or re.search("[。；;]", judge.layout.words(parts[-1].claim.end, following.claim.start)):
        return
    every = (*parts, following)
    together = sum((one.middle for one in every), Fraction(0))
    alike = len({one.claim.unit for one in (whole, *every)}) == 1
    near = whole.middle * Fraction(17, 20) <= together <= whole.middle * Fraction(23, 20)
    own = judge.layout.words(parts[-1].claim.end, following.claim.start)
    if alike and near and not summed(parts).meets(whole.interval) and not _OPENING.search(own):
        yield PartList(whole, every, certain=False)


def _by_opening(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> list[tuple[Figure, ...]]:
    found: dict[tuple[int, Place | None], list[Figure]] = {}
    for part in parts:
        around = judge.layout.bracket(part.claim.start)
        found.setdefault((_opening(judge, whole, part), around), []).append(part)
    return [tuple(members) for members in found.values()]


def _opening(judge: Judge, whole: Figure, part: Figure) -> int:
    """Where the words that open a part's list stand."""
    matches = list(_OPENING.finditer(judge.layout.words(whole.claim.end, part.claim.start)))
    return matches[-1].start() if matches else -1


def _is_complete(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> bool:
    if len(parts) < 2:
        return False
    around = judge.layout.bracket(parts[0].claim.start)
    if around and whole.claim.start < around[0] and parts[-1].claim.end <= around[1]:
        return True
    between = judge.layout.words(whole.claim.end, parts[0].claim.start)
    seen_by = any(match["by"] or match["kind"] for match in _OPENING.finditer(between))
    return len(parts) > 2 and seen_by


def _bracketed(judge: Judge) -> Iterator[PartList]:
    """177所（公办58所，民办119所）: what stands in brackets behind a figure of the same measure."""
    for around, inside in _in_brackets(judge).items():
        for unit in dict.fromkeys(one.claim.base_unit for one in inside):
            parts = tuple(one for one in inside if one.claim.base_unit == unit)
            whole = judge.figures.before_bracket(parts[0], around)
            linked = any(part.claim.part_of is not None for part in parts)
            if whole and len(parts) > 1 and not linked:
                yield PartList(whole, parts, complete=True)


def _in_brackets(judge: Judge) -> dict[Place, list[Figure]]:
    found: dict[Place, list[Figure]] = {}
    for figure in judge.figures.all:
        around = judge.layout.bracket(figure.claim.start) if figure.is_absolute else None
        if around and not figure.claim.role:
            found.setdefault(around, []).append(figure)
    return {around: figures for around, figures in found.items() if len(figures) > 1}


def _seen_by(judge: Judge) -> Iterator[PartList]:
    """分级次看:省级收入115.4亿元;市县收入274.5亿元: the unlinked figures of its sentence, all the parts."""
    for match in _SEEN_BY.finditer(judge.text):
        start, end = judge.layout.paragraph(match.start())
        stop = judge.text.find("。", match.end(), end)
        after = judge.figures.between(match.end() - 1, min(stop if stop >= 0 else end, match.end() + _NEAR))
        parts = _free_list(judge, after)
        before = judge.figures.between(max(start, match.start() - _NEAR) - 1, match.start())
        heads = [one for one in before if parts and _heads(one, parts)]
        if heads:
            fitting = [one for one in heads if one.interval.meets(summed(parts))]
            yield PartList((fitting or heads)[0], parts, complete=len(parts) > 2, certain=bool(fitting))


def _among(judge: Judge) -> Iterator[PartList]:
    """在建的16个项目中,4个已竣工,9个正在施工,3个前期: the like counts of the sentence, where they fit."""
    for whole in judge.figures.of_kind("count"):
        tail = _AMONG.match(judge.layout.after(whole.claim.end, 12))
        if tail and not whole.claim.role:
            end = judge.layout.sentence(whole.claim.start)[1]
            behind = judge.figures.between(whole.claim.start, end)
            parts = tuple(one for one in behind if comparable(one, whole) and not one.claim.role)
            added = sum((one.middle for one in parts), Fraction(0))
            if len(parts) > 1 and whole.middle * 3 / 4 <= added <= whole.middle * 5 / 4:
                yield PartList(whole, parts, complete=True, certain=False)


def _free_list(judge: Judge, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Two or more figures of one measure outside brackets, none of them linked to a total."""
    free = [one for one in figures if one.is_absolute and not one.claim.role]
    outside = [one for one in free if judge.layout.bracket(one.claim.start) is None]
    like = tuple(one for one in outside if comparable(one, outside[0]))
    linked = any(one.claim.part_of is not None for one in like)
    return like if len(like) > 1 and not linked else ()


def _heads(figure: Figure, parts: tuple[Figure, ...]) -> bool:
    """Whether a figure may be the total of a list: of its measure, no part itself, above each part."""
    like = comparable(figure, parts[0]) and figure.claim.part_of is None and not figure.claim.role
    return like and all(part.middle < figure.middle for part in parts)


def summed(parts: tuple[Figure, ...]) -> Interval:
    """What parts add up to."""
    return total(part.interval for part in parts)


def others_between(judge: Judge, parts: tuple[Figure, ...]) -> bool:
    """Whether a like figure that is none of the parts, nor a part of one, stands among them."""
    known = {part.id for part in parts}
    among = judge.figures.between(parts[0].claim.start, parts[-1].claim.start)
    strangers = [one for one in among if comparable(one, parts[0]) and one.id not in known]
    return any(one.claim.part_of not in known and not _in_own_bracket(judge, one, parts) for one in strangers)


def _in_own_bracket(judge: Judge, figure: Figure, parts: tuple[Figure, ...]) -> bool:
    around = judge.layout.bracket(figure.claim.start)
    return around is not None and not around[0] < parts[0].claim.start < around[1]
