"""The two demo schemes: points that add up, every primitive, every duty stated, births not scored."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml

from kaohe.demo import folder

SCHEMES = ("county.yaml", "town.yaml")


def tree(name: str) -> dict[str, Any]:
    text = (folder() / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("criteria", []):
        yield child
        yield from below(child)


def leaves(name: str) -> list[dict[str, Any]]:
    return [node for node in below(tree(name)) if "criteria" not in node]


def points(node: dict[str, Any]) -> Decimal:
    return Decimal(node["points"])


def keys_of(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from keys_of(value)
    elif isinstance(part, list):
        for item in part:
            yield from keys_of(item)


def words_of(part: Any) -> str:
    if isinstance(part, dict):
        return " ".join(words_of(value) for value in part.values())
    if isinstance(part, list):
        return " ".join(words_of(item) for item in part)
    return str(part)


@pytest.mark.parametrize("name", SCHEMES)
def test_points_add_up_to_one_hundred(name: str) -> None:
    scheme = tree(name)
    assert scheme["scale"] == "100"
    assert sum(points(child) for child in scheme["criteria"]) == 100
    for group in below(scheme):
        with_points = [child for child in group.get("criteria", []) if "points" in child]
        if with_points:
            assert sum(points(child) for child in with_points) == points(group), group["id"]


def test_the_schemes_are_large_enough() -> None:
    assert len(leaves("county.yaml")) >= 25
    assert len(leaves("town.yaml")) >= 8


PRIMITIVES = {
    "CURVE": {"curve"},
    "BANDS": {"bands"},
    "TALLY": {"each", "once"},
    "RANK": {"rank"},
    "PANEL": {"map", "group_by", "drop"},
    "COMBINE": {"combine", "weight"},
    "GATE": {"gates", "effect"},
    "GRADE": {"grades"},
    "CLAMP": {"cap", "floor"},
    "NA": {"not_applicable", "undefined", "applies"},
}


@pytest.mark.parametrize("primitive", PRIMITIVES)
def test_the_county_scheme_uses_every_primitive(primitive: str) -> None:
    assert set(keys_of(tree("county.yaml"))) >= PRIMITIVES[primitive]


@pytest.mark.parametrize("reference", ["progress(", "attainment(", "peer_max(", "at(", "town.score(total)"])
def test_the_county_scheme_refers_to_targets_peers_periods_and_the_town_scheme(reference: str) -> None:
    assert reference in words_of(tree("county.yaml")["criteria"])


@pytest.mark.parametrize("name", SCHEMES)
def test_every_line_has_its_clause_assessor_and_evidence(name: str) -> None:
    for group in [tree(name), *below(tree(name))]:
        inherited = group.get("defaults", {})
        for node in group.get("criteria", []):
            if "criteria" in node:
                continue
            assert node["clause"], node["id"]
            assert "assessor" in node or "assessor" in inherited or name == "town.yaml", node["id"]
            assert "evidence" in node or "weight" in node, node["id"]


@pytest.mark.parametrize("name", SCHEMES)
def test_gates_say_that_their_basis_is_invented(name: str) -> None:
    scheme = tree(name)
    gates = [gate for node in [scheme, *below(scheme)] for gate in node.get("gates", [])]
    assert gates
    assert {gate["basis"] for gate in gates} == {"依据:示例(虚构)"}


@pytest.mark.parametrize("name", SCHEMES)
def test_family_matters_are_recorded_and_never_scored(name: str) -> None:
    scored = words_of(tree(name)["criteria"])
    assert "family" not in scored
    assert not any(word in scored for word in ("生育", "育儿", "出生", "计生"))


def test_a_line_over_an_expression_names_its_main_indicator() -> None:
    with (folder() / "ledger" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        indicators = {row["indicator"] for row in csv.DictReader(stream)}
    for name in SCHEMES:
        for node in leaves(name):
            figure = node.get("figure")
            if isinstance(figure, str) and figure.isidentifier():
                assert figure in indicators | {"mark"}, node["id"]
            elif words_of(figure).startswith(("progress", "attainment")) or "note" in node:
                named = node["note"].removeprefix("主指标 ").split(";")[0]
                assert named in indicators, (node["id"], named)
