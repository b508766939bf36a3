"""Policies, duties, gates and grades of a node: YAML → model."""

from __future__ import annotations

import re
from typing import Literal, cast

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Scalar, Sequence
from kaohe.schemes.expressions import Expression
from kaohe.schemes.reading import (
    Faults,
    each_of,
    expression_of,
    mapping_of,
    optional,
    optional_text,
    pair_of,
    required,
    sequence_of,
    text_of,
    word_of,
)
from kaohe.schemes.steps import band_tests, ranking_of, within_of
from kaohe.schemes.vocabulary import (
    DUTY_KEYS,
    EFFECTS,
    GATE_KEYS,
    GRADE_KEYS,
    POLICIES,
    REASONS,
    SEAT_TIES,
    SEATS,
)

_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


def policy_of(node: Node) -> m.Policy:
    """What a null does: a word, ``{points: e}`` or ``{move_to: [id, …]}``."""
    if isinstance(node, Scalar):
        return m.Policy(word_of(node, POLICIES - {"points", "move_to"}), stated=True)
    body = mapping_of(node, frozenset({"points", "move_to"}), "空值处理")
    if len(body.entries) != 1:
        raise SchemeError(f"{body.at} 空值处理应写 points 或 move_to 其中一个")
    if "points" in body:
        return m.Policy("points", points=expression_of(body.entries["points"]), stated=True)
    targets = each_of(sequence_of(body.entries["move_to"], "move_to "), text_of)
    return m.Policy("move_to", move_to=targets, stated=True)


def policies_of(node: Mapping, above: dict[str, m.Policy]) -> tuple[tuple[str, m.Policy], ...]:
    """The policy of each reason: the node's own, else what stands above it."""
    written = [(reason, value) for reason in REASONS if (value := node.get(reason)) is not None]
    own = dict(each_of(written, lambda entry: (entry[0], policy_of(entry[1]))))
    return tuple({**above, **own}.items())


def duties_of(node: Mapping, above: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """``clause``, ``assessor`` …: the node's own, else what stands above it."""
    written = [(key, value) for key in sorted(DUTY_KEYS) if (value := node.get(key)) is not None]
    own = dict(each_of(written, lambda entry: (entry[0], _duty(entry[1]))))
    return tuple({**above, **own}.items())


def _duty(node: Node) -> str:
    if isinstance(node, Sequence):
        return "、".join(each_of(node, text_of))
    return text_of(node)


def extra_of(node: Node | None) -> tuple[Expression, Expression] | None:
    return None if node is None else pair_of(node, "extra ", "[最低, 最高]")


def date_of(node: Node | None) -> str | None:
    """A date, to the year, the month or the day."""
    if node is None:
        return None
    value = text_of(node)
    if not _DATE.match(value):
        raise SchemeError(f"{node.at} 这里应为日期(2005-07-01),实为“{value}”")
    return value


def rank_of(node: Node | None) -> m.Ranking | None:
    if node is None or (isinstance(node, Scalar) and node.text == "false"):
        return None
    return ranking_of(node)


def gates_of(node: Node | None, owner: str) -> tuple[m.Gate, ...]:
    if node is None:
        return ()
    numbered = enumerate(sequence_of(node, "gates "), start=1)
    return each_of(numbered, lambda entry: _gate(entry[1], f"{owner}_gate_{entry[0]}"))


def _gate(item: Node, identifier: str) -> m.Gate:
    node = mapping_of(item, GATE_KEYS, "gate ")
    faults = Faults()
    when = faults.attempt(lambda: required(node, "when", "gate "), None)
    unless = faults.attempt(lambda: optional(node, "unless"), None)
    starts = faults.attempt(lambda: date_of(node.get("from")), None)
    ends = faults.attempt(lambda: date_of(node.get("until")), None)
    effects = faults.attempt(lambda: _effects(node), ())
    faults.done()
    assert when is not None
    name = optional_text(node, "name")
    basis = optional_text(node, "basis")
    written = optional_text(node, "id")
    return m.Gate(written or identifier, name, when, unless, starts, ends, basis, effects, node.at)


def _effects(node: Mapping) -> tuple[tuple[str, Expression | str], ...]:
    effect = node.get("effect")
    if effect is None:
        raise SchemeError(f"{node.at} gate 缺少 effect")
    body = mapping_of(effect, EFFECTS, "effect ")
    if not body.entries:
        raise SchemeError(f"{body.at} effect 是空的,例如 {{score: 0}}、{{grade: 不合格}}")
    return each_of(body.entries.items(), lambda entry: (entry[0], _effect(*entry)))


def _effect(kind: str, node: Node) -> Expression | str:
    return expression_of(node) if kind in ("score", "cap", "deduct", "grade_down") else text_of(node)


def grades_of(node: Node | None) -> tuple[m.GradeRow, ...]:
    return () if node is None else each_of(sequence_of(node, "grades "), _grade_row)


def _grade_row(item: Node) -> m.GradeRow:
    node = mapping_of(item, GRADE_KEYS, "grades 的一等")
    if "grade" not in node:
        raise SchemeError(f"{node.at} 这一等缺少 grade(等次名称)")
    seats, ties = node.get("seats"), node.get("ties")
    return m.GradeRow(
        text_of(node.entries["grade"]),
        band_tests(node),
        optional(node, "top"),
        cast(Literal["down", "up", "half_up"], word_of(seats, SEATS) if seats else "down"),
        cast(Literal["include", "exclude"], word_of(ties, SEAT_TIES) if ties else "include"),
        within_of(node),
        node.at,
    )
