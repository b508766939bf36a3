"""Where a text that was read from a .docx stands in its file: offsets back to elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.facts.errors import DataError
from kaohe.reading.documents import Document, Paragraph
from kaohe.reading.formats import word

_AS_ONE_LINE = str.maketrans("\n\t", "  ")


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]`` of the document is the text of ``element`` from ``inset`` on."""

    start: int
    end: int
    element: Any
    inset: int = 0


class WordPlaces:
    """The body of a .docx beside the document that was read from it."""

    def __init__(self, data: bytes, document: Document) -> None:
        self.document = document
        self.root = word.parsed(word.body_part(data, document.source), document.source)
        self._paragraphs: Sequence[Any] = list(self.root.iter(f"{{{word.MAIN}}}p"))
        self._known: dict[int, list[Piece]] = {}

    def paragraph(self, line: Paragraph) -> Any:
        """The ``w:p`` of a paragraph."""
        if line.origin is None or line.origin >= len(self._paragraphs):
            raise _another(self.document)
        return self._paragraphs[line.origin]

    def pieces(self, line: Paragraph) -> list[Piece]:
        """The pieces of a paragraph in order; together they are its text.

        Raises ``DataError`` when the file does not say what the document says.
        """
        if line.start not in self._known:
            self._known[line.start] = list(self._pieces(line))
        return self._known[line.start]

    def _pieces(self, line: Paragraph) -> Iterator[Piece]:
        found = [(text, element) for text, element in word.pieces(self.paragraph(line)) if text]
        whole = "".join(text for text, _ in found)
        # What the reader strips from a paragraph's ends is blank, and a blank inside keeps its length.
        at = line.start - (len(whole) - len(whole.lstrip()))
        _check_same(self.document, line, whole.strip())
        for text, element in found:
            start, end = max(at, line.start), min(at + len(text), line.end)
            if start < end:
                yield Piece(start, end, element, start - at)
            at += len(text)


def _check_same(document: Document, line: Paragraph, written: str) -> None:
    told = document.text[line.start : line.end]
    if told.translate(_AS_ONE_LINE) != written.translate(_AS_ONE_LINE):
        raise _another(document)


def _another(document: Document) -> DataError:
    return DataError(f"{document.source}:文件内容与核对时不同;请重新核对")
