"""The files of a snapshot: which columns there are, what they range over, how rows of them are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sqlglot import parse_one

from kaohe.engines.base import Engine
from kaohe.facts.cells import Cell, Presence
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.dataset import Column
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.model import Indicator
from kaohe.facts.records import RecordTable
from kaohe.quantities.periods import Period

VALUES, STATES = "values.parquet", "states.parquet"
SUFFIX = {
    "figure": "",
    "attribute": "",
    "target": ".target",
    "baseline": ".last_year",
    "due": ".due",
    "pace": ".pace",
}
_COLUMNS_AT_ONCE = 150
_PRESENCE = {1: Presence.MISSING, 2: Presence.NOT_DUE, 3: Presence.MISSING, 4: Presence.NOT_APPLICABLE}


def in_words_of(engine: Engine, text: str) -> str:
    """A query written here, with the engine's own quotes."""
    return text if engine.dialect == "duckdb" else parse_one(text).sql(dialect=engine.dialect)


def listed(values: set[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))


class Layout:
    """Which columns there are, what they range over, and how a batch of them is read."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.folder = folder
        if not (folder / VALUES).is_file():
            raise DataError(f"{folder}:找不到 {VALUES}")
        self._stamp = self._stamped()
        engine.open_parquet("snapshot_values", folder / VALUES)
        self.columns = engine.columns("snapshot_values")
        self.states: tuple[str, ...] = ()
        if (folder / STATES).is_file():
            engine.open_parquet("snapshot_states", folder / STATES)
            self.states = tuple(engine.columns("snapshot_states"))
        self.has_period = "period" in self.columns
        self._engine = engine
        self._decimals = self._told_decimals()
        self._spans: dict[str, tuple[float, float, bool]] = {}
        counted = self._read(self._count())
        self.periods = tuple(sorted(str(row[0]) for row in counted))
        self.rows_a_period = max((int(row[1]) for row in counted), default=0)  # type: ignore[call-overload]
        self.rows = self.rows_a_period

    def _stamped(self) -> tuple[tuple[int, int], ...]:
        files = (self.folder / name for name in (VALUES, STATES))
        return tuple((at.stat().st_mtime_ns, at.stat().st_size) for at in files if at.is_file())

    @property
    def is_current(self) -> bool:
        """Whether the files are still those whose columns and ranges were read."""
        return self._stamp == self._stamped()

    def _read(self, text: str) -> list[tuple[object, ...]]:
        return self._engine.rows(in_words_of(self._engine, text))

    def _count(self) -> str:
        key = '"period"' if self.has_period else "''"
        return f'SELECT {key}, COUNT(*) FROM "snapshot_values" GROUP BY 1'

    def _told_decimals(self) -> dict[str, int]:
        path = self.folder / "snapshot.json"
        return (
            dict(json.loads(path.read_text(encoding="utf-8")).get("decimals", {})) if path.is_file() else {}
        )

    def decimals(self, name: str) -> int | None:
        base = name.rsplit(".", 1)[0] if name.endswith(tuple(s for s in SUFFIX.values() if s)) else name
        for key in (name, base, "*"):
            if key in self._decimals:
                return self._decimals[key]
        return None

    def measure(self, names: Sequence[str]) -> None:
        """Smallest, largest and whether any is null, in one scan: the ranges that error bounds rest on."""
        new = [name for name in names if name not in self._spans]
        if not new:
            return
        # A scan holds a row group of every column it reads: a slice of columns at a time stays small.
        for start in range(0, len(new), _COLUMNS_AT_ONCE):
            self._measure_slice(new[start : start + _COLUMNS_AT_ONCE])

    def _measure_slice(self, names: Sequence[str]) -> None:
        parts = ", ".join(f'MIN("{n}"), MAX("{n}"), COUNT(*) - COUNT("{n}")' for n in names)
        (row,) = self._read(f'SELECT {parts} FROM "snapshot_values"')
        for at, name in enumerate(names):
            low, high, nulls = row[3 * at : 3 * at + 3]
            self._spans[name] = (float(low or 0), float(high or 0), bool(nulls))  # type: ignore[arg-type]

    def group_parts(self, peers: str, rows: int) -> list[tuple[str, ...]]:
        """The peer groups, so many together that a month of them comes to about so many rows."""
        found = self._read(f'SELECT DISTINCT COALESCE("{peers}", \'\') FROM "snapshot_values" ORDER BY 1')
        names = [str(row[0]) for row in found]
        size = max(1, len(names) * rows // self.rows_a_period)
        return [tuple(names[start : start + size]) for start in range(0, len(names), size)]

    def span(self, name: str) -> tuple[float, float, bool]:
        self.measure([name])
        return self._spans[name]

    def never_null(self, names: Iterable[str]) -> list[str]:
        """Those of the columns, measured before, that hold no null."""
        return [name for name in names if name in self._spans and not self._spans[name][2]]

    def state_name(self, name: str) -> str | None:
        """The column of states that tells of a values column: its own, else its indicator's."""
        base = name.rsplit(".", 1)[0] if "." in name else name
        return next((key for key in (name, base) if key in self.states), None)

    def query(
        self, read: Sequence[str], periods: tuple[str, ...], groups: Sequence[str] | None, peers: str | None
    ) -> str:
        """The rows of a batch: the columns read, under their own names, states as ``<column> state``."""
        key = 'v."period"' if self.has_period else "''"
        columns = ['v."unit"', f'{key} AS "period"']
        states = [name.removesuffix(" state") for name in read if name.endswith(" state")]
        columns += [f'v."{name}"' for name in read if not name.endswith(" state")]
        columns += [f's."{name}" AS "{name} state"' for name in states]
        conditions = [self._in(key, periods)] if self.has_period else []
        if groups is not None:
            if peers is None:
                raise DataError("考核办法没有 peers,不能只算一个同类组")
            known = f'v."{peers}"'
            conditions.append(self._in(f"COALESCE({known}, '')" if "" in groups else known, groups))
        source = 'FROM "snapshot_values" AS v'
        if states:
            both = 'v."unit" = s."unit"' + (' AND v."period" = s."period"' if self.has_period else "")
            if self.has_period:
                conditions.append(self._in('s."period"', periods))
            source += f' JOIN "snapshot_states" AS s ON {both}'
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {', '.join(columns)} {source}{where}"

    @staticmethod
    def _in(key: str, values: Sequence[str]) -> str:
        return f"{key} IN ({listed(set(values))})"

    def dataset(
        self, engine: Engine, written: Callable[[str], str], read: Sequence[str], period: str, lazy: bool
    ) -> SnapshotDataset:
        """The wanted rows of one period as facts for the oracle; ``lazy``: each column when asked."""

        def fetched(names: Sequence[str]) -> dict[str, list[object]]:
            states = [f"{self.state_name(name)} state" for name in names]
            names = list(dict.fromkeys([*names, *(state for state in states if state in read)]))
            columns = ", ".join(f'"{name}"' for name in names)
            rows = engine.rows(
                written(f'SELECT {columns} FROM "wanted" WHERE "period" = {listed({period})} ORDER BY "unit"')
            )
            return {name: [row[at] for row in rows] for at, name in enumerate(names)}

        first = (
            ["unit"]
            if lazy
            else ["unit", *dict.fromkeys(name for name in read if name not in ("unit", "period"))]
        )
        cells = fetched(first)
        units = tuple(str(unit) for unit in cells["unit"])
        return SnapshotDataset(self, units, period_of(period), cells, fetched if lazy else None)

    group_name: str = "peer_group"


