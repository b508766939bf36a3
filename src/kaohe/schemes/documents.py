"""YAML with every scalar kept as text, beside its file, line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from kaohe.facts.errors import SchemeError


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in a scheme file; lines and columns from 1."""

    file: str
    line: int
    column: int

    def moved(self, columns: int) -> Position:
        """The place ``columns`` further on the same line."""
        return Position(self.file, self.line, self.column + columns)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written; ``in_flow`` when inside ``{ }`` or ``[ ]``, where YAML cuts at commas."""

    text: str
    at: Position
    quoted: bool = False
    in_flow: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    at: Position

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in file order; ``keys`` holds where each key is written."""

    entries: dict[str, Node]
    keys: dict[str, Position]
    at: Position
    in_flow: bool = False

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.entries


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """A whole YAML file; ``messages`` are faults beside which reading can go on."""

    root: Node
    messages: tuple[str, ...] = ()


def read_document(path: Path) -> Document:
    """The YAML document in ``path``.

    Raises ``SchemeError`` on a file that is not there, not text, empty or not YAML. Keys written twice and
    expressions cut at a comma are messages of the document.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SchemeError(f"{path}:找不到考核办法文件") from None
    except IsADirectoryError:
        raise SchemeError(f"{path}:是文件夹,应为考核办法文件(.yaml)") from None
    except UnicodeDecodeError as error:
        raise SchemeError(f"{path}:不是 UTF-8 文本(第 {error.start + 1} 字节处无法识别)") from None
    except OSError as error:
        raise SchemeError(f"{path}:读不了这个文件({error.strerror})") from None
    if "\0" in text:
        raise SchemeError(f"{path}:不是文本文件,应为考核办法文件(.yaml)")
    return parse_document(text, str(path))


def parse_document(text: str, file: str = "<scheme>") -> Document:
    """The YAML document in ``text``; see :func:`read_document`."""
    try:
        root = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise SchemeError(f"{where} 不是合法的 YAML:{_in_chinese(error)}") from None
    except yaml.reader.ReaderError as error:
        line, column = _line_and_column(text, error.position)
        raise SchemeError(f"{file}:{line}:{column} 文件中有不可见的控制字符,请删去") from None
    if root is None:
        raise SchemeError(f"{file}:文件是空的,应为一部考核办法")
    conversion = _Conversion(file)
    return Document(conversion.of(root, in_flow=False), tuple(conversion.messages))


def _composed(text: str) -> yaml.Node | None:
    """The node tree, by libyaml where PyYAML has it (ten times as fast), else by PyYAML itself.

    A text that libyaml refuses is read once more in Python, whose messages name the fault more finely.
    """
    if yaml.__with_libyaml__:
        try:
            return yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=yaml.SafeLoader)


# What PyYAML says, and what a clerk should do about it.
_PROBLEMS = (
    ("mapping values are not allowed", "这里不能再有“: ”;一段文字或算式里有冒号时,请给它加引号"),
    ("could not find expected ':'", "这一行缺少“: ”(冒号后要有空格)"),
    ("found character '\\t'", "缩进里有制表符(Tab),请改用空格"),
    ("cannot start any token", "文字不能以这个符号开头,请给它加引号"),
    ("expected ',' or", "花括号或方括号没有配对,或里面的算式含有引号、方括号、冒号:请给算式加引号"),
    ("expected <block end>", "缩进没有对齐,或引号之后还有多余的文字"),
    ("found unexpected end of stream", "引号没有配对,到文件末尾也没有结束"),
    ("unexpected end of document", "引号没有配对"),
    ("found another document", "一个文件只能写一部办法,不能再有“---”"),
    ("found undefined alias", "“*”开头的文字请加引号"),
    ("found duplicate anchor", "“&”开头的文字请加引号"),
    ("unknown escape character", "双引号里的“\\”请写成“\\\\”,或改用单引号"),
    ("expected the node content", "这里缺少值,或括号没有配对"),
    ("expected alphabetic or numeric", "“*”“&”“!”开头的文字请加引号"),
)


def _in_chinese(error: yaml.MarkedYAMLError) -> str:
    said = error.problem or error.context or ""
    return next((advice for problem, advice in _PROBLEMS if problem in said), said)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


class _Conversion:
    """PyYAML's nodes → ours."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.messages: list[str] = []

    def of(self, node: yaml.Node, *, in_flow: bool) -> Node:
        at = Position(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        flow = in_flow or getattr(node, "flow_style", False) is True
        if isinstance(node, yaml.ScalarNode):
            quoted = node.style in ("'", '"')
            return Scalar(node.value, at.moved(1) if quoted else at, quoted, in_flow)
        if isinstance(node, yaml.SequenceNode):
            items = [self.of(item, in_flow=flow) for item in node.value]
            return Sequence(tuple(self._rejoined_items(items) if flow else items), at)
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, at, flow)

    def _mapping(self, node: yaml.MappingNode, at: Position, flow: bool) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        pairs = [(self.of(key, in_flow=flow), self.of(value, in_flow=flow)) for key, value in node.value]
        for key, value in self._rejoined_pairs(pairs) if flow else pairs:
            if not isinstance(key, Scalar):
                self.messages.append(f"{key.at} 键应为文字;以花括号开头的文字请加引号")
            elif key.text in entries:
                self.messages.append(f"{key.at} 键 {key.text} 重复(前一个在 {keys[key.text].line} 行)")
            else:
                entries[key.text], keys[key.text] = value, key.at
        return Mapping(entries, keys, at, flow)

    def _rejoined_pairs(self, pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
        """Pairs of ``{ }``, the pieces of an expression that YAML cut at its commas put together again."""
        kept: list[tuple[Node, Node]] = []
        for key, value in pairs:
            before = kept[-1] if kept else None
            if before and _is_cut(before[1]) and isinstance(key, Scalar) and _is_empty(value):
                kept[-1] = (before[0], _joined(before[1], key))
            else:
                kept.append((key, value))
        self._note_joined([value for _, value in pairs], [value for _, value in kept])
        return kept

    def _rejoined_items(self, items: list[Node]) -> list[Node]:
        """The same for ``[ ]``: ``[calc: if(x > 1, 2, 3)]`` arrives as three items."""
        kept: list[Node] = []
        for item in items:
            if kept and isinstance(item, Scalar) and not item.quoted and _is_cut(_last(kept[-1])):
                kept[-1] = _with_last(kept[-1], _joined(_last(kept[-1]), item))
            else:
                kept.append(item)
        self._note_joined([_last(item) for item in items], [_last(item) for item in kept])
        return kept

    def _note_joined(self, before: list[Node], after: list[Node]) -> None:
        written = {node.at: node for node in before if isinstance(node, Scalar)}
        for node in after:
            if isinstance(node, Scalar) and node.at in written and written[node.at].text != node.text:
                self.messages.append(f"{node.at} 表达式在逗号处被截断,请给它加引号:'{node.text}'")


def _is_cut(node: Node) -> bool:
    if not isinstance(node, Scalar) or node.quoted:
        return False
    return sum(map(node.text.count, "(\uff08")) > sum(map(node.text.count, ")\uff09"))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.quoted and node.text == ""


def _joined(node: Node, more: Scalar) -> Node:
    assert isinstance(node, Scalar)
    return Scalar(f"{node.text}, {more.text}", node.at, node.quoted, node.in_flow)


def _last(node: Node) -> Node:
    """The value that a cut would leave unfinished: the node itself, or the last value of a mapping."""
    if isinstance(node, Mapping) and node.entries:
        return next(reversed(node.entries.values()))
    return node


def _with_last(node: Node, value: Node) -> Node:
    if not isinstance(node, Mapping):
        return value
    key = next(reversed(node.entries))
    return Mapping({**node.entries, key: value}, node.keys, node.at, node.in_flow)
