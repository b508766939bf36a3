"""Makes the templates that are shipped: ``python -m kaohe.writing.templates.making FOLDER``.

They are ordinary files that an office may take, change and hand in again; page and fonts are those of official
documents (A4, GB/T 9704 margins).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaohe.writing.packages import repacked

TITLE, BODY, NOTE, HEADING = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"

Columns = Sequence[tuple[str, str, float]]

_BREAKDOWN: Columns = (
    ("序号", "目标.序号", 11), ("目标任务", "目标.指标", 52), ("计量单位", "目标.计量单位", 18),
    ("年度目标", "目标.年度目标", 27), ("下达单位", "目标.下达单位", 30), ("责任领导", "目标.责任领导", 26),
    ("牵头单位", "目标.牵头单位", 28), ("责任人", "目标.责任人", 26), ("备注", "目标.标注", 33),
)  # fmt: skip
_SHARES: Columns = (
    ("序号", "分解.序号", 11), ("目标任务", "分解.指标", 60), ("计量单位", "分解.计量单位", 22),
    ("年度目标", "分解.年度目标", 34), ("承担单位", "分解.承担单位", 48), ("分解目标", "分解.分解目标", 36),
    ("责任人", "分解.责任人", 40),
)  # fmt: skip
_PROGRESS: Columns = (
    ("序号", "行.序号", 10), ("指标", "行.指标", 48), ("计量单位", "行.计量单位", 17),
    ("年度目标", "行.年度目标", 25), ("累计", "行.累计", 27), ("完成率 %", "行.完成率", 18),
    ("时序 %", "行.时序", 17), ("同比 %", "行.同比", 22), ("状态", "行.状态", 17),
    ("责任人", "行.责任人", 25), ("备注", "行.标注", 25),
)  # fmt: skip
_BEHIND: Columns = (
    ("指标", "滞后.指标", 40), ("计量单位", "滞后.计量单位", 15), ("年度目标", "滞后.年度目标", 22),
    ("累计", "滞后.累计", 22), ("完成率 %", "滞后.完成率", 17), ("比时序 百分点", "滞后.比时序", 18),
    ("责任人", "滞后.责任人", 22),
)  # fmt: skip


def shipped() -> dict[str, bytes]:
    """The templates by file name."""
    return {
        "目标任务分解表.docx": _document(_breakdown_document),
        "目标任务分解表.xlsx": _workbook("{{单位}}{{年}}年目标任务分解表", "", _BREAKDOWN, "目标任务分解表"),
        "完成情况表.docx": _document(_progress_document),
        "完成情况表.xlsx": _workbook("{{单位}}主要指标完成情况表", "{{期间}}", _PROGRESS, "完成情况表"),
        "通报.docx": _document(_bulletin),
    }


# --- Word -------------------------------------------------------------------------------------------------


def _document(write: Any) -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.author, document.core_properties.comments = "考核", ""
    write(document)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _page(document: Any, *, wide: bool) -> None:
    """A4 with the margins of GB/T 9704: 37 mm above, 28 mm on the inner side, a text block of 156 by 225 mm."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    if wide:
        section.top_margin, section.bottom_margin = Mm(28), Mm(24)
        section.left_margin, section.right_margin = Mm(23), Mm(23)
    else:
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(15)
    _font(document.styles["Normal"], BODY, Pt(12))
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    _line(section.footer.paragraphs[0], "{{页脚}}", NOTE, 9)


def _font(part: Any, name: str, size: Any) -> None:
    from docx.oxml.ns import qn

    part.font.name, part.font.size = name, size
    fonts = part.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(slot), name)


def _line(paragraph: Any, text: str, font: str = BODY, size: float = 12, align: str = "left") -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    _font(paragraph.add_run(text), font, Pt(size))
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    return paragraph


def _title(document: Any, text: str, below: str = "") -> None:
    from docx.shared import Pt

    title = _line(document.add_paragraph(), text, TITLE, 22, "center")
    title.paragraph_format.space_after = Pt(6)
    if below:
        _line(document.add_paragraph(), below, NOTE, 14, "center").paragraph_format.space_after = Pt(6)


def _table(document: Any, columns: Columns, size: float) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=2, cols=len(columns), style="Table Grid")
    table.autofit = False
    for number, (head, field, width) in enumerate(columns):
        table.columns[number].width = Mm(width)
        for row, text, font in ((0, head, HEADING), (1, f"{{{{{field}}}}}", BODY)):
            cell = table.cell(row, number)
            cell.width = Mm(width)
            _line(cell.paragraphs[0], text, font, size, _alignment(row, field))
    _mark(table.rows[0], "w:tblHeader")
    for row in table.rows:
        _mark(row, "w:cantSplit")


