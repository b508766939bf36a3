"""Comments in a Word file: taking them out gives the file back, and each stands at its text."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from word_files import Q, bare, bodies, covered, packed, parts_of

from kaohe.checking import CheckedReport, Finding
from kaohe.checking.findings import marks_of
from kaohe.reading import Document, open_document
from kaohe.writing.word_comments import commented

WHEN = datetime(2026, 3, 1, 9, 30)
CHANGED = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}


def findings_on(document: Document, places: list[tuple[int, int]]) -> tuple[Finding, ...]:
    marks = (marks_of(document.text, [place]) for place in places)
    return tuple(
        Finding("punctuation", "fails", "warning", "punctuation.doubled", one, {"text": "。"}, id=number)
        for number, one in enumerate(marks, 1)
    )


def opened(data: bytes) -> Document:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "报告.docx"
        place.write_bytes(data)
        return open_document(place)


@st.composite
def places_in(draw: st.DrawFn, document: Document) -> list[tuple[int, int]]:
    """Ranges inside paragraphs, some across several."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        line = draw(st.sampled_from(document.paragraphs))
        start = draw(st.integers(line.start, line.end - 1))
        last = draw(st.sampled_from([line, line, document.paragraphs[-1]]))
        end = draw(st.integers(max(start + 1, last.start + 1), max(start + 1, last.end)))
        found.append((start, min(end, len(document.text))))
    return found


@settings(deadline=None, max_examples=200)
@given(st.data(), bodies(), st.booleans())
def test_taking_the_comments_out_gives_the_file_back(data: st.DataObject, body: str, own: bool) -> None:
    before = packed(body, own)
    document = opened(before)
    places = data.draw(places_in(document))
    after = commented(before, CheckedReport(document, (), findings_on(document, places)), WHEN)
    old, new = parts_of(before), parts_of(after)
    ours = numbers_of(new) - numbers_of(old)
    assert len(ours) == len(places)
    assert bare(new["word/document.xml"], ours) == bare(old["word/document.xml"], set())
    assert {name: part for name, part in new.items() if name not in CHANGED} == {
        name: part for name, part in old.items() if name not in CHANGED
    }
    assert [name for name in new if name in old] == list(old)
    assert opened(after).text == document.text


@settings(deadline=None, max_examples=100)
@given(st.data(), bodies())
def test_a_comment_stands_at_its_text(data: st.DataObject, body: str) -> None:
    before = packed(body, False)
    document = opened(before)
    line = data.draw(st.sampled_from(document.paragraphs))
    start = data.draw(st.integers(line.start, line.end - 1))
    end = data.draw(st.integers(start + 1, line.end))
    after = parts_of(
        commented(before, CheckedReport(document, (), findings_on(document, [(start, end)])), WHEN)
    )
    (number,) = numbers_of(after)
    told = covered(etree.fromstring(after["word/document.xml"]), number)
    assert "".join(document.text[start:end].split()) in told


def numbers_of(parts: dict[str, bytes]) -> set[str]:
    part = parts.get("word/comments.xml")
    found = [] if part is None else [one.get(f"{Q}id") for one in etree.fromstring(part)]
    assert len(found) == len(set(found))
    return set(found)
