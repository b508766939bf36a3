"""Bad documents through real processes: one line says what is wrong, code 2, no traceback, bounded memory."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from pypdf import PdfWriter

import kaohe
from kaohe.cli import main

MEGABYTE = 1_000_000
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def word() -> bytes:
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph("全镇工业产值6.25亿元。")
    document.save(stream)
    return stream.getvalue()


def blank_pdf(password: str = "") -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    writer.write(stream)
    return stream.getvalue()


def pdf_of(stream: bytes) -> bytes:
    """A PDF of one page with this packed content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream\n" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def deflated(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj()
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


@cache
def giant_pdf() -> bytes:
    return pdf_of(deflated([b" " * MEGABYTE] * 1000))


def crowded_pdf() -> bytes:
    return pdf_of(deflated([b"BT /F1 12 Tf 50 700 Td (GDP 6.25) Tj ET\n" * 1000] * 20))


@cache
def bomb() -> bytes:
    """A gigabyte of spaces in a .docx of one megabyte."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        part.write(f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>'.encode())
        for _ in range(1000):
            part.write(b" " * MEGABYTE)
        part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return stream.getvalue()


def noise() -> bytes:
    return random.Random(1).randbytes(5000)


Content = Callable[[], bytes]
BAD: dict[str, tuple[str, Content, str]] = {
    "empty text": ("空.txt", lambda: b"", "文件是空的"),
    "empty word": ("空.docx", lambda: b"", "文件是空的"),
    "blank": ("白.txt", lambda: b" \n\n", "没有文字"),
    "cut word": ("短.docx", lambda: word()[:9000], "不完整"),
    "cut pdf": ("短.pdf", lambda: blank_pdf()[:-60], "不完整"),
    "locked pdf": ("锁.pdf", lambda: blank_pdf("x"), "有密码"),
    "locked word": ("锁.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "有密码"),
    "pdf named word": ("错.docx", blank_pdf, "内容却是PDF"),
    "word named pdf": ("错.pdf", word, "内容却是Word 文件"),
    "binary text": ("乱.txt", noise, "二进制"),
    "binary word": ("乱.docx", noise, "二进制"),
    "binary pdf": ("乱.pdf", noise, "二进制"),
    "too long": ("长.txt", lambda: "产值6亿元。\n".encode() * 300_000, "2,000,000"),
}
COMMANDS = (
    ("text",), ("read",), ("read", "--format", "table"), ("check",), ("check", "--format", "json"),
)  # fmt: skip
WRITTEN = (
    ("text", "out.txt"), ("read", "out.xlsx"), ("read", "out.jsonl"), ("check", "out.html"),
    ("check", "out.docx"), ("check", "out.json"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BAD.values(), ids=BAD)
def test_every_command_refuses_in_every_format(
    name: str, content: Content, said: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_bytes(content())
    asked = [[*command, str(source)] for command in COMMANDS]
    asked += [[command, str(source), "-o", str(tmp_path / place)] for command, place in WRITTEN]
    for arguments in asked:
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert result.stderr.startswith(name) and said in result.stderr and result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def measured(arguments: list[str]) -> tuple[int, str, float]:
    """Exit code, stderr and greatest memory in MB of a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(kaohe.__file__).parent.parent)}
    command = [sys.executable, "-c", _MEASURED, sys.executable, "-m", "kaohe", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    *told, last = done.stderr.splitlines(keepends=True)
    code, memory = last.split()
    return int(code), "".join(told), int(memory) / 1024


# A process counts the memory of the one that it was forked from: this small one, not that of the tests.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.parametrize("command", ["text", "read", "check"])
@pytest.mark.parametrize(
    ("name", "content", "most"),
    [
        ("弹.docx", bomb, 150),
        ("巨.pdf", giant_pdf, 350),
        ("密.pdf", crowded_pdf, 350),
        ("乱.docx", noise, 150),
    ],
)
def test_memory_is_bounded(command: str, name: str, content: Content, most: int, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content())
    code, told, memory = measured([command, str(tmp_path / name)])
    assert code == 2 and told.startswith(name) and "Traceback" not in told and told.count("\n") == 1
    assert memory < most


@pytest.mark.slow
def test_memory_of_the_longest_text(tmp_path: Path) -> None:
    line = "全镇实现工业产值6.25亿元,同比增长41%,完成年度计划的69%。\n"
    (tmp_path / "长.txt").write_text(line * (2_000_000 // len(line)), "utf-8")
    for arguments in (["check"], ["read"], ["check", "-o", str(tmp_path / "页.html")]):
        code, told, memory = measured([*arguments, str(tmp_path / "长.txt")])
        assert (code, told) == (0, "") and memory < 700