def period_of(text: str) -> Period | None:
    return Period.parse(text) if text else None


@dataclass(frozen=True)
class SnapshotDataset(Dataset):
    """Rows of a snapshot as facts: without rows for binding names, with some for the oracle."""

    layout: Layout
    chosen: tuple[str, ...] = ()
    asked: Period | None = None
    cells: dict[str, list[object]] = field(default_factory=dict)
    fetch: Callable[[Sequence[str]], dict[str, list[object]]] | None = None

    @property
    def units(self) -> tuple[str, ...]:
        return self.chosen

    @property
    def period(self) -> Period | None:
        return self.asked

    def names(self) -> frozenset[str]:
        return frozenset(self.layout.columns) - {"unit", "period"}

    def indicator(self, name: str) -> Indicator | None:
        return None

    def column_kind(self, name: str) -> ColumnKind:
        return "text" if self.layout.columns.get(name) == "VARCHAR" else "number"

    def attribute(self, name: str) -> Column:
        return self._column(name)

    def figure(self, name: str, period: Period | None = None) -> Column:
        return self._column(name)

    def target(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._column(f"{name}.target")

    def pace(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._column(f"{name}.pace")

    def due(
        self, name: str, *, issuer: str | None = None, document: str | None = None, version: str | None = None
    ) -> Column:
        return self._column(f"{name}.due")

    def baseline(self, name: str) -> Column:
        return self._column(f"{name}.last_year")

    def tables(self) -> frozenset[str]:
        return frozenset()

    def table(self, name: str, period: Period | None = None) -> RecordTable:
        raise DataError(f"快照里没有记录表 {name}")

    def reference(self, table: str | None, key: str, column: str) -> Cell:
        raise DataError(f"快照里没有按键查的表 {table}")

    def at(self, period: Period) -> Dataset:
        raise DataError(f"快照只含当期的数,取不到 {period}")

    def _column(self, name: str) -> Column:
        if name not in self.layout.columns:
            raise DataError(f"{VALUES}:找不到列 {name}{nearest(name, self.layout.columns)}")
        state = self.layout.state_name(name)
        if self.fetch is not None and name not in self.cells:
            self.cells.update(self.fetch([name]))
        codes = self.cells.get(f"{state} state", [None] * len(self.chosen))
        decimals = self.layout.decimals(name)
        return tuple(
            _cell(value, code, decimals) for value, code in zip(self.cells.get(name, ()), codes, strict=False)
        )


def _cell(value: object, code: object, decimals: int | None) -> Cell:
    if value is None:
        presence = _PRESENCE.get(int(code), Presence.MISSING) if isinstance(code, int) else Presence.MISSING
        return Cell(None, presence)
    if isinstance(value, float):
        exact = (
            Fraction(repr(value)) if decimals is None else Fraction(round(value * 10**decimals), 10**decimals)
        )
        return Cell(exact, Presence.PRESENT, raw=repr(value))
    if isinstance(value, int | Decimal):
        return Cell(Fraction(value), Presence.PRESENT, raw=str(value))
    return Cell(str(value), Presence.PRESENT, raw=str(value))
