"""Whether the server is well: it answers, its database answers, and there is room to write."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kaohe.web.config.failures import room, was_full_lately


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the disk has room, 503 when not; nothing about anybody is told.

    ``disk`` is ``low`` from 85 % on, still 200, so that whoever watches has time; ``full`` is 503.
    """
    disk = "full" if was_full_lately() else room(settings.SITE.folder)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"ok": False, "database": False, "disk": disk}, status=503)
    return JsonResponse({"ok": disk != "full", "disk": disk}, status=503 if disk == "full" else 200)
