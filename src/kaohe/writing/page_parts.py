"""Pieces of the board's page: number cells aligned on the point, chips, tags, pace bars; all escaped."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from html import escape

from kaohe.outlook.figures import Figure
from kaohe.outlook.lights import Light
from kaohe.outlook.model import Progress
from kaohe.writing.marks import DAGGER, has_dagger

_BAR_END = 125
_TITLE = {"预计": "预计数,未核定", "含预计": "其中含预计数", "原文": "公布数,不是计算数"}


def chip(light: Light | None) -> str:
    """Shape, word and colour of a status."""
    if light is None:
        return ""
    shape = f'<span class="k-shape" aria-hidden="true">{_shape(light)}</span>'
    return f'<span class="k-chip k-{light.tone}">{shape}{escape(light.word)}</span>'


def shape(tone: str, glyph: str) -> str:
    """A status's shape alone, in its colour."""
    return f'<span class="k-{tone} k-bare" aria-hidden="true">{glyph}</span>'


def _shape(light: Light) -> str:
    return '<span class="k-box"></span>' if light.tone == "missing" else escape(light.shape)


def tag(text: str, kind: str = "") -> str:
    """A small framed word: 预计, 存疑, 演示数据."""
    title = f' title="{_TITLE[text]}"' if text in _TITLE else ""
    return f'<span class="k-tag{" k-" + kind if kind else ""}"{title}>{escape(text)}</span>'


def dagger(shown: bool = True) -> str:
    """The mark of a figure that was made up."""
    return f'<sup class="k-dagger" title="演示数据">{DAGGER}</sup>' if shown else ""


def decimals_in(figures: Iterable[Figure]) -> int:
    """How many decimals a column needs room for."""
    return max((figure.decimals for figure in figures if figure.present), default=0)


def number_cell(figure: Figure, places: int, label: str, kind: str = "") -> str:
    """A table cell whose decimal point stands where that of every other cell of its column stands.

    ``places`` is the room for decimals, ``label`` the column's name on a phone.
    """
    blank = "" if figure.present or figure.words.strip() else "k-none"
    classes = " ".join(part for part in ("k-num", kind, blank) if part)
    return f'<td role="cell" class="{classes}" data-label="{escape(label)}">{aligned(figure, places)}</td>'


def aligned(figure: Figure, places: int) -> str:
    """The figure with its fraction in a span of fixed width, marks hanging after it."""
    if not figure.present:
        return f'<span class="k-word">{escape(figure.text)}</span>'
    whole, point, fraction = figure.number.partition(".")
    rest = escape(point + fraction) + escape(figure.tail)
    hanging = dagger(has_dagger(figure)) + _hanging(figure)
    head = f'<span class="k-int">{escape(figure.mark + whole)}</span>'
    return f'{head}<span class="k-frac k-f{places}">{rest}{hanging}</span>'


def _hanging(figure: Figure) -> str:
    words = [figure.measure] if figure.measure else []
    words += ["原文"] if figure.stated else []
    return "".join(f'<small title="{_TITLE.get(word, word)}">{escape(word)}</small>' for word in words)


def estimate_tag(figure: Figure) -> str:
    """The dashed tag of an estimate, after the name of the indicator."""
    return tag(figure.estimated, "estimate") if figure.estimated and figure.present else ""


def pace_bar(progress: Progress, tone: str) -> str:
    """Attainment on a scale of 0—125 % with a tick for the schedule; words where none is followed."""
    reached = progress.attainment.value
    if reached is None:
        return f'<span class="k-word">{escape(progress.due or progress.attainment.words)}</span>'
    hatched = " k-hatched" if progress.attainment.estimated else ""
    bar = f'<rect class="k-fill k-{tone}{hatched}" x="0" y="6" width="{_x(reached)}" height="6"></rect>'
    track = '<rect class="k-track" x="0" y="6" width="100" height="6"></rect>'
    end = '<rect class="k-end" x="99.5" y="4" width="1" height="10"></rect>'
    pace = progress.pace.value
    tick = (
        "" if pace is None else f'<rect class="k-tick" x="{_x(pace)}" y="1" width="1.5" height="16"></rect>'
    )
    label = _bar_label(progress)
    return (
        f'<svg class="k-bar" viewBox="0 0 {_BAR_END} 18" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{track}{bar}{end}{tick}</svg>'
    )


def _x(value: Fraction) -> str:
    return f"{float(min(max(value, Fraction(0)), Fraction(_BAR_END))):.1f}"


def _bar_label(progress: Progress) -> str:
    text = f"完成 {progress.attainment.text}%"
    return text + (f",时序 {progress.pace.text}%" if progress.pace.present else ",不按时序")


def head(*columns: tuple[str, str]) -> str:
    """A table head; each column is its text, lines divided by ``|``, and its class."""
    cells = (
        f'<th role="columnheader" scope="col" class="{kind}">{_lines(text)}</th>' for text, kind in columns
    )
    return f'<thead role="rowgroup"><tr role="row">{"".join(cells)}</tr></thead>'


def _lines(text: str) -> str:
    lines = "<br>".join(escape(line) for line in text.split("|"))
    return lines.replace(DAGGER, dagger())


def cell(content: str, label: str, kind: str = "") -> str:
    """A cell whose content is already markup."""
    return f'<td role="cell" class="{kind}" data-label="{escape(label)}">{content}</td>'
