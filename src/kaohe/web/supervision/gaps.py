"""Targets behind their schedule against which nothing is being done: the leader's gap list.

What is behind is what the unit's newest stored board of the month says; whether there is a task, what is in
the tables now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from kaohe.outlook.model import Board, Row
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.assessment.models import RunUnit
from kaohe.web.assessment.permissions import lines_seen
from kaohe.web.assessment.queries import latest_board
from kaohe.web.assessment.stored import from_text
from kaohe.web.ledger.models import Indicator, ReportingUnit
from kaohe.web.supervision.models import TaskState


@dataclass(frozen=True, slots=True)
class Behind:
    """A row of the board that is behind, and whether the person may give its unit a task."""

    row: Row
    may_assign: bool


def board_rows(permits: Permits, unit: ReportingUnit, month: str) -> dict[str, Row]:
    """The rows of a unit's newest board by indicator, of the lines seen; scored ones first."""
    stored = latest_board(permits, unit, month)
    if stored is None:
        return {}
    rows = _rows(stored.board)
    if stored.lines is not None:
        lines = dict(Indicator.objects.values_list("code", "line__code"))
        rows = [row for row in rows if lines.get(row.progress.indicator) in stored.lines]
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: not row.scored):
        found.setdefault(row.progress.indicator, row)
    return found


def behind_without_task(
    permits: Permits, unit: ReportingUnit, rows: Iterable[Row], tasked: Iterable[str]
) -> list[Behind]:
    """Rows behind without an open task, the farthest behind first."""
    taken = set(tasked)
    bare = [row for row in rows if is_behind(row) and row.progress.indicator not in taken]
    may = permits.may(Verb.SUPERVISE, unit)
    return [Behind(row, may) for row in sorted(bare, key=lambda row: row.progress.gap.value or 0)]


def is_behind(row: Row) -> bool:
    """Whether a row is behind by more than the limit (滞后)."""
    return row.light is not None and row.light.key == "behind" and bool(row.progress.indicator)


def count_gaps(permits: Permits, month: str) -> int:
    """How many targets of the unit that the person supervises are behind without a task; one query.

    A bound on lines costs a second one. 0 for who supervises nothing.
    """
    own = min((permit.path for permit in permits.having(Verb.SUPERVISE)), key=len, default="")
    if not own:
        return 0
    newest = RunUnit.objects.filter(unit=OuterRef("pk"), run__month=month).order_by(
        "-run__created", "-run_id"
    )
    rows = (
        ReportingUnit.objects.filter(path=own)
        .annotate(
            board=Subquery(newest.values("pk")[:1]),
            digest=Subquery(newest.values("run__result_hash")[:1]),
            open=FilteredRelation("tasks", condition=Q(tasks__state=TaskState.OPEN)),
        )
        .values_list("board", "digest", "path", "open__indicator__code")
    )
    found = list(rows)
    if not found or found[0][0] is None:
        return 0
    behind = _behind_of(found[0][0], found[0][1]) - {row[3] for row in found}
    return _seen(permits, own, behind)


def _seen(permits: Permits, path: str, behind: frozenset[str]) -> int:
    lines = lines_seen(permits, ReportingUnit(path=path))
    if lines is None or not behind:
        return len(behind)
    return Indicator.objects.filter(code__in=behind, line__code__in=lines).count()


@lru_cache(maxsize=256)
def _behind_of(key: int, digest: str) -> frozenset[str]:
    """The indicators behind on a stored board, which never changes."""
    board = from_text(RunUnit.objects.values_list("board", flat=True).get(pk=key))
    return frozenset(row.progress.indicator for row in _rows(board) if is_behind(row))


def _rows(board: Board) -> list[Row]:
    return [row for group in board.groups for row in group.rows] or list(board.rows)
