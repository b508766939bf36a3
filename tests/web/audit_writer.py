"""``python audit_writer.py NAME NUMBER``: writes that many lines to the ledger of KAOHE_DATA."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
django.setup()

from kaohe.web.audit.recording import recorded  # noqa: E402
from kaohe.web.ledger.models import Line  # noqa: E402

for number in range(int(sys.argv[2])):
    with recorded("line.submit", by=None) as entry:
        entry.create(Line(code=f"{sys.argv[1]}-{number}", name="线"))
    print(entry.seq, flush=True)
