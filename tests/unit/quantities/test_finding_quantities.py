"""Figures in running text: what is found, what it stands for, what is left alone."""

from decimal import Decimal
from fractions import Fraction

import pytest

import kaohe.quantities
from kaohe.quantities import find_quantities
from kaohe.quantities.intervals import total

Found = list[tuple[str, str, str, str]]

FIGURES: list[tuple[str, Found]] = [
    ("实现产值6.25亿元,增长41%", [("6.25亿元", "6.25", "亿元", ""), ("41%", "41", "%", "")]),
    ("上升了13个百分点", [("13个百分点", "13", "百分点", "")]),
    ("达到9个亿", [("9个亿", "9", "亿元", "")]),
    ("净增1亿以上,达到5.3亿", [("1亿", "1", "亿元", "≥"), ("5.3亿", "5.3", "亿元", "")]),
    ("投入10万多元", [("10万多元", "10", "万元", "多")]),
    ("100余万元和70余万元", [("100余万元", "100", "万元", "余"), ("70余万元", "70", "万元", "余")]),
    ("补助50元/月", [("50元/月", "50", "元/月", "")]),
    ("翻一番,翻两番,翻了一番", [("一番", "1", "番", ""), ("两番", "2", "番", ""), ("一番", "1", "番", "")]),
    ("增长1.2倍,增长一倍", [("1.2倍", "1.2", "倍", ""), ("一倍", "1", "倍", "")]),
    ("两成农户,三成半", [("两成", "2", "成", ""), ("三成半", "3.5", "成", "")]),
    ("百分之二十五,千分之三", [("百分之二十五", "25", "%", ""), ("千分之三", "3", "‰", "")]),
    ("收入1 234.5 万元", [("1 234.5 万元", "1234.5", "万元", "")]),
    ("增长1 2.5%", [("1 2.5%", "12.5", "%", "")]),
    ("提高5个百\n分点", [("5个百\n分点", "5", "百分点", "")]),
    ("投资12.5\n亿元", [("12.5\n亿元", "12.5", "亿元", "")]),
    ("占３５％,１２,３４５.６万元", [("３５％", "35", "%", ""),
    ("１２,３４５.６万元", "12345.6", "万元", "")]),
    ("九万四千元,一亿五千万元", [("九万四千元", "94000", "元", ""), ("一亿五千万元", "15000", "万元", "")]),
    ("3亿5千万元", [("3亿5千万元", "35000", "万元", "")]),
    ("增长-3.2%,负四十五亿美元", [("-3.2%", "-3.2", "%", ""), ("负四十五亿美元", "-45", "亿美元", "")]),
    ("¥12,000,$5亿", [("¥12,000", "12000", "元", ""), ("$5亿", "5", "亿美元", "")]),
    ("三元五角", [("三元五角", "3.5", "元", "")]),
    ("5万千瓦,1.2万千瓦时,三百五十千瓦", [
        ("5万千瓦", "5", "万千瓦", ""), ("1.2万千瓦时", "1.2", "万千瓦时", ""),
        ("三百五十千瓦", "350", "千瓦", "")]),
    ("过亿元的项目4个,2000万元以上", [
        ("亿元", "1", "亿元", "超"), ("4个", "4", "个", ""), ("2000万元", "2000", "万元", "≥")]),
    ("约50万元,近60%,不超过5%,不少于3亩", [
        ("50万元", "50", "万元", "约"), ("60%", "60", "%", "近"), ("5%", "5", "%", "≤"),
        ("3亩", "3", "亩", "≥")]),
    ("预计全年收入2150万元,3万吨左右", [("2150万元", "2150", "万元", "预计"), ("3万吨", "3", "万吨", "约")]),
    ("三家企业、两个乡镇、十件实事", [("三家", "3", "家", ""), ("两个", "2", "个", ""),
    ("十件", "10", "件", "")]),
    ("十几家,二十多个村", [("十几家", "10", "家", "几"), ("二十多个", "20", "个", "多")]),
    ("从5%提高到8%", [("5%", "5", "%", ""), ("8%", "8", "%", "")]),
    ("分别回落2.16和1.66个百分点", [("2.16", "2.16", "百分点", ""), ("1.66个百分点", "1.66", "百分点", "")]),
    ("人口52.3万,资金800万", [("52.3万", "52.3", "万人", ""), ("800万", "800", "万元", "")]),
    ("提高5个多百分点", [("5个多百分点", "5", "百分点", "多")]),
    ("回落半个百分点", [("半个百分点", "0.5", "百分点", "")]),
    ("增长一倍多,5千克,五万千瓦", [
        ("一倍", "1", "倍", "多"), ("5千克", "5", "千克", ""),
        ("五万千瓦", "5", "万千瓦", "")]),
    ("65.7 % / 1季度,0.5吨标准煤/万元", [("65.7 %", "65.7", "%", ""),
        ("0.5吨标准煤/万元", "0.5", "吨标准煤/万元", "")]),
    ("志愿服务1.2万小时", [("1.2万小时", "1.2", "万小时", "")]),
    ("35μg/m³,1500元/人·月", [("35μg/m³", "35", "μg/m³", ""), ("1500元/人·月", "1500", "元/人·月", "")]),
]  # fmt: skip

