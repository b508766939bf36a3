"""What people do with figures: save, submit, review, return, verify, object.

Each verb checks who may, writes in one transaction with its event in the audit ledger, and returns what it
made. The same key pressed again gives the first answer and writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.audit.recording import Conflict, Entry, history, recorded
from kaohe.web.config import clock
from kaohe.web.ledger.choices import MessageKind, Presence, State
from kaohe.web.ledger.grid import EntryGrid, GridCell, collection_of, entry_grid, is_open
from kaohe.web.ledger.models import (
    Indicator,
    Message,
    Observation,
    ReportingDuty,
    ReportingUnit,
    Submission,
    VerifiedValue,
)
from kaohe.web.ledger.typed import Typed, TypedError, read_typed


class Refused(Exception):
    """The action cannot be done as things are; the message says why, to the person who tried."""


class EntryErrors(Exception):
    """Some cells hold no figure; nothing was saved. ``errors`` is a message by indicator code."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class CellInput:
    """One cell as a person typed it, with the version they saw and their answers to doubts by check id."""

    indicator: str
    version: int
    text: str
    answers: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A cell that somebody else changed meanwhile: what I typed, what stands there, and who wrote it when."""

    indicator: str
    mine: str
    theirs: str
    version: int
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an acknowledged pressing of a button did: cells, conflicts, and its number in the audit ledger."""

    saved: tuple[str, ...] = ()
    conflicts: tuple[CellConflict, ...] = ()
    seq: int | None = None


def save_cells(
    *, permits: Permits, unit: ReportingUnit, month: str, cells: Sequence[CellInput], key: str
) -> Answer:
    """Saves a block of cells as drafts; one that somebody changed meanwhile is left and told as a conflict.

    Raises ``EntryErrors`` when a cell cannot be read (nothing is then saved), ``Refused`` when one may no
    longer be changed, ``Unknown`` for an indicator that the person may not see.
    """
    permits.need(Verb.VIEW, unit)
    typed = _read_all(permits, unit, month, cells)
    try:
        return _save(permits, unit, month, cells, typed, key)
    except IntegrityError:
        # Two people created the same cell at once: the second now finds it there, as a conflict.
        return _save(permits, unit, month, cells, typed, key)


def submit_month(*, permits: Permits, unit: ReportingUnit, month: str, key: str) -> Answer:
    """Submits every figure of the month that the person answers for and that is still open (上报).

    Raises ``Refused`` while a doubt is unanswered or a due figure is neither there nor explained.
    """
    permits.need(Verb.SUBMIT, unit)
    try:
        return _submit(permits, unit, month, key)
    except (Conflict, IntegrityError, Refused):
        # The same key at the same moment: PostgreSQL lets the second look before the first has written.
        if before := _before(permits.person, key):
            return before
        raise


def _submit(permits: Permits, unit: ReportingUnit, month: str, key: str) -> Answer:
    with recorded("observation.submit", by=permits.person) as entry:
        if before := _before(permits.person, key):
            return before
        grid = entry_grid(permits, unit, month)
        ready = _ready(grid, permits)
        _move(entry, State.SUBMITTED, *ready)
        answer = Answer(saved=tuple(row.indicator.code for row in ready))
        kept = _keep(entry, permits.person, key, "submit", answer)
    return _with_seq(kept, entry)


def withdraw(*, permits: Permits, observation: Observation) -> Observation:
    """Takes a submitted figure back to a draft, as long as nobody has reviewed it (撤回)."""
    _need(permits, Verb.SUBMIT, observation)
    return _step("observation.withdraw", permits, observation, {State.SUBMITTED}, State.DRAFT)


