"""What a scheme refers to: nodes, gates, grades, targets of move_to; and cycles among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Call, Expression, Literal, Name, children, walk
from kaohe.schemes.findings import Finding, error
from kaohe.schemes.loader import load_scheme
from kaohe.schemes.vocabulary import NODE_FUNCTIONS

# What is read from another period does not depend on this period's value.
_OTHER_PERIODS = frozenset({"at", "streak"})


def check_references(scheme: m.Scheme) -> Iterator[Finding]:
    """Errors for nodes, gates, grades and targets that are not there, and for gates of the same id."""
    yield from _node_calls(scheme)
    yield from _gates(scheme)
    yield from _moves(scheme)


def _node_calls(scheme: m.Scheme) -> Iterator[Finding]:
    nodes = {node.id: node for node in scheme.nodes()}
    gates = {gate.id for node in nodes.values() for gate in node.gates}
    aliases = {entry.alias for entry in scheme.imports}
    for call in _calls(scheme):
        name = _name_of(call)
        if call.scope is not None:
            if call.scope not in aliases:
                yield _unknown("unknown-import", "没有引入办法", call.scope, aliases, call)
        elif call.function == "fired":
            if name not in gates:
                yield _unknown("unknown-gate", "找不到一票否决等条件(gate)", name, gates, call)
        elif name not in nodes:
            yield _unknown("unknown-node", "找不到评分项", name, nodes, call)
        elif call.function == "place" and nodes[name].rank is None:
            yield error("no-outcome", f"评分项 {name} 没有 rank,取不到名次", call.at)
        elif call.function == "grade" and not nodes[name].grades:
            yield error("no-outcome", f"评分项 {name} 没有 grades,取不到等次", call.at)


def _calls(scheme: m.Scheme) -> Iterator[Call]:
    for top in m.expressions_of(scheme):
        for part in walk(top):
            if isinstance(part, Call) and part.function in NODE_FUNCTIONS:
                yield part


def _name_of(call: Call) -> str:
    first = call.arguments[0]
    if isinstance(first, Name):
        return first.text
    return str(first.value) if isinstance(first, Literal) else ""


def _unknown(identifier: str, what: str, name: str, known: Iterable[str], call: Call) -> Finding:
    near = get_close_matches(name, sorted(known), n=1)
    return error(identifier, f"{what} {name}" + (f",是否 {near[0]}?" if near else ""), call.at)


def _gates(scheme: m.Scheme) -> Iterator[Finding]:
    seen: dict[str, m.Gate] = {}
    for node in scheme.nodes():
        grades = [row.grade for row in node.grades]
        for gate in node.gates:
            if gate.id in seen:
                yield error(
                    "duplicate-id", f"gate {gate.id} 重复(前一个在 {seen[gate.id].at.line} 行)", gate.at
                )
            seen.setdefault(gate.id, gate)
            for kind, value in gate.effects:
                if kind in ("grade", "grade_at_most") and value not in grades:
                    listed = f"只有 {'、'.join(grades)}" if grades else f"{node.name}没有写 grades"
                    yield error("unknown-grade", f"没有等次“{value}”:{listed}", gate.at)
                if kind == "grade_down" and not grades:
                    yield error("unknown-grade", f"要降等,但{node.name}没有写 grades", gate.at)


def _moves(scheme: m.Scheme) -> Iterator[Finding]:
    known = {node.id for node in scheme.nodes()}
    for node in scheme.nodes():
        for target in dict.fromkeys(name for _, policy in node.policies for name in policy.move_to):
            if target not in known:
                near = get_close_matches(target, sorted(known), n=1)
                guess = f",是否 {near[0]}?" if near else ""
                yield error("unknown-move", f"{node.name}的 move_to 找不到评分项 {target}{guess}", node.at)


def check_cycles(scheme: m.Scheme) -> Iterator[Finding]:
    """Errors for lines that wait for each other, and for schemes that import each other; with the path."""
    edges = {node.id: _needs(scheme, node) for node in scheme.nodes()}
    names = {node.id: node for node in scheme.nodes()}
    for cycle in _cycles(edges):
        path = " → ".join(names[identifier].name for identifier in (*cycle, cycle[0]))
        yield error("cycle", f"评分项循环引用:{path}", names[cycle[0]].at)
    yield from _import_cycles(scheme)


def _needs(scheme: m.Scheme, node: m.Criterion) -> list[str]:
    """The nodes whose values a node needs, in the order of the file."""
    owners = {gate.id: owner.id for owner in scheme.nodes() for gate in owner.gates}
    known = {other.id for other in scheme.nodes()}
    found = [child.id for child in node.criteria]
    found += [giver.id for giver in scheme.nodes() if any(node.id in p.move_to for _, p in giver.policies)]
    for top in m.expressions_of(_without_other_periods(replace(node, criteria=()))):
        for call in _now(top):
            name = _name_of(call)
            owner = owners.get(name, "") if call.function == "fired" else name
            # A gate looks at its own node's value before the gate.
            if call.scope is None and owner in known and not (owner == node.id and call.function == "fired"):
                found.append(owner)
    return list(dict.fromkeys(found))


def _without_other_periods(node: m.Criterion) -> m.Criterion:
    each = node.each
    if each is not None and each.source == "periods":
        return replace(node, each=replace(each, item=None))
    return node


def _now(expression: Expression) -> Iterator[Call]:
    if isinstance(expression, Call):
        if expression.function in _OTHER_PERIODS:
            return
        if expression.function in NODE_FUNCTIONS:
            yield expression
    for child in children(expression):
        yield from _now(child)


def _cycles(edges: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Every cycle that a walk over the graph meets, once, from its first node in file order."""
    done: set[str] = set()
    told: set[frozenset[str]] = set()

    def visit(node: str, path: list[str]) -> Iterator[tuple[str, ...]]:
        if node in path:
            cycle = tuple(path[path.index(node) :])
            if frozenset(cycle) not in told:
                told.add(frozenset(cycle))
                yield cycle
            return
        if node in done:
            return
        for needed in edges.get(node, ()):
            yield from visit(needed, [*path, node])
        done.add(node)

    for start in edges:
        yield from visit(start, [])


def _import_cycles(scheme: m.Scheme) -> Iterator[Finding]:
    """Schemes that are scored for each other. A printed sheet ends the chain."""
    start = scheme.path.resolve()
    titles = {start: scheme.title or start.name}

    def visit(current: m.Scheme, path: tuple[Path, ...]) -> Iterator[tuple[str, ...]]:
        for entry in current.imports:
            other = (current.path.parent / entry.scheme).resolve()
            if entry.sheet or not other.is_file():
                continue
            if other in path:
                if other == start:
                    yield tuple(titles[step] for step in (*path, other))
                continue
            try:
                loaded = load_scheme(other)
            except SchemeError:
                continue
            titles[other] = loaded.title or other.name
            yield from visit(loaded, (*path, other))

    for cycle in dict.fromkeys(visit(scheme, (start,))):
        entry = next(e for e in scheme.imports if not e.sheet)
        yield error("cycle", f"考核办法循环引用:{' → '.join(cycle)}", entry.at)
