"""My desk, the board, the pages of an indicator and of a unit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def desk(request: HttpRequest) -> HttpResponse:
    """What I have to do, overdue first."""
    return render(request, "dashboard/desk.html")
