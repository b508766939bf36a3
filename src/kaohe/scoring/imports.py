"""Results of other schemes: a printed sheet (CSV), or the scheme scored now over the same facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from kaohe.facts.errors import DataError, SchemeError
from kaohe.facts.tables import Table, TableSpec, read_table, unit_column
from kaohe.schemes import model as m
from kaohe.scoring.numbers import Null, Value

Scorer = Callable[[Path, Path], "PrintedSheet"]


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet as printed: text by unit and column."""

    label: str
    columns: tuple[str, ...]
    rows: dict[str, dict[str, str]] = field(repr=False)

    def value(self, unit: str, column: str) -> Value:
        """The printed value; *not applicable* for a unit that is not on the sheet.

        Raises ``SchemeError`` when the sheet has no such column.
        """
        if column not in self.columns:
            raise SchemeError(f"{self.label}:没有列 {column}(有:{'、'.join(self.columns)})")
        row = self.rows.get(unit)
        if row is None:
            return Null.NOT_APPLICABLE
        return _typed(row[column])


def read_sheet(path: Path) -> PrintedSheet:
    """A score sheet written by ``kaohe score -o sheet.csv``."""
    table: Table = read_table(path.parent, TableSpec(file=path.name))
    names = table.texts_of(unit_column(table))
    rows = {
        name: dict(zip(table.columns, row, strict=True)) for name, row in zip(names, table.texts, strict=True)
    }
    return PrintedSheet(path.name, table.columns, rows)


@dataclass
class ImportedSheets:
    """The imports of a scheme, each read or scored once, when first asked for.

    A printed sheet is looked for beside the scheme, then in the data folder; a scheme without a sheet is
    scored over ``data`` of its entry, or over the same facts.
    """

    scheme: m.Scheme
    data: Path
    score: Scorer
    _sheets: dict[str, PrintedSheet] = field(default_factory=dict)

    def value(self, alias: str, which: str, node: str, unit: str) -> Value:
        """``score``, ``published``, ``place``, ``grade`` of a node, or whether a gate ``fired``."""
        sheet = self._sheet(alias)
        if which == "fired":
            fired = sheet.value(unit, "gates")
            return (
                fired
                if isinstance(fired, Null) and fired is not Null.MISSING
                else Fraction(int(isinstance(fired, str) and node in fired.split(";")))
            )
        suffix = {"place": "_rank", "grade": "_grade"}.get(which, "")
        return sheet.value(unit, node + suffix)

    def _sheet(self, alias: str) -> PrintedSheet:
        if alias not in self._sheets:
            entry = next(entry for entry in self.scheme.imports if entry.alias == alias)
            try:
                self._sheets[alias] = self._read(entry)
            except DataError as error:
                raise SchemeError([f"{entry.at} {message}" for message in error.messages]) from None
        return self._sheets[alias]

    def _read(self, entry: m.Import) -> PrintedSheet:
        folder = self.data if self.data.is_dir() else self.data.parent
        if entry.sheet:
            beside = self.scheme.path.parent / entry.sheet
            return read_sheet(beside if beside.exists() else folder / entry.sheet)
        path = self.scheme.path.parent / entry.scheme
        data = self.scheme.path.parent / entry.data if entry.data else self.data
        return self.score(path, data)


def _typed(text: str) -> Value:
    if text == "":
        return Null.MISSING
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
