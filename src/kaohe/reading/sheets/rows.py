"""The body rows of a table: whom, what and when each is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kaohe.reading.sheets.axes import Axes
from kaohe.reading.sheets.blocks import Block
from kaohe.reading.sheets.columns import Column, typed
from kaohe.reading.sheets.drafts import Row
from kaohe.reading.sheets.grid import Grid, label_at
from kaohe.reading.sheets.labels import GROWTHS, Label, is_unit_name, measures_in, parsed
from kaohe.reading.sheets.words import is_word, word_at_end


@dataclass
class _State:
    """What the rows before say about the next one."""

    named: str = ""
    parent: str = ""
    parent_indent: int = 0
    parent_numbered: bool = False
    open_part: bool = False
    section_unit: str = ""
    section: Label | None = None
    parent_label: Label = field(default_factory=Label)
    levels: list[tuple[int, str]] = field(default_factory=list)
    last: dict[int, str] = field(default_factory=dict)


def rows_of(grid: Grid, block: Block, columns: list[Column], axes: Axes) -> list[Row]:
    """The rows that may hold figures, in order; headings between them are taken into what follows."""
    state = _State()
    return [row for index in block.body if (row := _row(grid, index, columns, axes, state)) is not None]


def _row(grid: Grid, index: int, columns: list[Column], axes: Axes, state: _State) -> Row | None:
    figures = [c for c in columns if c.kind == "figure"]
    filled = [c for c in figures if grid.at(index, c.index).sort not in ("blank", "text", "date")]
    if not filled and _is_section(grid, index, columns):
        _open_section(grid, index, columns, state)
        return None
    total_word = _total_word(grid, index, columns)
    extra = tuple(_extra_labels(grid, index, columns))
    measure = next((m for c in columns if c.kind == "measure" for m in _measures(grid, index, c)), "")
    unit = (
        Label()
        if total_word and axes.unit is not None and not label_at(grid, index, axes.unit)
        else _unit(grid, index, axes, state)
    )
    row = Row(
        index,
        extra,
        unit=unit.full or state.section_unit,
        measure=measure,
        section=_section(state),
        section_label=state.section,
    )
    if unit.part and axes.indicator is None:
        row = replace(row, part=True)
    if state.section is not None:
        row = replace(row, labels=(replace(state.section, name="", role=""), *row.labels))
    if axes.record is not None:
        key = _name(grid, index, axes.record, state)
        row = replace(row, record="" if total_word else key.full, part=key.part)
    elif axes.indicator is not None:
        row = _with_indicator(grid, index, axes, state, row)
    alone = axes.indicator is None and axes.record is None and not extra
    if alone and not total_word and axes.unit is not None and not _is_named(grid, index, axes.unit):
        row = replace(row, unit="", unnamed=True)
    if total_word:
        named = axes.indicator is not None and label_at(grid, index, axes.indicator)
        row = replace(
            row, total=total_word, subtotal=total_word.endswith("小计"), record="",
            indicator=row.indicator if named else "", parent=row.parent if named else "",
        )  # fmt: skip
    return row


def _section(state: _State) -> str:
    return state.section.full if state.section else ""


def _is_section(grid: Grid, index: int, columns: list[Column]) -> bool:
    """A row with nothing but a heading."""
    written = [c for c in columns if grid.at(index, c.index).sort != "blank"]
    in_figures = any(c.kind == "figure" for c in written[1:])
    return len(set(_headings(grid, index, columns))) == 1 and len(written) <= 2 and not in_figures


def _headings(grid: Grid, index: int, columns: list[Column]) -> list[str]:
    """The texts of a row that are more than a numeral."""
    texts = [typed(grid, index, c.index) for c in columns if grid.spread(index, c.index).sort == "text"]
    return [text for text in texts if text.strip("一二三四五六七八九十()、.") and not is_word(text, "serial")]


def _open_section(grid: Grid, index: int, columns: list[Column], state: _State) -> None:
    label = parsed(_headings(grid, index, columns)[0], row=True)
    state.section = label
    state.section_unit = label.full if is_unit_name(label.full) else ""
    state.open_part, state.named = False, ""


def _total_word(grid: Grid, index: int, columns: list[Column]) -> str:
    for column in columns:
        if column.kind not in ("label", "serial", "info"):
            continue
        text = label_at(grid, index, column.index)
        label = parsed(text, row=True) if text else None
        if label and (label.total or label.is_scope):
            return label.name
        if label and word_at_end(label.full, "sum_end") and is_place_or_all(label.full):
            return label.full
    return ""


def is_place_or_all(name: str) -> bool:
    """Whether what is added up are units: 东部片区小计, 各镇合计, not 税收合计."""
    bare = name[: len(name) - len(word_at_end(name, "sum_end"))]
    return bare.startswith(("各", "全", "分")) or is_unit_name(bare) or bare.endswith(("片", "级", "镇街"))


def _extra_labels(grid: Grid, index: int, columns: list[Column]) -> Iterator[Label]:
    for column in columns:
        if column.kind in ("period", "role"):
            text = typed(grid, index, column.index)
            if column.kind == "period" and text.isdecimal() and len(text) <= 2:
                text += "月"
            if text:
                yield parsed(text)


def _measures(grid: Grid, index: int, column: Column) -> list[str]:
    return measures_in(typed(grid, index, column.index))[:1]


def _unit(grid: Grid, index: int, axes: Axes, state: _State) -> Label:
    return Label() if axes.unit is None else _name(grid, index, axes.unit, state)


def _name(grid: Grid, index: int, column: int, state: _State) -> Label:
    """The label of a column of names; a blank below a name repeats it, as merged cells do."""
    text = label_at(grid, index, column)
    if not text and grid.at(index, column).sort == "number":
        text = grid.at(index, column).text
    if not text:
        return parsed(state.last.get(column, ""), row=True)
    state.last[column] = text
    return parsed(text, row=True)


def _is_named(grid: Grid, index: int, column: int) -> bool:
    """Whether a name is seen there, or a number in its place; a blank among the names is a name left out."""
    return bool(label_at(grid, index, column)) or grid.spread(index, column).sort == "number"


def _with_indicator(grid: Grid, index: int, axes: Axes, state: _State, row: Row) -> Row:
    assert axes.indicator is not None
    text = label_at(grid, index, axes.indicator)
    groups = [_name(grid, index, column, state) for column in axes.groups if column < axes.indicator]
    opened = [_name(grid, index, column, state) for column in axes.open_groups]
    if not text:
        inner = [label for label in groups if label.full]
        label = inner[-1] if inner else Label()
    else:
        label = parsed(text, row=True)
    if not text and not row.labels and not label.full:
        state.parent, state.open_part = "", False
    if not label.name and not label.part:
        return replace(row, labels=(*row.labels, label), indicator=state.named, parent=_parent(state))
    grouped = any(group.part for group in groups)
    indent = grid.indent(index, axes.indicator)
    under = _under(state, label, indent)
    _move_on(state, label, indent, grouped)
    name = label.name if label.role in GROWTHS | {"attainment"} else label.full
    state.named = name
    part = state.open_part and name != state.parent and not label.times
    above = (Label(times=state.parent_label.times),) if part else ()
    return replace(
        row, labels=(*row.labels, *(g for g in groups if g.times), *above, label), indicator=name,
        parent=_parent(state) if name != state.parent else "", part=state.open_part and name != state.parent,
        total=_total_of(label), subtotal=label.name == "小计" or bool(_total_of(label) and not label.total),
        groups=tuple(opened), under="" if state.open_part else under,
    )  # fmt: skip


def _under(state: _State, label: Label, indent: int) -> str:
    """The last row that is less moved in, where nothing but the space says what this one is to it."""
    while state.levels and state.levels[-1][0] >= indent:
        state.levels.pop()
    above = state.levels[-1][1] if state.levels else ""
    state.levels.append((indent, label.full))
    plain = not (label.part or label.total or label.is_scope or label.numbering or label.times)
    return above if plain else ""


def _total_of(label: Label) -> str:
    """The word of a row that adds up those before it: 合计, 全县, 收入合计."""
    if label.total or label.is_scope:
        return label.name
    return label.full if word_at_end(label.full, "sum_end") else ""


def _parent(state: _State) -> str:
    return state.parent if state.open_part else ""


def _move_on(state: _State, label: Label, indent: int, grouped: bool) -> None:
    """Whether the rows are still parts of the one before 其中."""
    if label.part or grouped:
        if not state.open_part:
            state.open_part = bool(state.parent)
        return
    inner = indent > state.parent_indent or (state.parent_numbered and not label.numbering)
    if state.open_part and inner and not label.total:
        return
    state.open_part = False
    state.parent, state.parent_indent, state.parent_label = label.full, indent, label
    state.parent_numbered = bool(label.numbering)
