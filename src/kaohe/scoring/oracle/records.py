"""``each``: where → item → once → group_by → combine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.facts.errors import SchemeError
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Value
from kaohe.scoring.oracle.combining import LeftOut, Part
from kaohe.scoring.oracle.evaluate import column, key_text
from kaohe.scoring.oracle.frames import Column, Frame
from kaohe.scoring.oracle.steps import StepTrace, apply_steps

if TYPE_CHECKING:
    from kaohe.scoring.oracle.nodes import Outcome
    from kaohe.scoring.oracle.run import Run

_SEPARATOR = re.compile("[、;;|]")


def each_record(
    run: Run, node: m.Criterion, frame: Frame
) -> tuple[Column, list[str], list[list[Part]], list[list[LeftOut]]]:
    """The combined value of each row's records, its fate, the records themselves, and those set aside."""
    from kaohe.scoring.oracle.nodes import combine_rows

    assert node.each is not None
    if node.each.source == "periods":
        listed, unreported = _period_parts(run, node, frame), set[int]()
        left_out: list[list[LeftOut]] = [[] for _ in range(frame.size)]
    else:
        listed, unreported, left_out = _record_parts(run, node, frame)
    parts = (
        _grouped(run, node, frame, listed)
        if node.each.group_by is not None
        else [[part for part, _ in row] for row in listed]
    )
    power = column(run, node.combine.power, frame) if node.combine.power is not None else None
    values, fates = combine_rows(node, parts, power)
    for row in range(frame.size):
        if row in unreported:
            values[row], fates[row] = Null.MISSING, ""
        elif not listed[row] and not parts[row]:
            values[row], fates[row] = _empty(run, node, frame, row)
    return values, fates, parts, left_out


_Listed = list[list[tuple[Part, Value]]]


def _record_parts(run: Run, node: m.Criterion, frame: Frame) -> tuple[_Listed, set[int], list[list[LeftOut]]]:
    each = node.each
    assert each is not None and each.item is not None
    rows, parents, unreported = _rows(run, node, each, frame)
    holds = filtered_rows(run, rows, each.where)
    rows, parents = rows.taken(holds), [parents[row] for row in holds]
    outcome = _item_outcome(run, each.item, rows)
    weights = _item_weights(run, each.item, rows)
    keys = column(run, each.group_by.key, rows) if each.group_by is not None else [""] * rows.size
    left_out: list[list[LeftOut]] = [[] for _ in range(frame.size)]
    kept: Iterable[int] = range(rows.size)
    if each.once is not None:
        kept = _once(run, each, rows, parents, outcome.values, left_out)
    listed: _Listed = [[] for _ in range(frame.size)]
    for row in kept:
        part = Part(
            run.record_name(rows, row),
            outcome.values[row],
            weights[row],
            outcome.fates[row],
            each.item,
            outcome,
            row,
        )
        listed[parents[row]].append((part, keys[row]))
    return listed, unreported, left_out


def filtered_rows(run: Run, frame: Frame, where: Expression | None) -> list[int]:
    from kaohe.scoring.oracle.evaluate import conditions

    if where is None:
        return list(range(frame.size))
    return [row for row, holds in enumerate(conditions(run, where, frame)) if holds is True]


def _item_outcome(run: Run, item: m.Criterion, rows: Frame):  # type: ignore[no-untyped-def]
    from kaohe.scoring.oracle.nodes import scored

    return scored(run, item, rows)


def _item_weights(run: Run, item: m.Criterion, rows: Frame) -> Column:
    return column(run, item.weight, rows) if item.weight is not None else [Fraction(1)] * rows.size


# --- which rows -----------------------------------------------------------------------------------


def _rows(run: Run, node: m.Criterion, each: m.Each, frame: Frame) -> tuple[Frame, list[int], set[int]]:
    """The frame of the records, for each the row of ``frame`` it belongs to, and unreported rows."""
    match each.source:
        case "columns":
            rows, parents = _cells(run, each, frame)
            return rows, parents, set()
        case "units":
            rows, parents = _children_of(run, frame)
            return rows, parents, set()
        case "linked":
            rows, parents = _linked(run, each, frame)
            return rows, parents, set()
    records, unreported = run.records(each.table)
    if each.source == "marks":
        records = run.marks_of(node.id, records)
    by_unit: dict[int | None, list[int]] = {}
    for row, unit in enumerate(records.unit):
        by_unit.setdefault(unit, []).append(row)
    taken: list[int] = []
    parents = []
    for row, unit in enumerate(frame.unit):
        found = by_unit.get(unit, []) if unit is not None else []
        taken.extend(found)
        parents.extend([row] * len(found))
    inner = records.taken(taken)
    inner = replace(
        inner,
        owner=[frame.owner[row] for row in parents],
        records={
            **{k: (t, [at[r] for r in parents]) for k, (t, at) in frame.records.items()},
            **inner.records,
        },
    )
    return inner, parents, {row for row, unit in enumerate(frame.unit) if unit in unreported}


