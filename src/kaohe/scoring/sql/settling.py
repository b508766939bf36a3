"""Rows of a snapshot that DOUBLE cannot settle, worked out by the oracle.

Three ways, from the dearest to the cheapest: a doubtful leaf takes its whole reach (the peer group) through
the oracle; a doubt above exact leaves takes only the nodes above them; and where those nodes do not look at
peers, only the flagged rows, after which the places of their groups are given anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.engines.base import Engine, Row, TableColumn
from kaohe.schemes import model as m
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.layout import Layout, listed, period_of
from kaohe.scoring.sql.run import Results
from kaohe.scoring.sql.statement import Statement
from kaohe.scoring.statistics import places

Key = tuple[str, str]
Flag = tuple[object, ...]
"""unit, period, group, whether a leaf is in doubt."""


@dataclass(frozen=True)
class Settler:
    """Asks the oracle about the doubtful rows of the tables that the statement left in the engine."""

    engine: Engine
    layout: Layout
    statement: Statement
    written: Callable[[str], str]

    def settle(self) -> int:
        """How many rows were asked about; what differs is loaded as the table ``patch``."""
        flags = self._rows('SELECT "unit", "period", "group", "leaf_doubt" FROM "upper" WHERE "doubt"')
        if not flags:
            return 0
        reach = self.statement.reach
        below = [flag for flag in flags if flag[3]]
        above = [flag for flag in flags if not flag[3]]
        if reach != "unit":
            # A group with a doubtful leaf is worked out as a whole, whatever else is in doubt there.
            known = {_group_of(flag, reach) for flag in below}
            above = [flag for flag in above if _group_of(flag, reach) not in known]
        patch = self._whole(below, reach)
        recomputed = len(patch)
        if self.statement.settles_alone:
            found = self._above(above, "unit")
            recomputed += len(found)
            patch += self._placed_anew(found, above, reach)
        else:
            found = self._above(above, reach)
            recomputed += len(found)
            patch += found
        self._load(patch)
        return recomputed

    def _rows(self, text: str) -> list[Row]:
        return self.engine.rows(self.written(text))

    def _load(self, patch: list[Row]) -> None:
        names, kinds = self.statement.shown, self.statement.kinds
        columns = [TableColumn(n, kinds[n], [row[at] for row in patch]) for at, n in enumerate(names)]
        self.engine.load("patch", columns)

    # --- the oracle -----------------------------------------------------------------------------

    def _whole(self, flags: list[Flag], reach: str) -> list[Row]:
        """All that the flagged rows reach, from the figures up."""
        if not flags:
            return []
        self._want(flags, reach)
        return [row for month in _months(flags) for row in self._oracle_rows(month, [])]

    def _above(self, flags: list[Flag], reach: str) -> list[Row]:
        """The same from exact leaves up, as the engine knows them."""
        if not flags:
            return []
        self._want(flags, reach)
        self.engine.keep("leaf_source", self.written(self.statement.leaf_source), view=True)
        text = self.statement.leaf_text(self.engine.dialect)
        leaves = sorted(self.engine.rows(text), key=lambda row: (str(row[1]), str(row[0])))
        found: list[Row] = []
        for month in _months(flags):
            found += self._oracle_rows(month, [row for row in leaves if row[1] == month])
        return found

    def _want(self, flags: list[Flag], reach: str) -> None:
        """The facts of these rows as the table ``wanted``."""
        parts = []
        for month in _months(flags):
            within = _where(reach, [flag for flag in flags if flag[1] == month], self.layout.group_name)
            parts.append(f'("period" = {listed({month})} AND {within})')
        self.engine.keep("wanted", self.written(f'SELECT * FROM "facts_source" WHERE {" OR ".join(parts)}'))

    def _oracle_rows(self, period: str, leaves: list[Row]) -> list[Row]:
        statement = self.statement
        dataset = self.layout.dataset(self.engine, self.written, statement.read, period, lazy=bool(leaves))
        run = Run(replace(statement.bound, dataset=dataset, period=period_of(period)))
        if leaves:
            results = Results(run, statement.leaf_names, leaves)
            at = {name: place for place, name in enumerate(statement.compiled.nodes)}
            for name in statement.compiled.leaves:
                run._outcomes[name] = results.outcome(at[name], statement.compiled.nodes[name])
        return shown_rows(run, period)

    # --- places ---------------------------------------------------------------------------------

    def _placed_anew(self, found: list[Row], flags: list[Flag], reach: str) -> list[Row]:
        """The rows settled alone with their places among peers, and the peers whose places moved."""
        ranked = self.statement.ranked_above
        if not found or not ranked:
            return found
        settled = {_key(row): dict(zip(self.statement.shown, row, strict=True)) for row in found}
        moved: dict[Key, dict[str, object]] = {}
        for node in ranked:
            for group in self._peers(node, flags, reach).values():
                new = _placed(node, [_Standing.of(node, row, settled.get(_key(row))) for row in group])
                for row in group:
                    if _key(row) in settled or new[_key(row)] != row[4]:
                        moved.setdefault(_key(row), {})[f"{node.id}_rank"] = new[_key(row)]
        others = self._result_rows({key for key in moved if key not in settled})
        return [self._with_places(row, moved.get(_key(row), {})) for row in [*found, *others]]

    def _peers(self, node: m.Criterion, flags: list[Flag], reach: str) -> dict[object, list[Row]]:
        """The groups of the flagged rows: unit, period, group, value and place of each member."""
        months = listed(set(_months(flags)))
        rows = self._rows(
            f'SELECT "unit", "period", "group", "{node.id}", "{node.id}_rank" FROM "result" '
            f'WHERE "period" IN ({months}) AND {_where(reach, flags, "group")}'
        )
        wanted = {_group_of(flag, reach) for flag in flags}
        held: dict[object, list[Row]] = {}
        for row in rows:
            if (group := _group_of(row, reach)) in wanted:
                held.setdefault(group, []).append(row)
        return held

    def _result_rows(self, keys: set[Key]) -> list[Row]:
        if not keys:
            return []
        shown = ", ".join(f'"{name}"' for name in self.statement.shown)
        units = listed({unit for unit, _ in keys})
        rows = self._rows(f'SELECT {shown} FROM "result" WHERE "unit" IN ({units})')
        return [row for row in rows if _key(row) in keys]

    def _with_places(self, row: Row, new: Mapping[str, object]) -> Row:
        return tuple(new.get(name, value) for name, value in zip(self.statement.shown, row, strict=True))


@dataclass(frozen=True, slots=True)
class _Standing:
    """A row among its peers: its value on the grid, and whether it takes part."""

    key: Key
    value: object
    takes_part: bool

    @classmethod
    def of(cls, node: m.Criterion, row: Row, settled: Mapping[str, object] | None) -> _Standing:
        if settled is None:
            return cls(_key(row), row[3], row[4] is not None)
        return cls(_key(row), settled[node.id], settled[f"{node.id}_rank"] is not None)


def _placed(node: m.Criterion, group: list[_Standing]) -> dict[Key, float | None]:
    """Places by values that are equal as DOUBLE exactly where they are equal."""
    assert node.rank is not None
    classes: dict[float, list[int]] = {}
    for at, each in enumerate(group):
        if each.takes_part:
            assert isinstance(each.value, float)
            classes.setdefault(each.value, []).append(at)
    best_first = [classes[value] for value in sorted(classes, reverse=node.rank.high_first)]
    found = places(best_first, node.rank.ties)
    return {each.key: float(found[at]) if at in found else None for at, each in enumerate(group)}


def shown_rows(run: Run, period: str) -> list[Row]:
    """What the oracle came to, in the columns that a snapshot's scores have."""
    columns: list[list[object]] = [list(run.units), [period] * len(run.units)]
    for node in run.scheme.nodes():
        outcome = run.outcome(node)
        columns.append([_double(value) for value in outcome.printed()])
        if node.rank is not None:
            columns.append([_double(value) for value in outcome.places or []])
        if node.grades:
            columns.append(list(outcome.grades or []))
    return list(zip(*columns, strict=True))


def _double(value: object) -> object:
    if isinstance(value, Null) or value is None:
        return None
    if isinstance(value, Inexact):
        return float(value.decimal)
    return float(value) if isinstance(value, Fraction) else value


def _key(row: Row) -> Key:
    return str(row[0]), str(row[1])


def _months(flags: Iterable[Flag]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(flag[1]) for flag in flags))


def _group_of(row: Row, reach: str) -> object:
    """The rows that one row may move: its month's, or those of its peer group in the month."""
    return row[1] if reach == "everyone" else (row[1], row[2])


def _where(reach: str, flags: list[Flag], group: str) -> str:
    if reach == "everyone":
        return "TRUE"
    if reach == "group":
        return f'"{group}" IN ({listed({str(flag[2]) for flag in flags})})'
    return f'"unit" IN ({listed({str(flag[0]) for flag in flags})})'
