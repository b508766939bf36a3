from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "kaohe.web.dashboard"
    label = "dashboard"
    verbose_name = "看板"
