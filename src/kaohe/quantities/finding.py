"""Quantities in a running text: a number with its measure, where it stands and what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kaohe.quantities.intervals import Interval, printed_interval
from kaohe.quantities.measures import measure_of
from kaohe.quantities.numbers import DIGITS, Number, NumberError, decimals_of, read_number, show_number
from kaohe.quantities.numerals import ARABIC, CHINESE, D, Numeral, numeral_at, run_end
from kaohe.quantities.surroundings import (
    Unit,
    approx_after,
    approx_before,
    assumed_measure,
    before_is_no_number,
    counts_something,
    currency_before,
    signed_start,
    stands_free,
    threshold_before,
    unit_at,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as printed: ``text[start:end]``, its value in ``measure``, its precision and approximator.

    ``value`` is a Decimal, or a Fraction for 三分之一. ``measure`` names a measure (see ``measure_of``);
    it is ``1`` for a fraction, ``比`` for a structure. ``parts`` holds the ends of a range (3—5万元) and
    the members of a structure (20.8:43.6:35.6). ``assumed`` marks a 元 that the text leaves out (9个亿).
    """

    start: int
    end: int
    text: str
    value: Number
    measure: str
    approx: str = ""
    decimals: int = 0
    parts: tuple[Number, ...] = ()
    chinese: bool = False
    assumed: bool = False

    @property
    def interval(self) -> Interval:
        """The values, in ``measure``, that the printed figure may stand for."""
        whole = printed_interval(self.value, self.decimals, self.approx)
        if self.measure == "比" or isinstance(self.value, Fraction):
            return Interval.point(self.value)
        for part in self.parts[1:]:
            whole = whole.joined(printed_interval(part, self.decimals, self.approx))
        return whole

    @property
    def part_intervals(self) -> tuple[Interval, ...]:
        """What each part of a range or structure may stand for."""
        return tuple(printed_interval(part, self.decimals, self.approx) for part in self.parts)

    @property
    def low(self) -> Fraction | None:
        """The least value that it may stand for; None without limit."""
        return self.interval.low

    @property
    def high(self) -> Fraction | None:
        """The greatest value that it may stand for; None without limit."""
        return self.interval.high

    @property
    def base(self) -> tuple[Number, str]:
        """The value with its multiplier folded in: 6.25亿元 → 625000000, 元; 41% → 0.41, 1."""
        measure = measure_of(self.measure)
        exact = Fraction(self.value) * measure.multiplier
        return exact, measure.plain


def find_quantities(text: str, *, durations: bool = False, numbers: bool = False) -> list[Quantity]:
    """The quantities of a running text, in order, without dates, ordinals, serials and names.

    Offsets are those of ``text``, half-open. Lengths of time (3个月) come only with ``durations``, and
    Arabic numbers without a measure (增长25,其中) only with ``numbers``, their measure empty.
    A figure is the number, its inner approximator (余, 多) and its measure; 约, 以上 stand in ``approx``.

    >>> found = find_quantities("1—9月产值6.25亿元,占比升13个百分点")
    >>> [(quantity.text, quantity.value, quantity.measure) for quantity in found]
    [('6.25亿元', Decimal('6.25'), '亿元'), ('13个百分点', Decimal('13'), '百分点')]
    >>> find_quantities("总投入100余万元")[0].interval
    Interval(low=Fraction(100, 1), high=Fraction(200, 1))
    """
    dense, places = _dense(text)
    found = _Scan(dense, durations, numbers).quantities()
    return list(found) if places is None else [_placed(text, places, quantity) for quantity in found]


def _dense(text: str) -> tuple[str, list[int] | None]:
    """The text without blanks inside Chinese numerals (一 百 五 十), and where each sign stood."""
    if not _BLANKS_INSIDE.search(text):
        return text, None
    dropped = {place for match in _BLANKS_INSIDE.finditer(text) for place in range(*match.span())}
    places = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in places), places


def _placed(text: str, places: list[int], quantity: Quantity) -> Quantity:
    start, end = places[quantity.start], places[quantity.end - 1] + 1
    return replace(quantity, start=start, end=end, text=text[start:end])


