"""What a person may see of stored runs; nothing is worked out here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from kaohe.outlook.model import Board
from kaohe.scoring.working import NodeWorking, Working
from kaohe.web.accounts.permissions import Permits, Unknown
from kaohe.web.assessment.models import Run, RunUnit, RunWorking, Scheme
from kaohe.web.assessment.permissions import lines_seen, may_run
from kaohe.web.assessment.stored import from_text
from kaohe.web.audit.models import Event
from kaohe.web.ledger.models import ReportingUnit

_CHANGES = (
    Q(action__startswith="observation.")
    | Q(action__startswith="task.")
    | Q(action__in=("target.assign", "target.break_down", "target.adjust", "sheet.import", "unit.merge"))
)
"""Events after which a board may no longer say how things stand."""


@dataclass(frozen=True, slots=True)
class StoredBoard:
    """A unit's board in a run, whole or only for some ``lines``; ``stale`` when facts changed since."""

    run: Run
    board: Board
    lines: frozenset[str] | None
    stale: bool


def latest_board(
    permits: Permits, unit: ReportingUnit, month: str, *, fresh: bool = True
) -> StoredBoard | None:
    """The board of the newest run of the month that assessed the unit; None when there is none.

    ``fresh`` asks also whether facts have changed since.
    """
    found = (
        RunUnit.objects.filter(unit=unit, run__month=month)
        .select_related("run__scheme__issuer", "run__by")
        .order_by("-run__created", "-run_id")
        .first()
    )
    if found is None:
        return None
    run = found.run
    changed = fresh and Event.objects.filter(_CHANGES, seq__gt=run.seen).exists()
    return StoredBoard(run, from_text(found.board), lines_seen(permits, unit), changed)


def stored_working(run: Run, unit: ReportingUnit, criterion: str) -> Working:
    """The working of a criterion; raises ``Unknown`` when the scheme has none of this name."""
    found = RunWorking.objects.filter(run=run, unit=unit, criterion=criterion).first()
    if found is None:
        raise Unknown
    working: Working = from_text(found.working)
    return working


def node_of(working: Working) -> NodeWorking:
    """The criterion that a stored working is about."""
    return working.nodes[0]


def runnable(permits: Permits) -> list[Scheme]:
    """The schemes that the person may have scored."""
    return [scheme for scheme in Scheme.objects.select_related("issuer") if may_run(permits, scheme)]


def standings(permits: Permits, run: Run) -> list[RunUnit]:
    """The units of a run that the person sees whole, by peer group, best first."""
    seen = RunUnit.objects.filter(run=run, unit__in=ReportingUnit.objects.filter(permits.units()))
    rows = [row for row in seen.select_related("unit") if lines_seen(permits, row.unit) is None]
    groups = list(dict.fromkeys(row.unit.peer_group for row in sorted(rows, key=lambda row: row.unit.order)))
    last = len(rows) + 1

    def place(row: RunUnit) -> tuple[int, int, int, int]:
        return groups.index(row.unit.peer_group), row.rank_low or last, row.rank_high or last, row.unit.order

    return sorted(rows, key=place)
