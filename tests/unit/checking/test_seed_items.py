"""Every item that the hand audit of the seed speech lists, under its check id and verdict.

The speech and the audit stand in ../shared/reading; here they are named by line and by a few characters.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kaohe.checking import Finding
from kaohe.reading.documents import Document

pytestmark = pytest.mark.shared

Places = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Item:
    """An item of the audit: what should be found, and the marks (line, characters) among its own."""

    name: str
    check: str
    verdicts: tuple[str, ...]
    places: Places
    says: tuple[str, ...] = ()


HOLDS = (
    Item("share of large firms", "share", ("holds",), ((8, "63%"), (8, "3.96"), (8, "6.25")), ("63.4%",)),
    Item(
        "plan of nine",
        "completion-implied",
        ("holds",),
        ((16, "9个亿"), (8, "6.25"), (8, "69%")),
        ("8.99", "9.13"),
    ),
    Item("rate of value added", "share", ("holds",), ((8, "20%"), (8, "1.24"), (8, "6.25")), ("19.8%",)),
    Item("two taxes", "part-sum", ("holds",), ((10, "2747.46"), (10, "597.46"), (10, "2150"))),
    Item(
        "implied budgets",
        "completion-implied",
        ("holds",),
        ((10, "123.5%"), (10, "65.7%"), (10, "163.4%")),
        ("909.4 + 1315.8 = 2225.2", "2224.7"),
    ),
    Item(
        "implied last year",
        "growth-implied",
        ("holds",),
        ((10, "91.7%"), (10, "47.1%"), (10, "109.3%")),
        ("406.2 + 1027.2 = 1433.4", "1433.2"),
    ),
    Item("six projects", "list-count", ("holds",), ((9, "6个"), (9, "1个"), (9, "5个"))),
    Item("seven villages", "list-count", ("holds",), ((12, "7个"), (12, "1个"), (12, "5个"))),
    Item("two, two, two", "aligned-list", ("holds",), ((9, "7月23日"),), ("2 : 2 : 2",)),
    Item("pensions", "completion-implied", ("holds",), ((12, "90.2%"), (12, "864"), (12, "958"))),
    Item("injuries", "completion-implied", ("holds",), ((12, "118%"), (12, "749"), (12, "635"))),
    Item("own exports", "order-relation", ("holds",), ((8, "52万元"), (8, "1212"))),
    Item(
        "growth of large firms",
        "growth-implied",
        ("holds",),
        ((8, "13个百分点"), (8, "63%"), (8, "41%")),
        ("79%", "3%"),
    ),
)

DOUBTS = (
    Item("foreign capital", "contradiction", ("fails",), ((8, "31.4"), (16, "零的突破"), (8, "空白"))),
    Item(
        "tax rate",
        "plausibility",
        ("unsure",),
        ((8, "11%"), (8, "6.13"), (8, "596"), (10, "2747.46")),
        ("7026", "7651"),
    ),
    Item("expected part", "estimate-in-total", ("fails",), ((10, "2150"), (10, "2747.46"))),
    Item(
        "no task printed",
        "missing-base",
        ("unsure",),
        ((12, "60%"), (12, "241"), (12, "150个")),
        ("402", "161%"),
    ),
    Item("how much lower", "change-without-figure", ("unsure",), ((8, "有所下降"), (8, "1212"))),
    Item("output behind", "calendar", ("fails",), ((8, "69%"), (8, "快速增长")), ("75%",)),
    Item("local taxes behind", "calendar", ("fails",), ((10, "65.7%"), (10, "快速增长")), ("75%",)),
    Item("local taxes hidden", "hidden-part", ("fails",), ((10, "65.7%"), (10, "123.5%"))),
    Item("four questions", "announced-count", ("fails",), ((4, "四个问题"), (33, "三"))),
    Item("missing third", "numbering", ("fails",), ((31, "④"), (30, "②"))),
    Item("open quotation", "balance", ("fails",), ((12, "“"),)),
    Item("two marks", "punctuation", ("fails",), ((12, "。;"),)),
    Item("site line", "boilerplate", ("fails",), ((12, "版权所有"),)),
    Item("two meetings", "title-body", ("fails",), ((1, "中层干部"), (4, "汇报会"))),
    Item("page date", "page-date", ("fails",), ((2, "2022-06-13"),)),
    Item("two spellings", "same-thing-twice", ("fails",), ((12, "百千工程"), (29, "“百千”工程"))),
    Item("aspect of farming", "term", ("fails",), ((16, "反面"),)),
    Item("doubled word", "doubled-word", ("fails",), ((35, "要要"),)),
    Item("register", "term", ("fails",), ((30, "台帐"),)),
    Item("target not named", "missing-base", ("unsure",), ((12, "635"),)),
    Item("others", "term", ("unsure",), ((27, "其它"),)),
    Item("two things", "term", ("unsure",), ((16, "二项"),)),
    Item("full stop drawn", "term", ("unsure",), ((35, "划上"),)),
    Item("award", "term", ("fails",), ((9, "以奖"),)),
    Item("poverty", "term", ("unsure",), ((9, "扶欠"),)),
)


@pytest.mark.parametrize("item", (*HOLDS, *DOUBTS), ids=lambda item: item.name)
def test_gold_claims_give_every_item(item: Item, seed_by_gold: tuple[Document, tuple[Finding, ...]]) -> None:
    assert _found(item, *seed_by_gold), f"{item.check} of {item.name}"


@pytest.mark.parametrize("item", (*HOLDS, *DOUBTS), ids=lambda item: item.name)
def test_our_reader_gives_every_item(
    item: Item, seed_by_reader: tuple[Document, tuple[Finding, ...]]
) -> None:
    assert _found(item, *seed_by_reader), f"{item.check} of {item.name}"


@pytest.mark.parametrize("source", ("seed_by_gold", "seed_by_reader"))
def test_hardly_anything_outside_the_list(source: str, request: pytest.FixtureRequest) -> None:
    document, findings = request.getfixturevalue(source)
    listed = [_found(item, document, findings) for item in (*HOLDS, *DOUBTS)]
    outside = [finding for finding in findings if finding not in listed and finding.verdict != "holds"]
    assert len(outside) <= 3, [finding.message for finding in outside]


@pytest.mark.parametrize("source", ("seed_by_gold", "seed_by_reader"))
@pytest.mark.parametrize("characters", ("新浦辅小", "计划外出生", "通报前天下午"))
def test_right_words_are_left_alone(source: str, characters: str, request: pytest.FixtureRequest) -> None:
    document, findings = request.getfixturevalue(source)
    at = document.text.index(characters)
    assert not [
        mark.text for finding in findings for mark in finding.marks
        if mark.start < at + len(characters) and at < mark.end
    ]  # fmt: skip


def _found(item: Item, document: Document, findings: tuple[Finding, ...]) -> Finding | None:
    fitting = (one for one in findings if one.check == item.check and one.verdict in item.verdicts)
    return next((one for one in fitting if _speaks_of(item, document, one)), None)


def _speaks_of(item: Item, document: Document, finding: Finding) -> bool:
    marked = [(document.line_of(mark.start), mark.text) for mark in finding.marks]
    named = all(any(line == at and told in text for at, text in marked) for line, told in item.places)
    return named and all(word in finding.message_in("zh") for word in item.says)
