"""How far each figure of the demonstration has come on its way: everything of the past is settled, this
month's figures are in every state, so that each role finds work today."""

from __future__ import annotations

from kaohe.web.demo.people import TOWN
from kaohe.web.demo.series import LAST, drawn
from kaohe.web.demo.source import Cell
from kaohe.web.ledger.models import State

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

DRAFT, SENT_BACK, SUBMITTED, REVIEWED, VERIFIED = (
    State(word) for word in ("draft", "returned", "submitted", "reviewed", "verified")
)
_TO_REVIEW = frozenset({"finance", "labour", "safety"})
_VERIFIED_NOW = frozenset({"welfare", "education"})


def state_of(cell: Cell, line: str) -> State:
    """The state of a figure that was reported."""
    key = (cell.unit, cell.indicator)
    if cell.month < "2005-08":
        return VERIFIED if line != "overall" else REVIEWED
    if cell.month < LAST:
        return VERIFIED if drawn(f"{key}/{cell.month}", 0, 9) < 8 else REVIEWED
    if key in RETURNED:
        return SENT_BACK
    if key in DRAFTS:
        return DRAFT
    return _this_month(cell, line)


def _this_month(cell: Cell, line: str) -> State:
    if (cell.unit, cell.indicator) in VERIFIERS_OWN or line in _VERIFIED_NOW:
        return VERIFIED
    if cell.unit == TOWN:
        return SUBMITTED if line in _TO_REVIEW else REVIEWED
    if cell.unit.startswith("qz_"):
        return SUBMITTED
    return (SUBMITTED, REVIEWED, REVIEWED, VERIFIED)[drawn(f"{cell.unit}/{line}", 0, 3)]