def _cells(run: Run, each: m.Each, frame: Frame) -> tuple[Frame, list[int]]:
    columns = [run.named_column(name, frame) for name in each.columns]
    parents = [row for row in range(frame.size) for _ in each.columns]
    cells = [values[row] for row in range(frame.size) for values in columns]
    return replace(frame.taken(parents), cell=cells), parents


def _children_of(run: Run, frame: Frame) -> tuple[Frame, list[int]]:
    pairs = [
        (row, child)
        for row, unit in enumerate(frame.unit)
        if unit is not None
        for child in run.children(unit)
    ]
    return _units_frame(frame, pairs)


def _linked(run: Run, each: m.Each, frame: Frame) -> tuple[Frame, list[int]]:
    """The units named by the attribute; several are written with 、 ; or |."""
    links = run.named_column(each.table, frame)
    pairs = [
        (row, run.unit_place(name, None))
        for row, link in enumerate(links)
        if not isinstance(link, Null)
        for name in _SEPARATOR.split(key_text(link))
        if name
    ]
    return _units_frame(frame, pairs)


def _units_frame(frame: Frame, pairs: list[tuple[int, int]]) -> tuple[Frame, list[int]]:
    parents = [row for row, _ in pairs]
    rows = frame.taken(parents)
    return replace(rows, unit=[unit for _, unit in pairs], x=None), parents


# --- periods --------------------------------------------------------------------------------------


def _period_parts(run: Run, node: m.Criterion, frame: Frame) -> _Listed:
    each = node.each
    assert each is not None and each.item is not None
    listed: _Listed = [[] for _ in range(frame.size)]
    periods = run.periods(each.periods)
    weights = [column(run, weight, frame) for weight in each.weights]
    if weights and len(weights) != len(periods):
        raise SchemeError(f"{node.at} 期有 {len(periods)} 个,权重有 {len(weights)} 个,应一样多")
    for place, period in enumerate(periods):
        values, fates, outcome = _at_period(run, each.item, frame, period)
        for row in range(frame.size):
            weight = weights[place][row] if weights else Fraction(1)
            part = Part(str(period), values[row], weight, fates[row], each.item, outcome, frame.owner[row])
            listed[row].append((part, ""))
    return listed


def _at_period(
    run: Run, item: m.Criterion, frame: Frame, period: Period
) -> tuple[Column, list[str], Outcome | None]:
    if run.period is not None and period.last > run.period.last:
        values: Column = [Null.NOT_DUE] * frame.size
        from kaohe.scoring.oracle.nodes import Outcome, _settle_nulls

        outcome = Outcome(item, values, values, [""] * frame.size)
        _settle_nulls(run, outcome, frame)
        return outcome.values, outcome.fates, None
    then = run.at_period(period)
    outcome = _item_outcome(then, item, then.base)
    return (
        [outcome.values[owner] for owner in frame.owner],
        [outcome.fates[owner] for owner in frame.owner],
        outcome,
    )


# --- once, group_by, empty --------------------------------------------------------------------------


def _once(
    run: Run, each: m.Each, rows: Frame, parents: list[int], scores: Column, left_out: list[list[LeftOut]]
) -> list[int]:
    once = each.once
    assert once is not None
    keys = [column(run, part, rows) for part in once.per]
    by = column(run, once.by, rows.seeing(scores)) if once.by is not None else None
    if by is None and once.keep in ("highest", "lowest"):
        by = scores
    chosen: dict[tuple[object, ...], int] = {}
    of_key: dict[int, tuple[object, ...]] = {}
    kept: list[int] = []
    for row in range(rows.size):
        parts = [key[row] for key in keys]
        if any(isinstance(part, Null) for part in parts):
            kept.append(row)
            continue
        key: tuple[object, ...] = (
            None if once.among_all else parents[row],
            *(key_text(part) for part in parts),
        )
        of_key[row] = key
        if key not in chosen or _goes_before(run, once, by, rows, row, chosen[key]):
            chosen[key] = row
    for row, key in of_key.items():
        if chosen[key] != row:
            kept_as = run.record_name(rows, chosen[key])
            shown = "、".join(str(part) for part in key[1:])
            left_out[parents[row]].append(LeftOut(run.record_name(rows, row), shown, kept_as, scores[row]))
    return sorted([*kept, *chosen.values()])


