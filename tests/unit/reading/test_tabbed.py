"""Tables that no rule borders: tabs and wide blanks in plain text, gaps in a PDF."""

from __future__ import annotations

import pytest

from kaohe.reading.reader import read_text
from kaohe.reading.tabbed import tabbed_tables

ROWS = (
    ("指标", "单位", "完成", "同比增长(%)"),
    ("粮食产量", "万吨", "12.4", "1.5"),
    ("税收", "万元", "860", "-3.1"),
)


def table_of(apart: str) -> str:
    return "如下表:\n" + "\n".join(apart.join(row) for row in ROWS) + "\n以上为初步数。"


@pytest.mark.parametrize("apart", ["\t", "   ", "\u3000\u3000"])
def test_cells_apart(apart: str) -> None:
    (table,) = tabbed_tables(table_of(apart))
    assert (table.height, table.width) == (3, 4)


@pytest.mark.parametrize("apart", ["\t", "   "])
def test_the_claims_of_a_plain_table(apart: str) -> None:
    claims = read_text(table_of(apart))
    assert [(claim.text, claim.unit, claim.indicator) for claim in claims] == [
        ("12.4", "万吨", "粮食产量"),
        ("1.5", "%", "粮食产量"),
        ("860", "万元", "税收"),
        ("-3.1", "%", "税收"),
    ]
    assert claims[3].relation_to == claims[2].id


@pytest.mark.parametrize(
    "text",
    [
        "全镇共有  12个村,  人口3万人。\n其中  农业人口2万人,  劳动力1万人。\n另有  学生800人。",
        "报:县委办公室\t县政府办公室\n发:各村\t各单位",
        "第一行  第二列\n只有两行  12",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert list(tabbed_tables(text)) == []
