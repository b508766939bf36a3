# ruff: noqa
"""Batch c: ten workbooks of invented towns of 临溪县."""

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from blind6_kit import F, N, P, Q, Sheet, T, V, save  # noqa

HERE = Path(__file__).parent / "blind6"


def r1(x, places="0.1"):
    return float(Decimal(str(x)).quantize(Decimal(places), ROUND_HALF_UP))


def pct(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100)


def gr(a, b):
    return r1(Decimal(str(a)) / Decimal(str(b)) * 100 - 100)


# --- C01 towns down, total first, a header row of measures
s = Sheet("上半年")
s.merge("A1:H1", "临溪县2025年上半年分乡镇主要经济指标")
for area, text in (
    ("A3:A5", "序号"),
    ("B3:B5", "乡 镇"),
    ("C3:D3", "固定资产投资"),
    ("E3:F3", "社会消费品零售总额"),
    ("G3:H3", "规模以上工业总产值"),
):
    s.merge(area, text)
s.row("C4", *["1—6月累计", "同比增长"] * 3)
s.row("C5", *["万元", "%"] * 3)
towns = ["江 口 镇", "黄 泥 镇", "沙 河 镇", "文 昌 镇", "麻 柳 镇", "龙 头 乡", "半 山 乡"]
d = [
    (45200, 8.1, 21030.5, 6.2, 68400, 7.5),
    (31050, 5.4, 14820, 5.8, 40120, 6.1),
    (28700, -2.3, 12655.2, 4.9, 35500, 3.8),
    (52610, 9.6, 26440.8, 7.1, 81260, 8.8),
    (19400, 3.2, 9180, 5.1, 16050, 2.7),
    (7350, -6.5, 3215.6, 3.4, 0, None),
    (6100, 1.1, 2890.4, 2.9, 0, None),
]
tot = [r1(sum(Decimal(str(x[k])) for x in d)) for k in (0, 2, 4)]
data = [[tot[0], 4.9, tot[1], 5.9, tot[2], 6.4]] + [list(x) for x in d]
data[1][0] = V(45200, fmt="#,##0")
data[2][0] = T("31,050", "31050")
data[3][2] = T("１２６５５.２", "12655.2")
data[4][1] = T("9.6%", "9.6")
data[5][3] = P(0.051)
data[5][4] = Q("16050/17200", "一格两个数,取哪个?")
s.merge("A6:B6", "合  计")
for i, x in enumerate(towns):
    s.row(f"A{7 + i}", i + 1, x)
cols = []
for ind in ("固定资产投资", "社会消费品零售总额", "规模以上工业总产值"):
    cols += [dict(indicator=ind, measure="万元"), dict(indicator=ind, measure="%", role="growth")]
s.grid(
    "C6",
    [dict(unit="合计", total=True)] + [dict(unit=x.replace(" ", "")) for x in towns],
    cols,
    data,
    period="2025-01/2025-06",
)
s.put("A14", "注:“0”为实际数为零。")
s.put("A15", "制表:栾小梅")
s.put("F15", "2025年7月18日")
save(HERE / "C01临溪县上半年分乡镇主要经济指标.xlsx", s)

# --- C02 targets of the year beside last year; a second sheet whose measure is contradicted
s = Sheet("目标")
s.merge("A1:F1", "黄泥镇2025年主要指标目标任务表")
s.row("A2", "序号", "指标名称", "计量单位", "2024年实绩", "2025年目标", "责任领导")
lines = [
    ("一", "固定资产投资", "固定资产投资", None, "万元", 58600, 64000),
    (None, "其中:工业投资", "工业投资", "固定资产投资", "万元", 27300, 31000),
    (None, "　　　基础设施投资", "基础设施投资", "固定资产投资", "万元", 15200, 16500),
    ("二", "一般公共预算收入", "一般公共预算收入", None, "万元", 2860, 3030),
    ("三", "粮食总产量", "粮食总产量", None, "吨", 8650.4, 8700),
    ("四", "新增高标准农田", "新增高标准农田", None, "亩", 2100, 1800),
    ("五", "城乡居民医保参保率", "城乡居民医保参保率", None, "%", 96.2, 97),
    ("六", "新增就业", "新增就业", None, "人", 410, 430),
    ("七", "实际到位内资", "实际到位内资", None, "亿元", 1.86, 2.1),
]
leads = ["崔卫东", "", "", "崔卫东", "叶青", "叶青", "邹敏", "邹敏", "钟立"]
ctx, data = [], []
for i, (no, label, ind, par, mea, l, t) in enumerate(lines):
    s.row(f"A{3 + i}", no, label, mea)
    s.put(f"F{3 + i}", leads[i]) if leads[i] else None
    ctx.append(dict(indicator=ind, parent=par, measure=mea))
    data.append([l, t])
