# ruff: noqa
"""Batch a: ten workbooks of invented towns of 青岚县."""

import datetime as dt
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from blind6_kit import F, N, P, Q, Sheet, T, V, save  # noqa

HERE = Path(__file__).parent / "blind6"
CUM, LAST, YEAR = "2025-01/2025-09", "2024-01/2024-09", "2025"


def r1(x, places="0.1"):
    return float(Decimal(str(x)).quantize(Decimal(places), ROUND_HALF_UP))


def pct(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100)


def gr(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100 - 100)


# --- A01 monthly report, indicators down
s = Sheet("9月")
s.merge("A1:I1", "云溪镇2025年9月主要经济指标完成情况月报表")
s.put("A2", "填报单位:云溪镇")
s.put("H2", "填报日期:2025年10月9日")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "指标名称"),
    ("C3:C4", "计量\n单位"),
    ("D3:D4", "全年目标"),
    ("E3:G3", "完成情况"),
    ("H3:H4", "同比增长(%)"),
    ("I3:I4", "完成率(%)"),
):
    s.merge(area, text)
s.row("E4", "本月", "累计", "上年同期累计")
rows = [  # no, label, indicator, parent, measure, target, month, cum, last
    (1, "固定资产投资", None, None, "万元", 86000, 7420, 68350, 61200),
    (None, "其中:工业投资", "工业投资", "固定资产投资", "万元", 42000, 3510, 33600, 29480),
    (2, "规模以上工业总产值", None, None, "万元", 125000, 10860, 96420.5, 90115.3),
    (3, "社会消费品零售总额", None, None, "万元", 38600, 3120.4, 29015.8, 27340.2),
    (4, "一般公共预算收入", None, None, "万元", 5200, 396, 3988, 3870),
    (None, "其中:税收收入", "税收收入", "一般公共预算收入", "万元", 4100, 305, 3102, 3055),
    (5, "新增经营主体", None, None, "户", 320, 24, 268, 251),
    (6, "实际到位内资", None, None, "万元", 30000, 1850, 21400, 22860),
    (7, "城镇新增就业", None, None, "人", 450, 37, 391, 402),
]
ctx, data = [], []
for i, (no, label, ind, par, mea, t, m, c, l) in enumerate(rows):
    s.row(f"A{5 + i}", no, label, mea)
    ctx.append(dict(indicator=ind or label, parent=par, measure=mea))
    data.append([t, m, c, l, gr(c, l), pct(c, t)])
data[1][2] = T("33,600", "33600")
data[6][0] = Q("300~350", "目标是一个区间,取哪个数?")
data[6][5] = None
data[7][1] = Q("约1900", "“约1900”是估计数,准数是多少?")
data[8][1] = T("37", "37")
ctx.append(dict(indicator="优良天数比率", parent=None, measure="%"))
s.row("A14", 8, "优良天数比率", "%")
data.append([90, 100, 93.4, 92.1, T("1.3个百分点", "1.3", measure="百分点"), N("—", "not_applicable")])
cols = [
    dict(role="target", period=YEAR),
    dict(period="2025-09"),
    dict(period=CUM),
    dict(role="last_year", period=LAST),
    dict(role="growth", period=CUM, measure="%"),
    dict(role="attainment", period=CUM, measure="%"),
]
s.grid("D5", ctx, cols, data, unit="云溪镇")
s.put("A15", "注:“—”表示该项不适用。")
s.put("A16", "填表人:向明珍")
s.put("D16", "审核人:覃永康")
s.put("H16", "联系电话:0900-6612345")
save(HERE / "A01云溪镇9月主要经济指标月报表.xlsx", s)

# --- A02 fixed asset investment by town, hidden column, formula totals, growth without a measure
s = Sheet("Sheet1")
s.merge("A1:H1", "青岚县2025年1—9月固定资产投资完成情况统计表")
s.put("H2", "单位:万元")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "乡 镇"),
    ("C3:F3", "固定资产投资"),
    ("G3:H3", "其中:工业投资"),
):
    s.merge(area, text)
