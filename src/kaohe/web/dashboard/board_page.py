"""What the page of the board shows, out of one stored run; nothing is worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.outlook.figures import fixed
from kaohe.outlook.model import Board, Doubt, Group, Row, Undecided
from kaohe.web.assessment.models import Run
from kaohe.web.assessment.permissions import may_run
from kaohe.web.assessment.queries import StoredBoard, latest_board
from kaohe.web.dashboard.movement import Movement, moved
from kaohe.web.dashboard.places import Place
from kaohe.web.ledger.grid import month_before
from kaohe.web.ledger.models import Indicator
from kaohe.writing.marks import legend

_COLUMNS = ("actual", "target", "missing", "needed", "average")
_MOST_CELLS = 30


@dataclass(frozen=True, slots=True)
class Count:
    """How many targets have a status; ``chosen`` when the table shows only these."""

    tone: str
    word: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board as the person may see it. ``whole``: they see every line, so totals are theirs to see."""

    place: Place
    stored: StoredBoard
    board: Board
    whole: bool
    counts: tuple[Count, ...]
    groups: tuple[Group, ...]
    shown: int
    decimals: dict[str, int]
    undecided: tuple[tuple[str, str, str], ...]
    undecided_sum: str
    ranks: tuple[tuple[int, bool], ...]
    bar: tuple[str, str] | None
    may_run: bool
    movement: Movement | None
    doubts: tuple[Doubt, ...]
    legend: tuple[str, ...]

    @property
    def run(self) -> Run:
        """The run that the board is of."""
        return self.stored.run

    @property
    def behind(self) -> tuple[Row, ...]:
        """The gap list."""
        return self.board.behind

    @property
    def rest(self) -> tuple[list[Row], list[Row]]:
        """The other targets in two columns, for paper."""
        rows = [row for row in self.board.rows if row not in self.behind]
        half = (len(rows) + 1) // 2
        return rows[:half], rows[half:]


def board_page(place: Place, status: str, compare: bool) -> BoardPage | None:
    """The page of a unit's newest board of the month; None when it was not scored.

    ``status`` keeps the targets of one status in the table of all; ``compare`` adds what moved since the
    month before.
    """
    stored = latest_board(place.permits, place.unit, place.month)
    if stored is None:
        return None
    lines = {} if stored.lines is None else dict(Indicator.objects.values_list("code", "line__code"))
    board = seen_board(stored, lines)
    groups = tuple(_only(board.groups, status))
    open_ = board.undecided
    return BoardPage(
        place=place,
        stored=stored,
        board=board,
        whole=stored.lines is None,
        counts=tuple(Count(tone, word, number, tone == status) for tone, word, number in board.counts),
        groups=groups,
        shown=sum(1 for group in groups for row in group.rows if row.counted),
        decimals=_decimals(row for group in board.groups for row in group.rows),
        undecided=tuple((each.name, each.why, fixed(each.points, 2)) for each in open_),
        undecided_sum=fixed(sum((each.points for each in open_), Fraction(0)), 2),
        ranks=_ranks(board),
        bar=_bar(board),
        may_run=may_run(place.permits, stored.run.scheme),
        movement=_movement(place, board, lines) if compare else None,
        doubts=_seen_doubts(board, stored.lines),
        legend=legend(board),
    )


def seen_board(stored: StoredBoard, lines: dict[str, str]) -> Board:
    """The board with the rows of the lines that the person sees; a part of it has no total and no place.

    ``lines`` are the lines of all indicators.
    """
    board = stored.board
    if stored.lines is None:
        return board
    seen = stored.lines

    def kept(rows: Iterable[Row]) -> tuple[Row, ...]:
        return tuple(row for row in rows if lines.get(row.progress.indicator, "") in seen)

    rows = kept(board.rows)
    groups = (replace(group, rows=kept(group.rows), full=None) for group in board.groups)
    return replace(
        board,
        rows=rows,
        groups=tuple(group for group in groups if group.rows),
        counts=_recounted(board, rows),
        hidden=tuple(each for each in board.hidden if lines.get(each.total.indicator) in seen),
        difficulties=tuple(each for each in board.difficulties if _owned(each.owner, rows)),
        undecided=_undecided(board, rows),
    )


def _seen_doubts(board: Board, lines: frozenset[str] | None) -> tuple[Doubt, ...]:
    """Rows name doubts by their place, so the board keeps them all; the list shows those of rows seen."""
    seen = {number for row in board.rows for number in row.doubts}
    return board.doubts if lines is None else tuple(board.doubts[number] for number in sorted(seen))


def _undecided(board: Board, rows: Sequence[Row]) -> tuple[Undecided, ...]:
    names = {row.name for row in rows}
    return tuple(each for each in board.undecided if each.name in names)


def _owned(owner: str, rows: Sequence[Row]) -> bool:
    return bool(owner) and any(row.owner == owner for row in rows)


def _recounted(board: Board, rows: Sequence[Row]) -> tuple[tuple[str, str, int], ...]:
    tones = [row.light.tone for row in rows if row.light is not None]
    return tuple((tone, word, tones.count(tone)) for tone, word, _ in board.counts)


def _only(groups: Iterable[Group], status: str) -> Iterable[Group]:
    for group in groups:
        rows = tuple(row for row in group.rows if not status or _has(row, status))
        if rows:
            yield replace(group, rows=rows)


def _has(row: Row, status: str) -> bool:
    return row.counted and row.light is not None and row.light.tone == status


def _decimals(rows: Iterable[Row]) -> dict[str, int]:
    told = [row.progress for row in rows]
    return {
        name: max((f.decimals for f in (getattr(p, name) for p in told) if f.present), default=0)
        for name in _COLUMNS
    }


def _ranks(board: Board) -> tuple[tuple[int, bool], ...]:
    low, high = board.rank.low, board.rank.high
    if low is None or high is None or board.peers > _MOST_CELLS:
        return ()
    return tuple((place, low <= place <= high) for place in range(1, board.peers + 1))


def _bar(board: Board) -> tuple[str, str] | None:
    """The widths, of 100, of what is certain and of what is open."""
    low, high, full = board.total.low, board.total.high, board.full
    if low is None or high is None or not full:
        return None
    return fixed(low / full * 100, 1), fixed((high - low) / full * 100, 1)


def _movement(place: Place, board: Board, lines: dict[str, str]) -> Movement | None:
    before = latest_board(place.permits, place.unit, month_before(place.month), fresh=False)
    return None if before is None else moved(seen_board(before, lines), board)
