"""A ledger: every table of facts together, each row referring only to what exists."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kaohe.facts.codec import Codec
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.model import (
    POINTS,
    Event,
    Form,
    Indicator,
    Line,
    Mark,
    Observation,
    ReportingUnit,
    Schedule,
    Target,
    Task,
)
from kaohe.facts.schedules import curves_of, is_known
from kaohe.facts.tables import Table
from kaohe.quantities.measures import comparable

CODECS: dict[str, Codec[Any]] = {
    "reporting_units": Codec(ReportingUnit),
    "lines": Codec(Line),
    "indicators": Codec(Indicator),
    "observations": Codec(Observation),
    "targets": Codec(Target),
    "schedules": Codec(Schedule),
    "tasks": Codec(Task),
    "events": Codec(Event),
    "marks": Codec(Mark),
}
"""The tables of a ledger, in the order in which they are written and hashed."""


@dataclass(frozen=True)
class Ledger:
    """The facts of some reporting units. ``records`` are further tables, a unit in the column ``unit``.

    Raises ``DataError`` naming every row that refers to something absent, every cycle and every repetition.
    """

    reporting_units: tuple[ReportingUnit, ...] = ()
    lines: tuple[Line, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    observations: tuple[Observation, ...] = ()
    targets: tuple[Target, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    tasks: tuple[Task, ...] = ()
    events: tuple[Event, ...] = ()
    marks: tuple[Mark, ...] = ()
    records: Mapping[str, Table] = field(default_factory=dict)
    name: str = "ledger"
    title: str = ""

    def __post_init__(self) -> None:
        messages = list(_faults(self))
        if messages:
            raise DataError(dict.fromkeys(messages))

    def rows(self, table: str) -> tuple[Any, ...]:
        """The rows of one of the tables of ``CODECS``."""
        rows: tuple[Any, ...] = getattr(self, table)
        return rows

    def as_of(self, time: datetime) -> Ledger:
        """The ledger as it was known at ``time``: without the figures recorded later."""
        known = tuple(o for o in self.observations if o.recorded_at is None or o.recorded_at <= time)
        return replace(self, observations=known)

    def with_observations(self, added: Iterable[Observation]) -> Ledger:
        """The ledger with more figures; ``DataError`` when any of them does not fit."""
        return replace(self, observations=(*self.observations, *added))


def facts_hash(ledger: Ledger) -> str:
    """The SHA-256 of the ledger's canonical rows: the same facts in any order of rows give the same hash."""
    digest = hashlib.sha256()
    for line in _canonical_lines(ledger):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _canonical_lines(ledger: Ledger) -> Iterator[str]:
    for name, codec in CODECS.items():
        rows = ledger.rows(name)
        header = (*codec.types, *sorted(set(codec.header(rows)) - set(codec.types)))
        yield f"# {name} {_joined(header)}"
        yield from sorted(_joined(codec.write(row, header)) for row in rows)
    for name in sorted(ledger.records):
        table = ledger.records[name]
        yield f"# {name} {_joined(table.columns)}"
        # A record has no key of its own: the order of a file may matter to "first come".
        yield from (_joined(texts) for texts in table.texts)


def _joined(texts: Iterable[str]) -> str:
    return "\x1f".join(text.replace("\\", "\\\\").replace("\n", "\\n") for text in texts)


def _faults(ledger: Ledger) -> Iterator[str]:
    yield from _repetitions(ledger)
    yield from _dangling(ledger)
    yield from _cycles(ledger)
    yield from _bad_schedules(ledger)
    yield from _bad_measures(ledger)
    yield from _bad_revisions(ledger)


def _repetitions(ledger: Ledger) -> Iterator[str]:
    keys: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("reporting_units", "单位", (row.unit for row in ledger.reporting_units)),
        ("lines", "条线", (row.line for row in ledger.lines)),
        ("indicators", "指标", (row.indicator for row in ledger.indicators)),
        ("targets", "目标", (row.target for row in ledger.targets)),
        ("tasks", "工作措施", (row.task for row in ledger.tasks)),
    )
    for table, meaning, values in keys:
        for value, count in Counter(values).items():
            if count > 1:
                yield f"{table}:{meaning} {value} 重复 {count} 次"


