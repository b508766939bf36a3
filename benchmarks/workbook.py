"""One county-month as a workbook, recalculated by LibreOffice without a screen.

Sheets as a clerk would lay them out, a town a row and a line a column: ``数据`` (figure, target, due, last
year, state), ``指标值``, ``得分`` (before the policies for missing), ``汇总`` (after them, categories, total,
place). Every cell of the last three is a formula.
"""

from __future__ import annotations

import csv
import statistics
import time
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from benchmarks.processes import Failed, measure
from benchmarks.workload import CATEGORY_CAP, CATEGORY_WEIGHTS, VETO_BELOW, VETO_CAP, Line, lines

MONTH = "2005-12"
FIELDS = ("", ".target", ".due", ".last_year")
# Sheet 4 to CSV: comma, quote, UTF-8, values as stored and not as shown.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,4"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def month_rows(folder: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns and rows of one month, states beside values, towns in order."""
    states = ", ".join(f's."{line.indicator}" AS "{line.indicator}.state"' for line in lines())
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT v.*, {states} FROM '{folder / 'values.parquet'}' AS v "
            f"JOIN '{folder / 'states.parquet'}' AS s USING (unit, period) "
            f"WHERE period = '{MONTH}' ORDER BY unit"
        )
        names = [column[0] for column in found.description]
        return names, found.fetchall()


def write_month_csv(folder: Path) -> Path:
    """The same month as a wide CSV table; 不适用 where a figure does not apply."""
    names, rows = month_rows(folder)
    wanted = [n for n in names if n != "period" and not n.endswith(".state")]
    states = {n.removesuffix(".state"): place for place, n in enumerate(names) if n.endswith(".state")}
    path = folder / "month.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(wanted)
        for row in rows:
            cells = dict(zip(names, row, strict=True))
            gone = {n for n, place in states.items() if row[place] == 4}
            writer.writerow(["不适用" if n in gone else "" if cells[n] is None else cells[n] for n in wanted])
    return path


class _Sheets:
    """Where a cell of the data lies, and the formulas over it."""

    def __init__(self, towns: int) -> None:
        self.towns = towns
        self.lines = lines()

    def data(self, row: int, line: int, field: int) -> str:
        return f"数据!{xl_rowcol_to_cell(row + 1, 1 + 5 * line + field)}"

    def column(self, sheet: str, column: int) -> str:
        name = xl_col_to_name(column)
        return f"{sheet}!${name}$2:${name}${self.towns + 1}"

    def figure(self, row: int, place: int, line: Line) -> str:
        x = self.data(row, place, 0)
        if line.kind == "efficacy":
            return f'=IF({x}="","",{x})'
        if line.kind in ("rank", "growth"):
            before = self.data(row, place, 3)
            grown = f"({x}-{before})/{before}"
            shown = f"ROUND({grown},2)" if line.kind == "rank" else grown
            return f'=IF({x}="","",IF({before}>0,{shown},""))'
        over = self.data(row, place, 1 if line.kind in ("bands", "curve", "peer_mean") else 2)
        return f'=IF({x}="","",{x}/{over})'

    def points(self, row: int, place: int, line: Line) -> str:
        x = f"指标值!{xl_rowcol_to_cell(row + 1, place + 1)}"
        whole = self.column("指标值", place + 1)
        made = {
            "proportional": f"IF({x}<0.6,0,ROUND(MIN({x},1)*100,2))",
            "bands": f"IF({x}>=1,100,IF({x}>=0.8,90,IF({x}>=0.6,60,0)))",
            "curve": f"ROUND(IF({x}<=0.5,0,IF({x}<=1,({x}-0.5)*200,MIN(110,100+({x}-1)*50))),2)",
            "efficacy": f"ROUND(60+40*({x}-MIN({whole}))/(MAX({whole})-MIN({whole})),2)",
            "rank": f"IF(RANK({x},{whole})<=3,100,IF(RANK({x},{whole})<=6,80,"
            f"IF(RANK({x},{whole})<=10,60,20)))",
            "deduct": f"ROUND(MAX(0,MIN({x},1)*100-2*INT(MAX(0,1-{x})/0.05+0.0000001)),2)",
            "bonus": f"ROUND(MIN({x},1)*90+MIN(10,INT(MAX(0,{x}-1)/0.01+0.0000001)),2)",
            "growth": f"ROUND(IF({x}<=-0.1,40,IF({x}<=0,60+{x}*200,MIN(100,60+{x}*200))),2)",
            "lower": f"ROUND(MAX(0,MIN(100,(1.2-{x})*250)),2)",
            "peer_mean": f"ROUND(MIN({x},1)*100,2)",
        }[line.kind]
        return f'=IF({x}="","",{made})'

    def final(self, row: int, place: int, line: Line) -> str:
        points = f"得分!{xl_rowcol_to_cell(row + 1, place + 1)}"
        other = f"AVERAGE({self.column('得分', place + 1)})" if line.kind == "peer_mean" else "0"
        return f'=IF({self.data(row, place, 4)}=4,"",IF({points}="",{other},{points}))'

    def category(self, row: int, category: int) -> str:
        places = [place for place, line in enumerate(self.lines) if line.category == category]
        first, last = places[0] + 1, places[-1] + 1
        cells = f"{xl_rowcol_to_cell(row + 2, first)}:{xl_rowcol_to_cell(row + 2, last)}"
        weights = f"{xl_rowcol_to_cell(0, first, True)}:{xl_rowcol_to_cell(0, last, True)}"
        kept = f'SUMIF({cells},">=0",{weights})'
        return f"=MIN({CATEGORY_CAP},SUMPRODUCT({cells},{weights})/{kept})"

    def total(self, row: int) -> str:
        first = len(self.lines) + 1
        parts = [
            f"{xl_rowcol_to_cell(row + 2, first + at)}*{weight}%"
            for at, weight in enumerate(CATEGORY_WEIGHTS)
        ]
        progress = f"指标值!{xl_rowcol_to_cell(row + 1, 1)}"
        total = "+".join(parts)
        vetoed = f'AND({progress}<>"",N({progress})<{VETO_BELOW / 100})'
        return f"=ROUND(IF({vetoed},MIN({VETO_CAP},{total}),{total}),2)"


