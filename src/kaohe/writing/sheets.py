"""A score sheet as a table, CSV, JSON or a workbook."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kaohe.messages import text
from kaohe.schemes import model as m
from kaohe.scoring.sheet import Column, Sheet
from kaohe.writing.tables import Heading, TextTable

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_MARK = "\ue000"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the printed sheet: its id, its heading, whether it holds numbers, and decimals if fixed."""

    id: str
    heading: str
    numeric: bool
    decimals: int | None = None
    node: str = ""


def sheet_columns(sheet: Sheet) -> tuple[SheetColumn, ...]:
    """The columns after ``unit``, in the order of the CSV."""
    return tuple(_columns(sheet))


def _columns(sheet: Sheet) -> Iterator[SheetColumn]:
    for column in sheet.nodes:
        yield from _of_node(column)
    yield SheetColumn("gates", text("heading.gates"), False)
    known = {f"{sheet.nodes[0].node.id}_{end}": end for end in ("low", "high", "rank_low", "rank_high")}
    for name in sheet.columns:
        if name in known:
            yield SheetColumn(name, text(f"heading.{known[name]}"), True, node=sheet.nodes[0].node.id)


def _of_node(column: Column) -> Iterator[SheetColumn]:
    node = column.node
    decimals = None if node.publish is None else max(node.publish.decimals, 0)
    name = node_name(node)
    yield SheetColumn(node.id, name, True, decimals, node.id)
    if column.places is not None:
        yield SheetColumn(f"{node.id}_rank", text("heading.rank", name=name), True, node=node.id)
    if column.grades is not None:
        yield SheetColumn(f"{node.id}_grade", text("heading.grade", name=name), False, node=node.id)


def node_name(node: m.Criterion) -> str:
    """How a sheet calls a node: its name, 总分 for an unnamed ``total``, else its id."""
    # A root without a name of its own is called after the whole scheme: too long for a heading.
    if node.id == "total":
        return text("heading.total")
    return node.name or node.id


def sheet_title(sheet: Sheet, demo: bool) -> str:
    """Scheme, period, and 演示数据 when the facts are made up."""
    parts = [sheet.scheme.title, "" if sheet.period is None else str(sheet.period)]
    return "  ".join(part for part in (*parts, text("label.demo") if demo else "") if part)


