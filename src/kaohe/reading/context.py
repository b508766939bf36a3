"""Period, scope and role that a figure has from its surroundings: clause, paragraph, heading, document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.quantities import FoundPeriod, Period
from kaohe.reading.claims import Role
from kaohe.reading.documents import Document, Section
from kaohe.reading.drafts import Draft
from kaohe.reading.lexicon import any_of
from kaohe.reading.view import View

_SCOPE = re.compile(any_of("scope"))
_COMPARED = re.compile(r"(?:[比较同与和由从占居列于出]|相比|高于|低于|超过)[^,;。]{0,6}$")
_WHOLE = re.compile(r"^[我本]")
_CLAUSE_START = re.compile(
    r"(?:^|[,;。:!?\n、(])(?:截[至止]到?|[到至在自从仅且而即“]|其中|据统计|预计|同时|[全我本].|特别是|尤其是|.是|一年来)*$"
)
_PLAN_BEHIND = re.compile(r"的?(?:总)?(?:目标|任务|计划|预算|指标|进度|序时)")
_PERIOD_END = re.compile(r"(?:以来|期间|份)$")
_TARGET = re.compile(any_of("target_section"))
_PAST = re.compile(any_of("past_section"))
_TARGET_LEAD = re.compile(rf"(?:{any_of('target')})[^,;。]{{0,20}}$")
_TARGET_SENTENCE = re.compile(any_of("target_sentence"))
_DONE = re.compile("完成|实现")
_WANTED = re.compile("(?<![主重需必])要|确保|力争|争取|计划|将|努力|拟")
_NEXT = re.compile("明年|来年|下年")


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a figure; ``months`` is None where the period is relative or unknown."""

    period: str = ""
    months: Period | None = None
    cumulative: bool | None = None
    scope: str = ""
    role: Role = ""


@dataclass(frozen=True, slots=True)
class _Marker:
    start: int
    end: int
    text: str
    found: FoundPeriod
    local: bool
    passing: bool = False


def contexts_of(
    document: Document, view: View, periods: Sequence[FoundPeriod], drafts: Sequence[Draft]
) -> list[Context]:
    """The context of each draft, in order."""
    markers = [marker for marker in (_marker(view.text, found) for found in periods) if marker]
    surroundings = _Surroundings(document, view, markers)
    return [surroundings.of(draft) for draft in drafts]


def _marker(text: str, found: FoundPeriod) -> _Marker | None:
    """A period that says when; one that is only compared with says nothing of the figure."""
    before = text[max(0, found.start - 12) : found.start]
    if "同期" in found.text or "同月" in found.text or re.search(r"(?:[比较同与]|相比)$", before):
        return None
    if re.search(r"[是为达]$", before) and text.startswith("的", found.end):
        return None
    if _PLAN_BEHIND.match(text, found.end):
        return None
    local = not _CLAUSE_START.search(before)
    bare = found.text.strip('“”"')
    name = _PERIOD_END.sub("", bare).strip('“”"') if len(bare) > 3 else bare
    passing = bool(re.search("[由从]$", before))
    return _Marker(found.start, found.end, name, found, local, passing)


def usual_scope(text: str) -> str:
    """The body that the document speaks of most, 我镇 and 本镇 counted as 全镇."""
    counted = Counter(_WHOLE.sub("全", match[0]) for match in _SCOPE.finditer(text))
    own = Counter(_WHOLE.sub("全", match[0]) for match in _SCOPE.finditer(text) if _WHOLE.match(match[0]))
    counted.update({name: 3 * count for name, count in own.items()})
    return counted.most_common(1)[0][0] if counted else ""