data[6][0] = P(0.962)
data[6][1] = T("97%", "97")
data[4][0] = T("8,650.4", "8650.4")
data[5][1] = Q("1800-2000", "目标是区间,取哪个数?")
s.grid(
    "D3",
    ctx,
    [dict(role="last_year", period="2024"), dict(role="target", period="2025")],
    data,
    unit="黄泥镇",
)
s.put("A12", "分送:各村(社区)、镇直各单位。")
t = Sheet("专项资金")
t.merge("A1:D1", "黄泥镇2025年1—9月专项资金支出情况表")
t.put("D2", "单位:万元")
t.row("A3", "序号", "村名", "到账资金", "支出资金")
v = ["黄泥村", "柑子村", "板桥村", "关口村", "瓦窑村", "石板村"]
money = [
    [486000, 392500],
    [312000, 300400],
    [275500, 198000],
    [420000, 365800],
    [188000, 188000],
    [96500, 51200],
]
t.grid(
    "C4",
    [dict(unit=x) for x in v],
    [dict(indicator="到账资金"), dict(indicator="支出资金")],
    money,
    period="2025-01/2025-09",
    measure=None,
    ask="表头写单位:万元,表下的注说以元为单位,以哪个为准?",
)
for i, x in enumerate(v):
    t.row(f"A{4 + i}", i + 1, x)
t.put("A10", "注:本表金额以元为单位。")
t.put("A11", "填表人:金梅")
t.put("C11", "审核人:傅强")
save(HERE / "C02黄泥镇目标任务表.xlsx", s, t)

