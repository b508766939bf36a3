"""Rows as facts: what is in a snapshot, what is not, and that it scores as the demo ledger's files do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from demonstration import demonstration  # noqa: F401

from kaohe.demo import folder
from kaohe.facts.ledger import facts_hash
from kaohe.facts.model import Assurance, Role
from kaohe.facts.package import read_ledger
from kaohe.outlook.board import board
from kaohe.outlook.model import Board
from kaohe.web.assessment.snapshot import laid_out, taken
from kaohe.web.assessment.stored import from_text, to_text
from kaohe.web.ledger.models import Observation

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.usefixtures("demonstration"),
]


def test_only_what_was_submitted_is_a_fact() -> None:
    ledger = taken("2005-09").ledger
    drafts = Observation.objects.filter(state__in=("draft", "returned"), month="2005-09")
    told = {(row.unit, row.indicator, row.period.last) for row in ledger.observations}
    september = 2005 * 12 + 8
    assert drafts.count() > 5
    for row in drafts.select_related("unit", "indicator"):
        assert (row.unit.code, row.indicator.code, september) not in told
    assert Assurance.DRAFT not in {row.assurance for row in ledger.observations}


def test_typing_a_draft_changes_no_hash() -> None:
    before = facts_hash(taken("2005-09").ledger)
    row = Observation.objects.filter(state="draft", month="2005-09").first()
    assert row is not None
    Observation.objects.filter(pk=row.pk).update(value="1")
    assert facts_hash(taken("2005-09").ledger) == before


def test_a_later_month_is_not_known_yet() -> None:
    assert max(
        row.period.last for row in taken("2005-08").ledger.observations if row.period.year == 2005
    ) == (2005 * 12 + 7)


def test_a_verifiers_own_value_stands_beside_the_reported_one() -> None:
    rows = [
        row
        for row in taken("2005-09").ledger.observations
        if (row.unit, row.indicator) == ("yi", "injury")
        and row.period.year == 2005
        and row.period.months == 9
    ]
    assert {row.role: row.value for row in rows} == {
        Role.REPORTED: Fraction(785),
        Role.VERIFIED: Fraction(777),
    }


def test_the_snapshot_scores_as_the_demo_ledgers_files(tmp_path: Path) -> None:
    laid_out(taken("2005-09").ledger, tmp_path)
    ours = board(tmp_path / "county.yaml", tmp_path / "ledger", "qingzhu", "2005-09")
    files = board(folder() / "county.yaml", folder() / "ledger", "qingzhu")
    assert (ours.total, ours.rank, ours.counts) == (files.total, files.rank, files.counts)
    assert [(row.name, row.points) for row in ours.rows] == [(row.name, row.points) for row in files.rows]
    assert _attained(ours) == _attained(files)


def _attained(stand: Board) -> list[tuple[str, str, str, str]]:
    return [
        (row.name, row.progress.actual.text, row.progress.attainment.text, row.progress.gap.text)
        for row in stand.rows
    ]


def test_the_folder_reads_back_to_the_same_facts(tmp_path: Path) -> None:
    ledger = taken("2005-09").ledger
    assert laid_out(ledger, tmp_path) == facts_hash(read_ledger(tmp_path / "ledger"))


def test_a_board_comes_back_from_text_as_it_was() -> None:
    stand = board(folder() / "county.yaml", folder() / "ledger", "qingzhu")
    assert from_text(to_text(stand)) == stand


def test_only_known_classes_are_made_from_text() -> None:
    with pytest.raises(TypeError):
        to_text(object())
    with pytest.raises(KeyError):
        from_text('{"k":"os.system","v":[]}')
