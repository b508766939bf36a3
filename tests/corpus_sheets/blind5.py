# ruff: noqa: E501
"""Seven more workbooks of the fifth blind round; see README.md. ``python tests/corpus_sheets/blind5.py``."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import xlsxwriter
from build import BOOKS, LY, SEP, Y25, YTD, Cells, Expected, book, fill, formats

HERE = Path(__file__).parent
BOOKS.clear()


@book("f1-社保.xlsx")
def insurance(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "参保进度"
    fill(
        ws,
        [
            ["2025年度城乡居民医保征缴进度表"],
            ["（截至2025年9月30日）", None, None, None, None, None],
            ["镇（街道）", "应参保人数", "任务数", "已参保", None, "参保率"],
            [None, None, None, "人数", "其中：困难群众", None],
            ["河东镇", 25200, 24000, 21850, 1203, 0.867],
            ["河西街道", 18110, 17500, 17020, 655, 0.9398],
            ["全县合计", 43310, 41500, 38870, 1858, 0.8975],
        ],
        ["A1:F1", "A2:F2", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4"],
    )
    formats(ws, "0.00%", "F5", "F6", "F7")
    wb.save(path)
    e = Cells("参保进度")
    each = [
        {"indicator": "应参保人数", "measure": "人"},
        {"indicator": "已参保人数", "measure": "人"},
        {"indicator": "参保率", "measure": "%"},
    ]
    for number, unit, values in [
        (5, "河东镇", [25200, 21850, "86.7"]),
        (6, "河西街道", [18110, 17020, "93.98"]),
        (7, "全县合计", [43310, 38870, "89.75"]),
    ]:
        e.row(
            number,
            "B D F",
            values,
            [{**p, "role": "total_row"} if number == 7 else p for p in each],
            unit=unit,
            period=SEP,
        )
        e.ask(f"C{number}")
        e.ask(f"E{number}")
    return e.found


@book("f2-财政月报.xlsx")
def finance(path: Path) -> Expected:
    wb = xlsxwriter.Workbook(str(path))
    ws = wb.add_worksheet("表1")
    thousand = wb.add_format({"num_format": "#,##0.00_ "})
    percent = wb.add_format({"num_format": "0.0%"})
    ws.merge_range("A1:G1", "河西县2025年1-9月财政收入分镇完成情况表", None)
    ws.write("A2", "编制单位：河西县财政局")
    ws.write("G2", "金额单位：万元")
    ws.write_row(
        "A3", ["镇别", "调整预算数", "本月完成", "累计完成", "完成调整预算%", "较上年同期±额", "较上年同期±%"]
    )
    data = [
        ("河东镇", 5200, 410.25, 4020.5, 0.7732, 310.2, 0.0836),
        ("河西镇", 3100, 0, 2250, 0.7258, -120, -0.0506),
        ("湖滨镇", 1800, 150, 1490, 0.8278, 88, 0.0628),
    ]
    for row, line in enumerate(data, start=3):
        ws.write(row, 0, line[0])
        for column, value in enumerate(line[1:], start=1):
            ws.write_number(row, column, value, percent if column in (4, 6) else thousand)
    ws.write(6, 0, "合计")
    for column, letter, value in ((1, "B", 10100), (2, "C", 560.25), (3, "D", 7760.5), (5, "F", 278.2)):
        ws.write_formula(6, column, f"=SUM({letter}4:{letter}6)", thousand, value)
    ws.write_formula(6, 4, "=D7/B7", percent, 0.7684)
    ws.write_formula(6, 6, "=F7/(D7-F7)", percent, 0.0372)
    wb.close()
    e = Cells("表1", indicator="财政收入")
    each = [
        {"period": Y25, "role": "target", "measure": "万元"}, {"period": SEP, "measure": "万元"}, {"period": YTD, "measure": "万元"},
        {"period": YTD, "role": "attainment", "measure": "%"}, {"period": YTD, "role": "growth", "measure": "万元"},
        {"period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    cols = "B C D E F G"
    e.row(4, cols, [5200, "410.25", "4020.5", "77.32", "310.2", "8.36"], each, unit="河东镇")
    e.row(5, cols, [3100, 0, 2250, "72.58", -120, "-5.06"], each, unit="河西镇")
    e.row(6, cols, [1800, 150, 1490, "82.78", 88, "6.28"], each, unit="湖滨镇")
    e.row(
        7,
        cols,
        [10100, "560.25", "7760.5", "76.84", "278.2", "3.72"],
        [{**p, "role": "total_row"} for p in each],
        unit="合计",
    )
    return e.found


@book("f3-环保.xlsx")
def environment(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "2025.9"
    fill(
        ws,
        [
            ["各镇空气质量情况"],
            ["排名", "乡镇", "PM2.5平均浓度(μg/m³)", None, None, "优良天数比例（%）", None],
            [None, None, "9月", "1-9月", "同比（%）", "9月", "同比（百分点）"],
            [1, "湖滨镇", 21, 28.5, -6.2, 100, 3.3],
            [2, "河 东 镇", 24, 31, 0, 96.7, 0],
            [3, "河西镇", "缺测", 33.2, 2.1, 93.3, -3.4],
        ],
        ["A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"],
    )
    wb.save(path)
    e = Cells("2025.9")
    a, b = {"indicator": "PM2.5平均浓度"}, {"indicator": "优良天数比例"}
    each = [
        {**a, "period": SEP, "measure": "μg/m³"}, {**a, "period": YTD, "measure": "μg/m³"}, {**a, "period": YTD, "role": "growth", "measure": "%"},
        {**b, "period": SEP, "measure": "%"}, {**b, "period": SEP, "role": "growth", "measure": "百分点"},
    ]  # fmt: skip
    e.row(4, "C D E F G", [21, "28.5", "-6.2", 100, "3.3"], each, unit="湖滨镇")
    e.row(5, "C D E F G", [24, 31, 0, "96.7", 0], each, unit="河东镇")
    e.row(6, "D E F G", ["33.2", "2.1", "93.3", "-3.4"], each[1:], unit="河西镇")
    for cell in ("C6", "A4", "A5", "A6"):
        e.ask(cell)
    return e.found


@book("f4-党建.csv")
def posts(path: Path) -> Expected:
    lines = [
        "湖滨镇2025年第三季度便民服务中心办件量统计,,,,",
        "窗口,7月,8月,9月,合计",
        "民政窗口,120,98,131,349",
        "社保窗口,310,295.0,288,893",
        "工商窗口,-,45,52,97",
        "合计,430,438,471,1339",
        "注：“-”为窗口未设立，不适用；单位：件",
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode())
    e = Cells(path.stem)
    for number in (3, 4, 5, 6):
        for column in "BCDE":
            e.ask(f"{column}{number}")
    return e.found


@book("f5-三农.xlsx")
def farming(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "2季度"
    fill(
        ws,
        [
            ["河西县2025年上半年农业生产情况"],
            ["指  标", "单 位", "2025年上半年", "2024年上半年", "增减（%）"],
            ["一、夏粮播种面积", "万亩", 18.52, 18.4, 0.7],
            ["    #小麦", "万亩", 16.1, 16.05, 0.3],
            ["二、夏粮总产量", "吨", 74080, 73600, 0.7],
            ["    #小麦", "吨", 66010, 65800, 0.3],
            ["三、生猪", None, None, None, None],
            ["  1.期末存栏", "万头", 9.3, 9.6, -3.1],
            ["  2.出栏", "万头", 7.1, 7.0, 1.4],
            ["四、农林牧渔业总产值（现价）", "亿元", 8.62, 8.25, 4.5],
        ],
        ["A1:E1"],
    )
    wb.save(path)
    h1, last = "2025-01/2025-06", "2024-01/2024-06"
    e = Cells("2季度", unit="河西县")
    for number, name, parent, measure, values in [
        (3, "夏粮播种面积", "", "万亩", ["18.52", "18.4", "0.7"]),
        (4, "小麦", "夏粮播种面积", "万亩", ["16.1", "16.05", "0.3"]),
        (5, "夏粮总产量", "", "吨", [74080, 73600, "0.7"]),
        (6, "小麦", "夏粮总产量", "吨", [66010, 65800, "0.3"]),
        (10, "农林牧渔业总产值(现价)", "", "亿元", ["8.62", "8.25", "4.5"]),
    ]:
        each = [
            {"period": h1, "measure": measure},
            {"period": last, "role": "last_year", "measure": measure},
            {"period": h1, "role": "growth", "measure": "%"},
        ]
        e.row(number, "C D E", values, each, indicator=name, parent=parent)
    for cell in ("C8", "D8", "E8", "C9", "D9", "E9"):
        e.ask(cell)
    return e.found


@book("f6-各村三栏.xlsx")
def three_bands(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "收缴"
    fill(
        ws,
        [
            ["湖滨镇2025年10月自来水费收缴表（单位：元）"],
            ["村名", "应收", "实收", "村名", "应收", "实收"],
            ["东 村", 1200, 1100, "南村", 900, 900],
            ["西村", 800, 0, "北村", 1500.5, "１，４００"],
        ],
        ["A1:F1"],
    )
    wb.save(path)
    e = Cells("收缴", measure="元", period="2025-10")
    each = [{"indicator": "应收"}, {"indicator": "实收"}]
    for number, cols, unit, values in [
        (3, "B C", "东村", [1200, 1100]),
        (4, "B C", "西村", [800, 0]),
        (3, "E F", "南村", [900, 900]),
        (4, "E F", "北村", ["1500.5", 1400]),
    ]:
        e.row(number, cols, values, each, unit=unit)
    return e.found


@book("f7-横向各月累计.xlsx")
def cumulative_months(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "累计"
    fill(
        ws,
        [
            ["河西县2025年固定资产投资各月累计完成情况（单位：亿元）"],
            ["乡镇", "1-2月", "1-3月", "1-4月", "1-5月", "1-6月", "全年目标", "目标完成率"],
            ["河东镇", 0.8, 1.5, 2.2, 3.1, 4, 9, 0.444],
            ["河西镇", 0.5, 1.1, 1.6, 2.4, 3.15, 6, 0.525],
        ],
        ["A1:H1"],
    )
    formats(ws, "0.0%", "H3", "H4")
    wb.save(path)
    e = Cells("累计", indicator="固定资产投资")
    each = [
        *({"period": f"2025-01/2025-0{m}", "measure": "亿元"} for m in range(2, 7)),
        {"period": Y25, "role": "target", "measure": "亿元"},
        {"period": "2025-01/2025-06", "role": "attainment", "measure": "%"},
    ]
    e.row(3, "B C D E F G H", ["0.8", "1.5", "2.2", "3.1", 4, 9, "44.4"], each, unit="河东镇")
    e.row(4, "B C D E F G H", ["0.5", "1.1", "1.6", "2.4", "3.15", 6, "52.5"], each, unit="河西镇")
    return e.found


def main() -> None:
    folder = HERE / "blind"
    _ = LY
    for name, make in BOOKS.items():
        lines = make(folder / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
