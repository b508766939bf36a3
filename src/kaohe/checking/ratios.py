"""Ratios against the figures that they compare: shares and completions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure, bare, comparable, core, elapsed, other_times, same_indicator
from kaohe.checking.findings import Finding
from kaohe.checking.judging import Judge, divided, doubted, positive, verdict
from kaohe.checking.shares import divisible, implied_elsewhere, other_total, printed_total
from kaohe.checking.vocabulary import rows, words
from kaohe.quantities import Interval


def shares(judge: Judge) -> Iterator[Finding]:
    """A share, or a rate whose base is printed, is its part over its whole."""
    for ratio in judge.figures.of_kind("share", "rate"):
        yield from _quotient(judge, "share", ratio)


def defined_rates(judge: Judge) -> Iterator[Finding]:
    """A rate that its name defines: 增加值率 is 增加值 over 产值, 产销率 is 销售产值 over 产值."""
    for ratio in judge.figures.of_kind("rate"):
        rule = next((rule for rule in rows("rates") if re.search(rule["rate"], ratio.claim.indicator)), None)
        if rule and ratio.claim.whole is None:
            part = _beside(judge, ratio, rule["part"])
            whole = _beside(judge, ratio, rule["whole"])
            computed = part.interval / whole.interval if part and whole else None
            related = {None, part.id, whole.id} if part and whole else set()
            if not part or not whole or computed is None or ratio.claim.relation_to not in related:
                continue
            if _known_to_differ(judge, ratio, (part, whole), computed, rule):
                continue
            same = ("规模" in part.claim.indicator) == ("规模" in whole.claim.indicator)
            same = same or abs(part.claim.start - whole.claim.end) < 60
            if same or computed.meets(ratio.interval):
                yield divided(judge, "share", ratio, part, whole, "warning")


def _known_to_differ(
    judge: Judge, ratio: Figure, pair: tuple[Figure, Figure], computed: Interval, rule: dict[str, str]
) -> bool:
    """Whether a rate is of an average that is not printed, and as near as that leaves it; or far off."""
    if not rule["slack"] or computed.meets(ratio.interval):
        return False
    quotient = pair[0].middle / pair[1].middle
    off = abs(quotient / ratio.middle - 1) if ratio.middle else Fraction(1)
    return not Fraction(int(rule["slack"]), 100) < off < 1 or not judge.figures.same_sentence(ratio, pair[0])


def _beside(judge: Judge, ratio: Figure, name: str) -> Figure | None:
    """The nearest amount before a rate whose indicator is of a name, of one body and period."""
    found = [
        figure
        for figure in judge.figures.around(ratio)
        if figure.claim.kind in ("amount", "count")
        and figure.claim.end <= ratio.claim.start
        and re.fullmatch(name, core(figure.claim.indicator))
        and (figure.claim.period in ("", ratio.claim.period) or "末" in figure.claim.period)
        and positive(figure.interval)
    ]
    return found[-1] if found else None


def success_rates(judge: Judge) -> Iterator[Finding]:
    """调处187起，成功183起，成功率97.9%: a rate named after a count is that over an earlier count."""
    for ratio in judge.figures.of_kind("rate", "completion"):
        stem = _STEM.search(judge.layout.lead(ratio.claim.start))
        if not stem or ratio.claim.whole is not None:
            continue
        counts = [
            one
            for one in judge.figures.in_sentence(ratio.claim.start)
            if one.claim.kind == "count" and one.claim.end <= ratio.claim.start
        ]
        part = counts[-1] if counts else None
        wholes = [one for one in counts[:-1] if part and divisible(part, one)]
        named = part and wholes and stem[1] not in words("own_rates") and _names_it(judge, ratio, part, stem)
        if part and named:
            yield from _rate_of(judge, ratio, part, wholes)


def _names_it(judge: Judge, ratio: Figure, part: Figure, stem: re.Match[str]) -> bool:
    """Whether a rate is of that count: 按期结案率 is of something else than 结案."""
    told = judge.layout.lead(part.claim.start)
    own = judge.layout.lead(ratio.claim.start)[: stem.start()]
    return stem[1] in told and own in told


def _rate_of(judge: Judge, ratio: Figure, part: Figure, wholes: list[Figure]) -> Iterator[Finding]:
    """The rate against the count that gives it, else against the last one before its part."""
    fitting = [one for one in wholes if (part.interval / one.interval or one.interval).meets(ratio.interval)]
    whole = fitting[-1] if fitting else wholes[-1]
    computed = part.interval / whole.interval
    if computed is None or computed.low is None or computed.low > 2 or whole.claim.part_of is not None:
        return
    yield divided(judge, "share", ratio, part, whole, "error" if len(wholes) == 1 else "warning")


def completions(judge: Judge) -> Iterator[Finding]:
    """A completion is what was done over the plan: the one printed beside it, or the one elsewhere."""
    for ratio in judge.figures.of_kind("completion"):
        yield from _quotient(judge, "completion-implied", ratio)
        yield from _plan_before(judge, ratio)
        yield from _implied_plan(judge, ratio)


def _quotient(judge: Judge, check: str, ratio: Figure) -> Iterator[Finding]:
    pair = pair_of(judge, ratio)
    if not pair or pair[0].id == pair[1].id:
        return
    part, whole = pair
    computed = part.interval / whole.interval
    if computed is None:
        return
    failing = verdict(ratio.interval, computed) == "fails"
    if failing and (_misread(ratio, computed) or other_total(judge, ratio, part, whole)):
        return
    other = printed_total(judge, ratio, part) if failing and check == "share" else None
    if other:
        yield divided(judge, check, ratio, part, other, "warning")
        return
    elsewhere = failing and check == "share" and implied_elsewhere(judge, ratio, part)
    if elsewhere or (failing and _doubtful(judge, ratio, part, whole, computed)):
        yield doubted(judge, check, ratio, part, whole, "question")
        return
    beside = judge.figures.same_sentence(ratio, part) and judge.figures.same_sentence(ratio, whole)
    yield divided(judge, check, ratio, part, whole, "error" if beside else "warning")


def pair_of(judge: Judge, ratio: Figure) -> tuple[Figure, Figure] | None:
    """The part and the whole that a ratio speaks of: those linked, or those beside it that give it."""
    part, whole = judge.figures.get(ratio.claim.relation_to), judge.figures.get(ratio.claim.whole)
    if not part or not whole or not divisible(part, whole):
        return None
    quotient = part.interval / whole.interval
    meets = quotient is not None and quotient.meets(ratio.interval)
    return (part, whole) if meets else _other_pair(judge, ratio, part, whole) or (part, whole)


def _other_pair(judge: Judge, ratio: Figure, part: Figure, whole: Figure) -> tuple[Figure, Figure] | None:
    """The figures beside it that give the ratio: it speaks of them, and its link is to blame."""
    near = [
        figure
        for figure in judge.figures.in_sentence(ratio.claim.start)
        if figure.id not in (ratio.id, part.id, whole.id) and divisible(figure, whole)
    ]
    pairs = [(figure, whole) for figure in near] + [(part, figure) for figure in near]
    for one, other in pairs:
        quotient = one.interval / other.interval if positive(other.interval) else None
        if quotient is not None and quotient.meets(ratio.interval):
            return one, other
    return None


def _misread(ratio: Figure, computed: Interval) -> bool:
    """A quotient more than twenty times off is of figures that have nothing to do with the ratio."""
    low, high = computed.low or Fraction(0), computed.high or Fraction(0)
    return low > 20 * abs(ratio.middle) or 20 * high < abs(ratio.middle)


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


def _plan_before(judge: Judge, ratio: Figure) -> Iterator[Finding]:
    """年度计划投资9.6亿元。…完成投资4.42亿元,占年度计划的46.0%: the one plan before it in its paragraph."""
    done = judge.figures.get(ratio.claim.relation_to)
    if not done or ratio.claim.whole is not None or not done.is_absolute or done.is_target:
        return
    plans = [
        one
        for one in judge.figures.around(done)
        if one.is_target and one.claim.end <= done.claim.start and divisible(done, one)
        and one.claim.indicator[-2:] == done.claim.indicator[-2:]
    ]  # fmt: skip
    quotient = done.interval / plans[0].interval if len(plans) == 1 else None
    if quotient is None or judge.figures.same_sentence(plans[0], done):
        return
    if quotient.meets(ratio.interval):
        yield divided(judge, "completion-implied", ratio, done, plans[0], "warning")
    elif ratio.middle / 2 < done.middle / plans[0].middle < ratio.middle * 2:
        yield doubted(judge, "completion-implied", ratio, done, plans[0], "question")


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


_STEM = re.compile(r"([\u4e00-\u9fff]{2})率(?:为|达到?|是)?$")