_IN_NUMERAL = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
_BLANKS_INSIDE = re.compile(
    rf"(?<=[{_IN_NUMERAL}点個个分之成])[ \u3000]+(?=[{_IN_NUMERAL}点个分之成折])"
    rf"|(?<=[0-9０-９])[ \u3000]+(?=(?:个\s*)?百\s*分\s*[点之]|[0-9]\s*[成折])"
)
_START = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾翻半“《\"‘「]")
_QUOTED = re.compile(
    r"“[^“”。；;，,\n]{1,24}”|\"[^\"。；;，,\n]{1,20}\"|‘[^‘’。；;，,\n]{1,24}’|「[^「」\n]{1,24}」"
)
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_DOUBLING = re.compile(r"翻(?:了)?番")
_HALF_RATIO = re.compile(r"半[成折](?![品熟年天员立])")
_HALF_OFF = re.compile(r"半(?![年天月日个时小决径数边截路夜])")
_TENTHS_MORE = re.compile(r"([一二三四五六七八九])(?=$|[，。,;；、\s的以左多])")
_HALF_POINT = re.compile(r"半\s?个\s?百\s?分\s?点")
_PART_OF = re.compile(rf"({CHINESE}|{D}+)\s?分之\s?({CHINESE}|{ARABIC})")
_PERCENT_OF = re.compile(rf"([百千])\s?分之\s?(百(?!分)|{CHINESE}|{ARABIC})([多余])?")
_RANGE_TO = re.compile(rf"\s?[—–―\-－~～至到]+\s?({CHINESE}|{ARABIC})")
_SLASHED = re.compile(rf"({D}{{1,3}})[/／]({D}{{1,3}})(?![/／0-9０-９年月日号])")
_MEMBER = rf"{D}+(?:[.．]{D}+)?"
_STRUCTURE = re.compile(rf"{_MEMBER}(?:\s?[:：∶]\s?{_MEMBER})+")
_COINS = re.compile(
    rf"({CHINESE}|{D}+)\s?[元圆块]\s?({CHINESE}|{D})\s?[角毛](?:\s?({CHINESE}|{D})\s?分(?:钱)?)?"
)
_BEFORE_SLASHED = frozenset("占约近达的到为了超过有少多降增剩足")
_AND = re.compile(r"\s?[、和与及]\s?(?=[0-9０-９])")
_FROM = re.compile(r"[从由自][^，。；,;]{0,12}$")
_DASH = re.compile(r"(?:\s?[(（]含[)）])?\s?[—–―\-－~～至到]+\s?")


