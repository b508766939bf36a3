"""Shares whose part or whole is told by its name, and shares of one whole side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kaohe.checking.figures import Figure, bare, comparable, core
from kaohe.checking.findings import Finding
from kaohe.checking.judging import Judge, divided, doubted, in_unit, positive, range_text, verdict
from kaohe.checking.vocabulary import any_of, words
from kaohe.quantities import Interval

_NAMED = re.compile(
    r"(?P<part>[^，,。；;：:、\n]{0,20}?)(?:占(?:到|了)?(?P<whole>[^，,。；;、占\n]{2,16}?)(?:的比重|的比例|的份额|比重|比例|的)"
    r"|(?:所占)?(?:比重|占比))[^，,。；;\d]{0,6}$"
)
_ALL = re.compile(
    "全部|全市|全县|全镇|全区|全省|全乡|全国|当年|同期|整个|总体|总(?:人|户)?数|总量|总额|[我本该](?=[县市区镇乡省])"
)
_NEAR_PARAGRAPHS, _NEAR = 3, 1500


def named_wholes(judge: Judge) -> Iterator[Finding]:
    """第一产业增加值占生产总值的比重为29.5%: part and whole that a share names stand before it, unlinked."""
    earlier: dict[int, str] = {}
    for ratio in judge.figures.of_kind("share", "completion"):
        named = _NAMED.search(judge.layout.before(ratio.claim.start, 50))
        sentence = judge.layout.sentence(ratio.claim.start)[0]
        plan = (
            ratio.claim.kind == "completion"
            and named
            and re.search(any_of("year_plan"), named["whole"] or "计划")
        )
        if not named or plan or ratio.claim.whole is not None:
            continue
        whole_name = named["whole"] or earlier.get(sentence, "")
        earlier[sentence] = whole_name
        part = _part(judge, ratio, named["part"])
        if part and whole_name:
            yield from _against(judge, ratio, part, whole_name)
    yield from _shares_of_tasks(judge)
    yield from _going_on(judge)


def _going_on(judge: Judge) -> Iterator[Finding]:
    """其中城镇22.87万人,占55.3%;乡村18.49万人,占44.7%: the second share is of the whole of the first."""
    before: Figure | None = None
    for ratio in judge.figures.of_kind("share"):
        part, whole = judge.figures.get(ratio.claim.relation_to), None
        if before and part and ratio.claim.whole is None and _goes_on(judge, before, ratio, part):
            whole = judge.figures.get(before.claim.whole)
        if part and whole and divisible(part, whole) and part.id != whole.id:
            make = divided if _meets(ratio, part, whole) else doubted
            yield make(judge, "share", ratio, part, whole, "warning")
        before = ratio


def _shares_of_tasks(judge: Judge) -> Iterator[Finding]:
    """任务260公里,已完成145公里,占55.8%: the figure right before it that is called a task."""
    for ratio in judge.figures.of_kind("share"):
        beside = judge.figures.in_sentence(ratio.claim.start)
        at = beside.index(ratio)
        if at < 2 or beside[at - 1].id != ratio.claim.relation_to or ratio.claim.whole is not None:
            continue
        task, part = beside[at - 2], beside[at - 1]
        between = judge.layout.words(part.claim.end, ratio.claim.start).strip("，, ")
        called = re.search(any_of("plan"), judge.layout.lead(task.claim.start))
        if between == "占" and called and divisible(part, task):
            yield divided(judge, "share", ratio, part, task, "warning")


def _part(judge: Judge, ratio: Figure, name: str) -> Figure | None:
    """The linked part, or the last figure of its paragraph that bears the name before 占."""
    linked = judge.figures.get(ratio.claim.relation_to)
    if linked:
        return linked if linked.is_absolute else None
    wanted = bare(name)
    if not name.strip():
        beside = judge.figures.in_sentence(ratio.claim.start)
        amounts = [one for one in beside if one.is_absolute and one.claim.end <= ratio.claim.start]
        return amounts[-1] if amounts else None
    found = [
        figure
        for figure in judge.figures.around(ratio)
        if figure.is_absolute and figure.claim.end <= ratio.claim.start and not figure.claim.role
        and len(wanted) > 1 and bare(figure.claim.indicator) == wanted
    ]  # fmt: skip
    return found[-1] if found else None


def _against(judge: Judge, ratio: Figure, part: Figure, name: str) -> Iterator[Finding]:
    """The share against each figure that its whole may be; nearest first, and far misses told by none."""
    wholes = [whole for whole in _wholes(judge, ratio, part, name) if divisible(part, whole)]
    fitting = [whole for whole in wholes if _meets(ratio, part, whole)]
    if fitting:
        yield divided(judge, "share", ratio, part, fitting[0], "warning")
    elif wholes and _about(ratio, part, wholes[0]):
        beside = judge.layout.paragraph_number(wholes[0].claim.start) == judge.layout.paragraph_number(
            ratio.claim.start
        )
        alone = len({whole.claim.text for whole in wholes}) == 1
        certain = beside and alone and not implied_elsewhere(judge, ratio, part)
        make = divided if certain else doubted
        yield make(judge, "share", ratio, part, wholes[0], "warning")


def _meets(ratio: Figure, part: Figure, whole: Figure) -> bool:
    computed = part.interval / whole.interval
    return computed is not None and computed.meets(ratio.interval)


def _about(ratio: Figure, part: Figure, whole: Figure) -> bool:
    """Whether the quotient is at most twice, and at least half, of what is printed, and no more than all."""
    quotient = part.middle / whole.middle
    return ratio.middle / 2 < quotient < ratio.middle * 2 and quotient <= 1


def _wholes(judge: Judge, ratio: Figure, part: Figure, name: str) -> list[Figure]:
    """The figures before it, at most some paragraphs back, whose indicator is the whole's name."""
    thing = _thing(name)
    if len(thing) < 2:
        return []
    number = judge.layout.paragraph_number(ratio.claim.start)
    start = judge.layout.paragraphs[max(0, number - _NEAR_PARAGRAPHS)][0] if judge.layout.paragraphs else 0
    own = judge.figures.get(part.claim.part_of)
    start = max(start, ratio.claim.start - _NEAR)
    found = [own] if own and thing.endswith(_thing(own.claim.indicator) or "?") else []
    for figure in reversed(judge.figures.between(start - 1, ratio.claim.start)):
        fits = figure.is_absolute and not figure.claim.role and figure.id != part.id
        named = _thing(figure.claim.indicator)
        if fits and comparable(figure, part) and _names_whole(named, thing):
            found.append(figure)
    return found


