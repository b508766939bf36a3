"""One written number, read exactly, and one exact number, written for a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, localcontext
from fractions import Fraction
from math import prod

from kaohe.quantities.rounding import round_exact

Number = Decimal | Fraction
DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **dict(zip("○幺两兩倆俩貳參叄参陸", (0, 1, 2, 2, 2, 2, 2, 3, 3, 3, 6), strict=True)),
}
SCALES = {"兆": 10**12, "亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_SAME = str.maketrans(
    "０１２３４５６７８９．，％‰／（）－−–—﹣＋負萬億佰仟拾點個圆餘",
    "0123456789.,%‰/()-----+负万亿百千十点个元余",
)
_HALF_HUNDRED = "半百"
# 十余万, 一百零几万, 四百多: what the approximator adds is no part of the number written.
_APPROXIMATOR = re.compile(r"(?<=[\d十百千万亿零半])(?:零?[余餘多几幾来](?=[百千万亿])|[余餘多](?=$))")
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_EXPONENT = re.compile(r"(\d+(?:\.\d+)?)(?:[eE]|[×xX*]10\^?)([+-]?\d{1,3})")
_MIXED = re.compile(r"\s*([-−－+＋负]?)\s*([0-9０-９]+)\s+([0-9０-９]+)\s*[/／]\s*([0-9０-９]+)\s*")
# Longer numerals than this are no figures; within it nothing is ever rounded.
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
_MOST_SCALES = 30
_PERCENT = {"%": 100, "‰": 1000}


class NumberError(ValueError):
    """A text that is not one written number; the message names the text and the place (from 1)."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text, self.position = text, position
        super().__init__(f"{text!r} 第 {position} 个字符处不能读作数:{reason}")


@dataclass(frozen=True, slots=True)
class _Written:
    """A normalised text that remembers where each character stood in the original."""

    text: str
    places: tuple[int, ...]
    original: str

    def part(self, start: int, end: int | None = None) -> _Written:
        return _Written(self.text[start:end], self.places[start:end], self.original)

    def fail(self, reason: str, at: int = 0) -> NumberError:
        place = self.places[at] + 1 if at < len(self.places) else len(self.original) + 1
        return NumberError(self.original, place, reason)


def read_number(text: str, *, percent: bool = True, accounting: bool = False) -> Number:
    """The value of one written number: a Decimal, or a Fraction when it is written as one.

    Reads Arabic numerals of either width with thousands commas, Chinese numerals (plain, financial,
    digit by digit, colloquial 九万四), both mixed (3千, 1.5亿), signs, fractions (三分之一, 1/3,
    百分之二十五), 成 and 半. ``percent`` lets % and ‰ divide by 100 and 1000; ``accounting`` reads
    (12) as −12.

    Raises ``NumberError`` naming the text and the position.

    >>> read_number("负四十五亿零四百零四万"), read_number("１２,３４５.６"), read_number("九万四")
    (Decimal('-4504040000'), Decimal('12345.6'), Decimal('94000'))
    >>> read_number("三分之一"), read_number("(12)", accounting=True), read_number("三成半")
    (Fraction(1, 3), Decimal('-12'), Decimal('0.35'))
    """
    mixed = _MIXED.fullmatch(text)
    if mixed and int(mixed[4]):
        sign = -1 if mixed[1] and mixed[1] not in "+＋" else 1
        return sign * (int(mixed[2]) + Fraction(int(mixed[3]), int(mixed[4])))
    written = _normalised(text)
    if accounting and written.text.startswith("(") and written.text.endswith(")"):
        written = _Written("-" + written.text[1:-1], written.places[:-1], text)
    try:
        with localcontext(_EXACT):
            return _tidy(_signed(written, percent))
    except ArithmeticError as problem:
        raise written.fail("数字过长") from problem


def decimals_of(text: str) -> int:
    """How many decimals are printed in a number.

    >>> decimals_of("12,345.60"), decimals_of("三点一四"), decimals_of("九万四")
    (2, 2, 0)
    """
    plain = _normalised(text).text
    match = re.search(rf"[.点]([\d{''.join(DIGITS)}]+)", plain)
    return len(match[1]) if match else 0


def write_chinese(number: int) -> str:
    """A whole number of up to 10^16 in Chinese numerals, with 零 where a place is empty.

    >>> write_chinese(1005), write_chinese(-4504040000), write_chinese(15)
    ('一千零五', '负四十五亿零四百零四万', '十五')
    """
    if number < 0:
        return "负" + write_chinese(-number)
    written = _written_places(number) or "零"
    return written[1:] if written.startswith("一十") else written


