"""Whether the reading of a figure is proven: each word on its path explained once, else a person is asked.

A path is what leads to a figure: the headings of its column, the names of its row, the section it lies in.
Words of time, role and measure are taken out by ``labels``; what is left must be in the figure's name, be
the name of a reporting unit or a record, or be a mere heading. What is none of these was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kaohe.reading.sheets.amounts import is_ratio
from kaohe.reading.sheets.drafts import Draft
from kaohe.reading.sheets.evidence import expected_of, fits
from kaohe.reading.sheets.grid import label_at
from kaohe.reading.sheets.labels import (
    GROWTHS,
    Label,
    ends_as_indicator,
    is_indicator_like,
    is_unit_name,
    parsed,
)
from kaohe.reading.sheets.values import POINTS
from kaohe.reading.sheets.words import any_of, has_word, is_word, word_at_end

if TYPE_CHECKING:
    from kaohe.reading.sheets.table import Table

CONFIRM = ("按读出的导入", "不导入")
"""The answers to a question whether a reading is right."""

_HEADING_END = re.compile(
    r"(?:指标|情况|类|方面|工作|任务|建设|发展|领域|数据|经济|目标|项目|其中|板块|事业|工程|管理|服务|治理|保障|民生)$"
)
_PLACE = re.compile(r"[一-龥]{1,4}?(?:县|镇|乡|街道)(?![域道区])")
_NO_PLACE = re.compile(
    r"^[各占]|(?:城镇|乡镇|村镇|集镇|建制镇|特色镇|[强重全本名]镇|[全本]县|[全本城下返回]乡)$"
)
_EACH = re.compile(r"[各分](?:乡镇|镇街?|村居?|社区|县区|区县|部门|单位|科室|站所|街道|办线)(?!级|委)")
_TORN = re.compile("[度份末底止各及和与的]")
_VILLAGE = re.compile(r"^[一-龥]{1,4}?(?:村|社区)(?=[一-龥]{2})")
_MODIFIERS = re.compile(r"^(?:新增|累计|期末|年末|月末|季末|本年|当年|实际|全部|平均|应|已|未|实|共|其他)+")


def prove(table: Table) -> None:
    """Asks about the figures whose names, units or roles rest on words that nothing explains."""
    for draft in table.drafts:
        if draft.word in ("rank", "score", "chain", "pace"):
            continue  # asked about already
        _prove_column(table, draft)
        _prove_row(table, draft)
        _prove_joined(table, draft)
        _prove_name(table, draft)
        _prove_unit(table, draft)
        _prove_part(table, draft)
        _prove_heading(table, draft)
        _prove_growth(table, draft)
        _prove_points(table, draft)
        _prove_subject(table, draft)
    _prove_last_years(table)
    _prove_hidden_units(table)


def _prove_column(table: Table, draft: Draft) -> None:
    """A group over a column that is no part of the name tells the column from others: how is not said."""
    if table.axes.columns_are_units and not draft.unit:
        return
    group = _weak_group(draft)
    if group:
        text = f"“{group}”下的“{draft.column.leaf.text}”叫什么指标?"
        table.doubt(draft, "indicator", draft.column.head, text, (draft.indicator, draft.column.leaf.name))
    for label in draft.column.labels[:-1]:
        if label.name and not _is_explained(table, draft, label):
            name = draft.indicator
            text = f"“{label.text}”下的“{draft.column.leaf.text}”叫什么指标?"
            table.doubt(draft, "indicator", draft.column.head, text, _choices(label.name, name))
            return


def _weak_group(draft: Draft) -> str | None:
    """粮食生产 and 面积 hardly make one name: a group that says what is done, before a bare noun."""
    for label in draft.column.labels[:-1]:
        joined = label.name and draft.indicator == label.name + draft.column.leaf.name
        if joined and re.search(
            r"(?:生产|管理|服务|治理|保障|整治|养殖|种植|事业|产业|防控|救助)$", label.name
        ):
            return label.name
    return None


def _prove_row(table: Table, draft: Draft) -> None:
    """The groups and the section of a row likewise."""
    row = draft.row
    if not row.indicator:
        return
    last = row.labels[-1] if row.labels else Label()
    running = any(when.sort == "cumulative" for when in last.times)
    if running and last.name and any(label.times for c in table.figures for label in c.labels):
        text = f"“{last.text}”里的“累计”是名称的一部分,还是说到哪一期?"
        table.doubt(draft, "indicator", last.text, text, (last.text, last.name))
    section = () if row.record or row.section_label is None else (row.section_label,)
    for label in (*row.groups, *section):
        if label.name and not _is_explained(table, draft, label):
            text = f"“{label.text}”下的“{row.indicator}”叫什么指标?"
            table.doubt(draft, "indicator", draft.indicator, text, _choices(label.name, draft.indicator))
            return


def _prove_joined(table: Table, draft: Draft) -> None:
    """小麦 and 面积 are 小麦面积; a heading of its own may be the name of another indicator."""
    name = table.names[draft.column.index].name
    if (
        table.axes.unclear is not None
        or not draft.row.indicator
        or not name
        or draft.indicator != draft.row.indicator + name
    ):
        return
    if not is_word(name, "weak_name", "bare_noun"):
        text = f"“{draft.row.indicator}”一行的“{draft.column.head}”叫什么指标?"
        choices = (draft.indicator, name, draft.row.indicator)
        table.doubt(draft, "indicator", draft.column.head, text, choices)


def _is_explained(table: Table, draft: Draft, label: Label) -> bool:
    """Whether a heading is in the figure's name, names its unit, repeats the title, or is a mere heading."""
    name = label.name
    names = (draft.indicator, draft.parent, draft.unit, draft.record)
    if any(name in each or (len(each) > 1 and each in name) for each in names if each):
        return True
    if any(name in title for title in table.context.titles):
        return True
    return bool(
        label.total or label.part or label.is_scope or label.numbering
        or _HEADING_END.search(name) or is_word(name, "generic_title", "bare_value", "part")
        or (table.axes.columns_are_units and is_unit_name(name))
    )  # fmt: skip


