"""Title, sections, boilerplate and the normalised view."""

from __future__ import annotations

import pytest

from kaohe.reading.documents import Document
from kaohe.reading.marks import mark_at
from kaohe.reading.reader import read_document
from kaohe.reading.structure import structured
from kaohe.reading.view import normalised

REPORT = """清渚镇上半年工作总结
导语:本文来源于网友上传,仅供参考
一、工作回顾
(一)经济平稳
1、工业。一是产值增长。二是投资扩大。
2、农业。粮食丰收。
(二)民生改善
二、下步打算
①抓项目。
②抓民生。
- 上一篇:别的文章
"""


@pytest.fixture
def report() -> Document:
    return structured(REPORT)


def test_title(report: Document) -> None:
    assert report.title is not None
    assert report.text[report.title.start : report.title.end] == "清渚镇上半年工作总结"


def test_sections_and_levels(report: Document) -> None:
    found = [(section.number, section.level, section.ordinal) for section in report.sections]
    assert found == [
        ("一、", 1, 1), ("(一)", 2, 1), ("1、", 3, 1), ("一是", 4, 1), ("二是", 4, 2), ("2、", 3, 2),
        ("(二)", 2, 2), ("二、", 1, 2), ("①", 2, 1), ("②", 2, 2),
    ]  # fmt: skip


def test_parents(report: Document) -> None:
    parents = [section.parent for section in report.sections]
    assert parents == [None, 0, 1, 2, 2, 1, 0, None, 7, 7]


def test_a_place_has_its_innermost_section(report: Document) -> None:
    section = report.section_at(REPORT.index("投资扩大"))
    assert section is not None and section.number == "二是"


def test_headings(report: Document) -> None:
    assert [report.heading(section) for section in report.sections[:2]] == ["工作回顾", "经济平稳"]


def test_boilerplate(report: Document) -> None:
    apart = [report.text[span.start : span.end][:6] for span in report.boilerplate]
    assert apart == ["导语:本文来", "- 上一篇:"]


@pytest.mark.parametrize("text", ["3.5万亩", "2005年", "十六大", "1—9月", "第三产业", "一批", "20户"])
def test_no_marks(text: str) -> None:
    assert mark_at(text) is None


@pytest.mark.parametrize(
    ("text", "numbering", "ordinal"),
    [
        ("十二、a", "一、", 12),
        ("（三）a", "(一)", 3),
        ("7.工业", "1、", 7),
        ("⑤a", "①", 5),
        ("三是a", "一是", 3),
        ("2.1工业", "1.1", 1),
    ],
)
def test_marks(text: str, numbering: str, ordinal: int) -> None:
    mark = mark_at(text)
    assert mark is not None and (mark.numbering, mark.ordinal) == (numbering, ordinal)


def test_the_view_joins_wrapped_lines_and_drops_loose_blanks() -> None:
    source = "居民消费价格指数同比上涨 ２.4％，涨幅回落0.5个百\n分点。\n二、农业"
    view = normalised(source)
    assert view.text == "居民消费价格指数同比上涨2.4%,涨幅回落0.5个百分点。\n二、农业"
    start = view.text.index("0.5个百分点")
    begin, end = view.source(start, start + 7)
    assert source[begin:end] == "0.5个百\n分点"


def test_a_heading_is_not_joined_to_what_follows() -> None:
    assert "\n" in normalised("一、今年以来全镇工作情况的简要回顾\n今年以来产值增长。").text


def test_several_documents_on_a_page() -> None:
    one = "清渚镇工作总结\n同志们:\n一、工业\n我镇产值6亿元。\n二、农业\n产粮5吨。\n"
    two = "云岭县工作报告\n各位代表:\n一、回顾\n我县产值60亿元。\n二、打算\n修路5公里。\n"
    document = structured(one + two)
    assert document.parts == (0, len(one))
    assert structured(one).parts == (0,)
    assert [claim.scope for claim in read_document(document)] == ["全镇", "全镇", "全县", "全县"]


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("产值6.25亿\n元", "产值6.25亿元"),
        ("增长25\n%。", "增长25%。"),
        ("升5个百\n分点", "升5个百分点"),
        ("增12.\n5%", "增12.5%"),
    ],
)
def test_a_figure_cut_by_a_line_break(cut: str, whole: str) -> None:
    assert normalised(cut).text == whole


@pytest.mark.parametrize("text", ["表1\n2、农业", "第1\n2005年总结", "共5\n1、工业"])
def test_lines_that_only_seem_cut(text: str) -> None:
    assert normalised(text).text == text
