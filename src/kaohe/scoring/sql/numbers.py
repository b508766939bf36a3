"""A number in SQL with what the compiler knows of it: range, error bound, and when it is exact.

A value is a DOUBLE. ``canonical`` means that it is the double nearest to a rational with a denominator of at
most ``denominator``; two such numbers compare in SQL exactly as the rationals do, as long as the product of
numerator and denominator stays below 2^52. A quotient of scaled integers is canonical: 28196/35245 is the
double 0.8, while 281.96/352.45 is not. ``parts`` are those integers; rounding and curves work on them.
What is not canonical carries a bound: |true − SQL| ≤ ``constant`` + ``relative``·|SQL|.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf, lcm

from kaohe.scoring.sql.terms import (
    FALSE,
    TRUE,
    Term,
    case,
    coalesce,
    is_null,
    least,
    number,
    term,
)

U = 2.0**-53
EXACT = 2.0**51
GRID_LIMIT = 10**12
INEXACT = 2e-12


class Unsupported(Exception):
    """The compiler has no SQL for this; the oracle computes the node instead."""


@dataclass(frozen=True, slots=True)
class Parts:
    """``numerator``/``denominator``: integer-valued DOUBLE terms, denominator > 0 where not null."""

    numerator: Term
    denominator: Term
    most: float
    divisor: float

    @property
    def fits(self) -> bool:
        return self.most < EXACT and self.divisor < EXACT


@dataclass(frozen=True, slots=True)
class Number:
    """``state`` is a term that is null where there is a value, else the reason's code; None: never null."""

    sql: Term
    state: Term | None
    low: float
    high: float
    constant: float = 0.0
    relative: float = U
    grid: int | None = None
    canonical: bool = False
    denominator: float = inf
    parts: Parts | None = None
    inexact: bool = False

    @property
    def largest(self) -> float:
        return max(abs(self.low), abs(self.high))

    @property
    def error(self) -> float:
        """The absolute error bound, wherever the value lies."""
        return self.constant + _times(self.relative, self.largest)

    def error_near(self, place: float) -> float:
        """The error bound of values close to ``place``."""
        return (self.constant + self.relative * abs(place)) * 1.01 + 1e-300

    @property
    def on_grid(self) -> bool:
        """Whether snapping to the grid is certain to find the true value."""
        return self.grid is not None and self.error * self.grid < 0.2 and self.largest * self.grid < EXACT

    @property
    def smallest(self) -> float:
        """A lower bound of the magnitude of values other than 0; 0 when none is known."""
        bounds = [0.0]
        if self.low > 0 or self.high < 0:
            bounds.append(min(abs(self.low), abs(self.high)))
        if self.grid is not None:
            bounds.append(1 / self.grid)
        if self.denominator < inf:
            bounds.append(1 / self.denominator)
        return max(bounds)

    @property
    def value(self) -> Fraction | None:
        """The number itself when it is a constant."""
        if self.sql.op == "number" and self.grid is not None:
            return Fraction(round(self.sql.args[0] * self.grid), self.grid)
        return None


def constant(value: Fraction) -> Number:
    """A literal; exact when its denominator is of reasonable size."""
    shown = float(value)
    grid = value.denominator if value.denominator <= GRID_LIMIT else None
    fits = abs(value.numerator) < EXACT and grid is not None
    exact = Fraction(shown) == value
    return Number(
        number(shown),
        None,
        shown,
        shown,
        0.0,
        0.0 if exact else U,
        grid,
        fits,
        value.denominator if fits else inf,
    )


def null_number(state: Term) -> Number:
    """A number that is never there."""
    return Number(term("null", "DOUBLE"), state, 0.0, 0.0, 0.0, 0.0, 1, True, 1.0)


def column_number(sql: Term, state: Term | None, low: float, high: float, grid: int | None) -> Number:
    """A column of facts: the doubles nearest to decimals of known denominator ``grid``, if known."""
    largest = max(abs(low), abs(high))
    fits = grid is not None and grid <= GRID_LIMIT and largest * grid < EXACT
    if not fits:
        return Number(sql, state, low, high, 0.0, U)
    assert grid is not None
    return Number(sql, state, low, high, 0.0, U, grid, True, float(grid))


