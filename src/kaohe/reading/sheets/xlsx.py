"""Reading .xlsx: streamed, so that a far cell or a long sheet costs no more than what it holds.

Why not a library: calamine gives neither number formats nor what is hidden nor whether a formula was saved
with its result; openpyxl gives all three but fills memory up to the farthest cell. Elements are known by
their local names, so that strict and transitional files read alike.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from kaohe.facts.errors import DataError
from kaohe.reading.sheets.formats import built_in_format
from kaohe.reading.sheets.raw import Area, Kind, RawCell, RawSheet, fifteen_digits

MOST_CELLS = 400_000
_LONGEST_TEXT = 33_000
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_Style = tuple[str, int]


def read_xlsx(path: Path) -> tuple[RawSheet, ...]:
    """The sheets of an .xlsx file, in order. Raises ``DataError`` when it is damaged or too large."""
    try:
        with zipfile.ZipFile(path) as package:
            return _Book(package, path.name).sheets()
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        raise DataError(f"{path.name}:文件已损坏,读不出来({error})") from error


class _Book:
    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self.package, self.name = package, name
        self.members = {m.replace("\\", "/").lstrip("/"): m for m in package.namelist()}
        self.root = next(m for m in self.members if m.lower().endswith("workbook.xml"))
        self.budget = MOST_CELLS
        self.uncalculated = False

    def sheets(self) -> tuple[RawSheet, ...]:
        links = self._links()
        listed = list(self._listed())
        self.strings = self._strings(links)
        self.styles = self._styles(links)
        return tuple(
            self._sheet(name, state, links[key][1]) for name, state, key in listed
            if key in links and links[key][0] == "worksheet"
        )  # fmt: skip

    def _parsed(self, member: str, *events: str) -> Iterator[tuple[str, Any]]:
        with self.package.open(self.members[member]) as stream:
            yield from _events(stream, events)

    def _links(self) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(self.root)
        found: dict[str, tuple[str, str]] = {}
        for _, element in self._parsed(posixpath.join(folder, "_rels", f"{file}.rels"), "end"):
            if _local(element) == "Relationship":
                if element.get("TargetMode") == "External":
                    raise DataError(f"{self.name}:工作簿链接了别的文件;请断开链接后再存")
                target = element.get("Target", "")
                full = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = element.get("Type", "").rsplit("/", 1)[-1]
                found[element.get("Id", "")] = (kind, posixpath.normpath(full))
        return found

    def _listed(self) -> Iterator[tuple[str, str, str]]:
        for _, element in self._parsed(self.root, "end"):
            if _local(element) == "sheet":
                key = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                yield element.get("name", ""), element.get("state", "visible"), key
            elif _local(element) == "calcPr":
                self.uncalculated = element.get("fullCalcOnLoad", "0") in ("1", "true")

    def _member_of(self, links: dict[str, tuple[str, str]], kind: str) -> str | None:
        found = next((member for what, member in links.values() if what == kind), None)
        return found if found in self.members else None

    def _strings(self, links: dict[str, tuple[str, str]]) -> list[str]:
        member = self._member_of(links, "sharedStrings")
        texts: list[str] = []
        if member:
            for _, element in self._parsed(member, "end"):
                if _local(element) == "si":
                    texts.append(_rich_text(element))
                    _forget(element)
        return texts

    def _styles(self, links: dict[str, tuple[str, str]]) -> list[_Style]:
        member = self._member_of(links, "styles")
        formats: dict[int, str] = {}
        styles: list[_Style] = []
        if not member:
            return styles
        for _, element in self._parsed(member, "end"):
            if _local(element) == "numFmt" and element.get("numFmtId"):
                formats[int(element.get("numFmtId"))] = element.get("formatCode", "")
            elif _local(element) == "cellXfs":
                for each in element:
                    number = int(each.get("numFmtId", "0"))
                    indents = [int(float(a.get("indent", "0"))) for a in each if _local(a) == "alignment"]
                    styles.append(
                        (formats.get(number) or built_in_format(number), indents[0] if indents else 0)
                    )
        return styles

    def _sheet(self, name: str, state: str, member: str) -> RawSheet:
        cells: list[RawCell] = []
        merged: list[Area] = []
        rows: set[int] = set()
        columns: set[int] = set()
        at = [-1, -1]
        for event, element in self._parsed(member, "start", "end"):
            what = _local(element)
            if event == "start":
                if what == "row":
                    at[:] = [int(element.get("r", at[0] + 2)) - 1, -1]
                    if _is_hidden(element, "ht"):
                        rows.add(at[0])
                continue
            if what == "c":
                self._add(cells, element, at)
            elif what == "row":
                _forget(element)
            elif what == "col" and _is_hidden(element, "width"):
                last = min(int(element.get("max", "1")), int(element.get("min", "1")) + 16_384)
                columns.update(range(int(element.get("min", "1")) - 1, last))
            elif what == "mergeCell":
                merged.append(_area(element.get("ref", "A1")))
        hidden = state in ("hidden", "veryHidden")
        return RawSheet(name, tuple(cells), tuple(merged), hidden, frozenset(rows), frozenset(columns))

    def _add(self, cells: list[RawCell], element: Any, at: list[int]) -> None:
        place = element.get("r")
        row, column = _place(place) if place else (at[0], at[1] + 1)
        at[1] = column
        cell = self._cell(element, row, column)
        if cell is None:
            return
        self.budget -= 1
        if self.budget < 0:
            raise DataError(f"{self.name}:有数据的格超过 {MOST_CELLS} 个的上限")
        cells.append(cell)

    def _cell(self, element: Any, row: int, column: int) -> RawCell | None:
        parts = {_local(part): part for part in element}
        kind, formula = element.get("t", "n"), "f" in parts
        written = parts["v"].text if "v" in parts else None
        style = int(element.get("s", "0"))
        code, indent = self.styles[style] if style < len(self.styles) else ("General", 0)
        if kind == "inlineStr":
            text = _rich_text(parts["is"]) if "is" in parts else ""
            return RawCell(row, column, "text", text, code, formula, indent=indent) if text.strip() else None
        if formula and (written is None or (kind == "n" and not written.strip())):
            return RawCell(row, column, "blank", "", code, formula=True, cached=False)
        if written is None:
            return None
        found = self._value(kind, written)
        if found is None:
            return None
        # Writers that cannot calculate store 0 and ask for a calculation on opening: that 0 is no result.
        cached = not (formula and self.uncalculated and found[1] == "0")
        return RawCell(row, column, found[0], found[1], code, formula, cached, indent)

    def _value(self, kind: str, written: str) -> tuple[Kind, str] | None:
        if kind == "s":
            text = self.strings[int(written)]
            return ("text", text) if text.strip() else None
        if kind == "n":
            return "number", fifteen_digits(written)
        if kind == "b":
            return "flag", "TRUE" if written == "1" else "FALSE"
        if kind == "e":
            return "error", written
        return ("text", written[:_LONGEST_TEXT]) if written.strip() else None


def _events(stream: IO[bytes], events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    yield from etree.iterparse(
        stream, events=events, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _rich_text(element: Any) -> str:
    """The text of a string, without the readings printed above it (rPh)."""
    texts: list[str] = []
    for part in element:
        if _local(part) == "t":
            texts.append(part.text or "")
        elif _local(part) == "r":
            texts += [each.text or "" for each in part if _local(each) == "t"]
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), "".join(texts))[:_LONGEST_TEXT]


def _is_hidden(element: Any, size: str) -> bool:
    return element.get("hidden", "0") in ("1", "true") or element.get(size) == "0"


def _place(reference: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(reference.replace("$", ""))
    if not match:
        raise ValueError(f"{reference} 不是格的位置")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    return (*_place(first), *_place(last or first))
