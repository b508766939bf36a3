"""Bounds on what a PDF may unpack to and draw, so that one small file cannot take all memory."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pdfminer import pdftypes
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

# A dense page of a yearbook has some 10,000 characters and a few MB of drawing; fonts are below 30 MB.
MOST_IN_STREAM = 64_000_000
MOST_IN_ALL = 400_000_000
MOST_CHARACTERS_ON_PAGE = 150_000
MOST_PATHS_ON_PAGE = 100_000


class TooMuch(Exception):
    """The bound that was passed."""


class _Budget(threading.local):
    left = MOST_IN_ALL


_budget = _Budget()


class _Bounded:
    """A decompressor that gives up past the bounds, in place of one that has none."""

    def __init__(self) -> None:
        self._inner, self._given = zlib.decompressobj(), 0

    def decompress(self, data: bytes) -> bytes:
        """What the bytes unpack to."""
        most = min(MOST_IN_STREAM - self._given, _budget.left)
        unpacked = self._inner.decompress(data, max(most, 0) + 1)
        self._given += len(unpacked)
        _budget.left -= len(unpacked)
        if len(unpacked) > most:
            raise TooMuch("stream")
        return unpacked

    @property
    def whole(self) -> bool:
        """Whether the end was seen."""
        return self._inner.eof


class _BoundedZlib:
    """As much of ``zlib`` as pdfminer uses."""

    error = zlib.error
    decompressobj = _Bounded

    @staticmethod
    def decompress(data: bytes) -> bytes:
        bounded = _Bounded()
        unpacked = bounded.decompress(data)
        if not bounded.whole:
            raise zlib.error("incomplete stream")
        return unpacked


# pdfminer unpacks a stream whole wherever it needs one, and has no setting for a bound.
vars(pdftypes)["zlib"] = _BoundedZlib


@contextmanager
def limited() -> Iterator[None]:
    """A fresh allowance for the document that is read inside."""
    _budget.left = MOST_IN_ALL
    yield


class _BoundedDevice(PDFPageAggregatorWithMarkedContent):
    """Stops at a page of too many characters; leaves out drawing past what any table needs."""

    characters = paths = 0

    def render_char(self, *given: Any, **named: Any) -> Any:
        self.characters += 1
        if self.characters > MOST_CHARACTERS_ON_PAGE:
            raise TooMuch("characters")
        return super().render_char(*given, **named)

    def paint_path(self, *given: Any, **named: Any) -> None:
        self.paths += 1
        if self.paths <= MOST_PATHS_ON_PAGE:
            super().paint_path(*given, **named)


def set_layout(page: Any) -> None:
    """Lays a page of pdfplumber out within the bounds, as it would itself on first use."""
    device = _BoundedDevice(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


def too_much(error: BaseException | None) -> bool:
    """Whether a bound is behind a fault, however wrapped."""
    while error is not None:
        if isinstance(error, TooMuch) or any(isinstance(one, TooMuch) for one in error.args):
            return True
        error = error.__cause__ or error.__context__
    return False
