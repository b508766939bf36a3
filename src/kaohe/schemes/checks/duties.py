"""Who answers for a line, by what words of the rule, and on whose authority a veto stands."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.schemes import model as m
from kaohe.schemes.findings import Finding, warning
from kaohe.schemes.reach import Surroundings

_VETOES = frozenset({"score", "void", "grade", "grade_at_most", "grade_down", "unranked"})
_LARGE_SCALE = 1000


def gives_points(scheme: m.Scheme) -> bool:
    """Whether this is an assessment in points (分值), not an index or a competition."""
    return scheme.scale is not None or any(node.points is not None for node in scheme.nodes())


def check_duties(scheme: m.Scheme) -> Iterator[Finding]:
    """Warnings for lines without assessor or clause, and for vetoes and a 千分制 without basis."""
    if gives_points(scheme):
        yield from _lines(scheme.root, "")
    for node in scheme.nodes():
        for gate in node.gates:
            if _VETOES & {kind for kind, _ in gate.effects} and not gate.basis and not node.duty("basis"):
                name = gate.name or gate.id
                yield warning(
                    "no-basis", f"“{name}”没有写依据(basis):一票否决一类的规定要有上级依据", gate.at
                )
    if scheme.scale is not None and not scheme.basis:
        scale = Surroundings(parameters=dict(scheme.parameters)).reach(scheme.scale).point
        if scale is not None and scale >= _LARGE_SCALE:
            yield warning("no-basis", f"满分 {scale} 分(千分制)没有写依据(basis)", scheme.scale.at)


def _lines(node: m.Criterion, clause: str) -> Iterator[Finding]:
    """Every leaf; the clause of a group speaks for the lines below it."""
    own = node.duty("clause") or clause
    for child in node.criteria:
        yield from _lines(child, own)
    if node.criteria:
        return
    if not node.duty("assessor"):
        yield warning("no-assessor", f"{node.name}没有写考核单位(assessor)", node.at)
    if not own:
        yield warning("no-clause", f"{node.name}没有写办法原文(clause)", node.at)
