"""Derived figures, each defined once, with its undefined cases.

Shares are fractions: 0.694 is 69.4 %. A figure made of an estimate is itself an estimate (含预计).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from kaohe.facts.cells import UNDEFINED, Cell, Presence
from kaohe.facts.model import Form

_STRENGTH = (Presence.MISSING, Presence.NOT_DUE, Presence.NOT_APPLICABLE)


class Reason(Enum):
    """Why a derived figure cannot be given, in the words to print."""

    MISSING = "未报"
    NOT_DUE = "未到期"
    NOT_APPLICABLE = "不适用"
    NO_TARGET = "未下达目标"
    ZERO_TARGET = "目标为0"
    NEGATIVE_TARGET = "目标为负"
    BASE_ZERO = "上年同期为0"
    BASE_NEGATIVE = "上年同期为负"
    ZERO_WHOLE = "总量为0"
    YEAR_OVER = "年度已结束"


class Turn(Enum):
    """What happened to a figure that has no growth rate, or could mislead as one."""

    FROM_ZERO = "上年同期为0"
    PROFIT_TO_LOSS = "盈转亏"
    LOSS_TO_PROFIT = "扭亏"
    SMALLER_LOSS = "减亏"
    LARGER_LOSS = "增亏"
    SAME_LOSS = "亏损持平"
    ORDINARY = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A value, or the reason why there is none; ``estimated`` when an estimate went into it (含预计).

    >>> Derived(Fraction(3, 4)).value, Derived(reason=Reason.BASE_ZERO).text
    (Fraction(3, 4), '上年同期为0')
    """

    value: Fraction | None = None
    reason: Reason | None = None
    estimated: bool = False

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("派生数应有值,或写明没有值的原因,不能两样都有或都没有")

    @property
    def text(self) -> str:
        """The reason in words; blank when there is a value."""
        return "" if self.reason is None else self.reason.value


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest value that printed figures leave possible; both ends may be reached."""

    low: Fraction
    high: Fraction

    def meets(self, other: Bounds) -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high


def share_of_year(month: int) -> Fraction:
    """The share of the year gone by at the end of the calendar month: pace without a curve (时序进度).

    >>> share_of_year(9)
    Fraction(3, 4)
    """
    return Fraction(month, 12)


def attainment(actual: Cell, target: Cell, form: Form = Form.ABSOLUTE) -> Derived:
    """How much of a target was reached (完成率), as a share; 1 is the whole of it.

    ``absolute``, ``growth`` and ``points``: actual ÷ target, both in the indicator's own terms, undefined
    for a target ≤ 0. ``at_most`` (a control number) and ``rank``: 1 while the figure does not exceed the
    target, otherwise target ÷ actual. ``by_date``: the share that is done, of the share asked for.

    >>> one, nine = Cell(Fraction("6.25"), Presence.PRESENT), Cell(Fraction(9), Presence.PRESENT)
    >>> attainment(one, nine).value
    Fraction(25, 36)
    """
    absent = _absent(actual) or _absent(target, missing=Reason.NO_TARGET)
    if absent:
        return absent
    value, asked = _number(actual), _number(target)
    estimated = actual.estimated or target.estimated
    if form in (Form.AT_MOST, Form.RANK):
        return Derived(Fraction(1) if value <= asked else asked / value, estimated=estimated)
    if asked <= 0:
        reason = Reason.ZERO_TARGET if asked == 0 else Reason.NEGATIVE_TARGET
        return Derived(reason=reason, estimated=estimated)
    return Derived(value / asked, estimated=estimated)


def pace_gap(reached: Derived, share: Fraction) -> Derived:
    """How far attainment is ahead of the share due (时序进度), as a difference of shares.

    Times 100 it is in percentage points (百分点); negative is behind.

    >>> pace_gap(Derived(Fraction("0.657")), Fraction(3, 4)).value * 100
    Fraction(-93, 10)
    """
    if reached.value is None:
        return reached
    return Derived(reached.value - share, estimated=reached.estimated)


def year_on_year(actual: Cell, base: Cell) -> Derived:
    """Growth over the same period last year (同比), undefined on a base ≤ 0 (see ``turn``).

    >>> year_on_year(Cell(Fraction(141), Presence.PRESENT), Cell(Fraction(100), Presence.PRESENT)).value
    Fraction(41, 100)
    """
    absent = _absent(actual) or _absent(base)
    if absent:
        return absent
    value, before = _number(actual), _number(base)
    estimated = actual.estimated or base.estimated
    if before <= 0:
        return Derived(reason=Reason.BASE_ZERO if before == 0 else Reason.BASE_NEGATIVE, estimated=estimated)
    return Derived((value - before) / before, estimated=estimated)


def turn(actual: Fraction, base: Fraction) -> Turn:
    """What to say instead of a growth rate: 上年同期为0, 盈转亏, 扭亏, 减亏, 增亏.

    >>> turn(Fraction(-596), Fraction(-800)).value, turn(Fraction(-1), Fraction(5)).value
    ('减亏', '盈转亏')
    """
    if base == 0:
        return Turn.FROM_ZERO
    if base > 0:
        return Turn.PROFIT_TO_LOSS if actual < 0 else Turn.ORDINARY
    if actual >= 0:
        return Turn.LOSS_TO_PROFIT
    if actual == base:
        return Turn.SAME_LOSS
    return Turn.SMALLER_LOSS if actual > base else Turn.LARGER_LOSS


def share(part: Cell, whole: Cell) -> Derived:
    """Part ÷ whole (比重), undefined when the whole is 0."""
    absent = _absent(part) or _absent(whole)
    if absent:
        return absent
    estimated = part.estimated or whole.estimated
    if _number(whole) == 0:
        return Derived(reason=Reason.ZERO_WHOLE, estimated=estimated)
    return Derived(_number(part) / _number(whole), estimated=estimated)


def difference_in_points(now: Derived, before: Derived) -> Derived:
    """The change of a share in percentage points (百分点): 0.63 after 0.50 is 13.

    >>> difference_in_points(Derived(Fraction("0.63")), Derived(Fraction("0.5"))).value
    Fraction(13, 1)
    """
    for each in (now, before):
        if each.value is None:
            return each
    assert now.value is not None and before.value is not None
    return Derived((now.value - before.value) * 100, estimated=now.estimated or before.estimated)


def gap(actual: Cell, target: Cell) -> Derived:
    """Target − actual (差额): what is still to be done; negative when exceeded."""
    absent = _absent(actual) or _absent(target, missing=Reason.NO_TARGET)
    if absent:
        return absent
    estimated = actual.estimated or target.estimated
    return Derived(_number(target) - _number(actual), estimated=estimated)


def needed_per_remaining_month(actual: Cell, target: Cell, month: int) -> Derived:
    """What each month after the calendar ``month`` must bring to reach the year's target; 0 when reached.

    >>> now, goal = Cell(Fraction("6.25"), Presence.PRESENT), Cell(Fraction(9), Presence.PRESENT)
    >>> needed_per_remaining_month(now, goal, 9).value
    Fraction(11, 12)
    """
    left = gap(actual, target)
    if left.value is None:
        return left
    if left.value <= 0:
        return Derived(Fraction(0), estimated=left.estimated)
    if month >= 12:
        return Derived(reason=Reason.YEAR_OVER, estimated=left.estimated)
    return Derived(left.value / (12 - month), estimated=left.estimated)


def printed_bounds(value: Fraction, decimals: int) -> Bounds:
    """What a figure printed with so many decimals may have been: half a unit of the last one either way.

    >>> printed_bounds(Fraction("6.25"), 2)
    Bounds(low=Fraction(1249, 200), high=Fraction(1251, 200))
    """
    half = Fraction(1, 2) / Fraction(10) ** decimals
    return Bounds(value - half, value + half)


def implied_base(value: Bounds, percent: Fraction, decimals: int) -> Bounds | None:
    """Last year's figure that a printed growth rate implies (推算), as what the printing leaves possible.

    ``percent`` is as printed (41 for 41 %), with its ``decimals``. ``None`` when the rate may be −100 % or
    less, where there is no such figure.

    >>> bounds = implied_base(printed_bounds(Fraction("597.46"), 2), Fraction("47.1"), 1)
    >>> round(float(bounds.low), 2), round(float(bounds.high), 2)
    (406.02, 406.3)
    """
    return _divided(value, _as_factor(printed_bounds(percent, decimals), plus=1))


def implied_target(value: Bounds, percent: Fraction, decimals: int) -> Bounds | None:
    """The target that a printed completion rate implies (推算); ``None`` when the rate may be ≤ 0.

    >>> bounds = implied_target(printed_bounds(Fraction(241), 0), Fraction(60), 0)
    >>> round(bounds.low), round(bounds.high)
    (398, 406)
    """
    return _divided(value, _as_factor(printed_bounds(percent, decimals), plus=0))


def strongest(*cells: Cell) -> Presence:
    """Why a figure made of these is not there: missing before not due before not applicable."""
    absent = [cell.presence for cell in cells if not cell.present]
    return next((presence for presence in _STRENGTH if presence in absent), Presence.PRESENT)


def product(left: Cell, right: Cell) -> Cell:
    """The product of two cells; absent when either is, estimated when either is."""
    absent = _absent_cell(left, right)
    if absent:
        return absent
    return Cell(_number(left) * _number(right), Presence.PRESENT, left.estimated or right.estimated)


def quotient(numerator: Cell, denominator: Cell) -> Cell:
    """A ratio from its parts; missing with the words 无法计算 when the denominator is 0."""
    absent = _absent_cell(numerator, denominator)
    if absent:
        return absent
    if _number(denominator) == 0:
        return Cell(None, Presence.MISSING, raw=UNDEFINED)
    estimated = numerator.estimated or denominator.estimated
    value = _number(numerator) / _number(denominator)
    return Cell(value, Presence.PRESENT, estimated, _common_assurance(numerator, denominator))


def scaled(cell: Cell, factor: Fraction) -> Cell:
    """The same figure in another measure, ``factor`` of which make one."""
    return cell if cell.number is None else replace(cell, value=cell.number * factor)


def added(cells: Sequence[Cell], signs: Sequence[int] | None = None) -> Cell:
    """The sum of parts of a whole: missing when a part is; parts not due or not applicable add nothing,
    unless all are so."""
    presence = strongest(*cells)
    if presence is Presence.MISSING or not any(cell.present for cell in cells):
        return Cell(None, presence)
    pairs = [(c, s) for c, s in zip(cells, signs or (1,) * len(cells), strict=True) if c.present]
    total = sum((_number(cell) * sign for cell, sign in pairs), Fraction(0))
    estimated = any(cell.estimated for cell, _ in pairs)
    assurance = _common_assurance(*(cell for cell, _ in pairs))
    return Cell(total, Presence.PRESENT, estimated, assurance, _sources(cells))


def _common_assurance(*cells: Cell) -> str:
    # A whole is vouched for as far as its least vouched part.
    order = ("", "draft", "submitted", "reviewed", "verified")
    return min((cell.assurance for cell in cells), key=order.index)


def _sources(cells: Sequence[Cell]) -> str:
    return "; ".join(dict.fromkeys(cell.source for cell in cells if cell.source))


def _absent_cell(*cells: Cell) -> Cell | None:
    presence = strongest(*cells)
    if presence is Presence.PRESENT:
        return None
    undefined = any(cell.raw == UNDEFINED for cell in cells)
    return Cell(None, presence, raw=UNDEFINED if undefined else "")


def _absent(cell: Cell, missing: Reason = Reason.MISSING) -> Derived | None:
    if cell.present:
        return None
    reasons = {
        Presence.MISSING: missing,
        Presence.NOT_DUE: Reason.NOT_DUE,
        Presence.NOT_APPLICABLE: Reason.NOT_APPLICABLE,
    }
    return Derived(reason=reasons[cell.presence])


def _number(cell: Cell) -> Fraction:
    if cell.number is None:
        raise ValueError(f"应为数字,实为“{cell.value}”")
    return cell.number


def _as_factor(percent: Bounds, plus: int) -> Bounds:
    return Bounds(percent.low / 100 + plus, percent.high / 100 + plus)


def _divided(value: Bounds, factor: Bounds) -> Bounds | None:
    if factor.low <= 0:
        return None
    ends = [end / by for end in (value.low, value.high) for by in (factor.low, factor.high)]
    return Bounds(min(ends), max(ends))
