"""Which files may be filed: told by their content, never by their name alone; nothing in them is run.

PDF, Word and Excel (without macros, links or embedded files), pictures and plain text. Older formats must be
saved anew: their content cannot be looked at without opening it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from kaohe.facts.errors import DataError
from kaohe.writing.packages import LARGEST, check_package

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
    "csv": "text/csv",
}
ACCEPTED = ",".join(f".{suffix}" for suffix in (*TYPES, "jpeg"))
_NEEDED = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_STARTS = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "jpg": b"\xff\xd8\xff",
           "png": b"\x89PNG\r\n\x1a\n"}  # fmt: skip
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]')
_LONGEST_NAME = 120


class NotAdmitted(Exception):
    """A file that is not taken; the message says why and what to do."""


def admitted(name: str, content: bytes) -> str:
    """The kind of a file (pdf, docx …). Raises ``NotAdmitted``."""
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    kind = "jpg" if suffix == "jpeg" else suffix
    if not content:
        raise NotAdmitted(_("%(name)s：文件是空的") % {"name": name})
    if len(content) > LARGEST:
        raise NotAdmitted(_("%(name)s：超过 20 MB 的上限，请压缩或拆开后再传") % {"name": name})
    if kind not in TYPES:
        raise NotAdmitted(
            _("%(name)s：不收这种文件；请存为 PDF、.docx、.xlsx、图片（.jpg、.png）或文本") % {"name": name}
        )
    _check_content(name, kind, content)
    return kind


def _check_content(name: str, kind: str, content: bytes) -> None:
    if kind in ("txt", "csv"):
        _check_text(name, content)
    elif not content.startswith(_STARTS[kind]):
        raise NotAdmitted(
            _("%(name)s：内容与后缀 .%(kind)s 不符，请用原来的程序另存") % {"name": name, "kind": kind}
        )
    if kind in _NEEDED:
        try:
            check_package(content, _NEEDED[kind], name)
        except DataError as error:
            raise NotAdmitted(str(error)) from error


def _check_text(name: str, content: bytes) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return
    raise NotAdmitted(_("%(name)s：不是文本文件") % {"name": name})


def safe_name(name: str) -> str:
    """A file name as it can be kept and packed: no path, no signs that a system refuses or that hide others.

    >>> safe_name("..\\\\合同/第一页.PDF"), safe_name("?.txt")
    ('第一页.PDF', '文件.txt')
    """
    last = re.split(r"[\\/]", name)[-1]
    stem, _dot, suffix = _NOT_IN_NAMES.sub("", last).strip(" .").rpartition(".")
    return f"{stem.strip(' .')[:_LONGEST_NAME] or '文件'}.{suffix}"
