"""Every address of the web app; each has a row in the permission matrix (tests/web/matrix.csv)."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from kaohe.web.accounts import views as accounts
from kaohe.web.config.health import healthz

handler500 = "kaohe.web.config.failures.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.ChangePassword.as_view(), name="password"),
    path("language/", accounts.choose_language, name="language"),
    path("", include("kaohe.web.ui.urls")),
    path("", include("kaohe.web.dashboard.urls")),
    path("", include("kaohe.web.ledger.urls")),
    path("", include("kaohe.web.accounts.urls")),
    path("", include("kaohe.web.assessment.urls")),
    path("", include("kaohe.web.supervision.urls")),
    path("", include("kaohe.web.documents.urls")),
    path("", include("kaohe.web.audit.urls")),
]