s.row("C4", "年度目标", "1—9月完成", "上年同期", "完成率(%)", "1—9月完成", "比上年同期增减")
towns = ["城 关 镇", "云 溪 镇", "白 石 镇", "大 坪 镇", "石 桥 镇", "柳 河 乡", "枫 林 镇", "南 坪 乡"]
vals = [
    (210000, 168400, 151300, 91200, 12.4),
    (86000, 68350, 61200, 33600, 14),
    (74000, 52110, 50860, 27040, 6.5),
    (41500, 30295, 31020, 12800, -4.2),
    (63000, 49770, 44150, 26110, 9.8),
    (18000, 12420, 12990, 3100, -11),
    (52000, 39520, 36400, 17760, 7.1),
    (15500, 11935, 10870, 2405, 3),
]
why = "“比上年同期增减”没有写是百分比还是万元,指哪个?"
data = [[t, c, l, pct(c, t), i, Q(g, why)] for t, c, l, i, g in vals]
tot = [sum(v[k] for v in vals) for k in range(4)]
data.append(
    [
        F("=SUM(C5:C12)", tot[0]),
        F("=SUM(D5:D12)", tot[1]),
        F("=SUM(E5:E12)", tot[2]),
        F("=ROUND(D13/C13*100,1)", pct(tot[1], tot[0])),
        F("=SUM(G5:G12)", tot[3]),
        Q(7.7, why),
    ]
)
data[3][2] = V(31020, fmt="#,##0.00")
data[0][0] = V(210000, fmt="#,##0")
for i, t in enumerate(towns):
    s.row(f"A{5 + i}", i + 1, t)
s.merge("A13:B13", "合 计")
fa, ia = (
    dict(indicator="固定资产投资", measure="万元"),
    dict(indicator="工业投资", parent="固定资产投资", measure="万元"),
)
cols = [
    {**fa, "role": "target", "period": YEAR},
    {**fa, "period": CUM},
    {**fa, "role": "last_year", "period": LAST},
    {**fa, "role": "attainment", "period": CUM, "measure": "%"},
    {**ia, "period": CUM},
    {**ia, "role": "growth", "period": CUM},
]
s.grid("C5", [dict(unit=t.replace(" ", "")) for t in towns] + [dict(unit="合计", total=True)], cols, data)
s.columns_hidden.add(5)
s.put("A14", "填表人:龚 敏")
s.put("E14", "审核人:冉启文")
s.put("G14", "2025年10月11日")
save(HERE / "A02固定资产投资统计表.xlsx", s)

# --- A03 project register, .xls
s = Sheet("重点项目")
s.merge("A1:K1", "白石镇重点项目建设进度表(截至2025年9月30日)")
s.put("J2", "单位:万元")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "项目名称"),
    ("C3:C4", "项目业主"),
    ("D3:D4", "建设性质"),
    ("E3:E4", "总投资"),
    ("F3:H3", "项目投资"),
    ("I3:I4", "开工时间"),
    ("J3:J4", "包抓领导"),
    ("K3:K4", "存在问题"),
):
    s.merge(area, text)
