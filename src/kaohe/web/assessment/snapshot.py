"""The rows of the web app as a ledger of facts, from one consistent read.

What counts as reported: figures that their unit has submitted, and those reviewed or verified since. A draft
belongs to its writer and a returned figure is with its unit again; neither is a fact, so neither is in the
snapshot, and typing changes no hash. A cell without a submitted figure is missing. Where a verifier set a
value of their own it stands beside the reported one and is the one that counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from kaohe.facts import model as facts
from kaohe.facts.cells import Presence
from kaohe.facts.ledger import CODECS, Ledger, facts_hash
from kaohe.facts.package import write_ledger
from kaohe.facts.tables import Table
from kaohe.quantities.periods import Period
from kaohe.web.assessment.models import Record, Scheme
from kaohe.web.audit.models import Event
from kaohe.web.ledger import models as rows
from kaohe.web.supervision.models import Task

COUNTED = {
    "submitted": facts.Assurance.SUBMITTED,
    "reviewed": facts.Assurance.REVIEWED,
    "verified": facts.Assurance.VERIFIED,
}
"""The states whose figures are facts, and how far each is vouched for."""

_ROUND = ("余", "多", "以上", "不少于", "至少", "约", "预计")
_TYPED = ("events", "marks")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts, the keys of the records in each register in order, and the last event that was there."""

    ledger: Ledger
    registers: dict[str, list[int]]
    seen: int


def taken(month: str) -> Snapshot:
    """Everything known for the months up to ``month`` (2005-09), read in one transaction."""
    with transaction.atomic():
        _read_one_state()
        seen = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        ledger = Ledger(
            reporting_units=tuple(_units()),
            lines=tuple(line_fact(line) for line in rows.Line.objects.select_related("parent")),
            indicators=tuple(_indicators()),
            observations=tuple(_observations(month)),
            targets=tuple(_targets()),
            schedules=tuple(
                schedule_fact(point) for point in rows.SchedulePoint.objects.order_by("schedule", "month")
            ),
            tasks=tuple(map(task_fact, Task.objects.select_related("unit", "indicator"))),
            **{name: _typed(name) for name in _TYPED},  # type: ignore[arg-type]
            records=_registers(),
            name="kaohe",
        )
        return Snapshot(ledger, _record_keys(), seen)


def laid_out(ledger: Ledger, folder: Path) -> str:
    """Writes the ledger to ``folder/ledger`` and every scheme beside it; the hash of the facts."""
    write_ledger(ledger, folder / "ledger")
    for scheme in Scheme.objects.all():
        (folder / scheme.file_name).write_text(scheme.text, encoding="utf-8")
    return facts_hash(ledger)


def _read_one_state() -> None:
    """On SQLite a transaction sees one state anyway; PostgreSQL is asked for it before the first read."""
    first = len(connection.savepoint_ids) == 0
    if connection.vendor == "postgresql" and first:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


# --- units, lines, indicators ---------------------------------------------------------------------


def _units() -> Iterator[facts.ReportingUnit]:
    further = _attributes()
    for unit in rows.ReportingUnit.objects.select_related("parent", "successor"):
        told = unit_fact(unit, further.get(unit.code, ()))
        yield replace(told, parent=_code(unit.parent), successor=_code(unit.successor))


def unit_fact(unit: rows.ReportingUnit, extra: facts.Extra = ()) -> facts.ReportingUnit:
    """A unit as the library knows it, without its place in the tree."""
    return facts.ReportingUnit(
        unit=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        peer_group=unit.peer_group,
        order=unit.order,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        extra=extra,
    )


def _attributes() -> dict[str, facts.Extra]:
    kept = Record.objects.filter(table="attributes").select_related("unit")
    return {
        record.unit.code: tuple(
            (name, text) for name, text in json.loads(record.values).items() if name != "unit"
        )
        for record in kept
    }


