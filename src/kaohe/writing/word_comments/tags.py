"""The elements of an XML text by the offsets of their tags, so that it is added to without rewriting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<close>/)?[^\s/>]+(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/)?>",
    re.DOTALL,
)
_CHARACTER = re.compile(r"&[^;]+;|\r\n|.", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Extent:
    """An element from ``start`` to ``end``, its content from ``inner`` to ``inner_end``."""

    start: int
    inner: int
    inner_end: int
    end: int

    def opening(self, xml: str) -> str:
        """Its start tag."""
        return xml[self.start : self.inner]

    def closing(self, xml: str) -> str:
        """Its end tag; empty for an element that is one tag."""
        return xml[self.inner_end : self.end]

    def content(self, xml: str) -> str:
        """What stands between its tags, as written."""
        return xml[self.inner : self.inner_end]


def extents(xml: str, wanted: Iterable[int]) -> dict[int, Extent]:
    """The extents of the elements with these numbers, counted from 0 in the order of their start tags.

    ``xml`` is well-formed and has no document type.

    >>> extents('<a><b x=">"/>1<!-- <c> --><b>2</b></a>', [1, 2])
    {1: Extent(start=3, inner=13, inner_end=13, end=13), 2: Extent(start=26, inner=29, inner_end=30, end=34)}
    """
    asked, found = set(wanted), {}
    opened: list[tuple[int, int, int]] = []
    number = -1
    for tag in _TAG.finditer(xml):
        start, end = tag.span()
        if xml.startswith(("<!", "<?"), start):
            continue
        if tag["close"]:
            closed, begun, inner = opened.pop()
            if closed in asked:
                found[closed] = Extent(begun, inner, start, end)
            continue
        number += 1
        if not tag["empty"]:
            opened.append((number, start, end))
        elif number in asked:
            found[number] = Extent(start, end, end, end)
    return found


def raw_offset(content: str, characters: int) -> int:
    """Where a number of characters ends in text as written in XML, an entity being one character.

    >>> raw_offset("a&amp;b", 2)
    6
    """
    ends = [0, *(found.end() for found in _CHARACTER.finditer(content))]
    return ends[characters]


def inserted(xml: str, additions: Mapping[int, str]) -> str:
    """The text with additions at some offsets.

    >>> inserted("<a></a>", {3: "<b/>"})
    '<a><b/></a>'
    """
    pieces, at = [], 0
    for place in sorted(additions):
        pieces += [xml[at:place], additions[place]]
        at = place
    return "".join([*pieces, xml[at:]])


def appended(xml: str, children: str) -> str:
    """The document with children added at the end of its root.

    >>> appended("<a/>", "<b/>"), appended("<a>1</a> ", "<b/>")
    ('<a><b/></a>', '<a>1<b/></a> ')
    """
    root = extents(xml, [0])[0]
    if root.closing(xml):
        return inserted(xml, {root.inner_end: children})
    name = re.match(r"<([^\s/>]+)", root.opening(xml))
    assert name is not None
    opening = root.opening(xml)[:-2].rstrip() + ">"
    return f"{xml[: root.start]}{opening}{children}</{name[1]}>{xml[root.end :]}"


def root_prefix(xml: str) -> str:
    """The prefix of the root's name with its colon, or nothing."""
    name = re.match(r"<([^\s/>:]+:)?", xml[extents(xml, [0])[0].start :])
    return (name[1] or "") if name else ""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of an XML part and the codec that gives its bytes back."""
    codec = _codec(data)
    xml = data.decode(codec)
    if xml.encode(codec) != data:
        raise ValueError(codec)
    return xml, codec


def _codec(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"<\x00")):
        return "utf-16-le"
    if data.startswith((b"\xfe\xff", b"\x00<")):
        return "utf-16-be"
    stated = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf")[:200])
    return stated[1].decode("ascii") if stated else "utf-8"