_RIGHT = ("年度目标", "累计", "完成率", "时序", "同比", "比时序", "分解目标")


def _alignment(row: int, field: str) -> str:
    name = field.partition(".")[2]
    return (
        "center"
        if row == 0 or name in ("序号", "计量单位", "状态")
        else "right"
        if name in _RIGHT
        else "left"
    )


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _legend(document: Any) -> None:
    from docx.shared import Pt

    _line(document.add_paragraph(), "{{图例}}", NOTE, 10.5).paragraph_format.space_before = Pt(6)


def _breakdown_document(document: Any) -> None:
    _page(document, wide=True)
    _title(document, "{{单位}}{{年}}年目标任务分解表")
    _table(document, _BREAKDOWN, 10.5)
    heading = _line(document.add_paragraph(), "分解到单位的目标", HEADING, 14)
    heading.paragraph_format.keep_with_next = True
    _table(document, _SHARES, 10.5)
    _legend(document)


def _progress_document(document: Any) -> None:
    _page(document, wide=True)
    _title(document, "{{单位}}主要指标完成情况表", "（{{期间}}）")
    _table(document, _PROGRESS, 10.5)
    _legend(document)


def _bulletin(document: Any) -> None:
    from docx.shared import Pt

    _page(document, wide=False)
    _title(document, "{{单位}}目标任务完成情况通报", "（{{期间}}）")
    for text in (
        "到{{月}}月底,全年时间过去{{时序进度}}%。列入考核的指标{{指标数}}项,其中有年度目标的{{有目标数}}项:"
        "正常{{正常数}}项,关注{{关注数}}项,滞后{{滞后数}}项;未到期{{未到期数}}项,缺报{{缺报数}}项,"
        "未上报{{未上报数}}项。",
        "按《{{办法}}》暂计,总分{{总分}}分(满分{{满分}}分),在{{参评单位数}}个单位中暂列第{{名次}}名。",
        "落后时序的指标如下(按差距从大到小):",
    ):
        paragraph = _line(document.add_paragraph(), _full_width(text), BODY, 14)
        paragraph.paragraph_format.first_line_indent = Pt(28)
        paragraph.paragraph_format.line_spacing = Pt(26)
    _table(document, _BEHIND, 10.5)
    _legend(document)
    signed = _line(document.add_paragraph(), "{{单位}}", BODY, 14, "right")
    signed.paragraph_format.space_before = Pt(12)
    _line(document.add_paragraph(), "{{制表日期}}", BODY, 14, "right")


def _full_width(text: str) -> str:
    return text.translate(str.maketrans(",:;()", "，：；（）"))


def official_page(document: Any) -> None:
    """Sets a document to an upright official page without a footer; for covers."""
    _page(document, wide=False)
    document.sections[0].footer.paragraphs[0].clear()


def text_line(
    document: Any, text: str, font: str, size: float, align: str = "left", *, before: float = 0
) -> None:
    """A paragraph in one of the official fonts."""
    from docx.shared import Pt

    _line(document.add_paragraph(), text, font, size, align).paragraph_format.space_before = Pt(before)


# --- Excel ------------------------------------------------------------------------------------------------


def _workbook(title: str, below: str, columns: Columns, sheet_name: str) -> bytes:
    from xlsxwriter import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet(sheet_name)
    _set_sheet(sheet, len(columns))
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, book.add_format(_style(TITLE, 18)))
    sheet.set_row(0, 32)
    if below:
        sheet.merge_range(1, 0, 1, last, below, book.add_format(_style(NOTE, 12)))
    head, body = 2, 3
    for number, (name, field, width) in enumerate(columns):
        sheet.set_column(number, number, width / 2)
        sheet.write(head, number, name, book.add_format(_style(HEADING, 11, border=1, text_wrap=True)))
        align = _alignment(1, field)
        told = _style(BODY, 11, border=1, align=align, text_wrap=align == "left")
        sheet.write(body, number, f"{{{{{field}}}}}", book.add_format(told))
    note = book.add_format(_style(NOTE, 10, align="left", text_wrap=True))
    for row, text in ((body + 1, "{{图例}}"), (body + 2, "{{页脚}}")):
        sheet.merge_range(row, 0, row, last, text, note)
        sheet.set_row(row, 44)
    sheet.repeat_rows(head)
    book.close()
    return repacked(made.getvalue())


def _set_sheet(sheet: Any, columns: int) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.8, right=0.8, top=1.0, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页,共 &N 页")
    sheet.hide_gridlines(2)


def _style(font: str, size: float, **more: Any) -> dict[str, Any]:
    return {"font_name": font, "font_size": size, "align": "center", "valign": "vcenter", **more}


def main(folder: str) -> None:
    """Writes the templates into a folder."""
    for name, content in shipped().items():
        (Path(folder) / name).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
