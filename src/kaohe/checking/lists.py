"""The numbers of a document's lists: gaps, repeats, and how many were announced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kaohe.checking.findings import Finding, Severity, Verdict
from kaohe.checking.judging import Judge
from kaohe.checking.layout import Label, han_number
from kaohe.checking.vocabulary import any_of

Run = list[Label]
_SPOKEN = ("一是", "第一,")


def runs(labels: tuple[Label, ...]) -> list[Run]:
    """The lists: each the labels of one family that follow each other under one heading.

    A number goes on in the innermost open list that it continues; 1 opens a new list; a number of an outer
    list closes the inner ones.
    """
    done: list[Run] = []
    opened: list[Run] = []
    for label in labels:
        at = _continued(opened, label)
        if at is None:
            opened.append([label])
            done.append(opened[-1])
        else:
            del opened[at + 1 :]
            opened[at].append(label)
    return done


def _continued(opened: list[Run], label: Label) -> int | None:
    """The place in the stack of the list that a label belongs to; None when it opens one."""
    same = [at for at, run in enumerate(opened) if run[-1].family == label.family]
    following = [at for at in same if opened[at][-1].number + 1 == label.number]
    if following:
        return following[-1]
    if label.number == 1 or not same:
        return None
    return same[-1]


def numbering(judge: Judge) -> Iterator[Finding]:
    """A list counts on without gaps and repeats."""
    for run in runs(judge.layout.labels):
        for before, after in pairwise(run):
            if after.number != before.number + 1:
                yield from _broken(judge, before, after)


def _broken(judge: Judge, before: Label, after: Label) -> Iterator[Finding]:
    """A repeat, or a gap that no other way of writing the number fills."""
    gap = after.number > before.number + 1
    repeat = after.number == before.number
    if not gap and not repeat:
        return
    if before.family in _SPOKEN and before.paragraph != after.paragraph and repeat:
        return
    missing = before.number + 1 if gap else before.number
    if gap and (after.number - before.number > 3 or _written_otherwise(judge, before, after, missing)):
        return
    values = {
        "before": judge.text[slice(*before.place)].strip(),
        "after": judge.text[slice(*after.place)].strip(),
    }
    values["missing"] = str(missing)
    key = "gap.fails" if gap else "repeat.fails"
    yield judge.fails("numbering", key, [after.place, before.place], values, values["after"])


def _written_otherwise(judge: Judge, before: Label, after: Label, missing: int) -> bool:
    """第三 or 三是 without a comma before it, 3. at the start of a line: the member is there all the same."""
    han = _HAN[missing] if missing < len(_HAN) else str(missing)
    circled = chr(0x245F + missing)
    forms = (
        rf"{han}(?:是|要|、|．|\.|，|则|抓|靠|看|为)|[（(]\s?(?:{han}|{missing})\s?[）)]"
        rf"|第{han}|其{han}|{circled}|(?:^|\n)\s*{missing}\s?[、.．)）\s]"
    )
    between = judge.text[before.place[1] : after.place[0]]
    return bool(re.search(forms, between) or re.search(forms, re.sub(r"\s+", "", between)))


_HAN = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]


def announced(judge: Judge) -> Iterator[Finding]:
    """As many sections follow as were announced: 我讲三个问题, and 一、二、三、."""
    lists = [run for run in runs(judge.layout.labels) if run[0].number == 1]
    first = {run[0].place[0]: run for run in lists}
    starts = sorted(first)
    for match in _ANNOUNCED.finditer(judge.text):
        start = next((start for start in starts if start >= match.end()), None)
        if start is not None and _follows_directly(judge, match.end(), start):
            yield from _counted(judge, match, first[start])


def _follows_directly(judge: Judge, end: int, start: int) -> bool:
    between = judge.text[end:start].strip(" \t\n　:：。,，*")
    return not between


def _counted(judge: Judge, match: re.Match[str], run: Run) -> Iterator[Finding]:
    number, members = han_number(match["number"]), max(label.number for label in run)
    # One member only is the start of another numbering, or the text was cut off behind it.
    if not number or number > 12 or members < 2:
        return
    spoken = not run[0].at_line_start
    # A spoken list of one paragraph may go on in other words: fewer 一是 than announced prove nothing.
    judged: Verdict = "holds" if number == members else "unsure" if spoken else "fails"
    if judged != "holds" and spoken and (members < 2 or members < number):
        return
    severity: Severity = "info" if judged == "holds" else "question" if spoken else "warning"
    values = {
        "number": match["number"],
        "members": str(members),
        "last": judge.text[slice(*run[-1].place)].strip(),
    }
    places = [match.span("phrase"), *(label.place for label in run)]
    yield judge.finding(
        "announced-count", judged, severity, f"count.{judged}", places, values, match["phrase"]
    )


_NUMBER = r"[一二两三四五六七八九十]{1,2}|\d{1,2}"
_ANNOUNCED = re.compile(
    rf"{any_of('announcing')}[^。；;！!？?\n“”]{{0,24}}?(?P<phrase>(?P<number>{_NUMBER})(?:个|点|件|条|项|大|方面)?"
    rf"(?:方面的?)?(?:主要|具体|重点|突出)?{any_of('announced_things')})(?:[^。；;！!？?\n，,0-9]{{0,6}})(?=[:：。\n]|$)"
)
