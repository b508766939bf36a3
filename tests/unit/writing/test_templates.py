"""Templates of an office: filled without losing their format, refused with the place that is wrong."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from kaohe.facts.errors import DataError
from kaohe.writing.packages import packed
from kaohe.writing.templates import (
    FIELDS,
    Paper,
    TemplateError,
    Value,
    check_document,
    check_workbook,
    fill_document,
    fill_workbook,
)
from kaohe.writing.templates.making import shipped

ROWS = [
    {"指标": Value("工业总产值"), "累计": Value("预计6.25", Fraction("6.25"), 2, "预计")},
    {"指标": Value("<投资&额>"), "累计": Value("12,000", Fraction(12000))},
    {"指标": Value("=1+1"), "累计": Value("缺报")},
]
PAPER = Paper({"单位": Value("清渚镇"), "月": Value("9", Fraction(9))}, {"行": ROWS})


def bytes_of(thing) -> bytes:
    stream = io.BytesIO()
    thing.save(stream)
    return stream.getvalue()


def document(*paragraphs: str, row: tuple[str, ...] = ()) -> bytes:
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if row:
        table = made.add_table(rows=2, cols=len(row))
        for number, text in enumerate(row):
            table.cell(0, number).text = f"头{number}"
            table.cell(1, number).text = text
    return bytes_of(made)


def book(cells: dict[str, object]):
    made = Workbook()
    for place, value in cells.items():
        made.active[place] = value
    return made


def filled_sheet(made, paper: Paper = PAPER):
    return load_workbook(io.BytesIO(fill_workbook(bytes_of(made), paper))).active


# --- Word ---------------------------------------------------------------------------------------------


def test_a_table_row_is_repeated_and_texts_stay_texts() -> None:
    made = Document(
        io.BytesIO(fill_document(document("{{ 单位 }}{{月}}月", row=("{{行.指标}}", "{{行.累计}}")), PAPER))
    )
    assert made.paragraphs[0].text == "清渚镇9月"
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert rows == [["头0", "头1"], ["工业总产值", "预计6.25"], ["<投资&额>", "12,000"], ["=1+1", "缺报"]]


def test_a_field_split_over_runs_takes_the_format_of_its_first() -> None:
    made = Document()
    paragraph = made.add_paragraph("到")
    for text, bold in (("{{单", True), ("位}", False), ("}止", False)):
        paragraph.add_run(text).bold = bold
    filled = Document(io.BytesIO(fill_document(bytes_of(made), PAPER))).paragraphs[0]
    assert filled.text == "到清渚镇止"
    assert [run.text for run in filled.runs if run.bold] == ["清渚镇"]


def test_headers_and_footers_are_filled_and_paragraphs_repeated() -> None:
    made = Document()
    made.sections[0].footer.paragraphs[0].text = "{{单位}}制"
    made.add_paragraph("{{行.指标}}:{{行.累计}}")
    filled = Document(io.BytesIO(fill_document(bytes_of(made), PAPER)))
    assert filled.sections[0].footer.paragraphs[0].text == "清渚镇制"
    assert [each.text for each in filled.paragraphs] == [
        "工业总产值:预计6.25",
        "<投资&额>:12,000",
        "=1+1:缺报",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{单为}}", "第 1 段:没有“{{单为}}”这个字段"),
        ("{{单位", "没有成对"),
        ("{% for x in y %}", "只能写 {{字段名}}"),
        ("{{ ''.__class__ }}", "没有“{{''.__class__}}”这个字段"),
        ("{{单位|upper}}", "没有“{{单位|upper}}”这个字段"),
        ("{{行.指标}}{{分解.指标}}", "同一行里只能用一类重复的字段"),
    ],
)
def test_what_is_no_field_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(TemplateError) as caught:
        fill_document(document(text), PAPER)
    assert told in str(caught.value)


def test_a_wrong_field_in_a_table_names_table_row_and_cell() -> None:
    with pytest.raises(TemplateError, match=r"第 1 个表第 2 行第 2 格:没有“\{\{行\.累记\}\}”这个字段.*累计"):
        check_document(document("好", row=("{{行.指标}}", "{{行.累记}}")))


# --- Excel --------------------------------------------------------------------------------------------


def test_a_row_is_repeated_with_its_format_and_formulas_follow() -> None:
    made = book(
        {"A1": "{{单位}}", "A3": "{{行.指标}}", "B3": "{{行.累计}}", "C3": "=B3/B$5", "A5": "合计",
         "B5": "=SUM(B3:B3)",
         "D5": "=B5*2", "A6": "{{单位}}制"}
    )  # fmt: skip
    sheet = made.active
    sheet["A3"].font = Font(name="仿宋_GB2312", size=12)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A6:C6")
    sheet.row_dimensions[3].height, sheet.row_dimensions[6].height = 22, 40
    sheet.column_dimensions["A"].width = 33
    done = filled_sheet(made)
    assert [done[f"A{row}"].value for row in range(3, 6)] == ["工业总产值", "<投资&额>", "=1+1"]
    assert [done[f"B{row}"].value for row in range(3, 6)] == [6.25, 12000, "缺报"]
    assert done["A5"].data_type == "s" and done["A5"].font.name == "仿宋_GB2312"
    assert [done[f"C{row}"].value for row in (3, 4, 5)] == ["=B3/B$7", "=B4/B$7", "=B5/B$7"]
    assert (done["B7"].value, done["D7"].value) == ("=SUM(B3:B5)", "=B7*2")
    assert {str(area) for area in done.merged_cells.ranges} == {"A1:C1", "A8:C8"}
    assert [done.row_dimensions[row].height for row in (3, 4, 5, 8)] == [22, 22, 22, 40]
    assert done.column_dimensions["A"].width == 33


def test_a_number_keeps_the_template_format_and_its_mark_is_seen() -> None:
    made = book({"A1": "{{行.累计}}"})
    made.active["A1"].number_format = "#,##0.000"
    done = filled_sheet(made)
    assert (done["A1"].number_format, done["A2"].number_format) == ('"预计"#,##0.000', "#,##0.000")
    assert filled_sheet(book({"A1": "{{行.累计}}"}))["A1"].number_format == '"预计"0.00'


def test_a_number_of_more_digits_than_excel_keeps_is_a_text() -> None:
    paper = Paper({"单位": Value("1234567890123456.5", Fraction("1234567890123456.5"), 1)})
    assert filled_sheet(book({"A1": "{{单位}}"}), paper)["A1"].value == "1234567890123456.5"


def test_other_sheets_speak_of_the_rows_where_they_now_are() -> None:
    made = book({"A1": "{{行.累计}}", "A2": "=SUM(A1:A1)"})
    made.active.title = "数 据"
    other = made.create_sheet("汇总")
    other["A1"], other["A2"] = "='数 据'!A2", "=A2"
    done = load_workbook(io.BytesIO(fill_workbook(bytes_of(made), PAPER)))
    assert done["汇总"]["A1"].value == "='数 据'!A4" and done["汇总"]["A2"].value == "=A2"


def test_a_wrong_field_in_a_sheet_names_sheet_and_cell_and_all_are_told() -> None:
    with pytest.raises(TemplateError) as caught:
        check_workbook(bytes_of(book({"B2": "{{目标}}", "C7": "={{单位}}"})))
    assert len(caught.value.messages) == 2
    assert "工作表“Sheet”B2:没有“{{目标}}”这个字段" in caught.value.messages[0]
    assert "工作表“Sheet”C7:公式里不能写字段" in caught.value.messages[1]


def test_hostile_packages_are_refused_before_they_are_opened() -> None:
    good = bytes_of(book({"A1": "x"}))
    with pytest.raises(DataError, match="不完整"):
        check_workbook(good[:100])
    with pytest.raises(DataError, match="宏"):
        check_workbook(packed([("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"")]))
    with pytest.raises(DataError, match="压缩炸弹"):
        check_workbook(packed([("xl/workbook.xml", b"0" * 20_000_000)]))
    far = book({"A1": "x"})
    far.active["XFD1048576"] = "y"
    with pytest.raises(DataError, match="XFD1048576"):
        check_workbook(bytes_of(far))
    with pytest.raises(DataError, match=r"不是 \.docx 文稿"):
        check_document(good)


# --- what is shipped ----------------------------------------------------------------------------------


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts of a package but for its properties, which hold the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name != "docProps/core.xml"]
        return {name: package.read(name) for name in names}


def test_the_shipped_templates_are_as_they_are_made_and_use_known_fields() -> None:
    folder = files("kaohe.writing.templates") / "shipped"
    for name, content in shipped().items():
        kept = (folder / name).read_bytes()
        (check_document if name.endswith("docx") else check_workbook)(kept)
        assert _parts(kept) == _parts(content), name


def test_the_same_paper_gives_the_same_bytes() -> None:
    for name, content in shipped().items():
        fill = fill_document if name.endswith("docx") else fill_workbook
        assert fill(content, PAPER) == fill(content, PAPER)


def test_every_field_is_documented_once() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names)) and all(field.meaning for field in FIELDS)
    assert (
        Decimal("6.25") == Decimal(str(ROWS[0]["累计"].number.numerator)) / ROWS[0]["累计"].number.denominator
    )
