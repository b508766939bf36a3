"""Milestones: a stage that works have reached or shall reach, its subject and its date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.reading.claims import Milestone
from kaohe.reading.documents import Document
from kaohe.reading.lexicon import any_of
from kaohe.reading.nouns import phrase
from kaohe.reading.view import View, normalised

_CLAUSE = re.compile(r"[^,;。:!?\n]+")
_STAGE = re.compile(rf"{any_of('stage_done')}*(?P<stage>{any_of('stage')})(?=[,;。、:!?\n并且和及了]|$)")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d年|[今明去]年)?(?:\d{1,2}月\d{1,2}日|\d{1,2}月(?:份|底|上旬|中旬|下旬|初)?"
    r"|年底|[上下]半年|[一二三四]季度)(?:前|之前|以前)?"
)
_PLANNED = re.compile("力争|确保|争取|计划|将|要|预计|拟|可|准备|即将|正在|前期|推进|加快|尽快|着手")
_NOUN_BEFORE = re.compile(any_of("stage_as_noun") + "$")
_FIGURED = re.compile(r"\d+(?:\.\d+)?[%万亿]")
_NOTHING = re.compile(r"^(?:项目|工程|工作|全面|顺利)?$")


def milestones_of(document: Document) -> list[Milestone]:
    """The milestones of a document, in order.

    >>> from kaohe.reading.files import text_document
    >>> found = milestones_of(text_document("新教学楼已全面启用,污水处理厂力争10月底前竣工。"))
    >>> [(one.subject, one.stage, one.date, one.reached) for one in found]
    [('新教学楼', '启用', '', True), ('污水处理厂', '竣工', '10月底前', False)]
    """
    view = normalised(document.text)
    return [milestone for milestone in _found(view) if not document.is_boilerplate(milestone.start)]


def _found(view: View) -> Iterator[Milestone]:
    for clause in _CLAUSE.finditer(view.text):
        match = _STAGE.search(clause[0])
        if match is None:
            continue
        before = clause[0][: match.start()]
        if _NOUN_BEFORE.search(before) or _FIGURED.search(_DATE.sub("", before)):
            continue
        date = _DATE.search(before)
        subject = _subject(before, date[0] if date else "")
        if _NOTHING.match(subject):
            continue
        start, end = view.source(clause.start() + match.start("stage"), clause.start() + match.end("stage"))
        reached = not _PLANNED.search(before)
        yield Milestone(start, end, match["stage"], subject, date[0] if date else "", reached)


def _subject(before: str, date: str) -> str:
    words = _PLANNED.sub("", before.replace(date, "") if date else before)
    return phrase(re.sub(r"[“”《》()]|(?:已经|已|全部|全面|分别|于|前|基本)+$", "", words))[-20:]
