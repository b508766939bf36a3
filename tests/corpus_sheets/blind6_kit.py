# ruff: noqa
"""Writes an office workbook and, from the same description, the cells expected of it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any


def a1(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def place(cell: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


@dataclass
class V:
    """A figure cell: what is written, what it means where that differs."""

    raw: Any
    value: str | None = None
    fmt: str | None = None
    formula: str | None = None
    presence: str = "present"
    ask: str | None = None
    warning: str | None = None
    over: dict[str, Any] = field(default_factory=dict)


def T(raw: str, value: str, **over: Any) -> V:
    """Text that is a number."""
    return V(raw, value, over=over)


def P(raw: float, fmt: str = "0.0%", **kw: Any) -> V:
    """A percent format."""
    kw.setdefault("over", {})["measure"] = "%"
    value = format(Decimal(str(raw)) * 100, "f")
    return V(raw, value.rstrip("0").rstrip(".") if "." in value else value, fmt, **kw)


def N(raw: str, presence: str) -> V:
    """A mark that the sheet's notes define."""
    return V(raw, None, presence=presence)


def Q(raw: Any, ask: str, **kw: Any) -> V:
    """A cell that a clerk would ask about."""
    return V(raw, kw.pop("value", None), ask=ask, **kw)


def F(formula: str, raw: Any, fmt: str | None = None, **kw: Any) -> V:
    """A formula with its cached value."""
    if fmt and fmt.endswith("%"):
        return P(raw, fmt, formula=formula, **kw)
    return V(raw, fmt=fmt, formula=formula, **kw)


class Sheet:
    def __init__(self, name: str, hidden: bool = False) -> None:
        self.name, self.hidden = name, hidden
        self.cells: dict[tuple[int, int], V] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.rows_hidden: set[int] = set()
        self.columns_hidden: set[int] = set()
        self.widths: dict[int, float] = {}
        self.expected: list[dict[str, Any]] = []

    def put(self, cell: str, value: Any, fmt: str | None = None) -> None:
        self.cells[place(cell)] = V(value, fmt=fmt)

    def row(self, cell: str, *values: Any) -> None:
        top, left = place(cell)
        for shift, value in enumerate(values):
            if value is not None:
                self.cells[(top, left + shift)] = V(value)

    def column(self, cell: str, *values: Any) -> None:
        top, left = place(cell)
        for shift, value in enumerate(values):
            if value is not None:
                self.cells[(top + shift, left)] = V(value)

    def merge(self, area: str, value: Any) -> None:
        (r1, c1), (r2, c2) = map(place, area.split(":"))
        self.merges.append((r1, c1, r2, c2))
        self.cells[(r1, c1)] = V(value)

    def grid(
        self, cell: str, rows: list[dict], columns: list[dict], data: list[list[Any]], **common: Any
    ) -> None:
        top, left = place(cell)
        assert len(rows) == len(data), (self.name, len(rows), len(data))
        for down, (row, values) in enumerate(zip(rows, data)):
            assert len(values) == len(columns), (self.name, row, len(values), len(columns))
            for across, (column, raw) in enumerate(zip(columns, values)):
                if raw is not None:
                    self.figure(top + down, left + across, raw, {**common, **row, **column}, row, column)

    def figure(self, r: int, c: int, raw: Any, about: dict, row: dict, column: dict) -> None:
        each = raw if isinstance(raw, V) else V(raw)
        self.cells[(r, c)] = each
        about = {"role": "actual", "parent": None, "record": None, **about}
        if row.get("stock") or column.get("stock"):
            about["period"] = about["period"].split("/")[-1]
        about.update(each.over)
        if row.get("total") or column.get("total"):
            about["role"] = "total_row"
        value = each.value
        if value is None and each.presence == "present" and not each.ask:
            assert isinstance(each.raw, (int, float)), (self.name, r, c, each.raw)
            value = format(Decimal(str(each.raw)), "f")
        ask = each.ask or about.get("ask")
        self.expected.append(
            {
                "sheet": self.name,
                "cell": a1(r, c),
                "unit": about["unit"],
                "indicator": about["indicator"],
                "parent": about["parent"],
                "period": about["period"],
                "role": about["role"],
                "value": value,
                "measure": about["measure"],
                "presence": each.presence,
                "record": about["record"],
                "asked": bool(ask),
                "question": ask,
                "warning": each.warning,
            }
        )


