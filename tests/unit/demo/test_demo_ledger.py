"""The demo ledger holds the speech's facts with their places; everything else says that it is made up."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kaohe.demo import folder

LEDGER = folder() / "ledger"
SHARED = Path(__file__).resolve().parents[4] / "shared"
SPEECH = SHARED / "seed" / "speech.txt"
GOLD = SHARED / "reading" / "gold" / "00.jsonl"
SOURCE = re.compile(r"speech\.txt#sha256:(?P<hash>[0-9a-f]{16,64})#char=(?P<start>\d+)-(?P<end>\d+)")
DEMO = "演示数据"
# Places and firms that the speech names, as hashes: the names themselves stay out of the repository.
REAL_NAMES = {
    "055dbe1c41be", "0bc014bacef2", "10c4245aae4e", "1dcd238d62e2", "5af02ae725b6", "61ca5fc576f4",
    "7665336b1a0f", "8ba510119eeb", "8d4b2c5c05d2", "8f9d5cdb99ce", "a8027f71a8e3", "bef79756a022",
    "cdc7e01287b1", "d1194c364c80", "de31fa89ab4e", "e274cf5a92ca", "e35b181ff63d", "e9634b676183",
    "fbca2946560d",
}  # fmt: skip
NAME_LENGTHS = (2, 3, 4)

needs_speech = pytest.mark.skipif(not SPEECH.exists(), reason="needs ../shared")

Row = dict[str, str]


@cache
def rows(table: str) -> tuple[Row, ...]:
    with (LEDGER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def source_of(row: Row) -> str:
    """A target's source is its document."""
    return row["source"] if "source" in row else row["document"]


def spans(source: str) -> list[tuple[int, int]]:
    return [(int(found["start"]), int(found["end"])) for found in SOURCE.finditer(source)]


def gold_facts() -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def stands_for(row: Row, fact: dict[str, Any]) -> bool:
    value = Decimal(-fact["value"] if fact.get("direction") == "loss" else fact["value"])
    same_span = (fact["start"], fact["end"]) in spans(source_of(row))
    same_measure = not fact["unit"] or row["measure"] == fact["unit"]
    return same_span and same_measure and row["value"] != "" and Decimal(row["value"]) == value


def demo_files() -> list[Path]:
    kinds = {".csv", ".json", ".md", ".yaml"}
    return sorted(path for path in folder().rglob("*") if path.suffix in kinds)


def sourced_tables() -> list[str]:
    tables = [path.stem for path in sorted(LEDGER.glob("*.csv"))]
    return [table for table in tables if {"source", "document"} & rows(table)[0].keys()]


@pytest.mark.shared
@needs_speech
def test_every_fact_of_the_speech_is_held_with_its_place_and_value() -> None:
    held = rows("observations") + rows("targets")
    facts = gold_facts()
    lost = [fact["text"] for fact in facts if not any(stands_for(row, fact) for row in held)]
    assert len(facts) == 74
    assert lost == []


@pytest.mark.shared
@needs_speech
def test_sources_name_the_speech_by_its_hash_and_stay_inside_it() -> None:
    digest = hashlib.sha256(SPEECH.read_bytes()).hexdigest()
    length = len(SPEECH.read_text(encoding="utf-8"))
    package = json.loads((LEDGER / "datapackage.json").read_text(encoding="utf-8"))
    assert package["speech"]["sha256"] == digest
    for table in sourced_tables():
        for row in rows(table):
            for found in SOURCE.finditer(source_of(row)):
                assert digest.startswith(found["hash"])
                assert 0 <= int(found["start"]) < int(found["end"]) <= length


@pytest.mark.shared
@needs_speech
def test_no_sentence_of_the_speech_is_copied() -> None:
    run = 13
    speech = SPEECH.read_text(encoding="utf-8")
    for path in demo_files():
        text = path.read_text(encoding="utf-8")
        copied = {text[i : i + run] for i in range(len(text) - run + 1)} & {
            speech[i : i + run] for i in range(len(speech) - run + 1)
        }
        assert not copied, (path.name, copied)


def test_everything_not_from_the_speech_is_labelled() -> None:
    for table in sourced_tables():
        for number, row in enumerate(rows(table), start=2):
            from_speech = SOURCE.fullmatch(source_of(row)) is not None
            assert from_speech or source_of(row).startswith(DEMO), (table, number, source_of(row))


def test_only_the_township_itself_is_sourced_in_the_speech() -> None:
    for table in sourced_tables():
        for row in rows(table):
            assert row["unit"] == "qingzhu" or source_of(row).startswith(DEMO), (table, row)


def hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def name_hashes(text: str) -> set[str]:
    return {hashed(text[i : i + n]) for n in NAME_LENGTHS for i in range(len(text) - n + 1)}


def test_no_real_name_enters_the_demo() -> None:
    assert [
        path.name for path in demo_files() if name_hashes(path.read_text(encoding="utf-8")) & REAL_NAMES
    ] == []


@pytest.mark.shared
@needs_speech
def test_the_hashed_names_are_those_of_the_speech() -> None:
    assert name_hashes(SPEECH.read_text(encoding="utf-8")) >= REAL_NAMES


def test_what_derives_from_the_estimate_is_estimated() -> None:
    of_the_town = [row for row in rows("observations") if row["unit"] == "qingzhu"]
    estimated = {row["indicator"] for row in of_the_town if row["basis"] == "estimated"}
    tax = {"national_tax", "revenue"}
    assert estimated == {f"{base}{tail}" for base in tax for tail in ("", "_growth", "_attainment")}