NO_FIGURES = [
    "坚持两个毫不动摇", "打好三个“硬仗”", "保持两位数增长", "“三个翻番”", "一半用于办学",
    "2005年9月23日", "1—9月", "7月23日", "第三产业", "一、概况", "(二)要求", "①做强", "三个代表",
    "十六大", "“浙中优1号”",
    "1号线", "建校5周年", "国办发〔2015〕80号", "0571-63311234", "104国道", "G60高速", "4A级景区",
    "500强", "5G",
    "我讲四个问题", "一票否决", "一个不漏", "五位一体", "四套班子", "“千库保安工程”",
    "《关于促进就业的20条意见》",
    "30天内", "3个月", "5年来", "6个多月", "2个小时", "2022-06-13 05:25:00", "下午3时30分", "前10名",
    "全市第2位", "80后",
    "PM2.5浓度", "数十家", "几百户", "成千上万", "最后一公里", "一元化", "三次产业", "二〇〇五年",
    "0—3岁", "第6条第2款",
    "元旦", "一成不变", "三方面", "35岁", "1.2.3", "12",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FIGURES)
def test_figures_are_found(text: str, expected: Found) -> None:
    found = [
        (quantity.text, quantity.value, quantity.measure, quantity.approx)
        for quantity in find_quantities(text)
    ]
    assert found == [(span, Decimal(value), measure, approx) for span, value, measure, approx in expected]
    assert all(text[quantity.start : quantity.end] == quantity.text for quantity in find_quantities(text))


@pytest.mark.parametrize(
    ("text", "printed", "value", "measure"),
    [
        ("降幅达一 百 二 十 个 百 分 点", "一 百 二 十 个 百 分 点", "120", "百分点"),
        ("增长百分之三 十 五,", "百分之三 十 五", "35", "%"),
        ("上浮2.4   个百分 点", "2.4   个百分 点", "2.4", "百分点"),
        ("负担3万多亿元", "3万多亿元", "3", "万亿元"), ("白酒6.3万千升", "6.3万千升", "6.3", "万千升"),
        ("宽三米半的路", "三米半", "3.5", "米"),
        ("打八五折", "八五折", "8.5", "折"),
        ("收七成六,", "七成六", "7.6", "成"),
        ("港币两千六百元", "两千六百元", "2600", "港元"),
        ("发银三十两", "三十两", "30", "两"),
        ("付9佰日元", "9佰日元", "9", "百日元"),
        ("票价五元三毛", "五元三毛", "5.3", "元"),
        ("天数减少一半", "一半", "0.5", "1"),
        ("翻了近一番", "一番", "1", "番"),
        ("减少贫困人口12.5万,", "12.5万", "12.5", "万人"), ("4.6万农村居民饮水", "4.6万", "4.6", "万人"),
    ],
)  # fmt: skip
def test_less_common_forms(text: str, printed: str, value: str, measure: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.text, quantity.value, quantity.measure) == (printed, Decimal(value), measure)


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure_is_left_alone(text: str) -> None:
    assert find_quantities(text) == []
    assert find_quantities(f"会上,{text}。") == []