def _choices(group: str, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((group + name, name)))


def _prove_name(table: Table, draft: Draft) -> None:
    """No word of time, role or comparison may be left in a name: it says something that was not read."""
    for name in (draft.indicator, draft.parent):
        found = name if is_word(name, "fragment") else _residue(name)
        if not found or _is_told(draft, name, found):
            continue
        text = f"“{name}”里的“{found}”没有读懂:这是谁的什么数?"
        table.doubt(draft, "reading", name, text, CONFIRM)
    if not draft.indicator:
        return
    if (
        draft.role == "actual"
        and draft.indicator.startswith(("计划", "预计"))
        and "计划生育" not in draft.indicator
    ):
        text = f"“{draft.indicator}”是一年的计划,还是总的?按哪一期、作为目标还是实际数导入?"
        table.doubt(draft, "reading", draft.indicator, text, CONFIRM)
    titled = draft.indicator.startswith(table.context.indicator) if table.context.indicator else False
    if titled and (
        not is_indicator_like(table.context.indicator)
        or len(draft.indicator) > 16
        or has_word(draft.indicator, "title_word")
        or _TORN.match(draft.indicator)
    ):
        text = f"标题里的“{table.context.indicator}”是指标的名称吗?请写出指标名称"
        table.doubt(draft, "indicator", table.context.indicator, text, (draft.indicator,))
        return
    if draft.record:
        return
    generic = is_word(draft.indicator, "indicator_header", "unit_header") and draft.role != "total_row"
    if generic or (is_unit_name(draft.indicator) and not draft.record):
        text = f"“{draft.indicator}”不像指标的名称:是什么数?"
        table.doubt(draft, "reading", draft.indicator, text, CONFIRM)
        return
    if draft.indicator.endswith(("情况", "进展", "数据")):
        text = f"“{draft.indicator}”下的数叫什么指标?"
        table.doubt(draft, "indicator", draft.indicator, text)
        return
    bare = _MODIFIERS.sub("", draft.indicator)
    whole = table.context.indicator
    alone = not draft.row.indicator and not draft.parent and table.axes.record is None
    if alone and draft.indicator != whole and whole.endswith(draft.indicator):
        text = f"“{draft.indicator}”就是标题里的“{whole}”吗?请写出指标名称"
        table.doubt(draft, "indicator", draft.indicator, text, (whole, draft.indicator))
    elif is_word(bare, "bare_noun") and not _is_part(draft):
        choices = [whole + draft.indicator] if whole and whole not in draft.indicator else []
        text = f"“{draft.indicator}”是什么的?请写出指标名称"
        table.doubt(draft, "indicator", draft.indicator, text, (*choices, draft.indicator))