def estimated_units(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    """For each unit the names of the root's children, or the root, that rest on estimates."""
    root = sheet.nodes[0].node
    wanted = {child.id for child in root.criteria} or {root.id}
    columns = [column for column in sheet.nodes if column.node.id in wanted and column.estimated]
    return tuple(
        tuple(node_name(column.node) for column in columns if column.estimated[row])
        for row in range(len(sheet.units))
    )


def names_of(sheet: Sheet) -> tuple[str, ...]:
    """What units are called: Chinese names where the facts have them."""
    return sheet.unit_names or sheet.units


def sheet_notes(sheet: Sheet) -> tuple[str, ...]:
    """What has to be said below a sheet."""
    provisional = (text("label.provisional"),) if sheet.is_provisional else ()
    return (*sheet.notes, *provisional)


def sheet_table(sheet: Sheet, demo: bool = False) -> TextTable:
    """The sheet for reading: the root and its children, places, grades, gates, ranges, 含预计."""
    root = sheet.nodes[0].node
    shown = {"", root.id, *(child.id for child in root.criteria)}
    columns = [column for column in sheet_columns(sheet) if column.node in shown]
    estimates = estimated_units(sheet)
    headings = [Heading(text("heading.unit")), *(Heading(c.heading, c.numeric) for c in columns)]
    rows = [
        [name, *(_readable(row[column.id], column) for column in columns)]
        for name, row in zip(names_of(sheet), sheet.rows, strict=True)
    ]
    if any(estimates):
        headings.append(Heading(text("heading.estimated")))
        rows = [[*row, "、".join(found)] for row, found in zip(rows, estimates, strict=True)]
    title = sheet_title(sheet, demo)
    return TextTable(title, tuple(headings), tuple(tuple(row) for row in rows), sheet_notes(sheet))


def _readable(value: str, column: SheetColumn) -> str:
    """A number of seventeen digits is for machines; people get four decimals, marked by ≈."""
    _, _, decimals = value.partition(".")
    if column.decimals is not None or len(decimals) <= 6 or not _NUMBER.fullmatch(value):
        return value
    return f"≈{Decimal(value).quantize(Decimal('0.0001'), ROUND_HALF_UP)}"


def sheet_json(sheet: Sheet, demo: bool = False) -> str:
    """The sheet as JSON: every column of the CSV, numbers with all their digits, null for blank."""
    numeric = {column.id for column in sheet_columns(sheet) if column.numeric}
    units = []
    for name, row, estimates in zip(names_of(sheet), sheet.rows, estimated_units(sheet), strict=True):
        values = {key: _json_value(value, key in numeric) for key, value in row.items() if key != "unit"}
        units.append({"unit": row["unit"], "name": name, **values, "estimated": list(estimates)})
    content = {
        "scheme": sheet.scheme.title,
        "period": None if sheet.period is None else str(sheet.period),
        "engine": sheet.engine,
        "recomputed": sheet.recomputed,
        "provisional": sheet.is_provisional,
        "demo": demo,
        "units": units,
        "findings": list(sheet.findings),
        "notes": list(sheet.notes),
    }
    written = json.dumps(content, ensure_ascii=False, indent=2)
    return re.sub(f'"{_MARK}([^"]*)"', r"\1", written) + "\n"


def _json_value(value: str, numeric: bool) -> Any:
    if value == "":
        return None
    # A JSON number may have more digits than a double: written as it stands, never through a float.
    return _MARK + value if numeric and _NUMBER.fullmatch(value) else value


def sheet_workbook(sheet: Sheet, demo: bool = False) -> bytes:
    """The sheet as .xlsx: two header rows (names, ids) that stay, numbers as numbers, text as text."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("得分")
        _fill(book, page, sheet, demo)
    return content.getvalue()


def _fill(book: Any, page: Any, sheet: Sheet, demo: bool) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    small = book.add_format({"font_color": "#808080", "font_size": 8})
    columns = sheet_columns(sheet)
    labels = [text("heading.unit_id"), text("heading.unit"), *(c.heading for c in columns)]
    labels.append(text("heading.estimated"))
    ids = ["unit", "name", *(column.id for column in columns), "estimated"]
    page.write_string(0, 0, sheet_title(sheet, demo), bold)
    for place, (label, identifier) in enumerate(zip(labels, ids, strict=True)):
        page.write_string(1, place, label, head)
        page.write_string(2, place, identifier, small)
    formats = [_number_format(book, column) for column in columns]
    estimates = estimated_units(sheet)
    for place, (name, row) in enumerate(zip(names_of(sheet), sheet.rows, strict=True), start=3):
        page.write_string(place, 0, row["unit"])
        page.write_string(place, 1, name)
        for at, (column, style) in enumerate(zip(columns, formats, strict=True), start=2):
            _write(page, place, at, row[column.id], column, style)
        page.write_string(place, len(ids) - 1, "、".join(estimates[place - 3]))
    for place, note in enumerate(sheet_notes(sheet), start=len(sheet.rows) + 4):
        page.write_string(place, 0, note)
    page.set_row(1, 45)
    page.set_column(0, 1, 14)
    page.set_column(2, len(ids) - 1, 11)
    page.freeze_panes(3, 2)
    page.autofilter(2, 0, max(len(sheet.rows) + 2, 2), len(ids) - 1)
    page.set_landscape()
    page.repeat_rows(0, 2)


def _number_format(book: Any, column: SheetColumn) -> Any:
    if column.decimals:
        return book.add_format({"num_format": "0." + "0" * column.decimals})
    return book.add_format({"num_format": "General"})


def _write(page: Any, row: int, at: int, value: str, column: SheetColumn, style: Any) -> None:
    if value == "":
        page.write_blank(row, at, None, style)
    elif column.numeric and _NUMBER.fullmatch(value):
        page.write_number(row, at, float(value), style)
    else:
        page.write_string(row, at, value)
