"""In which measure an expression is, and quantities (500亿元) in the measure of what they stand beside."""

from __future__ import annotations

from fractions import Fraction

from kaohe.quantities.measures import convert
from kaohe.schemes.expressions import Binary, Call, Current, Expression, Input, Literal

NO_MEASURE = frozenset({"", "%", "1", "倍"})


def measure_of_expression(expression: Expression) -> str | None:
    """The measure an expression is in, as far as it can be told: 万元, 亩 …; None when plain or unknown."""
    match expression:
        case Literal():
            return expression.measure
        case Current():
            return expression.measure
        case Input() if expression.numeric and expression.measure not in (None, *NO_MEASURE):
            return expression.measure
        case Binary("+" | "-"):
            return measure_of_expression(expression.left) or measure_of_expression(expression.right)
        case Binary("*"):
            sides = [measure_of_expression(expression.left), measure_of_expression(expression.right)]
            present = [side for side in sides if side is not None]
            return present[0] if len(present) == 1 else None
        case Call("max" | "min" | "abs" | "first" | "round"):
            return next(filter(None, map(measure_of_expression, expression.arguments)), None)
    return None


def shown_quantity(expression: Expression) -> str:
    """A quantity as messages print it."""
    assert isinstance(expression, Literal)
    return f"{expression.value}{expression.measure}"


def is_quantity(expression: Expression) -> bool:
    """Whether it is a number written with a measure."""
    return isinstance(expression, Literal) and expression.measure is not None


def in_measure(quantity: Expression, measure: str) -> Literal:
    """The quantity converted. Raises ``MeasureError`` when the measures do not compare."""
    assert isinstance(quantity, Literal) and isinstance(quantity.value, Fraction) and quantity.measure
    return Literal(convert(quantity.value, quantity.measure, measure), measure, at=quantity.at)
