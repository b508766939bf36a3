from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kaohe.web.accounts"
    label = "accounts"
    verbose_name = "账户与岗位"