def test_the_township_behind_pace_is_behind_by_what_was_said() -> None:
    actual = {r["indicator"]: r["value"] for r in rows("observations") if r["unit"] == "qingzhu"}
    target = {r["indicator"]: r["value"] for r in rows("targets") if r["unit"] == "qingzhu"}

    def attained(indicator: str) -> Decimal:
        return (Decimal(actual[indicator]) / Decimal(target[indicator]) * 100).quantize(Decimal("0.1"))

    said = {
        "industrial_output": "69.4",
        "local_tax": "65.7",
        "employment_transfer": "60.0",
        "revenue": "123.5",
    }
    assert {indicator: str(attained(indicator)) for indicator in said} == said
    for capital in ("foreign_contract", "foreign_actual"):
        assert (actual[capital], target[capital]) == ("0", "")


def test_stages_are_kept_apart_and_acceptances_are_dated() -> None:
    town = [row for row in rows("milestones") if row["unit"] == "qingzhu"]
    stages = {row["stage"] for row in town}
    assert {"申请立项", "立项", "前期", "启动", "在建", "基本完成", "完成", "启用", "验收"} <= stages
    accepted = {row["item"]: row["date"] for row in town if row["stage"] == "验收"}
    assert accepted == {"水果示范园区": "2005-07-23", "粮油示范园区": "2005-09-29"}


def test_every_gap_has_a_task_with_the_places_of_its_cause_and_of_the_remedy() -> None:
    behind = {"industrial_output", "local_tax", "employment_transfer", "foreign_contract", "foreign_actual"}
    assert {row["indicator"] for row in rows("tasks")} >= behind
    for row in rows("tasks"):
        cause, _, remedy = row["note"].partition(";")
        assert spans(cause) or "演示数据" in cause, row["task"]
        assert len(spans(remedy)) == 1, row["task"]


def test_derived_targets_say_so() -> None:
    derived = {row["indicator"] for row in rows("targets") if row["approx"] == "true"}
    assert derived == {"revenue", "local_tax", "national_tax", "employment_transfer"}
    assert all(row["note"].startswith("≈ 推算") for row in rows("targets") if row["approx"])


def test_doubts_keep_both_statements_and_stay_unresolved() -> None:
    assert {row["indicator"] for row in rows("doubts")} >= {
        "foreign_actual",
        "revenue",
        "villages_started",
        "profit_tax_rate",
        "employment_transfer",
    }
    for row in rows("doubts"):
        assert row["status"] == "unresolved"
        assert SOURCE.fullmatch(row["source_a"]) and SOURCE.fullmatch(row["source_b"])


def test_names_used_by_rows_are_declared() -> None:
    units = {row["unit"] for row in rows("reporting_units")}
    indicators = {row["indicator"] for row in rows("indicators")}
    lines = {row["line"] for row in rows("lines")}
    assert {row["line"] for row in rows("indicators")} <= lines
    for table in ("observations", "targets", "tasks", "doubts"):
        assert {row["indicator"] for row in rows(table)} <= indicators
    for table in sourced_tables():
        assert {row["unit"] for row in rows(table)} <= units


def test_a_blank_value_has_a_presence_that_says_why() -> None:
    for row in rows("observations"):
        assert (row["value"] == "") == (row["presence"] != "present"), row


def test_twelve_towns_in_two_peer_groups_and_two_with_lines_not_reported() -> None:
    towns = [row for row in rows("reporting_units") if row["kind"] == "town"]
    assert len(towns) == 12
    assert {row["peer_group"] for row in towns} == {"工业镇", "农业镇"}
    sisters = {row["unit"] for row in towns} - {"qingzhu"}
    unreported = {row["unit"] for row in rows("observations") if row["presence"] == "missing"}
    assert len(unreported & sisters) == 2


def test_the_data_package_lists_the_tables_and_their_columns() -> None:
    package = json.loads((LEDGER / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {p.name for p in LEDGER.glob("*.csv")}
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert columns == list(rows(resource["name"])[0])
    assert package["year_basis"] == "inferred"


def figures(indicator: str, period: str) -> dict[str, Decimal]:
    found = [r for r in rows("observations") if (r["indicator"], r["period"]) == (indicator, period)]
    return {row["unit"]: Decimal(row["value"]) for row in found if row["value"]}


@pytest.mark.parametrize("base", ["industrial_output", "revenue", "local_tax"])
def test_published_growth_of_the_sister_towns_follows_from_their_figures(base: str) -> None:
    now, then = figures(base, "2005-01/2005-09"), figures(base, "2004-01/2004-09")
    published = figures(f"{base}_growth", "2005-01/2005-09")
    assert "qingzhu" not in then
    for unit in published.keys() & then.keys():
        assert abs((now[unit] / then[unit] - 1) * 100 - published[unit]) <= Decimal("0.05"), unit


@pytest.mark.parametrize("indicator", ["employment_transfer", "pension"])
def test_the_villages_add_up_to_the_township(indicator: str) -> None:
    villages = {row["unit"] for row in rows("reporting_units") if row["kind"] == "village"}
    actual = figures(indicator, "2005-01/2005-09")
    target = {r["unit"]: Decimal(r["value"]) for r in rows("targets") if r["indicator"] == indicator}
    for known in (actual, target):
        assert sum(known[unit] for unit in villages) == known["qingzhu"]
