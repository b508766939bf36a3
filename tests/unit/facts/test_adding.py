"""Adding facts to a ledger: all or nothing, nothing overwritten, nothing lost in a crash."""

from __future__ import annotations

import os
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.facts.adding import JOURNAL, Conflicts, add_facts, recover
from kaohe.facts.errors import DataError
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Indicator, Observation, ReportingUnit, Target
from kaohe.facts.package import read_ledger, write_ledger
from kaohe.quantities.periods import Period

SEPTEMBER = Period.parse("2025-09")


def output(value: str, unit: str = "甲镇", measure: str = "万元", **more: object) -> Observation:
    return Observation(unit, "产值", SEPTEMBER, Fraction(value), measure, **more)  # type: ignore[arg-type]


def aim(value: str) -> Target:
    return Target("t1", "甲镇", "产值", Period.parse("2025"), value=Fraction(value), measure="万元")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    units = (ReportingUnit("甲镇"), ReportingUnit("乙镇"))
    held = (output("6", recorded_at=datetime(2025, 10, 8)),)
    write_ledger(
        Ledger(units, indicators=(Indicator("产值", measure="万元"),), observations=held), tmp_path / "d"
    )
    return tmp_path / "d"


def contents(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file() and not f.name.endswith(".lock")}


def test_observations_and_targets_are_added(folder: Path) -> None:
    added = add_facts(folder, [output("7", "乙镇")], [aim("9")], files={"note.json": "{}"})
    assert (len(added.observations), len(added.targets), added.unchanged) == (1, 1, 0)
    assert read_ledger(folder) == added.ledger
    assert (folder / "note.json").read_text() == "{}"


def test_the_same_again_changes_nothing(folder: Path) -> None:
    add_facts(folder, targets=[aim("9")])
    before = contents(folder)
    again = add_facts(folder, [output("0.0006", measure="亿元")], [aim("9")])
    assert (again.observations, again.targets, again.unchanged) == ((), (), 2)
    assert contents(folder) == before


def test_every_conflict_is_named_and_nothing_is_written(folder: Path) -> None:
    add_facts(folder, [output("7", "乙镇")])
    before = contents(folder)
    with pytest.raises(Conflicts) as caught:
        add_facts(folder, [output("8"), output("8", "乙镇")])
    assert [message.split(":")[0] for message in caught.value.messages] == [
        "甲镇 产值 2025-09",
        "乙镇 产值 2025-09",
    ]
    assert "台账已有 6万元" in caught.value.messages[0]
    assert contents(folder) == before


def test_a_revision_names_what_it_replaces(folder: Path) -> None:
    added = add_facts(folder, [output("8")], supersede=True)
    assert added.observations[0].supersedes == datetime(2025, 10, 8)
    assert len(read_ledger(folder).observations) == 2


def test_unknown_units_are_refused(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(DataError, match="找不到单位"):
        add_facts(folder, [output("8", "丙镇")], [aim("9")])
    assert contents(folder) == before


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = sorted(entry.name for entry in folder.iterdir())
    assert len(add_facts(folder, [output("7", "乙镇")], dry_run=True).observations) == 1
    assert sorted(entry.name for entry in folder.iterdir()) == before


def crash_at(rename: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, true_replace = [0], os.replace

    def replace(source: str, target: str) -> None:
        calls[0] += 1
        if calls[0] == rename:
            raise KeyboardInterrupt
        true_replace(source, target)

    monkeypatch.setattr(os, "replace", replace)


@pytest.mark.parametrize("rename", [1, 2, 3, 4])
def test_a_crash_leaves_all_or_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, rename: int) -> None:
    before = read_ledger(folder)
    with monkeypatch.context() as patched:
        crash_at(rename, patched)
        with pytest.raises(KeyboardInterrupt):
            add_facts(folder, [output("7", "乙镇")], [aim("9")])
    assert (folder / JOURNAL).exists() is recover(folder)
    after = read_ledger(folder)
    whole = (len(after.observations), len(after.targets)) == (2, 1)
    assert whole if rename > 1 else after == before
