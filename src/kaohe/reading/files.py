"""Opening a document file: its format is told by its content, and must be that of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.reading.documents import Document
from kaohe.reading.formats import legacy, page, pdf, word
from kaohe.reading.formats.extracted import MOST_CHARACTERS, Extracted, too_long
from kaohe.reading.formats.plain import decoded
from kaohe.reading.structure import structured

_LARGEST_FILE = 200_000_000
_OLE, _ZIP, _PDF, _RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rtf"
_SUFFIXES = {
    "docx": {".docx", ".docm", ".wps", ".doc"},
    "pdf": {".pdf"},
    "doc": {".doc", ".wps", ".rtf", ".dot", ".wpt"},
    "html": {".html", ".htm", ".xhtml", ".shtml", ".doc"},
    "txt": {".txt", ".text", ".md", ""},
}
_NAMES = {"docx": "Word 文件", "pdf": "PDF", "doc": "旧式 Office 文件", "html": "网页", "txt": "纯文本"}
_Extractor = Callable[[bytes, str, int], Extracted]
_EXTRACTORS: dict[str, _Extractor] = {
    "docx": word.extracted, "pdf": pdf.extracted, "doc": legacy.extracted, "html": page.extracted,
}  # fmt: skip


def open_document(path: str | Path, max_chars: int = MOST_CHARACTERS) -> Document:
    """The document in a file: .txt, .docx, .pdf, .html, and .doc, .wps, .rtf with a converter installed.

    A UTF-8 .txt is taken unchanged (without its byte order mark). Raises ``DataError`` on a file that is
    absent, empty, locked, cut off, binary, named as another format, or longer than ``max_chars``.
    """
    place = Path(path)
    data = _content(place)
    form = _form(data, place)
    if form == "txt":
        return structured(_within(decoded(data, place.name), place.name, max_chars), source=place.name)
    found = _EXTRACTORS[form](data, place.name, max_chars)
    if not found.text.strip():
        raise DataError(f"{place.name}:文件里没有文字")
    return structured(
        found.text, source=place.name, form=form, paragraphs=found.paragraphs, tables=found.tables,
        boilerplate=found.boilerplate,
    )  # fmt: skip


def text_document(text: str, source: str = "", max_chars: int = MOST_CHARACTERS) -> Document:
    """The document that a text is. Raises ``DataError`` past ``max_chars``."""
    return structured(_within(text, source or "文本", max_chars), source=source)


def _within(text: str, name: str, most: int) -> str:
    if len(text) > most:
        raise too_long(name, most)
    if not text.strip():
        raise DataError(f"{name}:文件里没有文字")
    return text


def _content(place: Path) -> bytes:
    if place.is_dir():
        raise DataError(f"{place.name}:应为文件,实为文件夹")
    if not place.exists():
        siblings = [entry.name for entry in place.parent.iterdir()] if place.parent.is_dir() else []
        raise DataError(f"{place}:找不到文件{nearest(place.name, siblings)}")
    if place.is_file() and place.stat().st_size > _LARGEST_FILE:
        raise DataError(f"{place.name}:文件超过 {_LARGEST_FILE // 1_000_000} MB 的上限")
    with place.open("rb") as stream:
        data = stream.read(_LARGEST_FILE + 1)
    if not data:
        raise DataError(f"{place.name}:文件是空的")
    return data


def _form(data: bytes, place: Path) -> str:
    """What the content is; raises ``DataError`` when the name says something else."""
    form, suffix = _recognised(data, place), place.suffix.lower()
    known = {name for names in _SUFFIXES.values() for name in names}
    if form == "html" and suffix in _SUFFIXES["txt"]:
        return "txt"
    if form == "doc":
        legacy.check_unlocked(data, place.name)
    if form == "txt" and suffix not in _SUFFIXES["txt"]:
        decoded(data, place.name)  # what is no text either is told as such
    if suffix in known and suffix not in _SUFFIXES[form]:
        raise DataError(
            f"{place.name}:后缀是 {suffix},内容却是{_NAMES[form]};请改成正确的后缀,或重新取得文件"
        )
    return form


def _recognised(data: bytes, place: Path) -> str:
    if data.startswith(_PDF) or _PDF in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        _check_package(data, place)
        return "docx"
    if data.startswith(_OLE):
        return "doc"
    if data.startswith(_RTF):
        return "doc"
    if page.looks_like_page(data) and b"\x00" not in data:
        return "html"
    if place.suffix.lower() in (".html", ".htm", ".xhtml", ".shtml") and b"<" in data:
        return "html"
    return "txt"


_OTHER_PACKAGES = (
    (b"xl/workbook", "工作簿,不是文稿;数据表请用 kaohe import"),
    (b"ppt/", "演示文稿,不是文稿"),
    (b"mimetypeapplication/vnd.oasis", "OpenDocument 文件;请另存为 .docx"),
)


def _check_package(data: bytes, place: Path) -> None:
    """Workbooks and slides begin as a .docx does."""
    if b"word/document.xml" in data:
        return
    for sign, what in _OTHER_PACKAGES:
        if sign in data:
            raise DataError(f"{place.name}:是{what}")
