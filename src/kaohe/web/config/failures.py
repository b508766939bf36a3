"""What is answered when a request failed: in plain words, and with a status that tells a full disk apart.

Nothing that was acknowledged is touched by any of these: the action was undone as a whole.
"""

from __future__ import annotations

import errno
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_SAID = ("disk is full", "No space left on device", "No space left")
_DISK_FULL = "53100"
_REMEMBERED = 60.0
LEAST_FREE, LOW = 16 * 1024 * 1024, 0.15
"""Free bytes below which the disk is called full, and the share of it below which it is called low."""

_full_at = [float("-inf")]


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of what no view caught: 507 on a full disk, 503 without a database, else 500."""
    failure = sys.exc_info()[1]
    if is_full(failure):
        _full_at[0] = time.monotonic()
        return _told(
            request, 507, "507.html", _("服务器磁盘已满，这次没有保存。请告诉系统管理员，腾出空间后再试。")
        )
    if isinstance(failure, OperationalError | InterfaceError):
        return _told(request, 503, "503.html", _("数据库暂时不可用，这次没有保存。请过一会再试。"))
    return _told(request, 500, "500.html", _("系统出了问题，这次没有保存。请过一会再试。"))


def is_full(failure: BaseException | None) -> bool:
    """Whether something failed because a disk holds no more.

    >>> is_full(OSError(errno.ENOSPC, "No space left on device")), is_full(OSError(errno.ENOENT, "?"))
    (True, False)
    """
    return any(
        getattr(one, "errno", None) in _NO_ROOM
        or getattr(one, "sqlstate", None) == _DISK_FULL
        or any(words in str(one) for words in _SAID)
        for one in _chain(failure)
        if isinstance(one, OSError) or "Error" in type(one).__name__ or "Full" in type(one).__name__
    )


def was_full_lately() -> bool:
    """Whether this process met a full disk in the last minute."""
    return time.monotonic() - _full_at[0] < _REMEMBERED


def room(folder: Path) -> str:
    """How much room the disk of a folder has: ``ok``, ``low`` or ``full``."""
    usage = shutil.disk_usage(folder)
    if usage.free < LEAST_FREE:
        return "full"
    return "low" if usage.free < usage.total * LOW else "ok"


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    """A failure and those that led to it."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def _told(request: HttpRequest, status: int, template: str, sentence: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": False, "message": sentence}, status=status)
    # Without the request: what the frame of a page would ask the database for may fail as well.
    return HttpResponse(render_to_string(template), status=status)
