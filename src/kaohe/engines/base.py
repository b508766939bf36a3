"""What scoring asks of a database engine: tables in, one statement, rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol

from sqlglot import exp

from kaohe.facts.errors import KaoheError

ColumnType = Literal["DOUBLE", "INT", "VARCHAR", "BOOLEAN"]
Row = tuple[object, ...]


class EngineError(KaoheError):
    """An engine that is absent or cannot do what is asked; the message says what to install or change."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column to load: its name, its type and its values, ``None`` for null."""

    name: str
    type: ColumnType
    values: Sequence[object]


class Engine(Protocol):
    """A SQL target. ``dialect`` is SQLGlot's name for its language."""

    name: str
    dialect: str

    def load(self, table: str, columns: Sequence[TableColumn]) -> None:
        """A table in memory; all columns are of the same length."""

    def open_parquet(self, view: str, path: Path) -> None:
        """A view over one Parquet file; nothing else outside becomes readable."""

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table or view with their types: DOUBLE, INT, VARCHAR … as the engine says."""

    def keep(self, table: str, statement: exp.Expression | str, view: bool = False) -> None:
        """The rows of a query under a name, in memory; ``view``: only the query is kept."""

    def rows(self, statement: exp.Expression | str) -> list[Row]:
        """The rows of one query, read to the end."""

    def write_parquet(self, statement: exp.Expression | str, path: Path) -> None:
        """The rows of one query as a Parquet file."""

    def drop(self, table: str) -> None:
        """Forgets a table or view."""

    def close(self) -> None:
        """Gives back memory and temporary files."""

    def __enter__(self) -> Engine: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_engine(name: str, **options: object) -> Engine:
    """The engine ``duckdb`` or ``spark``. Raises ``EngineError`` for another name or one not installed.

    >>> with open_engine("duckdb") as engine:
    ...     engine.rows("SELECT 1 + 1 AS two")
    [(2,)]
    """
    if name == "duckdb":
        from kaohe.engines.duckdb import DuckEngine

        return DuckEngine(**options)  # type: ignore[arg-type]
    if name == "spark":
        from kaohe.engines.spark import SparkEngine

        return SparkEngine(**options)  # type: ignore[arg-type]
    raise EngineError(f"没有引擎 {name},可用:duckdb、spark")


def text_of(statement: exp.Expression | str, dialect: str) -> str:
    """The statement in the engine's own language; an expression is used up, since copying it takes longer."""
    return statement if isinstance(statement, str) else statement.sql(dialect=dialect, copy=False)
