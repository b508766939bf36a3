"""Scoring: a snapshot of the facts, the library's run, and its boards and workings kept as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import kaohe
from kaohe.outlook.board import boards
from kaohe.outlook.figures import Span
from kaohe.scoring.api import run_scheme as scored
from kaohe.scoring.explaining import Explainer
from kaohe.scoring.oracle.run import Run as Scored
from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Permits
from kaohe.web.assessment.models import Run, RunUnit, RunWorking, Scheme
from kaohe.web.assessment.permissions import need_run
from kaohe.web.assessment.snapshot import laid_out, taken
from kaohe.web.assessment.stored import to_text
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock
from kaohe.web.ledger.models import ReportingUnit

ENGINE = f"oracle/{kaohe.__version__}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run says of one unit, as text: its board, its totals and places, a working a criterion."""

    unit: str
    board: str
    total: Span
    rank: Span
    workings: dict[str, str]


def run_scheme(*, scheme: Scheme, month: str, permits: Permits) -> Run:
    """Scores a scheme for a month by the facts as they are now; the run that the pages then show.

    When neither facts nor schemes have changed since the last run, that one is given back.
    """
    need_run(permits, scheme)
    return keep_run(scheme=scheme, month=month, by=permits.person)


def keep_run(*, scheme: Scheme, month: str, by: Person | None) -> Run:
    """Scores and stores without asking for a permission: for the system itself."""
    with TemporaryDirectory(prefix="kaohe-run-") as name:
        folder = Path(name)
        snapshot = taken(month)
        facts_hash, scheme_hash = laid_out(snapshot.ledger, folder), _schemes_hash()
        same = _unchanged(scheme, month, facts_hash, scheme_hash)
        if same is not None:
            return same
        standings = list(_standings(scored(folder / scheme.file_name, folder / "ledger", month)))
    run = Run(
        scheme=scheme,
        month=month,
        facts_hash=facts_hash,
        scheme_hash=scheme_hash,
        result_hash=_result_hash(standings),
        registers=json.dumps(snapshot.registers),
        seen=snapshot.seen,
        engine=ENGINE,
        created=clock.now(),
        by=by,
    )
    with recorded("scheme.run", by=by) as entry:
        entry.create(run)
        _store(run, standings)
    return run


def _unchanged(scheme: Scheme, month: str, facts_hash: str, scheme_hash: str) -> Run | None:
    last = Run.objects.filter(scheme=scheme, month=month).first()
    known = last is not None and (last.facts_hash, last.scheme_hash) == (facts_hash, scheme_hash)
    return last if known and last.engine == ENGINE else None


def _schemes_hash() -> str:
    """One hash of all schemes: one may import another's results."""
    digest = sha256()
    for scheme in Scheme.objects.order_by("file_name"):
        digest.update(f"{scheme.file_name}\n{len(scheme.text)}\n{scheme.text}\n".encode())
    return digest.hexdigest()


def _standings(run: Scored) -> Iterator[Standing]:
    explainer = Explainer(run)
    for board in boards(run, explainer.sheet):
        told = {node.id: to_text(explainer.working(board.unit, node.id)) for node in run.scheme.nodes()}
        yield Standing(board.unit, to_text(board), board.total, board.rank, told)


def _result_hash(standings: list[Standing]) -> str:
    """SHA-256 of the stored texts: a line a unit and a line a criterion, each its name and its text."""
    digest = sha256()
    for standing in standings:
        digest.update(f"{standing.unit}\t{standing.board}\n".encode())
        for criterion, text in standing.workings.items():
            digest.update(f"{standing.unit}\t{criterion}\t{text}\n".encode())
    return digest.hexdigest()


def _store(run: Run, standings: list[Standing]) -> None:
    units = dict(ReportingUnit.objects.values_list("code", "pk"))
    RunUnit.objects.bulk_create(
        RunUnit(
            run=run,
            unit_id=units[each.unit],
            board=each.board,
            total_low=_exact(each.total.low),
            total_high=_exact(each.total.high),
            rank_low=_place(each.rank.low),
            rank_high=_place(each.rank.high),
        )
        for each in standings
    )
    RunWorking.objects.bulk_create(
        (
            RunWorking(run=run, unit_id=units[each.unit], criterion=criterion, working=text)
            for each in standings
            for criterion, text in each.workings.items()
        ),
        batch_size=200,
    )


def _exact(value: Fraction | None) -> str:
    return "" if value is None else str(value)


def _place(value: Fraction | None) -> int | None:
    return None if value is None else int(value)
