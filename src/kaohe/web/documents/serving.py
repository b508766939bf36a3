"""Files on their way to a browser: to be kept, never shown or run in the page."""

from __future__ import annotations

from typing import IO
from urllib.parse import quote

from django.http import FileResponse

from kaohe.web.documents.admitting import TYPES


def attachment(stream: IO[bytes], name: str) -> FileResponse:
    """A file as an attachment under its own name; a browser that opens it all the same runs nothing in it."""
    kind = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    response = FileResponse(stream, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
