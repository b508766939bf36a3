"""``kaohe check -o FILE.docx``: the seed speech, the user's own comments, kinds of files, LibreOffice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result
from lxml import etree
from pypdf import PdfReader
from word_files import Q, W, bare, covered, parts_of, replaced

from kaohe.checking import CheckedReport, check
from kaohe.cli import main

WRONG = "今年实施市级项目6个,其中重点项目2个、一般项目5个。进一步完善台帐资料。"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def saved(document: Any, place: Path) -> Path:
    document.save(str(place))
    return place


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("全镇工作总结")
    document.add_paragraph(WRONG)
    return saved(document, tmp_path / "总结.docx")


@pytest.fixture
def speech(shared: Path, tmp_path: Path) -> Path:
    document = docx.Document()
    for line in (shared / "seed/speech.txt").read_text("utf-8").split("\n"):
        # As people write: the figures bold, so that every one of them is a run of its own.
        paragraph = document.add_paragraph()
        for piece in re.split(r"(\d+\.?)", line):
            paragraph.add_run(piece).bold = piece[:1].isdigit()
    return saved(document, tmp_path / "讲话.docx")


def with_parts(place: Path, parts: dict[str, bytes]) -> Path:
    place.write_bytes(replaced(place.read_bytes(), parts))
    return place


def comments_of(place: Path) -> dict[str, str]:
    """The text of each comment by its number."""
    part = parts_of(place.read_bytes())["word/comments.xml"]
    return {one.get(f"{Q}id"): "".join(one.itertext()) for one in etree.fromstring(part)}


def body_of(place: Path) -> bytes:
    return parts_of(place.read_bytes())["word/document.xml"]


def commented_copy(source: Path, code: int = 1) -> Path:
    place = source.with_name("批注.docx")
    result = run("check", source, "-o", place)
    assert result.exit_code == code, result.output
    return place


@pytest.mark.shared
def test_each_finding_of_the_speech_has_its_comment(speech: Path) -> None:
    place = commented_copy(speech)
    comments, root = comments_of(place), etree.fromstring(body_of(place))
    questioned = [one for one in check(speech).findings if one.verdict != "holds"]
    assert len(questioned) > 15
    for number, finding in enumerate(questioned, 1):
        own = [at for at, told in comments.items() if re.match(rf"第{number}条 \w+:", told)]
        assert len(own) == 1 and finding.message in comments[own[0]]
        assert covered(root, own[0]) == "".join(finding.marks[0].text.split())
    assert bare(body_of(place), set(comments)) == bare(body_of(speech), set())


@pytest.mark.shared
def test_the_other_place_of_a_contradiction_refers_to_the_first(speech: Path) -> None:
    place = commented_copy(speech)
    comments, root = comments_of(place), etree.fromstring(body_of(place))
    (first,) = (told for told in comments.values() if "未实现零的突破" in told and "另一处):" not in told)
    number = first.split(" ")[0]
    others = {at for at, told in comments.items() if told.startswith(number) and "另一处" in told}
    assert "合同外资引进空白" in {covered(root, at) for at in others}
    assert all("与“31.4万美元”处的批注" in comments[at] for at in others - {first})


def test_comments_of_the_user_stay(wrong: Path) -> None:
    document = docx.Document(str(wrong))
    document.add_comment(document.paragraphs[1].runs, "请再核", author="王", initials="王")
    saved(document, wrong)
    before, after = parts_of(wrong.read_bytes()), parts_of(commented_copy(wrong).read_bytes())
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"word/document.xml", "word/comments.xml"} and set(before) == set(after)
    told = comments_of(wrong.with_name("批注.docx"))
    assert told["0"] == "请再核" and len(told) == 3
    assert before["word/comments.xml"].rsplit(b"</w:comments>")[0] in after["word/comments.xml"]


def test_untouched_entries_keep_their_packed_bytes(wrong: Path) -> None:
    place = commented_copy(wrong)
    with zipfile.ZipFile(wrong) as old, zipfile.ZipFile(place) as new:
        kept = [one for one in old.infolist() if one.filename == "word/styles.xml"]
        (same,) = (one for one in new.infolist() if one.filename == "word/styles.xml")
        assert (same.compress_size, same.date_time, same.CRC) == (
            kept[0].compress_size, kept[0].date_time, kept[0].CRC
        )  # fmt: skip
        names = [one.filename for one in new.infolist()]
        assert names == [*(one.filename for one in old.infolist()), "word/comments.xml"]


def test_a_second_round_adds_to_the_first(wrong: Path) -> None:
    once = commented_copy(wrong)
    twice = once.with_name("再.docx")
    assert run("check", once, "-o", twice).exit_code == 1
    assert len(comments_of(twice)) == 2 * len(comments_of(once))


def test_in_english(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_LANG", "en")
    assert any(told.startswith("No. 1, error: ") for told in comments_of(commented_copy(wrong)).values())


def test_a_correct_file_comes_out_as_it_went_in(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("全镇工作总结")
    source = saved(document, tmp_path / "总结.docx")
    assert commented_copy(source, 0).read_bytes() == source.read_bytes()


def test_a_signed_file_is_refused(wrong: Path) -> None:
    with_parts(wrong, {"_xmlsignatures/origin.sigs": b""})
    result = run("check", wrong, "-o", wrong.with_name("批注.docx"))
    assert result.exit_code == 2 and "数字签名" in result.stderr
    assert not wrong.with_name("批注.docx").exists()
    assert run("check", wrong).exit_code == 1


def test_macros_are_kept_under_their_own_suffix(wrong: Path) -> None:
    types = parts_of(wrong.read_bytes())["[Content_Types].xml"].replace(MAIN_TYPE, MACRO_TYPE)
    source = with_parts(wrong, {"[Content_Types].xml": types, "word/vbaProject.bin": b"macro"})
    source = source.rename(source.with_suffix(".docm"))
    result = run("check", source, "-o", source.with_name("批注.docx"))
    assert result.exit_code == 2 and ".docm" in result.stderr
    assert run("check", source, "-o", source.with_name("批注.docm")).exit_code == 1
    assert parts_of(source.with_name("批注.docm").read_bytes())["word/vbaProject.bin"] == b"macro"


def test_a_strict_file(wrong: Path) -> None:
    with_parts(wrong, {"word/document.xml": body_of(wrong).replace(W.encode(), STRICT.encode())})
    place = commented_copy(wrong)
    part = parts_of(place.read_bytes())
    assert etree.fromstring(part["word/comments.xml"]).tag == f"{{{STRICT}}}comments"
    assert (
        b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in part["word/_rels/document.xml.rels"]
    )
    assert W.encode() not in part["word/document.xml"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_of_the_body(wrong: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}.get(encoding, encoding)
    body = re.sub(r"^<\?xml.*?\?>", f'<?xml version="1.0" encoding="{declared}"?>', body_of(wrong).decode())
    with_parts(wrong, {"word/document.xml": body.encode(encoding)})
    place = commented_copy(wrong)
    assert bare(body_of(place), set(comments_of(place))) == bare(body_of(wrong), set())


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "总结.txt"
    source.write_text(WRONG, "utf-8")
    result = run("check", source, "-o", tmp_path / "批注.docx")
    assert result.exit_code == 2 and "不是 Word 文件" in result.stderr
    assert not (tmp_path / "批注.docx").exists()


def test_the_document_itself_is_never_written_over(wrong: Path) -> None:
    before = wrong.read_bytes()
    assert run("check", wrong, "-o", wrong).exit_code == 2
    assert wrong.read_bytes() == before


@pytest.fixture
def office(tmp_path: Path) -> Any:
    """Converts a file by LibreOffice in a profile of its own."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice: apt-get install libreoffice-writer-nogui")

    def converted(source: Path, form: str) -> Path:
        out = tmp_path / "converted"
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return out / f"{source.stem}.{form}"

    return converted


