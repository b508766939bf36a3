from __future__ import annotations

from django.urls import path

from kaohe.web.dashboard import views

urlpatterns = [path("", views.desk, name="desk")]
