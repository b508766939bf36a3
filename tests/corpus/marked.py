"""Whole documents with their gold figures marked inside the text, as ``documents/README.md`` describes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

FOLDER = Path(__file__).parent / "documents"
_MARK = re.compile(r"\{(?P<figure>[^{}]+)\}|\[\[(?P<no>[^\[\]]+)\|(?P<why>[a-z]+)\]\]", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?")
_BARE = re.compile(
    r"(?:[过超破上]|投资|资|开工)([十百千]?[万亿]元)|(?<![十百千万亿\d])([十百千]?[万亿]元)(?=以上)"
)
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
KINDS = {
    "a": "amount", "c": "count", "ar": "area", "q": "quantity", "cap": "capacity", "g": "growth",
    "d": "delta", "pp": "delta_pp", "s": "share", "co": "completion", "r": "rate", "rk": "rank",
    "st": "structure",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gold:
    """A figure as labelled by hand; ``relation`` and ``whole`` are places in the list of figures."""

    start: int
    end: int
    values: tuple[Fraction, ...]
    measure: str
    kind: str
    indicator: str
    relation: int | None
    whole: int | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A document: its text without marks, its figures in order, and the places that hold none."""

    name: str
    text: str
    figures: tuple[Gold, ...]
    negatives: tuple[tuple[int, int, str], ...]


def documents(pattern: str = "*.txt") -> list[Marked]:
    """The documents of the folder, by name."""
    return [_document(path) for path in sorted(FOLDER.glob(pattern))]


def _document(path: Path) -> Marked:
    source = path.read_text(encoding="utf-8")
    pieces: list[str] = []
    labels: list[tuple[int, int, list[str]]] = []
    negatives: list[tuple[int, int, str]] = []
    length = place = 0
    for mark in _MARK.finditer(source):
        fields = mark["figure"].split("|") if mark["figure"] else [mark["no"]]
        printed = fields[0].split("=")[0]
        before = source[place : mark.start()]
        start = length + len(before)
        length = start + len(printed)
        pieces += (before, printed)
        place = mark.end()
        if mark["figure"]:
            labels.append((start, length, fields))
        else:
            negatives.append((start, length, mark["why"]))
    text = "".join([*pieces, source[place:]])
    return Marked(path.stem, text, tuple(_figures(text, labels)), tuple(negatives))


def _figures(text: str, labels: list[tuple[int, int, list[str]]]) -> list[Gold]:
    taken = [(start, end) for start, end, _ in labels]
    for match in _BARE.finditer(text):
        span = match.span(1 if match[1] else 2)
        if not any(start < span[1] and span[0] < end for start, end in taken):
            labels.append((*span, [f"{text[slice(*span)]}=1 {text[slice(*span)]}", "a", "门槛", "?"]))
    found: list[Gold] = []
    ordered = sorted(labels, key=lambda label: label[0])
    numbered = [at for at, label in enumerate(ordered) if label[2][-1] != "?" or label[2][2] != "门槛"]
    for at, (start, end, fields) in enumerate(ordered):
        values, measure = _meaning(fields[0])
        links = [_linked(numbered, at, field) for field in fields[3:] if field[0] in "<>"] + [None, None]
        name = fields[2]
        if name == "=":
            assert links[0] is not None
            name = found[links[0]].indicator if links[0] < at else ordered[links[0]][2][2]
        kind, optional = KINDS[fields[1]], fields[-1] == "?"
        found.append(Gold(start, end, values, measure, kind, name, links[0], links[1], optional))
    return found


def _linked(numbered: list[int], at: int, field: str) -> int:
    """``<2`` is the second marked figure before, ``>1`` the next."""
    step = -int(field[1:]) if field[0] == "<" else int(field[1:])
    return numbered[numbered.index(at) + step]


def _meaning(written: str) -> tuple[tuple[Fraction, ...], str]:
    printed, _, meaning = written.partition("=")
    if meaning:
        numbers, _, measure = meaning.partition(" ")
        return tuple(Fraction(number) for number in numbers.split(",")), measure
    plain = re.sub(r"\s", "", printed).translate(_WIDE)
    if ":" in plain or "∶" in plain:
        return tuple(Fraction(part) for part in re.split("[:∶]", plain)), ""
    plain = plain.lstrip("第近")
    match = _NUMBER.match(plain)
    if match is None:
        return _in_words(plain)
    measure = re.sub("^[余多来]|个(?=百分点)|(?<=[万亿])[余多]", "", plain[match.end() :])
    return (Fraction(match[0].replace(",", "")),), measure


def _in_words(plain: str) -> tuple[tuple[Fraction, ...], str]:
    digits = "零一二三四五六七八九十"
    plain = plain.replace("两", "二", 1)
    if plain[0] in digits and plain[1] not in digits:
        return (Fraction(digits.index(plain[0])),), plain[1:]
    return (Fraction(1),), plain