@pytest.mark.slow
@pytest.mark.shared
def test_libreoffice_opens_it_with_all_comments(speech: Path, office: Any) -> None:
    place = commented_copy(speech)
    assert len(PdfReader(str(office(place, "pdf"))).pages) > 1
    again = docx.Document(str(office(place, "docx")))
    told = sorted("".join(comment.text.split()) for comment in again.comments)
    assert told == sorted("".join(text.split()) for text in comments_of(place).values())
    assert {comment.author for comment in again.comments} == {"考核校核"}


def test_a_comment_beside_a_table_and_a_text_box(tmp_path: Path) -> None:
    """Cells are cut like paragraphs; a text box, in which Word allows no comment, is enclosed whole."""
    document = docx.Document()
    document.add_paragraph("全镇工作总结")
    document.add_table(rows=1, cols=2).cell(0, 1).text = WRONG
    source = saved(document, tmp_path / "总结.docx")
    inner = f"<w:txbxContent><w:p><w:r><w:t>{WRONG}</w:t></w:r></w:p></w:txbxContent>"
    box = f"<w:p><w:r><w:pict>{inner}</w:pict></w:r></w:p>"
    with_parts(source, {"word/document.xml": body_of(source).replace(b"<w:tbl>", box.encode() + b"<w:tbl>")})
    place = commented_copy(source)
    root = etree.fromstring(body_of(place))
    inside = {covered(root, at) for at in comments_of(place)}
    assert {"台帐", "".join(WRONG.split())} <= inside
    assert not [
        one
        for one in root.iter(f"{Q}commentReference")
        if any(True for _ in one.iterancestors(f"{Q}txbxContent"))
    ]
    assert (
        isinstance(check(place), CheckedReport) and check(place).document.text == check(source).document.text
    )


def test_bytes_that_are_no_zip_any_more(wrong: Path) -> None:
    """What came after the check is noticed, never mixed with it."""
    from datetime import datetime

    from kaohe.facts.errors import DataError
    from kaohe.writing.word_comments import commented

    report = check(wrong)
    document = docx.Document()
    document.add_paragraph("别的文稿")
    stream = io.BytesIO()
    document.save(stream)
    with pytest.raises(DataError, match="重新核对"):
        commented(stream.getvalue(), report, datetime(2026, 1, 1))