def review(*, permits: Permits, observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Marks submitted figures as reviewed by their line (审核)."""
    return _steps("observation.review", permits, Verb.REVIEW, observations, State.SUBMITTED, State.REVIEWED)


def verify(*, permits: Permits, observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Marks reviewed figures as verified as they were reported (认定); nobody verifies their own."""
    rows = tuple(observations)
    for row in rows:
        _need(permits, Verb.VERIFY, row)
        _not_own(permits, row)
    return _steps("observation.verify", permits, Verb.VERIFY, rows, State.REVIEWED, State.VERIFIED)


def return_observation(*, permits: Permits, observation: Observation, message: str) -> Message:
    """Sends one figure back with a message (退回); the reporter changes it, a superior never does."""
    if not message.strip():
        raise Refused(_("请写明退回的原因"))
    by_verifier = permits.may_cell(Verb.VERIFY, observation.unit, observation.indicator)
    _need(permits, Verb.VERIFY if by_verifier else Verb.REVIEW, observation)
    allowed = {State.SUBMITTED, State.REVIEWED, State.VERIFIED} if by_verifier else {State.SUBMITTED}
    with recorded("observation.return", by=permits.person, reason=message) as entry:
        row = _locked(observation, allowed)
        _move(entry, State.RETURNED, row)
        told = _message(permits, row, MessageKind.RETURN, message)
        entry.create(told)
    return told


def set_verified_value(
    *, permits: Permits, observation: Observation, text: str, reason: str, source: str = ""
) -> VerifiedValue:
    """Sets the verifier's own figure beside the reported one, with its reason (另定认定数)."""
    _need(permits, Verb.VERIFY, observation)
    _not_own(permits, observation)
    if not reason.strip():
        raise Refused(_("请写明认定数与上报数不同的理由"))
    try:
        typed = read_typed(text, observation.indicator.measure)
    except TypedError as error:
        raise Refused(str(error)) from error
    with recorded("observation.set_verified_value", by=permits.person, reason=reason) as entry:
        row = _locked(observation, {State.REVIEWED, State.VERIFIED})
        verified = VerifiedValue.objects.filter(observation=row).first() or VerifiedValue(observation=row)
        verified.value, verified.presence = typed.value, typed.presence
        verified.reason, verified.source = reason.strip(), source.strip()
        verified.by, verified.at = permits.person, clock.now()
        (entry.update if verified.pk else entry.create)(verified)
        _move(entry, State.VERIFIED, row)
    return verified


def object_to(*, permits: Permits, observation: Observation, text: str) -> Message:
    """The reporter disagrees with a return or a verified value (异议); the figures stay as they are."""
    _need(permits, Verb.SUBMIT, observation)
    if observation.state not in (State.RETURNED, State.VERIFIED):
        raise Refused(_("只有被退回或已认定的数可以提出异议"))
    return _say("observation.object", permits, observation, MessageKind.OBJECTION, text)


def answer_objection(*, permits: Permits, observation: Observation, text: str) -> Message:
    """The verifier answers an objection (答复)."""
    _need(permits, Verb.VERIFY, observation)
    return _say("observation.answer", permits, observation, MessageKind.ANSWER, text)


# --- saving -------------------------------------------------------------------------------------------


def _read_all(
    permits: Permits, unit: ReportingUnit, month: str, cells: Sequence[CellInput]
) -> dict[str, tuple[Indicator, Typed]]:
    known = _asked(permits, unit, month, [cell.indicator for cell in cells])
    typed: dict[str, tuple[Indicator, Typed]] = {}
    errors: dict[str, str] = {}
    for cell in cells:
        indicator = known[cell.indicator]
        try:
            typed[cell.indicator] = indicator, read_typed(cell.text, indicator.measure)
        except TypedError as error:
            errors[cell.indicator] = f"{indicator.name}：{error}"
    if errors:
        raise EntryErrors(errors)
    return typed


def _asked(permits: Permits, unit: ReportingUnit, month: str, codes: Sequence[str]) -> dict[str, Indicator]:
    """The indicators by code, each one that the unit reports and the person enters."""
    duties = ReportingDuty.objects.filter(permits.figures(), unit=unit, indicator__code__in=codes)
    still = Q(last_month="") | Q(last_month__gte=month)
    current = duties.filter(still, first_month__lte=month).select_related("indicator__line")
    known = {duty.indicator.code: duty.indicator for duty in current}
    for code in codes:
        if code not in known:
            raise Unknown
        permits.need(Verb.ENTER, unit, known[code].line.code)
        if known[code].computed or known[code].official:
            raise Refused(_("%(name)s 不手工填写") % {"name": known[code].name})
    return known


def _save(
    permits: Permits,
    unit: ReportingUnit,
    month: str,
    cells: Sequence[CellInput],
    typed: Mapping[str, tuple[Indicator, Typed]],
    key: str,
) -> Answer:
    with recorded("observation.save", by=permits.person) as entry:
        if before := _before(permits.person, key):
            return before
        closing = collection_of(unit, month)
        closed = closing is not None and closing.closed
        held = _held_for_update(unit, month, [indicator.pk for indicator, _typed in typed.values()])
        created: list[Observation] = []
        updated: list[Observation] = []
        conflicts: list[CellConflict] = []
        for cell in cells:
            indicator, figure = typed[cell.indicator]
            row = held.get(indicator.pk)
            if row is not None and row.version != cell.version:
                conflicts.append(_conflict(cell, row))
                continue
            if not is_open(row.state if row else State.DRAFT, closed):
                raise Refused(_("%(name)s 已上报或已结账，不能再改") % {"name": indicator.name})
            changed = _typed_row(row, unit, indicator, month, cell, figure, permits.person)
            if changed is not None:
                (updated if row else created).append(changed)
        if conflicts and (before := _before(permits.person, key)):
            # It was this very key that changed the cells, while we waited for their locks.
            return before
        entry.create(*created)
        entry.update(*updated)
        rows = [*created, *updated]
        answer = Answer(tuple(row.indicator.code for row in rows), tuple(conflicts))
        kept = _keep(entry, permits.person, key, "save", answer) if rows else answer
    return _with_seq(kept, entry)


def _held_for_update(unit: ReportingUnit, month: str, indicators: list[int]) -> dict[int, Observation]:
    rows = Observation.objects.select_for_update(of=("self",)).filter(
        unit=unit, month=month, indicator_id__in=indicators
    )
    return {row.indicator_id: row for row in rows.select_related("entered_by", "indicator")}


def _typed_row(
    row: Observation | None,
    unit: ReportingUnit,
    indicator: Indicator,
    month: str,
    cell: CellInput,
    figure: Typed,
    person: Person,
) -> Observation | None:
    """The row as it is to be written; None when nothing about it changed."""
    if row is None:
        row, was = Observation(unit=unit, indicator=indicator, month=month, version=0), None
    else:
        was = (row.value, row.presence, row.estimated, row.answers, row.note)
    if row.value != figure.value or row.presence != figure.presence:
        row.source = _("手工填报")
    row.value, row.presence, row.estimated = figure.value, figure.presence, figure.estimated
    row.answers = json.dumps(_answers(row, cell), ensure_ascii=False, sort_keys=True)
    row.note = row.note if cell.note is None else cell.note.strip()
    if was == (row.value, row.presence, row.estimated, row.answers, row.note):
        return None
    row.version += 1
    row.entered_by, row.entered_at = person, clock.now()
    return row


def _answers(row: Observation, cell: CellInput) -> dict[str, str]:
    """The answers given: new ones over old ones, an emptied one taken away."""
    answers = {**json.loads(row.answers), **{check: text.strip() for check, text in cell.answers.items()}}
    return {check: text for check, text in answers.items() if text}


def _conflict(cell: CellInput, row: Observation) -> CellConflict:
    return CellConflict(
        indicator=cell.indicator,
        mine=cell.text,
        theirs=row.value or Presence(row.presence).label,
        version=row.version,
        who=row.entered_by.name if row.entered_by else "",
        when=timezone.localtime(row.entered_at).strftime("%m-%d %H:%M:%S"),
    )


def _ready(grid: EntryGrid, permits: Permits) -> list[Observation]:
    mine = [cell for cell in grid.cells if cell.editable and _may_submit(permits, grid, cell)]
    left = sum(cell.to_answer for cell in mine)
    if left:
        raise Refused(_("还差 %(left)s 项：请先填写或说明") % {"left": left})
    rows = [cell.observation for cell in mine if cell.observation is not None]
    if not rows:
        raise Refused(_("没有可以上报的数"))
    return rows


def _may_submit(permits: Permits, grid: EntryGrid, cell: GridCell) -> bool:
    return permits.may_cell(Verb.SUBMIT, grid.unit, cell.indicator)


# --- steps of the workflow ----------------------------------------------------------------------------


def _need(permits: Permits, verb: Verb, observation: Observation) -> None:
    permits.need(verb, observation.unit, observation.indicator.line.code)


def _not_own(permits: Permits, observation: Observation) -> None:
    if observation.entered_by_id == permits.person.pk:
        raise Refused(_("自己填报的数，要由别人认定"))


def _locked(observation: Observation, allowed: set[State]) -> Observation:
    """The stored row under lock, in one of the allowed states and as the person saw it."""
    (row,) = _all_locked([observation], allowed)
    return row


def _all_locked(observations: Sequence[Observation], allowed: set[State]) -> tuple[Observation, ...]:
    rows = Observation.objects.select_for_update(of=("self",)).select_related("indicator")
    stored = {row.pk: row for row in rows.filter(pk__in=[each.pk for each in observations]).order_by("pk")}
    for seen in observations:
        _check_step(seen, stored[seen.pk], allowed)
    return tuple(stored.values())


def _check_step(seen: Observation, row: Observation, allowed: set[State]) -> None:
    if row.version != seen.version:
        raise Conflict(seen, row)
    if row.state not in allowed:
        raise Refused(
            _("%(name)s 现在是“%(state)s”，不能这样办理")
            % {"name": row.indicator.name, "state": State(row.state).label}
        )


def _move(entry: Entry, state: State, *rows: Observation) -> None:
    for row in rows:
        row.state = state
        row.version += 1
    entry.update(*rows, where=lambda row: {"version": row.version - 1})


def _step(
    action: str, permits: Permits, observation: Observation, allowed: set[State], state: State
) -> Observation:
    with recorded(action, by=permits.person) as entry:
        row = _locked(observation, allowed)
        _move(entry, state, row)
    return row


def _steps(
    action: str,
    permits: Permits,
    verb: Verb,
    observations: Iterable[Observation],
    allowed: State,
    state: State,
) -> tuple[Observation, ...]:
    rows = tuple(observations)
    for row in rows:
        _need(permits, verb, row)
    if not rows:
        raise Refused(_("请先选择要办理的数"))
    with recorded(action, by=permits.person) as entry:
        locked = _all_locked(rows, {allowed})
        _move(entry, state, *locked)
    return locked


def _message(permits: Permits, row: Observation, kind: MessageKind, text: str) -> Message:
    return Message(observation=row, kind=kind, text=text.strip(), by=permits.person, at=clock.now())


def _say(action: str, permits: Permits, row: Observation, kind: MessageKind, text: str) -> Message:
    if not text.strip():
        raise Refused(_("请写明内容"))
    told = _message(permits, row, kind, text)
    with recorded(action, by=permits.person) as entry:
        entry.create(told)
    return told


# --- the same key, the same answer --------------------------------------------------------------------


def _before(person: Person, key: str) -> Answer | None:
    """The answer that this key got before."""
    kept = Submission.objects.filter(person=person, key=key).first()
    return _answer_of(kept.answer, _seq_of(kept)) if kept else None


def _keep(entry: Entry, person: Person, key: str, what: str, answer: Answer) -> Answer:
    text = json.dumps(asdict(answer), ensure_ascii=False, sort_keys=True)
    entry.create(Submission(person=person, key=key, what=what, at=clock.now(), answer=text))
    return answer


def _answer_of(text: str, seq: int | None) -> Answer:
    told: dict[str, Any] = json.loads(text)
    conflicts = tuple(CellConflict(**each) for each in told["conflicts"])
    return Answer(tuple(told["saved"]), conflicts, seq)


def _with_seq(answer: Answer, entry: Entry) -> Answer:
    return Answer(answer.saved, answer.conflicts, entry.seq)


def _seq_of(kept: Submission) -> int | None:
    events = history(kept)
    return events[0].seq if events else None
