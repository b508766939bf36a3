"""The rows that are protected, and the chain of events that tells how each came to be.

What these tables must hold is docs/reference/audit-ledger.md; ``kaohe_verify`` checks that they do.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Recorded(models.Model):
    """A row that only an action writes, through ``kaohe.web.audit.recording.recorded``.

    Each write leaves the row's image in the audit ledger, in the same transaction. ``personal`` names the
    fields about a person: the ledger holds a keyed hash of them, so that a person can be erased.
    """

    personal: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class Access(Recorded):
    """That somebody consulted or took away what is about persons: a file, a binder, a register.

    It says what, never what stood in it.
    """

    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间")
    what = models.CharField("内容", max_length=200)
    unit = models.CharField("单位", max_length=60)

    class Meta:
        db_table = "audit_access"


class Event(models.Model):
    """One action: who did what when and why, with the image of every row it changed.

    ``seq`` has no gaps; ``body`` is the canonical text of all that the event says, ``hash`` the hash of it as
    a leaf of the Merkle tree; the other columns repeat what ``body`` says, to search by.
    """

    seq = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    action = models.CharField("事项", max_length=60)
    actor = models.CharField("经手", max_length=60)
    body = models.TextField("内容")
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        db_table = "audit_event"
        ordering = ("seq",)
        indexes = (models.Index(fields=("actor", "seq"), name="audit_event_actor"),)


class Touch(models.Model):
    """That an event changed a row: the way from a row to its history. Derived from the events."""

    pk = models.CompositePrimaryKey("table", "key", "event_id")
    event = models.ForeignKey(Event, models.PROTECT, related_name="touches")
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=60)

    class Meta:
        db_table = "audit_touch"


class Salt(models.Model):
    """The salt of the personal fields of a row; empty once the person was erased."""

    pk = models.CompositePrimaryKey("table", "key")
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "audit_salt"


class Head(models.Model):
    """The end of the chain, one row: whoever appends locks it, so that no two events get one number.

    ``peaks`` are the peaks of the Merkle tree, ``schema`` the hash of the last recorded
    schema, which the event ``shaped`` holds.
    """

    id = models.IntegerField(primary_key=True)
    size = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    peaks = models.TextField(blank=True)
    digest = models.CharField(max_length=10)
    schema = models.CharField(max_length=64, blank=True)
    shaped = models.BigIntegerField(default=0)
    checkpoints = models.BigIntegerField(default=0)

    class Meta:
        db_table = "audit_head"


class Checkpoint(models.Model):
    """A signed statement that the first ``size`` events have this root."""

    number = models.BigIntegerField("编号", primary_key=True)
    size = models.BigIntegerField("条数")
    note = models.TextField("签名文本")

    class Meta:
        db_table = "audit_checkpoint"
        ordering = ("number",)
        indexes = (models.Index(fields=("size",), name="audit_checkpoint_size"),)
