"""The working of a score: every value follows from the one before, and the last is the exact value."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import kaohe
from kaohe.demo import folder as demo_folder
from kaohe.scoring.api import run_scheme
from kaohe.scoring.explaining import Explainer
from kaohe.scoring.numbers import Null, Number, equal
from kaohe.scoring.working import Member, NodeWorking, StepWorking, Working

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))

from rules.cases import Case, load_cases, materialise

CASES = load_cases()
LEDGER = demo_folder() / "ledger"


def breaks_of(working: Working, explainer: Explainer) -> list[str]:
    """Where the working does not hold together, one line each."""
    found: list[str] = []
    for top in working.nodes:
        for node in top.walk():
            found += [f"{working.unit} {node.node}: {fault}" for fault in faults_of(node)]
    for column in explainer.sheet.nodes:
        exact = column.values[explainer.sheet.units.index(working.unit)]
        if not same(working.node(column.node.id).value, exact):
            found.append(f"{working.unit} {column.node.id}: working differs from the sheet")
    return found


def faults_of(node: NodeWorking) -> Iterator[str]:
    value = node.source
    for before, after in node.chain():
        if not same(before, value):
            yield f"{before} follows {value}"
        value = after
    if not same(value, node.value):
        yield f"ends at {value}, is {node.value}"
    yield from steps_of(node.steps)
    yield from sums_of(node.members, node.source)


def steps_of(steps: tuple[StepWorking, ...]) -> Iterator[str]:
    for step in steps:
        if not step.words:
            yield f"{step.kind} without words"
        inner = step.inner
        if inner and not (same(inner[0].before, step.before) and same(inner[-1].after, step.after)):
            yield f"the steps inside {step.kind} do not lead from {step.before} to {step.after}"


def sums_of(members: tuple[Member, ...], whole: object) -> Iterator[str]:
    """Contributions add up to what was combined; of a group, before its own steps."""
    shares = [member.contribution for member in members if member.contribution is not None]
    exact = all(isinstance(share, Fraction) for share in shares)
    if shares and exact and isinstance(whole, Fraction) and sum(shares) != whole:  # type: ignore[arg-type]
        yield f"contributions are {sum(shares)}, the whole is {whole}"  # type: ignore[arg-type]
    for member in members:
        if member.members:
            yield from sums_of(member.members, member.steps[0].before if member.steps else member.value)


def same(left: object, right: object) -> bool:
    if isinstance(left, Null) or isinstance(right, Null):
        return left is right
    return equal(left, right)  # type: ignore[arg-type]


def all_breaks(scheme: Path, data: Path, period: str | None = None) -> list[str]:
    explainer = Explainer(run_scheme(scheme, data, period))
    return [line for unit in explainer.run.units for line in breaks_of(explainer.working(unit), explainer)]


@pytest.mark.parametrize("scheme", ["town.yaml", "county.yaml"])
def test_working_of_the_demo_leads_to_every_value(scheme: str) -> None:
    assert all_breaks(demo_folder() / scheme, LEDGER) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_working_of_every_rule_leads_to_every_value(case: Case, tmp_path: Path) -> None:
    scheme, data = materialise(case, tmp_path)
    assert all_breaks(scheme, data, case.period) == []


def test_no_number_of_a_working_is_a_float() -> None:
    def check(part: object) -> None:
        assert not isinstance(part, float)
        if isinstance(part, dict):
            for value in part.values():
                check(value)
        elif isinstance(part, list):
            for value in part:
                check(value)

    check(kaohe.explain(demo_folder() / "county.yaml", LEDGER, "ding").to_data())


def test_figure_shows_its_numbers_and_its_facts() -> None:
    working = kaohe.explain(demo_folder() / "county.yaml", LEDGER, "清渚镇", "地方税收")
    (node,) = working.nodes
    assert node.clause.startswith("按时序进度得分")
    assert node.assessor == "县财政局"
    assert node.figure is not None
    assert node.figure.filled == "597.46 ÷ 682.05"
    assert node.figure.value == Fraction("597.46") / Fraction("682.05")
    facts = {fact.role: fact for fact in node.facts}
    assert (facts["figure"].value, facts["figure"].measure) == (Fraction("597.46"), "万元")
    assert facts["figure"].period == "2005-01/2005-09"
    assert facts["figure"].source.startswith("speech.txt#")
    assert facts["figure"].recorded_at.startswith("2005-10-10")
    assert facts["target"].value == Fraction("909.4")
    assert facts["target"].recorded_by == "年初预算"


def test_dropped_judges_say_why() -> None:
    node = kaohe.explain(demo_folder() / "county.yaml", LEDGER, "ding", "onsite").nodes[0]
    assert [member.dropped for member in node.members].count("去掉最高最低") == 2


def test_a_gate_shows_its_basis_and_what_was_before() -> None:
    root = kaohe.explain(demo_folder() / "county.yaml", LEDGER, "ding").nodes[0]
    (gate,) = root.gates
    assert gate.gate == "major_accident"
    assert gate.basis
    assert root.grade == "不合格"


def test_an_estimate_is_seen_in_the_working() -> None:
    working = kaohe.explain(demo_folder() / "county.yaml", LEDGER, "qingzhu")
    assert any(fact.estimated for node in working.nodes[0].walk() for fact in node.facts)


@pytest.mark.parametrize(
    ("unit", "criterion", "said"),
    [
        ("清诸镇", None, "是否 清渚镇"),
        ("qz_v1", None, "不在本办法的考核范围内"),
        ("qingzhu", "local_tax", "是否 local_tax"),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(unit: str, criterion: str | None, said: str) -> None:
    with pytest.raises(kaohe.KaoheError) as raised:
        kaohe.explain(demo_folder() / "county.yaml", LEDGER, unit, criterion)
    assert said in raised.value.messages[0]


def test_place_counts_the_ranked_and_the_tied() -> None:
    root = kaohe.explain(demo_folder() / "town.yaml", LEDGER, "qz_v1").nodes[0]
    assert root.place is not None
    assert (root.place.place, root.place.size, root.place.ties) == (4, 8, 1)
    assert root.published == Fraction("83.68")
    assert isinstance(root.value, Number)
