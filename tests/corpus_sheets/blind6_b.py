# ruff: noqa
"""Batch b: ten workbooks of invented towns of 望川县."""

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from blind6_kit import F, N, P, Q, Sheet, T, V, save  # noqa

HERE = Path(__file__).parent / "blind6"
CUM, LAST, YEAR, M = "2025-01/2025-09", "2024-01/2024-09", "2025", "2025-09"


def r1(x, places="0.1"):
    return float(Decimal(str(x)).quantize(Decimal(places), ROUND_HALF_UP))


def pct(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100)


def gr(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100 - 100)


def share(a, b):
    """An exact share to three places, for a percent format."""
    return float((Decimal(str(a)) / Decimal(str(b))).quantize(Decimal("0.001"), ROUND_HALF_UP))


# --- B01 offices, each over several indicators; merged unit cells, one block lost its merge in copying
s = Sheet("9月报表")
s.merge("A1:G1", "桃溪镇各办(中心)2025年9月重点工作完成情况月报表")
s.row("A3", "填报单位", "指标名称", "计量单位", "年度任务", "本月完成", "1—9月累计", "完成率")
lines = [
    ("农业农村办公室", "高标准农田建设", "亩", 1200, 150, 960),
    ("农业农村办公室", "新增农民合作社", "家", 8, 1, 6),
    ("农业农村办公室", "农产品质量抽检", "批次", 240, 22, 186),
    ("村镇建设办公室", "农村危房改造", "户", 40, 4, 31),
    ("村镇建设办公室", "硬化村组道路", "公里", 12.5, 1.6, 9.5),
    ("社会事务办公室", "城镇新增就业", "人", 300, 26, 243),
    ("社会事务办公室", "开展技能培训", "人次", 500, 45, 410),
    ("社会事务办公室", "新建老年活动室", "间", 5, 0, 4),
    ("应急管理办公室", "应急演练", "场次", 16, 2, 13),
    ("应急管理办公室", "消除安全隐患", "处", 90, 7, 72),
]
ctx, data = [], []
for i, (office, ind, mea, t, m, c) in enumerate(lines):
    s.row(f"B{4 + i}", ind, mea)
    ctx.append(dict(unit=office, indicator=ind, measure=mea))
    data.append(
        [
            t,
            m,
            c,
            F(f"=F{4 + i}/D{4 + i}", share(c, t), "0.0%")
            if (Decimal(str(c)) / Decimal(str(t)) * 1000) % 1 == 0 and ind != "开展技能培训"
            else P(share(c, t)),
        ]
    )
s.merge("A4:A6", "农业农村\n办公室")
s.merge("A7:A8", "村镇建设办公室")
s.put("A9", "社会事务办公室")
s.merge("A12:A13", "应急管理办公室")
data[2][1] = Q("22+8", "一格两个数相加,8 是补报还是另一类?")
data[6][1] = Q("近50", "“近50”不是准数")
data[6][2] = T("410人次", "410")
data[4][0] = V(12.5, fmt="0.00")
data[8][2] = T("１３", "13")
s.grid(
    "D4",
    ctx,
    [
        dict(role="target", period=YEAR),
        dict(period=M),
        dict(period=CUM),
        dict(role="attainment", period=CUM, measure="%"),
    ],
    data,
)
s.put("A14", "汇总人:欧阳静")
s.put("D14", "审签:龙建华")
s.put("F14", "报送时间:2025年10月8日")
save(HERE / "B01桃溪镇各办月报表.xlsx", s)

# --- B02 quarters, three header rows, negatives in brackets
s = Sheet("分季度")
s.merge("A1:I1", "长岭乡2025年分季度财政收支执行情况表")
s.put("I2", "单位:万元")
for area, text in (
    ("A3:A5", "序号"),
    ("B3:B5", "项目"),
    ("C3:C5", "年度预算"),
    ("D3:G3", "2025年执行数"),
    ("D4:F4", "分季度"),
    ("G4:G5", "前三季度累计"),
    ("H3:H5", "上年同期\n前三季度累计"),
    ("I3:I5", "增幅(%)"),
):
    s.merge(area, text)
