"""What one cell holds: a number with its own measure, a mark, a text, a date, or something to ask about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kaohe.quantities import measure_of
from kaohe.quantities.measures import known_measures
from kaohe.quantities.numbers import NumberError, read_number
from kaohe.reading.sheets.formats import number_format
from kaohe.reading.sheets.raw import RawCell

Sort = Literal["blank", "number", "mark", "text", "date", "error", "uncached"]
Doubt = Literal["", "parentheses", "bound", "scaled", "spacing", "grouping", "several", "triangle", "large"]

POINTS = "百分点"
_DASHES = "—–―─━‐‑﹣−一ー"
_MARKS = re.compile(r"[-—–―─━‐﹣−]{1,4}|[/\\|]|无|…+|\.{3,}|[*×xX]|N/?A|n/?a|\?|空")
_WORD_MARKS = {
    "不适用": "not_applicable", "不涉及": "not_applicable", "无此项": "not_applicable",
    "无此任务": "not_applicable", "无任务": "not_applicable", "不考核": "not_applicable",
    "未报": "missing", "未上报": "missing", "缺报": "missing", "漏报": "missing", "未统计": "missing",
    "暂无数据": "missing", "无数据": "missing", "暂缺": "missing", "待报": "missing", "数据未出": "missing",
    "未反馈": "missing", "暂未统计": "missing", "未到期": "not_due",
}  # fmt: skip
_SIGNS = str.maketrans({"−": "-", "﹣": "-", "–": "-", "‐": "-", "‑": "-", "〇": "0", "¥": "¥"})
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_FIGURE = re.compile(rf"(?P<sign>[+-]?)(?P<number>{_NUMBER})(?P<rest>\D*)")
_PARENTHESES = re.compile(rf"\((?P<number>{_NUMBER})(?P<rest>%?)\)(?P<after>\D*)")
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009]\d{3})+(?:\.\d+)?\s*\D*")
_MOVED = re.compile(
    rf"(?:同比)?(?P<word>增长|上升|提高|增加|增|升|下降|减少|降低|回落|下滑|负增长|降|减)(?:了)?(?P<number>{_NUMBER})(?P<rest>\D*)"
)
_ARROW = re.compile(
    rf"(?:(?P<before>[↑↓⬆⬇])(?P<a>{_NUMBER})(?P<ra>[^↑↓⬆⬇\d]*)|(?P<b>{_NUMBER})(?P<rb>[^↑↓⬆⬇\d]*)(?P<after>[↑↓⬆⬇]))"
)
_TRIANGLE = re.compile(rf"(?P<sign>[△▲▽▼])(?P<number>{_NUMBER})(?P<rest>\D*)")
_BOUND = re.compile(
    rf"(?P<bound>[约≈≥≤>＜<]=?|不低于|不少于|不超过|不高于|达到|力争|超过|近|大于|小于|控制在)?(?P<sign>[+-]?)(?P<number>{_NUMBER})"
    r"(?P<rest>[^\d约余多左右以上下内±~]*?)(?P<tail>以上|以下|以内|左右|余|多|\+|±.*)?"
)
_KEPT_SIGNS = re.compile(r"([²³㎡℃㎏㎜㎝㎞㎎])")
_DOWN = frozenset(["下降", "减少", "降低", "回落", "下滑", "负增长", "降", "减"])
_DATE = re.compile(
    r"(?:19|20)\d{2}[-/.年](?:0?[1-9]|1[0-2])(?:[-/.月](?:0?[1-9]|[12]\d|3[01])日?|月)?"
    r"|(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日"
)
_PHONE = re.compile(r"(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d+)?|\d{3,4}-\d{7,8})")
_CODE = re.compile(r"0\d+|\d{12,}|\d{17}[\dXx]")
_CHINESE_NUMERAL = re.compile(r"[负]?[零一二三四五六七八九十百千万亿两点]+")
_SEPARATOR = re.compile(r"[、,;和与及/]")


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell holds. ``measure`` is written with the number itself; ``doubt`` names what is unclear."""

    sort: Sort
    text: str = ""
    value: Decimal | None = None
    measure: str = ""
    doubt: Doubt = ""
    presence: str = ""
    moved: bool = False
    formula: bool = False
    percent: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether a number is meant here, there or not yet known."""
        return self.sort in ("number", "mark", "error", "uncached")

    @property
    def wordy(self) -> bool:
        """Whether this may as well be a heading: 60岁以上, 0—17岁."""
        return self.doubt in ("bound", "several") and bool(re.search("[一-龥]", self.text))


BLANK = Written("blank")


def written(cell: RawCell | None) -> Written:
    """What a cell of a workbook holds.

    >>> written(RawCell(0, 0, "number", "0.123", "0.0%"))
    Written(sort='number', text='12.3%', value=Decimal('12.3'), measure='%', doubt='', presence='', \
moved=False, formula=False, percent=True)
    """
    if cell is None:
        return BLANK
    if cell.formula and not cell.cached:
        return Written("uncached", "", formula=True)
    if cell.kind == "error":
        return Written("error", cell.text, formula=cell.formula)
    if cell.kind == "number":
        return replace(_number(cell), formula=cell.formula)
    return replace(read_text(cell.text), formula=cell.formula)


def plain(text: str) -> str:
    """A text with half-width signs and without spaces and line breaks; dashes stay what they are.

    >>> plain("城 关\\n镇（１２％）")
    '城关镇(12%)'
    """
    parts = _KEPT_SIGNS.split(text)
    halved = "".join(
        part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(parts)
    )
    return re.sub(r"\s", "", halved).replace("\u200b", "")


def is_measure(text: str) -> bool:
    """Whether a text names a measure that is known, alone or behind 百, 千, 万, 亿.

    >>> is_measure("万元"), is_measure("微克/立方米"), is_measure("完成率"), is_measure("")
    (True, True, False, False)
    """
    if not text or len(text) > 12 or text[0].isdecimal():
        return False
    return _is_known(text.removeprefix("单位:").strip())


def read_text(text: str) -> Written:
    """What a text says: １２,３４５.６ and 12 % are numbers, — is a mark, 城 关 镇 a text.

    >>> [read_text(t).value for t in ("1，234.5", "１２％", "-3.2", "下降3.2%", "↑4")]
    [Decimal('1234.5'), Decimal('12'), Decimal('-3.2'), Decimal('-3.2'), Decimal('4')]
    >>> read_text("(12)").doubt, read_text("—").sort, read_text("城 关 镇").sort
    ('parentheses', 'mark', 'text')
    """
    bare = plain(text).translate(_SIGNS)
    if not bare:
        return BLANK
    if bare in _WORD_MARKS:
        return Written("mark", bare, presence=_WORD_MARKS[bare])
    if _MARKS.fullmatch(bare):
        return Written("mark", bare)
    if _DATE.fullmatch(bare):
        return Written("date", bare)
    if _PHONE.fullmatch(bare) or _CODE.fullmatch(bare):
        return Written("text", bare)
    return _figure(text, bare) or Written("text", bare)


def _number(cell: RawCell) -> Written:
    form = number_format(cell.format)
    value = Decimal(cell.text)
    if form.dated:
        return Written("date", _date_text(value, form.dated))
    if form.suffix in ("月", "月份", "年", "年度", "季度"):
        return Written("text", f"{cell.text}{form.suffix}")
    if form.percent:
        return Written("number", f"{_shown(value * 100)}%", _tidy(value * 100), "%", percent=True)
    measure = form.suffix if is_measure(form.suffix) else ""
    return Written("number", cell.text, value, measure, "scaled" if form.scaled else "")


def _date_text(serial: Decimal, dated: str) -> str:
    import datetime

    try:
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(serial))
    except OverflowError:
        return ""
    if dated == "month":
        return f"{day.year}年{day.month}月"
    return f"{day.year}年" if dated == "year" else day.isoformat()


def _figure(text: str, bare: str) -> Written | None:
    match = _FIGURE.fullmatch(bare)
    if match and _is_behind(match["rest"]):
        return _made(bare, match["sign"], match["number"], match["rest"], doubt=_spacing(text, bare))
    match = _PARENTHESES.fullmatch(bare)
    if match and _is_behind(match["rest"] + match["after"]):
        return _made(bare, "-", match["number"], match["rest"] + match["after"], doubt="parentheses")
    match = _MOVED.fullmatch(bare)
    if match and _is_behind(match["rest"]):
        sign = "-" if match["word"] in _DOWN else ""
        return _made(bare, sign, match["number"], match["rest"], moved=True)
    match = _ARROW.fullmatch(bare)
    if match:
        sign = "-" if (match["before"] or match["after"]) in "↓⬇" else ""
        return _made(bare, sign, match["a"] or match["b"], match["ra"] or match["rb"] or "", moved=True)
    match = _TRIANGLE.fullmatch(bare)
    if match and _is_behind(match["rest"]):
        return _made(bare, "-", match["number"], match["rest"], doubt="triangle")
    return _unclear(bare)


def _unclear(bare: str) -> Written | None:
    if bare.startswith("¥"):
        match = _FIGURE.fullmatch(bare[1:])
        if match and match["rest"] in ("", "元", "万元", "亿元"):
            return _made(bare, match["sign"], match["number"], match["rest"] or "元")
    match = _BOUND.fullmatch(bare)
    if match and (match["bound"] or match["tail"]) and _is_behind(match["rest"]):
        return _made(bare, match["sign"], match["number"], match["rest"], doubt="bound")
    if re.fullmatch(r"[\d.,，'/~～\-—至]+(?:%|个|户|家|人|岁|年)?", bare) and re.search(r"\d", bare):
        return Written("number", bare, doubt="several")
    if re.fullmatch(r"[+-]?[\dOolI]+(?:[.,][\dOolI]+)?%?", bare) and re.search(r"\d", bare):
        return Written("number", bare, doubt="several")
    if _CHINESE_NUMERAL.fullmatch(bare) and len(bare) > 1:
        return _chinese(bare)
    return None


def _chinese(bare: str) -> Written | None:
    try:
        return Written("number", bare, Decimal(read_number(bare)))  # type: ignore[arg-type]
    except (NumberError, TypeError):
        return None


def _made(bare: str, sign: str, number: str, rest: str, *, doubt: Doubt = "", moved: bool = False) -> Written:
    measure = rest.replace("个百分点", POINTS).replace("%点", POINTS)
    value = Decimal(number.replace(",", ""))
    scale = {"万": 10**4, "亿": 10**8, "千": 1000}.get(measure)
    if scale:
        return Written("number", bare, -value if sign == "-" else value, "", "large", moved=moved)
    return Written("number", bare, -value if sign == "-" else value, measure, doubt, moved=moved)


def _spacing(text: str, bare: str) -> Doubt:
    """1 234.5 is a number, 12 3 is perhaps two."""
    inner = text.strip()
    if re.search(r"\d\s+[\d.]|\.\s+\d", inner) and not _SPACED.fullmatch(inner):
        return "spacing"
    return ""


def _is_behind(rest: str) -> bool:
    if rest in ("年", "月", "日", "号", "月份", "季度", "期", "村", "组"):
        return False  # 2025年, 9月, 3村: names, not amounts
    return not rest or rest in ("万", "亿", "千") or is_measure(rest.replace("个百分点", POINTS))


def _is_known(name: str) -> bool:
    if name in known_measures() or name in (POINTS, "%", "‰", "个百分点", "%点"):
        return True
    measure = measure_of(name)
    if measure.dimension == name or not name:
        return False
    parts = re.split(r"[/·•]", name)
    return all(part in known_measures() or measure_of(part).plain in known_measures() for part in parts)


def _tidy(value: Decimal) -> Decimal:
    return Decimal(_shown(value))


def _shown(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text
