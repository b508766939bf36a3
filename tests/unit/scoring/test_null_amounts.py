"""Amounts that are not there: a gate's, a multiple's, a mean's, a grade's."""

from __future__ import annotations

from pathlib import Path

import pytest

import kaohe

FIGURES = "unit,a,e\n甲镇,8,\n乙镇,6,1\n"
ENGINES = ("oracle", "duckdb")


def scored(folder: Path, scheme: str, engine: str, figures: str = FIGURES) -> list[dict[str, str]]:
    (folder / "scheme.yaml").write_text(f"scheme: 示例\nlanguage: kaohe/1\n{scheme}", encoding="utf-8")
    (folder / "units.csv").write_text(figures, encoding="utf-8")
    data = folder if "tables:" in scheme else folder / "units.csv"
    return [dict(row) for row in kaohe.score(folder / "scheme.yaml", data, engine=engine).rows]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("effect", "lowered"), [("cap", "1"), ("deduct", "5")])
def test_a_gate_without_its_amount_leaves_the_line_open(
    tmp_path: Path, engine: str, effect: str, lowered: str
) -> None:
    gate = f"{{id: g, when: a > 0, effect: {{{effect}: e}}}}"
    rows = scored(tmp_path, f"figure: 0\nalso:\n  - {{id: a, figure: a, gates: [{gate}]}}\n", engine)
    assert [row["a"] for row in rows] == ["", lowered]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_multiple_of_nothing_is_undefined(tmp_path: Path, engine: str) -> None:
    steps = "also: [{id: a, figure: a, undefined: {points: 7}, steps: [round: {to: e - 1}]}]\n"
    rows = scored(tmp_path, f"figure: 0\n{steps}", engine)
    assert [row["a"] for row in rows] == ["", "7"]


@pytest.mark.parametrize("engine", ENGINES)
def test_grades_down_by_a_figure_that_is_not_there_is_a_fault(tmp_path: Path, engine: str) -> None:
    gate = "gates: [{id: g, when: a > 0, effect: {grade_down: e}}]\n"
    with pytest.raises(kaohe.KaoheError, match=r"空值.未报"):
        scored(tmp_path, f"figure: a\n{gate}grades: [{{grade: 优, at_least: 6}}, {{grade: 差}}]\n", engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_declared_group_without_records_under_peer_mean(tmp_path: Path, engine: str) -> None:
    """The line has no value of its own, so it takes the mean of its peers."""
    (tmp_path / "notes.csv").write_text("unit,kind,mark\n甲镇,报,4\n甲镇,刊,8\n乙镇,报,5\n", encoding="utf-8")
    scheme = (
        "tables:\n  units: {file: units.csv, key: unit}\n  notes: {file: notes.csv, unit: unit}\n"
        "criteria:\n  - id: notes\n    each: notes\n    item: {figure: mark}\n    missing: peer_mean\n"
        "    group_by: {key: kind, combine: mean, weights: {报: 50%, 刊: 50%}}\n"
    )
    rows = scored(tmp_path, scheme, engine)
    assert [row["notes"] for row in rows] == ["6", "6"]