s.row("D5", "一季度", "二季度", "三季度")
lines = [
    ("一般公共预算收入", "一般公共预算收入", None, 1450, 352, 371, 366, 1043),
    ("其中:税收收入", "税收收入", "一般公共预算收入", 1120, 268, 285, 277, 806),
    ("其中:非税收入", "非税收入", "一般公共预算收入", 330, 84, 86, 89, 237),
    ("转移性收入", "转移性收入", None, 3800, 905, 1012, 948, 2731),
    ("一般公共预算支出", "一般公共预算支出", None, 5100, 1180, 1325, 1290, 3842),
    ("其中:教育支出", "教育支出", "一般公共预算支出", 860, 205, 214, 228, 631),
]
ctx, data = [], []
for i, (label, ind, par, b, q1, q2, q3, l) in enumerate(lines):
    s.row(f"A{6 + i}", i + 1, label)
    ctx.append(dict(indicator=ind, parent=par))
    n = 6 + i
    c = q1 + q2 + q3
    data.append(
        [
            b,
            q1,
            q2,
            q3,
            c if n in (6, 9) else F(f"=SUM(D{n}:F{n})", c),
            l,
            F(f"=ROUND(G{n}/H{n}*100-100,1)", gr(c, l), "0.0_);(0.0)"),
        ]
    )
s.row("A12", 7, "上年结转调整")
ctx.append(dict(indicator="上年结转调整", parent=None))
data.append(
    [
        None,
        T("(12.5)", "-12.5"),
        V(-8, fmt="#,##0.0_);(#,##0.0)"),
        T("(4)", "-4"),
        T("(24.5)", "-24.5"),
        None,
        None,
    ]
)
data[3][2] = Q("1012?", "数后有问号,是否准数?")
data[5][0] = Q("860/880", "一格两个预算数,取哪个?")
data[0][1] = T(" 352 ", "352")
s.grid(
    "C6",
    ctx,
    [
        dict(role="target", period=YEAR, measure="万元"),
        dict(period="2025-01/2025-03", measure="万元"),
        dict(period="2025-04/2025-06", measure="万元"),
        dict(period="2025-07/2025-09", measure="万元"),
        dict(period=CUM, measure="万元"),
        dict(role="last_year", period=LAST, measure="万元"),
        dict(role="growth", period=CUM, measure="%"),
    ],
    data,
    unit="长岭乡",
)
s.put("A13", "注:括号内的数为负数。")
s.put("A14", "填表:尹春")
s.put("F14", "审核:邓国良")
save(HERE / "B02长岭乡分季度财政收支.xlsx", s)

# --- B03 air, marks explained, change without a measure
s = Sheet("空气质量")
s.merge("A1:I1", "望川县各乡镇2025年9月环境空气质量情况表")
for area, text in (
    ("A2:A3", "序号"),
    ("B2:B3", "乡镇"),
    ("C2:F2", "PM2.5平均浓度(微克/立方米)"),
    ("G2:I2", "优良天数比率(%)"),
):
    s.merge(area, text)
s.row("C3", "9月", "1—9月", "上年1—9月", "同比(%)", "9月", "1—9月", "上年1—9月")
towns = ["桃溪镇", "金 竹 镇", "长岭乡", "马口镇", "清 水 镇", "河湾镇", "松林乡"]
nn = lambda: N("无", "not_applicable")
data = [
    [24, 29.3, 31.2, gr(29.3, 31.2), 100, 94.5, 92],
    [22, 27.8, 28.1, gr(27.8, 28.1), 100, 95.6, 95.2],
    [nn() for _ in range(7)],
    [28, 33.4, 32.6, gr(33.4, 32.6), 96.7, 90.8, 91.6],
    [21, 26, 27.5, gr(26, 27.5), 100, 96.3, 95.9],
    [25, T("３０.１", "30.1"), 31, gr(30.1, 31), 96.7, T("93.4%", "93.4"), P(0.927)],
    [nn() for _ in range(7)],
]
data[1][0] = Q("22/25", "一格两个数,取哪个?")
data[4][1] = Q("26(待核)", "数后写着待核,准数是多少?")
pm, day = dict(indicator="PM2.5平均浓度", measure="微克/立方米"), dict(indicator="优良天数比率", measure="%")
s.grid(
    "C4",
    [dict(unit=t.replace(" ", "")) for t in towns],
    [
        {**pm, "period": M},
        {**pm, "period": CUM},
        {**pm, "role": "last_year", "period": LAST},
        {**pm, "role": "growth", "period": CUM, "measure": "%"},
        {**day, "period": M},
        {**day, "period": CUM},
        {**day, "role": "last_year", "period": LAST},
    ],
    data,
)
for i, t in enumerate(towns):
    s.row(f"A{4 + i}", i + 1, t)
