"""A year without events: the table has its header only."""

from __future__ import annotations

from pathlib import Path

import pytest

import kaohe

SCHEME = """
scheme: 无事件
language: kaohe/1
tables:
  units: {file: units.csv, key: unit}
  incidents: {file: incidents.csv, unit: unit}
criteria:
  - id: safety
    points: 10
    each: incidents
    where: level = "重大"
    item: {figure: {by: level, 重大: 6, 一般: 2}}
    combine: sum
    steps: [calc: 10 - x, floor: 0]
gates:
  - {id: veto, when: 'count(incidents, where=level = "重大") >= 1', effect: {cap: 5}, basis: 示例(虚构)}
"""


@pytest.mark.parametrize("engine", ["oracle", "duckdb"])
def test_no_incident_costs_nothing(tmp_path: Path, engine: str) -> None:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "units.csv").write_text("unit\n甲镇\n乙镇\n", encoding="utf-8")
    (tmp_path / "incidents.csv").write_text("unit,level,quantity\n", encoding="utf-8")
    sheet = kaohe.score(tmp_path / "scheme.yaml", tmp_path, engine=engine)
    assert [row["safety"] for row in sheet.rows] == ["10", "10"]
    assert [row["gates"] for row in sheet.rows] == ["", ""]