def write_workbook(folder: Path, path: Path) -> int:
    """Writes the workbook; the number of its formulas."""
    names, rows = month_rows(folder)
    at = {name: place for place, name in enumerate(names)}
    sheets = _Sheets(len(rows))
    count = 0
    with xlsxwriter.Workbook(path) as book:
        data, figures, points, final = (book.add_worksheet(n) for n in ("数据", "指标值", "得分", "汇总"))
        for place, line in enumerate(sheets.lines):
            data.write_row(0, 1 + 5 * place, [f"{line.indicator}{field}" for field in (*FIELDS, ".state")])
            final.write_number(0, place + 1, line.weight)
            final.write_string(1, place + 1, f"s_{line.indicator}")
        for row, cells in enumerate(rows):
            for sheet, top in ((data, 1), (figures, 1), (points, 1), (final, 2)):
                sheet.write_string(row + top, 0, cells[at["unit"]])
            for place, line in enumerate(sheets.lines):
                _write_facts(data, row, place, line, cells, at)
                figures.write_formula(row + 1, place + 1, sheets.figure(row, place, line))
                points.write_formula(row + 1, place + 1, sheets.points(row, place, line))
                final.write_formula(row + 2, place + 1, sheets.final(row, place, line))
            last = len(sheets.lines)
            for category in range(len(CATEGORY_WEIGHTS)):
                final.write_formula(row + 2, last + 1 + category, sheets.category(row, category))
            total = last + 1 + len(CATEGORY_WEIGHTS)
            final.write_formula(row + 2, total, sheets.total(row))
            name = xl_col_to_name(total)
            own = xl_rowcol_to_cell(row + 2, total)
            final.write_formula(row + 2, total + 1, f"=RANK({own},${name}$3:${name}${len(rows) + 2})")
            count += 3 * len(sheets.lines) + len(CATEGORY_WEIGHTS) + 2
    return count


def _write_facts(
    sheet: Any, row: int, place: int, line: Line, cells: tuple[Any, ...], at: dict[str, int]
) -> None:
    for field, suffix in enumerate(FIELDS):
        value = cells[at[line.indicator + suffix]]
        if value is not None:
            sheet.write_number(row + 1, 1 + 5 * place + field, value)
    sheet.write_number(row + 1, 1 + 5 * place + 4, cells[at[f"{line.indicator}.state"]])


def _profile(place: Path) -> Path:
    folder = place / "profile" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "registrymodifications.xcu"
    if not settings.is_file():
        settings.write_text(SETTINGS, encoding="utf-8")
    return folder.parent


def _converted(source: Path, out: Path) -> Any:
    profile = f"-env:UserInstallation={_profile(out).resolve().as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", FILTER, "--outdir", str(out), str(source)]
    return measure(command)


def totals(out: Path) -> dict[str, tuple[float, int]]:
    """Town → (total, place) as LibreOffice wrote them."""
    path = next(iter(sorted(out.glob("workbook*.csv"))), None)
    if path is None:
        raise Failed("LibreOffice wrote no CSV file")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[2:]
    return {row[0]: (float(row[-2]), int(float(row[-1]))) for row in rows}


def run(folder: Path, out: Path, repeats: int = 3) -> dict[str, Any]:
    """Whole conversions, and those of an empty workbook as start-up; the first of each is not counted."""
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    formulas = write_workbook(folder, out / "workbook.xlsx")
    wrote = time.perf_counter() - started
    with xlsxwriter.Workbook(out / "empty.xlsx") as book:
        for _ in range(4):
            book.add_worksheet()
    whole = [_converted(out / "workbook.xlsx", out) for _ in range(repeats + 1)][1:]
    empty = [_converted(out / "empty.xlsx", out) for _ in range(repeats + 1)][1:]
    wall, start = (statistics.median(each.wall for each in group) for group in (whole, empty))
    return {
        "formulas": formulas,
        "write_seconds": wrote,
        "walls": [each.wall for each in whole],
        "start_walls": [each.wall for each in empty],
        "seconds": wall,
        "net_seconds": wall - start,
        "peak_mb": max(each.peak for each in whole),
        "load": [each.load for each in whole],
    }
