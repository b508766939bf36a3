"""A checked report as one self-contained page: its own text, figures underlined, findings in the margin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import TypeVar

from kaohe.checking import Finding, Mark
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.writing.marks import typeset

_ORDER = ("error", "warning", "question", "text", "info")
_NAMES = {
    "error": "差错",
    "warning": "提醒",
    "question": "疑问",
    "text": "文字",
    "info": "提示",
    "holds": "通过",
}
_TEXT_CHECKS = frozenset(
    {"numbering", "balance", "punctuation", "boilerplate", "doubled-word", "term", "same-thing-twice"}
)
_LOOKS = {
    "growth": "k-change", "delta": "k-change", "delta_pp": "k-change", "share": "k-ratio",
    "completion": "k-ratio", "rate": "k-ratio", "structure": "k-ratio", "rank": "k-ratio",
}  # fmt: skip
_LEGEND = (("实绩", ""), ("增减", "k-change"), ("比率", "k-ratio"), ("任务", "k-target"), ("预计", "k-vague"))


_Place = tuple[Mark, Finding, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rows of the page are made from; only findings that question something are numbered."""

    document: Document
    claims: Sequence[Claim]
    findings: Sequence[Finding]
    numbers: dict[int, int]
    places: Sequence[_Place]

    def places_in(self, start: int, end: int) -> Sequence[_Place]:
        """The marks that begin in a range, by their places."""
        return _between(self.places, start, end, lambda place: place[0].start)

    def claims_in(self, start: int, end: int) -> Sequence[Claim]:
        """The figures that begin in a range."""
        return _between(self.claims, start, end, lambda claim: claim.start)


def _between(ordered: Sequence[T], start: int, end: int, key: Callable[[T], int]) -> Sequence[T]:
    """Those of an ordered sequence whose place lies in a range."""
    return ordered[bisect_left(ordered, start, key=key) : bisect_left(ordered, end, key=key)]


def report_html(document: Document, claims: Sequence[Claim], findings: Sequence[Finding]) -> str:
    """The page as text. It asks for nothing outside itself and needs no script.

    >>> page = report_html(Document("产值5亿元。。"), [], [])
    >>> "产值5亿元。。" in page, "<script" in page
    (True, False)
    """
    questioned = [finding for finding in findings if finding.verdict != "holds"]
    numbers = {finding.id: number for number, finding in enumerate(questioned, 1)}
    # What is said of the whole document, and has no mark, stands beside its first paragraph.
    whole = (Mark(0, 0, ""),)
    places = [(mark, finding, at) for finding in findings for at, mark in enumerate(finding.marks or whole)]
    places.sort(key=lambda place: place[0].start)
    page = _Page(document, sorted(claims, key=lambda claim: claim.start), findings, numbers, places)
    folder = files("kaohe.writing")
    template = Template(folder.joinpath("report.html").read_text("utf-8"))
    return template.substitute(
        css=folder.joinpath("report.css").read_text("utf-8"),
        title=escape(_title(document)),
        counts=_counts(findings),
        legend="".join(f'<span><i class="k-fig {look}">{name}</i></span>' for name, look in _LEGEND),
        rows="\n".join(_rows(page)),
    )


def _title(document: Document) -> str:
    title = document.title
    return (document.text[title.start : title.end] if title else document.source).strip() or "未命名文稿"


def _group(finding: Finding) -> str:
    if finding.verdict == "holds":
        return "holds"
    return "text" if finding.check in _TEXT_CHECKS and finding.severity != "error" else finding.severity


def _counts(findings: Sequence[Finding]) -> str:
    groups = [_group(finding) for finding in findings]
    told = ((name, groups.count(name)) for name in (*_ORDER, "holds"))
    return "".join(
        f'<span class="k-chip k-{name}">{_NAMES[name]} {count}</span>' for name, count in told if count
    )


def _rows(page: _Page) -> list[str]:
    """One row a paragraph; runs of paragraphs that nothing is said of are folded."""
    rows: list[str] = []
    quiet: list[tuple[int, int]] = []
    for start, end in _paragraphs(page.document):
        if _told_in(page, start, end):
            rows += _folded(page, quiet)
            quiet = []
            rows.append(_row(page, start, end))
        else:
            quiet.append((start, end))
    return rows + _folded(page, quiet)


def _paragraphs(document: Document) -> list[tuple[int, int]]:
    """The paragraphs, with what stands between them kept, so that the text is whole."""
    starts = [paragraph.start for paragraph in document.paragraphs] or [0]
    return list(pairwise([0, *starts[1:], len(document.text)]))


def _told_in(page: _Page, start: int, end: int) -> bool:
    return bool(page.places_in(start, end))


def _folded(page: _Page, quiet: list[tuple[int, int]]) -> list[str]:
    if not quiet:
        return []
    opening = escape(page.document.text[slice(*quiet[0])].strip()[:24])
    inside = "".join(_paragraph(page, start, end) for start, end in quiet)
    summary = f"{opening}…… 共 {len(quiet)} 段，没有意见"
    return [f'<details class="k-fold"><summary>{summary}</summary>{inside}</details>']


