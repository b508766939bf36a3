"""A numeral at a place of a running text, with its scale and inner approximator (10万多, 9个亿)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kaohe.quantities.numbers import DIGITS, SCALES, Number, NumberError, decimals_of, read_number

D = "[0-9０-９]"
_ONE_DIGIT = "零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖兩貳參陸"
_PLACE = f"{_ONE_DIGIT}十拾廿卅佰仟万亿萬億兆"
# 千 and 百 that begin a measure (千瓦, 百分点) do not end a numeral.
_HUNDRED, _THOUSAND = r"[百佰](?!\s?分\s?[点之])", "[千仟](?![瓦克米升伏卡赫兆])"
CHINESE = (
    rf"(?:[{_PLACE}]|{_HUNDRED}|{_THOUSAND})+"
    rf"(?:点[{_ONE_DIGIT}]+(?:[十万亿]|{_HUNDRED}|{_THOUSAND})*)?"
)
_FRACTION = rf"(?: ?[.．] ?{D}+)?"
ARABIC = (
    rf"(?:{D}{{1,3}}(?:,{D}{{3}})+(?!{D})"
    rf"|{D}{{1,3}}(?:，{D}{{3}})+(?!{D})"
    rf"|{D}{{1,3}}(?:[ \u00a0]{D}{{3}})+(?!{D})"
    rf"|(?<![\s0-9０-９])(?={D}{{1,3}} {D}){D}{{1,3}}(?: {D}{{1,3}})(?![0-9０-９ ])"
    rf"|{D}+){_FRACTION}"
)
_SCALE = r"[百千十]?\s?万\s?亿|[百千十]?\s?亿|[百千十]?\s?万"
SCALE = rf"{_SCALE}|{_HUNDRED}|{_THOUSAND}"
_TAIL = (
    r"\s?(?P<inner>[余餘多]|来(?=[个万亿家户人亩元天]))?"
    rf"(?:\s?个(?P<within>[多余])?(?=\s?(?:{_SCALE}|百\s?分\s?点)))?"
    rf"(?:\s?(?P<scale>万[多余]亿|{SCALE}))?"
    r"(?:\s?(?P<after>[余餘多](?!\s?[样种类方](?![植])|于|数)|来(?=[个家户人亩元吨])))?"
)
_ARABIC_AT = re.compile(ARABIC)
_CHINESE_AT = re.compile(CHINESE)
_TAIL_AT = re.compile(_TAIL)
_SCALE_AT = re.compile(SCALE)
_CHINESE_TAIL_AT = re.compile(_TAIL.replace("[余餘多]|", "[余餘多几]|", 1))
_MORE_PLACES = re.compile(rf"(?:{D}|[{_PLACE}百千])+(?:\.{D}+)?")
_LAST_SCALE = re.compile(r"(?<=.)(万亿|[亿億]|[万萬])$")
_PAIR = re.compile(r"([一二两三四五六七八])([二三四五六七八九])([十百千]?)(万?亿?)$")
_RUN = re.compile(rf"(?:{D}+(?:[.．]{D}+)*|[{_PLACE}百千])+")
_BARE = frozenset(("百", "千", "万", "亿", "百万", "千万", "百亿", "千亿", "万亿"))
_ARABIC_ONLY = str.maketrans("０１２３４５６７８９．", "0123456789.", ",， \u00a0\u3000")
_PLAIN_SCALE = str.maketrans("萬億佰仟", "万亿百千", " \n\u00a0\u3000")


@dataclass(frozen=True, slots=True)
class Numeral:
    """What stands at a place: the printed ``value`` before ``scale``; 10万多 is 10, 万, 多.

    ``bare`` marks a scale without a number (过亿元); ``parts`` the ends of 三五 and 七八十.
    """

    end: int
    value: Number
    decimals: int = 0
    scale: str = ""
    inner: str = ""
    chinese: bool = False
    bare: bool = False
    parts: tuple[Number, ...] = ()


def numeral_at(text: str, start: int) -> Numeral | None:
    """The longest numeral that begins at ``start``; None where none does.

    >>> numeral_at("投入10万多元", 2)  # doctest: +ELLIPSIS
    Numeral(end=6, value=Decimal('10'), decimals=0, scale='万', inner='多', chinese=False, bare=False, ...)
    >>> numeral_at("三千五百万元", 0).value, numeral_at("三千五百万元", 0).scale
    (Decimal('3500'), '万')
    """
    match = _ARABIC_AT.match(text, start)
    if match:
        return _arabic(text, match)
    match = _CHINESE_AT.match(text, start)
    return _chinese(text, match) if match else None


def run_end(text: str, start: int) -> int:
    """Where the characters of a numeral that begins at ``start`` end, whether it can be read or not."""
    match = _RUN.match(text, start)
    return match.end() if match else start + 1


def _arabic(text: str, match: re.Match[str]) -> Numeral | None:
    written = match[0]
    at_line_start = match.start() == 0 or text[match.start() - 1] == "\n"
    if at_line_start and re.search(r"[.．] ", written):
        return None
    longer = _several_scales(text, match)
    if longer:
        return longer
    end, scale, inner = _tail(_TAIL_AT, text, match.end())
    plain = written.translate(_ARABIC_ONLY)
    return Numeral(end, Decimal(plain), len(plain.partition(".")[2]), scale, inner)


def _several_scales(text: str, match: re.Match[str]) -> Numeral | None:
    """3亿5000万, 1万2千: the whole is one number in its last scale."""
    tail = _SCALE_AT.match(text, match.end())
    more = tail and _MORE_PLACES.match(text, tail.end())
    if not more or len(more[0]) < 2:
        return None
    try:
        return _in_last_scale(text, match.start(), more.end(), chinese=False)
    except NumberError:
        return None


def _chinese(text: str, match: re.Match[str]) -> Numeral | None:
    written = match[0]
    if len(written) > 1 and written[-1] in "两兩" and "点" not in written:
        return _weighed(text, match)
    if written in _BARE:
        end, _, inner = _tail(_TAIL_AT, text, match.end())
        return Numeral(end, Decimal(1), 0, written, inner, chinese=True, bare=True)
    try:
        return _pair(text, match) or _in_last_scale(text, match.start(), match.end(), chinese=True)
    except NumberError:
        return None


def _weighed(text: str, match: re.Match[str]) -> Numeral | None:
    """三十两, 两万两: the last 两 is the measure, since a number does not end in it."""
    try:
        found = _in_last_scale(text, match.start(), match.end() - 1, chinese=True)
    except NumberError:
        return None
    return replace(found, end=match.end() - 1, inner="")


def _in_last_scale(text: str, start: int, end: int, *, chinese: bool) -> Numeral:
    written = text[start:end]
    value, last = read_number(written), _LAST_SCALE.search(written)
    scale = last[1].translate(_PLAIN_SCALE) if last else ""
    decimals = decimals_of(written)
    if scale:
        size = 10**12 if scale == "万亿" else SCALES[scale]
        value = _divided(value, size)
    tail_end, more, inner = _tail(_CHINESE_TAIL_AT if chinese else _TAIL_AT, text, end)
    return Numeral(tail_end, value, decimals, scale or more, inner, chinese)


def _divided(value: Number, size: int) -> Number:
    """The value in a scale, without the zeros that the scale took up."""
    quotient = Fraction(value) / size
    places = next(places for places in range(400) if (quotient * 10**places).denominator == 1)
    return Decimal(int(quotient * 10**places)).scaleb(-places)


def _pair(text: str, match: re.Match[str]) -> Numeral | None:
    """三五, 七八十, 二三百万: two neighbouring digits mean from one to the other."""
    pair = _PAIR.match(match[0])
    if not pair or not 0 < DIGITS[pair[2]] - DIGITS[pair[1]] <= 2:
        return None
    size = SCALES.get(pair[3], 1)
    ends = tuple(Decimal(DIGITS[digit] * size) for digit in (pair[1], pair[2]))
    end, more, inner = _tail(_TAIL_AT, text, match.end())
    return Numeral(end, ends[0], 0, pair[4] or more, inner or "约", chinese=True, parts=ends)


def _tail(pattern: re.Pattern[str], text: str, end: int) -> tuple[int, str, str]:
    """Where the scale and the inner approximator after a numeral end, and what they are."""
    match = pattern.match(text, end)
    if not match or match.end() == end:
        return end, "", ""
    scale = (match["scale"] or "").translate(_PLAIN_SCALE).replace(" ", "").replace("\n", "")
    amid = scale[1] if scale[1:2] in ("多", "余") else ""
    scale = scale.replace(amid, "") if amid else scale
    inner = match["inner"] or match["within"] or amid or match["after"] or ""
    if not (inner or scale):
        return end, "", ""
    return match.end(), scale, {"餘": "余", "来": "约"}.get(inner, inner)
