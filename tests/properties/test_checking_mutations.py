"""Sentences from random facts raise nothing; with one figure broken they raise a finding that names it.

Broken means further from the relation than twice the joint rounding of its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.checking import Finding, check_text
from kaohe.quantities import round_exact

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Formula = Callable[[Sequence[Fraction]], Fraction]


@dataclass(frozen=True)
class Printed:
    """A figure as printed, with so many decimals; things counted one by one are exact."""

    value: Fraction
    decimals: int
    unit: str
    exact: bool = False

    @property
    def text(self) -> str:
        return f"{float(self.value):.{self.decimals}f}{self.unit}"

    @property
    def half(self) -> Fraction:
        return Fraction(0) if self.exact else Fraction(1, 2 * 10**self.decimals)


@dataclass(frozen=True)
class Relation:
    """A sentence with its figures; ``formula`` of all but the last gives the last."""

    template: str
    figures: tuple[Printed, ...]
    formula: Formula

    @property
    def text(self) -> str:
        return self.template.format(*(figure.text for figure in self.figures))

    def span(self, number: int) -> tuple[int, int]:
        """Where a figure stands in the text."""
        before = self.template.split("{" + str(number) + "}")[0]
        start = len(before.format(*(figure.text for figure in self.figures)))
        return start, start + len(self.figures[number].text)

    @property
    def gap(self) -> Fraction:
        """How far the last figure is from the formula, less twice the joint rounding."""
        ends = [(one.value - one.half, one.value + one.half) for one in self.figures[:-1]]
        reached = [self.formula(corner) for corner in product(*ends)]
        low, high = min(reached), max(reached)
        return abs(self.figures[-1].value - (low + high) / 2) - (high - low) - 2 * self.figures[-1].half

    def broken(self, number: int, factor: Fraction) -> Relation:
        """The same with one figure multiplied."""
        old = self.figures[number]
        new = replace(old, value=round_exact(old.value * factor, old.decimals))
        return replace(self, figures=(*self.figures[:number], new, *self.figures[number + 1 :]))


def percent(value: Fraction, decimals: int) -> Printed:
    return Printed(round_exact(value * 100, decimals), decimals, "%")


def amounts(unit: str, decimals: int, low: int, high: int) -> st.SearchStrategy[Printed]:
    scale = 10**decimals
    return st.integers(low * scale, high * scale).map(
        lambda whole: Printed(Fraction(whole, scale), decimals, unit)
    )


@st.composite
def shares(draw: st.DrawFn) -> Relation:
    whole, part = draw(amounts("亿元", 2, 40, 90)), draw(amounts("亿元", 2, 5, 38))
    template = draw(st.sampled_from((
        "全县实现工业总产值{0},其中规模以上企业产值{1},占全县的{2}。",
        "全镇固定资产投资{0},其中工业投资{1},占固定资产投资的{2}。",
    )))  # fmt: skip
    told = percent(part.value / whole.value, draw(st.sampled_from((0, 1))))
    return Relation(template, (whole, part, told), lambda one: one[1] / one[0] * 100)


@st.composite
def completions(draw: st.DrawFn) -> Relation:
    plan, done = (
        replace(draw(amounts("人", 0, low, high)), exact=True) for low, high in ((501, 990), (301, 990))
    )
    template = draw(st.sampled_from((
        "基本养老保险任务{0},已完成{1},完成率{2}。",
        "全年技能培训计划{0},实际完成{1},完成计划的{2}。",
    )))  # fmt: skip
    return Relation(
        template, (plan, done, percent(done.value / plan.value, 1)), lambda one: one[1] / one[0] * 100
    )


@st.composite
def increases(draw: st.DrawFn) -> Relation:
    now, delta = draw(amounts("亿元", 2, 20, 90)), draw(amounts("亿元", 2, 1, 12))
    template = draw(st.sampled_from((
        "全县财政总收入{0},比上年增加{1},增长{2}。",
        "年末各项存款余额{0},比年初增加{1},增长{2}。",
    )))  # fmt: skip
    told = percent(delta.value / (now.value - delta.value), 1)
    return Relation(template, (now, delta, told), lambda one: one[1] / (one[0] - one[1]) * 100)


@st.composite
def moves(draw: st.DrawFn) -> Relation:
    old, new = draw(amounts("%", 1, 20, 40)), draw(amounts("%", 1, 42, 70))
    told = Printed(new.value - old.value, 1, "个百分点")
    template = draw(
        st.sampled_from(("城镇化率由{0}提高到{1},提高{2}。", "土地流转率从{0}上升到{1},上升{2}。"))
    )
    return Relation(template, (old, new, told), lambda one: one[1] - one[0])


@st.composite
def sums(draw: st.DrawFn) -> Relation:
    first, second = draw(amounts("万元", 2, 300, 900)), draw(amounts("万元", 2, 300, 900))
    whole = Printed(first.value + second.value, 2, "万元")
    template = draw(st.sampled_from((
        "全镇财政总收入{2},其中地税收入{0},国税收入{1}。",
        "发放低保资金{2},其中城镇低保{0},农村低保{1}。",
    )))  # fmt: skip
    return Relation(template, (first, second, whole), lambda one: one[0] + one[1])


@st.composite
def counts(draw: st.DrawFn) -> Relation:
    first, second = (Printed(Fraction(draw(st.integers(2, 40))), 0, "个", exact=True) for _ in range(2))
    whole = Printed(first.value + second.value, 0, "个", exact=True)
    template = draw(st.sampled_from((
        "今年实施市级项目{2},其中重点项目{0}、一般项目{1}。",
        "全年安排重大项目{2},其中续建项目{0}、新建项目{1}。",
    )))  # fmt: skip
    return Relation(template, (first, second, whole), lambda one: one[0] + one[1])


@st.composite
def brackets(draw: st.DrawFn) -> Relation:
    first, second = (Printed(Fraction(draw(st.integers(20, 90))), 0, "所", exact=True) for _ in range(2))
    whole = Printed(first.value + second.value, 0, "所", exact=True)
    template = draw(st.sampled_from((
        "全县共有幼儿园{2}(公办{0},民办{1})。",
        "全县共有幼儿园{2},其中公办{0},民办{1}。",
    )))  # fmt: skip
    return Relation(template, (first, second, whole), lambda one: one[0] + one[1])


@st.composite
def balances(draw: st.DrawFn) -> Relation:
    expense, rest = draw(amounts("万元", 0, 3000, 9000)), draw(amounts("万元", 0, 700, 2900))
    income = Printed(expense.value + rest.value, 0, "万元")
    template = draw(st.sampled_from((
        "全年医保基金收入{2},支出{0},当年结余{1}。",
        "养老保险基金收入{2},支出{0},当期结余{1}。",
    )))  # fmt: skip
    return Relation(template, (expense, rest, income), lambda one: one[0] + one[1])


@st.composite
def since(draw: st.DrawFn) -> Relation:
    old, more = (
        replace(draw(amounts("人", 0, low, high)), exact=True) for low, high in ((30001, 60999), (2001, 9999))
    )
    now = Printed(old.value + more.value, 0, "人", exact=True)
    template = draw(st.sampled_from((
        "全镇常住人口{2},与2010年第六次人口普查的{0}相比,增加{1}。",
        "年末户籍人口{2},比2015年的{0}增加{1}。",
    )))  # fmt: skip
    return Relation(template, (old, more, now), lambda one: one[0] + one[1])


RELATIONS = st.one_of(
    shares(), completions(), increases(), moves(), sums(), counts(), brackets(), balances(), since()
)


@MANY
@given(RELATIONS)
def test_what_agrees_raises_nothing(relation: Relation) -> None:
    assert not [
        finding.message for finding in check_text(relation.text).findings if finding.verdict != "holds"
    ]


@MANY
@given(RELATIONS, st.integers(0, 2), st.fractions("1/2", "9/10") | st.fractions("11/10", "2"))
def test_a_broken_figure_is_caught_by_name(relation: Relation, number: int, factor: Fraction) -> None:
    broken = relation.broken(number, factor)
    if broken.gap <= 0:
        return
    spans = [broken.span(at) for at in range(3)]
    found = [
        finding
        for finding in check_text(broken.text).findings
        if finding.verdict != "holds" and finding.severity != "info"
    ]
    assert any(names(finding, spans) for finding in found), broken.text


def names(finding: Finding, spans: Sequence[tuple[int, int]]) -> bool:
    return any(mark.start < end and start < mark.end for mark in finding.marks for start, end in spans)
