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


def read_document(path: Path) -> Node:
    """The YAML document in ``path``.

    Raises ``SchemeError`` with file, line and column on bad YAML, bad encoding or a duplicate key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SchemeError(f"{path}:找不到考核办法文件") from None
    except IsADirectoryError:
        raise SchemeError(f"{path}:是文件夹,应为考核办法文件(.yaml)") from None
    except UnicodeDecodeError as error:
        raise SchemeError(f"{path}:不是 UTF-8 文本(第 {error.start} 字节处无法识别)") from None
    return parse_document(text, str(path))


def parse_document(text: str, file: str = "<scheme>") -> Node:
    """The YAML document in ``text``; see :func:`read_document`."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise SchemeError(f"{where} 不是合法的 YAML:{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise SchemeError(f"{file} 不是合法的 YAML:{error}") from None
    if root is None:
        raise SchemeError(f"{file}:文件是空的,应为一部考核办法")
    return _converted(root, file, in_flow=False)


def _converted(node: yaml.Node, file: str, *, in_flow: bool) -> Node:
    at = Position(file, node.start_mark.line + 1, node.start_mark.column + 1)
    flow = in_flow or getattr(node, "flow_style", False) is True
    if isinstance(node, yaml.ScalarNode):
        quoted = node.style in ("'", '"')
        return Scalar(node.value, at.moved(1) if quoted else at, quoted, in_flow)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_converted(item, file, in_flow=flow) for item in node.value), at)
    assert isinstance(node, yaml.MappingNode)
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for key_node, value_node in node.value:
        key = _converted(key_node, file, in_flow=flow)
        if not isinstance(key, Scalar):
            raise SchemeError(f"{key.at} 键应为文字")
        if key.text in entries:
            raise SchemeError(f"{key.at} 键 {key.text} 重复(前一个在 {keys[key.text].line} 行)")
        entries[key.text] = _converted(value_node, file, in_flow=flow)
        keys[key.text] = key.at
    return Mapping(entries, keys, at, flow)