def show_number(value: Number | int, decimals: int | None = None, comma: bool = True) -> str:
    """A number for tables and texts: comma from five digits, minus U+2212, decimals as reported.

    Without ``decimals`` all that the value has are shown (a Decimal keeps its zeros); a value
    without a finite decimal form is rounded half up at six.

    >>> show_number(Decimal("12345.60")), show_number(Decimal(1212)), show_number(Fraction(-7, 2), 2)
    ('12,345.60', '1212', '−3.50')
    """
    places = _own_decimals(value) if decimals is None else decimals
    scaled = int(round_exact(Fraction(value), places) * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    digits = f"{whole:,}" if comma and whole >= 10_000 else str(whole)
    fraction = f".{rest:0{places}d}" if places else ""
    return ("−" if scaled < 0 else "") + digits + fraction


def _own_decimals(value: Number | int) -> int:
    if isinstance(value, Decimal):
        return max(0, -int(value.as_tuple().exponent))
    exact = Fraction(value)
    return next((places for places in range(7) if (exact * 10**places).denominator == 1), 6)


def _written_places(number: int) -> str:
    for scale in (10**8, 10**4, 1000, 100, 10):
        if number >= scale:
            return _written_at(number, scale)
    return "零一二三四五六七八九"[number] if number else ""


def _written_at(number: int, scale: int) -> str:
    name = next(name for name, size in SCALES.items() if size == scale)
    high, low = divmod(number, scale)
    gap = "零" if low and low < scale // 10 else ""
    return _written_places(high) + name + gap + _written_places(low)


def _normalised(text: str) -> _Written:
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_SAME)):
        for plain in _TENS.get(character, character):
            if not plain.isspace():
                characters.append(plain)
                places.append(place)
    return _without_approximator(_Written("".join(characters), tuple(places), text))


def _without_approximator(written: _Written) -> _Written:
    match = _APPROXIMATOR.search(written.text)
    if not match:
        return written
    before = written.part(0, match.start())
    before = before.part(0, len(before.text.rstrip("零"))) if match.start() > 1 else before
    after = written.part(match.end())
    return _Written(before.text + after.text, before.places + after.places, written.original)


def _tidy(value: Number) -> Number:
    """A Decimal without exponent and, when it is whole, without the zeros that scaling left."""
    if isinstance(value, Fraction):
        return value
    whole = value == value.to_integral_value() and "E" in str(value)
    return value.quantize(Decimal(1)) if whole else value


def _signed(written: _Written, percent: bool) -> Number:
    if written.text.startswith(("-", "负")):
        return -_unsigned(written.part(1), percent)
    if written.text.startswith(("+", "正")):
        return _unsigned(written.part(1), percent)
    return _unsigned(written, percent)


def _unsigned(written: _Written, percent: bool) -> Number:
    if not written.text:
        raise written.fail("没有数字")
    if percent and written.text[-1] in _PERCENT:
        return _quotient(_plain(written.part(0, -1)), _PERCENT[written.text[-1]])
    if written.text == _HALF_HUNDRED:
        return Decimal(50)
    for sign, reader in _FORMS.items():
        place = written.text.find(sign)
        if place >= 0:
            return reader(written, place)
    return _plain(written)


def _quotient(value: Number, by: int) -> Number:
    return value / by if isinstance(value, Fraction) else value.scaleb(-len(str(by)) + 1)


def _fraction(written: _Written, place: int) -> Number:
    below, above = written.part(0, place), written.part(place + 2)
    whole = Fraction(0)
    if "又" in below.text:
        cut = below.text.index("又")
        whole, below = Fraction(_plain(below.part(0, cut))), below.part(cut + 1)
    sign = -1 if above.text.startswith(("-", "负")) else 1
    above = above if sign == 1 else above.part(1)
    parts = SCALES.get(below.text) or Fraction(_plain(below))
    return sign * (whole + _ratio(_numerator(above), Fraction(parts), below))


def _numerator(above: _Written) -> Fraction:
    return Fraction(SCALES.get(above.text) or _plain(above))


def _slash(written: _Written, place: int) -> Number:
    above, below = _plain(written.part(0, place)), _plain(written.part(place + 1))
    return _ratio(Fraction(above), Fraction(below), written.part(place + 1))


def _ratio(above: Fraction, below: Fraction, written: _Written) -> Fraction:
    if not below:
        raise written.fail("分母为零")
    return above / below


def _tenths(written: _Written, place: int) -> Number:
    whole, rest = written.part(0, place), written.part(place + 1)
    if rest.text not in ("", "半") and rest.text not in DIGITS:
        raise rest.fail("“成”后只能是“半”或一位数字")
    hundredths = 5 if rest.text == "半" else DIGITS.get(rest.text, 0)
    value = _plain(whole) / 10
    return value + Decimal(hundredths).scaleb(-2) if hundredths else value