class _Scan:
    """One pass over a text, numeral by numeral."""

    def __init__(self, text: str, durations: bool, numbers: bool) -> None:
        self.text, self.durations, self.numbers = text, durations, numbers
        self.quoted_until = 0

    def quantities(self) -> Iterator[Quantity]:
        place = 0
        while start := _START.search(self.text, place):
            found, place = self._at(start.start())
            if found:
                yield found

    def _at(self, start: int) -> tuple[Quantity | None, int]:
        character = self.text[start]
        if character in '“《"‘「':
            return None, self._opened(start)
        if character in "翻半":
            return self._word(start)
        if before_is_no_number(self.text, start):
            return None, run_end(self.text, start)
        found = self._fraction(start) or self._structure(start) or self._coins(start) or self._measured(start)
        if isinstance(found, Quantity):
            return found, found.end
        return None, found

    def _opened(self, start: int) -> int:
        title = _TITLE.match(self.text, start)
        if title:
            return title.end()
        quoted = _QUOTED.match(self.text, start)
        if quoted and start >= self.quoted_until:
            self.quoted_until = quoted.end() - 1
        return start + 1

    def _word(self, start: int) -> tuple[Quantity | None, int]:
        """翻番 and 半个百分点, which hold no numeral."""
        text = self.text
        match = (
            _DOUBLING.match(text, start) or _HALF_POINT.match(text, start) or _HALF_RATIO.match(text, start)
        )
        if not match or start < self.quoted_until:
            return None, start + 1
        if match[0][-1] in "成折":
            tenths = Decimal("0.5") if match[0][-1] == "成" else Decimal(5)
            return self._made(start, match.end(), tenths, match[0][-1], 1, chinese=True), match.end()
        half = match[0].startswith("半")
        value, measure = (Decimal("0.5"), "百分点") if half else (Decimal(1), "番")
        return self._made(start, match.end(), value, measure, int(half), chinese=True), match.end()

    def _fraction(self, start: int) -> Quantity | None:
        match = _PERCENT_OF.match(self.text, start)
        if match:
            return self._percent(match)
        match = _PART_OF.match(self.text, start)
        if match:
            return self._part(start, match.end(), match[0])
        match = _SLASHED.match(self.text, start)
        if match and self._is_share(match):
            return self._part(start, match.end(), match[0])
        if self.text.startswith("一半", start) and start >= self.quoted_until and self._tells_half(start):
            return self._made(start, start + 2, Decimal("0.5"), "1", chinese=True)
        return None

    def _tells_half(self, start: int) -> bool:
        """减少一半 and 占一半, not 一半用于."""
        beside = self.text[start - 1 : start] in _BEFORE_SLASHED
        return beside or self.text.startswith(("以上", "左右", "的", "多"), start + 2)

    def _is_share(self, match: re.Match[str]) -> bool:
        """占2/3 and 1/3以上, not the date or number 9/23."""
        beside = self.text[match.start() - 1 : match.start()] in _BEFORE_SLASHED
        followed = self.text.startswith(("以上", "以下", "左右", "的"), match.end())
        return (beside or followed) and 0 < int(match[1]) < int(match[2])

    def _percent(self, match: re.Match[str]) -> Quantity | None:
        """百分之二十五 is printed in %, so its value is 25; 百分之五十至六十 is a range."""
        parts = [_number(match[2])]
        end = match.end()
        beyond = _RANGE_TO.match(self.text, end)
        if beyond and not unit_at(self.text, beyond.end()):
            parts.append(_number(beyond[1]))
            end = beyond.end()
        if any(part is None for part in parts):
            return None
        values = tuple(part for part in parts if part is not None)
        sign = "%" if match[1] == "百" else "‰"
        ends = values if len(values) > 1 else ()
        decimals = decimals_of(match[2])
        return self._made(match.start(), end, values[0], sign, decimals, match[3] or "", ends, chinese=True)

    def _part(self, start: int, end: int, written: str) -> Quantity | None:
        try:
            value = Fraction(read_number(written))
        except NumberError:
            return None
        return self._made(start, end, value, "1", chinese=not written[0].isdecimal())

    def _structure(self, start: int) -> Quantity | int:
        """20.8:43.6:35.6, but not 9:30; a place to go on from where a time of day stands."""
        match = _STRUCTURE.match(self.text, start)
        if not match or (match[0].count(":") == 1 and unit_at(self.text, match.end())):
            return 0
        members = re.split(r"\s?[:：∶]\s?", match[0])
        parts = tuple(_number(member) or Decimal(0) for member in members)
        if not _is_structure(members, parts):
            return match.end() if _is_clock(members) else 0
        decimals = max(decimals_of(member) for member in members)
        return self._made(start, match.end(), parts[0], "比", decimals, parts=parts)

    def _coins(self, start: int) -> Quantity | None:
        """三元五角 is one amount."""
        match = _COINS.match(self.text, start)
        parts = [Fraction(_number(part) or 0) for part in match.groups("0")] if match else []
        if not match or any(part >= 10 for part in parts[1:]):
            return None
        value = parts[0] + parts[1] / 10 + parts[2] / 100
        decimals = 2 if match[3] else 1
        chinese = not match[1][0].isdecimal()
        printed = Decimal(int(value * 100)).scaleb(-2)
        return self._made(start, match.end(), printed, "元", decimals, chinese=chinese)

    def _measured(self, start: int) -> Quantity | int:
        first = numeral_at(self.text, start)
        if not first:
            return run_end(self.text, start)
        unit = unit_at(self.text, first.end)
        found = self._range(start, first, unit) or self._single(start, first, unit)
        if not found and first.chinese and self.text[first.end : first.end + 1].isdecimal():
            return first.end  # 队伍12支: 伍 is no numeral here, what follows is
        return found or max(first.end, run_end(self.text, start))

    def _range(self, start: int, first: Numeral, unit: Unit | None) -> Quantity | int:
        dash = _DASH.match(self.text, unit.end if unit else first.end)
        second = numeral_at(self.text, dash.end()) if dash else None
        if not dash or not second or (set("至到") & set(dash[0]) and self._moves(start, unit)):
            return 0
        other = unit_at(self.text, second.end) or self._left_out(dash.end(), second)
        low = _in_scale_of(first, second, unit)
        if not other or first.bare or second.bare or not low < second.value:
            return self._no_range(second, unit)
        if unit and unit.name != other.name:
            return 0
        if not self._accepts(start, second, other):
            return other.end
        decimals = max(_decimals(low), second.decimals)
        inner, ends = second.inner or first.inner, (low, second.value)
        return self._made(
            start, other.end, low, second.scale + other.name, decimals, inner, ends, first.chinese
        )

    def _left_out(self, start: int, numeral: Numeral) -> Unit | None:
        """The 元 that 2—3亿 leaves out."""
        if "亿" not in numeral.scale:
            return None
        name = assumed_measure(self.text, start, numeral).removeprefix(numeral.scale)
        return Unit(numeral.end, name, "any")

    def _no_range(self, second: Numeral, unit: Unit | None) -> int:
        """1—9月: neither end is a figure, so go on behind both."""
        plain = unit is None and not second.scale and not unit_at(self.text, second.end)
        return second.end if plain else 0

    def _moves(self, start: int, unit: Unit | None) -> bool:
        """从5%到8% tells a change, two figures; 3万到5万元 a range."""
        return unit is not None and bool(_FROM.search(self.text, max(0, start - 14), start))

    def _single(self, start: int, numeral: Numeral, unit: Unit | None) -> Quantity | int:
        symbol_start, symbol, sign = signed_start(self.text, start)
        if unit is None and not symbol:
            unit = self._shared_unit(numeral)
            if unit:
                parts = (numeral.decimals, numeral.inner, (), numeral.chinese, True)
                return self._made(start, numeral.end, numeral.value, unit.name, *parts)
        if unit is None:
            return self._without_unit(symbol_start if symbol else start, numeral, symbol, sign)
        if not self._accepts(start, numeral, unit):
            return unit.end
        value, end, decimals = self._continued(numeral, unit)
        if sign < 0 and (measure_of(unit.name).kind == "continuous" or symbol == "负"):
            start, value = symbol_start, -value
        elif symbol and sign > 0:
            start = symbol_start
        scale, value = _bare_hundreds(numeral, value)
        currency = currency_before(self.text, start) if unit.name == "元" else ""
        name = scale + (currency or unit.name)
        return self._made(start, end, value, name, decimals, numeral.inner, numeral.parts, numeral.chinese)

    def _continued(self, numeral: Numeral, unit: Unit) -> tuple[Number, int, int]:
        """The value with what follows its measure (三成半, 两米半, 七成六), where it ends, its decimals."""
        value, end = numeral.value, unit.end
        halved = unit.name == "成" and self.text.startswith("半", end)
        if halved or (_takes_half(unit, numeral) and _HALF_OFF.match(self.text, end)):
            return value + Decimal("0.5"), end + 1, 1  # type: ignore[operator]
        tenths = _TENTHS_MORE.match(self.text, end) if unit.name == "成" and numeral.chinese else None
        if tenths:
            return value + Decimal(DIGITS[tenths[1]]) / 10, tenths.end(), 1  # type: ignore[operator]
        if unit.name == "折" and value >= 10:
            return Decimal(value) / 10, end, numeral.decimals + 1  # type: ignore[arg-type]
        return value, end, numeral.decimals

    def _shared_unit(self, numeral: Numeral) -> Unit | None:
        """回落2.16和1.66个百分点: a decimal without a measure has that of the one it is joined to."""
        joined = _AND.match(self.text, numeral.end) if numeral.decimals and not numeral.scale else None
        second = numeral_at(self.text, joined.end()) if joined else None
        unit = unit_at(self.text, second.end) if second else None
        shared = unit and second and second.decimals and not second.scale and unit.after == "any"
        return unit if shared else None

    def _without_unit(self, start: int, numeral: Numeral, symbol: str, sign: int) -> Quantity | int:
        """9个亿, 5.3亿, ¥12,000: the measure is left out or stands in front."""
        if symbol not in ("", "-", "负"):
            name = numeral.scale + symbol
            return self._made(start, numeral.end, sign * numeral.value, name, numeral.decimals, numeral.inner)
        if self.numbers and not numeral.scale and stands_free(self.text, start, numeral):
            return self._made(start, numeral.end, sign * numeral.value, "", numeral.decimals, numeral.inner)
        if numeral.scale not in ("亿", "万亿", "万", "千万", "百万", "百亿", "千亿"):
            return 0
        if numeral.bare or start < self.quoted_until or (numeral.chinese and "亿" not in numeral.scale):
            return 0
        name = assumed_measure(self.text, start, numeral)
        value, assumed = numeral.value, name != numeral.scale
        rest = (numeral.decimals, numeral.inner, numeral.parts, numeral.chinese, assumed)
        return self._made(start, numeral.end, value, name, *rest)

    def _accepts(self, start: int, numeral: Numeral, unit: Unit) -> bool:
        if unit.after == "duration":
            years = unit.name == "年" and numeral.value >= 1000
            return (self.durations or "万" in numeral.scale) and not years
        if numeral.bare:
            return threshold_before(self.text, start, unit.end)
        discrete = measure_of(unit.name).kind == "discrete"
        if start < self.quoted_until and (numeral.chinese or (discrete and not numeral.scale)):
            return False
        return counts_something(self.text, start, numeral, unit)

    def _made(
        self, start: int, end: int, value: Number, measure: str, decimals: int = 0, inner: str = "",
        parts: tuple[Number, ...] = (), chinese: bool = False, assumed: bool = False,
    ) -> Quantity:  # fmt: skip
        text = self.text
        approx = inner or approx_after(text, end) or approx_before(text, start)
        return Quantity(
            start, end, text[start:end], value, measure, approx, decimals, parts, chinese, assumed
        )


