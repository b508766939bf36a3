"""Signing in and out, changing one's password, choosing a language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kaohe.web.accounts.actions import change_password, take_over_session


class SignIn(auth.LoginView):
    """The sign-in page; signing in ends the session that the person had elsewhere."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Without Django's idea of a site, which would hide ours from the template."""
        context = super().get_context_data(**more)
        return {name: value for name, value in context.items() if name not in ("site", "site_name")}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        take_over_session(person=form.get_user(), session=self.request.session)
        return response


class ChangePassword(auth.PasswordChangeView):
    """One's own password."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("desk")

    def form_valid(self, form: object) -> HttpResponse:
        change_password(person=self.request.user, password=form.cleaned_data["new_password1"])  # type: ignore[attr-defined]
        auth.update_session_auth_hash(self.request, self.request.user)
        take_over_session(person=self.request.user, session=self.request.session)
        return HttpResponseRedirect(self.get_success_url())


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switches between Chinese and English, for this browser."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", httponly=True)
    return response
