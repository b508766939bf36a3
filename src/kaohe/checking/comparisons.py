"""A figure against the one that it is compared with: last year's, an earlier year's, the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.checking.figures import Figure, bare, comparable
from kaohe.checking.findings import Finding
from kaohe.checking.growth import BASE, change_between, changes_after
from kaohe.checking.judging import Judge, in_unit, positive, verdict
from kaohe.quantities import printed_interval

_MORE = re.compile(
    r"^(?:相比|的?水平)?[，,]?(?:净|共|已|还)?(?:超过|超额|超出|超|多出?|超收|高出?)(?:了|约)?$"
)
_LESS = re.compile(r"^(?:相比)?[，,]?(?:短|少|欠|短收|低)(?:了|约)?$")
_LAST = re.compile("去年|上年|上一年")


def last_year_beside(judge: Judge) -> Iterator[Finding]:
    """比去年同期的 X 增加 D、增长 g; 比计划目标 X 超过 D: D is amount − X, g is amount / X − 1."""
    for old in judge.figures.all:
        if (
            old.is_absolute
            and positive(old.interval)
            and BASE.search(judge.layout.before(old.claim.start, 50))
        ):
            yield from _against_base(judge, old)


def _against_base(judge: Judge, old: Figure) -> Iterator[Finding]:
    beside = judge.figures.in_sentence(old.claim.start)
    earlier = [one for one in beside if one.claim.end <= old.claim.start and one.is_absolute]
    now = earlier[-1] if earlier else None
    if not now or not comparable(now, old) or (now.is_target and not old.is_target):
        return
    later = tuple(one for one in beside if one.claim.start >= old.claim.end)[:3]
    yield from _excess(judge, old, now, later)
    if old.is_target:
        later = tuple(one for one in later if one.claim.kind == "delta")
    known = {now.id, old.id, None}
    told = [one for one in later if one.claim.relation_to in known]
    yield from changes_after(judge, old, now, tuple(told))


def _excess(judge: Judge, old: Figure, now: Figure, later: tuple[Figure, ...]) -> Iterator[Finding]:
    """超过1070亿元 is read as an amount; here it is what lies between both."""
    change = later[0] if later else None
    if not change or change.claim.base_unit != now.claim.base_unit or change.claim.kind == "delta":
        return
    lead = judge.layout.words(old.claim.end, change.claim.start)
    sign = 1 if _MORE.search(lead) else -1 if _LESS.search(lead) else 0
    if not sign:
        return
    yield _difference(judge, old, now, change, sign)


def _difference(judge: Judge, old: Figure, now: Figure, change: Figure, sign: int) -> Finding:
    printed = printed_interval(change.claim.numbers[0], change.claim.decimals)
    computed = in_unit(now.interval - old.interval, change.claim.unit) * sign
    judged = verdict(printed, computed)
    values = {"old": old.claim.text, "new": now.claim.text, "stated": change.claim.text}
    return judge.judged("delta", "from_to", judged, (change, old, now), values, computed, change.claim.unit)


def beyond_plan(judge: Judge) -> Iterator[Finding]:
    """占任务280万元的102.3%,超收6.4万元: what was done less the plan of the completion before it."""
    for ratio in judge.figures.of_kind("completion"):
        done, plan = judge.figures.get(ratio.claim.relation_to), judge.figures.get(ratio.claim.whole)
        if done and plan and comparable(done, plan):
            later = judge.figures.between(ratio.claim.start, ratio.claim.end + 24)
            change = later[0] if later else None
            lead = judge.layout.words(ratio.claim.end, change.claim.start) if change else ""
            sign = 1 if _MORE.search(lead) else -1 if _LESS.search(lead) else 0
            if change and sign and change.claim.base_unit == done.claim.base_unit:
                yield _difference(judge, plan, done, change, sign)


def two_years(judge: Judge) -> Iterator[Finding]:
    """去年存栏42.6万头,今年存栏38.2万头,下降10.3%: the growth of the second over the first."""
    for change in judge.figures.of_kind("growth", "delta"):
        now = judge.figures.get(change.claim.relation_to)
        if now and now.is_absolute and judge.figures.same_sentence(now, change):
            old = _last_years(judge, now)
            if old and now.claim.end <= change.claim.start:
                lead = judge.layout.words(now.claim.end, change.claim.start)
                yield from change_between(judge, old, now, change, lead)


def _last_years(judge: Judge, now: Figure) -> Figure | None:
    """The like figure right before it in its sentence that is of last year, when it is not."""
    beside = judge.figures.in_sentence(now.claim.start)
    before = [one for one in beside if one.claim.end <= now.claim.start and one.is_absolute]
    old = before[-1] if before else None
    if not old or not comparable(old, now) or not positive(old.interval):
        return None
    names = sorted((bare(old.claim.indicator), bare(now.claim.indicator)), key=len)
    alike = len(names[0]) > 1 and names[1].endswith(names[0])
    between = judge.layout.words(old.claim.end, now.claim.start)
    return old if alike and _of_last_year(judge, old, now) and len(between) < 24 else None


def _of_last_year(judge: Judge, old: Figure, now: Figure) -> bool:
    lead = judge.layout.before(old.claim.start, 24)
    compared = re.search("[比较同]", lead)
    return bool(_LAST.search(lead)) and not compared and not _LAST.search(now.claim.period)
