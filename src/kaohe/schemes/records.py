"""``each``: where the records come from, which count, how they are grouped: YAML → model."""

from __future__ import annotations

import re
from typing import Literal, TypedDict, cast

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.documents import Node, Scalar, Sequence
from kaohe.schemes.expressions import Expression
from kaohe.schemes.reading import (
    each_of,
    expression_of,
    expressions_in,
    mapping_of,
    optional,
    plain_mapping,
    required,
    text_of,
    word_of,
)
from kaohe.schemes.steps import Rules, combine_of, steps_of
from kaohe.schemes.vocabulary import EACH_SOURCES, GROUP_KEYS, KEEPS, ONCE_KEYS

_RANGE = re.compile(r"^(.*?)(\d+)\.\.(.*?)(\d+)$")
Source = Literal["table", "marks", "columns", "periods", "units", "linked"]


class SourceParts(TypedDict, total=False):
    """What a source of records needs besides its kind."""

    table: str
    columns: tuple[str, ...]
    periods: tuple[str, ...]
    weights: tuple[Expression, ...]


def source_of(node: Node) -> tuple[Source, SourceParts]:
    """Where records come from: a table's name, ``{columns: J1..J9}``, ``{periods: …}``, ``{linked: …}`` …"""
    if isinstance(node, Scalar):
        return ("marks" if node.text == "marks" else "table"), {"table": node.text}
    body = mapping_of(node, EACH_SOURCES, "each ")
    if "table" in body:
        return "table", {"table": text_of(body.entries["table"])}
    if "columns" in body:
        return "columns", {"columns": _column_names(body.entries["columns"])}
    if "periods" in body:
        weights = body.get("weights")
        given = expressions_in(weights, "weights ") if weights is not None else ()
        return "periods", {"periods": _period_names(body.entries["periods"]), "weights": given}
    if "units" in body:
        return "units", {"table": word_of(body.entries["units"], ("children",))}
    if "linked" in body:
        return "linked", {"table": text_of(body.entries["linked"])}
    raise SchemeError(
        f"{node.at} each 应为表名,或 {{columns: …}}、{{periods: …}}、{{units: children}}、{{linked: …}}"
    )


def _column_names(node: Node) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return each_of(node, text_of)
    match = _RANGE.match(text_of(node))
    if match is None or match[1] != (match[3] or match[1]):
        return (text_of(node),)
    width = len(match[2]) if match[2].startswith("0") else 0
    return tuple(f"{match[1]}{number:0{width}d}" for number in range(int(match[2]), int(match[4]) + 1))


def _period_names(node: Node) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return each_of(node, text_of)
    return (word_of(node, ("months", "quarters")),)


def once_of(node: Node | None) -> m.Once | None:
    """One record for each key."""
    if node is None:
        return None
    body = mapping_of(node, ONCE_KEYS, "once ")
    per, keep, among = (body.get(key) for key in ("per", "keep", "among"))
    if per is None:
        raise SchemeError(f"{body.at} once 缺少 per")
    keys = per.items if isinstance(per, Sequence) else (per,)
    return m.Once(
        each_of(keys, expression_of),
        cast(
            Literal["first", "last", "highest", "lowest"],
            word_of(keep, KEEPS) if keep is not None else "first",
        ),
        optional(body, "by"),
        among is not None and word_of(among, ("all", "unit")) == "all",
    )


def group_by_of(node: Node | None, rules: Rules) -> m.GroupBy | None:
    """Combine within a key first."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return m.GroupBy(expression_of(node), m.Combine())
    body = mapping_of(node, GROUP_KEYS, "group_by ")
    steps, weights = body.get("steps"), body.get("weights")
    groups = plain_mapping(weights, "group_by 的 weights ").entries.items() if weights is not None else ()
    return m.GroupBy(
        required(body, "key", "group_by "),
        combine_of(body.get("combine")),
        steps_of(steps, rules) if steps is not None else (),
        each_of(groups, lambda entry: (entry[0], expression_of(entry[1]))),
    )
