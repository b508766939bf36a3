"""The gate before any parsing: is this a workbook of a size and shape that an office makes?"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path
from typing import Literal

from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest

Form = Literal["xlsx", "xls", "csv"]

LARGEST_FILE = 20_000_000
MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 200_000_000
LARGEST_RATIO = 100
_SMALL_MEMBER = 1_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES = {
    "xlsx": {".xlsx", ".et", ".xls"},
    "xls": {".xls", ".et"},
    "csv": {".csv", ".txt", ".tsv"},
}
_REFUSED = (
    ("vbaproject.bin", "里有宏;请另存为不含宏的 .xlsx"),
    ("externallink", "链接了别的文件;请在“数据—编辑链接”里断开链接后再存"),
    ("oleobject", "里嵌有别的对象;请删去后再存"),
    ("embeddings/", "里嵌有别的文件;请删去后再存"),
    ("activex", "里有 ActiveX 控件;请删去后再存"),
    ("ddelink", "里有 DDE 链接;请断开链接后再存"),
)


def admitted(path: Path) -> Form:
    """What kind of workbook a file is, told by its content.

    Raises ``DataError`` on a file that is absent, empty, too large, packed as a bomb is, encrypted, holding
    macros, links or objects, or not what its name says; nothing in it has then been parsed.
    """
    _check_file(path)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_ZIP):
        _check_package(path)
        return _named(path, "xlsx")
    if head.startswith(_OLE):
        return _named(path, "xls")
    if _is_page(head) and path.suffix.lower() in (".xls", ".xlsx", ".et"):
        raise DataError(f"{path.name}:是网页,只是用了表格的后缀;请用 Excel 或 WPS 打开后另存为 .xlsx")
    if head.startswith(b"%PDF-"):
        raise DataError(f"{path.name}:是 PDF,不是工作簿")
    return _named(path, "csv")


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError(f"{path.name}:应为文件,实为文件夹")
    if not path.exists():
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(f"{path}:找不到文件{nearest(path.name, siblings)}")
    if not stat.S_ISREG(path.stat().st_mode):
        raise DataError(f"{path.name}:不是普通文件")
    size = path.stat().st_size
    if not size:
        raise DataError(f"{path.name}:文件是空的")
    if size > LARGEST_FILE:
        raise DataError(f"{path.name}:文件有 {size / 1e6:.1f} MB,超过 {LARGEST_FILE // 1_000_000} MB 的上限")


def _named(path: Path, form: Form) -> Form:
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES[form]:
        return form
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise DataError(f"{path.name}:是带宏的工作簿;请另存为不含宏的 .xlsx")
    if suffix == ".xlsb":
        raise DataError(f"{path.name}:是二进制工作簿;请另存为 .xlsx")
    known = "、".join(sorted({s for group in _SUFFIXES.values() for s in group}))
    names = {"xlsx": "工作簿(xlsx)", "xls": "旧式 Office 文件", "csv": "文本"}
    raise DataError(f"{path.name}:内容是{names[form]},后缀却是 {suffix or '(无)'};能导入的有 {known}")


def _is_page(head: bytes) -> bool:
    low = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return low.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style"))


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{path.name}:文件不完整或已损坏,打不开") from error
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{path.name}:压缩包里有 {len(members)} 个文件,超过 {MOST_MEMBERS} 个的上限")
    for member in members:
        _check_member(path, member)
    total = sum(member.file_size for member in members)
    if total > LARGEST_UNPACKED:
        raise DataError(
            f"{path.name}:解压后有 {total / 1e6:.0f} MB,超过 {LARGEST_UNPACKED // 1_000_000} MB 的上限"
        )
    if not any(member.filename.lower().replace("\\", "/").endswith("workbook.xml") for member in members):
        raise DataError(f"{path.name}:是压缩包,但不是 .xlsx 工作簿")


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if member.flag_bits & 1:
        raise DataError(f"{path.name}:文件加了密码,请去掉密码后再存")
    if name.startswith("/") or ".." in name.split("/") or ":" in name[:3]:
        raise DataError(f"{path.name}:压缩包里有不安全的路径 {name}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise DataError(f"{path.name}:压缩包里有链接文件 {name}")
    if name.lower().endswith((".zip", ".rar", ".7z", ".xlsx", ".docx")):
        raise DataError(f"{path.name}:压缩包里还有压缩包 {name}")
    if member.file_size > _SMALL_MEMBER and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
        raise DataError(
            f"{path.name}:{name} 的压缩率超过 {LARGEST_RATIO} 倍,像是压缩炸弹;请用 Excel 重新另存"
        )
    for sign, why in _REFUSED:
        if sign in name.lower():
            raise DataError(f"{path.name}:工作簿{why}")
