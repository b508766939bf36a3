"""What the reader of sheets asks because a reading is not proven, and what it takes because it is."""

from __future__ import annotations

import re

import pytest

from kaohe.reading.sheets import Answer, WorkbookReading, read_sheets
from kaohe.reading.sheets.raw import RawCell, RawSheet

PLAIN = """
青山县2025年1-9月各镇工业产值完成情况表(单位:万元)
乡镇|年度目标|1-9月完成|完成率%
城关镇|100|80|80
柳溪镇|200|150|75
东坪镇|300|240|80
合计|600|470|78.3
"""


def read(text: str, answers: tuple[Answer, ...] = ()) -> WorkbookReading:
    """The reading of a sheet written as lines of cells between bars."""
    cells = [
        RawCell(row, column, "number" if re.fullmatch(r"-?\d+(\.\d+)?", part) else "text", part)
        for row, line in enumerate(text.strip().splitlines())
        for column, part in enumerate(line.split("|")) if part
    ]  # fmt: skip
    return read_sheets([RawSheet("Sheet1", tuple(cells))], answers=answers)


def asked(text: str) -> dict[str, str]:
    return {cell.cell: cell.question for cell in read(text).cells if cell.asked}


def test_what_is_said_plainly_is_not_asked() -> None:
    reading = read(PLAIN)
    assert not reading.questions
    assert len(reading.cells) == 12
    assert reading.cells[1].period == "2025-01/2025-09"


@pytest.mark.parametrize(
    ("before", "after", "cells", "says"),
    [
        ("1-9月完成", "1-9月至今", "C3 C4 C5 C6", "至今"),
        ("1-9月完成", "", "C3 C4 C5 C6", "没有表头"),
        ("1-9月完成", "", "D3 D4 D5 D6", "左边的一列"),
        ("1-9月完成", "1-8月完成", "B3 B4 B5 B6 C3 C4 C5 C6 D3 D4 D5 D6", "月份说法不一"),
        ("柳溪镇", "", "B4 C4 D4", "没有写单位"),
        ("合计", "各镇平均", "B6 C6 D6", "平均"),
        ("柳溪镇|200|150|75", "柳溪镇|200|150|0.75", "D4", "75"),
        ("柳溪镇|200|150", "西山镇|110|90|81.8\n柳溪镇|200|0.15", "C5", "相差百倍"),
    ],
)
def test_what_is_not_proven_is_asked(before: str, after: str, cells: str, says: str) -> None:
    assert before in PLAIN
    found = asked(PLAIN.replace(before, after))
    assert [cell for cell in cells.split() if says not in found.get(cell, "")] == []


def test_a_last_row_that_adds_up_the_others_may_be_a_total() -> None:
    found = asked(PLAIN.replace("合计|", "全体|"))
    assert {cell for cell, text in found.items() if "之和" in text} == {"B6", "C6", "D6"}


def test_a_group_that_is_no_heading_belongs_to_the_name_or_not() -> None:
    text = """
城关镇2025年9月信访统计(单位:件)
村|来信||来访|
|初次|重复|初次|重复
东村|1|2|3|4
西村|1|2|3|4
"""
    found = asked(text)
    assert all("初次" in found[f"{column}{row}"] for column in "BD" for row in (4, 5))
    assert all("重复" in found[f"{column}{row}"] for column in "CE" for row in (4, 5))


def test_parts_without_a_whole_and_numbers_without_a_place() -> None:
    text = """
城关镇2025年9月各村情况
村|总人口(人)|其中:女(人)|备注
东村|100|50|
西村|90|40|7
3
"""
    reading = read(text)
    women = next(cell for cell in reading.cells if cell.cell == "C3")
    assert (women.indicator, women.parent, women.asked) == ("女", "总人口", False)
    assert not [q for q in reading.questions if q.cell.startswith("C")]
    assert asked(text.replace("总人口(人)", ""))["C3"]


def test_a_question_covers_no_figure_that_is_plain() -> None:
    text = PLAIN.replace("城关镇|100|80", "城关镇|100|—").replace("东坪镇|300|240", "东坪镇|300|—")
    questions = [q for q in read(text).questions if q.kind == "mark"]
    assert [q.cell for q in questions] == ["C3", "C5"]


def test_an_answer_settles_what_was_doubted() -> None:
    text = PLAIN.replace("1-9月完成", "1-9月至今")
    kept = [Answer("按读出的导入", kind=q.kind, topic=q.topic) for q in read(text).questions]
    assert not read(text, tuple(kept)).questions
    left_out = [Answer("不导入", sheet=q.sheet, cell=q.cell) for q in read(text).questions]
    assert not [cell for cell in read(text, tuple(left_out)).cells if cell.cell.startswith("C")]
