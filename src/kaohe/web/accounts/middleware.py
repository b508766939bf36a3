"""Every page needs somebody who has signed in, but for the few open ones; permits are read once a request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kaohe.web.accounts.models import LiveSession
from kaohe.web.accounts.permissions import Forbidden, Unknown, permits_of
from kaohe.web.accounts.second_step import must_enrol

OPEN = frozenset({"login", "login-code", "healthz", "language"})
_ALWAYS = frozenset({"password", "logout", "authenticator"})
_KEEP_ALIVE = 60


class SignedInMiddleware:
    """Sends strangers to the sign-in page, ends a session that another replaced, and names the permits.

    ``Unknown`` becomes 404 and ``Forbidden`` 403, so that a view only asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in OPEN:
            return None
        # Django's lazy stand-in is no Person by type, and the audit ledger sorts rows by their type.
        request.user = get_user(request)
        if not request.user.is_authenticated or _was_replaced(request):
            return redirect_to_login(request.get_full_path())
        if request.user.must_change_password and name not in ("password", "logout"):
            return redirect("password")
        _keep_alive(request)
        request.permits = permits_of(request.user)  # type: ignore[attr-defined]
        if name not in _ALWAYS and must_enrol(request.permits):  # type: ignore[attr-defined]
            return redirect("authenticator")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Unknown):
            return render(request, "404.html", status=404)
        if isinstance(exception, Forbidden):
            return render(request, "403.html", status=403)
        return None


def _was_replaced(request: HttpRequest) -> bool:
    live: LiveSession | None = getattr(request.user, "live_session", None)
    if live is not None and live.session_key == request.session.session_key:
        return False
    logout(request)
    return True


def _keep_alive(request: HttpRequest) -> None:
    """Moves the end of an idle session on, at most once a minute: a page that only reads writes nothing."""
    now = int(timezone.now().timestamp())
    if now - request.session.get("seen", 0) >= _KEEP_ALIVE:
        request.session["seen"] = now
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)
