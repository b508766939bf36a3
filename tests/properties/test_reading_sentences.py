"""Sentences written from random facts in many phrasings read back as the same facts."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.reading.reader import read_text

NOUNS = st.sampled_from(
    [
        "工业产值",
        "财政总收入",
        "固定资产投资",
        "社会消费品零售总额",
        "农业总产值",
        "税收收入",
        "旅游收入",
        "进出口总额",
        "外贸出口",
        "一般公共预算收入",
        "地区生产总值",
        "规模以上工业增加值",
        "农民人均纯收入",
        "第三产业增加值",
        "实际利用外资",
        "各项贷款余额",
        "民营企业产值",
    ]
)
COUNTED = st.sampled_from(
    [
        "新建公路桥梁|座",
        "引进企业|家",
        "培训农民|人",
        "改造危房|户",
        "实施项目|个",
        "调处纠纷|起",
        "拆除违建|处",
        "安装路灯|盏",
        "栽植苗木|株",
        "办理提案|件",
        "组建合作社|家",
        "清运垃圾|车",
    ]
)
MONEY = st.sampled_from(["万元", "亿元", "元", "万美元"])
VERBS = st.sampled_from(
    [
        "",
        "达",
        "达到",
        "为",
        "完成",
        "实现",
        "约为",
        "预计完成",
        "累计完成",
        "突破",
        "超过",
        "首次突破",
        "达到了",
    ]
)
OPENINGS = st.sampled_from(
    [
        "", "全镇", "1—9月,全县", "今年,我镇", "截至10月底,全区", "上半年,", "2019年,全市", "元至7月,全乡",
        "据统计,前三季度全省", "“十二五”期间,全县", "今年以来,全街道", "预计全年",
    ]
)  # fmt: skip
GROWTH = st.sampled_from(
    [
        "增长", "同比增长", "比上年增长", "较去年同期增长", "比去年同期上升", "按可比价计算增长",
        "同口径增长", "同比上升", "增幅达", "增速为", "同比下降", "比上年减少", "同比回落", "较上年下滑",
    ]
)  # fmt: skip
AMOUNTS = st.decimals(min_value="0.1", max_value="99999", places=2, allow_nan=False)
RATES = st.decimals(min_value="0.1", max_value="200", places=1, allow_nan=False)


def written(number: Decimal) -> str:
    return format(number.normalize(), "f")


@settings(max_examples=150, deadline=None)
@given(OPENINGS, NOUNS, VERBS, AMOUNTS, MONEY, GROWTH, RATES)
def test_amount_and_growth(
    opening: str, noun: str, verb: str, amount: Decimal, measure: str, growth: str, rate: Decimal
) -> None:
    text = f"{opening}{noun}{verb}{written(amount)}{measure},{growth}{written(rate)}%。"
    first, second = read_text(text)
    assert (first.kind, first.value, first.unit, first.indicator) == (
        "amount",
        Decimal(written(amount)),
        measure,
        noun,
    )
    assert (second.kind, second.value, second.relation_to) == ("growth", Decimal(written(rate)), first.id)
    assert second.direction == ("down" if growth.endswith(("下降", "减少", "回落", "下滑")) else "")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(NOUNS, AMOUNTS, RATES), min_size=2, max_size=3, unique_by=lambda fact: fact[0]), GROWTH
)
def test_distribution(facts: list[tuple[str, Decimal, Decimal]], growth: str) -> None:
    amounts = ",".join(f"{noun}{written(amount)}亿元" for noun, amount, _ in facts)
    rates = [f"{written(rate)}%" for _, _, rate in facts]
    dealt = "、".join(rates[:-1]) + "和" + rates[-1]
    claims = read_text(f"{amounts},分别{growth}{dealt}。")
    size = len(facts)
    assert [claim.indicator for claim in claims] == [noun for noun, _, _ in facts] * 2
    assert [claim.relation_to for claim in claims[size:]] == [claim.id for claim in claims[:size]]


@settings(max_examples=100, deadline=None)
@given(OPENINGS, COUNTED, st.integers(1, 99999), st.booleans())
def test_counts_before_and_behind_their_noun(opening: str, counted: str, number: int, before: bool) -> None:
    phrase, measure = counted.split("|")
    verb, noun = phrase[:2], phrase[2:]
    text = f"{verb}{number}{measure}{noun}" if before else f"{phrase}{number}{measure}"
    (claim,) = read_text(f"{opening}{text}。")
    assert (claim.kind, claim.value, claim.unit, claim.indicator) == ("count", number, measure, phrase)


@settings(max_examples=100, deadline=None)
@given(
    AMOUNTS,
    RATES,
    st.sampled_from(
        [
            "完成任务的",
            "占年度计划的",
            "完成年初预算的",
            "完成率",
            "为全年目标的",
            "占调整预算的",
            "完成进度",
            "完成市下达任务的",
            "执行率",
        ]
    ),
)
def test_completion(amount: Decimal, rate: Decimal, words: str) -> None:
    first, second = read_text(f"全县财政收入{written(amount)}万元,{words}{written(rate)}%。")
    assert (second.kind, second.relation_to, second.indicator) == ("completion", first.id, "财政收入")


@settings(max_examples=100, deadline=None)
@given(
    NOUNS,
    AMOUNTS,
    st.sampled_from(["比上年增加", "同比增收", "较年初净增", "比去年同期多收", "同比减少"]),
    AMOUNTS,
)
def test_amount_and_its_change(noun: str, amount: Decimal, change: str, more: Decimal) -> None:
    first, second = read_text(f"全市{noun}{written(amount)}亿元,{change}{written(more)}万元。")
    assert (second.kind, second.relation_to, second.indicator) == ("delta", first.id, noun)
    assert second.direction == ("down" if "减少" in change else "")


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, AMOUNTS, RATES, st.sampled_from(["占", "占全部", "所占比重为", "占比"]))
def test_parts_and_shares(whole: Decimal, part: Decimal, share: Decimal, words: str) -> None:
    total = "财政总收入的" if words in ("占", "占全部") else ""
    amounts = f"全县财政总收入{written(whole)}亿元,其中税收收入{written(part)}亿元"
    text = f"{amounts},{words}{total}{written(share)}%。"
    first, second, third = read_text(text)
    assert second.part_of == first.id
    assert (third.kind, third.relation_to) == ("share", second.id)


@settings(max_examples=100, deadline=None)
@given(
    NOUNS,
    AMOUNTS,
    AMOUNTS,
    st.sampled_from(["由", "从", "由上年的", "从2010年的"]),
    st.sampled_from(["提高到", "增加到", "增至", "跃升至", "扩大到", "上升为", "发展到"]),
    RATES,
)
def test_two_levels(noun: str, before: Decimal, after: Decimal, start: str, to: str, rate: Decimal) -> None:
    text = f"全市{noun}{start}{written(before)}亿元{to}{written(after)}亿元,年均增长{written(rate)}%。"
    first, second, third = read_text(text)
    assert [first.kind, second.kind, third.kind] == ["amount", "amount", "growth"]
    assert first.indicator == second.indicator == noun
    assert third.relation_to == second.id


@settings(max_examples=100, deadline=None)
@given(NOUNS, RATES, RATES, st.sampled_from(["比上年提高", "同比上升", "较上年回落", "高于全省平均水平"]))
def test_growth_and_points(noun: str, rate: Decimal, points: Decimal, change: str) -> None:
    first, second = read_text(f"{noun}增长{written(rate)}%,增速{change}{written(points)}个百分点。")
    assert (first.kind, first.indicator, second.kind) == ("growth", noun, "delta_pp")
    assert second.relation_to == first.id


@settings(max_examples=100, deadline=None)
@given(NOUNS, AMOUNTS, RATES)
def test_ratio_first(noun: str, amount: Decimal, rate: Decimal) -> None:
    first, second = read_text(f"{noun}增长{written(rate)}%,总量突破{written(amount)}亿元。")
    assert (first.relation_to, second.indicator) == (second.id, noun)


@settings(max_examples=100, deadline=None)
@given(NOUNS, AMOUNTS, AMOUNTS, RATES)
def test_printed_target(noun: str, done: Decimal, wanted: Decimal, rate: Decimal) -> None:
    text = f"全县{noun}完成{written(done)}亿元,占全年目标{written(wanted)}亿元的{written(rate)}%。"
    first, second, third = read_text(text)
    assert second.role == "target"
    assert (third.kind, third.relation_to, third.whole) == ("completion", first.id, second.id)


NOISE = st.sampled_from(["wide", "blank", "break", "blank point", "plain"])


def spoiled(number: str, measure: str, noise: str) -> str:
    """A figure as scraped pages print it."""
    match noise:
        case "wide":
            return number.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) + measure
        case "blank":
            return f"{number} {measure}"
        case "break" if len(measure) > 1:
            return f"{number}{measure[:-1]}\n{measure[-1]}"
        case "blank point" if "." in number:
            return number.replace(".", ". ") + measure
        case _:
            return number + measure


@settings(max_examples=150, deadline=None)
@given(NOUNS, AMOUNTS, MONEY, RATES, NOISE, NOISE)
def test_noise_changes_nothing(
    noun: str, amount: Decimal, measure: str, rate: Decimal, first_noise: str, second_noise: str
) -> None:
    printed = spoiled(written(amount), measure, first_noise)
    growth = spoiled(written(rate), "%", second_noise)
    text = f"上半年,在全体干部群众的共同努力下,全镇实现{noun}{printed},同比增长{growth}。"
    first, second = read_text(text)
    assert text[first.start : first.end] == printed
    assert (first.value, first.unit, first.indicator) == (Decimal(written(amount)), measure, noun)
    assert (second.kind, second.value, second.relation_to) == ("growth", Decimal(written(rate)), first.id)


@settings(max_examples=60, deadline=None)
@given(NOUNS, AMOUNTS, st.decimals("1.1", "99.9", places=1))
def test_a_lost_percent_sign(noun: str, amount: Decimal, rate: Decimal) -> None:
    first, second = read_text(f"全镇{noun}{written(amount)}万元,同比增长{rate},完成任务。")
    assert (second.kind, second.value, second.unit, second.relation_to) == ("growth", rate, "%", first.id)


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet="一二三五十百万亿元个%家人0123456789.,,;。:()（）“”、占增长完成其中的分别和年月日第\n 　\t",
        max_size=60,
    )
)
def test_any_text_gives_claims_that_stand_in_it(text: str) -> None:
    claims = read_text(text)
    ids = {claim.id for claim in claims}
    for claim in claims:
        assert text[claim.start : claim.end] == claim.text
        assert {claim.relation_to, claim.whole, claim.part_of} - {None} <= ids
        assert claim.relation_to != claim.id
    assert [claim.start for claim in claims] == sorted(claim.start for claim in claims)
