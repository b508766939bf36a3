"""Logs as one JSON object a line; no name, address or figure of anybody is written."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_KEPT = ("status_code", "event", "route", "duration_ms", "request_id")


class JsonLines(logging.Formatter):
    """Time, level, logger, message and the few fields that are not about persons.

    >>> record = logging.LogRecord("kaohe", logging.INFO, "", 0, "started", None, None)
    >>> json.loads(JsonLines().format(record))["message"]
    'started'
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in _KEPT if hasattr(record, name)})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
