"""Terms as Python expressions with SQL's nulls: ``None`` passes through arithmetic and conditions.

Arithmetic is the same IEEE double precision as the engine's, so the compiler's error bounds hold here too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kaohe.scoring.sql.numbers import Unsupported
from kaohe.scoring.sql.terms import Term

Written = tuple[str, bool]
"""An expression, and whether it may be ``None``."""

_COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_CALLS = {
    "neg": "-{}", "abs": "abs({})", "floor": "float(floor({}))", "ceil": "float(ceil({}))",
    "round": "nearest({})", "sqrt": "sqrt({})", "exp": "exp({})", "ln": "log({})", "power": "pow({}, {})",
    "double": "float({})", "contains": "{1} in {0}", "starts_with": "{}.startswith({})",
}  # fmt: skip


def nearest(value: float) -> float:
    """The nearest whole number, halves away from zero.

    >>> nearest(2.5), nearest(-2.5), nearest(0.49999999999999994)
    (3.0, -3.0, 0.0)
    """
    below = math.floor(value)
    rest = value - below
    if rest > 0.5 or (rest == 0.5 and value > 0):
        return float(below + 1)
    return float(below)


def least(*values: Any) -> Any:
    """The least of those that are there."""
    return min((value for value in values if value is not None), default=None)


def greatest(*values: Any) -> Any:
    """The greatest of those that are there."""
    return max((value for value in values if value is not None), default=None)


def every(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


def some(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


NAMES: dict[str, Any] = {
    "nearest": nearest, "least": least, "greatest": greatest, "every": every, "some": some,
    "floor": math.floor, "ceil": math.ceil, "sqrt": math.sqrt, "exp": math.exp, "log": math.log,
    "pow": math.pow, "inf": math.inf,
}  # fmt: skip
"""What the expressions call."""


def _missing(guards: Sequence[str]) -> str:
    return " or ".join(f"{guard} is None" for guard in guards)


class Writer:
    """Writes terms over local variables. ``locals_of`` gives the variable of a column or window, and
    whether it may be ``None``."""

    def __init__(self, locals_of: Mapping[Term | str, Written]) -> None:
        self._locals = locals_of
        self._count = 0

    def value(self, term: Term) -> Written:
        """The term's value."""
        op, args = term.op, term.args
        if op == "column":
            return self._locals[args[0]]
        if op == "window":
            return self._locals[term]
        if op in ("number", "integer", "text", "bool"):
            return repr(args[0]), False
        if op == "null":
            return "None", True
        writer = self._WRITERS.get(op)
        if writer is not None:
            return writer(self, term)
        if op in _COMPARISONS:
            return self._guarded(f"{{}} {_COMPARISONS[op]} {{}}", term)
        if op in ("+", "-", "*"):
            return self._guarded(f"{{}} {op} {{}}", term)
        if op in _CALLS:
            return self._guarded(_CALLS[op], term)
        raise Unsupported(f"no Python for {op}")

    def _guarded(self, shape: str, term: Term) -> Written:
        """``None`` where an operand is."""
        guards, operands = self._operands(term.args)
        made = shape.format(*operands)
        return (f"(None if {_missing(guards)} else {made})", True) if guards else (f"({made})", False)

    def _operands(self, terms: tuple[Term, ...]) -> tuple[list[str], list[str]]:
        """What must be tested for ``None`` in turn, and names of the operands once that is done."""
        guards: list[str] = []
        operands: list[str] = []
        for each in terms:
            shown, nullable = self.value(each)
            if not nullable:
                operands.append(shown)
            elif shown.isidentifier() and shown != "None":
                guards.append(shown)
                operands.append(shown)
            else:
                name = self._name()
                guards.append(f"({name} := {shown})")
                operands.append(name)
        return guards, operands

    def _name(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def _divided(self, term: Term) -> Written:
        divisor = term.args[1]
        if divisor.op == "number" and divisor.args[0] != 0:
            return self._guarded("{} / {}", term)
        # Division by zero is guarded where it matters; what a guard hides may be anything but an error.
        guards, (top, bottom) = self._operands(term.args)
        tests = [_missing(guards)] if guards else []
        if bottom.isidentifier():
            tests.append(f"{bottom} == 0")
        else:
            name = self._name()
            tests.append(f"({name} := {bottom}) == 0")
            bottom = name
        return f"(None if {' or '.join(tests)} else {top} / {bottom})", True

    def _sum(self, term: Term) -> Written:
        return self._guarded(" + ".join(["{}"] * len(term.args)), term)

    def _case(self, term: Term) -> Written:
        otherwise, nullable = self.value(term.args[-1])
        parts = []
        for condition, value in zip(term.args[:-1:2], term.args[1:-1:2], strict=True):
            test = self.holds(condition)
            shown, may = self.value(value)
            parts.append(f"{shown} if {test} else ")
            nullable = nullable or may
        return f"({''.join(parts)}{otherwise})", nullable

    def _coalesce(self, term: Term) -> Written:
        parts: list[str] = []
        for each in term.args:
            shown, nullable = self.value(each)
            if not nullable:
                return f"({''.join(parts)}{shown})" if parts else shown, False
            name = self._name()
            parts.append(f"{name} if ({name} := {shown}) is not None else ")
        return f"({''.join(parts)}None)", True

    def _extreme(self, term: Term) -> Written:
        written = [self.value(each) for each in term.args]
        plain = not any(nullable for _, nullable in written)
        name = {"least": "min", "greatest": "max"}[term.op] if plain else term.op
        shown = ", ".join(each for each, _ in written)
        return f"{name}({shown})", all(nullable for _, nullable in written)

    def _truth(self, term: Term) -> Written:
        written = [self.value(each) for each in term.args]
        if not any(nullable for _, nullable in written):
            word = f" {term.op} "
            return f"({word.join(each for each, _ in written)})", False
        name = {"and": "every", "or": "some"}[term.op]
        return f"{name}({', '.join(each for each, _ in written)})", True

    def _not(self, term: Term) -> Written:
        return self._guarded("not {}", term)

    def _isnull(self, term: Term) -> Written:
        shown, nullable = self.value(term.args[0])
        return (f"({shown} is None)", False) if nullable else ("False", False)

    def _in(self, term: Term) -> Written:
        listed = ", ".join(["{}"] * (len(term.args) - 1))
        return self._guarded(f"{{}} in ({listed},)", term)

    # --- conditions: true, or certainly false ---------------------------------------------------

    def holds(self, term: Term) -> str:
        """Whether a condition is true; unknown is not."""
        op, args = term.op, term.args
        if op in ("and", "or"):
            return "(" + f" {op} ".join(self.holds(each) for each in args) + ")"
        if op == "not":
            return self.fails(args[0])
        if op == "coalesce" and len(args) == 2 and args[1].op == "bool":
            return f"(not {self.fails(args[0])})" if args[1].args[0] else self.holds(args[0])
        if op in _COMPARISONS:
            return self._compared(term, _COMPARISONS[op])
        shown, nullable = self.value(term)
        return f"({shown} is True)" if nullable else shown

    def fails(self, term: Term) -> str:
        """Whether a condition is false; unknown is not."""
        op, args = term.op, term.args
        if op in ("and", "or"):
            word = " or " if op == "and" else " and "
            return "(" + word.join(self.fails(each) for each in args) + ")"
        if op == "not":
            return self.holds(args[0])
        if op == "isnull":
            shown, nullable = self.value(args[0])
            return f"({shown} is not None)" if nullable else "True"
        if op == "coalesce" and len(args) == 2 and args[1].op == "bool":
            return self.fails(args[0]) if args[1].args[0] else f"(not {self.holds(args[0])})"
        if op in _COMPARISONS:
            return self._compared(term, _OPPOSITES[_COMPARISONS[op]])
        shown, nullable = self.value(term)
        return f"({shown} is False)" if nullable else f"(not {shown})"

    def _compared(self, term: Term, sign: str) -> str:
        guards, (left, right) = self._operands(term.args)
        tests = [f"{guard} is not None" for guard in guards]
        return "(" + " and ".join([*tests, f"{left} {sign} {right}"]) + ")"

    _WRITERS: Mapping[str, Callable[[Writer, Term], Written]] = {
        "/": _divided, "sum": _sum, "case": _case, "coalesce": _coalesce, "least": _extreme,
        "greatest": _extreme, "and": _truth, "or": _truth, "not": _not, "isnull": _isnull, "in": _in,
    }  # fmt: skip
