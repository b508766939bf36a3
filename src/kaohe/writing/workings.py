"""A working as a table of lines, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kaohe.messages import text
from kaohe.scoring.numbers import Number
from kaohe.scoring.words import value_text
from kaohe.scoring.working import Fact, GateWorking, Member, NodeWorking, Place, StepWorking, Working
from kaohe.writing.tables import Heading, Row, TextTable

_INDENT = "  "


def working_json(working: Working) -> str:
    """The working as JSON; every number with its exact value beside its text."""
    return json.dumps(working.to_data(), ensure_ascii=False, indent=2) + "\n"


def working_table(working: Working) -> TextTable:
    """The working as lines: what, in words with the numbers, and the result; lines below are indented."""
    label = text("label.demo") if working.demo else ""
    parts = [text("working.title"), working.unit_name, working.scheme, working.period, label]
    headings = (Heading(text("heading.what")), Heading(text("heading.words")), Heading(text("heading.value")))
    rows = tuple(row for node in working.nodes for row in node_rows(node, 0))
    return TextTable("  ".join(part for part in parts if part), headings, rows, working.notes)


def node_rows(node: NodeWorking, depth: int, label: str = "") -> Iterator[Row]:
    """The lines of a node and of all below it."""
    shown = label or node_label(node)
    yield _row(depth, shown, node_head(node), f"{text('working.score')} {value_text(node.printed)}")
    inner = depth + 1
    for fact in node.facts:
        yield _row(inner, fact_name(fact), fact_details(fact), fact_value(fact))
    if node.figure is not None:
        value = value_text(node.figure.value, percent=node.figure.share)
        yield _row(inner, text("working.figure"), figure_text(node), value)
    yield from _member_rows(node, inner)
    for change in node.held:
        yield _row(inner, text("working.change"), change.words, value_text(change.after))
    yield from _step_rows(node.steps, inner)
    for change in node.settled:
        yield _row(inner, text("working.change"), change.words, value_text(change.after))
    for gate in node.gates:
        yield _row(inner, text("working.gate"), gate_text(gate), value_text(gate.after))
    yield from _result_rows(node, inner)


def _row(depth: int, what: str, words: str, value: str) -> Row:
    return _INDENT * depth + what, words, value


def node_label(node: NodeWorking) -> str:
    """A node by its name and id."""
    return f"{node.name}({node.node})" if node.name and node.name != node.node else node.node


def node_head(node: NodeWorking) -> str:
    """Points, assessor and clause in one line."""
    parts = []
    if node.points is not None:
        parts.append(f"{text('working.points')} {value_text(node.points)}")
    if node.assessor:
        parts.append(node.assessor)
    if node.clause:
        parts.append(f"“{node.clause}”")
    if node.estimated:
        parts.append(text("label.estimated"))
    return ";".join(parts)


def fact_name(fact: Fact) -> str:
    """A fact by its label."""
    return fact.label


def fact_value(fact: Fact) -> str:
    """A fact's value with its measure."""
    shown = value_text(fact.value)
    return f"{shown} {fact.measure}" if fact.measure and fact.presence == "present" else shown


def fact_marks(fact: Fact) -> str:
    """Presence, basis and assurance in words; blank for an ordinary figure without marks."""
    marks = []
    if fact.presence != "present":
        marks.append(text(f"presence.{fact.presence}"))
    if fact.estimated:
        marks.append(text("basis.estimated"))
    if fact.assurance:
        marks.append(text(f"assurance.{fact.assurance}"))
    return "、".join(marks)


def fact_source(fact: Fact) -> str:
    """Source, who recorded it and when."""
    return " ".join(part for part in (fact.source, fact.recorded_by, fact.recorded_at) if part)


def fact_details(fact: Fact) -> str:
    """Period, marks and source in one line."""
    return ";".join(part for part in (fact.period, fact_marks(fact), fact_source(fact)) if part)


