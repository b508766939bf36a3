"""Derived figures, each defined once, with its undefined cases."""

from __future__ import annotations

from fractions import Fraction

from kaohe.facts.cells import Cell, Presence

_STRENGTH = (Presence.MISSING, Presence.NOT_DUE, Presence.NOT_APPLICABLE)


def share_of_year(month: int) -> Fraction:
    """The share of the year gone by at the end of the calendar month (序时进度).

    >>> share_of_year(9)
    Fraction(3, 4)
    """
    return Fraction(month, 12)


def strongest(*cells: Cell) -> Presence:
    """Why a figure made of these is not there: missing before not due before not applicable."""
    absent = [cell.presence for cell in cells if not cell.present]
    return next((presence for presence in _STRENGTH if presence in absent), Presence.PRESENT)


def product(left: Cell, right: Cell) -> Cell:
    """The product of two cells; absent when either is, estimated when either is."""
    presence = strongest(left, right)
    if presence is not Presence.PRESENT or left.number is None or right.number is None:
        return Cell(None, presence if presence is not Presence.PRESENT else Presence.MISSING)
    estimated = left.estimated or right.estimated
    return Cell(left.number * right.number, Presence.PRESENT, estimated=estimated)
