"""Three figures of which one is the product, or the difference, of the others: per head, yields, balances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from kaohe.checking.figures import Figure
from kaohe.checking.findings import Finding
from kaohe.checking.judging import Judge, in_unit, range_text, verdict
from kaohe.quantities import Interval, convert
from kaohe.quantities.measures import MeasureError

_EACH = re.compile("人均|户均|亩均|每[人户亩]|平均每|亩产|单产")
_PERIODIC = re.compile("[每月年日]?[月日]")
_YIELD = re.compile("亩产|单产")
_INCOME = re.compile("收入(?:合计|总计|总额)?$")
_EXPENSE = re.compile("支出(?:合计|总计|总额)?$")
_BALANCE = re.compile("^(?:当年|当期|本年|收支|年度)?(?:结余|盈余)$")


def per_head(judge: Judge) -> Iterator[Finding]:
    """An amount per head, or a yield per 亩, beside its total and its number is their quotient."""
    for each in judge.figures.of_kind("amount", "quantity"):
        lead = judge.layout.lead(each.claim.start)
        if not each.claim.role and (_EACH.search(each.claim.indicator[-8:]) or _EACH.search(lead[-8:])):
            beside = [
                one
                for one in judge.figures.in_sentence(each.claim.start)
                if one.id != each.id and one.is_absolute and not one.claim.role
            ]
            yield from _of_totals(judge, each, beside)


def _of_totals(judge: Judge, each: Figure, beside: list[Figure]) -> Iterator[Finding]:
    totals = [one for one in beside if one.claim.kind in ("amount", "quantity")]
    heads = [one for one in beside if one.claim.kind in _HEADS and one.middle > 0]
    made = [(one, number, _quotient(each, one, number)) for one, number in product(totals, heads)]
    known = [(one, number, quotient) for one, number, quotient in made if quotient is not None]
    fitting = [pair for pair in known if pair[2].meets(each.interval)]
    if fitting:
        places = [figure.place for figure in (each, *fitting[0][:2])]
        yield judge.holds("plausibility", "each.holds", places, _told(each, *fitting[0]))
    elif known:
        nearest = min(
            known, key=lambda pair: sum(abs(each.claim.start - one.claim.start) for one in pair[:2])
        )
        if _PERIODIC.search(judge.layout.lead(each.claim.start)[-8:]):
            return
        alone = len(known) == 1 and all(one.claim.end <= each.claim.start for one in nearest[:2])
        if alone or (len(heads) == 1 and _within(each, nearest[2])):
            yield _asked(judge, each, *nearest)


def _within(each: Figure, quotient: Interval) -> bool:
    """Whether a quotient is at least half of, and at most twice, what is printed."""
    low, high = quotient.low, quotient.high
    return low is not None and high is not None and low < 2 * each.middle and high > each.middle / 2


def _quotient(each: Figure, total: Figure, number: Figure) -> Interval | None:
    """The total over the number in the measure of the single amount; None for what cannot be so divided."""
    of_area = number.claim.kind == "area"
    if bool(_YIELD.search(each.claim.indicator)) != of_area:
        return None
    try:
        factor = convert(Fraction(1), total.claim.base_unit, each.claim.base_unit.split("/")[0])
        size = convert(Fraction(1), number.claim.base_unit, "亩") if of_area else Fraction(1)
    except MeasureError:
        return None
    quotient = total.interval / number.interval
    return None if quotient is None else quotient * (factor / size)


def _asked(judge: Judge, each: Figure, total: Figure, number: Figure, quotient: Interval) -> Finding:
    unit = each.claim.base_unit.split("/")[0]
    shown = in_unit(quotient, unit)
    values = _told(each, total, number, quotient)
    places = [figure.place for figure in (each, total, number)]
    return judge.asks("plausibility", "each.unsure", places, values, each.claim.text, shown, unit)


def _told(each: Figure, total: Figure, number: Figure, quotient: Interval) -> dict[str, str]:
    unit = each.claim.base_unit.split("/")[0]
    computed = range_text(in_unit(quotient, unit), unit)
    values = {"stated": each.claim.text, "money": total.claim.text, "heads": number.claim.text}
    return values | {"computed": computed}


_HEADS = ("count", "area")


_SURPLUS = re.compile("顺差")


def balances(judge: Judge) -> Iterator[Finding]:
    """收入 A, 支出 B, 当年结余 C: C is A − B; so is a 顺差 of 出口 and 进口."""
    figures = [one for one in judge.figures.all if one.is_absolute]
    for income, expense, rest in zip(figures, figures[1:], figures[2:], strict=False):
        if rest.claim.kind == "amount" and (names := _balanced(income, expense, rest)):
            same = len({one.claim.base_unit for one in (income, expense, rest)}) == 1
            if names and same and judge.figures.same_sentence(income, rest):
                yield _balance(judge, income, expense, rest)


def _balanced(income: Figure, expense: Figure, rest: Figure) -> bool:
    """Whether the names say that the third is the first less the second."""
    first, second, third = (one.claim.indicator for one in (income, expense, rest))
    if _SURPLUS.search(third):
        return bool(re.search("(?<!进)出口", first) and re.search("进口", second))
    return bool(_BALANCE.search(third) and _INCOME.search(first) and _EXPENSE.search(second))


def _balance(judge: Judge, income: Figure, expense: Figure, rest: Figure) -> Finding:
    computed = income.interval - expense.interval
    judged = verdict(rest.interval, computed)
    unit = rest.claim.unit
    values = {"income": income.claim.text, "expense": expense.claim.text}
    figures, printed = (rest, income, expense), in_unit(computed, unit)
    return judge.judged("delta", "balance", judged, figures, values, printed, unit, "warning")
