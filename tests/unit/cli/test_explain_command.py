"""``kaohe explain``: the working as table, JSON and a sheet to sign."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from click.testing import CliRunner, Result
from docx import Document

from kaohe.cli import main
from kaohe.demo import folder

COUNTY, LEDGER = folder() / "county.yaml", folder() / "ledger"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["explain", str(COUNTY), str(LEDGER), *map(str, arguments)])


def test_table_shows_the_arithmetic() -> None:
    shown = run("清渚镇", "地方税收").stdout
    assert "597.46 ÷ 682.05" in shown
    assert "909.4 万元" in shown
    assert "speech.txt#" in shown
    assert "每超时序5个百分点加0.5分" in shown
    assert "179238/22735 ≈ 7.883791511" in shown


def test_json_keeps_the_exact_number() -> None:
    node = json.loads(run("qingzhu", "local_tax_income", "--format", "json").stdout)["nodes"][0]
    assert node["value"]["exact"] == "179238/22735"
    assert node["figure"]["filled"] == "597.46 ÷ 682.05"
    assert [step["kind"] for step in node["steps"]] == ["curve", "bonus"]
    assert node["steps"][0]["rule"] == "by_schedule"


def test_whole_tree_of_a_provisional_unit() -> None:
    result = run("ding")
    assert result.exit_code == 0
    assert "可能范围" in result.stdout
    assert "较大安全事故一票否决" in result.stdout


def test_document_is_a_sheet_to_sign(tmp_path: Path) -> None:
    place = tmp_path / "计分说明.docx"
    assert run("qingzhu", "local_tax_income", "-o", place).exit_code == 0
    document = Document(str(place))
    words = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert words[0] == "清渚镇(示例)计分说明"
    assert "【演示数据】" in words
    assert "按时序进度得分;每超时序5个百分点加0.5分,最多加1分" in cells
    assert "597.46 万元" in cells
    assert any("597.46 ÷ 682.05" in word for word in words)
    assert any("被考核单位(盖章)" in cell for cell in cells)


def test_document_names_the_official_fonts(tmp_path: Path) -> None:
    place = tmp_path / "w.docx"
    run("qingzhu", "finance", "-o", place)
    with zipfile.ZipFile(io.BytesIO(place.read_bytes())) as packed:
        content = packed.read("word/document.xml").decode()
    for font in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:eastAsia="{font}"' in content
