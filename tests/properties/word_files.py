"""Random Word files with everything in which text may stand, and the taking out of comments, done anew."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import docx
from hypothesis import strategies as st
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Q = f"{{{W}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

texts = st.text(st.sampled_from("产值6.25亿元,&< >%\u3000。A"), min_size=1, max_size=8)
dresses = st.sampled_from(["", "<w:rPr><w:b/></w:rPr>", "<w:rPr><w:i/><w:color w:val='FF0000'/></w:rPr>"])


@st.composite
def written_texts(draw: st.DrawFn) -> str:
    kept = draw(st.sampled_from(["", ' xml:space="preserve"']))
    written = escape(draw(texts), {"A": "&#x41;"})
    return f"<w:t{kept}>{written}</w:t>"


contents = st.one_of(
    written_texts(),
    written_texts(),
    st.sampled_from(
        ["<w:tab/>", "<w:br/>", "<w:t/>", "<w:t><![CDATA[7<8]]></w:t>", "<w:lastRenderedPageBreak/>"]
    ),
)


@st.composite
def runs(draw: st.DrawFn) -> str:
    told = draw(st.sampled_from(["", ' w:rsidR="00A1"']))
    return f"<w:r{told}>{draw(dresses)}{''.join(draw(st.lists(contents, max_size=3)))}</w:r>"


_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
    "<w:txbxContent><w:p>{}</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>{}</w:p></w:txbxContent></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
_WRAPS = (
    "{}", "{}", "{}", '<w:ins w:id="7" w:author="a">{}</w:ins>', '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
    '<w:fldSimple w:instr="PAGE">{}</w:fldSimple>', "<w:smartTag>{}</w:smartTag>", "<!-- note -->{}\n  ",
    '<w:del w:id="8" w:author="a"><w:r><w:delText>5</w:delText></w:r></w:del>{}',
    '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
)  # fmt: skip


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    inner = []
    for wrap in draw(st.lists(st.sampled_from(_WRAPS), max_size=4)):
        inner.append(wrap.format("".join(draw(st.lists(runs(), max_size=3)))))
    if draw(st.integers(0, 9)) == 0:
        box = draw(runs())
        inner.append(_BOX.format(box, box))
    return f"<w:p>{draw(st.sampled_from(['', '<w:pPr/>']))}{''.join(inner)}</w:p>"


@st.composite
def tables(draw: st.DrawFn) -> str:
    spans = st.sampled_from(["", "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>", "<w:tcPr><w:vMerge/></w:tcPr>"])
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        cells = (f"<w:tc>{draw(spans)}{draw(paragraphs())}</w:tc>" for _ in range(2))
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


blocks = st.one_of(
    paragraphs(),
    paragraphs(),
    tables(),
    paragraphs().map(lambda inner: f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"),
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The XML of a body; its first paragraph has text."""
    inner = "".join(draw(st.lists(blocks, max_size=5)))
    first = f"<w:p><w:r><w:t>标题{escape(draw(texts))}</w:t></w:r></w:p>"
    spaces = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml = f"{HEAD}<w:document {spaces}><w:body>{first}{inner}<w:sectPr/></w:body></w:document>"
    return draw(st.sampled_from([xml, xml, _unprefixed(xml), _renamed(xml)]))


def _renamed(xml: str) -> str:
    return re.sub(r"(</?| |xmlns:)w\b(?=[:=])", r"\1q", xml)


def _unprefixed(xml: str) -> str:
    """Elements in the default namespace; attributes still need the prefix."""
    opened = xml.replace("<w:", "<").replace("</w:", "</")
    return opened.replace("xmlns:w", f'xmlns="{W}" xmlns:w', 1)


def packed(body: str, with_comment: bool) -> bytes:
    """A Word file of python-docx with this body, and a comment of its user."""
    return replaced(_package(with_comment), {"word/document.xml": body.encode()})


@cache
def _package(with_comment: bool) -> bytes:
    document = docx.Document()
    run = document.add_paragraph("我").runs[0]
    if with_comment:
        document.add_comment(run, "用户的批注", author="王")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def replaced(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with some parts exchanged, or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, parts.pop(info.filename) if info.filename in parts else old.read(info))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Every part of a package, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def bare(body: bytes, numbers: set[str]) -> bytes:
    """The canonical form of a body without these comments, neighbouring runs of one look joined."""
    root = etree.fromstring(body)
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for element in list(root.iter(f"{Q}{name}")):
            if element.get(f"{Q}id") in numbers:
                _taken_out(element.getparent() if name == "commentReference" else element)
    for run in list(root.iter(f"{Q}r")):
        _join(run)
    for run in root.iter(f"{Q}r"):
        _join_texts(run)
    return etree.tostring(root, method="c14n")


def _taken_out(element: Any) -> None:
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + tail or None
    else:
        before.tail = (before.tail or "") + tail or None
    parent.remove(element)


def _join(run: Any) -> None:
    before = run.getprevious()
    if before is None or before.tag != run.tag or before.tail or _look(before) != _look(run):
        return
    for child in run:
        if child.tag != f"{Q}rPr":
            before.append(child)
    _taken_out(run)


def _look(run: Any) -> tuple[dict[str, str], bytes]:
    found = run.find(f"{Q}rPr")
    return dict(run.attrib), b"" if found is None else etree.tostring(found, method="c14n", with_tail=False)


def _join_texts(run: Any) -> None:
    last: Any = None
    for child in list(run):
        if child.tag == f"{Q}t" and last is not None and last.getnext() is child and not last.tail:
            last.text = (last.text or "") + (child.text or "")
            _taken_out(child)
        else:
            last = child if child.tag == f"{Q}t" else None
    for text in run.iter(f"{Q}t"):
        if (text.text or "").strip(" \t\r\n") == (text.text or ""):
            text.attrib.pop(SPACE, None)


def covered(root: Any, number: str) -> str:
    """The text between the marks of a comment, blanks left out."""
    pieces, inside = [], False
    for element in root.iter():
        if element.get(f"{Q}id") == number and element.tag == f"{Q}commentRangeStart":
            inside = True
        elif element.get(f"{Q}id") == number and element.tag == f"{Q}commentRangeEnd":
            return "".join("".join(pieces).split())
        elif inside and element.tag == f"{Q}t":
            pieces.append(element.text or "")
    raise AssertionError(f"comment {number} has no end")
