"""Indicators: the noun phrase that a figure belongs to, without verbs, periods, scope and comparison."""

from __future__ import annotations

import re
from functools import lru_cache

from kaohe.reading.figures import PERIOD
from kaohe.reading.lexicon import any_of, words

_COMPARISON = re.compile(
    rf"(?:在|以){PERIOD}(?:的)?基础上|(?:[比较同与和]|相比)[^,比较]{{0,12}}?{PERIOD}(?:预算|计划|目标|任务|执行数|基数|同期|同月|相比|实绩|实际|决算数?|完成数|水平|底|末|初|的|数)*(?:相比)?"
    rf"|[比较](?:年初|上年|去年|前年|上月|上个月|上季度?|前期|上届|往年|以往|常年|多年平均|正常年份|预算|计划|期初)(?:数|末|底|同期|增|净)*"
    rf"|(?:同比|环比|按可比价格?(?:计算)?|按可比口径(?:计算)?|同口径(?:相比)?|(?:剔除|扣除)[^,]{{0,14}}?(?:因素后?|后)|按现[行价]价?格?计算|按不变价(?:计算)?|{PERIOD}同期)(?:可比)?"
    rf"|[比较](?:全[省市县国区州镇]|同类|周边|上级)(?:同期)?的?(?:平均)?(?:水平|增速|增幅)?"
    rf"|(?:从|由){PERIOD}的?|按[^,]{{0,14}}?(?:计算|折算|统计)"
)
_SCOPE = re.compile(rf"(?:在|以)?{any_of('scope')}(?!工作|会)(?:的|内|范围内|上下)?")
_LEFT = re.compile(rf"(?:{any_of('connective')}|{PERIOD}|[、,.\s()+])+")
_RIGHT = re.compile(rf"(?:{any_of('trailing')}|{PERIOD}|[、,.\s(])+$")
_INNER = re.compile(rf"(?<=..){any_of('inner')}(?=..)")
_ACTION = re.compile(any_of("action"))
_ONLY_ACTION = re.compile(rf"(?:{any_of('action')}|{any_of('weak_action')})(?:了|到)?$")
_GENERIC = re.compile(rf"(?:新增|累计|其中|完成|计划|每年|预计|年度|当年|本年|年)*{any_of('generic')}$")
_STOP = re.compile(rf"{any_of('right_stop')}|[,;。:、!?()\n{PERIOD}《》\d]")
_NAMED = re.compile(r"(?:为|列为|评为|认定为|命名为|授予|纳入|成为|属于|沦为)([^,。;:、()\d“”]{2,14})$")
_QUALIFIED = re.compile(r"(?:以上|以下|左右|多|余)?的?")
_LONG, _LONGEST = 11, 22
_NOUN_LIKE = frozenset(words("noun_like"))
_ADVERBS = re.compile(rf"^{any_of('adverb')}+(?=..)")
_COORDINATED_KINDS = re.compile(r"^.{2,}[、和].{2,}?(?=[一二两三四五六七八九十\d]{1,2}大)")


@lru_cache(maxsize=8192)
def phrase(lead: str) -> str:
    """The noun phrase of a lead: what remains without comparison, scope, period and weak verbs.

    >>> phrase("但全镇利润总额亏损"), phrase("\\x01全县实现规模以上工业增加值")
    ('利润总额', '规模以上工业增加值')
    """
    text = whole_phrase(lead)
    return _cut(text) if len(text) > _LONG else text


@lru_cache(maxsize=2048)
def whole_phrase(lead: str) -> str:
    """The noun phrase of a lead, however long."""
    text = _trimmed(_SCOPE.sub("", _COMPARISON.sub("", lead)))
    text = _COORDINATED_KINDS.sub("", text)
    return _trimmed(_INNER.sub("", text).replace("的", "").replace(PERIOD, ""))


def _trimmed(text: str) -> str:
    before = None
    while before != text:
        before = text
        left = _LEFT.match(text)
        text = text[left.end() :] if left else text
        right = _RIGHT.search(text)
        text = text[: right.start()] if right and right.start() else "" if right else text
    return text


def _cut(text: str) -> str:
    """A long phrase from its last verb that has an object behind it."""
    found = [match.start() for match in _ACTION.finditer(text) if _opens_object(text, match)]
    later = [start for start in found if start > 0 and text[start - 1] not in "和与及、"]
    if later:
        text = text[later[-1] :]
    return text[-_LONGEST:]


def _opens_object(text: str, match: re.Match[str]) -> bool:
    """Whether a verb is one here: 养老|服务|中心 holds none, 新建|泊位 does."""
    return len(text) - match.end() >= 2 and match[0] not in _NOUN_LIKE