def line_fact(line: rows.Line) -> facts.Line:
    return facts.Line(line.code, line.name, _code(line.parent))


def _indicators() -> Iterator[facts.Indicator]:
    return map(indicator_fact, rows.Indicator.objects.select_related("line", "numerator", "denominator"))


def indicator_fact(indicator: rows.Indicator) -> facts.Indicator:
    """An indicator as the library knows it; its line and its parts have been read."""
    return facts.Indicator(
        indicator=indicator.code,
        name=indicator.name,
        line=indicator.line.code,
        measure=indicator.measure,
        kind=facts.IndicatorKind(indicator.kind),
        additive=indicator.additive,
        direction=facts.Direction(indicator.direction),
        frequency=facts.Frequency(indicator.frequency),
        decimals=indicator.decimals,
        numerator=_code(indicator.numerator),
        denominator=_code(indicator.denominator),
        definition=indicator.definition,
        definition_version=indicator.definition_version,
        official=indicator.official,
    )


def _code(row: rows.ReportingUnit | rows.Line | rows.Indicator | None) -> str:
    return "" if row is None else str(row.code)


# --- figures --------------------------------------------------------------------------------------


def _observations(month: str) -> Iterator[facts.Observation]:
    """Plain tuples of the columns that are needed: the longest table is read as cheaply as it can be."""
    indicators = {row.pk: row for row in rows.Indicator.objects.all()}
    units = dict(rows.ReportingUnit.objects.values_list("pk", "code"))
    people = _names()
    counted = rows.Observation.objects.filter(state__in=COUNTED, month__lte=month).order_by("pk")
    columns = (
        "pk", "unit_id", "indicator_id", "month", "value", "presence", "estimated", "source", "note",
        "state", "entered_by_id", "entered_at",
    )  # fmt: skip
    verified = {row.observation_id: row for row in rows.VerifiedValue.objects.all()}
    for (
        pk,
        unit,
        key,
        cell_month,
        value,
        presence,
        estimated,
        source,
        note,
        state,
        by,
        at,
    ) in counted.values_list(*columns).iterator(chunk_size=5000):
        indicator = indicators[key]
        yield _reported(
            units[unit], indicator, cell_month, value, presence, estimated, source, note, state,
            people.get(by, ""), at,
        )  # fmt: skip
        if pk in verified:
            yield _verified(verified[pk], units[unit], indicator, indicator.period(cell_month), people)
    yield from CODECS["observations"].read(_table("observations"))


def _reported(
    unit: str,
    indicator: rows.Indicator,
    month: str,
    value: str,
    presence: str,
    estimated: bool,
    source: str,
    note: str,
    state: str,
    author: str,
    at: datetime,
) -> facts.Observation:
    present = presence == Presence.PRESENT.value
    return facts.Observation(
        unit=unit,
        indicator=indicator.code,
        period=indicator.period(month),
        value=Fraction(value) if present else None,
        measure=indicator.measure,
        presence=Presence(presence),
        basis=facts.Basis.ESTIMATED if estimated else facts.Basis.ACTUAL,
        assurance=COUNTED[state],
        approx=estimated or note.startswith(_ROUND),
        decimals=_decimals(value) if present else None,
        source=source,
        recorded_at=_local(at),
        author=author,
        note=note,
    )


def _verified(
    row: rows.VerifiedValue,
    unit: str,
    indicator: rows.Indicator,
    period: Period,
    people: dict[int, str],
) -> facts.Observation:
    present = row.presence == Presence.PRESENT.value
    return facts.Observation(
        unit=unit,
        indicator=indicator.code,
        period=period,
        value=Fraction(row.value) if present else None,
        measure=indicator.measure,
        presence=Presence(row.presence),
        assurance=facts.Assurance.VERIFIED,
        decimals=_decimals(row.value) if present else None,
        role=facts.Role.VERIFIED,
        source=row.source,
        recorded_at=_local(row.at),
        author=people.get(row.by_id, "") or "认定人",
        reason=row.reason,
    )


