"""The fields that a template may name, the values that go there, and what is wrong with a template.

A field is written ``{{单位}}``. ``{{行.指标}}`` stands in a row (or a paragraph) that is repeated, once for
each target; which rows repeat is told by the word before the point. A template holds fields and nothing else:
no loops, conditions or calls, so that a file from anywhere can do no more than take figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest

TAG = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_TROUBLE = re.compile(r"\{[%#]|[%#]\}|\{\{|\}\}")
_MOST_REPORTED = 30
MOST_UNPACKED = 30_000_000
"""How large a template may be once it is unpacked: it is a few pages of paper."""


class TemplateError(DataError):
    """A template that cannot be filled: each message names a place in it, what stands there, what may."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the name that a template writes, what it holds, and how that looks."""

    name: str
    meaning: str
    example: str

    @property
    def scope(self) -> str:
        """The rows that it repeats with; blank for a field of the whole paper."""
        return self.name.partition(".")[0] if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Value:
    """What goes into a field: a text, or a number with the decimals and the mark that it is shown with.

    ``mark`` (预计, ≈) stands before the number, and so does a plus where it is ``signed``. ``text`` is
    the whole as a document prints it.

    >>> Value("预计6.25", Fraction("6.25"), 2, "预计").number
    Fraction(25, 4)
    """

    text: str = ""
    number: Fraction | None = None
    decimals: int = 0
    mark: str = ""
    signed: bool = False


Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a template can be filled with: the fields of the paper, and rows of fields by scope."""

    single: Row
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


_SINGLE = (
    ("单位", "单位全称", "清渚镇"),
    ("单位简称", "单位简称", "清渚"),
    ("年", "年份", "2005"),
    ("月", "月份数", "9"),
    ("年月", "年和月", "2005年9月"),
    ("期间", "年初到本月", "2005年1—9月"),
    ("制表日期", "生成文件的日期", "2005年10月12日"),
    ("制表人", "生成文件的人", "文书甲"),
    ("时序进度", "到本月应完成的年度比例 %", "75.0"),
    ("指标数", "表中指标个数", "38"),
    ("有目标数", "其中有年度目标的", "30"),
    ("正常数", "状态为正常、达标、已完成的", "18"),
    ("关注数", "状态为关注的", "5"),
    ("滞后数", "状态为滞后的", "7"),
    ("缺报数", "到期而没有数的", "1"),
    ("未到期数", "未到期的", "2"),
    ("未上报数", "还没有上报的", "3"),
    ("办法", "计分所用的考核办法", "2005年度乡镇目标考核办法"),
    ("总分", "暂计总分,未定时为区间", "71.20—83.50"),
    ("满分", "办法的满分", "100"),
    ("名次", "暂列名次,未定时为区间", "3—6"),
    ("参评单位数", "同类单位个数", "12"),
    ("计分批次", "计分的批次号;没有计分时写明", "2005-09-0001"),
    ("图例", "表中各种标记的意思", "预计:…"),
    ("页脚", "月份、计分批次、台账条数和摘要", "2005年9月 · 批次 … · 台账第 812 条 …"),
    ("台账条数", "生成时审计台账的条数", "812"),
    ("台账摘要", "生成时审计台账的摘要,八组", "1a2b3c4d …"),
)
_TARGET_ROW = (
    ("序号", "从 1 起", "1"),
    ("指标", "指标名称", "工业总产值"),
    ("条线", "所属条线", "工业线"),
    ("计量单位", "指标的计量单位", "亿元"),
    ("年度目标", "年度目标值;推算的加 ≈", "9"),
    ("下达单位", "下达目标的单位", "示例县"),
    ("文件", "下达目标的文件", "示例(虚构)"),
    ("责任领导", "责任领导", "副镇长甲"),
    ("牵头单位", "牵头单位", "经发办"),
    ("责任人", "责任人", "经办乙"),
    ("累计", "本月的数:累计指标为年初到本月;没有数的写明原因", "6.25"),
    ("当月", "当月发生数", "0.81"),
    ("上月", "上月的数", "5.44"),
    ("上年同期", "上年同月的数", "5.02"),
    ("同比", "比上年同期 %;占比类为百分点", "+24.5"),
    ("完成率", "完成年度目标 %", "69.4"),
    ("时序", "到本月应完成 %", "75.0"),
    ("比时序", "完成率减时序,百分点", "−5.6"),
    ("状态", "正常、关注、滞后、未到期、缺报等", "滞后"),
    ("尚差", "离年度目标的差额", "2.75"),
    ("月均需完成", "余下各月平均需完成", "0.92"),
    ("得分", "暂计得分,未定时为区间", "6.94"),
    ("分值", "办法中的分值", "8"),
    ("填报状态", "草稿、已上报、已审核、已认定", "已认定"),
    ("标注", "预计、推算、认定数等标记", "预计"),
    ("说明", "填报人的说明", ""),
)
_SHARE_ROW = (
    ("序号", "从 1 起", "1"),
    ("指标", "指标名称", "工业总产值"),
    ("计量单位", "指标的计量单位", "亿元"),
    ("年度目标", "本单位的年度目标值", "9"),
    ("承担单位", "分解到的单位", "柳湾村"),
    ("分解目标", "分解到该单位的目标值", "1.2"),
    ("责任领导", "责任领导", "副镇长甲"),
    ("责任人", "责任人", "村主任甲"),
)

FIELDS: tuple[Field, ...] = (
    *(Field(*each) for each in _SINGLE),
    *(Field(f"行.{name}", meaning, example) for name, meaning, example in _TARGET_ROW),
    *(Field(f"目标.{name}", meaning, example) for name, meaning, example in _TARGET_ROW),
    *(Field(f"滞后.{name}", meaning, example) for name, meaning, example in _TARGET_ROW),
    *(Field(f"分解.{name}", meaning, example) for name, meaning, example in _SHARE_ROW),
)
"""Every field, in the order in which it is documented. ``行`` is every figure of the unit, ``目标`` those
with a target of the year, ``滞后`` those behind their schedule, the farthest first, ``分解`` every share of a
target that is broken down."""

_NAMES = {known.name: known for known in FIELDS}


def problems_in(text: str, place: str) -> Iterator[str]:
    """What is wrong with a text of a template, in words; nothing when every field in it is known."""
    scopes = set()
    for name in TAG.findall(text):
        if name not in _NAMES:
            yield f"{place}:没有“{{{{{name}}}}}”这个字段{nearest(name, list(_NAMES))}"
        else:
            scopes.add(_NAMES[name].scope)
    if _TROUBLE.search(TAG.sub("", text)):
        yield f"{place}:“{{{{”和“}}}}”没有成对,或写了字段以外的内容;模板里只能写 {{{{字段名}}}}"
    if len(scopes - {""}) > 1:
        yield f"{place}:同一行里只能用一类重复的字段,实有 {'、'.join(sorted(scopes - {''}))}"


def scope_of(text: str) -> str:
    """The scope with which a row or paragraph of this text repeats; blank when it stands once."""
    return next((_NAMES[name].scope for name in TAG.findall(text) if "." in name), "")


def refuse(found: Iterable[str]) -> None:
    """Raises ``TemplateError`` with all that was found wrong, if anything."""
    messages = tuple(found)
    if messages:
        raise TemplateError(messages[:_MOST_REPORTED])


def value_of(name: str, paper: Paper, row: Row | None) -> Value:
    """The value of a field, in a repeated row or outside; blank for one that this paper does not have."""
    scope, point, own = name.partition(".")
    if not point:
        return paper.single.get(scope, Value())
    return (row or {}).get(own, Value())


def filled(text: str, paper: Paper, row: Row | None) -> str:
    """A text with its fields replaced."""
    return TAG.sub(lambda found: value_of(found[1], paper, row).text, text)
