"""Addresses of the desk, the board, indicators and units."""

from __future__ import annotations

from django.urls import path

from kaohe.web.dashboard import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("board/", views.board, name="board"),
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("units/", views.units, name="units"),
    path("units/<str:code>/", views.unit, name="unit"),
]
