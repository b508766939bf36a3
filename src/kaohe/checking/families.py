"""Kinds of one thing that stand side by side without a 其中: 出口 and 进口, 税收 and 非税."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.checking.figures import Figure, comparable
from kaohe.checking.findings import Finding
from kaohe.checking.judging import Judge
from kaohe.checking.sums import is_average, judged_sum, softened
from kaohe.checking.vocabulary import rows


def family_sums(judge: Judge) -> Iterator[Finding]:
    """All kinds of one thing, side by side, add up to it without a 其中: 出口 and 进口, 税收 and 非税."""
    families = sorted(
        (row for row in rows("families") if row["whole"]), key=lambda row: -len(row["members"].split())
    )
    for paragraph in _by_paragraph(judge):
        used: set[int] = set()
        for family in families:
            yield from _family_sum(judge, family, paragraph, used)


def _by_paragraph(judge: Judge) -> list[list[Figure]]:
    found: dict[int, list[Figure]] = {}
    for figure in judge.figures.all:
        if figure.is_absolute and figure.claim.role in ("", "target") and not is_average(judge, figure):
            found.setdefault(judge.layout.paragraph_number(figure.claim.start), []).append(figure)
    return [figures for figures in found.values() if len(figures) > 2]


def _family_sum(
    judge: Judge, family: dict[str, str], paragraph: list[Figure], used: set[int]
) -> Iterator[Finding]:
    members = family["members"].split()
    firsts = [at for at, figure in enumerate(paragraph) if re.search(members[0], figure.claim.indicator)]
    for first in firsts:
        parts = _members_from(paragraph[first : first + 8], members)
        whole = _whole_of(judge, family, members[0], paragraph[:first], parts) if parts else None
        if whole and parts and not used & {part.id for part in parts}:
            found = list(judged_sum(judge, whole, parts, False))
            if whole.claim.period != parts[0].claim.period:
                found = [softened(finding) for finding in found]
            used |= {part.id for part in parts}
            if all(finding.verdict == "holds" for finding in found) or not _goes_on(judge, parts):
                yield from found


def _goes_on(judge: Judge, parts: tuple[Figure, ...]) -> bool:
    """Whether the list has one member more than the family knows: then the sum proves nothing."""
    last = parts[-1].claim
    sentence_end = judge.layout.sentence(last.start)[1]
    paragraph_end = min(judge.layout.paragraph(last.start)[1], last.end + 400)
    later = judge.figures.between(last.start, paragraph_end)
    return any(
        comparable(figure, parts[-1])
        and (
            figure.claim.start < sentence_end
            or (last.part_of is not None and figure.claim.part_of == last.part_of)
        )
        for figure in later
    )


def _members_from(figures: list[Figure], members: list[str]) -> tuple[Figure, ...]:
    """The first figure of each member, in order and near each other, of one unit and period; else none."""
    found: list[Figure] = []
    for figure in figures:
        if len(found) < len(members) and re.search(members[len(found)], figure.claim.indicator):
            if found and (not comparable(found[0], figure) or found[0].claim.period != figure.claim.period):
                return ()
            found.append(figure)
    near = len(found) == len(members) and found[-1].claim.start - found[0].claim.start < 120
    return tuple(found) if near else ()


def _counted_whole(
    judge: Judge, family: dict[str, str], before: list[Figure], parts: tuple[Figure, ...]
) -> Figure | None:
    """7个行政村 before 1个示范村 and 5个一般村: the number of the same noun in the same sentence."""
    nouns = {_noun_of(judge, part, family) for part in parts}
    counted = [one for one in before if one.claim.kind == "count" and one.claim.unit == parts[0].claim.unit]
    whole = counted[-1] if counted else None
    if not whole or len(nouns) > 1 or not _announces(judge, whole, parts[0]):
        return None
    if "" in nouns:
        lead = judge.layout.words(whole.claim.end, parts[0].claim.start)
        return whole if "其中" in lead and judge.figures.same_sentence(whole, parts[0]) else None
    around = judge.layout.before(whole.claim.start, 6) + judge.layout.after(whole.claim.end, 8)
    return whole if nouns <= set(around) else None


def _announces(judge: Judge, whole: Figure, part: Figure) -> bool:
    """In the same sentence, or close before a 其中."""
    lead = judge.layout.words(whole.claim.end, part.claim.start)
    return judge.figures.same_sentence(whole, part) or (len(lead) < 60 and "其中" in lead)


def _noun_of(judge: Judge, part: Figure, family: dict[str, str]) -> str:
    """The first character of the noun behind a member's word: 村 of 示范村, 项 of 续建项目."""
    words_of_members = "|".join(family["members"].split())
    around = judge.layout.before(part.claim.start, 6) + "|" + judge.layout.after(part.claim.end, 8)
    found = re.search(rf"(?:{words_of_members})([\u4e00-\u9fff])", around)
    return found[1] if found else ""


def _whole_of(
    judge: Judge, family: dict[str, str], member: str, before: list[Figure], parts: tuple[Figure, ...]
) -> Figure | None:
    """The nearest total before the members that the family, or their own name, names."""
    name = family["whole"]
    if name == "unit":
        return _counted_whole(judge, family, before, parts)
    if name == "=":
        rest = re.sub(member, "", parts[0].claim.indicator)[-4:]
        name = re.escape(rest.replace("总", "")) if len(rest) >= 3 or rest == "人口" else "(?!)"
    reach = 260 if family["whole"] in _PLAIN_WHOLES else 100
    fitting = [
        one
        for one in reversed(before[-_LOOK_BACK:])
        if parts[0].claim.start - one.claim.end < reach and comparable(one, parts[0])
        and re.search(name, one.claim.indicator + " " + one.claim.indicator.replace("总", ""))
    ]  # fmt: skip
    same_period = [one for one in fitting if one.claim.period == parts[0].claim.period]
    others = fitting if family["whole"] in _PLAIN_WHOLES else []
    return next(iter(same_period or others), None)


_LOOK_BACK = 20
_PLAIN_WHOLES = ("生产总值|GDP", "农林牧渔业总?产值", "社会消费品零售")
