"""How alike two names of indicators are: normal forms, weighted character pairs, words that exclude."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from kaohe.reading.matching.vocabulary import any_of, full_names, rows_of, words

FULL = 1000
"""The score of two names that are the same; scores run from 0 to this."""

_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_SIGNS = re.compile(r"[\s“”\"'《》〈〉、,.·—-]")
_SAME_LOOSELY = 950
_HARDLY = 8


@lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """A name without brackets, signs and spaces, short words in full.

    >>> plain("规上工业 增加值(现价)"), plain("“百千”工程")
    ('规模以上工业增加值', '百千工程')
    """
    text = _SIGNS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name)))
    for short, full in full_names().items():
        if short in text and (full not in text or full in short):
            text = text.replace(short, full)
    return text


@lru_cache(maxsize=20_000)
def loose(name: str) -> str:
    """A plain name without general words, 总 and a final 数 or 额.

    >>> loose("完成工业总产值"), loose("亏损企业数"), loose("完成任务")
    ('工业产值', '亏损企业', '完成任务')
    """
    whole = plain(name)
    text = any_of("general").sub("", whole)
    text = any_of("loose").sub("", text)
    for tail in words("tail"):
        if text.endswith(tail) and len(text) > len(tail) + 1:
            text = text.removesuffix(tail)
            break
    return text or whole


def excluded(first: str, second: str) -> bool:
    """Whether the names have words that exclude each other: 国税 and 地税, 进口 and 出口.

    >>> excluded("国税收入", "地方税收收入"), excluded("财政收入", "财政总收入")
    (True, False)
    """
    one, other = plain(first), plain(second)
    for group in rows_of("contrast"):
        here, there = _within(one, group), _within(other, group)
        if here and there and not here & there:
            return True
    return False


def narrowed(first: str, second: str) -> bool:
    """Whether one of the names is narrowed by a word that the other lacks: 人均, 规模以上.

    >>> narrowed("工业产值", "规模以上工业产值"), narrowed("工业产值", "工业总产值")
    (True, False)
    """
    one, other = plain(first), plain(second)
    return _within(one, words("qualifier")) != _within(other, words("qualifier"))


def _within(text: str, members: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in members if word in text)


class Weights:
    """Weights of characters and pairs of them: what stands in many names tells little."""

    def __init__(self, names: Iterable[str]) -> None:
        self._seen = Counter(token for name in names for token in set(tokens(name)))

    def of(self, token: str) -> int:
        """The weight of a token, larger the rarer it is."""
        return _HARDLY * 100 // (_HARDLY + self._seen[token])

    def alike(self, first: str, second: str) -> int:
        """The weighted Dice coefficient of two names' characters and pairs, 0 to 1000."""
        one, other = Counter(tokens(first)), Counter(tokens(second))
        common = sum(self.of(token) * count for token, count in (one & other).items())
        whole = sum(self.of(token) * count for token, count in (one + other).items())
        return 2 * FULL * common // whole if whole else 0

    def covered(self, name: str, text: frozenset[str]) -> int:
        """How much of a name stands in the tokens of a text, 0 to 1000."""
        counted = Counter(tokens(name))
        whole = sum(self.of(token) * count for token, count in counted.items())
        there = sum(self.of(token) * count for token, count in counted.items() if token in text)
        return FULL * there // whole if whole else 0


@lru_cache(maxsize=20_000)
def tokens(name: str) -> tuple[str, ...]:
    """The characters of a name and its pairs of neighbours."""
    return (*name, *(name[at : at + 2] for at in range(len(name) - 1)))


def likeness(first: str, second: str, weights: Weights) -> int:
    """How alike two names are, 0 to 1000: 1000 the same, 950 but for general words.

    The first is what a document says, which may be short for the second, or say more in front of it.

    >>> weights = Weights(["工业产值", "财政收入"])
    >>> likeness("工业总产值", "工业产值", weights), likeness("税收", "财政收入", weights) < 400
    (950, True)
    """
    if plain(first) == plain(second):
        return FULL
    one, other = loose(first), loose(second)
    if one == other:
        return _SAME_LOOSELY
    score = weights.alike(one, other)
    # The head of a Chinese name stands last: 启动行政村整治 is no 行政村, but 林业绿化造林 is 绿化造林.
    if min(len(one), len(other)) >= 2 and (one in other or one.endswith(other)):
        inside = FULL * min(len(one), len(other)) // max(len(one), len(other))
        score = max(score, 500 + inside * 2 // 5)
    return score
