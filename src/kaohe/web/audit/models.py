"""The rows that are protected, and the chain of events that tells how each came to be."""

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


class Event(models.Model):
    """One action: who did what when and why, with the image of every row it changed.

    ``seq`` has no gaps; ``body`` is the canonical text of all that the event says.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    body = models.TextField()

    class Meta:
        db_table = "audit_event"
        ordering = ("seq",)


class Touch(models.Model):
    """That an event changed a row: the way from a row to its history. Derived from the events."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="touches")
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=60)

    class Meta:
        db_table = "audit_touch"
        indexes = (models.Index(fields=("table", "key"), name="audit_touch_row"),)