def _half(written: _Written, place: int) -> Number:
    before, after = written.part(0, place).text.removesuffix("个"), written.text[place + 1 :]
    if after == "数":
        after = ""
    if after:
        raise written.fail("“半”后有多余文字", place + 1)
    if before in ("", "一") and not written.text.startswith("一个"):
        return Decimal("0.5")
    return _plain(written.part(0, len(before))) + Decimal("0.5")


_FORMS: dict[str, Callable[[_Written, int], Number]] = {
    "分之": _fraction,
    "/": _slash,
    "成": _tenths,
    "半": _half,
}


def _plain(written: _Written) -> Decimal:
    """A numeral without sign, fraction or percent."""
    text = written.text
    if not text:
        raise written.fail("缺少数字")
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if "点" in text:
        return _with_point(written, text.index("点"))
    exponent = _EXPONENT.fullmatch(text)
    if exponent:
        return Decimal(exponent[1]).scaleb(int(exponent[2]))
    if text == _HALF_HUNDRED:
        return Decimal(50)
    if len(text) > 1 and all(character in DIGITS for character in text):
        return Decimal("".join(str(DIGITS[character]) for character in text))
    if sum(character in SCALES for character in text) > _MOST_SCALES:
        raise written.fail("数字过长")
    return _scaled(_without_ge(written))


def _without_ge(written: _Written) -> _Written:
    """9个亿 is 9亿."""
    place = written.text.find("个")
    if 0 < place < len(written.text) - 1 and written.text[place + 1] in "亿万百":
        after, before = written.part(place + 1), written.part(0, place)
        return _Written(before.text + after.text, before.places + after.places, written.original)
    return written


def _scaled(written: _Written) -> Decimal:
    text = written.text
    place = text.find("万亿")
    if place > 0:
        return _at_scale(written, place, 2, 10**12)
    for name, size in SCALES.items():
        place = text.rfind(name)
        if place >= 0:
            return _at_scale(written, place, 1, size)
    return _bottom(written)


def _at_scale(written: _Written, place: int, width: int, size: int) -> Decimal:
    high, low = written.part(0, place), written.part(place + width)
    coefficient = _coefficient(high, size, written, place)
    rest = _rest(low, size)
    if rest and coefficient != coefficient.to_integral_value():
        raise low.fail("带小数的数后面不能再接数")
    return _whole_times(coefficient, size) + rest


def _coefficient(high: _Written, size: int, written: _Written, place: int) -> Decimal:
    if not high.text.strip("零"):
        if size == 10 or (size in (100, 1000) and written.original.strip() != written.text[place]):
            return Decimal(1)
        raise written.fail(f"“{written.text[place]}”前缺少数字", place)
    bare = size >= 10**4 and high.text in ("百", "千")
    value = Decimal(SCALES[high.text]) if bare else _scaled(high)
    if size < 10**4 and not _ARABIC.fullmatch(high.text) and value >= 10:
        raise high.fail(f"“{written.text[place]}”前应为一位数字")
    return value


def _rest(low: _Written, size: int) -> Decimal:
    """What follows a scale: a lone digit counts the next lower scale (九万四), unless 零 stands first."""
    if not low.text:
        return Decimal(0)
    if len(low.text) == 1 and low.text not in SCALES and low.text != "零":
        return _bottom(low) * (size // 10)
    zero = low.text.lstrip("零")
    if not zero:
        raise low.fail("多余的“零”")
    value = _scaled(low.part(len(low.text) - len(zero)))
    if value >= size or value != value.to_integral_value():
        raise low.fail("低位不应大于高位")
    return value


def _with_point(written: _Written, place: int) -> Decimal:
    """三点五, and 三点五万: digits after 点, then perhaps one scale."""
    whole, rest = written.part(0, place), written.part(place + 1)
    digits = rest.text.rstrip("".join(SCALES))
    scale = rest.part(len(digits))
    if not digits or not all(character in DIGITS or character.isdecimal() for character in digits):
        raise rest.fail("“点”后应为数字")
    size = prod(SCALES[character] for character in scale.text)
    fraction = "".join(str(DIGITS.get(character, character)) for character in digits)
    return _whole_times(_plain(whole) + Decimal(f"0.{fraction}"), size)


def _whole_times(value: Decimal, size: int) -> Decimal:
    product = value * size
    return product.quantize(Decimal(1)) if size > 1 and product == product.to_integral_value() else product


def _bottom(written: _Written) -> Decimal:
    """A numeral without scales: one Chinese digit or an Arabic numeral."""
    text = written.text
    if text in DIGITS:
        return Decimal(DIGITS[text])
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    at = next((at for at, character in enumerate(text) if character not in DIGITS), len(text) - 1)
    raise written.fail(f"{text[at:]!r} 不是数字" if text else "缺少数字", max(at, 0))
