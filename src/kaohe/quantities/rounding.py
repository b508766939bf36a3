"""Every rounding mode, once; exact on fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Literal, get_args

Mode = Literal["half_up", "half_even", "half_down", "up", "down", "floor", "ceil"]
MODES: tuple[str, ...] = get_args(Mode)


def round_exact(
    value: Fraction, decimals: int = 0, mode: Mode = "half_up", to: Fraction | None = None
) -> Fraction:
    """The multiple of ``to`` (default 10^-decimals) that ``mode`` chooses for ``value``, exactly.

    ``half_up`` rounds halves away from zero (四舍五入), as offices do; ``up`` and ``down`` go away
    from and towards zero; ``floor`` and ``ceil`` follow the number line.

    Raises ``ValueError`` on an unknown mode or a step ≤ 0.

    >>> round_exact(Fraction("2.345"), 2)
    Fraction(47, 20)
    >>> round_exact(Fraction("-2.5")), round_exact(Fraction("2.5"), mode="half_even")
    (Fraction(-3, 1), Fraction(2, 1))
    >>> round_exact(Fraction("7.3"), to=Fraction(1, 2))
    Fraction(15, 2)
    """
    step = Fraction(1, 10**decimals) if decimals >= 0 else Fraction(10**-decimals)
    step = step if to is None else to
    if step <= 0:
        raise ValueError(f"rounding step must be positive, got {step}")
    return _round_to_integer(value / step, mode) * step


def _round_to_integer(value: Fraction, mode: Mode) -> int:
    below = floor(value)
    match mode:
        case "floor":
            return below
        case "ceil":
            return ceil(value)
        case "down":
            return below if value >= 0 else ceil(value)
        case "up":
            return ceil(value) if value >= 0 else below
        case "half_up" | "half_down" | "half_even":
            return _nearest(value, below, mode)
        case _:
            raise ValueError(f"unknown rounding mode {mode!r}, expected one of {', '.join(MODES)}")


def _nearest(value: Fraction, below: int, mode: Mode) -> int:
    rest = value - below
    half = Fraction(1, 2)
    if rest != half:
        return below + (rest > half)
    if mode == "half_even":
        return below + below % 2
    away_is_above = value >= 0
    return below + (away_is_above == (mode == "half_up"))