def _dangling(ledger: Ledger) -> Iterator[str]:
    units = {row.unit for row in ledger.reporting_units}
    lines = {row.line for row in ledger.lines}
    indicators = {row.indicator for row in ledger.indicators}
    targets = {row.target for row in ledger.targets}
    links: tuple[tuple[str, str, str, set[str]], ...] = (
        ("reporting_units", "parent", "单位", units),
        ("reporting_units", "successor", "单位", units),
        ("lines", "parent", "条线", lines),
        ("indicators", "line", "条线", lines),
        ("indicators", "numerator", "指标", indicators),
        ("indicators", "denominator", "指标", indicators),
        ("observations", "unit", "单位", units),
        ("observations", "indicator", "指标", indicators),
        ("targets", "unit", "单位", units),
        ("targets", "indicator", "指标", indicators),
        ("targets", "parent_target", "目标", targets),
        ("tasks", "unit", "单位", units),
        ("tasks", "indicator", "指标", indicators),
        ("events", "unit", "单位", units),
        ("marks", "unit", "单位", units),
    )
    for table, column, meaning, known in links:
        for value in dict.fromkeys(getattr(row, column) for row in ledger.rows(table)):
            if value and value not in known:
                yield f"{table} {column} 列:找不到{meaning} {value}{nearest(value, known)}"


def _cycles(ledger: Ledger) -> Iterator[str]:
    units = {row.unit: row for row in ledger.reporting_units}
    yield from _loops("单位的上级", {name: [row.parent] for name, row in units.items()})
    yield from _loops("单位的继任", {name: [row.successor] for name, row in units.items()})
    yield from _loops("条线的上级", {row.line: [row.parent] for row in ledger.lines})
    yield from _loops("上级目标", {row.target: [row.parent_target] for row in ledger.targets})
    parts = {row.indicator: [row.numerator, row.denominator] for row in ledger.indicators}
    yield from _loops("指标的分子分母", parts)


def _loops(meaning: str, links: Mapping[str, list[str]]) -> Iterator[str]:
    finished: set[str] = set()
    for start in links:
        path = _loop_from(start, links, finished)
        if path:
            yield f"{meaning}互相循环:{' → '.join(path)}"


def _loop_from(start: str, links: Mapping[str, list[str]], finished: set[str]) -> list[str]:
    stack: list[tuple[str, Iterator[str]]] = [(start, iter(links[start]))] if start not in finished else []
    on_path = {start: None}
    while stack:
        node, ahead = stack[-1]
        following = next((each for each in ahead if each in links and each not in finished), None)
        if following is None:
            finished.add(node)
            on_path.pop(node)
            stack.pop()
        elif following in on_path:
            path = list(on_path)
            finished.update(path)
            return [*path[path.index(following) :], following]
        else:
            on_path[following] = None
            stack.append((following, iter(links[following])))
    return []


def _bad_schedules(ledger: Ledger) -> Iterator[str]:
    try:
        curves = curves_of(ledger.schedules)
    except DataError as error:
        yield from error.messages
        return
    for target in ledger.targets:
        if not is_known(target.schedule, curves):
            hint = nearest(target.schedule, curves)
            yield f"targets 目标 {target.target}:找不到进度表 {target.schedule}{hint}"


def _bad_measures(ledger: Ledger) -> Iterator[str]:
    measures = {row.indicator: row.measure for row in ledger.indicators}
    for row in ledger.observations:
        if not _convertible(row.measure, measures.get(row.indicator, "")):
            label = f"observations {row.unit} {row.indicator} {row.period}"
            yield f"{label}:计量单位 {row.measure} 不能换算成指标的 {measures[row.indicator]}"
    for target in ledger.targets:
        expected = "%" if _is_relative(target) else measures.get(target.indicator, "")
        if not _convertible(target.measure, expected):
            yield f"targets 目标 {target.target}:计量单位 {target.measure} 不能换算成 {expected}"


def _is_relative(target: Target) -> bool:
    return target.form in (Form.GROWTH, Form.POINTS)


def _convertible(written: str, expected: str) -> bool:
    same = not written or not expected or written == expected
    return same or comparable("%" if written in POINTS else written, expected)


def _bad_revisions(ledger: Ledger) -> Iterator[str]:
    versions: dict[object, list[Observation]] = {}
    for row in ledger.observations:
        versions.setdefault(row.key, []).append(row)
    for rows in versions.values():
        yield from _bad_chain(rows)


def _bad_chain(rows: list[Observation]) -> Iterator[str]:
    label = f"observations {rows[0].unit} {rows[0].indicator} {rows[0].period}"
    known = [row.recorded_at for row in rows]
    replaced = Counter(row.supersedes for row in rows)
    if replaced[None] > 1:
        yield f"{label}:同一个数有 {replaced[None]} 行;更正时应在 supersedes 写明被更正那一行的 recorded_at"
    for time, count in replaced.items():
        if time is not None and time not in known:
            yield f"{label}:supersedes 写的 {time} 不是任何一行的 recorded_at"
        if time is not None and count > 1:
            yield f"{label}:{time} 的数被更正了 {count} 次,应逐次更正"
