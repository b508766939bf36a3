"""A scheme file → :class:`~kaohe.schemes.model.Scheme`, all problems reported at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from kaohe.facts.errors import DataError, SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Position, Scalar, Sequence, read_document
from kaohe.schemes.expressions import Expression, Name, literal, walk
from kaohe.schemes.outcome import (
    date_of,
    duties_of,
    extra_of,
    gates_of,
    grades_of,
    policies_of,
    policy_of,
    rank_of,
)
from kaohe.schemes.reading import (
    Faults,
    each_of,
    expression_of,
    integer_of,
    mapping_of,
    nearest,
    optional,
    optional_text,
    plain_mapping,
    sequence_of,
    text_of,
)
from kaohe.schemes.records import Source, SourceParts, group_by_of, once_of, source_of
from kaohe.schemes.repetition import written_out
from kaohe.schemes.steps import Rules, combine_of, publish_of, steps_of
from kaohe.schemes.tables import raw_rows, tables_of
from kaohe.schemes.vocabulary import (
    DEFAULT_KEYS,
    EACH_KEYS,
    FILE_KEYS,
    IMPORT_KEYS,
    NODE_KEYS,
    RULE_KEYS,
    SOURCE_KEYS,
)

LANGUAGE = "kaohe/1"
_IDENTIFIER = re.compile(r"^[^\W\d]\w*$")
_LISTS = ("criteria", "also", "grades")


def load_scheme(path: str | Path, data: str | Path | None = None) -> m.Scheme:
    """The scheme in ``path``; ``data`` is where the tables of ``for: {rows: …}`` are found.

    Raises ``SchemeError`` with one message for each problem: file, line, column, found, expected.
    """
    path = Path(path)
    document = read_document(path)
    loader = _Loader(path, None if data is None else Path(data))
    loader.faults.messages.extend(document.messages)
    return loader.scheme(plain_mapping(document.root, "考核办法"))


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a node takes over from the groups above it."""

    policies: dict[str, m.Policy]
    duties: dict[str, str]
    publish: m.Publish | None = None


_NOTHING = _Inherited({}, {})
_NO_RECORDS: tuple[Source, SourceParts] = ("table", {})