# --- C03 three months stacked on one sheet, .xls
s = Sheet("巡查")
s.merge("A1:E1", "沙河镇2025年河湖及环保巡查情况统计表")
v = ["沙河村", "鹭洲村", "回龙村", "青杠村"]
blocks = {
    7: [[12, 5, 5], [10, 3, 3], [9, 4, 3], [11, 2, 2]],
    8: [[13, 4, 4], [10, 0, 0], [8, 3, 3], [12, 5, 4]],
    9: [[11, 3, 3], [12, 2, 2], [10, 4, 4], [9, 1, 1]],
}
top = 2
for m, d in blocks.items():
    s.put(f"A{top}", f"{'一二三'[m - 7]}、2025年{m}月")
    s.row(f"A{top + 1}", "序号", "村名", "巡查次数(次)", "发现问题(个)", "完成整改(个)")
    for i, x in enumerate(v):
        s.row(f"A{top + 2 + i}", i + 1, x)
    s.put(f"B{top + 6}", "合计")
    data = [list(r) for r in d] + [[sum(r[k] for r in d) for k in range(3)]]
    if m == 8:
        data[1][1], data[1][2] = Q("-", "没有说明“-”是零还是未报"), Q("-", "没有说明“-”是零还是未报")
    if m == 9:
        data[2][0] = T("10次", "10")
        data[3][0] = Q("9余", "“9余”不是准数")
        data[0][2] = T("３", "3")
    s.grid(
        f"C{top + 2}",
        [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
        [
            dict(indicator="巡查次数", measure="次"),
            dict(indicator="发现问题", measure="个"),
            dict(indicator="完成整改", measure="个"),
        ],
        data,
        period=f"2025-{m:02}",
    )
    top += 8
s.put(f"A{top}", "填报人:蓝天明")
s.put(f"D{top}", "审核人:段河")
save(HERE / "C03沙河镇环保巡查统计表.xls", s)

# --- C04 register away from the corner, .et
s = Sheet("项目进度")
s.merge("B2:I2", "文昌镇2025年1—10月衔接资金项目进度表")
s.row(
    "B4",
    "序号",
    "项目名称",
    "所属村",
    "下达资金\n(万元)",
    "支付资金\n(万元)",
    "吸纳务工(人次)",
    "完工时间",
    "项目负责人",
)
proj = [
    ("蜜柚产业基地灌溉设施", "桂花村", 85, 62.5, 143, "2025.09", "萧峰"),
    ("桂花村通组路硬化", "桂花村", 46.8, 46.8, 88, "2025.06", "萧峰"),
    ("肉牛养殖圈舍扩建", "双柏村", 60, 38, 57, "在建", "简平"),
    ("安全饮水管网改造", "石梯村", 52.5, 41.3, 210, "2025.08", "尚荣"),
    ("烤烟房升级改造", "石梯村", 33, 29.7, 36, "2025.07", "尚荣"),
    ("食用菌大棚", "五星村", 75, 0, 64, "未开工", "阎静"),
    ("冷库及分拣中心", "五星村", 120, 96, 152, "在建", "阎静"),
    ("产业道路错车道", "罗坝村", 18.6, 18.6, 45, "2025.05", "聂华"),
    ("太阳能路灯安装", "罗坝村", 22, 15.4, 130, "2025.10", "聂华"),
]
data = [list(x[2:5]) for x in proj]
data[2][1] = Q("38/45", "一格两个数,取哪个?")
data[6][2] = Q("约150", "“约150”不是准数")
data[3][0] = T("52.50", "52.50")
data[7][2] = T("45人次", "45")
data[6][0] = V(120, fmt="0.00")
data[5][2] = None
for i, x in enumerate(proj):
    s.row(f"B{5 + i}", i + 1, x[0], x[1])
    s.row(f"H{5 + i}", x[5], x[6])
s.grid(
    "E5",
    [dict(unit=x[1], record=x[0]) for x in proj],
    [
        dict(indicator="下达资金", measure="万元"),
        dict(indicator="支付资金", measure="万元"),
        dict(indicator="吸纳务工", measure="人次"),
    ],
    data,
    period="2025-01/2025-10",
)
s.put("B15", "制表人:倪小云")
s.put("F15", "联系电话:0902-5558866")
save(HERE / "C04文昌镇衔接资金项目进度表.et", s)

# --- C05 stocks of villages at the end of October, a hidden row
s = Sheet("监测对象")
s.merge("A1:F1", "半山乡2025年10月底防返贫监测对象情况统计表")
s.row(
    "A3",
    "序号",
    "村",
    "监测对象户数(户)",
    "监测对象人数(人)",
    "其中:已消除风险人数(人)",
    "脱贫人口务工人数(人)",
)
v = ["上寨村", "下寨村", "云顶村", "岩脚村", "杉树坪村", "梨园村", "水碾村"]
data = [
    [12, 41, 30, 186],
    [9, 33, 25, 142],
    [15, 52, 38, 203],
    [7, 24, 24, 97],
    [0, 0, 0, 85],
    [11, 36, 21, 164],
    [6, 19, 12, 88],
]
tot = [sum(r[k] for r in data) for k in range(4)]
data.append([tot[0], V(tot[1] + 2, warning="合计207,各村相加是205"), tot[2], tot[3]])
data[3][3] = Q("-", "没有说明“-”是零还是未报")
data[6][2] = Q("-", "没有说明“-”是零还是未报")
data[1][3] = Q("142?", "数后有问号,是否准数?")
data[2][3] = T("203 ", "203")
data[5][1] = T("３６", "36")
for i, x in enumerate(v):
    s.row(f"A{4 + i}", i + 1, x)
s.put("B11", "合 计")
s.grid(
    "C4",
    [dict(unit=x) for x in v] + [dict(unit="合计", total=True)],
    [
        dict(indicator="监测对象户数", measure="户"),
        dict(indicator="监测对象人数", measure="人"),
        dict(indicator="已消除风险人数", parent="监测对象人数", measure="人"),
        dict(indicator="脱贫人口务工人数", measure="人"),
    ],
    data,
    period="2025-10",
)
s.rows_hidden.add(7)
s.put("A12", "注:“0”为核实后的零。")
s.put("A13", "填报人:龚月")
s.put("E13", "分管领导:穆长林")
save(HERE / "C05半山乡防返贫监测对象统计表.xls", s)

# --- C06 lines and offices, csv
name = "C06江口镇部门分线月报"
s = Sheet(name)
s.put("A1", "江口镇2025年10月各线重点工作月报")
s.row("A2", "序号", "条线", "填报单位", "指标", "计量单位", "10月完成", "1—10月累计", "年度任务")
lines = [
    ("党建", "党建工作办公室", "发展党员", "名", 2, 17, 20),
    ("党建", "党建工作办公室", "开展主题党日", "次", 6, 58, 72),
    ("平安建设", "平安法治办公室", "调解矛盾纠纷", "件", 14, 132, None),
    ("平安建设", "平安法治办公室", "开展普法宣传", "", 3, 27, 30),
    ("经济发展", "经济发展办公室", "新增市场主体", "户", 21, 236, 260),
    ("经济发展", "经济发展办公室", "完成技改投资", "万元", 1150, 9820.5, 12000),
    ("民生", "社会事务办公室", "发放高龄补贴", "元", 41600, 408200, None),
    ("民生", "社会事务办公室", "慰问困难群众", "户", 35, 287, 300),
    ("生态", "生态环境办公室", "整治小散乱污企业", "家", 1, 9, 10),
    ("生态", "生态环境办公室", "植树造林", "", 40, 620, 800),
    ("应急", "应急管理办公室", "整改安全隐患", "处", 12, 118, None),
]
ctx, data = [], []
for i, (line, office, ind, mea, m, c, t) in enumerate(lines):
    s.row(f"A{3 + i}", i + 1, line, office, ind, mea or None)
    ctx.append(
        dict(
            unit=office,
            indicator=ind,
            measure=mea or None,
            **({} if mea else dict(ask="这一行没有写计量单位")),
        )
    )
    data.append([m, c, t])
data[5][1] = T("9,820.5", "9820.5")
data[6][0] = T("41,600元", "41600")
data[7][0] = T("３５", "35")
data[10][0] = Q("12+3", "一格两个数相加,3 是什么?")
s.grid(
    "F3",
    ctx,
    [dict(period="2025-10"), dict(period="2025-01/2025-10"), dict(role="target", period="2025")],
    data,
)
s.put("A15", "汇总:党政综合办公室")
s.put("E15", "审核人:庞越")
save(HERE / (name + ".csv"), s)

# --- C07 months across, several indicators, one a stock
s = Sheet("畜牧业")
s.merge("A1:J1", "江口镇2025年上半年各月畜牧业生产情况表")
s.row("A3", "序号", "指标", "计量单位", *[f"{m}月" for m in range(1, 7)], "1—6月累计")
lines = [
    ("生猪出栏", "生猪出栏", None, "头", [1420, 1180, 1260, 1310, 1355, 1390]),
    ("其中:规模场出栏", "规模场出栏", "生猪出栏", "头", [860, 700, 755, 790, 812, 845]),
    ("生猪存栏", "生猪存栏", None, "头", [8650, 8710, 8590, 8630, 8705, 8820]),
    ("肉牛出栏", "肉牛出栏", None, "头", [64, 41, 38, 45, 52, 57]),
    ("家禽出栏", "家禽出栏", None, "羽", [12500, 9800, 10400, 11200, 11650, 12100]),
    ("禽蛋产量", "禽蛋产量", None, "公斤", [18600.5, 17250, 18100, 18420, 18900, 19150]),
]
ctx, data = [], []
for i, (label, ind, par, mea, xs) in enumerate(lines):
    s.row(f"A{4 + i}", i + 1, label, mea)
    ctx.append(dict(indicator=ind, parent=par, measure=mea))
    data.append(
        xs
        + [None if ind == "生猪存栏" else F(f"=SUM(D{4 + i}:I{4 + i})", sum(xs)) if i in (0, 4) else sum(xs)]
    )
data[1][2] = T("755", "755")
data[3][1] = Q("41*", "数后有星号,表上没有说明")
data[5][3] = Q("18420/18240", "一格两个数,取哪个?")
data[5][6] = 110420.5
s.grid(
    "D4",
    ctx,
    [dict(period=f"2025-{m:02}") for m in range(1, 7)] + [dict(period="2025-01/2025-06")],
    data,
    unit="江口镇",
)
s.columns_hidden.add(6)
s.put("A11", "填表人:尤佳")
s.put("F11", "审核人:牛得草")
s.put("I11", "2025年7月5日")
save(HERE / "C07江口镇畜牧业生产情况表.xlsx", s)

# --- C08 industry of the county: one measure line for money and rates; a hidden sheet of firms
s = Sheet("运行")
s.merge("A1:G1", "临溪县2025年10月工业经济运行情况月报")
s.put("G2", "单位:亿元、%")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "指标"),
    ("C3:D3", "10月"),
    ("E3:F3", "1—10月"),
    ("G3:G4", "年度目标"),
):
    s.merge(area, text)
