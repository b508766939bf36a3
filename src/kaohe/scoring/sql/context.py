"""Where an expression stands while it is compiled: the plan, the value so far, who takes part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from kaohe.schemes.expressions import Expression, Input, NodeValue
from kaohe.scoring.sql.numbers import INEXACT, Number, Unsupported, distinguishable, settled
from kaohe.scoring.sql.plan import Plan
from kaohe.scoring.sql.terms import FALSE, Term, any_of, column, number, term

MISSING, NOT_DUE, UNDEFINED, NOT_APPLICABLE, EXCLUDED = 1, 2, 3, 4, 5
CODES = {
    "missing": MISSING,
    "not_due": NOT_DUE,
    "undefined": UNDEFINED,
    "not_applicable": NOT_APPLICABLE,
    "excluded": EXCLUDED,
}
"""State codes, strongest reason first; a present value has a null state."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text; null exactly where ``state`` is not."""

    sql: Term
    state: Term | None


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition; unknown (null) where ``state`` is not null."""

    sql: Term
    state: Term | None


Value = Number | Text | Truth


class Sources(Protocol):
    """Gives columns of facts and of nodes already compiled."""

    def number(self, wanted: Input) -> Number: ...

    def text(self, wanted: Input) -> Text: ...

    def node(self, wanted: NodeValue) -> Value: ...

    def prepared(self, expression: Expression) -> Value: ...


@dataclass
class Doubts:
    """Conditions under which a row must be asked of the oracle."""

    terms: list[Term] = field(default_factory=list)

    def add(self, condition: Term) -> None:
        if condition is not FALSE:
            self.terms.append(condition)

    @property
    def sql(self) -> Term:
        return any_of(*self.terms)


@dataclass(frozen=True)
class Context:
    """``live``: false for rows that a ``stop`` took out; ``group``: the column of the peer group;
    ``eligible``: who counts among peers. ``group`` None: rows are records, which have no peers."""

    plan: Plan
    sources: Sources
    doubts: Doubts
    rows: int
    group: Text | None
    eligible: Term
    live: Term
    peers: bool = True
    partition: tuple[Term, ...] = ()
    x: Value | None = None
    cell: Value | None = None

    def seeing(self, x: Value) -> Context:
        return replace(self, x=x)

    def named(self, value: Number, hint: str = "") -> Number:
        """The number as a column, so that it may be used many times; its parts likewise."""
        parts = value.parts
        if parts is not None:
            parts = replace(
                parts,
                numerator=self.plan.define(parts.numerator, hint),
                denominator=self.plan.define(parts.denominator, hint),
            )
            sql = term("/", parts.numerator, parts.denominator)
            if parts.denominator.op == "number" and parts.denominator.args[0] == 1.0:
                sql = parts.numerator
            return replace(
                value, sql=self.plan.define(sql, hint), parts=parts, state=self._state(value.state)
            )
        return replace(value, sql=self.plan.define(value.sql, hint), state=self._state(value.state))

    def _state(self, state: Term | None) -> Term | None:
        return None if state is None else self.plan.define(state, "state")

    def compared(self, operator: str, left: Number, right: Number) -> Term:
        """``left operator right`` as the exact numbers compare; doubtful rows are noted."""
        a, b = settled(left), settled(right)
        if distinguishable(a, b):
            return term(operator, a.sql, b.sql)
        a, b = left, right
        gap = _grid_gap(a, b)
        if gap is not None:
            return self._beyond(operator, a, b, gap)
        if _is_sign_known(a, b):
            return term(operator, a.sql, b.sql)
        place = min(a.largest, b.largest) * 1.01
        slack = a.constant + b.constant + (a.relative + b.relative) * place
        if a.inexact or b.inexact:
            slack += INEXACT * place
        if not slack < 1e-3 * max(place, 1e-9):
            raise Unsupported("the error bound is too wide for a comparison")
        difference = term("abs", term("-", a.sql, b.sql))
        self.doubts.add(term("<=", difference, number(slack * 1.01 + 1e-300)))
        return term(operator, a.sql, b.sql)

    def _beyond(self, operator: str, left: Number, right: Number, gap: float) -> Term:
        """On a common grid two numbers differ by nothing or by at least ``gap``."""
        difference = term("-", left.sql, right.sql)
        half = gap / 2
        match operator:
            case "=":
                return term("<", term("abs", difference), number(half))
            case "!=":
                return term(">", term("abs", difference), number(half))
            case ">" | "<=":
                return term(operator, difference, number(half))
            case _:
                return term(operator, difference, number(-half))

    def is_positive(self, value: Number) -> Term:
        if value.low > 0:
            from kaohe.scoring.sql.terms import TRUE

            return TRUE
        return self.compared(">", value, ZERO)


def _is_sign_known(left: Number, right: Number) -> bool:
    """A number whose error is relative to itself has the right sign, and is 0 only when it is 0."""
    for one, other in ((left, right), (right, left)):
        if one.value == 0 and other.constant == 0 and other.relative < 0.1 and not other.inexact:
            return True
    return False


def _grid_gap(left: Number, right: Number) -> float | None:
    from kaohe.scoring.sql.numbers import _joint_grid

    grid = _joint_grid(left.grid, right.grid)
    if grid is None:
        return None
    error = left.error + right.error + (left.largest + right.largest) * 2.0**-52
    return 1 / grid if error * grid < 0.2 else None


ZERO = Number(number(0), None, 0.0, 0.0, 0.0, 0.0, 1, True, 1.0)


def state_column(name: str) -> Term:
    return column(name)
