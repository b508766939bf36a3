"""Claims of a made-up county find their place in its ledger; what is not sure says so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from kaohe.facts.errors import DataError
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Form, Indicator, IndicatorKind, ReportingUnit
from kaohe.facts.package import read_ledger
from kaohe.quantities import Period
from kaohe.reading import open_document, read_document, text_document
from kaohe.reading.matching import SURE, Match, match_claims
from kaohe.reading.matching.names import Weights, excluded, likeness

TOWN = ReportingUnit("town", "某镇", "某镇", "town")


def matched(text: str, ledger: Ledger, year: int | None = 2023, unit: str | None = None) -> list[Match]:
    document = text_document(text)
    return list(match_claims(document, read_document(document, year), ledger, year, unit=unit).rows)


def of_indicators(*rows: Indicator, units: tuple[ReportingUnit, ...] = (TOWN,)) -> Ledger:
    return Ledger(reporting_units=units, indicators=rows)


def test_county_report(county: Path) -> None:
    document = open_document(county / "report.txt")
    found = match_claims(document, read_document(document, 2023), read_ledger(county / "ledger"), 2023)
    assert (str(found.period), found.unit) == ("2023-01/2023-09", "linshui")
    by_text = {match.claim.text: match for match in found.rows}
    assert by_text["186.42亿元"].indicator == "gdp"
    assert by_text["21.08亿元"].indicator == "primary"
    assert by_text["8.4%"].indicator == "industry_growth"
    assert by_text["1.15亿元"].unit == "qiaotou"
    assert (by_text["1.6亿美元"].indicator, by_text["1.6亿美元"].measure) == ("trade", "亿美元")
    assert str(by_text["28654元"].period) == "2023-09"
    assert (by_text["12.5亿元"].form, str(by_text["12.5亿元"].period)) == (Form.ABSOLUTE, "2023")
    assert (by_text["11%"].indicator, by_text["11%"].main) == ("", "investment")
    assert by_text["2.6万亩"].indicator == ""


@pytest.mark.parametrize(
    ("said", "held", "least", "most"),
    [
        ("规上工业增加值", "规模以上工业增加值", 1000, 1000),
        ("社零总额", "社会消费品零售总额", 950, 1000),
        ("完成固定资产投资", "固定资产投资额", 950, 1000),
        ("农村公路", "农村公路里程", 600, 949),
        ("粮食产量", "财政收入", 0, 300),
    ],
)
def test_likeness(said: str, held: str, least: int, most: int) -> None:
    weights = Weights(["固定资产投资", "财政收入", "粮食产量", "农村公路里程"])
    assert least <= likeness(said, held, weights) <= most


def test_words_that_exclude_each_other() -> None:
    assert excluded("城镇居民收入", "农村居民收入") and excluded("第一产业增加值", "第二产业增加值")
    assert not excluded("工业产值", "工业总产值")


def test_export_is_not_import() -> None:
    ledger = of_indicators(Indicator("imports", "进口总额", measure="亿元"))
    match = matched("全镇出口总额3.2亿元。", ledger)[0]
    assert not match.is_sure


def test_two_indicators_of_one_name_are_not_guessed() -> None:
    ledger = of_indicators(
        Indicator("a", "新增造林(县)", measure="亩"), Indicator("b", "新增造林(镇)", measure="亩")
    )
    match = matched("全镇新增造林300亩。", ledger)[0]
    assert match.confidence < SURE
    assert {candidate.indicator for candidate in match.candidates} == {"a", "b"}


def test_two_values_of_one_figure_are_not_guessed() -> None:
    ledger = of_indicators(Indicator("output", "工业产值", measure="亿元"))
    first, second = matched("全镇工业产值5亿元。今年工业产值6亿元。", ledger)
    assert not first.is_sure or not second.is_sure
    same = matched("全镇工业产值5亿元。今年工业产值5亿元。", ledger)
    assert [match.is_sure for match in same] == [True, True]


def test_several_towns_need_a_name() -> None:
    towns = (TOWN, ReportingUnit("other", "他镇", "他镇", "town"))
    ledger = of_indicators(Indicator("output", "工业产值", measure="亿元"), units=towns)
    lost = matched("全镇工业产值5亿元。", ledger)[0]
    assert (lost.unit, set(lost.units)) == ("", {"town", "other"})
    assert matched("他镇工作总结\n全镇工业产值5亿元。", ledger)[0].unit == "other"
    chosen = matched("全镇工业产值5亿元。", ledger, unit="某镇")[0]
    assert (chosen.unit, chosen.is_sure) == ("town", True)
    with pytest.raises(DataError, match="台账里没有单位“无名镇”"):
        matched("全镇工业产值5亿元。", ledger, unit="无名镇")


def test_measures_that_cannot_be_converted_do_not_match() -> None:
    ledger = of_indicators(Indicator("output", "工业产值", measure="亿元"))
    assert matched("全镇工业产值5万美元。", ledger)[0].indicator == ""
    assert matched("全镇工业产值52000万元。", ledger)[0].is_sure


def test_periods_of_stocks_and_flows() -> None:
    ledger = of_indicators(
        Indicator("firms", "规模以上企业数", measure="家", kind=IndicatorKind.STOCK),
        Indicator("output", "工业产值", measure="亿元"),
    )
    rows = matched("1—9月,全镇实现工业产值5亿元,现有规模以上企业9家。", ledger)
    assert [str(match.period) for match in rows] == ["2023-01/2023-09", "2023-09"]


def test_growth_targets_are_targets_of_the_amount() -> None:
    ledger = of_indicators(Indicator("revenue", "财政总收入", measure="万元"))
    match = matched("2024年主要目标:全镇财政总收入增长8%。", ledger)[0]
    assert (match.indicator, match.form, match.measure) == ("revenue", Form.GROWTH, "%")


def test_what_is_made_of_an_estimate_is_estimated() -> None:
    ledger = of_indicators(
        Indicator("revenue", "财政总收入", measure="万元"), Indicator("tax", "国税收入", measure="万元")
    )
    rows = matched("1—9月,全镇财政总收入2747万元,其中国税收入预计2150万元。", ledger)
    assert [match.estimated for match in rows] == [True, True]


def test_ranges_are_never_sure() -> None:
    ledger = of_indicators(Indicator("output", "工业产值", measure="亿元"))
    match = matched("全镇工业产值达到5—6亿元。", ledger)[0]
    assert match.value is None and match.confidence < Decimal("0.75")


def test_tables_of_villages(tmp_path: Path) -> None:
    villages = tuple(ReportingUnit(name, name, name, "village", "town") for name in ("东村", "西村"))
    ledger = of_indicators(Indicator("pension", "养老保险参保", measure="人"), units=(TOWN, *villages))
    document = Document()
    document.add_paragraph("某镇2023年前三季度各村情况")
    table = document.add_table(rows=4, cols=2)
    for row, texts in enumerate(
        [("村", "养老保险参保(人)"), ("东村", "108"), ("西村", "98"), ("合计", "206")]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.save(str(tmp_path / "表.docx"))
    opened = open_document(tmp_path / "表.docx")
    period = Period.parse("2023-09")
    rows = match_claims(opened, read_document(opened, 2023), ledger, 2023, period).rows
    assert [(match.unit, match.claim.text, str(match.period)) for match in rows] == [
        ("东村", "108", "2023-01/2023-09"),
        ("西村", "98", "2023-01/2023-09"),
        ("town", "206", "2023-01/2023-09"),
    ]
