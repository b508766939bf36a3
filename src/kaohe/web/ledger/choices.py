"""The words that columns of the ledger may hold, each with its Chinese label."""

from __future__ import annotations

from enum import StrEnum


class Worded(StrEnum):
    """A word of the database with its label for people.

    >>> State("draft").label, State.DRAFT == "draft"
    ('草稿', True)
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Worded:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of word and label, as a field's choices."""
        return [(member.value, member.label) for member in cls]


class State(Worded):
    """Where a figure is on its way (assurance); 退回 is a draft that was sent back."""

    DRAFT = "draft", "草稿"
    RETURNED = "returned", "退回"
    SUBMITTED = "submitted", "已上报"
    REVIEWED = "reviewed", "已审核"
    VERIFIED = "verified", "已认定"


class Presence(Worded):
    """Whether there is a figure, and if not, why."""

    PRESENT = "present", "有数"
    MISSING = "missing", "缺报"
    NOT_APPLICABLE = "not_applicable", "不适用"
    NOT_DUE = "not_due", "未到期"


class MessageKind(Worded):
    """What was said about a figure."""

    RETURN = "return", "退回"
    OBJECTION = "objection", "异议"
    ANSWER = "answer", "答复"
