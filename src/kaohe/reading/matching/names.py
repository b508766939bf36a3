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
_REORDERED = 930
# 投资 may be anybody's: two characters say too little unless they are the whole name.
_SHORT = 750
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
    pairs = zip(_contrasts(first), _contrasts(second), strict=True)
    return any(here and there and not here & there for here, there in pairs)


def narrowed(said: str, held: str, around: str = "") -> bool:
    """Whether one of the names is narrowed by a word that the other lacks: 人均, 规模以上.

    A word that only the ledger's name has may stand ``around`` the figure instead.

    >>> narrowed("工业产值", "规模以上工业产值"), narrowed("工业产值", "工业总产值")
    (True, False)
    >>> narrowed("产值", "规模以上产值", "规模以上企业30家,产值"), narrowed("规模以上产值", "产值", "产值")
    (False, True)
    """
    more, less = _qualifiers(held) - _qualifiers(said), _qualifiers(said) - _qualifiers(held)
    return bool(less) or any(word not in around for word in more)


@lru_cache(maxsize=20_000)
def _contrasts(name: str) -> tuple[frozenset[str], ...]:
    text = plain(name)
    return tuple(frozenset(word for word in group if word in text) for group in rows_of("contrast"))


@lru_cache(maxsize=20_000)
def _qualifiers(name: str) -> frozenset[str]:
    text = plain(name)
    return frozenset(word for word in words("qualifier") if word in text)


class Weights:
    """Weights of characters and pairs of them: what stands in many names tells little."""

    def __init__(self, names: Iterable[str]) -> None:
        self._seen = Counter(token for name in names for token in set(tokens(name)))
        self._bags: dict[str, tuple[dict[str, int], int]] = {}

    def alike(self, first: str, second: str) -> int:
        """The weighted Dice coefficient of two names' characters and pairs, 0 to 1000."""
        (one, heavy), (other, heavier) = self._bag(first), self._bag(second)
        common = sum(min(weight, other[token]) for token, weight in one.items() if token in other)
        return 2 * FULL * common // (heavy + heavier) if heavy + heavier else 0

    def covered(self, name: str, text: frozenset[str]) -> int:
        """How much of a name stands in the tokens of a text, 0 to 1000."""
        bag, whole = self._bag(name)
        there = sum(weight for token, weight in bag.items() if token in text)
        return FULL * there // whole if whole else 0

    def _bag(self, name: str) -> tuple[dict[str, int], int]:
        """The tokens of a name with their weight times their number, and the sum of these."""
        if name not in self._bags:
            bag = {token: self._of(token) * count for token, count in Counter(tokens(name)).items()}
            self._bags[name] = bag, sum(bag.values())
        return self._bags[name]

    def _of(self, token: str) -> int:
        return _HARDLY * 100 // (_HARDLY + self._seen[token])


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
        return _SAME_LOOSELY if len(one) > 2 else _SHORT
    if len(one) == len(other) and sorted(one) == sorted(other):
        return _REORDERED
    score = weights.alike(one, other)
    # The head of a Chinese name stands last: 启动行政村整治 is no 行政村, but 林业绿化造林 is 绿化造林.
    if min(len(one), len(other)) >= 2 and (one in other or one.endswith(other)):
        inside = FULL * min(len(one), len(other)) // max(len(one), len(other))
        score = max(score, 500 + inside * 2 // 5)
    return score
