"""Spark SQL, for clusters and as a second opinion; pyspark and Java are optional."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlglot import exp

from kaohe.engines.base import ColumnType, EngineError, Row, TableColumn, text_of

_TYPES: dict[ColumnType, str] = {
    "DOUBLE": "double",
    "INT": "int",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
}
_WORDS = {
    "double": "DOUBLE",
    "string": "VARCHAR",
    "byte": "INT",
    "short": "INT",
    "integer": "INT",
    "long": "INT",
}
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    # Division by zero is guarded in the SQL itself; ANSI mode would stop the job before the guard is seen.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.caseSensitive": "true",
    "spark.showConsoleProgress": "false",
}


class SparkEngine:
    """A Spark session, by default in this process on two threads, on the loopback interface only."""

    name = "spark"
    dialect = "spark"

    def __init__(self, master: str = "local[2]", memory: str = "1g") -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="kaohe-spark-")
        self._session = self._started(master, memory)

    def _started(self, master: str, memory: str) -> Any:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise EngineError("没有安装 Spark:请安装 kaohe[spark](需要 Java 17)") from None
        builder = SparkSession.builder.master(master).appName("kaohe")
        folder = self._temporary.name
        places = {"spark.local.dir": folder, "spark.sql.warehouse.dir": f"{folder}/warehouse"}
        for key, value in {**_SETTINGS, **places, "spark.driver.memory": memory}.items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
        except Exception as error:
            raise EngineError(f"Spark 启动失败(需要 Java 17):{error}") from error
        session.sparkContext.setLogLevel("ERROR")
        return session

    def load(self, table: str, columns: Sequence[TableColumn]) -> None:
        schema = ", ".join(f"{_name(column.name)} {_TYPES[column.type]}" for column in columns)
        rows = list(zip(*(column.values for column in columns), strict=True))
        self._session.createDataFrame(rows, schema).createOrReplaceTempView(table)

    def open_parquet(self, view: str, path: Path) -> None:
        self._session.read.parquet(str(Path(path).resolve())).createOrReplaceTempView(view)

    def columns(self, table: str) -> dict[str, str]:
        fields = self._session.table(table).schema.fields
        return {field.name: _WORDS.get(field.dataType.typeName(), "OTHER") for field in fields}

    def keep(self, table: str, statement: exp.Expression | str, view: bool = False) -> None:
        found = self._query(statement)
        (found if view else found.cache()).createOrReplaceTempView(table)

    def rows(self, statement: exp.Expression | str) -> list[Row]:
        return [tuple(row) for row in self._query(statement).collect()]

    def write_parquet(self, statement: exp.Expression | str, path: Path) -> None:
        self._query(statement).coalesce(1).write.mode("overwrite").parquet(str(Path(path).resolve()))

    def _query(self, statement: exp.Expression | str) -> Any:
        try:
            return self._session.sql(text_of(statement, self.dialect))
        except Exception as error:
            raise EngineError(f"Spark:{error}") from error

    def drop(self, table: str) -> None:
        self._session.catalog.dropTempView(table)

    def close(self) -> None:
        self._session.stop()
        self._temporary.cleanup()

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _name(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"
