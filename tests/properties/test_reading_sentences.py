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
    ]
)
COUNTED = st.sampled_from(
    ["新建公路桥梁|座", "引进企业|家", "培训农民|人", "改造危房|户", "实施项目|个", "调处纠纷|起"]
)
MONEY = st.sampled_from(["万元", "亿元", "元", "万美元"])
VERBS = st.sampled_from(["", "达", "达到", "为", "完成", "实现", "约为"])
OPENINGS = st.sampled_from(["", "全镇", "1—9月,全县", "今年,我镇", "截至10月底,全区", "上半年,"])
GROWTH = st.sampled_from(
    ["增长", "同比增长", "比上年增长", "较去年同期增长", "比去年同期上升", "同比下降", "比上年减少"]
)
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
    assert second.direction == ("down" if growth.endswith(("下降", "减少")) else "")


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
    st.sampled_from(["完成任务的", "占年度计划的", "完成年初预算的", "完成率", "为全年目标的"]),
)
def test_completion(amount: Decimal, rate: Decimal, words: str) -> None:
    first, second = read_text(f"全县财政收入{written(amount)}万元,{words}{written(rate)}%。")
    assert (second.kind, second.relation_to, second.indicator) == ("completion", first.id, "财政收入")


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