s.row("F4", "2025年计划", "1—9月完成", "完成率(%)")
proj = [
    (
        "白石镇豆制品精深加工园建设项目",
        "青岚豆源食品有限公司",
        "新建",
        18600,
        8000,
        6120,
        "2025年2月",
        "滕立新",
        "用电增容未批复",
    ),
    ("白石镇集镇污水管网改造工程", "白石镇人民政府", "改建", 2350, 1500, 1290, "2025年4月", "田维平", None),
    (
        "龙背湾山塘整治工程",
        "白石镇农业服务中心",
        "改建",
        486.5,
        486.5,
        470,
        "2024年11月",
        "田维平",
        "尾工未完",
    ),
    (
        "白石粮库仓储设施提升项目",
        "青岚粮储有限公司",
        "扩建",
        5200,
        2600,
        1430,
        "2025年5月",
        "滕立新",
        "征地2户未签",
    ),
    ("高标准农田建设项目二期", "县农业农村局", "新建", 3120, 3120, 2496, "2025年3月", "姚丽", None),
    ("红花坪康养民宿项目", "青岚红花旅游公司", "新建", 9800, 4000, 880, "2025年6月", "吴昌盛", "资金不到位"),
    ("白石镇中心小学教学楼", "县教育局", "新建", 1680, 900, 765, "2025年1月", "姚丽", None),
    ("岩鹰坝砂石骨料加工线", "白石建材有限公司", "技改", 4150, 2000, 1500, "2024年9月", "吴昌盛", "环评整改"),
]
data = [[t, p, c, pct(c, p)] for _, _, _, t, p, c, *_ in proj]
data[3][2] = Q("1430/650", "一格两个数,哪一个是1—9月完成?")
data[3][3] = None
data[5][0] = Q("约9800", "“约9800”是估计数,准数是多少?")
data[6][2] = T("765", "765")
data[0][0] = T("18,600", "18600")
for i, (name, owner, kind, _, _, _, start, lead, note) in enumerate(proj):
    s.row(f"A{5 + i}", i + 1, name, owner, kind)
    s.row(f"I{5 + i}", start, lead, note)
pi = dict(indicator="项目投资", measure="万元")
s.grid(
    "E5",
    [dict(record=p[0]) for p in proj],
    [
        dict(indicator="总投资", measure="万元", period="2025-09"),
        {**pi, "role": "target", "period": YEAR},
        {**pi, "period": CUM},
        {**pi, "role": "attainment", "period": CUM, "measure": "%"},
    ],
    data,
    unit="白石镇",
)
s.put("A14", "填报人:杨晓燕    联系电话:13900001234")
s.put("H14", "分管领导审核:滕立新")
save(HERE / "A03白石镇重点项目进度表.xls", s)

# --- A04 GB18030 csv of villages, marks
name = "A04石桥镇人居环境村级上报表"
s = Sheet(name)
s.put("A1", "石桥镇2025年1—9月农村人居环境整治情况统计表")
s.row(
    "A3",
    "序号",
    "行政村",
    "清理生活垃圾(吨)",
    "清理沟渠(公里)",
    "拆除残垣断壁(处)",
    "新改建户用厕所(户)",
    "其中:水冲式厕所(户)",
)
v = ["桥头村", "李家湾村", "新塘村", "高桥村", "梅子坡村", "双井村", "石门坎村", "沙 坝 村"]
un = "没有说明“{}”的意思,是没有发生、未报还是不适用?"
data = [
    [86, 4.5, 7, 32, 30],
    [T("１２０", "120"), 6.2, 3, 41, 41],
    [64, 2.8, 0, 18, 12],
    [T("1,052.5", "1052.5"), 11, 12, N("/", "not_applicable"), N("/", "not_applicable")],
    [73, Q("—", un.format("—")), 5, 26, 20],
    [58, 3.1, Q("无", un.format("无")), 15, 15],
    [47, 1.9, 2, Q("20余", "“20余”不是准数"), None],
    [T("95.0", "95.0"), Q("—", un.format("—")), 4, 22, T("１８", "18")],
]
for i, t in enumerate(v):
    s.row(f"A{4 + i}", i + 1, t)