s.put("A11", "备注:“无”表示该乡未设自动监测站,不适用。")
s.put("A12", "填报人:阮文清")
s.put("F12", "联系电话:0901-7220033")
save(HERE / "B03望川县空气质量情况表.xlsx", s)

# --- B04 project pool of the county, .xls, towns merged over projects
s = Sheet("项目库")
s.merge("A1:I1", "望川县2025年1—9月固定资产投资项目库")
s.put("I2", "单位:万元")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "所属乡镇"),
    ("C3:C4", "项目名称"),
    ("D3:D4", "行业"),
    ("E3:H3", "固定资产投资"),
    ("I3:I4", "入库时间"),
):
    s.merge(area, text)
s.row("E4", "2025年计划", "9月完成", "1—9月完成", "完成率(%)")
proj = [
    ("桃溪镇", "桃溪工业园标准厂房三期", "工业", 12000, 960, 9120, "2025-02"),
    ("桃溪镇", "桃溪污水处理厂提标改造", "环保", 2600, 180, 2080, "2025-03"),
    ("桃溪镇", "集镇停车场建设项目", "城建", 800, 65, 520, "2025-06"),
    ("金竹镇", "竹纤维餐具生产线", "工业", 6500, 520, 4550, "2024-12"),
    ("金竹镇", "金竹敬老院改扩建", "民生", 950, 110, 817, "2025-04"),
    ("马口镇", "马口码头货运区改造", "交通", 4300, 0, 1290, "2025-05"),
    ("马口镇", "稻虾共作示范基地", "农业", 1500, 130, 1230, "2025-03"),
    ("清水镇", "清水水厂管网延伸工程", "水利", 3200, 410, 2720, "2025-01"),
]
data = [[p, m, c, pct(c, p)] for _, _, _, p, m, c, _ in proj]
data[1][1] = Q("180(含设备)", "数后有说明,180 是否只算固定资产投资?")
data[4][1] = T("110.0", "110.0")
data[3][0] = T("6,500", "6500")
data[2][2] = Q("520左右", "“左右”不是准数")
data[2][3] = None
for i, x in enumerate(proj):
    s.put(f"A{5 + i}", i + 1)
    s.row(f"C{5 + i}", x[1], x[2])
    s.put(f"I{5 + i}", x[6])
s.merge("B5:B7", "桃溪镇")
s.merge("B8:B9", "金竹镇")
s.merge("B10:B11", "马口镇")
s.put("B12", "清水镇")
fi = dict(indicator="固定资产投资", measure="万元")
s.grid(
    "E5",
    [dict(unit=x[0], record=x[1]) for x in proj],
    [
        {**fi, "role": "target", "period": YEAR},
        {**fi, "period": M},
        {**fi, "period": CUM},
        {**fi, "role": "attainment", "period": CUM, "measure": "%"},
    ],
    data,
)
s.put("A14", "制表人:储明")
s.put("F14", "审核人:骆小川")
s.rows_hidden.add(10)
save(HERE / "B04望川县固定资产投资项目库.xls", s)

# --- B05 villages folded side by side
s = Sheet("油菜")
s.merge("A1:H1", "马口镇2025年油菜籽生产情况统计表")
half = ["村名", "油菜籽播种面积(亩)", "油菜籽单产(公斤/亩)", "油菜籽总产量(公斤)"]
s.row("A3", *half, *half)
left = [
    ("码头村", 620, 142.5),
    ("新堤村", 485, 138),
    ("柳林村", 730, 145),
    ("红旗村", 310, 131.5),
    ("车湾村", 540, 140),
]
right = [("莲塘村", 415, 136), ("官桥村", 680, 147.5), ("白沙村", 295, 128), ("樊家村", 505, 139)]
cols = [
    dict(indicator="油菜籽播种面积", measure="亩"),
    dict(indicator="油菜籽单产", measure="公斤/亩"),
    dict(indicator="油菜籽总产量", measure="公斤"),
]
fold = lambda xs: [[a, y, r1(Decimal(str(a)) * Decimal(str(y)))] for _, a, y in xs]
dl, dr = fold(left), fold(right)
dl[3][1] = Q("131.5-133", "单产是区间,取哪个数?")
dr[1][0] = T("６８０", "680")
dl[2][2] = V(105850, fmt="#,##0")
dr[2][2] = Q(37.8, "总产量的计量单位是公斤,37.8 像是吨,是不是?")
s.column("A4", *[x[0] for x in left])
s.column("E4", *[x[0] for x in right])
s.grid("B4", [dict(unit=x[0]) for x in left], cols, dl, period=YEAR)
s.put("E8", "合计")
s.grid(
    "F4",
    [dict(unit=x[0]) for x in right] + [dict(unit="合计", total=True)],
    cols,
    dr + [[4580, 140.2, 642190]],
    period=YEAR,
)
s.put("A9", "填报人:范大成")
s.put("E9", "审核人:李红旗")
s.put("G9", "2025年6月18日")
save(HERE / "B05马口镇油菜籽生产统计表.xlsx", s)

