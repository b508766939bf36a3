"""Reading the seed speech into the demo's definitions, a few cells corrected, gives the demo's facts."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaohe.demo import folder
from kaohe.facts.ledger import CODECS
from kaohe.facts.model import Observation, Target
from kaohe.facts.package import read_ledger

HERE = Path(__file__).parent
PLACE = re.compile(r"speech\.txt#sha256:[0-9a-f]+#char=(\d+-\d+)")
MOST_WRONG = 8
ALL_CLAIMS = 74


def source_of(row: Observation | Target) -> str:
    return row.source if isinstance(row, Observation) else row.document


def from_speech(row: Observation | Target) -> bool:
    """Whether a row is a claim of the speech; a target that was derived from a completion is none."""
    derived = isinstance(row, Target) and (row.approx or row.value is None)
    return bool(PLACE.fullmatch(source_of(row))) and not derived


def facts_of(path: Path) -> set[tuple[object, ...]]:
    """What the ledger in a folder holds from the speech: place, unit, indicator, period, value, marks."""
    ledger = read_ledger(path)
    found: set[tuple[object, ...]] = set()
    for row in filter(from_speech, (*ledger.observations, *ledger.targets)):
        common = (source_of(row), row.unit, row.indicator, row.period, row.value, row.measure)
        if isinstance(row, Observation):
            marks = (row.presence, row.basis, row.assurance, row.approx, row.decimals, row.role)
            found.add((*common, *marks))
        else:
            found.add((*common, row.form))
    return found


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    """The demo's ledger without anything that the speech says of the town."""
    copied = Path(shutil.copytree(folder() / "ledger", tmp_path / "ledger"))
    for table in ("observations", "targets"):
        ledger = read_ledger(folder() / "ledger")
        kept = [row for row in ledger.rows(table) if not PLACE.fullmatch(source_of(row))]
        header = CODECS[table].header(tuple(kept))
        with (copied / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(CODECS[table].write(row, header) for row in kept)
    return copied


def corrections() -> Iterator[dict[str, str]]:
    with (HERE / "seed_corrections.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def corrected(rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], set[str]]:
    """The rows with the right cells, all accepted, and the claims of which some cell was wrong."""
    origin = rows[0]["出处"].partition("#char=")[0]
    by_place = {row["出处"].partition("#char=")[2]: row for row in rows}
    wrong: set[str] = set()
    for one in corrections():
        if one["place"] not in by_place:
            made = dict.fromkeys(rows[0], "") | {"填报单位": rows[0]["填报单位"], "类别": "实际数"}
            by_place[one["place"]] = made | {"出处": f"{origin}#char={one['place'].rstrip('+')}"}
        row = by_place[one["place"]]
        if row[one["column"]] != one["value"]:
            wrong.add(one["claim"])
            row[one["column"]] = one["value"]
    return [row | {"采纳": "是"} for row in by_place.values()], wrong


@pytest.mark.shared
def test_seed_becomes_the_ledger_of_the_demo(
    clerk: Any, shared: Path, definitions: Path, tmp_path: Path
) -> None:
    assert facts_of(definitions) == set()
    review = tmp_path / "核定.xlsx"
    speech = shared / "seed" / "speech.txt"
    read = clerk.run("read", speech, "--propose", definitions, "--year", 2005, "-o", review)
    assert read.exit_code == 0, read.output
    rows, wrong = corrected(clerk.rows(review))
    assert len(wrong) <= MOST_WRONG, wrong
    done = clerk.run("accept", clerk.save(rows, tmp_path / "改过.xlsx"), definitions)
    assert done.exit_code == 0, done.output
    assert facts_of(definitions) == facts_of(folder() / "ledger")
    places = {place for fact in facts_of(definitions) for place in PLACE.findall(str(fact[0]))}
    assert len(places) == ALL_CLAIMS
    print(f"claims with a wrong cell: {len(wrong)} of {ALL_CLAIMS}")


@pytest.mark.shared
def test_what_is_proposed_as_sure_is_right(
    clerk: Any, shared: Path, definitions: Path, tmp_path: Path
) -> None:
    review = tmp_path / "核定.xlsx"
    clerk.run("read", shared / "seed" / "speech.txt", "--propose", definitions, "--year", 2005, "-o", review)
    sure = [row for row in clerk.rows(review) if row["采纳"] == "是"]
    wrong_places = {one["place"] for one in corrections()}
    assert len(sure) >= 40
    assert not [row for row in sure if row["出处"].partition("#char=")[2] in wrong_places]


@pytest.mark.shared
def test_seed_agrees_with_the_demo_ledger(clerk: Any, shared: Path) -> None:
    speech, ledger = shared / "seed" / "speech.txt", folder() / "ledger"
    result = clerk.run("check", speech, "--ledger", ledger, "--year", 2005, "--format", "json")
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    sourced = [one for one in found if "台账" in one["message_zh"] and one["check"] != "term"]
    assert sum(one["verdict"] == "holds" for one in sourced) >= 68
    assert not [one["message"] for one in sourced if one["severity"] in ("error", "warning")]