s.row("C4", "完成", "同比增长(%)", "完成", "同比增长(%)")
lines = [
    ("规模以上工业总产值", "规模以上工业总产值", None, 8.42, 6.3, 79.15, 7.4, 98),
    ("其中:食品制造业", "食品制造业", "规模以上工业总产值", 2.61, 8.8, 24.3, 9.1, 30),
    ("工业投资", "工业投资", None, 1.36, -3.5, 12.84, 4.2, 16.5),
    ("其中:技术改造投资", "技术改造投资", "工业投资", 0.52, 11.2, 4.97, 12.6, 6),
    ("工业税收", "工业税收", None, 0.184, 2.1, 1.905, 3.3, 2.3),
    ("规模以上工业利润总额", "规模以上工业利润总额", None, 0.26, 5.5, 2.41, 5.9, None),
]
ctx, data = [], []
for i, (label, ind, par, *xs) in enumerate(lines):
    s.row(f"A{5 + i}", i + 1, label)
    ctx.append(dict(indicator=ind, parent=par))
    data.append(xs)
data[0][1] = P(0.063)
data[0][3] = P(0.074)
data[2][1] = T("－3.5", "-3.5")
data[3][2] = T("4.97亿元", "4.97")
data[4][4] = Q("2.3-2.4", "目标是区间,取哪个数?")
s.grid(
    "C5",
    ctx,
    [
        dict(period="2025-10", measure="亿元"),
        dict(period="2025-10", role="growth", measure="%"),
        dict(period="2025-01/2025-10", measure="亿元"),
        dict(period="2025-01/2025-10", role="growth", measure="%"),
        dict(period="2025", role="target", measure="亿元"),
    ],
    data,
    unit="临溪县",
)
s.put("A11", "制表人:贝佳")
s.put("E11", "审核人:盛世安")
h = Sheet("企业产值", hidden=True)
h.merge("A1:D1", "临溪县2025年1—10月重点企业产值表")
h.row("A2", "序号", "企业名称", "所在乡镇", "产值(万元)", "用工人数(人)")
firms = [
    ("江口纸业公司", "江口镇", 9620, 215),
    ("文昌电缆公司", "文昌镇", 15800, 342),
    ("麻柳果汁公司", "麻柳镇", 4310, 96),
    ("沙河农机公司", "沙河镇", 2755, 71),
]
hd = [list(x[2:]) for x in firms]
hd[2][0] = Q("4310(预计)", "是预计数,实际数是多少?")
h.grid(
    "D3",
    [dict(unit=x[1], record=x[0]) for x in firms],
    [
        dict(indicator="产值", measure="万元", period="2025-01/2025-10"),
        dict(indicator="用工人数", measure="人", period="2025-10"),
    ],
    hd,
)
for i, x in enumerate(firms):
    h.row(f"A{3 + i}", i + 1, x[0], x[1])
