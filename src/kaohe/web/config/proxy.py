"""From which address a request came, as far as it can be believed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that lock-outs count by: of the connection, or the last that our own proxy added.

    What stands before it in ``X-Forwarded-For`` anybody could have written.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    if not settings.SITE.behind_proxy:
        return direct
    return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or direct
