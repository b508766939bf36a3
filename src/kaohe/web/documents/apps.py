from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kaohe.web.documents"
    label = "documents"
    verbose_name = "文书与佐证"