def _prove_subject(table: Table, draft: Draft) -> None:
    """投资完成率 behind 已完成投资: a rate whose name is only a part of the name that it stands beside."""
    if draft.role not in ("attainment", "growth") or draft.row.indicator:
        return
    if draft.role == "attainment" and not _has_target(table, draft):
        head = draft.column.head
        text = f"“{head}”是哪个指标的?同一行的目标和完成数说的不是一样东西"
        table.doubt(draft, "indicator", head, text, (draft.indicator,))
    mine = table.names[draft.column.index].name
    others = [table.names[c.index].name for c in table.figures if table.column_role(c) in ("", "actual")]
    near = [name for name in others if name and mine and name != mine and (mine in name or name in mine)]
    if near and mine not in others:
        head = draft.column.head
        text = f"“{head}”是“{near[-1]}”的吗?请写出指标名称"
        table.doubt(draft, "indicator", head, text, (near[-1], mine))


def _has_target(table: Table, draft: Draft) -> bool:
    """Whether the target stands beside that an attainment is of, by its name or by the quotient."""
    mates = [d for d in table.drafts if d.place[0] == draft.place[0] and d is not draft]
    targets = [d for d in mates if d.word == "target"]
    if not targets or any((t.indicator, t.unit) == (draft.indicator, draft.unit) for t in targets):
        return True
    done = [d.value for d in mates if d.word in ("", "actual") and d.indicator == draft.indicator and d.value]
    asked = [t.value for t in targets if t.value]
    quotients = [a / t * 100 for a in done for t in asked]
    return draft.value is None or not quotients or any(abs(q - draft.value) < 1 for q in quotients)


def _prove_points(table: Table, draft: Draft) -> None:
    """The growth of a rate is in percentage points or, seldom, in percent: the figures tell, or a person."""
    if draft.word not in GROWTHS or draft.measure != "%" or draft.value is None or draft.cell.measure:
        return
    rates = [
        d for d in table.drafts
        if d.place[0] == draft.place[0] and d.word in ("", "actual") and d.measure == "%"
        and (d.unit, d.indicator, d.record) == (draft.unit, draft.indicator, draft.record)
    ]  # fmt: skip
    expected = expected_of(table, draft) or {}
    if rates and not ("percent" in expected and fits(draft, expected["percent"], "percent")):
        text = f"“{draft.indicator}”本身是百分数,“{draft.column.head}”是百分点还是百分比?"
        table.doubt(draft, "measure", draft.column.head, text, (POINTS, "%"))


def _prove_growth(table: Table, draft: Draft) -> None:
    """± and % behind 比年初 or 环比 are of that comparison, not of the year's, unless they say so."""
    if draft.role != "growth" or re.search("同|上年|去年", draft.column.head):
        return
    left = [c for c in table.figures if c.index < draft.column.index]
    before = next((c for c in reversed(left) if table.column_role(c) not in GROWTHS), None)
    if before is not None and table.column_role(before) == "chain":
        head = draft.column.head
        text = f"“{head}”是同比,还是和“{before.head}”一样另有所比?要不要导入?"
        table.doubt(draft, "role", head, text, ("不导入", "导入"))


