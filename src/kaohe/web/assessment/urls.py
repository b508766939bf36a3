"""Addresses of scoring."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaohe.web.assessment import views

urlpatterns: list[URLPattern] = [
    path("score/<str:scheme>/run", views.run, name="score-run"),
    path("score/<str:unit>/<str:criterion>/", views.working, name="working"),
    path("score/<str:unit>/<str:criterion>/word", views.working_word, name="working-word"),
    path("score/<str:unit>/<str:criterion>/appeal", views.working_appeal, name="working-appeal"),
    path("appeals/<int:pk>/answer", views.appeal_answer, name="appeal-answer"),
    path("registers/<str:table>/", views.register, name="register"),
]
