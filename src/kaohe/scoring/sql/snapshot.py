"""Big data: wide month files scored where they lie, without passing through Python objects.

A snapshot is a folder with ``values.parquet`` (``unit``, optional ``period`` and attributes such as
``peer_group``, then a DOUBLE column an indicator and its ``.target``, ``.last_year``, ``.due``) and, where
some values are null, ``states.parquet`` (same keys, a small code an indicator: 0 present, 1 missing,
2 not due, 3 undefined, 4 not applicable). ``snapshot.json`` may tell the ``decimals`` of the columns
(``{"decimals": {"*": 2, "gdp": 4}}``); of a column without, closeness is judged by the oracle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from sqlglot import parse_one

from kaohe.engines.base import ColumnType, Engine, TableColumn, open_engine
from kaohe.facts.cells import Cell, Presence
from kaohe.facts.contract import ColumnKind, Dataset
from kaohe.facts.dataset import Column
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.model import Indicator
from kaohe.facts.records import RecordTable
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression, Input
from kaohe.schemes.loader import load_scheme
from kaohe.scoring.binding import Bound, bind
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.combining import Fate
from kaohe.scoring.sql.compile import DOUBT, LEAF_DOUBT, Compiled, SchemeCompiler, columns_of, output_terms
from kaohe.scoring.sql.context import MISSING, Text, Value
from kaohe.scoring.sql.nodes import NodeTerms
from kaohe.scoring.sql.numbers import Number, Unsupported, column_number, settled
from kaohe.scoring.sql.run import Results, reach_of
from kaohe.scoring.sql.terms import (
    FALSE,
    NULL_STATE,
    Term,
    any_of,
    case,
    coalesce,
    column,
    integer,
    is_null,
    term,
)

VALUES, STATES = "values.parquet", "states.parquet"
_SUFFIX = {
    "figure": "",
    "attribute": "",
    "target": ".target",
    "baseline": ".last_year",
    "due": ".due",
    "pace": ".pace",
}
_ROWS_AT_ONCE = 20_000
_BLOCK = 20
_FEW_ROWS = 150
_COLUMNS_AT_ONCE = 150
_PRESENCE = {1: Presence.MISSING, 2: Presence.NOT_DUE, 3: Presence.MISSING, 4: Presence.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Scored:
    """What a run over a snapshot came to: rows scored, rows settled by the oracle, files written."""

    rows: int
    recomputed: int
    files: tuple[Path, ...]
    periods: tuple[str, ...]


def score_snapshot(
    scheme: str | Path,
    folder: str | Path,
    period: str | None = None,
    engine: str = "duckdb",
    out: str | Path | None = None,
    groups: Sequence[str] | None = None,
    **options: object,
) -> Scored:
    """Scores every month of a snapshot (or one ``period``, or only some peer ``groups``) into Parquet.

    One file a batch of months, ``scores-<first>.parquet`` (``-1``, ``-2`` … behind it where one month is more
    than fits), in ``out`` (default: the snapshot's folder):
    ``unit``, ``period``, then for each node its printed value, ``<id>_rank``, ``<id>_grade``.
    Raises ``SchemeError`` and ``DataError`` as ``score`` does.
    """
    with SnapshotScorer(scheme, folder, engine=engine, out=out, **options) as scorer:
        return scorer.score(period, groups)


class SnapshotScorer:
    """Keeps the engine, the compiled statement and the files open for repeated scoring."""

    def __init__(
        self, scheme: str | Path, folder: str | Path, engine: str = "duckdb", out: str | Path | None = None,
        **options: object,
    ) -> None:  # fmt: skip
        self.folder = Path(folder)
        self.out = Path(out) if out is not None else self.folder
        self.scheme = load_scheme(scheme, folder)
        if engine == "duckdb":
            options = {"folders": [self.folder, self.out], **options}
        self.engine: Engine = open_engine(engine, **options)
        self.layout = _Layout(self.engine, self.folder)
        self._compiled: dict[str, _Statement] = {}

    def score(self, period: str | None = None, groups: Sequence[str] | None = None) -> Scored:
        """Scores and writes; see :func:`score_snapshot`."""
        self.out.mkdir(parents=True, exist_ok=True)
        rows = recomputed = 0
        files: list[Path] = []
        periods = self._periods(period)
        for batch, part, chosen in self._portions(periods, groups):
            statement = self._statement(batch[0])
            self._prepare(statement, batch, chosen)
            doubtful = self._settled(statement, batch)
            path = self.out / f"scores-{batch[0] or 'all'}{part}.parquet"
            self.engine.write_parquet(self._sql(_final(statement, doubtful)), path)
            rows += int(self.engine.rows(self._sql('SELECT COUNT(*) FROM "upper"'))[0][0])  # type: ignore[call-overload]
            recomputed += doubtful
            files.append(path)
        return Scored(rows, recomputed, tuple(files), periods)

    def rows(self, period: str | None = None, groups: Sequence[str] | None = None) -> list[dict[str, object]]:
        """The same as rows in memory, for one peer group on a screen; nothing is written."""
        found: list[dict[str, object]] = []
        for batch in self._batches(self._periods(period)):
            statement = self._statement(batch[0])
            self._prepare(statement, batch, groups)
            doubtful = self._settled(statement, batch)
            names = list(statement.shown)
            found += [
                dict(zip(names, row, strict=True))
                for row in self.engine.rows(self._sql(_final(statement, doubtful)))
            ]
        return found

    def _periods(self, period: str | None) -> tuple[str, ...]:
        known = self.layout.periods
        if period is None:
            return known
        if period not in known:
            raise DataError(f"{self.folder}:没有 {period} 的数{nearest(period, known)}")
        return (period,)

    def _portions(
        self, periods: tuple[str, ...], groups: Sequence[str] | None
    ) -> list[tuple[tuple[str, ...], str, Sequence[str] | None]]:
        """Batches of months; where one month alone is large, by peer groups, which do not see each other."""
        batches = self._batches(periods)
        peers = self.scheme.peers
        few = self.layout.rows_a_period <= _ROWS_AT_ONCE
        if few or groups is not None or peers is None or reach_of(self.scheme) == "everyone":
            return [(batch, "", groups) for batch in batches]
        parts = self.layout.group_parts(peers)
        return [(batch, f"-{at}", part) for batch in batches for at, part in enumerate(parts, start=1)]

    def _batches(self, periods: tuple[str, ...]) -> list[tuple[str, ...]]:
        size = max(1, _ROWS_AT_ONCE // max(self.layout.rows_a_period, 1))
        if _depends_on_period(self.scheme):
            size = 1
        return [periods[start : start + size] for start in range(0, len(periods), size)]

    def _statement(self, period: str) -> _Statement:
        key = period if _depends_on_period(self.scheme) else ""
        if key not in self._compiled:
            self._compiled[key] = _Statement.made(self.scheme, self.layout, period)
        return self._compiled[key]

    def _prepare(self, statement: _Statement, batch: tuple[str, ...], groups: Sequence[str] | None) -> None:
        source = self.layout.query(statement.read, batch, groups, self.scheme.peers)
        self.engine.keep("facts_source", self._sql(source), view=True)
        stages = statement.stages(self.engine.dialect)
        for number, text in enumerate(stages[:-1]):
            self.engine.keep(f"part{number}", text)
        self.engine.keep("parts", self._sql(statement.joined), view=True)
        self.engine.keep("upper", stages[-1])
        self.engine.keep("result", self._sql(statement.result), view=True)

    def _settled(self, statement: _Statement, batch: tuple[str, ...]) -> int:
        """Asks the oracle about doubtful rows; its rows are loaded as the table ``patch``."""
        keys = self.engine.rows(
            self._sql('SELECT "unit", "period", "group", "leaf_doubt" FROM "upper" WHERE "doubt"')
        )
        if not keys:
            return 0
        reach = reach_of(self.scheme)
        patch: list[tuple[object, ...]] = []
        for partial in (False, True):
            flagged = [key for key in keys if bool(key[3]) != partial]
            # A group with a doubtful leaf is worked out as a whole, whatever else is in doubt there.
            known = {(key[1], key[2]) for key in keys if key[3]}
            if partial and reach == "group":
                flagged = [key for key in flagged if (key[1], key[2]) not in known]
            patch += self._patched(statement, flagged, reach, partial)
        names = list(statement.shown)
        columns = [
            TableColumn(n, statement.kinds[n], [row[at] for row in patch]) for at, n in enumerate(names)
        ]
        self.engine.load("patch", columns)
        return len(patch)

    def _patched(
        self, statement: _Statement, flagged: list[tuple[object, ...]], reach: str, partial: bool
    ) -> list[tuple[object, ...]]:
        """The oracle's rows of all that the flagged ones reach, month by month."""
        if not flagged:
            return []
        months = tuple(dict.fromkeys(str(key[1]) for key in flagged))
        chosen = " OR ".join(
            f'("period" = {_listed({month})} AND {self._where(reach, _of_month(flagged, month))})'
            for month in months
        )
        self.engine.keep("wanted", self._sql(f'SELECT * FROM "facts_source" WHERE {chosen}'))
        leaves = self._leaf_rows(statement) if partial and not self._few_wanted() else []
        found: list[tuple[object, ...]] = []
        for month in months:
            rows = [row for row in leaves if row[1] == month]
            found += self._oracle_rows(statement, month, rows)
        return found

    def _where(self, reach: str, flagged: list[tuple[object, ...]]) -> str:
        return _where_of(reach, flagged).replace('"group_key"', f'"{self.layout.group_name}"')

    def _few_wanted(self) -> bool:
        """Planning the statement of all leaves takes longer than the oracle does over a few groups."""
        (row,) = self.engine.rows(self._sql('SELECT COUNT(*) FROM "wanted"'))
        return int(row[0]) <= _FEW_ROWS  # type: ignore[call-overload, no-any-return]

    def _leaf_rows(self, statement: _Statement) -> list[tuple[object, ...]]:
        """The exact leaves, as the engine knows them, of the peer groups chosen."""
        text = statement.leaf_text(self.engine.dialect)
        return sorted(self.engine.rows(text), key=lambda row: (row[1], row[0]))

    def _oracle_rows(
        self, statement: _Statement, period: str, leaves: list[tuple[object, ...]]
    ) -> list[tuple[object, ...]]:
        dataset = self.layout.dataset(self.engine, self._sql, statement.read, period, lazy=bool(leaves))
        run = Run(replace(statement.bound, dataset=dataset, period=_period(period)))
        if leaves:
            results = Results(run, statement.leaf_names, leaves)
            places = {name: at for at, name in enumerate(statement.compiled.nodes)}
            for name in statement.compiled.leaves:
                run._outcomes[name] = results.outcome(places[name], statement.compiled.nodes[name])
        return self._shown_rows(run, period)

    @staticmethod
    def _shown_rows(run: Run, period: str) -> list[tuple[object, ...]]:
        columns: list[list[object]] = [list(run.units), [period] * len(run.units)]
        for node in run.scheme.nodes():
            outcome = run.outcome(node)
            columns.append([_double(value) for value in outcome.printed()])
            if node.rank is not None:
                columns.append([_double(value) for value in outcome.places or []])
            if node.grades:
                columns.append(list(outcome.grades or []))
        return list(zip(*columns, strict=True))

    def _sql(self, text: str) -> str:
        """A query written here, with the engine's own quotes."""
        return _in_words_of(self.engine, text)

    def close(self) -> None:
        self.engine.close()

    def __enter__(self) -> SnapshotScorer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _double(value: object) -> object:
    if isinstance(value, Null) or value is None:
        return None
    if isinstance(value, Inexact):
        return float(value.decimal)
    return float(value) if isinstance(value, Fraction) else value


def _where_of(reach: str, flagged: list[tuple[object, ...]]) -> str:
    if reach == "everyone":
        return "TRUE"
    if reach == "group":
        return f'"group_key" IN ({_listed({str(key[2]) for key in flagged})})'
    return f'"unit" IN ({_listed({str(key[0]) for key in flagged})})'


def _of_month(keys: list[tuple[object, ...]], month: str) -> list[tuple[object, ...]]:
    return [key for key in keys if str(key[1]) == month]


def _listed(values: set[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))


def _final(statement: _Statement, doubtful: int) -> str:
    shown = ", ".join(f'"{name}"' for name in statement.shown)
    if not doubtful:
        return f'SELECT {shown} FROM "result"'
    gone = 'SELECT 1 FROM "patch" AS p WHERE p."unit" = r."unit" AND p."period" = r."period"'
    kept = f'SELECT {shown} FROM "result" AS r WHERE NOT EXISTS ({gone})'
    return f'{kept} UNION ALL SELECT {shown} FROM "patch"'


def _depends_on_period(scheme: m.Scheme) -> bool:
    """Whether the statement itself differs from month to month."""
    return any(
        node.counts_from is not None or any(gate.starts or gate.ends for gate in node.gates)
        for node in scheme.nodes()
    )


def _in_words_of(engine: Engine, text: str) -> str:
    return text if engine.dialect == "duckdb" else parse_one(text).sql(dialect=engine.dialect)


# --- the files ------------------------------------------------------------------------------------


class _Layout:
    """Which columns there are, what they range over, and how a batch of them is read."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.folder = folder
        if not (folder / VALUES).is_file():
            raise DataError(f"{folder}:找不到 {VALUES}")
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

    def _read(self, text: str) -> list[tuple[object, ...]]:
        return self._engine.rows(_in_words_of(self._engine, text))

    def _count(self) -> str:
        key = '"period"' if self.has_period else "''"
        return f'SELECT {key}, COUNT(*) FROM "snapshot_values" GROUP BY 1'

    def _told_decimals(self) -> dict[str, int]:
        path = self.folder / "snapshot.json"
        return (
            dict(json.loads(path.read_text(encoding="utf-8")).get("decimals", {})) if path.is_file() else {}
        )

    def decimals(self, name: str) -> int | None:
        base = name.rsplit(".", 1)[0] if name.endswith(tuple(s for s in _SUFFIX.values() if s)) else name
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

    def group_parts(self, peers: str) -> list[tuple[str, ...]]:
        """The peer groups, so many together that a month of them comes to about ``_ROWS_AT_ONCE`` rows."""
        found = self._read(f'SELECT DISTINCT COALESCE("{peers}", \'\') FROM "snapshot_values" ORDER BY 1')
        names = [str(row[0]) for row in found]
        size = max(1, len(names) * _ROWS_AT_ONCE // self.rows_a_period)
        return [tuple(names[start : start + size]) for start in range(0, len(names), size)]

    def span(self, name: str) -> tuple[float, float, bool]:
        self.measure([name])
        return self._spans[name]

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
        return f"{key} IN ({_listed(set(values))})"

    def dataset(
        self, engine: Engine, written: Callable[[str], str], read: Sequence[str], period: str, lazy: bool
    ) -> SnapshotDataset:
        """The wanted rows of one period as facts for the oracle; ``lazy``: each column when asked."""

        def fetched(names: Sequence[str]) -> dict[str, list[object]]:
            columns = ", ".join(f'"{name}"' for name in names)
            rows = engine.rows(
                written(
                    f'SELECT {columns} FROM "wanted" WHERE "period" = {_listed({period})} ORDER BY "unit"'
                )
            )
            return {name: [row[at] for row in rows] for at, name in enumerate(names)}

        first = (
            ["unit"]
            if lazy
            else ["unit", *dict.fromkeys(name for name in read if name not in ("unit", "period"))]
        )
        cells = fetched(first)
        units = tuple(str(unit) for unit in cells["unit"])
        return SnapshotDataset(self, units, _period(period), cells, fetched if lazy else None)

    group_name: str = "peer_group"


def _period(text: str) -> Period | None:
    return Period.parse(text) if text else None


@dataclass(frozen=True)
class SnapshotDataset(Dataset):
    """Rows of a snapshot as facts: without rows for binding names, with some for the oracle."""

    layout: _Layout
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


# --- compiling ------------------------------------------------------------------------------------


@dataclass
class _SnapshotFacts:
    """Columns of the files as terms; notes which are read."""

    layout: _Layout
    period: Period | None
    peers: str | None
    read: dict[str, None] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.layout.rows

    def number(self, wanted: Input) -> Number:
        name = wanted.name + _SUFFIX[wanted.role]
        if name not in self.layout.columns:
            raise DataError(f"{VALUES}:找不到列 {name}{nearest(name, self.layout.columns)}")
        low, high, nulls = self.layout.span(name)
        self.read[name] = None
        decimals = self.layout.decimals(name)
        sql: Term = column(name)
        if self.layout.columns[name] != "DOUBLE":
            sql = term("double", sql)
            decimals = 0 if self.layout.columns[name] == "INT" else decimals
        return column_number(
            sql, self._state(name) if nulls else None, low, high, None if decimals is None else 10**decimals
        )

    def _state(self, name: str) -> Term:
        state = self.layout.state_name(name)
        null = is_null(column(name))
        if state is None:
            return case(null, integer(MISSING), NULL_STATE)
        self.read[f"{state} state"] = None
        told = column(f"{state} state")
        known = case(term(">=", told, integer(MISSING)), told, integer(MISSING))
        return case(null, known, NULL_STATE)

    def text(self, wanted: Input) -> Text:
        self.read[wanted.name] = None
        return Text(column(wanted.name), case(is_null(column(wanted.name)), integer(MISSING), NULL_STATE))

    def group(self) -> Text | None:
        if self.peers is None:
            return None
        self.read[self.peers] = None
        return Text(coalesce(column(self.peers), term("text", "")), None)

    def prepared(self, expression: Expression) -> Value:
        raise Unsupported(f"no SQL for {type(expression).__name__}")

    def prepared_records(self, node: m.Criterion) -> tuple[Value, Fate]:
        raise DataError(f"快照里没有记录表,评分项 {node.id} 算不出")

    def prepared_node(self, node: m.Criterion) -> NodeTerms:
        raise DataError(f"评分项 {node.id} 的写法还不能在快照上算,请用 score")


@dataclass
class _Statement:
    """The compiled statement of a scheme over a snapshot."""

    bound: Bound
    compiled: Compiled
    outputs: dict[str, Term]
    read: tuple[str, ...]
    shown: tuple[str, ...]
    kinds: dict[str, ColumnType]
    _texts: dict[str, str] = field(default_factory=dict)
    _stages: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def made(cls, scheme: m.Scheme, layout: _Layout, period: str) -> _Statement:
        bound: Bound = bind(scheme, SnapshotDataset(layout, asked=_period(period)))
        layout.group_name = scheme.peers or "unit"
        facts = _SnapshotFacts(layout, bound.period, scheme.peers)
        layout.measure(_numeric_names(bound.scheme, layout))
        partition = (column("period"),) if layout.has_period and len(layout.periods) > 1 else ()
        compiled = SchemeCompiler(bound.scheme, facts, partition).compiled()
        shown, kinds = _shown(compiled)
        group = facts.group()
        outputs = {
            "unit": column("unit"),
            "period": column("period"),
            "group": group.sql if group is not None else column("unit"),
            **shown,
            DOUBT: compiled.doubt,
            LEAF_DOUBT: compiled.leaf_doubt,
        }
        names = ("unit", "period", *shown)
        return cls(
            bound,
            compiled,
            outputs,
            tuple(facts.read),
            names,
            {"unit": "VARCHAR", "period": "VARCHAR", **kinds},
        )

    def stages(self, dialect: str) -> list[str]:
        """One narrow statement a block of leaves, then the one that puts them together.

        An engine allocates every column of every stratum, even for one row: leaves that do not see each
        other are therefore worked out apart, and only what the nodes above need is carried on.
        """
        key = f"stages {dialect}"
        if key not in self._texts:
            texts = [self._block_text(number, dialect) for number in range(len(self._blocks))]
            last = self.compiled.statement("parts", self._last_outputs, self._given)
            self._stages[key] = [*texts, last.sql(dialect=dialect)]
            self._texts[key] = ""
        return self._stages[key]

    @cached_property
    def _blocks(self) -> list[tuple[str, ...]]:
        names = [name for name in self.compiled.nodes if name in self.compiled.doubts_of]
        return [tuple(names[start : start + _BLOCK]) for start in range(0, len(names), _BLOCK)]

    @cached_property
    def _cut(self) -> dict[str, int]:
        """The definitions that blocks hand on, with the number of their block."""
        found: dict[str, int] = {}
        for number, block in enumerate(self._blocks):
            for name in block:
                for defined in columns_of(self.compiled.plan, self.compiled.nodes[name]):
                    found.setdefault(defined, number)
        return found

    @cached_property
    def _ready(self) -> dict[str, str]:
        """Outputs that a block already holds: they need not be carried through the strata above."""
        found = {}
        for name, value in self.outputs.items():
            if value.op == "column" and value.args[0] in self._cut:
                found[name] = value.args[0]
        return found

    @cached_property
    def _last_outputs(self) -> dict[str, Term]:
        doubts = [column(f"doubt{number}") for number in range(len(self._blocks))]
        leaf = coalesce(any_of(*doubts), FALSE)
        upper = self.compiled.upper_doubts.sql
        rest = {name: value for name, value in self.outputs.items() if name not in self._ready}
        return {**rest, DOUBT: coalesce(any_of(leaf, upper), FALSE), LEAF_DOUBT: leaf}

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        return self.compiled.plan.needed(self._last_outputs, tuple(self._cut))

    @cached_property
    def _given(self) -> tuple[str, ...]:
        return tuple(name for name in self._needed if name in self._cut)

    @cached_property
    def result(self) -> str:
        """What the nodes above came to, with the blocks' own outputs beside it."""
        columns = [f'u."{name}"' for name in self._last_outputs]
        columns += [f'p{self._cut[held]}."{held}" AS "{name}"' for name, held in self._ready.items()]
        tables = ['"upper" AS u']
        for number in sorted({self._cut[held] for held in self._ready.values()}):
            on = f'p{number}."unit" = u."unit" AND p{number}."period" = u."period"'
            tables.append(f'JOIN "part{number}" AS p{number} ON {on}')
        return f"SELECT {', '.join(columns)} FROM {' '.join(tables)}"

    def _block_text(self, number: int, dialect: str) -> str:
        doubt = any_of(*(self.compiled.doubts_of[name] for name in self._blocks[number]))
        outputs = {"unit": column("unit"), "period": column("period")}
        handed = dict.fromkeys([*self._given, *self._ready.values()])
        outputs |= {name: column(name) for name in handed if self._cut[name] == number}
        outputs[f"doubt{number}"] = coalesce(doubt, FALSE)
        return self.compiled.statement("facts_source", outputs).sql(dialect=dialect)

    @cached_property
    def joined(self) -> str:
        """The blocks side by side, with the facts that the last statement reads itself."""
        own = [n for n in self._needed if n not in self._cut and not n.startswith("doubt")]
        columns = [f'f."{name}"' for name in dict.fromkeys(["unit", "period", *own])]
        tables = ['"facts_source" AS f']
        for number in range(len(self._blocks)):
            columns.append(f'p{number}."doubt{number}"')
            columns += [f'p{number}."{name}"' for name in self._given if self._cut[name] == number]
            on = f'p{number}."unit" = f."unit" AND p{number}."period" = f."period"'
            tables.append(f'JOIN "part{number}" AS p{number} ON {on}')
        return f"SELECT {', '.join(columns)} FROM {' '.join(tables)}"

    @property
    def leaf_outputs(self) -> dict[str, Term]:
        """The exact leaves, by unit and period."""
        keys = {"unit": column("unit"), "period": column("period")}
        return keys | output_terms(self.compiled, self.compiled.leaves)

    @property
    def leaf_names(self) -> list[str]:
        return list(self.leaf_outputs)

    def leaf_text(self, dialect: str) -> str:
        """The statement that gives only those, over the table ``wanted``."""
        key = f"leaves {dialect}"
        if key not in self._texts:
            self._texts[key] = self.compiled.statement("wanted", self.leaf_outputs).sql(dialect=dialect)
        return self._texts[key]


def _numeric_names(scheme: m.Scheme, layout: _Layout) -> list[str]:
    from kaohe.scoring.binding import inputs_of

    names = [wanted.name + _SUFFIX[wanted.role] for wanted in inputs_of(scheme) if wanted.numeric]
    return [name for name in dict.fromkeys(names) if name in layout.columns]


def _shown(compiled: Compiled) -> tuple[dict[str, Term], dict[str, ColumnType]]:
    found: dict[str, Term] = {}
    kinds: dict[str, ColumnType] = {}
    for identifier, terms in compiled.nodes.items():
        value = terms.printed
        found[identifier] = settled(value).sql if isinstance(value, Number) else value.sql
        kinds[identifier] = "VARCHAR" if isinstance(value, Text) else "DOUBLE"
        if terms.place is not None:
            found[f"{identifier}_rank"], kinds[f"{identifier}_rank"] = terms.place.sql, "DOUBLE"
        if terms.grade is not None:
            found[f"{identifier}_grade"], kinds[f"{identifier}_grade"] = terms.grade.sql, "VARCHAR"
    return found, kinds


__all__ = ["Scored", "SnapshotScorer", "score_snapshot"]
