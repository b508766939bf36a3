"""Correct passages raise nothing; each broken twin raises a finding that names the broken relation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaohe.checking import Finding, check_text

CONTENT = (Path(__file__).parent / "twins.txt").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Twin:
    """A passage with one figure broken, the checks that may find it, and the figures of its relation."""

    name: str
    text: str
    checks: tuple[str, ...]
    figures: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}-{self.figures[0]}"


def _passages() -> list[tuple[str, str, list[str]]]:
    blocks = re.split(r"^## ", CONTENT, flags=re.MULTILINE)[1:]
    found = []
    for block in blocks:
        name, *lines = block.strip().split("\n")
        text = "\n".join(line for line in lines if line and not line.startswith("~ "))
        found.append((name, text, [line[2:] for line in lines if line.startswith("~ ")]))
    return found


def _twin(name: str, text: str, line: str) -> Twin:
    change, checks, others = (field.strip() for field in line.split("|"))
    right, wrong = change.split(" -> ")
    assert text.count(right) == 1, f"{name}: {right} stands {text.count(right)} times"
    figure = re.sub(r"^[\u4e00-\u9fff]+(?=\d)", "", wrong)
    return Twin(name, text.replace(right, wrong), tuple(checks.split()), (figure, *others.split()))


PASSAGES = _passages()
TWINS = [_twin(name, text, line) for name, text, lines in PASSAGES for line in lines]


def doubts(text: str) -> list[Finding]:
    return [one for one in check_text(text).findings if one.verdict != "holds" and one.severity != "info"]


def test_there_are_enough() -> None:
    assert len(PASSAGES) >= 20 and len(TWINS) >= 40


@pytest.mark.parametrize(
    ("name", "text"), [passage[:2] for passage in PASSAGES], ids=lambda value: value[:16]
)
def test_the_correct_passage_raises_nothing(name: str, text: str) -> None:
    assert not [finding.message for finding in doubts(text)], name


@pytest.mark.parametrize("twin", TWINS, ids=str)
def test_the_broken_twin_is_found(twin: Twin) -> None:
    named = [
        finding
        for finding in doubts(twin.text)
        if finding.check in twin.checks and {mark.text for mark in finding.marks} & set(twin.figures)
    ]
    assert named, [(finding.check, finding.message) for finding in doubts(twin.text)]