def _prove_part(table: Table, draft: Draft) -> None:
    """其中 without what it is in."""
    labels = (*draft.column.labels, *draft.row.labels)
    part = next((label for label in labels if label.part), None)
    if draft.row.under and draft.role != "total_row":
        text = f"缩进写在“{draft.row.under}”下面的,是它的其中项吗?"
        table.doubt(draft, "parent", draft.row.under, text, (draft.row.under, "不是"))
    if part is not None and not draft.parent and not draft.row.part:
        text = f"“{part.text}”是什么的其中?"
        table.doubt(draft, "reading", part.text, text, CONFIRM)
    named = {table.names[c.index].name for c in table.figures}
    if (
        draft.parent
        and draft.parent in named
        and not ends_as_indicator(draft.parent)
        and not is_indicator_like(draft.parent)
    ):
        text = f"“{draft.column.head}”是“{draft.parent}”的其中吗?"
        table.doubt(draft, "reading", draft.column.head, text, CONFIRM)


def _is_part(draft: Draft) -> bool:
    return any(label.part for label in (*draft.column.labels, *draft.row.labels)) or draft.row.part


def _prove_heading(table: Table, draft: Draft) -> None:
    """What is left of a heading must be the name of an indicator: 完成系数, 包干数 and 至今 are none."""
    name = table.names[draft.column.index].name
    if not name or name in table.setting.stocks or any(label.total for label in draft.column.labels):
        return
    labels = [label for label in draft.column.labels if label.name]
    counted = any(not is_ratio(m) for label in labels[-1:] for m in label.measures)
    parts = any(label.part for label in draft.column.labels)
    if parts:
        return
    for each in dict.fromkeys((name, draft.column.leaf.name or name)):
        told = ends_as_indicator(each) or (
            (counted or is_indicator_like(each)) and not _has_tail(each) and not each.endswith("数")
        )
        if not told and not is_word(each, "bare_value"):
            head = draft.column.head
            table.doubt(draft, "reading", head, f"“{head}”里的“{each}”是指标的名称吗?", CONFIRM)
            return


def _has_tail(name: str) -> bool:
    """Whether something is written behind the name of an indicator: 税收收入已办."""
    return any(ends_as_indicator(name[:end]) for end in range(len(name) - 3, len(name)) if end > 1)


def _residue(name: str) -> str:
    place = _PLACE.match(name)
    named = place is not None and not _NO_PLACE.search(place[0])
    return _word_left(name) or (place[0] if place is not None and named else "")


def _word_left(name: str) -> str:
    bare = re.sub(any_of("residue_allowed"), "", name)
    sign = re.search(r"[:：;；=+*?？!！<>…]", bare)
    if sign:
        return sign[0]
    found = re.search(any_of("residue"), bare)
    return found[0] if found else ""


def _prove_last_years(table: Table) -> None:
    """A column of a bare year (2024年) in a sheet of some months: all of the year, or the same months?"""
    for draft in table.drafts:
        if draft.word != "last_year" or draft.period is None or _role_of(draft) == "last_year":
            continue
        whens = [when for label in draft.column.labels for when in label.times]
        bare = bool(whens) and all(when.sort == "year" for when in whens)
        if not bare or draft.period.months == 12 or table.has_parallel_years or _is_verified(table, draft):
            continue
        head = draft.column.head
        choices = [str(draft.period.whole_year()), str(draft.period)]
        table.doubt(draft, "period", head, f"“{head}”是全年的数还是同期的数?", choices)


def _prove_hidden_units(table: Table) -> None:
    """东村产值, 西村产值: units in the names of columns."""
    ends: dict[str, set[str]] = {}
    for draft in table.drafts:
        match = _VILLAGE.match(table.names[draft.column.index].name)
        if match and is_unit_name(match[0]):
            ends.setdefault(match.string[match.end() :], set()).add(match[0])
    for draft in table.drafts:
        name = table.names[draft.column.index].name
        match = _VILLAGE.match(name)
        if match and len(ends.get(name[match.end() :], ())) > 1:
            text = f"“{name}”里的“{match[0]}”是填报单位吗?"
            table.doubt(draft, "reading", name, text, CONFIRM)


def _role_of(draft: Draft) -> str:
    return next((label.role for label in reversed(draft.column.labels) if label.role), "")


