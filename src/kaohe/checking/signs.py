"""Signs of punctuation: pairs that do not close, signs that stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.checking.findings import Finding, Place
from kaohe.checking.judging import Judge

_CLOSING = {
    "”": "“",
    "’": "‘",
    "》": "《",
    "）": "（",
    "】": "【",
    "」": "「",
    "』": "『",
    "〉": "〈",
    "〕": "〔",
}
_SAME = str.maketrans("()", "（）")
_PAIRS = re.compile(r"[“”‘’《》（）()【】「」『』〈〉〔〕]")
# 1) and a) begin the item of a list; an apostrophe stands within a word.
_LIST_PAREN = re.compile(r"(?:^|[\s。；;，,、:：])[0-9a-zA-Z一二三四五六七八九十]{1,3}$")
_DOUBLED = re.compile(r"[。，、；：；,;:]\s?[。，、；：,;]+|。[！？!?]|[!！?？]。|[，,、]{2,}")
_FINE = re.compile(r"^[.。]{2,}$|^[:：]{2}$|^,\s,?$")


def balance(judge: Judge) -> Iterator[Finding]:
    """Quotation marks, title marks and brackets come in pairs within a paragraph."""
    text, wanting = judge.layout.body, []
    for start, end in judge.layout.paragraphs:
        wanting += _unpaired(text, start, end)
    lonely = _over_paragraphs(text, wanting)
    for place in lonely[:20]:
        sign = text[place]
        key = "closing.fails" if sign.translate(_SAME) in _CLOSING else "opening.fails"
        yield judge.fails("balance", key, [_shown(judge, place)], {"sign": sign}, sign)


def _unpaired(text: str, start: int, end: int) -> list[int]:
    opened: list[int] = []
    alone: list[int] = []
    for match in _PAIRS.finditer(text, start, end):
        sign, place = match[0].translate(_SAME), match.start()
        if sign not in _CLOSING:
            opened.append(place)
        elif opened and text[opened[-1]].translate(_SAME) == _CLOSING[sign]:
            opened.pop()
        elif not _is_list_mark(text, start, place, sign):
            _close_across(text, opened, alone, place, sign)
    return sorted(opened + alone)


def _close_across(text: str, opened: list[int], alone: list[int], place: int, sign: str) -> None:
    """“《…” leaves 《 alone: a closing mark closes its own kind, and what stands open inside is unpaired."""
    same = [at for at, one in enumerate(opened) if text[one].translate(_SAME) == _CLOSING[sign]]
    if not same:
        alone.append(place)
        return
    alone += opened[same[-1] + 1 :]
    del opened[same[-1] :]


def _is_list_mark(text: str, start: int, place: int, sign: str) -> bool:
    if sign == "’":
        return True
    return sign == "）" and bool(_LIST_PAREN.search(text, max(start, place - 5), place))


def _over_paragraphs(text: str, wanting: list[int]) -> list[int]:
    """A quotation may run over paragraphs, each of which may open it again."""
    alone: list[int] = []
    open_quotes: list[int] = []
    for place in wanting:
        sign = text[place].translate(_SAME)
        if sign in _CLOSING and open_quotes and text[open_quotes[-1]].translate(_SAME) == _CLOSING[sign]:
            open_quotes = []
        elif sign in _CLOSING:
            alone.append(place)
        else:
            if open_quotes and not _reopened(text, place):
                alone += open_quotes
                open_quotes = []
            open_quotes.append(place)
    return sorted(alone + open_quotes)


def _reopened(text: str, place: int) -> bool:
    return text[max(0, place - 3) : place].strip(" 　\t") in ("", "\n") or text[place - 1 : place] == "\n"


def _shown(judge: Judge, place: int) -> Place:
    return place, place + 1


def doubled_signs(judge: Judge) -> Iterator[Finding]:
    """Two marks of punctuation stand where one should."""
    text = judge.layout.body
    places = [
        match.span()
        for match in _DOUBLED.finditer(text)
        if not _FINE.match(match[0]) and "\n" not in match[0]
    ]
    for text_of_sign in dict.fromkeys(text[start:end] for start, end in places):
        found = [place for place in places if text[slice(*place)] == text_of_sign]
        yield judge.fails("punctuation", "doubled", found)
