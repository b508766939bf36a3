"""Ratios against the figures that they compare: shares and completions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure, bare, comparable, core, elapsed, other_times, same_indicator
from kaohe.checking.findings import Finding, Severity
from kaohe.checking.judging import Judge, in_unit, positive, range_text, value_text, verdict
from kaohe.checking.vocabulary import any_of, rows, words
from kaohe.quantities import Interval


def shares(judge: Judge) -> Iterator[Finding]:
    """A share, or a rate whose base is printed, is its part over its whole."""
    for ratio in judge.figures.of_kind("share", "rate"):
        yield from _quotient(judge, "share", ratio)


def named_wholes(judge: Judge) -> Iterator[Finding]:
    """占全部投资的44.2%: the whole that a share names stands before it in the paragraph, without a link."""
    for ratio in judge.figures.of_kind("share"):
        part = judge.figures.get(ratio.claim.relation_to)
        if part and ratio.claim.whole is None and part.is_absolute:
            yield from _against_named(judge, ratio, part)


def _against_named(judge: Judge, ratio: Figure, part: Figure) -> Iterator[Finding]:
    named = _WHOLE_NAME.search(judge.layout.before(ratio.claim.start, 30))
    whole = _named_whole(judge, named["name"], part) if named else _task_before(judge, ratio, part)
    computed = part.interval / whole.interval if whole else None
    if not whole or computed is None or computed.low is None or computed.low > 1:
        return
    if (
        verdict(ratio.interval, computed) == "fails"
        and not ratio.middle / 2 < computed.low < ratio.middle * 2
    ):
        return
    yield _divided(judge, "share", ratio, part, whole, "warning")


def _task_before(judge: Judge, ratio: Figure, part: Figure) -> Figure | None:
    """任务260公里，已完成145公里，占55.8%: the figure right before it that is called a task."""
    beside = judge.figures.in_sentence(ratio.claim.start)
    at = beside.index(ratio)
    between = judge.text[part.claim.end : ratio.claim.start].strip("，, ")
    if at < 2 or beside[at - 1] is not part or between != "占":
        return None
    task = beside[at - 2]
    called = re.search(any_of("plan"), judge.layout.lead(task.claim.start))
    return task if called and _divisible(part, task) else None


def _named_whole(judge: Judge, name: str, part: Figure) -> Figure | None:
    """The only figure of the paragraph before it whose indicator ends as the whole is named."""
    thing = core(_ALL.sub("", name)).replace("总", "")
    if len(thing) < 2:
        return None
    own = judge.figures.get(part.claim.part_of)
    if (
        own
        and _divisible(part, own)
        and not own.claim.role
        and thing.endswith(bare(own.claim.indicator) or "?")
    ):
        return own
    found = [
        figure
        for figure in judge.figures.in_paragraph(part.claim.start)
        if figure.claim.end <= part.claim.start
        and figure.claim.part_of is None
        and not figure.claim.role
        and _divisible(part, figure)
        and core(figure.claim.indicator).replace("总", "").endswith(thing)
    ]
    return found[0] if len(found) == 1 else None


def defined_rates(judge: Judge) -> Iterator[Finding]:
    """A rate that its name defines: 增加值率 is 增加值 over 产值, 产销率 is 销售产值 over 产值."""
    for ratio in judge.figures.of_kind("rate"):
        rule = next((rule for rule in rows("rates") if re.search(rule["rate"], ratio.claim.indicator)), None)
        if rule and ratio.claim.whole is None:
            part = _beside(judge, ratio, rule["part"])
            whole = _beside(judge, ratio, rule["whole"])
            computed = part.interval / whole.interval if part and whole else None
            if not part or not whole or computed is None or part.id != ratio.claim.relation_to:
                continue
            same = ("规模" in part.claim.indicator) == ("规模" in whole.claim.indicator)
            if same or computed.meets(ratio.interval):
                yield _divided(judge, "share", ratio, part, whole, "warning")


def _beside(judge: Judge, ratio: Figure, name: str) -> Figure | None:
    """The nearest amount before a rate whose indicator is of a name, of one body and period."""
    found = [
        figure
        for figure in judge.figures.in_paragraph(ratio.claim.start)
        if figure.claim.kind == "amount"
        and figure.claim.end <= ratio.claim.start
        and re.fullmatch(name, core(figure.claim.indicator))
        and figure.claim.period == ratio.claim.period
        and positive(figure.interval)
    ]
    return found[-1] if found else None


def success_rates(judge: Judge) -> Iterator[Finding]:
    """调处187起，成功183起，成功率97.9%: a rate named after the second count is that over the first."""
    for ratio in judge.figures.of_kind("rate", "completion"):
        beside = judge.figures.in_sentence(ratio.claim.start)
        at = beside.index(ratio)
        stem = _STEM.search(judge.layout.lead(ratio.claim.start))
        if at < 2 or not stem or ratio.claim.whole is not None:
            continue
        whole, part = beside[at - 2], beside[at - 1]
        if (
            stem[1] in judge.layout.lead(part.claim.start)
            and part.claim.kind == "count"
            and _divisible(part, whole)
        ):
            yield from _rate_of(judge, ratio, part, whole)


def _rate_of(judge: Judge, ratio: Figure, part: Figure, whole: Figure) -> Iterator[Finding]:
    computed = part.interval / whole.interval
    if computed is None or computed.low is None or computed.low > 2 or whole.claim.part_of is not None:
        return
    yield _divided(judge, "share", ratio, part, whole, "error")


def completions(judge: Judge) -> Iterator[Finding]:
    """A completion is what was done over the plan: the one printed beside it, or the one elsewhere."""
    for ratio in judge.figures.of_kind("completion"):
        yield from _quotient(judge, "completion-implied", ratio)
        yield from _implied_plan(judge, ratio)


def _quotient(judge: Judge, check: str, ratio: Figure) -> Iterator[Finding]:
    pair = pair_of(judge, ratio)
    if not pair or pair[0].id == pair[1].id:
        return
    part, whole = pair
    computed = part.interval / whole.interval
    if computed is None:
        return
    if verdict(ratio.interval, computed) == "fails" and _doubtful(judge, ratio, part, whole, computed):
        yield _doubted(judge, check, ratio, part, whole, computed)
        return
    beside = judge.figures.same_sentence(ratio, part) and judge.figures.same_sentence(ratio, whole)
    yield _divided(judge, check, ratio, part, whole, "error" if beside else "warning")


def _divided(
    judge: Judge, check: str, ratio: Figure, part: Figure, whole: Figure, worst: Severity
) -> Finding:
    """A ratio against part ÷ whole, which must not be zero."""
    computed = part.interval / whole.interval
    assert computed is not None
    values = _told(ratio, part, whole)
    return judge.compared(check, "quotient", ratio, computed, (part, whole), values, worst)


def _doubted(
    judge: Judge, check: str, ratio: Figure, part: Figure, whole: Figure, computed: Interval
) -> Finding:
    places = [ratio.place, part.place, whole.place]
    unit, shown = ratio.claim.unit, in_unit(computed, ratio.claim.unit)
    values = _told(ratio, part, whole) | {"stated": ratio.claim.text, "computed": range_text(shown, unit)}
    return judge.asks(check, "quotient.unsure", places, values, ratio.claim.text, shown, unit)


def _told(ratio: Figure, part: Figure, whole: Figure) -> dict[str, str]:
    """What a message says of a quotient: its figures, its value, and the whole that the ratio implies."""
    implied = value_text(part.middle / ratio.middle, whole.claim.unit, 2) if ratio.middle else "?"
    value = value_text(part.middle / whole.middle, ratio.claim.unit, 1)
    return {"part": part.claim.text, "whole": whole.claim.text, "value": value, "base": implied}


def _divisible(part: Figure, whole: Figure) -> bool:
    same = part.claim.base_unit == whole.claim.base_unit
    return same and part.is_absolute and whole.is_absolute and positive(whole.interval)


def pair_of(judge: Judge, ratio: Figure) -> tuple[Figure, Figure] | None:
    """The part and the whole that a ratio speaks of: those linked, or those beside it that give it."""
    part, whole = judge.figures.get(ratio.claim.relation_to), judge.figures.get(ratio.claim.whole)
    if not part or not whole or not _divisible(part, whole):
        return None
    quotient = part.interval / whole.interval
    meets = quotient is not None and quotient.meets(ratio.interval)
    return (part, whole) if meets else _other_pair(judge, ratio, part, whole) or (part, whole)


def _other_pair(judge: Judge, ratio: Figure, part: Figure, whole: Figure) -> tuple[Figure, Figure] | None:
    """The figures beside it that give the ratio: it speaks of them, and its link is to blame."""
    near = [
        figure
        for figure in judge.figures.in_sentence(ratio.claim.start)
        if figure.id not in (ratio.id, part.id, whole.id) and _divisible(figure, whole)
    ]
    pairs = [(figure, whole) for figure in near] + [(part, figure) for figure in near]
    for one, other in pairs:
        quotient = one.interval / other.interval if positive(other.interval) else None
        if quotient is not None and quotient.meets(ratio.interval):
            return one, other
    return None


def _doubtful(judge: Judge, ratio: Figure, part: Figure, whole: Figure, computed: Interval) -> bool:
    """Different periods or roles, or a miss so wide that another base is likelier than a slip."""
    beside = judge.figures.same_sentence(part, whole)
    if not beside and other_times(part, whole):
        return True
    paragraphs = {judge.layout.paragraph_number(one.claim.start) for one in (ratio, part, whole)}
    if len(paragraphs) > 1 or not judge.figures.same_sentence(ratio, part):
        return True
    low = computed.low or Fraction(0)
    wide = low > 5 * abs(ratio.middle) or (computed.high or 0) < abs(ratio.middle) / 5
    return wide and not beside


def _implied_plan(judge: Judge, ratio: Figure) -> Iterator[Finding]:
    """What was done over its completion is the plan; a plan for the same thing may be printed elsewhere."""
    done = judge.figures.get(ratio.claim.relation_to)
    if not done or ratio.claim.whole is not None or not done.is_absolute or not positive(ratio.interval):
        return
    plan = done.interval / ratio.interval
    for target in _targets(judge, done):
        if plan is None or target.id == done.id:
            continue
        judged = verdict(target.interval, plan)
        if judged == "holds" or (judged == "fails" and _of_this_year(done, target)):
            values = {"done": done.claim.text, "ratio": ratio.claim.text}
            yield judge.compared("completion-implied", "plan", target, plan, (done, ratio), values, "warning")


def _targets(judge: Judge, done: Figure) -> list[Figure]:
    return [
        target
        for target in judge.figures.targets_in(done.claim.base_unit)
        if comparable(target, done)
        and _names_same(target.claim.indicator, done.claim.indicator)
        and (not target.claim.scope or not done.claim.scope or target.claim.scope == done.claim.scope)
    ]


def _names_same(target: str, done: str) -> bool:
    """总产值 may be said for 工业总产值 only when nothing else tells them apart."""
    if same_indicator(target, done):
        return True
    short, long = sorted((bare(target), bare(done)), key=len)
    return len(short) >= 2 and long.endswith(short) and short in words("headline_short")


def _of_this_year(done: Figure, target: Figure) -> bool:
    """In the middle of a year there is one plan for it; of another year's target nothing follows."""
    passed = elapsed(done)
    this_year = target.claim.period in words("this_year")
    same = bare(target.claim.indicator) == bare(done.claim.indicator)
    return passed is not None and passed < 1 and this_year and same


_WHOLE_NAME = re.compile("占(?:到|了)?(?P<name>[^，,。；;、占]{2,14}?)(?:的|比重|比例)[^，,。；;]{0,4}$")
_ALL = re.compile("全部|全市|全县|全镇|全区|全省|当年|同期|整个|总体")
_STEM = re.compile(r"([\u4e00-\u9fff]{2})率(?:为|达到?|是)?$")
