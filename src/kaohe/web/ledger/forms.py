"""What pages send to the ledger, read into the inputs of its actions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from kaohe.web.ledger.actions import CellInput, Refused

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_KEY = re.compile(r"[0-9a-zA-Z-]{8,40}")


def month_of(text: str) -> str:
    """A month as addresses write it (2005-09); anything else does not exist."""
    if not _MONTH.fullmatch(text):
        raise Http404
    return text


def key_of(data: QueryDict) -> str:
    """The key that a page made for one pressing of a button."""
    key = data.get("key", "")
    if not _KEY.fullmatch(key):
        raise Refused(_("这个页面缺少防重复的标记，请刷新后再试"))
    return key


def cell_inputs(data: QueryDict) -> list[CellInput]:
    """The cells of a posted grid.

    A cell is posted as ``cell=CODE`` with ``v.CODE`` (what was typed), ``n.CODE`` (the version seen) and,
    when they changed, ``note.CODE`` and ``answer.CODE.CHECK``.
    """
    return [_cell(data, code) for code in data.getlist("cell")]


def _cell(data: QueryDict, code: str) -> CellInput:
    version = data.get(f"n.{code}", "0")
    if not version.isdigit():
        raise Refused(_("这个页面已过时，请刷新后再试"))
    return CellInput(
        indicator=code,
        version=int(version),
        text=data.get(f"v.{code}", ""),
        answers=dict(_answers(data, f"answer.{code}.")),
        note=data.get(f"note.{code}"),
    )


def _answers(data: QueryDict, prefix: str) -> Iterator[tuple[str, str]]:
    for name in data:
        if name.startswith(prefix):
            yield name.removeprefix(prefix), data[name][:300]
