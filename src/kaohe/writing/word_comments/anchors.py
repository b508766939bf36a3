"""Where in a body's XML a comment begins and ends: at a run's edge, or inside a run that is cut there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kaohe.reading.documents import Paragraph
from kaohe.reading.formats.word import MAIN
from kaohe.reading.formats.word_places import Piece, WordPlaces
from kaohe.writing.word_comments.tags import Extent, extents, raw_offset

Side = Literal["start", "end"]
_W = f"{{{MAIN}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLANK = " \t\r\n"


def _names(*names: str) -> frozenset[str]:
    return frozenset(f"{_W}{name}" for name in names)


# Where a comment's marks may stand among runs, and so inside which a run may be cut.
_INLINE = _names("p", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo")
_BLOCKS = _names("document", "body", "tbl", "tr", "tc")
# Content controls whose content Word writes itself or keeps in one run.
_CLOSED_CONTROLS = _names(
    "text", "date", "dropDownList", "comboBox", "picture", "dataBinding", "lock", "citation", "bibliography"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the XML; ``before`` and ``after`` close and open again what is cut there.

    ``prefix`` is the one of the namespace of Word there, with its colon, or nothing when it has none.
    """

    place: int
    prefix: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """From where to where a comment speaks."""

    start: Point
    end: Point


class Body:
    """The XML of a body, and the places of its text in it."""

    def __init__(self, xml: str, places: WordPlaces) -> None:
        self.xml, self.places = xml, places
        self._wanted: dict[Any, int] = {}
        self._extents: dict[int, Extent] = {}

    def anchors(self, ranges: Sequence[tuple[int, int]]) -> list[Anchor | None]:
        """The anchor of each range of the text; None where the file has no place for a comment."""
        ends = [self._ends(start, end) for start, end in ranges]
        self._locate(piece.element for pair in ends if pair for piece, _ in pair)
        return [self._anchor(pair) if pair else None for pair in ends]

    def _ends(self, start: int, end: int) -> tuple[tuple[Piece, int], tuple[Piece, int]] | None:
        """The pieces in which a range begins and ends; one that leaves its cell ends with its paragraph."""
        lines = self.places.document.paragraphs
        at = bisect_right(lines, start, key=lambda line: line.end)
        behind = bisect_left(lines, end, key=lambda line: line.start)
        if at >= behind:
            return None
        first, last = lines[at], lines[behind - 1]
        if self._parent(first) is not self._parent(last):
            last = first
        start, end = max(start, first.start), min(end, last.end)
        opening = next((one for one in self.places.pieces(first) if start < one.end), None)
        closing = next((one for one in self.places.pieces(last) if end <= one.end), None)
        return ((opening, start), (closing, end)) if opening and closing else None

    def _parent(self, line: Paragraph) -> Any:
        return self.places.paragraph(line).getparent()

    def _locate(self, elements: Iterator[Any]) -> None:
        """Finds the tags of the elements and of all that an anchor on them may need."""
        near = {one for element in elements for one in _near(element)}
        for number, element in enumerate(self.places.root.iter("*")):
            if element in near:
                self._wanted[element] = number
        self._extents = extents(self.xml, self._wanted.values())

    def _extent(self, element: Any) -> Extent:
        return self._extents[self._wanted[element]]

    def _anchor(self, ends: tuple[tuple[Piece, int], tuple[Piece, int]]) -> Anchor | None:
        (opening, start), (closing, end) = ends
        begun, ended = self._point(opening, start, "start"), self._point(closing, end, "end")
        if begun is None or ended is None:
            return None
        if begun.place >= ended.place:
            # A range of blanks only: the whole piece stands for it.
            begun, ended = self._edge(opening.element, "start"), self._edge(closing.element, "end")
        return Anchor(begun, ended)

    def _point(self, piece: Piece, offset: int, side: Side) -> Point | None:
        held = _holder(piece.element)
        if held.getparent() is None or held.getparent().tag not in _INLINE:
            return None
        if held is not piece.element.getparent():
            return self._beside(held, side)
        cut = self._inside(piece, offset) if piece.element.tag == f"{_W}t" else None
        return cut or self._edge(piece.element, side)

    def _inside(self, piece: Piece, offset: int) -> Point | None:
        """A cut between two characters; None at either end of the text."""
        element, characters = piece.element, offset - piece.start + piece.inset
        text, kept = element.text, element.get(_SPACE) == "preserve"
        written = self._extent(element).content(self.xml)
        while not kept and 0 < characters < len(text) and text[characters - 1] in _BLANK:
            characters -= 1
        if not 0 < characters < len(text) or "<" in written:
            return None
        keeps = "" if kept or text[characters] not in _BLANK else ' xml:space="preserve"'
        opening = self._extent(element).opening(self.xml)[:-1] + keeps + ">"
        place = self._extent(element).inner + raw_offset(written, characters)
        return self._cut(element, place, self._extent(element).closing(self.xml), opening)

    def _edge(self, element: Any, side: Side) -> Point:
        """Beside a child of a run: beside the run where nothing else stands between."""
        near = _sibling(element, side)
        run = element.getparent()
        if near is None or near.tag == f"{_W}rPr":
            return self._beside(run, side)
        last = near if side == "start" else element
        return self._cut(element, self._extent(last).end)

    def _cut(self, element: Any, place: int, closing: str = "", opening: str = "") -> Point:
        """Closes the run at a place and opens one of the same properties behind it."""
        run = element.getparent()
        extent, properties = self._extent(run), run.find(f"{_W}rPr")
        dress = "" if properties is None else self.xml[slice(*self._whole(properties))]
        before = closing + extent.closing(self.xml)
        return Point(place, _prefix(run.getparent()), before, extent.opening(self.xml) + dress + opening)

    def _whole(self, element: Any) -> tuple[int, int]:
        extent = self._extent(element)
        return extent.start, extent.end

    def _beside(self, element: Any, side: Side) -> Point:
        extent = self._extent(element)
        return Point(extent.start if side == "start" else extent.end, _prefix(element.getparent()))


def _near(element: Any) -> Iterator[Any]:
    held, run = _holder(element), element.getparent()
    yield from (element, held, run)
    yield from (one for one in (_sibling(element, "start"), run.find(f"{_W}rPr")) if one is not None)


def _sibling(element: Any, side: Side) -> Any:
    """The next element before (``start``) or behind (``end``) one."""
    step: Callable[[Any], Any] = lambda one: one.getprevious() if side == "start" else one.getnext()  # noqa: E731
    found = step(element)
    while found is not None and not isinstance(found.tag, str):
        found = step(found)
    return found


def _holder(element: Any) -> Any:
    """The outermost element around a piece of text that a comment can only enclose whole.

    That is its run, or what holds the run and may not be cut: a text box (Word allows no comment inside
    one), a field, ruby, a content control of plain text.
    """
    held = element.getparent()
    for above in element.iterancestors():
        if above.tag in _BLOCKS or above.tag in _INLINE:
            continue
        if above.tag != f"{_W}sdt" or _closed(above):
            held = above
    return held


def _closed(control: Any) -> bool:
    """Whether a content control among runs is one that must stay whole."""
    inline = control.getparent().tag in _INLINE and control.getparent().tag != f"{_W}sdtContent"
    properties = control.find(f"{_W}sdtPr")
    kinds = () if properties is None else (child.tag for child in properties)
    return inline and any(kind in _CLOSED_CONTROLS for kind in kinds)


def _prefix(parent: Any) -> str:
    """The prefix bound to Word's namespace at an element; attributes need one."""
    return next((f"{name}:" for name, space in parent.nsmap.items() if space == MAIN and name), "")
