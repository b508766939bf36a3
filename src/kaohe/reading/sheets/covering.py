"""The areas that a question is laid on: as few as possible, and no figure in them that is not asked about."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.reading.sheets.grid import Place


def areas_of(places: Iterable[Place], others: Iterable[Place]) -> list[list[Place]]:
    """Places in groups, the rectangle around each of which holds none of ``others``.

    >>> areas_of([(1, 1), (2, 1), (4, 1)], [(3, 1)])
    [[(1, 1), (2, 1)], [(4, 1)]]
    >>> areas_of([(1, 1), (1, 2), (3, 1), (3, 2)], [])
    [[(1, 1), (1, 2), (3, 1), (3, 2)]]
    """
    wanted, foreign = set(places), set(others) - set(places)
    if not wanted or not _inside(wanted, foreign):
        return [sorted(wanted)] if wanted else []
    found: list[set[Place]] = []
    for run in _runs_down(wanted, foreign):
        rows = {row for row, _ in run}
        beside = next(
            (g for g in found if rows == {row for row, _ in g} and not _inside(g | run, foreign)), None
        )
        if beside is None:
            found.append(run)
        else:
            beside |= run
    return [sorted(group) for group in found]


def _inside(group: set[Place], foreign: set[Place]) -> bool:
    """Whether the rectangle around a group holds something foreign."""
    rows, columns = [row for row, _ in group], [column for _, column in group]
    return any(
        min(rows) <= row <= max(rows) and min(columns) <= column <= max(columns) for row, column in foreign
    )


def _runs_down(wanted: set[Place], foreign: set[Place]) -> list[set[Place]]:
    """The places of each column that follow each other with nothing foreign between."""
    runs: list[set[Place]] = []
    last: Place | None = None
    for row, column in sorted(wanted, key=lambda place: (place[1], place[0])):
        if last is not None and last[1] == column and not _inside({last, (row, column)}, foreign):
            runs[-1].add((row, column))
        else:
            runs.append({(row, column)})
        last = (row, column)
    return runs