def _names_whole(named: str, thing: str) -> bool:
    """银行资产 may be said for 银行机构人民币及外币资产: all its characters in order, the same end."""
    before = named[: -len(thing)] if named.endswith(thing) else "?"
    if not before or (len(thing) > 2 and not before.endswith(("?", "进"))):
        return True
    letters = iter(named)
    return len(thing) > 3 and named[-2:] == thing[-2:] and all(letter in letters for letter in thing)


def _thing(name: str) -> str:
    """What a whole is called, without 全市 and 总数; 经济总量 is the 生产总值."""
    plain = _ALL.sub("", name)
    if core(plain) in words("economy") or core(name) in words("economy"):
        return "生产总值"
    return bare(plain).rstrip("中数值额")


def sibling_shares(judge: Judge) -> Iterator[Finding]:
    """Shares of one whole, side by side, give the same whole: 男性1769.69万人,占51.06%;女性…,占48.94%."""
    for shares in _side_by_side(judge):
        implied = [(ratio, part, base) for ratio, part in shares if (base := part.interval / ratio.interval)]
        for before, after in pairwise(implied):
            if verdict(before[2], after[2]) == "fails":
                yield _different(judge, before, after)


def _side_by_side(judge: Judge) -> Iterator[list[tuple[Figure, Figure]]]:
    """Runs of shares with their parts, of one paragraph and one named whole, none of them linked to it."""
    run: list[tuple[Figure, Figure]] = []
    for ratio in judge.figures.of_kind("share"):
        part = judge.figures.get(ratio.claim.relation_to)
        usable = part and part.is_absolute and ratio.claim.whole is None and positive(ratio.interval)
        if not usable or not part or (run and not _goes_on(judge, run[-1][0], ratio, part)):
            yield run
            run = []
        if usable and part:
            run.append((ratio, part))
    yield run


