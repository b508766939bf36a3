"""The passages of this folder with their gold figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

FOLDER = Path(__file__).parent
_PRINTED = re.compile(r"[\d.]+")


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure that must be read, as labelled by hand."""

    start: int
    end: int
    values: tuple[Fraction, ...]
    measure: str
    kind: str
    indicator: str
    relation: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its figures in order."""

    name: str
    text: str
    figures: tuple[GoldFigure, ...]


def passages() -> list[Passage]:
    """Every passage of ``passages.txt``."""
    content = (FOLDER / "passages.txt").read_text(encoding="utf-8")
    return [_passage(block) for block in re.split(r"^# ", content, flags=re.MULTILINE)[1:]]


def _passage(block: str) -> Passage:
    name, _, rest = block.partition("\n")
    lines = rest.strip().split("\n")
    labels = [line[2:] for line in lines if line.startswith("> ")]
    text = "\n".join(line for line in lines if line and not line.startswith("> "))
    figures: list[GoldFigure] = []
    place = 0
    for label in labels:
        figure = _figure(text, place, label)
        figures.append(figure)
        place = figure.end
    return Passage(name, text, tuple(figures))


def _figure(text: str, place: int, label: str) -> GoldFigure:
    fields = [field.strip() for field in label.split("|")] + ["", ""]
    printed, _, meaning = fields[0].partition("=")
    match = re.compile(re.escape(printed).replace(r"\ ", r"\s?")).search(text, place)
    assert match is not None, f"{printed} is not in {text}"
    values, measure = _meaning(meaning or printed)
    links = [int(field) if field else None for field in fields[3:5]]
    return GoldFigure(match.start(), match.end(), values, measure, fields[1], fields[2], *links)


def _meaning(written: str) -> tuple[tuple[Fraction, ...], str]:
    if " " in written or "," in written:
        numbers, _, measure = written.partition(" ")
        return tuple(Fraction(number) for number in numbers.split(",")), measure
    match = _PRINTED.match(written)
    assert match is not None, written
    measure = re.sub("^[余多]|个(?=百分点)", "", written[match.end() :])
    return (Fraction(match[0]),), measure
