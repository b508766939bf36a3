# ruff: noqa: E501
"""Eight more workbooks of the fourth blind round; see README.md. ``python tests/corpus_sheets/blind4.py``."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import xlwt
from build import BOOKS, LY, SEP, Y25, YTD, Cells, Expected, book, fill, formats

HERE = Path(__file__).parent
BOOKS.clear()


@book("e1-乡镇月报.xlsx")
def monthly(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "月报"
    fill(
        ws,
        [
            ["新 河 县 二 〇 二 五 年 九 月 份 工 业 经 济 主 要 指 标"],
            ["制表单位：县工信局", None, None, None, None, None, None, "单位：亿元、%"],
            [
                "乡镇（街道）",
                "规模以上工业总产值",
                None,
                None,
                None,
                "规模以上工业增加值",
                None,
                "亏损企业数（户）",
            ],
            [None, "本月", "增幅", "累计", "增幅", "累计", "增幅", None],
            ["城关街道", 2.15, 5.2, 18.9, 6.1, 4.7, 5.5, 3],
            ["南 坪 镇", 1.08, -1.3, 9.65, 0.8, 2.31, 0.2, 0],
            ["北山乡", 0.2, 12, 1.77, 10.4, 0.4, 9.9, "—"],
            ["总 计", 3.43, 3.6, 30.32, 4.5, 7.41, 4.1, 3],
            ["注：“—”表示未报送"],
        ],
        ["A1:H1", "A3:A4", "B3:E3", "F3:G3", "H3:H4"],
    )
    wb.save(path)
    e = Cells("月报")
    a, b = {"indicator": "规模以上工业总产值"}, {"indicator": "规模以上工业增加值"}
    each = [
        {**a, "period": SEP, "measure": "亿元"}, {**a, "period": SEP, "role": "growth", "measure": "%"},
        {**a, "period": YTD, "measure": "亿元"}, {**a, "period": YTD, "role": "growth", "measure": "%"},
        {**b, "period": YTD, "measure": "亿元"}, {**b, "period": YTD, "role": "growth", "measure": "%"},
        {"indicator": "亏损企业数", "period": SEP, "measure": "户"},
    ]  # fmt: skip
    cols = "B C D E F G H"
    e.row(5, cols, ["2.15", "5.2", "18.9", "6.1", "4.7", "5.5", 3], each, unit="城关街道")
    e.row(6, cols, ["1.08", "-1.3", "9.65", "0.8", "2.31", "0.2", 0], each, unit="南坪镇")
    e.row(7, cols, ["0.2", 12, "1.77", "10.4", "0.4", "9.9", None], each, unit="北山乡")
    e.add("H7", None, presence="missing", unit="北山乡", **each[6])
    e.row(
        8,
        cols,
        ["3.43", "3.6", "30.32", "4.5", "7.41", "4.1", 3],
        [{**p, "role": "total_row"} for p in each],
        unit="总计",
    )
    return e.found


@book("e2-一季度到年底.xlsx")
def decomposition(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet2"
    fill(
        ws,
        [
            ["南坪镇2025年主要目标任务分月计划表"],
            ["序号", "指标名称", "单位", "全年任务", "1-3月", "1-6月", "1-9月", "1-12月", "责任人", "电话"],
            [1, "固定资产投资", "万元", 8000, 1600, 4000, 6400, 8000, "许某", "13600000011"],
            [
                2,
                "招商引资到位资金",
                "万元",
                "12,000",
                "2,400",
                "6,000",
                "9,000",
                "12,000",
                "吕某",
                "13600000012",
            ],
            [3, "农民人均可支配收入", "元", 23500, "/", 11500, "/", 23500, "施某", "13600000013"],
            ["注：“/”表示当期不考核"],
        ],
        ["A1:J1"],
    )
    wb.save(path)
    e = Cells("Sheet2", unit="南坪镇", role="target")
    each = [{"period": Y25}, {"period": "2025-01/2025-03"}, {"period": "2025-01/2025-06"}, {"period": YTD}]
    e.row(3, "D E F G", [8000, 1600, 4000, 6400], each, indicator="固定资产投资", measure="万元")
    e.row(4, "D E F G", [12000, 2400, 6000, 9000], each, indicator="招商引资到位资金", measure="万元")
    e.row(5, "D F", [23500, 11500], [each[0], each[2]], indicator="农民人均可支配收入", measure="元")
    e.add("E5", None, presence="not_applicable", indicator="农民人均可支配收入", measure="元", **each[1])
    e.add("G5", None, presence="not_applicable", indicator="农民人均可支配收入", measure="元", **each[3])
    for number, value, name, measure in [
        (3, 8000, "固定资产投资", "万元"),
        (4, 12000, "招商引资到位资金", "万元"),
        (5, 23500, "农民人均可支配收入", "元"),
    ]:
        e.add(f"H{number}", value, indicator=name, measure=measure, period=Y25)
    return e.found


@book("e3-部门报表.xls")
def department(path: Path) -> Expected:
    wb = xlwt.Workbook()
    ws = wb.add_sheet("9月")
    rows = [
        ["2025年9月新河县民政局业务统计表"],
        ["项  目", "计量单位", "上月末", "本月末", "其中：农村"],
        ["一、最低生活保障", None, None, None, None],
        ["    保障户数", "户", 1210, 1198, 900],
        ["    保障人数", "人", 2045, 2020, 1511],
        ["二、特困供养人数", "人", 312, 310, 288],
        ["三、当月支出资金", "万元", None, 98.6, 70.2],
        ["填报人：魏某    审核人：金某"],
    ]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                ws.write(r, c, value)
    ws.merge(0, 0, 0, 4)
    wb.save(str(path))
    e = Cells("9月", unit="新河县民政局")
    for number, name, measure, a, b in [
        (4, "保障户数", "户", 1210, 1198),
        (5, "保障人数", "人", 2045, 2020),
        (6, "特困供养人数", "人", 312, 310),
    ]:
        e.add(f"C{number}", a, indicator=name, measure=measure, period="2025-08")
        e.add(f"D{number}", b, indicator=name, measure=measure, period=SEP)
    for number, value, parent, measure in [
        (4, 900, "保障户数", "户"),
        (5, 1511, "保障人数", "人"),
        (6, 288, "特困供养人数", "人"),
        (7, "70.2", "支出资金", "万元"),
    ]:
        e.add(f"E{number}", value, indicator="农村", parent=parent, measure=measure, period=SEP)
    e.add("D7", "98.6", indicator="支出资金", measure="万元", period=SEP)
    return e.found


@book("e4-村级收入.csv")
def village_income(path: Path) -> Expected:
    lines = [
        "附件2,,,,,", "北山乡2025年上半年村集体收入明细表,,,,,", "（单位：元）,,,,,",
        "序号,村,经营性收入,发包及上交收入,补助收入,收入合计",
        "1,前 山 村,\"12,500.00\",3200,50000,\"65,700.00\"", "2,后山村,0,１５００,20000,21500", "3,中山村,无,800,10000,10800",
        ",合计,12500,5500,80000,98000", "“无”指没有该项收入。,,,,,", "乡镇长：秦某,,,经办：尤某,,",
    ]  # fmt: skip
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    e = Cells(path.stem, period="2025-01/2025-06", measure="元")
    names = ["经营性收入", "发包及上交收入", "补助收入"]
    each = [{"indicator": n} for n in names]
    total = {"indicator": "收入合计", "role": "total_row"}
    for number, unit, values in [
        (5, "前山村", [12500, 3200, 50000]),
        (6, "后山村", [0, 1500, 20000]),
        (7, "中山村", [None, 800, 10000]),
    ]:
        e.row(number, "C D E", values, each, unit=unit)
    for number, unit, value in [
        (5, "前山村", 65700),
        (6, "后山村", 21500),
        (7, "中山村", 10800),
        (8, "合计", 98000),
    ]:
        e.add(f"F{number}", value, unit=unit, **total)
    e.add("C7", None, unit="中山村", presence="not_applicable", indicator="经营性收入")
    e.row(8, "C D E", [12500, 5500, 80000], [{**p, "role": "total_row"} for p in each], unit="合计")
    return e.found


@book("e5-横排一镇.xlsx")
def horizontal(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "统计"
    fill(
        ws,
        [
            ["西山镇2025年1—8月经济社会发展主要指标"],
            ["指标", "工业总产值", "固定资产投资", "财政收入", "新增就业", "用电量"],
            ["单位", "亿元", "亿元", "万元", "人", "万千瓦时"],
            ["年度目标", 20, 8, 6000, 500, "—"],
            ["实际完成", 13.6, 5.1, 4020.5, 388, 2210],
            ["完成率", 0.68, 0.6375, 0.670, 0.776, "—"],
            ["上年同期", 12.9, 5.5, 3900, 402, 2100],
            ["同比增长", 0.054, -0.073, 0.031, -0.035, 0.052],
            ["说明：“—”为不适用"],
        ],
        ["A1:F1"],
    )
    for row in (6, 8):
        formats(ws, "0.0%", *(f"{c}{row}" for c in "BCDEF"))
    wb.save(path)
    ytd, last = "2025-01/2025-08", "2024-01/2024-08"
    e = Cells("统计", unit="西山镇")
    cols = [
        ("B", "工业总产值", "亿元"),
        ("C", "固定资产投资", "亿元"),
        ("D", "财政收入", "万元"),
        ("E", "新增就业", "人"),
        ("F", "用电量", "万千瓦时"),
    ]
    table = [
        (4, "target", Y25, [20, 8, 6000, 500, None]), (5, "actual", ytd, ["13.6", "5.1", "4020.5", 388, 2210]),
        (6, "attainment", ytd, [68, "63.75", 67, "77.6", None]), (7, "last_year", last, ["12.9", "5.5", 3900, 402, 2100]),
        (8, "growth", ytd, ["5.4", "-7.3", "3.1", "-3.5", "5.2"]),
    ]  # fmt: skip
    for number, role, period, values in table:
        for (column, name, measure), value in zip(cols, values, strict=True):
            m = "%" if role in ("attainment", "growth") else measure
            presence = "present" if value is not None else "not_applicable"
            e.add(
                f"{column}{number}",
                value,
                indicator=name,
                measure=m,
                period=period,
                role=role,
                presence=presence,
            )
    return e.found


@book("e6-企业月报.xlsx")
def firms(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "企业"
    fill(
        ws,
        [
            ["开发区规上工业企业2025年9月产值情况登记表"],
            [None, None, None, None, None, None, "单位:万元"],
            ["序号", "企业名称", "所属行业", "9月产值", "1-9月产值", "去年1-9月", "同比（%）"],
            [1, "恒远机械有限公司", "通用设备", 820, 7100, 6500, 9.2],
            [2, "丰泽食品厂", "食品", "停产", 1200, 2100, -42.9],
            [3, "新创电子公司", "电子", 415.5, 3380, "", "—"],
            [None, "合  计", None, 1235.5, 11680, 8600, 35.8],
            ["注:“—”为上年无数据,不可比,不适用"],
        ],
        ["A1:G1"],
    )
    wb.save(path)
    e = Cells("企业", unit="开发区")
    each = [
        {"indicator": "产值", "period": SEP, "measure": "万元"}, {"indicator": "产值", "period": YTD, "measure": "万元"},
        {"indicator": "产值", "period": LY, "role": "last_year", "measure": "万元"},
        {"indicator": "产值", "period": YTD, "role": "growth", "measure": "%"},
    ]  # fmt: skip
    e.row(4, "D E F G", [820, 7100, 6500, "9.2"], each, record="恒远机械有限公司")
    e.row(5, "E F G", [1200, 2100, "-42.9"], each[1:], record="丰泽食品厂")
    e.ask("D5")
    e.row(6, "D E", ["415.5", 3380], each[:2], record="新创电子公司")
    e.add("G6", None, presence="not_applicable", record="新创电子公司", **each[3])
    e.row(7, "D E F G", ["1235.5", 11680, 8600, "35.8"], [{**p, "role": "total_row"} for p in each])
    return e.found


@book("e7-两年对照.xlsx")
def two_years(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "对照"
    fill(
        ws,
        [
            ["西山镇民生指标对照表"],
            ["指标", "2025年1-9月", "2024年1-9月", "增减"],
            ["城镇新增就业（人）", 388, 402, -14],
            ["城乡居民医保参保率（%）", 96.5, 95.8, "0.7个百分点"],
            ["转移就业培训（人次）", 210, 180, 30],
        ],
        ["A1:D1"],
    )
    wb.save(path)
    e = Cells("对照", unit="西山镇")
    each = [{"period": YTD}, {"period": LY, "role": "last_year"}, {"period": YTD, "role": "growth"}]
    e.row(3, "B C D", [388, 402, -14], each, indicator="城镇新增就业", measure="人")
    e.row(5, "B C D", [210, 180, 30], each, indicator="转移就业培训", measure="人次")
    e.add("B4", "96.5", indicator="城乡居民医保参保率", measure="%", period=SEP)
    e.add("C4", "95.8", indicator="城乡居民医保参保率", measure="%", period=LSEP, role="last_year")
    e.add("D4", "0.7", indicator="城乡居民医保参保率", measure="百分点", period=SEP, role="growth")
    return e.found


LSEP = "2024-09"


@book("e8-多块.xlsx")
def blocks(path: Path) -> Expected:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "调度"
    fill(
        ws,
        [
            ["城关街道2025年10月工作调度"],
            ["（一）重点工程（单位：万元）", None, None, None, None, "（二）秸秆禁烧", None],
            ["社区", "年度计划投资", "10月完成", "累计完成", None, "社区", "巡查次数（次）"],
            ["东门社区", 500, 40, 420, None, "东门社区", 31],
            ["西门社区", 300, 25.5, 260.5, None, "西门社区", 28],
            ["合计", 800, 65.5, 680.5, None, "合计", 59],
            [],
            ["（三）矛盾纠纷化解（单位：件）"],
            ["社区", "10月受理", "10月办结", "办结率"],
            ["东门社区", 6, 5, "83.3%"],
            ["西门社区", 0, 0, "—"],
            ["备注：“—”不适用。"],
        ],
        ["A1:G1", "A2:D2", "F2:G2", "A8:D8"],
    )
    wb.save(path)
    e = Cells("调度")
    octo = "2025-10"
    for number, unit, values, last in [
        (4, "东门社区", [500, 40, 420], 31),
        (5, "西门社区", [300, "25.5", "260.5"], 28),
        (6, "合计", [800, "65.5", "680.5"], 59),
    ]:
        for column in "CD":  # beside 计划投资: done of the project, or of its investment
            e.ask(f"{column}{number}")
        e.add(
            f"G{number}",
            last,
            unit=unit,
            indicator="巡查次数",
            measure="次",
            period=octo,
            role="total_row" if unit == "合计" else "actual",
        )
        e.add(
            f"B{number}",
            values[0],
            unit=unit,
            measure="万元",
            indicator="计划投资",
            period=Y25,
            role="total_row" if unit == "合计" else "target",
        )
    for number, unit, values in [(10, "东门社区", [6, 5]), (11, "西门社区", [0, 0])]:
        e.row(
            number,
            "B C",
            values,
            [{"indicator": "受理"}, {"indicator": "办结"}],
            unit=unit,
            measure="件",
            period=octo,
        )
    e.add("D10", "83.3", unit="东门社区", indicator="办结率", measure="%", period=octo)
    e.add(
        "D11", None, unit="西门社区", indicator="办结率", presence="not_applicable", period=octo, measure=""
    )
    return e.found


def main() -> None:
    folder = HERE / "blind"
    for name, make in BOOKS.items():
        lines = make(folder / name)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
