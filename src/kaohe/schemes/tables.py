"""``tables:`` of a scheme: which file is what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from kaohe.facts.errors import DataError, SchemeError
from kaohe.facts.tables import TableSpec, read_table
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Scalar, Sequence
from kaohe.schemes.reading import (
    each_of,
    expression_of,
    flag_of,
    integer_of,
    mapping_of,
    optional_text,
    text_of,
    word_of,
)
from kaohe.schemes.vocabulary import TABLE_KEYS


def tables_of(node: Node | None) -> tuple[tuple[str, m.Table], ...]:
    """The tables that a scheme names, in file order."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} tables 应写成“表名: {{file: 文件}}”")
    return each_of(node.entries.items(), lambda entry: (entry[0], _table(entry[1], entry[0])))


def raw_rows(data: Path, spec: TableSpec) -> list[dict[str, str]]:
    """The rows of a table as text by column, for ``for: {rows: …}``."""
    base, spec = (data.parent, spec) if data.is_file() else (data, spec)
    table = read_table(base, spec)
    return [dict(zip(table.columns, row, strict=True)) for row in table.texts]


def _table(body: Node, name: str) -> m.Table:
    if isinstance(body, Scalar):
        return m.Table(TableSpec(file=body.text))
    node = mapping_of(body, TABLE_KEYS, f"表 {name} ")
    where, reported = node.get("where"), node.get("reported")
    sheet, date = node.get("sheet"), node.get("date")
    try:
        spec = TableSpec(
            file=optional_text(node, "file"),
            key=_names(node.get("key")),
            unit=_names(node.get("unit")),
            units=_units(node.get("units")),
            layout=_layout(node.get("layout")),
            header=_header(node.get("header")),
            transpose=(flag := node.get("transpose")) is not None and flag_of(flag),
            sheet=text_of(sheet) if sheet is not None else None,
            date=text_of(date) if date is not None else None,
        )
    except DataError as error:
        raise SchemeError([f"{node.at} {message}" for message in error.messages]) from None
    return m.Table(
        spec,
        expression_of(where) if where is not None else None,
        expression_of(reported) if reported is not None else None,
    )


def _layout(node: Node | None) -> Literal["", "units_across"]:
    return "" if node is None else cast(Literal["units_across"], word_of(node, ("units_across",)))


def _names(node: Node | None) -> str | tuple[str, ...]:
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(text_of(item) for item in node)
    return text_of(node)


def _units(node: Node | None) -> bool | tuple[str, ...]:
    if node is None:
        return False
    if isinstance(node, Sequence):
        return tuple(text_of(item) for item in node)
    return flag_of(node)


def _header(node: Node | None) -> int | tuple[int, ...]:
    if node is None:
        return 1
    if isinstance(node, Sequence):
        return tuple(integer_of(item) for item in node)
    return integer_of(node)