s.row("A12", "", "合 计")
data.append([1595.5, 29.5, 33, 174, 136])
s.grid(
    "C4",
    [dict(unit=t.replace(" ", "")) for t in v] + [dict(unit="合计", total=True)],
    [
        dict(indicator="清理生活垃圾", measure="吨"),
        dict(indicator="清理沟渠", measure="公里"),
        dict(indicator="拆除残垣断壁", measure="处"),
        dict(indicator="新改建户用厕所", measure="户"),
        dict(indicator="水冲式厕所", parent="新改建户用厕所", measure="户"),
    ],
    data,
    period=CUM,
)
s.put("A13", "说明:1.“/”表示本村无此项任务(不适用);2.“0”表示实际数为零。")
s.put("A14", "填表人:蒲小芹")
s.put("D14", "审核人:严成")
s.put("F14", "联系电话:18800005678")
save(HERE / (name + ".csv"), s)

# --- A05 revenue and expenditure stacked; a hidden sheet without a measure
s = Sheet("收支表")
s.merge("A1:F1", "柳河乡2025年1—9月财政收支情况表")
s.put("F2", "单位:万元")


def block(top, head, lines, total):
    s.row(f"A{top}", head, "年初预算", "1—9月完成", "上年同期", "同比增长(%)", "完成预算(%)")
    ctx, data = [], []
    for i, (label, ind, par, b, c, l) in enumerate(lines):
        s.put(f"A{top + 1 + i}", label)
        ctx.append(dict(indicator=ind, parent=par))
        n = top + 1 + i
        data.append(
            [b, c, l, F(f"=ROUND(C{n}/D{n}*100-100,1)", gr(c, l)), F(f"=ROUND(C{n}/B{n}*100,1)", pct(c, b))]
        )
    mains = [x for x in lines if not x[2]]
    n = top + 1 + len(lines)
    s.put(f"A{n}", total)
    sums = [sum(x[k] for x in mains) for k in (3, 4, 5)]
    plus = lambda col: "=" + "+".join(f"{col}{top + 1 + i}" for i, x in enumerate(lines) if not x[2])
    data.append(
        [
            F(plus("B"), sums[0]),
            F(plus("C"), sums[1]),
            F(plus("D"), sums[2]),
            F(f"=ROUND(C{n}/D{n}*100-100,1)", gr(sums[1], sums[2])),
            F(f"=ROUND(C{n}/B{n}*100,1)", pct(sums[1], sums[0])),
        ]
    )
    ctx.append(dict(indicator=total, total=True))
    s.grid(
        f"B{top + 1}",
        ctx,
        [
            dict(role="target", period=YEAR, measure="万元"),
            dict(period=CUM, measure="万元"),
            dict(role="last_year", period=LAST, measure="万元"),
            dict(role="growth", period=CUM, measure="%"),
            dict(role="attainment", period=CUM, measure="%"),
        ],
        data,
        unit="柳河乡",
    )


block(
    3,
    "收入项目",
    [
        ("一般公共预算收入", "一般公共预算收入", None, 980, 742, 701),
        ("其中:税收收入", "税收收入", "一般公共预算收入", 760, 568, 545),
        ("政府性基金收入", "政府性基金收入", None, 300, 126, 210),
        ("上级补助收入", "上级补助收入", None, 2650, 2014, 1893),
    ],
    "收入合计",
)
block(
    11,
    "支出项目",
    [
        ("一般公共服务支出", "一般公共服务支出", None, 1120, 836, 852),
        ("农林水支出", "农林水支出", None, 1460, 1095, 988),
        ("社会保障和就业支出", "社会保障和就业支出", None, 640, 498, 461),
        ("城乡社区支出", "城乡社区支出", None, 410, 262, 300),
    ],
    "支出合计",
)
s.put("A18", "制表:石 磊")
s.put("D18", "复核:王春兰")
h = Sheet("往年数", hidden=True)
h.put("A1", "柳河乡2024年财政收支情况")
h.row("A2", "项目", "2023年", "2024年")
h.column("A3", "一般公共预算收入", "政府性基金收入", "一般公共服务支出", "农林水支出")
h.grid(
    "B3",
    [dict(indicator=x) for x in ("一般公共预算收入", "政府性基金收入", "一般公共服务支出", "农林水支出")],
    [dict(period="2023"), dict(period="2024")],
    [[861, 925], [240, 283], [1078, 1104], [1290, 1377]],
    unit="柳河乡",
    measure=None,
    ask="表上没有写计量单位,是万元还是元?",
)
save(HERE / "A05柳河乡财政收支表.xlsx", s, h)

