"""Numbers as a clerk writes them."""

from __future__ import annotations

from fractions import Fraction


def number_words(value: Fraction) -> str:
    """A number without trailing zeros, at most four decimals.

    >>> number_words(Fraction(25, 2)), number_words(Fraction(98)), number_words(Fraction(1, 3))
    ('12.5', '98', '0.3333')
    """
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


REASON_WORDS = {
    "missing": "未报",
    "not_due": "未到期",
    "undefined": "无法计算",
    "not_applicable": "不适用",
}
