# ruff: noqa: E501
"""Makes the workbooks of this folder and what is expected of them.

Places, firms, persons and figures are invented. Run from the repository's root:
``python tests/corpus_sheets/build.py`` (needs openpyxl, XlsxWriter and xlwt; the files are committed).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.utils import get_column_letter

HERE = Path(__file__).parent
FILES = HERE / "files"
Expected = list[dict[str, Any]]
BOOKS: dict[str, Callable[[Path], Expected]] = {}


def book(name: str) -> Callable[[Callable[[Path], Expected]], Callable[[Path], Expected]]:
    def registered(make: Callable[[Path], Expected]) -> Callable[[Path], Expected]:
        BOOKS[name] = make
        return make

    return registered


def fill(ws: Any, rows: Iterable[Iterable[object]], merges: Iterable[str] = (), top: int = 1) -> None:
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=1):
            if value is not None:
                ws.cell(number, column, value)
    for area in merges:
        ws.merge_cells(area)


def formats(ws: Any, code: str, *cells: str) -> None:
    for cell in cells:
        ws[cell].number_format = code


class Cells:
    """The expected cells of one sheet; what is given once holds until it is given anew."""

    def __init__(self, sheet: str, **usual: Any) -> None:
        self.sheet, self.usual, self.found = sheet, usual, []  # type: ignore[var-annotated]

    def add(self, cell: str, value: object, **named: Any) -> None:
        row: dict[str, Any] = {
            "sheet": self.sheet, "cell": cell, "unit": "", "indicator": "", "parent": "", "period": "",
            "role": "actual", "value": None if value is None else str(value), "measure": "",
            "presence": "present", "record": "", "asked": False,
        }  # fmt: skip
        row.update(self.usual)
        row.update(named)
        self.found.append(row)

    def row(
        self,
        number: int,
        columns: str,
        values: Iterable[object],
        each: Iterable[dict[str, Any]],
        **named: Any,
    ) -> None:
        for column, value, extra in zip(columns.split(), values, each, strict=True):
            if value is not None:
                self.add(f"{column}{number}", value, **{**named, **extra})

    def ask(self, cell: str) -> None:
        self.found.append({"sheet": self.sheet, "cell": cell, "asked": True})


Y25, YTD, SEP = "2025", "2025-01/2025-09", "2025-09"
LY, LSEP = "2024-01/2024-09", "2024-09"


@book("01-三行表头.xlsx")
def three_rows(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "9月"
    fill(
        ws,
        [
            ["附件1"],
            ["青岚县2025年1—9月各乡镇主要经济指标完成情况表"],
            [None, None, None, None, None, None, None, None, "单位:万元、%"],
            ["序号", "乡镇", "规上工业", None, None, None, "固定资产投资", None, None],
            [None, None, "规上工业总产值", None, None, None, None, None, None],
            [None, None, "全年目标", "本月", "累计", "同比±%", "全年目标", "1-9月累计完成", "完成率"],
            [1, "城 关 镇", 12000, 980, 9350.5, 0.083, 5000, 4100, 0.82],
            [2, "柳 溪 镇", 8000, 610, 5900, -0.021, "３０００", "1,950.5", 0.6502],
            [3, "石门乡", 1500, "—", 1100, 0.12, "/", 0, "—"],
            [None, "合 计", 21500, 1590, 16350.5, 0.041, 8000, 6050.5, 0.7563],
            ["注：“—”表示不适用,“/”表示未报。"],
            ["填表人：周某", None, None, "审核人：吴某", None, None, "填报日期：2025年10月9日"],
        ],
        ["A2:I2", "A4:A6", "B4:B6", "C4:F4", "C5:F5", "G4:I5"],
    )
    formats(ws, "0.0%", "F7", "F8", "F9", "F10")
    formats(ws, "0.00%", "I7", "I8", "I10")
    wb.save(path)
    e = Cells("9月")
    gyz, tz = {"indicator": "规上工业总产值"}, {"indicator": "固定资产投资"}
    each = [
        {**gyz, "period": Y25, "role": "target", "measure": "万元"}, {**gyz, "period": SEP, "measure": "万元"},
        {**gyz, "period": YTD, "measure": "万元"}, {**gyz, "period": YTD, "role": "growth", "measure": "%"},
        {**tz, "period": Y25, "role": "target", "measure": "万元"}, {**tz, "period": YTD, "measure": "万元"},
        {**tz, "period": YTD, "role": "attainment", "measure": "%"},
    ]  # fmt: skip
    cols = "C D E F G H I"
    e.row(7, cols, [12000, 980, "9350.5", "8.3", 5000, 4100, 82], each, unit="城关镇")
    e.row(8, cols, [8000, 610, 5900, "-2.1", 3000, "1950.5", "65.02"], each, unit="柳溪镇")
    e.row(9, cols, [1500, None, 1100, 12, None, 0, None], each, unit="石门乡")
    e.add("D9", None, presence="not_applicable", unit="石门乡", **each[1])
    e.add("G9", None, presence="missing", unit="石门乡", **each[4])
    e.add("I9", None, presence="not_applicable", unit="石门乡", **each[6])
    total = [{**part, "role": "total_row"} for part in each]
    e.row(10, cols, [21500, 1590, "16350.5", "4.1", 8000, "6050.5", "75.63"], total, unit="合计")
    return e.found


@book("02-指标为行.xlsx")
def indicator_rows(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "主要指标"
    fill(
        ws,
        [
            ["清溪镇2025年9月主要经济指标月报表"],
            ["填报单位:清溪镇人民政府", None, None, None, None, None, "2025年9月"],
            ["指标名称", "计量单位", "本月实际", "本月止累计", None, None, None],
            [None, None, None, "本年", "上年同期", "增减额", "增幅%"],
            ["甲", "乙", 1, 2, 3, 4, 5],
            ["一、工业总产值", "万元", 3120, 27800, 25100.5, 2699.5, 10.8],
            ["　　其中:规模以上", "万元", 2010, 18750, 17200, 1550, 9],
            ["　　　　　规模以下", "万元", 1110, 9050, 7900.5, 1149.5, 14.5],
            ["二、用电量", "万千瓦时", 210.5, 1893.2, 1900, -6.8, -0.4],
            ["三、财政总收入", "万元", 402, 3310, 3405, -95, "下降2.8"],
            ["　　其中:税收收入", "万元", 310, 2602, 2700, -98, -3.6],
            ["四、新增就业人数", "人", 35, 412, 380, 32, 8.4],
            ["五、年末户籍人口", "人", None, 23105, 23210, -105, -0.5],
            ["六、空气优良率", "%", 96.7, 93.1, 92.5, "0.6个百分点", None],
            ["单位负责人:郑某", None, "统计负责人:何某", None, None, "联系电话:0000-6021234"],
        ],
        ["A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:G3"],
    )
    wb.save(path)
    e = Cells("主要指标", unit="清溪镇")
    rows: list[tuple[int, str, str, str, list[object]]] = [
        (6, "工业总产值", "", "万元", [3120, 27800, "25100.5", "2699.5", "10.8"]),
        (7, "规模以上", "工业总产值", "万元", [2010, 18750, 17200, 1550, 9]),
        (8, "规模以下", "工业总产值", "万元", [1110, 9050, "7900.5", "1149.5", "14.5"]),
        (9, "用电量", "", "万千瓦时", ["210.5", "1893.2", 1900, "-6.8", "-0.4"]),
        (10, "财政总收入", "", "万元", [402, 3310, 3405, -95, "-2.8"]),
        (11, "税收收入", "财政总收入", "万元", [310, 2602, 2700, -98, "-3.6"]),
        (12, "新增就业人数", "", "人", [35, 412, 380, 32, "8.4"]),
    ]
    for number, name, parent, measure, values in rows:
        each = [
            {"period": SEP, "measure": measure}, {"period": YTD, "measure": measure},
            {"period": LY, "role": "last_year", "measure": measure},
            {"period": YTD, "role": "growth", "measure": measure}, {"period": YTD, "role": "growth", "measure": "%"},
        ]  # fmt: skip
        e.row(number, "C D E F G", values, each, indicator=name, parent=parent)
    for cell in ("D13", "E13", "F13", "G13"):
        e.ask(cell)
    each = [{"period": SEP}, {"period": YTD}, {"period": LY, "role": "last_year"}]
    e.row(14, "C D E", ["96.7", "93.1", "92.5"], each, indicator="空气优良率", measure="%")
    e.add("F14", "0.6", indicator="空气优良率", measure="百分点", period=YTD, role="growth")
    return e.found


@book("03-各月为列.xlsx")
def months_as_columns(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "2025年"
    months = [f"{month}月" for month in range(1, 13)]
    fill(
        ws,
        [
            ["白石县柳溪镇2025年主要指标分月情况表"],
            ["指标", "单位", *months, "合计"],
            ["工业产值", "万元", 810, 702.5, 930, 905, 880, 1010, 990, 940, 1005.5, None, None, None, 8173],
            ["工业用电量", "万千瓦时", 61, 48, 70, 69, 68, 75, 78, 80, 77, None, None, None, 626],
            ["社零额(限上)", "万元", 120, 135, 98, 97, 110, 102, 99, 101, 140, None, None, None, 1012],
            ["注:合计为1至9月之和;空白为尚未报送"],
        ],
        ["A1:O1"],
    )
    wb.save(path)
    e = Cells("2025年", unit="柳溪镇")
    data = {
        3: ("工业产值", "万元", [810, "702.5", 930, 905, 880, 1010, 990, 940, "1005.5"], 8173),
        4: ("工业用电量", "万千瓦时", [61, 48, 70, 69, 68, 75, 78, 80, 77], 626),
        5: ("社零额(限上)", "万元", [120, 135, 98, 97, 110, 102, 99, 101, 140], 1012),
    }
    for number, (name, measure, values, total) in data.items():
        for month, value in enumerate(values, start=1):
            e.add(
                f"{get_column_letter(month + 2)}{number}",
                value,
                indicator=name,
                measure=measure,
                period=f"2025-{month:02d}",
            )
        for month in range(10, 13):
            e.add(
                f"{get_column_letter(month + 2)}{number}",
                None,
                indicator=name,
                measure=measure,
                period=f"2025-{month:02d}",
                presence="missing",
            )
        e.add(f"O{number}", total, indicator=name, measure=measure, period=YTD, role="total_row")
    return e.found


@book("04-单位为列.xlsx")
def units_as_columns(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "三季度"
    fill(
        ws,
        [
            ["2025年前三季度各街道主要指标对比表"],
            ["指标", "合计", "东关\n街道", "西 湖 街道", "北苑街道"],
            ["1.一般公共预算收入(万元)", 5120, 2210, 1700, 1210],
            ["2.固定资产投资（亿元）", 12.6, 5.2, 4.1, 3.3],
            ["3.招商引资到位资金(亿元)", 6.4, 3, 2.4, 1],
            ["4.新增“四上”企业(家)", 15, 7, 5, 3],
            ["5.信访及时办结率(%)", 98.6, 99.1, 98, "98.5%"],
        ],
        ["A1:E1"],
    )
    wb.save(path)
    e = Cells("三季度", period=YTD)
    rows: list[tuple[int, str, str, list[object]]] = [
        (3, "一般公共预算收入", "万元", [5120, 2210, 1700, 1210]), (4, "固定资产投资", "亿元", ["12.6", "5.2", "4.1", "3.3"]),
        (5, "招商引资到位资金", "亿元", ["6.4", 3, "2.4", 1]), (6, "新增“四上”企业", "家", [15, 7, 5, 3]),
        (7, "信访及时办结率", "%", ["98.6", "99.1", 98, "98.5"]),
    ]  # fmt: skip
    each = [
        {"unit": "合计", "role": "total_row"},
        {"unit": "东关街道"},
        {"unit": "西湖街道"},
        {"unit": "北苑街道"},
    ]
    for number, name, measure, values in rows:
        e.row(number, "B C D E", values, each, indicator=name, measure=measure)
    return e.found


@book("05-一村一表.xlsx")
def vertical_form(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "基本情况"
    fill(
        ws,
        [
            ["红石村2025年度基本情况统计表"],
            ["填报单位:红石村村民委员会", None, None, "填报时间:2026年1月6日"],
            ["年末总户数(户)", 412, "年末总人口(人)", 1503],
            ["其中:脱贫户(户)", 38, "其中:女(人)", 731],
            ["耕地面积(亩)", 2210.5, "村集体经济收入(万元)", "３６.８"],
            ["粮食总产量(吨)", "1,020", "农村居民人均可支配收入(元)", 21860],
            ["村党支部书记", "钱某", "联系电话", "13900000000"],
        ],
        ["A1:D1"],
    )
    wb.save(path)
    e = Cells("基本情况", unit="红石村")
    e.add("B3", 412, indicator="年末总户数", measure="户", period="2025-12")
    e.add("D3", 1503, indicator="年末总人口", measure="人", period="2025-12")
    e.add("B4", 38, indicator="脱贫户", parent="年末总户数", measure="户", period="2025-12")
    e.add("D4", 731, indicator="女", parent="年末总人口", measure="人", period="2025-12")
    e.add("B5", "2210.5", indicator="耕地面积", measure="亩", period=Y25)
    e.add("D5", "36.8", indicator="村集体经济收入", measure="万元", period=Y25)
    e.add("B6", 1020, indicator="粮食总产量", measure="吨", period=Y25)
    e.add("D6", 21860, indicator="农村居民人均可支配收入", measure="元", period=Y25)
    return e.found


@book("06-项目台账.xlsx")
def projects(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "重点项目"
    fill(
        ws,
        [
            ["云阳区2025年重点项目进展台账（1—9月）"],
            [None] * 8 + ["单位：万元"],
            [
                "序号",
                "项目名称",
                "所在镇街",
                "建设内容",
                "建设年限",
                "2025年计划投资",
                "1-9月完成投资",
                "完成率",
                "联系人及电话",
                "备注",
            ],
            [
                1,
                "智能装备产业园项目",
                "东坪镇",
                "新建厂房3万平方米",
                "2024-2026",
                8000,
                6400,
                0.8,
                "孙某13800000001",
                None,
            ],
            [
                2,
                "冷链物流中心",
                "沙湾街道",
                "冷库2座",
                "2025-2026",
                5000,
                1250.5,
                0.2501,
                "李某13800000002",
                "用地未落实",
            ],
            [3, "城东供水管网改造", "东坪镇", "管网12公里", "2025", 3200, 3300, 1.03125, "13800000003", None],
            [None, "合计", None, None, None, 16200, 10950.5, 0.676, None, None],
        ],
        ["A1:J1"],
    )
    formats(ws, "0.0%", "H4", "H5", "H6", "H7")
    wb.save(path)
    e = Cells("重点项目", measure="万元")
    each = [
        {"indicator": "计划投资", "role": "target", "period": Y25}, {"indicator": "完成投资", "period": YTD},
        {"role": "attainment", "period": YTD, "measure": "%", "indicator": "完成投资"},
    ]  # fmt: skip
    e.row(4, "F G H", [8000, 6400, 80], each, unit="东坪镇", record="智能装备产业园项目")
    e.row(5, "F G H", [5000, "1250.5", "25.01"], each, unit="沙湾街道", record="冷链物流中心")
    e.row(6, "F G H", [3200, 3300, "103.125"], each, unit="东坪镇", record="城东供水管网改造")
    total = [{**part, "role": "total_row"} for part in each]
    e.row(7, "F G H", [16200, "10950.5", "67.6"], total, unit="合计")
    return e.found


@book("07-线索登记.xls")
def leads(path: Path) -> Expected:
    wb = xlwt.Workbook()
    ws = wb.add_sheet("招商线索")
    rows: list[list[object]] = [
        ["岭南镇招商引资线索登记表(截至2025年9月30日)"],
        [
            "线索编号",
            "投资方",
            "线索来源",
            "拟投资额(亿元)",
            "拟用地(亩)",
            "首次对接日期",
            "跟进人",
            "联系电话",
        ],
        ["XS-2025-001", "某新材料公司", "商会推介", 2.5, 60, "2025-03-18", "赵某", "020-60001111"],
        ["XS-2025-002", "某食品公司", "上门招商", 0.8, 25.5, "2025-05-07", "钱某", "13700000004"],
        ["XS-2025-003", "某电子公司", "以商招商", 1.2, "—", "2025-08-22", "孙某", "13700000005"],
        ["备注:“—”为未报"],
    ]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            ws.write(r, c, value)
    ws.merge(0, 0, 0, 7)
    wb.save(str(path))
    e = Cells("招商线索", unit="岭南镇")
    for number in (3, 4, 5):
        e.ask(f"D{number}")
        e.ask(f"E{number}")
    return e.found


@book("08-左右两表.xlsx")
def side_by_side(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "各村"
    fill(
        ws,
        [
            ["青河镇2025年上半年各村(社区)农村工作统计表"],
            ["表一 村集体收入(万元)", None, None, None, "表二 人居环境", None, None],
            ["村名", "经营收入", "补助收入", None, "村名", "新建公厕(座)", "清运垃圾(吨)"],
            ["上河村", 12.5, 3, None, "上河村", 1, 86.5],
            ["下河村", 9, "无", None, "下河村", 0, 102],
            ["桥头社区", 30.2, 1.5, None, "桥头社区", 2, 240],
            ["小计", 51.7, 4.5, None, "小计", 3, 428.5],
            ["说明:“无”表示没有发生。"],
        ],
        ["A1:G1", "A2:C2", "E2:G2"],
    )
    wb.save(path)
    e = Cells("各村", period="2025-01/2025-06")
    left = [{"indicator": "经营收入", "measure": "万元"}, {"indicator": "补助收入", "measure": "万元"}]
    right = [{"indicator": "新建公厕", "measure": "座"}, {"indicator": "清运垃圾", "measure": "吨"}]
    for number, unit, a, b in [
        (4, "上河村", ["12.5", 3], [1, "86.5"]), (5, "下河村", [9, 0], [0, 102]), (6, "桥头社区", ["30.2", "1.5"], [2, 240]),
    ]:  # fmt: skip
        e.row(number, "B C", a, left, unit=unit)
        e.row(number, "F G", b, right, unit=unit)
    e.row(7, "B C", ["51.7", "4.5"], left, unit="小计", role="total_row")
    e.row(7, "F G", [3, "428.5"], right, unit="小计", role="total_row")
    return e.found


@book("09-上下两表.xlsx")
def above_and_below(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "通报附表"
    fill(
        ws,
        [
            ["平川县2025年8月份重点工作通报附表"],
            ["一、财政收入(单位:万元)"],
            ["乡镇", "年初预算数", "1-8月累计", "完成预算%", "上年同期累计", "同比增减额"],
            ["红旗乡", 600, 450, 75, 400, 50],
            ["双桥镇", 1200, 690.6, 57.55, 702, -11.4],
            [],
            ["二、农村危房改造(单位:户)"],
            ["乡镇", "年度任务", "8月开工", "8月竣工", "备注"],
            ["红旗乡", 40, 12, 9, None],
            ["双桥镇", 25, 6, "", "两户待验收"],
            ["合计", 65, 18, 9, None],
        ],
        ["A1:F1", "A2:F2", "A7:E7"],
    )
    wb.save(path)
    ytd, last = "2025-01/2025-08", "2024-01/2024-08"
    e = Cells("通报附表")
    each = [
        {"period": Y25, "role": "target"}, {"period": ytd}, {"period": ytd, "role": "attainment", "measure": "%"},
        {"period": last, "role": "last_year"}, {"period": ytd, "role": "growth"},
    ]  # fmt: skip
    for number, unit, values in [
        (4, "红旗乡", [600, 450, 75, 400, 50]),
        (5, "双桥镇", [1200, "690.6", "57.55", 702, "-11.4"]),
    ]:
        e.row(
            number,
            "B C D E F",
            values,
            [{"measure": "万元", **part} for part in each],
            unit=unit,
            indicator="财政收入",
        )
    each = [
        {"period": "2025-08", "indicator": "开工"},
        {"period": "2025-08", "indicator": "竣工"},
    ]  # fmt: skip
    e.row(9, "C D", [12, 9], each, unit="红旗乡", measure="户")
    e.row(10, "C D", [6, None], each, unit="双桥镇", measure="户")
    e.row(11, "C D", [18, 9], [{**part, "role": "total_row"} for part in each], unit="合计", measure="户")
    for number in (9, 10, 11):
        e.ask(f"B{number}")
    return e.found


@book("10-标题过期.xlsx")
def stale(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "10月"
    fill(
        ws,
        [
            ["东坪镇2025年1—9月招商引资完成情况表"],
            ["村(社区)", "到位资金(万元)", "签约项目(个)"],
            ["长岭村", 320, 2],
            ["龙泉社区", 105.5, 1],
        ],
        ["A1:C1"],
    )
    wb.save(path)
    e = Cells("10月")
    for cell in ("B3", "C3", "B4", "C4"):
        e.ask(cell)
    return e.found


@book("11-没有年份.xlsx")
def no_year(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    fill(
        ws,
        [
            ["沙湾街道上半年安全生产检查统计表"],
            ["社区", "检查企业（家次）", "发现隐患(处)", "整改完成(处)"],
            ["沙河社区", 46, 31, 30],
            ["新湾社区", 38, 22, 22],
        ],
        ["A1:D1"],
    )
    wb.save(path)
    e = Cells("Sheet1")
    for number in (3, 4):
        for column in "BCD":
            e.ask(f"{column}{number}")
    return e.found


@book("12-没写计量单位.xlsx")
def no_measure(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "农业"
    fill(
        ws,
        [
            ["2025年1-9月各乡镇农业生产情况"],
            ["乡镇", "粮食播种面积", "蔬菜产量", "生猪出栏(头)", "生猪出栏增长", "参保人数"],
            ["红旗乡", 3200, 410.5, 1860, 35, 902],
            ["双桥镇", 2750, 388, 2210, -12, 1304],
        ],
        ["A1:F1"],
    )
    wb.save(path)
    e = Cells("农业", period=YTD)
    for number, unit, pigs, people in [(3, "红旗乡", 1860, 902), (4, "双桥镇", 2210, 1304)]:
        for column in "BCE":
            e.ask(f"{column}{number}")
        e.add(f"D{number}", pigs, unit=unit, indicator="生猪出栏", measure="头")
        e.add(f"F{number}", people, unit=unit, indicator="参保人数", measure="人", period=SEP)
    return e.found


@book("13-增长可核.xlsx")
def growth_checked(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "税收"
    fill(
        ws,
        [
            ["2025年1—9月税收收入完成情况表", None, None, None, None],
            [None, None, None, None, "单位：万元"],
            ["单位", "1-9月", "去年同期", "同比", "增减额"],
            ["东关街道", 1050, 1000, 5, 50],
            ["西湖街道", 780, 800, -2.5, -20],
            ["合计", 1830, 1800, 1.7, 31],
        ],
        ["A1:E1"],
    )
    wb.save(path)
    e = Cells("税收", indicator="税收收入")
    each = [
        {"period": YTD, "measure": "万元"}, {"period": LY, "role": "last_year", "measure": "万元"},
        {"period": YTD, "role": "growth", "measure": "%"}, {"period": YTD, "role": "growth", "measure": "万元"},
    ]  # fmt: skip
    e.row(4, "B C D E", [1050, 1000, 5, 50], each, unit="东关街道")
    e.row(5, "B C D E", [780, 800, "-2.5", -20], each, unit="西湖街道")
    e.row(
        6, "B C D E", [1830, 1800, "1.7", 31], [{**part, "role": "total_row"} for part in each], unit="合计"
    )
    return e.found


@book("14-国标码.csv")
def gb_text(path: Path) -> Expected:
    lines = [
        "双桥镇2025年三季度企业经济效益表,,,", ",,,单位：万元",
        "企业名称,营业收入,利润总额,从业人员期末人数（人）",
        "宏达机械厂,\"１，２３４.５\",(12),86", "绿源食品有限公司,2045,110.2,132", "金穗粮油有限公司,-,／,45",
        "合计,3279.5,98.2,263", "注：1.括号内为负数；2.“-”表示不适用；3.“/”表示未报。,,,", "填报人：冯某,,审核人：陈某,",
    ]  # fmt: skip
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    q3 = "2025-07/2025-09"
    e = Cells(path.stem, unit="双桥镇")
    each = [
        {"indicator": "营业收入", "measure": "万元", "period": q3}, {"indicator": "利润总额", "measure": "万元", "period": q3},
        {"indicator": "从业人员期末人数", "measure": "人", "period": SEP},
    ]  # fmt: skip
    e.row(4, "B C D", ["1234.5", -12, 86], each, record="宏达机械厂")
    e.row(5, "B C D", [2045, "110.2", 132], each, record="绿源食品有限公司")
    e.add("B6", None, presence="not_applicable", record="金穗粮油有限公司", **each[0])
    e.add("C6", None, presence="missing", record="金穗粮油有限公司", **each[1])
    e.add("D6", 45, record="金穗粮油有限公司", **each[2])
    e.row(7, "B C D", ["3279.5", "98.2", 263], [{**part, "role": "total_row"} for part in each])
    return e.found


@book("15-带标记的.csv")
def marked_text(path: Path) -> Expected:
    lines = [
        "平川县2025年9月份税收收入分月份完成情况",
        "税种,计量单位,9月,1-9月累计,上年1-9月累计,同比增长(%)",
        "增值税,万元,210,1890,1750,8",
        "企业所得税,万元,95.5,640,700,-8.6",
        "个人所得税,万元,20,165,150,10 %",
        "合计,万元,325.5,2695,2600,3.7",
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode())
    e = Cells(path.stem, unit="平川县")
    each = [
        {"period": SEP, "measure": "万元"}, {"period": YTD, "measure": "万元"},
        {"period": LY, "role": "last_year", "measure": "万元"}, {"period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    e.row(3, "C D E F", [210, 1890, 1750, 8], each, indicator="增值税")
    e.row(4, "C D E F", ["95.5", 640, 700, "-8.6"], each, indicator="企业所得税")
    e.row(5, "C D E F", [20, 165, 150, 10], each, indicator="个人所得税")
    e.row(
        6,
        "C D E F",
        ["325.5", 2695, 2600, "3.7"],
        [{**part, "role": "total_row"} for part in each],
        indicator="合计",
    )
    return e.found


@book("16-一月一表.xlsx")
def monthly_sheets(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    found: Expected = []
    for month, hidden in ((7, True), (8, False), (9, False)):
        ws = wb.create_sheet(f"{month}月")
        title = "石门乡2025年各村新增就业情况表" if month == 7 else "石门乡各村新增就业情况表"
        fill(
            ws,
            [
                [title],
                ["村名", "新增就业(人)", "其中:脱贫人口(人)", "培训(人次)"],
                ["上坪村", month, 1, 20 + month],
                ["中坪村", month + 3, 2, 15],
                ["下坪村", 0, 0, 8],
            ],
            ["A1:D1"],
        )
        if hidden:
            ws.sheet_state = "hidden"
        if month == 8:
            ws.row_dimensions[4].hidden = True
        if month == 9:
            ws.column_dimensions["D"].hidden = True
        e = Cells(ws.title, period=f"2025-{month:02d}")
        each = [
            {"indicator": "新增就业", "measure": "人"}, {"indicator": "脱贫人口", "parent": "新增就业", "measure": "人"},
            {"indicator": "培训", "measure": "人次"},
        ]  # fmt: skip
        e.row(3, "B C D", [month, 1, 20 + month], each, unit="上坪村")
        e.row(4, "B C D", [month + 3, 2, 15], each, unit="中坪村")
        e.row(5, "B C D", [0, 0, 8], each, unit="下坪村")
        found += e.found
    wb.save(path)
    return found


@book("17-公式.xlsx")
def formulas(path: Path) -> Expected:
    wb = xlsxwriter.Workbook(str(path))
    ws = wb.add_worksheet("完成情况")
    percent = wb.add_format({"num_format": "0.0%"})
    ws.merge_range("A1:E1", "北苑街道2025年1-9月目标任务完成情况", None)
    ws.write_row("A2", ["指标", "单位", "全年目标", "1-9月完成", "完成率"])
    ws.write_row("A3", ["招商引资到位资金", "亿元", 12])
    ws.write_formula("D3", "=3+4.5", None, 7.5)
    ws.write_formula("E3", "=D3/C3", percent, 0.625)
    ws.write_row("A4", ["新增规上企业", "家", 6, 4])
    ws.write_formula("E4", "=D4/C4", percent)
    ws.write_row("A5", ["争取上级资金", "万元", 0, 210])
    ws.write_formula("E5", "=D5/C5", percent, "#DIV/0!")
    wb.close()
    e = Cells("完成情况", unit="北苑街道")
    each = [
        {"role": "target", "period": Y25},
        {"period": YTD},
        {"role": "attainment", "period": YTD, "measure": "%"},
    ]
    e.row(
        3,
        "C D E",
        [12, "7.5", "62.5"],
        [{"measure": "亿元", **part} for part in each],
        indicator="招商引资到位资金",
    )
    e.row(4, "C D E", [6, 4, None], [{"measure": "家", **part} for part in each], indicator="新增规上企业")
    e.ask("E4")
    e.row(
        5, "C D E", [0, 210, None], [{"measure": "万元", **part} for part in each], indicator="争取上级资金"
    )
    e.ask("E5")
    return e.found


@book("18-金山表格.et")
def kingsoft(path: Path) -> Expected:
    wb = xlwt.Workbook()
    ws = wb.add_sheet("9月")
    percent = xlwt.easyxf(num_format_str="0.0%")
    ws.write_merge(0, 0, 0, 5, "青岚县2025年9月份村级集体经济发展情况")
    ws.write_merge(1, 2, 0, 0, "乡 镇")
    ws.write_merge(1, 1, 1, 3, "村集体经营性收入(万元)")
    ws.write_merge(1, 2, 4, 4, "空壳村(个)")
    ws.write_merge(1, 2, 5, 5, "10万元以上村占比")
    for column, text in enumerate(["9月", "1-9月", "同比"], start=1):
        ws.write(2, column, text)
    for row, (unit, a, b, g, n, share) in enumerate(
        [("城 关 镇", 31.5, 260, 0.12, 0, 0.75), ("柳溪镇", 22, 199.5, -0.03, 1, 0.6)], start=3
    ):
        for column, value in enumerate([unit, a, b]):
            ws.write(row, column, value)
        ws.write(row, 3, g, percent)
        ws.write(row, 4, n)
        ws.write(row, 5, share, percent)
    ws.row(4).hidden = True
    wb.save(str(path))
    e = Cells("9月")
    name = {"indicator": "村集体经营性收入"}
    each = [
        {**name, "period": SEP, "measure": "万元"}, {**name, "period": YTD, "measure": "万元"},
        {**name, "period": YTD, "role": "growth", "measure": "%"}, {"indicator": "空壳村", "period": SEP, "measure": "个"},
        {"indicator": "10万元以上村占比", "period": SEP, "measure": "%"},
    ]  # fmt: skip
    e.row(4, "B C D E F", ["31.5", 260, 12, 0, 75], each, unit="城关镇")
    e.row(5, "B C D E F", [22, "199.5", -3, 1, 60], each, unit="柳溪镇")
    return e.found


@book("19-双栏名册.xlsx")
def repeated_header(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "户厕改造"
    fill(
        ws,
        [
            ["柳溪镇2025年农村户厕改造任务完成情况"],
            ["序号", "村名", "任务数(户)", "完成数(户)", "序号", "村名", "任务数(户)", "完成数(户)"],
            [1, "大 湾 村", 30, 28, 4, "石桥村", 22, 22],
            [2, "小湾村", 18, 18, 5, "松林村", 15, 9],
            [3, "白沙村", 25, "12\n", 6, "合计", 110, 90],
        ],
        ["A1:H1"],
    )
    wb.save(path)
    e = Cells("户厕改造", indicator="农村户厕改造", measure="户", period=Y25)
    each = [{"role": "target"}, {}]
    e.row(3, "C D", [30, 28], each, unit="大湾村")
    e.row(4, "C D", [18, 18], each, unit="小湾村")
    e.row(5, "C D", [25, 12], each, unit="白沙村")
    e.row(3, "G H", [22, 22], each, unit="石桥村")
    e.row(4, "G H", [15, 9], each, unit="松林村")
    e.row(5, "G H", [110, 90], [{"role": "total_row"}] * 2, unit="合计")
    return e.found


@book("20-目标分解表.xlsx")
def targets(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "分解表"
    fill(
        ws,
        [
            ["白石县2025年度重点目标任务分解表"],
            [
                "乡镇",
                "固定资产投资(亿元)",
                None,
                None,
                "规上工业增加值增速(%)",
                "城镇新增就业(人)",
                "责任领导",
                "联系电话",
            ],
            [None, "一季度", "上半年", "全年", None, None, None, None],
            ["城关镇", 1.2, 2.8, 6, 9, 600, "胡某", "0000-1234567"],
            ["柳溪镇", 0.6, 1.5, 3.2, 8.5, 320, "林某", "0000-1234568"],
            ["石门乡", "/", 0.3, 0.8, "—", 90, "郭某", "0000-1234569"],
            ["合 计", 1.8, 4.6, 10, 8.8, 1010, None, None],
        ],
        ["A1:H1", "A2:A3", "B2:D2", "E2:E3", "F2:F3", "G2:G3", "H2:H3"],
    )
    wb.save(path)
    e = Cells("分解表", role="target")
    tz = {"indicator": "固定资产投资", "measure": "亿元"}
    each = [
        {**tz, "period": "2025-01/2025-03"}, {**tz, "period": "2025-01/2025-06"}, {**tz, "period": Y25},
    ]  # fmt: skip
    speed = {"indicator": "规上工业增加值增速", "measure": "%", "period": Y25}
    jobs = {"indicator": "城镇新增就业", "measure": "人", "period": Y25}
    e.row(4, "B C D F", ["1.2", "2.8", 6, 600], [*each, jobs], unit="城关镇")
    e.row(5, "B C D F", ["0.6", "1.5", "3.2", 320], [*each, jobs], unit="柳溪镇")
    e.row(6, "C D F", ["0.3", "0.8", 90], [*each[1:], jobs], unit="石门乡")
    total = [{**part, "role": "total_row"} for part in (*each, jobs)]
    e.row(7, "B C D F", ["1.8", "4.6", 10, 1010], total, unit="合计")
    e.add("E4", 9, unit="城关镇", **speed)
    e.add("E5", "8.5", unit="柳溪镇", **speed)
    e.add("E7", "8.8", unit="合计", **{**speed, "role": "total_row"})
    for cell in ("E6", "B6"):
        e.ask(cell)
    return e.found


def main(wanted: list[str]) -> None:
    FILES.mkdir(exist_ok=True)
    for name, make in BOOKS.items():
        if wanted and not any(name.startswith(each) for each in wanted):
            continue
        lines = make(FILES / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (FILES / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
