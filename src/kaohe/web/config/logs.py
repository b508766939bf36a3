"""Logs as one JSON object a line; no name, address or figure of anybody is written."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kaohe.web.audit.context import request_id

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_KEPT = ("method", "status", "event", "route", "ms", "request_id")
_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


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
        if (number := request_id.get()) is not None:
            line["request_id"] = number
        line.update({name: getattr(record, name) for name in _KEPT if hasattr(record, name)})
        if record.exc_info:
            line["trace"] = _where(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(failure: _Exception) -> list[str]:
    """The kind of an exception and the way to it; its words may hold a name or a figure, so they are left out."""
    kind, _, trace = failure
    frames = traceback.extract_tb(trace)
    return [*(f"{one.filename}:{one.lineno} {one.name}" for one in frames), getattr(kind, "__name__", "")]


class RequestLogMiddleware:
    """One line a request: its number, route, method, status and milliseconds; static files are left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.logger = logging.getLogger("kaohe.request")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begin = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None or response.status_code >= 400:
            told = {
                "route": match.view_name if match else "",
                "method": request.method,
                "status": response.status_code,
                "ms": round((time.perf_counter() - begin) * 1000, 1),
            }
            self.logger.info("request", extra=told)
        return response


def logging_of(*, quiet: bool) -> dict[str, Any]:
    """Django's ``LOGGING``; in a ``quiet`` site, a demonstration in a terminal, only what went wrong."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "WARNING" if quiet else "INFO"},
        "loggers": {
            # These write the names and addresses of those who fail to sign in.
            "axes": {"level": "CRITICAL"},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def server_logging(*, quiet: bool) -> dict[str, Any]:
    """What granian is given: its own lines in the same form."""
    told = logging_of(quiet=quiet)
    level = told["root"]["level"]
    own = {"handlers": ["console"], "level": level, "propagate": False}
    return {**told, "loggers": {**told["loggers"], "_granian": own, "granian.access": own}}
