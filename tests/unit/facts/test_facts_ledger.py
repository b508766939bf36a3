"""A ledger: folders, integrity, figures by kind, targets, schedules, successors, revisions."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.facts.cells import MISSING
from kaohe.facts.dataset import Cell, Dataset, Presence, TableSpec, open_dataset
from kaohe.facts.errors import DataError
from kaohe.facts.ledger import facts_hash
from kaohe.facts.model import Assurance, Form, Indicator, IndicatorKind, Observation, Role, Target
from kaohe.facts.package import append_observations, read_ledger, write_ledger
from kaohe.facts.targets import target_cell
from kaohe.quantities.periods import Period

UNITS = """unit,name,kind,parent,peer_group,order,valid_from,valid_to,successor,size
xian,某县,county,,,9,,,,
jia,甲镇,town,xian,A,2,,,,大
yi,乙镇,town,xian,A,1,,,,小
old1,旧一镇,town,xian,A,,,2004-12-31,yi,
"""
INDICATORS = """indicator,name,measure,kind,numerator,denominator
output,产值,万元,flow,,
big,规上产值,万元,flow,,
big_share,规上比重,%,ratio,big,output
park,园区面积,亩,stock,,
place,位次,,rank,,
done,验收,,milestone,,
growth,增速,%,growth,,
"""
OBSERVATIONS = """unit,indicator,period,value,presence,basis,role,source,recorded_at,supersedes,author
jia,output,2005-01/2005-02,20,,,,,,,
jia,output,2005-03,10,,,,,,,
jia,output,2005-01/2005-06,60,,,,,,,
jia,output,2005-07,5,,estimated,,,,,
jia,output,2005-Q3,25,,,,,,,
jia,output,2004-01/2004-09,50,,,,,,,
jia,output,2004,80,,,,,,,
yi,output,2005-01/2005-09,0,,,,,,,
yi,output,2004-01/2004-09,30,,,,,,,
old1,output,2004-01/2004-09,12,,,,,,,
jia,big,2005-01/2005-09,17,,,,,,,
yi,big,2005-01/2005-09,,not_applicable,,,,,,
yi,big_share,2005-01/2005-09,40,,,,,,,
jia,park,2005-08,7,,,,,,,
jia,park,2005-09,8,,,,,,,
yi,park,2005-01/2005-09,9,,,,,,,
jia,place,2005,3,,,,,,,
jia,done,2005-04,1,,,,,,,
jia,growth,2005-01/2005-09,19.8,,,,,,,
"""
TARGETS = """target,unit,indicator,period,form,value,measure,issuer,document,version,valid_from,schedule
t1,jia,output,2005,absolute,100,,市下达,办法,1,2005-01-01,q:15/25/25/35
t2,jia,output,2005,absolute,90,,市下达,办法,2,2005-07-01,q:15/25/25/35
t3,jia,output,2005,absolute,80,,市下达,办法,10,2005-11-01,
t4,yi,output,2005,growth,10,%,市下达,办法,1,,
t5,jia,done,2005-10,by_date,,,市下达,,,,
t6,jia,park,2005,absolute,10,,市下达,,,,late
t7,yi,park,2005,absolute,10,,市下达,,,,
t8,yi,park,2005,absolute,12,,镇自定,,,,
"""
SCHEDULES = "schedule,month,share\nlate,10,40%\nlate,12,1\n"
SEPTEMBER = Period.parse("2005-09")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "ledger"
    base.mkdir()
    texts = {
        "reporting_units": UNITS,
        "indicators": INDICATORS,
        "observations": OBSERVATIONS,
        "targets": TARGETS,
        "schedules": SCHEDULES,
        "events": "event,unit,kind,date,quantity\ne1,jia,事故,2005-03-02,1\ne2,jia,事故,2004-03-02,1\n",
        "projects": "project,unit,progress\np1,jia,0.95\np2,yi,1\n",
        "weights": "code,Weight\nA,0.5\n",
    }
    for name, text in texts.items():
        (base / f"{name}.csv").write_text(text, encoding="utf-8")
    return base


@pytest.fixture
def data(folder: Path) -> Dataset:
    return open_dataset(folder, period=SEPTEMBER)


def number(data: Dataset, name: str, unit: str = "jia", period: str | None = None) -> Fraction | None:
    column = data.figure(name, Period.parse(period) if period else None)
    return column[data.units.index(unit)].number


def test_units_in_official_order_without_those_that_are_gone(data: Dataset) -> None:
    assert data.units == ("yi", "jia", "xian")
    assert data.attribute("size")[1].value == "大"
    assert data.column_kind("peer_group") == "attribute" and data.column_kind("output") == "indicator"
    assert data.restrict(["jia"]).attribute("name")[0].value == "甲镇"


def test_flows_to_date_and_in_exact_periods(data: Dataset) -> None:
    assert number(data, "output") == 85
    assert number(data, "output", period="2005-Q3") == 25
    assert number(data, "output", period="2005-01/2005-03") == 30
    assert number(data, "output", period="2005-04/2005-06") == 30
    assert number(data, "output", period="2005-08") is None
    assert number(data, "output", unit="yi") == 0
    assert data.figure("output")[2].presence is Presence.MISSING


def test_a_sum_with_an_estimate_is_an_estimate(data: Dataset) -> None:
    cell = data.figure("output", Period.parse("2005-01/2005-07"))[1]
    assert cell.number == 65 and cell.estimated


def test_levels(data: Dataset) -> None:
    assert number(data, "park") == 8 and number(data, "park", period="2005-08") == 7
    assert number(data, "park", unit="yi") == 9
    assert number(data, "place") == 3 and number(data, "done") == 1
    assert number(data, "growth") == Fraction("19.8")


def test_ratios_are_recomputed_from_their_parts(data: Dataset) -> None:
    assert number(data, "big_share") == 100 * Fraction(17, 85)
    undefined = data.figure("big_share")[0]
    assert undefined.presence is Presence.NOT_APPLICABLE


def test_the_target_in_force_and_its_pace(data: Dataset) -> None:
    assert data.target("output")[1].number == 90
    assert data.pace("output")[1].number == Fraction(65, 100)
    assert data.due("output")[1].number == Fraction("58.5")
    assert data.target("output", version="1")[1].number == 100
    assert data.target("output")[0].presence is Presence.MISSING
    assert data.target("done")[1].presence is Presence.NOT_DUE
    assert data.pace("place")[1].number == 1


def test_a_stored_curve_is_not_due_before_its_first_month(folder: Path) -> None:
    chosen = {"issuer": "市下达"}
    before = open_dataset(folder, period=SEPTEMBER)
    after = open_dataset(folder, period=Period.parse("2005-11"))
    assert before.target("park", **chosen)[1].presence is Presence.NOT_DUE
    assert after.pace("park", **chosen)[1].number == Fraction(2, 5)
    assert after.target("done")[1].number == 1


def test_two_issuers_in_force_need_a_choice(data: Dataset) -> None:
    with pytest.raises(DataError, match="yi的 park 同时有几个目标在用:市下达、镇自定"):
        data.target("park")
    assert data.target("park", issuer="镇自定")[0].number == 12


def test_a_merged_unit_is_compared_with_its_predecessors(data: Dataset) -> None:
    assert [cell.number for cell in data.baseline("output")] == [42, 50, None]


def test_events_of_the_year_and_further_tables(data: Dataset) -> None:
    assert data.tables() == {"units", "events", "marks", "tasks", "projects", "weights"}
    assert data.table("events").unit_of == (1,)
    assert data.table("projects").column("progress")[0].number == Fraction("0.95")
    assert data.table("weights").unit_of == (None,)


def test_a_scheme_may_key_a_ledger_table(folder: Path) -> None:
    data = open_dataset(folder, {"weights": TableSpec(key="code")}, SEPTEMBER)
    assert data.reference("weights", "A", "Weight").number == Fraction(1, 2)


def test_revisions_as_of_and_verified_beside_reported(folder: Path) -> None:
    first = Observation(
        "xian", "output", SEPTEMBER.year_to_date(), Fraction(1), recorded_at=datetime(2005, 10, 1)
    )
    second = Observation(
        "xian",
        "output",
        SEPTEMBER.year_to_date(),
        Fraction(2),
        recorded_at=datetime(2005, 10, 5),
        supersedes=datetime(2005, 10, 1),
    )
    verified = Observation(
        "xian",
        "output",
        SEPTEMBER.year_to_date(),
        Fraction(3),
        role=Role.VERIFIED,
        author="统计局",
        recorded_at=datetime(2005, 10, 9),
    )
    append_observations(folder, [second, verified, first])
    for day, expected in ((1, 1), (5, 2), (9, 3)):
        as_of = datetime(2005, 10, day, 12)
        data = open_dataset(folder, period=SEPTEMBER, as_of=as_of)
        assert number(data, "output", "xian") == expected
    assert open_dataset(folder, period=SEPTEMBER).figure("output")[2].assurance == "verified"


def test_append_is_all_or_nothing(folder: Path) -> None:
    before = (folder / "observations.csv").read_bytes()
    good = Observation("jia", "output", Period.parse("2005-10"), Fraction(1))
    with pytest.raises(DataError, match="找不到指标 outputt,是否 output"):
        append_observations(folder, [good, Observation("jia", "outputt", good.period, Fraction(1))])
    with pytest.raises(DataError, match="同一个数有 2 行"):
        append_observations(folder, [good, good])
    assert (folder / "observations.csv").read_bytes() == before
    assert sorted(entry.suffix for entry in folder.iterdir()) == [".csv"] * 8


def test_writing_keeps_what_else_is_in_the_folder(folder: Path) -> None:
    ledger = read_ledger(folder)
    (folder / "schemes").mkdir()
    (folder / "schemes" / "a.yaml").write_text("x", encoding="utf-8")
    write_ledger(ledger, folder)
    assert (folder / "schemes" / "a.yaml").read_text(encoding="utf-8") == "x"
    assert (folder / "datapackage.json").is_file()
    assert facts_hash(read_ledger(folder)) == facts_hash(ledger)
    assert [entry.name for entry in folder.parent.iterdir()] == ["ledger"]
    with pytest.raises(DataError, match="不敢覆盖"):
        write_ledger(ledger, folder / "schemes")


def test_every_fault_of_every_row(folder: Path) -> None:
    (folder / "observations.csv").write_text(
        "unit,indicator,period,value,presence,role\n"
        "jia,output,2005-13,1,,\n"
        "jia,output,2005-02,,present,\n"
        "jia,output,2005-03,约1,,\n"
        "jia,output,2005-04,1,missing,\n"
        "jia,output,2005-05,1,,verified\n"
        ",output,2005-06,1,maybe,\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as error:
        read_ledger(folder)
    text = str(error.value)
    for row in range(2, 8):
        assert f"observations.csv 第 {row} 行" in text
    assert "空白是未报(missing),不是 0" in text and "应写明认定人(author)" in text
    assert "presence 列:应为present、missing、not_applicable、not_due 之一,实为“maybe”" in text


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        ("reporting_units", "a,,,a,,,,,,", "不能是它自己"),
        ("reporting_units", "a,,,b,,,,,,\nb,,,a,,,,,,", "单位的上级互相循环:a → b → a"),
        ("reporting_units", "a,,,nobody,,,,,,", "parent 列:找不到单位 nobody"),
        ("reporting_units", "jia,,,,,,,,,", "单位 jia 重复 2 次"),
        ("indicators", "r,,,ratio,output,", "同时写明"),
        ("indicators", "r,,,ratio,output,nothing", "denominator 列:找不到指标 nothing"),
        ("indicators", "r,,,speed,,", "kind 列:应为flow、"),
        ("targets", "t9,jia,output,2005,absolute,1,,,,,,curve9", "找不到进度表 curve9"),
        ("targets", "t9,jia,output,2005,rank,1.5,,,,,,", "1 以上的整数"),
        ("targets", "t9,jia,output,2005,absolute,1,亩,,,,,", "计量单位 亩 不能换算成 万元"),
        ("schedules", "bad,12,50%", "最后一个月的 share 应为 1"),
        ("schedules", "bad,5,1\nbad,6,50%\nbad,12,1", "不应减少"),
        ("events", "e9,bing,,2005-01-01,", "unit 列:找不到单位 bing"),
        ("projects", "p9,bing,1", "projects.csv 第 4 行:找不到单位“bing”"),
    ],
)
def test_rows_that_do_not_fit(folder: Path, file: str, row: str, message: str) -> None:
    path = folder / f"{file}.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_dataset(folder, period=SEPTEMBER)
    assert message in str(error.value)


def test_unknown_columns_and_bad_descriptors(folder: Path) -> None:
    (folder / "schedules.csv").write_text("schedule,month,shares\na,12,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="缺少列 share") as error:
        read_ledger(folder)
    assert "不认识的列 shares,是否 share?" in str(error.value)
    (folder / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="不是 JSON"):
        read_ledger(folder)
    (folder / "datapackage.json").write_text('{"resources": [{"path": "../x.csv"}]}', encoding="utf-8")
    with pytest.raises(DataError, match="台账文件夹内"):
        read_ledger(folder)


def test_measures_are_converted_to_the_indicators(folder: Path) -> None:
    ytd = SEPTEMBER.year_to_date()
    append_observations(folder, [Observation("xian", "output", ytd, Fraction("6.25"), measure="亿元")])
    assert open_dataset(folder, period=SEPTEMBER).figure("output")[2].number == 62500
    with pytest.raises(DataError, match="计量单位 亩 不能换算成指标的 万元"):
        append_observations(folder, [Observation("xian", "big", ytd, Fraction(1), measure="亩")])


def test_drafts_are_not_figures(folder: Path) -> None:
    draft = Observation("xian", "output", SEPTEMBER.year_to_date(), Fraction(9), assurance=Assurance.DRAFT)
    append_observations(folder, [draft])
    assert open_dataset(folder, period=SEPTEMBER).figure("output")[2].presence is Presence.MISSING


def asked(form: Form, kind: IndicatorKind, base: Cell, measure: str = "") -> Cell:
    target = Target("t", "jia", "i", Period.parse("2005"), form=form, value=Fraction(10), measure="%")
    return target_cell(target, Indicator("i", kind=kind, measure=measure), lambda unit, period: base)


def test_relative_targets_start_from_last_years_whole_year() -> None:
    eighty = Cell(Fraction(80), Presence.PRESENT, estimated=True)
    grown = asked(Form.GROWTH, IndicatorKind.FLOW, eighty)
    assert grown.number == 88 and grown.estimated
    half = Cell(Fraction(50), Presence.PRESENT)
    assert asked(Form.POINTS, IndicatorKind.RATIO, half, "%").number == 60
    assert asked(Form.GROWTH, IndicatorKind.GROWTH, MISSING, "%").number == 10
    assert asked(Form.GROWTH, IndicatorKind.FLOW, Cell(Fraction(0), Presence.PRESENT)).undefined
    assert asked(Form.GROWTH, IndicatorKind.FLOW, MISSING).presence is Presence.MISSING


def test_a_control_number_is_not_negative() -> None:
    with pytest.raises(DataError, match="控制数"):
        Target("t", "u", "i", SEPTEMBER, form=Form.AT_MOST, value=Fraction(-1))