# --- A06 agriculture: indicators down, villages across, two sheets
v = ["岩口村", "双河村", "茶园村", "长冲村", "花桥村"]
s = Sheet("粮食")
s.merge("A1:I1", "大坪镇2025年粮食生产情况统计表")
s.row("A3", "序号", "指标", "计量单位", *v, "合计")
lines = [
    ("粮食播种面积", "粮食播种面积", None, "亩", [1850, 2320, 1460, 2075, 1690]),
    ("其中:水稻", "水稻", "粮食播种面积", "亩", [1120, 1510, 640, 1230, 905]),
    ("其中:玉米", "玉米", "粮食播种面积", "亩", [510, 620, 590, 615, 580]),
    ("粮食单产", "粮食单产", None, "公斤/亩", [421.5, 436, 398.2, 429, 410.6]),
    ("粮食总产量", "粮食总产量", None, "公斤", [779775, 1011520, 581372, 890175, 693914]),
]
ctx, data = [], []
for i, (label, ind, par, mea, xs) in enumerate(lines):
    s.row(f"A{4 + i}", i + 1, label, mea)
    ctx.append(dict(indicator=ind, parent=par, measure=mea))
    data.append(xs + [sum(xs) if mea != "公斤/亩" else 421.2])
data[4][2] = Q(581.4, "总产量的计量单位是公斤,581.4像是吨,是不是?")
data[4][5] = 3375965.4
data[0][1] = T("2,320", "2320")
data[2][4] = T("５８０", "580")
s.grid("D4", ctx, [dict(unit=x) for x in v] + [dict(unit="合计", total=True)], data, period=YEAR)
s.put("A10", "填报人:米玉华")
s.put("F10", "填报时间:2025年11月3日")
t = Sheet("畜牧")
t.merge("A1:I1", "大坪镇2025年9月末畜禽存栏情况统计表")
t.row("A3", "序号", "指标", "计量单位", *v, "合计")
lines = [
    ("生猪存栏", "生猪存栏", None, "头", [1260, 1845, 930, 1512, 1104]),
    ("其中:能繁母猪存栏", "能繁母猪存栏", "生猪存栏", "头", [112, 168, 84, 131, 97]),
    ("肉牛存栏", "肉牛存栏", None, "头", [86, 142, 203, 75, 64]),
    ("山羊存栏", "山羊存栏", None, "只", [340, 415, 622, 288, 301]),
    ("家禽存栏", "家禽存栏", None, "羽", [5600, 8200, 4150, 7300, 6080]),
]
ctx, data = [], []
for i, (label, ind, par, mea, xs) in enumerate(lines):
    t.row(f"A{4 + i}", i + 1, label, mea)
    ctx.append(dict(indicator=ind, parent=par, measure=mea))
    data.append(xs + [sum(xs)])
data[3][3] = Q("280-300", "是一个区间,取哪个数?")
data[2][0] = Q(dt.datetime(2025, 8, 6), "这一格被 Excel 变成了日期,原来的数是多少?")
t.grid("D4", ctx, [dict(unit=x) for x in v] + [dict(unit="合计", total=True)], data, period="2025-09")
t.put("A10", "填报人:米玉华")
t.put("F10", "审核人:田家旺")
save(HERE / "A06大坪镇农业生产统计表.xlsx", s, t)

