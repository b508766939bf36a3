"""Files of every format and of every kind of damage."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter
from pypdf import PdfWriter

from kaohe.facts.errors import DataError
from kaohe.reading import open_document, read

SENTENCE = "1—9月,全镇实现工业产值6.25亿元,同比增长41%。"


@pytest.fixture
def word(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("清渚镇工作总结")
    document.add_paragraph("一、经济")
    document.add_paragraph(SENTENCE)
    table = document.add_table(rows=3, cols=4)
    rows = [
        ("指标", "2023年", "2024年", "增长(%)"),
        ("财政收入(万元)", "1200", "1500", "25.0"),
        ("合格率(%)", "95", "96.5", ""),
    ]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.add_paragraph("二、民生")
    place = tmp_path / "总结.docx"
    document.save(str(place))
    return place


def made(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    assert open_document(made(tmp_path, "a.txt", SENTENCE.encode(encoding))).text == SENTENCE


def test_a_text_is_taken_unchanged(tmp_path: Path) -> None:
    text = "  标题\r\n\r\n产值 6.25亿元\t\n"
    assert open_document(made(tmp_path, "a.txt", text.encode())).text == text


def test_word_paragraphs_and_tables_in_order(word: Path) -> None:
    document = open_document(word)
    lines = document.text.splitlines()
    assert lines[:3] == ["清渚镇工作总结", "一、经济", SENTENCE]
    assert lines[3] == "指标\t2023年\t2024年\t增长(%)"
    assert lines[-1] == "二、民生"
    assert [section.number for section in document.sections] == ["一、", "二、"]


def test_word_paragraphs_know_their_place(word: Path) -> None:
    origins = [paragraph.origin for paragraph in open_document(word).paragraphs]
    assert origins[:3] == [0, 1, 2]
    assert origins == sorted(origins)  # type: ignore[type-var]


def test_table_claims(word: Path) -> None:
    claims = {claim.text: claim for claim in read(word)}
    revenue, growth, rate = claims["1500"], claims["25.0"], claims["96.5"]
    assert (revenue.indicator, revenue.unit, revenue.period, str(revenue.months)) == (
        "财政收入",
        "万元",
        "2024年",
        "2024",
    )
    assert (growth.kind, growth.unit, growth.relation_to) == ("growth", "%", revenue.id)
    assert (rate.kind, rate.unit, rate.indicator) == ("rate", "%", "合格率")


def test_a_page_keeps_the_site_apart(tmp_path: Path) -> None:
    page = (
        '<html><head><title>x</title></head><body><div class="nav"><a href="1">首页</a></div>'
        f"<h1>清渚镇报告</h1><p>{SENTENCE}</p><p>共<b>3</b>个村</p>"
        '<div class="footer">访问量 12345 次</div><script>var a=9;</script></body></html>'
    )
    document = open_document(made(tmp_path, "a.html", page.encode()))
    apart = [document.text[span.start : span.end] for span in document.boilerplate]
    assert {"首页", "访问量 12345 次"} <= set(apart)
    assert [claim.text for claim in read(tmp_path / "a.html")] == ["6.25亿元", "41%", "3个"]


def written_pdf(*lines: str) -> bytes:
    """A page of ASCII lines, by hand: what a printer driver would write; tabs lead to columns."""
    shown = "".join(
        f"BT /F1 12 Tf {50 + 120 * column} {700 - 20 * at} Td ({part}) Tj ET "
        for at, line in enumerate(lines)
        for column, part in enumerate(line.split("\t"))
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}\nendstream\n",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def test_a_pdf_line_by_line_without_page_numbers(tmp_path: Path) -> None:
    place = made(tmp_path, "a.pdf", written_pdf("GDP 6.25%", "Export 52%", "- 3 -"))
    assert open_document(place).text.splitlines() == ["GDP 6.25%", "Export 52%"]


def test_columns_of_a_pdf_without_rules(tmp_path: Path) -> None:
    rows = ("Item\tDone\tGrowth", "GDP\t86.5\t7.2", "Export\t45.2\t-3.1")
    document = open_document(made(tmp_path, "a.pdf", written_pdf("Report", *rows, "The end")))
    (table,) = document.tables
    assert (table.height, table.width) == (3, 3)
    assert document.text.splitlines() == ["Report", *rows, "The end"]


@pytest.mark.slow
def test_an_old_word_file(word: Path) -> None:
    """With LibreOffice it is read; without, the message says what to install."""
    if not shutil.which("soffice"):
        place = made(word.parent, "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
        with pytest.raises(DataError, match="LibreOffice"):
            open_document(place)
        return
    profile = f"-env:UserInstallation=file://{word.parent}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        str(word.parent),
        str(word),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert "6.25亿元" in [claim.text for claim in read(word.with_suffix(".doc"))]


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 70_000_000)
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet()
    book.close()
    return stream.getvalue()


def noise() -> bytes:
    return random.Random(7).randbytes(5000)


BAD = {
    "empty": ("a.docx", lambda: b"", "文件是空的"),
    "blank": ("a.txt", lambda: b" \n\n", "没有文字"),
    "binary": ("a.txt", noise, "二进制"),
    "binary without zeros": ("b.txt", lambda: noise().replace(b"\0", b"\1"), "二进制"),
    "cut text": ("c.txt", lambda: "全镇产值".encode()[:-1], "截断"),
    "locked pdf": ("a.pdf", locked_pdf, "有密码"),
    "cut pdf": ("b.pdf", lambda: blank_pdf()[:-80], "不完整"),
    "scanned pdf": ("c.pdf", blank_pdf, "扫描"),
    "not a pdf": ("d.pdf", lambda: SENTENCE.encode(), "内容却是纯文本"),
    "not a word file": ("b.docx", blank_pdf, "内容却是PDF"),
    "workbook": ("c.docx", workbook, "工作簿"),
    "bomb": ("d.docx", bomb, "压缩炸弹"),
    "locked word": (
        "e.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "后缀|密码",
    ),
    "empty page": ("a.html", lambda: b"<html><body></body></html>", "没有文字"),
}


@pytest.mark.parametrize(("name", "content", "said"), BAD.values(), ids=BAD)
def test_bad_files(name: str, content: object, said: str, tmp_path: Path) -> None:
    place = made(tmp_path, name, content())  # type: ignore[operator]
    with pytest.raises(DataError, match=said) as caught:
        open_document(place)
    assert caught.value.messages[0].startswith(name)


def test_a_cut_word_file(word: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="不完整"):
        open_document(made(tmp_path, "短.docx", word.read_bytes()[:9000]))


def test_an_absent_file_suggests_its_neighbour(word: Path) -> None:
    with pytest.raises(DataError, match=r"是否 总结\.docx"):
        open_document(word.with_name("总截.docx"))


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="实为文件夹"):
        open_document(tmp_path)


def test_the_limit_of_characters(tmp_path: Path) -> None:
    place = made(tmp_path, "a.txt", ("字" * 101).encode())
    with pytest.raises(DataError, match="超过 100 字"):
        open_document(place, max_chars=100)
    assert len(open_document(place, max_chars=101).text) == 101


def test_an_entity_is_not_expanded(tmp_path: Path) -> None:
    entities = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    body = f'<?xml version="1.0"?>{entities}<w:document xmlns:w="x"><w:body>&b;</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", body)
    with pytest.raises(DataError, match="拒绝"):
        open_document(made(tmp_path, "x.docx", stream.getvalue()))
