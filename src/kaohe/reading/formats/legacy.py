"""Old office files (.doc, .wps, .rtf): by LibreOffice or antiword when one is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.reading.formats import word
from kaohe.reading.formats.extracted import Extracted, too_long
from kaohe.reading.formats.plain import decoded

_PATIENCE = 120
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_WORD = "WordDocument".encode("utf-16-le")


def extracted(data: bytes, name: str, most: int) -> Extracted:
    """The text of an old file. Raises ``DataError`` when it is locked or no converter is at hand."""
    check_unlocked(data, name)
    if _WORD not in data and any(sign in data for sign in _WORKBOOK):
        raise DataError(f"{name}:是工作簿,不是文稿;数据表请用 kaohe import")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    antiword = shutil.which("antiword")
    if office:
        return _by_office(office, data, name, most)
    if antiword and _WORD in data:
        return _by_antiword(antiword, data, name, most)
    raise DataError(f"{name}:读 .doc、.wps、.rtf 需要 LibreOffice 或 antiword;请安装其一,或另存为 .docx")


def check_unlocked(data: bytes, name: str) -> None:
    """Raises ``DataError`` on a file with a password; a locked .docx is packed as an old file is."""
    if _ENCRYPTED in data:
        raise DataError(f"{name}:文件有密码;请先解除密码再读")


def _by_office(program: str, data: bytes, name: str, most: int) -> Extracted:
    """A converter of its own profile, so that an open LibreOffice does not answer for it."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        source = Path(folder) / f"source{Path(name).suffix.lower() or '.doc'}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        _run(command, name)
        made = Path(folder) / "source.docx"
        if not made.is_file():
            raise word.damaged(name)
        return word.extracted(made.read_bytes(), name, most)


def _by_antiword(program: str, data: bytes, name: str, most: int) -> Extracted:
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        source = Path(folder) / "source.doc"
        source.write_bytes(data)
        text = decoded(_run([program, "-m", "UTF-8.txt", "-w", "0", str(source)], name), name)
    if len(text) > most:
        raise too_long(name, most)
    return Extracted(text)


def _run(command: list[str], name: str) -> bytes:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)
    except subprocess.TimeoutExpired as error:
        raise DataError(f"{name}:转换超过 {_PATIENCE} 秒,已停止") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise word.damaged(name) from error
    return done.stdout
