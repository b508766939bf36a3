"""Who may do what with tasks and targets, beyond a verb on a unit and a line."""

from __future__ import annotations

from kaohe.web.accounts.permissions import Forbidden, Permits, Verb
from kaohe.web.ledger.models import Target
from kaohe.web.supervision.models import Task


def line_of(task: Task) -> str | None:
    """The line of a task; none for one that is about no indicator."""
    return task.indicator.line.code if task.indicator is not None else None


def may_task(permits: Permits, verb: Verb, task: Task) -> bool:
    """Whether the person has a verb on a task."""
    return permits.may(verb, task.unit, line_of(task))


def need_task(permits: Permits, verb: Verb, task: Task) -> None:
    """Raises ``Unknown`` or ``Forbidden`` as ``Permits.need`` does."""
    permits.need(verb, task.unit, line_of(task))


def may_answer(permits: Permits, target: Target) -> bool:
    """Whether the person decides about a target: whoever assigns to the unit above the one that has it."""
    above = target.unit.parent or target.unit
    return permits.may(Verb.ASSIGN, above, target.indicator.line.code)


def may_ask(permits: Permits, target: Target) -> bool:
    """Whether the person may ask to have a target adjusted: whoever reports or supervises its line there."""
    line = target.indicator.line.code
    return any(permits.may(verb, target.unit, line) for verb in (Verb.ENTER, Verb.SUPERVISE))


def need_ask(permits: Permits, target: Target) -> None:
    """Raises ``Unknown`` for a target that the person may not see, ``Forbidden`` for one they only see."""
    permits.need(Verb.VIEW, target.unit, target.indicator.line.code)
    if not may_ask(permits, target):
        raise Forbidden


def need_answer(permits: Permits, target: Target) -> None:
    """As ``need_ask``, for whoever decides."""
    permits.need(Verb.VIEW, target.unit, target.indicator.line.code)
    if not may_answer(permits, target):
        raise Forbidden
