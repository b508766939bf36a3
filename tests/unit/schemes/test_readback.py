"""Reading back: every rule in words, and no number of it lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kaohe.schemes import model as m
from kaohe.schemes import vocabulary
from kaohe.schemes.expressions import Literal, walk
from kaohe.schemes.loader import load_scheme
from kaohe.schemes.parser import parse_text
from kaohe.schemes.readback import read_back
from kaohe.schemes.speech import nodes, steps
from kaohe.schemes.speech.expressions import Speech, literal_words

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests" / "examples"))

from rules.cases import Case, load_cases, materialise  # noqa: E402

NAMES = {"local_tax": "地方税收"}


def sentence(folder: Path, line: str, names: dict[str, str] | None = None) -> str:
    path = folder / "s.yaml"
    path.write_text(f"scheme: 示例\nlanguage: kaohe/1\ncriteria:\n  - {line}\n", encoding="utf-8")
    return read_back(load_scheme(path), NAMES if names is None else names)[1].sentence


def test_the_example_of_the_reference(tmp_path: Path) -> None:
    line = """
    name: 地方税收
    points: 12
    figure: attainment(local_tax)
    steps:
      - stop: {when: x < 60%, points: 0}
      - curve: [[0, 0], [100%, 12]]
      - bonus: {points: '0.1 * every(attainment(local_tax) - 100%, 1%)', cap: 2}
      - round: 2"""
    assert sentence(tmp_path, line.strip()) == (
        "地方税收(12分):完成率低于60%得0分;否则按完成率由0到100%对应0到12分;"
        "完成率超过100%后每满1个百分点加0.1分,最多加2分;保留2位小数"
    )


WORDS = yaml.load((Path(__file__).parent / "readback.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["said"])
def test_words(case: dict[str, str], tmp_path: Path) -> None:
    assert case["said"] in sentence(tmp_path, case["line"])


def test_every_word_of_the_language_has_words() -> None:
    assert nodes.POLICIES.keys() == vocabulary.POLICIES
    assert nodes._EFFECTS.keys() == vocabulary.EFFECTS
    assert steps.COMBINES.keys() == vocabulary.PLAIN_COMBINES
    assert steps.TIES.keys() == vocabulary.TIES
    assert set(steps._WORDS) == set(m._KINDS), "every step"


@pytest.mark.parametrize("function", sorted(vocabulary.FUNCTIONS))
def test_every_function_has_words(function: str) -> None:
    signature = vocabulary.SIGNATURES[function]
    arguments = ", ".join(["a", "b", "c"][: max(signature.least, 1 if signature.most else 0)])
    said = Speech().says(parse_text(f"{function}({arguments})"))
    assert not said.startswith(f"{function}("), said


@pytest.mark.parametrize("case", load_cases(), ids=str)
def test_every_number_of_a_rule_is_said(case: Case, tmp_path: Path) -> None:
    scheme = load_scheme(*materialise(case, tmp_path))
    said = {line.id: line.sentence for line in read_back(scheme)}
    for node in scheme.nodes():
        absent = [number for number in numbers_of(node) if number not in said[node.id]]
        assert absent == [], said[node.id]


def numbers_of(node: m.Criterion) -> Iterator[str]:
    """Every number that the author wrote in a line, its children's left out."""
    for top in m.expressions_of(replace(node, criteria=())):
        for part in walk(top):
            if isinstance(part, Literal) and not isinstance(part.value, str | bool):
                # 1% of a step is read as 1个百分点.
                yield from re.findall(r"[\d.]+", literal_words(part))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src" / "kaohe" / "demo").glob("*.yaml")), ids=lambda path: path.stem
)
def test_the_demo_is_read_back_beside_its_clauses(path: Path) -> None:
    lines = read_back(load_scheme(path))
    assert all(line.sentence.startswith(line.name) for line in lines)
    assert sum(bool(line.clause) for line in lines) >= 5
