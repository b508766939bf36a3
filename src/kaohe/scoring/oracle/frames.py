"""What a column runs over: the assessed units, their records, the cells of records, other units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kaohe.facts.dataset import Cell, Presence, RecordTable
from kaohe.scoring.numbers import Null, Value

Column = list[Value]

_REASONS = {
    Presence.MISSING: Null.MISSING,
    Presence.NOT_DUE: Null.NOT_DUE,
    Presence.NOT_APPLICABLE: Null.NOT_APPLICABLE,
}


def value_of(cell: Cell) -> Value:
    """The value of a cell of facts, or the reason why there is none."""
    if cell.value is not None:
        return cell.value
    return Null.UNDEFINED if cell.undefined else _REASONS[cell.presence]


@dataclass(frozen=True)
class Frame:
    """Rows of one kind.

    ``owner``: the assessed unit that each row counts for. ``unit``: the place in the whole data set of
    the unit whose facts a row sees (a sampled child, a linked village, else the owner's).
    ``records``: for each table, the row of the record table that each row of the frame is.
    """

    owner: list[int]
    unit: list[int | None]
    records: dict[str, tuple[RecordTable, list[int]]] = field(default_factory=dict)
    x: Column | None = None
    cell: Column | None = None
    is_base: bool = False

    @property
    def size(self) -> int:
        return len(self.owner)

    def seeing(self, x: Column) -> Frame:
        """The same rows with the value so far."""
        return replace(self, x=x)

    def taken(self, rows: Sequence[int]) -> Frame:
        """Only these rows, in this order."""

        def pick(column: Column | None) -> Column | None:
            return None if column is None else [column[row] for row in rows]

        return Frame(
            [self.owner[row] for row in rows],
            [self.unit[row] for row in rows],
            {name: (table, [at[row] for row in rows]) for name, (table, at) in self.records.items()},
            pick(self.x),
            pick(self.cell),
        )

    def field(self, table: str, name: str) -> Column:
        """A column of the record at hand."""
        records, at = self.records[table]
        cells = records.column(name)
        return [value_of(cells[row]) for row in at]

    def raw(self, table: str, name: str) -> list[str]:
        """The same, as written."""
        records, at = self.records[table]
        cells = records.column(name)
        return [cells[row].raw for row in at]


def lifted(function: Callable[..., Value], *columns: Column) -> Column:
    """``function`` row by row; a row with a null gives its strongest reason."""
    without_nulls = [Null not in set(map(type, column)) for column in columns]
    if all(without_nulls):
        return [function(*values) for values in zip(*columns, strict=True)]
    return [
        _strongest_of(values) if Null in map(type, values) else function(*values)
        for values in zip(*columns, strict=True)
    ]


def _strongest_of(values: tuple[Value, ...]) -> Null:
    return max((value for value in values if isinstance(value, Null)), key=lambda null: null.strength)
