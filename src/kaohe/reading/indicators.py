"""The indicator of a figure that does not merely compare: noun before, object behind, topic above it."""

from __future__ import annotations

import re

from kaohe.reading.drafts import Draft, Passage
from kaohe.reading.figures import Figure
from kaohe.reading.kinds import Reading
from kaohe.reading.lexicon import any_of
from kaohe.reading.nouns import (
    about,
    is_generic,
    is_only_action,
    named_as,
    names_scope,
    object_behind,
    phrase,
    predicate_behind,
)

_BOUNDARY = re.compile(r"[,;:。!?\n]")
_FOR = re.compile(f",?{any_of('purpose')}+")
_GENERIC_END = re.compile(f"{any_of('generic')}$")
_STAND_ALONE = frozenset({"总面积", "总人口", "总户数", "总人数"})
_ACTION = re.compile(any_of("action"))
_VERB_END = re.compile(rf"{any_of('action')}$")
_VERB_START = re.compile(rf"^(?:{any_of('action')}(?=..))+")
_CHANGE_HEAD = re.compile(f"{any_of('told_of')}.*$")
_SIZED = re.compile("^.*(?:以上|以下|[万亿]元(?!以)|[吨亩](?!以))")
_VERB_BEHIND = re.compile(any_of("action"))
_ONE_SIGN = frozenset("村镇乡县市区州省户校")
_WHOLE_ACTION = re.compile(any_of("whole_action", "weak_action") + "$")
_PLANNED_END = re.compile(rf"(?<=..){any_of('target_end')}(?:数|额)?$")
# 投资97.5万元,投工4.2万个,新修乡村公路: what the money is for comes in a later clause.
_WAITING = re.compile(
    "总?投[资入]|集资|投工|投工投劳|出资|筹资|筹集资金|争取资金|安排资金|总?投资额|累计投资"
)
_AHEAD = re.compile(
    rf"(?:,[^,;。\d]{{0,6}}[\d.万亿]+[^,;。\d]{{1,4}}){{0,2}},{any_of('action')}+了?(?P<thing>[^,;。\d]{{2,14}})(?=[\d,;。])"
)
_MOVES_ON = re.compile(rf"{any_of('moves')}(?:到|至|为|成|了)")
_ASIDE = re.compile("按照?|根据|由于|通过|为|在|经|受|随着|据|围绕|针对")
_CAUSE = re.compile(r"(?<=..)(?:因(?!素)|由于|受.{2,12}影响).*$")
_MOST_TOGETHER = 14


def indicator_of(text: str, figure: Figure, reading: Reading, passage: Passage) -> tuple[str, bool]:
    """The indicator of an amount or count, and whether the figure brought it along itself."""
    noun = phrase(reading.noun)
    kind = reading.kind
    behind = _behind(text, figure)
    if kind == "count" and passage.last and passage.last.role == "threshold":
        counted = about(_SIZED.sub("", passage.topic))
        sized = _of_size(figure, noun, behind or counted, passage.last)
        if sized:
            return sized, True
    if kind == "structure":
        return (noun, True) if noun else _of_topic(text, figure, noun, passage)
    if kind == "amount":
        return _of_money(text, figure, noun, behind, passage)
    named = named_as(figure.tail) if kind == "count" else ""
    if named:
        return named, True
    if behind:
        return _with_object(noun, behind, figure), True
    if noun and not is_generic(noun) and not is_only_action(noun):
        return noun, True
    return _of_topic(text, figure, noun, passage)


def _behind(text: str, figure: Figure) -> str:
    if not figure.tail or _MOVES_ON.match(figure.tail):
        return ""
    if figure.quantity.text.endswith("人") and figure.tail.startswith("口"):
        return "人口"
    behind = object_behind(text, figure.quantity.end)
    if len(behind) > 1 and text.startswith(("被", "已被"), figure.quantity.end + len(behind)):
        return predicate_behind(figure.tail, 0, len(figure.tail))
    return behind if len(behind) > 1 or behind in _ONE_SIGN else ""


def _of_size(figure: Figure, noun: str, behind: str, threshold: Draft) -> str:
    """过亿元的项目|4个: the size belongs to the name of what is counted."""
    limit = threshold.figure
    if figure.opening or limit.clause != figure.clause:
        return ""
    written = limit.quantity.text + (
        "以上" if "以上" in figure.lead else "以下" if "以下" in figure.lead else ""
    )
    before = phrase(limit.lead)
    return (before if len(before) <= 6 else "") + written + (noun or behind)


