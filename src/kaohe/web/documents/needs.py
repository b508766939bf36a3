"""What evidence a unit needs in a year: by the criteria of its scheme in their order, then by indicator.

The scheme's own word is its ``evidence:``; an office may ask for more (``EvidenceNeed``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kaohe.schemes.documents import Mapping, Node, Scalar, Sequence, parse_document
from kaohe.web.assessment.models import Scheme
from kaohe.web.ledger.models import ReportingUnit

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A scored criterion with the evidence that the scheme names; ``words`` may name its indicators.

    ``number`` is its place among the scheme's leaves, from 1.
    """

    id: str
    name: str
    evidence: tuple[str, ...]
    words: tuple[str, ...]
    number: int = 0


def scheme_of(unit: ReportingUnit, year: int) -> Scheme | None:
    """The scheme by which the unit above assesses this one in a year; None when there is none."""
    if unit.parent_id is None:
        return None
    return Scheme.objects.filter(issuer_id=unit.parent_id, year=year, published=True).first()


@lru_cache(maxsize=16)
def criteria_in(text: str) -> tuple[Criterion, ...]:
    """The leaves of a scheme in its order."""
    leaves = _leaves(parse_document(text).root)
    return tuple(replace(each, number=number) for number, each in enumerate(leaves, 1))


def _leaves(node: Node) -> Iterator[Criterion]:
    if not isinstance(node, Mapping):
        return
    children = [child for key in ("criteria", "also") for child in _items(node.get(key))]
    for child in children:
        yield from _leaves(child)
    identifier = node.get("id")
    if isinstance(identifier, Scalar) and node.get("criteria") is None:
        # The main indicator stands first in the note; otherwise it is the first that the figure names.
        words = [word for key in ("note", "figure") for word in _WORD.findall(_text(node.get(key)))]
        evidence = tuple(filter(None, (_text(item).strip() for item in _items(node.get("evidence")))))
        yield Criterion(identifier.text, _text(node.get("name")) or identifier.text, evidence, tuple(words))


def _items(node: Node | None) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
