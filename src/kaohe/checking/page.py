"""The page around a text: leftovers of a web site, its title, its date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.checking.findings import Finding, Place
from kaohe.checking.judging import Judge
from kaohe.checking.vocabulary import any_of, rows

_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[-年/.]\s?(?P<month>\d{1,2})\s?[-月/.]\s?(?P<day>\d{1,2})日?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!代)")


def boilerplate(judge: Judge) -> Iterator[Finding]:
    """A line of the web site stands inside a paragraph of the text."""
    for match in _SITE.finditer(judge.text):
        start, end = judge.layout.paragraph(match.start())
        sentence = judge.layout.sentence(match.start())
        first, last = max(start, sentence[0]), min(end, max(sentence[1], match.end()))
        before = judge.text[start:first].strip()
        if len(before) >= 12 and last - first <= 40:
            yield judge.fails("boilerplate", "fails", [(first, last)], {"text": judge.text[first:last]})


def title_against_body(judge: Judge) -> Iterator[Finding]:
    """A speech names in its title the meeting that its first sentences open."""
    title = _title(judge)
    named = _MEETING_IN_TITLE.search(judge.text, *title) if title else None
    if not title or not named:
        return
    opened = _MEETING_OPENED.search(judge.text, title[1], title[1] + 1200)
    if opened and _other_meeting(named["name"], opened["name"]):
        values = {"title": named["name"], "body": opened["name"]}
        places = [opened.span("name"), named.span("name")]
        yield judge.fails("title-body", "fails", places, values, named["name"])


def _title(judge: Judge) -> Place | None:
    title = judge.layout.document.title
    if title:
        return title.start, title.end
    return judge.layout.paragraphs[0] if judge.layout.paragraphs else None


def _other_meeting(first: str, second: str) -> bool:
    """Whether both name who attends, or what kind of meeting it is, and name it differently."""
    attended = [frozenset(_ATTENDED.findall(name)) for name in (first, second)]
    if attended[0] and attended[1] and not attended[0] & attended[1]:
        return True
    return not attended[0] and not attended[1] and _common(first, second) < 2


def _common(first: str, second: str) -> int:
    """The length of the longest text that both hold, 会议 and places left out."""
    one, other = (
        re.sub("大会|会议|会|工作|全[市县区镇乡]|[县市区镇]委|[县市区]政府", "", name)
        for name in (first, second)
    )
    sizes = range(min(len(one), len(other)), 0, -1)
    if not one or not other:
        return 9
    return next(
        (size for size in sizes for at in range(len(one) - size + 1) if one[at : at + size] in other), 0
    )


def page_date(judge: Judge) -> Iterator[Finding]:
    """The date of the page against the latest year that the text itself speaks of."""
    head = judge.text[:400]
    match = _PAGE_DATE.search(head)
    date = _DATE.match(head, match.end()) if match else None
    if not date:
        return
    body = judge.text[date.end() :]
    latest = _latest(body)
    if latest and int(date["year"]) - latest[0] >= 2:
        offset = date.end()
        values = {"page": date[0], "year": str(latest[0]), "words": latest[1]}
        places = [date.span(), (latest[2] + offset, latest[2] + offset + len(latest[1]))]
        yield judge.fails("page-date", "fails", places, values, date[0])


def _latest(body: str) -> tuple[int, str, int] | None:
    """The latest year told, the words that tell it, and where they first stand."""
    found = [(int(match[1]), match[0], match.start()) for match in _YEAR.finditer(body)]
    for row in rows("epochs"):
        at = body.find(row["words"])
        if at >= 0:
            found.append((int(row["year"]), row["words"], at))
    return max(found, key=lambda one: (one[0], -one[2]), default=None)


_SITE = re.compile(any_of("site") + "(?![者人权])")
_PAGE_DATE = re.compile(r"(?:时间|日期|发布于|更新于?|发布时间|发布日期|成文日期)\s?[:：]?\s?")
_MEETING = (
    r"[^，,。；;:：“”《》\n]{2,24}?(?:大会|会议|汇报会|座谈会|动员会|总结会|推进会|表彰会|现场会|培训会|例会)"
)
_MEETING_IN_TITLE = re.compile(
    rf"在(?P<name>{_MEETING})(?:暨[^\n]{{2,20}}?会)?(?:结束时|开幕时|闭幕时)?上?的?(?:主持|重要|总结)?(?:讲话|报告|发言|致辞)"
)
_MEETING_OPENED = re.compile(
    rf"(?:今天|今日|现在|这次)(?:上午|下午|晚上)?[^，,。；;\n]{{0,10}}?(?:，|,)?[^，,。；;\n]{{0,12}}?(?:召开|举行|开)(?:的?是?)(?:一次|一个|这次)?(?P<name>{_MEETING})"
)
_ATTENDED = re.compile(any_of("attended"))
