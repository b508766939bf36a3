"""DuckDB, embedded: the default engine. It reads only the files it is given and reaches no network."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
from sqlglot import exp

from kaohe.engines.base import EngineError, Row, TableColumn, text_of

_MEMORY = "1GB"
_ROW_GROUP = 20_480
_WORDS = dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), "INT")


class DuckEngine:
    """One in-memory database.

    ``folders`` are the only places outside that queries may read or write; ``memory`` and ``threads`` are
    limits. Extensions are never installed or loaded by themselves, and the settings cannot be changed by a
    later statement.
    """

    name = "duckdb"
    dialect = "duckdb"

    def __init__(
        self, folders: Sequence[Path] = (), memory: str = _MEMORY, threads: int | None = None
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="kaohe-duckdb-")
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "memory_limit": memory,
            "temp_directory": self._temporary.name,
        }
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)
        self._confine([Path(self._temporary.name), *folders])

    def _confine(self, folders: Sequence[Path]) -> None:
        places = ", ".join(_quoted(f"{Path(folder).resolve()}/") for folder in folders)
        self._connection.execute("SET TimeZone = 'UTC'" if self._has_icu() else "SELECT 1").fetchall()
        self._connection.execute(f"SET allowed_directories = [{places}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute("SET lock_configuration = true")

    def _has_icu(self) -> bool:
        found = self._connection.execute(
            "SELECT loaded FROM duckdb_extensions() WHERE extension_name = 'icu'"
        ).fetchall()
        return bool(found and found[0][0])

    def load(self, table: str, columns: Sequence[TableColumn]) -> None:
        # Lists as parameters need no file on disk and are as fast as reading CSV back.
        parts = ", ".join(
            f"UNNEST(${place}::{column.type}[]) AS {_name(column.name)}"
            for place, column in enumerate(columns, start=1)
        )
        values = [list(column.values) for column in columns]
        self._run(f"CREATE OR REPLACE TABLE {_name(table)} AS SELECT {parts}", values)

    def open_parquet(self, view: str, path: Path) -> None:
        place = _quoted(str(Path(path).resolve()))
        self._run(f"CREATE OR REPLACE VIEW {_name(view)} AS SELECT * FROM read_parquet({place})")

    def columns(self, table: str) -> dict[str, str]:
        rows = self._run(f"DESCRIBE {_name(table)}")
        return {str(row[0]): _WORDS.get(str(row[1]), str(row[1])) for row in rows}

    def keep(self, table: str, statement: exp.Expression | str, view: bool = False) -> None:
        kind = "VIEW" if view else "TEMP TABLE"
        self._run(f"CREATE OR REPLACE {kind} {_name(table)} AS {text_of(statement, self.dialect)}")

    def rows(self, statement: exp.Expression | str) -> list[Row]:
        return self._run(text_of(statement, self.dialect))

    def write_parquet(self, statement: exp.Expression | str, path: Path) -> None:
        place = _quoted(str(Path(path).resolve()))
        # A reader holds a row group of every column it reads: small ones keep a wide scan small.
        options = f"FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP}"
        self._run(f"COPY ({text_of(statement, self.dialect)}) TO {place} ({options})")

    def drop(self, table: str) -> None:
        kind = self._run("SELECT table_type FROM information_schema.tables WHERE table_name = $1", [table])
        if kind:
            self._run(f"DROP {'VIEW' if kind[0][0] == 'VIEW' else 'TABLE'} {_name(table)}")

    def _run(self, text: str, parameters: Sequence[object] = ()) -> list[Row]:
        # An unread result blocks the connection in DuckDB 2: every statement is read to the end here.
        try:
            return self._connection.execute(text, list(parameters)).fetchall()
        except duckdb.Error as error:
            raise EngineError(f"DuckDB:{error}") from error

    def close(self) -> None:
        self._connection.close()
        self._temporary.cleanup()

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_parquet_rows(path: Path) -> Sequence[Sequence[object]]:
    """The column names, then the rows, of a Parquet file."""
    with DuckEngine(folders=[Path(path).resolve().parent]) as engine:
        engine.open_parquet("file", path)
        names = [row[0] for row in engine.rows("DESCRIBE file")]
        return [names, *engine.rows("SELECT * FROM file")]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
