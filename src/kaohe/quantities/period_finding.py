"""Periods in a running text: 1—9月, 前三季度, 今年以来, 去冬今春, “十一五”期间."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kaohe.quantities.numbers import read_number
from kaohe.quantities.periods import Period


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period as printed: ``text[start:end]``, and the months it means where that is known.

    ``cumulative`` is true from January on (1—9月, 上半年, 全年), false for a part of the year (9月,
    第三季度), None for a point in time (9月末) or where it cannot be told. ``relative`` says how the text
    depends on the year or month of writing: this_year, last_year, next_year, year_before_last,
    year_to_date, same_period_last_year, this_month, last_month, next_month.
    """

    start: int
    end: int
    text: str
    period: Period | None
    cumulative: bool | None = None
    relative: str | None = None


def find_periods(text: str, year: int | None = None) -> list[FoundPeriod]:
    """The periods of a running text, in order; single days are none.

    ``year`` is the year of writing: it gives 1—9月, 今年 and 去年 their months. Without it only periods
    with a printed year have months. 去冬今春 runs from November to April.

    >>> [(found.text, str(found.period), found.cumulative) for found in find_periods("1—9月比去年同期", 2005)]
    [('1—9月', '2005-01/2005-09', True), ('去年同期', 'None', None)]
    >>> str(find_periods("2005年1月至2006年3月")[0].period), str(find_periods("“十一五”期间")[0].period)
    ('2005-01/2006-03', '2006-01/2010-12')
    """
    return list(_found(text, year))


_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_MONTH = r"(?:1[0-2]|0?[1-9]|元|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇零○一二三四五六七八九]{3})"
_TO = r"\s?(?:[—–―\-－~～]+|至|到)\s?"
_COUNT = r"(?:1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九])"
_DAY = r"\s?\d{1,2}\s?[日号]"
_WHEN = (
    rf"(?:(?P<year>{_YEAR})\s?年度?\s?|(?P<short>\d{{2}})\s?年\s?(?={_MONTH}\s?(?:月|{_TO}))"
    r"|(?P<relative>今年|本年度?|当年|去年|上年度?|上一年|前年|明年|下年度?|(?<!年)来年(?!均))\s?)"
)
_PART = (
    rf"(?P<first>{_MONTH})\s?(?:月份?)?{_TO}(?P<next>次年|翌年)?(?P<last>{_MONTH})\s?月(?:份|[底末])?(?!{_DAY})"
    rf"|(?P<quarter1>[一二三四1-4]){_TO}(?P<quarter2>[一二三四1-4])季度"
    rf"|[前头](?P<quarters>{_COUNT})个?季度|(?:第\s?)?(?P<quarter>[一二三四1-4])季度(?P<quarterend>末)?|(?P<firstquarter>首季)度?"
    r"|(?P<lastquarter>最后一个季度)|(?P<half>[上下])半年(?!来)|(?P<whole>全年)"
    rf"|[前头首](?P<months>{_COUNT})个月"
    rf"|(?P<month>{_MONTH})\s?月(?P<at>份?[底末]|末)?(?:份|[上中下]旬|初)?(?!\s?\d{{1,2}}(?!\d))"
    r"|(?P<same>同期|同月)|(?P<since>以来)|(?P<yearend>(?:年)?[底末])(?!端)"
)
_SPECIAL = (
    rf"(?P<y1>{_YEAR})\s?年?\s?(?:(?P<m1>{_MONTH})\s?月(?:份)?)?{_TO}"
    rf"(?P<y2>{_YEAR})\s?年度?(?:\s?(?P<m2>{_MONTH})\s?月份?)?(?!{_DAY})"
    r"|(?P<iso>(?:19|20)\d{2}[-/.](?:0[1-9]|1[0-2]))(?![\d\-/.])"
    r"|(?P<winter>[去今]冬[今明]春)"
    r"|[“\"]?(?P<plan>[一二三四五六七八九十]{1,2}五)(?:[”\"](?:期间|时期|(?!普法))|期间|时期|(?=规划|计划))"
    r"|(?P<sinceyear>年初以来|截[至止]目前)|(?P<thismonth>[本当上下]月)(?!球)|(?P<atend>年[底末])(?=[，,、时前达全实]|$)"
)
_UPTO = r"(?P<upto>截[至止]到?(?:目前)?\s?)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _SPECIAL,
        f"{_UPTO}?{_WHEN}的?(?:{_PART})",
        f"{_UPTO}?{_WHEN}(?!代)",
        f"{_UPTO}?(?:{_PART})",
    )
)
_START = re.compile(r"[0-9元一二三四五六七八九十今本去上前明下全当截年头首最来第“\"]")
_DATE = re.compile(
    rf"{_YEAR}\s?[年\-/.]\s?{_MONTH}\s?[月\-/.]\s?\d{{1,2}}(?:\s?[日号])?(?!\d)|{_MONTH}\s?月{_DAY}"
)
_INSIDE_NUMBER = re.compile(r"[0-9.．第/：:]$")
_RELATIVE = {
    "今年": "this_year", "本年": "this_year", "当年": "this_year",
    "去年": "last_year", "上年": "last_year", "上一年": "last_year", "前年": "year_before_last",
    "明年": "next_year", "下年": "next_year", "来年": "next_year",
    "本月": "this_month", "当月": "this_month", "上月": "last_month", "下月": "next_month",
}  # fmt: skip
_OFFSET = {"this_year": 0, "last_year": -1, "year_before_last": -2, "next_year": 1}


