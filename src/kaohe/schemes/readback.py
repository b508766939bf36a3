"""Each line of a scheme read back as a Chinese sentence made from its steps, beside its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kaohe.schemes import model as m
from kaohe.schemes.documents import Position
from kaohe.schemes.speech.expressions import Speech
from kaohe.schemes.speech.nodes import node_sentence

Namer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A node in words: ``sentence`` is made from its steps, ``clause`` is what its author quoted."""

    id: str
    name: str
    sentence: str
    clause: str
    position: Position


def read_back(scheme: m.Scheme, names: Mapping[str, str] | None = None) -> tuple[ReadBack, ...]:
    """Every node of the scheme as a sentence, in file order.

    ``names`` are the Chinese names of indicators and tables by id; an id without one stands as it is.

    >>> from pathlib import Path
    >>> from kaohe.schemes.documents import Position
    >>> node = m.Criterion("roads", "农村公路", Position("s.yaml", 1, 1))
    >>> read_back(m.Scheme("示例", Path("s.yaml"), node))[0].sentence
    '农村公路:各项相加'
    """
    return tuple(_sentences(scheme, dict(names or {})))


def _sentences(scheme: m.Scheme, names: dict[str, str]) -> Iterator[ReadBack]:
    speech = Speech(names, {node.id: node.name for node in scheme.nodes()})
    for node in scheme.nodes():
        sentence = node_sentence(node, speech)
        yield ReadBack(node.id, node.name, sentence, node.duty("clause"), node.at)
