"""What no real figure could be, and figures that lost a part of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure, core
from kaohe.checking.findings import Finding, Place
from kaohe.checking.judging import Judge, in_unit, range_text, value_text
from kaohe.checking.vocabulary import any_of, rows
from kaohe.quantities import convert
from kaohe.quantities.measures import MeasureError


def taxes_of_sales(judge: Judge) -> Iterator[Finding]:
    """利税率 of the sales, less the profit, is the tax; it exceeds all revenue of the same body."""
    for rate in judge.figures.of_kind("rate"):
        sales = judge.figures.get(rate.claim.relation_to)
        if sales and re.search("利税率", rate.claim.indicator) and sales.is_absolute:
            yield from _implied_tax(judge, rate, sales)


def _implied_tax(judge: Judge, rate: Figure, sales: Figure) -> Iterator[Finding]:
    profit = _nearest(judge, sales, "利润")
    revenue = _nearest(judge, sales, "财政(?:总)?收入")
    if not profit or not revenue:
        return
    tax = sales.interval * rate.interval - profit.interval
    if tax.low is None or revenue.interval.high is None or tax.low <= revenue.interval.high:
        return
    unit = revenue.claim.unit
    values = {
        "rate": rate.claim.text,
        "sales": sales.claim.text,
        "profit": value_text(profit.middle, profit.claim.unit),
        "revenue": revenue.claim.text,
        "computed": range_text(in_unit(tax, unit), unit),
    }
    places = [figure.place for figure in (rate, sales, profit, revenue)]
    yield judge.asks("plausibility", "tax.unsure", places, values, rate.claim.text, in_unit(tax, unit), unit)


def _nearest(judge: Judge, to: Figure, name: str) -> Figure | None:
    """The figure of an indicator, of the same body and period, that stands nearest."""
    found = [
        figure
        for figure in judge.figures.of_kind("amount")
        if re.fullmatch(rf"{name}(?:总额)?", core(figure.claim.indicator))
        and figure.claim.base_unit == to.claim.base_unit
        and figure.claim.scope == to.claim.scope
        and figure.claim.period == to.claim.period
        and not figure.claim.role
    ]
    return min(found, key=lambda figure: abs(figure.claim.start - to.claim.start), default=None)


def impossible_ratios(judge: Judge) -> Iterator[Finding]:
    """A share, or a rate of coverage, above 100 %."""
    for ratio in judge.figures.of_kind("share", "rate"):
        low = ratio.interval.low
        bounded = ratio.claim.kind == "share" or _BOUNDED.search(ratio.claim.indicator)
        if (
            low is not None
            and low > 1
            and bounded
            and not _AGAINST.search(judge.layout.before(ratio.claim.start, 20))
            and ratio.claim.unit in ("%", "％")
            and not ratio.claim.role
        ):
            values = {"indicator": ratio.claim.indicator, "stated": ratio.claim.text}
            yield judge.fails("plausibility", "above.fails", [ratio.place], values, ratio.claim.text)


def ratios_of_losses(judge: Judge) -> Iterator[Finding]:
    """A completion of a loss says nothing: is more of it better or worse?"""
    for ratio in judge.figures.of_kind("completion"):
        figure = judge.figures.get(ratio.claim.relation_to)
        if figure and figure.claim.direction == "loss":
            values = {"figure": figure.claim.text, "stated": ratio.claim.text}
            yield judge.asks("plausibility", "loss.unsure", [ratio.place, figure.place], values)


def out_of_scale(judge: Judge) -> Iterator[Finding]:
    """More than any place of its level has: a township's 33165万吨 of grain is a slip of the measure."""
    for figure in judge.figures.of_kind("amount", "count", "quantity", "area"):
        level = _LEVELS.get(_level(figure.claim.scope))
        rule = next(
            (rule for rule in rows("scale") if re.search(rule["indicator"], figure.claim.indicator)), None
        )
        if level is None or rule is None or not rule[level] or figure.claim.role == "threshold":
            continue
        limit = _limit(rule, level, figure)
        if limit is not None and figure.interval.low is not None and figure.interval.low > limit:
            values = {
                "stated": figure.claim.text,
                "scope": figure.claim.scope,
                "limit": rule[level] + rule["measure"],
            }
            values["indicator"] = figure.claim.indicator
            yield judge.fails("plausibility", "scale.fails", [figure.place], values, figure.claim.text)


_LEVELS = {
    "村": "village",
    "镇": "town",
    "乡": "town",
    "街道": "town",
    "县": "county",
    "区": "county",
    "市": "city",
    "省": "province",
}


def _level(scope: str) -> str:
    return next(
        (
            word
            for word in ("街道", "村", "镇", "乡", "县", "区", "市", "省")
            if scope in (f"全{word}", f"我{word}")
        ),
        "",
    )


def _limit(rule: dict[str, str], level: str, figure: Figure) -> Fraction | None:
    try:
        return convert(Fraction(rule[level]), rule["measure"], figure.claim.base_unit)
    except MeasureError:
        return None


def lost_numbers(judge: Judge) -> Iterator[Finding]:
    """A unit whose number is missing (产值万元，), or a change whose % is missing (增长25，)."""
    text = judge.layout.body
    bare = [match.span("unit") for match in _BARE_UNIT.finditer(text)]
    for place in bare:
        yield judge.fails("unit-without-number", "number.fails", [place])
    lost = [match.span("number") for match in _BARE_CHANGE.finditer(text) if _is_bare(judge, text, match)]
    if lost:
        places: list[Place] = lost
        values = {"count": str(len(lost))}
        yield judge.fails("unit-without-number", "percent.fails", places, values)


def _has_no_measure(judge: Judge, match: re.Match[str]) -> bool:
    """性别比为111.3,较2010年下降6.8: an index has no measure, nor has its change."""
    lead = judge.layout.before(match.start("number"), 60)
    return bool(re.search(any_of("without_measure"), lead))


def _is_bare(judge: Judge, text: str, match: re.Match[str]) -> bool:
    """Whether a change really ends there: no list, no index, no line break inside its number or measure."""
    if _listed(text, match) or _has_no_measure(judge, match):
        return False
    at = match.end()
    return text[at : at + 1] != "\n" or judge.layout.paragraph(match.start())[1] <= at


def _listed(text: str, match: re.Match[str]) -> bool:
    """回落2.16、1.66个百分点: the measure follows the last of a list; a year or number of items has none."""
    return bool(re.match(r"(?:\s|[、和及—\-～~至到])+\d", text[match.end() : match.end() + 6]))


_AGAINST = re.compile(any_of("year_plan", "last_year"))
_BOUNDED = re.compile(any_of("bounded_rate"))
_BARE_UNIT = re.compile(
    rf"{any_of('money_noun')}(?:达到?|为|完成|实现|共)?\s?(?P<unit>(?:万|亿)(?:元|美元))(?=[，,。；;])"
)
_BARE_CHANGE = re.compile(
    rf"(?:{any_of('rate_verb')}(?:了|为|达到?)?)\s?(?P<number>\d{{1,3}}(?:\.\d{{1,2}})?)"
    r"[ 　]?(?=[，,。；;、\n])(?!,\d)"
)
