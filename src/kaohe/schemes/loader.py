"""A scheme file → :class:`~kaohe.schemes.model.Scheme`, all problems reported at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from kaohe.facts.errors import DataError, SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Position, Scalar, Sequence, read_document
from kaohe.schemes.expressions import Expression, Name, literal
from kaohe.schemes.repetition import written_out
from kaohe.schemes.steps import (
    Rules,
    band_tests,
    combine_of,
    expression_of,
    integer_of,
    mapping_of,
    nearest,
    optional,
    publish_of,
    ranking_of,
    required,
    sequence_of,
    steps_of,
    text_of,
    word_of,
)
from kaohe.schemes.tables import raw_rows, tables_of
from kaohe.schemes.vocabulary import (
    DEFAULT_KEYS,
    DUTY_KEYS,
    EFFECTS,
    FILE_KEYS,
    GATE_KEYS,
    NODE_KEYS,
    POLICIES,
    REASONS,
    SOURCE_KEYS,
)

LANGUAGE = "kaohe/1"
_IDENTIFIER = re.compile(r"^[^\W\d]\w*$")
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_T = TypeVar("_T")


def load_scheme(path: str | Path, data: str | Path | None = None) -> m.Scheme:
    """The scheme in ``path``; ``data`` is where the tables of ``for: {rows: …}`` are found.

    Raises ``SchemeError`` with one message for each problem: file, line, column, found, expected.
    """
    path = Path(path)
    document = read_document(path)
    root = mapping_of(document, FILE_KEYS | NODE_KEYS, "考核办法")
    return _Loader(path, Path(data) if data is not None else path.parent).scheme(root)


class _Inherited:
    """What a node takes over from the groups above it."""

    def __init__(self, policies: dict[str, m.Policy], duties: dict[str, str], publish: m.Publish | None):
        self.policies, self.duties, self.publish = policies, duties, publish


class _Loader:
    def __init__(self, path: Path, data: Path) -> None:
        self._path = path
        self._data = data
        self._messages: list[str] = []
        self._ids: dict[str, Position] = {}
        self._rules = Rules({})

    def scheme(self, root: Mapping) -> m.Scheme:
        self._check_language(root)
        tables = self._try(lambda: tables_of(root.get("tables")), ())
        self._rules = Rules(self._try(lambda: _rules(root.get("rules")), {}))
        written = self._written_out(root, dict(tables))
        inherited = self._inherited(written.get("defaults"), _Inherited({}, {}, None))
        top = self._root(written, inherited)
        also = self._criteria(written.get("also"), inherited, "also")
        scheme = self._assembled(written, top, also, tables)
        if self._messages:
            raise SchemeError(self._messages)
        return scheme

    def _assembled(
        self,
        root: Mapping,
        top: m.Criterion | None,
        also: tuple[m.Criterion, ...],
        tables: tuple[tuple[str, m.Table], ...],
    ) -> m.Scheme:
        def text(key: str) -> str:
            node = root.get(key)
            return "" if node is None else self._try(lambda: text_of(node), "")

        return m.Scheme(
            title=text("scheme"),
            path=self._path,
            root=top or m.Criterion("total", "", root.at),
            also=also,
            version=text("version"),
            issuer=text("issuer"),
            issued=text("issued"),
            basis=text("basis"),
            scale=self._try(lambda: optional(root, "scale"), None),
            period=text("period") or None,
            frequency=text("frequency") or None,
            peers=text("peers") or None,
            eligible=self._try(lambda: optional(root, "eligible"), None),
            units=self._try(lambda: optional(root, "units"), None),
            tables=tables,
            imports=self._try(lambda: _imports(root.get("imports")), ()),
            parameters=self._try(lambda: _parameters(root.get("parameters")), ()),
        )

    def _check_language(self, root: Mapping) -> None:
        language = root.get("language")
        if "scheme" not in root:
            self._messages.append(f"{root.at} 缺少 scheme(办法名称)")
        if language is None:
            self._messages.append(f"{root.at} 缺少 language,应为 {LANGUAGE}")
        elif not (isinstance(language, Scalar) and language.text == LANGUAGE):
            self._messages.append(f"{language.at} language 应为 {LANGUAGE}")

    def _written_out(self, root: Mapping, tables: dict[str, m.Table]) -> Mapping:
        def rows_of(name: str, at: Scalar) -> list[dict[str, str]]:
            if name not in tables:
                raise SchemeError(f"{at.at} 没有表 {name}{nearest(name, tuple(tables))}")
            try:
                return raw_rows(self._data, tables[name].spec)
            except DataError as error:
                raise SchemeError([f"{at.at} {message}" for message in error.messages]) from None

        kept = {key: value for key, value in root.entries.items() if key not in ("criteria", "also", "grades")}
        for key in ("criteria", "also", "grades"):
            node = root.get(key)
            if node is not None:
                kept[key] = self._try(lambda node=node: written_out(node, rows_of), Sequence((), node.at))  # type: ignore[misc]
        return Mapping({key: kept[key] for key in root.entries}, root.keys, root.at)

    def _try(self, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except SchemeError as error:
            self._messages.extend(error.messages)
            return otherwise

    def _root(self, root: Mapping, inherited: _Inherited) -> m.Criterion | None:
        entries = {key: value for key, value in root.entries.items() if key in NODE_KEYS - {"basis", "name"}}
        entries.setdefault("id", Scalar("total", root.at))
        entries["name"] = root.get("name") or root.get("scheme") or Scalar("", root.at)
        return self._node(Mapping(entries, root.keys, root.at), inherited, "total", inherited)

    def _criteria(self, node: Node | None, inherited: _Inherited, path: str) -> tuple[m.Criterion, ...]:
        if node is None:
            return ()
        items = self._try(lambda: sequence_of(node, "criteria ").items, ())
        found: list[m.Criterion] = []
        for number, item in enumerate(items, start=1):
            child_path = f"{path}_{number}" if path[:1] == "c" else f"c{number}"
            if path == "also":
                child_path = f"also_{number}"
            child = self._node(item, inherited, child_path)
            if child is not None:
                found.append(child)
        return tuple(found)

    def _node(
        self, item: Node, inherited: _Inherited, path: str, own_defaults: _Inherited | None = None
    ) -> m.Criterion | None:
        try:
            node = mapping_of(item, NODE_KEYS, "评分项")
            identifier = self._identifier(node, path)
        except SchemeError as error:
            self._messages.extend(error.messages)
            return None
        below = own_defaults or self._inherited(node.get("defaults"), inherited)
        children = self._criteria(node.get("criteria"), below, path if path != "total" else "")
        return self._try(lambda: self._criterion(node, identifier, inherited, children), None)

    def _identifier(self, node: Mapping, path: str) -> str:
        written = node.get("id")
        identifier = text_of(written) if written is not None else path
        if not _IDENTIFIER.match(identifier):
            at = written.at if written is not None else node.at
            raise SchemeError(f"{at} id 应以文字开头,只含文字、数字、下划线,实为“{identifier}”")
        if identifier in self._ids:
            at = written.at if written is not None else node.at
            raise SchemeError(f"{at} id {identifier} 重复(前一个在 {self._ids[identifier].line} 行)")
        self._ids[identifier] = written.at if written is not None else node.at
        return identifier

    def _criterion(
        self, node: Mapping, identifier: str, inherited: _Inherited, children: tuple[m.Criterion, ...]
    ) -> m.Criterion:
        _check_source(node, identifier)
        messages: list[str] = []

        def part(read: Callable[[], _T], otherwise: _T) -> _T:
            try:
                return read()
            except SchemeError as error:
                messages.extend(error.messages)
                return otherwise

        steps, publish, rank, need = (node.get(key) for key in ("steps", "publish", "rank", "need"))
        name, starts = node.get("name"), node.get("counts_from")
        criterion = m.Criterion(
            id=identifier,
            name=text_of(name) if name is not None else identifier,
            at=node.at,
            points=part(lambda: optional(node, "points"), None),
            extra=part(lambda: _extra(node.get("extra")), None),
            weight=part(lambda: optional(node, "weight"), None),
            figure=part(lambda: optional(node, "figure"), None) or _unreadable(node, messages),
            criteria=children,
            each=part(lambda: self._each(node), None),
            combine=part(lambda: combine_of(node.get("combine")), m.Combine()),
            steps=part(lambda: steps_of(steps, self._rules), ()) if steps is not None else (),
            policies=part(lambda: _policies(node, inherited.policies), ()),
            applies=part(lambda: optional(node, "applies"), None),
            counts_from=part(lambda: _date(starts), None) if starts is not None else None,
            need=part(lambda: integer_of(need), 0) if need is not None else 0,
            gates=part(lambda: _gates(node.get("gates"), identifier), ()),
            publish=part(lambda: publish_of(publish), None) if publish is not None else inherited.publish,
            rank=part(lambda: _rank(rank), None) if rank is not None else None,
            grades=part(lambda: _grades(node.get("grades")), ()),
            duties=part(lambda: _duties(node, inherited.duties), ()),
        )
        if messages:
            raise SchemeError(messages)
        return criterion

    def _inherited(self, node: Node | None, above: _Inherited) -> _Inherited:
        if node is None:
            return above
        body = self._try(lambda: mapping_of(node, DEFAULT_KEYS, "defaults "), None)
        if body is None:
            return above
        policies = dict(self._try(lambda: _policies(body, above.policies), ()))
        duties = dict(self._try(lambda: _duties(body, above.duties), ()))
        publish = body.get("publish")
        return _Inherited(
            policies, duties, publish_of(publish) if publish is not None else above.publish
        )

    def _each(self, node: Mapping) -> m.Each | None:
        source = node.get("each")
        if source is None:
            return None
        where, item, empty = node.get("where"), node.get("item"), node.get("empty")
        kind, parts = _each_source(source)
        return m.Each(
            source=kind,  # type: ignore[arg-type]
            where=expression_of(where) if where is not None else None,
            item=self._item(item),
            once=_once(node.get("once")),
            group_by=_group_by(node.get("group_by"), self._rules),
            empty=_policy(empty) if empty is not None else None,
            **parts,  # type: ignore[arg-type]
        )

    def _item(self, node: Node | None) -> m.Criterion | None:
        """The node scored on each record; a bare expression is its figure. Items have no ids."""
        if node is None:
            return None
        if isinstance(node, Scalar):
            return m.Criterion("item", "", node.at, figure=expression_of(node))
        body = mapping_of(node, NODE_KEYS, "item ")
        if "by" in body and "figure" not in body:
            return m.Criterion("item", "", node.at, figure=expression_of(node))
        children: list[m.Criterion] = []
        criteria = body.get("criteria")
        for number, child in enumerate(sequence_of(criteria, "criteria ").items if criteria else (), start=1):
            read = self._item(child)
            assert read is not None
            written = child.get("id") if isinstance(child, Mapping) else None
            identifier = text_of(written) if written is not None else f"item_{number}"
            children.append(_renamed(read, identifier))
        return self._criterion(body, "item", _Inherited({}, {}, None), tuple(children))


def _renamed(criterion: m.Criterion, identifier: str) -> m.Criterion:
    from dataclasses import replace

    return replace(criterion, id=identifier)


def _unreadable(node: Mapping, messages: list[str]) -> Expression | None:
    """A stand-in for a figure that could not be read, so that the other faults are found too."""
    return literal(0) if messages and "figure" in node else None


def _check_source(node: Mapping, identifier: str) -> None:
    sources = [key for key in SOURCE_KEYS if key in node]
    if not sources:
        raise SchemeError(f"{node.at} 评分项 {identifier} 没有来源:应写 figure、criteria 或 each 其中一个")
    if len(sources) > 1:
        raise SchemeError(f"{node.at} 评分项 {identifier} 有 {len(sources)} 个来源({'、'.join(sorted(sources))}),只能写一个")


def _rules(node: Node | None) -> dict[str, tuple[tuple[str, ...], Sequence]]:
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} rules 应写成“规则名: {{steps: […]}}”")
    rules: dict[str, tuple[tuple[str, ...], Sequence]] = {}
    for name, body in node.entries.items():
        rule = mapping_of(body, frozenset({"with", "steps", "note"}), f"规则 {name} ")
        if "steps" not in rule:
            raise SchemeError(f"{rule.at} 规则 {name} 缺少 steps")
        given = rule.get("with")
        arguments = tuple(text_of(item) for item in sequence_of(given, "with ")) if given else ()
        rules[name] = (arguments, sequence_of(rule.entries["steps"], "steps "))
    return rules


def _parameters(node: Node | None) -> tuple[tuple[str, Expression], ...]:
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} parameters 应写成“名称: 值”")
    return tuple((name, expression_of(value)) for name, value in node.entries.items())


def _imports(node: Node | None) -> tuple[m.Import, ...]:
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} imports 应写成“别名: {{scheme: …, sheet: …}}”")
    found: list[m.Import] = []
    for alias, body in node.entries.items():
        entry = mapping_of(body, frozenset({"scheme", "sheet", "data", "link"}), f"imports 的 {alias} ")
        parts = {key: text_of(value) for key, value in entry.entries.items()}
        if not parts.get("scheme") and not parts.get("sheet"):
            raise SchemeError(f"{entry.at} imports 的 {alias} 应写 scheme 或 sheet")
        found.append(m.Import(alias, **parts, at=entry.at))
    return tuple(found)


def _policy(node: Node) -> m.Policy:
    if isinstance(node, Scalar):
        return m.Policy(word_of(node, POLICIES - {"points", "move_to"}), stated=True)
    body = mapping_of(node, frozenset({"points", "move_to"}), "空值处理")
    if "points" in body:
        return m.Policy("points", points=expression_of(body.entries["points"]), stated=True)
    targets = sequence_of(body.entries["move_to"], "move_to ") if "move_to" in body else Sequence((), body.at)
    return m.Policy("move_to", move_to=tuple(text_of(item) for item in targets), stated=True)


def _policies(node: Mapping, above: dict[str, m.Policy]) -> tuple[tuple[str, m.Policy], ...]:
    own = {
        reason: _policy(value) for reason in REASONS if (value := node.get(reason)) is not None
    }
    return tuple({**above, **own}.items())


def _duties(node: Mapping, above: dict[str, str]) -> tuple[tuple[str, str], ...]:
    own: dict[str, str] = {}
    for key in sorted(DUTY_KEYS):
        value = node.get(key)
        if isinstance(value, Sequence):
            own[key] = "、".join(text_of(item) for item in value)
        elif value is not None:
            own[key] = text_of(value)
    return tuple({**above, **own}.items())


def _extra(node: Node | None) -> tuple[Expression, Expression] | None:
    if node is None:
        return None
    pair = sequence_of(node, "extra ")
    if len(pair.items) != 2:
        raise SchemeError(f"{pair.at} extra 应写成 [最低, 最高]")
    return expression_of(pair.items[0]), expression_of(pair.items[1])


def _date(node: Node) -> str:
    value = text_of(node)
    if not _DATE.match(value):
        raise SchemeError(f"{node.at} 这里应为日期(2005-07-01),实为“{value}”")
    return value


def _rank(node: Node) -> m.Ranking | None:
    return None if isinstance(node, Scalar) and node.text == "false" else ranking_of(node)


def _gates(node: Node | None, owner: str) -> tuple[m.Gate, ...]:
    if node is None:
        return ()
    return tuple(
        _gate(item, f"{owner}_gate_{number}")
        for number, item in enumerate(sequence_of(node, "gates ").items, start=1)
    )


def _gate(item: Node, identifier: str) -> m.Gate:
    node = mapping_of(item, GATE_KEYS, "gate ")
    effect = node.get("effect")
    if effect is None:
        raise SchemeError(f"{node.at} gate 缺少 effect")
    body = mapping_of(effect, EFFECTS, "effect ")
    name, basis, starts, ends = (node.get(key) for key in ("name", "basis", "from", "until"))
    written = node.get("id")
    return m.Gate(
        id=text_of(written) if written is not None else identifier,
        name=text_of(name) if name is not None else "",
        when=required(node, "when", "gate "),
        unless=optional(node, "unless"),
        starts=_date(starts) if starts is not None else None,
        ends=_date(ends) if ends is not None else None,
        basis=text_of(basis) if basis is not None else "",
        effects=tuple((key, _effect(key, value)) for key, value in body.entries.items()),
        at=node.at,
    )


def _effect(kind: str, node: Node) -> Expression | str:
    return expression_of(node) if kind in ("score", "cap", "deduct", "grade_down") else text_of(node)


_GRADE_KEYS = frozenset(
    {"grade", "at_least", "above", "below", "up_to", "equals", "when", "top", "seats", "ties", "within", "note"}
)


def _grades(node: Node | None) -> tuple[m.GradeRow, ...]:
    if node is None:
        return ()
    return tuple(_grade_row(item) for item in sequence_of(node, "grades ").items)


def _grade_row(item: Node) -> m.GradeRow:
    node = mapping_of(item, _GRADE_KEYS, "grades 的一等")
    if "grade" not in node:
        raise SchemeError(f"{node.at} 这一等缺少 grade(等次名称)")
    seats, ties, within = (node.get(key) for key in ("seats", "ties", "within"))
    everyone = isinstance(within, Scalar) and within.text == "all"
    return m.GradeRow(
        text_of(node.entries["grade"]),
        band_tests(node),
        optional(node, "top"),
        cast("m.Literal['down', 'up', 'half_up']", word_of(seats, ("down", "up", "half_up")) if seats else "down"),
        cast("m.Literal['include', 'exclude']", word_of(ties, ("include", "exclude")) if ties else "include"),
        "all" if everyone else expression_of(within) if within is not None else None,
        node.at,
    )


_RANGE = re.compile(r"^(.*?)(\d+)\.\.(.*?)(\d+)$")


def _each_source(node: Node) -> tuple[str, dict[str, object]]:
    if isinstance(node, Scalar):
        return ("marks", {"table": "marks"}) if node.text == "marks" else ("table", {"table": node.text})
    body = mapping_of(
        node, frozenset({"table", "columns", "periods", "weights", "units", "linked"}), "each "
    )
    if "table" in body:
        return "table", {"table": text_of(body.entries["table"])}
    if "columns" in body:
        return "columns", {"columns": _column_names(body.entries["columns"])}
    if "periods" in body:
        weights = body.get("weights")
        return "periods", {
            "periods": _period_names(body.entries["periods"]),
            "weights": tuple(expression_of(item) for item in sequence_of(weights, "weights ")) if weights else (),
        }
    if "units" in body:
        return "units", {"table": word_of(body.entries["units"], ("children",))}
    if "linked" in body:
        return "linked", {"table": text_of(body.entries["linked"])}
    raise SchemeError(f"{node.at} each 应为表名,或 {{columns: …}}、{{periods: …}}、{{units: children}}、{{linked: …}}")


def _column_names(node: Node) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return tuple(text_of(item) for item in node)
    match = _RANGE.match(text_of(node))
    if match is None or match[1] != (match[3] or match[1]):
        return (text_of(node),)
    width = len(match[2]) if match[2].startswith("0") else 0
    return tuple(f"{match[1]}{number:0{width}d}" for number in range(int(match[2]), int(match[4]) + 1))


def _period_names(node: Node) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return tuple(text_of(item) for item in node)
    return (word_of(node, ("months", "quarters")),)


def _once(node: Node | None) -> m.Once | None:
    if node is None:
        return None
    body = mapping_of(node, frozenset({"per", "keep", "by", "among"}), "once ")
    if "per" not in body:
        raise SchemeError(f"{body.at} once 缺少 per")
    per, keep, by, among = (body.get(key) for key in ("per", "keep", "by", "among"))
    assert per is not None
    keys = per.items if isinstance(per, Sequence) else (per,)
    return m.Once(
        tuple(expression_of(key) for key in keys),
        cast(
            "m.Literal['first', 'last', 'highest', 'lowest']",
            word_of(keep, ("first", "last", "highest", "lowest")) if keep is not None else "first",
        ),
        expression_of(by) if by is not None else None,
        among is not None and word_of(among, ("all", "unit")) == "all",
    )


def _group_by(node: Node | None, rules: Rules) -> m.GroupBy | None:
    if node is None:
        return None
    if isinstance(node, Scalar):
        return m.GroupBy(expression_of(node), m.Combine())
    body = mapping_of(node, frozenset({"key", "combine", "steps", "weights"}), "group_by ")
    steps, weights = body.get("steps"), body.get("weights")
    if weights is not None and not isinstance(weights, Mapping):
        raise SchemeError(f"{weights.at} group_by 的 weights 应写成 {{组: 权重}}")
    return m.GroupBy(
        required(body, "key", "group_by "),
        combine_of(body.get("combine")),
        steps_of(steps, rules) if steps is not None else (),
        tuple((key, expression_of(value)) for key, value in weights.entries.items()) if weights else (),
    )


def names_in(expression: Expression) -> list[Name]:
    """The unbound names of an expression, for lint and messages."""
    from kaohe.schemes.expressions import walk

    return [part for part in walk(expression) if isinstance(part, Name)]


