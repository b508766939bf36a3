"""``for:`` — one entry of a list for each value, written out before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence as Rows
from dataclasses import replace

from kaohe.facts.errors import SchemeError
from kaohe.schemes.documents import Mapping, Node, Scalar, Sequence
from kaohe.schemes.parser import parse_expression
from kaohe.schemes.rows import row_holds

RowSource = Callable[[str, Scalar], Rows[dict[str, str]]]
_SLOT = re.compile(r"\{([^\W\d][\w ]*)\}")


def written_out(node: Node, rows_of: RowSource) -> Node:
    """``node`` with every ``for:`` of every list inside it replaced by its entries.

    ``rows_of(table, at)`` gives the raw rows of a reference table.
    Raises ``SchemeError`` on lists of unequal length and on a ``{name}`` that nothing fills.
    """
    if isinstance(node, Sequence):
        items = tuple(entry for item in node.items for entry in _entries(item, rows_of))
        return Sequence(items, node.at)
    if isinstance(node, Mapping):
        return replace(node, entries={key: written_out(value, rows_of) for key, value in node.entries.items()})
    return node


def _entries(item: Node, rows_of: RowSource) -> Iterator[Node]:
    if not isinstance(item, Mapping) or "for" not in item:
        yield written_out(item, rows_of)
        return
    body = replace(item, entries={key: value for key, value in item.entries.items() if key != "for"})
    for names in _bindings(item.entries["for"], rows_of):
        filled = written_out(_filled(body, names, rows_of), rows_of)
        _check_filled(filled)
        yield filled


def _bindings(node: Node, rows_of: RowSource) -> Iterator[dict[str, str]]:
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} for 应写成 {{名称: [值, 值]}} 或 {{rows: 表名}}")
    if "rows" in node:
        yield from _table_rows(node, rows_of)
        return
    lists = {name: _values(value) for name, value in node.entries.items()}
    if len({len(values) for values in lists.values()}) > 1:
        sizes = "、".join(f"{name} {len(values)} 个" for name, values in lists.items())
        raise SchemeError(f"{node.at} for 的各列表应一样长,实有 {sizes}")
    for row in zip(*lists.values(), strict=True):
        yield dict(zip(lists, row, strict=True))


def _table_rows(node: Mapping, rows_of: RowSource) -> Iterator[dict[str, str]]:
    table = node.entries["rows"]
    if not isinstance(table, Scalar):
        raise SchemeError(f"{table.at} rows 应为表名")
    where = node.get("where")
    condition = parse_expression(where) if isinstance(where, Scalar) else None
    for row in rows_of(table.text, table):
        if condition is None or row_holds(condition, row):
            yield row


def _values(node: Node) -> list[str]:
    if isinstance(node, Sequence):
        return [item.text if isinstance(item, Scalar) else "" for item in node.items]
    if isinstance(node, Scalar):
        return node.text.split()
    raise SchemeError(f"{node.at} for 的值应为列表,或用空格隔开的词")


def _filled(node: Node, names: dict[str, str], rows_of: RowSource) -> Node:
    """``node`` with ``{name}`` replaced; inside an inner ``for`` its own names come first."""
    if isinstance(node, Scalar):
        return replace(node, text=_fill(node.text, names))
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_filled(item, names, rows_of) for item in node.items))
    inner = node.get("for")
    own: frozenset[str] = frozenset()
    entries: dict[str, Node] = {}
    if inner is not None:
        entries["for"] = inner = _filled(inner, names, rows_of)
        own = _names_of(inner, rows_of)
    outer = {name: value for name, value in names.items() if name not in own}
    for key, value in node.entries.items():
        if key != "for":
            entries[_fill(key, outer)] = _filled(value, outer, rows_of)
    keys = {_fill(key, outer): at for key, at in node.keys.items()}
    return replace(node, entries=entries, keys=keys)


def _names_of(node: Node, rows_of: RowSource) -> frozenset[str]:
    """The names that a ``for`` gives: its lists, or the columns of its table."""
    if not isinstance(node, Mapping):
        return frozenset()
    table = node.get("rows")
    if not isinstance(table, Scalar):
        return frozenset(node.entries)
    rows = rows_of(table.text, table)
    return frozenset(rows[0]) if rows else frozenset()


def _fill(text: str, names: dict[str, str]) -> str:
    return _SLOT.sub(lambda slot: names.get(slot[1], slot[0]), text)


def _check_filled(node: Node) -> None:
    if isinstance(node, Scalar):
        slot = _SLOT.search(node.text)
        if slot is not None:
            raise SchemeError(f"{node.at} {slot[0]} 没有填上:for 里没有名称 {slot[1]}")
    elif isinstance(node, Sequence):
        for item in node.items:
            _check_filled(item)
    else:
        for value in node.entries.values():
            _check_filled(value)
