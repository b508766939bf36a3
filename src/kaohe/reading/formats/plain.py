"""Plain text in the encodings that offices use."""

from __future__ import annotations

import re

from kaohe.facts.errors import DataError

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# A text may hold a stray control character from a bad export, never one in every thousand.
_MOST_CONTROL = 1000


def decoded(data: bytes, name: str) -> str:
    """The text of bytes: byte order mark, then UTF-8, then GB18030; UTF-8 is given back unchanged.

    Raises ``DataError`` on binary data and unknown encodings.

    >>> decoded("产值6亿元".encode("gb18030"), "a.txt"), decoded(b"\\xef\\xbb\\xbfab", "a.txt")
    ('产值6亿元', 'ab')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_decode(data[len(mark) :], (encoding,), name), name)
    if b"\x00" in data:
        raise binary(name)
    return _checked(_decode(data, ("utf-8", "gb18030"), name), name)


def _decode(data: bytes, encodings: tuple[str, ...], name: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and error.start >= len(data) - 3 and len(data) > 3:
                raise DataError(f"{name}:文件在末尾被截断(最后一个字不完整);请重新取得后再读") from error
    raise DataError(f"{name}:编码无法识别,应为 UTF-8 或 GB18030,也可能是二进制文件")


def _checked(text: str, name: str) -> str:
    if len(_CONTROL.findall(text[:200_000])) * _MOST_CONTROL > len(text[:200_000]):
        raise binary(name)
    return text


def binary(name: str) -> DataError:
    """The fault of a file that holds no text."""
    return DataError(f"{name}:是二进制文件,不是文稿;可读 .txt、.docx、.pdf、.html、.doc、.wps")