def _with_object(noun: str, behind: str, figure: Figure) -> str:
    """新建|3家|养殖场; 规模企业有|5家|亏损; a long noun before an object gives only its verb."""
    if not noun or noun == behind:
        return behind
    acting = _ACTION.search(noun)
    if len(noun) > 2 and _VERB_BEHIND.match(behind):
        return noun
    if acting and _VERB_END.search(noun):
        return noun[acting.start() :] + behind
    return noun + behind if len(noun) + len(behind) <= _MOST_TOGETHER else behind


def _of_money(text: str, figure: Figure, noun: str, behind: str, passage: Passage) -> tuple[str, bool]:
    weak = not noun or is_generic(noun) or is_only_action(noun)
    if not weak:
        return noun, True
    if figure.tail.startswith(("的", "以上的", "多的")) and behind:
        return behind + noun, True
    purpose = _FOR.match(figure.tail)
    ahead = _AHEAD.match(text, figure.quantity.end) if noun and _WAITING.fullmatch(noun) else None
    if ahead and not passage.sentence:
        return re.sub("[“”]", "", ahead["thing"]) + noun, True
    if noun and purpose and len(figure.tail) - purpose.end() >= 2:
        return predicate_behind(figure.tail, purpose.end(), len(figure.tail)) + noun, True
    return _of_topic(text, figure, noun, passage)


def _of_topic(text: str, figure: Figure, noun: str, passage: Passage) -> tuple[str, bool]:
    """总投资 after 完成水库加固, belongs to what the clause or figure before spoke of."""
    before = clause_before(text, figure, passage)
    topic = before or passage.topic
    if not noun:
        return before or _PLANNED_END.sub("", passage.name), False
    if topic and not is_generic(noun) and is_only_action(noun) and not _WHOLE_ACTION.search(noun):
        return _acted(noun, topic), True
    if topic.endswith(noun) and is_generic(noun) and _VERB_START.match(topic):
        return _VERB_START.sub("", topic), True
    wanted = _needs_topic(noun) or (before and is_generic(noun))
    if not topic or noun in topic or names_scope(figure.lead) or not wanted:
        return noun, True
    topic = _PLANNED_END.sub("", topic) if len(topic) > 4 else topic
    stem = about(topic)
    stem = _VERB_START.sub("", stem) if len(stem) > 4 else stem
    return (noun if stem == topic and _GENERIC_END.search(topic) else stem + noun), True


def _acted(verb: str, topic: str) -> str:
    """开工标准厂房 … |竣工|: another verb takes the thing that the one before was done to."""
    thing = _VERB_END.sub("", _VERB_START.sub("", topic)) or topic
    return verb + thing if verb not in thing else thing


def _needs_topic(noun: str) -> bool:
    return (is_generic(noun) and noun not in _STAND_ALONE) or noun in ("新增", "净增", "新建", "累计")


def clause_before(text: str, figure: Figure, passage: Passage) -> str:
    """The noun phrase of the clause just before, when that clause holds no figure."""
    if figure.opening not in (",", ":"):
        return ""
    end = figure.lead_start - 1
    for _ in range(3):
        start = _clause_start(text, end)
        if passage.drafts and passage.drafts[-1].figure.quantity.end > start:
            return ""
        if not _ASIDE.match(text, start) or text[start - 1 : start] != ",":
            return subject_of(text[start:end])
        end = start - 1
    return ""


def _clause_start(text: str, end: int) -> int:
    start = max(0, end - 40)
    found = [match.end() for match in _BOUNDARY.finditer(text, start, end)]
    return found[-1] if found else start


def subject_of(clause: str) -> str:
    """What a clause without figures is about: a quoted name, else its noun phrase."""
    quoted = re.search(r"(?<![现持获得称成])“([^“”]{3,16})”(?!的)", clause)
    if quoted:
        return quoted[1]
    plain = _CAUSE.sub("", re.sub(r"[“”《》()]", "", clause))
    subject = phrase(_CHANGE_HEAD.sub("", plain))
    return subject if len(subject) >= 2 else phrase(plain)
