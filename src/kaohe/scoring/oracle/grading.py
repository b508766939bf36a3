"""Grades: bands on the printed figure, quotas among the eligible, and what gates do to them."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from kaohe.facts.errors import SchemeError
from kaohe.quantities.rounding import round_exact
from kaohe.schemes import model as m
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.oracle.evaluate import column, group_keys, number, same, truth
from kaohe.scoring.oracle.frames import Column, Frame

if TYPE_CHECKING:
    from kaohe.scoring.oracle.nodes import Outcome
    from kaohe.scoring.oracle.run import Run

Verdicts = list[list[tuple[str, str | Number]]]


def graded(run: Run, outcome: Outcome, frame: Frame, verdicts: Verdicts) -> list[str | None]:
    """The grade of each row: the first grade that takes it, then what the gates make of it.

    A unit whose grade is forced or capped by a gate takes no seat of a quota above it.
    """
    rows = outcome.node.grades
    seen = frame.seeing(outcome.printed())
    worst_allowed = [_best_allowed(outcome.node, found) for found in verdicts]
    result: list[str | None] = [None] * frame.size
    for place, grade in enumerate(rows):
        barred = [
            limit > place or hidden for limit, hidden in zip(worst_allowed, outcome.unranked, strict=True)
        ]
        for row in _taken(run, grade, seen, outcome.printed(), result, barred):
            result[row] = grade.grade
    _check_graded(run, outcome, frame, result)
    return [_verdict(outcome.node, value, found) for value, found in zip(result, verdicts, strict=True)]


def _best_allowed(node: m.Criterion, verdicts: list[tuple[str, str | Number]]) -> int:
    """The place in the list of grades above which this unit takes no quota seat."""
    names = [row.grade for row in node.grades]
    limit = 0
    for kind, value in verdicts:
        if kind in ("grade", "grade_at_most") and value in names:
            limit = max(limit, names.index(str(value)))
        elif kind == "grade":
            limit = len(names)
    return limit


def _taken(
    run: Run, grade: m.GradeRow, seen: Frame, values: list[Value], given: list[str | None], barred: list[bool]
) -> list[int]:
    candidates = [row for row in range(seen.size) if given[row] is None and not isinstance(values[row], Null)]
    tests = [(word, column(run, expression, seen)) for word, expression in grade.tests]
    candidates = [row for row in candidates if _passes(tests, values[row], row)]
    if grade.top is None:
        return candidates
    return _seated(run, grade, seen, values, [row for row in candidates if not barred[row]], barred)


def _passes(tests: list[tuple[str, Column]], value: Value, row: int) -> bool:
    for word, limits in tests:
        limit = limits[row]
        if word == "when":
            if isinstance(limit, Null) or not truth(limit):
                return False
        elif not _within(word, value, limit):
            return False
    return True


def _within(word: str, value: Value, limit: Value) -> bool:
    if isinstance(limit, Null):
        return False
    if word == "equals":
        return same(value, limit)
    sign = n.compare(value, limit)  # type: ignore[arg-type]
    return {"below": sign < 0, "up_to": sign <= 0, "above": sign > 0, "at_least": sign >= 0}[word]


def _seated(
    run: Run, grade: m.GradeRow, seen: Frame, values: list[Value], candidates: list[int], barred: list[bool]
) -> list[int]:
    """Those who get one of the seats: a share (or number) of the eligible free of gates, best first."""
    assert grade.top is not None
    keys = group_keys(run, seen, grade.within)
    share = column(run, grade.top, seen)
    taken: list[int] = []
    for key in dict.fromkeys(keys):
        members = [row for row in candidates if keys[row] == key]
        size = sum(
            1
            for row in range(seen.size)
            if keys[row] == key
            and run.eligible[seen.owner[row]]
            and not isinstance(values[row], Null)
            and not barred[row]
        )
        if members:
            seats = _seats(number(share[members[0]], grade.top), size, grade.seats)
            taken.extend(_best(members, values, seats, grade.ties))
    return taken


def _seats(share: Number, size: int, mode: str) -> int:
    exact = n.snapped(share)
    wanted = exact * size if exact <= 1 else exact
    if mode == "up":
        return ceil(wanted)
    return int(round_exact(wanted)) if mode == "half_up" else floor(wanted)


def _best(members: list[int], values: list[Value], seats: int, ties: str) -> list[int]:
    numbers: list[Number] = [values[row] for row in members]  # type: ignore[misc]
    taken: list[int] = []
    for group in n.sort_classes(numbers):
        if len(taken) >= seats:
            break
        if len(taken) + len(group) > seats and ties == "exclude":
            break
        taken.extend(members[place] for place in group)
    return taken


def _check_graded(run: Run, outcome: Outcome, frame: Frame, result: list[str | None]) -> None:
    for row, grade in enumerate(result):
        value = outcome.printed()[row]
        if grade is None and not isinstance(value, Null):
            shown = n.number_text(value) if isinstance(value, Fraction | n.Inexact) else str(value)
            raise SchemeError(
                f"{outcome.node.at} {outcome.node.name}的等次没有覆盖 {shown}({run.row_name(frame, row)});"
                "最后一等可以不写条件"
            )


def _verdict(node: m.Criterion, grade: str | None, verdicts: list[tuple[str, str | Number]]) -> str | None:
    """The worst of the grade given and those that gates force, cap or lower it to."""
    names = [row.grade for row in node.grades]
    if grade is None:
        forced = [str(value) for kind, value in verdicts if kind == "grade"]
        return forced[-1] if forced else None
    place = names.index(grade)
    down = sum(
        int(n.snapped(value))
        for kind, value in verdicts
        if kind == "grade_down" and not isinstance(value, str)
    )
    place = min(place + down, len(names) - 1)
    outside: str | None = None
    for kind, value in verdicts:
        if kind in ("grade", "grade_at_most"):
            if value in names:
                place = max(place, names.index(str(value)))
            else:
                outside = str(value)
    return outside or names[place]
