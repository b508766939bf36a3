"""A peer group re-scored for a screen: its rows from a month kept in memory, worked out in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe.engines.base import Engine, Row
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.compile import DOUBT
from kaohe.scoring.sql.layout import Layout, SnapshotDataset, listed, period_of
from kaohe.scoring.sql.settling import shown_rows
from kaohe.scoring.sql.statement import Statement

_MOST_ROWS = 500
"""From about here on the engine is sooner."""


@dataclass
class Months:
    """The months last asked for, as tables of the engine, so that a group is read in milliseconds."""

    engine: Engine
    layout: Layout
    peers: str | None
    _kept: tuple[tuple[str, ...], tuple[str, ...]] | None = field(default=None)

    def rows(self, statement: Statement, periods: tuple[str, ...], groups: Sequence[str]) -> list[Row] | None:
        """The scores of the groups, doubtful ones from the oracle; None where the engine should do it."""
        program = statement.few_rows
        if program is None or self.peers is None:
            return None
        self._keep(statement, periods)
        names = ["unit", "period", *(name for name in statement.read if name not in ("unit", "period"))]
        columns = ", ".join(f'"{name}"' for name in names)
        text = f'SELECT {columns} FROM "months" WHERE "{self.peers}" IN ({listed(set(groups))})'
        facts = self.engine.rows(f"{text} LIMIT {_MOST_ROWS + 1}")
        if len(facts) > _MOST_ROWS:
            return None
        source: dict[str, Sequence[object]] = dict.fromkeys(names, ())
        source.update(zip(names, zip(*facts, strict=True), strict=False))
        try:
            found = program.evaluate(source, len(facts))
        except (ArithmeticError, ValueError):
            return None
        rows = list(zip(*(found[name] for name in statement.shown), strict=True))
        return self._settled(statement, source, found, rows)

    def _keep(self, statement: Statement, periods: tuple[str, ...]) -> None:
        if self._kept != (periods, statement.read):
            self.engine.keep("months", self.layout.query(statement.read, periods, None, self.peers))
            self._kept = (periods, statement.read)

    def _settled(
        self,
        statement: Statement,
        source: Mapping[str, Sequence[object]],
        found: dict[str, list[object]],
        rows: list[Row],
    ) -> list[Row]:
        """A group with a doubtful row is worked out by the oracle as a whole."""
        keys = list(zip(found["period"], found["group"], strict=True))
        doubtful = {key for key, doubt in zip(keys, found[DOUBT], strict=True) if doubt}
        for period in dict.fromkeys(month for month, _ in doubtful):
            places = [at for at, key in enumerate(keys) if key in doubtful and key[0] == period]
            cells = {name: [values[at] for at in places] for name, values in source.items()}
            for at, row in zip(places, self._exact_rows(statement, str(period), cells), strict=True):
                rows[at] = row
        return rows

    def _exact_rows(self, statement: Statement, period: str, cells: dict[str, list[object]]) -> list[Row]:
        units = tuple(str(unit) for unit in cells["unit"])
        dataset = SnapshotDataset(self.layout, units, period_of(period), cells)
        return shown_rows(Run(replace(statement.bound, dataset=dataset, period=dataset.period)), period)
