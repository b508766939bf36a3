"""The month that a page is about: in the address, else the one asked for last, else the newest due."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kaohe.web.config.clock import today

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def asked_month(request: HttpRequest) -> str:
    """The month of the request (2005-09); it is remembered for the session."""
    asked = request.GET.get("month", "") or request.POST.get("month", "")
    if _MONTH.fullmatch(asked):
        if request.session.get("month") != asked:
            request.session["month"] = asked
        return asked
    return str(request.session.get("month", "")) or last_month()


def span_text(month: str) -> str:
    """The months of a year up to one, without the year: 1—9月; January alone is 1月."""
    number = int(month[5:])
    return _("1—%(number)s月") % {"number": number} if number > 1 else month_alone(month)


def month_alone(month: str) -> str:
    """A month without its year: 9月."""
    return _("%(number)s月") % {"number": int(month[5:])}


def last_month() -> str:
    """The month before today's: the one whose figures are collected now."""
    day = today()
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year:04d}-{month:02d}"


def month_after(month: str) -> str:
    """The month after, as text.

    >>> month_after("2005-12")
    '2006-01'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04d}-01" if number == 12 else f"{year:04d}-{number + 1:02d}"
