"""Figures that people type into forms of targets and tasks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from kaohe.outlook.figures import decimals_of, fixed
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.typed import TypedError, read_typed


def read_figure(text: str, measure: str, what: str) -> str:
    """What was typed, as canonical decimal text in ``measure``; blank for nothing. Raises ``Refused``."""
    if not text.strip():
        return ""
    try:
        typed = read_typed(text.strip().removeprefix("≈"), measure)
    except TypedError as error:
        raise Refused(f"{what}：{error}") from error
    if not typed.value:
        raise Refused(_("%(what)s应是一个数，实为“%(text)s”") % {"what": what, "text": text.strip()})
    return canonical(Fraction(typed.value))


def canonical(value: Fraction) -> str:
    """An exact decimal without needless zeros.

    >>> canonical(Fraction("12000")), canonical(Fraction("2.50"))
    ('12000', '2.5')
    """
    return format((Decimal(value.numerator) / Decimal(value.denominator)).normalize(), "f")


def shown(value: Fraction, signed: bool = False) -> str:
    """A figure as pages write it, with as many decimals as it needs.

    >>> shown(Fraction(12000)), shown(Fraction("-0.5"), signed=True)
    ('12,000', '−0.5')
    """
    return fixed(value, decimals_of(value), signed)


def read_day(text: str, what: str) -> date | None:
    """A day as a form sends it (2005-10-31); None for nothing. Raises ``Refused``."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(
            _("%(what)s应是 2005-10-31 这样的日期，实为“%(text)s”") % {"what": what, "text": text.strip()}
        ) from error
