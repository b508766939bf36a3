"""The gate before parsing, and the limits of the child: hostile files are refused in words, in time."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from kaohe.facts.errors import DataError
from kaohe.reading.sheets import read_workbook
from kaohe.reading.sheets.child import open_sheets


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["2025年9月各村用电量(度)"])
    book.active.append(["村名", "用电量"])
    book.active.append(["红石村", 12])
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def repacked(source: Path, name: str, changed: dict[str, bytes]) -> Path:
    place = source.with_name(name)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member not in changed:
                new.writestr(member, old.read(member))
        for member, content in changed.items():
            new.writestr(member, content)
    return place


def sheet_xml(inside: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{head}{inside}</sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    ("member", "content", "says"),
    [
        ("xl/vbaProject.bin", b"x", "宏"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "链接了别的文件"),
        ("xl/embeddings/oleObject1.bin", b"x", "嵌有"),
        ("xl/activeX/activeX1.xml", b"<x/>", "ActiveX"),
        ("../../evil.txt", b"x", "不安全的路径"),
        ("xl/inner.zip", b"PK", "还有压缩包"),
        ("xl/media/big.bin", b"\0" * 5_000_000, "压缩炸弹"),
    ],
)
def test_what_is_packed_in_is_refused(plain: Path, member: str, content: bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        open_sheets(repacked(plain, "b.xlsx", {member: content}))


def test_too_many_members(plain: Path) -> None:
    with pytest.raises(DataError, match="2000 个的上限"):
        open_sheets(repacked(plain, "b.xlsx", {f"xl/m{n}.xml": b"" for n in range(2001)}))


def test_a_far_cell_costs_nothing(plain: Path) -> None:
    far = sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    started = time.monotonic()
    sheets = open_sheets(repacked(plain, "b.xlsx", {"xl/worksheets/sheet1.xml": far}))
    assert [(cell.row, cell.column) for cell in sheets[0].cells] == [(1_048_575, 16_383)]
    read_workbook(plain.with_name("b.xlsx"))
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
])  # fmt: skip
def test_entities_are_never_expanded(plain: Path, doctype: str) -> None:
    body = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>x&c;</t></is></c></row>').decode()
    bad = repacked(plain, "b.xlsx", {"xl/worksheets/sheet1.xml": (doctype + body).encode()})
    try:
        texts = [cell.text for cell in open_sheets(bad)[0].cells]
    except DataError:
        return
    assert texts in ([], ["x"])


def test_cells_are_counted(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kaohe.reading.sheets import xlsx

    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    with pytest.raises(DataError, match="上限"):
        xlsx.read_xlsx(plain)


@pytest.mark.parametrize("cut", [100, 1000, 3000])
def test_a_cut_off_file(plain: Path, cut: int) -> None:
    place = plain.with_name("b.xlsx")
    place.write_bytes(plain.read_bytes()[:cut])
    with pytest.raises(DataError, match=r"不完整|损坏"):
        open_sheets(place)


def test_names_and_contents_that_differ(plain: Path) -> None:
    renamed = plain.with_name("b.csv")
    renamed.write_bytes(plain.read_bytes())
    with pytest.raises(DataError, match="内容是工作簿"):
        open_sheets(renamed)
    page = plain.with_name("c.xls")
    page.write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    with pytest.raises(DataError, match="是网页"):
        open_sheets(page)
    empty = plain.with_name("d.xlsx")
    empty.write_bytes(b"")
    with pytest.raises(DataError, match="空的"):
        open_sheets(empty)


def test_an_old_file_cut_off_or_random(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, 1)
    stream = io.BytesIO()
    book.save(stream)
    data = stream.getvalue()
    for number, content in enumerate((data[:600], data[:512] + b"\xff" * 3000, data[:700] + b"\0" * 5000)):
        place = tmp_path / f"{number}.xls"
        place.write_bytes(content)
        with pytest.raises(DataError, match=r"损坏|不是工作簿"):
            open_sheets(place)


def test_a_child_that_takes_too_long_is_stopped(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kaohe.reading.sheets import child

    monkeypatch.setattr(child, "WALL_SECONDS", 0.01)
    with pytest.raises(DataError, match="秒内没有读完"):
        open_sheets(plain)


def test_an_old_file_with_a_link_to_another(tmp_path: Path) -> None:
    from kaohe.reading.sheets.xls import _scanned

    record = b"\xae\x01\x08\x00" + b"\x01\x00\x05\x00\x00abcd"[:8]
    with pytest.raises(DataError, match="链接了别的文件"):
        _scanned(record, 0, len(record), "a.xls")