def _times(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def _wider(low: float, high: float) -> tuple[float, float]:
    """The range a little wider, since its ends were computed in floating point."""
    return low - abs(low) * 1e-12, high + abs(high) * 1e-12


def strongest_state(*states: Term | None) -> Term | None:
    """Of several reasons the strongest, which has the smallest code."""
    present = [state for state in states if state is not None]
    return least(*present) if present else None


def after_state(first: Term | None, then: Term | None) -> Term | None:
    """The reason of a step's value: that of the value before it, otherwise its parameter's."""
    present = [state for state in (first, then) if state is not None]
    return coalesce(*present) if present else None


def parts_of(value: Number) -> Parts | None:
    """The integers of a canonical number, made on the grid when they were not kept."""
    if value.parts is not None:
        return value.parts if value.parts.fits else None
    if value.grid is None or not value.on_grid:
        return None
    known = value.value
    if known is not None:
        return Parts(
            number(float(known.numerator)), number(float(known.denominator)),
            abs(known.numerator), known.denominator,
        )  # fmt: skip
    scaled = value.sql if value.grid == 1 else term("*", value.sql, number(value.grid))
    settled = value.canonical and value.grid == 1
    top = scaled if settled else term("round", scaled)
    return Parts(top, number(value.grid), value.largest * value.grid * (1 + 1e-12) + 1, value.grid)


def from_parts(parts: Parts, state: Term | None, low: float, high: float, grid: int | None) -> Number:
    """The correctly rounded quotient of two integers."""
    if not parts.fits:
        raise Unsupported("the integers do not fit a DOUBLE")
    one = parts.denominator.op == "number" and parts.denominator.args[0] == 1.0
    sql = parts.numerator if one else term("/", parts.numerator, parts.denominator)
    return Number(sql, state, low, high, 0.0, 0.0 if one else U, grid, True, parts.divisor, parts)


def settled(value: Number) -> Number:
    """The same number made canonical by snapping it to its grid, where that is possible."""
    if value.canonical or not value.on_grid:
        return value
    parts = parts_of(value)
    assert parts is not None
    return from_parts(parts, value.state, value.low, value.high, value.grid)


# --- arithmetic -----------------------------------------------------------------------------------


def add(left: Number, right: Number) -> Number:
    low, high = _wider(left.low + right.low, left.high + right.high)
    state = strongest_state(left.state, right.state)
    exact = _added_parts(left, right, state, low, high)
    if exact is not None:
        return exact
    one_sign = (left.low >= 0 and right.low >= 0) or (left.high <= 0 and right.high <= 0)
    if one_sign:
        fixed, share = left.constant + right.constant, max(left.relative, right.relative)
    else:
        fixed, share = left.error + right.error, 0.0
    return _plain(
        _sum_term(left.sql, right.sql), state, low, high, fixed, share + U + share * U,
        _joint_grid(left.grid, right.grid), left.inexact or right.inexact,
    )  # fmt: skip


def _sum_term(left: Term, right: Term) -> Term:
    before = left.args if left.op == "sum" else (left,)
    return term("sum", *before, right)


def _joint_grid(left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    joint = lcm(left, right)
    return joint if joint <= GRID_LIMIT else None


def _plain(
    sql: Term, state: Term | None, low: float, high: float, fixed: float, share: float,
    grid: int | None, inexact: bool,
) -> Number:  # fmt: skip
    made = Number(sql, state, low, high, fixed * (1 + 1e-9), share * (1 + 1e-9), grid, inexact=inexact)
    if made.error == inf and share:
        return made
    return made


def _added_parts(left: Number, right: Number, state: Term | None, low: float, high: float) -> Number | None:
    """Exact only where one side is a quotient; sums of decimals are snapped when it matters."""
    if left.parts is None and right.parts is None:
        return None
    if left.grid is not None and right.grid is not None:
        return None
    a, b = parts_of(left), parts_of(right)
    if a is None or b is None:
        return None
    if a.denominator is b.denominator:
        top, bottom, most, divisor = (
            term("+", a.numerator, b.numerator),
            a.denominator,
            a.most + b.most,
            a.divisor,
        )
    else:
        top = term("+", _product(a.numerator, b.denominator), _product(b.numerator, a.denominator))
        bottom = _product(a.denominator, b.denominator)
        most, divisor = a.most * b.divisor + b.most * a.divisor, a.divisor * b.divisor
    parts = Parts(top, bottom, most, divisor)
    return from_parts(parts, state, low, high, None) if parts.fits else None


def _product(left: Term, right: Term) -> Term:
    for one, other in ((left, right), (right, left)):
        if one.op == "number" and one.args[0] == 1.0:
            return other
        if one.op == "number" and other.op == "number":
            return number(one.args[0] * other.args[0])
    return term("*", left, right)


def negate(value: Number) -> Number:
    parts = value.parts
    turned = (
        Parts(term("neg", parts.numerator), parts.denominator, parts.most, parts.divisor) if parts else None
    )
    known = value.value
    sql = number(float(-known)) if known is not None else term("neg", value.sql)
    return replace(value, sql=sql, low=-value.high, high=-value.low, parts=turned)


def subtract(left: Number, right: Number) -> Number:
    turned = negate(right)
    made = add(left, turned)
    if made.sql.op == "sum" and made.sql.args == (left.sql, turned.sql):
        return replace(made, sql=term("-", left.sql, right.sql))
    return made


def multiply(left: Number, right: Number) -> Number:
    ends = [_times(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = _wider(min(ends), max(ends))
    state = strongest_state(left.state, right.state)
    if right.value == 1 or left.value == 1:
        kept = left if right.value == 1 else right
        return replace(kept, state=state)
    exact = _multiplied_parts(left, right, state, low, high)
    if exact is not None:
        return exact
    share = left.relative + right.relative + left.relative * right.relative + U
    fixed = (
        _times(left.constant, right.largest) * (1 + right.relative)
        + _times(right.constant, left.largest) * (1 + left.relative)
        + left.constant * right.constant
    )
    grid = left.grid * right.grid if left.grid is not None and right.grid is not None else None
    grid = _reduced_grid(left, right, grid)
    return _plain(
        term("*", left.sql, right.sql), state, low, high, fixed, share,
        grid if grid is not None and grid <= GRID_LIMIT else None, left.inexact or right.inexact,
    )  # fmt: skip


def _reduced_grid(left: Number, right: Number, grid: int | None) -> int | None:
    for one, other in ((left, right), (right, left)):
        if one.value is not None and other.grid is not None:
            return (one.value / other.grid).denominator
    return grid


def _multiplied_parts(
    left: Number, right: Number, state: Term | None, low: float, high: float
) -> Number | None:
    if left.parts is None and right.parts is None:
        return None
    a, b = parts_of(left), parts_of(right)
    if a is None or b is None:
        return None
    parts = Parts(
        _product(a.numerator, b.numerator), _product(a.denominator, b.denominator),
        a.most * b.most, a.divisor * b.divisor,
    )  # fmt: skip
    if not parts.fits:
        return None
    grid = left.grid * right.grid if left.grid is not None and right.grid is not None else None
    return from_parts(parts, state, low, high, _reduced_grid(left, right, grid))


def quotient(left: Number, right: Number, state: Term | None, floor_of_divisor: float) -> Number:
    """``left/right`` where ``right`` is not 0 (guarded by ``state``); |right| ≥ ``floor_of_divisor``."""
    low, high = _quotient_range(left, right, floor_of_divisor)
    known = right.value
    if known is not None and known != 0 and right.state is None:
        made = multiply(left, constant(1 / known))
        if made.parts is not None or made.grid is not None:
            sql = made.sql if made.parts is not None else term("/", left.sql, right.sql)
            return replace(made, sql=sql, state=state)
    exact = _divided_parts(left, right, state, low, high)
    if exact is not None:
        return exact
    doubt = right.relative + right.constant / floor_of_divisor
    if doubt > 0.01:
        raise Unsupported("the divisor is not known well enough")
    doubt *= 1.02
    fixed = left.constant / floor_of_divisor * (1 + doubt)
    share = left.relative + doubt + left.relative * doubt + U
    return _plain(
        term("/", left.sql, right.sql), state, low, high, fixed, share, None, left.inexact or right.inexact
    )


def _quotient_range(left: Number, right: Number, smallest: float) -> tuple[float, float]:
    if right.low > 0 or right.high < 0:
        ends = [a / b for a in (left.low, left.high) for b in (right.low, right.high)]
        return _wider(min(ends), max(ends))
    most = left.largest / smallest
    if right.low >= 0:
        return _wider(0.0 if left.low >= 0 else -most, 0.0 if left.high <= 0 else most)
    return _wider(-most, most)


def _divided_parts(left: Number, right: Number, state: Term | None, low: float, high: float) -> Number | None:
    a, b = parts_of(left), parts_of(right)
    if a is None or b is None:
        return None
    if a.denominator is b.denominator:
        # Where the divisor that both shared is null, so is the quotient.
        bottom = case(is_null(a.denominator), term("null", "DOUBLE"), b.numerator)
        top, most, divisor = a.numerator, a.most, b.most
    else:
        top, bottom = _product(a.numerator, b.denominator), _product(a.denominator, b.numerator)
        most, divisor = a.most * b.divisor, a.divisor * b.most
    if right.low < 0:
        sign = case(term("<", b.numerator, number(0)), number(-1), number(1))
        top, bottom = term("*", top, sign), term("abs", bottom)
    parts = Parts(top, bottom, most, divisor)
    return from_parts(parts, state, low, high, None) if parts.fits else None


# --- choices --------------------------------------------------------------------------------------


def extreme(values: list[Number], highest: bool) -> Number:
    """The least or greatest of some numbers; null when any is."""
    low = max(v.low for v in values) if highest else min(v.low for v in values)
    high = max(v.high for v in values) if highest else min(v.high for v in values)
    state = strongest_state(*(value.state for value in values))
    op = "greatest" if highest else "least"
    sql = term(op, *dict.fromkeys(value.sql for value in values))
    if state is not None:
        missing = [is_null(value.sql) for value in values if value.state is not None]
        sql = case(term("or", *missing) if len(missing) > 1 else missing[0], term("null", "DOUBLE"), sql)
    made = _blend(sql, state, low, high, values)
    return _with_parts(made, values, highest, state) if len(values) == 2 else made


def _with_parts(made: Number, values: list[Number], highest: bool, state: Term | None) -> Number:
    """The integers of whichever of two quotients is taken."""
    left, right = values
    if (left.parts is None and right.parts is None) or not distinguishable(left, right):
        return made
    a, b = parts_of(left), parts_of(right)
    if a is None or b is None:
        return made
    takes = term(">=" if highest else "<=", left.sql, right.sql)
    top = case(takes, a.numerator, b.numerator)
    null = [is_null(value.sql) for value in values if value.state is not None]
    # A null in either makes the comparison unknown, and CASE would take the other: the divisor says null.
    guards = [part for each in null for part in (each, term("null", "DOUBLE"))]
    bottom = case(*guards, takes, a.denominator, b.denominator)
    parts = Parts(top, bottom, max(a.most, b.most), max(a.divisor, b.divisor))
    return replace(made, parts=parts) if parts.fits else made


def chosen(pairs: list[tuple[Term, Number]], otherwise: Number, state: Term | None) -> Number:
    """``CASE``: the first number whose condition is true; ``state`` says why there is none."""
    values = [*(value for _, value in pairs), otherwise]
    sql = case(*(part for condition, value in pairs for part in (condition, value.sql)), otherwise.sql)
    low, high = min(v.low for v in values), max(v.high for v in values)
    made = _blend(sql, state, low, high, values)
    return replace(made, parts=_chosen_parts(pairs, otherwise) if made.canonical else None)


def _chosen_parts(pairs: list[tuple[Term, Number]], otherwise: Number) -> Parts | None:
    values = [*(value for _, value in pairs), otherwise]
    if all(value.parts is None for value in values):
        return None
    found = [parts_of(value) for value in values]
    if any(part is None for part in found):
        return None
    parts = [part for part in found if part is not None]
    top = case(
        *(t for (c, _), p in zip(pairs, parts, strict=False) for t in (c, p.numerator)), parts[-1].numerator
    )
    bottom = case(
        *(t for (c, _), p in zip(pairs, parts, strict=False) for t in (c, p.denominator)),
        parts[-1].denominator,
    )
    return Parts(top, bottom, max(p.most for p in parts), max(p.divisor for p in parts))


def _blend(sql: Term, state: Term | None, low: float, high: float, values: list[Number]) -> Number:
    grid: int | None = 1
    for value in values:
        grid = _joint_grid(grid, value.grid)
    return Number(
        sql, state, low, high,
        max(v.constant for v in values), max(v.relative for v in values), grid,
        all(v.canonical for v in values), max(v.denominator for v in values),
        None, any(v.inexact for v in values),
    )  # fmt: skip


def distinguishable(left: Number, right: Number) -> bool:
    """Whether two canonical numbers compare in DOUBLE exactly as the rationals they stand for."""
    if not (left.canonical and right.canonical):
        return False
    most = max(left.largest, right.largest, 1e-300)
    shared = left.denominator if left.grid is not None and left.grid == right.grid else None
    divisor = shared if shared is not None else left.denominator * right.denominator
    return most * divisor < EXACT


def always(value: bool) -> Term:
    return TRUE if value else FALSE