def _goes_before(run: Run, once: m.Once, by: Column | None, rows: Frame, row: int, other: int) -> bool:
    """Whether a later record takes the place of the one kept so far."""
    if by is None:
        return once.keep == "last"
    order = _order(by[row], by[other])
    if order == 0 and once.among_all and rows.owner[row] != rows.owner[other]:
        run.note_tie(rows, row, other)
    if once.keep in ("first", "lowest"):
        return order < 0
    return order > 0 or (order == 0 and once.keep == "last")


def _order(left: Value, right: Value) -> int:
    """The order of two keys, dates as text; a null comes after everything."""
    if isinstance(left, Null) or isinstance(right, Null):
        return isinstance(left, Null) - isinstance(right, Null)
    if isinstance(left, str) or isinstance(right, str):
        a, b = key_text(left), key_text(right)
        return (a > b) - (a < b)
    return n.compare(_plain(left), _plain(right))


def _plain(value: Fraction | n.Inexact | bool) -> n.Number:
    return Fraction(value) if isinstance(value, bool) else value


def _grouped(run: Run, node: m.Criterion, frame: Frame, listed: _Listed) -> list[list[Part]]:
    """For each row one part a group; a declared group without records follows ``missing``."""
    assert node.each is not None and node.each.group_by is not None
    group = node.each.group_by
    declared = {key: column(run, weight, frame) for key, weight in group.weights}
    slots: list[tuple[int, str]] = []
    members: list[list[Part]] = []
    for row, parts in enumerate(listed):
        by_key: dict[str, list[Part]] = {key: [] for key in declared}
        for part, key in parts:
            text = "" if isinstance(key, Null) else key_text(key)
            if declared and text not in declared:
                raise SchemeError(f"{node.at} group_by 的 weights 里没有“{text}”(有:{'、'.join(declared)})")
            by_key.setdefault(text, []).append(part)
        if not parts and not declared:
            continue
        for key, found in by_key.items():
            slots.append((row, key))
            members.append(found)
    values, fates, steps = _group_values(run, node, frame, slots, members)
    grouped: list[list[Part]] = [[] for _ in range(frame.size)]
    for slot, ((row, key), value, fate) in enumerate(zip(slots, values, fates, strict=True)):
        weight = declared[key][row] if declared else Fraction(1)
        part = Part(key, value, weight, fate, row=slot, members=tuple(members[slot]), steps=steps)
        grouped[row].append(part)
    return grouped


def _group_values(
    run: Run, node: m.Criterion, frame: Frame, slots: list[tuple[int, str]], members: list[list[Part]]
) -> tuple[Column, list[str], list[StepTrace]]:
    from kaohe.scoring.oracle.combining import combined

    assert node.each is not None and node.each.group_by is not None
    group = node.each.group_by
    rows = frame.taken([row for row, _ in slots])
    power = column(run, group.combine.power, rows) if group.combine.power is not None else None
    values: Column = []
    fates: list[str] = []
    for place, parts in enumerate(members):
        if not parts:
            value, fate = _absent_group(run, node, frame, slots[place][0])
        else:
            value, fate = combined(group.combine, parts, 0, power[place] if power is not None else None)
            fate = "leave_out" if isinstance(value, Null) and not fate else fate
        values.append(value)
        fates.append(fate)
    working = apply_steps(run, group.steps, rows, values)
    return working.x, fates, working.traces


def _absent_group(run: Run, node: m.Criterion, frame: Frame, row: int) -> tuple[Value, str]:
    from kaohe.scoring.oracle.nodes import _filler

    policy = node.policy("missing")
    if policy.kind == "peer_mean":
        # The mean is one of whole lines: the line is null, and its policy fills it.
        return Null.MISSING, "propagate"
    filler = _filler(run, node, policy, frame, row, None)
    return (filler, "") if filler is not None else (Null.MISSING, policy.kind)


def _empty(run: Run, node: m.Criterion, frame: Frame, row: int) -> tuple[Value, str]:
    assert node.each is not None
    policy = node.each.empty
    if policy is not None:
        # A policy gives the score of the line, so the steps must not work on it.
        return Null.NOT_APPLICABLE, "empty"
    return (Fraction(0), "") if node.combine.kind in ("sum", "count") else (Null.NOT_APPLICABLE, "")