def _number(written: str) -> Number | None:
    try:
        return Decimal(100) if written == "百" else read_number(written)
    except NumberError:
        return None


def _is_structure(members: list[str], parts: tuple[Number, ...]) -> bool:
    decimal = any("." in member or "．" in member for member in members)
    return decimal or (len(members) > 2 and (not _is_clock(members) or sum(parts) in (99, 100, 101)))


def _is_clock(members: list[str]) -> bool:
    return all(len(member) == 2 and member.isdecimal() for member in members[1:]) and len(members[0]) <= 2


def _in_scale_of(first: Numeral, second: Numeral, unit: Unit | None) -> Number:
    """The lower end of a range in the scale of the upper: in 3—5万元 both are 万, in 8000万—1亿元 not."""
    size = _place_of(second)
    if size and unit is None and first.chinese and first.value < 10 and first.value * size < second.value:
        return first.value * size
    alone = not first.scale and unit is None
    if first.scale == second.scale or (alone and first.value < second.value):
        return first.value
    exact = Fraction(first.value) * measure_of(first.scale).multiplier / measure_of(second.scale).multiplier
    return read_number(show_number(exact, comma=False)) if _is_decimal(exact) else exact


def _place_of(second: Numeral) -> int:
    """The place that 两到三千 leaves out of its lower end: 1000."""
    plain = second.chinese and not second.scale and second.value >= 10
    return next((size for size in (1000, 100, 10) if plain and second.value % size == 0), 0)


def _decimals(value: Number) -> int:
    return max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 6


def _is_decimal(value: Fraction) -> bool:
    return 10**6 % value.denominator == 0


def _takes_half(unit: Unit, numeral: Numeral) -> bool:
    """两米半, 三斤半."""
    measured = measure_of(unit.name).dimension in ("length", "mass", "area", "volume")
    return numeral.chinese and not numeral.scale and measured


def _bare_hundreds(numeral: Numeral, value: Number) -> tuple[str, Number]:
    """近百家 is 100家, 过亿元 is 1亿元."""
    if numeral.bare and numeral.scale in ("百", "千"):
        return "", Decimal(100 if numeral.scale == "百" else 1000)
    return numeral.scale, value