save(HERE / "C08临溪县工业经济运行月报.xlsx", s, h)

# --- C09 targets of a town by cumulative quarter
s = Sheet("进度目标")
s.merge("A1:H1", "麻柳镇2025年主要指标分季度目标任务分解表")
for area, text in (
    ("A2:A3", "序号"),
    ("B2:B3", "指标名称"),
    ("C2:C3", "计量单位"),
    ("D2:G2", "目标任务(累计)"),
    ("H2:H3", "责任单位"),
):
    s.merge(area, text)
s.row("D3", "一季度", "上半年", "前三季度", "全年")
lines = [
    ("固定资产投资", None, None, "万元", [8500, 21000, 32500, 42000], "经济发展办公室"),
    ("其中:工业投资", "工业投资", "固定资产投资", "万元", [3600, 9200, 14300, 18500], "经济发展办公室"),
    ("社会消费品零售总额", None, None, "万元", [5100, 10400, 15900, 21800], "经济发展办公室"),
    ("一般公共预算收入", None, None, "万元", [420, 880, 1310, 1760], "财政所"),
    ("城镇新增就业", None, None, "人", [60, 130, 195, 260], "社会事务办公室"),
    ("农村改厕", None, None, "户", [10, 45, 80, 100], "村镇建设办公室"),
    ("植树造林", None, None, "亩", [300, 450, 450, 500], "林业站"),
]
ctx, data = [], []
for i, (label, ind, par, mea, xs, office) in enumerate(lines):
    s.row(f"A{4 + i}", i + 1, label, mea)
    s.put(f"H{4 + i}", office)
    ctx.append(dict(indicator=ind or label, parent=par, measure=mea))
    data.append(list(xs))
