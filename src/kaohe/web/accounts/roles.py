"""The usual posts and the verbs each has; an administrator may grant otherwise."""

from __future__ import annotations

from kaohe.web.accounts.permissions import Verb

_CLERK = (
    Verb.VIEW,
    Verb.ENTER,
    Verb.SUBMIT,
    Verb.REVIEW,
    Verb.ASSIGN,
    Verb.SUPERVISE,
    Verb.IMPORT,
    Verb.PUBLISH,
)

ROLES: dict[str, tuple[Verb, ...]] = {
    # The party-and-government or assessment office of a town (党政办/考核办): assembles everything.
    "clerk": _CLERK,
    # Somebody in an office or village who reports figures (经办).
    "owner": (Verb.VIEW, Verb.ENTER, Verb.SUBMIT, Verb.IMPORT),
    # A deputy who answers for lines (分管领导).
    "deputy": (Verb.VIEW, Verb.REVIEW, Verb.SUPERVISE),
    # The leader of a town (主要领导).
    "leader": (Verb.VIEW, Verb.SUPERVISE),
    # A bureau's verifier: one line over all towns (部门认定).
    "verifier": (Verb.VIEW, Verb.VERIFY),
    # The county's assessment office (县考核办): one scheme over many towns.
    "county": (Verb.VIEW, Verb.ASSIGN, Verb.SUPERVISE, Verb.IMPORT, Verb.PUBLISH, Verb.CLOSE),
    # An auditor reads.
    "auditor": (Verb.VIEW,),
}


def verbs_text(role: str) -> str:
    """The verbs of a role as ``Grant.verbs`` holds them."""
    return " ".join(verb.value for verb in ROLES[role])
