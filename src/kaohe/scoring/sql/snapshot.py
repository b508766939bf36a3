"""Big data: wide month files scored where they lie, without passing through Python objects.

A snapshot is a folder with ``values.parquet`` (``unit``, optional ``period`` and attributes such as
``peer_group``, then a DOUBLE column an indicator and its ``.target``, ``.last_year``, ``.due``) and, where
some values are null, ``states.parquet`` (same keys, a small code an indicator: 0 present, 1 missing,
2 not due, 3 undefined, 4 not applicable). ``snapshot.json`` may tell the ``decimals`` of the columns
(``{"decimals": {"*": 2, "gdp": 4}}``); of a column without, closeness is judged by the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from sqlglot import parse_one

from kaohe.engines.base import Engine, TableColumn, open_engine
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.schemes import model as m
from kaohe.schemes.loader import load_scheme
from kaohe.scoring.numbers import Inexact, Null
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.sql.layout import Layout, listed, period_of
from kaohe.scoring.sql.run import Results, reach_of
from kaohe.scoring.sql.statement import Statement

_ROWS_AT_ONCE = 20_000


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

    One file a batch of months, ``scores-<first>.parquet``, in ``out`` (default: the snapshot's folder):
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
        self.layout = Layout(self.engine, self.folder)
        self._compiled: dict[str, Statement] = {}

    def score(self, period: str | None = None, groups: Sequence[str] | None = None) -> Scored:
        """Scores and writes; see :func:`score_snapshot`."""
        self.out.mkdir(parents=True, exist_ok=True)
        rows = recomputed = 0
        files: list[Path] = []
        periods = self._periods(period)
        for batch in self._batches(periods):
            statement = self._statement(batch[0])
            self._prepare(statement, batch, groups)
            doubtful = self._settled(statement, batch)
            path = self.out / f"scores-{batch[0] or 'all'}.parquet"
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

    def _batches(self, periods: tuple[str, ...]) -> list[tuple[str, ...]]:
        size = max(1, _ROWS_AT_ONCE // max(self.layout.rows_a_period, 1))
        if _depends_on_period(self.scheme):
            size = 1
        return [periods[start : start + size] for start in range(0, len(periods), size)]

    def _statement(self, period: str) -> Statement:
        key = period if _depends_on_period(self.scheme) else ""
        if key not in self._compiled:
            self._compiled[key] = Statement.made(self.scheme, self.layout, period)
        return self._compiled[key]

    def _prepare(self, statement: Statement, batch: tuple[str, ...], groups: Sequence[str] | None) -> None:
        source = self.layout.query(statement.read, batch, groups, self.scheme.peers)
        self.engine.keep("facts_source", self._sql(source), view=True)
        stages = statement.stages(self.engine.dialect)
        for number, text in enumerate(stages[:-1]):
            self.engine.keep(f"part{number}", text)
        self.engine.keep("parts", self._sql(statement.joined), view=True)
        self.engine.keep("upper", stages[-1])
        self.engine.keep("result", self._sql(statement.result), view=True)

    def _settled(self, statement: Statement, batch: tuple[str, ...]) -> int:
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
        self, statement: Statement, flagged: list[tuple[object, ...]], reach: str, partial: bool
    ) -> list[tuple[object, ...]]:
        """The oracle's rows of all that the flagged ones reach, month by month."""
        if not flagged:
            return []
        months = tuple(dict.fromkeys(str(key[1]) for key in flagged))
        chosen = " OR ".join(
            f'("period" = {listed({month})} AND {self._where(reach, _of_month(flagged, month))})'
            for month in months
        )
        leaves = self._leaf_rows(statement, chosen) if partial else []
        if not partial:
            self.engine.keep("wanted", self._sql(f'SELECT * FROM "facts_source" WHERE {chosen}'))
        found: list[tuple[object, ...]] = []
        for month in months:
            rows = [row for row in leaves if row[1] == month]
            found += self._oracle_rows(statement, month, rows)
        return found

    def _where(self, reach: str, flagged: list[tuple[object, ...]]) -> str:
        return _where_of(reach, flagged).replace('"group_key"', f'"{self.layout.group_name}"')

    def _leaf_rows(self, statement: Statement, chosen: str) -> list[tuple[object, ...]]:
        """The exact leaves, as the engine knows them, of the peer groups chosen."""
        self.engine.keep("wanted", self._sql(f'SELECT * FROM "facts_source" WHERE {chosen}'))
        text = statement.leaf_text(self.engine.dialect)
        return sorted(self.engine.rows(text), key=lambda row: (row[1], row[0]))

    def _oracle_rows(
        self, statement: Statement, period: str, leaves: list[tuple[object, ...]]
    ) -> list[tuple[object, ...]]:
        dataset = self.layout.dataset(self.engine, self._sql, statement.read, period, lazy=bool(leaves))
        run = Run(replace(statement.bound, dataset=dataset, period=period_of(period)))
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
        return text if self.engine.dialect == "duckdb" else parse_one(text).sql(dialect=self.engine.dialect)

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
        return f'"group_key" IN ({listed({str(key[2]) for key in flagged})})'
    return f'"unit" IN ({listed({str(key[0]) for key in flagged})})'


def _of_month(keys: list[tuple[object, ...]], month: str) -> list[tuple[object, ...]]:
    return [key for key in keys if str(key[1]) == month]


def _final(statement: Statement, doubtful: int) -> str:
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


__all__ = ["Scored", "SnapshotScorer", "score_snapshot"]