def object_behind(text: str, start: int) -> str:
    """The noun behind a figure, up to the next verb or sign: 6个|市扶欠项目|,其中."""
    qualified = _QUALIFIED.match(text, start)
    begin = qualified.end() if qualified else start
    stop = _STOP.search(text, begin, begin + 20)
    end = stop.start() if stop else min(len(text), begin + 18)
    return re.sub("[的“”]", "", text[begin:end]).strip()


def predicate_behind(text: str, start: int, end: int) -> str:
    """All the words behind a figure in its clause: 4家|矿山企业被责令停业整改."""
    return re.sub(r"[“”\"《》的被已了均]", "", text[start:end])[:16]


def named_as(text: str) -> str:
    """What something is made: 确定…为低保边缘家庭."""
    match = _NAMED.search(text)
    return match[1] if match else ""


def is_only_action(noun: str) -> bool:
    """Whether a phrase is a verb that waits for its object (新增, 引进)."""
    return bool(_ONLY_ACTION.fullmatch(_ADVERBS.sub("", noun)))


def names_scope(lead: str) -> bool:
    """Whether a lead names the reporting body anew, and so does not go on about the topic."""
    return bool(_SCOPE.search(lead))


def is_generic(noun: str) -> bool:
    """Whether a phrase needs the thing that it is about: 总投资, 产量.

    >>> is_generic("总投资"), is_generic("财政收入")
    (True, False)
    """
    return bool(_GENERIC.fullmatch(noun))


@lru_cache(maxsize=4096)
def about(noun: str) -> str:
    """A noun phrase without its own generic head: 粮食面积 → 粮食."""
    match = re.search(any_of("generic") + "$", noun)
    return _trimmed(noun[: match.start()]) if match and match.start() >= 2 else noun


def coordinated(noun: str) -> list[str]:
    """The members of a coordination, the shared head given to each: 旅客和货邮吞吐量.

    >>> coordinated("旅客和货邮吞吐量"), coordinated("粮食、油料产量")
    (['旅客吞吐量', '货邮吞吐量'], ['粮食产量', '油料产量'])
    """
    industries = _INDUSTRIES.match(noun)
    if industries:
        rest = noun[industries.end() :]
        return [f"第{number}产业{rest}" for number in re.findall("[一二三]", industries[0])]
    for joined, first, second in _JOINED:
        if joined in noun and not re.search("[、和与及]", noun):
            return [noun.replace(joined, first), noun.replace(joined, second)]
    noun = (
        noun.replace("存、贷款", "存款、贷款")
        .replace("进、出口", "进口、出口")
        .replace("城、乡", "城镇、农村")
    )
    parts = [part for part in re.split(r"、|以及|(?<!总)和(?!谐)|与|(?<!普)(?<!涉)及(?!时)", noun) if part]
    if len(parts) < 2:
        return parts
    head = _shared_head(parts[-1]) or ("余额" if parts[-1].endswith("款余额") else "")
    if not head:
        return parts
    return [_with_head(part, head) for part in parts[:-1]] + parts[-1:]


def headed_as(part: str, total: str) -> str:
    """A component's name with the head that it shares with its total.

    >>> headed_as("城镇居民", "全体居民人均可支配收入"), headed_as("国税", "财政总收入")
    ('城镇居民人均可支配收入', '国税收入')
    """
    if _QUALIFIER.search(part):
        return part + _QUALIFIED_FIRST.sub("", _VERB_FIRST.sub("", total))
    head = _shared_head(total) or (total if _HEADS.fullmatch(total) else "")
    if head.endswith("生产总值") and _INDUSTRY.fullmatch(part):
        return f"{part}增加值" if part.startswith("第") else f"第{part}增加值"
    bare = part and head and not _HEADS.search(part) and part[-1:] != head[-1:]
    if not bare or len(part) > _LONGEST_PART:
        return part
    shared = next(size for size in range(len(head), -1, -1) if part.endswith(head[:size]))
    return part + head[shared:]


def _with_head(part: str, head: str) -> str:
    own = _shared_head(part)
    return part + head if not own or (head.endswith("余额") and own in ("存款", "贷款")) else part


_LONGEST_PART = 8
_QUALIFIER = re.compile(r"^[^,]{1,5}[型级类性式]$")
_QUALIFIED_FIRST = re.compile(r"^[^,]{1,4}[型级类性式](?:及?以上)?")
_VERB_FIRST = re.compile(rf"^(?:{any_of('action')}(?=..))+")
_INDUSTRY = re.compile("第?[一二三]产业")
_INDUSTRIES = re.compile(r"第?[一二三](?:[、和]第?[一二三])+(?:次)?产业|[一二三](?:[、]?[二三]产?)+产?业")
_JOINED = (
    ("存贷款", "存款", "贷款"),
    ("城乡", "城镇", "农村"),
    ("进出口", "进口", "出口"),
    ("工农业", "工业", "农业"),
)
_HEADS = re.compile(any_of("head") + "$")


def _shared_head(noun: str) -> str:
    match = _HEADS.search(noun)
    return match[0] if match and match.start() else ""
