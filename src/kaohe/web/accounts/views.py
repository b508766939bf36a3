"""Signing in and out, changing one's password, choosing a language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kaohe.web.accounts import second_step as second
from kaohe.web.accounts import totp
from kaohe.web.accounts.actions import change_password, enrol_authenticator, take_over_session
from kaohe.web.accounts.models import Person
from kaohe.web.demo.people import FIRST_SHOWN, PASSWORD


class SignIn(auth.LoginView):
    """The sign-in page; signing in ends the session that the person had elsewhere."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Without Django's idea of a site, which would hide ours; a demonstration names its people."""
        context = super().get_context_data(**more)
        kept = {name: value for name, value in context.items() if name not in ("site", "site_name")}
        return kept | ({"people": FIRST_SHOWN, "password": PASSWORD} if settings.SITE.demonstration else {})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        if form.get_user().totp_secret:
            second.begin(self.request.session, form.get_user(), self.get_success_url())
            return redirect("login-code")
        response = super().form_valid(form)
        take_over_session(person=form.get_user(), session=self.request.session)
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks whoever gave the right password for the code of their authenticator."""
    told = second.waiting(request.session)
    person = Person.objects.filter(pk=told["person"], is_active=True).first() if told else None
    if told is None or person is None:
        return redirect("login")
    wrong = False
    if request.method == "POST":
        if second.accept(person, request.POST.get("code", "")):
            second.done(request.session)
            login(request, person, backend=settings.AUTHENTICATION_BACKENDS[-1])
            take_over_session(person=person, session=request.session)
            return HttpResponseRedirect(told["onward"])
        second.missed(request.session)
        # A wrong code counts like a wrong password, so that codes cannot be guessed over and over.
        user_login_failed.send(__name__, credentials={"username": person.username}, request=request)
        wrong = True
    return render(request, "accounts/second_step.html", {"wrong": wrong})


@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Binds one's authenticator: the secret as text and as address, proved by a code."""
    person, wrong = request.user, False
    if person.totp_secret:
        return render(request, "accounts/authenticator.html", {"bound": True})
    secret = request.session.setdefault("authenticator", totp.new_secret())
    if request.method == "POST":
        now = int(timezone.now().timestamp())
        if totp.accepted_step(secret, request.POST.get("code", ""), now, 0) is not None:
            enrol_authenticator(person=person, secret=secret)
            del request.session["authenticator"]
            messages.success(request, _("动态口令已绑定，下次登录起要输入"))
            return redirect("desk")
        wrong = True
    site = settings.SITE.name
    context = {
        "secret": totp.in_groups(secret),
        "address": totp.address(secret, person.username, site),
        "wrong": wrong,
    }
    return render(request, "accounts/authenticator.html", context)


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
