"""Appeals (申诉): a unit says why it does not agree with its points; whoever issued the scheme answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.assessment.models import Appeal, AppealState
from kaohe.web.assessment.permissions import lines_seen, may_answer_appeals, may_appeal
from kaohe.web.assessment.working_page import StoredWorking
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import Line


def appeal(*, permits: Permits, stored: StoredWorking, line: Line | None, grounds: str) -> Appeal:
    """Appeals against the points of a criterion in a stored run; ``Refused`` while another waits."""
    if not may_appeal(permits, stored.unit, line.code if line else ""):
        raise Forbidden
    if not grounds.strip():
        raise Refused(_("请写明申诉的理由和依据"))
    made = Appeal(
        run=stored.run, unit=stored.unit, criterion=stored.node.node, name=stored.node.name[:200], line=line,
        grounds=grounds.strip(), by=permits.person, at=clock.now(),
    )  # fmt: skip
    with recorded("score.appeal", by=permits.person, reason=grounds.strip()) as entry:
        open_ones = Appeal.objects.filter(unit=stored.unit, criterion=made.criterion, state=AppealState.OPEN)
        if open_ones.filter(run__scheme=stored.run.scheme_id).exists():
            raise Refused(_("这项已有一份申诉等待答复"))
        entry.create(made)
    return made


def answer_appeal(*, permits: Permits, row: Appeal, state: AppealState, answer: str) -> Appeal:
    """Answers an appeal; raises ``Conflict`` when somebody was faster. The run stays as it is."""
    if not may_answer_appeals(permits, row.run.scheme):
        raise Forbidden
    if row.by_id == permits.person.pk:
        raise Refused(_("自己提的申诉，要由别人答复"))
    if state is AppealState.OPEN or not answer.strip():
        raise Refused(_("请写明申诉是否成立和答复"))
    row.state, row.answer = state, answer.strip()
    row.answered_by, row.answered_at = permits.person, clock.now()
    with recorded("score.answer_appeal", by=permits.person, reason=answer.strip()) as entry:
        entry.update(row, where={"state": AppealState.OPEN})
    return row


def appeals_of(stored: StoredWorking) -> Sequence[Appeal]:
    """The appeals against a criterion of the unit under the scheme, oldest first; one query."""
    rows = Appeal.objects.filter(unit=stored.unit, criterion=stored.node.node, run__scheme=stored.run.scheme)
    return list(rows.select_related("by", "answered_by"))


def appeal_seen(permits: Permits, pk: int) -> Appeal:
    """One appeal of a unit and line that the person sees; raises ``Unknown`` for any other."""
    row = Appeal.objects.select_related("run__scheme__issuer", "unit", "line").filter(pk=pk).first()
    if row is None:
        raise Unknown
    lines = lines_seen(permits, row.unit)
    if lines is not None and (row.line is None or row.line.code not in lines):
        raise Unknown
    return row


def waiting_appeals(permits: Permits) -> QuerySet[Appeal]:
    """The appeals that the person has to answer, oldest first."""
    issued = Q(pk__in=[])
    for permit in permits.having(Verb.PUBLISH):
        issued |= Q(run__scheme__issuer__path__startswith=permit.path)
    return Appeal.objects.filter(issued, state=AppealState.OPEN).select_related("unit", "run")
