"""Evidence files as the verifier finds them: by the columns ``sha256`` and ``size``."""

from __future__ import annotations

from django.db import models

from kaohe.web.audit.models import Recorded


class Filed(Recorded):
    """A file under evidence/, by its hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "filed"
        db_table = "filed_filed"
