"""What waits for a person."""

from __future__ import annotations

from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.ledger.queries import count_waiting


def to_do_counts(permits: Permits, month: str) -> dict[str, int]:
    """How many things wait for the person behind each entry of the navigation."""
    counts = {"review": Verb.REVIEW, "verify": Verb.VERIFY}
    return {
        route: count_waiting(permits, verb, month)
        for route, verb in counts.items()
        if any(True for _permit in permits.having(verb))
    }
