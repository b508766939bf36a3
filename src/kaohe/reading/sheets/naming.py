"""What the headers of the figure columns name: an indicator, one under another, a reporting unit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from kaohe.reading.sheets.axes import Axes
from kaohe.reading.sheets.columns import Column
from kaohe.reading.sheets.labels import Label, is_unit_name
from kaohe.reading.sheets.spans import CURRENT
from kaohe.reading.sheets.words import is_word

_OVER_UNITS = re.compile(
    r"^(?:各|分)?(?:分解|下达|落实|其中|按|分)?[到至]?(?:各|分)?(?:镇|村|乡|街道|社区|单位|部门|乡镇|镇街|县区|地区|站所)+(?:名称|分解|情况)?$"
)
"""A group over the columns of units that says no more than that they are units."""
_CATEGORY_ENDS = (
    "指标",
    "情况",
    "类",
    "方面",
    "工作",
    "任务",
    "建设",
    "发展",
    "领域",
    "数据",
    "经济",
    "目标",
    "项目",
    "其中",
)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """The name that a column gives its figures."""

    name: str = ""
    parent: str = ""
    unit: str = ""
    total: bool = False


def names_of(figures: list[Column], axes: Axes, known: frozenset[str]) -> dict[int, ColumnName]:
    """The names of the figure columns, by column."""
    paths = {column.index: _path(column, axes, known) for column in figures}
    _drop_bare(paths)
    _follow(figures, paths)
    below = Counter(names[-1] for names in {tuple(p) for p in paths.values()} if len(names) > 1)
    heads = {names[-1] for names in paths.values() if len(names) == 1}
    found: dict[int, ColumnName] = {}
    for place, column in enumerate(figures):
        unit = _unit(column, axes, known)
        wholes = heads if _has_whole(figures, column) else set()
        name, parent = _name(paths[column.index], below, wholes)
        part = any(label.part for label in column.labels)
        if part and not parent:
            parent = _whole_of(figures[:place], found, column)
        total = any(label.total or (label.is_scope and axes.columns_are_units) for label in column.labels)
        if total and not unit and axes.columns_are_units:
            unit = next(label.name for label in column.labels if label.total or label.is_scope)
        if total and not name and not axes.columns_are_units:
            name = _name_of_total(column, axes)
        found[column.index] = ColumnName(name, parent, unit, total)
    return found


def _has_whole(figures: list[Column], column: Column) -> bool:
    """Whether a column of the same group adds up the others, or this one is a part of it."""
    groups = {label.text for label in column.labels[:-1]}
    mates = [c for c in figures if groups & {label.text for label in c.labels}]
    return any(label.total or label.part for c in (column, *mates) for label in c.labels)


def _drop_bare(paths: dict[int, list[str]]) -> None:
    """数值 and 金额 say nothing, unless they stand beside other names in their group (户数, 人数, 金额)."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for path in paths.values():
        if path:
            groups.setdefault(tuple(path[:-1]), set()).add(path[-1])
    for index, path in paths.items():
        mates = groups.get(tuple(path[:-1]), set()) if path else set()
        if path and is_word(path[-1], "bare_value") and all(is_word(name, "bare_value") for name in mates):
            paths[index] = path[:-1] if len(mates) < 2 else path


def _follow(figures: list[Column], paths: dict[int, list[str]]) -> None:
    """完成率 and 同比 without a name of their own are about the figure to their left."""
    before: Column | None = None
    roles = {c.index: _role(c, paths) for c in figures}
    bare = any(not paths[c.index] and roles[c.index] in ("", "actual") for c in figures)
    named = {tuple(paths[c.index]) for c in figures if paths[c.index] and roles[c.index] in ("", "actual")}
    following = CURRENT | {"last_year"} | ({"target"} if not bare and len(named) == 1 else set())
    for column in figures:
        if roles[column.index] in following:
            paths[column.index] = _followed(figures, paths, column, before)
        elif before is not None and not paths[column.index] and _goes_on(before, column):
            paths[column.index] = _left_of(figures, paths, column, before)
        elif not any(label.total for label in column.labels) or paths[column.index]:
            before = column