# --- A07 insured persons, three months; the title of September was not changed
v = ["枫林村", "青龙村", "大屋村", "麻园村", "窑上社区"]
base = [(2140, 186, 1320), (1765, 142, 1088), (2380, 201, 1496), (1530, 128, 974), (3052, 97, 1610)]
sheets = []
for k, month in enumerate((7, 8, 9)):
    s = Sheet(f"{month}月")
    s.merge("A1:E1", f"枫林镇2025年{min(month, 8)}月末城乡居民参保情况统计表")
    s.put("E2", "单位:人")
    s.row(
        "A3",
        "序号",
        "村（社区）",
        "城乡居民医保\n参保人数",
        "其中:特殊人群参保人数",
        "城乡居民养老保险参保人数",
    )
    data = [[a + 6 * k, b + k, c + 3 * k] for a, b, c in base]
    data.append([sum(x[i] for x in data) for i in range(3)])
    for i, t_ in enumerate(v):
        s.row(f"A{4 + i}", i + 1, t_)
    s.row("A9", None, "合计")
    ask = dict(ask="标题写8月末,工作表名是9月,数字是哪个月的?") if month == 9 else {}
    s.grid(
        "C4",
        [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
        [
            dict(indicator="城乡居民医保参保人数"),
            dict(indicator="特殊人群参保人数", parent="城乡居民医保参保人数"),
            dict(indicator="城乡居民养老保险参保人数"),
        ],
        data,
        measure="人",
        period=f"2025-{month:02}",
        **ask,
    )
    s.put("A10", "经办人:卢桂香")
    s.put("D10", "负责人:彭大勇")
    sheets.append(s)
save(HERE / "A07枫林镇参保情况.xls", *sheets)

# --- A08 leads register in an .et
s = Sheet("线索")
s.merge("A1:J1", "城关镇招商引资线索表(截至2025年9月30日)")
s.row(
    "A2",
    "序号",
    "线索名称",
    "投资方",
    "投资总额\n(亿元)",
    "用地面积(亩)",
    "带动就业(人)",
    "年产值",
    "联系人",
    "联系电话",
    "跟进情况",
)
leads = [
    ("智能电表外壳注塑项目", "启衡电子公司", 1.2, 35, 120, 9000, "罗启", 13900010001, "已考察"),
    ("预制菜中央厨房项目", "味满堂食品公司", 0.85, 28, 90, 6500, "谭芬", 13900010002, "洽谈合同"),
    (
        "竹木家居生产线",
        "绿筠家居公司",
        Q("1-1.5", "投资总额是区间,取哪个数?"),
        60,
        200,
        12000,
        "何林",
        13900010003,
        "首次对接",
    ),
    (
        "冷链物流配送中心",
        "顺远物流公司",
        2.3,
        Q("约80", "“约80”是估计数"),
        150,
        7800,
        "杜强",
        13900010004,
        "选址中",
    ),
    ("光伏支架加工项目", "日升支架公司", 0.6, 20, 65, 5200, "毛军", 13900010005, "已签框架协议"),
    ("茶旅融合综合体", "云岭文旅公司", 3, None, 180, 4000, "石英", 13900010006, "用地待定"),
]
why = "“年产值”没有写计量单位"
for i, x in enumerate(leads):
    s.row(f"A{3 + i}", i + 1, x[0], x[1])
    s.row(f"H{3 + i}", x[6], x[7], x[8])
s.grid(
    "D3",
    [dict(record=x[0]) for x in leads],
    [
        dict(indicator="投资总额", measure="亿元"),
        dict(indicator="用地面积", measure="亩"),
        dict(indicator="带动就业", measure="人"),
        dict(indicator="年产值", measure=None, ask=why),
    ],
    [list(x[2:6]) for x in leads],
    unit="城关镇",
    period="2025-09",
)
s.put("A9", "填表人:庄晓梅")
s.put("F9", "审核人:汤海")
save(HERE / "A08城关镇招商线索表.et", s)

# --- A09 months across
s = Sheet("信访")
s.merge("A1:L1", "南坪乡2025年1—9月各村信访件数统计表")
s.put("L2", "单位:件")
s.row("A3", "序号", "村名", *[f"{m}月" for m in range(1, 10)], "1—9月累计")
v = ["坪上村", "龙潭村", "马鞍村", "桐木村", "太平村"]
d = [
    [2, 1, 3, 0, 2, 1, 4, 2, 1],
    [0, 0, 1, 1, 0, 2, 0, 1, 0],
    [3, 2, 2, 4, 1, 0, 3, 1, 2],
    [1, None, 0, 2, 1, 1, 0, 0, 1],
    [0, 1, 0, 0, 0, 1, 1, 0, 0],
]
tot = [sum(r[m] or 0 for r in d) for m in range(9)]
data = [r + [sum(x or 0 for x in r)] for r in d] + [tot + [sum(tot)]]
data[1][4] = Q("/", un.format("/"))
data[3][6] = Q("/", un.format("/"))
data[4][3] = Q("—", un.format("—"))
data[4][7] = Q("—", un.format("—"))
for i, t_ in enumerate(v):
    s.row(f"A{4 + i}", i + 1, t_)
s.row("A9", None, "合计")
s.grid(
    "C4",
    [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
    [dict(period=f"2025-{m:02}") for m in range(1, 10)] + [dict(period=CUM)],
    data,
    indicator="信访件数",
    measure="件",
)
s.rows_hidden.add(7)
s.put("A10", "填报人:伍建国")
s.put("I10", "联系电话:0900-6671001")
save(HERE / "A09南坪乡信访件数统计表.xlsx", s)

# --- A10 targets broken down to villages
v = ["东山村", "西河村", "柏树村", "竹园村", "新屋村"]
s = Sheet("任务分解")
s.merge("A1:K1", "云溪镇2025年目标任务分解表")
for area, text in (
    ("A2:A3", "序号"),
    ("B2:B3", "指标名称"),
    ("C2:C3", "计量单位"),
    ("D2:D3", "责任领导"),
    ("E2:E3", "责任办公室"),
    ("F2:J2", "分解到村目标任务"),
    ("K2:K3", "合计"),
):
    s.merge(area, text)
s.row("F3", *v)
lines = [
    ("1.村集体经济收入", "村集体经济收入", "万元", "向东", "农业农村办公室", [32, 28.5, 40, 25, 30]),
    ("2.粮食播种面积", "粮食播种面积", "亩", "向东", "农业农村办公室", [1260, 980, 1530, 870, 1105]),
    ("3.新发展油茶", "新发展油茶", "亩", "向东", "农业农村办公室", [150, 80, 200, 60, 110]),
    ("4.户厕改造", "户厕改造", "户", "覃芳", "村镇建设办公室", [24, 18, 30, 15, 20]),
    ("5.农村劳动力转移就业", "农村劳动力转移就业", "人", "米强", "社会事务办公室", [620, 515, 740, 430, 566]),
    ("6.秸秆综合利用率", "秸秆综合利用率", "%", "向东", "农业农村办公室", [91, 91, 91, 91, 91]),
]
ctx, data = [], []
for i, (label, ind, mea, lead, office, xs) in enumerate(lines):
    s.row(f"A{4 + i}", i + 1, label, mea, lead, office)
    ctx.append(dict(indicator=ind, measure=mea))
    data.append(xs + [sum(xs) if mea != "%" else None])
data[2][3] = Q("60-80", "目标是区间,取哪个数?")
data[4][1] = Q("增长5%", "计量单位是人,这一格写的是增长率,目标是多少人?")
data[0][2] = V(40, fmt="0.00")
data[5][2] = T("91%", "91")
data[5][3] = P(0.91, "0%")
s.grid(
    "F4", ctx, [dict(unit=x) for x in v] + [dict(unit="合计", total=True)], data, role="target", period=YEAR
)
s.put("A10", "说明:任务数由镇党政综合办公室负责解释。")
save(HERE / "A10云溪镇2025年目标任务分解表.xlsx", s)
