"""A label of a header or a row, taken apart: words of time, role, measure, and the rest, which is a name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from kaohe.reading.sheets.timing import When, take_times
from kaohe.reading.sheets.values import POINTS, is_measure, plain
from kaohe.reading.sheets.words import any_of, has_word, is_word, word_at_end

RoleWord = Literal[
    "", "actual", "last_year", "target", "attainment", "growth_rate", "growth_open", "growth_amount",
    "growth_points", "chain", "pace", "rank", "score", "share",
]  # fmt: skip
GROWTHS = frozenset({"growth_rate", "growth_open", "growth_amount", "growth_points"})
_ORDER: tuple[RoleWord, ...] = (
    "attainment", "pace", "growth_points", "growth_amount", "growth_rate", "chain", "rank", "score", "share",
    "last_year", "growth_open", "target", "actual",
)  # fmt: skip
_NUMBERING = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]+[、,.]|[一二三四五六七八九十]{1,3}[、.,:]"
    r"|\d{1,2}(?:\.\d{1,2})*[、,:)]|\d{1,2}(?:\.\d{1,2})*\.?(?=[^\d.%\-—–~至月年季个]|$)(?<=\.)|\d{1,2}\.(?=\D)"
    r"|[①-⑳❶-❿]|[ⅰ-ⅻⅠ-Ⅻ][、.]?|[★☆▲●■◆◇○□※*#]+)"
)
_PART = re.compile(r"^(?:其\s*中\s*[:：、,]?|#)")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_FORMULA = re.compile(r"[\dA-Za-z甲乙丙丁]{1,3}|[①-⑳]+|[\dA-Za-z①-⑳+\-*×/÷%=＝()\[\].]+|=.*")
_TAIL_MEASURE = re.compile(r"[,，:：/;；]\s*([^,，:：;；]{1,8})$")
_SIGNS = re.compile(r"\+-|±|\+/-|\+、-|\+/—")
_PERCENT_TAIL = re.compile(r"的?([%‰])$")
_ATTAINED = re.compile(
    r"(?:完成|占|为|达)(?:全年|年度|年初|年|当年|本年|调整|上级下达|下达|[\d\-—]+月|月度|季度)*(?:目标|任务|计划|预算|指标)(?:任务|数|值)?"
    r"的?(?:比例|比重|百分比|进度|率)?$"
)
_NAMED_END = re.compile(r"(?<!\d)(?:年|期|月|季)[末底](?=[一-龥]{2,})(?!完成|实际|累计|实绩|余额$)")
_PLANNED = re.compile(r"(?:计划|目标|任务)(?=[一-龥]{2,})(?!任务|目标|计划|生育|总投资|单列)")
_COMPARED = re.compile(r"(?:比|较|与)(?:上月|上期|上季度?|年初|上年末|去年末|上旬|上周).*")
_BROKEN_DOWN = re.compile("[分逐按](?:季度?|月度?|年度?|旬|周)(?:完成|执行)?(?:情况|数)?")
_EDGES = " 、,，:：;；.。·-—_/\\|的"
# An actual glued to a name is one only in these forms: 投资完成额 is the name of an indicator.
_GLUED_ACTUAL = frozenset(
    [
        "完成数",
        "完成值",
        "实际完成",
        "实际完成数",
        "实际完成值",
        "实绩",
        "实际数",
        "完成情况",
        "完成",
        "已完成",
        "数值",
        "实际值",
    ]
)
_KEPT = frozenset(["share", "score", "rank", "chain"])


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says. ``name`` is what is left when times, role and measures are taken out;
    ``full`` the name with its role word still on it."""

    text: str = ""
    name: str = ""
    full: str = ""
    role: RoleWord = ""
    times: tuple[When, ...] = ()
    measures: tuple[str, ...] = ()
    total: bool = False
    part: bool = False
    numbering: str = ""
    annual: bool = False

    @property
    def is_scope(self) -> bool:
        """Whether this is the whole (全县) of which others are parts."""
        return is_word(self.name, "scope")


def cleaned(text: str) -> str:
    """A name without spaces, line breaks, numbering, 其中: and bracketed measures.

    >>> cleaned("（一） 城 关 镇"), cleaned("其中：税收收入（万元）"), cleaned("1.粮食产量(吨)")
    ('城关镇', '税收收入', '粮食产量')
    """
    return parsed(text, row=True).full