def _is_verified(table: Table, last_year: Draft) -> bool:
    """Whether a growth of the same row was computed from this column."""
    for draft in table.drafts:
        same = (draft.unit, draft.indicator, draft.record) == (
            last_year.unit,
            last_year.indicator,
            last_year.record,
        )
        if draft.role == "growth" and same and draft.value is not None:
            expected = expected_of(table, draft) or {}
            if any(fits(draft, value, name) for name, value in expected.items()):
                return True
    return False


def _is_told(draft: Draft, name: str, found: str) -> bool:
    """Where the word was read all the same: a total, a target, 固定资产投资增速 with target and actual."""
    label = draft.row.labels[-1] if draft.row.labels else Label()
    labels = (label, draft.column.leaf)
    if found in ("合计", "小计", "总计"):
        return draft.role == "total_row" or any(each.total for each in labels)
    if draft.word == "target" and (found in ("任务", "目标") or draft.column.leaf.role in GROWTHS):
        return True
    return label.role in GROWTHS | {"attainment", "share"} and name.startswith(label.name)


def _prove_unit(table: Table, draft: Draft) -> None:
    """A name among those of reporting units that is none, or says something else."""
    unit = draft.unit
    if draft.row.part and not draft.row.indicator:
        name = draft.record or unit
        text = f"“其中:{name}”这一行是哪一部分的数?"
        table.doubt(draft, "reading", name, text, CONFIRM)
        return
    if table.axes.columns_are_units and not table.names[draft.column.index].unit:
        text = f"“{draft.column.head}”不是单位的名称:这一列是谁的数?"
        table.doubt(draft, "reading", draft.column.head, text, CONFIRM)
        return
    told = next((m[0] for title in table.context.titles if (m := _EACH.search(title))), "")
    if told and table.axes.unit is None and not table.axes.columns_are_units and unit == table.context.unit:
        text = f"标题说的是“{told}”,表里没有各单位的名称:是谁的数?"
        table.doubt(draft, "row_unit", told, text, (unit,))
    if table.axes.unit is None or not unit or draft.row.total:
        return
    written = parsed(label_at(table.grid, draft.row.index, table.axes.unit), row=True)
    if written.times:
        text = f"“{written.text}”是单位的名称,还是一个时期?"
        table.doubt(draft, "reading", written.text, text, CONFIRM)
        return
    found = _word_left(unit) or word_at_end(unit, "aggregate_end")
    if found:
        text = f"“{unit}”里的“{found}”没有读懂:这一行是谁的什么数?"
        table.doubt(draft, "reading", unit, text, CONFIRM)
    elif _stands_out(table, unit):
        text = f"“{unit}”和同一列的其他名称不是一类:是填报单位吗?"
        table.doubt(draft, "reading", unit, text, CONFIRM)


def _stands_out(table: Table, unit: str) -> bool:
    """Whether a name is none of a reporting unit where all but it are."""
    if unit in table.setting.units or is_unit_name(unit):
        return False
    names = {row.unit for row in table.rows if row.unit and not row.total}
    others = [name for name in names if not is_unit_name(name) and name not in table.setting.units]
    return len(names) > 3 and len(others) == 1 and not word_at_end(unit, "unit_end")


def unexplained_axes(table: Table) -> Iterator[tuple[str, str]]:
    """The column of names whose kind is not proven, with a question: indicators, units or records?"""
    axes = table.axes
    if axes.record is not None or axes.unclear is not None or axes.indicator is None:
        return
    column = next((c for c in table.columns if c.index == axes.indicator), None)
    if column is None:
        return
    names = [row for row in table.rows if row.indicator and not row.total and not row.part]
    like = [row for row in names if is_indicator_like(row.indicator) or row.measure or _measured(row.labels)]
    infos = [c for c in table.columns if c.kind == "info" and c.headed("info")]
    told = column.headed("indicator_header") and column.leaf.text not in ("项目", "名称", "类别", "内容")
    if told or not names:
        return
    if len(like) * 2 < len(names) and (infos or column.labels):
        head = column.head or "第一列"
        yield head, f"“{head}”这一列写的是指标、填报单位,还是逐个登记的对象?"


def _measured(labels: tuple[Label, ...]) -> bool:
    return any(label.measures for label in labels)
