# ruff: noqa: E501
"""Eight more workbooks of the second blind round; see README.md. ``python tests/corpus_sheets/blind2.py``."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from build import BOOKS, LY, SEP, Y25, YTD, Cells, Expected, book, fill, formats

HERE = Path(__file__).parent
BOOKS.clear()


@book("c1-期别在上.xlsx")
def period_on_top(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "完成情况"
    fill(
        ws,
        [
            ["白石县2025年重点指标完成情况一览表"],
            ["单位", "1—9月累计", None, None, None, None, None, "9月当月", None],
            [
                None,
                "固定资产投资(亿元)",
                None,
                None,
                "外贸进出口（万美元）",
                None,
                None,
                "固定资产投资(亿元)",
                "外贸进出口（万美元）",
            ],
            [None, "全年目标", "完成", "完成率(%)", "全年目标", "完成", "完成率(%)", None, None],
            ["城关镇", 6, 4.2, 70, 120, 96, 80, 0.5, 11],
            ["柳溪镇", 3.2, 2.6, 81.25, 0, 0, "—", 0.31, 0],
            ["合计", 9.2, 6.8, 73.9, 120, 96, 80, 0.81, 11],
            ["备注：“—”为不适用。"],
        ],
        ["A1:I1", "A2:A4", "B2:G2", "B3:D3", "E3:G3", "H2:I2", "H3:H4", "I3:I4"],
    )
    wb.save(path)
    e = Cells("完成情况")
    a, b = {"indicator": "固定资产投资", "measure": "亿元"}, {"indicator": "外贸进出口", "measure": "万美元"}
    each = [
        {**a, "period": Y25, "role": "target"}, {**a, "period": YTD}, {**a, "period": YTD, "role": "attainment", "measure": "%"},
        {**b, "period": Y25, "role": "target"}, {**b, "period": YTD}, {**b, "period": YTD, "role": "attainment", "measure": "%"},
        {**a, "period": SEP}, {**b, "period": SEP},
    ]  # fmt: skip
    cols = "B C D E F G H I"
    e.row(5, cols, [6, "4.2", 70, 120, 96, 80, "0.5", 11], each, unit="城关镇")
    e.row(6, cols, ["3.2", "2.6", "81.25", 0, 0, None, "0.31", 0], each, unit="柳溪镇")
    e.add("G6", None, presence="not_applicable", unit="柳溪镇", **each[5])
    e.row(
        7,
        cols,
        ["9.2", "6.8", "73.9", 120, 96, 80, "0.81", 11],
        [{**p, "role": "total_row"} for p in each],
        unit="合计",
    )
    return e.found


@book("c2-任务清单.xlsx")
def tasks(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    fill(
        ws,
        [
            ["双桥镇2025年度目标任务完成情况表（截至9月底）"],
            ["序号", "指标名称", "单位", "责任单位", "年度目标", "1-9月完成", "完成率", "时序进度", "备注"],
            ["1", "一般公共预算收入", "万元", "财政所", 4200, 3310, 0.788, 0.75, None],
            ["1.1", "其中：税收收入", "万元", "财政所", 3000, 2400, 0.8, 0.75, None],
            ["2", "新增规上工业企业", "家", "经发办", 3, 2, 0.667, 0.75, "另有1家待批"],
            ["3", "农村自来水普及率", "%", "水利站", "≥95%", 94.2, "—", 0.75, None],
            ["4", "固定资产投资增速", "%", "经发办", 10, 8.5, None, None, "按可比口径"],
            ["说明：“—”不适用；空白为暂未统计。"],
        ],
        ["A1:I1"],
    )
    formats(ws, "0.0%", "G3", "G4", "G5", "H3", "H4", "H5", "H6")
    wb.save(path)
    e = Cells("Sheet1", unit="双桥镇")
    each = [
        {"period": Y25, "role": "target"},
        {"period": YTD},
        {"period": YTD, "role": "attainment", "measure": "%"},
    ]
    e.row(
        3,
        "E F G",
        [4200, 3310, "78.8"],
        [{"measure": "万元", **p} for p in each],
        indicator="一般公共预算收入",
    )
    e.row(
        4,
        "E F G",
        [3000, 2400, 80],
        [{"measure": "万元", **p} for p in each],
        indicator="税收收入",
        parent="一般公共预算收入",
    )
    e.row(5, "E F G", [3, 2, "66.7"], [{"measure": "家", **p} for p in each], indicator="新增规上工业企业")
    e.row(
        6,
        "E F",
        [95, "94.2"],
        [{"measure": "%", "period": Y25, "role": "target"}, {"measure": "%", "period": SEP}],
        indicator="农村自来水普及率",
    )
    e.add("G6", None, presence="not_applicable", indicator="农村自来水普及率", **{**each[2], "period": SEP})
    e.row(7, "E F", [10, "8.5"], [{"measure": "%", **p} for p in each[:2]], indicator="固定资产投资增速")
    e.add("G7", None, presence="missing", indicator="固定资产投资增速", **each[2])
    for cell in ("H3", "H4", "H5", "H6", "H7"):
        e.ask(cell)
    return e.found


@book("c3-公式合计在上.xlsx")
def formula_totals(path: Path) -> Expected:
    wb = xlsxwriter.Workbook(str(path))
    ws = wb.add_worksheet("9月")
    percent = wb.add_format({"num_format": "0.0%"})
    ws.merge_range("A1:F1", "青岚县2025年9月全社会用电量情况表", None)
    ws.write("F2", "单位：万千瓦时")
    ws.write_row("A3", ["乡镇", "8月", "9月", "环比", "1-9月", "同比增长%"])
    ws.write("A4", "全县")
    ws.write_formula("B4", "=SUM(B5:B6)", None, 1210.5)
    ws.write_formula("C4", "=SUM(C5:C6)", None, 1302)
    ws.write_formula("D4", "=C4/B4-1", percent, 0.0756)
    ws.write_formula("E4", "=SUM(E5:E6)", None, 9950)
    ws.write_number("F4", 6.2)
    ws.write_row("A5", ["城 关 镇", 800.5, 870])
    ws.write_formula("D5", "=C5/B5-1", percent, 0.0868)
    ws.write_row("E5", [6500, 7.1])
    ws.write_row("A6", ["柳 溪 镇", 410, 432])
    ws.write_formula("D6", "=C6/B6-1", percent, 0.0537)
    ws.write_row("E6", [3450, 4.5])
    ws.set_column("B:B", None, None, {"hidden": True})
    ws.set_row(5, None, None, {"hidden": True})
    wb.close()
    e = Cells("9月", indicator="全社会用电量")
    each = [
        {"period": "2025-08", "measure": "万千瓦时"}, {"period": SEP, "measure": "万千瓦时"},
        {"period": YTD, "measure": "万千瓦时"}, {"period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    e.row(5, "B C E F", ["800.5", 870, 6500, "7.1"], each, unit="城关镇")
    e.row(6, "B C E F", [410, 432, 3450, "4.5"], each, unit="柳溪镇")
    e.row(
        4, "B C E F", ["1210.5", 1302, 9950, "6.2"], [{**p, "role": "total_row"} for p in each], unit="全县"
    )
    for cell in ("D4", "D5", "D6"):
        e.ask(cell)
    return e.found


@book("c4-封面和各月.xlsx")
def cover(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "封面"
    fill(ws, [["清溪镇2025年统计月报"], ["清溪镇统计站"]])
    found: Expected = []
    for month in (1, 2, 3):
        ws = wb.create_sheet(f"{month}月")
        fill(
            ws,
            [
                ["指标", "计量单位", "本月", "累计", "去年同期累计"],
                ["工业总产值", "万元", 300, 300 * month, 280 * month],
                ["　其中：规上", "万元", 200, 200 * month, "-"],
                ["工业用电量", "千瓦时", "12,300", 12300 * month, 12000 * month],
                ["注：“-”表示未统计"],
            ],
        )
        e = Cells(ws.title, unit="清溪镇")
        each = [
            {"period": f"2025-{month:02d}"}, {"period": "2025-01" if month == 1 else f"2025-01/2025-{month:02d}"},
            {"period": "2024-01" if month == 1 else f"2024-01/2024-{month:02d}", "role": "last_year"},
        ]  # fmt: skip
        e.row(2, "C D E", [300, 300 * month, 280 * month], each, indicator="工业总产值", measure="万元")
        e.row(3, "C D", [200, 200 * month], each[:2], indicator="规上", parent="工业总产值", measure="万元")
        e.add(
            "E3", None, presence="missing", indicator="规上", parent="工业总产值", measure="万元", **each[2]
        )
        e.row(
            4, "C D E", [12300, 12300 * month, 12000 * month], each, indicator="工业用电量", measure="千瓦时"
        )
        found += e.found
    wb.save(path)
    return found


@book("c5-平铺表头.csv")
def flat(path: Path) -> Expected:
    lines = [
        "镇街,2025年1-9月规上工业产值(万元),2024年1-9月规上工业产值(万元),规上工业产值同比(%),2025年1-9月限上零售额（万元）,限上零售额增速",
        '东坪镇,12500,"11,000",13.6,3200,5.1%',
        "沙湾街道,7200,7500,-4,2100,-2.3%",
        "红旗乡,0,0,/,,",
        "合计,19700,18500,6.5,5300,2.0%",
    ]
    path.write_bytes("\n".join(lines).encode("gb18030"))
    e = Cells(path.stem)
    a, b = {"indicator": "规上工业产值"}, {"indicator": "限上零售额"}
    each = [
        {**a, "period": YTD, "measure": "万元"}, {**a, "period": LY, "role": "last_year", "measure": "万元"},
        {**a, "period": YTD, "role": "growth", "measure": "%"}, {**b, "period": YTD, "measure": "万元"},
        {**b, "period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    e.row(2, "B C D E F", [12500, 11000, "13.6", 3200, "5.1"], each, unit="东坪镇")
    e.row(3, "B C D E F", [7200, 7500, -4, 2100, "-2.3"], each, unit="沙湾街道")
    e.row(4, "B C", [0, 0], each[:2], unit="红旗乡")
    e.ask("D4")
    e.row(
        5,
        "B C D E F",
        [19700, 18500, "6.5", 5300, 2],
        [{**p, "role": "total_row"} for p in each],
        unit="合计",
    )
    return e.found


@book("c6-低保.xlsx")
def relief(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "9月"
    fill(
        ws,
        [
            ["沙湾街道2025年9月城乡低保发放情况统计表"],
            ["单位：户、人、万元"],
            ["村（社区）", "城市低保", None, None, "农村低保", None, None, "备注"],
            [None, "户数", "人数", "金额", "户数", "人数", "金额", None],
            ["沙河社区", 12, 20, 1.05, None, None, None, None],
            ["新湾村", 0, 0, 0, 31, 58, 2.32, "新增1户"],
            ["合    计", 12, 20, 1.05, 31, 58, 2.32, None],
            ["制表人：韩某", None, None, "负责人：杨某"],
        ],
        ["A1:H1", "A2:H2", "A3:A4", "B3:D3", "E3:G3", "H3:H4"],
    )
    wb.save(path)
    e = Cells("9月", period=SEP)
    parts = [("户数", "户"), ("人数", "人"), ("金额", "万元")]
    each = [
        {"indicator": group + name, "measure": m} for group in ("城市低保", "农村低保") for name, m in parts
    ]
    e.row(5, "B C D", [12, 20, "1.05"], each[:3], unit="沙河社区")
    e.row(6, "B C D E F G", [0, 0, 0, 31, 58, "2.32"], each, unit="新湾村")
    e.row(
        7,
        "B C D E F G",
        [12, 20, "1.05", 31, 58, "2.32"],
        [{**p, "role": "total_row"} for p in each],
        unit="合计",
    )
    return e.found


@book("c7-项目分类.xlsx")
def grouped_projects(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "项目"
    fill(
        ws,
        [
            ["平川县2025年重点建设项目推进情况表"],
            ["序号", "项目名称", "责任单位", "投资情况（万元）", None, None, "形象进度", "存在问题"],
            [None, None, None, "2025年计划投资", "截至9月底完成投资", "完成率(%)", None, None],
            ["一、产业类（2个）"],
            [1, "年产5万吨饲料生产线", "双桥镇", 4000, 3200, 80, "设备安装", "无"],
            [2, "光伏发电项目", "红旗乡", 6000, 1500, 25, "场平", "用地手续"],
            ["小计", None, None, 10000, 4700, 47],
            ["二、民生类（1个）"],
            [3, "县医院门诊楼", "卫健局", 2000, 2000, 100, "竣工", None],
            ["合计", None, None, 12000, 6700, 55.8],
        ],
        ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3", "H2:H3", "A4:H4", "A8:H8"],
    )
    wb.save(path)
    e = Cells("项目")
    each = [
        {"indicator": "计划投资", "period": Y25, "role": "target", "measure": "万元"},
        {"indicator": "完成投资", "period": YTD, "measure": "万元"},
        {"indicator": "完成投资", "period": YTD, "role": "attainment", "measure": "%"},
    ]  # fmt: skip
    e.row(5, "D E F", [4000, 3200, 80], each, unit="双桥镇", record="年产5万吨饲料生产线")
    e.row(6, "D E F", [6000, 1500, 25], each, unit="红旗乡", record="光伏发电项目")
    e.row(9, "D E F", [2000, 2000, 100], each, unit="卫健局", record="县医院门诊楼")
    e.row(7, "D E F", [10000, 4700, 47], [{**p, "role": "total_row"} for p in each], unit="小计")
    e.row(10, "D E F", [12000, 6700, "55.8"], [{**p, "role": "total_row"} for p in each], unit="合计")
    return e.found


@book("c8-旧表.xls")
def old(path: Path) -> Expected:
    wb = xlwt.Workbook()
    ws = wb.add_sheet("Sheet1")
    rows = [
        ["岭南镇2025年1-9月工业企业效益表", None, None, None, None],
        ["填报日期：2025年10月12日", None, None, None, "金额单位：千元"],
        ["项    目", "本年累计", "上年同期", "增减额", "增减率"],
        ["营业收入", "12 345.6", "11，000", 1345.6, 0.1223],
        ["营业成本", 9870, 9000, 870, 0.0967],
        ["利润总额", "(320)", 150, -470, "—"],
        ["平均用工人数(人)", 412, 420, -8, -0.019],
        [None, None, None, None, None],
        ["单位负责人：唐某", None, "填表人：曹某", None, None],
    ]
    percent = xlwt.easyxf(num_format_str="0.00%")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                ws.write(r, c, value, percent) if c == 4 and isinstance(value, float) else ws.write(
                    r, c, value
                )
    ws.merge(0, 0, 0, 4)
    wb.save(str(path))
    e = Cells("Sheet1", unit="岭南镇")
    each = [
        {"period": YTD, "measure": "千元"}, {"period": LY, "role": "last_year", "measure": "千元"},
        {"period": YTD, "role": "growth", "measure": "千元"}, {"period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    e.row(4, "B C D E", ["12345.6", 11000, "1345.6", "12.23"], each, indicator="营业收入")
    e.row(5, "B C D E", [9870, 9000, 870, "9.67"], each, indicator="营业成本")
    e.row(6, "C D", [150, -470], each[1:3], indicator="利润总额")
    e.ask("B6")
    e.ask("E6")
    people = [{**p, "measure": "人"} for p in each[:3]] + [each[3]]
    e.row(7, "B C D E", [412, 420, -8, "-1.9"], people, indicator="平均用工人数")
    return e.found


def main() -> None:
    folder = HERE / "blind"
    for name, make in BOOKS.items():
        lines = make(folder / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
