"""What a number format says of a number: percent, a date, a measure written behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Dated = Literal["", "day", "month", "year", "time"]

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """``suffix`` is what the format writes behind the number; ``scaled`` is true where it shows thousands."""

    percent: bool = False
    dated: Dated = ""
    suffix: str = ""
    scaled: bool = False


def built_in_format(number: int) -> str:
    """The format that a workbook names by number only."""
    return _BUILT_IN.get(number, "General")


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """What a format says.

    >>> number_format("0.0%").percent, number_format('0"月"').suffix, number_format('yyyy"年"m"月"').dated
    (True, '月', 'month')
    >>> number_format('#,##0.0,').scaled, number_format("_ * #,##0.00_ ;_ * -#,##0.00_ ").dated
    (True, '')
    """
    section = code.split(";")[0]
    if section.strip() in ("", "General", "@", "G/通用格式"):
        return NumberFormat()
    bare = _BRACKETS.sub("", section)
    marks = _LITERAL.sub("", bare)
    dated = _dated(marks)
    if dated:
        return NumberFormat(dated=dated)
    suffix = _suffix(bare)
    scaled = bool(re.search(r"[0#?],+(?![0#?,])", marks)) or bool(re.search(r"[!\\]\.", section))
    return NumberFormat(percent="%" in marks, suffix=suffix, scaled=scaled)


def _dated(marks: str) -> Dated:
    low = re.sub(r"general|e\+", "", marks.lower())
    if "0" in low.replace(".0", "") or "#" in low or "?" in low:
        return ""
    if "y" in low or "e" in low:
        return "day" if "d" in low else "month" if "m" in low else "year"
    if "d" in low:
        return "day"
    if "h" in low or "s" in low:
        return "time"
    return "month" if "m" in low else ""


def _suffix(bare: str) -> str:
    last = max(bare.rfind(char) for char in "0#?")
    if last < 0:
        return ""
    found = "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(bare[last + 1 :]))
    plain = re.sub(r"[\s%,.()]", "", _LITERAL.sub("", bare[last + 1 :]))
    return (found + plain).strip(" ()")