class _Loader:
    def __init__(self, path: Path, data: Path | None) -> None:
        self._path = path
        self._data = data
        self._ids: dict[str, Position] = {}
        self._rules = Rules({})
        self.faults = Faults()

    def scheme(self, root: Mapping) -> m.Scheme:
        self.faults.keys(root, FILE_KEYS | NODE_KEYS, "考核办法")
        self._check_head(root)
        tables = self.faults.attempt(lambda: tables_of(root.get("tables")), ())
        self._rules = Rules(self.faults.attempt(lambda: _rules(root.get("rules")), {}))
        written = self._written_out(root, dict(tables))
        inherited = self._inherited(written.get("defaults"), _NOTHING)
        top = self._root(written, inherited)
        also = self._criteria(written.get("also"), inherited, "also")
        scheme = self._assembled(written, top, also, tables)
        self._check_unused_rules(root)
        self.faults.done()
        return scheme

    def _assembled(
        self,
        root: Mapping,
        top: m.Criterion | None,
        also: tuple[m.Criterion, ...],
        tables: tuple[tuple[str, m.Table], ...],
    ) -> m.Scheme:
        def text(key: str) -> str:
            return self.faults.attempt(lambda: optional_text(root, key), "")

        def expression(key: str) -> Expression | None:
            return self.faults.attempt(lambda: optional(root, key), None)

        return m.Scheme(
            title=text("scheme"),
            path=self._path,
            root=top or m.Criterion("total", "", root.at),
            also=also,
            version=text("version"),
            issuer=text("issuer"),
            issued=text("issued"),
            basis=text("basis"),
            scale=expression("scale"),
            period=text("period") or None,
            frequency=text("frequency") or None,
            peers=text("peers") or None,
            eligible=expression("eligible"),
            units=expression("units"),
            tables=tables,
            imports=self.faults.attempt(lambda: _imports(root.get("imports")), ()),
            parameters=self.faults.attempt(lambda: _parameters(root.get("parameters")), ()),
        )

    def _check_head(self, root: Mapping) -> None:
        language = root.get("language")
        if "scheme" not in root:
            self.faults.messages.append(f"{root.at} 缺少 scheme(办法名称)")
        if language is None:
            self.faults.messages.append(f"{root.at} 缺少 language,应为 {LANGUAGE}")
        elif not (isinstance(language, Scalar) and language.text == LANGUAGE):
            found = f",实为“{language.text}”" if isinstance(language, Scalar) else ""
            self.faults.messages.append(f"{language.at} language 应为 {LANGUAGE}{found}")

    def _check_unused_rules(self, root: Mapping) -> None:
        """Reads the steps of every rule, so that faults in one that nothing uses are told as well."""
        for name in self._rules.named:
            _, steps = self._rules.named[name]
            self.faults.attempt(lambda steps=steps: steps_of(steps, self._rules, (name,)), ())  # type: ignore[misc]  # noqa: B023

    def _written_out(self, root: Mapping, tables: dict[str, m.Table]) -> Mapping:
        def rows_of(name: str, at: Scalar) -> list[dict[str, str]]:
            if name not in tables:
                raise SchemeError(f"{at.at} 没有表 {name}{nearest(name, tables)}")
            try:
                return raw_rows(self._data or self._path.parent, tables[name].spec)
            except DataError as error:
                advice = "" if self._data is not None else ";for 要读这张表,请同时给出数据文件夹"
                raise SchemeError([f"{at.at} {message}{advice}" for message in error.messages]) from None

        entries = {
            key: written_out(node, rows_of, self.faults) if key in _LISTS else node
            for key, node in root.entries.items()
        }
        return replace(root, entries=entries)

    def _root(self, root: Mapping, inherited: _Inherited) -> m.Criterion | None:
        entries = {key: value for key, value in root.entries.items() if key in NODE_KEYS - {"basis", "name"}}
        entries.setdefault("id", Scalar("total", root.at))
        entries["name"] = root.get("name") or root.get("scheme") or Scalar("", root.at)
        return self._node(replace(root, entries=entries), inherited, "total", inherited)

    def _criteria(self, node: Node | None, inherited: _Inherited, path: str) -> tuple[m.Criterion, ...]:
        if node is None:
            return ()
        items = self.faults.attempt(lambda: sequence_of(node, "criteria ").items, ())
        children = [
            self._node(item, inherited, f"{path}_{number}" if path else f"c{number}")
            for number, item in enumerate(items, start=1)
        ]
        return tuple(child for child in children if child is not None)

    def _node(
        self, item: Node, inherited: _Inherited, path: str, own_defaults: _Inherited | None = None
    ) -> m.Criterion | None:
        node = self.faults.attempt(lambda: plain_mapping(item, "评分项"), None)
        if node is None:
            return None
        if path != "total":
            self.faults.keys(node, NODE_KEYS, "评分项")
        identifier = self.faults.attempt(lambda: self._identifier(node, path), path)
        below = own_defaults or self._inherited(node.get("defaults"), inherited)
        children = self._criteria(node.get("criteria"), below, "" if path == "total" else path)
        return self.faults.attempt(lambda: self._criterion(node, identifier, inherited, children), None)

    def _identifier(self, node: Mapping, path: str) -> str:
        written = node.get("id")
        identifier = text_of(written) if written is not None else path
        at = written.at if written is not None else node.at
        if not _IDENTIFIER.match(identifier):
            raise SchemeError(f"{at} id 应以文字开头,只含文字、数字、下划线,实为“{identifier}”")
        if identifier in self._ids:
            raise SchemeError(f"{at} id {identifier} 重复(前一个在 {self._ids[identifier].line} 行)")
        self._ids[identifier] = at
        return identifier

    def _criterion(
        self, node: Mapping, identifier: str, inherited: _Inherited, children: tuple[m.Criterion, ...]
    ) -> m.Criterion:
        faults = Faults()
        part = faults.attempt
        part(lambda: _check_source(node, identifier), None)
        steps, publish, need = (node.get(key) for key in ("steps", "publish", "need"))
        criterion = m.Criterion(
            id=identifier,
            name=part(lambda: optional_text(node, "name"), "") or identifier,
            at=node.at,
            points=part(lambda: optional(node, "points"), None),
            extra=part(lambda: extra_of(node.get("extra")), None),
            weight=part(lambda: optional(node, "weight"), None),
            figure=part(lambda: optional(node, "figure"), literal(0)),
            criteria=children,
            each=part(lambda: self._each(node), None),
            combine=part(lambda: combine_of(node.get("combine")), m.Combine()),
            steps=part(lambda: steps_of(steps, self._rules), ()) if steps is not None else (),
            policies=part(lambda: policies_of(node, inherited.policies), ()),
            applies=part(lambda: optional(node, "applies"), None),
            counts_from=part(lambda: date_of(node.get("counts_from")), None),
            need=part(lambda: integer_of(need), 0) if need is not None else 0,
            gates=part(lambda: gates_of(node.get("gates"), identifier), ()),
            publish=part(lambda: publish_of(publish), None) if publish is not None else inherited.publish,
            rank=part(lambda: rank_of(node.get("rank")), None),
            grades=part(lambda: grades_of(node.get("grades")), ()),
            duties=part(lambda: duties_of(node, inherited.duties), ()),
        )
        faults.done()
        return criterion

    def _inherited(self, node: Node | None, above: _Inherited) -> _Inherited:
        if node is None:
            return above
        body = self.faults.attempt(lambda: plain_mapping(node, "defaults "), None)
        if body is None:
            return above
        self.faults.keys(body, DEFAULT_KEYS, "defaults ")
        policies = self.faults.attempt(lambda: policies_of(body, above.policies), ())
        duties = self.faults.attempt(lambda: duties_of(body, above.duties), ())
        publish = body.get("publish")
        if publish is None:
            return _Inherited(dict(policies), dict(duties), above.publish)
        printed = self.faults.attempt(lambda: publish_of(publish), None)
        return _Inherited(dict(policies), dict(duties), printed)

    def _each(self, node: Mapping) -> m.Each | None:
        source = node.get("each")
        if source is None:
            _check_no_record_keys(node)
            return None
        faults = Faults()
        part = faults.attempt
        empty = node.get("empty")
        kind, parts = part(lambda: source_of(source), _NO_RECORDS)
        each = m.Each(
            source=kind,
            where=part(lambda: optional(node, "where"), None),
            item=part(lambda: self._item(node.get("item"), "item"), None),
            once=part(lambda: once_of(node.get("once")), None),
            group_by=part(lambda: group_by_of(node.get("group_by"), self._rules), None),
            empty=part(lambda: policy_of(empty), None) if empty is not None else None,
            **parts,
        )
        faults.done()
        return each

    def _item(self, node: Node | None, identifier: str) -> m.Criterion | None:
        """The node scored on each record; a bare expression is its figure. Items have no ids."""
        if node is None:
            return None
        if isinstance(node, Scalar) or (isinstance(node, Mapping) and "by" in node and "figure" not in node):
            return m.Criterion(identifier, "", node.at, figure=expression_of(node))
        faults = Faults()
        body = plain_mapping(node, "item ")
        faults.keys(body, NODE_KEYS, "item ")
        children = faults.attempt(lambda: self._item_children(body.get("criteria")), ())
        item = faults.attempt(lambda: self._criterion(body, identifier, _NOTHING, children), None)
        faults.done()
        return item

    def _item_children(self, node: Node | None) -> tuple[m.Criterion, ...]:
        if node is None:
            return ()

        def child(entry: tuple[int, Node]) -> m.Criterion | None:
            number, item = entry
            identifier = optional_text(item, "id") if isinstance(item, Mapping) else ""
            return self._item(item, identifier or f"item_{number}")

        children = each_of(enumerate(sequence_of(node, "criteria "), start=1), child)
        return tuple(item for item in children if item is not None)