def _row(page: _Page, start: int, end: int) -> str:
    here = [finding for _, finding, at in page.places_in(start, end) if at == 0]
    here.sort(key=lambda finding: finding.id)
    cards = "".join(_card(page, finding) for finding in here if finding.verdict != "holds")
    passed = "".join(_passed(finding) for finding in here if finding.verdict == "holds")
    elsewhere = "".join(_elsewhere(page, finding) for finding in _seen_elsewhere(page, start, end))
    margin = f'<div class="k-margin">{cards}{elsewhere}{passed}</div>'
    return f'<div class="k-row">{_paragraph(page, start, end)}{margin}</div>'


def _seen_elsewhere(page: _Page, start: int, end: int) -> list[Finding]:
    """Findings whose card stands beside another paragraph, but that speak of this one as well."""
    told = {
        finding.id: finding
        for _, finding, _ in page.places_in(start, end)
        if finding.verdict != "holds" and not start <= finding.start < end
    }
    return [told[number] for number in sorted(told)]


def _card(page: _Page, finding: Finding) -> str:
    number, look = page.numbers[finding.id], _group(finding)
    places = " · ".join(_back(finding, at, mark) for at, mark in enumerate(finding.marks))
    return (
        f'<div class="k-card k-{look}" id="f{finding.id}"><p><span class="k-number k-{look}">{number}</span> '
        f'<b>{_NAMES[look]}</b> {typeset(escape(finding.message))}</p><p class="k-places">{places}</p></div>'
    )


def _elsewhere(page: _Page, finding: Finding) -> str:
    number, look = page.numbers[finding.id], _group(finding)
    return (
        f'<div class="k-card k-{look}"><p><span class="k-number k-{look}">{number}</span> '
        f'<a href="#f{finding.id}">见另一处的意见</a></p></div>'
    )


def _back(finding: Finding, at: int, mark: Mark) -> str:
    quoted = mark.text if len(mark.text) <= 14 else mark.text[:13] + "…"
    return f'<a href="#f{finding.id}m{at}">“{escape(quoted)}”</a>'


def _passed(finding: Finding) -> str:
    links = " · ".join(_back(finding, at, mark) for at, mark in enumerate(finding.marks[:1]))
    return f'<p class="k-ok" id="f{finding.id}">{typeset(escape(finding.message))} {links}</p>'


def _paragraph(page: _Page, start: int, end: int) -> str:
    title = page.document.title
    look = " k-title" if title and title.start < end and start < title.end else ""
    return f'<p class="k-body{look}">{_marked(page, start, end)}</p>'


def _marked(page: _Page, start: int, end: int) -> str:
    """The text of a paragraph, cut wherever a figure or a marked place begins or ends."""
    here = (place for place in page.places_in(start, end) if place[1].marks)
    marks = sorted(here, key=lambda place: (place[1].id, place[2]))
    claims = page.claims_in(start, end)
    cuts = {start, end, *(mark.start for mark, *_ in marks), *(min(end, mark.end) for mark, *_ in marks)}
    cuts |= {claim.start for claim in claims} | {min(end, claim.end) for claim in claims}
    pieces = (_piece(page, left, right, marks, claims) for left, right in pairwise(sorted(cuts)))
    return "".join(pieces).rstrip("\n")


def _piece(page: _Page, left: int, right: int, marks: Sequence[_Place], claims: Sequence[Claim]) -> str:
    over = [(mark, finding) for mark, finding, _ in marks if mark.start <= left and right <= mark.end]
    claim = next((claim for claim in claims if claim.start <= left and right <= claim.end), None)
    anchors = "".join(
        f'<span id="f{finding.id}m{at}"></span>' for mark, finding, at in marks if mark.start == left
    )
    ending = {finding.id: finding for mark, finding, _ in marks if mark.end == right}
    body = _dressed(escape(page.document.text[left:right]), claim, [finding for _, finding in over])
    return anchors + body + "".join(_number_link(page, finding) for finding in ending.values())


def _dressed(text: str, claim: Claim | None, over: list[Finding]) -> str:
    questioned = [finding for finding in over if finding.verdict != "holds"]
    passed = [finding for finding in over if finding.verdict == "holds"]
    looks = [f"k-fig {_underline(claim)}".strip()] if claim else []
    if questioned:
        looks.append("k-hit k-" + min((_group(finding) for finding in questioned), key=_ORDER.index))
    if not looks:
        return text
    if passed:
        return f'<a class="{" ".join(looks)}" href="#f{passed[0].id}">{text}</a>'
    return f'<span class="{" ".join(looks)}">{text}</span>'


def _underline(claim: Claim) -> str:
    if claim.role == "target":
        return "k-target"
    if claim.role == "forecast" or claim.approx == "预计":
        return "k-vague"
    return _LOOKS.get(claim.kind, "")


def _number_link(page: _Page, finding: Finding) -> str:
    if finding.id not in page.numbers:
        return ""
    look = f"k-number k-{_group(finding)}"
    return f'<a class="{look}" href="#f{finding.id}">{page.numbers[finding.id]}</a>'