def _role(column: Column, paths: dict[int, list[str]]) -> str:
    role = next((label.role for label in reversed(column.labels) if label.role), "")
    past = any(when.offset == -1 for label in column.labels for when in label.times)
    return "last_year" if not role and past and not paths[column.index] else role


def _goes_on(before: Column, column: Column) -> bool:
    """9月产值, 1-9月: a header that is only a time goes on with the name before it, if that is timed."""
    timed = any(label.times and label.name for label in before.labels)
    return timed and all(label.times and not label.name and not label.role for label in column.labels)


def _followed(
    figures: list[Column], paths: dict[int, list[str]], column: Column, before: Column | None
) -> list[str]:
    own = paths[column.index]
    grouped = bool(own) and any(
        own[-1] in {label.name for label in c.labels} and paths[c.index] and paths[c.index][-1] != own[-1]
        for c in figures
    )
    whole = any(label.total and paths[c.index] == own for c in figures for label in c.labels)
    if before is None or (own and not (grouped and not whole and paths[before.index])):
        return own
    return _left_of(figures, paths, column, before)


def _left_of(figures: list[Column], paths: dict[int, list[str]], column: Column, before: Column) -> list[str]:
    """The name to the left; behind a group of several it is the group's, if that has a total or 其中."""
    mine = {label.text for label in column.labels}
    groups = [label for label in before.labels[:-1] if label.text not in mine and label.name]
    for group in groups:
        inside = [c for c in figures if group.text in {label.text for label in c.labels}]
        names = {tuple(paths[c.index]) for c in inside}
        if len(names) > 1 and any(label.total or label.part for c in inside for label in c.labels):
            return [group.name]
    return paths[before.index]


def _path(column: Column, axes: Axes, known: frozenset[str]) -> list[str]:
    """The names in a header from top to bottom, without units, totals and words that say nothing."""
    names = [
        _own_name(label) for label in column.labels
        if _own_name(label) and not (label.total and is_word(label.name, "total"))
        and not (axes.columns_are_units and (_is_unit(label, known) or label.is_scope))
    ]  # fmt: skip
    if axes.columns_are_units:
        names = [name for name in names if not _OVER_UNITS.search(name)]
    telling = [name for name in names if not name.endswith(("情况", "进展", "指标", "数据"))]
    return telling or names[-1:]


def _own_name(label: Label) -> str:
    # 计划投资 and 完成投资 are names as they stand; what was split off is a time or a role behind a name.
    return label.name


def _is_unit(label: Label, known: frozenset[str]) -> bool:
    return label.full in known or is_unit_name(label.full)


def _unit(column: Column, axes: Axes, known: frozenset[str]) -> str:
    if not axes.columns_are_units:
        return ""
    named = [label for label in column.labels if label.full and not label.total]
    return next((label.full for label in named if _is_unit(label, known) and not label.is_scope), "")


def _name(names: list[str], below: Counter[str], heads: set[str]) -> tuple[str, str]:
    if len(names) < 2:
        return (names[0] if names else ""), ""
    group, name = names[-2], names[-1]
    if below[name] > 1:
        return group + name, ""
    if group in heads:
        return name, group
    if is_word(name, "weak_name") and not group.endswith(_CATEGORY_ENDS) and not is_word(group, "part"):
        return (group if name in group else group + name), ""
    return name, ""


def _whole_of(before: list[Column], found: dict[int, ColumnName], column: Column) -> str:
    """The indicator before 其中: the nearest to the left that is no part itself."""
    for other in reversed(before):
        name = found[other.index].name
        if not other.labels:
            return ""
        if name and not any(label.part for label in other.labels):
            return name
    return ""


def _name_of_total(column: Column, axes: Axes) -> str:
    total = next(label.name for label in column.labels if label.total)
    return "" if axes.indicator is not None else total
