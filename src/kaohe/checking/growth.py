"""Changes against the figures before and after them: growth, increase, percentage points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure, same_indicator
from kaohe.checking.findings import Finding, Severity
from kaohe.checking.judging import Judge, in_unit, positive, range_text, value_text, verdict
from kaohe.checking.vocabulary import any_of
from kaohe.quantities import Interval

_TO = re.compile(
    r"(?:增|升|提|扩|发展|跃|达|降|减|缩|回落|下滑|增长|变)[^，,。；;]{0,6}?(?:到|至|为)(?:了|约|近)?(?:(?:19|20)\d\d年(?:底|末)?的?)?$"
)
_FROM = re.compile(r"(?:由|从)[^，,。；;]{0,18}$")
_LAST_YEAR = re.compile(r"(?:去年|上年|上一年)(?:同期|全年|底)?的?(?:约|近)?$")
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
    if _bases_differ(judge, delta, rate) or comparison_base(judge, delta) == "plan":
        return
    judged = verdict(rate.interval, computed)
    if judged != "holds" and _on_present(now, delta, rate):
        return
    before = now.middle - delta.middle
    values = {
        "now": now.claim.text,
        "delta": delta.claim.text,
        "before": value_text(before, now.claim.unit, 2),
        "value": value_text(delta.middle / before, rate.claim.unit, 1) if before else "?",
    }
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
    if judged != "holds" and _REAL.search(judge.text, *judge.layout.sentence(rate.claim.start)):
        return
    if judged == "fails" and _is_real(judge, rate, others):
        gap = abs(rate.middle - (computed.low or Fraction(0)))
        if gap > Fraction(1, 5):
            shown = in_unit(computed, rate.claim.unit)
            told = values | {"stated": rate.claim.text, "computed": range_text(shown, rate.claim.unit)}
            places = [rate.place, *(other.place for other in others)]
            yield judge.asks("growth-implied", f"{key}.unsure", places, told, rate.claim.text, shown, "%")
        return
    yield judge.compared("growth-implied", key, rate, computed, others, values, "error")


def _is_real(judge: Judge, rate: Figure, others: tuple[Figure, ...]) -> bool:
    names = [rate.claim.indicator, *(other.claim.indicator for other in others)]
    sentence = judge.layout.sentence(rate.claim.start)
    return bool(_REAL.search(judge.text, *sentence)) or any(_REAL_GROWTH.search(name) for name in names)


def _bases_differ(judge: Judge, first: Figure, second: Figure) -> bool:
    return comparison_base(judge, first) != comparison_base(judge, second)


def comparison_base(judge: Judge, change: Figure) -> str:
    """What a change is measured from, by the last words of its sentence that say so: 同比, 比年初 …"""
    before = judge.text[judge.layout.sentence(change.claim.start)[0] : change.claim.start]
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
            yield from _changes_after(judge, old, new, figures[at + 2 : at + 5])


def _moves(judge: Judge, old: Figure, new: Figure) -> bool:
    between = judge.text[old.claim.end : new.claim.start]
    same = old.is_absolute == new.is_absolute and judge.figures.same_sentence(old, new)
    if not same or len(between) > 24 or not _TO.search(between):
        return False
    return bool(_FROM.search(judge.layout.before(old.claim.start, 30)))


def _changes_after(
    judge: Judge, old: Figure, new: Figure, following: tuple[Figure, ...]
) -> Iterator[Finding]:
    seen = new.claim.end
    for change in following:
        lead = judge.text[seen : change.claim.start]
        if not judge.figures.same_sentence(new, change) or len(lead) > 14 or "其中" in lead:
            return
        if change.claim.relation_to not in (None, new.id, old.id):
            return
        yield from _change(judge, old, new, change, lead)
        seen = change.claim.end
        if change.is_absolute:
            return


def _change(judge: Judge, old: Figure, new: Figure, change: Figure, lead: str) -> Iterator[Finding]:
    values = {"old": old.claim.text, "new": new.claim.text}
    kind, told = change.claim.kind, (old, new)
    yearly, times = bool(_YEARLY.search(lead)), change.claim.unit == "倍" and not _GROWS.search(lead)
    if times or (yearly and kind != "growth"):
        return
    if kind == "growth" and "番" not in change.claim.text and positive(old.interval):
        yield from _from_to_growth(judge, old, new, change, lead, values)
    elif kind == "delta" and change.claim.base_unit == new.claim.base_unit:
        computed = _signed_as(change, new.interval - old.interval)
        yield judge.compared("delta", "from_to", change, computed, told, values)
    elif kind == "delta_pp" and not new.is_absolute:
        computed = _signed_as(change, (new.interval - old.interval) * 100)
        yield judge.compared("delta", "from_to", change, computed, told, values)


def _signed_as(change: Figure, computed: Interval) -> Interval:
    """下降2个百分点 is negative when its claim says down; else only the size is told."""
    negative = computed.high is not None and computed.high < 0
    return -computed if negative and change.middle > 0 else computed


def _from_to_growth(
    judge: Judge, old: Figure, new: Figure, change: Figure, lead: str, values: dict[str, str]
) -> Iterator[Finding]:
    if not _YEARLY.search(lead):
        quotient = new.interval / old.interval
        if quotient is not None:
            computed = _signed_as(change, quotient - 1)
            yield from _growth_finding(judge, "from_to", change, computed, (old, new), values)
        return
    years = _years_between(judge, old, new)
    bounds = (change.interval.low, change.interval.high)
    if _is_real(judge, change, (old, new)) or not years:
        return
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > -1:
        # Compared as amounts, (1 + rate)^n × old, since an n-th root is not rational.
        factor = Interval((1 + bounds[0]) ** years, (1 + bounds[1]) ** years)
        reached = old.interval * factor
        told = values | {"rate": change.claim.text, "years": str(years)}
        worst: Severity = "warning"
        yield judge.compared("growth-implied", "average", new, reached, (old, change), told, worst)


def _years_between(judge: Judge, old: Figure, new: Figure) -> int:
    start, _ = judge.layout.sentence(old.claim.start)
    first = re.findall(r"((?:19|20)\d\d)年", judge.text[start : old.claim.start])
    last = re.findall(r"((?:19|20)\d\d)年", judge.text[old.claim.end : new.claim.start])
    if first and last:
        return int(last[-1]) - int(first[-1])
    return 0


def last_year_beside(judge: Judge) -> Iterator[Finding]:
    """比去年同期的 X 增加 D, 增长 g: amount − X is the increase, amount / X − 1 the growth."""
    for old in judge.figures.all:
        if (
            old.is_absolute
            and positive(old.interval)
            and _LAST_YEAR.search(judge.layout.before(old.claim.start))
        ):
            yield from _against_last_year(judge, old)


def _against_last_year(judge: Judge, old: Figure) -> Iterator[Finding]:
    beside = judge.figures.in_sentence(old.claim.start)
    earlier = [one for one in beside if one.claim.end <= old.claim.start and one.is_absolute]
    now = earlier[-1] if earlier else None
    if (
        not now
        or now.claim.base_unit != old.claim.base_unit
        or "比" not in judge.text[now.claim.end : old.claim.start]
    ):
        return
    if not same_indicator(now.claim.indicator, old.claim.indicator):
        return
    later = tuple(one for one in beside if one.claim.start >= old.claim.end)
    yield from _changes_after(judge, old, now, later[:3])


def parts_and_whole(judge: Judge) -> Iterator[Finding]:
    """What the parts had last year, or should reach, adds up to what the whole had, or should reach."""
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        if whole and len(parts) > 1 and _sum_of(parts).meets(whole.interval):
            yield from _implied_sums(judge, whole, parts, "growth", "growth-implied")
            yield from _implied_sums(judge, whole, parts, "completion", "completion-implied")
            yield from _sum_of_changes(judge, whole, parts)


def _sum_of(parts: tuple[Figure, ...]) -> Interval:
    whole = Interval.point(0)
    for part in parts:
        whole += part.interval
    return whole


def _implied_sums(
    judge: Judge, whole: Figure, parts: tuple[Figure, ...], kind: str, check: str
) -> Iterator[Finding]:
    ratios = [judge.figures.told_of(figure, kind) for figure in (whole, *parts)]
    told = [ratio for ratio in ratios if ratio is not None]
    if len(told) < len(ratios) or any("番" in ratio.claim.text for ratio in told):
        return
    if kind == "growth" and len({comparison_base(judge, ratio) for ratio in told} - {""}) > 1:
        return
    shift = 1 if kind == "growth" else 0
    implied = [
        figure.interval / (ratio.interval + shift)
        for figure, ratio in zip((whole, *parts), told, strict=True)
    ]
    bases = [base for base in implied if base is not None]
    if len(bases) < len(implied) or any(ratio.middle + shift <= 0 for ratio in told):
        return
    middles = [
        figure.middle / (ratio.middle + shift) for figure, ratio in zip((whole, *parts), told, strict=True)
    ]
    summed = Interval.point(0)
    for base in bases[1:]:
        summed += base
    judged = verdict(bases[0], summed)
    if (
        judged == "fails"
        and kind == "growth"
        and any(_is_real(judge, rate, (whole, *parts)) for rate in told)
    ):
        return
    unit = whole.claim.unit
    values = {
        "parts": " + ".join(value_text(middle, unit, 1).removesuffix(unit) for middle in middles[1:]),
        "sum": value_text(sum(middles[1:], Fraction(0)), unit, 1),
        "whole": value_text(middles[0], unit, 1),
    }  # fmt: skip
    places = [figure.place for pair in zip((whole, *parts), told, strict=True) for figure in pair]
    severity: Severity = "warning" if judged == "fails" else "info"
    yield judge.finding(
        check,
        judged,
        severity,
        f"sums.{judged}",
        places,
        values,
        values["whole"],
        in_unit(summed, unit),
        unit,
    )


def _sum_of_changes(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> Iterator[Finding]:
    changes = [judge.figures.told_of(figure, "delta") for figure in (whole, *parts)]
    told = [change for change in changes if change is not None]
    if len(told) < len(changes) or len({comparison_base(judge, change) for change in told} - {""}) > 1:
        return
    if len({change.claim.base_unit for change in told}) > 1:
        return
    computed = _sum_of(tuple(told[1:]))
    values = {"parts": " + ".join(change.claim.text for change in told[1:])}
    yield judge.compared("delta", "sums", told[0], computed, told[1:], values, "warning")


def share_moves(judge: Judge) -> Iterator[Finding]:
    """A share that moved by points while its whole grew tells how much its part grew."""
    for points in judge.figures.of_kind("delta_pp"):
        share = judge.figures.get(points.claim.relation_to)
        if share and share.claim.kind == "share":
            yield from _growth_of_part(judge, points, share)


def _growth_of_part(judge: Judge, points: Figure, share: Figure) -> Iterator[Finding]:
    part, whole = judge.figures.get(share.claim.relation_to), judge.figures.get(share.claim.whole)
    rate = judge.figures.told_of(whole, "growth") if whole else None
    before = share.interval - points.interval * Fraction(1, 100)
    if (
        not part
        or not whole
        or not rate
        or not positive(before)
        or not (before.high is not None and before.high < 1)
    ):
        return
    old_share, grew = share.middle - points.middle / 100, 1 + rate.middle
    was = (whole.interval / (rate.interval + 1) or whole.interval) * before
    quotient = part.interval / was
    if quotient is None or not 0 < old_share < 1 or grew <= 0:
        return
    grown = quotient - 1
    rest = (whole.middle - part.middle) * grew / (whole.middle * (1 - old_share)) - 1
    values = {
        "share": share.claim.text,
        "points": points.claim.text,
        "rate": rate.claim.text,
        "value": value_text(part.middle * grew / (whole.middle * old_share) - 1, "%", 0),
        "rest": value_text(rest, "%", 0),
    }
    stated = judge.figures.told_of(part, "growth")
    if stated and comparison_base(judge, stated) == comparison_base(judge, rate):
        judged = verdict(stated.interval, grown)
        if judged == "fails":
            shown = in_unit(grown, "%")
            told = values | {"stated": stated.claim.text, "computed": range_text(shown, "%")}
            places = [stated.place, share.place, points.place, rate.place]
            yield judge.asks(
                "growth-implied", "share_moves.unsure", places, told, stated.claim.text, shown, "%"
            )
            return
    places = [points.place, share.place, rate.place]
    yield judge.holds("growth-implied", "share_moves.holds", places, values, "", in_unit(grown, "%"), "%")


_REAL_GROWTH = re.compile(any_of("real_growth"))
_BASES = re.compile(
    rf"(?P<year_start>{any_of('base_year_start')})|(?P<last_year>{any_of('base_last_year')})"
    rf"|(?P<previous>{any_of('base_previous')})|(?P<plan>{any_of('base_plan')})"
    r"|(?P<other>[比较](?:19|20)\d\d年|年均|平均每年)"
)
