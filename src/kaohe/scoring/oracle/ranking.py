"""Places: within peers, ties, chains of tie-breaks, countback."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from kaohe.schemes import model as m
from kaohe.schemes.expressions import literal
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Value
from kaohe.scoring.oracle.evaluate import column, conditions, filtered, group_keys, number, peer_members
from kaohe.scoring.oracle.frames import Column, Frame
from kaohe.scoring.statistics import places

if TYPE_CHECKING:
    from kaohe.scoring.oracle.run import Run

_ANYWHERE = literal(0)


def ranked(run: Run, ranking: m.Ranking, frame: Frame, x: Column) -> Column:
    """The place of each row among its peers; rows without a value keep their null."""
    holds = conditions(run, ranking.where, frame) if ranking.where is not None else [True] * frame.size
    outside = column(run, ranking.outside, frame) if ranking.outside is not None else None
    keys = group_keys(run, frame, ranking.within)
    inside = [value if hold is True else Null.NOT_APPLICABLE for value, hold in zip(x, holds, strict=True)]
    members = peer_members(run, frame, inside, keys)
    result: Column = [
        value if isinstance(value, Null) else outside[row] if outside is not None else Null.NOT_APPLICABLE
        for row, value in enumerate(x)
    ]
    for row, value in enumerate(x):
        if not isinstance(value, Null) and holds[row] is True:
            result[row] = Null.NOT_APPLICABLE
    for rows in members.values():
        for row, place in _places(run, ranking, frame, x, rows).items():
            result[row] = place
    return result


def _places(run: Run, ranking: m.Ranking, frame: Frame, x: Column, rows: list[int]) -> dict[int, Fraction]:
    values = [number(x[row], _ANYWHERE) for row in rows]
    classes = [
        [rows[i] for i in members] for members in n.sort_classes(values, high_first=ranking.high_first)
    ]
    for link in ranking.breaks:
        if all(len(members) == 1 for members in classes):
            break
        keys = _break_keys(run, link, frame)
        classes = [part for members in classes for part in _split(members, keys, link.high_first)]
    return places(classes, ranking.ties)


def _break_keys(run: Run, link: m.Break, frame: Frame) -> list[tuple[Value, ...]]:
    if isinstance(link.by, m.CountBack):
        return _counts_of_places(run, link.by, frame)
    return [(value,) for value in column(run, link.by, frame)]


def _counts_of_places(run: Run, rule: m.CountBack, frame: Frame) -> list[tuple[Value, ...]]:
    """For each row's unit: how many firsts, how many seconds, …"""
    records, _ = run.records(rule.table)
    kept = filtered(run, records, rule.where)
    counts: dict[int | None, list[int]] = {}
    for unit, place in zip(kept.unit, column(run, rule.place, kept), strict=True):
        if not isinstance(place, Null):
            at = int(n.floor(number(place, rule.place)))
            if 1 <= at <= rule.places:
                counts.setdefault(unit, [0] * rule.places)[at - 1] += 1
    none = [0] * rule.places
    return [tuple(Fraction(count) for count in counts.get(unit, none)) for unit in frame.unit]


def _split(members: list[int], keys: Sequence[tuple[Value, ...]], high_first: bool) -> list[list[int]]:
    """A tie class parted by its keys, in order; nulls last."""
    if len(members) == 1:
        return [members]
    classes = [members]
    for depth in range(len(keys[members[0]])):
        classes = [
            part for group in classes for part in _parted(group, [keys[i][depth] for i in group], high_first)
        ]
    return classes


def _parted(group: list[int], values: list[Value], high_first: bool) -> list[list[int]]:
    present = [i for i, value in enumerate(values) if not isinstance(value, Null)]
    absent = [group[i] for i, value in enumerate(values) if isinstance(value, Null)]
    numbers = [number(values[i], _ANYWHERE) for i in present]
    parts = [
        [group[present[i]] for i in members] for members in n.sort_classes(numbers, high_first=high_first)
    ]
    return [*parts, absent] if absent else parts
