"""Single words: wrong characters that rules find in any document, doubled words, names spelt in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kaohe.checking.findings import Finding, Place, Severity, Verdict
from kaohe.checking.judging import Judge
from kaohe.checking.vocabulary import any_of, rows

_QUOTED = re.compile(r"“([^“”\n]{2,14})”")


@cache
def _term_rules() -> tuple[tuple[dict[str, str], re.Pattern[str]], ...]:
    return tuple((row, re.compile(row["wrong"])) for row in rows("terms"))


def terms(judge: Judge) -> Iterator[Finding]:
    """A word of the list of wrong characters and phrases, with its reason; all its places in one finding."""
    for row, pattern in _term_rules():
        found = list(pattern.finditer(judge.layout.body))
        if found:
            severity: Severity = "warning" if row["severity"] == "warning" else "info"
            judged: Verdict = "fails" if severity == "warning" else "unsure"
            written = dict.fromkeys(match[0] for match in found)
            right = "、".join(dict.fromkeys(match.expand(row["right"]) for match in found))
            values = {"text": "、".join(written), "right": right, "reason": row["reason"]}
            places = [match.span() for match in found]
            yield judge.finding("term", judged, severity, f"word.{judged}", places, values, found[0][0])


def doubled_words(judge: Judge) -> Iterator[Finding]:
    """A function word stands twice at the start of a clause, or a phrase twice in a row."""
    text = judge.layout.body
    for match in _DOUBLED_SIGN.finditer(text):
        yield judge.fails("doubled-word", "fails", [match.span("pair")], {"text": match["pair"]})
    for match in _DOUBLED_PHRASE.finditer(text):
        yield judge.fails("doubled-word", "fails", [match.span()], {"text": match[0]})


def two_spellings(judge: Judge) -> Iterator[Finding]:
    """One name stands quoted with its noun here, and its noun outside the quotation marks there."""
    names: dict[str, list[Place]] = {}
    for match in _QUOTED.finditer(judge.text):
        names.setdefault(match[1], []).append(match.span())
    for whole, places in names.items():
        noun = _NAME_NOUN.search(whole)
        short = whole[: noun.start()] if noun else ""
        if not noun or short not in names:
            continue
        outside = [
            (start, end + len(noun[0])) for start, end in names[short] if judge.text.startswith(noun[0], end)
        ]
        if outside:
            values = {"first": f"“{whole}”", "second": f"“{short}”{noun[0]}"}
            spans = [outside[0], places[0], *outside[1:], *places[1:]]
            yield judge.fails("same-thing-twice", "spelling.fails", spans, values, values["second"])


_NAME_NOUN = re.compile(rf"{any_of('name_noun')}$")
_DOUBLED_SIGN = re.compile(
    r"(?:(?<=[，,。；;：:！!？?\n“])|(?<![\s\S]))[ 　]*"
    rf"(?P<pair>({any_of('doubled_sign')})\2)(?!\2|(.)\3)(?=[\u4e00-\u9fff])"
)
_DOUBLED_PHRASE = re.compile(rf"({any_of('doubled_phrase')})\1")
