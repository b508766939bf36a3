"""What the audit administrator does with the ledger."""

from __future__ import annotations

from kaohe.web.accounts.models import AdminRole
from kaohe.web.accounts.permissions import Forbidden, Permits
from kaohe.web.audit import checkpoints
from kaohe.web.audit.models import Checkpoint
from kaohe.web.audit.queries import need_audit


def sign_checkpoint(*, permits: Permits) -> Checkpoint | None:
    """Signs where the ledger stands now, for a copy kept elsewhere; only the audit administrator may."""
    need_audit(permits)
    if permits.person.admin_role != AdminRole.AUDIT:
        raise Forbidden
    return checkpoints.checkpoint()