def _found(text: str, year: int | None) -> Iterator[FoundPeriod]:
    plain = text.translate(_WIDTH)
    place = 0
    while start := _START.search(plain, place):
        at = start.start()
        date = _DATE.match(plain, at)
        match = None if date or _begins_inside(plain, at) else _first_match(plain, at)
        place = match.end() if match else date.end() if date else at + 1
        if match:
            yield _meaning(text, match, year)


def _first_match(plain: str, at: int) -> re.Match[str] | None:
    return next(filter(None, (pattern.match(plain, at) for pattern in _PATTERNS)), None)


def _begins_inside(plain: str, at: int) -> bool:
    """Whether the place lies inside a number (3月 in 13月) or an ordinal."""
    return plain[at] in "0123456789一二三四五六七八九十" and bool(
        _INSIDE_NUMBER.search(plain, max(0, at - 1), at)
        or (plain[at] in "一二三四五六七八九十" and plain[at - 1 : at] in tuple("一二三四五六七八九十百"))
    )


def _meaning(text: str, match: re.Match[str], year: int | None) -> FoundPeriod:
    groups = {name: value for name, value in match.groupdict().items() if value}
    relative = _RELATIVE.get(groups.get("relative", groups.get("thismonth", "")).removesuffix("度"))
    own = _own_year(groups, relative, year)
    period, cumulative = _months(groups, own, year)
    if "upto" in groups:
        period, cumulative = (period.year_to_date() if period else None), True
    relative = _comparison(groups, relative)
    return FoundPeriod(
        match.start(), match.end(), text[match.start() : match.end()], period, cumulative, relative
    )


def _comparison(groups: dict[str, str], relative: str | None) -> str | None:
    if "since" in groups or "sinceyear" in groups:
        return "year_to_date"
    if "same" in groups and relative == "last_year":
        return "same_period_last_year"
    return relative


def _own_year(groups: dict[str, str], relative: str | None, year: int | None) -> int | None:
    if "year" in groups:
        return int(read_number(groups["year"]))
    if "short" in groups:
        short = int(groups["short"])
        return short + (2000 if short < 50 else 1900)
    return None if year is None else year + _OFFSET.get(relative or "", 0)


_Reader = Callable[[dict[str, str], int], tuple[Period | None, bool | None]]


def _months(
    groups: dict[str, str], year: int | None, written: int | None
) -> tuple[Period | None, bool | None]:
    """The months, and whether they run from January, of what one match holds."""
    if "y1" in groups or "iso" in groups or "plan" in groups:
        return _printed_years(groups)
    if {"same", "since", "sinceyear", "thismonth"} & groups.keys():
        return None, True if {"since", "sinceyear"} & groups.keys() else None
    shape = next((name for name in _SHAPES if name in groups), "")
    period, cumulative = _SHAPES.get(shape, _whole_year)(groups, 2000 if year is None else year)
    return (None if year is None else period), cumulative


def _printed_years(groups: dict[str, str]) -> tuple[Period | None, bool | None]:
    if "iso" in groups:
        return Period.parse(groups["iso"].replace("/", "-").replace(".", "-")), False
    if "plan" in groups:
        first = 1951 + 5 * int(read_number(groups["plan"][:-1]))
        return Period.of(first, 1, first + 4, 12), None
    first, last = (int(read_number(groups[name])) for name in ("y1", "y2"))
    from_month, to_month = _month(groups.get("m1", "1")), _month(groups.get("m2", "12"))
    if (first, from_month) > (last, to_month):
        return None, None
    return Period.of(first, from_month, last, to_month), None


def _whole_year(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, 1, year, 12), True


def _month_range(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    first, last = _month(groups["first"]), _month(groups["last"])
    if "next" in groups:
        return Period.of(year, first, year + 1, last), None
    if first > last:
        return Period.of(year - 1, first, year, last), None
    return Period.of(year, first, year, last), first == 1 and last > 1


def _one_month(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, _month(groups["month"])), None if "at" in groups else False


def _first_months(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, 1, year, int(read_number(groups["months"]))), True


def _first_quarters(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    last = min(int(read_number(groups["quarters"])), 4)
    return Period.of(year, 1, year, last * 3), True


def _quarter_range(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    first, last = (int(read_number(groups[name])) for name in ("quarter1", "quarter2"))
    if first > last:
        return None, None
    return Period.of(year, first * 3 - 2, year, last * 3), first == 1


def _quarter(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    number = int(read_number(groups["quarter"]))
    if "quarterend" in groups:
        return Period.of(year, number * 3), None
    return Period.of(year, number * 3 - 2, year, number * 3), number == 1


def _first_quarter(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, 1, year, 3), True


def _last_quarter(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, 10, year, 12), False


def _half_year(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    upper = groups["half"] == "上"
    return Period.of(year, 1 if upper else 7, year, 6 if upper else 12), upper


def _year_end(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    return Period.of(year, 12), None


def _winter(groups: dict[str, str], year: int) -> tuple[Period | None, bool | None]:
    before = year - 1 if groups["winter"].startswith("去") else year
    return Period.of(before, 11, before + 1, 4), None


_SHAPES: dict[str, _Reader] = {
    "first": _month_range,
    "quarter1": _quarter_range,
    "quarters": _first_quarters,
    "quarter": _quarter,
    "firstquarter": _first_quarter,
    "lastquarter": _last_quarter,
    "half": _half_year,
    "months": _first_months,
    "month": _one_month,
    "yearend": _year_end,
    "atend": _year_end,
    "winter": _winter,
}


def _month(written: str) -> int:
    return 1 if written == "元" else int(read_number(written))
