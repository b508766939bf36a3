"""The verb ``score``: a scheme and facts → a sheet."""

from __future__ import annotations

from pathlib import Path

from kaohe.facts.dataset import open_dataset
from kaohe.facts.errors import DataError, SchemeError
from kaohe.quantities.periods import Period
from kaohe.schemes.loader import load_scheme
from kaohe.scoring.binding import Bound, bind
from kaohe.scoring.frozen import frozen_sheets
from kaohe.scoring.imports import ImportedSheets, PrintedSheet
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.ranges import with_ranges
from kaohe.scoring.results import sheet_of
from kaohe.scoring.sheet import Sheet

# Scores (units × nodes) that the oracle works out in about the second that a query takes to build.
_SMALL = 20_000


def score(
    scheme: str | Path, data: str | Path, period: str | Period | None = None, engine: str = "oracle"
) -> Sheet:
    """The score sheet of every assessed unit.

    ``scheme`` is a scheme file, ``data`` a ledger folder or a table, ``period`` what to score (a flow is
    taken from January to its end; default: the scheme's own). ``engine`` is ``oracle``, ``duckdb`` or
    ``spark``; all give the same cents, places and grades. ``auto`` takes the oracle for small sheets, where
    building a query costs more than it saves, and DuckDB for large ones.

    Raises ``SchemeError`` or ``DataError`` with every fault found.
    """
    if engine in ("oracle", "auto"):
        run = run_scheme(scheme, data, period)
        if engine == "oracle" or _is_small(run):
            return with_ranges(run, sheet_of)
        engine = "duckdb"
    from kaohe.scoring.sql.run import score_on

    return score_on(engine, scheme, data, period)


def _is_small(run: Run) -> bool:
    return run.base.size * sum(1 for _ in run.scheme.nodes()) <= _SMALL


def run_scheme(
    scheme: str | Path, data: str | Path, period: str | Period | None = None, _above: tuple[Path, ...] = ()
) -> Run:
    """A run of the oracle, ready to work out any node."""
    bound = bound_scheme(scheme, data, period)
    path = Path(scheme).resolve()
    if path in _above:
        raise SchemeError(f"考核办法循环引用:{' → '.join(p.name for p in (*_above, path))}")

    def imported(other: Path, facts: Path) -> PrintedSheet:
        then = run_scheme(other, facts, bound.period, (*_above, path))
        sheet = with_ranges(then, sheet_of)
        rows = {unit: dict(row) for unit, row in zip(sheet.units, sheet.rows, strict=True)}
        return PrintedSheet(other.name, sheet.columns, rows)

    imports = ImportedSheets(bound.scheme, Path(data), imported)
    return Run(bound, imports, frozen_sheets(bound.scheme, Path(data)))


def bound_scheme(scheme: str | Path, data: str | Path, period: str | Period | None = None) -> Bound:
    """The scheme loaded, the facts opened, names bound."""
    import kaohe.engines  # noqa: F401  (registers the reader of Parquet tables)

    loaded = load_scheme(scheme, data)
    asked = _asked(period, loaded.period, loaded.path)
    tables = {name: table.spec for name, table in loaded.tables}
    if not Path(data).exists():
        raise DataError(f"{data}:找不到数据文件或文件夹")
    dataset = open_dataset(data, tables, asked)
    return bind(loaded, dataset)


def _asked(period: str | Period | None, own: str | None, path: Path) -> Period | None:
    if isinstance(period, Period):
        return period
    if period is None and own is None:
        return None
    try:
        return Period.parse(period or own or "")
    except ValueError:
        what = "--period " if period else f"{path}:period "
        raise SchemeError(f"{what}应为期别(如 2005-09、2005-Q3、2005),实为“{period or own}”") from None
