"""From definitions to layered SELECTs: one CTE a stratum, no column carried further than needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache

from sqlglot import exp

from kaohe.scoring.sql.terms import Term, column, sql_of, term

_CHEAP = 3


class Plan:
    """Named definitions over the columns of one source; ``select`` writes what the outputs need of them."""

    def __init__(self, prefix: str = "v") -> None:
        self._prefix = prefix
        self._definitions: dict[str, Term] = {}
        self._names: dict[Term, Term] = {}

    def define(self, value: Term, hint: str = "") -> Term:
        """A column that holds ``value``; the same value is defined once, a trivial one not at all."""
        if value.trivial:
            return value
        if value not in self._names:
            name = f"{self._prefix}{len(self._definitions)}{'_' + hint if hint else ''}"
            self._definitions[name] = value
            self._names[value] = column(name)
        return self._names[value]

    def select(
        self, outputs: Mapping[str, Term], source: str, given: Collection[str] = ()
    ) -> list[tuple[str, exp.Select]]:
        """The CTEs, in order; the last one holds ``outputs`` under their names.

        ``given`` are definitions that the source already holds as columns.
        """
        return _Layers(self._without(given), outputs).selects(source, self._prefix)

    def needed(self, outputs: Mapping[str, Term], given: Collection[str] = ()) -> tuple[str, ...]:
        """The columns of the source (and of ``given``) that the outputs rest on."""
        definitions = self._without(given)
        used = [n for value in outputs.values() for n in references_of(value)]
        used += [n for name in _reachable(definitions, outputs) for n in references_of(definitions[name])]
        return tuple(dict.fromkeys(name for name in used if name not in definitions))

    def definitions(self, outputs: Mapping[str, Term]) -> dict[str, Term]:
        """What the outputs rest on, each definition after those that it refers to."""
        return {name: self._definitions[name] for name in _reachable(self._definitions, outputs)}

    def is_defined(self, name: str) -> bool:
        return name in self._definitions

    def _without(self, given: Collection[str]) -> dict[str, Term]:
        return {name: value for name, value in self._definitions.items() if name not in given}


class _Layers:
    def __init__(self, definitions: Mapping[str, Term], outputs: Mapping[str, Term]) -> None:
        self._definitions = definitions
        self._reachable = _reachable(definitions, outputs)
        self._inlined = self._chosen_inline(outputs)
        self._expanded: dict[Term, Term] = {}
        self.outputs = {name: self._expand(value) for name, value in outputs.items()}
        self.kept = {
            name: self._expand(definitions[name]) for name in self._reachable if name not in self._inlined
        }
        self.levels: dict[str, int] = {}

    def _chosen_inline(self, outputs: Mapping[str, Term]) -> frozenset[str]:
        uses: Counter[str] = Counter()
        for value in [*(self._definitions[name] for name in self._reachable), *outputs.values()]:
            uses.update(references_of(value))
        return frozenset(
            name
            for name in self._reachable
            if not self._definitions[name].windowed
            and (uses[name] <= 1 or (uses[name] <= 2 and _size(self._definitions[name]) <= _CHEAP))
        )

    def _expand(self, value: Term) -> Term:
        found = self._expanded.get(value)
        if found is not None:
            return found
        if value.op == "column":
            name = value.args[0]
            made = self._expand(self._definitions[name]) if name in self._inlined else value
        elif value.trivial:
            made = value
        else:
            made = term(
                value.op, *(self._expand(part) if isinstance(part, Term) else part for part in value.args)
            )
        self._expanded[value] = made
        return made

    def _level(self, name: str) -> int:
        if name not in self.kept:
            return 0
        if name not in self.levels:
            below = [self._level(reference) for reference in set(references_of(self.kept[name]))]
            self.levels[name] = 1 + max(below, default=0)
        return self.levels[name]

    def selects(self, source: str, prefix: str) -> list[tuple[str, exp.Select]]:
        highest = max((self._level(name) for name in self.kept), default=0)
        last_use = self._last_uses(highest)
        made: list[tuple[str, exp.Select]] = []
        here = source
        for level in range(1, highest + 1):
            carried = [n for n, last in last_use.items() if self._level(n) < level < last]
            new = [n for n in self.kept if self._level(n) == level]
            columns = [sql_of(column(n)) for n in carried]
            columns += [_aliased(self.kept[n], n) for n in new]
            made.append((f"{prefix}_stratum{level}", _select(columns, here)))
            here = made[-1][0]
        columns = [_aliased(value, name) for name, value in self.outputs.items()]
        made.append((f"{prefix}_result", _select(columns, here)))
        return made

    def _last_uses(self, highest: int) -> dict[str, int]:
        last: dict[str, int] = {}
        for name, value in self.kept.items():
            for reference in references_of(value):
                last[reference] = max(last.get(reference, 0), self._level(name))
        for value in self.outputs.values():
            for reference in references_of(value):
                last[reference] = highest + 1
        return last


def _reachable(definitions: Mapping[str, Term], outputs: Mapping[str, Term]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [name for value in outputs.values() for name in references_of(value)]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found[name] = None
            waiting.extend(references_of(definitions[name]))
    return [name for name in definitions if name in found]


@cache
def references_of(value: Term) -> tuple[str, ...]:
    """The columns that a term reads, once for each time they are written."""
    if value.op == "column":
        return (value.args[0],)
    return tuple(name for child in value.children() for name in references_of(child))


@cache
def _size(value: Term) -> int:
    return 1 + sum(_size(child) for child in value.children())


def _aliased(value: Term, name: str) -> exp.Expression:
    return exp.Alias(this=sql_of(value), alias=exp.Identifier(this=name, quoted=True))


def _select(columns: list[exp.Expression], source: str) -> exp.Select:
    made = exp.Select(expressions=columns or [exp.Literal.number(1)])
    return made.from_(exp.Table(this=exp.Identifier(this=source, quoted=True)), copy=False)
