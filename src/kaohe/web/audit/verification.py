"""Checks the site's own ledger, and remembers when and with what result."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kaohe.web.audit.kaohe_verify import Report, verify
from kaohe.web.config.installation import VARIABLE, Site

_STATE = "verification.json"
_OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of the last check."""

    at: datetime
    status: str
    verdict: str
    size: int
    findings: tuple[str, ...]


def verify_site(site: Site, receipts: Sequence[Path] = (), key: Path | None = None) -> Report:
    """Checks the ledger of a data folder and keeps the result there; one on PostgreSQL is exported first."""
    if not site.database_url:
        report = verify(site.folder, receipts=receipts, key=key)
    else:
        report = _verify_export(site, receipts, key)
    _keep(site, report)
    return report


def last_verification(site: Site) -> Verified | None:
    """The result that ``verify_site`` kept; None when there was none."""
    try:
        told = json.loads((site.folder / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Verified(
        datetime.fromisoformat(told["at"]),
        told["status"],
        told["verdict"],
        told["size"],
        tuple(finding["text"] for finding in told["findings"][:50]),
    )


def overdue_or_failed(site: Site, now: datetime) -> str:
    """What those who guard the ledger must be told: that the last check failed, is old, or was never made.

    Blank when all is well. A demonstration is checked when somebody wants to see it.
    """
    last = last_verification(site)
    if last is not None and last.status == "altered":
        return "failed"
    if site.demonstration:
        return ""
    return "" if last is not None and now - last.at <= _OLD else "old" if last is not None else "never"


def _verify_export(site: Site, receipts: Sequence[Path], key: Path | None) -> Report:
    _set_up(site)
    from kaohe.web.audit.export import export

    own = site.keys / "checkpoint.pub"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger.zip"
        export(place)
        return verify(
            place,
            evidence=site.evidence,
            receipts=receipts,
            key=key or (own if own.is_file() else None),
        )


def _set_up(site: Site) -> None:
    """Makes Django ready where a command checks a ledger on PostgreSQL; SQLite is read without Django."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ[VARIABLE] = str(site.folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
        django.setup()


def _keep(site: Site, report: Report) -> None:
    told: dict[str, Any] = {"at": datetime.now(UTC).isoformat(), **report.document()}
    handle, name = tempfile.mkstemp(prefix=f".{_STATE}-", dir=site.folder)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(told, stream, ensure_ascii=False)
    os.replace(name, site.folder / _STATE)
