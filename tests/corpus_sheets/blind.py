# ruff: noqa: E501
"""Eight further workbooks, written after the reader and without looking at what it makes of them.

The first run's figures are in README.md. ``python tests/corpus_sheets/blind.py`` makes the files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from build import BOOKS, LY, SEP, Y25, YTD, Cells, Expected, book, fill, formats
from openpyxl.utils import get_column_letter

HERE = Path(__file__).parent
BOOKS.clear()


@book("b1-两行一镇.xlsx")
def two_rows_each(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "调度表"
    fill(
        ws,
        [
            ["青岚县2025年招商引资到位资金按季调度表"],
            ["制表单位：县投资促进中心", None, None, None, None, None, "单位：亿元"],
            ["乡镇", "类别", "一季度", "二季度", "三季度", "四季度", "全年"],
            ["城关镇", "目标", 1, 1.5, 2, 1.5, 6],
            [None, "完成", 0.8, 1.7, 1.95, None, None],
            ["柳溪镇", "目标", 0.5, 0.5, 1, 1, 3],
            [None, "完成", "0.5", 0, "—", None, None],
        ],
        ["A1:G1", "A4:A5", "A6:A7"],
    )
    wb.save(path)
    e = Cells("调度表", indicator="招商引资到位资金", measure="亿元")
    quarters = ["2025-01/2025-03", "2025-04/2025-06", "2025-07/2025-09", "2025-10/2025-12", Y25]
    each = [{"period": p, "role": "target"} for p in quarters]
    done = [{"period": p} for p in quarters]
    e.row(4, "C D E F G", [1, "1.5", 2, "1.5", 6], each, unit="城关镇")
    e.row(5, "C D E F G", ["0.8", "1.7", "1.95", None, None], done, unit="城关镇")
    e.row(6, "C D E F G", ["0.5", "0.5", 1, 1, 3], each, unit="柳溪镇")
    e.row(7, "C D E F G", ["0.5", 0, None, None, None], done, unit="柳溪镇")
    e.ask("E7")
    return e.found


@book("b2-镇在上层.xlsx")
def units_on_top(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "对比"
    fill(
        ws,
        [
            ["2025年1至9月主要指标分镇对比表"],
            ["指标名称", "计量单位", "东坪镇", None, None, "沙湾镇", None, None],
            [None, None, "本期", "上年同期", "增减%", "本期", "上年同期", "增减%"],
            ["规模以上工业总产值", "亿元", 12.5, 11, 13.6, 7.2, 7.5, -4],
            ["固定资产投资", "亿元", 3.3, 3, 10, 2.04, 2, 2],
            ["接待游客", "万人次", 15.2, 10.1, 50.5, 0, 0, "—"],
            ["注：“—”表示无法计算,不适用"],
        ],
        ["A1:H1", "A2:A3", "B2:B3", "C2:E2", "F2:H2"],
    )
    wb.save(path)
    e = Cells("对比")
    for number, name, measure, values in [
        (4, "规模以上工业总产值", "亿元", ["12.5", 11, "13.6", "7.2", "7.5", -4]),
        (5, "固定资产投资", "亿元", ["3.3", 3, 10, "2.04", 2, 2]),
        (6, "接待游客", "万人次", ["15.2", "10.1", "50.5", 0, 0, None]),
    ]:
        part = [
            {"period": YTD, "measure": measure}, {"period": LY, "role": "last_year", "measure": measure},
            {"period": YTD, "role": "growth", "measure": "%"},
        ]  # fmt: skip
        each = [{"unit": u, **p} for u in ("东坪镇", "沙湾镇") for p in part]
        e.row(number, "C D E F G H", values, each, indicator=name)
    e.add(
        "H6",
        None,
        presence="not_applicable",
        unit="沙湾镇",
        indicator="接待游客",
        measure="%",
        period=YTD,
        role="growth",
    )
    return e.found


@book("b3-长表.xlsx")
def long_form(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "数据上报"
    fill(
        ws,
        [
            ["填报单位", "指标名称", "计量单位", "报告期", "数值", "备注"],
            ["东关街道", "一般公共预算收入", "万元", "2025年9月", 410.5, None],
            ["东关街道", "一般公共预算收入", "万元", "2025年1-9月", "3,622.00", None],
            ["东关街道", "新增个体工商户", "户", "2025年9月", 36, "含网店"],
            ["西湖街道", "一般公共预算收入", "万元", "2025年9月", 388, None],
            ["西湖街道", "新增个体工商户", "户", "2025年9月", "缺报", None],
        ],
    )
    wb.save(path)
    e = Cells("数据上报")
    tax, shops = (
        {"indicator": "一般公共预算收入", "measure": "万元"},
        {"indicator": "新增个体工商户", "measure": "户"},
    )
    e.add("E2", "410.5", unit="东关街道", period=SEP, **tax)
    e.add("E3", "3622", unit="东关街道", period=YTD, **tax)
    e.add("E4", 36, unit="东关街道", period=SEP, **shops)
    e.add("E5", 388, unit="西湖街道", period=SEP, **tax)
    e.add("E6", None, unit="西湖街道", period=SEP, presence="missing", **shops)
    return e.found


@book("b4-历年.xlsx")
def years(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "综合"
    fill(
        ws,
        [
            ["白石县主要年份国民经济主要指标"],
            ["指    标", "单位", 2021, 2022, 2023, 2024],
            ["年末户籍人口", "万人", 31.25, 31.1, 30.98, 30.9],
            ["  #城镇人口", "万人", 12.1, 12.4, 12.8, 13],
            ["粮食总产量", "万吨", 18.6, 18.9, 19.2, "…"],
            ["城镇居民人均可支配收入", "元", 30125, 31560, 33021, 34590],
            ["注:“…”表示数据暂缺。"],
        ],
        ["A1:F1"],
    )
    wb.save(path)
    e = Cells("综合", unit="白石县")
    for offset, column in enumerate("CDEF"):
        year = 2021 + offset
        e.add(
            f"{column}3",
            ["31.25", "31.1", "30.98", "30.9"][offset],
            indicator="年末户籍人口",
            measure="万人",
            period=f"{year}-12",
        )
        e.add(
            f"{column}4",
            ["12.1", "12.4", "12.8", "13"][offset],
            indicator="城镇人口",
            parent="年末户籍人口",
            measure="万人",
            period=f"{year}-12",
        )
        if year < 2024:
            e.add(
                f"{column}5",
                ["18.6", "18.9", "19.2"][offset],
                indicator="粮食总产量",
                measure="万吨",
                period=str(year),
            )
        e.add(
            f"{column}6",
            [30125, 31560, 33021, 34590][offset],
            indicator="城镇居民人均可支配收入",
            measure="元",
            period=str(year),
        )
    e.add("F5", None, indicator="粮食总产量", measure="万吨", period="2024", presence="missing")
    return e.found


@book("b5-预算执行.xlsx")
def budget(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "收支"
    fill(
        ws,
        [
            ["平川县2025年9月一般公共预算收支执行情况表"],
            [None, None, None, None, None, None, None, "单位:万元"],
            [
                "预算科目",
                "年初预算数",
                "本月执行数",
                "累计执行数",
                "占预算%",
                "上年同期累计",
                "同比增减",
                None,
            ],
            [None, None, None, None, None, None, "金额", "%"],
            ["一、一般公共预算收入", 45000, 3120, 33750.4, 75, 32100, 1650.4, 5.1],
            ["（一）税收收入", 30000, 2010, 21900, 73, 22000, -100, -0.5],
            ["    1.增值税", 12000, 830, 9000, 75, 8800, 200, 2.3],
            ["    2.企业所得税", 6000, 300, 4200, 70, 4500, -300, -6.7],
            ["（二）非税收入", 15000, 1110, 11850.4, 79, 10100, 1750.4, 17.3],
            ["二、一般公共预算支出", 120000, 9800, 88000, 73.3, 86000, 2000, 2.3],
        ],
        ["A1:H1", *(f"{c}3:{c}4" for c in "ABCDEF"), "G3:H3"],
    )
    wb.save(path)
    e = Cells("收支", unit="平川县")
    each = [
        {"period": Y25, "role": "target"}, {"period": SEP}, {"period": YTD},
        {"period": YTD, "role": "attainment", "measure": "%"}, {"period": LY, "role": "last_year"},
        {"period": YTD, "role": "growth"}, {"period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    rows: list[tuple[int, str, list[Any]]] = [
        (5, "一般公共预算收入", [45000, 3120, "33750.4", 75, 32100, "1650.4", "5.1"]),
        (6, "税收收入", [30000, 2010, 21900, 73, 22000, -100, "-0.5"]),
        (7, "增值税", [12000, 830, 9000, 75, 8800, 200, "2.3"]),
        (8, "企业所得税", [6000, 300, 4200, 70, 4500, -300, "-6.7"]),
        (9, "非税收入", [15000, 1110, "11850.4", 79, 10100, "1750.4", "17.3"]),
        (10, "一般公共预算支出", [120000, 9800, 88000, "73.3", 86000, 2000, "2.3"]),
    ]
    for number, name, values in rows:
        e.row(number, "B C D E F G H", values, [{"measure": "万元", **part} for part in each], indicator=name)
    return e.found


@book("b6-斜线表头.xlsx")
def diagonal(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "秋粮"
    fill(
        ws,
        [
            ["柳溪镇2025年秋粮生产进度统计表（截至2025年9月25日）"],
            ["填报人:蒋某          审核人:沈某          联系电话:0000-7654321"],
            ["        村别\n项目", "单位", "合计", "大 湾 村", "小湾村", "白沙村"],
            ["应收面积", "亩", 5200, 2100, 1600, 1500],
            ["已收面积", "亩", 2310.5, 1200, 610.5, 500],
            ["出动农机", "台（套）", 58, 25, 18, 16],
            ["秋种计划面积", "亩", 4000, 1600, 1300, 1100],
        ],
        ["A1:F1", "A2:F2"],
    )
    wb.save(path)
    e = Cells("秋粮")
    for number in (4, 5, 6, 7):
        for column in "CDEF":
            e.ask(f"{column}{number}")
    return e.found


@book("b7-逐月.csv")
def months_down(path: Path) -> Expected:
    lines = [
        "东关街道2025年经济运行情况表（月度数据）", "", "月份\t限上零售额(万元)\t用电量（万千瓦时）\t新增市场主体(户)",
        "1月\t1,250\t320.5\t41", "2月\t1 180\t 298 \t23", "3月\t１３１０\t311\t/", "一季度\t3740\t929.5\t64",
        "4月\t1299.5\t305\t38", "注：“/”为未统计",
    ]  # fmt: skip
    path.write_bytes("\n".join(lines).encode())
    e = Cells(path.stem, unit="东关街道")
    each = [
        {"indicator": "限上零售额", "measure": "万元"}, {"indicator": "用电量", "measure": "万千瓦时"},
        {"indicator": "新增市场主体", "measure": "户"},
    ]  # fmt: skip
    e.row(4, "B C D", [1250, "320.5", 41], each, period="2025-01")
    e.row(5, "B C D", [1180, 298, 23], each, period="2025-02")
    e.row(6, "B C", [1310, 311], each[:2], period="2025-03")
    e.add("D6", None, presence="missing", period="2025-03", **each[2])
    e.row(7, "B C D", [3740, "929.5", 64], each, period="2025-01/2025-03")
    e.row(8, "B C D", ["1299.5", 305, 38], each, period="2025-04")
    return e.found


@book("b8-分片小计.xls")
def sections(path: Path) -> Expected:
    wb = xlwt.Workbook()
    ws = wb.add_sheet("Sheet1")
    percent = xlwt.easyxf(num_format_str="0.00%")
    rows: list[list[Any]] = [
        ["云阳区2025年8月城乡居民养老保险参保缴费情况表"],
        [
            "镇街",
            "年度任务数（人）",
            "8月缴费人数（人）",
            "累计缴费人数（人）",
            "任务完成率",
            "较上月提高（百分点）",
            "排名",
            "备注",
        ],
        ["东部片区"],
        ["东坪镇", 5200, 310, 4100, 0.7885, 5.96, 2, "补缴12人"],
        ["沙湾街道", 3100, 220, 2601, 0.839, 7.1, 1, None],
        ["小计", 8300, 530, 6700, 0.8072, None, None, None],
        ["西部片区"],
        ["红旗乡", 2000, 0, 1210, 0.605, 0, 3, "8月系统停机"],
        ["小计", 2000, 0, 1210, 0.605, None, None, None],
        ["总计", 10300, 530, 7911, 0.7681, None, None, None],
    ]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                ws.write(r, c, value, percent) if c == 4 and r > 1 else ws.write(r, c, value)
    ws.merge(0, 0, 0, 7)
    ws.col(3).hidden = True
    wb.save(str(path))
    e = Cells("Sheet1")
    ytd = "2025-01/2025-08"
    each = [
        {"period": Y25, "role": "target", "measure": "人"}, {"period": "2025-08", "measure": "人", "indicator": "缴费人数"},
        {"period": ytd, "measure": "人", "indicator": "缴费人数"},
        {"period": ytd, "role": "attainment", "measure": "%", "indicator": "缴费人数"},
    ]  # fmt: skip
    for number, unit, values, total in [
        (4, "东坪镇", [310, 4100, "78.85"], False),
        (5, "沙湾街道", [220, 2601, "83.9"], False),
        (6, "小计", [530, 6700, "80.72"], True),
        (8, "红旗乡", [0, 1210, "60.5"], False),
        (9, "小计", [0, 1210, "60.5"], True),
        (10, "总计", [530, 7911, "76.81"], True),
    ]:
        parts = [{**p, "role": "total_row"} if total else p for p in each[1:]]
        e.row(number, "C D E", values, parts, unit=unit)
        e.ask(f"B{number}")
        if not total:
            e.ask(f"F{number}")
            e.ask(f"G{number}")
    return e.found


def main() -> None:
    folder = HERE / "blind"
    folder.mkdir(exist_ok=True)
    for name, make in BOOKS.items():
        lines = make(folder / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    _ = (formats, get_column_letter)


if __name__ == "__main__":
    main()
