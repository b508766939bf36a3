# ruff: noqa: E501
"""Eight more workbooks of the third blind round; see README.md. ``python tests/corpus_sheets/blind3.py``."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from build import BOOKS, LY, SEP, Y25, YTD, Cells, Expected, book, fill, formats

HERE = Path(__file__).parent
BOOKS.clear()


@book("d1-合计和其中列.xlsx")
def parts_in_columns(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "九月"
    fill(
        ws,
        [
            ["2025年1-9月各镇财政收入完成情况表", None, None, None, None, None, None],
            [None, None, None, None, None, "单位：万元", None],
            ["镇 名", "财政总收入", None, None, None, "上年同期", "同比增长(%)"],
            [None, "合计", "其中", None, None, None, None],
            [None, None, "税收收入", "非税收入", "上级补助", None, None],
            ["东坪镇", 3200, 2100, 600, 500, 3000, 6.7],
            ["沙湾镇", 1500, 900, "", 600, 1550, -3.2],
            ["白沙乡", 410.5, 200.5, 10, 200, 380, 8],
            ["总计", 5110.5, 3200.5, 610, 1300, 4930, 3.7],
        ],
        ["A1:G1", "A3:A5", "B3:E3", "B4:B5", "C4:E4", "F3:F5", "G3:G5"],
    )
    wb.save(path)
    e = Cells("九月", period=YTD)
    whole = {"indicator": "财政总收入", "measure": "万元", "role": "total_row"}
    each = [
        whole, *({"indicator": n, "parent": "财政总收入", "measure": "万元"} for n in ("税收收入", "非税收入", "上级补助")),
        {"indicator": "财政总收入", "measure": "万元", "period": LY, "role": "last_year"},
        {"indicator": "财政总收入", "measure": "%", "role": "growth"},
    ]  # fmt: skip
    cols = "B C D E F G"
    e.row(6, cols, [3200, 2100, 600, 500, 3000, "6.7"], each, unit="东坪镇")
    e.row(7, cols, [1500, 900, None, 600, 1550, "-3.2"], each, unit="沙湾镇")
    e.row(8, cols, ["410.5", "200.5", 10, 200, 380, 8], each, unit="白沙乡")
    e.row(
        9,
        cols,
        ["5110.5", "3200.5", 610, 1300, 4930, "3.7"],
        [{**p, "role": "total_row"} for p in each],
        unit="总计",
    )
    return e.found


@book("d2-镇带村.xlsx")
def town_and_villages(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "造林"
    fill(
        ws,
        [
            ["清溪镇2025年春季造林任务分解落实表"],
            ["序号", "村（场）名", "任务面积（亩）", "完成面积（亩）", "完成比例", "栽植株数（万株）"],
            [1, "上 坪 村", 120, 118, "98.3%", 1.06],
            [2, "中坪村", 80, 80, "100%", "０.７２"],
            [3, "镇林场", 200, 150.5, "75.25%", 1.35],
            [None, "合计", 400, 348.5, "87.1%", 3.13],
            ["填报单位(盖章)：清溪镇林业站", None, None, "联系电话：0000-6600123"],
        ],
        ["A1:F1"],
    )
    wb.save(path)
    e = Cells("造林")
    each = [
        {"indicator": "任务面积", "measure": "亩", "role": "target", "period": Y25}, {"indicator": "完成面积", "measure": "亩", "period": Y25},
        {"indicator": "完成面积", "measure": "%", "role": "attainment", "period": Y25},
        {"indicator": "栽植株数", "measure": "万株", "period": Y25},
    ]  # fmt: skip
    e.row(3, "C D E F", [120, 118, "98.3", "1.06"], each, unit="上坪村")
    e.row(4, "C D E F", [80, 80, 100, "0.72"], each, unit="中坪村")
    e.row(5, "C D E F", [200, "150.5", "75.25", "1.35"], each, unit="镇林场")
    e.row(
        6, "C D E F", [400, "348.5", "87.1", "3.13"], [{**p, "role": "total_row"} for p in each], unit="合计"
    )
    return e.found


@book("d3-空白和零.xlsx")
def blank_and_zero(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "9月"
    fill(
        ws,
        [
            ["平川县2025年9月安全生产情况月报", None, None, None],
            ["乡镇", "检查次数(次)", "发现隐患(处)", "事故起数（起）"],
            ["红旗乡", 12, 5, 0],
            ["双桥镇", None, "/", None],
            ["柳溪镇", 8, "0", "无"],
            ["说明：1.空白表示未上报；2.“/”表示无此项任务；3.“无”表示没有发生。"],
        ],
        ["A1:D1"],
    )
    wb.save(path)
    e = Cells("9月", period=SEP)
    each = [
        {"indicator": "检查次数", "measure": "次"},
        {"indicator": "发现隐患", "measure": "处"},
        {"indicator": "事故起数", "measure": "起"},
    ]
    e.row(3, "B C D", [12, 5, 0], each, unit="红旗乡")
    e.add("B4", None, presence="missing", unit="双桥镇", **each[0])
    e.add("C4", None, presence="not_applicable", unit="双桥镇", **each[1])
    e.add("D4", None, presence="missing", unit="双桥镇", **each[2])
    e.row(5, "B C D", [8, 0, 0], each, unit="柳溪镇")
    return e.found


@book("d4-旧表藏着.xlsx")
def old_hidden(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    found: Expected = []
    for name, title, values in (
        ("2025年8月", "岭南镇2025年8月主要指标", [100.5, 810, 7.2]), ("2025年9月", "岭南镇2025年9月主要指标", [98, 908, 6.9]),
    ):  # fmt: skip
        ws = wb.create_sheet(name)
        fill(
            ws,
            [
                [title],
                ["制表:统计站", None, None, "计量单位:万元"],
                ["指标", "当月", "1月至本月累计", "累计增速（%）"],
                ["限额以上零售额", *values],
            ],
            ["A1:D1"],
        )
        month = name[5]
        e = Cells(name, unit="岭南镇", indicator="限额以上零售额")
        each = [
            {"period": f"2025-0{month}", "measure": "万元"}, {"period": f"2025-01/2025-0{month}", "measure": "万元"},
            {"period": f"2025-01/2025-0{month}", "role": "growth", "measure": "%"},
        ]  # fmt: skip
        e.row(4, "B C D", values, each)
        found += e.found
        if month == "8":
            ws.sheet_state = "hidden"
    wb.remove(wb["Sheet"])
    wb.save(path)
    return found


@book("d5-时序和位次.xlsx")
def pace_and_rank(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "通报"
    fill(
        ws,
        [
            ["2025年9月重点指标完成情况通报（1—9月）"],
            ["乡镇", "规上工业增加值", None, None, "一般公共预算收入（万元）", None, None],
            [None, "增速（%）", "与时序差(百分点)", "位次", "年度任务", "1-9月", "完成年度任务（%）"],
            ["城关镇", 9.1, 0.3, 1, 4000, 3100, 77.5],
            ["柳溪镇", 8.2, -0.6, 2, 1200, 850, 70.8],
        ],
        ["A1:G1", "A2:A3", "B2:D2", "E2:G2"],
    )
    wb.save(path)
    e = Cells("通报")
    b = {"indicator": "一般公共预算收入"}
    each = [
        {"indicator": "规上工业增加值", "role": "growth", "period": YTD, "measure": "%"},
        {**b, "role": "target", "period": Y25, "measure": "万元"}, {**b, "period": YTD, "measure": "万元"},
        {**b, "role": "attainment", "period": YTD, "measure": "%"},
    ]  # fmt: skip
    e.row(4, "B E F G", ["9.1", 4000, 3100, "77.5"], each, unit="城关镇")
    e.row(5, "B E F G", ["8.2", 1200, 850, "70.8"], each, unit="柳溪镇")
    for cell in ("C4", "D4", "C5", "D5"):
        e.ask(cell)
    return e.found


@book("d6-月度计划.xlsx")
def monthly_plan(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "10月"
    fill(
        ws,
        [
            ["青岚县2025年10月份固定资产投资调度表"],
            ["（单位：亿元）"],
            ["责任单位", "年度目标", "10月计划", "10月完成", "1-10月累计完成", "占年度目标比重", "下月计划"],
            ["县住建局", 20, 2, 1.8, 15.5, 0.775, 2.2],
            ["县交通局", 12, 1.1, 1.3, 9.66, 0.805, 1],
        ],
        ["A1:G1", "A2:G2"],
    )
    formats(ws, "0.0%", "F4", "F5")
    wb.save(path)
    e = Cells("10月", indicator="固定资产投资")
    each = [
        {"role": "target", "period": Y25, "measure": "亿元"}, {"role": "target", "period": "2025-10", "measure": "亿元"},
        {"period": "2025-10", "measure": "亿元"}, {"period": "2025-01/2025-10", "measure": "亿元"},
        {"role": "attainment", "period": "2025-01/2025-10", "measure": "%"}, {"role": "target", "period": "2025-11", "measure": "亿元"},
    ]  # fmt: skip
    cols = "B C D E F G"
    e.row(4, cols, [20, 2, "1.8", "15.5", "77.5", "2.2"], each, unit="县住建局")
    e.row(5, cols, [12, "1.1", "1.3", "9.66", "80.5", 1], each, unit="县交通局")
    return e.found


@book("d7-人口.xlsx")
def people(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "人口"
    fill(
        ws,
        [
            ["附表3"],
            ["红旗乡各村2025年9月末人口统计表"],
            ["村", "总户数", "总人口", None, None, "0—17岁", "60岁以上"],
            [None, None, "计", "男", "女", None, None],
            ["前进村", 312, 1020, 520, 500, 210, 190],
            ["胜利村", 208, 705, 350, 355, 120, 166],
            ["计", 520, 1725, 870, 855, 330, 356],
        ],
        ["A2:G2", "A3:A4", "B3:B4", "C3:E3", "F3:F4", "G3:G4"],
    )
    wb.save(path)
    e = Cells("人口", period=SEP)
    each = [
        {"indicator": "总户数", "measure": "户"}, {"indicator": "总人口", "measure": "人", "role": "total_row"},
        {"indicator": "总人口男", "measure": "人"}, {"indicator": "总人口女", "measure": "人"},
    ]  # fmt: skip
    for number, unit, values in [
        (5, "前进村", [312, 1020]),
        (6, "胜利村", [208, 705]),
        (7, "计", [520, 1725]),
    ]:
        parts = [{**p, "role": "total_row"} if unit == "计" else p for p in each[:2]]
        e.row(number, "B C", values, parts, unit=unit)
        for column in "DEFG":
            e.ask(f"{column}{number}")
    return e.found


@book("d8-紧挨两表.xlsx")
def close_together(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    fill(
        ws,
        [
            ["沙湾街道2025年前三季度民生工作情况"],
            ["社区", "新增就业(人)", "技能培训(人次)"],
            ["沙河社区", 45, 120],
            ["新湾社区", 38, 96],
            ["社区", "养老服务站(个)", "发放高龄津贴(万元)"],
            ["沙河社区", 2, 15.6],
            ["新湾社区", 1, "１０.２"],
            ["负责人：罗某", "填表人：邓某", "2025.10.11"],
        ],
        ["A1:C1"],
    )
    wb.save(path)
    e = Cells("Sheet1", period=YTD)
    a = [{"indicator": "新增就业", "measure": "人"}, {"indicator": "技能培训", "measure": "人次"}]
    b = [{}, {"indicator": "发放高龄津贴", "measure": "万元"}]
    e.row(3, "B C", [45, 120], a, unit="沙河社区")
    e.row(4, "B C", [38, 96], a, unit="新湾社区")
    e.row(6, "C", ["15.6"], b[1:], unit="沙河社区")
    e.row(7, "C", ["10.2"], b[1:], unit="新湾社区")
    for cell in ("B6", "B7"):  # stations there at the end, or new in the three quarters
        e.ask(cell)
    return e.found


def main() -> None:
    folder = HERE / "blind"
    for name, make in BOOKS.items():
        lines = make(folder / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