def _names() -> dict[int, str]:
    from kaohe.web.accounts.models import Person

    return dict(Person.objects.values_list("pk", "name"))


def _decimals(value: str) -> int:
    return len(value.partition(".")[2])


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def observation_facts(row: rows.Observation) -> Iterator[facts.Observation]:
    """A figure that counts, and the verifier's own beside it; none for a draft or a returned one."""
    if row.state not in COUNTED:
        return
    people = {row.entered_by_id: row.entered_by.name} if row.entered_by else {}
    yield _reported(
        row.unit.code, row.indicator, row.month, row.value, row.presence, row.estimated, row.source,
        row.note, row.state, people.get(row.entered_by_id, ""), row.entered_at,
    )  # fmt: skip
    verified = getattr(row, "verified", None)
    if verified is not None:
        by = {verified.by_id: verified.by.name}
        yield _verified(verified, row.unit.code, row.indicator, row.indicator.period(row.month), by)


def schedule_fact(point: rows.SchedulePoint) -> facts.Schedule:
    """A point of a curve."""
    return facts.Schedule(point.schedule, point.month, Fraction(point.share))


# --- targets, registers ---------------------------------------------------------------------------


def _targets() -> Iterator[facts.Target]:
    known = rows.Target.objects.select_related("unit", "indicator", "parent_target", "lead_unit")
    return map(target_fact, known.order_by("pk"))


def target_fact(target: rows.Target) -> facts.Target:
    """A target as the library knows it; its unit and indicator have been read."""
    return facts.Target(
        target=target.code,
        unit=target.unit.code,
        indicator=target.indicator.code,
        period=Period.parse(target.period),
        form=facts.Form(target.form),
        value=Fraction(target.value) if target.value else None,
        measure="" if target.form in ("growth", "points") else target.indicator.measure,
        issuer=target.issuer,
        document=target.document,
        version=target.edition,
        valid_from=target.valid_from,
        parent_target=target.parent_target.code if target.parent_target else "",
        schedule=target.schedule,
        lead_unit=_code(target.lead_unit),
        accountable_leader=target.accountable_leader,
        owner=target.owner,
        approx=target.approx,
        note=target.note,
    )


def task_fact(task: Task) -> facts.Task:
    """A task as the library knows it; its unit and indicator have been read."""
    return facts.Task(
        task=task.code,
        unit=task.unit.code,
        indicator=_code(task.indicator),
        cause=task.cause,
        owner=task.owner,
        supporting=task.supporting,
        start=task.start,
        due=task.due,
        deliverable=task.deliverable,
        contribution=task.contribution_text,
        state=facts.TaskState(task.state),
        note=task.note,
    )


def _typed(name: str) -> tuple[object, ...]:
    return tuple(CODECS[name].read(_table(name)))


def _registers() -> dict[str, Table]:
    kept = (
        Record.objects.exclude(table__in=(*CODECS, "attributes")).order_by().values_list("table", flat=True)
    )
    return {name: _table(name) for name in sorted(set(kept))}


def _record_keys() -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for table, key in Record.objects.order_by("table", "order", "pk").values_list("table", "pk"):
        keys.setdefault(table, []).append(key)
    return keys


def _table(name: str) -> Table:
    texts = [json.loads(values) for values in _values(name)]
    columns = tuple(dict.fromkeys(column for row in texts for column in row))
    if not columns:
        columns = tuple(CODECS[name].types) if name in CODECS else ("unit",)
    return Table(f"{name}.csv", columns, _filled(texts, columns), tuple(range(2, len(texts) + 2)))


def _values(name: str) -> Iterable[str]:
    return Record.objects.filter(table=name).order_by("order", "pk").values_list("values", flat=True)


def _filled(texts: Sequence[dict[str, str]], columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row.get(column, "") for column in columns) for row in texts)
