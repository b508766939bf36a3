"""SQL targets: DuckDB (embedded default) and Spark. Only this layer imports a database engine."""

from collections.abc import Sequence
from pathlib import Path

from kaohe.engines.base import Engine, EngineError, TableColumn, open_engine
from kaohe.facts.files import register_parquet_reader

__all__ = ["Engine", "EngineError", "TableColumn", "open_engine"]


def _parquet_rows(path: Path) -> Sequence[Sequence[object]]:
    from kaohe.engines.duckdb import read_parquet_rows

    return read_parquet_rows(path)


register_parquet_reader(_parquet_rows)