@pytest.mark.parametrize(
    ("text", "parts", "measure"),
    [
        ("3—5万元", ("3", "5"), "万元"), ("10%-15%", ("10", "15"), "%"), ("3至5亩", ("3", "5"), "亩"),
        ("3万元至5万元", ("3", "5"), "万元"), ("20.8:43.6:35.6", ("20.8", "43.6", "35.6"), "比"),
        ("4:3:3", ("4", "3", "3"), "比"), ("三四百户", ("300", "400"), "户"), ("七八成", ("7", "8"), "成"),
        ("百分之五十至六十", ("50", "60"), "%"), ("8000万—1亿元", ("0.8", "1"), "亿元"),
        ("500元至1万元", ("0.05", "1"), "万元"), ("2—3亿", ("2", "3"), "亿元"),
        ("8000到3万元", ("0.8", "3"), "万元"),
        ("两到三千元", ("2000", "3000"), "元"),
        ("1万(含)-5万元", ("1", "5"), "万元"),
    ],
)  # fmt: skip
def test_ranges_and_structures_keep_their_parts(text: str, parts: tuple[str, ...], measure: str) -> None:
    (quantity,) = find_quantities(f"约为{text}")
    assert quantity.text == text
    assert (quantity.parts, quantity.measure) == (tuple(map(Decimal, parts)), measure)


def test_parts_of_a_structure_sum_within_their_print() -> None:
    (structure,) = find_quantities("三次产业结构20.8:43.6:35.6")
    assert total(structure.part_intervals).contains(100)


def test_fractions_are_exact() -> None:
    (quantity,) = find_quantities("三分之一的农户")
    assert (quantity.value, quantity.measure, quantity.interval.is_point) == (Fraction(1, 3), "1", True)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("6.25亿元", "6.245", "6.255"), ("3000户", "2999.5", "3000.5"), ("70余万元", "70", "80"),
        ("95%以上", "95", None), ("不超过5%", None, "5"), ("3—5万元", "2.5", "5.5"),
        ("约100万元", "95", "105"),
        ("9.5亿多元", "9.5", "9.6"), ("3万余人", "3", "4"),
    ],
)  # fmt: skip
def test_a_printed_figure_is_an_interval(text: str, low: str | None, high: str | None) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.low, quantity.high) == tuple(
        None if end is None else Fraction(end) for end in (low, high)
    )


def test_the_multiplier_folds_into_the_base() -> None:
    money, ratio = find_quantities("6.25亿元,增长41%")
    assert (money.base, ratio.base) == ((625_000_000, "元"), (Fraction(41, 100), "1"))


def test_lengths_of_time_come_when_asked_for() -> None:
    found = find_quantities("2005年起3个月内,30天,5年", durations=True)
    assert [quantity.text for quantity in found] == ["3个月", "30天", "5年"]


def test_numbers_without_a_measure_come_when_asked_for() -> None:
    text = "一、2005年产值增长25,比重12.5。3、第4名,〔2015〕80号,5月6日"
    found = [(quantity.text, quantity.measure) for quantity in find_quantities(text, numbers=True)]
    assert found == [("25", ""), ("12.5", "")]


@pytest.mark.parametrize(
    "part", ["9", "一", "1 ", "1,", "万", "“", "1:", "3—", "十百千万", "1 2", "元", "1.", "三分之"]
)
def test_odd_texts_are_read_through(part: str) -> None:
    assert isinstance(find_quantities(part * 3000, durations=True, numbers=True), list)


def test_what_the_package_exports() -> None:
    assert sorted(kaohe.quantities.__all__) == kaohe.quantities.__all__
    assert all(hasattr(kaohe.quantities, name) for name in kaohe.quantities.__all__)


def test_a_financial_numeral_inside_a_word_hides_no_figure() -> None:
    assert [found.text for found in find_quantities("组建队伍12支,志愿者860人")] == ["12支", "860人"]


def test_a_relief_is_no_minus() -> None:
    (found,) = find_quantities("为企业减负1000多亿元")
    assert (found.text, found.value) == ("1000多亿元", 1000)