def parsed(text: str, *, row: bool = False) -> Label:
    """A label taken apart; ``row`` for a row's, where a role word behind a name usually belongs to it.

    >>> found = parsed("1-9月规上工业总产值累计完成数（万元）")
    >>> found.name, found.role, found.measures
    ('规上工业总产值', 'actual', ('万元',))
    >>> parsed("同比增幅").role, parsed("占全年目标%").role, parsed("上年同期").role
    ('growth_rate', 'attainment', 'last_year')
    """
    whole = plain(text)
    if _BROKEN_DOWN.fullmatch(whole):
        return Label(whole)
    bare, numbering, part = _opened(whole)
    bare, measures, inner = _without_brackets(bare)
    bare, measures = _tail_measure(bare, measures)
    signed, bare = _SIGNS.search(bare) is not None, _SIGNS.sub("", bare)
    label = Label(whole, measures=tuple(measures), part=part, numbering=numbering)
    if not row and is_measure(bare) and not is_word(bare, "unit_header"):
        return replace(label, measures=(*label.measures, bare), times=inner)
    if is_word(bare, "total"):
        return replace(label, name=bare, full=bare, total=True, times=inner)
    role, rest = _role(bare, row)
    compared = _COMPARED.fullmatch(bare)
    if compared:
        role, rest = "chain", ""
    attained = _ATTAINED.search(bare)
    if attained and ("%" in measures or attained[0].endswith(("比例", "比重", "百分比", "进度", "率"))):
        role, rest = "attainment", bare[: attained.start()]
    kept, times = take_times(rest)
    if not role and times:
        role, kept = _role(kept, row)
    end = _NAMED_END.search(rest)
    if end and kept.strip(_EDGES):
        kept = take_times(rest.replace(end[0], "\ue000"))[0].replace("\ue000", end[0])
        kept = kept[: len(kept) - len(word)] if role and (word := word_at_end(kept, role)) else kept
    yearly = any(when.sort == "year" for when in times)
    if not role and not row and _PLANNED.match(kept) and (yearly or not kept.startswith("计划")):
        role = "target"
    if role == "actual" and "%" in measures and bare.endswith("完成"):
        role = "attainment"
    if signed and not role and not kept.strip(_EDGES):
        role = "growth_open"
    if role == "target" and kept in ("年", "全年", "年度"):
        kept, times = "", (*times, When("year", 1, 12, text="年"))
    annual = bool(re.search("年", bare[len(rest) - len(kept) :] if role == "target" else ""))
    name = kept.strip(_EDGES)
    full = name if not role else _with_role(bare, name, role)
    label = replace(label, name=name, full=full, role=role, times=(*times, *inner), annual=annual)
    glued = not row and not role and name.endswith(("合计", "总计", "小计"))
    return replace(label, total=is_word(name, "total") or glued)


def _opened(text: str) -> tuple[str, str, bool]:
    """The text without its numbering and 其中, in either order."""
    numbering, part = "", False
    for _ in range(3):
        match = _NUMBERING.match(text)
        if match and len(match[0]) < len(text):
            numbering += match[0]
            part = part or match[0].startswith("#")
            text = text[match.end() :]
        match = _PART.match(text)
        if match:
            part, text = True, text[match.end() :]
    return text, numbering, part


def _without_brackets(text: str) -> tuple[str, list[str], tuple[When, ...]]:
    measures: list[str] = []
    times: list[When] = []

    def content(match: re.Match[str]) -> str:
        inside = match[1].removeprefix("计量").removeprefix("单位").lstrip(":：")
        found = measures_in(inside)
        if found:
            measures.extend(found)
            return ""
        left, when = take_times(inside)
        if when and not left.strip(_EDGES):
            times.extend(when)
            return ""
        if _FORMULA.fullmatch(inside) or not inside:
            return ""
        return match[0] if inside not in ("+-", "±", "+/-") else ""

    return _BRACKETS.sub(content, text), measures, tuple(times)


