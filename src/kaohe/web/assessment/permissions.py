"""Who may have a scheme scored, and whose results a person sees whole."""

from __future__ import annotations

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.assessment.models import Scheme
from kaohe.web.ledger.models import ReportingUnit


def may_run(permits: Permits, scheme: Scheme) -> bool:
    """Whoever publishes for the issuer, or for a unit that the scheme may assess.

    A town works out its own standing by the county's scheme; what it may see of the result is another matter.
    """
    issuer = scheme.issuer.path
    return any(
        issuer.startswith(permit.path) or permit.path.startswith(issuer)
        for permit in permits.having(Verb.PUBLISH)
    )


def need_run(permits: Permits, scheme: Scheme) -> None:
    """Raises ``Unknown`` to whom the scheme is nothing, ``Forbidden`` when only the verb is lacking."""
    if may_run(permits, scheme):
        return
    issuer = scheme.issuer.path
    seen = any(
        issuer.startswith(permit.path) or permit.path.startswith(issuer)
        for permit in permits.having(Verb.VIEW)
    )
    raise Forbidden if seen else Unknown


def lines_seen(permits: Permits, unit: ReportingUnit) -> frozenset[str] | None:
    """The lines of a unit that the person sees; None for all of them. Empty when they see none."""
    covering = [permit for permit in permits.having(Verb.VIEW) if unit.path.startswith(permit.path)]
    if any(not permit.lines for permit in covering):
        return None
    return frozenset(line for permit in covering for line in permit.lines)


def may_appeal(permits: Permits, unit: ReportingUnit, line: str) -> bool:
    """Whether the person speaks for the unit on a criterion: who submits its line, or all if it has none.

    ``line`` is the code of the main indicator's line; blank for a criterion that is about no line.
    """
    covering = (permit for permit in permits.having(Verb.SUBMIT) if unit.path.startswith(permit.path))
    return any(not permit.lines or line in permit.lines for permit in covering)


def may_answer_appeals(permits: Permits, scheme: Scheme) -> bool:
    """Whether the person answers for the scheme: who publishes for its issuer."""
    return permits.may(Verb.PUBLISH, scheme.issuer)
