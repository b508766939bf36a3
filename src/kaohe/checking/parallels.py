"""Lists against their announced number and against each other: 分别, 甲村、乙村2个村."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.checking.findings import Finding, Place
from kaohe.checking.judging import Judge
from kaohe.checking.layout import han_number
from kaohe.checking.vocabulary import any_of

_JOIN = re.compile(r"、|和|与|及|以及")
_RESPECTIVELY = re.compile("分别")
_NAMED = re.compile(
    r"(?P<list>(?:[\u4e00-\u9fff]{1,8}[村镇乡县区局校厂社]、)+(?:[\u4e00-\u9fff]{1,8}[村镇乡县区局校厂社](?:和|及))?"
    r"[\u4e00-\u9fff]{1,8}(?P<noun>[村镇乡县区局校厂社]))(?P<etc>等)?"
    r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家|所)(?:行政|自然|中心|重点|示范)?(?P<counted>[村镇乡县区局校厂社])"
)


def aligned_lists(judge: Judge) -> Iterator[Finding]:
    """分别 gives as many things as there are names before it."""
    done: set[int] = set()
    for match in _RESPECTIVELY.finditer(judge.text):
        start, end = judge.layout.sentence(match.start())
        if start in done or judge.layout.document.is_boilerplate(match.start()):
            continue
        done.add(start)
        yield from _aligned(judge, start, end)


def _aligned(judge: Judge, start: int, end: int) -> Iterator[Finding]:
    """Every 分别 of a sentence speaks of the names before the first one, clause by clause."""
    first = judge.text.index("分别", start)
    names = _names(judge, start, first)
    if not names:
        return
    marks = [match.end() for match in _RESPECTIVELY.finditer(judge.text, start, end)]
    counted = [group for group in (_figures_after(judge, mark, end) for mark in marks) if len(group) > 1]
    wrong = [group for group in counted if len(group) not in names[1]]
    if not counted:
        return
    values = {"names": str(max(names[1])), "counts": "、".join(str(len(group)) for group in counted)}
    if wrong and _certain(judge, names[1], wrong[0], end):
        places = [names[0], (wrong[0][0][0], wrong[0][-1][1])]
        values["counts"] = str(len(wrong[0]))
        yield judge.fails("aligned-list", "respectively.fails", places, values)
    elif not wrong and len(names[1]) == 1:
        places = [names[0], *((group[0][0], group[-1][1]) for group in counted)]
        sizes = [*names[1], *_words_after(judge, marks), *(len(group) for group in counted)]
        values["ratio"] = " : ".join(str(size) for size in sizes)
        yield judge.holds("aligned-list", "respectively.holds", places, values)


def _names(judge: Judge, start: int, end: int) -> tuple[Place, frozenset[int]] | None:
    """The coordinated names right before 分别, and how many they may be: 和 may also stand within a name."""
    clause_start = max(start, *(judge.text.rfind(mark, start, end) + 1 for mark in "，,：:"), start)
    subject = judge.text[clause_start:end]
    pauses, ands = subject.count("、"), len(re.findall("和|与|及", subject))
    if not pauses and not ands:
        return None
    if re.search(any_of("plural_hidden"), subject) or re.search(r"\d", subject):
        return None
    # In 甲、乙和丙 the last 和 may join a third thing or stand within the name of the second.
    counts = range(max(2, pauses + 1), pauses + ands + 2)
    return (clause_start, end), frozenset(counts)


def _figures_after(judge: Judge, start: int, end: int) -> list[Place]:
    """The figures, or dates, joined by 、 or 和 right after 分别."""
    return [match.span() for match in _joined(judge.text, start, end)]


def _words_after(judge: Judge, marks: list[int]) -> Iterator[int]:
    """How many words, not figures, each 分别 gives; clauses without 和 or 、 are passed over."""
    for mark in marks:
        clause = judge.text[mark : judge.layout.clause(mark)[1]]
        if not re.search(r"\d", clause) and re.search("[和与及、]", clause):
            yield 1 + len(re.findall("[和与及、]", clause))


_ITEM = re.compile(
    r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|\d[\d,.]*(?:余|多)?(?:万|亿)?(?:%|％|个百分点|[\u4e00-\u9fff]{0,3}?)(?=[、和与及，,。；;\s]|$|顺|通|达)"
)
_MORE = re.compile(r"[、和与及]|以及")


def _joined(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    first = _ITEM.search(text, start, min(end, start + 16))
    at = first
    while at:
        yield at
        join = _MORE.match(text, at.end(), end)
        at = _ITEM.match(text, join.end(), end) if join else None


def _certain(judge: Judge, names: frozenset[int], group: list[Place], end: int) -> bool:
    """A mismatch is told only beyond doubt: one way to count the names, and no more figures after."""
    following = judge.text[group[-1][1] : end]
    return len(names) == 1 and min(names) > 1 and not following.startswith(("、", "和", "及", "与"))


def counted_names(judge: Judge) -> Iterator[Finding]:
    """Names of one kind, listed without 等, are as many as the number behind them says."""
    for match in _NAMED.finditer(judge.text):
        if match["noun"] != match["counted"] or judge.text[match.start() - 1 : match.start()] in (
            "、",
            "和",
            "及",
        ):
            continue
        names = [name for name in _JOIN.split(match["list"]) if name]
        number = han_number(match["number"])
        if any(not name.endswith(match["noun"]) for name in names) or not number:
            continue
        yield from _counted(judge, match, len(names), number)


def _counted(judge: Judge, match: re.Match[str], names: int, number: int) -> Iterator[Finding]:
    values = {"names": str(names), "number": str(number)}
    places = [match.span("number"), match.span("list")]
    too_many = names > number
    if (match["etc"] and too_many) or (not match["etc"] and names != number):
        yield judge.fails("list-count", "names.fails", places, values, match["number"])
    elif not match["etc"]:
        yield judge.holds("list-count", "names.holds", places, values, match["number"])