def figure_text(node: NodeWorking) -> str:
    """The figure in words and with its numbers: 地方税收 ÷ 目标 = 597.46 ÷ 909.4."""
    assert node.figure is not None
    words, filled = node.figure.words, node.figure.filled
    return words if filled == words else f"{words} = {filled}"


def step_result(step: StepWorking) -> str:
    """The value after a step."""
    return value_text(step.after, percent=step.share_after)


def _step_rows(steps: tuple[StepWorking, ...], depth: int) -> Iterator[Row]:
    for number, step in enumerate(steps, start=1):
        rule = f"({text('working.rule')} {step.rule})" if step.rule else ""
        label = f"{text('working.step', number=number)} {step.kind}{rule}"
        yield _row(depth, label, step.words, step_result(step))
        yield from _step_rows(step.inner, depth + 1)


def _member_rows(node: NodeWorking, depth: int) -> Iterator[Row]:
    if node.combine:
        yield _row(depth, text("working.combine"), node.combine, value_text(node.source))
    for member in node.members:
        yield from _one_member(member, depth + 1)
    for left in node.left_out:
        yield _row(depth + 1, text("working.left_out"), left, "")


def _one_member(member: Member, depth: int) -> Iterator[Row]:
    name = member_name(member)
    if member.working is not None:
        first, *rest = node_rows(member.working, depth, name)
        words = ";".join(part for part in (first[1], member_words(member)) if part)
        yield (first[0], words, first[2])
        yield from rest
        return
    yield _row(depth, name, member_words(member), value_text(member.value))
    for inner in member.members:
        yield from _one_member(inner, depth + 1)
    yield from _step_rows(member.steps, depth + 1)


def member_name(member: Member) -> str:
    """A member by its name and id, or by its record."""
    is_named = member.name not in ("", "item", member.label)
    return f"{member.name}({member.label})" if is_named else member.label


def member_words(member: Member) -> str:
    """Weight, contribution, or why it does not count."""
    if member.dropped:
        return f"{text('working.left_out')}:{member.dropped}"
    parts = []
    if value_text(member.weight) != "1":
        parts.append(f"{text('working.weight')} {value_text(member.weight)}")
    if member.contribution is not None and member.contribution != member.value:
        parts.append(f"{text('working.contribution')} {value_text(member.contribution)}")
    if member.combine:
        parts.append(member.combine)
    return ";".join(parts)


def gate_text(gate: GateWorking) -> str:
    """What fired, on what basis, what it does and what the value was before."""
    effects = ";".join(gate.effects)
    basis = f",{gate.basis}" if gate.basis else ""
    before = f"{text('working.ungated')} {value_text(gate.before)}"
    return f"{gate.name or gate.gate}:{gate.condition}{basis};{effects};{before}"


def place_text(place: Place) -> str:
    """第 2 名(共 12 个单位)."""
    if not place.size or not isinstance(place.place, Number):
        return value_text(place.place)
    identifier = "working.place_tied" if place.ties > 1 else "working.place_of"
    return text(identifier, place=value_text(place.place), size=place.size, ties=place.ties)


def results_of(node: NodeWorking) -> Iterator[tuple[str, str]]:
    """Exact value, published figure, place, grade, range: a heading and a text each."""
    yield text("working.score"), value_text(node.value)
    if node.published is not None:
        yield text("working.published"), value_text(node.published)
    if node.place is not None:
        yield text("working.place"), place_text(node.place)
    if node.grade is not None:
        yield text("working.grade"), node.grade
    if node.low is not None and node.high is not None and node.low != node.high:
        yield text("working.range"), f"{value_text(node.low)} — {value_text(node.high)}"
    if node.pending:
        yield text("working.pending"), node.pending


def _result_rows(node: NodeWorking, depth: int) -> Iterator[Row]:
    results = list(results_of(node))
    # A plain score stands in the head of the node already.
    for heading, shown in results if len(results) > 1 else ():
        yield _row(depth, heading, "", shown)
