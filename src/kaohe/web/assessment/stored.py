"""A board or a working of the library as text in a row, and back to the same values.

Exact numbers stay exact: a fraction is ``{"n": "2/3"}``, a decimal of many digits ``{"i": …}``. Only the
classes named here are ever made from a text.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from kaohe.outlook import figures, lights, model
from kaohe.quantities.periods import Period
from kaohe.scoring import working
from kaohe.scoring.numbers import Inexact, Null

_KINDS: dict[str, type] = {
    **{f"board.{name}": getattr(model, name) for name in (
        "Board", "Row", "Progress", "Group", "HiddenPart", "Doubt", "Difficulty", "Undecided",
    )},
    "figure": figures.Figure,
    "span": figures.Span,
    "light": lights.Light,
    "period": Period,
    **{f"working.{name}": getattr(working, name) for name in (
        "Working", "NodeWorking", "Fact", "Figure", "StepWorking", "Change", "GateWorking", "Place", "Member",
    )},
}  # fmt: skip
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS.values()}


def to_text(value: object) -> str:
    """A value of the library as compact JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=64)
def from_text(text: str) -> Any:
    """The value that ``to_text`` wrote; it cannot be changed: a board is read once and shown often."""
    return _made(json.loads(text))


def _plain(value: object) -> Any:
    if isinstance(value, Fraction):
        return {"n": str(value)}
    if isinstance(value, Null):
        return {"0": value.value}
    if isinstance(value, Inexact):
        return {"i": str(value.decimal)}
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return {"k": _NAMES[kind], "v": [_plain(getattr(value, name)) for name in _FIELDS[kind]]}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _made(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_made(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if "n" in plain:
        return Fraction(plain["n"])
    if "0" in plain:
        return Null(plain["0"])
    if "i" in plain:
        return Inexact(Decimal(plain["i"]))
    kind = _KINDS[plain["k"]]
    return kind(**dict(zip(_FIELDS[kind], map(_made, plain["v"]), strict=True)))
