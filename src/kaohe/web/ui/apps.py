from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kaohe.web.ui"
    label = "ui"
    verbose_name = "界面"
