"""Facts into a ledger folder: all that was given or nothing, and never over a figure that is held."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kaohe.facts.codec import Codec, decimal_text
from kaohe.facts.errors import DataError
from kaohe.facts.journal import JOURNAL, alone, finish, write_together
from kaohe.facts.ledger import CODECS, Ledger
from kaohe.facts.model import Observation, Target
from kaohe.facts.package import DESCRIPTOR, read_ledger
from kaohe.quantities.measures import MeasureError, convert


class Conflicts(DataError):
    """Figures that the ledger holds otherwise; nothing was added."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding: the rows that are new, those that were held already, and the ledger as it is."""

    observations: tuple[Observation, ...]
    targets: tuple[Target, ...]
    unchanged: int
    ledger: Ledger


def add_facts(
    folder: str | Path,
    observations: Iterable[Observation] = (),
    targets: Iterable[Target] = (),
    *,
    supersede: bool = False,
    files: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Added:
    """Adds observations and targets to the ledger in ``folder``, all of them or none.

    A figure that is held with the same value and presence is left alone; one held otherwise is refused,
    or with ``supersede`` revised by a new row. ``files`` are further texts of the folder, by name, that are
    to change together with the facts. ``dry_run`` says what would be added and writes nothing.

    Raises ``Conflicts`` with every figure that is held otherwise, ``DataError`` with every row that does not
    fit; the folder is then untouched.
    """
    base = Path(folder)
    with alone(base, dry_run):
        if not dry_run:
            finish(base)
        held = read_ledger(base)
        fresh, same = _new_observations(held, tuple(observations), supersede)
        aims, same_aims = _new_targets(held, tuple(targets))
        ledger = replace(held, observations=(*held.observations, *fresh), targets=(*held.targets, *aims))
        changed = _texts(base, ledger, bool(fresh), bool(aims)) | dict(files or {})
        if changed and not dry_run:
            write_together(base, {name: text.encode() for name, text in changed.items()})
    return Added(fresh, aims, same + same_aims, ledger)


def recover(folder: str | Path) -> bool:
    """Finishes what a crash interrupted; whether there was anything to finish."""
    base = Path(folder)
    if not (base / JOURNAL).exists():
        return False
    with alone(base):
        return finish(base)


def _new_observations(
    held: Ledger, given: Sequence[Observation], supersede: bool
) -> tuple[tuple[Observation, ...], int]:
    current = {row.key: row for row in held.observations}
    replaced = {(row.key, row.supersedes) for row in held.observations if row.supersedes}
    for row in held.observations:
        if (row.key, row.recorded_at) not in replaced:
            current[row.key] = row
    fresh: list[Observation] = []
    faults: list[str] = []
    for row in given:
        before = current.get(row.key)
        if before is None or (supersede and not _same_figure(before, row)):
            made = row if before is None else _revision(before, row)
            current[row.key] = made
            fresh.append(made)
        elif not _same_figure(before, row):
            faults.append(_conflict(before, row))
    if faults:
        raise Conflicts(faults)
    return tuple(fresh), len(given) - len(fresh)


def _revision(before: Observation, row: Observation) -> Observation:
    if before.recorded_at is None:
        raise Conflicts(f"{_label(before)}:已有的数没有 recorded_at,不能更正")
    return replace(row, supersedes=before.recorded_at, recorded_at=row.recorded_at or _now())


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)


def _same_figure(before: Observation, row: Observation) -> bool:
    if before.presence is not row.presence or before.value is None or row.value is None:
        return before.presence is row.presence and before.value is row.value
    if before.measure == row.measure or not (before.measure and row.measure):
        return before.value == row.value
    try:
        return convert(row.value, row.measure, before.measure) == before.value
    except MeasureError:
        return False


def _conflict(before: Observation, row: Observation) -> str:
    source = f"({row.source})" if row.source else ""
    return f"{_label(row)}:台账已有 {_figure(before)},这里是 {_figure(row)}{source};没有覆盖"


def _label(row: Observation) -> str:
    return f"{row.unit} {row.indicator} {row.period}"


def _figure(row: Observation | Target) -> str:
    if row.value is None:
        return row.presence.value if isinstance(row, Observation) else "空"
    return decimal_text(row.value) + row.measure


def _new_targets(held: Ledger, given: Sequence[Target]) -> tuple[tuple[Target, ...], int]:
    current = {_target_key(row): row for row in held.targets}
    names = {row.target for row in held.targets}
    fresh: list[Target] = []
    faults: list[str] = []
    for row in given:
        before = current.get(_target_key(row))
        if before is None and row.target not in names:
            current[_target_key(row)] = row
            names.add(row.target)
            fresh.append(row)
        elif before is None:
            faults.append(f"目标 {row.target}:台账已有同名的目标,内容不同;没有覆盖")
        elif (before.value, before.measure) != (row.value, row.measure):
            label = f"{row.unit} {row.indicator} {row.period} 的目标"
            faults.append(f"{label}:台账已有 {_figure(before)},这里是 {_figure(row)};没有覆盖")
    if faults:
        raise Conflicts(faults)
    return tuple(fresh), len(given) - len(fresh)


def _target_key(row: Target) -> tuple[object, ...]:
    return row.unit, row.indicator, row.period, row.form, row.issuer, row.document, row.version


def _texts(base: Path, ledger: Ledger, observations: bool, targets: bool) -> dict[str, str]:
    """The new text of every file of the ledger that changes, the descriptor among them for a new table."""
    descriptor, names = _described_files(base)
    texts: dict[str, str] = {}
    for table, wanted in (("observations", observations), ("targets", targets)):
        if not wanted:
            continue
        name = names.get(table, f"{table}.csv")
        if Path(name).suffix.lower() != ".csv":
            raise DataError(f"{name}:只能向 CSV 的台账追加")
        texts[name] = _csv_text(CODECS[table], ledger.rows(table))
        if descriptor is not None and table not in names:
            resource = {"name": table, "path": name, "format": "csv", "encoding": "utf-8"}
            descriptor["resources"] = [*descriptor["resources"], resource]
            texts[DESCRIPTOR] = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    return texts


def _described_files(base: Path) -> tuple[dict[str, list[object]] | None, dict[str, str]]:
    path = base / DESCRIPTOR
    if not path.is_file():
        return None, {entry.stem: entry.name for entry in base.iterdir() if entry.suffix}
    descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    found = {each.get("name") or Path(each["path"]).stem: each["path"] for each in descriptor["resources"]}
    return descriptor, found


def _csv_text(codec: Codec[object], rows: tuple[object, ...]) -> str:
    import csv
    import io

    header, text = codec.header(rows), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(codec.write(row, header) for row in rows)
    return text.getvalue()
