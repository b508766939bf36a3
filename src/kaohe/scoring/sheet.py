"""The score sheet: one row a unit, in the order of the input."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.scoring.numbers import Inexact, Null, Number, Value, number_text


@dataclass(frozen=True)
class Column:
    """A node's results: exact values, the printed ones, places and grades, a value a unit."""

    node: m.Criterion
    values: tuple[Value, ...]
    printed: tuple[Value, ...]
    places: tuple[Value, ...] | None = None
    grades: tuple[str | None, ...] | None = None
    estimated: tuple[bool, ...] = ()
    low: tuple[Number | None, ...] | None = None
    high: tuple[Number | None, ...] | None = None
    rank_low: tuple[int | None, ...] | None = None
    rank_high: tuple[int | None, ...] | None = None


@dataclass(frozen=True)
class Sheet:
    """Scores of all units under a scheme.

    ``rows`` are texts by column name as in the CSV (blank = null); :meth:`exact` gives the exact number.
    ``findings`` are values outside their declared range. ``recomputed`` is how many of the rows an SQL
    engine left to the oracle. ``unit_names`` are the units' Chinese names, empty when the facts have none.
    """

    scheme: m.Scheme
    period: Period | None
    units: tuple[str, ...]
    nodes: tuple[Column, ...]
    gates: tuple[tuple[str, ...], ...]
    findings: tuple[str, ...] = ()
    engine: str = "oracle"
    recomputed: int = 0
    notes: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = ()
    unit_names: tuple[str, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """Whether some unit's total is not decided yet."""
        root = self.nodes[0]
        return root.low is not None

    def column(self, node: str) -> Column:
        """The results of a node. Raises ``KeyError`` when there is none of this id."""
        for column in self.nodes:
            if column.node.id == node:
                return column
        raise KeyError(node)

    def exact(self, unit: str, node: str) -> Fraction | None:
        """The exact value of a node for a unit (an inexact one as its 50 digits); None when null."""
        value = self.column(node).values[self.units.index(unit)]
        if isinstance(value, Inexact):
            return Fraction(value.decimal)
        return value if isinstance(value, Fraction) else None

    def value(self, unit: str, column: str) -> str:
        """The text printed for a unit in a column of the sheet."""
        return self.rows[self.units.index(unit)][column]

    def to_csv(self) -> str:
        """The sheet as CSV with a header; blank = null."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()


def finished(sheet: Sheet) -> Sheet:
    """The sheet with its rows written out."""
    columns, cells = _written(sheet)
    rows = tuple(dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True))
    if not rows:
        rows = ()
    return replace(sheet, columns=tuple(columns), rows=rows)


def _written(sheet: Sheet) -> tuple[list[str], list[Sequence[str]]]:
    columns, cells = ["unit"], [list(sheet.units)]
    for column in sheet.nodes:
        columns.append(column.node.id)
        cells.append([_printed(value, column.node.publish) for value in column.printed])
        if column.places is not None:
            columns.append(f"{column.node.id}_rank")
            cells.append([_printed(value, None) for value in column.places])
        if column.grades is not None:
            columns.append(f"{column.node.id}_grade")
            cells.append([grade or "" for grade in column.grades])
    columns.append("gates")
    cells.append([";".join(fired) for fired in sheet.gates])
    root = sheet.nodes[0]
    if root.low is not None and root.high is not None:
        for name, values in (("low", root.low), ("high", root.high)):
            columns.append(f"{root.node.id}_{name}")
            cells.append(["" if value is None else number_text(value) for value in values])
        for name, ranks in (("rank_low", root.rank_low), ("rank_high", root.rank_high)):
            if ranks is not None:
                columns.append(f"{root.node.id}_{name}")
                cells.append(["" if rank is None else str(rank) for rank in ranks])
    return columns, cells  # type: ignore[return-value]


def _printed(value: Value, publish: m.Publish | None) -> str:
    if isinstance(value, Null):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if publish is not None and isinstance(value, Fraction):
        return _fixed(value, publish.decimals)
    return number_text(value)


def _fixed(value: Fraction, decimals: int) -> str:
    scaled = value * 10**decimals if decimals > 0 else value
    if decimals <= 0 or scaled.denominator != 1:
        return number_text(value)
    digits = str(abs(scaled.numerator)).rjust(decimals + 1, "0")
    return f"{'-' if scaled < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
