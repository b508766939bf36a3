"""The binder of a year's evidence: a zip with a cover, an index, and the files by number.

The same evidence gives the same bytes: names, order and times come from the ledger, none from the clock.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils import timezone

from kaohe.web.documents.admitting import safe_name
from kaohe.web.documents.evidence import EvidencePage, Filed, Subject
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.models import ReportingUnit
from kaohe.writing.packages import member, repacked

_HEAD = ("编号", "评分项或指标", "所需材料", "文件", "大小", "归档人", "归档时间", "SHA-256")


def binder(unit: ReportingUnit, year: int, page: EvidencePage) -> IO[bytes]:
    """The binder as an open file; whoever opens it checks each file against its hash in the index."""
    rows = list(_rows(page))
    made = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(member("封面.docx"), _cover(unit, year, page))
        package.writestr(member("目录.xlsx"), _index(unit, year, rows))
        for subject in page.subjects:
            for filed in subject.files:
                place = member(_path(subject, filed))
                with path_of(filed.link.file.sha256).open("rb") as source, package.open(place, "w") as target:
                    shutil.copyfileobj(source, target)
    made.seek(0)
    return made


def _path(subject: Subject, filed: Filed) -> str:
    folder = safe_name(f"{subject.number:02d} {subject.name}.x").removesuffix(".x")
    return f"{folder}/{filed.number} {safe_name(filed.link.file.name)}"


def _rows(page: EvidencePage) -> Iterator[tuple[str, ...]]:
    for subject in page.subjects:
        for need in subject.requirements:
            yield from (_row(subject, need.text, filed) for filed in need.files)
            if not need.files:
                yield ("", subject.name, need.text, "缺", "", "", "", "")
        yield from (_row(subject, "其他", filed) for filed in subject.others)


def _row(subject: Subject, need: str, filed: Filed) -> tuple[str, ...]:
    file = filed.link.file
    at = timezone.localtime(file.at).strftime("%Y-%m-%d %H:%M")
    return (
        filed.number,
        subject.name,
        need,
        _path(subject, filed),
        f"{file.size:,}",
        file.filed_by.name,
        at,
        file.sha256,
    )


def _index(unit: ReportingUnit, year: int, rows: list[tuple[str, ...]]) -> bytes:
    from xlsxwriter import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet("佐证材料目录")
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 16, "align": "center"})
    head = book.add_format({"font_name": "黑体", "border": 1, "align": "center"})
    body = book.add_format({"font_name": "仿宋_GB2312", "border": 1, "text_wrap": True, "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, len(_HEAD) - 1, f"{unit.name}{year}年度考核佐证材料目录", title)
    for column, (name, width) in enumerate(zip(_HEAD, (8, 24, 18, 48, 12, 12, 17, 68), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, head)
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, body)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    return repacked(made.getvalue())


def _cover(unit: ReportingUnit, year: int, page: EvidencePage) -> bytes:
    from docx import Document

    from kaohe.writing.templates.making import BODY, HEADING, TITLE, official_page, text_line

    document = Document()
    official_page(document)
    text_line(document, unit.name, TITLE, 26, "center", before=120)
    text_line(document, f"{year}年度考核佐证材料", TITLE, 26, "center")
    text_line(document, f"《{page.scheme}》" if page.scheme else "", BODY, 16, "center", before=24)
    told = f"应有 {page.needed} 项，已有 {page.there} 项，尚缺 {page.missing} 项"
    text_line(document, told, BODY, 16, "center", before=24)
    for subject in page.subjects:
        if subject.files or subject.requirements:
            lack = f"，缺 {'、'.join(need.text for need in subject.missing)}" if subject.missing else ""
            text_line(document, f"{subject.number}　{subject.name}：{len(subject.files)} 份{lack}", BODY, 12)
    text_line(document, "（盖章）", HEADING, 16, "right", before=36)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())
