"""What a person types into a cell: a figure in the indicator's measure, or a word for why there is none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from kaohe.quantities import comparable, convert, read_number
from kaohe.quantities.numbers import NumberError
from kaohe.web.ledger.choices import Presence

_WORDS = {
    "": Presence.MISSING,
    "缺报": Presence.MISSING,
    "未报": Presence.MISSING,
    "—": Presence.NOT_APPLICABLE,
    "——": Presence.NOT_APPLICABLE,
    "-": Presence.NOT_APPLICABLE,
    "/": Presence.NOT_APPLICABLE,
    "不适用": Presence.NOT_APPLICABLE,
    "未到期": Presence.NOT_DUE,
}
_ESTIMATED = re.compile(r"^(预计|含预计|约预计)")
_MEASURED = re.compile(r"^(?P<number>[^A-Za-z]*?[\d一二三四五六七八九十百千零〇两])(?P<measure>[^\d.,\s]+)$")
_LONGEST = 24


class TypedError(ValueError):
    """What was typed is not a figure; the message tells a clerk why."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed cell: canonical decimal text (empty unless present), whether there is a figure, 预计 or not."""

    value: str
    presence: Presence
    estimated: bool = False

    @property
    def number(self) -> Fraction | None:
        """The figure, or None."""
        return Fraction(self.value) if self.value else None


def read_typed(text: str, measure: str) -> Typed:
    """What was typed, in the indicator's ``measure``; the decimals stay as they were printed.

    Blank is missing, ``—`` and ``/`` not applicable, 0 a zero. A number may name a measure of the same kind,
    and is then converted. Raises ``TypedError``.

    >>> read_typed("1,234.50", "万元").value, read_typed("预计2150", "万元").estimated
    ('1234.50', True)
    >>> read_typed("６.25亿元", "万元").value, read_typed("12%", "%").value
    ('62500', '12')
    >>> read_typed("/", "%").presence.label
    '不适用'
    >>> read_typed("1.5亿", "万元").value, read_typed("1.5万", "人").value
    ('15000', '15000')
    >>> read_typed("约三千", "人")
    Traceback (most recent call last):
    kaohe.web.ledger.typed.TypedError: “约三千”不是一个数:请只填数字;没有数填“—”或“未到期”
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    plain = re.sub(r"\s+", "", plain) if not plain.isalpha() else plain
    if plain in _WORDS:
        return Typed("", _WORDS[plain])
    estimated = bool(_ESTIMATED.match(plain))
    return Typed(_canonical(_ESTIMATED.sub("", plain), measure, text), Presence.PRESENT, estimated)


def _canonical(plain: str, measure: str, typed: str) -> str:
    if measure in ("%", "‰") and plain.endswith(measure):
        plain = plain.removesuffix(measure)
    if plain.endswith(("万", "亿")) and measure.startswith(("万", "亿")):
        # 1.5亿 in a column of 万元 is money, not a hundred and fifty million times 万元.
        plain += measure.lstrip("百千万亿")
    try:
        return _text_of(read_number(plain, percent=False, accounting=True), plain, typed)
    except NumberError:
        return _converted(plain, measure, typed)


def _converted(plain: str, measure: str, typed: str) -> str:
    match = _MEASURED.match(plain)
    refusal = f"“{typed}”不是一个数:请只填数字;没有数填“—”或“未到期”"
    if match is None:
        raise TypedError(refusal)
    try:
        value = read_number(match["number"], percent=False, accounting=True)
    except NumberError as error:
        raise TypedError(refusal) from error
    if match["measure"] == measure:
        return _text_of(value, match["number"], typed)
    if not comparable(match["measure"], measure):
        raise TypedError(f"“{typed}”的单位是{match['measure']},这一格的单位是{measure or '无'}")
    return _decimal_text(convert(Fraction(value), match["measure"], measure), typed)


def _text_of(value: Decimal | Fraction, plain: str, typed: str) -> str:
    if isinstance(value, Fraction):
        return _decimal_text(value, typed)
    digits = plain.replace(",", "")
    printed = re.fullmatch(r"[+-]?\d+(\.\d+)?", digits)
    text = format(Decimal(digits.lstrip("+")) if printed else value, "f")
    return _checked(text, typed)


def _decimal_text(value: Fraction, typed: str) -> str:
    with localcontext() as context:
        context.prec = 40
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(quotient) != value:
        raise TypedError(f"“{typed}”不能写成有限小数,请填小数")
    return _checked(format(quotient.normalize(), "f"), typed)


def _checked(text: str, typed: str) -> str:
    if len(text) > _LONGEST:
        raise TypedError(f"“{typed}”太长,请核对位数")
    return "0" if text in ("-0", "+0") else text
