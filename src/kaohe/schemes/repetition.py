"""``for:`` — one entry of a list for each value, written out before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Sequence as Rows
from dataclasses import replace

from kaohe.facts.errors import SchemeError
from kaohe.schemes.documents import Mapping, Node, Position, Scalar, Sequence
from kaohe.schemes.parser import parse_expression
from kaohe.schemes.reading import Faults, mapping_of, nearest, text_of
from kaohe.schemes.rows import row_holds

RowSource = Callable[[str, Scalar], Rows[dict[str, str]]]
Names = dict[str, str]
_SLOT = re.compile(r"\{([^\W\d][\w ]*)\}")


def written_out(node: Node, rows_of: RowSource, faults: Faults) -> Node:
    """``node`` with every ``for:`` of every list inside it replaced by its entries.

    ``rows_of(table, at)`` gives the raw rows of a reference table. An inner ``for`` sees the names of the
    outer one, its own first. Lists of unequal length and a ``{name}`` that nothing fills are noted in
    ``faults``.
    """
    return _Writing(rows_of, faults).node(node, None)


class _Writing:
    """One pass down the tree; ``names`` are those of all ``for`` around, None outside of any."""

    def __init__(self, rows_of: RowSource, faults: Faults) -> None:
        self._rows_of = rows_of
        self._faults = faults

    def node(self, node: Node, names: Names | None) -> Node:
        if isinstance(node, Sequence):
            items = tuple(entry for item in node.items for entry in self._entries(item, names))
            return replace(node, items=items)
        if isinstance(node, Mapping):
            return self._mapping(node, names)
        return node if names is None else replace(node, text=self._fill(node.text, names, node.at))

    def _entries(self, item: Node, names: Names | None) -> Iterator[Node]:
        if not isinstance(item, Mapping) or "for" not in item:
            yield self.node(item, names)
            return
        body = replace(item, entries={key: value for key, value in item.entries.items() if key != "for"})
        over = self.node(item.entries["for"], names)
        for own in self._faults.attempt(lambda: list(_bindings(over, self._rows_of)), ()):
            yield self.node(body, {**(names or {}), **own})

    def _mapping(self, node: Mapping, names: Names | None) -> Mapping:
        filled = {
            key: key if names is None else self._fill(key, names, node.keys[key]) for key in node.entries
        }
        entries = {filled[key]: self.node(value, names) for key, value in node.entries.items()}
        return replace(node, entries=entries, keys={filled[key]: node.keys[key] for key in node.entries})

    def _fill(self, text: str, names: Names, at: Position) -> str:
        for slot in _SLOT.finditer(text):
            message = f"{at} {slot[0]} 没有填上:for 里没有名称 {slot[1]}{nearest(slot[1], names)}"
            if slot[1] not in names and message not in self._faults.messages:
                self._faults.messages.append(message)
        # A slot that nothing fills would only be reported again as a bad expression.
        return _SLOT.sub(lambda slot: names.get(slot[1], "0"), text)


def _bindings(node: Node, rows_of: RowSource) -> Iterator[dict[str, str]]:
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} for 应写成 {{名称: [值, 值]}} 或 {{rows: 表名}}")
    if "rows" in node:
        yield from _table_rows(mapping_of(node, frozenset({"rows", "where"}), "for: {rows: …} "), rows_of)
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
        return [text_of(item) for item in node.items]
    if isinstance(node, Scalar):
        return node.text.split()
    raise SchemeError(f"{node.at} for 的值应为列表,或用空格隔开的词")