def _goes_on(judge: Judge, before: Figure, ratio: Figure, part: Figure) -> bool:
    """Whether one sentence, or the next clause group, goes on with a share of the same whole."""
    between = judge.layout.words(before.claim.end, part.claim.start)
    near = len(between) < 24 and "其中" not in between and "\n" not in between
    bare_before, bare_after = _whole_told(judge, before), _whole_told(judge, ratio)
    same_level = judge.layout.bracket(before.claim.start) == judge.layout.bracket(ratio.claim.start)
    return near and same_level and bare_before == bare_after


def _whole_told(judge: Judge, ratio: Figure) -> str:
    lead = judge.layout.before(ratio.claim.start, 20)
    return lead[lead.rfind("占") :] if "占" in lead else "?" + str(ratio.id)


def _different(
    judge: Judge, before: tuple[Figure, Figure, Interval], after: tuple[Figure, Figure, Interval]
) -> Finding:
    unit = before[1].claim.unit
    first, second = (range_text(in_unit(one[2], unit), unit) for one in (before, after))
    values = {
        "first": before[0].claim.text, "second": after[0].claim.text, "one": first, "other": second,
        "parts": f"{before[1].claim.text}、{after[1].claim.text}",
    }  # fmt: skip
    places = [after[0].place, after[1].place, before[0].place, before[1].place]
    shown = in_unit(before[2], unit)
    return judge.asks("share", "siblings.unsure", places, values, after[0].claim.text, shown, unit)


def divisible(part: Figure, whole: Figure) -> bool:
    """Whether one may be a part of the other: amounts of one measure, the whole above zero."""
    return comparable(part, whole) and positive(whole.interval)


def other_total(judge: Judge, ratio: Figure, part: Figure, whole: Figure) -> bool:
    """Whether the linked whole is itself a part with its own share: then the ratio is of a larger total."""
    own = judge.figures.told_of(whole, "share")
    return own is not None and own.id != ratio.id and implied_elsewhere(judge, ratio, part)


def printed_total(judge: Judge, ratio: Figure, part: Figure) -> Figure | None:
    """The figure of its paragraph, before it, that the ratio makes the total of its part."""
    implied = part.interval / ratio.interval if positive(ratio.interval) else None
    if implied is None:
        return None
    before = [one for one in judge.figures.around(ratio) if one.claim.end <= ratio.claim.start]
    fitting = [
        one
        for one in before
        if one.id != part.id and divisible(part, one) and _significant(one) and one.interval.meets(implied)
    ]
    return fitting[-1] if fitting else None


def _significant(figure: Figure) -> bool:
    return len(str(abs(figure.claim.numbers[0])).replace(".", "")) >= 3


def implied_elsewhere(judge: Judge, ratio: Figure, part: Figure) -> bool:
    """Whether the whole that a ratio implies is printed elsewhere before it, or implied by another share."""
    implied = part.interval / ratio.interval if positive(ratio.interval) else None
    if implied is None:
        return False
    before = judge.figures.between(max(0, ratio.claim.start - _NEAR), ratio.claim.start)
    printed = any(
        figure.id != part.id and figure.is_absolute and comparable(figure, part)
        and len(str(abs(figure.claim.numbers[0]))) > 3 and implied.contains(figure.middle)
        for figure in before
    )  # fmt: skip
    return printed or any(
        other.id != ratio.id and _implies(judge, other, part, implied)
        for other in judge.figures.around(ratio)
    )


def _implies(judge: Judge, other: Figure, part: Figure, implied: Interval) -> bool:
    own = judge.figures.get(other.claim.relation_to) if other.claim.kind == "share" else None
    if not own or own.id == part.id or not comparable(own, part) or not positive(other.interval):
        return False
    base = own.interval / other.interval
    return base is not None and base.meets(implied)
