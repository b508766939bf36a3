"""Words of time in titles and headers, and the months that they mean on a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kaohe.quantities import Period
from kaohe.quantities.numbers import DIGITS

Sort = Literal[
    "range", "month", "quarter", "half", "year", "upto", "month_end", "year_end",
    "cumulative", "this_month", "this_period", "last_month", "next_month", "year_start",
]  # fmt: skip

_M = r"(?:1[0-2]|0?[1-9](?!\d)|十[一二]?|[一二三四五六七八九])"
_TO = r"(?:[-—–―~─]{1,2}|至|到)"
_Y = (
    r"(?:(?P<year>(?:19|20)\d{2})(?:年度?|[.\-/](?=\d))|(?P<short>(?<!\d)\d{2})年"
    r"|(?P<relative>今年(?!以来)|本年度?|当年|去年|上年度?|上一年|前年)(?!初|末|底|同|均|产|结[转余存]))"
)
_PATTERN = re.compile(
    rf"{_Y}?(?:"
    rf"(?P<upto>截[至止]到?)(?:(?P<uy>(?:19|20)\d{{2}})年?[.\-/]?|今年|本年)?(?:(?P<um>{_M})[月.\-/](?:份|\d{{1,2}}[日号]?|[底末])?|(?P<now>目前|当前|本月|本期)(?:[底末])?)"
    rf"|(?P<first>{_M})月?份?{_TO}(?P<last>{_M}|本)(?:月份?(?:[底末])?|(?P<season>季度))"
    rf"|(?P<cumulative>(?:自)?年初至(?:今|本月|当月|报告期)|自年初累计|年初以来|今年以来|1{_TO}本月|本月止累计|本期止累计|止累计|本月止|本年止|本年累计|当年累计|今年累计|年度累计|年累计|本年止累计|累计)"
    r"|前(?P<quarters>[二三两23])个?季度|(?P<half>上|下)半年|第?(?P<quarter>[一二三四1-4])季(?:度末?|末)?(?!度)(?=$|[^一-龥])|第?(?P<q>[一二三四])季度|[Qq](?P<qq>[1-4])|首季"
    rf"|前(?P<months>{_M})个?月"
    rf"|(?P<month>{_M})月(?P<day>\d{{1,2}}[日号])?(?P<at>份?[底末])?份?"
    r"|(?P<whole>全年|年度|年终|全年度)"
    r"|(?P<thismonth>本月末?|当月|本月份|月末|当月末|期末|本期末)|(?P<thisperiod>本期|本季度?|报告期|本季末)"
    r"|(?P<nextmonth>下个?月|次月)|(?P<lastmonth>上月末?|上期末?)|(?P<yearend>上年末|上年底|去年底|去年末|(?<=年)[末底]|年末|年底)|(?P<yearstart>年初)"
    rf"|(?P<none>(?<=年)(?=\D|$)|(?<=年度)(?=\D|$)|(?<=今年)|(?<=去年)|(?<=上年)|(?<=当年)|(?<=本年))"
    r")"
)
_CHINESE_YEAR = re.compile(r"二[〇零○oO0][〇零○oO0一二三四五六七八九]{2}(?=年)")
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}(?:年度?)?")
_NUMERIC = re.compile(r"(?P<year>(?:19|20)\d{2})[.\-/年]?(?P<month>0[1-9]|1[0-2]|[1-9])(?:月|$)")
_OFFSETS = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "当年": 0,
    "去年": -1,
    "上年": -1,
    "上年度": -1,
    "上一年": -1,
    "前年": -2,
}


@dataclass(frozen=True, slots=True)
class When:
    """A word of time. ``year`` is printed, or ``offset`` counts from the sheet's year; ``relative`` is true
    where the word itself names a year (去年, 今年)."""

    sort: Sort
    first: int = 0
    last: int = 0
    year: int | None = None
    offset: int = 0
    relative: bool = False
    text: str = ""

    @property
    def has_month(self) -> bool:
        """Whether the word itself names its last month."""
        return self.last > 0 and self.sort not in ("year",)


@dataclass(frozen=True, slots=True)
class Moment:
    """The time a sheet is about: its year and months, as far as they are known."""

    year: int | None = None
    first: int = 0
    last: int = 0
    sort: Sort | Literal[""] = ""

    @property
    def is_cumulative(self) -> bool:
        """Whether the sheet as a whole runs from January on over more than one month."""
        return self.sort in ("range", "half", "upto") and self.first == 1


def take_times(text: str) -> tuple[str, tuple[When, ...]]:
    """The words of time in a plain text, and the text without them.

    >>> take_times("1-9月工业产值累计完成")[0]
    '工业产值完成'
    >>> [(w.sort, w.year, w.first, w.last) for w in take_times("2025年1—9月")[1]]
    [('range', 2025, 1, 9)]
    >>> take_times("三农工作")[1], take_times("去年1-9月")[1][0].offset
    ((), -1)
    """
    text = _CHINESE_YEAR.sub(lambda year: "".join(str(DIGITS.get(c, 0)) for c in year[0]), text)
    bare = _BARE_YEAR.fullmatch(text)
    if bare:
        return "", (When("year", 1, 12, int(text[:4]), text=text),)
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        month = int(numeric["month"])
        return "", (When("month", month, month, int(numeric["year"]), text=text),)
    found: list[When] = []
    kept: list[str] = []
    at = 0
    for match in _PATTERN.finditer(text):
        when = _meaning(match)
        if when is None or not match[0]:
            continue
        kept.append(text[at : match.start()])
        found.append(when)
        at = match.end()
    kept.append(text[at:])
    return "".join(kept), tuple(found)


def resolved(when: When, moment: Moment) -> Period | None:
    """The months that a word means on a sheet; None while year or month is not known."""
    year = when.year if when.year is not None else None if moment.year is None else moment.year + when.offset
    if year is None:
        return None
    last = moment.last
    match when.sort:
        case "year":
            return Period.of(year, 1, year, 12)
        case "range" | "quarter" | "half" | "month":
            end = when.last or last
            return Period.of(year, when.first, year, end) if end >= when.first else None
        case "upto":
            end = when.last or last
            return Period.of(year, 1, year, end) if end else None
        case "month_end":
            return Period.of(year, when.last)
        case "year_end":
            return Period.of(year, 12)
    if not last:
        return None
    match when.sort:
        case "cumulative":
            return Period.of(year, 1, year, last)
        case "this_month":
            return Period.of(year, last)
        case "this_period":
            return Period.of(year, moment.first, year, last)
        case "last_month":
            return Period.of(year, last).shifted(-1)
        case "next_month":
            return Period.of(year, last).shifted(1)
    return None


def _meaning(match: re.Match[str]) -> When | None:
    found = match.groupdict()
    year = _year(found)
    offset = _OFFSETS.get(found["relative"] or "", 0)
    sort, first, last = _part(match, found)
    if sort == "year" and not (found["year"] or found["short"] or found["relative"] or found["whole"]):
        return None
    relative = bool(found["relative"])
    if sort == "year_end" and match[0].startswith(("上年", "去年")):
        offset, relative = -1, True
    return When(sort, first, last, year, offset, relative, match[0])


def _year(found: dict[str, str | None]) -> int | None:
    if found["year"] or found["uy"]:
        return int(found["year"] or found["uy"] or 0)
    return 2000 + int(found["short"]) if found["short"] else None


def _part(match: re.Match[str], found: dict[str, str | None]) -> tuple[Sort, int, int]:
    if found["upto"]:
        return "upto", 1, _month(found["um"]) if found["um"] else 0
    if found["first"]:
        return _range(found)
    if found["cumulative"]:
        return "cumulative", 1, 0
    if found["quarters"]:
        return "range", 1, {"二": 6, "两": 6, "2": 6, "三": 9, "3": 9}[found["quarters"]]
    if found["half"]:
        return ("range", 1, 6) if found["half"] == "上" else ("half", 7, 12)
    quarter = found["quarter"] or found["q"] or found["qq"] or ("1" if "首季" in match[0] else "")
    if quarter:
        number = _month(quarter)
        end: Sort = "month_end" if match[0].endswith("末") else "quarter"
        return end, number * 3 - 2, number * 3
    if found["months"]:
        return "range", 1, _month(found["months"])
    if found["month"]:
        month = _month(found["month"])
        return ("month_end" if found["at"] else "month"), month, month
    return _relative(found)


def _range(found: dict[str, str | None]) -> tuple[Sort, int, int]:
    first = _month(found["first"] or "")
    if found["last"] == "本":
        return "cumulative", 1, 0
    last = _month(found["last"] or "")
    if found["season"]:
        return "range", first * 3 - 2, last * 3
    return ("range", first, last) if first < last else ("month", last, last)


def _relative(found: dict[str, str | None]) -> tuple[Sort, int, int]:
    words: tuple[tuple[str, Sort], ...] = (
        ("thismonth", "this_month"), ("thisperiod", "this_period"), ("lastmonth", "last_month"),
        ("nextmonth", "next_month"),
        ("yearend", "year_end"), ("yearstart", "year_start"),
    )  # fmt: skip
    for name, sort in words:
        if found[name]:
            return sort, 0, 0
    return "year", 1, 12


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text.startswith("十"):
        return 10 + (DIGITS[text[1]] if len(text) > 1 else 0)
    return DIGITS[text]
