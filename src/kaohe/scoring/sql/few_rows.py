"""A plan over few rows in plain Python: an engine spends a second on 5,000 columns, however few the rows.

The definitions are those that become SQL, doubts included. They are sorted into stages, each a loop over the
rows, with the window functions between them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kaohe.scoring.sql.numbers import Unsupported
from kaohe.scoring.sql.plan import Plan, references_of
from kaohe.scoring.sql.python_terms import NAMES, Writer, Written
from kaohe.scoring.sql.terms import Term

Columns = dict[Term | str, list[Any]]
_NEVER_NULL = frozenset({"count", "rank", "dense_rank", "row_number"})


@dataclass
class FewRows:
    """The outputs of a plan as one Python function of the source's columns.

    ``never_null``: columns of the source without nulls. Raises ``Unsupported`` for a term that has no Python.
    """

    plan: Plan
    outputs: Mapping[str, Term]
    never_null: Collection[str] = ()
    _stages: list[_Stage] = field(default_factory=list)
    _levels: dict[Term | str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = self.plan.definitions(self.outputs)
        self._named = {**named, **{f"out {name}": value for name, value in self.outputs.items()}}
        self._windows: dict[Term, None] = {}
        for name, value in self._named.items():
            self._levels[name] = self._level(value)
        self._locals: dict[Term | str, Written] = {}
        self._source_names = [n for n in self._references() if n not in self._named]
        for name in self._source_names:
            self._add_local(name, name not in self.never_null)
        highest = max(self._levels.values(), default=0)
        for level in range(highest + 1):
            self._stages.append(self._stage(level))

    def evaluate(self, source: Mapping[str, Sequence[Any]], size: int) -> dict[str, list[Any]]:
        """The outputs, a list a name; ``source`` holds the columns, each of ``size`` values.

        Raises ``ArithmeticError`` or ``ValueError`` where a function is not defined.
        """
        columns: Columns = {name: list(source[name]) for name in self._source_names}
        for stage in self._stages:
            stage.run(columns, size)
        return {name: columns[f"out {name}"] for name in self.outputs}

    # --- levels ---------------------------------------------------------------------------------

    def _references(self) -> dict[str, None]:
        return dict.fromkeys(n for value in self._named.values() for n in references_of(value))

    def _level(self, value: Term) -> int:
        """How many rounds of window functions come before the value."""
        if value.op == "column":
            return self._levels.get(value.args[0], 0)
        if value in self._levels:
            return self._levels[value]
        found = max((self._level(child) for child in value.children()), default=0)
        if value.op == "window":
            self._windows[value] = None
            found += 1
        self._levels[value] = found
        return found

    def _add_local(self, key: Term | str, nullable: bool) -> None:
        self._locals[key] = (f"c{len(self._locals)}", nullable)

    # --- stages ---------------------------------------------------------------------------------

    def _stage(self, level: int) -> _Stage:
        windows = [_Window.of(window) for window in self._windows if self._levels[window] == level]
        for window in windows:
            self._add_local(window.term, self._window_may_be_null(window))
        names = [name for name in self._named if self._levels[name] == level]
        writer = Writer(self._locals)
        lines: list[str] = []
        for name in names:
            shown, nullable = writer.value(self._named[name])
            self._add_local(name, nullable)
            lines.append(f"{self._locals[name][0]} = {shown}")
        # What a window looks at, where it is not a column yet, is worked out in the stage before.
        extra = self._window_inputs(level)
        for term in extra:
            shown, nullable = writer.value(term)
            self._add_local(term, nullable)
            lines.append(f"{self._locals[term][0]} = {shown}")
        kept: list[Term | str] = [name for name in names if self._is_used_later(name, level)]
        kept += extra
        read = self._read_by([self._named[name] for name in names] + extra, {*names})
        return _Stage(windows, _function(self._locals, read, lines, kept), read, kept)

    def _window_may_be_null(self, window: _Window) -> bool:
        if window.function in _NEVER_NULL:
            return False
        argument = window.argument
        return argument is None or window.function in ("lag", "lead") or self._may_be_null(argument)

    def _may_be_null(self, term: Term) -> bool:
        key: Term | str = term.args[0] if term.op == "column" else term
        return self._locals[key][1] if key in self._locals else term.op != "number"

    def _window_inputs(self, level: int) -> list[Term]:
        found: dict[Term, None] = {}
        for window in self._windows:
            for child in window.children():
                if child.op not in ("column", "window", "number") and self._level(child) == level:
                    found[child] = None
        return [term for term in found if term not in self._locals]

    def _is_used_later(self, name: str, level: int) -> bool:
        return name.startswith("out ") or self._last_use.get(name, -1) > level

    @property
    def _last_use(self) -> dict[str, int]:
        if not hasattr(self, "_uses"):
            self._uses: dict[str, int] = {}
            for name, value in self._named.items():
                for used in references_of(value):
                    self._uses[used] = max(self._uses.get(used, -1), self._levels[name])
            for window in self._windows:
                for child in window.children():
                    if child.op == "column":
                        self._uses[child.args[0]] = 1_000_000
        return self._uses

    def _read_by(self, values: Iterable[Term], own: set[str]) -> list[Term | str]:
        """The columns and windows that a stage takes from before it."""
        found: dict[Term | str, None] = {}
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if value.op == "window":
                found[value] = None
            elif value.op == "column":
                if value.args[0] not in own:
                    found[value.args[0]] = None
            else:
                waiting.extend(value.children())
        return list(found)


@dataclass(frozen=True)
class _Stage:
    """Windows over what is there, then a loop over the rows."""

    windows: list[_Window]
    function: Callable[..., Sequence[list[Any]]]
    read: list[Term | str]
    kept: list[Term | str]

    def run(self, columns: Columns, size: int) -> None:
        buckets: dict[tuple[Term, ...], list[list[int]]] = {}
        for window in self.windows:
            columns[window.term] = window.column(columns, size, buckets)
        found = self.function(size, *(columns[key] for key in self.read))
        columns.update(zip(self.kept, found, strict=True))


def _function(
    names: Mapping[Term | str, Written], read: Sequence[Term | str], lines: Sequence[str],
    kept: Sequence[Term | str],
) -> Callable[..., Sequence[list[Any]]]:  # fmt: skip
    """A function of the size and the columns read that gives the columns kept."""
    if not lines:
        return lambda size, *columns: ()
    taken = [names[key][0] for key in read]
    given = [names[key][0] for key in kept]
    text = [f"def stage(size, {', '.join(f'l{name}' for name in taken)}):"]
    text += [f"    o{name} = []; p{name} = o{name}.append" for name in given]
    row = (
        f"{', '.join(taken)}, in zip({', '.join(f'l{name}' for name in taken)})"
        if taken
        else "_ in range(size)"
    )
    text.append(f"    for {row}:")
    text += [f"        {line}" for line in lines]
    text += [f"        p{name}({name})" for name in given]
    text.append(f"    return ({''.join(f'o{name}, ' for name in given)})")
    space = dict(NAMES)
    # Only names and constants of the compiler's own terms are written; texts go through repr.
    exec(compile("\n".join(text), "<plan>", "exec"), space)
    made: Callable[..., Sequence[list[Any]]] = space["stage"]
    return made


# --- windows --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Window:
    """``function(argument) OVER (PARTITION BY partition ORDER BY order)``."""

    term: Term
    function: str
    argument: Term | None
    partition: tuple[Term, ...]
    order: tuple[tuple[Term, bool], ...]

    @classmethod
    def of(cls, term: Term) -> _Window:
        function, argument, count, *rest = term.args
        order = tuple(zip(rest[count::2], rest[count + 1 :: 2], strict=True))
        if function not in _AGGREGATES and function not in _ORDERED:
            raise Unsupported(f"no Python for {function}")
        if order and function in _AGGREGATES:
            raise Unsupported(f"no Python for a running {function}")
        return cls(term, function, argument, tuple(rest[:count]), order)

    def column(
        self, columns: Columns, size: int, buckets: dict[tuple[Term, ...], list[list[int]]]
    ) -> list[Any]:
        if self.partition not in buckets:
            buckets[self.partition] = _buckets([_values(columns, key, size) for key in self.partition], size)
        values = _values(columns, self.argument, size) if self.argument is not None else []
        found: list[Any] = [None] * size
        for rows in buckets[self.partition]:
            if self.function in _AGGREGATES:
                present = [value for row in rows if (value := values[row]) is not None]
                result = _AGGREGATES[self.function](present)
                for row in rows:
                    found[row] = result
            else:
                keys = [(_values(columns, key, size), descending) for key, descending in self.order]
                for row, result in _ORDERED[self.function](_sorted(rows, keys), keys, values):
                    found[row] = result
        return found


def _values(columns: Columns, term: Term, size: int) -> list[Any]:
    if term.op == "number":
        return [term.args[0]] * size
    return columns[term.args[0] if term.op == "column" else term]


def _buckets(keys: list[list[Any]], size: int) -> list[list[int]]:
    if not keys:
        return [list(range(size))]
    found: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(zip(*keys, strict=True)):
        found.setdefault(key, []).append(row)
    return list(found.values())


_Keys = list[tuple[list[Any], bool]]


def _sorted(rows: list[int], keys: _Keys) -> list[int]:
    """In order, nulls last."""
    for values, descending in reversed(keys):
        present = [row for row in rows if values[row] is not None]
        absent = [row for row in rows if values[row] is None]
        rows = [*sorted(present, key=values.__getitem__, reverse=descending), *absent]
    return rows


def _rank(rows: list[int], keys: _Keys, values: list[Any]) -> Iterable[tuple[int, int]]:
    before: list[Any] | None = None
    place = 0
    for number, row in enumerate(rows, start=1):
        now = [column[row] for column, _ in keys]
        if now != before:
            before, place = now, number
        yield row, place


def _dense_rank(rows: list[int], keys: _Keys, values: list[Any]) -> Iterable[tuple[int, int]]:
    before: list[Any] | None = None
    place = 0
    for row in rows:
        now = [column[row] for column, _ in keys]
        if now != before:
            before, place = now, place + 1
        yield row, place


def _row_number(rows: list[int], keys: _Keys, values: list[Any]) -> Iterable[tuple[int, int]]:
    return ((row, number) for number, row in enumerate(rows, start=1))


def _lag(rows: list[int], keys: _Keys, values: list[Any]) -> Iterable[tuple[int, Any]]:
    return ((row, values[before]) for before, row in pairwise(rows))


def _lead(rows: list[int], keys: _Keys, values: list[Any]) -> Iterable[tuple[int, Any]]:
    return ((row, values[after]) for row, after in pairwise(rows))


def _mean(values: list[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "sum": lambda values: math.fsum(values) if values else None,
    "avg": _mean,
    "count": len,
    "any": lambda values: any(values) if values else None,
}
_ORDERED: dict[str, Callable[[list[int], _Keys, list[Any]], Iterable[tuple[int, Any]]]] = {
    "rank": _rank,
    "dense_rank": _dense_rank,
    "row_number": _row_number,
    "lag": _lag,
    "lead": _lead,
}

__all__ = ["FewRows"]