def _check_source(node: Mapping, identifier: str) -> None:
    sources = [key for key in node.entries if key in SOURCE_KEYS]
    if not sources:
        raise SchemeError(f"{node.at} 评分项 {identifier} 没有来源:应写 figure、criteria 或 each 其中一个")
    if len(sources) > 1:
        written = "、".join(sources)
        raise SchemeError(f"{node.at} 评分项 {identifier} 有 {len(sources)} 个来源({written}),只能写一个")


def _check_no_record_keys(node: Mapping) -> None:
    stray = [key for key in node.entries if key in EACH_KEYS]
    if stray and SOURCE_KEYS & node.entries.keys():
        raise SchemeError([f"{node.keys[key]} {key} 只能与 each 同用,这里没有 each" for key in stray])


def _named(node: Node | None, what: str, form: str) -> list[tuple[str, Node]]:
    """The entries of ``rules``, ``parameters``, ``imports``."""
    if node is None:
        return []
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} {what} 应写成“{form}”")
    return list(node.entries.items())


def _rules(node: Node | None) -> dict[str, tuple[tuple[str, ...], Sequence]]:
    entries = _named(node, "rules", "规则名: {steps: […]}")
    return dict(each_of(entries, lambda entry: (entry[0], _rule(*entry))))


def _rule(name: str, body: Node) -> tuple[tuple[str, ...], Sequence]:
    rule = mapping_of(body, RULE_KEYS, f"规则 {name} ")
    if "steps" not in rule:
        raise SchemeError(f"{rule.at} 规则 {name} 缺少 steps")
    given = rule.get("with")
    arguments = each_of(sequence_of(given, "with "), text_of) if given is not None else ()
    return arguments, sequence_of(rule.entries["steps"], "steps ")


def _parameters(node: Node | None) -> tuple[tuple[str, Expression], ...]:
    entries = _named(node, "parameters", "名称: 值")
    return each_of(entries, lambda entry: (entry[0], expression_of(entry[1])))


def _imports(node: Node | None) -> tuple[m.Import, ...]:
    entries = _named(node, "imports", "别名: {scheme: …, sheet: …}")
    return each_of(entries, lambda entry: _import(*entry))


def _import(alias: str, body: Node) -> m.Import:
    entry = mapping_of(body, IMPORT_KEYS, f"imports 的 {alias} ")
    parts = {key: text_of(value) for key, value in entry.entries.items()}
    if not parts.get("scheme") and not parts.get("sheet"):
        raise SchemeError(f"{entry.at} imports 的 {alias} 应写 scheme 或 sheet")
    return m.Import(alias, **parts, at=entry.at)


def names_in(expression: Expression) -> list[Name]:
    """The unbound names of an expression, for lint and messages."""
    return [part for part in walk(expression) if isinstance(part, Name)]