class _Surroundings:
    def __init__(self, document: Document, view: View, markers: Sequence[_Marker]) -> None:
        self.document, self.view, self.markers = document, view, markers
        self.parts = [view.place(start) for start in document.parts]
        ends = [*self.parts[1:], len(view.text)]
        self.usual = [usual_scope(view.text[start:end]) for start, end in zip(self.parts, ends, strict=True)]
        self.starts = [marker.start for marker in markers]
        self.headings: dict[int, tuple[_Marker | None, Role]] = {}

    def of(self, draft: Draft) -> Context:
        place = draft.figure.quantity.start
        # Of the view, in which wrapped lines are joined.
        line = self.view.text.rfind("\n", 0, place) + 1
        heading, role = self._section(place)
        marker = self._marker(place, line, draft) or heading
        scope = self._scope(draft, line)
        role = self._role(draft, role, marker)
        if marker is None:
            return Context(scope=scope, role=role)
        return Context(marker.text, marker.found.period, marker.found.cumulative, scope, role)

    def _marker(self, place: int, line: int, draft: Draft) -> _Marker | None:
        """The last marker of the paragraph; one inside a clause holds for that clause and the next."""
        at = bisect_right(self.starts, place) - 1
        while at >= 0 and self.starts[at] >= line:
            marker = self.markers[at]
            if marker.passing:
                holds = place - marker.end <= 2
            else:
                holds = not marker.local or self._clauses_between(marker.end, place) <= 1
            if holds:
                return marker
            at -= 1
        return None

    def _clauses_between(self, start: int, end: int) -> int:
        piece = self.view.text[start:end]
        return piece.count(",") + 2 * sum(map(piece.count, ";。\n"))

    def _section(self, place: int) -> tuple[_Marker | None, Role]:
        source = self.view.source(place, place + 1)[0]
        paragraph = self.document.paragraph_at(source)
        index = paragraph.section if paragraph else None
        if index is None:
            return None, ""
        if index not in self.headings:
            self.headings[index] = self._heading(index)
        return self.headings[index]

    def _heading(self, index: int | None) -> tuple[_Marker | None, Role]:
        """Period and role from the headings above, the nearest first."""
        marker: _Marker | None = None
        role: Role | None = None
        while index is not None:
            section = self.document.sections[index]
            heading = self.document.heading(section)
            marker = marker or self._marker_in(section)
            if role is None and not section.inline:
                role = "" if _PAST.search(heading) else "target" if _TARGET.search(heading) else None
            index = section.parent
        return marker, role or ""

    def _marker_in(self, section: Section) -> _Marker | None:
        start, end = self.view.place(section.title_start), self.view.place(section.title_end)
        at = bisect_right(self.starts, start - 1)
        found = at < len(self.markers) and self.markers[at].start < end
        return self.markers[at] if found else None

    def _scope(self, draft: Draft, line: int) -> str:
        """A body named in the sentence before the figure, unless it is only compared with."""
        place = draft.figure.quantity.start
        start = max(line, place - 120)
        text = self.view.text
        stop = max(text.rfind(sign, start, place) for sign in "。;\n")
        start = max(start, stop + 1)
        for match in reversed(list(_SCOPE.finditer(text, start, place))):
            if not _COMPARED.search(text, max(start, match.start() - 8), match.start()):
                return _WHOLE.sub("全", match[0])
        return self.usual[bisect_right(self.parts, place) - 1]

    def _sentence_before(self, draft: Draft) -> str:
        place = draft.figure.quantity.start
        start = max(0, place - 160)
        text = self.view.text
        return text[max(text.rfind("。", start, place), text.rfind("\n", start, place), start) : place]

    def _role(self, draft: Draft, section: Role, marker: _Marker | None) -> Role:
        if draft.role:
            return draft.role
        lead = draft.figure.lead
        done = _DONE.search(lead) and not _WANTED.search(lead)
        if draft.kind != "completion" and not done and _TARGET_LEAD.search(lead):
            return "forecast" if "预计" in self._sentence_before(draft) else "target"
        if draft.kind != "completion" and _TARGET_SENTENCE.search(self._sentence_before(draft)):
            return "target"
        relation = draft.relation
        inherits = not draft.own and relation is not None
        if inherits and relation is not None and self._role(relation, "", None) == "target":
            return "target"
        if done and draft.is_head:
            return ""
        if section == "target" or (marker and _NEXT.match(marker.text)):
            return "target"
        return ""
