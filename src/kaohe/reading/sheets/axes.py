"""Which columns of a table name the reporting unit, the indicator, the record; and whether columns do."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.reading.sheets.blocks import Block
from kaohe.reading.sheets.columns import Column, body_texts, looks_like_units
from kaohe.reading.sheets.context import Context
from kaohe.reading.sheets.grid import Grid
from kaohe.reading.sheets.labels import is_indicator_like, is_unit_name, parsed
from kaohe.reading.sheets.words import is_word, word_at_end


@dataclass(frozen=True, slots=True)
class Axes:
    """The columns of names, by what they name; ``unclear`` is one that may be units or indicators,
    ``open_groups`` those of the groups whose header does not say that they are no more than categories."""

    unit: int | None = None
    indicator: int | None = None
    groups: tuple[int, ...] = ()
    open_groups: tuple[int, ...] = ()
    record: int | None = None
    unclear: int | None = None
    columns_are_units: bool = False
    bodies: int | None = None


def axes_of(grid: Grid, block: Block, columns: list[Column], context: Context, known: frozenset[str]) -> Axes:
    """What the columns of names of a table name, by their headers and by their contents."""
    labels = [column for column in columns if column.kind == "label"]
    figures = [column for column in columns if column.kind == "figure"]
    above = _columns_are_units(figures, known)
    record = _record(grid, block, columns, labels, context, known)
    if record is not None:
        place = _place_of_record(grid, block, labels, record, known)
        others = [c.index for c in labels if c.headed("unit_header") and c.index != record]
        bodies = others[0] if others and place is None and not above else None
        return Axes(unit=place, record=record, columns_are_units=above, bodies=bodies)
    unit = None if above else _unit(grid, block, labels, known)
    rest = [column for column in labels if column.index != unit]
    rest = [c for c in rest if not (c.headed("weak_unit_header") and len(rest) > 1)]
    if unit is not None:
        rest = [c for c in rest if not c.headed("unit_header")]  # 片区 beside 乡镇: where the units lie
    indicator = _indicator(rest)
    groups = tuple(column.index for column in rest if column.index != indicator)
    unclear = None
    if indicator is not None and not above:
        chosen = next(column for column in rest if column.index == indicator)
        measured = any(column.kind == "measure" for column in columns)
        names = [parsed(text, row=True).full for text in body_texts(grid, block, chosen.index)]
        like = sum(map(is_indicator_like, names)) * 2 >= len(names)
        units = not measured and _may_be_units(chosen, figures, like)
        if any(parsed(text, row=True).measures for text in body_texts(grid, block, chosen.index)):
            measured = True
        if not measured and not _have_names(figures) and chosen.headed("part_header"):
            like = False
        if units or (unit is None and _may_be_parts(chosen, figures, context, like)):
            unclear = indicator
    headed = {c.index for c in rest if c.headed("category_header", "indicator_header")}
    open_groups = tuple(index for index in groups if index not in headed)
    return Axes(unit, indicator, groups, open_groups, None, unclear, above)


def _columns_are_units(figures: list[Column], known: frozenset[str]) -> bool:
    """Whether the names above the columns are those of reporting units."""
    names = {label.full for column in figures for label in column.labels if label.full and not label.total}
    plain = [name for name in names if not is_word(name, "scope", "bare_value")]
    units = [name for name in plain if name in known or is_unit_name(name)]
    columns = [c for c in figures if any(label.full in units for label in c.labels)]
    named = [c for c in figures if any(label.full in plain for label in c.labels)]
    return len(units) >= 2 and len(columns) * 5 >= len(named) * 3


def _record(
    grid: Grid,
    block: Block,
    columns: list[Column],
    labels: list[Column],
    context: Context,
    known: frozenset[str],
) -> int | None:
    """The column of keys, where the table is a register."""
    named = [c for c in labels if c.headed("record_header") and not c.headed("record_code")]
    coded = [c for c in labels if c.headed("record_code")]
    infos = sum(c.kind == "info" for c in columns)
    for column in (*named, *coded):
        texts = body_texts(grid, block, column.index)
        if looks_like_units(texts, known) and not context.register:
            continue
        return column.index
    for column in labels:
        if not column.headed("indicator_header") and column.leaf.text not in ("项目", "名称", "企业", "工程"):
            continue
        texts = body_texts(grid, block, column.index)
        ends = [text for text in texts if word_at_end(text, "record_end")]
        if len(ends) * 2 > len(texts) and (infos or context.register) and len(texts) > 1:
            return column.index
    return None


def _place_of_record(
    grid: Grid, block: Block, labels: list[Column], record: int, known: frozenset[str]
) -> int | None:
    others = [column for column in labels if column.index != record]
    places = [column for column in others if column.headed("place_header")]
    bodies = [c for c in others if c.headed("unit_header") and not c.headed("place_header")]
    likely = [c for c in others if looks_like_units(body_texts(grid, block, c.index), known)]
    for column in (*places, *(c for c in bodies if c in likely), *likely):
        return column.index
    return None


def _unit(grid: Grid, block: Block, labels: list[Column], known: frozenset[str]) -> int | None:
    strong = [c for c in labels if c.headed("unit_header") and not c.headed("weak_unit_header")]
    if strong:
        likely = [c for c in strong if looks_like_units(body_texts(grid, block, c.index), known)]
        return (likely or strong)[-1].index
    likely = [c for c in labels if looks_like_units(body_texts(grid, block, c.index), known)]
    indicators = [c for c in labels if c.headed("indicator_header") and c not in likely]
    for column in likely:
        answers_only = column.headed("weak_unit_header") and indicators
        if not answers_only:
            return column.index
    weak = [c for c in labels if c.headed("weak_unit_header")]
    if not weak or len(labels) > 1:
        return None
    rows = [parsed(text, row=True) for text in body_texts(grid, block, weak[0].index)]
    roles = any(row.role and not row.name for row in rows)
    return None if roles else weak[0].index


def _indicator(rest: list[Column]) -> int | None:
    named = [c for c in rest if c.headed("indicator_header") and not c.headed("category_header")]
    if named:
        return named[-1].index
    return rest[-1].index if rest else None


def _have_names(figures: list[Column]) -> bool:
    """Whether the headers of figures name anything but times, roles and totals."""
    return any(label.name and not label.total for column in figures for label in column.labels)


def _may_be_parts(column: Column, figures: list[Column], context: Context, like: bool) -> bool:
    """Names under a header that is no word for indicators, where the title alone names an indicator."""
    headed = column.headed("indicator_header", "category_header")
    told = (headed and (like or not column.headed("kind_header"))) or (like and not column.labels)
    repeated = bool(column.leaf.name) and column.leaf.name in context.indicator
    told = told or (repeated and not column.headed("kind_header"))
    return not told and not _have_names(figures) and bool(context.indicator)


def _may_be_units(column: Column, figures: list[Column], like: bool) -> bool:
    """Names without a telling header beside columns that have names of their own: both are possible."""
    if column.headed("open_header") and like:
        return False
    open_header = column.headed("open_header") or (column.headed("part_header") and not like)
    if column.headed("indicator_header", "category_header") and not open_header:
        return False
    named = {
        label.name for each in figures for label in each.labels
        if label.name and not label.total and not is_word(label.name, "bare_value")
    }  # fmt: skip
    return bool(named)
