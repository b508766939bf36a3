"""Big data: wide month files scored where they lie, without passing through Python objects.

A snapshot is a folder with ``values.parquet`` (``unit``, optional ``period`` and attributes such as
``peer_group``, then a DOUBLE column an indicator and its ``.target``, ``.last_year``, ``.due``) and, where
some values are null, ``states.parquet`` (same keys, a small code an indicator: 0 present, 1 missing,
2 not due, 3 undefined, 4 not applicable). ``snapshot.json`` may tell the ``decimals`` of the columns
(``{"decimals": {"*": 2, "gdp": 4}}``); of a column without, closeness is judged by the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.engines.base import Engine, Row, open_engine
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.schemes import model as m
from kaohe.schemes.loader import load_scheme
from kaohe.scoring.sql.layout import Layout, in_words_of, listed
from kaohe.scoring.sql.months import Months
from kaohe.scoring.sql.run import reach_of
from kaohe.scoring.sql.settling import Settler, shown_rows
from kaohe.scoring.sql.statement import Statement

_ROWS_AT_ONCE, _ROWS_ABOVE = 20_000, 8_000


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
        self._by_period = _depends_on_period(self.scheme)
        self._open_files()

    def _open_files(self) -> None:
        self.layout = Layout(self.engine, self.folder)
        self._compiled: dict[str, Statement] = {}
        self._months = Months(self.engine, self.layout, self.scheme.peers)

    def score(self, period: str | None = None, groups: Sequence[str] | None = None) -> Scored:
        """Scores and writes; see :func:`score_snapshot`."""
        self.out.mkdir(parents=True, exist_ok=True)
        rows = recomputed = 0
        files: list[Path] = []
        periods = self._periods(period)
        for batch, part, chosen in self._portions(periods, groups):
            statement = self._statement(batch[0])
            doubtful = self._worked_out(statement, batch, chosen)
            path = self.out / f"scores-{batch[0] or 'all'}{part}.parquet"
            self.engine.write_parquet(self._sql(_final(statement, doubtful, chosen)), path)
            rows += self._counted(chosen)
            recomputed += doubtful
            files.append(path)
        return Scored(rows, recomputed, tuple(files), periods)

    def rows(self, period: str | None = None, groups: Sequence[str] | None = None) -> list[dict[str, object]]:
        """The same as rows in memory, for one peer group on a screen; nothing is written."""
        found: list[dict[str, object]] = []
        for batch in self._batches(self._periods(period)):
            statement = self._statement(batch[0])
            few = self._few_rows(statement, batch, groups) if groups is not None else None
            rows = few if few is not None else self._many_rows(statement, batch, groups)
            found += [dict(zip(statement.shown, row, strict=True)) for row in rows]
        return found

    def _many_rows(
        self, statement: Statement, batch: tuple[str, ...], groups: Sequence[str] | None
    ) -> list[Row]:
        doubtful = self._worked_out(statement, batch, groups)
        return self.engine.rows(self._sql(_final(statement, doubtful, groups)))

    def _worked_out(self, statement: Statement, batch: tuple[str, ...], groups: Sequence[str] | None) -> int:
        """The tables ``upper``, ``result`` and ``patch``; how many rows the oracle was asked about."""
        # A score that rests on everyone needs everyone, whatever groups are wanted.
        self._prepare(statement, batch, None if statement.reach == "everyone" else groups)
        return self._settled(statement)

    def _counted(self, groups: Sequence[str] | None) -> int:
        wanted = "" if groups is None else f' WHERE "group" IN ({listed(set(groups))})'
        ((count,),) = self.engine.rows(self._sql(f'SELECT COUNT(*) FROM "upper"{wanted}'))
        assert isinstance(count, int)
        return count

    def _few_rows(
        self, statement: Statement, batch: tuple[str, ...], groups: Sequence[str]
    ) -> list[Row] | None:
        """The same in plain Python, where that is sooner and possible."""
        if self.engine.name != "duckdb" or statement.reach == "everyone":
            return None
        return self._months.rows(statement, batch, groups)

    def _periods(self, period: str | None) -> tuple[str, ...]:
        """The periods to score; files written anew since they were opened are opened again."""
        if not self.layout.is_current:
            self._open_files()
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
        batches, peers = self._batches(periods), self.scheme.peers
        few = self.layout.rows_a_period <= _ROWS_AT_ONCE
        if few or groups is not None or peers is None or reach_of(self.scheme) == "everyone":
            return [(batch, "", groups) for batch in batches]
        parts = self.layout.group_parts(peers, _ROWS_AT_ONCE)
        return [(batch, f"-{at}", part) for batch in batches for at, part in enumerate(parts, start=1)]

    def _batches(self, periods: tuple[str, ...]) -> list[tuple[str, ...]]:
        size = max(1, _ROWS_AT_ONCE // max(self.layout.rows_a_period, 1))
        if self._by_period:
            size = 1
        return [periods[start : start + size] for start in range(0, len(periods), size)]

    def _statement(self, period: str) -> Statement:
        key = period if self._by_period else ""
        if key not in self._compiled:
            self._compiled[key] = Statement.made(self.scheme, self.layout, period)
        return self._compiled[key]

    def _prepare(self, statement: Statement, batch: tuple[str, ...], groups: Sequence[str] | None) -> None:
        source = self.layout.query(statement.read, batch, groups, self.scheme.peers)
        self.engine.keep("facts_source", self._sql(source), view=True)
        stages = statement.stages(self.engine.dialect)
        for number, text in enumerate(stages[:-1]):
            self.engine.keep(f"part{number}", text)
        self._put_together(statement, batch, stages[-1])
        self.engine.keep("result", self._sql(statement.result), view=True)

    def _put_together(self, statement: Statement, batch: tuple[str, ...], text: str) -> None:
        """The nodes above the leaves, some months at a time: the blocks side by side are wide."""
        size = max(1, _ROWS_ABOVE // max(self.layout.rows_a_period, 1))
        pieces = [batch[start : start + size] for start in range(0, len(batch), size)]
        for number, periods in enumerate(pieces):
            some = f'{statement.joined} WHERE f."period" IN ({listed(set(periods))})'
            self.engine.keep("parts", self._sql(some), view=True)
            self.engine.keep(f"upper{number}", text)
        union = " UNION ALL ".join(f'SELECT * FROM "upper{number}"' for number in range(len(pieces)))
        self.engine.keep("upper", self._sql(union), view=True)

    _shown_rows = staticmethod(shown_rows)

    def _settled(self, statement: Statement) -> int:
        """Asks the oracle about doubtful rows; its rows are loaded as the table ``patch``."""
        return Settler(self.engine, self.layout, statement, self._sql).settle()

    def _sql(self, text: str) -> str:
        """A query written here, with the engine's own quotes."""
        return in_words_of(self.engine, text)

    def close(self) -> None:
        self.engine.close()

    def __enter__(self) -> SnapshotScorer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _final(statement: Statement, doubtful: int, groups: Sequence[str] | None) -> str:
    shown = ", ".join(f'"{name}"' for name in statement.shown)
    wanted = "TRUE" if groups is None else f'"group" IN ({listed(set(groups))})'
    if not doubtful:
        return f'SELECT {shown} FROM "result" WHERE {wanted}'
    gone = 'SELECT 1 FROM "patch" AS p WHERE p."unit" = r."unit" AND p."period" = r."period"'
    kept = f'SELECT {shown} FROM "result" AS r WHERE {wanted} AND NOT EXISTS ({gone})'
    anew = f'SELECT {shown} FROM "patch"'
    if groups is not None:
        anew += f' WHERE "unit" IN (SELECT "unit" FROM "upper" WHERE {wanted})'
    return f"{kept} UNION ALL {anew}"


def _depends_on_period(scheme: m.Scheme) -> bool:
    """Whether the statement itself differs from month to month."""
    return any(
        node.counts_from is not None or any(gate.starts or gate.ends for gate in node.gates)
        for node in scheme.nodes()
    )


__all__ = ["Scored", "SnapshotScorer", "score_snapshot"]