def xlsx(path: Path, sheets: list[Sheet]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    formats: dict[Any, Any] = {}

    def form(fmt: str | None) -> Any:
        if fmt not in formats:
            formats[fmt] = book.add_format({"num_format": fmt or "General", "font_name": "宋体", "border": 1})
        return formats[fmt]

    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for r1, c1, r2, c2 in sheet.merges:
            page.merge_range(r1 - 1, c1 - 1, r2 - 1, c2 - 1, "", form(None))
        for (r, c), each in sorted(sheet.cells.items()):
            if each.formula:
                page.write_formula(r - 1, c - 1, each.formula, form(each.fmt), each.raw)
            elif isinstance(each.raw, str):
                page.write_string(r - 1, c - 1, each.raw, form(each.fmt))
            elif hasattr(each.raw, "year"):
                page.write_datetime(r - 1, c - 1, each.raw, form(each.fmt or "yyyy/m/d"))
            else:
                page.write_number(r - 1, c - 1, each.raw, form(each.fmt))
        for r in sheet.rows_hidden:
            page.set_row(r - 1, None, None, {"hidden": True})
        for c in sheet.columns_hidden:
            page.set_column(c - 1, c - 1, None, None, {"hidden": True})
    book.close()


def xls(path: Path, sheets: list[Sheet]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        if sheet.hidden:
            page.visibility = 1
        merged = {(r1, c1): (r2, c2) for r1, c1, r2, c2 in sheet.merges}
        for (r, c), each in sorted(sheet.cells.items()):
            assert not each.formula, "xlwt holds no cached value"
            fmt = each.fmt or ("yyyy/m/d" if hasattr(each.raw, "year") else "General")
            style = xlwt.easyxf(num_format_str=fmt)
            if (r, c) in merged:
                r2, c2 = merged[(r, c)]
                page.write_merge(r - 1, r2 - 1, c - 1, c2 - 1, each.raw, style)
            else:
                page.write(r - 1, c - 1, each.raw, style)
        for r in sheet.rows_hidden:
            page.row(r - 1).hidden = True
        for c in sheet.columns_hidden:
            page.col(c - 1).hidden = True
    book.save(str(path))


def gbcsv(path: Path, sheets: list[Sheet]) -> None:
    (sheet,) = sheets
    height, width = max(r for r, _ in sheet.cells), max(c for _, c in sheet.cells)
    with path.open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        for r in range(1, height + 1):
            writer.writerow(
                [sheet.cells[(r, c)].raw if (r, c) in sheet.cells else "" for c in range(1, width + 1)]
            )


def save(path: Path, *sheets: Sheet) -> None:
    if path.suffix == ".xlsx":
        xlsx(path, list(sheets))
    elif path.suffix == ".csv":
        gbcsv(path, list(sheets))
    elif any(each.formula for sheet in sheets for each in sheet.cells.values()):
        _by_office(path, list(sheets))
    else:
        xls(path, list(sheets))
    lines = [line for sheet in sheets for line in sheet.expected]
    keys = [(line["sheet"], line["cell"]) for line in lines]
    assert len(set(keys)) == len(keys), path.name
    path.with_name(path.name + ".jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8"
    )
    asked = sum(line["asked"] for line in lines)
    print(f"{path.name}: {len(lines)} cells, {asked} asked")


def _by_office(path: Path, sheets: list[Sheet]) -> None:
    """An .xls with formulas and their cached values, by way of LibreOffice."""
    folder = Path("/tmp/blind3")
    folder.mkdir(exist_ok=True)
    source = folder / (path.stem + ".xlsx")
    xlsx(source, sheets)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xls",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    path.write_bytes((folder / (path.stem + ".xls")).read_bytes())
