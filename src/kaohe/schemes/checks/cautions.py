"""Rules that do harm whatever their arithmetic: told with the reason and with what to assess instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from kaohe.schemes import model as m
from kaohe.schemes.expressions import ByTable, Call, Expression, Literal, Name, walk
from kaohe.schemes.findings import Finding, warning

_LIST = Path(__file__).with_name("cautions.yaml")
# 不按信访件数扣分: the rule itself keeps away from it.
_DENIED = re.compile(r"(不按|不以|不得|不考核|不再|不计|不统计|取消|禁止|严禁|杜绝)[^,,。;;]{0,6}$")
_PART = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Caution:
    """A kind of rule to be warned of; lists of words are data (``cautions.yaml``)."""

    id: str
    words: tuple[str, ...]
    relief: tuple[str, ...]
    reason: str
    instead: str
    patterns: tuple[str, ...] = ()

    def found_in(self, text: str) -> str:
        """The word or passage that gives cause; empty when there is none, or when there is relief."""
        if any(_holds(text, word) for word in self.relief):
            return ""
        for word in self.words:
            if _holds(text, word):
                return word
        return next((found[0] for pattern in self.patterns if (found := re.search(pattern, text))), "")


@cache
def cautions() -> tuple[Caution, ...]:
    """The list, in its order."""
    entries = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    return tuple(
        Caution(
            entry["id"],
            tuple(entry["words"]),
            tuple(entry["relief"]),
            entry["reason"],
            entry["instead"],
            tuple(entry.get("patterns", ())),
        )
        for entry in entries
    )


def check_cautions(scheme: m.Scheme) -> Iterator[Finding]:
    """A warning for each line or gate that one of the lists speaks of."""
    for node in scheme.nodes():
        if node.figure is not None or node.each is not None:
            yield from _cautioned(node.name, _line_text(node), node)
        for gate in node.gates:
            excused = gate.unless is not None
            yield from _cautioned(gate.name or gate.id, _gate_text(gate), gate, excused=excused)


def _cautioned(
    name: str, text: str, part: m.Criterion | m.Gate, *, excused: bool = False
) -> Iterator[Finding]:
    for caution in cautions():
        word = caution.found_in(text)
        # A written exemption (unless) is relief for accidents; it is none for the other kinds.
        if word and not (excused and caution.id == "casualties"):
            yield warning(caution.id, f"{name}(“{word}”):{caution.reason}。建议:{caution.instead}", part.at)


def _line_text(node: m.Criterion) -> str:
    written = [node.id, node.name, node.duty("clause"), node.each.table if node.each else ""]
    return " ".join([*written, *_words(m.expressions_of((node.figure, node.each, node.steps)))])


def _gate_text(gate: m.Gate) -> str:
    return " ".join([gate.id, gate.name, *_words(m.expressions_of((gate.when, gate.unless)))])


def _words(tops: Iterator[Expression]) -> Iterator[str]:
    """Names, texts and classes that occur in expressions."""
    for top in tops:
        for part in walk(top):
            if isinstance(part, Name):
                yield part.text
            elif isinstance(part, Literal) and isinstance(part.value, str):
                yield part.value
            elif isinstance(part, ByTable):
                yield from (label for label, _ in part.rows)
            elif isinstance(part, Call) and part.function == "events":
                yield "events"


def _holds(text: str, word: str) -> bool:
    if word.isascii():
        parts = [part.lower() for part in _PART.findall(text)]
        wanted = word.split("_")
        return any(parts[at : at + len(wanted)] == wanted for at in range(len(parts)))
    start = text.find(word)
    while start >= 0:
        if not _DENIED.search(text[:start]):
            return True
        start = text.find(word, start + 1)
    return False
