"""Lint with figures at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kaohe
from kaohe.facts.errors import DataError, SchemeError

HEAD = "scheme: 示例\nlanguage: kaohe/1\ndefaults: {assessor: 县统计局, missing: block, undefined: block}\n"
FIGURES = "unit,a,b,c\n甲镇,10,1,5\n乙镇,10,2,-5\n丙镇,10,3,4\n丁镇,10,4,3\n"


def told(folder: Path, scheme: str, figures: str = FIGURES) -> set[tuple[str, str]]:
    path, data = folder / "s.yaml", folder / "data.csv"
    path.write_text(HEAD + scheme, encoding="utf-8")
    data.write_text(figures, encoding="utf-8")
    return {(found.id, found.message) for found in kaohe.lint(path, data)}


def line(keys: str) -> str:
    return f"criteria:\n  - {{id: n, name: 某项, points: 10, clause: 原文, {keys}}}\n"


def test_names_that_the_data_do_not_have(tmp_path: Path) -> None:
    found = told(tmp_path, line("figure: aa + bb"))
    assert [identifier for identifier, _ in found] == ["cannot-be-bound"]
    assert "找不到指标" in next(iter(found))[1]


def test_a_dead_line_and_a_saturated_one(tmp_path: Path) -> None:
    assert told(tmp_path, line("figure: a")) == {("dead-line", "某项没有区分度:4 个单位得分相同")}
    assert told(tmp_path, line("figure: b")) == set()
    rows = "".join(f"镇{i},{9 if i else 8}\n" for i in range(12))
    found = told(tmp_path, line("figure: a, steps: [add: 1]"), f"unit,a\n{rows}")
    assert found == {("saturated-line", "某项几乎都得满分:12 个单位中 11 个")}


def test_few_units_tell_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, line("figure: a"), "unit,a\n甲镇,10\n乙镇,10\n") == set()


def test_a_band_that_nothing_covers_does_not_hide_the_other_lines(tmp_path: Path) -> None:
    scheme = """criteria:
  - id: gap
    name: 分段
    points: 5
    clause: 原文
    figure: b
    steps: [bands: [{below: 2, points: 0}, {above: 3, points: 5}]]
  - {id: n, name: 某项, points: 10, clause: 原文, figure: a}
"""
    found = dict(told(tmp_path, scheme))
    assert found.keys() == {"cannot-be-scored", "dead-line"}
    assert "分段没有覆盖 2(乙镇)" in found["cannot-be-scored"]


def test_scores_outside_their_points(tmp_path: Path) -> None:
    found = [
        message for identifier, message in told(tmp_path, line("figure: c")) if identifier == "outside-points"
    ]
    assert len(found) == 1 and "乙镇" in found[0]


def test_geometric_mean_of_a_negative(tmp_path: Path) -> None:
    scheme = "combine: geometric\ncriteria:\n  - {id: c, name: 增减, figure: c}\n  - {id: b, figure: b}\n"
    found = dict(told(tmp_path, scheme))
    assert found["geometric-negative"] == "示例按几何平均合成,但增减为负(乙镇),负数没有几何平均"


def ledger(folder: Path) -> Path:
    """Two towns, an indicator of which less is better and one that is a ratio."""
    data = folder / "ledger"
    data.mkdir()
    figures = [f"{unit},{name},2024-01/2024-09,5" for unit in ("甲镇", "乙镇") for name in ("cases", "share")]
    tables = {
        "reporting_units": "unit,name,kind\n甲镇,甲镇,town\n乙镇,乙镇,town\n",
        "indicators": "indicator,name,measure,kind,direction\n"
        "cases,发案数,件,flow,down\nshare,占地面积,%,ratio,up\n",
        "observations": "\n".join(["unit,indicator,period,value", *figures]) + "\n",
    }
    for name, text in tables.items():
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables]
    (data / "datapackage.json").write_text(
        json.dumps({"name": "x", "resources": resources}), encoding="utf-8"
    )
    return data


def test_definitions_of_indicators(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        HEAD + "period: 2024-09\ncriteria:\n"
        "  - {id: order, name: 治安, figure: cases, steps: [rank: {first: high}]}\n"
        "  - {id: right, figure: cases, steps: [rank: {first: low}]}\n"
        "  - {id: land, name: 土地, figure: yoy(share)}\n",
        encoding="utf-8",
    )
    found = {(item.id, item.position.line) for item in kaohe.lint(path, ledger(tmp_path))}
    assert {("wrong-end-first", 6), ("yoy-of-share", 8)} <= found
    assert ("wrong-end-first", 7) not in found
    sentences = [item.sentence for item in kaohe.read_back(path, tmp_path / "ledger")]
    assert sentences[1] == "治安:按发案数在同类中由高到低排名"


def test_strict_makes_errors_of_warnings(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("scheme: 示例\nlanguage: kaohe/1\nscale: 5\nfigure: a\n", encoding="utf-8")
    assert {found.severity for found in kaohe.lint(path)} == {"warning"}
    assert {found.severity for found in kaohe.lint(path, strict=True)} == {"error"}


def test_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    with pytest.raises(SchemeError):
        kaohe.lint(path)
    path.write_text(HEAD + "figure: a\nsteps: [cpa: 1, flor: 2]\n", encoding="utf-8")
    assert [(found.id, found.position.line) for found in kaohe.lint(path)] == [("unreadable", 5)] * 2
    path.write_text(HEAD + "figure: a\n", encoding="utf-8")
    with pytest.raises(DataError):
        kaohe.lint(path, tmp_path / "none.csv")


DEMO = Path(kaohe.__file__).parent / "demo"


@pytest.mark.parametrize("scheme", ["county.yaml", "town.yaml"])
def test_no_false_alarm_on_the_demo(scheme: str) -> None:
    assert kaohe.lint(DEMO / scheme, DEMO / "ledger") == ()
