"""Changes against the figures before and after them: growth, increase, percentage points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure
from kaohe.checking.findings import Finding, Severity
from kaohe.checking.judging import Judge, in_unit, positive, range_text, value_text, verdict
from kaohe.checking.vocabulary import any_of
from kaohe.quantities import Interval

_TO = re.compile(
    r"(?:增|升|提|扩|发展|跃|达|降|减|缩|回落|下滑|增长|变)[^，,。；;]{0,6}?(?:到|至|为)(?:了|约|近)?(?:(?:19|20)\d\d年(?:底|末)?的?)?$"
)
_FROM = re.compile(r"(?:由|从)[^，,。；;]{0,18}$")
BASE = re.compile(
    r"[比较与同](?:[^，,。；;\d]{0,10}(?:19|20)\d\d年(?:[（(][^（）()\d]{0,30}[）)])?"
    r"|[^，,。；;\d]{0,4}(?:去年|上年|上一年|年初|上年末))[^，,。；;\d增减多少超降]{0,16}$"
    r"|[比较][^，,。；;\d]{0,10}(?:计划|目标|预算|任务|要求)[^，,。；;\d增减多少超降]{0,10}$"
)
"""What stands before a figure that another is compared with: 比2010年…的, 比计划目标."""
_YEARLY = re.compile("年均|平均|递增|每年")
_GROWS = re.compile("增|提高|上升|扩大|涨")
_REAL = re.compile("可比|同口径|不变价|扣除|剔除|实际增|价格因素|按现行|折合")


def increases(judge: Judge) -> Iterator[Finding]:
    """A growth rate is the increase over what was there before: amount − increase."""
    for about in judge.figures.about:
        now = judge.figures.get(about)
        if now and now.is_absolute and positive(now.interval):
            yield from _growth_of_increase(judge, now)


def _growth_of_increase(judge: Judge, now: Figure) -> Iterator[Finding]:
    delta, rate = judge.figures.told_of(now, "delta"), judge.figures.told_of(now, "growth")
    if not delta or not rate or delta.claim.base_unit != now.claim.base_unit or "番" in rate.claim.text:
        return
    computed = growth_interval(now.interval, delta.interval)
    if computed is None or not judge.figures.same_sentence(delta, rate):
        return
    compared = BASE.search(judge.layout.before(now.claim.start, 50))
    if compared or _bases_differ(judge, delta, rate) or comparison_base(judge, delta) == "plan":
        return
    before = now.middle - delta.middle
    values = {
        "now": now.claim.text,
        "delta": delta.claim.text,
        "before": value_text(before, now.claim.unit, 2),
        "value": value_text(delta.middle / before, rate.claim.unit, 1) if before else "?",
    }
    if verdict(rate.interval, computed) != "holds" and _on_present(now, delta, rate):
        shown = in_unit(computed, rate.claim.unit)
        values |= {"stated": rate.claim.text, "computed": range_text(shown, rate.claim.unit)}
        places = [rate.place, now.place, delta.place]
        yield judge.asks("growth-implied", "increase.unsure", places, values, rate.claim.text, shown, "%")
        return
    yield from _growth_finding(judge, "increase", rate, computed, (now, delta), values)


def growth_interval(now: Interval, delta: Interval) -> Interval | None:
    """increase / (amount − increase), with each of its ends reached; None where it has none.

    >>> growth_interval(Interval.point(110), Interval.point(10))
    Interval(low=Fraction(1, 10), high=Fraction(1, 10))
    """
    if now.low is None or now.high is None or delta.low is None or delta.high is None:
        return None
    if now.low - delta.high <= 0:
        return None
    ends = [
        change / (amount - change) for change in (delta.low, delta.high) for amount in (now.low, now.high)
    ]
    return Interval(min(ends), max(ends))


def _on_present(now: Figure, delta: Figure, rate: Figure) -> bool:
    """Whether the rate is the increase over the amount itself: then that amount is the old one."""
    quotient = delta.interval / now.interval
    return quotient is not None and quotient.meets(rate.interval)


def _growth_finding(
    judge: Judge,
    key: str,
    rate: Figure,
    computed: Interval,
    others: tuple[Figure, ...],
    values: dict[str, str],
) -> Iterator[Finding]:
    """A rate at constant prices or on a comparable base does not follow from amounts at current prices."""
    judged = verdict(rate.interval, computed)
    if judged != "holds" and _REAL.search(judge.layout.words(*judge.layout.sentence(rate.claim.start))):
        return
    if judged == "fails" and is_real(judge, rate, others):
        gap = abs(rate.middle - (computed.low or Fraction(0)))
        if gap > Fraction(1, 5):
            shown = in_unit(computed, rate.claim.unit)
            told = values | {"stated": rate.claim.text, "computed": range_text(shown, rate.claim.unit)}
            places = [rate.place, *(other.place for other in others)]
            yield judge.asks("growth-implied", f"{key}.unsure", places, told, rate.claim.text, shown, "%")
        return
    yield judge.compared("growth-implied", key, rate, computed, others, values, "error")


def is_real(judge: Judge, rate: Figure, others: tuple[Figure, ...]) -> bool:
    names = [rate.claim.indicator, *(other.claim.indicator for other in others)]
    sentence = judge.layout.sentence(rate.claim.start)
    if any("能耗" in name for name in names):
        return False
    return bool(_REAL.search(judge.layout.words(*sentence))) or any(
        _REAL_GROWTH.search(name) for name in names
    )


def _bases_differ(judge: Judge, first: Figure, second: Figure) -> bool:
    return comparison_base(judge, first) != comparison_base(judge, second)


def comparison_base(judge: Judge, change: Figure) -> str:
    """What a change is measured from, by the last words of its sentence that say so: 同比, 比年初 …"""
    before = judge.layout.words(judge.layout.sentence(change.claim.start)[0], change.claim.start)
    found = ""
    for match in _BASES.finditer(before):
        found = match.lastgroup or match[0]
        found = match[0] if found == "other" else found
    return found


def from_to(judge: Judge) -> Iterator[Finding]:
    """由 X 增加到 Y: the increase is Y − X, the growth Y/X − 1, the yearly growth its n-th root."""
    figures = judge.figures.all
    for at in range(len(figures) - 1):
        old, new = figures[at], figures[at + 1]
        if old.claim.base_unit == new.claim.base_unit and _moves(judge, old, new):
            yield from changes_after(judge, old, new, figures[at + 2 : at + 5])


def _moves(judge: Judge, old: Figure, new: Figure) -> bool:
    between = judge.layout.words(old.claim.end, new.claim.start)
    same = old.is_absolute == new.is_absolute and judge.figures.same_sentence(old, new)
    if not same or len(between) > 24 or not _TO.search(between):
        return False
    return bool(_FROM.search(judge.layout.before(old.claim.start, 30)))


def changes_after(judge: Judge, old: Figure, new: Figure, following: tuple[Figure, ...]) -> Iterator[Finding]:
    """The changes told right after two figures, each against what both give."""
    seen = max(old.claim.end, new.claim.end)
    for change in following:
        lead = judge.layout.words(seen, change.claim.start)
        if not judge.figures.same_sentence(new, change) or len(lead) > 14 or "其中" in lead:
            return
        if change.claim.relation_to not in (None, new.id, old.id):
            return
        yield from change_between(judge, old, new, change, lead)
        seen = change.claim.end
        if change.is_absolute:
            return


def change_between(judge: Judge, old: Figure, new: Figure, change: Figure, lead: str) -> Iterator[Finding]:
    values = {"old": old.claim.text, "new": new.claim.text}
    kind, told = change.claim.kind, (old, new)
    yearly, times = bool(_YEARLY.search(lead)), change.claim.unit == "倍" and not _GROWS.search(lead)
    if times or (yearly and kind != "growth"):
        return
    if kind == "growth" and "番" not in change.claim.text and positive(old.interval):
        yield from _from_to_growth(judge, old, new, change, lead, values)
    elif kind == "delta" and change.claim.base_unit == new.claim.base_unit:
        computed = signed_as(change, new.interval - old.interval)
        yield judge.compared("delta", "from_to", change, computed, told, values)
    elif kind == "delta_pp" and not new.is_absolute:
        computed = signed_as(change, (new.interval - old.interval) * 100)
        yield judge.compared("delta", "from_to", change, computed, told, values)


def signed_as(change: Figure, computed: Interval) -> Interval:
    """下降2个百分点 is negative when its claim says down; else only the size is told."""
    negative = computed.high is not None and computed.high < 0
    return -computed if negative and change.middle > 0 else computed


def _from_to_growth(
    judge: Judge, old: Figure, new: Figure, change: Figure, lead: str, values: dict[str, str]
) -> Iterator[Finding]:
    if not _YEARLY.search(lead):
        quotient = new.interval / old.interval
        if quotient is not None:
            computed = signed_as(change, quotient - 1)
            yield from _growth_finding(judge, "from_to", change, computed, (old, new), values)
        return
    years = _years_between(judge, old, new)
    bounds = (change.interval.low, change.interval.high)
    if is_real(judge, change, (old, new)) or not years:
        return
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > -1:
        # Compared as amounts, (1 + rate)^n × old, since an n-th root is not rational.
        factor = Interval((1 + bounds[0]) ** years, (1 + bounds[1]) ** years)
        reached = old.interval * factor
        told = values | {"rate": change.claim.text, "years": str(years)}
        near = verdict(new.interval, old.interval * _widened(bounds, years)) != "fails"
        if near and verdict(new.interval, reached) == "fails":
            # Yearly averages are often taken of comparable or revised amounts.
            shown = in_unit(reached, new.claim.unit)
            told |= {"stated": new.claim.text, "computed": range_text(shown, new.claim.unit)}
            places = [new.place, old.place, change.place]
            yield judge.asks("growth-implied", "average.unsure", places, told, new.claim.text, shown)
            return
        worst: Severity = "warning"
        yield judge.compared("growth-implied", "average", new, reached, (old, change), told, worst)


def _widened(bounds: tuple[Fraction | None, Fraction | None], years: int) -> Interval:
    """The growth over years at a yearly rate that is up to one percentage point off."""
    low, high = bounds[0] or Fraction(0), bounds[1] or Fraction(0)
    point = Fraction(1, 100)
    return Interval((1 + low - point) ** years, (1 + high + point) ** years)


def _years_between(judge: Judge, old: Figure, new: Figure) -> int:
    start, _ = judge.layout.sentence(old.claim.start)
    first = re.findall(r"((?:19|20)\d\d)年", judge.layout.words(start, old.claim.start))
    last = re.findall(r"((?:19|20)\d\d)年", judge.layout.words(old.claim.end, new.claim.start))
    if first and last:
        return int(last[-1]) - int(first[-1])
    return 0


_REAL_GROWTH = re.compile(any_of("real_growth"))
_BASES = re.compile(
    rf"(?P<year_start>{any_of('base_year_start')})|(?P<last_year>{any_of('base_last_year')})"
    rf"|(?P<previous>{any_of('base_previous')})|(?P<plan>{any_of('base_plan')})"
    r"|(?P<other>[比较](?:19|20)\d\d年|年均|平均每年)"
)
