"""The parts of a .docx that name its comments: the comments, the relations and the content types."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from kaohe.reading.formats.word import MAIN, STRICT
from kaohe.writing.word_comments.tags import appended, decoded, root_prefix

RELATIONS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
COMMENTS = "word/comments.xml"
AUTHOR, INITIALS = "考核校核", "校核"
_RELATION_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as written: its number in the file and its lines."""

    number: int
    lines: tuple[str, ...]


def comments_part(relations: bytes | None) -> str | None:
    """The name of the part that holds the comments; None where the document has none."""
    if relations is None:
        return None
    for relation in _root(relations):
        if isinstance(relation.tag, str) and relation.get("Type") in (_KIND, _STRICT_KIND):
            return posixpath.normpath(posixpath.join("/word", relation.get("Target", ""))).lstrip("/")
    return None


def free_numbers(comments: bytes | None, body: Any) -> Iterator[int]:
    """Numbers for comments that neither the comments nor the body use yet."""
    roots = [body] if comments is None else [body, _root(comments)]
    taken = {
        value
        for root in roots
        for name in ("comment", "commentRangeStart", "commentRangeEnd", "commentReference")
        for element in root.iter(f"{{{MAIN}}}{name}", f"{{{STRICT}}}{name}")
        for value in (element.get(f"{{{MAIN}}}id"), element.get(f"{{{STRICT}}}id"))
    }
    return (number for number in count() if str(number) not in taken)


def with_comments(part: bytes | None, comments: Sequence[Comment], when: datetime, strict: bool) -> bytes:
    """The comments of the user with ours behind them."""
    space = STRICT if strict else MAIN
    if part is None:
        written = "".join(_comment(comment, when, "w:", "") for comment in comments)
        return f'{_HEAD}<w:comments xmlns:w="{space}">{written}</w:comments>'.encode()
    xml, codec = decoded(part)
    own = _root(part).nsmap.get("w") == space
    declared = "" if own else f' xmlns:w="{space}"'
    written = "".join(_comment(comment, when, "w:", declared) for comment in comments)
    return appended(xml, written).encode(codec)


def _comment(comment: Comment, when: datetime, prefix: str, declared: str) -> str:
    lines = "".join(_line(line, prefix) for line in comment.lines)
    who = f"{prefix}author={quoteattr(AUTHOR)} {prefix}initials={quoteattr(INITIALS)}"
    told = f'{prefix}id="{comment.number}" {who} {prefix}date="{when:%Y-%m-%dT%H:%M:%SZ}"'
    return f"<{prefix}comment{declared} {told}>{lines}</{prefix}comment>"


def _line(line: str, prefix: str) -> str:
    text = escape("".join(character for character in line if character >= " "))
    return f'<{prefix}p><{prefix}r><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}r></{prefix}p>'


def with_relation(relations: bytes | None, strict: bool) -> bytes:
    """The relations of the document with one to its comments."""
    kind = _STRICT_KIND if strict else _KIND
    if relations is None:
        relations = f'{_HEAD}<Relationships xmlns="{_RELATION_SPACE}"/>'.encode()
    taken = {relation.get("Id") for relation in _root(relations)}
    name = next(f"rId{number}" for number in count(1) if f"rId{number}" not in taken)
    told = f'Id="{name}" Type="{kind}" Target="{posixpath.basename(COMMENTS)}"'
    return _with_child(relations, "Relationship", _RELATION_SPACE, told)


def with_type(types: bytes) -> bytes:
    """The content types with that of the comments."""
    name = f"/{COMMENTS}"
    if any((one.get("PartName") or "").lower() == name for one in _root(types)):
        return types
    return _with_child(types, "Override", _TYPE_SPACE, f'PartName="{name}" ContentType="{_CONTENT}"')


def is_macro_enabled(types: bytes) -> bool:
    """Whether the document may hold macros, and so must keep the suffix .docm."""
    return b"macroEnabled" in types


def is_signed(parts: Mapping[str, object]) -> bool:
    """Whether the package carries a digital signature."""
    return any(name.lower().startswith("_xmlsignatures/") for name in parts)


def _with_child(part: bytes, name: str, space: str, attributes: str) -> bytes:
    xml, codec = decoded(part)
    declared = f' xmlns="{space}"' if root_prefix(xml) else ""
    return appended(xml, f"<{name}{declared} {attributes}/>").encode(codec)


def _root(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
