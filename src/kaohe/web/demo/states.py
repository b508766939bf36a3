"""How far each figure of the demonstration has come on its way: everything of the past is settled, this
month's figures are in every state, so that each role finds work today."""

from __future__ import annotations

from kaohe.web.demo.people import TOWN
from kaohe.web.demo.series import LAST, drawn
from kaohe.web.demo.source import Cell
from kaohe.web.ledger.choices import State

RETURNED = {
    (TOWN, "export_delivery"): "讲话称较上年减少,请补报上年数并说明减少多少",
    (TOWN, "trees_planted"): "与绿化造林 310 亩对不上,请核对株数",
    ("qz_v1", "pension"): "名册 99 人,上报 101 人,请核对",
}
"""Figures of this month that were sent back, and what was said."""

DRAFTS = frozenset(
    {
        (TOWN, "sales"),
        (TOWN, "hill_closure"),
        (TOWN, "timber_approved"),
        (TOWN, "near_poverty_households"),
        (TOWN, "suspended_firms"),
        ("qz_v6", "renewal_progress"),
    }
)
VERIFIERS_OWN = {(TOWN, "new_aquaculture"): ("165", "现场丈量,两口塘尚未放水,扣除 15 亩")}
"""Figures for which the verifier set another value: value and reason."""

_TO_REVIEW = frozenset({"finance", "labour", "safety"})
_VERIFIED_NOW = frozenset({"welfare", "education"})


def state_of(cell: Cell, line: str) -> State:
    """The state of a figure that was reported."""
    key = (cell.unit, cell.indicator)
    if cell.month < "2005-08":
        return State.VERIFIED if line != "overall" else State.REVIEWED
    if cell.month < LAST:
        return State.VERIFIED if drawn(f"{key}/{cell.month}", 0, 9) < 8 else State.REVIEWED
    if key in RETURNED:
        return State.RETURNED
    if key in DRAFTS:
        return State.DRAFT
    return _this_month(cell, line)


def _this_month(cell: Cell, line: str) -> State:
    if (cell.unit, cell.indicator) in VERIFIERS_OWN or line in _VERIFIED_NOW:
        return State.VERIFIED
    if cell.unit == TOWN:
        return State.SUBMITTED if line in _TO_REVIEW else State.REVIEWED
    if cell.unit.startswith("qz_"):
        return State.SUBMITTED
    return (State.SUBMITTED, State.REVIEWED, State.REVIEWED, State.VERIFIED)[
        drawn(f"{cell.unit}/{line}", 0, 3)
    ]
