"""Rows of text to the ledger's values and back, by the types of their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from fractions import Fraction
from typing import Any, Generic, TypeVar

from kaohe.facts import model
from kaohe.facts.cells import Presence, parse_number
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.tables import Table
from kaohe.quantities.periods import Period

Row = TypeVar("Row")

_YES, _NO = frozenset({"true", "1", "是", "yes"}), frozenset({"false", "0", "否", "no"})
_CHINA = timezone(timedelta(hours=8))
_EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class FieldType:
    """How one type of field is read and written, and the words for what is expected."""

    expected: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]


def decimal_text(value: Fraction) -> str:
    """The shortest decimal of an exact value; ``DataError`` when it has no finite one.

    >>> decimal_text(Fraction("6.250")), decimal_text(Fraction(-1, 8)), decimal_text(Fraction(0))
    ('6.25', '-0.125', '0')
    """
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise DataError(f"{value} 不是有限小数,不能写入台账")
    decimals = max(twos, fives)
    digits = str(abs(value.numerator) * 10**decimals // value.denominator).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def read_time(text: str) -> datetime:
    """A date and time; one with a time zone is told in Beijing time. Raises ``ValueError``.

    >>> read_time("2005-10-08T01:00:00+00:00")
    datetime.datetime(2005, 10, 8, 9, 0)
    """
    time = datetime.fromisoformat(text)
    return time.astimezone(_CHINA).replace(tzinfo=None) if time.tzinfo else time


def _number(text: str) -> Fraction:
    number = parse_number(text)
    if number is None:
        raise ValueError(text)
    return number


def _flag(text: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise ValueError(text)
    return word in _YES


def _word(enum: type[Enum]) -> FieldType:
    words = "、".join(str(member.value) for member in enum)
    return FieldType(f"{words} 之一", enum, lambda member: str(member.value))


_PLAIN: dict[str, FieldType] = {
    "str": FieldType("文字", str, str),
    "Fraction": FieldType("数字", _number, decimal_text),
    "int": FieldType("整数", int, str),
    "bool": FieldType("true 或 false", _flag, lambda flag: "true" if flag else "false"),
    "Period": FieldType("时期(2005、2005-09、2005-Q3 或 2005-01/2005-09)", Period.parse, str),
    "date": FieldType("日期(2005-09-29)", date.fromisoformat, date.isoformat),
    "datetime": FieldType("时间(2005-10-08T09:30:00)", read_time, datetime.isoformat),
} | {
    enum.__name__: _word(enum)
    for enum in (
        Presence,
        model.IndicatorKind,
        model.Direction,
        model.Frequency,
        model.Basis,
        model.Assurance,
        model.Role,
        model.Form,
        model.TaskState,
    )
}


class Codec(Generic[Row]):
    """Reads and writes the rows of one table of a ledger as instances of ``made``."""

    def __init__(self, made: type[Row]) -> None:
        self.made = made
        declared = fields(made)  # type: ignore[arg-type]
        self.open = any(each.name == _EXTRA for each in declared)
        self.required = tuple(
            f.name for f in declared if f.default is MISSING and f.default_factory is MISSING
        )
        self.types = {
            each.name: _PLAIN[str(each.type).removesuffix(" | None")]
            for each in declared
            if each.name != _EXTRA
        }

    def read(self, table: Table) -> tuple[Row, ...]:
        """The rows of a table. Raises ``DataError`` with every fault of every row."""
        self._check_columns(table)
        rows: list[Row] = []
        messages: list[str] = []
        for number, texts in zip(table.row_numbers, table.texts, strict=True):
            try:
                rows.append(self._row(dict(zip(table.columns, texts, strict=True))))
            except DataError as error:
                messages += [f"{table.label} 第 {number} 行 {message}" for message in error.messages]
        if messages:
            raise DataError(messages)
        return tuple(rows)

    def header(self, rows: tuple[Row, ...]) -> tuple[str, ...]:
        """The columns to write: the declared ones, then the further ones in order of appearance."""
        further = dict.fromkeys(name for row in rows for name, _ in getattr(row, _EXTRA, ()))
        return (*self.types, *further)

    def write(self, row: Row, header: tuple[str, ...]) -> tuple[str, ...]:
        """One row as text, in the order of ``header``."""
        further = dict(getattr(row, _EXTRA, ()))
        return tuple(
            self._text(row, name) if name in self.types else further.get(name, "") for name in header
        )

    def _text(self, row: Row, name: str) -> str:
        value = getattr(row, name)
        return "" if value is None else self.types[name].write(value)

    def _check_columns(self, table: Table) -> None:
        messages = [f"{table.label}:缺少列 {name}" for name in self.required if name not in table.columns]
        unknown = [name for name in table.columns if name not in self.types]
        if not self.open:
            messages += [f"{table.label}:不认识的列 {name}{nearest(name, self.types)}" for name in unknown]
        if messages:
            raise DataError(messages)

    def _row(self, texts: dict[str, str]) -> Row:
        values: dict[str, Any] = {}
        messages: list[str] = []
        for name, text in self._written(texts):
            try:
                values[name] = self.types[name].read(text)
            except ValueError:
                messages.append(f"{name} 列:应为{self.types[name].expected},实为“{text}”")
        messages += [f"缺少 {name}" for name in self.required if not texts.get(name)]
        if messages:
            raise DataError(messages)
        further = tuple((name, text) for name, text in texts.items() if name not in self.types and text)
        if further:
            values[_EXTRA] = further
        return self.made(**self._with_usual_presence(values))

    def _with_usual_presence(self, values: dict[str, Any]) -> dict[str, Any]:
        if "presence" in self.types and "presence" not in values and values.get("value") is None:
            return {**values, "presence": Presence.MISSING}
        return values

    def _written(self, texts: dict[str, str]) -> Iterator[tuple[str, str]]:
        return ((name, texts[name]) for name in self.types if texts.get(name))