# --- B06 civil affairs
s = Sheet("民政")
s.merge("A1:H1", "清水镇2025年9月末困难群众救助情况统计表")
for area, text in (
    ("A2:A3", "序号"),
    ("B2:B3", "村(社区)"),
    ("C2:C3", "农村低保户数(户)"),
    ("D2:D3", "农村低保人数(人)"),
    ("E2:E3", "其中:重度残疾人(人)"),
    ("F2:F3", "特困供养人数(人)"),
    ("G2:H2", "发放低保金(元)"),
):
    s.merge(area, text)
s.row("G3", "9月", "1—9月")
v = ["清水社区", "泉眼村", "石榴村", "上坝村", "下坝村", "云台村", "油坊村"]
data = [
    [42, 78, 11, 9, 31200, 279800],
    [36, 65, 8, 12, 26650, 240100],
    [28, 51, 6, 7, 20910, 188400],
    [33, 60, 9, 10, 24600, 221500],
    [19, 34, 4, 5, 13940, 125600],
    [25, 47, 7, 8, 19270, 173900],
    [30, 55, 5, 6, 22550, 202700],
]
tot = [sum(r[k] for r in data) for k in range(6)]
data.append([*tot[:3], V(59, warning="合计59,各村相加是57"), *tot[4:]])
data[1][4] = V(26650, fmt="#,##0.00")
data[2][5] = T("188,400.00", "188400.00")
data[3][3] = Q("10*", "数后有星号,表上没有说明星号的意思")
data[5][2] = Q("7-8", "是区间,取哪个数?")
data[4][0] = T("19 ", "19")
hh = dict(period=M)
s.grid(
    "C4",
    [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
    [
        dict(indicator="农村低保户数", measure="户", **hh),
        dict(indicator="农村低保人数", measure="人", **hh),
        dict(indicator="重度残疾人", parent="农村低保人数", measure="人", **hh),
        dict(indicator="特困供养人数", measure="人", **hh),
        dict(indicator="发放低保金", measure="元", period=M),
        dict(indicator="发放低保金", measure="元", period=CUM),
    ],
    data,
)
for i, x in enumerate(v):
    s.row(f"A{4 + i}", i + 1, x)
s.put("B11", "合  计")
s.put("A12", "经办人:韦兰")
s.put("D12", "分管领导:莫志强")
s.put("G12", "电话:13700007788")
save(HERE / "B06清水镇困难群众救助统计表.xls", s)

# --- B07 months down, csv
name = "B07河湾镇安全生产检查统计表"
s = Sheet(name)
s.put("A1", "河湾镇2025年1—9月安全生产检查情况统计表")
s.row(
    "A2",
    "月份",
    "检查企业(家次)",
    "排查隐患(处)",
    "其中:重大隐患(处)",
    "整改隐患(处)",
    "开展培训(人次)",
    "处理情况",
)
d = [
    [18, 26, 0, 26, 40, "无"],
    [12, 15, 0, 15, None, "无"],
    [25, 38, 1, 37, 120, "停业整顿1家"],
    [22, 31, 0, 31, 60, "无"],
    [28, 44, 1, 43, 85, "约谈1家"],
    [35, 57, 2, 55, 210, "约谈2家"],
    [30, 46, 0, 46, 75, "无"],
    [27, 39, 1, 39, 64, "无"],
    [24, 33, 0, 32, 58, "无"],
]
data = [r[:5] for r in d]
data.append([sum(r[k] or 0 for r in data) for k in range(5)])
data[3][4] = T("６０", "60")
data[5][4] = Q("200多", "“200多”不是准数")
data[7][2] = Q("—", "没有说明“—”的意思")
data[8][0] = Q("24、25", "一格两个数,取哪个?")
data[1][2] = Q("—", "没有说明“—”的意思")
s.column("A3", *[f"{m}月" for m in range(1, 10)], "1—9月累计")
for i, r in enumerate(d):
    s.put(f"G{3 + i}", r[5])
s.grid(
    "B3",
    [dict(period=f"2025-{m:02}") for m in range(1, 10)] + [dict(period=CUM)],
    [
        dict(indicator="检查企业", measure="家次"),
        dict(indicator="排查隐患", measure="处"),
        dict(indicator="重大隐患", parent="排查隐患", measure="处"),
        dict(indicator="整改隐患", measure="处"),
        dict(indicator="开展培训", measure="人次"),
    ],
    data,
    unit="河湾镇",
)
s.put("A14", "填报人:关山")
s.put("D14", "审核人:陆一平")
save(HERE / (name + ".csv"), s)

# --- B08 investment attracted, areas with subtotals; .xls with formulas by way of an office suite
s = Sheet("招商引资")
s.merge("A1:I1", "望川县2025年1—9月招商引资工作完成情况表")
for area, text in (
    ("A2:A3", "片区"),
    ("B2:B3", "序号"),
    ("C2:C3", "乡镇"),
    ("D2:F2", "实际到位资金(万元)"),
    ("G2:H2", "新签约项目(个)"),
    ("I2:I3", "备注"),
):
    s.merge(area, text)
s.row("D3", "年度任务", "1—9月完成", "完成率(%)", "年度任务", "1—9月完成")
order = [
    ("桃溪镇", 26000, 20800, 12, 9),
    ("金竹镇", 18000, 13050, 8, 6),
    ("长岭乡", 6000, 3900, 4, 2),
    None,
    ("马口镇", 20000, 16400, 10, 8),
    ("清水镇", 15000, 11400, 8, 7),
    ("河湾镇", 12000, 8700, 6, 4),
    ("松林乡", 5000, 3350, 3, 2),
    None,
]
ctx, data, start, subs = [], [], 4, []
for i, x in enumerate(order):
    n = 4 + i
    if x:
        s.row(f"B{n}", n - 3 - len(subs), x[0])
        ctx.append(dict(unit=x[0]))
        data.append([x[1], x[2], F(f"=ROUND(E{n}/D{n}*100,1)", pct(x[2], x[1])), x[3], x[4]])
    else:
        part = [y for y in order[start - 4 : i]]
        sums = [sum(y[k] for y in part) for k in (1, 2, 3, 4)]
        s.put(f"C{n}", "小计")
        ctx.append(dict(unit="小计", total=True))
        subs.append((n, sums))
        data.append(
            [
                F(f"=SUM(D{start}:D{n - 1})", sums[0]),
                F(f"=SUM(E{start}:E{n - 1})", sums[1]),
                F(f"=ROUND(E{n}/D{n}*100,1)", pct(sums[1], sums[0])),
                F(f"=SUM(G{start}:G{n - 1})", sums[2]),
                F(f"=SUM(H{start}:H{n - 1})", sums[3]),
            ]
        )
        start = n + 1
all_ = [sum(x[1][k] for x in subs) for k in range(4)]
s.put("C13", "总计")
ctx.append(dict(unit="总计", total=True))
data.append(
    [
        F("=D7+D12", all_[0]),
        F("=E7+E12", all_[1]),
        F("=ROUND(E13/D13*100,1)", pct(all_[1], all_[0])),
        F("=G7+G12", all_[2]),
        F("=H7+H12", all_[3]),
    ]
)
s.merge("A4:A7", "东片")
s.merge("A8:A12", "西片")
s.put("I10", "1个项目已投产")
s.grid(
    "D4",
    ctx,
    [
        dict(indicator="实际到位资金", measure="万元", role="target", period=YEAR),
        dict(indicator="实际到位资金", measure="万元", period=CUM),
        dict(indicator="实际到位资金", measure="%", role="attainment", period=CUM),
        dict(indicator="新签约项目", measure="个", role="target", period=YEAR),
        dict(indicator="新签约项目", measure="个", period=CUM),
    ],
    data,
)
s.put("A14", "填报人:甘露")
s.put("D14", "审核人:岳峰")
s.put("G14", "填报日期:2025-10-12")
t = Sheet("在谈")
t.merge("A1:E1", "望川县2025年9月底在谈项目线索汇总")
t.row("A2", "序号", "乡镇", "在谈项目(个)", "意向投资额", "备注")
tt = [("桃溪镇", 6, 21000), ("金竹镇", 4, 9.5), ("马口镇", 5, 16000), ("清水镇", 3, 7.2), ("河湾镇", 2, 4800)]
t.grid(
    "C3",
    [dict(unit=x[0]) for x in tt],
    [
        dict(indicator="在谈项目", measure="个"),
        dict(
            indicator="意向投资额",
            measure=None,
            ask="“意向投资额”没有写计量单位,各镇的数大小悬殊,是万元还是亿元?",
        ),
    ],
    [list(x[1:]) for x in tt],
    period=M,
)
for i, x in enumerate(tt):
    t.row(f"A{3 + i}", i + 1, x[0])
save(HERE / "B08望川县招商引资完成情况表.xls", s, t)

# --- B09 no year anywhere
t = Sheet("9月")
t.merge("A1:F1", "松林乡9月份信访工作情况统计表")
t.put("F2", "单位:件")
for area, text in (("A3:A4", "序号"), ("B3:B4", "村"), ("C3:D3", "本月"), ("E3:F3", "1月至本月累计")):
    t.merge(area, text)
t.row("C4", "受理信访", "按期办结", "受理信访", "按期办结")
v = ["松林村", "鹿鸣村", "水口村", "冷水村", "甘溪村"]
d = [[3, 2, 17, 15], [0, 0, 9, 9], [1, 1, 7, 7], [2, 2, 19, 17], [1, 0, 9, 8]]
for i, x in enumerate(v):
    t.row(f"A{5 + i}", i + 1, x)
t.row("A10", None, "合计")
t.put("A11", "填表人:滕秀")
t.put("D11", "审核人:向兵")
cols = [dict(indicator=x, period=p) for p in (M, CUM) for x in ("受理信访", "按期办结")]
t.grid(
    "C5",
    [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
    cols,
    d + [[sum(r[k] for r in d) for k in range(4)]],
    measure="件",
    ask="表上没有年份,是哪一年的9月?",
)
save(HERE / "B09松林乡信访统计表.xlsx", t)

# --- B10 villages down, indicator × target/done/attainment across
s = Sheet("村级目标")
s.merge("A1:K1", "金竹镇2025年1—9月村级目标任务完成情况统计表")
for area, text in (
    ("A2:A3", "序号"),
    ("B2:B3", "村名"),
    ("C2:E2", "村集体经营性收入(万元)"),
    ("F2:H2", "户用厕所改造(户)"),
    ("I2:K2", "农村合作医疗收缴(人)"),
):
    s.merge(area, text)
s.row("C3", *["年度目标", "完成", "完成率(%)"] * 3)
v = ["竹山村", "三合村", "枣园村", "大塘村", "岭背村", "新庄村"]
d = [
    (30, 24, 20, 17, 1250, 1200),
    (25, 20.5, 16, 12, 980, 931),
    (45, 36.9, 25, 20, 1640, 1558),
    (20, 13, 12, 9, 760, 722),
    (18, 14.4, 10, 10, 615, 600),
    (35, 28, 18, 15, 1105, 1071),
]
data = []
for a, b, c, e, f, g in d:
    data.append([a, b, pct(b, a), c, e, pct(e, c), f, g, pct(g, f)])
data[1][2] = Q(0.82, "表头是%,0.82是0.82%还是82%?")
data[3][5] = Q(0.75, "表头是%,0.75是0.75%还是75%?")
data[4][3] = T("10户", "10")
data[2][8] = T("95%", "95")
data[5][1] = T("28.00", "28.00")
data[0][7] = T("1,200", "1200")
data[4][0] = Q("18(暂定)", "目标是暂定数,正式数是多少?")
sums = [sum(x[k] for x in d) for k in range(6)]
data.append([173, 136.8, 79.1, 101, 83, 82.2, 6350, 6082, 95.8])
assert [173, 101, 83, 6350, 6082] == [sums[0], sums[2], sums[3], sums[4], sums[5]] and r1(sums[1]) == 136.8, (
    sums
)
cols = []
for ind, mea in (("村集体经营性收入", "万元"), ("户用厕所改造", "户"), ("农村合作医疗收缴", "人")):
    cols += [
        dict(indicator=ind, measure=mea, role="target", period=YEAR),
        dict(indicator=ind, measure=mea, period=CUM),
        dict(indicator=ind, measure="%", role="attainment", period=CUM),
    ]
s.grid("C4", [dict(unit=x) for x in v] + [dict(unit="合计", total=True)], cols, data)
for i, x in enumerate(v):
    s.row(f"A{4 + i}", i + 1, x)
s.put("B10", "合计")
s.put("A11", "填报人:柴进")
s.put("I11", "审核人:花荣海")
s.columns_hidden.add(8)
save(HERE / "B10金竹镇村级目标任务完成情况表.xlsx", s)