def measures_in(text: str) -> list[str]:
    """The measures that a text lists, or none when anything else is in it.

    >>> measures_in("万元、%"), measures_in("±%"), measures_in("规上")
    (['万元', '%'], ['%'], [])
    """
    bare = text.strip().removeprefix("单位").lstrip(":： ")
    if is_measure(bare):
        return [bare]
    if bare in ("个百分点", "百分点", "%点", "±百分点"):
        return [POINTS]
    parts = [part.lstrip("±+-") for part in re.split(r"[、,，;；和]|(?<=[元个人户])/(?=%)", bare)]
    if all(part and is_measure(part) for part in parts):
        return parts
    return []


def _tail_measure(text: str, measures: list[str]) -> tuple[str, list[str]]:
    match = _TAIL_MEASURE.search(text)
    if match and is_measure(match[1]) and len(text) > len(match[0]):
        return text[: match.start()], [*measures, match[1]]
    match = _PERCENT_TAIL.search(text)
    if match:
        return text[: match.start()], [*measures, match[1]]
    return text, measures


def _role(text: str, row: bool) -> tuple[RoleWord, str]:
    """The role that a text ends with, and the text before it."""
    best: tuple[int, RoleWord] = (0, "")
    for group in _ORDER:
        found = word_at_end(text, group)
        if not found or len(found) <= best[0]:
            continue
        if found != text and not _may_be_glued(group, found, text[: -len(found)], row):
            continue
        best = (len(found), group)
    length, role = best
    return (role, text[:-length]) if length else ("", text)


def _may_be_glued(group: RoleWord, found: str, before: str, row: bool) -> bool:
    left = take_times(before)[0].strip(_EDGES)
    if not left:
        return True
    if group == "actual":
        return found in _GLUED_ACTUAL and not row
    if group in ("share", "score", "rank"):
        return True
    if group == "growth_open":
        return found not in ("增长", "变化", "变动", "升降", "增减") or not row
    return not row or group in ("attainment", "growth_rate")


def _with_role(bare: str, name: str, role: RoleWord) -> str:
    kept, _ = take_times(bare)
    return (kept.strip(_EDGES) if not _NAMED_END.search(bare) else name) if name else name


def is_unit_name(name: str) -> bool:
    """Whether a name ends as reporting units do.

    >>> is_unit_name("城关镇"), is_unit_name("县发改局"), is_unit_name("高新技术企业"), is_unit_name("示范村")
    (True, True, False, False)
    """
    if is_word(name, "stand_alone_unit"):
        return True
    bare = re.sub(r"\([^()]*\)$", "", name)
    if not 2 <= len(bare) <= 20 or (has_word(bare[-3:], "not_unit") and _ends_without(bare)):
        return False
    return bool(word_at_end(bare, "unit_end")) and not re.search(r"\d", bare[:1])


def _ends_without(name: str) -> bool:
    return any(is_word(name[start:], "not_unit") and len(name) - start > 1 for start in range(len(name)))


def is_indicator_like(name: str) -> bool:
    """Whether a name ends as those of indicators do, or begins with something done.

    >>> is_indicator_like("城镇新增就业人数"), is_indicator_like("清理沟渠"), is_indicator_like("民政窗口")
    (True, True, False)
    """
    done = re.match(any_of("doing"), name)
    return ends_as_indicator(name) or (done is not None and len(name) > done.end() + 1)


def ends_as_indicator(name: str) -> bool:
    """Whether a name ends as those of indicators do.

    >>> [ends_as_indicator(name) for name in ("规上工业总产值", "规上工业总产值已办", "包干数")]
    [True, False, False]
    """
    ends = ("money_name", "area_name", "energy_name", "thing_name", "weak_name", "ratio_end", "count_person",
            "count_household", "count_other", "bare_noun", "indicator_end", "stock", "flow")  # fmt: skip
    bare = re.sub(r"\([^()]*\)$", "", name)
    if bare.endswith("数") and len(bare) > 2:
        counts = ("count_person", "count_household", "count_other")
        return bare.endswith("指数") or bool(word_at_end(bare, *counts)) or ends_as_indicator(bare[:-1])
    end = word_at_end(bare, *ends)
    telling = len(end) > 1 or (len(end) == 1 and len(bare) != 2)  # 危房户 and 户, not 初次
    return telling or has_word(bare, "strong_stock")
