"""What stands around a numeral: its measure, its sign, its approximator, and what makes it no figure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kaohe.quantities.measures import After, Entry, known_measures
from kaohe.quantities.numerals import Numeral


class Unit(NamedTuple):
    """A measure that follows a numeral, compounds included; ``end`` is where it ends."""

    end: int
    name: str
    after: After


_PEOPLE = re.compile(r"人(?:均|才|类|大代|大会|民(?!币)|大、)")
_PEOPLE_WORDS = re.compile(
    r"(?:人口|人数|人次|人群|人员|游客|旅客|用户|群众|农民|居民|劳动力|学生|就业|户)[^，。；,;]{0,8}$"
)
_PEOPLE_BEHIND = re.compile(
    r"[^，。；,;、\d]{0,6}(?:人口|群众|农民|居民|职工|学生|党员|干部|移民|劳动力|民众|百姓|市民|村民|老人|儿童|妇女)"
)
_MONEY_WORDS = re.compile(
    r"(?:资|款|金|收入|产值|税|支出|补助|补贴|贷|价|费|利润|额|奖励|投入|兑现|GDP|总值|增加值)[^，。；,;]{0,8}$"
)
# Chinese numerals before these words count no things but announce, sum up or name.
_ABSTRACT = re.compile(
    r"\s?(?:[0-9０-９“\"]|[大新]?(?:问题|方面|意见|要求|代表|文明|确保|坚持|统筹|环节|阶段|层次|层面|关键|原则|转变|提高|突破|加强|加快|"
    r"大局|关系|机制|体系|步骤|结合|到位|提升|集中|强化|明显|务必|自信|意识|维护|全面|规定|班子|倾斜|建设|不|有|一|更|必须|"
    r"台阶|层级|侧面|角度|字|精神|理念|优先|满意|统一|适应|基本|发展|特点|创新|纳入|离不开|不变|依法|着力|抓|为|再|"
    r"毫不|一体|月|小时|星期|年头|季度|制度))"
)
_THRESHOLD = re.compile(r"(?:过|超过?|突破|破|上|逾|近|达|约|满|不足)$")
_THRESHOLD_AFTER = re.compile(r"\s?(?:以上|以下|以内)")
_BEFORE = re.compile(
    r"(?P<most>不超过|不高于|不大于|最多|至多|低于|控制在|不足|少于)?"
    r"(?P<least>不少于|不低于|不小于|至少|最少|高于)?"
    r"(?P<more>超过|突破|[超逾过])?"
    r"(?P<near>将近|接近|[近])?"
    r"(?P<about>大约|大概|约为|[约])?$"
)
_EXPECTED = re.compile(r"(?:预计|预期|估计|预测)[^，。；,;、\n]{0,14}$")
_AFTER_LEAST = re.compile(r"\s?[(（]?\s?(?:及|或|含|和)?\s?(?:以上|之上|起)")
_AFTER_MOST = re.compile(r"\s?(?:及|或)?\s?(?:以下|以内|之内|之下)")
_AFTER_MORE = re.compile(r"多(?=[，。,;；、的）)\s]|$)")
_AFTER_ABOUT = re.compile(r"\s?(?:左右|上下|许(?![多可]))")
_ORDINAL = re.compile(r"(?:第|[№#]|[Nn]o\.?)\s?$")
_VAGUE = frozenset("数几好成")
_SCALE_STARTS = frozenset("十百千万亿")
_FREE_BEFORE = re.compile(r"[〔\[(（\-—–~～./／:：\n]$|^$")
_FREE_AFTER = re.compile(r"\s?(?:[年月日时号届级楼期岁周天强度.、:：/／〕\])）—–~～\-]|[A-Za-z0-9０-９])")
_SYMBOLS = {"¥": "元", "￥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}
_CODES = re.compile(r"(RMB|CNY|US\$|USD|HK\$|HKD|EUR)\s?$")
_CODE_NAMES = {
    "RMB": "元",
    "CNY": "元",
    "US$": "美元",
    "USD": "美元",
    "HK$": "港元",
    "HKD": "港元",
    "EUR": "欧元",
}
_NOT_MINUS = re.compile(r"[0-9０-９A-Za-z月日年号.．/／)）\-－−—%％]\s?$")
_NOT_NEGATIVE = frozenset("抱胜自欺担肩背减")
_ALIASES = {
    "个百分点": "百分点",
    "个点": "百分点",
    "点": "百分点",
    "个千分点": "千分点",
    "个基点": "基点",
    "人民币": "元",
}
_NAMED_BEFORE = re.compile(r"(港币|港元|新台币|台币|澳门元|澳门币|美金)\s?$")
_NAMED_CURRENCIES = {"港币": "港元", "美金": "美元", "澳门币": "澳门元", "台币": "新台币"}
_SAME = str.maketrans("％／圆萬億", "%/元万亿")
_LONGEST = 6


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Entry]:
    return {name: entry for name, entry in known_measures().items() if entry.after != "no"}


def unit_at(text: str, start: int) -> Unit | None:
    """The longest known measure at ``start``, spaces and a line break inside it allowed."""
    window, ends = _window(text, start)
    for length in range(min(_LONGEST, len(window)), 0, -1):
        name = window[:length]
        entry = _by_name().get(name)
        if entry and _stands_alone(text, ends[length - 1], entry) and _joined(text, start, name, entry):
            unit = Unit(ends[length - 1], _ALIASES.get(name, name), entry.after)
            return unit if unit.after == "duration" else _compound(text, unit)
    return None


def _window(text: str, start: int) -> tuple[str, list[int]]:
    """The next characters without the single spaces and line breaks between them, and where each ends."""
    plain = text[start : start + _LONGEST]
    if not any(character.isspace() for character in plain):
        return plain.translate(_SAME), list(range(start + 1, start + len(plain) + 1))
    characters, ends, gap = [], [], 0
    for place in range(start, min(len(text), start + 2 * _LONGEST)):
        gap = gap + 1 if text[place].isspace() else 0
        if gap > 1:
            break
        if not gap:
            characters.append(text[place])
            ends.append(place + 1)
    return "".join(characters).translate(_SAME), ends


def _stands_alone(text: str, end: int, entry: Entry) -> bool:
    """Whether the measure is not the beginning of another word, as in 12部署 or 5km2x."""
    name, after = entry.measure.name, text[end : end + 1]
    if name[-1].isascii() and name[-1].isalpha():
        return not (after.isascii() and after.isalnum())
    if name == "人":
        return not _PEOPLE.match(text, end - 1)
    return not after or after not in entry.not_before


def _joined(text: str, start: int, name: str, entry: Entry) -> bool:
    """A line break may stand before a measure that cannot be the beginning of the next line."""
    return text[start : start + 1] not in ("\n", "\r") or len(name) > 1 or entry.measure.kind == "continuous"


def _compound(text: str, unit: Unit) -> Unit:
    match = _PER.match(text, unit.end)
    below = match and _denominator(text, match.end())
    if not below:
        return unit
    end, name = below
    more = _denominator(text, end + 1) if text[end : end + 1] in ("·", "•", "/") else None
    end, name = (more[0], f"{name}·{more[1]}") if more else (end, name)
    return Unit(end, f"{unit.name}/{name}", unit.after)


_PER = re.compile(r"\s?[/／]\s?")


def _denominator(text: str, start: int) -> tuple[int, str] | None:
    window, ends = _window(text, start)
    for length in range(min(_LONGEST, len(window)), 0, -1):
        name = window[:length]
        entry = known_measures().get(name) or (name[0] in "百千万" and known_measures().get(name[1:]))
        if entry and entry.measure.dimension != "ratio":
            return ends[length - 1], name
    return None


def currency_before(text: str, start: int) -> str:
    """The currency that stands before a number of plain 元: 港币|2960元."""
    match = _NAMED_BEFORE.search(text, max(0, start - 4), start)
    return _NAMED_CURRENCIES.get(match[1], match[1]) if match else ""


def before_is_no_number(text: str, start: int) -> bool:
    """Ordinals (第三), codes (PM2.5, G60) and vague counts (数十, 几百) hold no figure."""
    before = text[start - 1 : start]
    if before in _VAGUE and before:
        return text[start] in _SCALE_STARTS
    if before.isascii() and before.isalpha():
        return not _CODES.search(text, max(0, start - 4), start)
    return bool(_ORDINAL.search(text, max(0, start - 4), start))


def signed_start(text: str, start: int) -> tuple[int, str, int]:
    """Where a sign or currency symbol before a numeral begins, what it is, and −1 for a minus."""
    before = text[start - 1 : start]
    if before in ("-", "－", "−") and before and not _NOT_MINUS.search(text, max(0, start - 3), start - 1):
        return start - 1, "-", -1
    if before == "负" and text[start - 2 : start - 1] not in _NOT_NEGATIVE:
        return start - 1, "负", -1
    if before in _SYMBOLS and not _CODES.search(text, max(0, start - 4), start):
        return start - 1, _SYMBOLS[before], 1
    code = _CODES.search(text, max(0, start - 4), start)
    return (code.start(), _CODE_NAMES[code[1]], 1) if code else (start, "", 1)


def approx_before(text: str, start: int) -> str:
    """约, 近, 超, ≥, ≤ directly before a figure, or 预计 earlier in its clause."""
    match = _BEFORE.search(text, max(0, start - 4), start)
    if match and match[0]:
        names = {"most": "≤", "least": "≥", "more": "超", "near": "近", "about": "约"}
        return next(names[kind] for kind, found in match.groupdict().items() if found)
    return "预计" if _EXPECTED.search(text, max(0, start - 18), start) else ""


def approx_after(text: str, end: int) -> str:
    """以上, 以下, 左右 directly behind a figure, as ≥, ≤ and 约."""
    if _AFTER_LEAST.match(text, end):
        return "≥"
    if _AFTER_MOST.match(text, end):
        return "≤"
    if _AFTER_MORE.match(text, end):
        return "多"
    return "约" if _AFTER_ABOUT.match(text, end) else ""


def threshold_before(text: str, start: int, end: int) -> bool:
    """Whether a scale without number is meant as one: 过亿元, 近百家, 百亩以上."""
    return bool(_THRESHOLD.search(text, max(0, start - 2), start) or _THRESHOLD_AFTER.match(text, end))


def counts_something(text: str, start: int, numeral: Numeral, unit: Unit) -> bool:
    """Whether numeral and measure are a figure rather than an idiom, a name or an announcement."""
    if unit.name == "番":
        return "翻" in text[max(0, start - 4) : start]
    if unit.name == "百分点" and text[numeral.end : unit.end].strip() == "点":
        return numeral.decimals > 0
    if unit.name in ("名", "位") and text[start - 1 : start] == "前":
        return False
    if unit.name == "分" and text[start - 1 : start] in ("时", "点"):
        return False
    if numeral.chinese and text.endswith("最后", 0, start):
        return False
    if unit.name == "成" and not (0 < numeral.value <= 10):
        return False
    return not numeral.chinese or _chinese_count(text, numeral, unit)


def _chinese_count(text: str, numeral: Numeral, unit: Unit) -> bool:
    if unit.after == "any" or numeral.scale:
        return unit.after != "digits" or bool(numeral.scale)
    many = numeral.value >= 2 and unit.after == "count"
    return many and not _ABSTRACT.match(text, unit.end)


def stands_free(text: str, start: int, numeral: Numeral) -> bool:
    """Whether an Arabic number without a measure is a figure, not a date, serial number or list mark."""
    inside = _FREE_BEFORE.search(text, max(0, start - 1), start) or _FREE_AFTER.match(text, numeral.end)
    listed = numeral.decimals and re.match(r"\s?、\D", text[numeral.end : numeral.end + 3])
    return not numeral.chinese and (
        not inside or bool(listed and not _FREE_BEFORE.search(text, max(0, start - 1), start))
    )


def assumed_measure(text: str, start: int, numeral: Numeral) -> str:
    """The measure of a number that ends in its scale: 亿 means 亿元 unless people were spoken of."""
    before = text[max(0, start - 24) : start]
    if re.search(r"(?:人口|人数)[^，。；,;]{0,8}$", before) or _PEOPLE_BEHIND.match(text, numeral.end):
        return numeral.scale + "人"
    if "亿" in numeral.scale:
        return numeral.scale if _PEOPLE_WORDS.search(before) else numeral.scale + "元"
    return numeral.scale + ("元" if _MONEY_WORDS.search(before) else "")
