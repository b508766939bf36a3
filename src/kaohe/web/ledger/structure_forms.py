"""A pasted list of holidays, read into the days of the holiday table."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kaohe.web.ledger.models import Holiday
from kaohe.web.ledger.structure_actions import Refused

_DAY = r"(?:(?P<{0}y>\d{{4}})[年./-])?(?P<{0}m>\d{{1,2}})[月./-](?P<{0}d>\d{{1,2}})[日号]?"
_SHORT = r"(?:(?P<zs>\d{1,2})[日号])"
_RANGE = re.compile(
    rf"\s*{_DAY.format('a')}(?:\s*(?:至|到|—|–|~|～|-)\s*(?:{_DAY.format('z')}|{_SHORT}))?(?:[（(][^）)]*[）)])?"
)
_WORKING = re.compile("上班|工作")
_KIND = re.compile("调休上班|正常上班|补班|上班|放假调休|放假|调休|休息|工作日")
_LONGEST = 20


def holidays_of(text: str, year: int) -> list[Holiday]:
    """The days of a pasted list: a line a day or a span, 放假 or 上班, and what it is called.

    ``10月1日至7日 放假 国庆节``, ``2005-10-08 上班``; without a year the day is in ``year``. Raises
    ``Refused`` with every line that cannot be read; nothing is then taken over.
    """
    days, errors = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            days += _days_of(line, year)
        except ValueError as error:
            errors.append(_("第 %(number)s 行：%(why)s") % {"number": number, "why": error})
    if errors:
        raise Refused("；".join(errors))
    return days


def _days_of(line: str, year: int) -> list[Holiday]:
    found = _RANGE.match(line)
    if found is None:
        raise ValueError(_("没有读到日期，应如“10月1日至7日 放假 国庆节”"))
    first, last = _ends(found, year)
    rest = line[found.end() :]
    working = bool(_WORKING.search(rest))
    name = _KIND.sub("", rest).strip(" \t,，、：:;；。")
    if not 0 <= (last - first).days < _LONGEST:
        raise ValueError(_("起止日期不对，一段最多 20 天"))
    span = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [Holiday(day=day, working=working, name=name[:30]) for day in span]


def _ends(found: re.Match[str], year: int) -> tuple[date, date]:
    told = found.groupdict()
    try:
        first = date(int(told["ay"] or year), int(told["am"]), int(told["ad"]))
        if told["zs"]:
            return first, first.replace(day=int(told["zs"]))
        if told["zm"]:
            return first, date(int(told["zy"] or first.year), int(told["zm"]), int(told["zd"]))
    except ValueError:
        raise ValueError(_("没有这一天")) from None
    return first, first
