"""Claims: what a document says, one figure or one milestone each (``reading/schema.md``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

from kaohe.facts.errors import DataError
from kaohe.quantities import Interval, Period, measure_of, printed_interval

Number = Decimal | Fraction
Printed = Number | tuple[Number, ...]
"""A printed value: a number, or the ends of a range (3—5万元) or members of a structure (20.8:43.6:35.6)."""

Kind = Literal[
    "amount", "count", "area", "quantity", "capacity", "growth", "delta", "delta_pp",
    "share", "completion", "rate", "rank", "structure",
]  # fmt: skip
Direction = Literal["", "down", "loss"]
Role = Literal["", "target", "forecast", "threshold"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RATIO_KINDS = frozenset({"growth", "share", "completion", "rate", "delta_pp"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of a document: ``document.text[start:end] == text``.

    ``value`` is as printed, its magnitude positive; ``base_value`` has the multiplier folded in and is
    negative when ``direction`` is down or loss. ``relation_to`` is the id of the claim that a ratio, change
    or rank speaks about, ``whole`` that of its printed denominator, ``part_of`` that of the total of which an
    amount is a component. ``period`` is as printed, ``months`` what it means where that is known.
    An empty ``role`` is an actual figure. ``confidence`` runs from 0 to 1.

    >>> claim = Claim(0, 2, 8, "6.25亿元", "amount", Decimal("6.25"), "亿元", decimals=2)
    >>> claim.base_value, claim.base_unit, claim.interval.low == Fraction("6.245")
    (Decimal('625000000'), '元', True)
    """

    id: int
    start: int
    end: int
    text: str
    kind: Kind
    value: Printed
    unit: str
    indicator: str = ""
    scope: str = ""
    period: str = ""
    months: Period | None = None
    cumulative: bool | None = None
    relation_to: int | None = None
    whole: int | None = None
    part_of: int | None = None
    approx: str = ""
    direction: Direction = ""
    role: Role = ""
    confidence: Decimal = Decimal(1)
    decimals: int = 0

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The printed numbers: one, or the ends of a range, or the members of a structure."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def sign(self) -> int:
        """−1 for a decrease or a loss, else 1."""
        return -1 if self.direction else 1

    @property
    def base_unit(self) -> str:
        """The plain measure: 元 for 亿元, 1 for % and 倍; 百分点 stays."""
        return measure_of(self.unit).plain if self.unit else ""

    @property
    def base_value(self) -> Printed:
        """``value`` in ``base_unit``, with its sign."""
        factor = self._factor
        based = tuple(_plain(Fraction(number) * factor) for number in self.numbers)
        return based if isinstance(self.value, tuple) else based[0]

    @property
    def interval(self) -> Interval:
        """What the printed figure may stand for, in ``unit``, its magnitude."""
        whole = printed_interval(self.numbers[0], self.decimals, self.approx)
        if self.kind == "structure":
            return Interval.point(self.numbers[0])
        for number in self.numbers[1:]:
            whole = whole.joined(printed_interval(number, self.decimals, self.approx))
        return whole

    @property
    def part_intervals(self) -> tuple[Interval, ...]:
        """What each member of a structure or end of a range may stand for, in ``unit``."""
        return tuple(printed_interval(number, self.decimals, self.approx) for number in self.numbers)

    @property
    def base_interval(self) -> Interval:
        """What the figure may stand for in ``base_unit``, negative for a decrease or a loss."""
        return self.interval * self._factor

    @property
    def is_ratio(self) -> bool:
        """Whether it compares figures instead of giving one."""
        return self.kind in RATIO_KINDS

    @property
    def is_actual(self) -> bool:
        """Whether it tells what is, not a target, forecast or threshold."""
        return not self.role

    @property
    def _factor(self) -> Fraction:
        multiplier = measure_of(self.unit).multiplier if self.unit else Fraction(1)
        return self.sign * multiplier

    def to_json(self) -> dict[str, Any]:
        """The object of ``schema.md``: empty optional fields are left out, null links are kept."""
        fields: dict[str, Any] = {
            "id": self.id, "start": self.start, "end": self.end, "text": self.text, "kind": self.kind,
            "value": self.value, "unit": self.unit,
            "base_value": self.base_value, "base_unit": self.base_unit,
            "indicator": self.indicator, "scope": self.scope, "period": self.period,
            "relation_to": self.relation_to,
        }  # fmt: skip
        optional: dict[str, Any] = {
            "months": str(self.months) if self.months else None, "cumulative": self.cumulative,
            "whole": self.whole, "part_of": self.part_of,
            "approx": self.approx or None, "direction": self.direction or None, "role": self.role or None,
            "decimals": self.decimals or None, "confidence": self.confidence,
        }  # fmt: skip
        return fields | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Claim:
        """The claim that ``to_json`` gave. Raises ``KeyError`` or ``ValueError`` on anything else."""
        if fields["kind"] not in KINDS:
            raise ValueError(f"unknown kind {fields['kind']!r}")
        value = fields.get("value_exact", fields["value"])
        several = isinstance(value, list | tuple)
        months = fields.get("months")
        return cls(
            id=int(fields["id"]), start=int(fields["start"]), end=int(fields["end"]), text=fields["text"],
            kind=fields["kind"], value=tuple(map(_number, value)) if several else _number(value),
            unit=fields["unit"], indicator=fields.get("indicator", ""), scope=fields.get("scope", ""),
            period=fields.get("period", ""), months=Period.parse(months) if months else None,
            cumulative=fields.get("cumulative"), relation_to=fields.get("relation_to"),
            whole=fields.get("whole"), part_of=fields.get("part_of"), approx=fields.get("approx", ""),
            direction=fields.get("direction", ""), role=fields.get("role", ""),
            confidence=Decimal(str(fields.get("confidence", 1))), decimals=int(fields.get("decimals", 0)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage that something has reached, or shall reach: 新教学楼 已 启用, 7月23日 通过 验收.

    ``start`` to ``end`` is the stage word in the text. ``date`` is as printed, empty when none is given.
    ``reached`` is false for what is only planned.
    """

    start: int
    end: int
    stage: str
    subject: str
    date: str = ""
    reached: bool = True
    scope: str = ""
    period: str = ""

    def to_json(self) -> dict[str, Any]:
        """One JSON object, its kind ``milestone``."""
        return {
            "start": self.start, "end": self.end, "kind": "milestone", "stage": self.stage,
            "subject": self.subject, "date": self.date, "reached": self.reached,
            "scope": self.scope, "period": self.period,
        }  # fmt: skip


def claims_to_lines(claims: Iterable[Claim | Milestone], document: str = "") -> str:
    """JSON Lines, one claim a line, exact decimals.

    A fraction such as 1/3 has 28 digits and ``value_exact`` beside them. Each line names its ``document``.

    >>> print(claims_to_lines([Claim(0, 0, 3, "41%", "growth", Decimal(41), "%")]).split(", ")[5])
    "value": 41
    """
    named = {"document": document} if document else {}
    return "".join(f"{_object(named | claim.to_json())}\n" for claim in claims)


def claims_from_lines(text: str) -> list[Claim]:
    """The claims of JSON Lines; milestones are passed over. Raises ``DataError`` naming the line."""
    return list(_parsed(text))


def _parsed(text: str) -> Iterator[Claim]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line, parse_float=Decimal)
            if fields.get("kind") != "milestone":
                yield Claim.from_json(fields)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise DataError(f"第 {number} 行:不是一条声称({error})") from error


def _object(fields: dict[str, Any]) -> str:
    exact = {name: _fractions(value) for name, value in fields.items()}
    pairs = [f"{json.dumps(name)}: {_literal(value)}" for name, value in fields.items()]
    pairs += [f'"{name}_exact": {json.dumps(texts)}' for name, texts in exact.items() if texts]
    return "{" + ", ".join(pairs) + "}"


def _literal(value: Any) -> str:
    """A JSON literal; json.dumps would pass a Decimal through a binary float."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(member) for member in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Fraction):
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return json.dumps(value, ensure_ascii=False)


def _fractions(value: Any) -> str:
    return str(value) if isinstance(value, Fraction) else ""


def _number(value: Any) -> Number:
    written = str(value)
    return Fraction(written) if "/" in written else Decimal(written)


def _plain(value: Fraction) -> Number:
    """A Decimal where the value is one, else the fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return value
    if value.denominator == 1:
        return Decimal(value.numerator)
    return Decimal(value.numerator) / Decimal(value.denominator)