data[5][1] = Q("40-45", "目标是区间,取哪个数?")
data[3][0] = Q("420/435", "一格两个数,取哪个?")
data[2][3] = T("21,800", "21800")
data[6][2] = T("４５０", "450")
s.grid(
    "D4",
    ctx,
    [
        dict(period="2025-01/2025-03"),
        dict(period="2025-01/2025-06"),
        dict(period="2025-01/2025-09"),
        dict(period="2025"),
    ],
    data,
    role="target",
    unit="麻柳镇",
)
s.put("A11", "说明:各季度目标为当年累计数。")
save(HERE / "C09麻柳镇分季度目标分解表.xlsx", s)

# --- C10 villages: a name twice, a name missing, a target shared by two villages
s = Sheet("完成情况")
s.merge("A1:F1", "龙头乡2025年1—10月农村公路养护完成情况统计表")
for area, text in (
    ("A3:A4", "序号"),
    ("B3:B4", "村名"),
    ("C3:D3", "养护里程(公里)"),
    ("E3:E4", "投入资金(万元)"),
    ("F3:F4", "投工投劳(人次)"),
):
    s.merge(area, text)
s.row("C4", "年度任务", "1—10月完成")
v = ["龙头村", "龙尾村", "东风村", "红光村", None, "大田村", "东风村", "小田村", "高坎村", "茶亭村"]
d = [
    [12, 10.5, 8.6, 210],
    [9.5, 8, 6.2, 165],
    [7, 6.1, 4.5, 120],
    [11, 9.2, 7.8, 188],
    [6, 5.5, 4, 96],
    [8.4, 7, 5.1, 134],
    [5, 4.2, 3.3, 75],
    [10, 8.8, 6.9, 176],
    [13, None, 5.6, 140],
    [None, 6.6, 4.8, 118],
]
data = [list(r) for r in d]
ctx = []
for i, x in enumerate(v):
    s.row(f"A{5 + i}", i + 1, x)
    ask = (
        "村名空白,是哪个村?"
        if x is None
        else "东风村出现两次,数不同,是否有一行写错了村名?"
        if x == "东风村"
        else None
    )
    ctx.append(dict(unit=x, **(dict(ask=ask) if ask else {})))
data[8][0] = Q(13, "13公里是高坎村和茶亭村合并的一格,怎样分?")
data[8][1] = 5.9
data[1][3] = T("165人次", "165")
data[7][1] = T("８.８", "8.8")
s.merges.append((13, 3, 14, 3))
s.put("B15", "合计")
ctx.append(dict(unit="合计", total=True))
col = lambda k: r1(sum(Decimal(str(r[k])) for r in d if r[k] is not None) + (Decimal("5.9") if k == 1 else 0))
data.append([81.9, col(1), col(2), int(col(3))])
assert col(0) == 81.9, col(0)
s.grid(
    "C5",
    ctx,
    [
        dict(indicator="养护里程", measure="公里", role="target", period="2025"),
        dict(indicator="养护里程", measure="公里"),
        dict(indicator="投入资金", measure="万元"),
        dict(indicator="投工投劳", measure="人次"),
    ],
    data,
    period="2025-01/2025-10",
)
s.put("A16", "填报人:边疆")
s.put("D16", "审核人:阳春")
save(HERE / "C10龙头乡农村公路养护统计表.xlsx", s)
