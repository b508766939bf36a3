"""Packages of Office (.docx, .xlsx are zip files): looked at before they are opened, and written alike.

The same content gives the same bytes: members in their order, one time for all, one way of packing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from kaohe.facts.errors import DataError

LARGEST = 20_000_000
MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 200_000_000
LARGEST_RATIO = 100
_SMALL = 1_000_000
_THEN = (1980, 1, 1, 0, 0, 0)
_REFUSED = (
    ("vbaproject", "里有宏;请另存为不含宏的文件"),
    ("vbadata", "里有宏;请另存为不含宏的文件"),
    ("externallink", "链接了别的文件;请断开链接后再存"),
    ("activex", "里有 ActiveX 控件;请删去后再存"),
    ("embeddings/", "里嵌有别的文件;请删去后再存"),
    ("oleobject", "里嵌有别的对象;请删去后再存"),
    ("ddelink", "里有 DDE 链接;请断开链接后再存"),
)


def check_package(
    content: bytes, needed: str, name: str = "模板", most_unpacked: int = LARGEST_UNPACKED
) -> None:
    """Raises ``DataError`` on a package that is damaged, a bomb, encrypted, or holds macros, links, objects.

    ``needed`` is the member that makes it what it should be. Nothing is unpacked.
    """
    if len(content) > LARGEST:
        raise DataError(f"{name}:文件有 {len(content) / 1e6:.1f} MB,超过 {LARGEST // 1_000_000} MB 的上限")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{name}:文件不完整或已损坏,打不开") from error
    _check_members(members, name, most_unpacked)
    if needed not in {member.filename for member in members}:
        kind = {"word/document.xml": ".docx 文稿", "xl/workbook.xml": ".xlsx 工作簿"}.get(needed, needed)
        raise DataError(f"{name}:是压缩包,但不是 {kind}")


def _check_members(members: list[zipfile.ZipInfo], name: str, most_unpacked: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{name}:里面有 {len(members)} 个文件,超过 {MOST_MEMBERS} 个的上限")
    if sum(member.file_size for member in members) > most_unpacked:
        raise DataError(f"{name}:解压后超过 {most_unpacked // 1_000_000} MB 的上限")
    for member in members:
        _check_member(member, name)


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    inside = member.filename.replace("\\", "/")
    if member.flag_bits & 1:
        raise DataError(f"{name}:文件加了密码,请去掉密码后再存")
    if inside.startswith("/") or ".." in inside.split("/") or ":" in inside[:3]:
        raise DataError(f"{name}:里面有不安全的路径 {inside}")
    if member.file_size > _SMALL and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
        raise DataError(f"{name}:{inside} 的压缩率超过 {LARGEST_RATIO} 倍,像是压缩炸弹;请重新另存")
    for sign, why in _REFUSED:
        if sign in inside.lower():
            raise DataError(f"{name}:{why}")


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip file of members in the order given; the same bytes for the same members.

    >>> packed([("a.txt", b"1")]) == packed([("a.txt", b"1")])
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(member(name), content)
    return made.getvalue()


def member(name: str) -> zipfile.ZipInfo:
    """A member as every package of ours has it: no time of its own, readable by all."""
    info = zipfile.ZipInfo(name, _THEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    # Windows and Linux write different systems here; the bytes must not depend on the machine.
    info.create_system = 3
    return info


def repacked(content: bytes) -> bytes:
    """A package with its members as they are, without the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return packed((each.filename, package.read(each)) for each in package.infolist())
